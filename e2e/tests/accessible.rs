// SPDX-License-Identifier: EUPL-1.2
//! Nobody meets a barrier: every state people and advisors come to keeps WCAG 2.2 AA as far as a program can tell, in both
//! themes, in light and dark, in every language, and assistive technology is told what is a log, what is a field, and who
//! speaks.
//!
//! Each state of the widget is looked at in the theme `sirio` on a light page and in `italia` on a dark one; the main ones in
//! all looks, with forced colours where a device can be told to have them. Languages are gone through in the queue, in the
//! conversation and after its end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use infocig_e2e::{
    artefacts,
    browser::{Browser, Scripts},
    edge::{A_WORKING_AFTERNOON, Edge, EdgeOptions},
    office::Office,
    page::{ConsolePage, PlainPage, PortalPage},
    portal::Announced,
    proxy::{Faults, Proxy},
};
use infocig_protocol::language::Language;

#[tokio::test]
async fn whoever_comes_in_the_evening_and_writes_to_the_office_meets_no_barrier() {
    let office = office_at("2026-11-23T20:00:00+01:00").await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();

    worker.status_says(&["domani alle 15:00"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_launcher().await.unwrap();
    worker.refusal_says(&["chiuso"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.write_to_the_office("Quando sarà pagato settembre? RSSMRA85T10A562S").await.unwrap();
    worker.caution_says(&["un codice fiscale"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_mask().await.unwrap();
    let received = office.has(1).await.unwrap().remove(0);
    worker.segnalazione_says(&received.number).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.reload().await.unwrap();
    worker.look_back().await.unwrap();
    worker.history_says(&received.number).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.open_past().await.unwrap();
    worker.past_is_read().await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn whoever_is_asked_on_plain_pages_and_reads_what_was_meets_no_barrier() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let browser = Browser::start(Scripts::Run).await.unwrap();
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
    page.follow("/history/1").await.unwrap();
    page.says(&["Quando sarò pagato?", "Torna alla conversazione"]).await.unwrap();
    page.is_accessible().await.unwrap();
    page.follow("?lang=it#last").await.unwrap();
    page.says(&["Sei in coda"]).await.unwrap();
}

#[tokio::test]
async fn whoever_waits_talks_and_parts_meets_no_barrier() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();
    meets_no_barrier(&worker).await;

    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.open_question().await.unwrap();
    meets_no_barrier(&worker).await;
    worker.look_at_cases().await.unwrap();
    worker.case_says("In attesa dei dati del datore di lavoro").await.unwrap();
    meets_no_barrier(&worker).await;
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    worker.write("L'azienda dice di aver inviato tutto.").await.unwrap();
    console.reads("citizen", "inviato tutto").await.unwrap();
    console.share_waiting_case().await.unwrap();
    worker.log_tells("Giulia ti mostra").await.unwrap();
    meets_no_barrier(&worker).await;
    worker.begin_to_write("Il mio codice è RSSMRA85T10A562S").await.unwrap();
    worker.send().await.unwrap();
    worker.caution_says(&["un codice fiscale"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_mask().await.unwrap();
    worker.press_end().await.unwrap();
    meets_no_barrier(&worker).await;
    worker.confirm_end().await.unwrap();
    worker.receipt_says(&["Conclusa"]).await.unwrap();
    worker.rating_is_asked().await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn whoever_cannot_reach_the_service_meets_no_barrier() {
    let proxy = Proxy::announce().await.unwrap();
    let announced = Announced::bind().await.unwrap();
    let mut options = EdgeOptions::trusting(announced.setting());
    options.site = Some(artefacts::site().unwrap());
    options.bindings.push(("PUBLIC_ORIGIN", Some(proxy.url())));
    let edge = Edge::start(options).await.unwrap();
    proxy.lead_to(edge.port());
    let portal = announced.serve(&proxy.url()).unwrap();
    let phone = Browser::start(Scripts::Run).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-napoli").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    proxy.set(Faults::refuse());
    proxy.cut();
    worker.wakes_up().await.unwrap();
    worker.status_says(&["Non riusciamo a verificare"]).await.unwrap();
    meets_no_barrier(&worker).await;
    worker.press_launcher().await.unwrap();
    worker.trouble_says(&["Non riusciamo a collegarci"]).await.unwrap();
    meets_no_barrier(&worker).await;
    proxy.heal();
    worker.press_retry().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    proxy.set(Faults::refuse());
    proxy.cut();
    worker.link_is_lost().await.unwrap();
    meets_no_barrier(&worker).await;
    proxy.heal();
    worker.wakes_up().await.unwrap();
    worker.close().await.unwrap();
    worker.press_begin_again().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.close().await.unwrap();
    worker.receipt_says(&[]).await.unwrap();
    proxy.set(Faults::black_hole());
    worker.press_begin_again().await.unwrap();
    worker.phase_says(&["Un momento"]).await.unwrap();
    meets_no_barrier(&worker).await;
}

#[tokio::test]
async fn where_the_button_floats_over_the_page_nobody_meets_a_barrier() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let phone = Browser::start(Scripts::Run).await.unwrap();
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
async fn whoever_reads_plain_pages_meets_no_barrier() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    phone.open(&office.portal.page("/infocig/plain?entry=myinps")).await.unwrap();
    let worker = PlainPage::enter(&phone).await.unwrap();

    worker.says(&["Sei in coda"]).await.unwrap();
    plainly(&phone, &worker).await;
    worker.write("").await.unwrap();
    worker.says(&["Scrivi il messaggio prima di inviarlo."]).await.unwrap();
    plainly(&phone, &worker).await;
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    worker.write("L'azienda dice di aver inviato tutto.").await.unwrap();
    console.reads("citizen", "inviato tutto").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.press_update().await.unwrap();
    worker.says(&["Risponde Giulia", "Guardo subito."]).await.unwrap();
    plainly(&phone, &worker).await;
    worker.press_end().await.unwrap();
    worker.asks_whether_to_end().await.unwrap();
    plainly(&phone, &worker).await;
    worker.confirm_end().await.unwrap();
    worker.says(&["Conversazione terminata"]).await.unwrap();
    plainly(&phone, &worker).await;
}

#[tokio::test]
async fn an_advisor_meets_no_barrier() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.is_accessible().await.unwrap();

    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.offer_says("Carmine Improta").await.unwrap();
    console.is_accessible().await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    console.reads("citizen", "Quando arriva il pagamento?").await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    console.delivery_says("Letto").await.unwrap();
    console.is_accessible().await.unwrap();
    console.open_forward().await.unwrap();
    console.is_accessible().await.unwrap();
}

#[tokio::test]
async fn assistive_technology_is_told_what_is_the_log_who_speaks_in_it_and_where_to_write() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();
    worker.reads("advisor", "Il 20 novembre.").await.unwrap();
    console.reads("citizen", "Quando arriva il pagamento?").await.unwrap();

    worker.log_is_exposed_as("log", "Messaggi").await.unwrap();
    worker.composer_is_exposed_as("textbox", "Scrivi un messaggio").await.unwrap();
    console.log_is_exposed_as("log", "Messaggi della conversazione").await.unwrap();
    console.composer_is_exposed_as("textbox", "Scrivi a Lucia Ferretti").await.unwrap();
    let speakers = |lines: Vec<infocig_e2e::page::Line>, names: [&str; 2]| {
        assert_eq!(lines.len(), names.len(), "{lines:?}");
        for (line, name) in lines.iter().zip(names) {
            assert!(line.text.starts_with(name), "{line:?} does not begin with {name}");
        }
    };
    speakers(worker.transcript().await.unwrap(), ["Tu", "Giulia"]);
    worker.messages_are_exposed_as("article").await.unwrap();
    // Drivers of other engines tell of one element at a time.
    if phone.has_tools() {
        worker.delivery_says("Letto").await.unwrap();
        assert_eq!(worker.log_tree().await.unwrap(), LOG_TREE);
    }
    speakers(console.transcript().await.unwrap(), ["Lucia Ferretti", "Giulia"]);
}

#[tokio::test]
async fn every_theme_keeps_its_contrast_in_pages_light_and_dark() {
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
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
    let office = office_at(A_WORKING_AFTERNOON).await;
    let (phone, desk) = two_browsers().await;
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
    worker.case_says("").await.unwrap();
    in_every_language(&worker).await;
    worker.close().await.unwrap();
    worker.rating_is_asked().await.unwrap();
    in_every_language(&worker).await;
}

/// Every message is an article that says whose it is and when it came before what it says; what happened lies between them.
const LOG_TREE: &str = "\
log Messaggi
  paragraph
    StaticText Lunedì 23 novembre
  paragraph
    StaticText Conversazione iniziata ·
    time
      StaticText 15:20
  article
    paragraph
      StaticText Tu
      time
        StaticText 15:20
    paragraph
      StaticText Quando arriva il pagamento?
    paragraph
      StaticText Letto
  paragraph
    StaticText Da ora ti risponde Giulia ·
    time
      StaticText 15:20
  article
    paragraph
      StaticText Giulia
      time
        StaticText 15:20
    paragraph
      StaticText Il 20 novembre.
";

/// What is shown, in every language.
async fn in_every_language(worker: &PortalPage<'_>) {
    for language in Language::ALL {
        worker.press_options().await.unwrap();
        worker.choose_language(language.as_str()).await.unwrap();
        worker.press_options().await.unwrap();
        worker.is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
    }
}

/// What is shown, in one theme on a light page and in the other on a dark one. It wears the first of them again after.
#[track_caller]
fn meets_no_barrier<'w>(worker: &'w PortalPage<'_>) -> impl Future<Output = ()> + 'w {
    let place = std::panic::Location::caller();
    async move {
        for (theme, scheme) in [("italia", "dark"), ("sirio", "light")] {
            worker.wears(theme).await.unwrap();
            worker.lies_in_a_page_that_is(scheme).await.unwrap();
            let found = worker.is_accessible().await;
            found.map_err(|found| format!("{place}, {theme}, {scheme}: {found}")).unwrap();
        }
    }
}

/// A plain page, and, where a device can be told to prefer it, as it is on a device that prefers dark ones or has its own
/// colours.
async fn plainly(phone: &Browser, page: &PlainPage<'_>) {
    page.is_accessible().await.unwrap();
    if phone.has_tools() {
        phone.prefers("dark").await.unwrap();
        page.is_accessible().await.map_err(|found| format!("dark: {found}")).unwrap();
        phone.forces_colours(true).await.unwrap();
        page.is_accessible().await.map_err(|found| format!("forced colours: {found}")).unwrap();
        phone.forces_colours(false).await.unwrap();
    }
}

/// Both themes in a light page and in a dark one, and, where a device can be told to, in a light page on a device that prefers
/// dark ones, and on one that has its own colours.
async fn in_every_look(phone: &Browser, worker: &PortalPage<'_>) {
    for theme in ["italia", "sirio"] {
        worker.wears(theme).await.unwrap();
        for scheme in ["dark", "light"] {
            worker.lies_in_a_page_that_is(scheme).await.unwrap();
            worker.is_accessible().await.map_err(|found| format!("{theme}, {scheme}: {found}")).unwrap();
        }
        if phone.has_tools() {
            phone.prefers("dark").await.unwrap();
            worker.is_accessible().await.map_err(|found| format!("{theme}, light: {found}")).unwrap();
            phone.forces_colours(true).await.unwrap();
            let found = worker.is_accessible().await;
            found.map_err(|found| format!("{theme}, forced colours: {found}")).unwrap();
            phone.prefers("light").await.unwrap();
        }
    }
}

/// An office whose pages are served, at an instant.
async fn office_at(instant: &str) -> Office {
    let site = Some(artefacts::site().unwrap());
    let clock = Some(instant.to_owned());
    Office::open(|options| EdgeOptions { clock, site, ..options }).await.unwrap()
}

async fn two_browsers() -> (Browser, Browser) {
    let (phone, desk) = tokio::join!(Browser::start(Scripts::Run), Browser::start(Scripts::Run));
    (phone.unwrap(), desk.unwrap())
}
