// SPDX-License-Identifier: EUPL-1.2
//! Stories about the parts that the widget's module is split into, which depend on the engine: a module that did not come is
//! remembered differently in each. Only the release build is split.

use infocig_e2e::{
    artefacts, browser::Browser, edge::EdgeOptions, engine::Engine, page::PortalPage, proxy::Faults,
    service::service_behind_a_proxy,
};

#[tokio::test]
async fn when_a_chunk_is_missing_the_text_stays_and_a_press_loads_it() {
    let site = artefacts::release_site().unwrap();
    let (_edge, proxy, portal) =
        service_behind_a_proxy(|options| EdgeOptions { site: Some(site), ..options }).await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.status_says(&["aperto"]).await.unwrap();

    proxy.set(Faults::refuse());
    proxy.cut();
    worker.press_launcher().await.unwrap();
    worker.error_says(&["Non riusciamo a collegarci"]).await.unwrap();
    worker.press_options().await.unwrap();
    worker.reports_a_missing_chunk().await.unwrap();
    proxy.heal();
    worker.press_chunk_retry().await.unwrap();
    worker.panel_says(&["Lingua"]).await.unwrap();
    worker.press_options().await.unwrap();
    worker.press_retry().await.unwrap();

    // The driver of WebKit finds nothing of a folded element.
    if Engine::of_this_run().unwrap() != Engine::WebKit {
        worker.panel_says(&["Per quanto tempo teniamo i tuoi dati"]).await.unwrap();
    }
    worker.write("Arrivata lo stesso.").await.unwrap();
    worker.reads("citizen", "Arrivata lo stesso.").await.unwrap();
    worker.delivery_says("Consegnato").await.unwrap();
}
