// SPDX-License-Identifier: EUPL-1.2
//! What is read and written by hand is what `serde` reads and writes: every pinned file of the protocol, both ways.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::{collections::BTreeMap, fmt::Debug, fs};

use infocig_client::{json::Read, wire};
use infocig_protocol::{
    case::Cases,
    entry::Phase,
    frame::{ClientFrame, ServerFrame},
    http::{Admission, ConversationOpened, Poll, Polled},
    problem::{Code, Problem},
    segnalazione::{History, WrittenRequest},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[test]
fn frames_are_read_as_serde_reads_them() {
    let mut read = 0;
    for (name, text) in pinned() {
        if let Ok(frame) = serde_json::from_str::<ServerFrame>(&text) {
            assert_eq!(wire::read::<ServerFrame>(&text), Some(frame), "{name}");
            read += 1;
        } else {
            assert_eq!(wire::read::<ServerFrame>(&text), None, "{name}");
        }
    }
    assert!(read >= 14, "{read} frames of the server are pinned");
}

#[test]
fn frames_are_written_as_serde_writes_them() {
    let mut written = Vec::new();
    for (name, text) in pinned() {
        if let Ok(frame) = serde_json::from_str::<ClientFrame>(&text) {
            assert_eq!(value(&wire::frame(&frame)), serde_json::to_value(&frame).unwrap(), "{name}");
            written.extend(value(&text).as_object().unwrap().keys().cloned());
        }
    }
    for name in ClientFrame::NAMES {
        assert!(written.iter().any(|one| one == name), "no pinned {name}");
    }
}

#[test]
fn documents_are_read_and_written_as_serde_does() {
    same::<Admission>("admission_open");
    same::<ConversationOpened>("conversation_opened");
    same::<Problem>("problem_closed");
    same::<Polled>("polled");
    same::<Cases>("cases");
    same::<History>("history");
    same::<Phase>("phase_closed");
    let files = pinned();
    for name in ["poll", "poll_leaves"] {
        let poll: Poll = serde_json::from_str(&files[name]).unwrap();
        assert_eq!(value(&wire::poll(&poll)), serde_json::to_value(&poll).unwrap());
    }
    let request: WrittenRequest = serde_json::from_str(&files["written_request"]).unwrap();
    assert_eq!(value(&wire::written_request(&request)), serde_json::to_value(&request).unwrap());
}

#[test]
fn what_is_missing_where_serde_has_a_default_is_the_default() {
    for text in [
        r#"{"welcome":{"version":1,"conversation":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff-1","party":"citizen","phase":{"waiting":{"since":1}},"last_seq":0}}"#,
        r#"{"entries":{"entries":[{"seq":1,"at":2,"body":{"of-tomorrow":{}}},{"seq":2,"at":3,"body":{"assigned":{}}},{"seq":3,"at":3,"body":"opened"}]}}"#,
        r#"{"queue":{"position":1,"estimate":"unknown","more":[]}}"#,
        r#"{"entries":{}}"#,
        "[]",
        "",
    ] {
        let by_serde = serde_json::from_str::<ServerFrame>(text).ok();
        let by_hand = wire::read::<ServerFrame>(text);
        // A variant without its braces is read by hand, and by nobody sent.
        if !text.contains("\"unknown\"") && !text.contains("\"opened\"") {
            assert_eq!(by_hand, by_serde, "{text}");
        }
    }
    assert_eq!(wire::read::<Code>("\"of-tomorrow\""), Some(Code::Unknown));
}

fn same<T: DeserializeOwned + Read + PartialEq + Debug>(name: &str) {
    let text = &pinned()[name];
    assert_eq!(wire::read::<T>(text), Some(serde_json::from_str(text).unwrap()), "{name}");
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The pinned files by name.
fn pinned() -> BTreeMap<String, String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/tests/wire");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().into(), fs::read_to_string(&path).unwrap()))
        .collect()
}
