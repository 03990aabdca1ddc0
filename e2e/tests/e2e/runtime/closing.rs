// SPDX-License-Identifier: EUPL-1.2
//! Closing time: people are warned, waiting conversations are closed, active ones continue for an hour.
//!
//! Setting the clock wakes every object, so that most tests set it; three wait for the alarm itself.

use infocig_e2e::{answer::Answer, chat::Chat, desk::Desk, scene::Scene};
use infocig_protocol::{
    close,
    entry::{EntryBody, Party, Phase},
    http::{Admission, ConversationOpened},
    problem::Code,
    time::Timestamp,
};

#[tokio::test]
async fn waiting_people_are_warned_ten_minutes_before_closing_and_closed_at_the_hour() {
    let scene = Scene::open().await.unwrap();
    let (_, mut citizen) = enter(&scene, "worker-roma").await;
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&citizen.welcome.conversation)).await.unwrap();

    scene.edge.set_clock("2026-11-23T17:49:59+01:00").await.unwrap();
    scene.edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    let warned = closing_warning(&mut citizen).await;
    assert!(warned >= instant("2026-11-23T17:50:00+01:00"), "told too early: {:?}", citizen.log);
    citizen.post_message("Aspetto ancora.").await.unwrap();
    scene.edge.set_clock("2026-11-23T18:00:00+01:00").await.unwrap();

    is_closed_by_service(&mut citizen).await;
    desk.see("an empty desk", nobody).await.unwrap();
}

#[tokio::test]
async fn active_conversations_go_on_after_the_hour_until_the_grace_is_over() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    let (mut desk, mut advisor) = take(&scene, &mut citizen).await;

    scene.edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    closing_warning(&mut citizen).await;
    closing_warning(&mut advisor).await;
    for (later, text) in [("18:00:00", "Ancora una cosa."), ("18:59:50", "L'ultima.")] {
        scene.edge.set_clock(&format!("2026-11-23T{later}+01:00")).await.unwrap();
        citizen.post_message(text).await.unwrap();
        advisor.listen().await.unwrap();
        advisor.post_message("Dica pure.").await.unwrap();
        citizen.listen().await.unwrap();
        citizen.post_message("Ci penso: la parola è mia.").await.unwrap();
        advisor.listen().await.unwrap();
    }
    let again = scene.enter_again("worker-roma").await.unwrap();
    assert_eq!(again.conversation, opened.conversation, "whoever is inside may come back");
    let tab = scene.chat(&again).await.unwrap();
    assert_eq!(tab.log, citizen.log);
    assert!(matches!(tab.welcome.phase, Phase::Active { .. }), "{:?}", tab.welcome.phase);
    scene.edge.set_clock("2026-11-23T19:00:00+01:00").await.unwrap();

    is_closed_by_service(&mut citizen).await;
    is_closed_by_service(&mut advisor).await;
    assert_eq!(citizen.log, advisor.log);
    desk.see("an empty desk", nobody).await.unwrap();
}

#[tokio::test]
async fn a_person_who_ends_after_the_hour_cannot_begin_again() {
    let scene = Scene::open().await.unwrap();
    let (_, mut citizen) = enter(&scene, "worker-roma").await;
    let (mut desk, _advisor) = take(&scene, &mut citizen).await;
    scene.edge.set_clock("2026-11-23T18:10:00+01:00").await.unwrap();
    closing_warning(&mut citizen).await;

    citizen.close().await.unwrap();

    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Closed { by: Party::Citizen, outcome: None });
    refused(&scene.ask(&scene.claims("worker-roma").unwrap()).await.unwrap());
    desk.see("an empty desk", nobody).await.unwrap();
}

#[tokio::test]
async fn after_the_hour_new_people_are_refused_and_told_when_it_opens() {
    let scene = Scene::at("2026-11-23T17:49:59+01:00").await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;

    scene.edge.set_clock("2026-11-23T18:00:00+01:00").await.unwrap();

    for person in ["worker-napoli", "worker-roma", "titolare-milano"] {
        let answer = scene.ask(&scene.claims(person).unwrap()).await.unwrap();
        let admission = refused(&answer);
        assert_eq!(admission.opens.as_deref(), Some("2026-11-24T15:00:00+01:00"), "{person}");
        assert!(!admission.channels.is_empty(), "{person} is given the way out");
    }
    while citizen.listen().await.unwrap().body != (EntryBody::Closed { by: Party::System, outcome: None }) {}
    scene.edge.set_clock("2026-11-24T15:00:00+01:00").await.unwrap();
    let next = scene.enter("worker-roma").await.unwrap();
    assert!(opened.conversation.ordinal() < next.conversation.ordinal());
}

#[tokio::test]
async fn people_who_enter_in_the_last_minutes_are_warned_at_once() {
    let scene = Scene::at("2026-11-23T17:55:00+01:00").await.unwrap();

    let (_, mut citizen) = enter(&scene, "worker-roma").await;

    if citizen.log.len() == 1 {
        closing_warning(&mut citizen).await;
    }
    assert!(matches!(citizen.log.as_slice(), [_, told] if is_warning(&told.body)), "{:?}", citizen.log);
}

#[tokio::test]
async fn the_alarm_alone_closes_at_the_hour() {
    let scene = Scene::at("2026-11-23T17:59:56+01:00").await.unwrap();
    let (_, mut citizen) = enter(&scene, "worker-roma").await;
    let mut desk = scene.desk("advisor-giulia").await.unwrap();

    while !citizen.log.iter().any(|entry| matches!(entry.body, EntryBody::Closed { .. })) {
        citizen.listen().await.unwrap();
    }

    let last = citizen.log.last().unwrap();
    assert_eq!(last.body, EntryBody::Closed { by: Party::System, outcome: None });
    let late = last.at.as_millis() - instant("2026-11-23T18:00:00+01:00").as_millis();
    assert!((0..2_000).contains(&late), "closed {late} ms after the hour");
    assert_eq!(citizen.socket.closed().await.unwrap(), close::NORMAL);
    desk.see("an empty desk", nobody).await.unwrap();
}

#[tokio::test]
async fn with_a_fast_clock_the_hour_comes_as_fast() {
    let scene = Scene::open().await.unwrap();
    let (_, mut citizen) = enter(&scene, "worker-roma").await;

    scene.edge.run_clock("2026-11-23T17:40:00+01:00", 600).await.unwrap();

    closing_warning(&mut citizen).await;
    is_closed_by_service(&mut citizen).await;
    let closed = citizen.log.last().unwrap().at.as_millis();
    assert!(closed >= instant("2026-11-23T18:00:00+01:00").as_millis(), "{:?}", citizen.log);
}

#[tokio::test]
async fn a_power_cut_over_the_hour_does_not_keep_the_service_open() {
    let mut scene = Scene::at("2026-11-23T17:59:50+01:00").await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    while !citizen.log.iter().any(|entry| is_warning(&entry.body)) {
        citizen.listen().await.unwrap();
    }
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("who waits", |desk| desk.waits(&opened.conversation)).await.unwrap();

    scene.edge.restart_at("2026-11-23T18:00:10+01:00").await.unwrap();

    // No request wakes the conversation: its alarm was stored before the power cut.
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("an empty desk", nobody).await.unwrap();
    let mut again = scene.chat(&opened).await.unwrap();
    assert!(matches!(again.welcome.phase, Phase::Closed { by: Party::System, .. }), "{:?}", again.welcome);
    assert_eq!(again.socket.closed().await.unwrap(), close::NORMAL);
}

#[tokio::test]
async fn a_waiting_person_is_closed_at_once_after_a_power_cut_over_the_hour() {
    let mut scene = Scene::open().await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    scene.edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    closing_warning(&mut citizen).await;

    scene.edge.restart_at("2026-11-23T18:00:30+01:00").await.unwrap();

    let mut again = scene.chat_after(&opened, 0).await.unwrap();
    if again.log == citizen.log {
        is_closed_by_service(&mut again).await;
    } else {
        assert_eq!(again.socket.closed().await.unwrap(), close::NORMAL);
    }
    assert_eq!(again.log.last().unwrap().body, EntryBody::Closed { by: Party::System, outcome: None });
    let warnings = again.log.iter().filter(|entry| is_warning(&entry.body)).count();
    assert_eq!(warnings, 1, "told once, whatever happens: {:?}", again.log);
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    desk.see("an empty desk", nobody).await.unwrap();
}

#[tokio::test]
async fn a_power_cut_over_the_end_of_the_grace_closes_active_conversations() {
    let mut scene = Scene::open().await.unwrap();
    let (_, mut citizen) = enter(&scene, "worker-roma").await;
    let (_desk, mut advisor) = take(&scene, &mut citizen).await;
    scene.edge.set_clock("2026-11-23T17:50:00+01:00").await.unwrap();
    closing_warning(&mut citizen).await;
    closing_warning(&mut advisor).await;

    scene.edge.restart_at("2026-11-23T18:30:00+01:00").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let own = desk.holds(&citizen.welcome.conversation).expect("still in her hands");
    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!(advisor.log, citizen.log);
    scene.edge.set_clock("2026-11-23T19:00:00+01:00").await.unwrap();

    is_closed_by_service(&mut advisor).await;
    desk.see("an empty desk", nobody).await.unwrap();
}

/// A person enters and joins their conversation.
async fn enter(scene: &Scene, person: &str) -> (ConversationOpened, Chat) {
    let opened = scene.enter(person).await.unwrap();
    let chat = scene.chat(&opened).await.unwrap();
    (opened, chat)
}

/// An advisor accepts the waiting person.
async fn take(scene: &Scene, citizen: &mut Chat) -> (Desk, Chat) {
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let conversation = citizen.welcome.conversation.clone();
    desk.see("who waits", |desk| desk.waits(&conversation)).await.unwrap();
    let own = desk.take_and_hold(&conversation).await.unwrap();
    let advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    (desk, advisor)
}

/// The next entry, which must announce the closing at six. Returns its instant.
async fn closing_warning(side: &mut Chat) -> Timestamp {
    let told = side.listen().await.unwrap();
    assert_eq!(told.body, EntryBody::ClosingSoon { closes: instant("2026-11-23T18:00:00+01:00") });
    told.at
}

/// The next entry, which must be the last, and the close of the socket.
async fn is_closed_by_service(side: &mut Chat) {
    assert_eq!(side.listen().await.unwrap().body, EntryBody::Closed { by: Party::System, outcome: None });
    assert_eq!(side.socket.closed().await.unwrap(), close::NORMAL);
}

fn refused(answer: &Answer) -> Admission {
    assert_eq!(answer.status, 403, "{}", answer.body);
    let problem = answer.problem().unwrap();
    assert_eq!(problem.code, Code::OutsideHours);
    problem.admission.expect("a refused entry says why")
}

fn nobody(desk: &Desk) -> Option<()> {
    desk.is_empty().then_some(())
}

fn is_warning(body: &EntryBody) -> bool {
    matches!(body, EntryBody::ClosingSoon { .. })
}

fn instant(text: &str) -> Timestamp {
    Timestamp::from_millis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}
