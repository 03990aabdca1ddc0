// SPDX-License-Identifier: EUPL-1.2
//! Linea INPS and the registry over HTTP: tokens, signatures, failure modes, and the delivery of updates.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop where it stands"
)]

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use infocig_demo::{
    Client as Caller, KeyPair, LINEA_INPS_ISSUER, Person, Settings, Signer, edge_setting, serve,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use reqwest::{Client, RequestBuilder, Response, header, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

const CLIENT: &str = "info-cig";

#[tokio::test]
async fn a_segnalazione_is_taken_once_however_often_it_comes() {
    let inps = Inps::start().await;
    let body = segnalazione("a.1", "Pagate settembre.");

    let first = inps.deliver(&body).await;
    assert_eq!(first.status(), 201);
    let location = first.headers()[header::LOCATION].to_str().unwrap().to_owned();
    assert_eq!(location, inps.url("/linea-inps/segnalazioni/LI-2026-000001"));
    let answer: Value = first.json().await.unwrap();
    assert_eq!(answer, json!({ "number": "LI-2026-000001", "state": "accepted" }));
    let again = inps.deliver(&body).await;
    assert_eq!(again.status(), 200);
    assert_eq!(again.json::<Value>().await.unwrap(), answer);
    let other = inps.deliver(&segnalazione("a.1", "Pagate ottobre.")).await;
    check_problem(other, 422, "idempotency-key-reused").await;

    let one = &inps.list().await[0];
    assert_eq!((&one["deliveries"], &one["refused"], &one["body"]), (&json!(2), &json!(1), &body));
    assert_eq!(inps.list().await.len(), 1);
    let there: Value = inps.http.get(location).send().await.unwrap().json().await.unwrap();
    assert_eq!(there["key"], "a.1");
}

#[tokio::test]
async fn the_key_in_the_header_is_the_one_in_the_body() {
    let inps = Inps::start().await;
    let body = segnalazione("a.1", "Pagate.");
    let send = async |key: Option<&str>| {
        let request = inps.signed("/linea-inps/segnalazioni", body.to_string()).await;
        let request = key.into_iter().fold(request, |request, key| request.header("Idempotency-Key", key));
        request.send().await.unwrap()
    };

    check_problem(send(None).await, 400, "idempotency-key-missing").await;
    check_problem(send(Some("a.2")).await, 400, "idempotency-key-mismatch").await;
    let incomplete = inps.deliver(&json!({ "key": "a.1" })).await;
    check_problem(incomplete, 422, "segnalazione-incomplete").await;
    assert!(inps.list().await.is_empty());
}

#[tokio::test]
async fn nothing_is_taken_without_a_token_and_a_signature() {
    let inps = Inps::start().await;
    let path = "/linea-inps/segnalazioni";
    let body = segnalazione("a.1", "Pagate.").to_string();
    let token = inps.token().await;
    let proofs = inps.proofs(&inps.url("/linea-inps"), &body);
    let send = async |token: Option<&str>, headers: &[(&str, String)], body: &str| {
        let mut request = inps.http.post(inps.url(path)).body(body.to_owned());
        for (name, value) in headers.iter().chain(&[("Idempotency-Key", "a.1".to_owned())]) {
            request = request.header(*name, value);
        }
        token.into_iter().fold(request, RequestBuilder::bearer_auth).send().await.unwrap()
    };

    let challenged = send(None, &proofs, &body).await;
    assert!(challenged.headers().contains_key(header::WWW_AUTHENTICATE));
    check_problem(challenged, 401, "token-missing").await;
    let challenged = send(Some("unknown"), &proofs, &body).await;
    let challenge = challenged.headers()[header::WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("invalid_token"), "{challenge}");
    check_problem(challenged, 401, "token-invalid").await;
    check_problem(send(Some(&token), &proofs, "{}").await, 400, "digest-mismatch").await;
    check_problem(send(Some(&token), &proofs[..1], &body).await, 415, "not-json").await;
    check_problem(send(Some(&token), &proofs[1..], &body).await, 401, "signature-missing").await;
    let elsewhere = inps.proofs(&inps.url("/cases"), &body);
    check_problem(send(Some(&token), &elsewhere, &body).await, 401, "signature-audience").await;
    assert_eq!(send(Some(&token), &proofs, &body).await.status(), 201);
    check_problem(send(Some(&token), &proofs, &body).await, 401, "signature-replayed").await;
    let large = "x".repeat(1024 * 1024 + 1);
    check_problem(send(Some(&token), &proofs, &large).await, 413, "body-too-large").await;
    assert_eq!(inps.list().await.len(), 1);
}

#[tokio::test]
async fn tokens_are_for_the_client_that_is_known() {
    let inps = Inps::start().await;
    let asked = async |form: &[(&str, &str)]| {
        let response = inps.form("/linea-inps/token", form).send().await.unwrap();
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let status = response.status().as_u16();
        (status, response.json::<Value>().await.unwrap())
    };
    let assertion = inps.assertion(json!({}));
    let form = |grant, id, kind, assertion| {
        [
            ("grant_type", grant),
            ("client_id", id),
            ("client_assertion_type", kind),
            ("client_assertion", assertion),
        ]
    };
    let right = form("client_credentials", CLIENT, ASSERTION_TYPE, &assertion);

    let (status, answer) = asked(&right).await;
    assert_eq!((status, &answer["token_type"], &answer["expires_in"]), (200, &json!("Bearer"), &json!(300)));
    let stranger = KeyPair::generate().unwrap().signer().unwrap();
    let forged = stranger.sign("JWT", &inps.assertion_claims(json!({}))).unwrap();
    for (form, status, error) in [
        (right.as_slice(), 401, "invalid_client"),
        (&right[..3], 400, "invalid_request"),
        (&form("password", CLIENT, ASSERTION_TYPE, &assertion), 400, "unsupported_grant_type"),
        (&form("client_credentials", "x", ASSERTION_TYPE, &assertion), 401, "invalid_client"),
        (&form("client_credentials", CLIENT, "x", &assertion), 400, "invalid_request"),
        (&form("client_credentials", CLIENT, ASSERTION_TYPE, &forged), 401, "invalid_client"),
    ] {
        let (actual, answer) = asked(form).await;
        assert_eq!((actual, &answer["error"]), (status, &json!(error)), "{form:?}");
    }
}

#[tokio::test]
async fn without_a_client_nobody_is_let_in() {
    let inps = Inps::begin(|settings| Settings { client: None, ..settings }).await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &inps.assertion(json!({}))),
    ];

    let response = inps.form("/linea-inps/token", &form).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let request = inps.http.post(inps.url("/linea-inps/segnalazioni")).bearer_auth("x");
    let response = request.header(header::CONTENT_TYPE, "application/json").body("{}").send().await.unwrap();
    check_problem(response, 401, "token-invalid").await;
}

#[tokio::test]
async fn an_audit_wants_the_evidence_the_token_was_asked_for_with() {
    let inps = Inps::begin(|settings| Settings { audit: true, ..settings }).await;
    let body = segnalazione("a.1", "Pagate.");
    let evidence = inps.evidence();
    let bound = json!({ "digest": { "alg": "SHA256", "value": hex(&Sha256::digest(&evidence)) } });
    let send = async |asked: Value, evidence: Option<&str>| {
        let token = inps.token_for(asked).await;
        let request = inps.signed_with(&token, "/linea-inps/segnalazioni", body.to_string());
        let request = request.header("Idempotency-Key", "a.1");
        let add = |request: RequestBuilder, jws| request.header("Agid-JWT-TrackingEvidence", jws);
        evidence.into_iter().fold(request, add).send().await.unwrap()
    };

    check_problem(send(bound.clone(), None).await, 400, "evidence-missing").await;
    check_problem(send(json!({}), Some(&evidence)).await, 401, "evidence-unbound").await;
    check_problem(send(bound.clone(), Some(&inps.evidence())).await, 401, "evidence-unbound").await;
    check_problem(send(bound.clone(), Some("x")).await, 401, "evidence-invalid").await;
    assert_eq!(send(bound.clone(), Some(&evidence)).await.status(), 201);
    assert_eq!(send(bound, Some(&evidence)).await.status(), 200);
}

#[tokio::test]
async fn it_fails_as_configured() {
    let inps = Inps::start().await;
    for (mode, status, taken) in [
        ("refusing", 400, false),
        ("unavailable", 503, false),
        ("throttling", 429, false),
        ("conflict", 409, false),
        ("forbidden", 403, false),
        ("not-found", 404, false),
        ("unauthorised", 401, false),
        ("invalid", 422, false),
        ("slow", 201, true),
    ] {
        inps.mode("/linea-inps/mode", json!({ "mode": mode, "seconds": 1 })).await;
        let before = inps.list().await.len();
        let response = inps.deliver(&segnalazione(&format!("{mode}.1"), "Pagate.")).await;
        assert_eq!(response.status(), status, "{mode}");
        let later = response.headers().get(header::RETRY_AFTER).map(|value| value.to_str().unwrap());
        assert_eq!(later, matches!(status, 429 | 503).then_some("1"), "{mode}");
        assert_eq!(inps.list().await.len() - before, usize::from(taken), "{mode}");
    }
    let setting: Value = inps.get("/linea-inps/mode").await.json().await.unwrap();
    assert_eq!(setting, json!({ "mode": "slow", "seconds": 1 }));
    for wrong in [json!({ "mode": "sideways" }), json!({ "mode": "slow", "seconds": 601 }), json!({})] {
        let response = inps.http.put(inps.url("/linea-inps/mode")).json(&wrong).send().await.unwrap();
        check_problem(response, 400, "mode-invalid").await;
    }
}

#[tokio::test]
async fn a_cut_or_corrupted_answer_may_follow_an_accepted_request() {
    let inps = Inps::start().await;
    for (mode, taken) in [("down", 0), ("lost-answer", 1), ("truncated", 1), ("huge", 1), ("not-json", 1)] {
        inps.mode("/linea-inps/mode", json!({ "mode": mode })).await;
        let key = format!("{mode}.1");
        let request = inps.delivery(&segnalazione(&key, "Pagate.")).await;
        match mode {
            "down" | "lost-answer" => assert!(request.send().await.is_err(), "{mode}"),
            "truncated" => {
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), 201);
                assert!(response.bytes().await.is_err());
            }
            "huge" => assert!(request.send().await.unwrap().bytes().await.unwrap().len() > 8 * 1024 * 1024),
            _ => assert!(request.send().await.unwrap().json::<Value>().await.is_err()),
        }
        let list = inps.list().await;
        assert_eq!(list.iter().filter(|one| one["key"] == key.as_str()).count(), taken, "{mode}");
    }
    inps.mode("/linea-inps/mode", json!({ "mode": "up" })).await;
    assert_eq!(inps.deliver(&segnalazione("lost-answer.1", "Pagate.")).await.status(), 200);
}

#[tokio::test]
async fn flapping_lets_one_in_five_through_and_still_takes_once() {
    let inps = Inps::start().await;
    inps.mode("/linea-inps/mode", json!({ "mode": "flapping" })).await;
    let body = segnalazione("a.1", "Pagate.");
    let mut statuses = Vec::new();
    for _ in 0..5 {
        let answer = inps.delivery(&body).await.send().await;
        statuses.push(answer.map_or(0, |response| response.status().as_u16()));
    }

    assert_eq!(statuses, [0, 0, 0, 503, 200]);
    let one = &inps.list().await[0];
    assert_eq!((&one["deliveries"], &one["refused"]), (&json!(2), &json!(3)));
}

#[tokio::test]
async fn updates_are_sent_until_the_edge_has_heard_them_in_order() {
    let edge = Edge::start(vec![503, 401, 200, 409, 200]).await;
    let inps = Inps::begin(|settings| Settings { edge: edge.origin.clone(), ..settings }).await;
    inps.deliver(&segnalazione("a.1", "Pagate.")).await;

    let begun = inps.shift(json!({ "state": "in_progress" })).await;
    assert_eq!(
        (begun.status().as_u16(), begun.json::<Value>().await.unwrap()["state"].clone()),
        (200, json!("in_progress"))
    );
    let answered = inps.shift(json!({ "state": "answered", "text": "Fatto." })).await;
    assert_eq!(answered.status(), 200);
    check_problem(inps.shift(json!({ "state": "in_progress" })).await, 409, "not-forward").await;
    check_problem(inps.shift(json!({ "state": "answered" })).await, 409, "not-forward").await;
    check_problem(inps.shift(json!({ "state": "gone" })).await, 400, "move-invalid").await;
    let one = inps.until(|one| one["updates"] == 0).await;

    // 503 and 401 are tried again, 409 is not.
    assert_eq!((&one["updates_delivered"], &one["updates_given_up"]), (&json!(1), &json!(1)));
    let received = edge.received();
    let states: Vec<_> = received.iter().map(|(_, body)| body["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["in_progress", "in_progress", "in_progress", "answered"]);
    assert_eq!(
        received[3].1,
        json!({ "key": "a.1", "number": "LI-2026-000001", "state": "answered", "text": "Fatto." })
    );
    let set: JwkSet = inps.get("/linea-inps/.well-known/jwks.json").await.json().await.unwrap();
    let mut ids = Vec::new();
    for (headers, body) in &received {
        let text = |name: &str| headers[name].to_str().unwrap();
        let kid = jsonwebtoken::decode_header(text("agid-jwt-signature")).unwrap().kid.unwrap();
        let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&[format!("{}/v1/linea-inps/updates", edge.origin)]);
        validation.set_issuer(&[LINEA_INPS_ISSUER]);
        let claims =
            jsonwebtoken::decode::<Value>(text("agid-jwt-signature"), &key, &validation).unwrap().claims;
        assert_eq!(
            claims["signed_headers"],
            json!([{ "digest": text("digest") }, { "content-type": text("content-type") }])
        );
        assert_eq!(text("digest"), digest_of(&body.to_string()));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 30);
        ids.push(claims["jti"].as_str().unwrap().to_owned());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), received.len());
}

#[tokio::test]
async fn another_site_cannot_play_the_office() {
    let inps = Inps::start().await;
    inps.deliver(&segnalazione("a.1", "Pagate.")).await;
    for (method, path) in [
        (reqwest::Method::POST, "/linea-inps/segnalazioni/LI-2026-000001/move"),
        (reqwest::Method::POST, "/linea-inps/mode"),
        (reqwest::Method::PUT, "/linea-inps/mode"),
        (reqwest::Method::PUT, "/cases/mode"),
    ] {
        let request = inps.http.request(method, inps.url(path)).header("Sec-Fetch-Site", "cross-site");
        check_problem(request.send().await.unwrap(), 403, "cross-site").await;
    }
}

#[tokio::test]
async fn an_office_works_on_the_page_without_scripts() {
    let inps = Inps::start().await;
    // The templates escape slashes in values, which HTML does not ask for.
    let page = async || inps.get("/linea-inps").await.text().await.unwrap().replace("&#x2f;", "/");
    assert!(page().await.contains("Non è arrivata nessuna segnalazione"));
    inps.deliver(&segnalazione("a.1", "<b>Pagate</b> settembre.")).await;

    let shown = page().await;
    for words in [
        "LI-2026-000001",
        "23/11/2026, 14:20 UTC",
        "Napoli (063)",
        "Carmine Improta",
        "CIGO",
        "&lt;b&gt;Pagate&lt;/b&gt; settembre.",
        "Quando arriva?",
        "Presa in carico",
        "Inoltrata da Giulia",
    ] {
        assert!(shown.contains(words), "{words}");
    }
    let form = async |path: &str, fields: &[(&str, &str)]| inps.form(path, fields).send().await.unwrap();
    let move_path = "/linea-inps/segnalazioni/LI-2026-000001/move";
    let begun = form(move_path, &[("state", "in_progress")]).await;
    assert_eq!(begun.status(), 303);
    assert_eq!(begun.headers()[header::LOCATION], "/linea-inps");
    let empty = form(move_path, &[("state", "answered"), ("text", "")]).await;
    assert_eq!(empty.status(), 400);
    assert!(empty.text().await.unwrap().contains("Scrivi la risposta"));
    form(move_path, &[("state", "answered"), ("text", "Riga 1\r\nRiga 2")]).await;
    assert_eq!(inps.list().await[0]["answer"], "Riga 1\nRiga 2");
    assert!(page().await.contains("Risposta data"));

    assert_eq!(form("/linea-inps/mode", &[("mode", "down"), ("seconds", "")]).await.status(), 303);
    assert!(page().await.contains(r#"<option value="down" selected>"#));
    assert_eq!(form("/cases/mode", &[("mode", "slow"), ("seconds", "3")]).await.status(), 303);
    let setting: Value = inps.get("/cases/mode").await.json().await.unwrap();
    assert_eq!(setting, json!({ "mode": "slow", "seconds": 3 }));
    assert_eq!(form("/cases/mode", &[("mode", "x")]).await.status(), 400);
}

#[tokio::test]
async fn the_registry_answers_authorised_callers() {
    let inps = Inps::start().await;
    let ask =
        async |asked: Value| inps.signed("/cases/searches", asked.to_string()).await.send().await.unwrap();
    let subject = |id: &str, category: &str, more: Value| {
        let mut asked = json!({
            "issuer": inps.origin, "subject": Person::by_id(id).unwrap().subject, "category": category,
        });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };

    let own: Value = ask(subject("worker-napoli", "lavoratore", json!({}))).await.json().await.unwrap();
    assert_eq!(own["as_of"], "2026-11-23T05:00:00Z");
    let from: Vec<_> = own["cases"].as_array().unwrap().iter().map(|case| case["from"].as_str()).collect();
    assert!(from.len() == 3 && from.is_sorted_by(|one, other| one >= other), "{from:?}");
    assert_eq!(own["cases"][1]["status"], "waiting_for_employer");
    let actor = json!({ "actor": Person::by_id("worker-roma").unwrap().subject });
    check_problem(ask(subject("worker-napoli", "lavoratore", actor)).await, 403, "not-delegated").await;
    let company = json!({ "matricola": "9900000015" });
    check_problem(ask(subject("consulente-napoli", "consulente", company)).await, 403, "not-delegated").await;
    let company = json!({ "matricola": "9900000215" });
    let cases = ask(subject("consulente-napoli", "consulente", company)).await;
    assert!(!cases.json::<Value>().await.unwrap()["cases"].as_array().unwrap().is_empty());
    check_problem(ask(json!({ "subject": "p" })).await, 400, "body-invalid").await;

    inps.mode("/cases/mode", json!({ "mode": "unavailable" })).await;
    let response = ask(subject("worker-napoli", "lavoratore", json!({}))).await;
    check_problem(response, 503, "unavailable").await;
}

#[tokio::test]
async fn the_registry_and_linea_inps_want_a_signature_each() {
    let inps = Inps::start().await;
    let body = "{}";
    let token = inps.token().await;
    let mut request = inps.http.post(inps.url("/cases/searches")).bearer_auth(token).body(body);
    for (name, value) in inps.proofs(&inps.url("/linea-inps"), body) {
        request = request.header(name, value);
    }

    check_problem(request.send().await.unwrap(), 401, "signature-audience").await;
}

#[test]
fn the_contracts_name_every_address_mode_and_code() {
    let linea = include_str!("../../docs/linea-inps.openapi.yaml");
    let cases = include_str!("../../docs/cases.openapi.yaml");
    for path in [
        "/linea-inps/token:",
        "/linea-inps/segnalazioni:",
        "/linea-inps/segnalazioni/{number}:",
        "/linea-inps/segnalazioni/{number}/move:",
        "/linea-inps/mode:",
        "/linea-inps/.well-known/jwks.json:",
        "/v1/linea-inps/updates:",
    ] {
        assert!(linea.contains(&format!("  {path}")), "{path}");
    }
    for path in ["/cases/searches:", "/cases/mode:"] {
        assert!(cases.contains(&format!("  {path}")), "{path}");
    }
}

/// A running stand-in with its client.
struct Inps {
    origin: String,
    http: Client,
    signer: Signer,
}

impl Inps {
    async fn start() -> Self {
        Self::begin(|settings| settings).await
    }

    async fn begin(change: impl FnOnce(Settings) -> Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let pair = KeyPair::generate().unwrap();
        let setting = edge_setting(&origin, CLIENT, &pair);
        assert_eq!(setting["kid"], pair.kid());
        let portal_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public/portal");
        let settings = Settings::new("http://127.0.0.1:9", &origin, portal_dir).with_client(Caller {
            id: CLIENT.to_owned(),
            public_key: pair.public_pem().to_owned(),
            kid: None,
        });
        tokio::spawn(serve(listener, change(settings)));
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { origin, http, signer: pair.signer().unwrap() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let encoded =
            |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let fields: Vec<_> =
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.http.post(self.url(path)).body(fields.join("&"));
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    fn assertion_claims(&self, more: Value) -> Value {
        let mut claims = json!({
            "iss": CLIENT, "sub": CLIENT, "aud": self.url("/linea-inps/token"), "jti": id(),
            "iat": now(), "exp": now() + 60,
        });
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        claims
    }

    fn assertion(&self, more: Value) -> String {
        self.signer.sign("JWT", &self.assertion_claims(more)).unwrap()
    }

    fn evidence(&self) -> String {
        let claims = json!({
            "iss": CLIENT, "aud": self.url("/linea-inps"), "jti": id(), "iat": now(), "nbf": now(),
            "exp": now() + 300, "dnonce": 1_234_567_890_123_u64, "purposeId": "p-1", "userID": "u-1",
            "loa": "SpidL2",
        });
        self.signer.sign("JWT", &claims).unwrap()
    }

    async fn token(&self) -> String {
        self.token_for(json!({})).await
    }

    async fn token_for(&self, more: Value) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", &self.assertion(more)),
        ];
        let response = self.form("/linea-inps/token", &form).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json::<Value>().await.unwrap()["access_token"].as_str().unwrap().to_owned()
    }

    /// Signature, content type and digest for a body.
    fn proofs(&self, audience: &str, body: &str) -> [(&'static str, String); 3] {
        let digest = digest_of(body);
        let claims = json!({
            "iss": CLIENT, "aud": audience, "iat": now(), "exp": now() + 30, "jti": id(),
            "signed_headers": [{ "digest": digest }, { "content-type": "application/json" }],
        });
        let signature = self.signer.sign("JWT", &claims).unwrap();
        [
            ("Agid-JWT-Signature", signature),
            ("Content-Type", "application/json".to_owned()),
            ("Digest", digest),
        ]
    }

    async fn signed(&self, path: &str, body: String) -> RequestBuilder {
        self.signed_with(&self.token().await, path, body)
    }

    fn signed_with(&self, token: &str, path: &str, body: String) -> RequestBuilder {
        let base = path.rsplit_once('/').unwrap().0;
        let mut request = self.http.post(self.url(path)).bearer_auth(token);
        for (name, value) in self.proofs(&self.url(base), &body) {
            request = request.header(name, value);
        }
        request.body(body)
    }

    async fn delivery(&self, body: &Value) -> RequestBuilder {
        let key = body["key"].as_str().unwrap();
        self.signed("/linea-inps/segnalazioni", body.to_string()).await.header("Idempotency-Key", key)
    }

    async fn deliver(&self, body: &Value) -> Response {
        self.delivery(body).await.send().await.unwrap()
    }

    async fn list(&self) -> Vec<Value> {
        self.get("/linea-inps/segnalazioni").await.json().await.unwrap()
    }

    async fn mode(&self, path: &str, setting: Value) {
        let response = self.http.put(self.url(path)).json(&setting).send().await.unwrap();
        assert_eq!(response.status(), 200, "{setting}");
    }

    async fn shift(&self, to: Value) -> Response {
        let path = self.url("/linea-inps/segnalazioni/LI-2026-000001/move");
        self.http.post(path).json(&to).send().await.unwrap()
    }

    async fn until(&self, holds: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..200 {
            let one = self.list().await.swap_remove(0);
            if holds(&one) {
                return one;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never came: {:?}", self.list().await)
    }
}

/// An edge that answers updates with given statuses, and records them.
struct Edge {
    origin: String,
    received: Received,
}

type Received = Arc<Mutex<Vec<(HeaderMap, Value)>>>;

impl Edge {
    async fn start(answers: Vec<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let received = Received::default();
        let log = Arc::clone(&received);
        let receive = async move |headers: HeaderMap, body: Bytes| {
            let mut calls = log.lock().unwrap();
            calls.push((headers, serde_json::from_slice(&body).unwrap()));
            axum::http::StatusCode::from_u16(answers[calls.len() - 1]).unwrap()
        };
        let router = Router::new().route("/v1/linea-inps/updates", post(receive));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, received }
    }

    fn received(&self) -> Vec<(HeaderMap, Value)> {
        self.received.lock().unwrap().clone()
    }
}

fn segnalazione(key: &str, description: &str) -> Value {
    json!({
        "key": key, "at": "2026-11-23T14:20:00Z", "office": "063",
        "person": {
            "name": "Carmine Improta", "category": "lavoratore", "province": "063",
            "province_name": "Napoli", "credential": "cie",
        },
        "subject": { "issuer": "http://p", "subject": "p-17d2ab5e603c49f8", "category": "lavoratore" },
        "advisor": { "id": "adv-7f3a", "name": "Giulia" }, "topic": ["pagamenti", "stato", "ritardo"], "kind": "cigo",
        "description": description,
        "messages": [{ "seq": 3, "at": "2026-11-23T14:18:00Z", "author": "citizen", "text": "Quando arriva?" }],
    })
}

fn digest_of(body: &str) -> String {
    format!("SHA-256={}", STANDARD.encode(Sha256::digest(body)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn id() -> String {
    infocig_demo::uuid_v4().unwrap()
}

fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "signatures live by the real clock")]
    let now = SystemTime::now();
    i64::try_from(now.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

async fn check_problem(response: Response, status: u16, code: &str) {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let actual = response.status().as_u16();
    let problem: Value = response.json().await.unwrap();
    assert_eq!((actual, &problem["code"]), (status, &json!(code)), "{problem}");
}

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
