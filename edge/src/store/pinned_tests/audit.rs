// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the audit trail: a row of every kind, rows with every member, and one that was cut off.

use infocig_domain::{
    audit::{AuditEvent, AuditNotification},
    staff::StaffRole,
};
use infocig_protocol::report::{Asked, AuditDetails, AuditedKind};

use super::{
    people::{advisor, at, conversation, queue},
    read_messaging,
};
use crate::{
    actors::{Actor, AuditActor},
    sql::testing::MemorySql,
    store::AuditQuery,
};

pub(super) fn scenario(sql: &MemorySql) {
    let trail = AuditActor::open(sql).unwrap();
    let asked = |name: &str, value: Option<&str>| Asked { name: name.into(), value: value.map(Into::into) };
    let whole = AuditEvent {
        actor: Some(advisor("ada").id),
        roles: StaffRole::ALL.into_iter().collect(),
        conversation: Some(conversation(1)),
        queue: Some(queue()),
        desk: Some(queue().into()),
        subject: Some("12".into()),
        asked: vec![asked("from", Some("2026-11-30")), asked("person", None)],
        details: Some(AuditDetails {
            until: Some(at(3_600)),
            reason: "Minacce.".into(),
            unwarned: Some("Fin dal primo messaggio.".into()),
        }),
        request: Some("0f".repeat(16)),
        before_chain: true,
        ..AuditEvent::new(AuditedKind::Blocked, at(1))
    };
    let told = AuditNotification { audited: vec![AuditEvent::new(AuditedKind::SignedOut, at(0)), whole] };
    trail.on_notification("desk", 1, &serde_json::to_string(&told).unwrap(), at(2)).unwrap();
    for act in AuditedKind::ALL {
        trail.append(AuditEvent::new(act, at(3)), at(3)).unwrap();
    }
    assert_eq!(trail.cut_before(at(1), at(4)).unwrap(), Some(1));
}

pub(super) fn read(sql: &MemorySql) -> String {
    let trail = AuditActor::open(sql).unwrap();
    let query = AuditQuery {
        within: None,
        from: None,
        to: None,
        actor: None,
        act: None,
        number: None,
        after: None,
        limit: 200,
    };
    format!("{} {:?} {:?}", read_messaging(sql), trail.page(&query).unwrap(), trail.export(&query).unwrap())
}
