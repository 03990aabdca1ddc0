// SPDX-License-Identifier: EUPL-1.2
//! Findings about issuers, whose answers a thread of the test gives, and about folders.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use super::*;

/// 2026-11-30T12:00:00Z
const NOW_S: u64 = 1_796_040_000;
const DATE: &str = "Mon, 30 Nov 2026 12:00:00 GMT";
const KEY: &str = r#"{"kty":"EC","crv":"P-256","kid":"k1","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#;

#[test]
fn an_issuer_with_a_key_and_the_same_clock_is_good() {
    let findings = asked(200, DATE, &format!(r#"{{"keys":[{KEY},{{"kty":"oct"}}]}}"#), NOW_S);

    assert!(findings.iter().all(|finding| finding.verdict == Verdict::Good), "{findings:?}");
    assert!(findings[0].sentence.ends_with("has 1 of 2 keys that can be used"), "{findings:?}");
}

#[test]
fn an_issuer_without_a_usable_key_set_is_a_fault_that_says_what_to_write() {
    let sentence = |status, body: &str| {
        let findings = asked(status, DATE, body, NOW_S);
        assert_eq!(findings[0].verdict, Verdict::Fault, "{findings:?}");
        findings[0].sentence.clone()
    };
    assert!(sentence(404, "").contains("answers 404"));
    assert!(sentence(200, "<html>").contains("is no key set"));
    assert!(sentence(200, r#"{"keys":[]}"#).contains("ES256"));
    assert!(sentence(200, &" ".repeat(MAX_KEY_SET_BYTES + 1)).contains("at most 262144 bytes"));
}

#[test]
fn a_running_service_says_what_it_finds_itself() {
    let document = r#"{"status":"not-ready","checks":[{"check":"process","state":"ok","found":"runs"},
        {"check":"keys","state":"degraded","found":"those of https://a are not known","do":"fetch them"},
        {"check":"storage","state":"failed","code":"not-storing","found":"no row","do":"make room"}]}"#;
    let findings = of_readiness("http://127.0.0.1:8787/readyz", document);
    let found: Vec<_> = findings.iter().map(|one| (one.verdict, one.sentence.as_str())).collect();
    assert_eq!(
        found,
        [
            (Verdict::Good, "runs"),
            (Verdict::Doubtful, "those of https://a are not known: fetch them"),
            (Verdict::Fault, "no row: make room"),
        ]
    );
    assert_eq!(of_readiness("http://127.0.0.1:1/readyz", "<html>")[0].verdict, Verdict::Fault);
}

#[test]
fn a_clock_that_differs_by_more_than_the_leeway_is_a_fault() {
    let verdict = |seconds| {
        let findings = asked(200, DATE, &format!(r#"{{"keys":[{KEY}]}}"#), seconds);
        findings.last().map(|finding| (finding.verdict, finding.sentence.clone())).unwrap()
    };
    assert_eq!(verdict(NOW_S + 30).0, Verdict::Good);
    assert_eq!(verdict(NOW_S + 31).0, Verdict::Doubtful);
    assert_eq!(verdict(NOW_S + 60).0, Verdict::Doubtful);
    let (verdict, sentence) = verdict(NOW_S + 61);
    assert_eq!(verdict, Verdict::Fault);
    assert!(
        sentence.starts_with("its clock is 61 s behind this machine's, and its tokens may be 60 s off"),
        "{sentence}"
    );
}

#[test]
fn an_issuer_that_does_not_answer_is_a_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);

    let findings = of_issuer(&issuer(format!("http://{address}/jwks")), now());

    assert_eq!(findings[0].verdict, Verdict::Fault);
    assert!(findings[0].sentence.contains("cannot be fetched"), "{findings:?}");
}

#[test]
fn keys_and_pages_over_plain_http_are_doubtful_except_on_this_machine() {
    assert!(insecure(&issuer("https://p.example/jwks".into())).is_none());
    assert!(insecure(&issuer("http://127.0.0.1:8788/jwks".into())).is_none());
    assert!(insecure(&issuer("http://p.example/jwks".into())).is_some());
}

#[test]
fn calls_that_have_no_relay_are_a_fault_where_the_policy_wants_one() {
    let calls = |on, relay_only| CallRules { on, relay_only, ..CallRules::default() };
    let turn = Turn::Shared { urls: vec!["turn:turn.example".into()], secret: "s".into() };
    let verdict = |calls, turn| relay(calls, turn).map(|finding| finding.verdict);
    assert_eq!(verdict(calls(false, true), None), None);
    assert_eq!(verdict(calls(true, true), None), Some(Verdict::Fault));
    assert_eq!(verdict(calls(true, false), None), Some(Verdict::Doubtful));
    assert_eq!(verdict(calls(true, true), Some(&turn)), Some(Verdict::Good));
}

#[test]
fn a_folder_that_another_process_runs_on_is_named_with_that_process() {
    let folder = tempfile::tempdir().unwrap();
    let is_locked =
        |findings: &[Finding]| findings.iter().any(|finding| finding.sentence.contains("runs on it:"));
    assert!(!is_locked(&of_folder(folder.path())));

    let _held = folder::Folder::take(folder.path(), folder::Truth::Here).unwrap();

    let findings = of_folder(folder.path());
    assert!(is_locked(&findings), "{findings:?}");
    assert!(findings.iter().all(|finding| finding.verdict != Verdict::Fault), "{findings:?}");
}

#[test]
fn little_free_space_is_a_fault() {
    assert_eq!(free("data", LEAST_FREE).verdict, Verdict::Good);
    assert_eq!(free("data", LEAST_FREE - 1).verdict, Verdict::Fault);
}

/// Asks an issuer that answers once.
fn asked(status: u16, date: &str, body: &str, now_s: u64) -> Vec<Finding> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = format!(
        "HTTP/1.1 {status} x\r\ndate: {date}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        let _read = stream.read(&mut request).unwrap();
        // An asker that has read enough closes the connection.
        let _closed = stream.write_all(answer.as_bytes());
    });
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now_s);
    let findings = of_issuer(&issuer(format!("http://{address}/jwks")), now);
    serving.join().unwrap();
    findings
}

fn issuer(jwks_uri: String) -> Issuer {
    Issuer {
        issuer: "https://p.example".into(),
        jwks_uri,
        roles: Vec::new(),
        origins: Vec::new(),
        leeway_s: 60,
    }
}
