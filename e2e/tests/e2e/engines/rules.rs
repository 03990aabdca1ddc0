// SPDX-License-Identifier: EUPL-1.2
//! An administrator closes the service at once, and opens it again.

use infocig_e2e::{
    browser::Browser,
    edge::A_WORKING_AFTERNOON,
    page::{ConsolePage, PortalPage, RulesPage},
    service::service_at,
};

#[tokio::test]
async fn two_presses_close_at_once_while_one_talks_and_one_waits_and_one_opens_again() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (talks, desk) = Browser::two().await.unwrap();
    let talking = PortalPage::sign_in(&talks, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    talking.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    talking.phase_says(&["Giulia"]).await.unwrap();
    let (waits, looks) = Browser::two().await.unwrap();
    console.pause().await.unwrap();
    let waiting = PortalPage::sign_in(&waits, &portal, "/myinps", "worker-napoli").await.unwrap();
    waiting.press_launcher().await.unwrap();
    waiting.phase_says(&["coda"]).await.unwrap();
    let looking = PortalPage::sign_in(&looks, &portal, "/cassetto", "titolare-milano").await.unwrap();
    looking.status_says(&["aperto fino alle 18:00"]).await.unwrap();

    let office = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&office, &portal, "admin-anna").await.unwrap();
    anna.has_none("queue").await.unwrap();
    anna.is_accessible().await.unwrap();
    let sentence = "Il servizio è sospeso per manutenzione fino alle 16:30.";
    anna.close_now("16:30", sentence).await.unwrap();
    anna.says("rules-closure", sentence).await.unwrap();
    anna.has_focus("rules-closing-heading").await.unwrap();
    anna.is_accessible().await.unwrap();

    waiting.phase_says(&["Il servizio ha chiuso"]).await.unwrap();
    talking.write("Sono ancora qui.").await.unwrap();
    console.reads("citizen", "Sono ancora qui.").await.unwrap();
    looking.resumes_from_sleep().await.unwrap();
    looking.status_says(&["sospeso per manutenzione", "16:30"]).await.unwrap();

    anna.press_by_key("rules-reopen").await.unwrap();
    anna.says("rules-closing-status", "Riaperto").await.unwrap();
    anna.says("rules-no-closure", "valgono gli orari").await.unwrap();
    looking.resumes_from_sleep().await.unwrap();
    looking.status_says(&["aperto fino alle 18:00"]).await.unwrap();
}
