// SPDX-License-Identifier: EUPL-1.2
//! § 10: limits.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, expect, never, now, same, untried};
use super::super::link::Event;
use super::super::stage::{Stage, new_id};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "10",
        "A message has 1 to 4,000 characters, counted as Unicode scalar values, one of them not a space",
        message,
    ),
    now("10", "A frame has at most 65,536 bytes of UTF-8", frame),
    now(
        "10",
        "Messages that come too fast are refused with `too-fast` and `retry_after_ms`, and accepted after that time",
        rate,
    ),
    now(
        "10",
        "A person begins so many conversations in a time, then `too-often` (429) with an `admission` whose `opens` says when",
        conversations,
    ),
    never(
        "10",
        "A conversation has so many entries, then `conversation-full`",
        "5,000 messages take 80 minutes at the rate allowed",
    ),
    never(
        "10",
        "A conversation or desk has at most 1,000 links",
        "they would burden the service and what else runs beside it",
    ),
];

fn message(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    for (id, text) in [("m-1", "x".repeat(4_000)), ("m-2", "😀".repeat(4_000)), ("m-3", "  .  ".into())] {
        let entry = link.say(id, &text)?;
        expect(entry["body"]["message"]["text"] == text, "the text as it was written", &entry)?;
    }
    for (id, text, code) in [
        ("m-4", "x".repeat(4_001), "message-too-long"),
        ("m-5", "😀".repeat(4_001), "message-too-long"),
        ("m-6", "\u{a0}\u{2003} \n".into(), "message-empty"),
    ] {
        link.post(id, &text)?;
        same("`message`", &link.refused(code)?["message"], &json!(id))?;
    }
    Ok(())
}

fn frame(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    let padded =
        |frame: &str, bytes: usize| format!("{frame}{}", " ".repeat(bytes.saturating_sub(frame.len())));
    let (plain, accented) =
        (r#"{"post":{"id":"m-1","text":"Quanto ci sta"}}"#, r#"{"post":{"id":"m-2","text":"è"}}"#);
    for (frame, id) in [(plain, "m-1"), (accented, "m-2")] {
        link.text(padded(frame, 65_536))?;
        link.message_of(id)?;
    }
    link.text(padded(plain, 65_537))?;
    link.refused("frame-too-large")?;
    link.closed(1009)
}

fn rate(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    for n in 0..MOST_MESSAGES {
        link.post(&format!("m-{n}"), "Veloce")?;
    }
    let told = link.until("`too-fast`", |event| match event {
        Event::Frame(frame) if frame["refused"]["code"] == "too-fast" => Some(frame["refused"].clone()),
        Event::Entries(entries) if entries.iter().any(|entry| entry["seq"] == MOST_MESSAGES + 1) => {
            Some(Value::Null)
        }
        Event::Frame(_)
        | Event::Entries(_)
        | Event::Text(_)
        | Event::Binary(_)
        | Event::Closed(_)
        | Event::Lost => None,
    })?;
    if told.is_null() {
        return Err(untried("the policy allows more than 60 messages at once"));
    }
    let id = told["message"].as_str().unwrap_or_default().to_owned();
    let wait = told["retry_after_ms"].as_u64();
    expect(
        id.starts_with("m-") && wait.is_some_and(|wait| wait > 0),
        "`message` and `retry_after_ms`",
        &told,
    )?;
    link.stay(Duration::from_millis(wait.unwrap_or(0)))?;
    // Every refused one asks for its own time, and the first is accepted after its own.
    link.stay(Duration::from_millis(500))?;
    link.forget();
    link.say(&id, "Veloce").map(|_| ())
}

fn conversations(stage: &Stage) -> Played {
    let person = new_id()?;
    for _ in 0..MOST_CONVERSATIONS {
        let answer = stage.post("/v1/conversations", &stage.handoff(&stage.claims(&person)?), None)?;
        if answer.status == 429 {
            let document = answer.json();
            answer.problem("too many conversations", 429, "too-often")?;
            return expect(
                document["admission"]["opens"].is_string(),
                "an `admission` with `opens`",
                &document,
            );
        }
        let opened = stage.entered(&person, &answer)?;
        stage.end(std::slice::from_ref(&opened));
    }
    Err(untried("the policy allows more than 12 conversations"))
}

const MOST_MESSAGES: u64 = 60;
const MOST_CONVERSATIONS: u32 = 13;
