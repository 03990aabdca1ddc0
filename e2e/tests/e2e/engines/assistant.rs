// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant beside the button, in the queue and outside the hours.

use infocig_e2e::{
    browser::Browser,
    edge::A_WORKING_AFTERNOON,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
    service::service_at,
};

#[tokio::test]
async fn a_question_in_the_queue_is_answered_in_the_log_and_read_by_the_advisor() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();

    worker.open_assistant_in_the_queue().await.unwrap();
    worker.ask_the_assistant("il mio iban è sbagliato").await.unwrap();

    worker.assistant_says("IBAN").await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.is_accessible().await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.log_says("il mio iban è sbagliato").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    worker.assistant_says("IBAN").await.unwrap();
}

#[tokio::test]
async fn what_the_assistant_does_not_know_goes_with_the_person_to_an_advisor() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.open_assistant().await.unwrap();
    worker.panel_says(&["Ti risponde un programma, non una persona"]).await.unwrap();
    worker.ask_the_assistant("che tempo fa domani a Milano").await.unwrap();
    worker.assistant_says("Non so rispondere").await.unwrap();
    worker.is_accessible().await.unwrap();

    worker.go_on_to_a_person().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
    worker.assistant_says("che tempo fa domani a Milano").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.log_says("che tempo fa domani a Milano").await.unwrap();
    console.log_says("L'assistente non sapeva rispondere").await.unwrap();
}

#[tokio::test]
async fn outside_the_hours_what_was_asked_begins_the_written_request() {
    let office = LineaInps::with_pages_at("2026-11-23T09:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.refusal_says(&["15"]).await.unwrap();

    worker.open_assistant_from_the_refusal().await.unwrap();
    worker.ask_the_assistant("che tempo fa domani a Milano").await.unwrap();
    worker.assistant_says("Non so rispondere").await.unwrap();
    worker.go_on_to_a_person().await.unwrap();

    worker.written_request_is("che tempo fa domani a Milano").await.unwrap();
}

#[tokio::test]
async fn what_one_person_asked_goes_into_nobody_elses_conversation() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let page = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    page.open_assistant().await.unwrap();
    page.ask_the_assistant("il mio iban è sbagliato").await.unwrap();
    page.assistant_says("IBAN").await.unwrap();

    // The portal changes its person without loading the page again, as one of a single page does.
    let sign_in = "return fetch('/sign-in', { method: 'POST', body: new URLSearchParams({ person: 'worker-napoli' }) }).then(() => true)";
    phone.script(sign_in, Vec::new()).await.unwrap();
    page.go_on_to_a_person().await.unwrap();
    page.phase_says(&["coda"]).await.unwrap();

    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    page.phase_says(&["Giulia"]).await.unwrap();
    page.shows_no_answer_of_the_assistant().await.unwrap();
}
