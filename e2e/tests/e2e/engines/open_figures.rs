// SPDX-License-Identifier: EUPL-1.2
//! Open figures as anybody reads them: a month that is over, on a page without scripts and without barriers.

use infocig_demo::HANDOFF_TYPE;
use infocig_e2e::{browser::Browser, linea_inps::LineaInps, page::PlainPage, scene::Scene, wait};

use crate::accessibility_checks::plainly;

#[tokio::test]
async fn a_month_that_is_over_is_published_on_a_page_without_barriers() {
    let office = LineaInps::with_pages_at("2026-10-22T15:30:00+02:00").await.unwrap();
    let scene = &office.scene;
    for number in 0..12 {
        enter_and_leave(scene, number).await;
    }
    let browser = Browser::lease().await.unwrap();
    let address = format!("{}/figures", scene.edge.url());
    // Another address, because a browser keeps the page for an hour.
    let page = PlainPage::open(&browser, &format!("{address}?lang=it")).await.unwrap();
    page.says(&["Nessun mese è ancora stato pubblicato"]).await.unwrap();
    plainly(&browser, &page).await;

    scene.edge.set_clock("2026-11-04T09:00:00+01:00").await.unwrap();
    let file = wait::until("the month in the data", async || {
        let file = scene.edge.get("/figures/monthly.csv").await.ok()?.body;
        file.contains("2026-10").then_some(file)
    })
    .await
    .unwrap();
    assert!(file.contains("12"), "{file}");
    let page = PlainPage::open(&browser, &address).await.unwrap();
    page.says(&["ottobre 2026", "12"]).await.unwrap();
    assert_eq!(page.scripts().await.unwrap(), 0);
    plainly(&browser, &page).await;
}

/// A person who enters and gives up at once.
async fn enter_and_leave(scene: &Scene, number: u32) {
    let claims = scene.claims("worker-roma").unwrap().with("sub", format!("open-{number}"));
    let token = scene.issuer.sign(HANDOFF_TYPE, &claims).unwrap();
    let opened = scene.present(Some(&token)).await.unwrap().document(201).unwrap();
    scene.chat(&opened).await.unwrap().close().await.unwrap();
}
