// SPDX-License-Identifier: EUPL-1.2
//! Presence, typing and read receipts, pages of a long log, limits, old clients, failures of an object.

use std::time::{Duration, Instant};

use infocig_e2e::{
    answer::Answer,
    chat::{Chat, hello},
    scene::Scene,
    socket::SocketEvent,
};
use infocig_protocol::{
    close,
    entry::{EntryBody, Party},
    frame::{ClientFrame, Page, ServerFrame},
    http::ConversationOpened,
    id::{ConversationId, MessageId},
    problem::Code,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

#[tokio::test]
async fn each_side_learns_presence_read_receipts_and_typing_of_the_other() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen, mut advisor) = talking(&scene).await;
    let entry = citizen.post_message("Ci sei?").await.unwrap();
    advisor.listen().await.unwrap();

    assert_eq!(citizen.socket.aside().await.unwrap(), presence(Party::Advisor, false, 0));
    assert_eq!(citizen.socket.aside().await.unwrap(), presence(Party::Advisor, true, 0));
    assert_eq!(advisor.socket.aside().await.unwrap(), presence(Party::Citizen, true, 0));
    advisor.socket.send(&ClientFrame::Typing {}).await.unwrap();
    assert_eq!(citizen.socket.aside().await.unwrap(), ServerFrame::Typing { party: Party::Advisor });
    advisor.socket.send(&ClientFrame::Read { up_to: 999 }).await.unwrap();
    assert_eq!(citizen.socket.aside().await.unwrap(), presence(Party::Advisor, true, entry.seq));

    advisor.socket.leave().await.unwrap();
    assert_eq!(citizen.socket.aside().await.unwrap(), presence(Party::Advisor, false, 0));
    let again = scene.chat(&opened).await.unwrap();
    assert_eq!(again.log, citizen.log, "nothing of it is stored");
}

#[tokio::test]
async fn a_second_device_of_a_person_learns_of_the_advisor_and_not_of_the_first_device() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen, mut advisor) = talking(&scene).await;
    citizen.socket.aside().await.unwrap();
    citizen.socket.aside().await.unwrap();

    let mut tablet = scene.chat(&opened).await.unwrap();
    assert_eq!(tablet.socket.aside().await.unwrap(), presence(Party::Advisor, true, 0));
    tablet.socket.send(&ClientFrame::Read { up_to: 1 }).await.unwrap();

    let told = [advisor.socket.aside().await.unwrap(), advisor.socket.aside().await.unwrap()];
    assert_eq!(told, [presence(Party::Citizen, true, 0), presence(Party::Citizen, true, 0)]);
    assert_eq!(advisor.socket.aside().await.unwrap(), presence(Party::Citizen, true, 1));
    tablet.socket.leave().await.unwrap();
    assert_eq!(advisor.socket.aside().await.unwrap(), presence(Party::Citizen, true, 0));
    citizen.post_message("Sono ancora qui.").await.unwrap();
}

#[tokio::test]
async fn reconnecting_costs_the_missed_entries_and_not_the_whole_log() {
    let scene = Scene::without_rate_limits().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let texts: Vec<String> = (0..1_000).map(|number| post(number, &format!("riga {number}"))).collect();
    for some in texts.chunks(50) {
        citizen.socket.send_texts(some).await.unwrap();
        for _ in some {
            citizen.listen().await.unwrap();
        }
    }

    let mut again = scene.socket(&opened).await.unwrap();
    again.send(&hello(&opened.ticket, 0)).await.unwrap();
    assert!(matches!(again.frame().await.unwrap(), ServerFrame::Welcome { after: 801, last_seq: 1_001, .. }));
    assert_eq!(numbers(again.frame().await.unwrap()), (802..=1_001).collect::<Vec<_>>());
    again.send(&ClientFrame::Page(Page::Before(802))).await.unwrap();
    assert_eq!(numbers(again.frame().await.unwrap()), (602..=801).collect::<Vec<_>>());

    let mut again = scene.socket(&opened).await.unwrap();
    again.send(&hello(&opened.ticket, 998)).await.unwrap();
    assert!(matches!(again.frame().await.unwrap(), ServerFrame::Welcome { after: 998, .. }));
    assert_eq!(numbers(again.frame().await.unwrap()), [999, 1_000, 1_001]);
}

#[tokio::test]
async fn messages_that_come_too_fast_are_accepted_later_and_a_flood_ends_the_socket() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let moved: Timestamp = "2026-11-23T15:30:00+01:00".parse().unwrap();
    let begun = Instant::now();
    scene.edge.set_clock(&moved.to_string()).await.unwrap();
    let burst = 20;
    for number in 0..burst {
        citizen.post_message(&format!("in fretta {number}")).await.unwrap();
    }

    // On a slow machine the limiter regains some of the burst meanwhile.
    let (id, wait) = loop {
        let id = format!("one-more-{}", citizen.log.len());
        citizen.post(&id, "ancora").await.unwrap();
        match citizen.socket.receive().await.unwrap() {
            SocketEvent::Frame(ServerFrame::Entries { entries }) => citizen.log.extend(entries),
            SocketEvent::Frame(ServerFrame::Refused {
                code: Code::TooFast,
                message: Some(refused),
                retry_after_ms: Some(wait),
                ..
            }) if refused.as_str() == id => break (id, wait),
            other @ (SocketEvent::Frame(_)
            | SocketEvent::Text(_)
            | SocketEvent::Closed(_)
            | SocketEvent::Lost) => {
                panic!("expected an entry or a rate limit, received {other:?}")
            }
        }
        assert!(citizen.log.len() < 3 * burst, "not slowed down");
    };
    assert!((1..=1_001).contains(&wait), "{wait}");
    // The pause of the server, by its clock, after the latest instant at which it can have been computed.
    let told = moved + SignedDuration::try_from(begun.elapsed()).unwrap();
    let then = told + SignedDuration::from_millis(wait);
    scene.edge.set_clock(&then.to_string()).await.unwrap();
    citizen.post(&id, "ancora").await.unwrap();
    citizen.listen().await.unwrap();

    let flood = vec![serde_json::to_string(&ClientFrame::Typing {}).unwrap(); 400];
    citizen.socket.send_texts(&flood).await.unwrap();
    let SocketEvent::Frame(ServerFrame::Refused { code: Code::TooFast, message: None, .. }) =
        citizen.socket.receive().await.unwrap()
    else {
        panic!("a flood goes unnoticed");
    };
    let mut heard = citizen.socket.receive().await.unwrap();
    while matches!(heard, SocketEvent::Frame(_)) {
        heard = citizen.socket.receive().await.unwrap();
    }
    assert_eq!(heard, SocketEvent::Closed(close::TOO_FAST));
    assert_eq!(scene.chat(&opened).await.unwrap().log, citizen.log);
}

#[tokio::test]
async fn a_conversation_takes_so_many_messages_and_no_more_and_can_still_be_ended() {
    let shipped = infocig_e2e::edge::policy_without_limits().unwrap();
    let mut policy: Value = serde_json::from_str(&shipped).unwrap();
    policy["messages"]["per_conversation"] = 5.into();
    let scene = Scene::with(|options| options.with_policy(policy.to_string())).await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    for text in ["due", "tre", "quattro", "cinque"] {
        citizen.post_message(text).await.unwrap();
    }

    citizen.post("six", "sei").await.unwrap();
    assert_eq!(citizen.refused().await.unwrap().code, Code::ConversationFull);
    citizen.close().await.unwrap();
    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Closed { by: Party::Citizen, outcome: None });
}

/// A panic in Rust, and an exception thrown through it, empty every object of the isolate during a conversation.
#[tokio::test]
async fn an_object_that_fails_loses_nothing_that_was_acknowledged() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen, mut advisor) = talking(&scene).await;
    let other = scene.enter("worker-napoli").await.unwrap();
    let mut bystander = scene.chat(&other).await.unwrap();

    for how in ["panic", "throw"] {
        let said = citizen.post_message(&format!("prima di: {how}")).await.unwrap();
        assert_eq!(advisor.listen().await.unwrap(), said);
        let aside = bystander.post_message("nel frattempo").await.unwrap();

        fail(&scene, &opened.conversation, how).await;

        let mut again = scene.chat(&opened).await.unwrap();
        assert_eq!(again.log, citizen.log, "after a {how}");
        again.post_message("dopo").await.unwrap();
        let mut bystander_again = scene.chat(&other).await.unwrap();
        assert_eq!(bystander_again.log.last(), Some(&aside));
        bystander_again.post_message("anch'io").await.unwrap();
        citizen = again;
        let mut desk = scene.desk("advisor-giulia").await.unwrap();
        let own = desk.see("her conversation", |desk| desk.holds(&opened.conversation)).await.unwrap();
        advisor = scene.advise(&own).await.unwrap();
        assert_eq!(advisor.log, citizen.log);
        bystander = bystander_again;
    }
}

#[tokio::test]
async fn a_reloaded_page_shows_its_conversation_and_begins_no_new_one() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let resume = async |person: &str, shown: &ConversationId| {
        let token = scene.token(&scene.claims(person).unwrap()).unwrap();
        scene.present_at(&format!("/v1/conversations?resume={shown}"), Some(&token)).await.unwrap()
    };

    let found: ConversationOpened = resume("worker-roma", &opened.conversation).await.document(200).unwrap();
    assert_eq!(found.conversation, opened.conversation);
    let mut citizen = scene.chat(&found).await.unwrap();
    citizen.post_message("Prima della fine.").await.unwrap();
    citizen.close().await.unwrap();
    citizen.listen().await.unwrap();

    let over: ConversationOpened = resume("worker-roma", &opened.conversation).await.document(200).unwrap();
    let over = scene.chat(&over).await.unwrap();
    assert_eq!(over.log, citizen.log);
    let stranger = resume("worker-napoli", &opened.conversation).await;
    assert_eq!((stranger.status, stranger.problem().unwrap().code), (404, Code::NotFound));
    let token = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    let nonsense = scene.present_at("/v1/conversations?resume=1", Some(&token)).await.unwrap();
    assert_eq!(nonsense.problem().unwrap().code, Code::RequestInvalid);
    let fresh = scene.enter("worker-roma").await.unwrap();
    assert_ne!(fresh.conversation, opened.conversation);
}

/// A person from Roma and Giulia, in a new conversation.
async fn talking(scene: &Scene) -> (ConversationOpened, Chat, Chat) {
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    citizen.listen().await.unwrap();
    let advisor = scene.advise(&own).await.unwrap();
    (opened, citizen, advisor)
}

async fn fail(scene: &Scene, conversation: &ConversationId, how: &'static str) {
    let url = format!("{}/test/conversations/{conversation}/fail", scene.edge.url());
    // The request fails, or gets no answer.
    let asked = Answer::to(scene.edge.http().post(url).body(how));
    if let Ok(Ok(answer)) = tokio::time::timeout(Duration::from_secs(3), asked).await {
        assert!(answer.status >= 500, "the object did not fail: {}", answer.body);
    }
}

fn presence(party: Party, connected: bool, read_up_to: u64) -> ServerFrame {
    ServerFrame::Presence { party, connected, read_up_to }
}

fn post(number: u32, text: &str) -> String {
    let id = MessageId::parse(format!("m-{number}")).unwrap();
    serde_json::to_string(&ClientFrame::Post { id, text: text.into() }).unwrap()
}

fn numbers(frame: ServerFrame) -> Vec<u64> {
    let ServerFrame::Entries { entries } = frame else { panic!("{frame:?}") };
    entries.iter().map(|entry| entry.seq).collect()
}
