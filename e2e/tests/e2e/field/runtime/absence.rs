// SPDX-License-Identifier: EUPL-1.2
//! Connections that die without a word: whoever was on them counts as there for as long as the protocol says, and no longer.

use std::time::Duration;

use infocig_e2e::{chat::Chat, chat::hello, scene::Scene, trouble::Trouble};
use infocig_protocol::{close, frame::ServerFrame, limits};
use tokio::time::{Instant, timeout};

/// Both are silent at the same time, because the silence lasts as long as the protocol allows.
#[tokio::test]
async fn a_socket_and_polls_that_fall_silent_count_as_gone_after_their_time() {
    let scene = Scene::open().await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let on_socket = scene.enter("worker-roma").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&on_socket.conversation)).await.unwrap();
    let mut beside_socket =
        scene.advise(&desk.take_and_hold(&on_socket.conversation).await.unwrap()).await.unwrap();
    let on_polls = scene.enter("worker-napoli").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&on_polls.conversation)).await.unwrap();
    let mut beside_polls =
        scene.advise(&desk.take_and_hold(&on_polls.conversation).await.unwrap()).await.unwrap();

    let began = Instant::now();
    let mut socket = scene.chat(&on_socket).await.unwrap().socket;
    socket.send_text(limits::PING).await.unwrap();
    let polls = scene.polls(&on_polls).unwrap();
    polls.exchange(&[hello(&on_polls.ticket, 0)]).await.unwrap();

    let (socket_gone, polls_gone) =
        tokio::join!(gone(&mut beside_socket, began), gone(&mut beside_polls, began));

    // Never before its time. That it comes at all is what was waited for; how late it may be is the machine's affair.
    for (gone, allowed) in
        [(socket_gone.unwrap(), limits::SILENT_AFTER_MS), (polls_gone.unwrap(), limits::POLL_LOST_AFTER_MS)]
    {
        let allowed = Duration::from_millis(allowed.unsigned_abs());
        assert!(gone + Duration::from_millis(50) > allowed, "{gone:?}");
        assert!(gone < allowed + PATIENCE, "{gone:?}");
    }
    assert_eq!(socket.ended().await.unwrap(), close::SILENT);
    assert_eq!(polls.wait().await.unwrap().closed, Some(close::ABNORMAL));
}

/// How long after an instant the person beside an advisor is gone, who goes on giving signs of life.
async fn gone(advisor: &mut Chat, began: Instant) -> Result<Duration, Trouble> {
    let mut was_there = false;
    while began.elapsed() < LONGEST {
        let x = timeout(A_HEARTBEAT, advisor.socket.aside()).await; eprintln!("{:?} {x:?}", began.elapsed());
        match x {
            Ok(Ok(ServerFrame::Presence { connected: true, .. })) => was_there = true,
            Ok(Ok(ServerFrame::Presence { connected: false, .. })) if was_there => return Ok(began.elapsed()),
            Ok(Ok(_)) => {}
            Ok(Err(trouble)) => return Err(trouble),
            Err(_) => advisor.socket.send_text(limits::PING).await?,
        }
    }
    Err(Trouble::new("still there"))
}

const A_HEARTBEAT: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST: Duration = Duration::from_secs(85);
