// SPDX-License-Identifier: EUPL-1.2
//! Languages, keyboard, zoom to 400 %, text spacing, phones, announcements, and the minimised panel.

use infocig_e2e::{
    artefacts,
    browser::Browser,
    edge::EdgeOptions,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
    portal::Portal,
    service::service,
};

#[tokio::test]
async fn a_person_who_chooses_german_is_served_in_german_from_then_on() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();

    worker.press_options().await.unwrap();
    worker.choose_language("de").await.unwrap();

    worker.panel_says(&["Chat mit der INPS-Beratung", "Optionen"]).await.unwrap();
    worker.minimise().await.unwrap();
    worker.launcher_says(&["Zurück zum Gespräch"]).await.unwrap();
    worker.status_says(&["Der Dienst ist bis 18:00 Uhr geöffnet"]).await.unwrap();

    worker.reload().await.unwrap();
    worker.speaks("de").await.unwrap();
    worker.status_says(&["Der Dienst ist bis 18:00 Uhr geöffnet"]).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.press_options().await.unwrap();
    worker.choose_language("it").await.unwrap();
    worker.panel_says(&["Chatta con un operatore INPS", "Opzioni"]).await.unwrap();
}

#[tokio::test]
async fn the_focus_stays_on_the_language_that_was_chosen() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.press_options().await.unwrap();

    for language in ["fr", "it"] {
        worker.choose_language(language).await.unwrap();
        worker.focus_stays_on("language").await.unwrap();
    }
}

/// A window of 1280 px at 400 % shows 320 CSS px (WCAG 2.2, 1.4.10).
#[tokio::test]
async fn at_400_percent_everything_is_there_by_scrolling_one_way_and_by_keyboard() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let (width, height) = phone.is_seen_at(320, 256).await.unwrap();
    assert!(!phone.has_tools() || (width, height) == (320, 256), "{width} x {height}");

    worker.status_says(&["aperto"]).await.unwrap();
    worker.is_uncut().await.unwrap();
    worker.tab_to("launcher").await.unwrap();
    worker.is_not_hidden("launcher").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.is_uncut().await.unwrap();
    worker.tab_to("composer").await.unwrap();
    worker.is_not_hidden("composer").await.unwrap();
    worker.types("Quando arriva il pagamento di settembre?").await.unwrap();
    worker.is_not_hidden("composer").await.unwrap();
    worker.tab_to("send").await.unwrap();
    worker.is_not_hidden("send").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.reads("citizen", "Quando arriva il pagamento di settembre?").await.unwrap();
    worker.focus_stays_on("composer").await.unwrap();
    worker.is_uncut().await.unwrap();

    worker.press_options().await.unwrap();
    for part in ["language", "announce-none", "options-close", "minimise"] {
        worker.scrolls_to(part).await.unwrap();
        worker.is_in_sight(part).await.unwrap();
    }
    worker.is_uncut().await.unwrap();
    worker.press_options().await.unwrap();
    for part in ["composer", "send"] {
        worker.scrolls_to(part).await.unwrap();
        worker.is_in_sight(part).await.unwrap();
    }
}

#[tokio::test]
async fn a_keyboard_is_enough_and_is_never_trapped() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    worker.tab_to("launcher").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.tab_to("composer").await.unwrap();
    worker.types("Scritto senza mouse.").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.reads("citizen", "Scritto senza mouse.").await.unwrap();
    worker.focus_stays_on("composer").await.unwrap();
    let route = worker.tab_out().await.unwrap();
    assert!(route.iter().any(|part| part == "close"), "one cannot leave the queue by keyboard: {route:?}");

    worker.tab_back_to("composer").await.unwrap();
}

#[tokio::test]
async fn one_step_by_keyboard_leads_past_everything_that_stands_above_the_field() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();

    assert_eq!(worker.tab_to("skip").await.unwrap(), ["skip"]);
    worker.is_in_sight("skip").await.unwrap();
    worker.presses_enter().await.unwrap();

    worker.focus_stays_on("composer").await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    worker.types("Dal salto.").await.unwrap();
    worker.draft_is("Dal salto.").await.unwrap();
}

#[tokio::test]
async fn letters_typed_on_the_panel_are_written_and_other_keys_keep_their_function() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();

    worker.types(" ").await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();
    worker.draft_is("").await.unwrap();
    worker.types("Èccomi qui").await.unwrap();
    worker.draft_is("Èccomi qui").await.unwrap();
    worker.focus_stays_on("composer").await.unwrap();

    worker.presses_escape().await.unwrap();
    worker.focus_stays_on("launcher").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();
    worker.presses_escape().await.unwrap();
    worker.focus_stays_on("launcher").await.unwrap();
}

#[tokio::test]
async fn nothing_moves_under_the_pointer_after_the_panel_opens() {
    let site = Some(artefacts::site().unwrap());
    let office = LineaInps::open(|options| EdgeOptions { site, ..options }).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    worker.watches(&["composer", "send", "question-toggle", "cases-toggle"]).await.unwrap();

    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();

    assert_eq!(worker.moved().await.unwrap(), [""; 0]);
}

#[tokio::test]
async fn escape_puts_the_panel_away_and_leads_back_to_the_button() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.begin_to_write("Un momento").await.unwrap();

    worker.presses_escape().await.unwrap();

    worker.launcher_says(&["Torna alla conversazione"]).await.unwrap();
    worker.focus_stays_on("launcher").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.focus_stays_on("panel").await.unwrap();
    worker.draft_is("Un momento").await.unwrap();
}

#[tokio::test]
async fn each_message_is_announced_once_and_only_as_chosen() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let (worker, console) = talking(&phone, &desk, &portal).await;
    worker.listen().await.unwrap();
    worker.write("Buongiorno.").await.unwrap();
    let before = worker.announces("Tu: Buongiorno.").await.unwrap().len();

    console.write("Guardo subito.").await.unwrap();
    worker.announces("Giulia: Guardo subito.").await.unwrap();
    worker.write("Grazie.").await.unwrap();
    let heard = worker.announces("Tu: Grazie.").await.unwrap().split_off(before);
    assert_eq!(heard, ["Giulia: Guardo subito.", "Tu: Grazie."]);

    worker.choose_announcements("advisor").await.unwrap();
    worker.write("Settembre, intendo.").await.unwrap();
    console.reads("citizen", "Settembre, intendo.").await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();
    let heard = worker.announces("Il 20 novembre.").await.unwrap().split_off(before + 2);
    assert_eq!(heard, ["Giulia: Il 20 novembre."]);

    worker.choose_announcements("none").await.unwrap();
    console.write("Altro?").await.unwrap();
    worker.reads("advisor", "Altro?").await.unwrap();
    worker.choose_announcements("all").await.unwrap();
    console.write("Allora a presto.").await.unwrap();
    let heard = worker.announces("Allora a presto.").await.unwrap().split_off(before + 3);
    assert_eq!(heard, ["Giulia: Allora a presto."]);
}

#[tokio::test]
async fn messages_for_a_minimised_panel_are_counted_reported_to_the_page_and_marked_as_new() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let (worker, console) = talking(&phone, &desk, &portal).await;
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    worker.page_listens().await.unwrap();

    worker.minimise().await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();

    worker.unread_says("1 nuovo messaggio").await.unwrap();
    worker.page_received_unread(&[1]).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.new_stands_before("Il 20 novembre.").await.unwrap();
    worker.page_received_unread(&[1, 0]).await.unwrap();
    console.delivery_says("Letto").await.unwrap();
}

#[tokio::test]
async fn no_text_is_clipped_with_the_text_spacing_of_wcag() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    worker.spaces_its_text().await.unwrap();
    worker.is_uncut().await.unwrap();

    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.open_question().await.unwrap();
    worker.press_options().await.unwrap();
    worker.scrolls_to("language").await.unwrap();
    worker.spaces_its_text().await.unwrap();
    worker.is_uncut().await.unwrap();
    worker.press_options().await.unwrap();

    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.write("La matricola è 9900000015, l'azienda dice di aver inviato tutto.").await.unwrap();
    console.reads("citizen", "9900000015").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    worker.spaces_its_text().await.unwrap();
    worker.is_uncut().await.unwrap();
}

#[tokio::test]
async fn on_a_phone_a_keyboard_that_makes_the_page_shorter_leaves_the_field_in_sight() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    phone.is_seen_at(360, 640).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.is_in_sight("privacy").await.unwrap();
    worker.tab_to("composer").await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    worker.is_uncut().await.unwrap();

    phone.is_seen_at(360, 340).await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    worker.types("Con la tastiera").await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    phone.is_seen_at(360, 640).await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    worker.draft_is("Con la tastiera").await.unwrap();
}

#[tokio::test]
async fn on_a_phone_a_keyboard_that_lies_over_the_page_leaves_the_field_in_sight() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let (_, height) = phone.is_seen_at(360, 640).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.begin_to_write("Con la tastiera").await.unwrap();

    worker.keyboard_leaves(u32::try_from(height).unwrap() - 300).await.unwrap();
    worker.is_in_sight("composer").await.unwrap();
    worker.draft_is("Con la tastiera").await.unwrap();
}

/// A worker and an advisor in a conversation.
async fn talking<'b>(
    phone: &'b Browser,
    desk: &'b Browser,
    portal: &Portal,
) -> (PortalPage<'b>, ConsolePage<'b>) {
    let worker = PortalPage::sign_in(phone, portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(desk, portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    (worker, console)
}
