// SPDX-License-Identifier: EUPL-1.2
//! An on-screen keyboard. Only Chromium's developer tools emulate touch as the main pointer.

use infocig_e2e::{browser::Browser, page::PortalPage, service::service};
use serde_json::json;

/// Kind: keys that on-screen keyboards lack.
#[tokio::test]
async fn on_touch_devices_enter_begins_a_new_line_and_the_button_sends() {
    let (_edge, portal) = service().await.unwrap();
    let phone = Browser::lease().await.unwrap();
    let touch = json!({ "enabled": true, "maxTouchPoints": 1 });
    phone.tool("Emulation.setTouchEmulationEnabled", touch).await.unwrap();
    let media = json!({ "features": [{ "name": "pointer", "value": "coarse" }] });
    phone.tool("Emulation.setEmulatedMedia", media).await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    worker.phase_says(&["coda"]).await.unwrap();

    worker.press_composer().await.unwrap();
    worker.types("Buongiorno,").await.unwrap();
    worker.presses_enter().await.unwrap();
    worker.types("quando sono pagato?").await.unwrap();

    worker.draft_is("Buongiorno,\nquando sono pagato?").await.unwrap();
    worker.send().await.unwrap();
    worker.reads("citizen", "Buongiorno,\nquando sono pagato?").await.unwrap();
}
