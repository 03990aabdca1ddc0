// SPDX-License-Identifier: EUPL-1.2
//! The rating after the end: it is stored in the register, before and after the wrap-up.

use infocig_e2e::{
    answer::Answer,
    desk::Desk,
    plain::Reader,
    scene::{Registered, Scene},
    wait,
};
use infocig_protocol::{
    desk::AssignmentState,
    entry::Outcome,
    http::ConversationOpened,
    problem::Code,
    rating::{self, Rating},
};
use serde_json::{Value, json};

#[tokio::test]
async fn an_answer_given_before_the_wrap_up_is_in_the_row_and_a_later_one_replaces_it() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let early = rate(&scene, &opened, &json!({ "answer": "yes" })).await;
    check_problem(&early, 409, Code::ConversationOpen);
    chat.close().await.unwrap();

    let partly = json!({ "answer": "partly", "comment": "Manca la data del pagamento." });
    for _ in 0..2 {
        let said = rate(&scene, &opened, &partly).await;
        assert_eq!((said.status, said.body.as_str()), (204, ""));
    }
    assert_eq!(scene.register().await.unwrap(), [], "the advisor has not wrapped up yet");
    let wraps_up = |desk: &Desk| {
        let own = desk.own(&opened.conversation)?;
        matches!(own.state, AssignmentState::WrapUp { .. }).then_some(())
    };
    desk.see("wrapping up", wraps_up).await.unwrap();
    desk.close(&own.conversation, Outcome::Online).await.unwrap();
    registered_as(&scene, "partly").await;

    let no = serde_json::to_value(Rating { answer: rating::Answer::No, comment: None }).unwrap();
    assert_eq!(rate(&scene, &opened, &no).await.status, 204);
    registered_as(&scene, "no").await;
    let log = scene.chat(&opened).await.unwrap().log;
    assert!(!format!("{log:?}").contains("Manca la data"), "the log says nothing of it: {log:?}");
}

#[tokio::test]
async fn only_the_person_rates_and_only_in_the_form_of_the_contract() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.answer(&opened.conversation).await.unwrap();
    let hers = ConversationOpened { ticket: own.ticket.clone().unwrap(), ..opened.clone() };
    let yes = json!({ "answer": "yes" });
    check_problem(&rate(&scene, &hers, &yes).await, 401, Code::TicketInvalid);
    chat.close().await.unwrap();
    check_problem(&rate(&scene, &hers, &yes).await, 403, Code::NotAssigned);
    let forged = ConversationOpened { ticket: "x".into(), ..opened.clone() };
    check_problem(&rate(&scene, &forged, &yes).await, 401, Code::TicketInvalid);
    let other = scene.enter("worker-napoli").await.unwrap();
    let elsewhere = ConversationOpened { ticket: other.ticket, ..opened.clone() };
    check_problem(&rate(&scene, &elsewhere, &yes).await, 401, Code::TicketInvalid);

    for (body, status, code) in [
        (json!({ "answer": "maybe" }), 400, Code::RequestInvalid),
        (json!({ "comment": "Bene." }), 400, Code::RequestInvalid),
        (json!([]), 400, Code::RequestInvalid),
        (json!({ "answer": "yes", "comment": " \n" }), 422, Code::MessageEmpty),
        (json!({ "answer": "yes", "comment": "😀".repeat(1_001) }), 422, Code::MessageTooLong),
        (json!({ "answer": "yes", "comment": "x".repeat(70_000) }), 413, Code::FrameTooLarge),
    ] {
        check_problem(&rate(&scene, &opened, &body).await, status, code);
    }
    let longest = json!({ "answer": "yes", "comment": "😀".repeat(1_000) });
    assert_eq!(rate(&scene, &opened, &longest).await.status, 204);
}

#[tokio::test]
async fn a_rating_survives_a_power_cut() {
    let mut scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    scene.chat(&opened).await.unwrap().close().await.unwrap();
    assert_eq!(rate(&scene, &opened, &json!({ "answer": "no" })).await.status, 204);
    scene.edge.restart().await.unwrap();
    // No request is needed to wake the object: its alarm is stored.
    registered_as(&scene, "no").await;
}

#[tokio::test]
async fn on_plain_pages_the_question_is_a_form_that_thanks_and_can_be_sent_again() {
    // Without a wrap-up the register has the row at once.
    let scene = Scene::with_capacity().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    reader.says(&["id=\"used\">Quello che scrivi è letto dagli operatori INPS"]).unwrap();
    reader.write("A che punto è?").await.unwrap();
    assert!(!reader.body().contains("Quello che scrivi") && !reader.body().contains("/chat/rating"));
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let waiting = desk.see("who waits", |desk| desk.unanswered().first().cloned()).await.unwrap();
    desk.take_and_hold(&waiting).await.unwrap();
    let form = reader.field("form").unwrap();
    reader.send("/chat/end", &[("form", &form)]).await.unwrap();
    reader.says(&["Conversazione terminata", "<legend>Hai avuto la risposta che cercavi?</legend>"]).unwrap();

    let form = reader.field("form").unwrap();
    let fields =
        |answer: &'static str, comment| [("form", form.as_str()), ("answer", answer), ("comment", comment)];
    let without = reader.send("/chat/rating?lang=it", &fields("", "Il mio parere")).await.unwrap();
    assert_eq!(without.status, 422);
    reader.says(&["<title>Attenzione", "Scegli una risposta", ">\nIl mio parere</textarea>"]).unwrap();
    let long = "è".repeat(1_001);
    assert_eq!(reader.send("/chat/rating?lang=it", &fields("no", &long)).await.unwrap().status, 422);
    reader.says(&["al massimo 1000 caratteri.", "value=\"no\" checked>", &long]).unwrap();
    assert_eq!(
        reader.send("/chat/rating?lang=it", &fields("partly", "Manca\nla data")).await.unwrap().status,
        200
    );
    reader
        .says(&["role=\"status\"><b>Grazie:", "value=\"partly\" checked>", ">\nManca\nla data</textarea>"])
        .unwrap();
    registered_as(&scene, "partly").await;

    reader.send("/chat/rating?lang=de", &fields("yes", "  ")).await.unwrap();
    reader.says(&["<b>Danke:", "value=\"yes\" checked> Ja", "spellcheck=\"true\">\n</textarea>"]).unwrap();
    registered_as(&scene, "yes").await;
    let kept = reader.open("/chat/transcript?format=text").await.unwrap();
    assert!(!kept.body.contains("la data"), "a comment is no part of the conversation's text");
}

#[tokio::test]
async fn forms_of_other_sites_and_other_conversations_rate_nothing() {
    let scene = Scene::open().await.unwrap();
    let mut reader = enter(&scene, "worker-roma", "it").await;
    let form = reader.field("form").unwrap();
    reader.send("/chat/end", &[("form", &form)]).await.unwrap();

    let mut foreign = reader.clone();
    foreign.origin = "https://altrove.example".into();
    let fields = [("form", form.as_str()), ("answer", "no")];
    assert_eq!(foreign.send("/chat/rating", &fields).await.unwrap().status, 403);
    let other = [("form", "x"), ("answer", "no"), ("comment", "Non perso")];
    assert_eq!(reader.send("/chat/rating", &other).await.unwrap().status, 409);
    reader.says(&["non è stato inviato", "Non perso</textarea>"]).unwrap();
    let mut nobody = Reader::new(&scene.edge).unwrap();
    assert_eq!(nobody.send("/chat/rating", &fields).await.unwrap().status, 403);
    reader.open("/chat").await.unwrap();
    assert!(!reader.body().contains("Grazie:"), "{}", reader.body());
}

#[tokio::test]
async fn the_footer_of_plain_pages_has_the_links_of_the_settings() {
    let links = json!({ "privacy": "https://inps.example/privacy", "accessibility": "https://inps.example/a?x=1&y=2" });
    let scene = Scene::with(|mut options| {
        options.bindings.push(("LINKS", Some(links.to_string())));
        options
    });
    let scene = scene.await.unwrap();
    let reader = enter(&scene, "worker-roma", "en").await;
    reader
        .says(&[
            "<nav aria-label=\"About the service\">",
            "<a href=\"https://inps.example/privacy\">Privacy notice</a>",
            "<a href=\"https://inps.example/a?x=1&amp;y=2\">Accessibility statement</a>",
        ])
        .unwrap();
    let mut nobody = Reader::new(&scene.edge).unwrap();
    nobody.open("/chat?lang=sl").await.unwrap();
    nobody.says(&["Obvestilo o zasebnosti"]).unwrap();
    assert!(!nobody.body().contains("Izvorna koda"), "{}", nobody.body());
}

/// Rates a conversation.
async fn rate(scene: &Scene, opened: &ConversationOpened, body: &Value) -> Answer {
    let url = format!("{}/v1/conversations/{}/rating", scene.edge.url(), opened.conversation);
    Answer::to(scene.edge.http().post(url).bearer_auth(&opened.ticket).json(body)).await.unwrap()
}

fn check_problem(answer: &Answer, status: u16, code: Code) {
    let problem = answer.problem().unwrap();
    assert_eq!((problem.status, problem.code), (status, code), "{}", answer.body);
}

/// Waits until the row of the register has this rating.
async fn registered_as(scene: &Scene, rating: &str) {
    wait::until(format!("{rating} in the register"), async || {
        let rows = scene.register().await.ok()?;
        let [Registered { rating: Some(said), .. }] = rows.as_slice() else { return None };
        (said == rating).then_some(())
    })
    .await
    .unwrap();
}

/// A person enters by the form of the portal.
async fn enter(scene: &Scene, person: &str, language: &str) -> Reader {
    let token = scene.token(&scene.claims(person).unwrap()).unwrap();
    let mut reader = Reader::new(&scene.edge).unwrap();
    reader.enter(scene.issuer.origin(), &token, language).await.unwrap();
    reader
}
