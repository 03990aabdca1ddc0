// SPDX-License-Identifier: EUPL-1.2
//! A browser with the credentials that the edge makes, and coturn as the document configures it: nothing but relayed ways, a known
//! tone and a text arrive.

use infocig_e2e::{browser::Browser, turn::Turn};
use serde::Deserialize;

use crate::runtime::calls::relays_of_a_call;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[derive(Debug, Deserialize)]
struct Talked {
    hertz: f64,
    text: String,
    protocol: String,
    ms: f64,
    kinds: Vec<String>,
    ways: Vec<String>,
}

#[tokio::test]
async fn two_ends_hear_a_tone_and_read_a_text_through_the_relay_alone() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let [theirs, own] = relays_of_a_call(&turn.url(), SECRET).await;
    let browser = Browser::lease().await.unwrap();
    browser.open("about:blank").await.unwrap();
    // Sound needs a press of somebody.
    browser.type_keys("x").await.unwrap();

    let [theirs, own] = [theirs, own].map(|server| serde_json::to_string(&[server]).unwrap());
    let script =
        include_str!("relay.js").replace("= arguments;", &format!("= [{theirs}, {own}, arguments[0]];"));
    let told = browser.script_async(&script).await.unwrap();
    let talked: Talked = serde_json::from_value(told.clone()).unwrap_or_else(|_| panic!("{told}"));

    assert!((talked.hertz - 440.0).abs() < 12.0, "{talked:?}");
    assert_eq!((talked.text.as_str(), talked.protocol.as_str()), ("è", "t140"));
    assert!(talked.ms < 500.0, "EN 301 549, 6.2.4: {talked:?}");
    let is_relayed = |kinds: &[String]| !kinds.is_empty() && kinds.iter().all(|kind| kind == "relay");
    assert!(
        is_relayed(&talked.kinds) && talked.ways.iter().all(|way| way == "relay" || way == "prflx"),
        "{talked:?}"
    );
}
