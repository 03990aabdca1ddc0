// SPDX-License-Identifier: EUPL-1.2
//! Hold with its reminder under a clock that moves; a person who is warned, blocked, refused, and let in again.

use infocig_e2e::{chat::Chat, desk::Desk, scene::Scene, wait};
use infocig_protocol::{
    desk::{AssignmentState, BlockDraft, DeskClientFrame, Hold, HoldDraft, HoldReason},
    entry::{EntryBody, Outcome, Party},
    http::ConversationOpened,
    id::ConversationId,
    problem::Code,
};

#[tokio::test]
async fn an_advisor_holds_is_reminded_when_the_time_is_over_and_takes_it_off_hold_by_writing() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen, mut giulia, mut advisor) = under_way(&scene).await;
    let id = opened.conversation.clone();
    let hold = HoldDraft { reason: HoldReason::Office, text: Some("manca il ticket".into()), minutes: 5 };
    giulia.send(&DeskClientFrame::Hold { conversation: id.clone(), hold }).await.unwrap();
    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::OnHold { minutes: 5 });
    let begun = giulia.see("the hold", |desk| on_hold(desk, &id)).await.unwrap();
    assert_eq!((begun.text.as_deref(), begun.due), (Some("manca il ticket"), false));
    assert!(!format!("{:?}", citizen.log).contains("ticket"), "the reason is not for the person");

    scene.edge.set_clock("2026-11-23T15:55:00+01:00").await.unwrap();
    let due = |desk: &Desk| on_hold(desk, &id).filter(|hold| hold.due);
    giulia.see("the reminder", due).await.unwrap();
    advisor.listen().await.unwrap();
    advisor.post_message("Eccomi.").await.unwrap();
    assert!(citizen.listen().await.unwrap().body.is_answer(), "the person was neither warned nor let go");
    giulia.see("no hold", |desk| on_hold(desk, &id).is_none().then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_person_who_is_blocked_is_refused_with_the_reason_and_enters_once_the_block_is_lifted() {
    let scene = Scene::open().await.unwrap();
    let (opened, mut citizen, mut giulia, _advisor) = under_way(&scene).await;
    let id = opened.conversation.clone();
    giulia.send(&DeskClientFrame::Warn { conversation: id.clone() }).await.unwrap();
    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Warned {});
    let mut teresa = scene.desk("supervisor").await.unwrap();
    let block = BlockDraft { hours: 24, reason: "Insulti".into(), unwarned: None };
    teresa.send(&DeskClientFrame::Block { conversation: id.clone(), block }).await.unwrap();
    let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Blocked) };
    let log = wait::until("the end is in the log", async || {
        let log = scene.chat(&opened).await.ok()?.log;
        log.iter().any(|entry| entry.body == closed).then_some(log)
    })
    .await
    .unwrap();
    assert!(log.iter().any(|entry| matches!(entry.body, EntryBody::Blocked { .. })), "{log:?}");

    let claims = scene.claims("worker-roma").unwrap();
    let answer = scene.ask(&claims).await.unwrap();
    let problem = answer.problem().unwrap();
    let admission = problem.admission.unwrap();
    assert_eq!((answer.status, problem.code, admission.code), (403, Code::Blocked, Code::Blocked));
    assert!(admission.opens.is_some() && !admission.channels.is_empty(), "{admission:?}");
    assert!(admission.message.contains("chiedi di riesaminare"), "{}", admission.message);
    scene.enter("worker-napoli").await.unwrap();

    let blocks = |desk: &Desk| desk.panel.as_ref().map(|panel| panel.blocks.len());
    teresa.see("the block", |desk| blocks(desk).filter(|number| *number == 1)).await.unwrap();
    let lift = DeskClientFrame::Lift { conversation: id, reason: "Equivoco chiarito".into() };
    teresa.send(&lift).await.unwrap();
    teresa.see("no block", |desk| blocks(desk).filter(|number| *number == 0)).await.unwrap();
    let enters = async || (scene.ask(&claims).await.ok()?.status == 201).then_some(());
    wait::until("the person is let in", enters).await.unwrap();
}

/// A conversation of a worker in Rome that Giulia answers.
async fn under_way(scene: &Scene) -> (ConversationOpened, Chat, Desk, Chat) {
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let own = giulia.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    advisor.post_message("Buongiorno.").await.unwrap();
    citizen.listen().await.unwrap();
    (opened, citizen, giulia, advisor)
}

fn on_hold(desk: &Desk, id: &ConversationId) -> Option<Hold> {
    match desk.own(id).map(|own| &own.state) {
        Some(AssignmentState::Held { on_hold, .. }) => on_hold.clone(),
        Some(
            AssignmentState::Offered { .. }
            | AssignmentState::Invited { .. }
            | AssignmentState::Helping { .. }
            | AssignmentState::Observing { .. }
            | AssignmentState::WrapUp { .. },
        )
        | None => None,
    }
}
