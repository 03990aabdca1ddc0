// SPDX-License-Identifier: EUPL-1.2
//! The preference to save data. Firefox and WebKit do not expose it (`navigator.connection`).

use infocig_e2e::{browser::Browser, embed, service::service};

#[tokio::test]
async fn with_save_data_nothing_is_fetched_before_the_press() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    embed::save_data(&phone).await.unwrap();
    let page = embed::open(&phone, &portal, "save-data", "worker-roma").await.unwrap();

    assert_eq!(page.plain_link().await.unwrap(), "/infocig/plain?entry=myinps");
    assert_eq!(embed::fetched(&phone).await.unwrap(), [""; 0]);
    page.follow_plain_link().await.unwrap();

    page.phase_says(&["coda"]).await.unwrap();
    page.write("Adesso sì.").await.unwrap();
    page.reads("citizen", "Adesso sì.").await.unwrap();
    assert!(!embed::fetched(&phone).await.unwrap().is_empty());
}
