// SPDX-License-Identifier: EUPL-1.2
//! § 5: messages, acknowledgement and resend.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, expect, now, same};
use super::super::link::{Event, hello};
use super::super::polls::Polls;
use super::super::stage::Stage;

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "5",
        "The entry of a message goes to everybody in the conversation, the author's other devices too",
        to_everybody,
    ),
    now("5", "A repeated `id` is answered with its first entry, to the sender alone", repeated),
    now(
        "5",
        "The same `id` with another text is answered with its first entry, and the text is not stored",
        other_text,
    ),
    now("5", "A repeated `id` is answered even after the conversation has ended", repeated_after_the_end),
    now("5", "Ids are unique per author: both sides may use the same one", ids_of_both),
    now("5", "An id is 1 to 64 of A–Z a–z 0–9 - _", ids),
    now(
        "5",
        "A message that is never accepted is refused with its id as `message`, without `retry_after_ms`",
        refused,
    ),
];

fn to_everybody(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let mut tab = stage.link(&scene.opened)?;
    let entry = scene.person.say("m-1", "A tutti")?;
    for link in [&mut tab, &mut scene.advisor] {
        same("the entry that others are sent", link.message_of("m-1")?, entry.clone())?;
    }
    Ok(())
}

fn repeated(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    let mut tab = stage.link(&opened)?;
    let first = link.say("m-1", "Una volta")?;
    tab.message_of("m-1")?;
    tab.forget();
    same("the entry of the repeated id", link.say("m-1", "Una volta")?, first)?;
    tab.silent("entry of a repetition at another device", |event| matches!(event, Event::Entries(_)))?;
    let next = link.say("m-2", "Poi un'altra")?;
    same("the number of the next entry", &next["seq"], &json!(3))
}

fn other_text(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    let first = link.say("m-1", "Le prime parole")?;
    same("the entry of the repeated id", link.say("m-1", "Altre parole")?, first)?;
    let again = stage.link(&opened)?;
    expect(
        !json!(again.log).to_string().contains("Altre parole"),
        "a log without the other text",
        json!(again.log),
    )?;
    same("the number of entries", again.log.len(), 2)
}

fn repeated_after_the_end(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    let first = link.say("m-1", "Prima della fine")?;
    link.send(&json!({ "close": {} }))?;
    link.closed(1000)?;
    // On polls the frames travel together: a socket is closed as soon as all was sent.
    let mut polls = Polls::new(stage, &opened)?;
    let polled =
        polls.exchange(&[hello(&opened.ticket, 3), post("m-1", "Prima della fine"), post("m-2", "Dopo")])?;
    let entries = polled.entries();
    expect(entries.contains(&first), "the first entry of the repeated id", polled.said())?;
    let refusal = polled.frame("refused").unwrap_or_default();
    same(
        "a new message",
        (&refusal["code"], &refusal["message"]),
        (&json!("conversation-closed"), &json!("m-2")),
    )
}

fn post(id: &str, text: &str) -> Value {
    json!({ "post": { "id": id, "text": text } })
}

fn ids_of_both(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let of_person = scene.person.say("m-1", "Della persona")?;
    scene.advisor.message_of("m-1")?;
    let of_advisor = scene.advisor.say("m-1", "Dell'operatore")?;
    expect(of_person["seq"] != of_advisor["seq"], "two entries", json!([of_person, of_advisor]))?;
    same("the advisor's text", of_advisor["body"]["message"]["text"].as_str(), Some("Dell'operatore"))
}

fn ids(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    for good in ["-", "_Az09", &"x".repeat(64)] {
        link.say(good, "Un id ammesso")?;
    }
    for wrong in ["", "a b", "è", "a.b", &"x".repeat(65)] {
        link.post(wrong, "Un id non ammesso")?;
        link.refused("frame-malformed")?;
    }
    Ok(())
}

fn refused(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    let long = "x".repeat(4_001);
    for (id, text, code) in
        [("m-1", "", "message-empty"), ("m-2", " \n\t ", "message-empty"), ("m-3", &long, "message-too-long")]
    {
        link.post(id, text)?;
        let refusal = link.refused(code)?;
        same(
            "`message` and `retry_after_ms`",
            (&refusal["message"], &refusal["retry_after_ms"]),
            (&json!(id), &Value::Null),
        )?;
    }
    same("the number of the next entry", &link.say("m-4", "Accettato")?["seq"], &json!(2))
}
