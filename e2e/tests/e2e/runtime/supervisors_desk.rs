// SPDX-License-Identifier: EUPL-1.2
//! A supervisor at the desk: watches a wait, reads without a trace that the person sees, whispers, and takes over.

use std::time::Duration;

use infocig_e2e::{
    chat::Chat,
    desk::Desk,
    edge::policy_with,
    scene::{Scene, socket_path},
    socket::Socket,
    tokens::new_id,
};
use infocig_protocol::{
    desk::{AssignmentState, DeskClientFrame, NoteDraft, Presence},
    entry::{EntryBody, Party},
    frame::{ClientFrame, ServerFrame},
    id::{ConversationId, MessageId},
    problem::Code,
};
use tokio::time::timeout;

#[tokio::test]
async fn a_supervisor_watches_is_offered_nothing_and_is_sent_a_fresh_panel() {
    let scene = Scene::open().await.unwrap();
    let mut teresa = scene.desk("supervisor").await.unwrap();
    assert!(teresa.welcome.supervisor);
    assert_eq!(teresa.picture.presence, Presence::Supervising);
    let opened = scene.enter("worker-napoli").await.unwrap();
    let _citizen = scene.chat(&opened).await.unwrap();

    let waits = |desk: &Desk| {
        let panel = desk.panel.clone()?;
        (panel.waiting.number == 1).then_some(panel)
    };
    let panel = teresa.see("one who waits", waits).await.unwrap();

    assert_eq!(panel.waiting.conversations[0].conversation, opened.conversation);
    assert!(panel.waiting.conversations[0].fits_nobody && teresa.own(&opened.conversation).is_none());
    let fresh = |desk: &Desk| desk.panel.as_ref().filter(|later| later.at > panel.at).cloned();
    let later = timeout(Duration::from_secs(6), teresa.see("another panel", fresh)).await;
    assert!(later.is_ok(), "none for six seconds");

    teresa.send(&DeskClientFrame::TakeOver { conversation: opened.conversation.clone() }).await.unwrap();
    teresa.see("it in hand", |desk| desk.holds(&opened.conversation)).await.unwrap();
}

#[tokio::test]
async fn a_supervisor_reads_and_whispers_without_a_trace_and_takes_over_with_one() {
    let policy =
        policy_with(|policy| policy["desk"]["supervision"]["observation"] = "notice".into()).unwrap();
    let scene = Scene::with(|options| options.with_policy(policy)).await.unwrap();
    let opened = scene.enter("worker-napoli").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let own = giulia.answer(&opened.conversation).await.unwrap();
    let mut advisor = scene.advise(&own).await.unwrap();
    citizen.listen().await.unwrap();
    citizen.post_message("Quando sarò pagato?").await.unwrap();
    advisor.listen().await.unwrap();
    let id = opened.conversation.clone();
    let mut teresa = scene.desk("supervisor").await.unwrap();
    quiet(&mut citizen.socket).await;

    teresa.send(&DeskClientFrame::Observe { conversation: id.clone() }).await.unwrap();
    let observing = teresa.see("it among what is read", |desk| observing(desk, &id)).await.unwrap();
    let ticket = observing.ticket.clone().unwrap();
    let mut reader =
        Chat::join(scene.socket_at(&socket_path(&id), &ticket).await.unwrap(), &ticket, 0).await.unwrap();
    assert_eq!(reader.log, citizen.log);
    giulia
        .see("that Teresa reads", |desk| observers(desk, &id).contains(&"Teresa".into()).then_some(()))
        .await
        .unwrap();
    reader.socket.send(&ClientFrame::Read { up_to: 3 }).await.unwrap();
    reader.socket.send(&ClientFrame::Typing {}).await.unwrap();
    let post = ClientFrame::Post { id: MessageId::parse(new_id().unwrap()).unwrap(), text: "ciao".into() };
    reader.socket.send(&post).await.unwrap();
    assert_eq!(reader.refused().await.unwrap().code, Code::NotAssigned);
    let note =
        NoteDraft { id: MessageId::parse(new_id().unwrap()).unwrap(), text: "Chiedi il protocollo.".into() };
    teresa.send(&DeskClientFrame::Whisper { conversation: id.clone(), note }).await.unwrap();
    let whispered = |desk: &Desk| desk.notes.iter().any(|(_, note)| note.whisper).then_some(());
    giulia.see("the whisper", whispered).await.unwrap();
    let heard = quiet(&mut citizen.socket).await;
    assert_eq!(heard, [], "the person hears nothing of it");
    advisor.post_message("Buongiorno.").await.unwrap();
    assert_eq!(citizen.listen().await.unwrap(), reader.listen().await.unwrap());

    teresa.send(&DeskClientFrame::TakeOver { conversation: id.clone() }).await.unwrap();
    let own = teresa.see("it in hand", |desk| desk.holds(&id)).await.unwrap();
    let transferred = EntryBody::Transferred { advisor: Some("Teresa".into()) };
    assert_eq!(citizen.listen().await.unwrap().body, transferred);
    giulia.see("that it is gone", |desk| desk.own(&id).is_none().then_some(())).await.unwrap();
    let mut answering = scene.advise(&own).await.unwrap();
    assert_eq!(answering.welcome.party, Party::Advisor);
    answering.post_message("Sono Teresa.").await.unwrap();
    citizen.listen().await.unwrap();
    assert!(!format!("{:?}", citizen.log).contains("protocollo"));
}

/// What is heard until nothing is for a moment: presence, receipts and typing.
async fn quiet(socket: &mut Socket<ServerFrame>) -> Vec<ServerFrame> {
    let mut heard = Vec::new();
    while let Ok(frame) = timeout(Duration::from_millis(1_500), socket.aside()).await {
        heard.push(frame.unwrap());
    }
    heard
}

fn observing(desk: &Desk, id: &ConversationId) -> Option<infocig_protocol::desk::AssignedConversation> {
    desk.own(id).filter(|own| matches!(own.state, AssignmentState::Observing { .. })).cloned()
}

fn observers(desk: &Desk, id: &ConversationId) -> Vec<String> {
    match desk.own(id).map(|own| &own.state) {
        Some(AssignmentState::Held { observers, .. }) => observers.clone(),
        Some(
            AssignmentState::Offered { .. }
            | AssignmentState::Invited { .. }
            | AssignmentState::Helping { .. }
            | AssignmentState::Observing { .. }
            | AssignmentState::WrapUp { .. },
        )
        | None => Vec::new(),
    }
}
