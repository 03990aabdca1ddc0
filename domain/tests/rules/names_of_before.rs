// SPDX-License-Identifier: EUPL-1.2
//! Rows and messages between objects that were stored before their members had the names of today are read as they were meant.

use infocig_domain::{
    conversation::Phase,
    desk::{estimate::ServiceTimeStats, presence::Present, queue::DeskConversation},
    notification::{ConversationCommand, ConversationNotification},
};
use infocig_protocol::case::{Case, CaseStatus};
use serde::de::DeserializeOwned;

#[test]
fn a_conversation_at_the_desk() {
    let read: DeskConversation = read(
        r#"{"conversation":"ID","since":5,"person":{"name":"Lucia Ferretti","category":"lavoratore","province":"058",
        "credential":"spid-l2","language":"it"},"stage":{"waiting":{"since":5}},"offer":null,"returned":true,"turn":3,
        "passed":[{"advisor":"giulia","until":9}],"account":{"answered":7,"waits":2,"waited_ms":4,"offers":1,"returns":1,
        "transfers":0},"told":{"position":4,"estimate":{"unknown":{}}}}"#,
    );

    assert_eq!((read.id.as_str() == ID, read.assignment_epoch, read.declined.len()), (true, 3, 1));
    assert_eq!((read.record.waits, read.last_announced.map(|place| place.position)), (2, Some(4)));
}

#[test]
fn the_service_times_and_an_advisor() {
    let times: ServiceTimeStats = read(r#"{"told_at":11,"places":2,"counted_at":12,"taken_ms":3,"ended":4}"#);
    assert_eq!(times.announced_at.as_millis(), 11);

    let present: Present = read(
        r#"{"advisor":{"id":"giulia","name":"Giulia"},"profile":{"categories":["lavoratore"],"provinces":[],
        "languages":["it"],"skills":[]},"presence":"available","lost":8,"idle_since":1}"#,
    );
    assert_eq!(present.disconnected_since.map(|at| at.as_millis()), Some(8));
}

#[test]
fn a_phase() {
    let waiting = read(r#"{"waiting":{"since":1,"absent":2,"place":null,"held_last":"Giulia"}}"#);
    assert!(
        matches!(&waiting, Phase::Waiting { disconnected_since: Some(_), last_advisor: Some(name), .. } if name == "Giulia")
    );
    let active = read(r#"{"active":{"advisor":{"id":"giulia","name":"Giulia"},"since":1,"lets_go":6}}"#);
    assert!(matches!(active, Phase::Active { auto_close_at: Some(_), .. }));
    let closed = read(r#"{"closed":{"at":1,"by":"citizen","held_by":null,"held_last":"Giulia"}}"#);
    assert!(matches!(closed, Phase::Closed { last_advisor: Some(_), .. }));
}

#[test]
fn a_message_to_a_conversation() {
    let read: ConversationNotification = read(
        r#"{"conversation":"ID","word":{"assigned":{"turn":2,"advisor":{"id":"giulia","name":"Giulia"}}}}"#,
    );
    assert!(matches!(read.command, ConversationCommand::Assigned { assignment_epoch: 2, .. }));
}

#[test]
fn a_card_of_a_case() {
    let today = include_str!("../../../protocol/tests/wire/cases.json");
    let cases: serde_json::Value = read(today);
    let mut case = cases.pointer("/cases/0").cloned().unwrap();
    let members = case.as_object_mut().unwrap();
    let status = members.remove("status").unwrap();
    members.insert("standing".into(), status.clone());

    let read: Case = serde_json::from_value(case).unwrap();

    assert_eq!(read.status, serde_json::from_value::<CaseStatus>(status).unwrap());
}

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(&text.replace("\"ID\"", &format!("\"{ID}\""))).unwrap()
}

const ID: &str = "686b42668353b0f92661034529b0bc5069ff2c9ce994a622e5568cd29cbc53b1-7";
