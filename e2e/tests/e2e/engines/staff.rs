// SPDX-License-Identifier: EUPL-1.2
//! The staff sign in at a real provider on another site, work, and leave: there or here.

use std::time::{Duration, Instant};

use infocig_e2e::{
    browser::Browser,
    edge::Edge,
    oidc::OidcProvider,
    page::{PortalPage, StaffPage},
    portal::Portal,
    service::service_with,
    staff,
};
use serde_json::json;

use crate::accessibility_checks::plainly;

#[tokio::test]
async fn an_advisor_signs_in_answers_and_is_out_within_seconds_of_leaving_the_provider() {
    let (edge, portal, provider) = service("ES256").await;
    let (phone, desk) = Browser::two().await.unwrap();
    let page = StaffPage::open(&desk, &edge.url()).await.unwrap();
    page.page.says(&["Console degli operatori", "Accedi"]).await.unwrap();
    plainly(&desk, &page.page).await;
    let console = page.console_of("giulia").await.unwrap();
    page.page.is_accessible().await.unwrap();

    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("A che punto è la mia domanda?").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();
    console.write("Guardo subito.").await.unwrap();
    worker.reads("advisor", "Guardo subito.").await.unwrap();

    page.signs_out_elsewhere(&provider).await.unwrap();
    let left = Instant::now();
    page.is_closed().await.unwrap();
    assert!(left.elapsed() < Duration::from_secs(5), "{:?}", left.elapsed());
    // The person waits again, and nobody else's page says anything of it.
    worker.phase_says(&["coda"]).await.unwrap();
    page.page.is_accessible().await.unwrap();
}

#[tokio::test]
async fn whoever_signs_out_leaves_the_provider_too_and_signs_in_anew() {
    let (edge, _portal, _provider) = service("RS256").await;
    let desk = Browser::lease().await.unwrap();
    let page = StaffPage::open(&desk, &edge.url()).await.unwrap();
    page.console_of("ada").await.unwrap();
    page.sign_out().await.unwrap();
    let page = StaffPage::open(&desk, &edge.url()).await.unwrap();
    page.console_of("giulia").await.unwrap();
}

#[tokio::test]
async fn who_has_no_role_reads_why_and_may_try_again() {
    let (edge, _portal, provider) = service("ES256").await;
    let desk = Browser::lease().await.unwrap();
    let page = StaffPage::open(&desk, &edge.url()).await.unwrap();
    page.sign_in_as("piero").await.unwrap();
    page.page.says(&["Accesso non riuscito", "non hai ancora un ruolo", "no-role"]).await.unwrap();
    plainly(&desk, &page.page).await;

    provider.regroup("piero", "cig-operatori").await.unwrap();
    page.sign_in_again().await.unwrap();
}

async fn service(algorithm: &str) -> (Edge, Portal, OidcProvider) {
    let port = OidcProvider::pick().unwrap();
    let mut setting = staff::setting(&OidcProvider::issuer_at(port));
    setting["algorithms"] = json!([algorithm]);
    let (edge, portal) = service_with(|mut options| {
        options.bindings.push(("STAFF", Some(setting.to_string())));
        options
    })
    .await
    .unwrap();
    let provider = OidcProvider::start(&edge.url(), port, algorithm).await.unwrap();
    (edge, portal, provider)
}
