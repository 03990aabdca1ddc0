// SPDX-License-Identifier: EUPL-1.2
//! Calls in every engine that has WebRTC, with the engine's own fake microphone, through the relay alone.

use std::time::Duration;

use infocig_e2e::{
    answer::Answer,
    browser::Browser,
    embed,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
    turn::Turn,
    wait,
};
use serde_json::{Value, json};

use crate::engines::calls::{SECRET, answered, with_calls};

#[tokio::test]
async fn two_pages_of_an_engine_talk_through_the_relay_and_go_on_after_it_was_lost() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = begun(&office, &phone, &desk).await;
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    giulia.page_says("call-line", "Tu e Lucia Ferretti vi sentite").await.unwrap();
    for page in [&phone, &desk] {
        hears_more(page).await;
        let asked = page.script("return window.media.asked()", Vec::new()).await.unwrap();
        assert_eq!(asked, 1, "a person is asked for their microphone once");
        let kinds = page.script_async("window.media.kinds().then(arguments[0])").await.unwrap();
        assert_eq!(kinds, json!(["relay"]));
    }

    turn.is_lost_for(Duration::from_secs(10)).await.unwrap();
    for page in [&phone, &desk] {
        hears_more(page).await;
    }
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    giulia.page_says("call-line", "Tu e Lucia Ferretti vi sentite").await.unwrap();

    giulia.press_on_page("call-leave").await.unwrap();
    lucia.log_says("Chiamata terminata").await.unwrap();
    for page in [&phone, &desk] {
        let closed = async || {
            let left = page.script("return window.media.open()", Vec::new()).await.ok()?;
            (left == 0).then_some(())
        };
        wait::until("media are closed", closed).await.unwrap();
    }
}

#[tokio::test]
async fn each_side_reads_what_the_other_writes_in_real_time_and_nothing_of_it_stays() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = begun(&office, &phone, &desk).await;
    lucia.call_says("call-write", "Scrivi in tempo reale").await.unwrap();

    // Backspace and Enter are what a driver calls U+E003 and U+E007. The field has the focus after the press, and the other side reads before the line is ended.
    lucia.press_in_call("call-write").await.unwrap();
    lucia.call_says("call-text-note", "Ogni lettera si vede subito").await.unwrap();
    giulia.page_says("call-text-note", "Lucia Ferretti scrive in tempo reale").await.unwrap();
    phone.type_keys("La pratica è dodicx").await.unwrap();
    giulia.page_says("call-text-written", "La pratica è dodicx").await.unwrap();
    phone.type_keys("\u{e003}i\u{e007}").await.unwrap();
    giulia.page_says("call-text-lines", "Lucia Ferretti: La pratica è dodici").await.unwrap();
    lucia.call_says("call-text-lines", "Tu: La pratica è dodici").await.unwrap();

    giulia.press_on_page("call-write").await.unwrap();
    desk.type_keys("La vedo\u{e007}È pagata").await.unwrap();
    lucia.call_says("call-text-lines", "Operatore: La vedo").await.unwrap();
    lucia.call_says("call-text-written", "È pagata").await.unwrap();
    for (width, height) in [(320, 800), (1_280, 800)] {
        phone.is_seen_at(width, height).await.unwrap();
        lucia.is_accessible().await.unwrap();
    }
    giulia.is_accessible().await.unwrap();

    // The line that is being written comes again over another connection.
    lucia.reload().await.unwrap();
    lucia.call_says("call-text-written", "È pagata").await.unwrap();

    giulia.press_on_page("call-leave").await.unwrap();
    lucia.log_says("Chiamata terminata").await.unwrap();
    let said = phone.script("return document.querySelector('info-cig').shadowRoot.textContent", Vec::new());
    let said = said.await.unwrap().to_string();
    assert!(
        said.contains("Chiamata terminata") && !said.contains("dodici") && !said.contains("pagata"),
        "{said}"
    );
}

#[tokio::test]
async fn on_a_page_with_the_strictest_policy_a_call_comes_about_and_breaks_nothing_of_it() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let giulia = ConsolePage::sign_in(&desk, &office.portal, "advisor-giulia").await.unwrap();
    let lucia = embed::open(&phone, &office.portal, "strict", "worker-roma").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();

    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-accept").await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    lucia.press_in_call("call-leave").await.unwrap();
    lucia.log_says("Chiamata terminata").await.unwrap();

    assert_eq!(embed::complaints(&phone).await.unwrap(), [""; 0]);
    let reports = office.scene.edge.http().get(office.portal.page("/embed/reports"));
    let reports: Value = Answer::to(reports).await.unwrap().document(200).unwrap();
    assert_eq!(reports, json!({ "reports": 0 }));
}

/// The two of a conversation, of whom one has accepted a call.
async fn begun<'b>(
    office: &LineaInps,
    phone: &'b Browser,
    desk: &'b Browser,
) -> (PortalPage<'b>, ConsolePage<'b>) {
    let (lucia, giulia) = answered(office, phone, desk).await;
    for page in [phone, desk] {
        page.script(include_str!("webrtc.js"), Vec::new()).await.unwrap();
    }
    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-accept").await.unwrap();
    (lucia, giulia)
}

/// Waits until more sound of the other side arrives than has.
async fn hears_more(page: &Browser) {
    let energy = async || {
        let heard = page.script_async("window.media.heard().then(arguments[0])").await.ok()?;
        heard.as_f64()
    };
    let before = energy().await.unwrap_or_default();
    let more = async || energy().await.filter(|now| *now > before + 0.01).map(Value::from);
    wait::until("sound of the other side", more).await.unwrap();
}
