// SPDX-License-Identifier: EUPL-1.2
//! § 8: the desk.

use infocig_protocol::desk::{AssignmentState, Fit, Presence};
use serde_json::json;

use super::super::clause::{Clause, Played, expect, never, now, same};
use super::super::console::Console;
use super::super::link::{hello, number, numbers};
use super::super::stage::{Answered, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "8",
        "`hello` is answered with `welcome` (advisor, capacity, topics) and `desk`, the picture",
        welcome,
    ),
    now("8", "A refused `hello` at the desk: `refused`, close 4400", refused_hello),
    now(
        "8",
        "An available advisor is offered a conversation, without a ticket, and `accept` makes it theirs with one",
        offer,
    ),
    now("8", "`decline`: the offer is gone, and the conversation is offered or waits elsewhere", decline),
    now(
        "8",
        "An advisor who is not available is offered nothing, and reads who waits; `take` takes where that is allowed",
        take,
    ),
    now("8", "A picture made of `changed` is that of a console that comes new", pictures),
    now(
        "8",
        "`transfer` to the queue: the person waits again; the advisor's link is refused (`not-assigned`), close 4400",
        to_queue,
    ),
    now(
        "8",
        "`transfer` to a colleague: an offer, and the advisor's until it is accepted; `retract` cancels it",
        to_colleague,
    ),
    now(
        "8",
        "`invite`, `accept`, `leave`: a colleague reads and writes beside the advisor (`joined`, `left`)",
        helper,
    ),
    now("8", "`note`: internal, once for each `id`, never in the log; `notes` are asked for", notes),
    now("8", "`hold` and `resume`: the person reads the minutes alone; `hold-invalid`", hold),
    now(
        "8",
        "`close` with a topic ends it: `closed` by the advisor with its outcome, close 1000 for both",
        close,
    ),
    now("8", "A request that failed is refused with its conversation", refusals),
    now(
        "8",
        "An advisor reads the earlier conversations of the person with `history`; everybody else is refused",
        history,
    ),
    never(
        "8",
        "The conversations of an advisor whose last link is lost return to the queue",
        "after a time of the policy that is not told",
    ),
];

fn welcome(stage: &Stage) -> Played {
    let console = stage.console()?;
    let welcome = &console.welcome;
    same("`version`", &welcome["version"], &json!(2))?;
    same("`id`", welcome["id"].as_str(), Some(&*console.advisor))?;
    let is_whole = welcome["capacity"].as_u64().is_some_and(|most| most > 0)
        && welcome["topics"].as_array().is_some_and(|topics| !topics.is_empty())
        && welcome["replies"].is_array();
    expect(is_whole, "`capacity`, `topics`, `replies`", welcome)?;
    expect(
        console.topic().as_array().is_some_and(|ids| ids.iter().all(|id| id.is_string())),
        "topics of three levels",
        console.topic(),
    )
}

fn refused_hello(stage: &Stage) -> Played {
    let console = stage.console()?;
    for (first, code) in [
        (hello("a.b.c", 0), "ticket-invalid"),
        (json!({ "presence": { "presence": "paused" } }), "hello-expected"),
        (json!({ "hello": { "version": 1, "ticket": console.ticket } }), "version-unsupported"),
        (json!({ "dance": {} }), "frame-unknown"),
    ] {
        let mut link =
            super::super::link::Link::open(&stage.service, &stage.origin, &console.socket, &console.ticket)?;
        link.send(&first)?;
        link.refused(code)?;
        link.closed(4400)?;
    }
    Ok(())
}

fn offer(stage: &Stage) -> Played {
    let (opened, mut person) = stage.person()?;
    let mut console = stage.console()?;
    let own = console.own("an offer", &opened.conversation, |state| {
        matches!(state, AssignmentState::Offered { by: None, .. })
    })?;
    same("a ticket of what is offered", own.ticket, None)?;
    console.act("accept", &opened.conversation, json!({}))?;
    let ticket = console.held(&opened.conversation)?;
    let assigned = person.entry_of("assigned")?;
    same("`advisor`", &assigned["body"]["assigned"]["advisor"], &console.welcome["advisor"])?;
    let advisor = stage.link_of(&opened, &ticket)?;
    same("the log of the advisor:", numbers(&advisor.log), vec![1, 2])
}

fn decline(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let mut console = stage.console()?;
    console
        .own("an offer", &opened.conversation, |state| matches!(state, AssignmentState::Offered { .. }))?;
    console.act("decline", &opened.conversation, json!({}))?;
    console.gone(&opened.conversation)
}

fn take(stage: &Stage) -> Played {
    let mut console = stage.console()?;
    console.be("busy")?;
    console.see("the advisor busy", |picture| (picture.presence == Presence::Busy).then_some(()))?;
    let (opened, mut person) = stage.person()?;
    let waiting = console.see("who waits", |picture| {
        picture.waiting.iter().find(|waiting| waiting.conversation.as_str() == opened.conversation).cloned()
    })?;
    expect(
        matches!(waiting.fit, Fit::Yours(_) | Fit::Nobody {} | Fit::Others {}),
        "`fit`",
        format_args!("{:?}", waiting.fit),
    )?;
    console.act("take", &opened.conversation, json!({}))?;
    // Where the desk assigns, what fits an advisor is taken by an offer alone.
    if console.refused_already(&opened.conversation, "not-waiting") {
        console.be("available")?;
        console.answer(&opened.conversation)?;
    } else {
        console.held(&opened.conversation)?;
    }
    person.entry_of("assigned").map(|_| ())
}

fn pictures(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let other = stage.enter()?;
    let see_both = |console: &mut Console| {
        console.see("two conversations", |picture| {
            let is_there = picture.mine.iter().any(|own| own.conversation.as_str() == other.conversation);
            (picture.mine.len() > 1 && is_there).then_some(())
        })
    };
    see_both(&mut scene.console)?;
    let mut again =
        Console::come(stage, &scene.console.advisor, &scene.console.socket, &scene.console.ticket)?;
    see_both(&mut again)?;
    let ids = |console: &Console| {
        let own =
            console.picture.mine.iter().map(|own| (own.conversation.clone(), own.state.clone(), own.since));
        (console.picture.presence, own.collect::<Vec<_>>(), console.picture.waiting.clone())
    };
    same("the picture of the new console", ids(&again), ids(&scene.console))
}

fn to_queue(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    // It would be offered to the same advisor again.
    console.be("busy")?;
    console.act("transfer", &opened.conversation, json!({ "to": "queue" }))?;
    let entry = person.entry_of("transferred")?;
    expect(entry["body"]["transferred"]["advisor"].is_null(), "`transferred` without an advisor", &entry)?;
    advisor.entry_of("transferred")?;
    advisor.refused("not-assigned")?;
    advisor.closed(4400)?;
    console.gone(&opened.conversation)?;
    let again = stage.link(&opened)?;
    expect(again.welcome["phase"].get("waiting").is_some(), "`phase` waiting", &again.welcome)
}

fn to_colleague(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    let mut other = stage.console()?;
    let to = json!({ "to": { "advisor": other.advisor } });
    let id = opened.conversation.as_str();
    console.see("the colleague", |picture| {
        picture.colleagues.iter().any(|one| one.advisor.as_str() == other.advisor).then_some(())
    })?;
    let offered = |state: &AssignmentState| matches!(state, AssignmentState::Offered { by: Some(_), .. });
    console.act("transfer", id, to.clone())?;
    other.own("an offer by a colleague", id, offered)?;
    advisor.say("m-1", "Ancora mia")?;
    console.act("retract", id, json!({}))?;
    other.gone(id)?;
    console.act("transfer", id, to)?;
    other.own("an offer by a colleague", id, offered)?;
    other.act("accept", id, json!({}))?;
    let ticket = other.held(id)?;
    let entry = person.entry_of("transferred")?;
    same("`advisor`", &entry["body"]["transferred"]["advisor"], &other.welcome["advisor"])?;
    advisor.refused("not-assigned")?;
    advisor.closed(4400)?;
    stage.link_of(&opened, &ticket)?.say("m-2", "Continuo io")?;
    person.message_of("m-2").map(|_| ())
}

fn helper(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    let mut other = stage.console()?;
    let id = opened.conversation.as_str();
    console.see("the colleague", |picture| {
        picture.colleagues.iter().any(|one| one.advisor.as_str() == other.advisor).then_some(())
    })?;
    console.act("invite", id, json!({ "advisor": other.advisor }))?;
    other.own("an invitation", id, |state| matches!(state, AssignmentState::Invited { .. }))?;
    other.act("accept", id, json!({}))?;
    let own = other.own("helping", id, |state| matches!(state, AssignmentState::Helping { .. }))?;
    person.entry_of("joined")?;
    let ticket = own.ticket.unwrap_or_default();
    let mut helping = stage.link_of(&opened, &ticket)?;
    helping.say("m-1", "Aiuto anch'io")?;
    for link in [&mut person, &mut advisor] {
        link.message_of("m-1")?;
    }
    other.act("leave", id, json!({}))?;
    person.entry_of("left")?;
    other.gone(id)?;
    helping.refused("not-assigned")?;
    helping.closed(4400)
}

fn notes(stage: &Stage) -> Played {
    let Answered { opened, person: _person, mut console, advisor: _advisor, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    let note = json!({ "note": { "id": "n-1", "text": "Solo per gli operatori" } });
    console.act("note", id, note.clone())?;
    let pushed = console.link.frame_with("notes", |notes| notes["conversation"] == id)?;
    same("the pushed note", pushed["notes"][0]["text"].as_str(), Some("Solo per gli operatori"))?;
    console.act("note", id, note)?;
    console.link.pong()?;
    console.link.forget();
    console.act("notes", id, json!({}))?;
    let all = console.link.frame_with("notes", |notes| notes["conversation"] == id)?;
    same("the number of notes", all["notes"].as_array().map(Vec::len), Some(1))?;
    same("the number of entries", stage.link(&opened)?.log.len(), 2)
}

fn hold(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, advisor: _advisor, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    let Some(minutes) = console.welcome["hold_minutes"][0].as_u64() else {
        return Err(super::super::clause::untried("the policy has no hold"));
    };
    console.act("hold", id, json!({ "hold": { "reason": "case", "minutes": 999 } }))?;
    console.refused(id, &["hold-invalid"])?;
    console.act("hold", id, json!({ "hold": { "reason": "case", "text": "Leggo", "minutes": minutes } }))?;
    let entry = person.entry_of("on_hold")?;
    same("the entry `on_hold`", &entry["body"]["on_hold"], &json!({ "minutes": minutes }))?;
    console.own("it on hold", id, |state| matches!(state, AssignmentState::Held { on_hold: Some(_), .. }))?;
    console.act("resume", id, json!({}))?;
    person.entry_of("resumed").map(|_| ())
}

fn close(stage: &Stage) -> Played {
    let Answered { opened, mut person, mut console, mut advisor, .. } = stage.answered()?;
    let id = opened.conversation.as_str();
    console.act("close", id, json!({ "topic": ["a", "b", "c"], "outcome": "online" }))?;
    console.refused(id, &["topic-needed"])?;
    console.close(id)?;
    for link in [&mut person, &mut advisor] {
        let entry = link.entry_of("closed")?;
        same(
            "the entry `closed`",
            &entry["body"]["closed"],
            &json!({ "by": "advisor", "outcome": "online" }),
        )?;
        link.closed(1000)?;
    }
    Ok(())
}

fn refusals(stage: &Stage) -> Played {
    let scene = stage.answered()?;
    let id = scene.opened.conversation.as_str();
    let mut other = stage.console()?;
    for (act, more, codes) in [
        ("take", json!({}), ["not-waiting"]),
        ("accept", json!({}), ["not-waiting"]),
        ("transfer", json!({ "to": "queue" }), ["not-assigned"]),
        ("note", json!({ "note": { "id": "n-1", "text": "Non mia" } }), ["not-assigned"]),
    ] {
        other.act(act, id, more)?;
        other.refused(id, &codes)?;
    }
    other.close(id)?;
    other.refused(id, &["not-assigned", "conversation-closed"])?;
    other.link.pong()
}

fn history(stage: &Stage) -> Played {
    let Answered { opened: earlier, mut person, mut console, mut advisor, .. } = stage.answered()?;
    person.say("m-1", "La prima volta")?;
    console.close(&earlier.conversation)?;
    person.closed(1000)?;
    advisor.closed(1000)?;
    let log = person.log.clone();
    // The next conversation is for another advisor.
    console.be("paused")?;
    console.see("the advisor paused", |picture| (picture.presence == Presence::Paused).then_some(()))?;
    let Answered { mut person, mut advisor, console: _console, .. } = stage.answered_as(&earlier.person)?;
    let other = stage.enter()?;
    let told = advisor.frame("history")?;
    let first = &told["conversations"][0];
    same("the earlier conversation", first["conversation"].as_str(), Some(&*earlier.conversation))?;
    same("`preview`", first["preview"].as_str(), Some("La prima volta"))?;
    same("`entries`", number(&first["entries"]), u64::try_from(log.len()).unwrap_or(0))?;
    for (before, expected) in
        [(None::<u64>, log.as_slice()), (Some(3), log.get(..2).unwrap_or_default()), (Some(1), &[])]
    {
        let mut ask = json!({ "conversation": earlier.conversation });
        if let Some(before) = before {
            ask["before"] = json!(before);
        }
        advisor.send(&json!({ "history": ask }))?;
        let page = advisor.frame("history_entries")?;
        expect(page["entries"] == json!(expected), json!(expected), &page)?;
    }
    advisor.send(&json!({ "history": { "conversation": other.conversation } }))?;
    advisor.refused("not-found")?;
    person.send(&json!({ "history": { "conversation": earlier.conversation } }))?;
    person.refused("not-assigned")?;
    advisor.say("m-2", "Il link resta").map(|_| ())
}
