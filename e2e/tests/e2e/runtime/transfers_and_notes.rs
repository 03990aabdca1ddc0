// SPDX-License-Identifier: EUPL-1.2
//! Cooperation of advisors: transfers, invitations of colleagues, and internal notes.

use infocig_e2e::{
    chat::{Chat, hello},
    desk::Desk,
    scene::Scene,
    socket::{Socket, SocketEvent},
};
use infocig_protocol::{
    close,
    desk::{AssignedConversation, AssignmentState, DeskClientFrame, TransferTo},
    entry::{EntryBody, Outcome, Party},
    http::ConversationOpened,
    id::ConversationId,
    problem::Code,
};
use serde_json::Value;

#[tokio::test]
async fn a_transferred_conversation_stays_assigned_until_the_colleague_accepts() {
    let scene = Scene::open().await.unwrap();
    let Talk { id, mut citizen, mut giulia, mut marco, mut advisor, .. } = Talk::begin(&scene).await;

    let to = TransferTo::Advisor(marco.id());
    giulia.transfer(&id, to, Some("Chiede del pagamento di ottobre.")).await.unwrap();
    let own = giulia.see("that it is being passed on", |desk| transferring_to(desk, &id)).await.unwrap();
    assert_eq!(own, "Marco");
    advisor.post_message("La passo a un collega.").await.unwrap();
    citizen.listen().await.unwrap();
    let offered = marco.see("an offer", |desk| desk.offered(&id)).await.unwrap();
    assert!(
        matches!(&offered.state, AssignmentState::Offered { by: Some(by), .. } if by == "Giulia"),
        "{offered:?}"
    );
    marco.send(&DeskClientFrame::Notes { conversation: id.clone() }).await.unwrap();
    marco.see("the note", |desk| (desk.notes.len() == 1).then_some(())).await.unwrap();
    assert_eq!(marco.notes[0].1.text, "Chiede del pagamento di ottobre.");
    let own = marco.take_and_hold(&id).await.unwrap();

    let transferred = EntryBody::Transferred { advisor: Some("Marco".into()) };
    assert_eq!(citizen.listen().await.unwrap().body, transferred);
    assert_eq!(shown_the_door(&mut advisor).await, transferred);
    assert!(giulia.see("an empty desk", |desk| desk.own(&id).is_none().then_some(())).await.is_ok());
    let mut advisor = scene.advise(&own).await.unwrap();
    assert_eq!(advisor.log, citizen.log);
    advisor.post_message("Eccomi.").await.unwrap();
    citizen.listen().await.unwrap();
}

#[tokio::test]
async fn a_transfer_that_is_not_accepted_can_be_retracted_and_repeated() {
    let scene = Scene::open().await.unwrap();
    let Talk { id, mut citizen, mut giulia, mut marco, mut advisor, .. } = Talk::begin(&scene).await;
    giulia.transfer(&id, TransferTo::Advisor(marco.id()), None).await.unwrap();
    marco.see("an offer", |desk| desk.offered(&id)).await.unwrap();

    giulia.send(&DeskClientFrame::Retract { conversation: id.clone() }).await.unwrap();
    marco.see("no offer any more", |desk| desk.own(&id).is_none().then_some(())).await.unwrap();
    giulia.see("that it stays", |desk| transferring_to(desk, &id).is_none().then_some(())).await.unwrap();
    advisor.post_message("Resto io.").await.unwrap();
    citizen.listen().await.unwrap();
    giulia.transfer(&id, TransferTo::Advisor(marco.id()), None).await.unwrap();
    marco.answer(&id).await.unwrap();

    let transferred = EntryBody::Transferred { advisor: Some("Marco".into()) };
    assert_eq!(citizen.listen().await.unwrap().body, transferred);
    giulia.send(&DeskClientFrame::Retract { conversation: id.clone() }).await.unwrap();
    let refusal = (Code::NotAssigned, Some(id.clone()));
    giulia.see("that it is too late", |desk| desk.refused.contains(&refusal).then_some(())).await.unwrap();
}

#[tokio::test]
async fn a_conversation_handed_back_waits_again_and_goes_to_somebody_else() {
    let scene = Scene::open().await.unwrap();
    let Talk { id, mut citizen, mut giulia, mut marco, mut advisor, .. } = Talk::begin(&scene).await;

    giulia.transfer(&id, TransferTo::Queue, None).await.unwrap();

    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Transferred { advisor: None });
    assert_eq!(shown_the_door(&mut advisor).await, EntryBody::Transferred { advisor: None });
    let own = marco.answer(&id).await.unwrap();
    assert_eq!(citizen.listen().await.unwrap().body, EntryBody::Assigned { advisor: "Marco".into() });
    assert_eq!(scene.advise(&own).await.unwrap().log, citizen.log);
}

#[tokio::test]
async fn a_colleague_who_is_asked_joins_both_write_and_the_person_sees_them_come_and_go() {
    let scene = Scene::open().await.unwrap();
    let Talk { id, mut citizen, mut giulia, mut marco, mut advisor, .. } = Talk::begin(&scene).await;

    let asked = DeskClientFrame::Invite { conversation: id.clone(), advisor: marco.id() };
    giulia.send(&asked).await.unwrap();
    marco.see("the question", |desk| invited(desk, &id)).await.unwrap();
    marco.send(&DeskClientFrame::Accept { conversation: id.clone() }).await.unwrap();

    for side in [&mut citizen, &mut advisor] {
        assert_eq!(side.listen().await.unwrap().body, EntryBody::Joined { advisor: "Marco".into() });
    }
    let own = marco.see("that they help", |desk| helping(desk, &id)).await.unwrap();
    let mut second = scene.advise(&own).await.unwrap();
    assert_eq!(second.log, citizen.log);
    second.post_message("Sul pagamento rispondo io.").await.unwrap();
    citizen.listen().await.unwrap();
    advisor.listen().await.unwrap();
    advisor.post_message("Grazie, Marco.").await.unwrap();
    citizen.listen().await.unwrap();
    second.listen().await.unwrap();

    marco.send(&DeskClientFrame::Leave { conversation: id.clone() }).await.unwrap();
    let left = EntryBody::Left { advisor: "Marco".into() };
    assert_eq!(citizen.listen().await.unwrap().body, left);
    assert_eq!(advisor.listen().await.unwrap().body, left);
    assert_eq!(shown_the_door(&mut second).await, left);
    advisor.post_message("Restiamo noi.").await.unwrap();
    citizen.listen().await.unwrap();
}

#[tokio::test]
async fn a_note_never_reaches_the_person_nor_an_advisor_it_is_not_for() {
    let scene = Scene::open().await.unwrap();
    let Talk { id, opened, mut citizen, mut giulia, mut marco, mut advisor } = Talk::begin(&scene).await;
    let mut everything: Socket<Value> =
        Socket::open(&scene.ws(&opened.socket), scene.issuer.origin(), &opened.ticket).await.unwrap();
    everything.send(&hello(&opened.ticket, 0)).await.unwrap();

    giulia.note(&id, SECRET).await.unwrap();
    giulia.see("the note", |desk| (desk.notes.len() == 1).then_some(())).await.unwrap();
    marco.send(&DeskClientFrame::Notes { conversation: id.clone() }).await.unwrap();
    let refusal = (Code::NotAssigned, Some(id.clone()));
    marco.see("a refusal", |desk| desk.refused.contains(&refusal).then_some(())).await.unwrap();
    giulia.transfer(&id, TransferTo::Advisor(marco.id()), Some(SECRET)).await.unwrap();
    marco.answer(&id).await.unwrap();
    citizen.listen().await.unwrap();
    citizen.post_message("Cosa avete scritto di me?").await.unwrap();
    while !matches!(advisor.socket.receive().await.unwrap(), SocketEvent::Closed(_)) {}
    marco.send(&DeskClientFrame::Notes { conversation: id.clone() }).await.unwrap();
    marco.see("both notes", |desk| (desk.notes.len() == 2).then_some(())).await.unwrap();
    marco.close(&id, Outcome::Online).await.unwrap();

    let mut told = String::new();
    loop {
        match everything.receive().await.unwrap() {
            SocketEvent::Frame(frame) => told.push_str(&frame.to_string()),
            SocketEvent::Text(text) => told.push_str(&text),
            SocketEvent::Closed(code) => break assert_eq!(code, close::NORMAL),
            SocketEvent::Lost => panic!("the socket was lost"),
        }
    }
    assert!(told.contains("transferred") && told.contains("Cosa avete scritto"), "{told}");
    assert!(!told.contains("riservata"), "{told}");
    let again = scene.chat(&opened).await.unwrap();
    assert!(matches!(again.log.last().unwrap().body, EntryBody::Closed { by: Party::Advisor, .. }));
    assert!(!format!("{:?}", again.log).contains("riservata"));
}

/// A conversation of Lucia with Giulia, and Marco at the desk.
struct Talk {
    id: ConversationId,
    opened: ConversationOpened,
    citizen: Chat,
    giulia: Desk,
    marco: Desk,
    advisor: Chat,
}

impl Talk {
    async fn begin(scene: &Scene) -> Self {
        let mut giulia = scene.desk("advisor-giulia").await.unwrap();
        let marco = scene.desk("advisor-marco").await.unwrap();
        let opened = scene.enter("worker-roma").await.unwrap();
        let mut citizen = scene.chat(&opened).await.unwrap();
        let id = opened.conversation.clone();
        let own = giulia.answer(&id).await.unwrap();
        citizen.listen().await.unwrap();
        let advisor = scene.advise(&own).await.unwrap();
        Self { id, opened, citizen, giulia, marco, advisor }
    }
}

/// Waits until the socket of an advisor without access is closed, and returns the last entry.
async fn shown_the_door(advisor: &mut Chat) -> EntryBody {
    let last = advisor.listen().await.unwrap();
    assert_eq!(advisor.refused().await.unwrap().code, Code::NotAssigned);
    assert_eq!(advisor.socket.closed().await.unwrap(), close::REFUSED);
    last.body
}

fn transferring_to(desk: &Desk, id: &ConversationId) -> Option<String> {
    match &desk.own(id)?.state {
        AssignmentState::Held { transferring_to, .. } => transferring_to.clone(),
        AssignmentState::Offered { .. }
        | AssignmentState::Invited { .. }
        | AssignmentState::Helping { .. }
        | AssignmentState::Observing { .. }
        | AssignmentState::WrapUp { .. } => None,
    }
}

fn invited(desk: &Desk, id: &ConversationId) -> Option<()> {
    desk.own(id).filter(|own| matches!(own.state, AssignmentState::Invited { .. })).map(|_| ())
}

fn helping(desk: &Desk, id: &ConversationId) -> Option<AssignedConversation> {
    desk.own(id).filter(|own| matches!(own.state, AssignmentState::Helping { .. })).cloned()
}

const SECRET: &str = "Nota riservata: verificare la posizione.";
