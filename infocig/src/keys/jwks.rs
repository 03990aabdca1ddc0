// SPDX-License-Identifier: EUPL-1.2
//! A key set as the service reads it: each key with what it can be used for, or why it is passed over.

use std::path::Path;

use infocig_edge::auth::jws::{can_verify, read_keys};
use serde::Serialize;
use serde_json::{Value, json};

use super::read;
use crate::{Error, answer};

/// A key of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Found {
    kid: Option<String>,
    usable: bool,
    /// It holds a private half.
    leaked: bool,
    sentence: String,
}

/// Prints what each key of a set can be used for. An error if there is none the service can use, or a private half.
pub(super) fn check(file: &Path, as_json: bool) -> Result<(), Error> {
    let name = file.display();
    let found = keys_of(&read(file)?).ok_or_else(|| {
        Error::new(format!("{name} is no key set (RFC 7517): an object with a list `keys`"))
    })?;
    if as_json {
        answer(json!({ "keys": found }));
    } else {
        for Found { kid, usable, leaked, sentence } in &found {
            let mark = if *usable && !*leaked { "✓" } else { "✗" };
            answer(format_args!("{mark} {}: {sentence}", kid.as_deref().unwrap_or("without a kid")));
        }
    }
    if found.iter().any(|key| key.leaked) {
        let sentence =
            format!("{name} holds a private key: make a new pair, and publish its public half alone");
        return Err(Error::new(sentence));
    }
    if found.iter().any(|key| key.usable) {
        Ok(())
    } else {
        Err(Error::new(format!(
            "{name} has no key that can be used: tokens are signed with ES256, by a key on P-256"
        )))
    }
}

fn keys_of(text: &str) -> Option<Vec<Found>> {
    // The reader of the service says whether the text is a set at all.
    read_keys(text).ok()?;
    let set: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let keys = set["keys"].as_array()?;
    Some(keys.iter().map(|key| found(key, keys)).collect())
}

fn found(key: &Value, all: &[Value]) -> Found {
    let alone = json!({ "keys": [key] }).to_string();
    let read = read_keys(&alone).map(|set| set.keys).unwrap_or_default();
    let usable = read.first().is_some_and(can_verify);
    let leaked = ["d", "p", "q", "k"].iter().any(|private| key.get(private).is_some());
    let member = |name: &str| key[name].as_str();
    let kid = member("kid").map(ToOwned::to_owned);
    let mut sentence = match (usable, read.is_empty()) {
        (true, _) => "verifies tokens signed with ES256".to_owned(),
        (false, true) => "cannot be read: it is passed over".into(),
        (false, false) if member("crv").is_some_and(|curve| curve != "P-256") => {
            format!("is on {}, not on P-256: it is passed over", member("crv").unwrap_or_default())
        }
        (false, false) if member("kty") == Some("EC") => "is no point on P-256: it is passed over".into(),
        (false, false) => {
            format!("is of type {}, not EC on P-256: it is passed over", member("kty").unwrap_or("unknown"))
        }
    };
    if usable {
        match &kid {
            None if key.get("kid").is_some() => {
                sentence.push_str("; its kid is no text: tokens that name one do not find it");
            }
            None => sentence.push_str("; tokens that name a kid do not find it"),
            Some(kid) if all.iter().filter(|other| other["kid"].as_str() == Some(kid)).count() > 1 => {
                sentence.push_str("; another key has this kid: both are tried");
            }
            Some(_) => {}
        }
        if let Some(other) = member("use").filter(|purpose| *purpose != "sig") {
            sentence =
                format!("{sentence}; its use is {other}, which other readers take at its word: write sig");
        }
        if let Some(other) = member("alg").filter(|alg| *alg != "ES256") {
            sentence = format!("{sentence}; its alg is {other}: write ES256");
        }
    }
    if leaked {
        sentence.push_str("; it holds its private half: whoever reads this set can sign");
    }
    Found { kid, usable, leaked, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::SigningPair;

    fn said(keys: Value) -> Vec<(bool, bool, String)> {
        let found = keys_of(&json!({ "keys": keys }).to_string()).unwrap();
        found.into_iter().map(|key| (key.usable, key.leaked, key.sentence)).collect()
    }

    #[test]
    fn each_key_is_said_to_be_usable_or_why_it_is_not() {
        let pair = SigningPair::generate().unwrap();
        let good = pair.public_jwk("a");
        let with = |name: &str, value: Value| {
            let mut key = good.clone();
            key[name] = value;
            key
        };
        let rsa = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "r" });

        let found = said(json!([
            good,
            with("d", "AA".into()),
            with("crv", "P-384".into()),
            rsa,
            5,
            with("kid", "b".into())
        ]));

        let verdicts: Vec<_> = found.iter().map(|(usable, leaked, _)| (*usable, *leaked)).collect();
        let (yes, no) = ((true, false), (false, false));
        assert_eq!(verdicts, [yes, (true, true), no, no, no, yes]);
        for (one, words) in
            found.iter().zip(["both are tried", "private half", "P-384", "RSA", "cannot be read", "ES256"])
        {
            assert!(one.2.contains(words), "{words}: {one:?}");
        }
        assert_eq!(found[5].2, "verifies tokens signed with ES256");
    }

    #[test]
    fn a_set_without_a_usable_key_or_with_a_private_one_is_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("set.json");
        let pair = SigningPair::generate().unwrap();
        let mut private = pair.public_jwk("a");
        private["d"] = "AA".into();
        for (text, words) in [
            ("[]".into(), "is no key set"),
            (r#"{"keys":[]}"#.into(), "no key that can be used"),
            (json!({ "keys": [private] }).to_string(), "holds a private key"),
        ] {
            std::fs::write(&file, text).unwrap();
            let refused = check(&file, false).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
        std::fs::write(&file, json!({ "keys": [pair.public_jwk("a")] }).to_string()).unwrap();
        check(&file, true).unwrap();
    }
}
