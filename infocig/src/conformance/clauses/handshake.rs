// SPDX-License-Identifier: EUPL-1.2
//! § 3: the handshake.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, Rest, Verdict, expect, now, same, waiting};
use super::super::link::{Event, Link, PATIENCE, hello};
use super::super::stage::Stage;

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "3",
        "A good `hello` is answered with `welcome`, a page of entries, `presence` of the other side",
        good_hello,
    ),
    now("3", "A refused `hello`: `refused`, close 4400", refused_hello),
    now("3", "Anything else first: `refused` with its reason, close 4400", anything_else),
    waiting("3", "Nothing for 10 s: `refused` (`hello-expected`), close 4408", 10, nothing),
    now("3", "A second `hello` is refused with `frame-malformed`, and the link stays", second_hello),
    now(
        "3",
        "An invalid frame is refused (`frame-unknown`, `frame-malformed`), and the link stays",
        invalid_frames,
    ),
    now(
        "3",
        "A newer client is answered in version 2, an older one refused with `version-unsupported`",
        versions,
    ),
];

fn good_hello(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let mut link = stage.socket(&opened)?;
    link.send(&hello(&opened.ticket, 0))?;
    let is_presence = |event: &Event| matches!(event, Event::Frame(frame) if frame.get("presence").is_some());
    let names: Vec<String> =
        link.in_order(is_presence).iter().map(name).filter(|name| name != "queue").collect();
    same("the frames", names, ["welcome", "entries", "presence"].map(ToOwned::to_owned).to_vec())
}

fn name(event: &Event) -> String {
    match event {
        Event::Frame(frame) => {
            frame.as_object().and_then(|frame| frame.keys().next()).cloned().unwrap_or_default()
        }
        Event::Entries(_) => "entries".into(),
        other @ (Event::Text(_) | Event::Binary(_) | Event::Closed(_) | Event::Lost) => format!("{other:?}"),
    }
}

fn refused_hello(stage: &Stage) -> Played {
    let (mine, other) = (stage.enter()?, stage.enter()?);
    for ticket in ["", "a.b.c", &format!("{}x", mine.ticket), &other.ticket] {
        let mut link = stage.socket(&mine)?;
        link.send(&hello(ticket, 0))?;
        link.refused("ticket-invalid")?;
        link.closed(4400)?;
    }
    Ok(())
}

fn anything_else(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    for (first, code) in [
        (r#"{"post":{"id":"m-1","text":"Senza salutare"}}"#, "hello-expected"),
        (r#"{"close":{}}"#, "hello-expected"),
        (r#"{"dance":{}}"#, "frame-unknown"),
        (r#"{"hello":{}}"#, "frame-malformed"),
        ("no JSON", "frame-malformed"),
    ] {
        let mut link = stage.socket(&opened)?;
        link.text(first)?;
        link.refused(code)?;
        link.closed(4400)?;
    }
    let link = stage.link(&opened)?;
    same("the number of entries after that", link.log.len(), 1)
}

fn nothing(stage: &Stage) -> Result<Rest, Verdict> {
    let mut scene = stage.answered()?;
    scene.console.be("paused")?;
    let console = &scene.console;
    let desk = Link::open(&stage.service, &stage.origin, &console.socket, &console.ticket)?;
    let mut links = [stage.socket(&scene.opened)?, desk];
    let began = Instant::now();
    Ok(Box::new(move |_| {
        for link in &mut links {
            link.until_within("`refused`", Duration::from_secs(10) + PATIENCE, |event| {
                let is_it = |frame: &Value| frame["refused"]["code"] == "hello-expected";
                matches!(event, Event::Frame(frame) if is_it(frame)).then_some(())
            })?;
            link.closed(4408)?;
        }
        let took = began.elapsed();
        // The service counts from a moment before this one.
        expect(took > Duration::from_secs(9), "an end after 10 s", format_args!("after {took:?}"))?;
        // An advisor who came stays while somebody else is shown out.
        scene.console.link.pong()
    }))
}

fn second_hello(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    link.send(&hello(&opened.ticket, 0))?;
    link.refused("frame-malformed")?;
    link.say("m-1", "Il link resta").map(|_| ())
}

fn invalid_frames(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    for (text, code) in [
        (r#"{"dance":{}}"#, "frame-unknown"),
        (r#"{"":{}}"#, "frame-unknown"),
        ("{", "frame-malformed"),
        ("[]", "frame-malformed"),
        ("null", "frame-malformed"),
        ("ping", "frame-malformed"),
        (r#"{"close":{},"dance":{}}"#, "frame-malformed"),
        (r#"{"close":7}"#, "frame-malformed"),
        (r#"{"post":{"id":"m"}}"#, "frame-malformed"),
        (r#"{"post":{"id":"m","text":7}}"#, "frame-malformed"),
        (r#"{"page":{}}"#, "frame-malformed"),
    ] {
        link.text(text)?;
        link.refused(code)?;
    }
    let entry = link.say("m-1", "Il link resta")?;
    same("the next entry", &entry["seq"], &json!(2))
}

fn versions(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let hello = |version: u16| json!({ "hello": { "version": version, "ticket": opened.ticket } });
    for newer in [3, 65_535] {
        let mut link = stage.socket(&opened)?;
        link.send(&hello(newer))?;
        same("`version` for a newer client", &link.frame("welcome")?["version"], &json!(2))?;
    }
    for older in [0, 1] {
        let mut link = stage.socket(&opened)?;
        link.send(&hello(older))?;
        link.refused("version-unsupported")?;
        link.closed(4400)?;
    }
    Ok(())
}
