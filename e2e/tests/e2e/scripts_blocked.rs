// SPDX-License-Identifier: EUPL-1.2
//! Pages whose scripts are blocked. Chromium and Firefox have a setting for it that a test can reach, WebKitGTK has none.

use infocig_e2e::{
    browser::{Browser, Scripts},
    edge::{Edge, EdgeOptions},
    page::PortalPage,
    portal::Announced,
};

#[tokio::test]
async fn with_blocked_scripts_the_plain_link_is_the_way() {
    let announced = Announced::bind().await.unwrap();
    let edge = Edge::start(EdgeOptions::trusting(announced.setting())).await.unwrap();
    let portal = announced.serve(&edge.url()).unwrap();
    let phone = Browser::start(Scripts::Blocked).await.unwrap();

    let page = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();

    assert_eq!(page.plain_link().await.unwrap(), "/infocig/plain?entry=myinps");
}
