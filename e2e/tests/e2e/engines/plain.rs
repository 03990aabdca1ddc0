// SPDX-License-Identifier: EUPL-1.2
//! A person whose browser runs no scripts talks with an advisor whose console does: from the portal's plain link to the end.
//! Where no test can block scripts, the person goes to the page the link leads to by its address: no script is on it, nor on
//! those that follow.

use infocig_e2e::{
    artefacts,
    browser::{Browser, Scripts},
    edge::{Edge, EdgeOptions},
    engine::Engine,
    page::{ConsolePage, PlainPage, PortalPage},
    portal::Announced,
};

#[tokio::test]
async fn without_scripts_a_worker_and_an_advisor_talk_both_ways_and_part() {
    let announced = Announced::bind().await.unwrap();
    let site = Some(artefacts::site().unwrap());
    let options = EdgeOptions { site, ..EdgeOptions::trusting(announced.setting()) };
    let edge = Edge::start(options).await.unwrap();
    let portal = announced.serve(&edge.url()).unwrap();
    let blocks = Engine::of_this_run().unwrap().can_block_scripts();
    let old = if blocks { Browser::start(Scripts::Blocked).await } else { Browser::lease().await }.unwrap();
    let desk = Browser::lease().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    let portal_page = PortalPage::sign_in(&old, &portal, "/myinps", "worker-roma").await.unwrap();

    if blocks {
        portal_page.follow_plain_link().await.unwrap();
    } else {
        old.open(&portal.page("/infocig/plain?entry=myinps")).await.unwrap();
    }
    let worker = PlainPage::enter(&old).await.unwrap();
    let first = ["Scrivi come Lucia Ferretti", "Sei in coda", "Per quanto tempo teniamo i tuoi dati"];
    worker.says(&first).await.unwrap();
    assert_eq!(worker.scripts().await.unwrap(), 0);
    worker.write("A che punto è la mia domanda?").await.unwrap();
    worker.says(&["A che punto è la mia domanda?"]).await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.reads("citizen", "A che punto è la mia domanda?").await.unwrap();
    giulia.write("Guardo subito.").await.unwrap();
    giulia.reads("advisor", "Guardo subito.").await.unwrap();

    worker.press_update().await.unwrap();
    worker.says(&["Risponde Giulia", "Guardo subito."]).await.unwrap();
    worker.write("").await.unwrap();
    worker.says(&["Scrivi il messaggio prima di inviarlo."]).await.unwrap();
    worker.write("Il mio IBAN è IT60X0542811101000000123456").await.unwrap();
    worker.says(&["Nel messaggio c'è un IBAN", "Decidi tu se inviarlo."]).await.unwrap();
    worker.decide("mask").await.unwrap();
    giulia.reads("citizen", "Il mio IBAN è •••••••••••••••••••••••••56").await.unwrap();
    worker.write("Grazie!").await.unwrap();
    giulia.reads("citizen", "Grazie!").await.unwrap();
    worker.end().await.unwrap();
    worker.says(&["Conversazione terminata", "Conserva la conversazione"]).await.unwrap();
    assert_eq!(worker.scripts().await.unwrap(), 0);
}
