// SPDX-License-Identifier: EUPL-1.2
//! Power cuts: acknowledged messages are stored, once and in order.

use std::{collections::BTreeSet, time::Duration};

use infocig_e2e::{
    answer::Answer,
    long_form::{moment_of_cut, power_cuts},
    scene::Scene,
    socket::SocketEvent,
};
use infocig_protocol::{
    entry::{Entry, EntryBody, Phase},
    frame::ServerFrame,
    http::ConversationOpened,
};

#[tokio::test]
async fn a_restart_keeps_the_log_the_queue_and_the_assignments() {
    let mut scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let still_waiting = scene.enter("worker-napoli").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    citizen.post_message("Prima del buio").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    for conversation in [&opened.conversation, &still_waiting.conversation] {
        desk.see("who waits", |desk| desk.waits(conversation)).await.unwrap();
    }
    let own = desk.take_and_hold(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    advisor.post_message("La seguo io.").await.unwrap();
    citizen.listen().await.unwrap();

    scene.edge.restart().await.unwrap();

    assert!(matches!(citizen.socket.receive().await.unwrap(), SocketEvent::Lost | SocketEvent::Closed(_)));
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.holds(&opened.conversation).expect("still in her hands");
    assert_eq!(desk.unanswered().len(), 1);
    assert!(desk.waits(&still_waiting.conversation).is_some());
    let mut again = scene.chat_after(&opened, citizen.log.last().unwrap().seq).await.unwrap();
    assert_eq!(again.log, []);
    assert!(matches!(again.welcome.phase, Phase::Active { .. }));
    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!(advisor.log, citizen.log);
    again.post_message("Eccomi di nuovo").await.unwrap();
    advisor.listen().await.unwrap();
    let same = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(same.conversation, opened.conversation);
    desk.take_and_hold(&still_waiting.conversation).await.unwrap();
}

#[tokio::test]
async fn a_person_admitted_just_before_a_power_cut_appears_at_the_desk() {
    let mut scene = Scene::open().await.unwrap();
    let mut let_in = BTreeSet::new();

    for number in 0..power_cuts() {
        let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
        let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
        scene.edge.kill();
        let_in.insert(opened.conversation.to_string());
        scene.edge.restart().await.unwrap();
    }

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("everybody who was let in", |desk| {
        let all = desk.unanswered();
        let waiting: BTreeSet<_> = all.iter().map(ToString::to_string).collect();
        assert!(waiting.len() == all.len(), "somebody waits twice: {all:?}");
        (waiting == let_in).then_some(())
    })
    .await
    .unwrap();
}

/// Each power cut has another instant: before, during and after the token is presented.
#[tokio::test]
async fn whenever_the_power_goes_nobody_is_lost_and_nobody_waits_twice() {
    let mut scene = Scene::open().await.unwrap();
    let mut inside = BTreeSet::new();

    for number in 0..power_cuts() {
        let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
        let token = scene.token(&claims).unwrap();
        let request =
            scene.edge.http().post(format!("{}/v1/conversations", scene.edge.url())).bearer_auth(&token);
        let asking = tokio::spawn(Answer::to(request));
        // Not a wait for a condition: the instant of the power cut.
        tokio::time::sleep(moment_of_cut(number)).await;
        scene.edge.kill();
        let answered = asking.await.unwrap().ok().filter(|answer| answer.status == 201);
        scene.edge.restart().await.unwrap();

        let again = scene.present(Some(&token)).await.unwrap();
        let status = again.status;
        let again: ConversationOpened = again.document(status).unwrap();
        if let Some(answer) = answered {
            let first: ConversationOpened = answer.document(201).unwrap();
            assert_eq!(
                (status, &again.conversation),
                (200, &first.conversation),
                "who was let in is still inside"
            );
        }
        inside.insert(again.conversation.to_string());
    }

    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("everybody once", |desk| {
        let waiting: Vec<_> = desk.unanswered().iter().map(ToString::to_string).collect();
        let different: BTreeSet<_> = waiting.iter().cloned().collect();
        (waiting.len() == inside.len() && different == inside).then_some(())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn every_message_acknowledged_before_a_power_cut_is_in_the_log_once() {
    let mut scene = Scene::without_rate_limits().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut acknowledged: Vec<Entry> = Vec::new();

    for round in 0..10 {
        let mut citizen = scene.chat(&opened).await.unwrap();
        // The last message of each round is sent again in the next, because its arrival is unknown.
        for number in round * 19..=round * 19 + 19 {
            citizen.post(&format!("m-{number}"), &format!("riga {number}")).await.unwrap();
        }
        for _ in 0..10 {
            let entry = citizen.entries().await.unwrap();
            acknowledged.extend(entry);
        }
        scene.edge.kill();
        while let SocketEvent::Frame(ServerFrame::Entries { entries }) =
            citizen.socket.receive().await.unwrap()
        {
            acknowledged.extend(entries);
        }
        scene.edge.restart().await.unwrap();
    }

    let citizen = scene.chat(&opened).await.unwrap();
    for entry in &acknowledged {
        assert!(citizen.log.contains(entry), "{entry:?} was acknowledged and is gone");
    }
    let mut ids = BTreeSet::new();
    for (place, entry) in (1..).zip(&citizen.log) {
        assert_eq!(entry.seq, place);
        if let EntryBody::Message { id, .. } = &entry.body {
            assert!(ids.insert(id.as_str().to_owned()), "{id} is there twice");
        }
    }
}

#[tokio::test]
async fn an_advisor_who_takes_a_conversation_just_before_a_power_cut_holds_it_or_it_waits() {
    let mut scene = Scene::with_capacity().await.unwrap();

    for number in 0..10 {
        let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
        let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
        let mut desk = scene.desk("advisor-giulia").await.unwrap();
        desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();
        desk.take(&opened.conversation).await.unwrap();
        // Not a wait for a condition: the instant of the power cut.
        tokio::time::sleep(Duration::from_micros(500 * number)).await;
        scene.edge.restart().await.unwrap();

        let mut desk = scene.desk("advisor-giulia").await.unwrap();
        let waits = desk.waits(&opened.conversation).is_some();
        if waits {
            desk.take(&opened.conversation).await.unwrap();
        }
        let own = desk
            .see("the conversation among one's own", |desk| desk.holds(&opened.conversation))
            .await
            .unwrap();
        let advisor = scene.advise(&own).await.unwrap();
        let assigned = advisor.log.iter().filter(|entry| matches!(entry.body, EntryBody::Assigned { .. }));
        assert_eq!(assigned.count(), 1);
    }
}
