// SPDX-License-Identifier: EUPL-1.2
//! The scenario of the policy: versions in every state, decided by a second person, and desks that were told.

use infocig_domain::audit::ActedBy;
use infocig_protocol::{
    language::Language,
    policy::{ClosingReason, NewPolicy, PolicyAuthor, ProposedAnswer},
};

use super::{
    fail_to_send,
    people::{advisor, at, message},
    read_messaging,
};
use crate::{
    actors::{Actor, PolicyAct, PolicyActor},
    sql::testing::MemorySql,
};

/// The shipped document, in which every version needs a second person.
fn document() -> String {
    let shipped = include_str!("../../../policy.json");
    shipped.replace("\"assistant\": {", "\"governance\": { \"four_eyes\": true },\n  \"assistant\": {")
}

pub(super) fn scenario(sql: &MemorySql) {
    let policy = open(sql);
    policy.wake(at(0)).unwrap();
    let act = |by: &str, act, seconds| {
        let id = advisor(by);
        let acted = ActedBy { id: Some(id.id.clone()), ..ActedBy::default() };
        policy.act(PolicyAuthor { id: id.id, name: id.name }, &acted, act, at(seconds)).unwrap();
        while policy.wake(at(seconds)).unwrap().is_some() {}
    };
    let draft = |base, capacity: u32, from: Option<&str>| {
        let document = document().replace("\"capacity\": 3", &format!("\"capacity\": {capacity}"));
        let (reason, from) = (format!("Posti: {capacity}"), from.map(Into::into));
        PolicyAct::Propose(NewPolicy { document, base, reason, from })
    };
    act("giulia", draft(1, 4, None), 1);
    act("ada", PolicyAct::Approve(2), 2);
    act("giulia", PolicyAct::Close { until: at(3_600), reason: ClosingReason::Strike }, 3);
    act("giulia", draft(3, 5, Some("2026-12-01T15:00:00+01:00")), 4);
    act("ada", PolicyAct::Withdraw(4), 5);
    act("giulia", draft(3, 6, Some("2026-12-02T15:00:00+01:00")), 6);
    let proposed = ProposedAnswer {
        id: message("proposed"),
        question: "Quando pagate?".into(),
        answer: "Entro 15 giorni.".into(),
        language: Language::It,
    };
    let giulia = advisor("giulia");
    policy.propose_answer(PolicyAuthor { id: giulia.id, name: giulia.name }, proposed, at(7)).unwrap();
    fail_to_send(sql);
}

pub(super) fn read(sql: &MemorySql) -> String {
    let policy = open(sql);
    let history = policy.history(None, at(7)).unwrap();
    let written: Vec<_> =
        history.versions.iter().map(|version| policy.read(version.number).unwrap()).collect();
    format!("{} {history:?} {written:?} {:?}", read_messaging(sql), policy.rules(None, at(7)).unwrap())
}

fn open(sql: &MemorySql) -> PolicyActor<&MemorySql> {
    PolicyActor::open(sql, &document(), at(0)).unwrap()
}
