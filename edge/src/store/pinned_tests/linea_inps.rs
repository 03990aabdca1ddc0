// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the connector to Linea INPS: segnalazioni that wait, are tried again, are given up, and are delivered.

use infocig_domain::linea_inps::{AttachedMessage, Segnalazione, Update, UpdateState};
use infocig_protocol::{case::BenefitKind, id::CaseId, person::Category};

use super::{
    fail_to_send,
    people::{advisor, asker, at, conversation, queue, topic},
    read_messaging,
};
use crate::{
    actors::{Actor, LineaInpsActor, Updated},
    auth::modi::Seen,
    outbound::delivery::{Answer, Body},
    sql::testing::MemorySql,
    store::LineaInpsStore,
};

pub(super) fn scenario(sql: &MemorySql) {
    let actor = LineaInpsActor::open(sql, vec![queue().into()], at(0)).unwrap();
    for number in 1..=5 {
        let document = serde_json::to_string(&segnalazione(number)).unwrap();
        let source = format!("conversation:{}", conversation(1).object());
        actor.on_notification(&source, number.into(), &document, at(i64::from(number))).unwrap();
    }
    let answers = |number: u32, status: u16, body: &str| {
        let answer = Answer::Http { status, wait_ms: None, body: Body::Whole(body.into()) };
        assert!(!actor.answered(&key(number), &answer, true, at(10)).unwrap());
    };
    answers(1, 201, r#"{"number":"LI-1"}"#);
    answers(2, 422, "");
    answers(3, 500, "");
    let updates = [
        (1, "j1", UpdateState::InProgress, None),
        (1, "j2", UpdateState::Answered, Some("Pagato.")),
        (4, "j3", UpdateState::Accepted, None),
    ];
    for (number, jti, state, text) in updates {
        let seen = Seen { jti: jti.into(), until: at(130) };
        let (key, text) = (key(number), text.map(str::to_string));
        let update = Update { key, number: format!("LI-{number}"), state, text };
        assert_eq!(actor.update(&update, &seen, at(20), at(20)).unwrap(), Updated::Stored);
    }
    actor.hold_object(&"ee".repeat(32), true).unwrap();
    fail_to_send(sql);
}

pub(super) fn read(sql: &MemorySql) -> String {
    let store = LineaInpsStore::open(sql).unwrap();
    let overview = store.overview(&Category::ALL).unwrap();
    let found: Vec<_> = overview.iter().map(|one| store.find(&one.key).unwrap()).collect();
    let next = (store.streak().unwrap(), store.next_due().unwrap(), store.due(at(1_000_000)).unwrap());
    format!("{} {overview:?} {found:?} {next:?}", read_messaging(sql))
}

/// A forwarded segnalazione has every member; a written request has those that are always there.
fn segnalazione(number: u32) -> Segnalazione {
    let asker = asker(1);
    let written =
        |seconds: i64| jiff::Timestamp::from_millisecond(at(seconds).as_millis()).unwrap().to_string();
    let whole = Segnalazione {
        key: key(number),
        at: written(i64::from(number)),
        office: "063".into(),
        person: asker.card,
        subject: asker.subject,
        advisor: Some(advisor("giulia")),
        topic: Some(topic()),
        kind: Some(BenefitKind::Cigo),
        case: Some(CaseId::parse("cigo-1").unwrap()),
        protocol: Some("INPS.5100.02/10/2026.0123456".into()),
        ticket: Some("1234567890123456".into()),
        description: "Mancano i dati di pagamento.".into(),
        messages: vec![AttachedMessage {
            seq: 3,
            at: written(0),
            author: "citizen".into(),
            text: "Quando sarò pagato?".into(),
        }],
    };
    if number != 5 {
        return whole;
    }
    Segnalazione {
        advisor: None,
        topic: None,
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        messages: Vec::new(),
        ..whole
    }
}

fn key(number: u32) -> String {
    format!("{}.s{number}", conversation(1))
}
