// SPDX-License-Identifier: EUPL-1.2
//! § 9: the same frames without WebSockets.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, Rest, Verdict, broken, expect, now, same, waiting};
use super::super::link::{Event, hello, numbers};
use super::super::polls::{Polled, Polls};
use super::super::stage::{Opened, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now("9", "A conversation on polls from `hello` to the end, with an advisor on a socket", conversation),
    now(
        "9",
        "`wait: true` is answered when there are frames, within 3 s, else empty; `wait: false` at once, without frames",
        waits,
    ),
    now(
        "9",
        "Frames of a repeated request are processed once, and the newest waiting request gets the same answer again",
        repeated,
    ),
    now("9", "One request waits at a time: a second one replaces the first", replaced),
    now(
        "9",
        "A link without a valid `hello` is answered and dropped; one the server does not know is closed with 1006",
        links,
    ),
    now("9", "`leaving: true`: the link ends, and its person is no longer connected by it", leaving),
    now("9", "`PING` is answered with `PONG`", heartbeat),
    now(
        "9",
        "A new link resumes with `hello`, and a message that was posted on the lost one is stored once",
        resumed,
    ),
    now("9", "A body that is no poll, or larger than 1,048,576 bytes, is refused", bodies),
    now("9", "An advisor works at the desk on polls", desk),
    waiting(
        "9",
        "A link nobody waits on for 30 s is dropped, and its person is no longer connected",
        30,
        life,
    ),
];

fn greeted<'s>(stage: &'s Stage, opened: &Opened) -> Result<(Polls<'s>, Polled), Verdict> {
    let mut polls = Polls::new(stage, opened)?;
    let first = polls.exchange(&[hello(&opened.ticket, 0)])?;
    expect(first.frame("welcome").is_some(), "`welcome` on polls", first.said())?;
    Ok((polls, first))
}

fn post(id: &str) -> Value {
    json!({ "post": { "id": id, "text": "Da dietro un proxy" } })
}

fn conversation(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (mut polls, first) = greeted(stage, &opened)?;
    same("the entries after `welcome`:", numbers(&first.entries()), vec![1])?;
    let mut console = stage.console()?;
    let ticket = console.answer(&opened.conversation)?;
    let mut advisor = stage.link_of(&opened, &ticket)?;
    polls.send(&[post("m-1")])?;
    advisor.message_of("m-1")?;
    let entry = advisor.say("m-2", "La leggo")?;
    polls.wait_for("the advisor's message", |polled| polled.entries().contains(&entry).then_some(()))?;
    polls.send(&[json!({ "close": {} })])?;
    let closed = polls.wait_for("the end of the link", |polled| polled.closed)?;
    same("the close code", closed, 1000)?;
    advisor.entry_of("closed").map(|_| ())
}

fn waits(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (mut polls, _) = greeted(stage, &opened)?;
    polls.drain()?;
    let empty = polls.exchange(&[])?;
    let time = format_args!("{} after {:?}", empty.said(), empty.took).to_string();
    let in_time = (Duration::from_secs(1)..Duration::from_secs(6)).contains(&empty.took);
    expect(empty.frames.is_empty() && in_time, "an empty answer within 3 s", time)?;
    let sent = polls.send(&[post("m-1")])?;
    expect(sent.frames.is_empty(), "no frames in the answer to `wait: false`", sent.said())?;
    let told = polls.exchange(&[])?;
    let time = format_args!("{} after {:?}", told.said(), told.took).to_string();
    expect(numbers(&told.entries()) == [2] && told.took < Duration::from_secs(2), "the entry, at once", time)
}

fn repeated(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let polls = Polls::new(stage, &opened)?;
    let greeting = [hello(&opened.ticket, 0).to_string()];
    let first = polls.ask_as(1, &greeting, true)?;
    let again = polls.ask_as(1, &greeting, true)?;
    expect(again.says_as(&first), first.said(), again.said())?;
    let mut number = 10;
    while !polls.ask_as(number, &[], true)?.frames.is_empty() {
        number += 1;
    }
    for _ in 0..2 {
        polls.ask_as(number + 10, &[post("m-1").to_string()], false)?;
    }
    let told = polls.ask_as(number + 11, &[], true)?;
    same("the entries of a request that was repeated:", numbers(&told.entries()), vec![2])?;
    let again = polls.ask_as(number + 11, &[], true)?;
    expect(again.says_as(&told), told.said(), again.said())
}

fn replaced(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (mut polls, _) = greeted(stage, &opened)?;
    polls.drain()?;
    let polls = &polls;
    let (one, other) = std::thread::scope(|scope| {
        let one = scope.spawn(|| polls.ask_as(1_000, &[], true));
        std::thread::sleep(Duration::from_millis(500));
        let other = scope.spawn(|| polls.ask_as(1_001, &[], true));
        let gone = || Err(broken("an answer", "none"));
        (one.join().unwrap_or_else(|_| gone()), other.join().unwrap_or_else(|_| gone()))
    });
    let (one, other) = (one?, other?);
    let times = format_args!("{} after {:?}, {} after {:?}", one.said(), one.took, other.said(), other.took)
        .to_string();
    expect(
        one.frames.is_empty() && one.took + Duration::from_millis(500) < other.took,
        "the first answered empty, at once",
        times,
    )
}

fn links(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let unknown = Polls::new(stage, &opened)?.exchange(&[])?;
    same("`closed` of a link without `hello`", unknown.closed, Some(1006))?;
    for (first, code) in [(post("m-1"), "hello-expected"), (hello("a.b.c", 0), "ticket-invalid")] {
        let mut polls = Polls::new(stage, &opened)?;
        let polled = polls.exchange(&[first])?;
        let refusal = polled.frame("refused").unwrap_or_default();
        same(
            "the refusal and `closed`",
            (refusal["code"].as_str(), polled.closed),
            (Some(code), Some(4400)),
        )?;
        same("`closed` after that", polls.exchange(&[])?.closed, Some(1006))?;
    }
    same("the number of entries", stage.link(&opened)?.log.len(), 1)
}

fn leaving(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let (mut polls, _) = greeted(stage, &scene.opened)?;
    drop(scene.person);
    scene.advisor.stay(Duration::from_millis(500))?;
    scene.advisor.forget();
    polls.leave()?;
    scene.advisor.frame_with("presence", |presence| presence["connected"] == false)?;
    same("`closed` of the link that was left", polls.exchange(&[])?.closed, Some(1006))
}

fn heartbeat(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (mut polls, _) = greeted(stage, &opened)?;
    polls.ask_as(100, &["PING".into()], false)?;
    polls.wait_for("PONG", |polled| polled.frames.contains(&json!("PONG")).then_some(()))
}

fn resumed(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (mut lost, _) = greeted(stage, &opened)?;
    lost.send(&[post("m-1")])?;
    let mut polls = Polls::new(stage, &opened)?;
    let polled = polls.exchange(&[hello(&opened.ticket, 1), post("m-1")])?;
    let entries = numbers(&polled.entries());
    expect(
        !entries.is_empty() && entries.iter().all(|seq| *seq == 2),
        "entry 2 and no other",
        polled.said(),
    )?;
    same("the number of entries", stage.link(&opened)?.log.len(), 2)
}

fn bodies(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let polls = Polls::new(stage, &opened)?;
    polls.present("{")?.problem("a body that is no poll", 400, "request-invalid")?;
    let large = "x".repeat(1_048_577);
    let answer = polls.present(&large)?;
    answer.problem("a body of 1,048,577 bytes", 413, "frame-too-large")
}

fn desk(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let (token, _) = stage.advisor_token("advisor")?;
    let session = stage.post("/v1/desk/sessions", &token, None)?.document("a session", &[201])?;
    let socket = session["socket"].as_str().unwrap_or_default();
    let mut polls = Polls::at(stage, socket.replace("/socket", "/poll"))?;
    let text = |polled: &Polled, words: &[&str]| {
        polled
            .frames
            .iter()
            .any(|frame| words.iter().all(|word| frame.to_string().contains(word)))
            .then_some(())
    };
    polls.send(&[json!({ "hello": { "version": 2, "ticket": session["ticket"] } })])?;
    polls.wait_for("an offer", |polled| text(polled, &["\"offered\"", &opened.conversation]))?;
    polls.send(&[json!({ "accept": { "conversation": opened.conversation } })])?;
    polls.wait_for("the conversation held", |polled| {
        text(polled, &["\"held\"", "\"ticket\"", &opened.conversation])
    })?;
    // Whoever is on polls counts as connected for a while, unless they say that they leave.
    polls.leave().map(|_| ())
}

fn life(stage: &Stage) -> Result<Rest, Verdict> {
    let mut scene = stage.answered()?;
    scene.console.be("paused")?;
    let (polls, _) = greeted(stage, &scene.opened)?;
    let (path, link) = (scene.opened.poll(), polls.id());
    drop(scene.person);
    scene.advisor.forget();
    let mut advisor = scene.advisor;
    let mut console = scene.console;
    Ok(Box::new(move |stage| {
        for _ in 0..4 {
            advisor.stay(Duration::from_secs(10))?;
            console.link.pong()?;
        }
        let gone = |event: &mut Event| {
            matches!(event, Event::Frame(frame) if frame["presence"]["connected"] == false).then_some(())
        };
        advisor.until("`presence` of a person who is gone", gone)?;
        let body = json!({ "link": link, "number": 9, "frames": [], "wait": true }).to_string();
        let answer = Polls::at(stage, path)?.present(&body)?.document("a poll", &[200])?;
        same("`closed` of a link nobody waited on", answer["closed"].as_u64(), Some(1006))
    }))
}
