// SPDX-License-Identifier: EUPL-1.2
//! The relay as `docs/calls.md` configures it: two sides of a call meet through it with the edge's credentials, and whoever wants
//! something else is turned away.

use std::net::SocketAddr;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use infocig_e2e::{
    tokens::now,
    turn::{Client, REALM, TCP, Turn},
};
use infocig_protocol::call::RelayServer;
use sha1::Sha1;

use super::calls;

const SECRET: &str = "fedcba9876543210fedcba9876543210";

#[tokio::test]
async fn the_two_sides_of_a_call_meet_through_the_relay_with_what_the_edge_gives_them() {
    let turn = Turn::start(SECRET, true).await.unwrap();
    let [theirs, own] = calls::relays_of_a_call(&turn.url(), SECRET).await;
    assert_eq!(theirs.urls, [turn.url()]);

    let mut citizen = Client::new(turn.address).await.unwrap();
    let mut advisor = Client::new(turn.address).await.unwrap();
    let of_citizen = citizen.allocate(&theirs, REALM).await.unwrap().unwrap().relayed().unwrap();
    let of_advisor = advisor.allocate(&own, REALM).await.unwrap().unwrap().relayed().unwrap();
    citizen.permit(&theirs, of_advisor).await.unwrap().unwrap();
    advisor.permit(&own, of_citizen).await.unwrap().unwrap();

    citizen.send(of_advisor, b"Buongiorno").await.unwrap();
    assert_eq!(advisor.receive().await.unwrap().as_deref(), Some(b"Buongiorno".as_slice()));
    advisor.send(of_citizen, b"Mi dica").await.unwrap();
    assert_eq!(citizen.receive().await.unwrap().as_deref(), Some(b"Mi dica".as_slice()));
}

#[tokio::test]
async fn whoever_wants_something_else_of_the_relay_is_turned_away() {
    let turn = Turn::start(SECRET, false).await.unwrap();
    let good = credentials(SECRET, &name(600));

    // Who may ask for an address at all.
    let nobody = Client::new(turn.address).await.unwrap().allocate_as_nobody().await.unwrap();
    assert_eq!(nobody.err(), Some(UNAUTHORISED), "without credentials");
    let longer = RelayServer { username: name(6_000), ..good.clone() };
    let other_user = RelayServer { username: format!("{}x", good.username), ..good.clone() };
    for (attack, server, realm, code) in [
        ("expired a second ago", credentials(SECRET, &name(-1)), REALM, UNAUTHORISED),
        ("expired ten minutes ago", credentials(SECRET, &name(-600)), REALM, UNAUTHORISED),
        (
            "made with another secret",
            credentials("0123456789abcdef0123456789abcdef", &name(600)),
            REALM,
            UNAUTHORISED,
        ),
        ("an end that was moved", longer, REALM, UNAUTHORISED),
        ("another user's password", other_user, REALM, UNAUTHORISED),
        ("another realm", good.clone(), "elsewhere.example", MISMATCH),
        ("a name without an end", credentials(SECRET, "somebody"), REALM, UNAUTHORISED),
    ] {
        let answer = Client::new(turn.address).await.unwrap().allocate(&server, realm).await.unwrap();
        assert_eq!(answer.err(), Some(code), "{attack}");
    }
    let mut over_tcp = Client::new(turn.address).await.unwrap();
    let answer = over_tcp.allocate_for(&good, REALM, TCP).await.unwrap();
    assert!(answer.is_err(), "relaying TCP: {answer:?}");

    // Where one gets with good credentials.
    let mut client = Client::new(turn.address).await.unwrap();
    client.allocate(&good, REALM).await.unwrap().unwrap();
    for (place, address) in [
        ("this machine", "127.0.0.1:8080"),
        ("this machine by another of its names", "127.8.8.8:80"),
        ("no address", "0.0.0.0:80"),
        ("a private network", "10.0.0.1:80"),
        ("a private network", "172.16.0.1:443"),
        ("a private network", "192.168.1.1:80"),
        ("the network of a provider", "100.64.0.1:80"),
        ("the metadata of a cloud", "169.254.169.254:80"),
        ("a network for measurements", "198.18.0.1:80"),
        ("a group", "224.0.0.1:5353"),
        ("everybody", "255.255.255.255:9"),
    ] {
        let peer: SocketAddr = address.parse().unwrap();
        let answer = client.permit(&good, peer).await.unwrap();
        assert_eq!(answer.err(), Some(FORBIDDEN), "{place}: {address}");
    }
    client.permit(&good, "203.0.113.7:40000".parse().unwrap()).await.unwrap().expect("elsewhere, it may");

    // How much one side of a call gets, one address being taken already.
    let mut held = vec![client];
    for number in 2..=QUOTA {
        let mut another = Client::new(turn.address).await.unwrap();
        let later = credentials(SECRET, &name(600 + number));
        another.allocate(&later, REALM).await.unwrap().unwrap();
        held.push(another);
    }
    let mut beyond = Client::new(turn.address).await.unwrap();
    let answer = beyond.allocate(&credentials(SECRET, &name(700)), REALM).await.unwrap();
    assert_eq!(answer.err(), Some(QUOTA_REACHED), "the quota is the user's, whatever the end of its name");
}

/// The name of one side of a call whose credentials end in so many seconds.
fn name(seconds: i64) -> String {
    format!("{}:0123456789abcdef0123", now() + seconds)
}

fn credentials(secret: &str, name: &str) -> RelayServer {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(name.as_bytes());
    let credential = STANDARD.encode(mac.finalize().into_bytes());
    RelayServer { urls: Vec::new(), username: name.into(), credential }
}

const UNAUTHORISED: u16 = 401;
const FORBIDDEN: u16 = 403;
/// coturn's answer to the name of another realm.
const MISMATCH: u16 = 437;
const QUOTA_REACHED: u16 = 486;
/// `user-quota` of the document.
const QUOTA: i64 = 4;
