// SPDX-License-Identifier: EUPL-1.2
//! Calls over the wire: steps, seats and signals by socket and by polls, and the relay's credentials for the two parties alone.

use infocig_e2e::{
    answer::Answer, chat::Chat, desk::Desk, edge::policy_with, polls::Polls, scene::Scene, wait,
};
use infocig_protocol::{
    call::{CallAct, CallEnd, CallNews, CallStep, Relay, RelayServer, Says, Seats, Signal},
    desk::TransferTo,
    entry::{EntryBody, Party},
    frame::{ClientFrame, ServerFrame},
    http::ConversationOpened,
    id::SeatId,
    problem::Code,
    version,
};
use serde_json::json;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[tokio::test]
async fn two_talk_by_socket_and_polls_and_the_server_hangs_up_with_the_conversation() {
    let scene = with_calls().await;
    let Talk { opened, mut citizen, advisor_ticket, mut advisor, .. } = under_way(&scene).await;
    let call = advisor.log.last().unwrap().seq + 1;

    acts(&mut advisor, CallAct::Offer { seat: seat("g1") }).await;
    assert_eq!(step(&mut advisor).await, (call, CallStep::Offered { by: Party::Advisor }));
    assert_eq!(step(&mut citizen).await, (call, CallStep::Offered { by: Party::Advisor }));
    let problem = relay(&scene, &opened, call, &opened.ticket).await.problem().unwrap();
    assert_eq!(problem.code, Code::NotAssigned, "nothing is relayed before both want it");

    // The person goes on by polls: a page loaded anew behind a proxy, which takes part in the same call.
    let polls = scene.polls(&opened).unwrap();
    let hello =
        ClientFrame::Hello { version: version::CURRENT, ticket: opened.ticket.clone(), resume_after: call };
    let welcomed = polls.exchange(&[hello]).await.unwrap();
    let told = frames(&welcomed.frames);
    let seats = |citizen| Seats { call, citizen, advisor: Some(seat("g1")) };
    assert!(told.contains(&ServerFrame::Call(CallNews::Seats(seats(None)))), "{told:?}");
    polls.send(&ClientFrame::Call(CallAct::Accept { call, seat: seat("c1") })).await.unwrap();
    assert_eq!(step(&mut advisor).await, (call, CallStep::Accepted {}));
    let both = CallNews::Seats(seats(Some(seat("c1"))));
    news(&mut advisor, |news| *news == both).await;

    let answer = relay(&scene, &opened, call, &opened.ticket).await;
    let theirs: Relay = answer.document(200).unwrap();
    let own: Relay = relay(&scene, &opened, call, &advisor_ticket).await.document(200).unwrap();
    assert!(theirs.relay_only && theirs.servers.len() == 1);
    assert_eq!(theirs.servers[0].urls, ["turn:turn.example:3478"]);
    assert_ne!(theirs.servers[0].username, own.servers[0].username, "each side is another user");
    assert!(!answer.body.contains(SECRET) && !answer.body.contains("worker"));
    assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));

    let offer = signal(call, "g1", "c1");
    acts(&mut advisor, CallAct::Signal(offer.clone())).await;
    polled(&polls, |frame| *frame == ServerFrame::Call(CallNews::Signal(offer.clone()))).await;
    let answer = signal(call, "c1", "g1");
    polls.send(&ClientFrame::Call(CallAct::Signal(answer.clone()))).await.unwrap();
    news(&mut advisor, |news| *news == CallNews::Signal(answer.clone())).await;
    polls.send(&ClientFrame::Call(CallAct::Began { call })).await.unwrap();
    assert_eq!(step(&mut advisor).await, (call, CallStep::Began {}));

    // A second device takes the call over: the signals of the first go nowhere.
    acts(&mut citizen, CallAct::Take { call, seat: seat("c2") }).await;
    news(&mut advisor, |news| *news == CallNews::Seats(seats(Some(seat("c2"))))).await;
    polls.send(&ClientFrame::Call(CallAct::Signal(signal(call, "c1", "g1")))).await.unwrap();
    let late = signal(call, "c2", "g1");
    acts(&mut citizen, CallAct::Signal(late.clone())).await;
    let next = news(&mut advisor, |news| matches!(news, CallNews::Signal(_))).await;
    assert_eq!(next, CallNews::Signal(late), "the one of the device that is out was dropped");

    citizen.close().await.unwrap();
    let entries = advisor.entries().await.unwrap();
    let [ended, closed] = entries.as_slice() else { panic!("{entries:?}") };
    let EntryBody::Call { call: of, step: CallStep::Ended { by, why, .. } } = &ended.body else {
        panic!("{ended:?}")
    };
    assert_eq!((*of, *by, *why), (call, Party::System, CallEnd::ConversationEnded));
    assert!(matches!(closed.body, EntryBody::Closed { by: Party::Citizen, .. }));
    let problem = relay(&scene, &opened, call, &opened.ticket).await.problem().unwrap();
    assert_eq!(problem.code, Code::NotAssigned, "no credentials for a call that is over");
}

#[tokio::test]
async fn a_call_ends_when_the_conversation_goes_back_to_the_queue() {
    let scene = with_calls().await;
    let Talk { mut citizen, mut advisor, mut giulia, opened, .. } = under_way(&scene).await;
    let call = advisor.log.last().unwrap().seq + 1;
    acts(&mut advisor, CallAct::Offer { seat: seat("g1") }).await;
    acts(&mut citizen, CallAct::Accept { call, seat: seat("c1") }).await;
    step(&mut citizen).await;
    step(&mut citizen).await;
    // Two of three places are free, of which the call takes one.
    giulia.transfer(&opened.conversation, TransferTo::Queue, None).await.unwrap();
    let entries = citizen.entries().await.unwrap();
    let step = CallStep::Ended { by: Party::System, why: CallEnd::HandedOn, seconds: 0 };
    let bodies: Vec<EntryBody> = entries.into_iter().map(|entry| entry.body).collect();
    assert_eq!(bodies, [EntryBody::Call { call, step }, EntryBody::Transferred { advisor: None }]);
}

#[tokio::test]
async fn without_a_relay_and_by_the_shipped_rules_there_are_no_calls() {
    let scene = Scene::open().await.unwrap();
    let Talk { mut advisor, .. } = under_way(&scene).await;
    acts(&mut advisor, CallAct::Offer { seat: seat("g1") }).await;
    assert_eq!(advisor.refused().await.unwrap().code, Code::CallsOff);

    let policy = policy_with(|policy| policy["calls"] = json!({ "on": true })).unwrap();
    let scene = Scene::with(|options| options.with_policy(policy)).await.unwrap();
    let Talk { mut advisor, mut citizen, opened, .. } = under_way(&scene).await;
    let call = advisor.log.last().unwrap().seq + 1;
    acts(&mut advisor, CallAct::Offer { seat: seat("g1") }).await;
    step(&mut citizen).await;
    acts(&mut citizen, CallAct::Accept { call, seat: seat("c1") }).await;
    step(&mut citizen).await;
    let problem = relay(&scene, &opened, call, &opened.ticket).await.problem().unwrap();
    assert_eq!((problem.status, problem.code), (503, Code::RelayUnavailable));
    acts(&mut citizen, CallAct::Offer { seat: seat("c1") }).await;
    acts(&mut citizen, CallAct::End { call, why: CallEnd::HungUp }).await;
    step(&mut citizen).await;
    acts(&mut citizen, CallAct::Offer { seat: seat("c1") }).await;
    assert_eq!(citizen.refused().await.unwrap().code, Code::CallsOff, "the person may not ask");
}

/// What the edge gives the two sides of a call: the person's first.
pub(crate) async fn relays_of_a_call(url: &str, secret: &str) -> [RelayServer; 2] {
    let scene = with_relay(url, secret).await;
    let Talk { opened, mut citizen, advisor_ticket, mut advisor, .. } = under_way(&scene).await;
    let call = advisor.log.last().unwrap().seq + 1;
    acts(&mut advisor, CallAct::Offer { seat: seat("g1") }).await;
    step(&mut citizen).await;
    acts(&mut citizen, CallAct::Accept { call, seat: seat("c1") }).await;
    step(&mut citizen).await;
    let mut servers = Vec::new();
    for ticket in [&opened.ticket, &advisor_ticket] {
        let given: Relay = relay(&scene, &opened, call, ticket).await.document(200).unwrap();
        servers.extend(given.servers);
    }
    servers.try_into().unwrap()
}

struct Talk {
    opened: ConversationOpened,
    citizen: Chat,
    advisor_ticket: String,
    advisor: Chat,
    giulia: Desk,
}

/// A policy with calls, and a relay that nobody asks.
async fn with_calls() -> Scene {
    with_relay("turn:turn.example:3478", SECRET).await
}

async fn with_relay(url: &str, secret: &str) -> Scene {
    let calls = json!({ "on": true, "citizen_may_ask": true, "places": 2 });
    let policy = policy_with(|policy| policy["calls"] = calls).unwrap();
    let turn = json!({ "urls": [url], "secrets": [secret] });
    let scene = Scene::with(|options| {
        let mut options = options.with_policy(policy);
        options.bindings.push(("TURN", Some(turn.to_string())));
        options
    });
    scene.await.unwrap()
}

/// A conversation of a worker in Rome that Giulia answers.
async fn under_way(scene: &Scene) -> Talk {
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let own = giulia.answer(&opened.conversation).await.unwrap();
    let advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    Talk { opened, citizen, advisor_ticket: own.ticket.unwrap(), advisor, giulia }
}

async fn acts(side: &mut Chat, act: CallAct) {
    side.socket.send(&ClientFrame::Call(act)).await.unwrap();
}

/// The next entry, which must be a step of a call.
async fn step(side: &mut Chat) -> (u64, CallStep) {
    let body = side.listen().await.unwrap().body;
    let EntryBody::Call { call, step } = body else { panic!("{body:?}") };
    (call, step)
}

/// The next news of a call that fit.
async fn news(side: &mut Chat, fits: impl Fn(&CallNews) -> bool) -> CallNews {
    loop {
        if let ServerFrame::Call(news) = side.socket.aside().await.unwrap()
            && fits(&news)
        {
            return news;
        }
    }
}

/// Polls until a frame fits.
async fn polled(polls: &Polls, fits: impl Fn(&ServerFrame) -> bool) {
    wait::until("a frame comes by polls", async || {
        let polled = polls.wait().await.ok()?;
        frames(&polled.frames).iter().any(&fits).then_some(())
    })
    .await
    .unwrap();
}

fn frames(texts: &[String]) -> Vec<ServerFrame> {
    texts.iter().filter_map(|text| ServerFrame::read(text)).collect()
}

async fn relay(scene: &Scene, opened: &ConversationOpened, call: u64, ticket: &str) -> Answer {
    let url = format!("{}/v1/conversations/{}/calls/{call}/relay", scene.edge.url(), opened.conversation);
    Answer::to(scene.edge.http().get(url).bearer_auth(ticket)).await.unwrap()
}

fn signal(call: u64, from: &str, to: &str) -> Signal {
    Signal { call, from: seat(from), to: seat(to), says: Says::Offer { round: 1, sdp: "v=0\r\n".into() } }
}

fn seat(name: &str) -> SeatId {
    SeatId::parse(name).unwrap()
}
