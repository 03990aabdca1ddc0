// SPDX-License-Identifier: EUPL-1.2
//! A data protection officer without a desk: a copy, a hold that keeps a person, its release, an erasure with its proof, in every
//! language.

use infocig_demo::Person;
use infocig_e2e::{
    browser::Browser,
    edge::A_WORKING_AFTERNOON,
    engine::Engine,
    page::{PortalPage, RulesPage},
    service::service_at,
};
use infocig_protocol::language::Language;

#[tokio::test]
async fn an_officer_copies_holds_and_erases_a_person_and_keeps_the_proof() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (home, office) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&home, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();
    worker.write("Quando sarò pagata?").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();

    let dora = RulesPage::sign_in_to_protection(&office, &portal, "officer-dora").await.unwrap();
    for other in ["page-report", "page-search", "page-comments", "page-rules", "page-desk"] {
        dora.has_none(other).await.unwrap();
    }
    dora.says("protection-due", "Conversazioni").await.unwrap();
    dora.says("protection-due", "senza termine").await.unwrap();
    dora.says("protection-holds-none", "Nessuna sospensione.").await.unwrap();
    dora.says("protection-proofs-none", "Nessuna persona").await.unwrap();
    dora.press("protection-erase").await.unwrap();
    dora.says("protection-lacks", "Compila: Portale, Identificativo nel portale, Motivo.").await.unwrap();

    let subject = Person::by_id("worker-roma").unwrap().subject;
    dora.fill("protection-issuer", portal.page("").trim_end_matches('/')).await.unwrap();
    dora.fill("protection-subject", "RSSMRA85T10A562S").await.unwrap();
    dora.fill("protection-reason", "Richiesta art. 15, protocollo 7").await.unwrap();
    dora.press("protection-export").await.unwrap();
    dora.says("protection-status", "non usare il codice fiscale").await.unwrap();
    dora.fill("protection-subject", subject).await.unwrap();
    dora.press("protection-export").await.unwrap();
    dora.says("protection-status", "Copia scaricata").await.unwrap();

    dora.press("protection-erase").await.unwrap();
    dora.has_focus("protection-question").await.unwrap();
    dora.says("protection-form", "Non si torna indietro.").await.unwrap();
    dora.is_accessible().await.unwrap();
    dora.press("protection-confirm").await.unwrap();
    dora.says("protection-status", "una conversazione è aperta").await.unwrap();
    worker.close().await.unwrap();
    worker.phase_says(&["conclusa"]).await.unwrap();

    dora.press("protection-hold").await.unwrap();
    dora.says("protection-status", "La cancellazione è sospesa.").await.unwrap();
    dora.says("protection-held", "Richiesta art. 15, protocollo 7").await.unwrap();
    dora.field_is("protection-subject", "").await.unwrap();
    dora.fill("protection-issuer", portal.page("").trim_end_matches('/')).await.unwrap();
    dora.fill("protection-subject", subject).await.unwrap();
    dora.fill("protection-reason", "Richiesta art. 17, protocollo 9").await.unwrap();
    dora.press("protection-erase").await.unwrap();
    dora.press("protection-confirm").await.unwrap();
    dora.says("protection-status", "o c'è una sospensione").await.unwrap();

    dora.press("protection-release").await.unwrap();
    dora.has_focus("release-reason").await.unwrap();
    dora.press("release-confirm").await.unwrap();
    dora.says("protection-held", "Compila: Motivo.").await.unwrap();
    dora.fill("release-reason", "Reclamo chiuso").await.unwrap();
    dora.press("release-confirm").await.unwrap();
    dora.says("protection-holds-none", "Nessuna sospensione.").await.unwrap();

    dora.press("protection-erase").await.unwrap();
    dora.press("protection-cancel").await.unwrap();
    dora.press("protection-erase").await.unwrap();
    dora.press("protection-confirm").await.unwrap();
    dora.says("protection-status", "Cancellato.").await.unwrap();
    dora.says("protection-proof", "Conversazioni: 1").await.unwrap();
    dora.says("protection-proved", "Conversazioni: 1").await.unwrap();
    dora.field_is("protection-subject", "").await.unwrap();

    // A mistyped id is noticed.
    dora.fill("protection-issuer", portal.page("").trim_end_matches('/')).await.unwrap();
    dora.fill("protection-subject", "p-nobody").await.unwrap();
    dora.fill("protection-reason", "Richiesta art. 17, protocollo 9").await.unwrap();
    dora.press("protection-erase").await.unwrap();
    dora.press("protection-confirm").await.unwrap();
    dora.says("protection-status", "non aveva nulla di questa persona").await.unwrap();

    office.is_seen_at(320, 640).await.unwrap();
    for language in Language::ALL {
        dora.choose_language(language.as_str()).await.unwrap();
        assert!(dora.fits_its_window().await.unwrap(), "{language:?}");
        dora.is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
    }
    if Engine::of_this_run().unwrap() == Engine::Chromium {
        office.prefers("dark").await.unwrap();
        dora.is_accessible().await.map_err(|found| format!("dark: {found}")).unwrap();
    }
}
