// SPDX-License-Identifier: EUPL-1.2
//! Pages on a failing network, reloaded and duplicated tabs: no text is lost, none is sent twice, and the state of delivery is
//! shown correctly.

use infocig_e2e::{
    browser::Browser,
    hostile_texts,
    page::{ConsolePage, PortalPage},
    portal::Portal,
    proxy::{Faults, Proxy, Upgrades},
    service::patient_service_behind_a_proxy,
};

#[tokio::test]
async fn in_airplane_mode_a_message_waits_and_leaves_by_itself_on_either_side() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Prima del volo.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.delivery_says("Letto").await.unwrap();
    worker.begin_to_write("Durante").await.unwrap();
    console.typing_says("sta scrivendo").await.unwrap();

    proxy.set(Faults::refuse());
    proxy.cut();
    worker.begin_to_write(" il volo.").await.unwrap();
    worker.send().await.unwrap();
    console.write("Anch'io in volo.").await.unwrap();
    worker.delivery_says("Connessione persa: il messaggio partirà da solo").await.unwrap();
    console.delivery_says("Connessione persa: il messaggio partirà da solo").await.unwrap();
    worker.begin_to_write("E una bozza").await.unwrap();
    proxy.heal();

    console.reads("citizen", "Durante il volo.").await.unwrap();
    worker.reads("advisor", "Anch'io in volo.").await.unwrap();
    console.delivery_says("Letto").await.unwrap();
    worker.draft_is("E una bozza").await.unwrap();
    let texts = worker.texts().await.unwrap();
    assert_eq!(texts, console.texts().await.unwrap());
    assert_eq!(texts.len(), 3, "{texts:?}");
}

#[tokio::test]
async fn a_press_before_the_chat_has_loaded_leads_into_it_or_onto_the_plain_page() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    // The loader comes, and the texts do not yet. Of all that it needs they alone do not delay the page's own load event.
    proxy.set(Faults::hold("/widget/it-"));
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.knows_its_element().await.unwrap();
    worker.begin_to_follow_plain_link().await.unwrap();
    proxy.heal();
    worker.panel_says(&["Chatta con un operatore INPS"]).await.unwrap();

    // A press waits only so long.
    proxy.set(Faults::hold("/widget/it-"));
    let stranded = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&stranded, &portal, "/myinps", "worker-napoli").await.unwrap();
    worker.knows_its_element().await.unwrap();
    worker.follow_plain_link().await.unwrap();
    worker.is_on_the_plain_page().await.unwrap();
}

#[tokio::test]
async fn a_reload_loses_neither_unsent_messages_nor_the_draft() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Arrivata.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.write("Ricevuta.").await.unwrap();
    worker.reads("advisor", "Ricevuta.").await.unwrap();
    console.choose_topic_and_cancel().await.unwrap();

    // Messages sent from here on are swallowed, and no side knows it yet.
    proxy.set(Faults::silent_up());
    worker.write("Persa per strada.").await.unwrap();
    worker.begin_to_write("A metà di una fra").await.unwrap();
    console.write("Persa anche la mia.").await.unwrap();
    console.begin_to_write("Mezza risposta").await.unwrap();
    proxy.heal();
    worker.reload().await.unwrap();
    console.reload("Lucia Ferretti").await.unwrap();

    worker.draft_is("A metà di una fra").await.unwrap();
    console.draft_is("Mezza risposta").await.unwrap();
    console.reads("citizen", "Persa per strada.").await.unwrap();
    worker.reads("advisor", "Persa anche la mia.").await.unwrap();
    let texts = worker.texts().await.unwrap();
    assert_eq!(texts, console.texts().await.unwrap());
    assert_eq!(texts.len(), 4, "{texts:?}");
    console.close_as_proposed().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();
}

#[tokio::test]
async fn text_typed_just_before_a_reload_is_in_the_field_afterwards() {
    let (_edge, _proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Arrivata.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();

    worker.type_and_reload("A metà di una fra").await.unwrap();
    worker.draft_is("A metà di una fra").await.unwrap();
    // The deletion of a character is stored like any other key.
    worker.type_and_reload("A metà").await.unwrap();
    worker.draft_is("A metà").await.unwrap();
    worker.reads("citizen", "Arrivata.").await.unwrap();
}

#[tokio::test]
async fn of_two_tabs_one_writes_and_the_other_reads_along_until_it_takes_over() {
    let (_edge, _proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let first = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    first.press_launcher().await.unwrap();
    first.write("Dalla prima scheda.").await.unwrap();
    first.reads("citizen", "Dalla prima scheda.").await.unwrap();

    let first_tab = phone.tab().await.unwrap();
    let second = PortalPage::in_new_tab(&phone, &portal, "/myinps").await.unwrap();
    second.press_launcher().await.unwrap();
    second.reads("citizen", "Dalla prima scheda.").await.unwrap();
    second.writes_elsewhere().await.unwrap();
    second.press_write_here().await.unwrap();
    second.write("Dalla seconda scheda.").await.unwrap();
    second.reads("citizen", "Dalla seconda scheda.").await.unwrap();

    phone.go_to(first_tab).await.unwrap();
    first.reads("citizen", "Dalla seconda scheda.").await.unwrap();
    first.writes_elsewhere().await.unwrap();
    assert_eq!(first.texts().await.unwrap(), ["Dalla prima scheda.", "Dalla seconda scheda."]);
}

#[tokio::test]
async fn behind_a_proxy_that_refuses_sockets_both_sides_poll_and_move_back_when_they_can() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    proxy.set(Faults::upgrades(Upgrades::Refuse(403)));
    talk_by_polls(&proxy, &portal).await;
}

#[tokio::test]
async fn behind_a_proxy_that_starves_open_sockets_both_sides_poll() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    proxy.set(Faults::upgrades(Upgrades::HoldBack));
    talk_by_polls(&proxy, &portal).await;
}

async fn talk_by_polls(proxy: &Proxy, portal: &Portal) {
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Da dietro un proxy.").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.reads("citizen", "Da dietro un proxy.").await.unwrap();
    console.write("Ti leggo lo stesso.").await.unwrap();
    worker.reads("advisor", "Ti leggo lo stesso.").await.unwrap();
    worker.delivery_says("Letto").await.unwrap();
    assert!(worker.polls().await.unwrap() > 0);

    proxy.heal();
    phone
        .until("the socket again", async || {
            let before = worker.polls().await.unwrap_or_default();
            worker.write("Ancora polls?").await.ok();
            worker.delivery_says("Letto").await.ok();
            Ok((worker.polls().await.unwrap_or_default() == before).then_some(()))
        })
        .await
        .unwrap();
    console.write("Adesso va.").await.unwrap();
    worker.reads("advisor", "Adesso va.").await.unwrap();
}

#[tokio::test]
async fn the_next_person_in_the_same_tab_finds_nothing_of_the_one_before() {
    let (_edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Mio.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    proxy.set(Faults::silent_up());
    worker.write("Mio e non partito.").await.unwrap();
    worker.begin_to_write("Mia bozza").await.unwrap();
    worker.has_stored("Mia bozza").await.unwrap();
    proxy.heal();

    worker.sign_in_instead("worker-napoli").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
    worker.draft_is("").await.unwrap();
    worker.write("Tutt'altra persona.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    assert_eq!(worker.texts().await.unwrap(), ["Tutt'altra persona."]);
    assert!(!worker.session_storage().await.unwrap().contains("Mi"));
}

#[tokio::test]
async fn texts_that_break_careless_software_are_shown_exactly_and_do_nothing() {
    let (_edge, _proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();
    let title = worker.title().await.unwrap();
    // A text field has one kind of end of line (HTML, "API value").
    let texts: Vec<String> = hostile_texts::texts().into_iter().filter(|text| !text.contains('\r')).collect();

    for text in &texts {
        worker.paste(text).await.unwrap();
    }
    let last = "Fin qui tutto bene.";
    worker.write(last).await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.reads("citizen", last).await.unwrap();
    worker.reads("citizen", last).await.unwrap();

    let expected: Vec<&str> = texts.iter().map(String::as_str).chain([last]).collect();
    assert_eq!(worker.texts().await.unwrap(), expected);
    assert_eq!(console.texts().await.unwrap(), expected);
    assert_eq!(worker.title().await.unwrap(), title);
}
