// SPDX-License-Identifier: EUPL-1.2
//! § 7: heartbeat, close codes.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::clause::{Clause, Played, Rest, Verdict, expect, never, now, waiting};
use super::super::link::{Event, PATIENCE};
use super::super::stage::Stage;

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "7",
        "`PING` is answered with `PONG`, before and after `hello`, at a conversation and at the desk",
        heartbeat,
    ),
    waiting(
        "7",
        "A socket that has sent no `PING` for 75 s is closed with 4408, and the other side is sent `presence`",
        75,
        silent,
    ),
    waiting(
        "7",
        "A socket that never sent a `PING` is closed with 4408 within 150 s",
        150,
        never_said_a_word,
    ),
    now("7", "Close 1000: the conversation is over, and all of it was sent", over),
    now("7", "Close 1003: a binary frame", binary),
    now("7", "Close 1009: a frame of more than 65,536 bytes", large),
    now("7", "Close 4429: ten times more frames than messages are allowed", flood),
    never(
        "7",
        "Close 1011 and 1012: the server failed or restarts; nothing acknowledged is lost",
        "needs a restart of the service",
    ),
    never("7", "Close 4401: the ticket of the link has expired", "a link would have to stay for 12 hours"),
    never(
        "7",
        "The client sends `PING`, finds dead links, and reconnects with pauses",
        "rules of the client, not of the service",
    ),
];

fn heartbeat(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    stage.socket(&opened)?.pong()?;
    stage.link(&opened)?.pong()?;
    stage.console()?.link.pong()
}

fn silent(stage: &Stage) -> Result<Rest, Verdict> {
    let mut scene = stage.answered()?;
    scene.console.be("paused")?;
    scene.person.pong()?;
    scene.advisor.forget();
    let began = Instant::now();
    Ok(Box::new(move |_| {
        let gone = |event: &mut Event| {
            matches!(event, Event::Frame(frame) if frame["presence"]["connected"] == false).then_some(())
        };
        while began.elapsed() < Duration::from_mins(1) {
            scene.advisor.stay(Duration::from_secs(7))?;
            scene.console.link.pong()?;
            scene.advisor.silent(
                "absence before 75 s",
                |event| matches!(event, Event::Frame(frame) if frame["presence"]["connected"] == false),
            )?;
            // What wakes the service: a silent object is looked at when something happens in it.
            scene.advisor.send(&json!({ "typing": {} }))?;
        }
        scene.advisor.until_within("`presence` of a person who is silent", LATE, gone)?;
        scene.person.closed_within(4408, PATIENCE)
    }))
}

fn never_said_a_word(stage: &Stage) -> Result<Rest, Verdict> {
    let mut scene = stage.answered()?;
    scene.console.be("paused")?;
    let mut beside = stage.link(&scene.opened)?;
    let began = Instant::now();
    Ok(Box::new(move |_| {
        while began.elapsed() < Duration::from_secs(140) {
            beside.stay(Duration::from_secs(8))?;
            scene.console.link.pong()?;
            scene.advisor.pong()?;
            beside.send(&json!({ "typing": {} }))?;
        }
        let (mut silent, end) = (scene.person, began + Duration::from_secs(150) + LATE);
        silent.closed_within(4408, end.saturating_duration_since(Instant::now()))
    }))
}

fn over(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    link.say("m-1", "Prima della fine")?;
    link.send(&json!({ "close": {} }))?;
    link.entry_of("closed")?;
    link.closed(1000)?;
    let mut again = stage.link(&opened)?;
    again.entry_of("closed")?;
    again.closed(1000)?;
    expect(again.log == link.log, "the whole log for whoever comes after the end", json!(again.log))
}

fn binary(stage: &Stage) -> Played {
    let (opened, link) = stage.person()?;
    for mut link in [link, stage.socket(&opened)?] {
        link.binary(br#"{"close":{}}"#)?;
        link.refused("frame-binary")?;
        link.closed(1003)?;
    }
    Ok(())
}

fn large(stage: &Stage) -> Played {
    let (opened, link) = stage.person()?;
    for mut link in [link, stage.socket(&opened)?] {
        link.text("x".repeat(65_537))?;
        link.refused("frame-too-large")?;
        link.closed(1009)?;
    }
    Ok(())
}

fn flood(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    // A connection that ends while frames are being sent has answered already.
    let _sent = (0..MOST_FRAMES).try_for_each(|_| link.send(&json!({ "typing": {} })));
    link.closed_within(4429, LATE)?;
    stage.link(&opened).map(|_| ())
}

/// Ends that hang on a timer of the service come within this time.
const LATE: Duration = Duration::from_secs(30);
/// Two hundred at once and ten a second are allowed as shipped.
const MOST_FRAMES: u32 = 2_000;
