// SPDX-License-Identifier: EUPL-1.2
//! Memory: a page holds one panel, however often it was opened and minimised. Only Chromium's developer tools count the objects
//! of a page.

use infocig_e2e::{browser::Browser, page::PortalPage, service::service};
use serde_json::json;

#[tokio::test]
async fn a_panel_that_is_opened_again_and_again_leaves_nothing_behind() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.place_says(&["La prossima conversazione è la tua"]).await.unwrap();

    open_and_put_away(&phone, 3).await;
    let open = held(&phone).await;
    put_away(&phone).await;
    let closed = held(&phone).await;
    put_back(&phone).await;
    open_and_put_away(&phone, OFTEN).await;
    let after = held(&phone).await;

    // The size of a panel is measured, so that no constant becomes outdated.
    let panel = Held { nodes: open.nodes - closed.nodes, listeners: open.listeners - closed.listeners };
    assert!(panel.nodes > 20 && panel.listeners > 2, "a panel that is put away is still there: {panel:?}");
    assert!(
        after.nodes < open.nodes + panel.nodes && after.listeners < open.listeners + panel.listeners,
        "after {OFTEN} times more: {after:?}, before: {open:?}; one panel: {panel:?}"
    );
}

/// Were one in ten panels left behind, two would be there.
const OFTEN: u32 = 20;

/// By script, because a driver keeps references to every element it has returned.
async fn open_and_put_away(phone: &Browser, times: u32) {
    for _ in 0..times {
        put_away(phone).await;
        put_back(phone).await;
    }
}

async fn put_away(phone: &Browser) {
    press(phone, "minimise").await;
}

async fn put_back(phone: &Browser) {
    press(phone, "launcher").await;
}

async fn press(phone: &Browser, part: &str) {
    let press = "const root = document.querySelector('info-cig').shadowRoot;
        const part = root.querySelector(`[data-part=${arguments[0]}]`);
        part?.click();
        return Boolean(part);";
    let pressed =
        async || Ok((phone.script(press, vec![json!(part)]).await.ok() == Some(json!(true))).then_some(()));
    phone.until(format_args!("the button {part}"), pressed).await.unwrap();
}

#[derive(Debug)]
struct Held {
    nodes: u64,
    listeners: u64,
}

async fn held(phone: &Browser) -> Held {
    // Objects freed by finalizers are collected in the next cycle.
    for _ in 0..3 {
        phone.tool("HeapProfiler.collectGarbage", json!({})).await.unwrap();
    }
    let counted = phone.tool("Memory.getDOMCounters", json!({})).await.unwrap();
    let count = |what: &str| counted.get(what).and_then(serde_json::Value::as_u64).unwrap();
    Held { nodes: count("nodes"), listeners: count("jsEventListeners") }
}
