// SPDX-License-Identifier: EUPL-1.2
//! The automatic assistant beside the advisor: it suggests, the advisor sends.

use infocig_e2e::{
    answer::Answer,
    browser::Browser,
    edge::{A_WORKING_AFTERNOON, policy_with},
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage, RulesPage},
    service::{service_at, service_with},
    wait,
};
use infocig_protocol::report::Report;
use serde_json::json;

#[tokio::test]
async fn a_suggestion_goes_into_the_draft_with_its_source_and_the_person_reads_what_the_advisor_sends() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.suggest_button_says("Suggerimenti dal primo messaggio in poi").await.unwrap();
    worker.write("il mio iban è sbagliato").await.unwrap();
    giulia.reads("citizen", "il mio iban è sbagliato").await.unwrap();
    giulia.begin_to_write("Buongiorno Lucia.").await.unwrap();

    giulia.suggest().await.unwrap();
    let shown = giulia.suggestions_say(&["il mio iban è sbagliato", "trovat", "IBAN"]).await.unwrap();
    assert!(!shown.contains("Fonte"), "the texts are folded: {shown}");
    for width in [320, 768, 1_280] {
        desk.is_seen_at(width, 800).await.unwrap();
        giulia.is_accessible().await.unwrap();
    }
    giulia.insert_first_suggestion_by_key().await.unwrap();

    giulia.suggests_nothing().await.unwrap();
    let draft = giulia.draft().await.unwrap();
    assert!(draft.starts_with("Buongiorno Lucia.\n\n") && draft.contains("\nFonte: "), "{draft}");
    assert_eq!(worker.texts().await.unwrap(), ["il mio iban è sbagliato"], "nothing was sent");
    giulia.send().await.unwrap();
    worker.reads("advisor", "Fonte: ").await.unwrap();
}

#[tokio::test]
async fn who_opens_a_source_and_found_the_answer_is_counted_so() {
    let office = LineaInps::with_pages_at(A_WORKING_AFTERNOON).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.open_assistant_in_the_queue().await.unwrap();
    worker.ask_the_assistant("il mio iban è sbagliato").await.unwrap();
    worker.assistant_says("Fonte").await.unwrap();

    // The page of a source is elsewhere: the press is a press, and leads nowhere in a test.
    phone
        .script("addEventListener('click', (press) => press.preventDefault(), true)", Vec::new())
        .await
        .unwrap();
    worker.press_source_of_the_assistant().await.unwrap();
    worker.is_helped_by_the_assistant().await.unwrap();

    let session = office.scene.desk_session("supervisor").await.unwrap();
    let url =
        format!("{}/v1/supervision/report?from=2026-11-23&to=2026-11-23&by=all", office.scene.edge.url());
    let counted = async || {
        let asked = office.scene.edge.http().get(&url).bearer_auth(&session.ticket);
        let total = Answer::to(asked).await.ok()?.document::<Report>(200).ok()?.total;
        (total.assistant_opened.part == 1 && total.assistant_helped.part == 1).then_some(())
    };
    wait::until("the figures", counted).await.unwrap();
}

#[tokio::test]
async fn what_the_assistant_does_not_know_is_said_and_a_new_message_is_asked_anew() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    worker.write("che tempo fa domani a Milano").await.unwrap();
    giulia.reads("citizen", "che tempo fa").await.unwrap();

    giulia.suggest_by_key().await.unwrap();
    giulia.suggestions_say(&["L'assistente non sa rispondere"]).await.unwrap();
    giulia.is_accessible().await.unwrap();
    worker.write("il mio iban è sbagliato").await.unwrap();
    giulia.press_on_page("suggestions-again").await.unwrap();

    giulia.suggestions_say(&["il mio iban è sbagliato", "trovat", "IBAN"]).await.unwrap();
}

#[tokio::test]
async fn where_it_is_switched_off_the_advisor_is_told_so() {
    let policy =
        policy_with(|policy| policy["assistant"] = json!({ "on": false, "reason": "in revisione" })).unwrap();
    let (_edge, portal) = service_with(|options| options.with_policy(policy)).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("il mio iban è sbagliato").await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.reads("citizen", "iban").await.unwrap();

    giulia.suggest().await.unwrap();

    giulia.suggestions_say(&["L'assistente automatico è disattivato"]).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_an_advisor_proposes_is_published_and_the_assistant_says_it() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Si usa la zanzariera aziendale? Sono RSSMRA85T10A562S").await.unwrap();
    worker.press_send_as_is().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.reads("citizen", "zanzariera").await.unwrap();
    giulia.write("Lucia, la zanzariera è del datore. La pratica è 4900123456.").await.unwrap();

    giulia.suggest().await.unwrap();
    giulia.press_on_page("proposal-begin").await.unwrap();
    giulia.field_on_page_is("proposal-question", "Si usa la zanzariera aziendale? Sono …").await.unwrap();
    giulia.field_on_page_is("proposal-answer", "… la zanzariera è del datore. La pratica è …").await.unwrap();
    for width in [320, 768, 1_280] {
        desk.is_seen_at(width, 800).await.unwrap();
        giulia.is_accessible().await.unwrap();
    }
    giulia.fill_on_page("proposal-question", "").await.unwrap();
    giulia.press_on_page("proposal-send").await.unwrap();
    giulia.page_says("proposal-status", "Scrivi la domanda e la risposta.").await.unwrap();
    giulia.fill_on_page("proposal-question", "Si usa la zanzariera aziendale?").await.unwrap();
    giulia.fill_on_page("proposal-answer", "La zanzariera è IT60X0542811101000000123456.").await.unwrap();
    giulia.press_on_page("proposal-send").await.unwrap();
    giulia.page_says("proposal-status", "non è accettata").await.unwrap();
    giulia.fill_on_page("proposal-answer", "La zanzariera è del datore.").await.unwrap();
    giulia.press_on_page("proposal-send").await.unwrap();
    giulia.page_says("proposal-status", "Proposta inviata").await.unwrap();

    let office = Browser::lease().await.unwrap();
    let anna = RulesPage::sign_in(&office, &portal, "admin-anna").await.unwrap();
    anna.unfold("answers").await.unwrap();
    anna.says("proposed-answer", "La zanzariera è del datore.").await.unwrap();
    anna.says("proposed-answer", "Proposta da Giulia").await.unwrap();
    anna.is_accessible().await.unwrap();
    anna.press("proposed-use").await.unwrap();
    anna.has_focus("answers-form-heading").await.unwrap();
    anna.field_is("answers-questions-it", "Si usa la zanzariera aziendale?").await.unwrap();
    anna.fill("answers-topic", "zanzariera").await.unwrap();
    anna.fill("answers-source", "Nota interna 1").await.unwrap();
    anna.fill("answers-source_date", "2026-11-02").await.unwrap();
    anna.fill("answers-valid_from", "2026-11-02").await.unwrap();
    anna.press("answers-add").await.unwrap();
    anna.check("La bozza è corretta").await.unwrap();
    anna.publish("Una risposta in più").await.unwrap();
    anna.says("rules-draft-status", "Pubblicato").await.unwrap();
    anna.press("proposed-settle").await.unwrap();
    anna.has_none("proposed-answer").await.unwrap();
    anna.says("answers-status", "La proposta è tolta dalla lista.").await.unwrap();

    giulia.press_on_page("proposal-close").await.unwrap();
    worker.write("si usa la zanzariera aziendale?").await.unwrap();
    giulia.press_on_page("suggestions-again").await.unwrap();
    giulia.suggestions_say(&["zanzariera", "trovat"]).await.unwrap();
}
