// SPDX-License-Identifier: EUPL-1.2
//! A call between two pages, through the relay alone: offered, accepted, heard by its frequency, muted, ended; over a lost relay, with
//! another microphone, after a reload, in another tab; declined; without a microphone, without WebRTC, in a page that forbids it.

use std::time::Duration;

use infocig_e2e::{
    browser::Browser,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
    turn::Turn,
    wait,
};
use serde_json::{Value, json};

use crate::engines::calls::{SECRET, answered, with_calls, with_calls_people_ask_for};

const LUCIA: f64 = 440.0;
const GIULIA: f64 = 660.0;

#[tokio::test]
async fn two_talk_through_the_relay_and_neither_keeps_anything_open() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    speaks(&phone, json!(LUCIA)).await;
    speaks(&desk, json!(GIULIA)).await;
    assert_eq!(fetched(&phone).await, 0, "nothing of calls is fetched before there is one");
    let asks = "return document.querySelector('info-cig').shadowRoot.querySelector('[data-part=call-ask]')";
    assert_eq!(
        phone.script(asks, Vec::new()).await.unwrap(),
        Value::Null,
        "people may not ask by these rules"
    );

    giulia.press_on_page("call-offer").await.unwrap();
    giulia.page_says("call-line", "Hai proposto a Lucia Ferretti").await.unwrap();
    lucia.call_says("call-line", "L'operatore ti propone di parlarvi a voce").await.unwrap();
    lucia.call_says("call-unrecorded", "non viene registrata").await.unwrap();
    lucia.is_accessible().await.unwrap();
    giulia.is_accessible().await.unwrap();

    lucia.press_in_call("call-accept").await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    giulia.page_says("call-line", "Tu e Lucia Ferretti vi sentite").await.unwrap();
    assert_near(heard(&phone).await, GIULIA);
    assert_near(heard(&desk).await, LUCIA);
    for browser in [&phone, &desk] {
        let kinds = browser.script_async("window.ear.kinds().then(arguments[0])").await.unwrap();
        let kinds = kinds.as_array().cloned().unwrap_or_default();
        assert!(!kinds.is_empty() && kinds.iter().all(|kind| kind == "relay"), "{kinds:?}");
    }
    lucia.call_says("call-other", "si sente").await.unwrap();
    giulia.page_says("call-other", "si sente").await.unwrap();
    giulia.page_says("call-clock", "Durata: 0:").await.unwrap();
    lucia.is_accessible().await.unwrap();
    giulia.is_accessible().await.unwrap();

    // The chat goes on beside it.
    lucia.write("La sento bene.").await.unwrap();
    giulia.reads("citizen", "La sento bene.").await.unwrap();

    lucia.press_in_call("call-mute").await.unwrap();
    lucia.call_says("call-line", "Il tuo microfono è spento").await.unwrap();
    lucia.call_says("call-mute", "Accendi il microfono").await.unwrap();
    desk.script_async("window.ear.silence().then(arguments[0], (error) => arguments[0](String(error)))")
        .await
        .map(|silent| assert_eq!(silent, true))
        .unwrap();
    giulia.page_says("call-other", "silenzio").await.unwrap();
    lucia.press_in_call("call-mute").await.unwrap();
    assert_near(heard(&desk).await, LUCIA);

    giulia.press_on_page("call-leave").await.unwrap();
    for words in
        ["ha proposto di parlarvi", "Chiamata accettata", "non viene registrata", "Chiamata terminata"]
    {
        lucia.log_says(words).await.unwrap();
    }
    giulia.log_says("Chiamata terminata: durata circa 1 minuto").await.unwrap();
    for browser in [&phone, &desk] {
        let left = browser.script("return window.ear.open()", Vec::new()).await.unwrap();
        assert_eq!((&left["connections"], &left["tracks"]), (&json!(0), &json!(0)), "{left}");
        assert!(left["made"].as_u64() > Some(0));
    }
}

#[tokio::test]
async fn a_call_that_does_not_come_about_says_why_to_both() {
    let office = with_calls("turn:127.0.0.1:9").await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    speaks(&desk, json!(GIULIA)).await;
    speaks(&phone, json!("NotAllowedError")).await;

    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-decline").await.unwrap();
    lucia.log_says("Chiamata rifiutata").await.unwrap();
    giulia.log_says("Chiamata rifiutata").await.unwrap();

    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-accept").await.unwrap();
    lucia.call_says("call-obstacle", "non ha il permesso di usare il microfono").await.unwrap();
    lucia.log_says("un dispositivo non può fare chiamate").await.unwrap();
    giulia.log_says("un dispositivo non può fare chiamate").await.unwrap();
    lucia.is_accessible().await.unwrap();
    lucia.press_in_call("call-dismiss").await.unwrap();

    // An engine without WebRTC declines by itself.
    phone.script("delete window.RTCPeerConnection", Vec::new()).await.unwrap();
    giulia.press_on_page("call-offer").await.unwrap();
    lucia.call_says("call-obstacle", "Questo browser non può fare chiamate").await.unwrap();
    giulia.page_says("call-offer", "Proponi una chiamata").await.unwrap();

    // The advisor's own obstacles are said before anybody is asked.
    desk.script("document.featurePolicy.allowsFeature = () => false", Vec::new()).await.unwrap();
    giulia.press_on_page("call-offer").await.unwrap();
    giulia.page_says("call-obstacle", "lo vieta il sito").await.unwrap();
    giulia.is_accessible().await.unwrap();
}

#[tokio::test]
async fn a_person_asks_for_a_call_where_the_rules_allow_it() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls_people_ask_for(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    speaks(&phone, json!(LUCIA)).await;
    speaks(&desk, json!(GIULIA)).await;
    assert_eq!(fetched(&phone).await, 0, "the button alone fetches nothing of calls");
    lucia.call_says("call-ask", "Chiedi di parlare a voce").await.unwrap();
    lucia.is_accessible().await.unwrap();

    lucia.press_in_call("call-ask").await.unwrap();
    lucia.call_says("call-line", "Hai chiesto di parlare a voce").await.unwrap();
    let focused = "return document.querySelector('info-cig').shadowRoot.activeElement.dataset.part";
    assert_eq!(
        phone.script(focused, Vec::new()).await.unwrap(),
        "call",
        "the pressed button gives way to it"
    );
    giulia.page_says("call-line", "Lucia Ferretti chiede di parlarvi a voce").await.unwrap();
    giulia.press_on_page("call-decline").await.unwrap();
    lucia.log_says("Chiamata rifiutata").await.unwrap();

    lucia.press_in_call("call-ask").await.unwrap();
    giulia.press_on_page("call-accept").await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    assert_near(heard(&phone).await, GIULIA);
    assert_near(heard(&desk).await, LUCIA);
    lucia.press_in_call("call-leave").await.unwrap();
    giulia.log_says("Chiamata terminata").await.unwrap();
    nothing_is_open(&phone).await;

    // One who says no to the browser reads why, and nobody is asked.
    speaks(&phone, json!("NotAllowedError")).await;
    lucia.press_in_call("call-ask").await.unwrap();
    lucia.call_says("call-obstacle", "non ha il permesso di usare il microfono").await.unwrap();
}

#[tokio::test]
async fn whoever_has_put_the_panel_away_is_told_of_an_offer_and_finds_it_there() {
    let office = with_calls("turn:127.0.0.1:9").await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    lucia.minimise().await.unwrap();

    speaks(&desk, json!(GIULIA)).await;
    giulia.press_on_page("call-offer").await.unwrap();

    lucia.unread_says("1 nuovo messaggio").await.unwrap();
    lucia.press_launcher().await.unwrap();
    lucia.call_says("call-line", "L'operatore ti propone").await.unwrap();
    lucia.press_in_call("call-decline").await.unwrap();
    giulia.log_says("Chiamata rifiutata").await.unwrap();
}

#[tokio::test]
async fn a_call_goes_on_over_a_lost_relay_and_another_microphone_and_ends_with_the_conversation() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = talking(&office, &phone, &desk).await;
    lucia.call_says("call-quality", "Collegamento: buono").await.unwrap();
    giulia.page_says("call-quality", "Collegamento: buono").await.unwrap();

    let told = async {
        lucia.call_says("call-line", "il collegamento è instabile").await.unwrap();
        giulia.page_says("call-quality", "Collegamento: instabile").await.unwrap();
    };
    turn.falters_until(told).await.unwrap();

    turn.is_lost_for(Duration::from_secs(10)).await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    assert_near(heard(&phone).await, GIULIA);
    assert_near(heard(&desk).await, LUCIA);

    for one in [&phone, &desk] {
        one.script("dispatchEvent(new Event('online'))", Vec::new()).await.unwrap();
    }
    assert_near(heard(&phone).await, GIULIA);
    assert_near(heard(&desk).await, LUCIA);

    phone.script("window.ear.tone = 550; window.ear.unplug()", Vec::new()).await.unwrap();
    assert_near(heard_as(&desk, 550.0).await, 550.0);
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();

    lucia.close().await.unwrap();
    giulia.log_says("Chiamata terminata").await.unwrap();
    nothing_is_open(&phone).await;
    nothing_is_open(&desk).await;
}

#[tokio::test]
async fn a_page_that_is_loaded_again_and_another_tab_go_on_with_a_call() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let office = with_calls(&turn.url()).await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = talking(&office, &phone, &desk).await;

    speaks_from_the_start(&phone, LUCIA).await;
    lucia.reload().await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    lucia.begin_to_write("Sono").await.unwrap();
    assert_near(heard(&desk).await, LUCIA);
    assert_near(heard(&phone).await, GIULIA);

    speaks_from_the_start(&desk, GIULIA).await;
    giulia.reload("Lucia Ferretti").await.unwrap();
    giulia.page_says("call-line", "Tu e Lucia Ferretti vi sentite").await.unwrap();
    assert_near(heard(&desk).await, LUCIA);
    assert_near(heard(&phone).await, GIULIA);

    let first = phone.tab().await.unwrap();
    let beside = PortalPage::in_new_tab(&phone, &office.portal, "/myinps").await.unwrap();
    speaks(&phone, json!(880.0)).await;
    beside.press_launcher().await.unwrap();
    beside.call_says("call-line", "in un'altra scheda").await.unwrap();
    beside.is_accessible().await.unwrap();
    beside.press_in_call("call-take").await.unwrap();
    beside.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    assert_near(heard_as(&desk, 880.0).await, 880.0);
    assert_near(heard(&phone).await, GIULIA);
    beside.press_in_call("call-leave").await.unwrap();
    nothing_is_open(&phone).await;
    phone.go_to(first).await.unwrap();
    nothing_is_open(&phone).await;
}

/// The two of a conversation, who hear each other.
async fn talking<'b>(
    office: &LineaInps,
    phone: &'b Browser,
    desk: &'b Browser,
) -> (PortalPage<'b>, ConsolePage<'b>) {
    let (lucia, giulia) = answered(office, phone, desk).await;
    speaks(phone, json!(LUCIA)).await;
    speaks(desk, json!(GIULIA)).await;
    giulia.press_on_page("call-offer").await.unwrap();
    lucia.press_in_call("call-accept").await.unwrap();
    lucia.call_says("call-line", "Tu e l'operatore vi sentite").await.unwrap();
    assert_near(heard(phone).await, GIULIA);
    assert_near(heard(desk).await, LUCIA);
    for one in [phone, desk] {
        let asked = one.script("return window.ear.asked", Vec::new()).await.unwrap();
        assert_eq!(asked, 1, "a person is asked for their microphone once");
    }
    (lucia, giulia)
}

/// The same as [`speaks`], for every page that is loaded from now on.
async fn speaks_from_the_start(browser: &Browser, tone: f64) {
    let source = format!("(function () {{ {} }})({tone})", include_str!("call.js"));
    browser.tool("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source })).await.unwrap();
}

/// The frequency that a page hears, once it is that one.
async fn heard_as(browser: &Browser, tone: f64) -> f64 {
    for _ in 0..20 {
        let now = heard(browser).await;
        if (now - tone).abs() < 12.0 {
            return now;
        }
    }
    heard(browser).await
}

/// Waits until no connection and no track of a page is open.
async fn nothing_is_open(browser: &Browser) {
    let closed = async || {
        let left = browser.script("return window.ear.open()", Vec::new()).await.ok()?;
        (left["connections"] == 0 && left["tracks"] == 0).then_some(())
    };
    wait::until("media are closed", closed).await.unwrap();
}

/// Gives a page a microphone of that tone, or that error, and an ear.
async fn speaks(browser: &Browser, tone: Value) {
    browser.script(include_str!("call.js"), vec![tone]).await.unwrap();
}

/// The frequency that a page hears.
async fn heard(browser: &Browser) -> f64 {
    let script = "window.ear.hertz().then(arguments[0], (error) => arguments[0](String(error)))";
    let told = browser.script_async(script).await.unwrap();
    told.as_f64().unwrap_or_else(|| panic!("{told}"))
}

fn assert_near(heard: f64, tone: f64) {
    assert!((heard - tone).abs() < 12.0, "{heard} Hz instead of {tone}");
}

/// How many files of calls a page has fetched.
async fn fetched(browser: &Browser) -> u64 {
    let script = "return performance.getEntriesByType('resource').filter(({ name }) => /\\/call(\\.js|\\/)/.test(name)).length";
    browser.script(script, Vec::new()).await.unwrap().as_u64().unwrap_or(u64::MAX)
}
