// SPDX-License-Identifier: EUPL-1.2
//! The queue: places, disconnected people, people who do not answer, and the limit of admissions.

use infocig_e2e::{chat::Chat, edge::policy_with, scene::Scene, wait};
use infocig_protocol::{
    close,
    entry::{EntryBody, Outcome, Party},
    frame::Estimate,
    http::{Admission, ConversationOpened},
    problem::Code,
};
use serde_json::json;

#[tokio::test]
async fn places_in_the_queue_reach_the_person_and_move() {
    let policy = policy_with(|policy| {
        policy["desk"]["capacity"] = json!(1);
        policy["desk"]["wrap_up_seconds"] = json!(0);
        policy["desk"]["update_seconds"] = json!(1);
    });
    let policy = policy.unwrap();
    let scene = Scene::with(|options| options.with_policy(policy)).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let (first, mut one) = enter(&scene, "worker-roma").await;
    giulia.answer(&first.conversation).await.unwrap();
    one.listen().await.unwrap();
    let (second, mut two) = enter(&scene, "worker-napoli").await;
    giulia.see("who waits", |desk| desk.waits(&second.conversation)).await.unwrap();
    let (third, mut three) = enter(&scene, "titolare-milano").await;
    assert_eq!(two.place().await.unwrap().position, 1);
    let place = three.place().await.unwrap();
    assert_eq!((place.position, place.estimate), (2, Estimate::Unknown {}), "nobody can know yet");

    let mut tab = scene.chat(&third).await.unwrap();
    assert_eq!(tab.place().await.unwrap(), place, "a page loaded anew finds its place");
    giulia.close(&first.conversation, Outcome::Online).await.unwrap();
    giulia.answer(&second.conversation).await.unwrap();

    while three.place().await.unwrap().position != 1 {}
    while tab.place().await.unwrap().position != 1 {}
    two.listen_until(|body| matches!(body, EntryBody::Assigned { .. })).await.unwrap();
    two.close().await.unwrap();
    giulia.answer(&third.conversation).await.unwrap();
    three.listen_until(|body| matches!(body, EntryBody::Assigned { .. })).await.unwrap();
    assert_eq!(scene.chat(&third).await.unwrap().log.len(), 2, "places are not in the log");
}

#[tokio::test]
async fn a_disconnected_person_loses_their_place_unless_they_return_in_time() {
    let scene = Scene::open().await.unwrap();
    let (gone, chat) = enter(&scene, "worker-roma").await;
    let (back, other) = enter(&scene, "worker-napoli").await;
    chat.socket.leave().await.unwrap();
    other.socket.leave().await.unwrap();
    let never = scene.enter("titolare-milano").await.unwrap();

    scene.edge.set_clock("2026-11-23T15:28:00+01:00").await.unwrap();
    let _back = scene.chat(&back).await.unwrap();
    scene.edge.set_clock("2026-11-23T15:31:30+01:00").await.unwrap();

    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    giulia
        .see("one who stayed", |desk| (desk.unanswered() == [back.conversation.clone()]).then_some(()))
        .await
        .unwrap();
    let again = scene.chat(&gone).await.unwrap();
    let closed = EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) };
    assert_eq!(again.log.last().unwrap().body, closed);
    let rows = wait::until("two rows in the register", async || {
        let rows = scene.register().await.unwrap();
        (rows.len() == 2).then_some(rows)
    });
    let rows = rows.await.unwrap();
    assert!(rows.iter().all(|row| row.outcome.as_deref() == Some("abandoned")), "{rows:?}");
    assert!(rows.iter().any(|row| row.conversation == never.conversation), "{rows:?}");
}

#[tokio::test]
async fn a_power_cut_counts_as_absence_for_people_who_do_not_return() {
    let mut scene = Scene::open().await.unwrap();
    let (_, _chat) = enter(&scene, "worker-roma").await;
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    giulia.see("who waits", |desk| (desk.unanswered().len() == 1).then_some(())).await.unwrap();

    scene.edge.restart_at("2026-11-23T15:25:00+01:00").await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    giulia.see("who waits", |desk| (desk.unanswered().len() == 1).then_some(())).await.unwrap();
    // Only the desk sends to the conversation: queue places wake it.
    scene.edge.run_clock("2026-11-23T15:26:00+01:00", 600).await.unwrap();

    giulia.see("an empty desk", |desk| desk.is_empty().then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_silent_person_is_warned_may_stay_and_is_closed_in_the_end() {
    let scene = Scene::open().await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    let own = giulia.answer(&opened.conversation).await.unwrap();
    citizen.listen().await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("Di quale periodo parla?").await.unwrap();
    citizen.listen().await.unwrap();
    let is_warning = |body: &EntryBody| matches!(body, EntryBody::Inactive { .. });

    scene.edge.set_clock("2026-11-23T15:29:00+01:00").await.unwrap();
    for side in [&mut citizen, &mut advisor] {
        assert!(is_warning(&side.listen().await.unwrap().body));
    }
    citizen.stay().await.unwrap();
    for side in [&mut citizen, &mut advisor] {
        assert_eq!(side.listen().await.unwrap().body, EntryBody::Stayed {});
    }
    scene.edge.set_clock("2026-11-23T15:38:00+01:00").await.unwrap();
    assert!(is_warning(&citizen.listen().await.unwrap().body));
    citizen.post_message("Ottobre.").await.unwrap();
    scene.edge.set_clock("2026-11-23T15:48:00+01:00").await.unwrap();
    advisor.listen_until(|body| matches!(body, EntryBody::Message { .. })).await.unwrap();
    advisor.post_message("E per quale azienda?").await.unwrap();
    citizen.listen().await.unwrap();
    scene.edge.set_clock("2026-11-23T15:57:00+01:00").await.unwrap();
    assert!(is_warning(&citizen.listen().await.unwrap().body));
    scene.edge.set_clock("2026-11-23T16:02:00+01:00").await.unwrap();

    let last = citizen.listen().await.unwrap().body;
    assert_eq!(last, EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) });
    assert_eq!(citizen.socket.closed().await.unwrap(), close::NORMAL);
}

/// The first alarm is armed by a message, which otherwise leaves the alarm alone.
#[tokio::test]
async fn the_alarm_alone_warns_a_silent_person() {
    let scene = Scene::open().await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    let own = giulia.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();

    advisor.post_message("Di quale periodo parla?").await.unwrap();
    scene.edge.run_clock("2026-11-23T15:21:00+01:00", 300).await.unwrap();

    citizen.listen_until(|body| matches!(body, EntryBody::Inactive { .. })).await.unwrap();
    citizen.listen_until(|body| matches!(body, EntryBody::Closed { by: Party::System, .. })).await.unwrap();
}

#[tokio::test]
async fn when_the_wait_would_be_too_long_nobody_enters_and_open_conversations_go_on() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;

    scene.edge.set_clock("2026-11-23T16:30:00+01:00").await.unwrap();
    wait::until("a full queue", async || {
        let answer = scene.edge.get("/v1/availability?category=lavoratore").await.unwrap();
        let admission: Admission = answer.document(200).unwrap();
        (admission.code == Code::QueueFull).then_some(())
    })
    .await
    .unwrap();

    let refused = scene.ask(&scene.claims("worker-napoli").unwrap()).await.unwrap();
    assert_eq!((refused.status, refused.problem().unwrap().code), (403, Code::QueueFull));
    let again = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(again.conversation, opened.conversation);
    citizen.post_message("Aspetto.").await.unwrap();
    citizen.close().await.unwrap();
    wait::until("an open door", async || {
        let answer = scene.ask(&scene.claims("worker-napoli").unwrap()).await.unwrap();
        (answer.status == 201).then_some(())
    })
    .await
    .unwrap();
}

/// A person enters and joins their conversation.
async fn enter(scene: &Scene, person: &str) -> (ConversationOpened, Chat) {
    let opened = scene.enter(person).await.unwrap();
    let chat = scene.chat(&opened).await.unwrap();
    (opened, chat)
}
