// SPDX-License-Identifier: EUPL-1.2
//! Automatic accessibility checks (WCAG 2.2 AA) of the states of widget, plain pages and console that do not depend on the engine.
//!
//! Each state of the widget is checked in the theme `sirio` on a light page and in `italia` on a dark one; the main ones in every
//! theme and colour scheme, with forced colours where the engine can emulate them. All languages are checked in the queue, in
//! the conversation and after its end.

use std::fs;

use crate::accessibility_checks::{in_every_language, in_every_look, meets_no_barrier};
use infocig_e2e::{
    browser::Browser, edge::A_WORKING_AFTERNOON, linea_inps::LineaInps, page::ConsolePage, page::PlainPage,
    page::PortalPage, proxy::Faults, scene::Scene, service::service_behind_a_proxy,
};
use infocig_protocol::{http::ConversationOpened, language::Language};

#[tokio::test]
async fn writing_to_the_office_in_the_evening_has_no_barrier() {
    let office = LineaInps::with_pages_at("2026-11-23T20:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["domani alle 15:00"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_launcher().await.unwrap();
    worker.refusal_says(&["chiuso"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.write_to_the_office("Quando sarà pagato settembre? RSSMRA85T10A562S").await.unwrap();
    worker.sensitive_data_prompt_says(&["un codice fiscale"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_mask().await.unwrap();
    let received = office.has(1).await.unwrap().remove(0);
    worker.segnalazione_says(&received.number).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.reload().await.unwrap();
    worker.open_history().await.unwrap();
    worker.history_says(&received.number).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.open_newest_of_history().await.unwrap();
    worker.history_log_is_shown().await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn prompts_and_history_of_plain_pages_have_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let browser = Browser::lease().await.unwrap();
    PortalPage::sign_in(&browser, &office.portal, "/myinps", "worker-roma").await.unwrap();
    let plain = office.portal.page("/infocig/plain?entry=myinps");

    browser.open(&plain).await.unwrap();
    let page = PlainPage::enter(&browser).await.unwrap();
    page.says(&["Sei in coda"]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.write("Il mio IBAN è IT60X0542811101000000123456").await.unwrap();
    page.says(&["Nel messaggio c'è un IBAN"]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.decide("edit").await.unwrap();
    page.says(&["Al massimo 4000 caratteri."]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.write("Quando sarò pagato?").await.unwrap();
    page.says(&["Quando sarò pagato?"]).await.unwrap();
    page.end().await.unwrap();
    page.says(&["Conversazione terminata"]).await.unwrap();
    page.is_accessible().await.unwrap();

    browser.open(&plain).await.unwrap();
    let page = PlainPage::enter(&browser).await.unwrap();
    page.follow("/history").await.unwrap();
    page.says(&["Le tue conversazioni precedenti", "23 novembre 2026"]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.follow("/history/").await.unwrap();
    page.says(&["Quando sarò pagato?", "Torna alla conversazione"]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.follow("?lang=it#last").await.unwrap();
    page.says(&["Sei in coda"]).await.unwrap();
}

#[tokio::test]
async fn the_assistant_of_plain_pages_has_no_barrier() {
    for (instant, said) in
        [(A_WORKING_AFTERNOON, "Sei in coda"), ("2026-11-23T19:00:00+01:00", "Scrivi a un ufficio")]
    {
        let office = LineaInps::with_pages_at(instant).await.unwrap();
        let browser = Browser::lease().await.unwrap();
        browser.is_seen_at(320, 640).await.unwrap();
        PortalPage::sign_in(&browser, &office.portal, "/myinps", "worker-roma").await.unwrap();
        browser.open(&office.portal.page("/infocig/plain?entry=myinps")).await.unwrap();
        let page = PlainPage::ask_to_enter(&browser).await.unwrap();
        page.says(&[said, "Chiedi all'assistente automatico"]).await.unwrap();
        page.ask_the_assistant("").await.unwrap();
        page.says(&[said, "La domanda è vuota"]).await.unwrap();
        page.is_accessible().await.unwrap();
        page.ask_the_assistant("il mio iban è sbagliato").await.unwrap();
        page.says(&[said, "Assistente automatico (un programma)", "Fonte: "]).await.unwrap();
        page.is_accessible().await.unwrap();
    }
}

#[tokio::test]
async fn an_unreachable_service_has_no_barrier() {
    let (_edge, proxy, portal) = service_behind_a_proxy(|options| options).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-napoli").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    proxy.set(Faults::refuse());
    proxy.cut();
    worker.resumes_from_sleep().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_launcher().await.unwrap();
    worker.error_says(&["Non riusciamo a collegarci"]).await.unwrap();
    meets_no_barrier(&worker).await;
    proxy.heal();
    worker.press_retry().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    proxy.set(Faults::refuse());
    proxy.cut();
    worker.link_is_lost().await.unwrap();
    meets_no_barrier(&worker).await;
    proxy.heal();
    worker.resumes_from_sleep().await.unwrap();
    worker.close().await.unwrap();
    worker.press_begin_again().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.close().await.unwrap();
    worker.receipt_says(&["Esito", "Terminata senza risposta"]).await.unwrap();
    proxy.set(Faults::black_hole());
    worker.press_begin_again().await.unwrap();
    worker.phase_says(&["Un momento"]).await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn a_floating_button_has_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    worker.floats().await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    meets_no_barrier(&worker).await;

    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.write("A che punto è la mia domanda?").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn every_theme_keeps_its_contrast_in_pages_light_and_dark() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    in_every_look(&phone, &worker).await;
    worker.press_launcher().await.unwrap();
    worker.open_question().await.unwrap();
    worker.press_options().await.unwrap();
    in_every_look(&phone, &worker).await;
    worker.press_options().await.unwrap();
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    worker.write("L'azienda dice di aver inviato tutto.").await.unwrap();
    console.reads("citizen", "inviato tutto").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();
    in_every_look(&phone, &worker).await;
}

#[tokio::test]
async fn every_language_meets_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.open_question().await.unwrap();
    for language in Language::ALL {
        worker.press_options().await.unwrap();
        worker.choose_language(language.as_str()).await.unwrap();
        worker.is_accessible().await.unwrap();
        worker.press_options().await.unwrap();
        worker.is_accessible().await.unwrap();
        worker.minimise().await.unwrap();
        worker.is_accessible().await.unwrap();
        worker.press_launcher().await.unwrap();
    }

    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    worker.write("L'azienda dice di aver inviato tutto.").await.unwrap();
    console.reads("citizen", "inviato tutto").await.unwrap();
    console.share_waiting_case().await.unwrap();
    // English is the last language of the loop, so that the page is still in it.
    worker.case_says("Waiting for data from the employer").await.unwrap();
    in_every_language(&worker).await;
    worker.close().await.unwrap();
    worker.rating_is_asked().await.unwrap();
    in_every_language(&worker).await;
}

#[tokio::test]
async fn the_file_of_ones_own_data_has_no_barrier_in_any_language_and_fits_a_phone() {
    let scene = Scene::open().await.unwrap();
    let claims = scene.claims("worker-roma").unwrap();
    let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
    let mut chat = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.answer(&opened.conversation).await.unwrap();
    chat.listen().await.unwrap();
    chat.post_message("Quando sarò pagato?").await.unwrap();
    let token = scene.token(&claims).unwrap();
    let phone = Browser::lease().await.unwrap();
    phone.is_seen_at(320, 640).await.unwrap();
    for language in Language::ALL {
        let path = format!("/v1/me/data?format=html&lang={}", language.as_str());
        let page = scene.present_at(&path, Some(&token)).await.unwrap().body;
        assert!(page.contains("Quando sarò pagato?"));
        let file = scene.edge.folder().join("own.html");
        fs::write(&file, page).unwrap();
        phone.open(&format!("file://{}", file.display())).await.unwrap();
        phone.page_is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
        let width = phone.script("return document.documentElement.scrollWidth;", Vec::new()).await.unwrap();
        assert!(width.as_u64().unwrap() <= 320, "{language:?}: {width}");
    }
}
