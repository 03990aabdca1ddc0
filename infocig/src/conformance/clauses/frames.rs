// SPDX-License-Identifier: EUPL-1.2
//! § 2: frames and entries.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, expect, now, same};
use super::super::stage::{Answered, Stage};

pub(super) const CLAUSES: &[Clause] = &[
    now("2", "The order of members does not matter, and unknown members are ignored", unknown_members),
    now(
        "2",
        "`welcome` has version, conversation, party, phase and last_seq, and the person for advisors alone",
        welcome,
    ),
    now(
        "2",
        "Entries: `opened`, `assigned`, `message` of either author, `closed`, and the phase they lead to",
        entries,
    ),
    now("2", "While they wait the person is sent their place: `queue`, after `welcome`", queue),
    now("2", "`question` is stored once; a second or malformed one is refused without `message`", question),
    now("2", "An advisor's `close` is refused with `topic-needed`, and the link stays", advisor_close),
    now(
        "2",
        "`self_served` leaves the queue: `closed` by the person, outcome `self_served`, close 1000",
        self_served,
    ),
    now("2", "`source_opened` without an answer of the assistant has no effect", source_opened),
    now("2", "`stay` without a warning changes nothing", stay),
];

fn unknown_members(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let mut link = stage.socket(&opened)?;
    let text = format!(
        r#"{{"hello":{{"tomorrow":[1],"resume_after":0,"ticket":"{}","version":2,"colour":null}}}}"#,
        opened.ticket
    );
    link.text(text)?;
    link.frame("welcome")?;
    link.text(r#" {"post":{"text":"Prova","mood":{"a":1},"id":"m-1"}} "#)?;
    let entry = link.message_of("m-1")?;
    same("the stored text", entry["body"]["message"]["text"].as_str(), Some("Prova"))
}

fn welcome(stage: &Stage) -> Played {
    let Answered { opened, person, advisor, .. } = stage.answered()?;
    for (link, party) in [(&person, "citizen"), (&advisor, "advisor")] {
        let welcome = &link.welcome;
        same("`version`", &welcome["version"], &json!(2))?;
        same("`conversation`", welcome["conversation"].as_str(), Some(&*opened.conversation))?;
        same("`party`", welcome["party"].as_str(), Some(party))?;
        expect(welcome["last_seq"].is_u64() && welcome["after"].is_u64(), "`last_seq` and `after`", welcome)?;
        same("whether there is a `person`", welcome["person"].is_object(), party == "advisor")?;
    }
    let phases = [&person, &advisor].map(|link| link.welcome["phase"].clone());
    let are = [phases[0].get("waiting").is_some(), phases[1].get("active").is_some()];
    expect(are == [true; 2], "`waiting` before an advisor came, `active` after", json!(phases))
}

fn entries(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    let (one, two) = (scene.person.say("m-1", "Buongiorno")?, scene.advisor.say("m-2", "Mi dica")?);
    same("`author` of the person", &one["body"]["message"]["author"], &json!("citizen"))?;
    let name = &two["body"]["message"]["author"]["advisor"]["name"];
    expect(
        name.as_str().is_some_and(|name| name.starts_with("Prova ")),
        "`author` with the advisor's name",
        &two,
    )?;
    for entry in [&one, &two] {
        expect(entry["at"].as_i64().is_some_and(|at| at > 1_000_000_000_000), "`at` in milliseconds", entry)?;
    }
    scene.person.message_of("m-2")?;
    scene.person.send(&json!({ "close": {} }))?;
    let closed = scene.advisor.entry_of("closed")?;
    same("`by`", &closed["body"]["closed"]["by"], &json!("citizen"))?;
    let kinds: Vec<Vec<&String>> = scene
        .advisor
        .log
        .iter()
        .filter_map(|entry| Some(entry["body"].as_object()?.keys().collect()))
        .collect();
    let all = ["opened", "assigned", "message", "message", "closed"].map(ToOwned::to_owned);
    same("the kinds of entries", kinds, all.iter().map(|kind| vec![kind]).collect())
}

fn queue(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    let place = link.frame("queue")?;
    let estimate = &place["estimate"];
    let minutes = &estimate["minutes"];
    let is_known = minutes["from"].as_u64().zip(minutes["to"].as_u64()).is_some_and(|(from, to)| from <= to);
    let holds = place["position"].as_u64().is_some_and(|position| position >= 1);
    expect(
        holds && (is_known || estimate["unknown"].is_object()),
        "`position` from 1 and an `estimate`",
        &place,
    )
}

fn question(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    let malformed = json!({ "question": { "from": "2026-13" } });
    link.send(&malformed)?;
    let told = link.frame("refused")?;
    let is_code =
        ["question-invalid", "frame-malformed"].contains(&told["code"].as_str().unwrap_or_default());
    expect(is_code && told["message"].is_null(), "`refused` without `message`", &told)?;
    let question = json!({ "about": "cigo", "from": "2026-09", "to": "2026-10" });
    link.send(&json!({ "question": question }))?;
    let entry = link.entry_of("question")?;
    same("the entry `question`", &entry["body"]["question"], &question)?;
    link.send(&json!({ "question": question }))?;
    let refusal = link.refused("question-invalid")?;
    same("`message`", &refusal["message"], &Value::Null)?;
    link.say("m-1", "Il link resta").map(|_| ())
}

fn advisor_close(stage: &Stage) -> Played {
    let mut scene = stage.answered()?;
    scene.advisor.send(&json!({ "close": {} }))?;
    scene.advisor.refused("topic-needed")?;
    scene.advisor.say("m-1", "Il link resta")?;
    scene.person.message_of("m-1").map(|_| ())
}

fn self_served(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    link.send(&json!({ "self_served": {} }))?;
    let closed = link.entry_of("closed")?;
    let body = &closed["body"]["closed"];
    same("`by` and `outcome`", (&body["by"], &body["outcome"]), (&json!("citizen"), &json!("self_served")))?;
    link.closed(1000)
}

fn source_opened(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    link.send(&json!({ "source_opened": {} }))?;
    link.say("m-1", "Ancora qui").map(|_| ())
}

fn stay(stage: &Stage) -> Played {
    let (_, mut link) = stage.person()?;
    link.send(&json!({ "stay": {} }))?;
    let entry = link.say("m-1", "Ancora qui")?;
    same("the next entry", &entry["seq"], &json!(2))
}
