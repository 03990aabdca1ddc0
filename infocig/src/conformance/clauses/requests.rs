// SPDX-License-Identifier: EUPL-1.2
//! § 11: requests about a conversation.

use serde_json::{Value, json};

use super::super::clause::{Clause, Played, expect, now, same, untried};
use super::super::stage::{Answered, Stage, new_id};

pub(super) const CLAUSES: &[Clause] = &[
    now("11", "Cases: `as_of` and `cases` for the person and the advisor who holds the conversation", cases),
    now(
        "11",
        "The transcript as page and as text, with the ticket of the conversation and no other",
        transcript,
    ),
    now(
        "11",
        "A rating is taken once the conversation is closed (before: `conversation-open`), a second one replaces it",
        rating,
    ),
    now(
        "11",
        "A written request is a conversation that is closed from the start; `conversation-open` while one is open",
        written,
    ),
    now("11", "The history of a person: their conversations, newest first, each with a ticket", history),
    now(
        "11",
        "Segnalazioni, report, search, comments and audit trail are for supervisors (`not-supervisor`)",
        for_supervisors,
    ),
];

fn cases(stage: &Stage) -> Played {
    let Answered { opened, ticket, console, .. } = stage.answered()?;
    let path = opened.path("cases");
    stage.get(&path, "")?.problem("without a ticket", 401, "ticket-invalid")?;
    stage.get(&path, &console.ticket)?.problem("with a desk's ticket", 401, "ticket-invalid")?;
    for ticket in [&opened.ticket, &ticket] {
        let answer = stage.get(&path, ticket)?;
        let document = answer.json();
        match document["code"].as_str() {
            Some("cases-not-configured") => {
                answer.problem("cases", 404, "cases-not-configured")?;
                return Err(untried("the service has no registry of cases (cases-not-configured)"));
            }
            Some("cases-unavailable") => return answer.problem("cases", 503, "cases-unavailable"),
            _ => {
                answer.document("cases", &[200])?;
                expect(
                    document["as_of"].is_i64() && document["cases"].is_array(),
                    "`as_of` and `cases`",
                    &document,
                )?;
            }
        }
    }
    let share = json!({ "id": "c-1", "case": "nessuna" });
    stage.post(&opened.path("cards"), &ticket, Some(&share))?.problem("a case that is none", 404, "not-found")
}

fn transcript(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    let other = stage.enter()?;
    link.say("m-1", "Da conservare <b>intero</b>")?;
    for (format, kind) in [("html", "text/html"), ("text", "text/plain")] {
        let path = opened.path(&format!("transcript?format={format}&lang=de"));
        let answer = stage.get(&path, &opened.ticket)?;
        answer.document("a transcript", &[200])?;
        expect(answer.header("content-type").starts_with(kind), kind, answer.header("content-type"))?;
        expect(answer.body.contains("Da conservare"), "the message in the transcript", &answer.body)?;
        expect(
            format == "text" || !answer.body.contains("<b>intero"),
            "text that is no markup",
            &answer.body,
        )?;
        stage.get(&path, &other.ticket)?.problem("with another's ticket", 401, "ticket-invalid")?;
        stage.get(&path, "")?.problem("without a ticket", 401, "ticket-invalid")?;
    }
    Ok(())
}

fn rating(stage: &Stage) -> Played {
    let (opened, mut link) = stage.person()?;
    let path = opened.path("rating");
    let rate = |rating: Value| stage.post(&path, &opened.ticket, Some(&rating));
    rate(json!({ "answer": "yes" }))?.problem("before the end", 409, "conversation-open")?;
    link.send(&json!({ "close": {} }))?;
    link.closed(1000)?;
    for rating in [json!({ "answer": "yes" }), json!({ "answer": "partly", "comment": "Prova" })] {
        rate(rating)?.document("a rating", &[204])?;
    }
    rate(json!({ "answer": "perhaps" }))?.problem("another word", 400, "request-invalid")?;
    rate(json!({ "answer": "no", "comment": " " }))?.problem("an empty comment", 422, "message-empty")?;
    let long = "x".repeat(1_001);
    rate(json!({ "answer": "no", "comment": long }))?.problem("a long comment", 422, "message-too-long")
}

fn written(stage: &Stage) -> Played {
    let opened = stage.enter()?;
    let request = json!({ "id": new_id()?, "text": "Una richiesta scritta di prova" });
    let token = stage.handoff(&stage.claims(&opened.person)?);
    let answer = stage.post("/v1/requests", &token, Some(&request))?;
    if answer.json()["code"] == "requests-not-configured" {
        answer.problem("a written request", 404, "requests-not-configured")?;
        return Err(untried("the service has no Linea INPS (requests-not-configured)"));
    }
    answer.problem("while a conversation is open", 409, "conversation-open")?;
    if !stage.forward {
        return Err(untried("a request would be forwarded to an office: --forward tries it"));
    }
    let token = stage.handoff(&stage.claims(&new_id()?)?);
    let written =
        stage.post("/v1/requests", &token, Some(&request))?.document("a written request", &[201])?;
    let again =
        stage.post("/v1/requests", &token, Some(&request))?.document("the same again", &[200, 201])?;
    same("the conversation of the same id", &again["conversation"], &written["conversation"])
}

fn history(stage: &Stage) -> Played {
    let person = new_id()?;
    let mut expected = Vec::new();
    for _ in 0..2 {
        let opened = stage.enter_as(&person)?;
        stage.end(std::slice::from_ref(&opened));
        expected.insert(0, opened.conversation);
    }
    let token = stage.handoff(&stage.claims(&person)?);
    let document = stage.post("/v1/history", &token, None)?.document("the history", &[200])?;
    let conversations = document["conversations"].as_array().cloned().unwrap_or_default();
    let ids: Vec<_> =
        conversations.iter().filter_map(|one| one["conversation"].as_str().map(ToOwned::to_owned)).collect();
    same("the conversations, newest first:", ids, expected.clone())?;
    let (first, id) = (&conversations[0], &expected[0]);
    let path = format!("/v1/conversations/{id}/transcript?format=text");
    stage
        .get(&path, first["ticket"].as_str().unwrap_or_default())?
        .document("with its ticket", &[200])
        .map(|_| ())
}

fn for_supervisors(stage: &Stage) -> Played {
    let (advisor, supervisor) = (stage.console()?, stage.supervisor()?);
    let admission = stage.get("/v1/availability?category=lavoratore", "")?.json();
    let day = admission["at"].as_str().and_then(|at| at.get(..10)).unwrap_or_default().to_owned();
    for path in [
        "/v1/desk/segnalazioni".to_owned(),
        format!("/v1/supervision/report?from={day}&to={day}&by=province"),
        "/v1/supervision/conversations".into(),
        "/v1/supervision/comments".into(),
        "/v1/supervision/audit".into(),
    ] {
        stage.get(&path, &advisor.ticket)?.problem(&path, 403, "not-supervisor")?;
        stage.get(&path, "")?.problem(&path, 401, "ticket-invalid")?;
        let document = stage.get(&path, &supervisor.ticket)?.document(&path, &[200])?;
        expect(document.is_object() || document.is_array(), "a document", &document)?;
    }
    let retry = json!({ "key": "nessuna" });
    stage.post("/v1/desk/segnalazioni/retry", &advisor.ticket, Some(&retry))?.problem(
        "a retry",
        403,
        "not-supervisor",
    )
}
