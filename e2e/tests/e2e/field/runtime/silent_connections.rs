// SPDX-License-Identifier: EUPL-1.2
//! Connections that end without a close: the client counts as connected until the timeout of the protocol, and no longer.

use std::time::Duration;

use infocig_e2e::{chat::Chat, chat::hello, desk::Desk, error::Error, plain::Reader, scene::Scene};
use infocig_protocol::{
    close,
    frame::{ClientFrame, ServerFrame},
    http::ConversationOpened,
    limits,
};
use tokio::time::{Instant, timeout};

/// All connections are silent at the same time, because the test waits for the whole timeout. Their objects are evicted
/// meanwhile, and woken before the timeout.
#[tokio::test]
async fn a_socket_polls_and_pages_that_fall_silent_count_as_gone_after_their_time() {
    let scene = Scene::open().await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let (on_socket, mut beside_socket) = answered(&scene, &mut desk, "worker-roma").await;
    let (on_polls, mut beside_polls) = answered(&scene, &mut desk, "worker-napoli").await;
    let (_, mut beside_pages) = answered(&scene, &mut desk, "titolare-milano").await;

    let began = Instant::now();
    let mut socket = scene.chat(&on_socket).await.unwrap().socket;
    socket.send_text(limits::PING).await.unwrap();
    let polls = scene.polls(&on_polls).unwrap();
    polls.exchange(&[hello(&on_polls.ticket, 0)]).await.unwrap();
    let token = scene.token(&scene.claims("titolare-milano").unwrap()).unwrap();
    let mut reader = Reader::new(&scene.edge).unwrap();
    reader.enter(scene.issuer.origin(), &token, "it").await.unwrap();

    let (socket_gone, polls_gone, pages_gone) = tokio::join!(
        gone(&mut beside_socket, began),
        gone(&mut beside_polls, began),
        gone(&mut beside_pages, began)
    );

    // Not before the timeout. It is not checked how late, which depends on the machine.
    for (gone, allowed) in [
        (socket_gone, limits::SILENT_AFTER_MS),
        (polls_gone, limits::POLL_LOST_AFTER_MS),
        (pages_gone, limits::PAGE_LOST_AFTER_MS),
    ] {
        let (gone, allowed) = (gone.unwrap(), Duration::from_millis(allowed.unsigned_abs()));
        assert!(gone + Duration::from_millis(50) > allowed, "{gone:?} of {allowed:?}");
        assert!(gone < allowed + PATIENCE, "{gone:?} of {allowed:?}");
    }
    assert_eq!(socket.ended().await.unwrap(), close::SILENT);
    assert_eq!(polls.wait().await.unwrap().closed, Some(close::ABNORMAL));
}

/// A conversation, and the advisor it is assigned to.
async fn answered(scene: &Scene, desk: &mut Desk, person: &str) -> (ConversationOpened, Chat) {
    let opened = scene.enter(person).await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    (opened, scene.advise(&own).await.unwrap())
}

/// The time after which the person counts as disconnected. Heartbeats of the advisor do not wake the object, their messages
/// do.
async fn gone(advisor: &mut Chat, began: Instant) -> Result<Duration, Error> {
    let mut was_there = false;
    let mut beats = 0;
    while began.elapsed() < LONGEST {
        match timeout(A_HEARTBEAT, advisor.socket.aside()).await {
            Ok(Ok(ServerFrame::Presence { connected: true, .. })) => was_there = true,
            Ok(Ok(ServerFrame::Presence { connected: false, .. })) if was_there => return Ok(began.elapsed()),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(error),
            Err(_) => {
                advisor.socket.send_text(limits::PING).await?;
                beats += 1;
                if beats % 3 == 0 {
                    advisor.socket.send(&ClientFrame::Typing {}).await?;
                }
            }
        }
    }
    Err(Error::new("still there"))
}

const A_HEARTBEAT: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_secs(20);
const LONGEST: Duration = Duration::from_mins(2);
