// SPDX-License-Identifier: EUPL-1.2
//! Every operation of the OpenAPI documents, asked of the real edge. Each answer of every other test is checked as well.

use std::collections::BTreeSet;

use infocig_demo::Person;
use infocig_e2e::{
    answer::Answer, artefacts, contract::Contract, desk::Desk, edge::EdgeOptions, linea_inps::LineaInps,
};
use infocig_protocol::{desk::AssignmentState, entry::Outcome, http::ConversationOpened};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn every_operation_of_the_documents_answers_as_they_say() {
    let office = LineaInps::open(|mut options| {
        let security = json!({ "contact": "https://inps.example/segnala" });
        options.bindings.push(("SECURITY", Some(security.to_string())));
        options.bindings.push(("METRICS_TOKEN", Some(METRICS_TOKEN.into())));
        EdgeOptions { site: Some(artefacts::site().unwrap()), ..options }
    });
    let office = office.await.unwrap();
    let mut asked = Asked { office: &office, operations: BTreeSet::new() };
    let scene = &office.scene;

    for path in [
        "/healthz",
        "/readyz",
        "/v1/availability?category=lavoratore&province=058&entry=myinps&lang=de",
        "/problems/queue-full",
        "/figures",
        "/figures/daily.csv",
        "/figures/monthly.csv?bom=true",
        "/figures/all.json",
        "/figures/catalogue.jsonld",
        "/figures/catalogue.ttl",
        "/.well-known/security.txt",
    ] {
        asked.get(path, None, 200).await;
    }
    asked.get("/v1/availability?category=nobody", None, 400).await;
    asked.get("/metrics", Some(METRICS_TOKEN), 200).await;
    // Without a provider nobody signs in here; `runtime::staff` has one, and every answer of its is compared as well.
    for path in ["/console", "/v1/staff/sign-in", "/v1/staff/callback"] {
        asked.get(path, None, 404).await;
    }
    for path in ["/v1/staff/token", "/v1/staff/sign-out", "/v1/staff/backchannel-logout"] {
        asked.post(path, None, None, 404).await;
    }

    let token = office.person_token(Person::by_id("worker-napoli").unwrap()).await.unwrap();
    let begun = asked.post("/v1/conversations", Some(&token), None, 201).await;
    let opened: ConversationOpened = begun.document(201).unwrap();
    asked.post("/v1/conversations", Some(&token), None, 200).await;
    let path = |part: &str| format!("/v1/conversations/{}/{part}", opened.conversation);
    let hello = json!({ "hello": { "version": 2, "ticket": opened.ticket } }).to_string();
    let poll = json!({ "link": "f".repeat(32), "number": 1, "frames": [hello], "wait": true });
    asked.post(&path("poll"), None, Some(poll), 200).await;
    asked.get(&path("socket"), Some(&opened.ticket), 426).await;

    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let cases = asked.get(&path("cases"), Some(&opened.ticket), 200).await;
    let cases: Value = cases.document(200).unwrap();
    let card = json!({ "id": "card-1", "case": cases["cases"][0]["id"] });
    // No call is offered by the shipped policy; `runtime::calls` has one.
    asked.get(&path("calls/3/relay"), Some(&opened.ticket), 403).await;
    let question = json!({ "id": "q1", "text": "a che punto è la mia domanda?" });
    asked.post("/v1/assistant?lang=it", Some(&token), Some(question.clone()), 200).await;
    asked.post(&path("assistant"), Some(&opened.ticket), Some(question), 200).await;
    asked.post(&path("cards"), own.ticket.as_deref(), Some(card), 204).await;
    asked.get(&path("transcript?format=text"), Some(&opened.ticket), 200).await;
    asked.get(&path("transcript"), Some(&opened.ticket), 200).await;
    let rating = json!({ "answer": "partly", "comment": "Manca la data." });
    asked.post(&path("rating"), Some(&opened.ticket), Some(rating.clone()), 409).await;
    chat.close().await.unwrap();
    let wraps_up = |desk: &Desk| {
        let own = desk.own(&opened.conversation)?;
        matches!(own.state, AssignmentState::WrapUp { .. }).then_some(())
    };
    desk.see("wrapping up", wraps_up).await.unwrap();
    desk.close(&opened.conversation, Outcome::Online).await.unwrap();
    asked.post(&path("rating"), Some(&opened.ticket), Some(rating), 204).await;
    let request = json!({ "id": "request-1", "text": "Quando sarò pagato?" });
    asked.post("/v1/requests", Some(&token), Some(request), 201).await;
    asked.post("/v1/history", Some(&token), None, 200).await;
    asked.post("/v1/me/data", Some(&token), None, 200).await;
    asked.post("/v1/me/data?format=html&lang=sl", Some(&token), None, 200).await;
    asked.post("/v1/me/data?format=pdf", Some(&token), None, 400).await;

    let session = scene.desk_session("supervisor").await.unwrap();
    let ticket = Some(session.ticket.as_str());
    asked.post("/v1/desk/sessions", Some(&token), None, 401).await;
    asked.get(&session.socket, ticket, 426).await;
    let hello = json!({ "hello": { "version": 2, "ticket": session.ticket } }).to_string();
    let poll = json!({ "link": "e".repeat(32), "number": 1, "frames": [hello], "wait": true });
    asked.post(&session.socket.replace("/socket", "/poll"), None, Some(poll), 200).await;
    asked.get("/v1/desk/segnalazioni", ticket, 200).await;
    asked.post("/v1/desk/segnalazioni/retry", ticket, Some(json!({ "key": "none" })), 404).await;
    let days = "from=2026-11-23&to=2026-11-23";
    for query in ["", "&by=province&format=csv", "&by=hour&format=csv&table=series&bom=true"] {
        asked.get(&format!("/v1/supervision/report?{days}{query}"), ticket, 200).await;
    }
    asked.get("/v1/supervision/report?from=yesterday&to=today", ticket, 400).await;
    asked.get(&format!("/v1/supervision/conversations?{days}"), ticket, 200).await;
    asked.get("/v1/supervision/comments", ticket, 200).await;
    for query in ["", "?format=json", "?format=csv&bom=true", "?act=searched&number=7F3A-91C2-0B5D-3"] {
        asked.get(&format!("/v1/supervision/audit{query}"), ticket, 200).await;
    }
    let handled = format!("/v1/supervision/comments/{}/handled", opened.conversation);
    asked.post(&handled, ticket, None, 204).await;

    let claims = scene.advisor_claims("supervisor").unwrap().with("infocig_role", "data-protection-officer");
    let session = scene.desk_session_with(&claims).await.unwrap();
    let officer = Some(session.ticket.as_str());
    let issuer = scene.claims("worker-napoli").unwrap().as_value()["iss"].clone();
    let about = |person: &str| Some(json!({ "issuer": issuer, "person": person, "reason": "Art. 17" }));
    asked.get("/v1/data-protection/due", officer, 200).await;
    asked.get("/v1/data-protection/due", ticket, 403).await;
    let hold = asked.post("/v1/data-protection/holds", officer, about("nobody"), 201).await;
    let hold: Value = hold.document(201).unwrap();
    asked.get("/v1/data-protection/holds", officer, 200).await;
    asked.post("/v1/data-protection/erasures", officer, about("nobody"), 409).await;
    let release = format!("/v1/data-protection/holds/{}/release", hold["id"].as_str().unwrap());
    asked.post(&release, officer, Some(json!({ "reason": "Chiuso." })), 204).await;
    asked.post(&release, officer, Some(json!({ "reason": "Chiuso." })), 404).await;
    asked.post("/v1/data-protection/erasures", officer, about("nobody"), 201).await;
    asked.post("/v1/data-protection/erasures", officer, about("RSSMRA85T10A562S"), 400).await;
    asked.get("/v1/data-protection/erasures", officer, 200).await;
    asked.post("/v1/data-protection/exports", officer, about("nobody"), 200).await;
    asked.post("/v1/data-protection/exports?format=html", officer, about("nobody"), 200).await;
    asked.post("/v1/data-protection/exports", ticket, about("nobody"), 403).await;

    let claims = scene.advisor_claims("supervisor").unwrap().with("infocig_role", "administrator");
    let session = scene.desk_session_with(&claims).await.unwrap();
    let administrator = Some(session.ticket.as_str());
    let policy = std::fs::read_to_string(artefacts::policy().unwrap()).unwrap();
    let draft = |base: u32, from: Option<&str>| {
        Some(json!({ "document": policy, "base": base, "reason": "Prova", "from": from }))
    };
    asked.get("/v1/policy", administrator, 200).await;
    asked.get("/v1/policy", ticket, 403).await;
    asked.get("/v1/policy/versions/1", administrator, 200).await;
    asked.post("/v1/policy/preview", administrator, Some(json!({ "document": policy })), 200).await;
    asked.post("/v1/policy/preview", administrator, Some(json!({ "document": "{}" })), 200).await;
    asked.post("/v1/policy/versions", administrator, draft(1, None), 201).await;
    asked.post("/v1/policy/versions", administrator, draft(1, None), 409).await;
    asked.post("/v1/policy/versions", administrator, draft(2, Some("2027-01-01T00:00:00Z")), 201).await;
    asked.post("/v1/policy/versions/3/approve", administrator, None, 409).await;
    asked.post("/v1/policy/versions/3/withdraw", administrator, None, 200).await;
    let until = json!({ "until": "2026-11-23T17:00:00+01:00", "reason": "strike" });
    asked.post("/v1/policy/closing", administrator, Some(until), 201).await;
    asked.post("/v1/policy/opening", administrator, None, 201).await;
    let banner = json!({ "text": { "it": "Avviso." } });
    asked.post("/v1/policy/banner", administrator, Some(banner), 201).await;
    let answer = |id: &str, text: &str| {
        Some(json!({ "id": id, "question": "Quando pagate?", "answer": text, "language": "it" }))
    };
    asked.post("/v1/policy/answers", ticket, answer("p1", "Entro 15 giorni."), 204).await;
    asked.post("/v1/policy/answers", ticket, answer("p2", " "), 400).await;
    asked.post("/v1/policy/answers", administrator, answer("p3", "Presto."), 403).await;
    asked.get("/v1/policy", administrator, 200).await;
    asked.post("/v1/policy/answers/p1/settled", ticket, None, 403).await;
    asked.post("/v1/policy/answers/p1/settled", administrator, None, 204).await;

    let all: BTreeSet<_> = Contract::get().unwrap().operations().collect();
    assert_eq!(all.difference(&asked.operations).collect::<Vec<_>>(), Vec::<&&str>::new(), "never asked");
}

const METRICS_TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn an_answer_that_the_documents_do_not_describe_is_found_out() {
    let contract = Contract::get().unwrap();
    let check = |path: &str, status, content_type: &str, body: &str| {
        contract.check(&Method::GET, path, status, content_type, body).map_err(|error| error.to_string())
    };
    let healthy = r#"{"status":"ok","dead_letters":0,"refusals_waiting":0,"refusals_lost":0}"#;
    assert_eq!(check("/healthz", 200, "application/json", healthy), Ok(Some("GET /healthz")));
    assert_eq!(check("/nowhere", 200, "application/json", healthy), Ok(None));
    check("/healthz", 200, "application/json", r#"{"status":"ok","dead_letters":0}"#).unwrap_err();
    check("/healthz", 200, "text/plain", healthy).unwrap_err();
    check("/healthz", 201, "application/json", healthy).unwrap_err();
    check("/healthz", 500, "application/json", healthy).unwrap_err();
}

/// The operations that were asked for, with their answers checked.
struct Asked<'o> {
    office: &'o LineaInps,
    operations: BTreeSet<&'static str>,
}

impl Asked<'_> {
    async fn get(&mut self, path: &str, bearer: Option<&str>, status: u16) -> Answer {
        self.ask(Method::GET, path, bearer, None, status).await
    }

    async fn post(&mut self, path: &str, bearer: Option<&str>, body: Option<Value>, status: u16) -> Answer {
        self.ask(Method::POST, path, bearer, body, status).await
    }

    async fn ask(
        &mut self,
        method: Method,
        path: &str,
        bearer: Option<&str>,
        body: Option<Value>,
        status: u16,
    ) -> Answer {
        let edge = self.office.edge();
        let mut request = edge.http().request(method.clone(), format!("{}{path}", edge.url()));
        if let Some(bearer) = bearer {
            request = request.bearer_auth(bearer);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = Answer::to(request).await.unwrap();
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        let path = path.split('?').next().unwrap();
        let content_type = answer.header("content-type");
        let contract = Contract::get().unwrap();
        let operation = contract.check(&method, path, answer.status, content_type, &answer.body).unwrap();
        self.operations.extend(operation);
        answer
    }
}
