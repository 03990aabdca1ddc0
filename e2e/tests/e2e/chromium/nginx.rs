// SPDX-License-Identifier: EUPL-1.2
//! Behind nginx: with TLS as the guide configures it, the conversation goes over a socket; with nginx's defaults, by requests.

use infocig_e2e::{
    browser::Browser,
    nginx::Configuration,
    page::{ConsolePage, PortalPage},
    portal::Portal,
    service::service_behind_nginx,
};

#[tokio::test]
async fn behind_nginx_as_the_guide_has_it_both_sides_talk_over_tls_and_a_socket() {
    let (_edge, _nginx, portal) = service_behind_nginx(Configuration::Documented).await.unwrap();
    assert_eq!(polls_of_a_talk(&portal).await, 0);
}

#[tokio::test]
async fn behind_nginx_with_its_defaults_both_sides_talk_by_requests() {
    let (_edge, _nginx, portal) = service_behind_nginx(Configuration::Defaults).await.unwrap();
    assert!(polls_of_a_talk(&portal).await > 0);
}

/// A conversation both ways, and how many polls the person's page needed for it.
async fn polls_of_a_talk(portal: &Portal) -> u64 {
    let (phone, desk) = Browser::two().await.unwrap();
    let worker = PortalPage::sign_in(&phone, portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("Da dietro nginx.").await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    console.reads("citizen", "Da dietro nginx.").await.unwrap();
    console.write("Ti leggo.").await.unwrap();
    worker.reads("advisor", "Ti leggo.").await.unwrap();
    worker.delivery_says("Letto").await.unwrap();
    worker.polls().await.unwrap()
}
