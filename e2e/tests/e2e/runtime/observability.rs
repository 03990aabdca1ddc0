// SPDX-License-Identifier: EUPL-1.2
//! What operators see of the running service: its metrics, whether it is ready, and a log in which nobody's words are.

use std::{collections::BTreeSet, time::Duration};

use axum::{Router, extract::State, http::HeaderMap, routing::post};
use infocig_demo::Person;
use infocig_e2e::{
    answer::Answer,
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions, issuer_at},
    linea_inps::{LineaInps, draft},
    plain::Reader,
    scene::Scene,
    wait,
};
use infocig_protocol::{
    desk::AssignedConversation,
    entry::EntryBody,
    frame::ClientFrame,
    http::ConversationOpened,
    problem::Code,
    segnalazione::{SegnalazioneDraft, SegnalazioneState},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc, time::timeout};

const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn metrics_are_for_the_holder_of_the_token_and_count_what_happens() {
    let closed = Scene::open().await.unwrap();
    assert_eq!(ask(&closed.edge, "/metrics", Some(TOKEN)).await.status, 404, "the setting opens it");

    let scene = Scene::with(watched).await.unwrap();
    for token in [None, Some("0123456789abcdef"), Some("")] {
        let refused = ask(&scene.edge, "/metrics", token).await;
        assert_eq!(refused.problem().unwrap().code, Code::TokenMissing, "{token:?}");
    }
    let before = metrics(&scene.edge).await;
    assert_eq!(value(&before, "infocig_messages_stored_total"), 0);

    scene.edge.set_clock("2026-11-23T20:00:00+01:00").await.unwrap();
    scene.ask(&scene.claims("worker-napoli").unwrap()).await.unwrap().problem().unwrap();
    scene.edge.set_clock(A_WORKING_AFTERNOON).await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    for text in ["Buongiorno", "Quando arriva?"] {
        chat.post_message(text).await.unwrap();
    }
    chat.post("empty", " ").await.unwrap();
    assert_eq!(chat.refused().await.unwrap().code, Code::MessageEmpty);
    scene.enter_again("worker-roma").await.unwrap();
    scene.chat_after(&opened, 2).await.unwrap();
    let polls = scene.polls(&opened).unwrap();
    polls.exchange(&[infocig_e2e::chat::hello(&opened.ticket, 0)]).await.unwrap();
    scene.present(Some("not a token")).await.unwrap();

    for line in [
        "infocig_messages_stored_total 2",
        "infocig_frames_refused_total{object=\"conversation\",code=\"message-empty\"} 1",
        "infocig_admissions_total{code=\"open\"} 1",
        "infocig_admissions_total{code=\"resumed\"} 1",
        "infocig_admissions_total{code=\"outside-hours\"} 1",
        "infocig_tokens_refused_total{code=\"token-malformed\"} 1",
        "infocig_links_accepted_total{object=\"conversation\",transport=\"socket\",resumed=\"no\"} 1",
        "infocig_links_accepted_total{object=\"conversation\",transport=\"socket\",resumed=\"yes\"} 1",
        "infocig_links_accepted_total{object=\"conversation\",transport=\"polls\",resumed=\"no\"} 1",
        "infocig_polls_total{object=\"conversation\"} 1",
        "infocig_objects_woken{object=\"conversation\"} 2",
        "infocig_http_requests_total{route=\"/v1/conversations/{id}/socket\",status=\"1xx\"} 2",
        "infocig_http_requests_total{route=\"/v1/conversations\",status=\"4xx\"} 2",
        "infocig_object_up{object=\"desk\",name=\"info-cig\"} 1",
        "infocig_object_up{object=\"register\",name=\"register\"} 1",
        "infocig_object_up{object=\"linea-inps\",name=\"linea-inps\"} 1",
        "infocig_desk_waiting{desk=\"info-cig\",queue=\"info-cig\"} 1",
        "infocig_segnalazioni{state=\"waiting\"} 0",
    ] {
        seen(&scene.edge, line).await;
    }

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.answer(&opened.conversation).await.unwrap();
    for line in [
        "infocig_desk_waiting{desk=\"info-cig\",queue=\"info-cig\"} 0",
        "infocig_desk_held{desk=\"info-cig\",queue=\"info-cig\"} 1",
        "infocig_desk_advisors{desk=\"info-cig\",presence=\"available\"} 1",
        "infocig_wait_seconds_count{desk=\"info-cig\",queue=\"info-cig\"} 1",
        "infocig_outbox_messages{object=\"desk\",name=\"info-cig\"} 0",
    ] {
        seen(&scene.edge, line).await;
    }
    let after = metrics(&scene.edge).await;
    for series in [
        "infocig_alarms_total{object=\"conversation\"}",
        "infocig_outbox_delivered_total{object=\"conversation\"}",
        "infocig_outbox_delay_seconds_count{object=\"conversation\"}",
        "infocig_alarm_delay_seconds_count{object=\"conversation\"}",
        "infocig_storage_bytes{object=\"desk\",name=\"info-cig\"}",
        "infocig_http_request_duration_seconds_count",
    ] {
        assert!(value(&after, series) > 0, "{series}:\n{after}");
    }
    for personal in [opened.conversation.as_str(), opened.conversation.object(), "Lucia", "Giulia", "adv-"] {
        assert!(!after.contains(personal), "{personal}:\n{after}");
    }
}

#[tokio::test]
async fn every_metric_of_the_dashboard_and_of_the_alerts_is_exposed() {
    let scene = Scene::with(watched).await.unwrap();
    let exposed = ask(&scene.edge, "/metrics", Some(TOKEN)).await;
    assert_eq!(exposed.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let kinds: BTreeSet<(&str, &str)> =
        exposed.body.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
    let is_exposed = |name: &str| {
        let parts = ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part));
        kinds.iter().any(|(known, kind)| {
            *known == name && *kind != "histogram" || Some(*known) == parts && *kind == "histogram"
        })
    };
    let documents = [
        include_str!("../../../../packaging/grafana/infocig.json"),
        include_str!("../../../../packaging/prometheus/alerts.yml"),
    ];
    for document in documents {
        let words = document.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        let named: BTreeSet<&str> = words.filter(|word| word.starts_with("infocig_")).collect();
        assert!(named.len() > 10, "{named:?}");
        let missing: Vec<_> = named.iter().filter(|name| !is_exposed(name)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
    let rules: Value = serde_saphyr::from_str(documents[1]).unwrap();
    let rules =
        rules["groups"].as_array().unwrap().iter().flat_map(|group| group["rules"].as_array().unwrap());
    for rule in rules {
        let says = |member: &str| rule["annotations"][member].as_str().is_some_and(|text| !text.is_empty());
        assert!(says("summary") && says("description") && rule["expr"].is_string(), "{rule}");
    }
    let dashboard: Value = serde_json::from_str(documents[0]).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() > 20);
}

#[tokio::test]
async fn it_is_ready_once_a_row_was_stored_an_alarm_rang_and_keys_are_known() {
    let scene = Scene::open().await.unwrap();

    let ready: Value = scene.edge.get("/readyz").await.unwrap().document(200).unwrap();

    assert_eq!(ready["status"], "ready");
    let checks: Vec<_> =
        ready["checks"].as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    assert_eq!(checks, ["settings", "process", "storage", "alarms", "keys"]);
    assert!(ready["checks"].as_array().unwrap().iter().all(|one| one["state"] == "ok"), "{ready}");
    assert!(ready["checks"][3]["found"].as_str().unwrap().starts_with("one rang"), "{ready}");
    assert!(scene.issuer.asked() > 0, "its keys were fetched");
    let storage: Value = scene.edge.get("/readyz?check=storage").await.unwrap().document(200).unwrap();
    assert_eq!(storage["checks"].as_array().unwrap().len(), 1);
    let refused = scene.edge.get("/readyz?check=weather").await.unwrap();
    assert_eq!(refused.problem().unwrap().code, Code::RequestInvalid);
}

#[tokio::test]
async fn without_the_keys_of_an_issuer_it_is_degraded_and_without_any_not_ready_and_alive_all_the_same() {
    let scene = Scene::open().await.unwrap();
    let gone = issuer_at("http://127.0.0.1:1");
    let mut settings = scene.issuer.setting();
    for (issuers, status, state) in
        [(json!([settings.take(), gone]), 200, "degraded"), (json!([gone]), 503, "failed")]
    {
        let edge = Edge::start(EdgeOptions { issuers, ..EdgeOptions::trusting(Value::Null) }).await.unwrap();
        let readiness: Value = edge.get("/readyz").await.unwrap().document(status).unwrap();
        let keys = &readiness["checks"][4];
        assert_eq!(
            (&keys["state"], &keys["code"]),
            (&json!(state), &json!("issuer-unreachable")),
            "{readiness}"
        );
        assert!(keys["found"].as_str().unwrap().contains("http://127.0.0.1:1"), "{keys}");
        assert!(keys["do"].is_string(), "{keys}");
        assert_eq!(edge.get("/healthz").await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_a_check_that_failed() {
    let mut options = EdgeOptions::trusting(issuer_at("https://portale.example"));
    options.bindings.push(("METRICS_TOKEN", Some("short".into())));
    let edge = Edge::launch(options).await.unwrap();

    let readiness: Value = edge.get("/readyz").await.unwrap().document(503).unwrap();

    assert_eq!(readiness["checks"][0]["state"], "failed");
    let found = readiness["checks"][0]["found"].as_str().unwrap();
    assert!(found.starts_with("METRICS_TOKEN must be one word"), "{found}");
}

#[tokio::test]
async fn an_answer_has_the_id_of_its_line_in_the_log_and_the_trace_of_its_caller() {
    let scene = Scene::open().await.unwrap();
    let http = scene.edge.http();
    let url = format!("{}/v1/availability?category=lavoratore", scene.edge.url());

    let traced = Answer::to(http.get(&url).header("traceparent", TRACEPARENT)).await.unwrap();
    let plain = Answer::to(http.get(&url).header("traceparent", "Lucia-Ferretti")).await.unwrap();
    let refused = Answer::to(http.get(format!("{}/v1/nowhere", scene.edge.url()))).await.unwrap();

    let id = traced.header("x-request-id");
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let ids = BTreeSet::from([id, plain.header("x-request-id"), refused.header("x-request-id")]);
    assert_eq!(ids.len(), 3, "each request has its own");
    let expected = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", &id[..16]);
    assert_eq!((traced.header("traceparent"), plain.header("traceparent")), (expected.as_str(), ""));

    let line = line_of(&scene.edge, id).await;
    assert_eq!((&line["method"], &line["route"]), (&json!("GET"), &json!("/v1/availability")));
    assert_eq!((&line["status"], &line["level"]), (&json!(200), &json!("info")));
    assert_eq!(line["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert!(line["ms"].is_u64() && line["at"].as_str().unwrap().ends_with('Z'), "{line}");
    assert!(line_of(&scene.edge, plain.header("x-request-id")).await["trace_id"].is_null());
    let line = line_of(&scene.edge, refused.header("x-request-id")).await;
    assert_eq!((&line["route"], &line["code"]), (&json!("unknown"), &json!("not-found")));
    assert!(!scene.edge.program().written().contains("nowhere"));
}

#[tokio::test]
async fn a_question_to_the_registry_of_cases_carries_the_trace_of_the_request_it_is_for() {
    let (asked, mut heard) = mpsc::unbounded_channel();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let registry = format!("http://{}", listener.local_addr().unwrap());
    let answer = async |State(asked): State<mpsc::UnboundedSender<HeaderMap>>, headers: HeaderMap| {
        let _test_ended = asked.send(headers);
        axum::http::StatusCode::SERVICE_UNAVAILABLE
    };
    let router = Router::new().route("/searches", post(answer)).with_state(asked);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let office = LineaInps::with_setting(|options| options, |setting| setting["cases"] = registry.into());
    let office = office.await.unwrap();
    let opened = office.enter(Person::by_id("worker-napoli").unwrap()).await.unwrap();

    let url = format!("{}/v1/conversations/{}/cases", office.edge().url(), opened.conversation);
    let request =
        office.edge().http().get(url).bearer_auth(&opened.ticket).header("traceparent", TRACEPARENT);
    let answered = Answer::to(request).await.unwrap();

    let headers = heard.recv().await.unwrap();
    assert_eq!(headers["traceparent"].to_str().unwrap(), answered.header("traceparent"));
    assert!(answered.header("traceparent").contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    serving.abort();
}

/// People and advisors do what they do on a day; some of it fails. Then the whole log is searched.
#[tokio::test]
async fn the_log_of_a_day_has_no_word_of_anybody() {
    let office = LineaInps::open(watched).await.unwrap();
    let (scene, mut words) = (&office.scene, Words::default());
    scene.edge.set_clock("2026-11-23T20:00:00+01:00").await.unwrap();
    let late = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    assert_eq!(scene.present(Some(&late)).await.unwrap().status, 403);
    scene.edge.set_clock(A_WORKING_AFTERNOON).await.unwrap();
    words.add([late.as_str()]);
    let token = office.person_token(Person::by_id("worker-napoli").unwrap()).await.unwrap();
    let opened: ConversationOpened = scene.present(Some(&token)).await.unwrap().document(201).unwrap();
    words.add([token.as_str(), &opened.ticket, opened.conversation.as_str(), opened.conversation.object()]);

    // A person writes, is refused, and tries what nobody should.
    let mut chat = scene.chat(&opened).await.unwrap();
    chat.post("messaggio-primo", "Aspetto la cassa di ottobre da settimane").await.unwrap();
    chat.listen().await.unwrap();
    chat.post("messaggio-vuoto", " ").await.unwrap();
    chat.refused().await.unwrap();
    words.add(["messaggio-primo", "messaggio-vuoto", "Aspetto", "settimane"]);
    for text in
        [r#"{"danza":{"con":"Arlecchino"}}"#, r#"{"post":{"id":7,"text":"Pulcinella"}}"#, "{Colombina"]
    {
        chat.socket.send_text(text).await.unwrap();
        chat.refused().await.unwrap();
    }
    words.add(["danza", "Arlecchino", "Pulcinella", "Colombina"]);
    let http = scene.edge.http();
    for path in [
        "/Brighella",
        "/v1/Brighella?nome=Pantalone",
        "/chat/Pantalone",
        "/v1/conversations/Balanzone/socket",
    ] {
        let request = http.get(format!("{}{path}", scene.edge.url()));
        Answer::to(request.header("traceparent", "Truffaldino").header("user-agent", "Scaramuccia"))
            .await
            .unwrap();
    }
    for odd in ["PROPFIND", "SMERALDINA"] {
        let odd = reqwest::Method::from_bytes(odd.as_bytes()).unwrap();
        Answer::to(http.request(odd, format!("{}/v1/history", scene.edge.url()))).await.unwrap();
    }
    words.add(["Brighella", "Pantalone", "Balanzone", "Truffaldino", "Scaramuccia", "SMERALDINA"]);
    let forged = scene.claims("worker-roma").unwrap().with("iss", "https://truffa.example");
    let forged = scene.token(&forged).unwrap();
    assert_eq!(scene.present(Some(&forged)).await.unwrap().status, 401);
    words.add([forged.as_str(), "truffa"]);

    // An advisor answers and forwards; the cases are looked at.
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post("risposta-prima", "Controllo subito la sua domanda").await.unwrap();
    desk.note(&opened.conversation, "Persona agitata").await.unwrap();
    let cases = http.get(format!("{}/v1/conversations/{}/cases", scene.edge.url(), opened.conversation));
    let cases: Value = Answer::to(cases.bearer_auth(&opened.ticket)).await.unwrap().document(200).unwrap();
    let case = cases["cases"][0]["id"].as_str().unwrap();
    let said = draft().unwrap();
    let said = SegnalazioneDraft { description: "Mancano gli estremi bancari".into(), ..said };
    advisor.socket.send(&ClientFrame::Forward(Box::new(said.clone()))).await.unwrap();
    let accepted = chat.listen_until(|body| {
        matches!(body, EntryBody::Segnalazione { state: SegnalazioneState::Accepted {}, .. })
    });
    let EntryBody::Segnalazione { number, .. } = accepted.await.unwrap().body else {
        panic!("no segnalazione")
    };
    words.add([
        "risposta-prima",
        "Controllo",
        "agitata",
        case,
        "bancari",
        said.id.as_str(),
        &number.unwrap(),
    ]);
    words.add(ticket_of(&own));

    // It ends, and is rated, kept and searched for.
    chat.close().await.unwrap();
    let rating = json!({ "answer": "no", "comment": "Nessuna spiegazione" });
    let url = format!("{}/v1/conversations/{}", scene.edge.url(), opened.conversation);
    let rated = http.post(format!("{url}/rating")).bearer_auth(&opened.ticket).json(&rating);
    wait::until("the rating", async || {
        let rated = Answer::to(rated.try_clone()?).await.ok()?;
        (rated.status == 204).then_some(())
    })
    .await
    .unwrap();
    Answer::to(http.get(format!("{url}/transcript")).bearer_auth(&opened.ticket)).await.unwrap();
    let supervisor = scene.desk_session("supervisor").await.unwrap();
    let search =
        format!("{}/v1/supervision/conversations?issuer=x&person=RSSMRA85T10A562S", scene.edge.url());
    Answer::to(http.get(search).bearer_auth(&supervisor.ticket)).await.unwrap();
    words.add(["spiegazione", "RSSMRA85T10A562S", &supervisor.ticket]);

    // Somebody without scripts writes, and an object fails.
    let portal = scene.issuer.origin().to_owned();
    let mut reader = Reader::new(&scene.edge).unwrap();
    let entry = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    reader.enter(&portal, &entry, "it").await.unwrap();
    reader.write("Scrivo senza programmi").await.unwrap();
    reader.open("/chat/history").await.unwrap();
    words.add([entry.as_str(), "programmi", reader.cookie.as_deref().unwrap().split('=').nth(1).unwrap()]);
    let fail = http.post(format!("{}/test/conversations/{}/fail", scene.edge.url(), opened.conversation));
    // The instance is gone, and with it whoever would have answered.
    let _unanswered = timeout(Duration::from_secs(1), fail.body("panic").send()).await;
    scene.edge.get("/healthz").await.unwrap();

    for person in infocig_demo::PEOPLE {
        words.add([person.given_name, person.family_name, person.subject, person.id]);
        words.add(person.companies.iter().flat_map(|company| [company.matricola, company.name]));
    }
    for advisor in ["advisor-giulia", "supervisor"] {
        let advisor = infocig_demo::Advisor::by_id(advisor).unwrap();
        words.add([advisor.id, advisor.subject]);
        words.add(advisor.name.split(' '));
    }
    let log = scene.edge.program().written();
    let found: Vec<&String> = words.0.iter().filter(|word| log.contains(word.as_str())).collect();
    assert!(found.is_empty(), "{found:?} in the log:\n{log}");
    let lines = lines(&log);
    let routes: BTreeSet<&str> = lines.iter().filter_map(|line| line["route"].as_str()).collect();
    for route in [
        "/v1/conversations",
        "/v1/conversations/{id}/socket",
        "/v1/conversations/{id}/rating",
        "/v1/desk/sessions",
        "/v1/supervision/conversations",
        "/chat/messages",
        "/{file}",
        "unknown",
    ] {
        assert!(routes.contains(route), "{route} in {routes:?}");
    }
    assert!(lines.iter().any(|line| line["method"] == "other"), "a method that was made up");
    assert!(lines.iter().all(|line| line["level"].is_string() && line["event"].is_string()));
}

/// Words that nobody may find in a log: short ones could be part of others.
#[derive(Default)]
struct Words(BTreeSet<String>);

impl Words {
    fn add<'w>(&mut self, words: impl IntoIterator<Item = &'w str>) {
        self.0.extend(words.into_iter().filter(|word| word.len() > 3).map(str::to_owned));
    }
}

fn ticket_of(own: &AssignedConversation) -> Option<&str> {
    own.ticket.as_deref()
}

/// The lines of the Worker in a log.
fn lines(log: &str) -> Vec<Value> {
    let objects = log.lines().filter(|line| line.starts_with("{\"at\":"));
    objects.map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// The line of a request, once it is written.
async fn line_of(edge: &Edge, id: &str) -> Value {
    let line = async || lines(&edge.program().written()).into_iter().find(|line| line["request_id"] == id);
    wait::until("the line of the request", line).await.unwrap()
}

fn watched(mut options: EdgeOptions) -> EdgeOptions {
    options.bindings.push(("METRICS_TOKEN", Some(TOKEN.into())));
    options
}

async fn ask(edge: &Edge, path: &str, token: Option<&str>) -> Answer {
    let request = edge.http().get(format!("{}{path}", edge.url()));
    Answer::to(token.into_iter().fold(request, |request, token| request.bearer_auth(token))).await.unwrap()
}

async fn metrics(edge: &Edge) -> String {
    let answer = ask(edge, "/metrics", Some(TOKEN)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body
}

/// Waits until the metrics have a line.
async fn seen(edge: &Edge, line: &str) {
    let is_there = async || metrics(edge).await.lines().any(|one| one == line).then_some(());
    let waited = wait::until(format_args!("{line}"), is_there).await;
    assert!(waited.is_ok(), "{line} is not in:\n{}", metrics(edge).await);
}

/// The whole number of a series; 0 where it is not there.
fn value(metrics: &str, series: &str) -> u64 {
    let line = metrics.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0, |number| number.parse().unwrap())
}
