// SPDX-License-Identifier: EUPL-1.2
//! What is put away is freed: a page that stays open all day holds one panel, however often it was opened. Only Chromium's
//! tools count what a page holds.

use infocig_e2e::{
    artefacts,
    browser::Browser,
    edge::{Edge, EdgeOptions},
    page::PortalPage,
    portal::Announced,
};
use serde_json::json;

#[tokio::test]
async fn a_panel_that_is_opened_again_and_again_leaves_nothing_behind() {
    let announced = Announced::bind().await.unwrap();
    let site = Some(artefacts::site().unwrap());
    let options = EdgeOptions { site, ..EdgeOptions::trusting(announced.setting()) };
    let edge = Edge::start(options).await.unwrap();
    let portal = announced.serve(&edge.url()).unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();

    open_and_put_away(&phone, 3).await;
    let before = held(&phone).await;
    open_and_put_away(&phone, 20).await;
    let after = held(&phone).await;

    // One panel more would be eighty nodes and ten listeners.
    assert!(
        after.nodes < before.nodes + 80 && after.listeners < before.listeners + 10,
        "{before:?}, {after:?}"
    );
}

/// By script, because a driver holds on to every element it was ever told of.
async fn open_and_put_away(phone: &Browser, times: u32) {
    let press = "const root = document.querySelector('info-cig').shadowRoot;
        const part = root.querySelector(`[data-part=${arguments[0]}]`);
        part?.click();
        return Boolean(part);";
    for _ in 0..times {
        for part in ["minimise", "launcher"] {
            let pressed = async || {
                Ok((phone.script(press, vec![json!(part)]).await.ok() == Some(json!(true))).then_some(()))
            };
            phone.until(format_args!("the button {part}"), pressed).await.unwrap();
        }
    }
}

#[derive(Debug)]
struct Held {
    nodes: u64,
    listeners: u64,
}

async fn held(phone: &Browser) -> Held {
    // What finalisers free is there to be collected the next time.
    for _ in 0..3 {
        phone.tool("HeapProfiler.collectGarbage", json!({})).await.unwrap();
    }
    let counted = phone.tool("Memory.getDOMCounters", json!({})).await.unwrap();
    let count = |what: &str| counted.get(what).and_then(serde_json::Value::as_u64).unwrap();
    Held { nodes: count("nodes"), listeners: count("jsEventListeners") }
}
