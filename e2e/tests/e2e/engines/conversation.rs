// SPDX-License-Identifier: EUPL-1.2
//! Conversations between portal pages and the console, in every engine.

use infocig_e2e::{
    browser::Browser,
    edge::{A_WORKING_AFTERNOON, EdgeOptions},
    page::{ConsolePage, PortalPage},
    service::{service_at, service_with},
};

#[tokio::test]
async fn the_browser_reads_italian_far_from_italy() {
    let phone = Browser::lease().await.unwrap();
    let described = "return [
        navigator.language.split('-')[0],
        Intl.DateTimeFormat().resolvedOptions().timeZone,
        `${outerWidth}x${outerHeight}`,
    ];";

    let described = phone.driver().execute(described, Vec::new()).await.unwrap();

    let described: Vec<String> = described.convert().unwrap();
    assert_eq!(described, ["it", "Pacific/Auckland", "1280x1024"]);
}

#[tokio::test]
async fn a_worker_and_an_advisor_talk_both_ways_and_part() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
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
    let authors = |lines: Vec<infocig_e2e::page::ShownMessage>| {
        lines.into_iter().map(|line| line.author).collect::<Vec<_>>()
    };
    assert_eq!(authors(worker.transcript().await.unwrap()), ["citizen", "advisor", "citizen"]);
    console.phase_says("Da classificare").await.unwrap();
    console.classify().await.unwrap();
    console.holds_no_conversation().await.unwrap();
}

#[tokio::test]
async fn a_reader_further_up_stays_there_and_reaches_new_messages_by_a_press() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.paste(&"Una riga dopo l'altra.\n".repeat(60)).await.unwrap();
    console.reads("citizen", "Una riga").await.unwrap();
    console.write("La leggo.").await.unwrap();
    worker.reads("advisor", "La leggo.").await.unwrap();
    assert!(worker.scrolled().await.unwrap() > 100, "whoever reads the end goes on reading it");

    worker.reads_from_the_top().await.unwrap();
    console.write("Ho letto: guardo la pratica.").await.unwrap();
    worker.is_offered_the_end().await.unwrap();
    assert_eq!(worker.scrolled().await.unwrap(), 0, "whoever reads further up is left there");

    worker.goes_to_the_end().await.unwrap();
    assert!(worker.scrolled().await.unwrap() > 100);
}

#[tokio::test]
async fn an_advisor_reads_earlier_conversations_by_keyboard() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();
    worker.reads("advisor", "Il 20 novembre.").await.unwrap();
    console.press_history_button().await.unwrap();
    console.history_says(&["Nessuna conversazione precedente."]).await.unwrap();
    console.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
    console.finish().await.unwrap();

    worker.press_begin_again().await.unwrap();
    worker.write("Non è arrivato.").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console
        .history_says(&[
            "23 novembre 2026",
            "Quando arriva il pagamento?",
            "Chiusa online",
            "Ha risposto Giulia",
        ])
        .await
        .unwrap();
    console.press_history_item_by_key().await.unwrap();

    console.history_message_says("Quando arriva il pagamento?").await.unwrap();
    console.history_message_says("Il 20 novembre.").await.unwrap();
    console
        .history_says(&["Conversazione passata, del 23 novembre 2026: si può solo leggere."])
        .await
        .unwrap();
    assert_eq!(console.texts().await.unwrap(), ["Non è arrivato."], "the past is no part of this one");
    console.press_history_item_by_key().await.unwrap();
    console.history_log_is_closed().await.unwrap();
}

#[tokio::test]
async fn a_reload_leads_back_to_the_same_conversation() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Resto qui.").await.unwrap();
    worker.reads("citizen", "Resto qui.").await.unwrap();

    worker.reload().await.unwrap();

    worker.reads("citizen", "Resto qui.").await.unwrap();
    assert_eq!(worker.transcript().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_that_slept_over_the_hour_asks_anew_when_it_wakes() {
    let (edge, portal) = service_at("2026-11-23T14:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["oggi alle 15:00"]).await.unwrap();

    for (instant, words) in [
        ("2026-11-23T16:00:00+01:00", "aperto fino alle 18:00"),
        ("2026-11-23T18:00:00+01:00", "domani alle 15:00"),
        ("2026-11-27T18:00:00+01:00", "lunedì 30 novembre alle 15:00"),
    ] {
        edge.set_clock(instant).await.unwrap();
        worker.resumes_from_sleep().await.unwrap();
        worker.status_says(&[words]).await.unwrap();
    }
}

#[tokio::test]
async fn after_a_failure_the_button_recovers_at_a_press_and_so_does_the_panel() {
    let (mut edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    edge.kill();
    worker.resumes_from_sleep().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.error_says(&["Non riusciamo a collegarci"]).await.unwrap();
    worker.press_back().await.unwrap();
    edge.restart().await.unwrap();
    worker.press_check().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
}

#[tokio::test]
async fn when_the_widget_cannot_be_loaded_the_plain_link_stays() {
    let (_edge, portal) = service_with(|options| EdgeOptions { site: None, ..options }).await.unwrap();
    let phone = Browser::lease().await.unwrap();

    for (path, person) in [("/myinps", "worker-roma"), ("/cassetto", "titolare-milano")] {
        let page = PortalPage::sign_in(&phone, &portal, path, person).await.unwrap();
        let link = page.plain_link().await.unwrap();
        assert!(link.contains("/infocig/plain?entry="), "{path}: {link}");
    }
}
