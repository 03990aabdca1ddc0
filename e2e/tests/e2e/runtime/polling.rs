// SPDX-License-Identifier: EUPL-1.2
//! Polled connections, for clients that cannot open a WebSocket: the same frames over requests.

use infocig_e2e::{
    chat::hello,
    polls::{Polls, frames},
    scene::Scene,
    wait::until,
};
use infocig_protocol::{
    close,
    entry::{EntryBody, Party},
    frame::{ClientFrame, ServerFrame},
    http::Polled,
    id::MessageId,
    limits,
    problem::Code,
};
use tokio::task::JoinHandle;

#[tokio::test]
async fn a_person_on_polls_talks_with_an_advisor_on_a_socket_from_beginning_to_end() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let polls = scene.polls(&opened).unwrap();

    let first = polls.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
    let [ServerFrame::Welcome { party: Party::Citizen, last_seq: 1, .. }, ServerFrame::Entries { .. }, ..] =
        frames(&first)[..]
    else {
        panic!("{first:?}");
    };
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    assert!(matches!(
        advisor.socket.aside().await.unwrap(),
        ServerFrame::Presence { party: Party::Citizen, connected: true, .. }
    ));

    polls.send(&post("m1", "Da dietro un proxy.")).await.unwrap();
    let entry = advisor.listen().await.unwrap();
    assert!(matches!(&entry.body, EntryBody::Message { text, .. } if text == "Da dietro un proxy."));
    let waiting = {
        let polls = polls.clone();
        tokio::spawn(async move { until_an_entry(&polls, 4).await })
    };
    let said = advisor.post_message("Ti leggo.").await.unwrap();
    assert_eq!(said.seq, 4);
    waiting.await.unwrap();

    polls.send(&ClientFrame::Close {}).await.unwrap();
    let last = loop {
        let polled = polls.wait().await.unwrap();
        if polled.closed.is_some() {
            break polled;
        }
    };
    assert_eq!(last.closed, Some(close::NORMAL));
    assert!(matches!(
        advisor.listen().await.unwrap().body,
        EntryBody::Closed { by: Party::Citizen, outcome: None }
    ));
}

#[tokio::test]
async fn a_person_whose_page_reports_leaving_is_absent_at_once() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let polls = scene.polls(&opened).unwrap();
    polls.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    let presence = |connected| ServerFrame::Presence { party: Party::Citizen, connected, read_up_to: 0 };
    assert_eq!(advisor.socket.aside().await.unwrap(), presence(true));

    let left = polls.leave().await.unwrap();

    assert_eq!(left.closed, Some(close::NORMAL));
    assert_eq!(advisor.socket.aside().await.unwrap(), presence(false));
    assert_eq!(polls.wait().await.unwrap().closed, Some(close::ABNORMAL));
    assert_eq!(polls.leave().await.unwrap().closed, Some(close::ABNORMAL));
}

#[tokio::test]
async fn a_polled_link_has_the_limits_of_a_socket() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();

    let stranger = scene.polls(&opened).unwrap();
    assert_eq!(stranger.wait().await.unwrap().closed, Some(close::ABNORMAL));
    let polled = stranger.exchange(&[post("m1", "senza salutare")]).await.unwrap();
    assert_eq!((refusal(&polled), polled.closed), (Some(Code::HelloExpected), Some(close::REFUSED)));
    let polled = scene.polls(&opened).unwrap().exchange(&[hello("forged", 0)]).await.unwrap();
    assert_eq!((refusal(&polled), polled.closed), (Some(Code::TicketInvalid), Some(close::REFUSED)));

    let answer = stranger.present("{").await.unwrap();
    assert_eq!(answer.problem().unwrap().code, Code::RequestInvalid);
    // The answer may come while the body is still being sent, and the connection may end before it is read.
    let too_large = "x".repeat(limits::MAX_POLL_BYTES + 1);
    let answer =
        until("an answer to a poll that is too large", async || stranger.present(&too_large).await.ok());
    let answer = answer.await.unwrap();
    assert_eq!(answer.problem().unwrap().code, Code::FrameTooLarge);
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 1);
}

#[tokio::test]
async fn heartbeats_go_over_polls_and_a_second_waiting_request_takes_the_place_of_the_first() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let polls = scene.polls(&opened).unwrap();
    let mut polled = polls.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
    while !frames(&polled).iter().any(|frame| matches!(frame, ServerFrame::Queue(_))) {
        polled = polls.wait().await.unwrap();
    }

    let (replaced, waiting) = two_that_wait(&polls, 20, 21).await;

    assert_eq!(replaced, Polled::default());
    polls.bring(vec![limits::PING.into()]).await.unwrap();
    assert_eq!(waiting.await.unwrap().frames, [limits::PONG]);
}

#[tokio::test]
async fn a_repeated_request_posts_nothing_twice_and_has_the_same_answer() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let polls = scene.polls(&opened).unwrap();
    let hello = vec![serde_json::to_string(&hello(&opened.ticket, 0)).unwrap()];
    let first = polls.ask_as(1, hello.clone(), true).await.unwrap();
    assert_eq!(polls.ask_as(1, hello, true).await.unwrap(), first);

    let typing = vec![serde_json::to_string(&post("m1", "Una volta.")).unwrap()];
    for _ in 0..2 {
        polls.ask_as(2, typing.clone(), false).await.unwrap();
    }
    let told = polls.ask_as(3, Vec::new(), true).await.unwrap();
    assert_eq!(entries(&told), [2]);
    assert_eq!(polls.ask_as(3, Vec::new(), true).await.unwrap(), told);
    // A request with frames may be overtaken by one that waits.
    let (replaced, waiting) = two_that_wait(&polls, 5, 6).await;
    assert_eq!(replaced, Polled::default());
    polls.ask_as(4, vec![limits::PING.into()], false).await.unwrap();
    assert_eq!(waiting.await.unwrap().frames, [limits::PONG]);
}

#[tokio::test]
async fn a_request_that_was_answered_with_nothing_takes_nothing_when_it_arrives_again() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let polls = scene.polls(&opened).unwrap();
    polls.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
    // The queue place comes first.
    let mut number = 10;
    while polls.ask_as(number, Vec::new(), true).await.unwrap() != Polled::default() {
        number += 1;
    }

    polls
        .ask_as(11 + number, vec![serde_json::to_string(&post("m1", "Una volta.")).unwrap()], false)
        .await
        .unwrap();

    assert_eq!(polls.ask_as(number, Vec::new(), true).await.unwrap(), Polled::default());
    assert_eq!(entries(&polls.ask_as(number + 1, Vec::new(), true).await.unwrap()), [2]);
}

#[tokio::test]
async fn a_message_brought_twice_is_stored_once_and_a_new_link_resumes() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let lost = scene.polls(&opened).unwrap();
    lost.exchange(&[hello(&opened.ticket, 0)]).await.unwrap();
    lost.send(&post("m1", "Arriva due volte.")).await.unwrap();

    let again = scene.polls(&opened).unwrap();
    let polled = again.exchange(&[hello(&opened.ticket, 1), post("m1", "Arriva due volte.")]).await.unwrap();

    let told: Vec<u64> = entries(&polled);
    assert_eq!(told, [2, 2], "once because it was missed, once because it was said again");
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 2);
}

#[tokio::test]
async fn an_advisor_can_work_on_polls_too() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let session = scene.desk_session("advisor-giulia").await.unwrap();
    let url = format!("{}{}", scene.edge.url(), session.socket.replace("/socket", "/poll"));
    let desk = Polls::new(scene.edge.http().clone(), url, scene.issuer.origin()).unwrap();

    desk.bring(vec![format!(r#"{{"hello":{{"version":2,"ticket":"{}"}}}}"#, session.ticket)]).await.unwrap();
    let sees = async |words: &[&str]| loop {
        let polled = desk.wait().await.unwrap();
        if polled.frames.iter().any(|frame| words.iter().all(|word| frame.contains(word))) {
            break;
        }
    };
    sees(&["offered", opened.conversation.as_str()]).await;
    desk.bring(vec![format!(r#"{{"accept":{{"conversation":"{}"}}}}"#, opened.conversation)]).await.unwrap();
    sees(&["held", "\"ticket\":", opened.conversation.as_str()]).await;
}

/// Sends two waiting requests with these numbers. The second to reach the server replaces the first, so that the answer to the
/// first proves that both have arrived. Returns that answer, and the pending one.
async fn two_that_wait(polls: &Polls, one: u64, other: u64) -> (Polled, JoinHandle<Polled>) {
    let ask = |number| {
        let polls = polls.clone();
        tokio::spawn(async move { polls.ask_as(number, Vec::new(), true).await.unwrap() })
    };
    let (mut one, mut other) = (ask(one), ask(other));
    tokio::select! {
        replaced = &mut one => (replaced.unwrap(), other),
        replaced = &mut other => (replaced.unwrap(), one),
    }
}

async fn until_an_entry(polls: &Polls, seq: u64) {
    loop {
        let polled = polls.wait().await.unwrap();
        if entries(&polled).contains(&seq) {
            return;
        }
    }
}

fn entries(polled: &Polled) -> Vec<u64> {
    let entries = frames(polled).into_iter().filter_map(|frame| match frame {
        ServerFrame::Entries { entries } => Some(entries),
        ServerFrame::Welcome { .. }
        | ServerFrame::Presence { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Call(_)
        | ServerFrame::Queue(_)
        | ServerFrame::History { .. }
        | ServerFrame::HistoryEntries { .. }
        | ServerFrame::Refused { .. } => None,
    });
    entries.flatten().map(|entry| entry.seq).collect()
}

fn refusal(polled: &Polled) -> Option<Code> {
    frames(polled).into_iter().find_map(|frame| match frame {
        ServerFrame::Refused { code, .. } => Some(code),
        ServerFrame::Welcome { .. }
        | ServerFrame::Entries { .. }
        | ServerFrame::Presence { .. }
        | ServerFrame::Typing { .. }
        | ServerFrame::Call(_)
        | ServerFrame::Queue(_)
        | ServerFrame::History { .. }
        | ServerFrame::HistoryEntries { .. } => None,
    })
}

fn post(id: &str, text: &str) -> ClientFrame {
    ClientFrame::Post { id: MessageId::parse(id).unwrap(), text: text.into() }
}
