// SPDX-License-Identifier: EUPL-1.2
//! Invalid frames and handshakes: the socket refuses them with a reason, and closes only where it cannot continue.

use std::time::Duration;

use infocig_e2e::{
    chat::{hello, refused},
    scene::{Scene, socket_path},
    socket::{Socket, SocketEvent},
};
use infocig_protocol::{
    close,
    frame::{ClientFrame, ServerFrame},
    http::Polled,
    id::{ConversationId, MessageId},
    limits,
    problem::Code,
    subprotocol, version,
};
use serde_json::{Value, json};
use tokio::time::Instant;

#[tokio::test]
async fn a_first_frame_that_is_not_hello_ends_the_socket() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let post = ClientFrame::Post { id: MessageId::parse("m-1").unwrap(), text: "senza salutare".into() };

    for (first, expected) in [
        (serde_json::to_string(&post).unwrap(), Code::HelloExpected),
        ("{\"close\":{}}".into(), Code::HelloExpected),
        ("{\"dance\":{}}".into(), Code::FrameUnknown),
        ("{\"hello\":{}}".into(), Code::FrameMalformed),
        ("not JSON".into(), Code::FrameMalformed),
        (String::new(), Code::FrameMalformed),
    ] {
        let mut socket = scene.socket(&opened).await.unwrap();
        socket.send_text(first.as_str()).await.unwrap();
        assert_eq!(refused(&mut socket).await.unwrap().code, expected, "{first}");
        assert_eq!(socket.closed().await.unwrap(), close::REFUSED, "{first}");
    }
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 1);
}

#[tokio::test]
async fn a_ticket_opens_its_own_conversation_only() {
    let scene = Scene::open().await.unwrap();
    let mine = scene.enter("worker-roma").await.unwrap();
    let other = scene.enter("worker-napoli").await.unwrap();
    let second = ConversationId::of(mine.conversation.object(), 2).unwrap();
    let tampered = format!("{}x", mine.ticket);

    for (path, ticket) in [
        (mine.socket.clone(), "a.b.c"),
        (mine.socket.clone(), tampered.as_str()),
        (mine.socket.clone(), other.ticket.as_str()),
        (other.socket.clone(), mine.ticket.as_str()),
        (socket_path(&second), mine.ticket.as_str()),
    ] {
        let answer = scene.try_socket(&path, Some(ticket)).await.unwrap().unwrap_err();
        assert_eq!(
            (answer.status, answer.problem().unwrap().code),
            (401, Code::TicketInvalid),
            "{path} with {ticket}"
        );
    }
    // One ticket for the upgrade, another one in hello.
    for ticket in ["", "a.b.c", tampered.as_str(), other.ticket.as_str()] {
        let mut socket = scene.socket(&mine).await.unwrap();
        socket.send(&hello(ticket, 0)).await.unwrap();
        assert_eq!(refused(&mut socket).await.unwrap().code, Code::TicketInvalid, "{ticket}");
        assert_eq!(socket.closed().await.unwrap(), close::REFUSED);
    }
}

/// Kind: unauthenticated connections. On both transports they occupy no place of an authenticated one.
#[tokio::test]
async fn unauthenticated_links_take_no_place_from_others() {
    let scene = Scene::open().await.unwrap();
    let session = scene.desk_session("advisor-giulia").await.unwrap();

    for offered in [None, Some(""), Some("a.b.c")] {
        let url = scene.ws(&session.socket);
        let knocked = Socket::<Value>::try_socket(&url, scene.issuer.origin(), offered).await.unwrap();
        let answer = knocked.expect_err("a place for a stranger");
        assert_eq!(
            (answer.status, answer.problem().unwrap().code),
            (401, Code::TicketInvalid),
            "{offered:?}"
        );
    }
    // More unauthenticated polls than a desk has places for.
    let url = format!("{}/v1/desk/{}/poll", scene.edge.url(), session.queue);
    let polls = (0..600).map(|number| {
        let forged = json!({ "hello": { "version": version::CURRENT, "ticket": "a.b.c" } }).to_string();
        // Without hello, the only answer is the one to a heartbeat.
        let forged = if number % 10 == 0 { forged } else { limits::PING.into() };
        let poll =
            json!({ "link": format!("stranger-{number}"), "number": 1, "frames": [forged], "wait": true });
        scene.edge.http().post(&url).header("origin", scene.issuer.origin()).json(&poll).send()
    });
    for answer in futures_util::future::join_all(polls).await {
        let polled: Polled = answer.unwrap().json().await.unwrap();
        let told = (polled.closed == Some(close::REFUSED), polled.frames == [limits::PONG]);
        assert!(matches!(told, (true, false) | (false, true)), "{polled:?}");
    }
    scene.desk("advisor-giulia").await.unwrap();
}

/// Kind: compression bombs. Compression is offered as browsers do, and not accepted.
#[tokio::test]
async fn frames_are_not_compressed() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let request = scene.edge.http().get(format!("{}{}", scene.edge.url(), opened.socket));
    let request = request.header("origin", scene.issuer.origin());
    let request = request.header("connection", "upgrade").header("upgrade", "websocket");
    let request = request.header("sec-websocket-version", "13");
    let request = request.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
    let request = request.header("sec-websocket-protocol", subprotocol::offer(&opened.ticket).join(", "));

    let answer = request.header("sec-websocket-extensions", "permessage-deflate").send().await.unwrap();

    let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(answer.status().as_u16(), 101);
    assert_eq!(header("sec-websocket-protocol"), Some(subprotocol::NAME));
    assert_eq!(header("sec-websocket-extensions"), None);
}

/// Kind: connections that outlive their ticket.
#[tokio::test]
async fn a_link_ends_with_its_ticket_and_comes_back_with_another() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut desk = scene.desk("advisor-giulia").await.unwrap();
    let mut citizen = scene.socket(&opened).await.unwrap();
    citizen.send(&hello(&opened.ticket, 0)).await.unwrap();

    scene.edge.set_clock("2026-11-24T15:05:00+01:00").await.unwrap();

    assert_eq!(citizen.ended().await.unwrap(), close::TICKET_ENDED);
    assert_eq!(desk.socket.ended().await.unwrap(), close::TICKET_ENDED);
    let renewed = scene.enter("worker-roma").await.unwrap();
    scene.chat(&renewed).await.unwrap();
    scene.desk("advisor-giulia").await.unwrap();
}

#[tokio::test]
async fn a_ticket_does_not_outlive_the_day() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();

    scene.edge.set_clock("2026-11-24T15:05:00+01:00").await.unwrap();

    let mut socket = scene.socket(&opened).await.unwrap();
    socket.send(&hello(&opened.ticket, 0)).await.unwrap();
    assert_eq!(refused(&mut socket).await.unwrap().code, Code::TicketExpired);
    assert_eq!(socket.closed().await.unwrap(), close::REFUSED);
    let renewed = scene.enter("worker-roma").await.unwrap();
    scene.chat(&renewed).await.unwrap();
}

#[tokio::test]
async fn a_newer_client_is_welcomed_and_an_outdated_one_is_not() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let say_hello = async |version: u16| {
        let mut socket = scene.socket(&opened).await.unwrap();
        let ticket = opened.ticket.clone();
        let frame = ClientFrame::Hello { version, ticket, resume_after: 0 };
        socket.send(&frame).await.unwrap();
        socket
    };

    let mut future = say_hello(version::CURRENT + 1).await;
    let welcome = future.frame().await.unwrap();
    assert!(matches!(welcome, ServerFrame::Welcome { version: version::CURRENT, .. }), "{welcome:?}");
    let mut past = say_hello(version::CURRENT - 1).await;
    assert_eq!(refused(&mut past).await.unwrap().code, Code::VersionUnsupported);
    assert_eq!(past.closed().await.unwrap(), close::REFUSED);
}

#[tokio::test]
async fn a_frame_that_is_not_understood_is_refused_and_the_socket_lives() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();

    for (text, expected) in [
        ("{\"dance\":{}}", Code::FrameUnknown),
        ("{\"\":{}}", Code::FrameUnknown),
        ("{", Code::FrameMalformed),
        ("[]", Code::FrameMalformed),
        ("null", Code::FrameMalformed),
        ("{\"close\":{},\"dance\":{}}", Code::FrameMalformed),
        ("{\"close\":7}", Code::FrameMalformed),
        ("{\"post\":{\"id\":\"m\"}}", Code::FrameMalformed),
        ("{\"post\":{\"id\":\"a b\",\"text\":\"x\"}}", Code::FrameMalformed),
        ("{\"post\":{\"id\":\"m\",\"text\":7}}", Code::FrameMalformed),
        ("{\"hello\":{\"version\":1,\"ticket\":\"\"}}", Code::FrameMalformed),
        ("ping", Code::FrameMalformed),
    ] {
        citizen.socket.send_text(text).await.unwrap();
        assert_eq!(citizen.refused().await.unwrap().code, expected, "{text}");
    }

    let deep = format!("{{\"post\":{{\"id\":{}", "[".repeat(60_000));
    citizen.socket.send_text(deep).await.unwrap();
    assert_eq!(citizen.refused().await.unwrap().code, Code::FrameMalformed);
    assert_eq!(citizen.post_message("Ancora qui").await.unwrap().seq, 2);
}

#[tokio::test]
async fn a_frame_that_is_too_large_is_refused_and_ends_the_socket() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut silent = scene.socket(&opened).await.unwrap();

    for socket in [&mut citizen.socket, &mut silent] {
        socket.send_text("x".repeat(70_000)).await.unwrap();
        assert_eq!(refused(socket).await.unwrap().code, Code::FrameTooLarge);
        assert_eq!(socket.closed().await.unwrap(), close::TOO_LARGE);
    }
    let mut again = scene.chat(&opened).await.unwrap();
    assert_eq!(again.post_message("Più breve").await.unwrap().seq, 2);
}

#[tokio::test]
async fn a_binary_frame_is_refused_and_ends_the_socket() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut silent = scene.socket(&opened).await.unwrap();

    for socket in [&mut citizen.socket, &mut silent] {
        socket.send_binary(b"{\"close\":{}}").await.unwrap();
        assert_eq!(refused(socket).await.unwrap().code, Code::FrameBinary);
        assert_eq!(socket.closed().await.unwrap(), close::UNSUPPORTED_DATA);
    }
    assert_eq!(scene.chat(&opened).await.unwrap().log.len(), 1);
}

#[tokio::test]
async fn a_conversation_that_does_not_exist_is_not_found() {
    let scene = Scene::open().await.unwrap();

    for id in ["1", "../admit", &format!("{}-1", "0c".repeat(32)), &format!("{}-0", "0c".repeat(32))] {
        let url = scene.ws(&format!("/v1/conversations/{id}/socket"));
        let knocked = Socket::<ServerFrame>::try_socket(&url, scene.issuer.origin(), None).await.unwrap();
        let answer = knocked.expect_err("no such conversation");
        // Without a ticket the answer does not reveal whether the conversation exists.
        let code = if id.len() > 64 && !id.ends_with("-0") { Code::TicketInvalid } else { Code::NotFound };
        assert_eq!((answer.status, answer.problem().unwrap().code), (code.status(), code), "{id}");
    }
}

#[tokio::test]
async fn a_sockets_address_asks_for_an_upgrade() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let session = scene.desk_session("advisor-giulia").await.unwrap();

    for path in [opened.socket, session.socket] {
        let answer = scene.edge.get(&path).await.unwrap();
        assert_eq!(answer.status, 426);
        assert_eq!(answer.problem().unwrap().code, Code::UpgradeRequired);
    }
}

#[tokio::test]
async fn heartbeats_are_answered_before_and_after_hello() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut silent = scene.socket(&opened).await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();

    for socket in [&mut silent, &mut citizen.socket] {
        socket.send_text(limits::PING).await.unwrap();
        assert_eq!(socket.receive().await.unwrap(), SocketEvent::Text(limits::PONG.into()));
    }
}

/// The test waits for the whole timeout, so that both kinds of socket are silent at the same time.
#[tokio::test]
async fn a_link_without_a_hello_in_time_is_closed() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let session = scene.desk_session("advisor-giulia").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let began = Instant::now();
    let mut silent = scene.socket(&opened).await.unwrap();
    let mut silent_desk = scene.desk_socket(&session).await.unwrap();

    assert_eq!(refused(&mut silent).await.unwrap().code, Code::HelloExpected);
    assert_eq!(silent.closed().await.unwrap(), close::SILENT);

    let allowed = Duration::from_millis(limits::HELLO_WITHIN_MS.unsigned_abs());
    let waited = began.elapsed();
    // Not before the timeout. It is not checked how late, which depends on the machine.
    assert!(waited + Duration::from_millis(50) > allowed, "{waited:?}");
    assert!(matches!(silent_desk.receive().await.unwrap(), SocketEvent::Frame(_)));
    assert_eq!(silent_desk.closed().await.unwrap(), close::SILENT);
    citizen.post_message("Chi ha salutato resta.").await.unwrap();
}
