// SPDX-License-Identifier: EUPL-1.2
//! Several queues in browsers: an advisor sees which queue each person waits in, shows one alone, and transfers to another with
//! the keyboard; a supervisor has a row for each.

use infocig_e2e::{
    browser::Browser,
    edge::policy_of_three_queues,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
};

#[tokio::test]
async fn an_advisor_of_several_queues_sees_filters_and_transfers_between_them_with_the_keyboard() {
    let policy = policy_of_three_queues().unwrap();
    let office = LineaInps::with_pages(|options| options.with_policy(policy)).await.unwrap();
    let (phone, tablet) = Browser::two().await.unwrap();
    let (first, second) = Browser::two().await.unwrap();
    let teresa = ConsolePage::sign_in(&second, &office.portal, "supervisor").await.unwrap();
    let giulia = ConsolePage::sign_in(&first, &office.portal, "advisor-giulia").await.unwrap();
    let lucia = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.offer_says("Coda Lavoratori").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.queue_name_says("Coda Lavoratori").await.unwrap();
    lucia.write("Scrivo per la mia azienda.").await.unwrap();
    giulia.reads("citizen", "Scrivo per la mia azienda.").await.unwrap();
    for width in [320, 768, 1_280] {
        first.is_seen_at(width, 800).await.unwrap();
        giulia.is_accessible().await.unwrap();
    }

    let sees = async || giulia.is_accessible().await;
    giulia.transfer_to_queue_by_key("aziende", sees).await.unwrap();
    lucia.log_says("l'operatore più adatto").await.unwrap();
    giulia.queue_name_says("Coda Aziende").await.unwrap();
    let carmine = PortalPage::sign_in(&tablet, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    carmine.press_launcher().await.unwrap();
    giulia.offer_says("Coda Lavoratori").await.unwrap();
    giulia.show_only("lavoratori").await.unwrap();
    giulia.shows_waiting(0).await.unwrap();
    giulia.show_only("aziende").await.unwrap();
    giulia.shows_waiting(1).await.unwrap();
    giulia.is_accessible().await.unwrap();

    for row in ["Lavoratori", "Aziende", "Consulenti"] {
        teresa.queue_row_says(row).await.unwrap();
    }
    for width in [320, 768, 1_280] {
        second.is_seen_at(width, 800).await.unwrap();
        teresa.is_accessible().await.unwrap();
    }
}
