// SPDX-License-Identifier: EUPL-1.2
//! The kit judged by itself: its table, and the clauses of each section.
use super::*;
use crate::testing;

#[test]
fn it_does_not_run_without_the_confirmation_that_nobody_waits_there() {
    let words = ["--edge", "http://127.0.0.1:1", "--issuer", "http://i", "--issuer-key", "/nowhere"];
    let refused = testing::read::<Conformance>(&words).unwrap_err();
    assert!(refused.contains("--this-is-a-test-installation"), "{refused}");

    let conformance =
        testing::read::<Conformance>(&[&words[..], &["--this-is-a-test-installation"]].concat()).unwrap();
    let refused = conformance.run().unwrap_err().to_string();
    assert!(refused.starts_with("--issuer-key: /nowhere cannot be read"), "{refused}");
}

#[test]
fn an_address_is_read_as_an_origin() {
    for (text, origin) in [
        ("http://localhost:8787", "http://localhost:8787"),
        ("HTTPS://Chat.example:443", "https://chat.example"),
        ("http://[::1]:8787", "http://[::1]:8787"),
    ] {
        assert_eq!(Service::at(text).unwrap().origin, origin);
    }
    for wrong in ["chat.example", "https://chat.example/path", "ftp://chat.example"] {
        assert!(Service::at(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_broken_clause_is_told_with_what_was_expected_and_observed() {
    let clause = clauses::all().next().unwrap();
    let broken = Err(clause::broken("this", "that"));

    assert!(row(clause, &broken).ends_with("expected: this\n       observed: that"));
    let document = document(clause, &broken);
    assert_eq!((&document["verdict"], &document["observed"]), (&json!("broken"), &json!("that")));
    assert_eq!(word(&Ok(())), "kept");
}
