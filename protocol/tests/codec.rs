// SPDX-License-Identifier: EUPL-1.2
//! The small codec reads and writes what `serde` does: every pinned file, as every frame and document it could be.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::{collections::BTreeMap, fmt::Debug, fs};

use infocig_protocol::{
    codec::{self, Read, Tree, Write},
    desk::{DeskClientFrame, DeskServerFrame},
    frame::{ClientFrame, ServerFrame},
    problem::Code,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

#[test]
fn frames_are_read_and_written_as_serde_does() {
    let read = agreed::<ServerFrame>();
    assert!(read >= 14, "{read} frames of a conversation's server are pinned");
    let read = agreed::<DeskServerFrame>();
    assert!(read >= 5, "{read} frames of a desk's server are pinned");
    agreed::<ClientFrame>();
    agreed::<DeskClientFrame>();
}

#[test]
fn every_frame_of_a_client_is_pinned() {
    let files = pinned();
    for name in ClientFrame::NAMES.iter().chain(DeskClientFrame::NAMES) {
        assert!(files.values().any(|text| text.contains(&format!("\"{name}\""))), "no pinned {name}");
    }
}

#[test]
fn a_missing_member_with_a_default_is_the_default() {
    for text in [
        r#"{"welcome":{"version":2,"conversation":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff-1","party":"citizen","phase":{"waiting":{"since":1}},"last_seq":0}}"#,
        r#"{"entries":{"entries":[{"seq":1,"at":2,"body":{"of-tomorrow":{}}},{"seq":2,"at":3,"body":{"assigned":{}}},{"seq":3,"at":3,"body":"opened"}]}}"#,
        r#"{"queue":{"position":1,"estimate":"unknown","more":[]}}"#,
        r#"{"entries":{}}"#,
        "[]",
        "",
    ] {
        let by_serde = serde_json::from_str::<ServerFrame>(text).ok();
        // A variant without its braces is read by the codec, and sent by nobody.
        if !text.contains("\"unknown\"") && !text.contains("\"opened\"") {
            assert_eq!(read::<ServerFrame>(text), by_serde, "{text}");
        }
    }
    assert_eq!(read::<Code>("\"of-tomorrow\""), Some(Code::Unknown));
}

/// Reads every pinned file as one type, both ways, and writes what was read, both ways; returns how many were of that type.
fn agreed<T: Serialize + DeserializeOwned + Read + Write + PartialEq + Debug>() -> usize {
    let mut agreed = 0;
    for (name, text) in pinned() {
        let by_serde = serde_json::from_str::<T>(&text).ok();
        assert_eq!(read::<T>(&text), by_serde, "{name}");
        if let Some(value) = by_serde {
            let written: Value = serde_json::from_str(&codec::write(&value)).unwrap();
            assert_eq!(written, serde_json::to_value(&value).unwrap(), "{name}");
            agreed += 1;
        }
    }
    agreed
}

fn read<T: Read>(text: &str) -> Option<T> {
    Value::parse(text)?.value()
}

/// The pinned files by name.
fn pinned() -> BTreeMap<String, String> {
    let files = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire")).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    files
        .map(|path| (path.file_stem().unwrap().to_str().unwrap().into(), fs::read_to_string(&path).unwrap()))
        .collect()
}
