// SPDX-License-Identifier: EUPL-1.2
//! Administrators publish rules: a strike day with two pairs of eyes, the way back, drafts that are wrong, out of date or
//! interrupted.

use std::fs;

use infocig_e2e::{
    artefacts,
    browser::Browser,
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions, policy_with},
    page::{ConsolePage, PortalPage, RulesPage},
    portal::Portal,
    proxy::Faults,
    service::{service_at, service_behind_a_proxy, service_with},
};
use infocig_protocol::{http::Admission, language::Language};
use serde_json::json;

#[tokio::test]
async fn a_strike_day_is_previewed_approved_by_a_second_person_begins_at_its_instant_and_is_rolled_back() {
    let (edge, portal) = with_four_eyes().await;
    let (first, second) = Browser::two().await.unwrap();
    let anna = RulesPage::sign_in(&first, &portal, "admin-anna").await.unwrap();
    anna.says("rules-four-eyes", "seconda persona").await.unwrap();
    anna.is_accessible().await.unwrap();

    anna.add_closure("2026-11-23", "Oggi il servizio è chiuso per sciopero.", "Circolare 12").await.unwrap();
    anna.has_focus("rules-check").await.unwrap();
    anna.says("rules-draft-state", "ha modifiche da pubblicare").await.unwrap();
    anna.check("Cambia 1 punto").await.unwrap();
    anna.says("rules-week", "Lavoratore").await.unwrap();
    anna.says("rules-day", "23 novembre 2026").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.publish_from("Sciopero del 23", "2026-11-23T15:30").await.unwrap();
    anna.says("rules-draft-status", "aspetta l'approvazione").await.unwrap();
    anna.has_focus("rules-draft-heading").await.unwrap();
    anna.says("rules-waiting-row", "la approva un'altra persona").await.unwrap();
    anna.has_none("rules-approve").await.unwrap();

    let bruno = RulesPage::sign_in(&second, &portal, "admin-bruno").await.unwrap();
    bruno.press("rules-differences-waiting").await.unwrap();
    bruno.says("rules-change", "closures").await.unwrap();
    bruno.is_accessible().await.unwrap();
    bruno.press("rules-approve").await.unwrap();
    bruno.says("rules-decided", "Approvata").await.unwrap();
    bruno.says("rules-waiting-row", "in vigore da 23 novembre 2026, ore 15:30").await.unwrap();
    bruno.has_focus("rules-now-heading").await.unwrap();
    drop(second);

    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    edge.set_clock("2026-11-23T15:30:00+01:00").await.unwrap();
    worker.resumes_from_sleep().await.unwrap();
    worker.status_says(&["chiuso"]).await.unwrap();
    anna.says("rules-closure", "sciopero").await.unwrap();
    anna.says("rules-calendar", "chiusura del calendario").await.unwrap();
    anna.has_none("rules-reopen").await.unwrap();

    // Back to the document of before, which again a second person approves.
    anna.press_of("rules-version", 1, "rules-resume").await.unwrap();
    anna.has_focus("rules-document").await.unwrap();
    anna.check("Cambia 1 punto").await.unwrap();
    anna.publish("Sciopero revocato").await.unwrap();
    anna.says("rules-draft-status", "aspetta l'approvazione").await.unwrap();
    let second = Browser::lease().await.unwrap();
    let bruno = RulesPage::sign_in(&second, &portal, "admin-bruno").await.unwrap();
    bruno.press_of("rules-waiting-row", 3, "rules-approve").await.unwrap();
    bruno.says("rules-decided", "Approvata").await.unwrap();
    worker.resumes_from_sleep().await.unwrap();
    worker.status_says(&["aperto fino alle 18:00"]).await.unwrap();
    bruno.says("rules-version", "superata").await.unwrap();
    bruno.is_accessible().await.unwrap();
}

#[tokio::test]
async fn a_fault_names_its_line_and_a_draft_survives_a_reload_and_a_service_that_is_away() {
    let (_edge, proxy, portal) =
        service_behind_a_proxy(|options| EdgeOptions { clock: Some(A_WORKING_AFTERNOON.into()), ..options })
            .await
            .unwrap();
    let desk = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&desk, &portal, "admin-anna").await.unwrap();
    let shipped = fs::read_to_string(artefacts::policy().unwrap()).unwrap();
    anna.field_is("rules-document", &shipped).await.unwrap();

    let wrong = shipped.replacen("\"18:00\"", "\"25:00\"", 1);
    anna.fill("rules-document", &wrong).await.unwrap();
    anna.press("rules-check").await.unwrap();
    anna.says("rules-fault", "Riga 9").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.press("rules-fault-go").await.unwrap();
    assert_eq!(anna.line_of_the_caret().await.unwrap(), 9);

    let shorter = shipped.replacen("\"18:00\"", "\"17:00\"", 1);
    anna.fill("rules-document", &shorter).await.unwrap();
    anna.fill("rules-why", "Orario ridotto").await.unwrap();
    anna.fill("banner-it", "Oggi chiudiamo prima.").await.unwrap();
    anna.reload().await.unwrap();
    anna.field_is("rules-document", &shorter).await.unwrap();
    anna.field_is("rules-why", "Orario ridotto").await.unwrap();
    anna.field_is("banner-it", "Oggi chiudiamo prima.").await.unwrap();

    anna.check("Cambia 1 punto").await.unwrap();
    proxy.set(Faults::refuse());
    proxy.cut();
    anna.press("rules-publish").await.unwrap();
    anna.says("rules-draft-status", "Quello che hai scritto resta qui").await.unwrap();
    anna.is_accessible().await.unwrap();
    proxy.heal();
    anna.field_is("rules-document", &shorter).await.unwrap();
    anna.press("rules-publish").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();
    anna.says("rules-current", "versione 2").await.unwrap();
    anna.says("rules-draft-state", "uguale alla versione 2").await.unwrap();
    anna.press_of("rules-version", 2, "rules-differences").await.unwrap();
    anna.says("rules-change", "hours[0].to").await.unwrap();
    anna.is_accessible().await.unwrap();
}

#[tokio::test]
async fn whoever_publishes_second_keeps_their_text_and_compares_it() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (first, second) = Browser::two().await.unwrap();
    let anna = RulesPage::sign_in(&first, &portal, "admin-anna").await.unwrap();
    let bruno = RulesPage::sign_in(&second, &portal, "admin-bruno").await.unwrap();
    let shipped = anna.field("rules-document").await.unwrap();
    let annas = shipped.replacen("\"18:00\"", "\"17:00\"", 1);
    let brunos = shipped.replacen("\"15:00\"", "\"14:00\"", 1);

    bruno.fill("rules-document", &brunos).await.unwrap();
    anna.fill("rules-document", &annas).await.unwrap();
    anna.check("Cambia 1 punto").await.unwrap();
    anna.publish("Si chiude prima").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();

    bruno.says("rules-behind", "versione 2").await.unwrap();
    bruno.is_accessible().await.unwrap();
    bruno.field_is("rules-document", &brunos).await.unwrap();
    bruno.press("rules-compare").await.unwrap();
    bruno.says("rules-checked", "Cambiano 2 punti").await.unwrap();
    bruno.has_none("rules-behind").await.unwrap();
    bruno.press("rules-discard").await.unwrap();
    bruno.field_is("rules-document", &annas).await.unwrap();

    // A banner does not close, and is read in the language of the reader.
    bruno.unfold("banner-languages").await.unwrap();
    bruno.fill("banner-en", "Advisors do not see payments.").await.unwrap();
    bruno.press("rules-banner-up").await.unwrap();
    bruno.says("rules-banner", "Scrivi il testo in italiano").await.unwrap();
    bruno.fill("banner-it", "Gli operatori non vedono i pagamenti.").await.unwrap();
    bruno.press("rules-banner-up").await.unwrap();
    bruno.says("rules-banner-shown", "non vedono i pagamenti").await.unwrap();
    let said = availability(&edge, "en").await;
    assert!(said.message.ends_with("Advisors do not see payments."), "{}", said.message);
    bruno.press("rules-banner-down").await.unwrap();
    bruno.has_none("rules-banner-shown").await.unwrap();
    bruno.is_accessible().await.unwrap();
}

#[tokio::test]
async fn quick_replies_of_the_draft_are_added_by_form_and_reach_advisors() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let desk = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&desk, &portal, "admin-anna").await.unwrap();
    anna.unfold("quick-replies").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.press("quick-replies-add").await.unwrap();
    anna.has_focus("quick-replies-name").await.unwrap();
    anna.fill("quick-replies-name", "Tempi di pagamento").await.unwrap();
    anna.fill("quick-replies-text-it", "{nome}, il pagamento arriva entro dieci giorni.").await.unwrap();
    anna.unfold("quick-replies-text-languages").await.unwrap();
    anna.fill("quick-replies-text-en", "{nome}, the payment comes within ten days.").await.unwrap();
    anna.press("quick-replies-add").await.unwrap();
    anna.says("quick-replies-status", "nella bozza").await.unwrap();
    anna.says("quick-replies-row", "Tempi di pagamento").await.unwrap();
    anna.check("Cambia 1 punto").await.unwrap();
    anna.publish("Risposta sui tempi").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();

    let (phone, counter) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let giulia = ConsolePage::sign_in(&counter, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.press_on_page("replies-open").await.unwrap();
    giulia.page_says("reply", "Tempi di pagamento").await.unwrap();
}

#[tokio::test]
async fn hours_the_feast_of_a_patron_saint_and_a_limit_are_changed_by_form() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (desk, phone) = Browser::two().await.unwrap();
    let anna = RulesPage::sign_in(&desk, &portal, "admin-anna").await.unwrap();
    anna.unfold("hours").await.unwrap();
    anna.press("hours-change").await.unwrap();
    anna.fill("hours-to", "alle sei").await.unwrap();
    anna.press("hours-add").await.unwrap();
    anna.has_focus("hours-to").await.unwrap();
    anna.says("hours-form", "Correggi: Alle.").await.unwrap();
    anna.fill("hours-to", "16:30").await.unwrap();
    anna.press("hours-add").await.unwrap();
    anna.says("hours-status", "nella bozza").await.unwrap();
    anna.has_focus("rules-check").await.unwrap();

    anna.unfold("holidays").await.unwrap();
    anna.press("holidays-add").await.unwrap();
    anna.has_focus("holidays-name-it").await.unwrap();
    anna.says("holidays-form", "Compila: Nome").await.unwrap();
    anna.fill("holidays-name-it", "Festa di San Clemente").await.unwrap();
    anna.fill("holidays-day", "23").await.unwrap();
    anna.fill("holidays-month", "11").await.unwrap();
    anna.fill("holidays-province", "Roma").await.unwrap();
    anna.press("holidays-province-add").await.unwrap();
    anna.fill("holidays-source", "Delibera del Comune").await.unwrap();
    anna.reload().await.unwrap();
    anna.unfold("holidays").await.unwrap();
    anna.field_is("holidays-name-it", "Festa di San Clemente").await.unwrap();
    anna.press("holidays-add").await.unwrap();
    anna.says("holidays-status", "nella bozza").await.unwrap();

    anna.unfold("numbers").await.unwrap();
    anna.fill("number-desk-capacity", "molte").await.unwrap();
    anna.says("numbers", "Scrivi un numero intero.").await.unwrap();
    anna.fill("number-desk-capacity", "4").await.unwrap();
    anna.says("numbers-status", "nella bozza").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.check("La bozza è corretta").await.unwrap();
    anna.publish("Orario corto, patrono di Roma").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();

    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["Festa di San Clemente"]).await.unwrap();
    drop(phone);
    let phone = Browser::lease().await.unwrap();
    let owner = PortalPage::sign_in(&phone, &portal, "/cassetto", "titolare-milano").await.unwrap();
    owner.status_says(&["aperto fino alle 16:30"]).await.unwrap();
}

#[tokio::test]
async fn topics_channels_and_periods_are_changed_by_form() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let desk = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&desk, &portal, "admin-anna").await.unwrap();
    anna.unfold("topics").await.unwrap();
    anna.press("topics-put").await.unwrap();
    anna.has_focus("topics-name").await.unwrap();
    anna.says("topics-form", "Compila: Nome.").await.unwrap();
    anna.fill("topics-name", "Anticipo del 40%").await.unwrap();
    anna.reload().await.unwrap();
    anna.unfold("topics").await.unwrap();
    anna.field_is("topics-name", "Anticipo del 40%").await.unwrap();
    anna.press("topics-put").await.unwrap();
    anna.says("topics", "Anticipo del 40% Aggiungi qualcosa sotto").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.press_last("topic-remove").await.unwrap();
    anna.says("topics-status", "«Anticipo del 40%» è tolto dalla bozza.").await.unwrap();
    anna.has_focus("topics-heading").await.unwrap();
    anna.press("topic-rename").await.unwrap();
    anna.field_is("topics-name", "Domanda").await.unwrap();
    anna.fill("topics-name", "La domanda").await.unwrap();
    anna.press("topics-put").await.unwrap();
    anna.says("topics", "La domanda").await.unwrap();

    anna.unfold("channels").await.unwrap();
    anna.fill("channels-name-it", "Sportello telematico").await.unwrap();
    anna.fill("channels-how-it", "Prenota un incontro a distanza.").await.unwrap();
    anna.fill("channels-href", "javascript:alert(1)").await.unwrap();
    anna.press("channels-add").await.unwrap();

    anna.unfold("retention").await.unwrap();
    anna.fill("retention-decided-by", "Delibera 12").await.unwrap();
    anna.fill("retention-conversations-days", "365").await.unwrap();
    anna.says("retention-conversations", "Scrivi su che cosa si basa.").await.unwrap();
    anna.fill("retention-conversations-basis", "Registro dei trattamenti").await.unwrap();
    anna.says("retention-status", "nella bozza").await.unwrap();

    anna.unfold("data-notice-form").await.unwrap();
    anna.fill("data-notice-it", "Il titolare è l'Istituto.").await.unwrap();
    anna.says("data-notice-status", "nella bozza").await.unwrap();

    anna.press("rules-check").await.unwrap();
    anna.says("rules-fault", "`href`").await.unwrap();
    anna.press_last("channels-change").await.unwrap();
    anna.fill("channels-href", "https://www.inps.it/").await.unwrap();
    anna.press("channels-add").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.check("La bozza è corretta").await.unwrap();
    anna.publish("Argomenti, canali, tempi").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();

    let home = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&home, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.panel_says(&["Il titolare è l'Istituto."]).await.unwrap();
    worker
        .reads_how_long(&["la tua valutazione, dopo la fine: 1 anno.", "non ha ancora stabilito"])
        .await
        .unwrap();
    worker.is_accessible().await.unwrap();
    worker.write("Buongiorno").await.unwrap();
    worker.says_no_more_how_long().await.unwrap();

    edge.set_clock("2026-11-25T20:00:00+01:00").await.unwrap();
    let told = availability(&edge, "de").await.channels;
    let channel = told.iter().find(|channel| channel.name == "Sportello telematico").unwrap();
    assert_eq!(channel.href.as_deref(), Some("https://www.inps.it/"));
}

#[tokio::test]
async fn the_rules_have_no_barrier_in_any_language_on_a_small_screen_and_in_the_dark() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&phone, &portal, "admin-anna").await.unwrap();
    anna.add_closure("2026-12-04", "Oggi il servizio è chiuso per sciopero.", "Circolare 12").await.unwrap();
    anna.check("Cambia 1 punto").await.unwrap();
    anna.fill("rules-until", "16:30").await.unwrap();
    anna.press("rules-close").await.unwrap();
    phone.is_seen_at(320, 640).await.unwrap();
    for language in Language::ALL {
        anna.choose_language(language.as_str()).await.unwrap();
        assert!(anna.fits_its_window().await.unwrap(), "{language:?}");
        anna.is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
    }
    phone.prefers("dark").await.unwrap();
    anna.is_accessible().await.map_err(|found| format!("dark: {found}")).unwrap();
    phone.forces_colours(true).await.unwrap();
    anna.is_accessible().await.map_err(|found| format!("forced colours: {found}")).unwrap();
    phone.forces_colours(false).await.unwrap();
}

#[tokio::test]
async fn a_ticket_that_has_expired_is_replaced_and_what_was_asked_is_done() {
    let (edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let desk = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&desk, &portal, "admin-anna").await.unwrap();
    anna.fill("banner-it", "Domani chiudiamo prima.").await.unwrap();
    edge.set_clock("2026-11-25T15:30:00+01:00").await.unwrap();
    anna.press("rules-banner-up").await.unwrap();
    anna.says("rules-banner-shown", "Domani chiudiamo prima.").await.unwrap();
    anna.check("non cambia nulla").await.unwrap();
    anna.is_accessible().await.unwrap();
}

async fn availability(edge: &Edge, language: &str) -> Admission {
    let path = format!("/v1/availability?category=lavoratore&province=058&entry=myinps&lang={language}");
    edge.get(&path).await.unwrap().document(200).unwrap()
}

async fn with_four_eyes() -> (Edge, Portal) {
    let policy = policy_with(|policy| policy["governance"] = json!({ "four_eyes": true })).unwrap();
    service_with(|options| options.with_policy(policy)).await.unwrap()
}
