// SPDX-License-Identifier: EUPL-1.2
//! Segnalazioni: each is sent to Linea INPS once under every failure mode, and its answer returns to the conversation.

use infocig_demo::{Advisor, Person};
use infocig_domain::transcript;
use infocig_e2e::{
    answer::Answer,
    chat::Chat,
    desk::Desk,
    edge::{EdgeOptions, policy_of_three_queues},
    linea_inps::{LineaInps, draft},
    wait,
};
use infocig_protocol::{
    case::{CasePhase, CaseStatus, Cases},
    entry::{Entry, EntryBody, Outcome, Phase},
    frame::ClientFrame,
    http::{ConversationOpened, DeskSessionOpened},
    id::ConversationId,
    problem::Code,
    segnalazione::{Delivery, History, SegnalazioneDraft, SegnalazioneOverview, SegnalazioneState},
};
use serde_json::json;

#[tokio::test]
async fn a_segnalazione_gets_its_number_and_its_answer_also_after_the_end() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let (opened, mut citizen, mut advisor, _desk) = talk(&office).await;
    citizen.post_message("Mancano i miei dati?").await.unwrap();
    let said = advisor.listen().await.unwrap();
    let draft = SegnalazioneDraft { attached: vec![said.seq], ..draft().unwrap() };

    forward(&mut advisor, &draft).await;
    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Sending {})).await;
    let received = office.has(1).await.unwrap().remove(0);
    let number = sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
    assert_eq!(number.as_deref(), Some(received.number.as_str()));
    assert_eq!(received.key, format!("{}.{}", opened.conversation, draft.id));
    assert_eq!(received.body["messages"][0]["text"], "Mancano i miei dati?");
    assert_eq!(received.body["person"]["name"], "Carmine Improta");

    citizen.close().await.unwrap();
    citizen.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await.unwrap();
    office.moves(&received.number, "in_progress", None).await.unwrap();
    sees(&mut citizen, |state| matches!(state, SegnalazioneState::InProgress {})).await;
    office.moves(&received.number, "answered", Some("Pagamento disposto.")).await.unwrap();
    sees(&mut citizen, |state| *state == SegnalazioneState::Answered { text: "Pagamento disposto.".into() })
        .await;

    let told = office.overview().await.unwrap().remove(0);
    assert_eq!((told.delivery, told.number), (Delivery::Delivered, Some(received.number)));
}

#[tokio::test]
async fn while_linea_inps_is_down_it_waits_in_words_and_leaves_by_itself() {
    let office = LineaInps::open(|options| options).await.unwrap();
    office.be(json!({ "mode": "down" })).await.unwrap();
    let (_opened, mut citizen, mut advisor, _desk) = talk(&office).await;

    forward(&mut advisor, &draft().unwrap()).await;
    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Queued {})).await;
    assert_eq!(office.received().await.unwrap(), []);
    office.be(json!({ "mode": "up" })).await.unwrap();
    office.edge().set_clock("2026-11-23T16:20:00+01:00").await.unwrap();

    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
    assert_eq!(office.received().await.unwrap()[0].deliveries, 1);
}

#[tokio::test]
async fn every_way_of_failing_has_its_consequence_and_loses_nothing() {
    for (mode, expected) in [
        ("refusing", Delivery::Stopped),
        ("forbidden", Delivery::Stopped),
        ("not-found", Delivery::Stopped),
        ("invalid", Delivery::Stopped),
        ("unauthorised", Delivery::Waiting),
        ("conflict", Delivery::Waiting),
        ("throttling", Delivery::Waiting),
        ("unavailable", Delivery::Waiting),
        ("truncated", Delivery::Waiting),
        ("huge", Delivery::Waiting),
        ("not-json", Delivery::Waiting),
        ("lost-answer", Delivery::Waiting),
    ] {
        let office = LineaInps::open(|options| options).await.unwrap();
        office.be(json!({ "mode": mode, "seconds": 600 })).await.unwrap();
        let (_opened, mut citizen, mut advisor, _desk) = talk(&office).await;
        forward(&mut advisor, &draft().unwrap()).await;
        let stopped = expected == Delivery::Stopped;
        let waits = |state: &SegnalazioneState| *state == SegnalazioneState::Queued {} && !stopped;
        sees(&mut citizen, |state| waits(state) || *state == SegnalazioneState::Held {} && stopped).await;
        let told = troubled(&office).await;
        assert_eq!(told.delivery, expected, "{mode}: {told:?}");

        office.be(json!({ "mode": "up" })).await.unwrap();
        if stopped {
            retry(&office, &told.key).await;
        } else {
            office.edge().set_clock("2026-11-23T17:40:00+01:00").await.unwrap();
        }

        sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
        let received = office.received().await.unwrap();
        assert_eq!((received.len(), &received[0].number), (1, &sent_number(&office).await), "{mode}");
    }
}

#[tokio::test]
async fn a_linea_inps_that_never_answers_is_given_up_and_asked_again() {
    let office = LineaInps::open(|options| options).await.unwrap();
    office.be(json!({ "mode": "slow", "seconds": 600 })).await.unwrap();
    let (_opened, mut citizen, mut advisor, _desk) = talk(&office).await;
    forward(&mut advisor, &draft().unwrap()).await;
    // Linea INPS has accepted it, but the answer was lost: the repetition with the same key finds out.
    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Queued {})).await;
    office.be(json!({ "mode": "up" })).await.unwrap();
    office.edge().set_clock("2026-11-23T16:20:00+01:00").await.unwrap();

    let number = sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
    let received = office.received().await.unwrap();
    assert_eq!((received.len(), number.as_deref()), (1, Some(received[0].number.as_str())));
}

#[tokio::test]
async fn calls_name_the_advisor_behind_them_where_that_is_required() {
    let audited = |setting: &mut serde_json::Value| {
        setting["audit"] = json!(true);
        setting["purpose_id"] = json!("3d1f0f7c-5f0c-4c38-9c69-6f3f4f1c2a11");
    };
    let office = LineaInps::with_setting(|options| options, audited).await.unwrap();
    let opened = office.enter(Person::by_id("worker-napoli").unwrap()).await.unwrap();
    let shown: Cases = cases(&office, &opened).await.document(200).unwrap();
    assert!(!shown.cases.is_empty());
    let mut citizen = office.scene.chat(&opened).await.unwrap();
    let mut desk = office.scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = office.scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();

    forward(&mut advisor, &draft().unwrap()).await;

    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
    assert_eq!(office.received().await.unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_settings_are_reported_and_lose_nothing() {
    let nowhere = |setting: &mut serde_json::Value| setting["base"] = json!("http://127.0.0.1:9/linea-inps");
    let other_key = |setting: &mut serde_json::Value| {
        let stranger = infocig_demo::KeyPair::generate().unwrap();
        setting["key"] = json!(stranger.private_pem());
    };
    for bend in [nowhere as fn(&mut serde_json::Value), other_key] {
        let office = LineaInps::with_setting(|options| options, bend).await.unwrap();
        let (_opened, mut citizen, mut advisor, _desk) = talk(&office).await;
        forward(&mut advisor, &draft().unwrap()).await;

        sees(&mut citizen, |state| matches!(state, SegnalazioneState::Queued {})).await;
        let told = troubled(&office).await;
        assert_eq!((told.delivery, office.received().await.unwrap().len()), (Delivery::Waiting, 0));
    }
    let unset = |mut options: EdgeOptions| {
        options.bindings.retain(|(name, _)| *name != "LINEA_INPS");
        options
    };
    let office = LineaInps::open(unset).await.unwrap();
    let (opened, mut citizen, mut advisor, _desk) = talk(&office).await;
    forward(&mut advisor, &draft().unwrap()).await;
    sees(&mut citizen, |state| matches!(state, SegnalazioneState::Queued {})).await;
    let refused = cases(&office, &opened).await.problem().unwrap();
    assert_eq!(refused.code, Code::CasesNotConfigured);
    let token = office.person_token(Person::by_id("worker-roma").unwrap()).await.unwrap();
    let body = json!({ "id": "r-1", "text": "Quando sarò pagato?" });
    let refused = post(&office, "/v1/requests", &token, &body).await.problem().unwrap();
    assert_eq!(refused.code, Code::RequestsNotConfigured);
}

#[tokio::test]
async fn a_person_and_their_advisor_look_at_the_same_case() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let carmine = Person::by_id("worker-napoli").unwrap();
    let opened = office.enter(carmine).await.unwrap();
    let mut citizen = office.scene.chat(&opened).await.unwrap();
    let mut desk = office.scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = office.scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();

    let shown: Cases = cases(&office, &opened).await.document(200).unwrap();
    let waiting = shown.cases.iter().find(|case| case.status == CaseStatus::WaitingForEmployer).unwrap();
    assert_eq!(waiting.reached().unwrap().phase, CasePhase::Authorised);
    let ticket = own.ticket.clone().unwrap();
    let path = format!("/v1/conversations/{}/cards", opened.conversation);
    for _ in 0..2 {
        let body = json!({ "id": "card-1", "case": waiting.id });
        let answer = post(&office, &path, &ticket, &body).await;
        assert_eq!(answer.status, 204, "{}", answer.body);
    }
    let card = citizen.listen().await.unwrap();
    assert_eq!(advisor.listen().await.unwrap(), card);
    let EntryBody::Case { case, advisor: name, .. } = card.body else { panic!("{card:?}") };
    assert_eq!((&*case, name.as_str()), (waiting, "Giulia"));

    let body = json!({ "id": "card-2", "case": waiting.id });
    let own_words = post(&office, &path, &opened.ticket, &body).await.problem().unwrap();
    assert_eq!(own_words.code, Code::NotAssigned, "a person shows no cards");
    let body = json!({ "id": "card-3", "case": "somebody-else" });
    assert_eq!(post(&office, &path, &ticket, &body).await.status, 404);
    citizen.post_message("Grazie.").await.unwrap();
    assert_eq!(advisor.listen().await.unwrap().seq, card.seq + 1, "nothing was shown twice");

    office.registry_be(json!({ "mode": "down" })).await.unwrap();
    assert_eq!(cases(&office, &opened).await.problem().unwrap().code, Code::CasesUnavailable);
}

#[tokio::test]
async fn nobody_sees_the_cases_of_somebody_else() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let opened = office.enter(Person::by_id("worker-napoli").unwrap()).await.unwrap();
    let lucia = office.enter(Person::by_id("worker-roma").unwrap()).await.unwrap();
    let guardian = office.enter(Person::by_id("tutore-napoli").unwrap()).await.unwrap();
    let of = async |opened: &ConversationOpened| {
        let cases: Cases = cases(&office, opened).await.document(200).unwrap();
        cases.cases.into_iter().map(|case| case.id.to_string()).collect::<Vec<_>>()
    };

    let (his, hers, guarded) = (of(&opened).await, of(&lucia).await, of(&guardian).await);
    assert!(!his.is_empty() && his.iter().all(|case| !hers.contains(case)));
    assert_eq!(guarded, his, "who represents somebody sees theirs");
    let owner = office.enter(Person::by_id("titolare-milano").unwrap()).await.unwrap();
    let of_company = of(&owner).await;
    assert!(
        !of_company.is_empty() && of_company.iter().all(|case| !hers.contains(case) && !his.contains(case))
    );
    let stolen = ConversationOpened { ticket: lucia.ticket.clone(), ..opened };
    assert_eq!(cases(&office, &stolen).await.status, 401);
}

#[tokio::test]
async fn a_person_outside_hours_writes_a_request_and_finds_it_again() {
    let office =
        LineaInps::open(|options| EdgeOptions { clock: Some(EVENING.into()), ..options }).await.unwrap();
    let carmine = Person::by_id("worker-napoli").unwrap();
    let token = office.person_token(carmine).await.unwrap();
    let body = json!({ "id": "r-1", "text": "Quando sarò pagato?", "question": { "about": "cigo" } });

    let made: ConversationOpened = post(&office, "/v1/requests", &token, &body).await.document(201).unwrap();
    let again: ConversationOpened = post(&office, "/v1/requests", &token, &body).await.document(201).unwrap();
    assert_eq!(made.conversation, again.conversation);
    let received = office.has(1).await.unwrap().remove(0);
    assert_eq!((&received.body["kind"], &received.body["office"]), (&json!("cigo"), &json!("063")));
    let mut citizen = office.scene.chat(&made).await.unwrap();
    if !citizen
        .log
        .iter()
        .any(|entry| is_state(entry, |state| matches!(state, SegnalazioneState::Accepted {})))
    {
        sees(&mut citizen, |state| matches!(state, SegnalazioneState::Accepted {})).await;
    }
    office.moves(&received.number, "answered", Some("Il 4 dicembre.")).await.unwrap();
    sees(&mut citizen, SegnalazioneState::is_final).await;

    let history: History =
        office.scene.present_at("/v1/history", Some(&token)).await.unwrap().document(200).unwrap();
    let [past] = &history.conversations[..] else { panic!("{history:?}") };
    assert_eq!((past.outcome, &past.conversation), (Some(Outcome::LineaInps), &made.conversation));
    assert_eq!(past.segnalazioni[0].number.as_ref(), Some(&received.number));
    assert!(matches!(citizen.welcome.phase, Phase::Closed { .. }));
}

#[tokio::test]
async fn written_requests_are_for_people_within_the_roll_out() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let token = office.person_token(Person::by_id("worker-spid1").unwrap()).await.unwrap();
    let body = json!({ "id": "r-1", "text": "Quando sarò pagato?" });

    let refused = post(&office, "/v1/requests", &token, &body).await.problem().unwrap();
    assert_eq!(refused.code, Code::CredentialTooWeak);
    let refused = office.scene.present_at("/v1/history", Some(&token)).await.unwrap().problem().unwrap();
    assert_eq!(refused.code, Code::CredentialTooWeak);
}

#[tokio::test]
async fn a_transcript_is_whole_and_only_for_its_parties() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let (opened, mut citizen, mut advisor, _desk) = talk(&office).await;
    citizen.post_message("<b>Quando</b> sarò pagato?").await.unwrap();
    advisor.listen().await.unwrap();
    advisor.post_message("Vedo la pratica.").await.unwrap();

    for format in ["html", "text"] {
        let file = transcript_of(&office, &opened.conversation, &opened.ticket, format).await;
        assert_eq!(file.status, 200, "{}", file.body);
        let whole = transcript::verify(&file.body).unwrap();
        assert_eq!((whole.entries, whole.heading.conversation), (4, opened.conversation.clone()));
        let altered = file.body.replace("Vedo la pratica.", "Vedo la partica.");
        assert!(transcript::verify(&altered).is_err(), "the head is another");
        let altered = file.body.replacen("Vedo la pratica.", "Vedo la partica.", 1);
        assert!(transcript::verify(&altered).is_err());
    }
    let other = office.scene.enter("worker-roma").await.unwrap();
    assert_eq!(transcript_of(&office, &opened.conversation, &other.ticket, "text").await.status, 401);
    assert_eq!(transcript_of(&office, &opened.conversation, &opened.ticket, "pdf").await.status, 400);
}

#[tokio::test]
async fn only_linea_inps_sets_the_state_of_a_segnalazione() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let (_opened, _citizen, mut advisor, _desk) = talk(&office).await;
    forward(&mut advisor, &draft().unwrap()).await;
    let received = office.has(1).await.unwrap().remove(0);
    let body =
        json!({ "key": received.key, "number": received.number, "state": "answered", "text": "Falso." });

    let forged = office.edge().http().post(format!("{}/v1/linea-inps/updates", office.edge().url()));
    let refused = Answer::to(forged.json(&body)).await.unwrap().problem().unwrap();
    assert_eq!(refused.code, Code::SignatureInvalid);
}

#[tokio::test]
async fn segnalazioni_are_overseen_by_supervisors_alone() {
    let office = LineaInps::open(|options| options).await.unwrap();
    let session = desk_session(&office, "advisor-giulia").await;
    let refused = get(&office, "/v1/desk/segnalazioni", &session.ticket).await.problem().unwrap();
    assert_eq!(refused.code, Code::NotSupervisor);

    let session = desk_session(&office, "supervisor").await;
    assert!(session.supervisor);
    let told: Vec<SegnalazioneOverview> =
        get(&office, "/v1/desk/segnalazioni", &session.ticket).await.document(200).unwrap();
    assert_eq!(told, []);
}

#[tokio::test]
async fn a_supervisor_of_another_queue_neither_sees_nor_sends_again() {
    let policy = policy_of_three_queues().unwrap();
    let office = LineaInps::open(|options| options.with_policy(policy)).await.unwrap();
    let opened = office.enter(Person::by_id("worker-roma").unwrap()).await.unwrap();
    office.scene.chat(&opened).await.unwrap();
    let mut desk = office.scene.desk_of("advisor-giulia", &["lavoratori"]).await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let mut advisor = office.scene.advise(&own).await.unwrap();
    forward(&mut advisor, &draft().unwrap()).await;
    let key =
        wait::until("a segnalazione", async || Some(office.overview().await.ok()?.first()?.key.clone()))
            .await
            .unwrap();

    let asks = async |queue: &str| {
        let session = office.scene.desk_session_of("supervisor", &[queue]).await.unwrap();
        let session: DeskSessionOpened = session.document(201).unwrap();
        let listed = get(&office, "/v1/desk/segnalazioni", &session.ticket).await;
        let retried =
            post(&office, "/v1/desk/segnalazioni/retry", &session.ticket, &json!({ "key": key })).await;
        (listed.document::<Vec<SegnalazioneOverview>>(200).unwrap().len(), retried.status)
    };
    assert_eq!(asks("consulenti").await, (0, 404));
    assert_eq!(asks("lavoratori").await, (1, 204));
}

/// A person of Napoli in a conversation with Giulia, both sides with the same log; and her desk, which must stay connected.
async fn talk(office: &LineaInps) -> (ConversationOpened, Chat, Chat, Desk) {
    talk_of(office, "worker-napoli").await
}

/// A conversation that an advisor answers.
pub(super) async fn talk_of(office: &LineaInps, person: &str) -> (ConversationOpened, Chat, Chat, Desk) {
    let opened = office.scene.enter(person).await.unwrap();
    let mut citizen = office.scene.chat(&opened).await.unwrap();
    let mut desk = office.scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let advisor = office.scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    (opened, citizen, advisor, desk)
}

pub(super) async fn forward(advisor: &mut Chat, draft: &SegnalazioneDraft) {
    advisor.socket.send(&ClientFrame::Forward(Box::new(draft.clone()))).await.unwrap();
}

/// Waits for the entry with the number, and returns the number.
pub(super) async fn sees(side: &mut Chat, is_it: impl Fn(&SegnalazioneState) -> bool) -> Option<String> {
    let entry =
        side.listen_until(|body| matches!(body, EntryBody::Segnalazione { state, .. } if is_it(state)));
    let EntryBody::Segnalazione { number, .. } = entry.await.unwrap().body else { return None };
    number
}

fn is_state(entry: &Entry, is_it: impl Fn(&SegnalazioneState) -> bool) -> bool {
    matches!(&entry.body, EntryBody::Segnalazione { state, .. } if is_it(state))
}

/// The only segnalazione, once it has an error.
async fn troubled(office: &LineaInps) -> SegnalazioneOverview {
    wait::until("trouble", async || {
        office.overview().await.ok()?.into_iter().find(|one| one.last_error.is_some())
    })
    .await
    .unwrap()
}

async fn sent_number(office: &LineaInps) -> String {
    office.overview().await.unwrap().remove(0).number.unwrap()
}

async fn retry(office: &LineaInps, key: &str) {
    let session = desk_session(office, "supervisor").await;
    let answer = post(office, "/v1/desk/segnalazioni/retry", &session.ticket, &json!({ "key": key })).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
}

async fn desk_session(office: &LineaInps, advisor: &str) -> DeskSessionOpened {
    let token = office.advisor_token(Advisor::by_id(advisor).unwrap()).await.unwrap();
    office.scene.present_at("/v1/desk/sessions", Some(&token)).await.unwrap().document(201).unwrap()
}

async fn cases(office: &LineaInps, opened: &ConversationOpened) -> Answer {
    get(office, &format!("/v1/conversations/{}/cases", opened.conversation), &opened.ticket).await
}

async fn transcript_of(office: &LineaInps, id: &ConversationId, ticket: &str, format: &str) -> Answer {
    get(office, &format!("/v1/conversations/{id}/transcript?format={format}"), ticket).await
}

async fn get(office: &LineaInps, path: &str, bearer: &str) -> Answer {
    let request = office.edge().http().get(format!("{}{path}", office.edge().url())).bearer_auth(bearer);
    Answer::to(request).await.unwrap()
}

async fn post(office: &LineaInps, path: &str, bearer: &str, body: &serde_json::Value) -> Answer {
    let request = office.edge().http().post(format!("{}{path}", office.edge().url())).bearer_auth(bearer);
    Answer::to(request.json(body)).await.unwrap()
}

const EVENING: &str = "2026-11-23T20:00:00+01:00";
