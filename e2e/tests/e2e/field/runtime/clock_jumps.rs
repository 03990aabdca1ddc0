// SPDX-License-Identifier: EUPL-1.2
//! A clock that is set back and forth under a conversation.

use infocig_e2e::{chat::Chat, scene::Scene};
use infocig_protocol::entry::{EntryBody, Party};

#[tokio::test]
async fn a_clock_that_jumps_both_ways_ends_no_conversation_early_and_keeps_its_entries_in_order() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let own = giulia.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();

    // Before the service opens, yesterday, and back to the same afternoon.
    for instant in ["2026-11-23T14:00:00+01:00", "2026-11-22T10:00:00+01:00", "2026-11-23T15:40:00+01:00"] {
        scene.edge.set_clock(instant).await.unwrap();
        says(&mut citizen, &mut advisor, &format!("{instant}-citizen")).await;
        says(&mut advisor, &mut citizen, &format!("{instant}-advisor")).await;
    }
    scene.edge.set_clock("2026-11-23T19:30:00+01:00").await.unwrap();
    let closed = citizen.listen_until(|body| matches!(body, EntryBody::Closed { .. })).await.unwrap();
    assert!(matches!(closed.body, EntryBody::Closed { by: Party::System, .. }), "{closed:?}");
}

/// One side writes, and both read it. A day that passes at once also brings the question whether the person is still there.
async fn says(author: &mut Chat, reader: &mut Chat, text: &str) {
    author.post(&text.replace([':', '+'], "-"), text).await.unwrap();
    let reads = |body: &EntryBody| matches!(body, EntryBody::Message { text: said, .. } if said == text);
    let sent = author.listen_until(reads).await.unwrap();
    assert_eq!(reader.listen_until(reads).await.unwrap(), sent);
}
