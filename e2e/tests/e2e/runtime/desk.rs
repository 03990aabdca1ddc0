// SPDX-License-Identifier: EUPL-1.2
//! The desk: first come, first served, and one advisor for each conversation.

use infocig_e2e::{
    desk::hello,
    edge::policy_with,
    scene::Scene,
    socket::{Socket, SocketEvent},
};
use infocig_protocol::{
    close,
    desk::{DeskClientFrame, DeskServerFrame},
    id::ConversationId,
    limits,
    problem::Code,
};

#[tokio::test]
async fn the_first_person_to_enter_is_first_for_every_advisor() {
    let scene = pulling().await;
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let mut arrived = Vec::new();
    for person in ["worker-roma", "titolare-milano", "worker-napoli"] {
        arrived.push(scene.enter(person).await.unwrap().conversation);
    }

    let mut marco = scene.desk("advisor-marco").await.unwrap();

    for desk in [&mut giulia, &mut marco] {
        let order = desk
            .see("three who wait", |desk| (desk.picture.waiting.len() == 3).then(|| desk.unanswered()))
            .await
            .unwrap();
        assert_eq!(order, arrived);
    }
}

#[tokio::test]
async fn of_two_advisors_who_take_the_same_conversation_one_gets_it() {
    let scene = pulling().await;
    let conversation = scene.enter("worker-roma").await.unwrap().conversation;
    let mut desks = [scene.desk("advisor-giulia").await.unwrap(), scene.desk("advisor-marco").await.unwrap()];
    for desk in &mut desks {
        desk.see("who waits", |desk| desk.waits(&conversation)).await.unwrap();
    }

    for desk in &mut desks {
        desk.take(&conversation).await.unwrap();
    }

    let mut holders = 0;
    for desk in &mut desks {
        let held = desk
            .see("an answer to taking", |desk| {
                let refused = desk.refused.contains(&(Code::NotWaiting, Some(conversation.clone())));
                desk.holds(&conversation).map(|_| true).or(refused.then_some(false))
            })
            .await
            .unwrap();
        holders += u32::from(held);
    }
    assert_eq!(holders, 1);
}

#[tokio::test]
async fn taking_a_conversation_that_does_not_wait_is_refused_and_the_desk_stays_open() {
    let scene = Scene::open().await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let nobody = ConversationId::of(&"0c".repeat(32), 1).unwrap();

    desk.take(&nobody).await.unwrap();

    desk.see("a refusal", |desk| {
        desk.refused.contains(&(Code::NotWaiting, Some(nobody.clone()))).then_some(())
    })
    .await
    .unwrap();
    let conversation = scene.enter("worker-roma").await.unwrap().conversation;
    desk.see("who waits", |desk| desk.waits(&conversation)).await.unwrap();
    desk.take_and_hold(&conversation).await.unwrap();
}

#[tokio::test]
async fn a_desk_opens_for_advisors_only() {
    let scene = Scene::open().await.unwrap();
    let session = scene.desk_session("advisor-giulia").await.unwrap();
    let citizen = scene.enter("worker-roma").await.unwrap();

    for (ticket, expected) in [(citizen.ticket.as_str(), Code::TicketInvalid), ("", Code::TicketInvalid)] {
        let mut socket = scene.desk_socket(&session).await.unwrap();
        socket.send(&hello(ticket)).await.unwrap();
        assert_eq!(refused(&mut socket).await, expected);
        assert_eq!(socket.closed().await.unwrap(), close::REFUSED);
    }
    let person = scene.token(&scene.claims("worker-roma").unwrap()).unwrap();
    let answer = scene.present_at("/v1/desk/sessions", Some(&person)).await.unwrap();
    assert_eq!(answer.problem().unwrap().code, Code::TokenType);
}

#[tokio::test]
async fn the_desk_of_a_queue_that_does_not_exist_is_not_found() {
    let scene = Scene::open().await.unwrap();
    let url = scene.ws("/v1/desk/altra/socket");

    let answer = Socket::<DeskServerFrame>::try_socket(&url, scene.issuer.origin(), None)
        .await
        .unwrap()
        .expect_err("no such desk");

    assert_eq!(answer.status, 404);
    assert_eq!(answer.problem().unwrap().code, Code::NotFound);
}

#[tokio::test]
async fn a_desk_answers_wrong_frames_and_goes_on() {
    let scene = Scene::open().await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();

    desk.socket.send_text("{\"dance\":{}}").await.unwrap();
    assert_eq!(refused(&mut desk.socket).await, Code::FrameUnknown);
    desk.socket.send_text("{").await.unwrap();
    assert_eq!(refused(&mut desk.socket).await, Code::FrameMalformed);
    desk.socket.send_text("{\"take\":{\"conversation\":\"x\"}}").await.unwrap();
    assert_eq!(refused(&mut desk.socket).await, Code::FrameMalformed);
    desk.socket.send_text(limits::PING).await.unwrap();
    assert_eq!(desk.socket.receive().await.unwrap(), SocketEvent::Text(limits::PONG.into()));
    desk.socket.send_binary(b"\x00").await.unwrap();
    assert_eq!(refused(&mut desk.socket).await, Code::FrameBinary);
    assert_eq!(desk.socket.closed().await.unwrap(), close::UNSUPPORTED_DATA);

    let session = scene.desk_session("advisor-giulia").await.unwrap();
    let mut socket = scene.desk_socket(&session).await.unwrap();
    let conversation = ConversationId::of(&"0c".repeat(32), 1).unwrap();
    socket.send(&DeskClientFrame::Take { conversation }).await.unwrap();
    assert_eq!(refused(&mut socket).await, Code::HelloExpected);
    assert_eq!(socket.closed().await.unwrap(), close::REFUSED);
}

/// A desk in the mode in which advisors take conversations themselves.
async fn pulling() -> Scene {
    let policy = policy_with(|policy| policy["desk"]["assignment"] = "pull".into()).unwrap();
    Scene::with(|options| options.with_policy(policy)).await.unwrap()
}

async fn refused(socket: &mut Socket<DeskServerFrame>) -> Code {
    match socket.frame().await.unwrap() {
        DeskServerFrame::Refused { code, .. } => code,
        other @ (DeskServerFrame::Welcome(_)
        | DeskServerFrame::Desk(_)
        | DeskServerFrame::Changed(_)
        | DeskServerFrame::Notes { .. }
        | DeskServerFrame::OwnReplies { .. }
        | DeskServerFrame::Panel(_)
        | DeskServerFrame::Supervised { .. }) => {
            panic!("expected a refusal, received {other:?}")
        }
    }
}
