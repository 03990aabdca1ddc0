// SPDX-License-Identifier: EUPL-1.2
//! Sounds: none is queued while the browser blocks them, and only one of several tabs plays. Only Chromium's developer tools
//! can count the notes of a page from its start.

use infocig_e2e::{browser::Browser, error::Error, page::ConsolePage, page::PortalPage, service::service};
use serde_json::{Value, json};

/// Kind: queued sounds that play all at once after the first press.
#[tokio::test]
async fn a_sound_that_the_browser_blocked_is_not_played_afterwards() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    counts_notes(&desk).await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    giulia.says_that_sounds_are_blocked().await.unwrap();
    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();
    giulia.offer_says("Lucia Ferretti").await.unwrap();
    assert_eq!(notes(&desk).await, json!(0));

    // The press itself allows sounds.
    desk.script("heard.granted = true", Vec::new()).await.unwrap();
    giulia.open_alerts().await.unwrap();

    giulia.says_nothing_of_sounds().await.unwrap();
    // The offer continues to ring: three notes every eight seconds.
    let rung = desk.until("the next ring", async || Ok(Some(notes(&desk).await).filter(|notes| *notes != 0)));
    assert_eq!(rung.await.unwrap(), json!(3));
    assert_eq!(desk.script("return heard.contexts", Vec::new()).await.unwrap(), json!(1));
}

/// Kind: several tabs of one person that all ring.
#[tokio::test]
async fn of_an_advisors_tabs_the_one_looked_at_last_is_heard() {
    let (_edge, portal) = service().await.unwrap();
    let (phone, desk) = Browser::two().await.unwrap();
    counts_notes(&desk).await.unwrap();
    let first = ConsolePage::sign_in(&desk, &portal, "advisor-giulia").await.unwrap();
    let first_tab = desk.tab().await.unwrap();
    desk.script("heard.granted = true", Vec::new()).await.unwrap();
    desk.new_tab().await.unwrap();
    let second_tab = desk.tab().await.unwrap();
    counts_notes(&desk).await.unwrap();
    let second = ConsolePage::again(&desk, &portal).await.unwrap();
    desk.script("heard.granted = true", Vec::new()).await.unwrap();

    let worker = PortalPage::sign_in(&phone, &portal, "/myinps", "worker-roma").await.unwrap();
    worker.press_launcher().await.unwrap();

    second.offer_says("Lucia Ferretti").await.unwrap();
    rings(&desk).await.unwrap();
    desk.go_to(first_tab).await.unwrap();
    first.offer_says("Lucia Ferretti").await.unwrap();
    assert_eq!(notes(&desk).await, json!(0));

    desk.script("dispatchEvent(new Event('focus'))", Vec::new()).await.unwrap();
    rings(&desk).await.unwrap();
    desk.go_to(second_tab).await.unwrap();
    let before = notes(&desk).await;
    worker.close().await.unwrap();
    second.is_offered_nothing().await.unwrap();
    assert_eq!(notes(&desk).await, before);
}

/// The next page of this tab counts its notes, and is silent until sounds are allowed.
async fn counts_notes(browser: &Browser) -> Result<(), Error> {
    browser.tool("Page.addScriptToEvaluateOnNewDocument", json!({ "source": COUNT })).await?;
    Ok(())
}

async fn notes(browser: &Browser) -> Value {
    browser.script("return heard.notes", Vec::new()).await.unwrap_or_default()
}

/// Waits until the tab in front has sounded.
async fn rings(browser: &Browser) -> Result<(), Error> {
    browser
        .until("a ring", async || {
            let rung = browser.driver().execute("return heard.notes > 0", Vec::new()).await?;
            Ok((rung.json() == true).then_some(()))
        })
        .await
}

const COUNT: &str = "
window.heard = { contexts: 0, notes: 0, granted: false };
window.AudioContext = class extends AudioContext {
  constructor() { super(); heard.contexts += 1; }
  get state() { return heard.granted ? 'running' : 'suspended'; }
  resume() { return heard.granted ? super.resume() : new Promise(() => {}); }
  createOscillator() { heard.notes += 1; return super.createOscillator(); }
};
";
