// SPDX-License-Identifier: EUPL-1.2
//! A device that sleeps while messages arrive. Only Chromium's driver can freeze a page.

use infocig_e2e::{browser::Browser, page::ConsolePage, page::PortalPage, service::service_behind_a_proxy};

#[tokio::test]
async fn a_device_that_slept_shows_the_messages_of_the_meantime() {
    let (_edge, proxy, portal) = service_behind_a_proxy(|options| options).await.unwrap();
    let (phone, desk) = tokio::join!(Browser::lease(), Browser::lease());
    let (phone, desk) = (phone.unwrap(), desk.unwrap());
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    let console = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    worker.press_launcher().await.unwrap();
    console.take("Lucia Ferretti").await.unwrap();
    worker.phase_says(&["Giulia"]).await.unwrap();

    phone.sleeps().await.unwrap();
    proxy.cut();
    console.write("Mentre dormivi.").await.unwrap();
    console.delivery_says("Consegnato").await.unwrap();
    phone.wakes().await.unwrap();
    worker.resumes_from_sleep().await.unwrap();

    worker.reads("advisor", "Mentre dormivi.").await.unwrap();
    worker.write("Eccomi.").await.unwrap();
    console.reads("citizen", "Eccomi.").await.unwrap();
}
