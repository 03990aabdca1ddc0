// SPDX-License-Identifier: EUPL-1.2
//! Assignment: offers, lost advisors, the end of conversations, and power cuts during them.

use std::time::Duration;

use infocig_e2e::{
    chat::Chat,
    desk::Desk,
    long_form::{moment_of_cut, power_cuts, short_or_long},
    scene::{Registered, Scene},
    wait,
};
use infocig_protocol::{
    close,
    desk::{AssignmentState, DeskClientFrame, Match, Presence, Why},
    entry::{EntryBody, Outcome, Party, Phase},
    http::ConversationOpened,
    id::ConversationId,
    language::Language,
    problem::Code,
    skill::Skill,
};

#[tokio::test]
async fn an_offer_is_assigned_only_once_accepted() {
    let scene = Scene::open().await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;

    let id = &opened.conversation;
    let offered = giulia.see("an offer", |desk| desk.offered(id)).await.unwrap();
    assert_eq!((offered.ticket, offered.person.name.as_str()), (None, "Lucia Ferretti"));
    assert!(matches!(offered.state, AssignmentState::Offered { by: None, .. }));
    // She has no provinces of her own, which is no reason for an offer.
    assert_eq!(offered.why, Why { after_minutes: 0, agree: vec![Match::Language] });
    let (_, tab) = again(&scene, "worker-roma").await;
    assert!(matches!(tab.welcome.phase, Phase::Waiting { .. }));
    let own = giulia.take_and_hold(id).await.unwrap();

    assert_eq!(citizen.listen().await.unwrap().body, assigned("Giulia"));
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("Buongiorno.").await.unwrap();
    citizen.listen().await.unwrap();
    giulia.take(id).await.unwrap();
    citizen.post_message("Buongiorno a lei.").await.unwrap();
}

#[tokio::test]
async fn a_german_speaking_person_is_offered_to_the_advisor_who_speaks_german() {
    let scene = Scene::open().await.unwrap();
    let [mut giulia, mut marco] = both(&scene).await;
    let claims = scene.claims("worker-roma").unwrap().with("locale", "de-IT");
    let claims = claims.with("infocig_about", "pagamenti");

    let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();

    let id = &opened.conversation;
    let offered = marco.see("an offer", |desk| desk.offered(id)).await.unwrap();
    assert_eq!((offered.person.language, offered.person.about), (Language::De, Some(Skill::Pagamenti)));
    giulia.glance().await.unwrap();
    assert_eq!(giulia.waits(id), None);
}

#[tokio::test]
async fn an_unanswered_offer_goes_to_the_next_advisor_and_a_declined_one_can_be_taken() {
    let scene = Scene::open().await.unwrap();
    let [mut giulia, mut marco] = both(&scene).await;
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    let id = &opened.conversation;
    giulia.see("an offer", |desk| desk.offered(id)).await.unwrap();

    scene.edge.set_clock("2026-11-23T15:21:30+01:00").await.unwrap();
    marco.see("the offer, passed on", |desk| desk.offered(id)).await.unwrap();
    giulia.see("no offer any more", |desk| desk.own(id).is_none().then_some(())).await.unwrap();
    scene.edge.set_clock("2026-11-23T15:22:30+01:00").await.unwrap();
    giulia.see("the offer, back", |desk| desk.offered(id)).await.unwrap();
    marco.see("no offer any more", |desk| desk.own(id).is_none().then_some(())).await.unwrap();
    giulia.send(&DeskClientFrame::Decline { conversation: id.clone() }).await.unwrap();

    // Both declined it just before: it is offered to neither, and either may take it.
    marco.see("that it waits", |desk| desk.queues(id)).await.unwrap();
    marco.take_and_hold(id).await.unwrap();
    assert_eq!(citizen.listen().await.unwrap().body, assigned("Marco"));
}

#[tokio::test]
async fn a_person_who_loses_their_advisor_is_first_and_the_next_advisor_has_the_whole_log() {
    let scene = Scene::open().await.unwrap();
    let [mut giulia, mut marco] = both(&scene).await;
    marco.be(Presence::Busy).await.unwrap();
    marco.see("to be busy", |desk| (desk.picture.presence == Presence::Busy).then_some(())).await.unwrap();
    let (first, _first) = enter(&scene, "worker-napoli").await;
    giulia.see("an offer", |desk| desk.offered(&first.conversation)).await.unwrap();
    giulia.send(&DeskClientFrame::Decline { conversation: first.conversation.clone() }).await.unwrap();
    let (opened, mut citizen) = enter(&scene, "worker-roma").await;
    let id = &opened.conversation;
    let own = giulia.answer(id).await.unwrap();
    citizen.listen().await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    advisor.post_message("Guardo subito.").await.unwrap();
    citizen.listen().await.unwrap();

    drop(giulia);
    let is_lost = |desk: &Desk| desk.picture.colleagues.iter().any(|one| one.name == "Giulia" && one.lost);
    marco.see("that Giulia is lost", |desk| is_lost(desk).then_some(())).await.unwrap();
    assert_eq!(marco.queues(id), None, "there is a grace");
    scene.edge.set_clock("2026-11-23T15:21:30+01:00").await.unwrap();

    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Returned { restored_to: None });
    advisor.listen().await.unwrap();
    assert_eq!(advisor.refused().await.unwrap().code, Code::NotAssigned);
    assert_eq!(advisor.socket.closed().await.unwrap(), close::REFUSED);
    let order = marco.see("both in the queue", |desk| two(&desk.unanswered())).await.unwrap();
    assert_eq!(order, [opened.conversation.clone(), first.conversation.clone()]);
    assert!(marco.queues(id).unwrap().returned);
    citizen.post_message("C'è qualcuno?").await.unwrap();
    marco.be(Presence::Available).await.unwrap();
    let own = marco.answer(id).await.unwrap();

    assert_eq!(citizen.listen().await.unwrap().body, assigned("Marco"));
    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!(advisor.log, citizen.log);
    advisor.post_message("Eccomi, continuo io.").await.unwrap();
    citizen.listen().await.unwrap();
}

#[tokio::test]
async fn an_advisor_who_returns_within_the_grace_still_holds_their_conversations() {
    let scene = Scene::open().await.unwrap();
    let Answered { giulia, id, mut citizen } = Answered::by_giulia(&scene).await;
    let id = &id;
    let mut tablet = scene.desk("advisor-giulia").await.unwrap();

    drop(giulia);
    tablet.see("the conversation on the other device", |desk| desk.holds(id)).await.unwrap();
    scene.edge.set_clock("2026-11-23T15:23:00+01:00").await.unwrap();
    drop(tablet);
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    scene.edge.set_clock("2026-11-23T15:26:00+01:00").await.unwrap();

    giulia.see("the conversation", |desk| desk.holds(id)).await.unwrap();
    assert_eq!(citizen.post_message("Ancora con Giulia?").await.unwrap().seq, 3);
}

#[tokio::test]
async fn a_conversation_ends_with_a_topic_and_an_outcome_and_is_registered_once_it_is_wrapped_up() {
    let scene = Scene::open().await.unwrap();
    let Answered { mut giulia, id, mut citizen } = Answered::by_giulia(&scene).await;
    let id = &id;

    let topic = ["pagamento", "diretto", "altro"].map(String::from);
    let wrong = DeskClientFrame::Close { conversation: id.clone(), topic, outcome: Outcome::Online };
    giulia.send(&wrong).await.unwrap();
    let refusal = (Code::TopicNeeded, Some(id.clone()));
    giulia.see("a refusal", |desk| desk.refused.contains(&refusal).then_some(())).await.unwrap();
    giulia.close(id, Outcome::LineaInps).await.unwrap();

    let last = citizen.listen().await.unwrap().body;
    assert_eq!(last, EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) });
    assert_eq!(citizen.socket.closed().await.unwrap(), close::NORMAL);
    let state = giulia.see("wrapping up", |desk| wrapping_up(desk, id)).await.unwrap();
    assert!(matches!(state, AssignmentState::WrapUp { topic_missing: false, .. }));
    assert_eq!(scene.register().await.unwrap(), []);
    scene.edge.set_clock("2026-11-23T15:22:00+01:00").await.unwrap();

    giulia.see("a free place", |desk| desk.own(id).is_none().then_some(())).await.unwrap();
    let row = registered(&scene, 1).await.remove(0);
    assert_eq!((&row.conversation, row.outcome.as_deref()), (id, Some("linea_inps")));
    assert_eq!(row.topic.as_deref(), Some(r#"["pagamento","diretto","data"]"#));
}

#[tokio::test]
async fn an_advisor_classifies_a_conversation_the_person_ended_and_is_free_at_once() {
    let scene = Scene::open().await.unwrap();
    let Answered { mut giulia, id, mut citizen } = Answered::by_giulia(&scene).await;
    let id = &id;

    citizen.close().await.unwrap();
    let state = giulia.see("wrapping up", |desk| wrapping_up(desk, id)).await.unwrap();
    assert!(matches!(state, AssignmentState::WrapUp { topic_missing: true, .. }));
    let own = giulia.own(id).unwrap().clone();
    let mut read = scene.advise(&own).await.unwrap();
    assert!(matches!(read.welcome.phase, Phase::Closed { by: Party::Citizen, .. }));
    assert_eq!(read.socket.closed().await.unwrap(), close::NORMAL);
    giulia.close(id, Outcome::Online).await.unwrap();

    giulia.see("a free place", |desk| desk.own(id).is_none().then_some(())).await.unwrap();
    assert_eq!(registered(&scene, 1).await[0].outcome.as_deref(), Some("online"));
}

#[tokio::test]
async fn the_register_has_one_row_for_each_conversation_whenever_the_power_goes() {
    let mut scene = Scene::with_capacity().await.unwrap();
    let rounds = short_or_long(5, 10);

    for number in 0..rounds {
        let mut giulia = scene.desk("advisor-giulia").await.unwrap();
        let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
        let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
        let id = &opened.conversation;
        giulia.answer(id).await.unwrap();
        giulia.close(id, Outcome::Online).await.unwrap();
        // Not a wait for a condition: the instant of the power cut, while outbox messages are in transit.
        tokio::time::sleep(Duration::from_millis(20 * number / rounds)).await;
        scene.edge.kill();
        scene.edge.restart().await.unwrap();
        let mut giulia = scene.desk("advisor-giulia").await.unwrap();
        let ended = giulia
            .see("the conversation, held or gone", |desk| match desk.own(id) {
                None => Some(true),
                Some(own) => {
                    matches!(own.state, AssignmentState::Held { ending: false, .. }).then_some(false)
                }
            })
            .await
            .unwrap();
        if !ended {
            giulia.close(id, Outcome::Online).await.unwrap();
        }
        giulia.see("an empty desk", |desk| desk.is_empty().then_some(())).await.unwrap();
    }

    let rows = registered(&scene, usize::try_from(rounds).unwrap()).await;
    let mut different: Vec<_> = rows.iter().map(|row| row.conversation.clone()).collect();
    different.dedup();
    assert_eq!(different.len(), rows.len());
    assert!(
        rows.iter().all(|row| row.outcome.as_deref() == Some("online") && row.topic.is_some()),
        "{rows:?}"
    );
}

/// Each power cut has another instant: before, during and after the offer is accepted and the conversation is notified.
#[tokio::test]
async fn whenever_the_power_goes_nobody_is_stranded_and_nobody_is_in_two_hands() {
    let mut scene = Scene::with_capacity().await.unwrap();

    for number in 0..power_cuts() {
        let mut desks = both(&scene).await;
        let claims = scene.claims("worker-roma").unwrap().with("sub", format!("p-{number}"));
        let opened: ConversationOpened = scene.ask(&claims).await.unwrap().document(201).unwrap();
        let id = &opened.conversation;
        // The advisor with the fewest conversations gets the offer: the two alternate.
        while !desks.iter().any(|desk| desk.offered(id).is_some()) {
            for desk in &mut desks {
                desk.glance().await.unwrap();
            }
        }
        for desk in &mut desks {
            desk.take(id).await.unwrap();
        }
        // Not a wait for a condition: the instant of the power cut.
        tokio::time::sleep(moment_of_cut(number)).await;
        scene.edge.restart().await.unwrap();

        let mut desks = both(&scene).await;
        let mut holders = 0;
        while holders == 0 {
            for desk in &mut desks {
                desk.glance().await.unwrap();
                if desk.offered(id).is_some() {
                    desk.take(id).await.unwrap();
                }
            }
            holders = desks.iter().filter(|desk| desk.holds(id).is_some()).count();
        }
        assert_eq!(holders, 1, "round {number}");
        let mut citizen = scene.chat(&opened).await.unwrap();
        let assigned = citizen.log.iter().filter(|entry| matches!(entry.body, EntryBody::Assigned { .. }));
        assert_eq!(assigned.count(), 1, "round {number}: {:?}", citizen.log);
        citizen.close().await.unwrap();
        citizen.listen().await.unwrap();
    }

    for desk in &mut both(&scene).await {
        desk.see("an empty desk", |desk| desk.is_empty().then_some(())).await.unwrap();
    }
    registered(&scene, usize::try_from(power_cuts()).unwrap()).await;
}

/// Giulia's desk and Marco's.
async fn both(scene: &Scene) -> [Desk; 2] {
    [scene.desk("advisor-giulia").await.unwrap(), scene.desk("advisor-marco").await.unwrap()]
}

/// A conversation of Lucia with Giulia, whose assignment Lucia has received.
struct Answered {
    giulia: Desk,
    id: ConversationId,
    citizen: Chat,
}

impl Answered {
    async fn by_giulia(scene: &Scene) -> Self {
        let mut giulia = scene.desk("advisor-giulia").await.unwrap();
        let (opened, mut citizen) = enter(scene, "worker-roma").await;
        giulia.answer(&opened.conversation).await.unwrap();
        citizen.listen().await.unwrap();
        Self { giulia, id: opened.conversation, citizen }
    }
}

/// A person enters and joins their conversation.
async fn enter(scene: &Scene, person: &str) -> (ConversationOpened, Chat) {
    let opened = scene.enter(person).await.unwrap();
    let chat = scene.chat(&opened).await.unwrap();
    (opened, chat)
}

/// The same on another device.
async fn again(scene: &Scene, person: &str) -> (ConversationOpened, Chat) {
    let opened = scene.enter_again(person).await.unwrap();
    let chat = scene.chat(&opened).await.unwrap();
    (opened, chat)
}

/// The register, once it has this number of rows.
async fn registered(scene: &Scene, rows: usize) -> Vec<Registered> {
    wait::until(format!("{rows} rows in the register"), async || {
        let found = scene.register().await.unwrap();
        assert!(found.len() <= rows, "too many rows: {found:?}");
        (found.len() == rows).then_some(found)
    })
    .await
    .unwrap()
}

fn wrapping_up(desk: &Desk, id: &ConversationId) -> Option<AssignmentState> {
    let state = desk.own(id).map(|own| own.state.clone());
    state.filter(|state| matches!(state, AssignmentState::WrapUp { .. }))
}

fn two(ids: &[ConversationId]) -> Option<[ConversationId; 2]> {
    <[ConversationId; 2]>::try_from(ids.to_vec()).ok()
}

fn assigned(advisor: &str) -> EntryBody {
    EntryBody::Assigned { advisor: advisor.into() }
}
