// SPDX-License-Identifier: EUPL-1.2
//! Everybody can use it: in their language, by keyboard alone, zoomed in to 400 %, with wider text, on a phone, by ear, and
//! with the panel put away.

use infocig_e2e::{browser::Browser, page::PortalPage, service::service};

#[tokio::test]
async fn whoever_chooses_german_is_served_in_german_from_then_on() {
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
async fn whoever_chose_a_language_is_still_where_they_chose_it() {
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

#[tokio::test]
async fn a_page_in_slovene_is_served_in_slovene_and_pays_for_no_other_language() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let worker = PortalPage::brought_into_a_page_in(&phone, &portal, "sl").await.unwrap();

    worker.speaks("sl").await.unwrap();
    worker.launcher_says(&["Pogovorite se s svetovalcem"]).await.unwrap();
    worker.status_says(&["Storitev je odprta do 18:00"]).await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.panel_says(&["Klepet s svetovalcem INPS"]).await.unwrap();

    let fetched = worker.fetched().await.unwrap();
    let texts: Vec<&String> = fetched.iter().filter(|path| path.contains(".json")).collect();
    let [texts] = texts.as_slice() else { panic!("not one file of texts, but {texts:?}") };
    assert!(texts.starts_with("/widget/sl-"), "{texts}");
}
