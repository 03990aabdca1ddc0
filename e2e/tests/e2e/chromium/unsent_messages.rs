// SPDX-License-Identifier: EUPL-1.2
//! Messages that could not be sent before the service closed.

use infocig_e2e::{
    browser::Browser, page::PortalPage, proxy::Faults, service::patient_service_behind_a_proxy,
};

#[tokio::test]
async fn a_message_unsent_at_closing_time_is_offered_the_next_time() {
    let (edge, proxy, portal) = patient_service_behind_a_proxy().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.write("In tempo.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
    proxy.set(Faults::silent_up());
    worker.write("Troppo tardi.").await.unwrap();
    edge.set_clock("2026-11-23T18:00:00+01:00").await.unwrap();
    worker.phase_says(&["Il servizio ha chiuso"]).await.unwrap();
    worker.delivery_says("Non inviato").await.unwrap();
    proxy.heal();

    edge.set_clock("2026-11-24T15:00:00+01:00").await.unwrap();
    worker.resumes_from_sleep().await.unwrap();
    worker.press_begin_again().await.unwrap();

    worker.phase_says(&["coda"]).await.unwrap();
    worker.draft_is("Troppo tardi.").await.unwrap();
    worker.send().await.unwrap();
    worker.reads("citizen", "Troppo tardi.").await.unwrap();
    assert_eq!(worker.texts().await.unwrap(), ["Troppo tardi."]);
}
