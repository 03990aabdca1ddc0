// SPDX-License-Identifier: EUPL-1.2
//! § 12: segnalazioni.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, expect, never, now, same, untried};
use super::super::stage::{Answered, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now(
        "12",
        "A malformed segnalazione is refused with its `id` as `message`; the person may forward none",
        refused,
    ),
    now(
        "12",
        "`forward` is stored as `segnalazione`, `sending` first, its states in order and each at most once; repeating an `id` has no effect",
        forward,
    ),
    never(
        "12",
        "Its states come back from Linea INPS",
        "needs an office that answers: the stand-in of the service's own tests does",
    ),
];

fn draft(id: &str, topic: &Value, description: &str) -> Value {
    json!({ "forward": { "id": id, "office": "058", "topic": topic, "description": description } })
}

fn refused(stage: &Stage) -> Played {
    let Answered { mut person, console, mut advisor, .. } = stage.answered()?;
    let topic = console.topic();
    let mut wrong = [
        draft("s-1", &topic, ""),
        draft("s-2", &topic, &"x".repeat(4_001)),
        draft("s-3", &topic, "Troppi messaggi"),
    ];
    wrong[2]["forward"]["attached"] = json!((1..=101).collect::<Vec<_>>());
    for frame in wrong {
        advisor.send(&frame)?;
        let refusal = advisor.refused("segnalazione-invalid")?;
        same("`message`", &refusal["message"], &frame["forward"]["id"])?;
    }
    person.send(&draft("s-4", &topic, "Di chi ha chiesto"))?;
    let refusal = person.frame("refused")?;
    same("`message`", &refusal["message"], &json!("s-4"))?;
    advisor.say("m-1", "Il link resta")?;
    same("the number of entries", person.message_of("m-1")?["seq"].as_u64(), Some(3))
}

fn forward(stage: &Stage) -> Played {
    if !stage.forward {
        return Err(untried("a segnalazione would reach an office: --forward tries it"));
    }
    let Answered { mut person, console, mut advisor, .. } = stage.answered()?;
    let topic = console.topic();
    for _ in 0..2 {
        advisor.send(&draft("s-1", &topic, "Una prova: nessuno deve fare nulla"))?;
    }
    for link in [&mut advisor, &mut person] {
        let entry = link.entry_of("segnalazione")?;
        let body = &entry["body"]["segnalazione"];
        same("`id` and `state`", (&body["id"], &body["state"]), (&json!("s-1"), &json!({ "sending": {} })))?;
    }
    person.say("m-1", "E poi?")?;
    person.stay(std::time::Duration::from_secs(2))?;
    let states: Vec<String> = person
        .log
        .iter()
        .filter_map(|entry| entry["body"]["segnalazione"]["state"].as_object())
        .filter_map(|state| state.keys().next().cloned())
        .collect();
    let rank = |state: &String| ORDER.iter().position(|known| known == state);
    let is_rising = states.windows(2).all(|pair| rank(&pair[0]) < rank(&pair[1]));
    expect(is_rising, "states in order, each at most once", json!(states))
}

const ORDER: [&str; 6] = ["sending", "queued", "held", "accepted", "in_progress", "answered"];
