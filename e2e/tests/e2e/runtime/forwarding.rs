// SPDX-License-Identifier: EUPL-1.2
//! Delivery of many segnalazioni to a flapping Linea INPS, while the runtime is killed repeatedly: each arrives once, none is
//! missing, and every number reaches its conversation.

use std::{collections::BTreeMap, time::Duration};

use infocig_e2e::{
    chat::Chat,
    edge::policy_without_limits,
    error::Error,
    linea_inps::{LineaInps, draft},
    long_form::short_or_long,
};
use infocig_protocol::{
    desk::AssignedConversation,
    entry::EntryBody,
    frame::ClientFrame,
    http::ConversationOpened,
    id::MessageId,
    segnalazione::{Delivery, SegnalazioneDraft, SegnalazioneState},
};
use serde_json::json;
use tokio::time::{Instant, sleep};

/// Sixty, or five hundred in the long form, with a power cut after every tenth or twenty-fifth.
fn of_each() -> usize {
    short_or_long(5, 10)
}

fn conversations() -> usize {
    short_or_long(12, 50)
}

fn kill_every() -> usize {
    short_or_long(10, 25)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_segnalazione_arrives_once_under_every_fault() {
    let policy = policy_without_limits().unwrap();
    let mut office = LineaInps::open(|options| options.with_policy(policy)).await.unwrap();
    office.be(json!({ "mode": "flapping" })).await.unwrap();
    let held = take_all(&office).await;
    let all = conversations() * of_each();

    let mut links: Vec<Option<Chat>> = held.iter().map(|_| None).collect();
    let (mut sent, mut kills, mut minute) = (0, 0, 20);
    for round in 0..of_each() {
        for (own, link) in held.iter().zip(&mut links) {
            let id = MessageId::parse(format!("s-{round}")).unwrap();
            let draft = SegnalazioneDraft { id, ..draft().unwrap() };
            while forward(&office, own, link, &draft).await.is_err() {
                *link = None;
            }
            sent += 1;
            if sent % kill_every() == 0 {
                minute += 1;
                kills += 1;
                office.scene.edge.restart_at(&format!("2026-11-23T15:{minute}:00+01:00")).await.unwrap();
            }
        }
    }
    office.edge().run_clock("2026-11-23T15:50:00+01:00", 300).await.unwrap();
    drained(&office, all).await;

    let received = office.received().await.unwrap();
    let numbers: BTreeMap<String, String> =
        received.iter().map(|one| (one.key.clone(), one.number.clone())).collect();
    assert_eq!((numbers.len(), received.len()), (all, all));
    for own in &held {
        told_right(&office, own, &numbers).await;
    }
    let repeated = received.iter().filter(|one| one.deliveries > 1).count();
    println!("{sent} segnalazioni, {kills} power cuts, {repeated} arrived more than once and count once");
    assert!(
        kills >= all / kill_every() && repeated > 0,
        "the test was too kind: {kills} cuts, {repeated} repetitions"
    );
}

/// All people enter and are accepted by one advisor.
async fn take_all(office: &LineaInps) -> Vec<AssignedConversation> {
    let mut desk = office.scene.desk("advisor-giulia").await.unwrap();
    let mut held = Vec::new();
    for number in 0..conversations() {
        let claims = office.scene.claims("worker-napoli").unwrap().with("sub", format!("p-{number}"));
        let opened: ConversationOpened = office.scene.ask(&claims).await.unwrap().document(201).unwrap();
        held.push(desk.answer(&opened.conversation).await.unwrap());
    }
    held
}

/// Sends the request until the log has it; an error if the connection was lost.
async fn forward(
    office: &LineaInps,
    own: &AssignedConversation,
    link: &mut Option<Chat>,
    draft: &SegnalazioneDraft,
) -> Result<(), Error> {
    if link.is_none() {
        *link = Some(office.scene.advise(own).await?);
    }
    let Some(chat) = link else { return Ok(()) };
    chat.socket.send(&ClientFrame::Forward(Box::new(draft.clone()))).await?;
    loop {
        for entry in chat.entries().await? {
            if matches!(&entry.body, EntryBody::Segnalazione { id, .. } if *id == draft.id) {
                return Ok(());
            }
        }
    }
}

/// Waits until every segnalazione has arrived and is confirmed at the edge, as long as there is progress.
async fn drained(office: &LineaInps, all: usize) {
    let (mut left, mut since) = (usize::MAX, Instant::now());
    loop {
        let has = office.received().await.unwrap().len();
        let waiting = office.overview().await.unwrap();
        let waiting = waiting.iter().filter(|one| one.delivery != Delivery::Delivered).count();
        if has == all && waiting == 0 {
            return;
        }
        let open = all - has + waiting;
        if open < left {
            (left, since) = (open, Instant::now());
        }
        assert!(since.elapsed() < Duration::from_mins(1), "{has} arrived, {waiting} wait, and no more comes");
        sleep(Duration::from_millis(100)).await;
    }
}

/// The log of a conversation has each of its segnalazioni once, with the number Linea INPS gave it.
async fn told_right(office: &LineaInps, own: &AssignedConversation, numbers: &BTreeMap<String, String>) {
    let chat = infocig_e2e::wait::until("every number in its conversation", async || {
        let chat = office.scene.advise(own).await.ok()?;
        let accepted = |entry: &infocig_protocol::entry::Entry| {
            matches!(&entry.body, EntryBody::Segnalazione { state: SegnalazioneState::Accepted {}, .. })
        };
        (chat.log.iter().filter(|entry| accepted(entry)).count() == of_each()).then_some(chat)
    })
    .await
    .unwrap();
    let mut sendings = BTreeMap::new();
    for entry in &chat.log {
        let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
        match state {
            SegnalazioneState::Sending {} => *sendings.entry(id.clone()).or_insert(0) += 1,
            SegnalazioneState::Accepted {} => {
                let key = format!("{}.{id}", own.conversation);
                assert_eq!(number.as_ref(), numbers.get(&key), "{key}");
            }
            SegnalazioneState::Queued {} => {}
            SegnalazioneState::Held {}
            | SegnalazioneState::InProgress {}
            | SegnalazioneState::Answered { .. } => panic!("{entry:?}"),
        }
    }
    assert_eq!((sendings.len(), sendings.values().max()), (of_each(), Some(&1)));
}
