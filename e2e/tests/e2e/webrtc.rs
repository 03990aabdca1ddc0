// SPDX-License-Identifier: EUPL-1.2
//! Calls in every engine that has WebRTC, with the engine's own fake microphone, through the relay alone.

use std::time::Duration;

use infocig_e2e::{answer::Answer, browser::Browser, embed, page::ConsolePage, turn::Turn, wait};
use serde_json::{Value, json};

use crate::engines::calls::{SECRET, answered, with_calls};

#[tokio::test]
async fn two_pages_of_an_engine_talk_through_the_relay_and_go_on_after_it_was_lost() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    for page in [&phone, &desk] {
        page.script(include_str!("webrtc.js"), Vec::new()).await.unwrap();
    }
    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-accept").await.unwrap();
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
