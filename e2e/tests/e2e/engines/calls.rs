// SPDX-License-Identifier: EUPL-1.2
//! An engine without WebRTC, as WebKitGTK is distributed, has no calls and says why to both; others are made so.

use infocig_e2e::{
    browser::Browser,
    edge::policy_with,
    linea_inps::LineaInps,
    page::{ConsolePage, PortalPage},
};
use infocig_protocol::{
    call::{CallAct, CallEnd, CallStep},
    entry::{EntryBody, Party},
    frame::ClientFrame,
    id::SeatId,
};
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn an_engine_without_webrtc_says_so_to_both() {
    let office = with_calls("turn:127.0.0.1:9").await;
    let (phone, desk) = Browser::two().await.unwrap();
    let (lucia, giulia) = answered(&office, &phone, &desk).await;
    for browser in [&phone, &desk] {
        browser.script("delete window.RTCPeerConnection", Vec::new()).await.unwrap();
    }
    giulia.press_on_page("call-offer").await.unwrap();
    giulia.page_says("call-obstacle", "non può fare chiamate").await.unwrap();
    giulia.is_accessible().await.unwrap();

    // Another device of the advisor could.
    let mut desk = office.scene.desk("advisor-giulia").await.unwrap();
    let own = |desk: &infocig_e2e::desk::Desk| desk.picture.mine.first().cloned();
    let own = desk.see("the conversation", own).await.unwrap();
    let mut advisor = office.scene.advise(&own).await.unwrap();
    let offer = CallAct::Offer { seat: SeatId::parse("elsewhere").unwrap() };
    advisor.socket.send(&ClientFrame::Call(offer)).await.unwrap();
    lucia.call_says("call-obstacle", "Questo browser non può fare chiamate").await.unwrap();
    lucia.is_accessible().await.unwrap();
    lucia.log_says("un dispositivo non può fare chiamate").await.unwrap();
    let ended = loop {
        let EntryBody::Call { step, .. } = advisor.listen().await.unwrap().body else { continue };
        let CallStep::Ended { by, why, .. } = step else { continue };
        break (by, why);
    };
    assert_eq!(ended, (Party::Citizen, CallEnd::NoMicrophone));
}

/// A service whose rules have calls, and its portal.
pub(crate) async fn with_calls(url: &str) -> LineaInps {
    with_rules(json!({ "on": true, "places": 2 }), url).await
}

/// The same, where people may ask for a call too.
pub(crate) async fn with_calls_people_ask_for(url: &str) -> LineaInps {
    with_rules(json!({ "on": true, "citizen_may_ask": true, "places": 2 }), url).await
}

async fn with_rules(calls: Value, url: &str) -> LineaInps {
    let policy = policy_with(|policy| policy["calls"] = calls).unwrap();
    let turn = json!({ "urls": [url], "secrets": [SECRET] });
    LineaInps::with_pages(|options| {
        let mut options = options.with_policy(policy);
        options.bindings.push(("TURN", Some(turn.to_string())));
        options
    })
    .await
    .unwrap()
}

/// A conversation of Lucia that Giulia has answered.
pub(crate) async fn answered<'b>(
    office: &LineaInps,
    phone: &'b Browser,
    desk: &'b Browser,
) -> (PortalPage<'b>, ConsolePage<'b>) {
    let giulia = ConsolePage::sign_in(desk, &office.portal, "advisor-giulia").await.unwrap();
    let lucia = PortalPage::sign_in(phone, &office.portal, "/myinps", "worker-roma").await.unwrap();
    lucia.press_launcher().await.unwrap();
    giulia.take("Lucia Ferretti").await.unwrap();
    giulia.write("Buongiorno, ne parliamo a voce?").await.unwrap();
    lucia.reads("advisor", "ne parliamo a voce").await.unwrap();
    (lucia, giulia)
}
