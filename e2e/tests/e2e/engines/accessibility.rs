// SPDX-License-Identifier: EUPL-1.2
//! Automatic accessibility checks (WCAG 2.2 AA) of the main states in every engine, and the roles and names in the accessibility
//! tree.
//!
//! Each state of the widget is looked at in the theme `sirio` on a light page and in `italia` on a dark one; the main ones in
//! all looks, with forced colours where a device can be told to have them. Languages are gone through in the queue, in the
//! conversation and after its end.

use crate::accessibility_checks::{meets_no_barrier, plainly};
use infocig_e2e::{
    browser::Browser,
    edge::A_WORKING_AFTERNOON,
    linea_inps::LineaInps,
    page::{ConsolePage, PlainPage, PortalPage},
};

#[tokio::test]
async fn plain_pages_have_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
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
async fn waiting_talking_and_ending_have_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
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
    worker.log_says("Giulia ti mostra").await.unwrap();
    meets_no_barrier(&worker).await;
    worker.begin_to_write("Il mio codice è RSSMRA85T10A562S").await.unwrap();
    worker.send().await.unwrap();
    worker.sensitive_data_prompt_says(&["un codice fiscale"]).await.unwrap();
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
async fn an_advisor_meets_no_barrier() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
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
async fn assistive_technology_finds_the_log_its_authors_and_the_field() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Quando arriva il pagamento?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    // The order of the log is part of what is compared.
    console.reads("citizen", "Quando arriva il pagamento?").await.unwrap();
    console.write("Il 20 novembre.").await.unwrap();
    worker.reads("advisor", "Il 20 novembre.").await.unwrap();

    worker.log_is_exposed_as("log", "Messaggi").await.unwrap();
    worker.composer_is_exposed_as("textbox", "Scrivi un messaggio").await.unwrap();
    console.log_is_exposed_as("log", "Messaggi della conversazione").await.unwrap();
    console.composer_is_exposed_as("textbox", "Scrivi a Lucia Ferretti").await.unwrap();
    let speakers = |lines: Vec<infocig_e2e::page::ShownMessage>, names: [&str; 2]| {
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

/// Every message is an article that names author and time before the text; events lie between the articles.
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
