// SPDX-License-Identifier: EUPL-1.2
//! The whole as people meet it: portal pages and the console in real browsers, one story for each promise.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use std::path::PathBuf;

use infocig_e2e::{
    artefacts,
    browser::{Browser, Scripts},
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions},
    page::{ConsolePage, PortalPage},
    portal::{Announced, Portal},
};

#[tokio::test]
async fn a_worker_and_an_advisor_talk_both_ways_and_part() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
    worker.write("A che punto è la mia domanda?").await.unwrap();
    worker.reads("citizen", "A che punto è la mia domanda?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    console.reads("citizen", "A che punto è la mia domanda?").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    worker.write("Grazie!").await.unwrap();
    console.reads("citizen", "Grazie!").await.unwrap();

    worker.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
    let authors =
        |lines: Vec<infocig_e2e::page::Line>| lines.into_iter().map(|line| line.author).collect::<Vec<_>>();
    assert_eq!(authors(worker.transcript().await.unwrap()), ["citizen", "advisor", "citizen"]);
    assert_eq!(console.queue().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn the_owner_of_a_company_enters_from_the_cassetto_and_the_advisor_sees_for_whom() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let (office, desk) = two_browsers().await;
    let owner = PortalPage::sign_in(&office, &portal, "/cassetto", "titolare-milano").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();

    owner.press_launcher().await.unwrap();
    console.take("Ettore Colombini").await.unwrap();
    console.person_says(&["Officine Fantasia S.r.l.", "9900000015"]).await.unwrap();
    console.write("Buongiorno, come posso aiutare?").await.unwrap();
    owner.reads("advisor", "come posso aiutare?").await.unwrap();
    owner.write("Quando arriva il pagamento?").await.unwrap();
    console.reads("citizen", "Quando arriva il pagamento?").await.unwrap();

    console.close().await.unwrap();
    owner.phase_says(&["conclusa"]).await.unwrap();
}

#[tokio::test]
async fn a_reload_leads_back_to_the_same_conversation() {
    let (_edge, portal) = service(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Resto qui.").await.unwrap();
    worker.reads("citizen", "Resto qui.").await.unwrap();

    worker.reload().await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.reads("citizen", "Resto qui.").await.unwrap();
    assert_eq!(worker.transcript().await.unwrap().len(), 1);
}

#[tokio::test]
async fn on_a_saturday_the_page_says_when_it_opens_and_a_press_explains() {
    let (_edge, portal) = service("2026-11-21T16:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["lunedì", "alle 15:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.panel_says(&["lunedì", "alle 15:00", "Contact Center"]).await.unwrap();
}

#[tokio::test]
async fn when_the_widget_cannot_be_loaded_the_plain_link_stays() {
    let (_edge, portal) = service_with(A_WORKING_AFTERNOON, None).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();

    for (path, person) in [("/myinps", "worker-roma"), ("/cassetto", "titolare-milano")] {
        let page = PortalPage::sign_in(&phone, &portal, path, person).await.unwrap();
        assert_eq!(page.plain_link().await.unwrap(), "tel:803164", "{path}");
    }
}

#[tokio::test]
async fn where_scripts_are_blocked_the_plain_link_is_the_way() {
    let (_edge, portal) = service_with(A_WORKING_AFTERNOON, None).await;
    let phone = Browser::start(Scripts::Blocked).await.unwrap();

    let page = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    assert_eq!(page.plain_link().await.unwrap(), "tel:803164");
}

/// An edge with its files at an instant, and a portal that uses it.
async fn service(instant: &str) -> (Edge, Portal) {
    service_with(instant, Some(artefacts::site().unwrap())).await
}

async fn service_with(instant: &str, site: Option<PathBuf>) -> (Edge, Portal) {
    let announced = Announced::bind().await.unwrap();
    let options =
        EdgeOptions { clock: Some(instant.into()), site, ..EdgeOptions::trusting(announced.setting()) };
    let edge = Edge::start(options).await.unwrap();
    let portal = announced.serve(&edge.url()).unwrap();
    (edge, portal)
}

async fn two_browsers() -> (Browser, Browser) {
    let (one, other) = tokio::join!(Browser::start(Scripts::Run), Browser::start(Scripts::Run));
    (one.unwrap(), other.unwrap())
}
