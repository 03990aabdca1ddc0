// SPDX-License-Identifier: EUPL-1.2
//! § 8.1: supervision.

use std::time::Duration;

use infocig_protocol::desk::{AssignmentState, Presence};
use serde_json::json;

use super::super::clause::{Clause, Played, Verdict, expect, now, same, untried};
use super::super::console::Console;
use super::super::link::Event;
use super::super::stage::{Answered, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "8.1",
        "A supervisor comes as `supervising`, is offered nothing, and reads who waits without their names",
        supervising,
    ),
    now(
        "8.1",
        "`panel` comes after the picture and again at least every 5 s, with no names of people who ask",
        panel,
    ),
    now("8.1", "All acts but `warn` are refused to advisors with `not-supervisor`", for_supervisors),
    now(
        "8.1",
        "`observe`: reads and does not write, is no presence, sends no receipts and no typing",
        observe,
    ),
    now(
        "8.1",
        "`join` reads and writes without an invitation, and `whisper` reaches the advisors alone",
        join,
    ),
    now("8.1", "`take_over`: theirs at once, and the former advisor is out of it", take_over),
    now("8.1", "`reassign` to the queue and `end`; the advisors are sent `supervised`", reassign_and_end),
    now(
        "8.1",
        "`warn`, then `block`: `warned`, `blocked`, `closed`; the person is refused until `lift`",
        block,
    ),
];

fn supervising(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let mut console = stage.supervisor()?;
    same("`supervisor` in `welcome`", &console.welcome["supervisor"], &json!(true))?;
    same("the presence", console.picture.presence, Presence::Supervising)?;
    console.see("who waits", |picture| {
        picture
            .waiting
            .iter()
            .any(|waiting| waiting.conversation.as_str() == opened.conversation)
            .then_some(())
    })?;
    expect(console.picture.mine.is_empty(), "no offer", format_args!("{:?}", console.picture.mine))
}

fn panel(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let mut console = stage.supervisor()?;
    let mut last = 0;
    for _ in 0..3 {
        let panel = console.link.until_within("a `panel`", Duration::from_secs(7), |event| {
            let Event::Frame(frame) = event else { return None };
            frame.get("panel").cloned()
        })?;
        let at = panel["at"].as_i64().unwrap_or(0);
        expect(at > last, "a later `at`", &panel)?;
        let text = panel.to_string();
        expect(text.contains(&opened.conversation), "the conversation that waits", &panel)?;
        expect(!text.contains("Conformità"), "no name of a person who asks", &panel)?;
        last = at;
    }
    Ok(())
}

fn for_supervisors(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let id = scene.opened.conversation.clone();
    let topic = scene.console.topic();
    for (act, more) in [
        ("reassign", json!({ "to": "queue" })),
        ("end", json!({ "topic": topic, "outcome": "online" })),
        ("take_over", json!({})),
        ("join", json!({})),
        ("observe", json!({})),
        ("block", json!({ "block": { "hours": 24, "reason": "Prova" } })),
        ("lift", json!({ "reason": "Prova" })),
        ("whisper", json!({ "note": { "id": "w-1", "text": "Prova" } })),
    ] {
        scene.console.act(act, &id, more)?;
        scene.console.refused(&id, &["not-supervisor"])?;
    }
    scene.advisor.say("m-1", "Ancora mia").map(|_| ())
}

/// A supervisor who has done something, and the ticket they have for the conversation now.
fn with_ticket(
    stage: &Stage,
    act: &str,
    conversation: &str,
    state: fn(&AssignmentState) -> bool,
) -> Result<(Console, String), Verdict> {
    let mut console = stage.supervisor()?;
    console.act(act, conversation, json!({}))?;
    let own = console.own(act, conversation, state)?;
    Ok((console, own.ticket.unwrap_or_default()))
}

fn observe(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    advisor.say("m-1", "Prima")?;
    let id = opened.conversation.as_str();
    let observing: fn(&AssignmentState) -> bool = |state| matches!(state, AssignmentState::Observing { .. });
    let (_supervisor, ticket) = with_ticket(stage, "observe", id, observing)?;
    console.own(
        "a supervisor who reads",
        id,
        |state| matches!(state, AssignmentState::Held { observers, .. } if !observers.is_empty()),
    )?;
    let mut reader = stage.link_of(&opened, &ticket)?;
    expect(reader.log.len() >= 3, "the log", json!(reader.log))?;
    person.message_of("m-1")?;
    person.forget();
    reader.send(&json!({ "read": { "up_to": 3 } }))?;
    reader.send(&json!({ "typing": {} }))?;
    reader.post("w-1", "Non si può")?;
    reader.refused("not-assigned")?;
    reader.send(&json!({ "history": { "conversation": id } }))?;
    reader.refused("not-assigned")?;
    person.silent("sign of a supervisor who reads", |event| {
        matches!(event, Event::Frame(frame) if frame["typing"].is_object() || frame["presence"]["read_up_to"] == 3)
    })?;
    person.say("m-2", "Dopo")?;
    reader.message_of("m-2").map(|_| ())
}

fn join(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, advisor: _advisor, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    let helping: fn(&AssignmentState) -> bool = |state| matches!(state, AssignmentState::Helping { .. });
    let (mut supervisor, ticket) = with_ticket(stage, "join", id, helping)?;
    person.entry_of("joined")?;
    stage.link_of(&opened, &ticket)?.say("m-1", "Anch'io")?;
    person.message_of("m-1")?;
    supervisor.act("whisper", id, json!({ "note": { "id": "w-1", "text": "Solo per te" } }))?;
    let is_whisper = |notes: &serde_json::Value| {
        notes["notes"].as_array().is_some_and(|notes| notes.iter().any(|note| note["whisper"] == true))
    };
    console.link.frame_with("notes", is_whisper)?;
    let log = stage.link(&opened)?.log.clone();
    expect(!json!(log).to_string().contains("Solo per te"), "a log without the whisper", json!(log))
}

fn take_over(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    let held: fn(&AssignmentState) -> bool = |state| matches!(state, AssignmentState::Held { .. });
    let (supervisor, ticket) = with_ticket(stage, "take_over", id, held)?;
    let entry = person.entry_of("transferred")?;
    same("`advisor`", &entry["body"]["transferred"]["advisor"], &supervisor.welcome["advisor"])?;
    console.gone(id)?;
    advisor.refused("not-assigned")?;
    advisor.closed(4400)?;
    stage.link_of(&opened, &ticket)?.say("m-1", "Ora rispondo io")?;
    person.message_of("m-1").map(|_| ())
}

fn reassign_and_end(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    console.be("busy")?;
    let mut supervisor = stage.supervisor()?;
    supervisor.act("reassign", id, json!({ "to": "queue" }))?;
    let told = console.link.frame("supervised")?;
    let is_whole = told["conversation"] == id && told["by"].is_string() && told["at"].is_i64();
    expect(is_whole && told["act"].is_string(), "`supervised` with conversation, act, by, at", &told)?;
    person.entry_of("transferred")?;
    supervisor.act("end", id, json!({ "topic": supervisor.topic(), "outcome": "online" }))?;
    supervisor.refused(id, &["not-assigned", "not-waiting"])?;
    let Answered { opened, mut person, console: _console, .. } = stage.answered()?;
    supervisor.act(
        "end",
        &opened.conversation,
        json!({ "topic": supervisor.topic(), "outcome": "online" }),
    )?;
    let entry = person.entry_of("closed")?;
    same("the entry `closed`", &entry["body"]["closed"], &json!({ "by": "advisor", "outcome": "online" }))?;
    person.closed(1000)
}

fn block(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    let mut supervisor = stage.supervisor()?;
    let Some(hours) = supervisor.welcome["block_hours"][0].as_u64() else {
        return Err(untried("the policy has no block"));
    };
    supervisor.act("block", id, json!({ "block": { "hours": 1_000, "reason": "Prova" } }))?;
    supervisor.refused(id, &["block-invalid"])?;
    console.act("warn", id, json!({}))?;
    person.entry_of("warned")?;
    supervisor.act("block", id, json!({ "block": { "hours": hours, "reason": "Prova" } }))?;
    let blocked = person.entry_of("blocked")?;
    expect(blocked["body"]["blocked"]["until"].is_i64(), "`until`", &blocked)?;
    let closed = person.entry_of("closed")?;
    same("`outcome`", &closed["body"]["closed"]["outcome"], &json!("blocked"))?;
    let enter = || stage.post("/v1/conversations", &stage.handoff(&stage.claims(&opened.person)?), None);
    let refused = enter()?;
    let admission = refused.json()["admission"].clone();
    let told = refused.problem("a blocked person", 403, "blocked");
    // Lifted before anything else: no block is left behind.
    supervisor.act("lift", id, json!({ "reason": "Prova finita" }))?;
    told?;
    expect(admission["opens"].is_string(), "an `admission` whose `opens` says when", &admission)?;
    for _ in 0..40 {
        let answer = enter()?;
        if answer.status < 300 {
            stage.entered(&opened.person, &answer)?;
            supervisor.act("lift", id, json!({ "reason": "Prova" }))?;
            return supervisor.refused(id, &["not-found"]);
        }
        std::thread::sleep(Duration::from_millis(250));
    }
    expect(false, "a person who enters once the block is lifted", enter()?.said())
}
