// SPDX-License-Identifier: EUPL-1.2
//! Segnalazioni and cases in browsers: from a worker's question to the office's answer the next day.

use infocig_e2e::{
    browser::Browser,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
};
use serde_json::json;

#[tokio::test]
async fn a_worker_whose_payment_data_are_missing_reads_the_answer_of_the_office_the_next_day() {
    let mut office = LineaInps::with_pages(|options| options).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.ask_about("cigo").await.unwrap();
    worker.look_at_cases().await.unwrap();
    worker.case_says("In attesa dei dati del datore di lavoro").await.unwrap();
    worker.write("L'azienda dice di aver inviato tutto a ottobre.").await.unwrap();

    let console = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    console.take("Carmine Improta").await.unwrap();
    console.person_says(&["CIGO"]).await.unwrap();
    console.reads("citizen", "a ottobre").await.unwrap();
    console.share_waiting_case().await.unwrap();
    worker.log_says("Giulia ti mostra").await.unwrap();

    office.be(json!({ "mode": "down" })).await.unwrap();
    console.forward("Sollecitare l'azienda per i dati di pagamento (UniEmens-Cig).").await.unwrap();
    worker.segnalazione_says("in invio").await.unwrap();
    worker.segnalazione_says("Linea INPS non risponde").await.unwrap();
    console.log_says("Linea INPS non risponde").await.unwrap();
    console.close_as_proposed().await.unwrap();
    worker.receipt_says(&["Inviata a Linea INPS"]).await.unwrap();
    assert_eq!(office.received().await.unwrap(), []);

    office.be(json!({ "mode": "up" })).await.unwrap();
    // The connection ends in the night and the ticket has expired: the open page must reconnect.
    office.scene.edge.restart_at("2026-11-24T09:00:00+01:00").await.unwrap();
    let received = office.has(1).await.unwrap().remove(0);
    worker.segnalazione_says(&received.number).await.unwrap();
    let texts = received.body["messages"].as_array().unwrap();
    assert_eq!((texts.len(), received.deliveries), (1, 1), "{}", received.body);
    office.moves(&received.number, "in_progress", None).await.unwrap();
    office.moves(&received.number, "answered", Some("Dati ricevuti: pagamento disposto.")).await.unwrap();
    worker.answer_says("pagamento disposto").await.unwrap();

    let tablet = Browser::lease().await.unwrap();
    let again = PortalPage::sign_in(&tablet, &office.portal, "/myinps", "worker-napoli").await.unwrap();
    again.open_history().await.unwrap();
    again.history_says(&received.number).await.unwrap();
    again.open_newest_of_history().await.unwrap();
    again.answer_says("Dati ricevuti: pagamento disposto.").await.unwrap();
    again.case_says("In attesa dei dati del datore di lavoro").await.unwrap();
    again.receipt_says(&[&received.number]).await.unwrap();
}

#[tokio::test]
async fn a_person_in_the_evening_writes_to_the_office_and_finds_it_again() {
    let office = LineaInps::with_pages_at("2026-11-23T20:00:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.refusal_says(&["chiuso"]).await.unwrap();

    worker.write_to_the_office("Quando sarà pagato settembre? RSSMRA85T10A562S").await.unwrap();
    worker.sensitive_data_prompt_says(&["un codice fiscale"]).await.unwrap();
    assert_eq!(office.received().await.unwrap(), []);
    worker.press_mask().await.unwrap();
    worker.reads("citizen", "Quando sarà pagato settembre?").await.unwrap();
    let received = office.has(1).await.unwrap().remove(0);
    assert_eq!(received.body["description"], "Quando sarà pagato settembre? ••••••••••••••2S");
    worker.segnalazione_says(&received.number).await.unwrap();

    worker.reload().await.unwrap();
    worker.open_history().await.unwrap();
    worker.history_says(&received.number).await.unwrap();
    worker.history_says("Quando sarà pagato settembre?").await.unwrap();
    assert_eq!(office.received().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_person_waiting_at_closing_time_need_not_write_it_again() {
    let office = LineaInps::with_pages_at("2026-11-23T17:59:30+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Settembre non è arrivato.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    office.edge().set_clock("2026-11-23T18:00:00+01:00").await.unwrap();

    worker.write_to_the_office(" Potete guardare?").await.unwrap();

    let received = office.has(1).await.unwrap().remove(0);
    assert_eq!(received.body["description"], "Settembre non è arrivato. Potete guardare?");
    worker.segnalazione_says(&received.number).await.unwrap();
}

#[tokio::test]
async fn a_person_who_finds_the_answer_in_their_cases_leaves_with_an_outcome_of_its_own() {
    let office = LineaInps::with_pages(|options| options).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.look_at_cases().await.unwrap();
    worker.case_says("CIGO").await.unwrap();

    worker.leave_with_the_answer().await.unwrap();

    worker.receipt_says(&["nella tua pratica"]).await.unwrap();
    let registered =
        infocig_e2e::wait::until("a row of the register", async || office.scene.register().await.ok()?.pop());
    assert_eq!(registered.await.unwrap().outcome.as_deref(), Some("self_served"));
}

#[tokio::test]
async fn a_supervisor_sees_dead_segnalazioni_and_resends_them() {
    let office = LineaInps::with_pages_at("2026-11-23T20:00:00+01:00").await.unwrap();
    office.be(json!({ "mode": "refusing" })).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write_to_the_office("Quando sarà pagato settembre?").await.unwrap();
    worker.segnalazione_says("la stiamo controllando").await.unwrap();

    let console = ConsolePage::sign_in(&desk, &office.portal, "supervisor").await.unwrap();
    console.segnalazioni_say("400").await.unwrap();
    office.be(json!({ "mode": "up" })).await.unwrap();
    console.retry_segnalazione().await.unwrap();

    let received = office.has(1).await.unwrap().remove(0);
    console.segnalazioni_say(&received.number).await.unwrap();
    worker.segnalazione_says(&received.number).await.unwrap();
}
