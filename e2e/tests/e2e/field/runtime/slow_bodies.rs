// SPDX-License-Identifier: EUPL-1.2
//! Slow bodies: a request whose body does not arrive in time is ended for every kind of sender.

use std::{net::Ipv4Addr, time::Duration};

use infocig_e2e::scene::Scene;
use infocig_protocol::limits::MAX_BODY_MS;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};

#[tokio::test]
async fn a_body_that_comes_too_slowly_ends_its_request_and_takes_no_place_from_others() {
    let scene = Scene::open().await.unwrap();
    let opened = scene.enter("worker-roma").await.unwrap();
    let (port, conversation) = (scene.edge.port(), &opened.conversation);
    let rating = format!("/v1/conversations/{conversation}/rating");
    let poll = format!("/v1/conversations/{conversation}/poll");

    let slowly = ["/chat", &rating, &poll].map(|path| send_slowly(port, path, &opened.ticket));
    let [form, rating, poll] = slowly;
    let (form, rating, poll, others) = tokio::join!(form, rating, poll, async {
        let mut citizen = scene.chat(&opened).await.unwrap();
        citizen.post_message("Arriva lo stesso").await.unwrap().seq
    });

    assert_eq!(others, 2);
    for (answered, took) in [form, rating, poll] {
        assert_eq!(answered, "HTTP/1.1 408");
        assert!(took >= Duration::from_millis(MAX_BODY_MS - 1_000), "{took:?}: {answered}");
    }
}

/// Sends one byte of a thousand each second until the answer arrives. Returns its status line, and after how long it came.
async fn send_slowly(port: u16, path: &str, ticket: &str) -> (String, Duration) {
    let began = Instant::now();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    let origin = format!("http://{}:{port}", Ipv4Addr::LOCALHOST);
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}:{port}\r\norigin: {origin}\r\nauthorization: Bearer {ticket}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\n",
        Ipv4Addr::LOCALHOST,
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let answer = async {
        let mut status = [0; "HTTP/1.1 408".len()];
        reading.read_exact(&mut status).await.unwrap();
        String::from_utf8_lossy(&status).into_owned()
    };
    // The rate is under test, so that there is no condition to wait for.
    let trickle = async {
        while writing.write_all(b"x").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
        std::future::pending::<()>().await;
    };
    let answered = timeout(Duration::from_millis(2 * MAX_BODY_MS), async {
        tokio::select! {
            answer = answer => answer,
            () = trickle => String::new(),
        }
    });
    (answered.await.expect("an answer before the body's end"), began.elapsed())
}
