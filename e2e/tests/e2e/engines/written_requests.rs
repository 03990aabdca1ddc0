// SPDX-License-Identifier: EUPL-1.2
//! Written requests to the office, while the service is closed.

use infocig_e2e::{browser::Browser, linea_inps::LineaInps, page::PortalPage};

#[tokio::test]
async fn the_draft_of_a_written_request_survives_a_reload_and_the_opening_of_the_service() {
    let office = LineaInps::with_pages_at("2026-11-23T14:50:00+01:00").await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.begin_to_write_to_the_office("Quando sarà pagato").await.unwrap();

    worker.reload().await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.written_request_is("Quando sarà pagato").await.unwrap();
    office.edge().set_clock("2026-11-23T15:00:00+01:00").await.unwrap();
    worker.reload().await.unwrap();
    worker.press_launcher().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
    worker.draft_is("Quando sarà pagato").await.unwrap();
    assert_eq!(office.received().await.unwrap(), []);
}
