// SPDX-License-Identifier: EUPL-1.2
//! § 6: ephemeral state, and § 6.1: calls.

use serde_json::json;

use super::super::clause::{Clause, Played, now, same};
use super::super::link::Event;
use super::super::stage::{Answered, Stage, new_id};

pub(super) const CLAUSES: &[Clause] = &[
    now("6", "`typing` is sent to the other side, not back, and never stored", typing),
    now("6", "`read` reaches the other side as `presence.read_up_to` and is never stored", reading),
    now("6", "`presence` follows the devices: connected while there is one", devices),
    now("6.1", "what names a call that there is not changes nothing, and the link goes on", no_such_call),
];

fn typing(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut advisor, console: _console, .. } = stage.answered()?;
    person.send(&json!({ "typing": {} }))?;
    same("`party`", &advisor.frame("typing")?["party"], &json!("citizen"))?;
    advisor.send(&json!({ "typing": {} }))?;
    same("`party`", &person.frame("typing")?["party"], &json!("advisor"))?;
    for link in [&mut person, &mut advisor] {
        link.silent(
            "typing of one's own",
            |event| matches!(event, Event::Frame(frame) if frame.get("typing").is_some()),
        )?;
    }
    same("the number of entries", stage.link(&opened)?.log.len(), 2)
}

fn reading(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut advisor, console: _console, .. } = stage.answered()?;
    for (party, up_to) in [("citizen", 2), ("advisor", 1)] {
        let (from, to) =
            if party == "citizen" { (&mut person, &mut advisor) } else { (&mut advisor, &mut person) };
        from.send(&json!({ "read": { "up_to": up_to } }))?;
        let presence = to.frame_with("presence", |presence| presence["read_up_to"] == up_to)?;
        same(
            "`party` and `connected`",
            (&presence["party"], &presence["connected"]),
            (&json!(party), &json!(true)),
        )?;
    }
    same("the number of entries", stage.link(&opened)?.log.len(), 2)
}

fn devices(stage: &Stage) -> Played {
    let Answered { opened, person, mut advisor, console: _console, .. } = stage.answered()?;
    let connected = |is: bool| {
        move |presence: &serde_json::Value| presence["party"] == "citizen" && presence["connected"] == is
    };
    advisor.frame_with("presence", connected(true))?;
    let mut tab = stage.link(&opened)?;
    drop(person);
    tab.stay(std::time::Duration::from_secs(1))?;
    advisor.silent(
        "absence while one device is there",
        |event| matches!(event, Event::Frame(frame) if frame["presence"]["connected"] == false),
    )?;
    drop(tab);
    advisor.frame_with("presence", connected(false))?;
    let _back = stage.link(&opened)?;
    advisor.frame_with("presence", connected(true)).map(|_| ())
}

fn no_such_call(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut advisor, console: _console, .. } = stage.answered()?;
    for link in [&mut person, &mut advisor] {
        link.send(&json!({ "call": { "accept": { "call": 4_000_000, "seat": "s1" } } }))?;
        link.send(&json!({ "call": { "end": { "call": 4_000_000, "why": "hung_up" } } }))?;
    }
    person.say(&new_id()?, "Buongiorno")?;
    same("the number of entries", stage.link(&opened)?.log.len(), 3)
}
