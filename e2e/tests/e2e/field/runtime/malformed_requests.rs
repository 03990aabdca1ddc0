// SPDX-License-Identifier: EUPL-1.2
//! Requests that no client of the service sends: each is answered, and the service continues.

use std::net::Ipv4Addr;

use infocig_e2e::{scene::Scene, wait::within_patience};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Kind: tools of operators and attackers: old health checks, methods of other services, proxy requests, random bytes.
#[tokio::test]
async fn a_malformed_request_is_answered_and_harms_nothing() {
    let scene = Scene::open().await.unwrap();
    let asked = [
        ("GET /healthz HTTP/1.0\r\nhost: chat\r\n\r\n", "HTTP/1.0 200"),
        ("GET /healthz HTTP/1.0\r\n\r\n", "HTTP/1.0 400"),
        ("CONNECT inps.example:443 HTTP/1.1\r\nhost: inps.example:443\r\n\r\n", "HTTP/1.1 500"),
        ("PROPFIND /healthz HTTP/1.1\r\nhost: chat\r\n\r\n", "HTTP/1.1 405"),
        ("TRACE /healthz HTTP/1.1\r\nhost: chat\r\n\r\n", "HTTP/1.1 405"),
        ("\x16\x03\x01\x02\r\n\r\n", "HTTP/1.1 400"),
    ];

    let mut answers = Vec::new();
    for (request, _) in asked {
        answers.push(first_of(scene.edge.port(), request).await);
    }

    assert_eq!(answers, asked.map(|(_, expected)| expected));
    let opened = scene.enter("worker-roma").await.unwrap();
    assert_eq!(scene.chat(&opened).await.unwrap().post_message("Si entra lo stesso.").await.unwrap().seq, 2);
    assert_eq!(scene.edge.get("/healthz").await.unwrap().status, 200);
}

/// The status line of the answer to these bytes.
async fn first_of(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = [0; "HTTP/1.1 200".len()];
    within_patience("an answer", stream.read_exact(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
