// SPDX-License-Identifier: EUPL-1.2
//! Languages: a page loads the texts of its language only.

use infocig_e2e::{browser::Browser, page::PortalPage, service::service};

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
