// SPDX-License-Identifier: EUPL-1.2
//! An auditor without a desk: the audit trail, its filters, its files, in every language.

use infocig_e2e::{
    browser::Browser, edge::A_WORKING_AFTERNOON, engine::Engine, page::RulesPage, service::service_at,
};
use infocig_protocol::language::Language;

#[tokio::test]
async fn an_auditor_reads_the_trail_and_nothing_else_in_every_language() {
    let (_edge, portal) = service_at(A_WORKING_AFTERNOON).await.unwrap();
    let (first, second) = Browser::two().await.unwrap();
    let anna = RulesPage::sign_in(&first, &portal, "admin-anna").await.unwrap();
    anna.has_none("page-audit").await.unwrap();
    anna.fill("banner-it", "Domani chiudiamo prima.").await.unwrap();
    anna.press("rules-banner-up").await.unwrap();
    anna.says("rules-banner-shown", "Domani chiudiamo prima.").await.unwrap();
    drop(first);

    let rita = RulesPage::sign_in_to_audit(&second, &portal, "auditor-rita").await.unwrap();
    for other in ["page-report", "page-search", "page-comments", "page-rules", "page-desk"] {
        rita.has_none(other).await.unwrap();
    }
    rita.press("audit-go").await.unwrap();
    rita.says("audit-row", "Ha effettuato l'accesso").await.unwrap();
    rita.says("audit-row", "Ha letto questo registro").await.unwrap();
    rita.says("audit-row", "Riferimento: 2").await.unwrap();
    rita.press("audit-json").await.unwrap();
    rita.says("audit-saving", "File scaricato").await.unwrap();
    rita.choose("audit-act", "exported_audit").await.unwrap();
    rita.press("audit-go").await.unwrap();
    rita.says("audit-row", "Ha esportato questo registro").await.unwrap();
    second.is_seen_at(320, 640).await.unwrap();
    for language in Language::ALL {
        rita.choose_language(language.as_str()).await.unwrap();
        assert!(rita.fits_its_window().await.unwrap(), "{language:?}");
        rita.is_accessible().await.map_err(|found| format!("{language:?}: {found}")).unwrap();
    }
    if Engine::of_this_run().unwrap() == Engine::Chromium {
        second.prefers("dark").await.unwrap();
        rita.is_accessible().await.map_err(|found| format!("dark: {found}")).unwrap();
    }
}
