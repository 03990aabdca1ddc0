// SPDX-License-Identifier: EUPL-1.2
//! The policy over a store in memory: what is in force, who may change it, and which desks are told.

use infocig_protocol::id::AdvisorId;

use super::*;
use crate::{
    sql::testing::MemorySql,
    store::{Destination, testing::audited},
};

const SHIPPED: &str = include_str!("../../../policy.json");

/// 2026-11-23T15:10:00+01:00, a Monday.
const AFTERNOON: i64 = 1_795_443_000_000;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(AFTERNOON + minute * 60_000)
}

fn opened(sql: &MemorySql) -> PolicyActor<&MemorySql> {
    PolicyActor::open(sql, SHIPPED, at(0)).unwrap()
}

/// The same person, in a request.
fn acted(id: &str) -> ActedBy {
    ActedBy { id: Some(person(id).id), request: Some("r".into()), ..ActedBy::default() }
}

fn person(id: &str) -> PolicyAuthor {
    PolicyAuthor { id: AdvisorId::parse(id).unwrap(), name: id.into() }
}

fn draft(base: u32, document: String) -> PolicyAct {
    PolicyAct::Propose(NewPolicy { document, base, reason: "Prova".into(), from: None })
}

fn with_capacity(capacity: u32) -> String {
    SHIPPED.replace("\"capacity\": 3", &format!("\"capacity\": {capacity}"))
}

fn with_four_eyes() -> String {
    SHIPPED.replace("\"assistant\": {", "\"governance\": { \"four_eyes\": true },\n  \"assistant\": {")
}

fn in_force(actor: &PolicyActor<&MemorySql>, minute: i64) -> RulesVersion {
    actor.rules(None, at(minute)).unwrap().versions.remove(0)
}

#[test]
fn the_document_of_the_installation_is_the_first_version_and_may_change_until_somebody_publishes() {
    let sql = &MemorySql::new();
    assert_eq!(in_force(&opened(sql), 0).number, 1);
    assert_eq!(in_force(&opened(sql), 0).number, 1);

    let changed = PolicyActor::open(sql, &with_capacity(4), at(1)).unwrap();
    assert_eq!((in_force(&changed, 1).number, in_force(&changed, 1).document), (2, with_capacity(4)));

    changed.act(person("anna"), &acted("anna"), draft(2, with_capacity(5)), at(2)).unwrap();
    let ignored = PolicyActor::open(sql, &with_capacity(6), at(3)).unwrap();
    assert_eq!(in_force(&ignored, 3).document, with_capacity(5));
}

#[test]
fn a_document_of_the_installation_that_is_none_is_a_fault_and_stores_nothing() {
    let sql = &MemorySql::new();
    assert!(matches!(PolicyActor::open(sql, "{}", at(0)), Err(Fault::Settings(_))));
    assert_eq!(opened(sql).history(None, at(0)).unwrap().versions.len(), 1);
}

#[test]
fn an_asker_who_knows_the_revision_is_sent_nothing() {
    let sql = &MemorySql::new();
    let actor = opened(sql);
    let known = actor.rules(None, at(0)).unwrap().revision;

    assert!(actor.rules(Some(known), at(0)).unwrap().versions.is_empty());

    actor.act(person("anna"), &acted("anna"), draft(1, with_capacity(5)), at(1)).unwrap();
    assert_eq!(actor.rules(Some(known), at(1)).unwrap().versions.len(), 1);
}

#[test]
fn a_draft_that_is_no_policy_is_refused_with_its_line() {
    let sql = &MemorySql::new();
    let refused = opened(sql).act(
        person("anna"),
        &acted("anna"),
        draft(1, SHIPPED.replace("\"18:00\"", "\"25:00\"")),
        at(1),
    );

    let Err(Error::Refused(refusal)) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.code, Code::RequestInvalid);
    assert!(refusal.detail.starts_with("policy line 9"), "{}", refusal.detail);
}

#[test]
fn with_four_eyes_a_version_waits_for_a_second_person_and_an_emergency_does_not() {
    let sql = &MemorySql::new();
    let actor = PolicyActor::open(sql, &with_four_eyes(), at(0)).unwrap();
    let document = with_four_eyes().replace("\"capacity\": 3", "\"capacity\": 4");

    let proposed = actor.act(person("anna"), &acted("anna"), draft(1, document.clone()), at(1)).unwrap();

    assert_eq!((proposed.state, in_force(&actor, 1).number), (PolicyState::Proposed, 1));
    assert!(actor.act(person("anna"), &acted("anna"), PolicyAct::Approve(2), at(2)).is_err());
    actor.act(person("bruno"), &acted("bruno"), PolicyAct::Approve(2), at(3)).unwrap();
    assert_eq!(in_force(&actor, 3).document, document);

    let close = PolicyAct::Close { until: at(60), reason: ClosingReason::Maintenance };
    let closed = actor.act(person("anna"), &acted("anna"), close, at(4)).unwrap();
    assert_eq!((closed.state, closed.number), (PolicyState::Published, 3));
    assert_eq!(
        actor.history(None, at(5)).unwrap().closure.as_deref(),
        Some("Il servizio è sospeso per manutenzione fino alle 16:10.")
    );
    actor.act(person("anna"), &acted("anna"), PolicyAct::Reopen, at(6)).unwrap();
    assert_eq!(actor.history(None, at(7)).unwrap().closure, None);
}

#[test]
fn an_emergency_reaches_the_scheduled_version_too_and_keeps_its_instant() {
    let sql = &MemorySql::new();
    let actor = opened(sql);
    let from = Some("2026-11-30T15:00:00+01:00".to_string());
    let scheduled = NewPolicy { document: with_capacity(4), base: 1, reason: "Dicembre".into(), from };
    actor.act(person("anna"), &acted("anna"), PolicyAct::Propose(scheduled), at(0)).unwrap();

    let text = BannerText { it: "Avviso".into(), de: None, fr: None, sl: None, en: None };
    actor.act(person("bruno"), &acted("bruno"), PolicyAct::Announce(Some((text, None))), at(1)).unwrap();

    let rules = actor.rules(None, at(1)).unwrap();
    let numbers: Vec<u32> = rules.versions.iter().map(|version| version.number).collect();
    assert_eq!(numbers, [3, 4]);
    for (version, capacity) in rules.versions.iter().zip([3, 4]) {
        let policy = Policy::parse(&version.document).unwrap();
        assert_eq!(policy.banner.unwrap().text.in_language(Language::It), "Avviso");
        assert!(version.document.contains(&format!("\"capacity\": {capacity}")));
    }
    assert_eq!(rules.versions[1].from, at(7 * 24 * 60 - 10));
    assert_eq!(actor.read(2).unwrap().version.state, PolicyState::Withdrawn);
}

#[test]
fn desks_are_notified_once_when_another_version_comes_into_force() {
    let sql = &MemorySql::new();
    let actor = opened(sql);
    assert!(actor.next_wake().unwrap().unwrap() <= at(0));
    assert_eq!(actor.wake(at(0)).unwrap(), Some(()));
    assert_eq!((actor.wake(at(0)).unwrap(), actor.next_wake().unwrap()), (None, None));
    assert_eq!(actor.outbox().metrics().unwrap().messages, 0);

    let from = Some("2026-11-23T15:40:00+01:00".to_string());
    let scheduled = NewPolicy { document: with_capacity(4), base: 1, reason: "Più tardi".into(), from };
    actor.act(person("anna"), &acted("anna"), PolicyAct::Propose(scheduled), at(1)).unwrap();

    assert_eq!((actor.next_wake().unwrap(), actor.wake(at(29)).unwrap()), (Some(at(30)), None));
    assert_eq!(actor.wake(at(30)).unwrap(), Some(()));
    let mut due = actor.outbox().due(at(30)).unwrap();
    due.retain(|message| message.destination != Destination::Audit);
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].notification, r#"{"rules_changed":{"version":2}}"#);
    assert_eq!(actor.next_wake().unwrap(), None);
}

#[test]
fn a_store_that_fails_anywhere_leaves_no_version_half_published() {
    for fail_after in 0.. {
        let sql = &MemorySql::new();
        let actor = opened(sql);
        sql.fail_after.set(fail_after);
        let done = actor.act(person("anna"), &acted("anna"), draft(1, with_capacity(4)), at(1));
        sql.fail_after.set(-1);
        let number = in_force(&actor, 1).number;
        assert_eq!(number, if done.is_ok() { 2 } else { 1 });
        assert_eq!(
            audited(sql).len(),
            usize::from(done.is_ok()),
            "no act without its record, no record without its act"
        );
        if done.is_ok() {
            return;
        }
    }
}

#[test]
fn a_proposed_answer_waits_once_until_somebody_has_dealt_with_it_or_its_time_is_over() {
    let sql = &MemorySql::new();
    let actor = opened(sql);
    while actor.wake(at(0)).unwrap().is_some() {}
    let proposed = |id: &str, answer: &str| ProposedAnswer {
        id: MessageId::parse(id).unwrap(),
        question: "Quando pagate?".into(),
        answer: answer.into(),
        language: Language::It,
    };
    let propose = |id: &str, answer: &str, minute: i64| {
        actor.propose_answer(person("giulia"), proposed(id, answer), at(minute))
    };
    let waiting = || {
        let answers = actor.history(None, at(9)).unwrap().answers;
        answers.into_iter().map(|one| one.proposed.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    propose("a", "Entro 15 giorni.", 1).unwrap();
    propose("a", "Un altro testo.", 2).unwrap();
    propose("b", "Presto.", 3).unwrap();
    let refused = propose("c", "Sul conto IT60X0542811101000000123456.", 4);
    assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == Code::RequestInvalid));
    assert_eq!(waiting(), ["a", "b"]);
    assert_eq!(actor.history(None, at(9)).unwrap().answers[0].proposed.answer, "Entro 15 giorni.");
    assert_eq!(actor.history(Some(1), at(9)).unwrap().answers, []);

    actor.settle_answer(&MessageId::parse("a").unwrap()).unwrap();
    actor.settle_answer(&MessageId::parse("a").unwrap()).unwrap();
    assert_eq!(waiting(), ["b"]);
    let over = at(3).plus_millis(ANSWERS_KEPT_MS);
    assert_eq!(actor.next_wake().unwrap(), Some(over));
    assert_eq!(actor.wake(over.plus_millis(-1)).unwrap(), None);
    assert_eq!(waiting(), ["b"]);
    assert_eq!(actor.wake(over).unwrap(), Some(()));
    assert_eq!((waiting().len(), actor.next_wake().unwrap()), (0, None));

    for number in 0..MOST_WAITING {
        propose(&format!("n{number}"), "Presto.", 5).unwrap();
    }
    let full = propose("last", "Presto.", 6);
    assert!(matches!(full, Err(Error::Refused(refusal)) if refusal.code == Code::TooFast));
}

#[test]
fn every_act_is_told_to_the_audit_trail_with_its_version_and_reason() {
    let sql = &MemorySql::new();
    let actor = opened(sql);
    let act = |by: &str, what, minute| drop(actor.act(person(by), &acted(by), what, at(minute)).unwrap());
    act("anna", draft(1, with_capacity(5)), 1);
    act("anna", draft(2, SHIPPED.into()), 2);
    act("anna", draft(3, with_four_eyes()), 3);
    act("anna", draft(4, with_four_eyes().replace("\"capacity\": 3", "\"capacity\": 4")), 4);
    act("bruno", PolicyAct::Approve(5), 5);
    act("anna", PolicyAct::Close { until: at(90), reason: ClosingReason::Strike }, 6);
    act("anna", PolicyAct::Reopen, 7);
    let text = BannerText { it: "Avviso".into(), de: None, fr: None, sl: None, en: None };
    act("anna", PolicyAct::Announce(Some((text, Some(at(60))))), 8);
    act("anna", PolicyAct::Announce(None), 9);
    assert!(actor.act(person("anna"), &acted("anna"), PolicyAct::Approve(5), at(10)).is_err());

    let told: Vec<_> = audited(sql)
        .into_iter()
        .map(|event| {
            let details = event.details.unwrap();
            assert_eq!((event.request.as_deref(), details.reason.is_empty()), (Some("r"), false));
            let by = event.actor.unwrap().to_string();
            (by, event.act, event.subject.unwrap(), details.until)
        })
        .collect();
    let expected = [
        ("anna", AuditedKind::PublishedRules, "2", None),
        ("anna", AuditedKind::RestoredRules, "3", None),
        ("anna", AuditedKind::PublishedRules, "4", None),
        ("anna", AuditedKind::ProposedRules, "5", None),
        ("bruno", AuditedKind::ApprovedRules, "5", None),
        ("anna", AuditedKind::ClosedService, "6", Some(at(90))),
        ("anna", AuditedKind::ReopenedService, "7", None),
        ("anna", AuditedKind::PutBannerUp, "8", Some(at(60))),
        ("anna", AuditedKind::TookBannerDown, "9", None),
    ];
    assert_eq!(told, expected.map(|(by, act, subject, until)| (by.into(), act, subject.into(), until)));
}
