// SPDX-License-Identifier: EUPL-1.2
//! Opening hours on portal pages.

use std::fs;

use infocig_e2e::{
    artefacts,
    browser::Browser,
    edge::{A_WORKING_AFTERNOON, Edge},
    page::{ConsolePage, PortalPage},
    portal::Portal,
    service::{service_at, service_with},
};

#[tokio::test]
async fn on_a_saturday_the_page_shows_the_next_opening_and_a_press_explains() {
    let (_edge, portal) = service_at("2026-11-21T16:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["lunedì", "alle 15:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.panel_says(&["lunedì", "alle 15:00", "Contact Center"]).await.unwrap();
}

#[tokio::test]
async fn when_the_hour_strikes_the_button_opens_by_itself() {
    let (edge, portal) = service_at("2026-11-23T14:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    edge.set_clock("2026-11-23T14:59:50+01:00").await.unwrap();
    worker.reload().await.unwrap();

    worker.status_says(&["chiuso", "oggi alle 15:00"]).await.unwrap();
    let asked = worker.availability_requests().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();

    assert_eq!(
        worker.availability_requests().await.unwrap(),
        asked + 1,
        "it asks again at the hour and not before"
    );
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn a_refused_person_reads_that_it_has_opened_and_enters_from_there() {
    let (edge, portal) = service_at("2026-11-23T14:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    edge.set_clock("2026-11-23T14:59:50+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&["oggi alle 15:00", "Contact Center", "Messaggio INPS 4497/2022"]).await.unwrap();
    worker.press_retry().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn a_person_waiting_at_closing_time_is_warned_and_shown_the_other_channels() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("C'è qualcuno?").await.unwrap();
    worker.reads("citizen", "C'è qualcuno?").await.unwrap();

    edge.set_clock("2026-11-23T17:59:50+01:00").await.unwrap();
    worker.log_says("Il servizio chiude alle 18:00").await.unwrap();
    // Its timer was set before the clock was moved.
    worker.resumes_from_sleep().await.unwrap();
    worker.phase_says(&["Il servizio ha chiuso"]).await.unwrap();

    worker.elsewhere_says(&["domani alle 15:00", "Contact Center", "INPS Risponde"]).await.unwrap();
    worker.reads("citizen", "C'è qualcuno?").await.unwrap();
}

#[tokio::test]
async fn an_active_conversation_goes_on_at_closing_time() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();

    edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    worker.log_says("Il servizio chiude alle 18:00").await.unwrap();
    console.log_says("sta per chiudere").await.unwrap();
    edge.set_clock("2026-11-23T18:00:00+01:00").await.unwrap();
    worker.write("Ancora una cosa.").await.unwrap();
    console.reads("citizen", "Ancora una cosa.").await.unwrap();
    console.write("Certo.").await.unwrap();
    worker.reads("advisor", "Certo.").await.unwrap();
    worker.reload().await.unwrap();
    worker.reads("advisor", "Certo.").await.unwrap();
    edge.set_clock("2026-11-23T19:00:00+01:00").await.unwrap();

    worker.phase_says(&["Il servizio ha chiuso"]).await.unwrap();
}

#[tokio::test]
async fn after_the_last_admission_the_button_says_that_only_open_conversations_go_on() {
    let (edge, portal) = service_that_admits_until_a_quarter_to_six().await;
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    edge.set_clock("2026-11-23T17:44:55+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    worker.status_says(&["completiamo le conversazioni già iniziate", "domani alle 15:00"]).await.unwrap();
}

#[tokio::test]
async fn after_the_last_admission_the_button_says_at_the_hour_that_it_is_closed() {
    let (edge, portal) = service_that_admits_until_a_quarter_to_six().await;
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    edge.set_clock("2026-11-23T17:59:55+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.status_says(&["completiamo le conversazioni già iniziate"]).await.unwrap();

    worker.status_says(&["Il servizio adesso è chiuso", "domani alle 15:00"]).await.unwrap();
}

#[tokio::test]
async fn a_person_refused_for_their_province_reads_that_it_has_begun_there() {
    let (edge, portal) = service_at("2023-02-10T17:00:00+01:00").await.unwrap();
    let office = Browser::lease().await.unwrap();
    let representative =
        PortalPage::sign_in(&office, &portal, "/cassetto", "rappresentante-torino").await.unwrap();
    representative.press_launcher().await.unwrap();
    representative.refusal_says(&["non è ancora attivo", "lunedì 13 febbraio alle 15:00"]).await.unwrap();

    edge.set_clock("2023-02-13T15:00:00+01:00").await.unwrap();
    representative.resumes_from_sleep().await.unwrap();
    representative.panel_says(&["Il servizio ha aperto"]).await.unwrap();
    representative.press_retry().await.unwrap();

    representative.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn on_easter_monday_the_holiday_is_named_and_tomorrow_it_opens() {
    let (_edge, portal) = service_at("2027-03-29T15:05:00+02:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["festività", "Lunedì dell'Angelo", "domani alle 15:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&["Lunedì dell'Angelo", "domani alle 15:00", "Legge 260/1949"]).await.unwrap();
}

#[tokio::test]
async fn in_december_2022_milano_is_open_and_torino_reads_since_when_it_will_be() {
    let (_edge, portal) = service_at("2022-12-15T15:05:00+01:00").await.unwrap();
    let (milano, torino) = Browser::two().await.unwrap();
    let owner = PortalPage::sign_in(&milano, &portal, "/cassetto", "titolare-milano").await.unwrap();
    let representative =
        PortalPage::sign_in(&torino, &portal, "/cassetto", "rappresentante-torino").await.unwrap();

    owner.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    owner.press_launcher().await.unwrap();
    owner.phase_says(&["coda"]).await.unwrap();
    let not_yet = ["non è ancora attivo", "sede legale", "lunedì 13 febbraio 2023 alle 15:00"];
    representative.status_says(&not_yet).await.unwrap();
    representative.press_launcher().await.unwrap();
    representative.refusal_says(&not_yet).await.unwrap();
    representative.refusal_says(&["Messaggio INPS 520/2023", "Contact Center"]).await.unwrap();
    representative.press_back().await.unwrap();

    representative.status_says(&not_yet).await.unwrap();
}

#[tokio::test]
async fn a_person_with_a_weak_sign_in_reads_which_ones_work() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-spid1").await.unwrap();
    let which = ["SPID di livello 2", "CIE", "CNS"];

    worker.status_says(&which).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.refusal_says(&which).await.unwrap();
}

#[tokio::test]
async fn the_time_machine_lets_one_watch_the_afternoon_begin() {
    let (_edge, portal) = service_at("2026-11-23T14:30:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["oggi alle 15:00"]).await.unwrap();

    worker.choose_speed(600).await.unwrap();

    worker.time_machine_says("600×").await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    worker.choose_speed(1).await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
}

async fn service_that_admits_until_a_quarter_to_six() -> (Edge, Portal) {
    let policy = fs::read_to_string(artefacts::policy().unwrap()).unwrap();
    let policy = policy.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 15");
    service_with(|options| options.with_policy(policy)).await.unwrap()
}
