// SPDX-License-Identifier: EUPL-1.2
//! The audit trail: rows that are added once and never changed, who reads which, and what is left after a cut.

use infocig_domain::audit::{ActedBy, AuditEntry, file};
use infocig_protocol::id::{AdvisorId, ConversationId, DeskId, QueueId};

use super::*;
use crate::{
    sql::testing::MemorySql,
    store::{AuditPlace, AuditWithin},
};

#[test]
fn a_message_that_comes_twice_is_one_row_and_rows_follow_one_another() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    let two = told(&[ended(1), ended(2)]);
    trail.on_notification("desk", 7, &two, at(3)).unwrap();
    trail.on_notification("desk", 7, &two, at(4)).unwrap();
    trail.append(searched("ada", 5), at(5)).unwrap();
    // An object whose memory was lost goes on at the end of the chain.
    let trail = AuditActor::open(&sql).unwrap();
    trail.append(searched("bea", 6), at(6)).unwrap();

    let export = trail.export(&everything()).unwrap();
    let numbers: Vec<_> = export.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let whole = file::verify_rows(export.after, export.rows).unwrap();
    assert_eq!(whole.ends, Some((1, export.end)));
}

#[test]
fn a_store_that_fails_at_any_statement_has_all_rows_of_a_message_or_none() {
    for statements in 0..12 {
        let sql = MemorySql::new();
        let trail = AuditActor::open(&sql).unwrap();
        let two = told(&[ended(1), ended(2)]);
        sql.fail_after.set(statements);
        let failed = trail.on_notification("desk", 7, &two, at(3)).is_err();
        sql.fail_after.set(-1);
        assert_eq!(rows(&trail), if failed { 0 } else { 2 }, "after {statements}");
        // It is delivered again.
        trail.on_notification("desk", 7, &two, at(4)).unwrap();
        assert_eq!(rows(&trail), 2, "after {statements}");
    }
}

#[test]
fn a_look_that_cannot_be_written_is_an_error_and_no_row() {
    for statements in 0..4 {
        let sql = MemorySql::new();
        let trail = AuditActor::open(&sql).unwrap();
        sql.fail_after.set(statements);
        let failed = trail.append(searched("ada", 1), at(1)).is_err();
        sql.fail_after.set(-1);
        assert_eq!(rows(&trail), u64::from(!failed), "after {statements}");
    }
}

#[test]
fn a_message_of_a_newer_version_waits_for_it() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    let newer = told(&[ended(1)]).replace("ended", "flew_to_the_moon");
    assert!(matches!(trail.on_notification("desk", 7, &newer, at(1)), Err(Error::Fault(_))));
    trail.on_notification("desk", 7, &told(&[ended(1)]), at(2)).unwrap();
    assert_eq!(rows(&trail), 1);
}

#[test]
fn a_supervisor_reads_their_queues_and_their_own_looks_and_an_auditor_everything() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    for event in [
        AuditEvent { queue: Some(queue("lavoratori")), ..searched("ada", 1) },
        AuditEvent { queue: Some(queue("aziende")), ..searched("ada", 2) },
        searched("ada", 3),
        AuditEvent { desk: Some(desk()), ..searched("bea", 4) },
        AuditEvent::new(AuditedKind::SignInRefused, at(5)),
    ] {
        trail.append(event, at(9)).unwrap();
    }
    let read = |within: Option<AuditWithin>| {
        let trail = trail.page(&AuditQuery { within, ..everything() }).unwrap();
        (trail.acts.iter().map(|act| act.row).collect::<Vec<_>>(), trail.chain.map(|chain| chain.rows))
    };
    let within = |queues: &[&str], reader: &str, desk: Option<DeskId>| {
        let queues = queues.iter().map(|id| queue(id)).collect();
        Some(AuditWithin { queues, reader: advisor(reader), desk })
    };
    assert_eq!(read(None), (vec![5, 4, 3, 2, 1], Some(5)));
    assert_eq!(read(within(&["lavoratori"], "ada", None)), (vec![3, 1], None));
    assert_eq!(read(within(&["lavoratori"], "cora", None)), (vec![1], None));
    assert_eq!(read(within(&["aziende"], "cora", Some(desk()))), (vec![4, 2], None));
}

#[test]
fn every_filter_finds_its_own_page_by_page() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    for event in [ended(11), searched("ada", 12), searched("bea", 12), ended(13)] {
        trail.append(event, at(20)).unwrap();
    }
    trail.append(AuditEvent { conversation: Some(conversation(2)), ..ended(14) }, at(20)).unwrap();
    let found = |query: &AuditQuery| {
        let trail = trail.page(query).unwrap();
        (trail.acts.iter().map(|act| act.row).collect::<Vec<_>>(), trail.next)
    };
    let number = |ordinal| Some((conversation(1).object()[..12].to_string(), ordinal));
    for (query, expected) in [
        (AuditQuery { from: Some(at(12)), to: Some(at(13)), ..everything() }, vec![3, 2]),
        (AuditQuery { actor: Some(advisor("bea")), ..everything() }, vec![3]),
        (AuditQuery { act: Some(AuditedKind::Ended), ..everything() }, vec![5, 4, 1]),
        (AuditQuery { number: number(1), ..everything() }, vec![4, 1]),
        (AuditQuery { number: number(2), from: Some(at(14)), ..everything() }, vec![5]),
        (AuditQuery { number: number(3), ..everything() }, vec![]),
    ] {
        assert_eq!(found(&query).0, expected, "{query:?}");
        let mut in_order = expected.clone();
        in_order.reverse();
        let rows = trail.export(&query).unwrap().rows;
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), in_order, "{query:?}");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let (rows, next) = found(&AuditQuery { after, limit: 2, ..everything() });
        seen.extend(rows);
        let Some(next) = next else { break };
        after = Some(AuditPlace::read(&next).unwrap());
    }
    assert_eq!(seen, [5, 4, 3, 2, 1]);
}

#[test]
fn after_a_cut_the_rest_is_whole_and_the_cut_is_a_row_that_names_where() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    for millis in [10, 20, 30, 40] {
        trail.append(searched("ada", millis), at(millis)).unwrap();
    }
    let before = trail.export(&everything()).unwrap().rows;

    assert_eq!(trail.cut_before(at(10), at(99)).unwrap(), None, "nothing is that old");
    assert_eq!(trail.cut_before(at(30), at(100)).unwrap(), Some(2));
    assert_eq!(trail.cut_before(at(30), at(101)).unwrap(), None, "once");

    let export = trail.export(&everything()).unwrap();
    assert_eq!((export.after.number, &export.after.hash), (2, &before[1].hash));
    let numbers: Vec<_> = export.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 4, 5]);
    let cut: AuditEntry = serde_json::from_str(&export.rows[2].line).unwrap();
    assert_eq!(cut.event.act, AuditedKind::CutAudit);
    assert_eq!(cut.event.subject, Some(format!("2 {}", before[1].hash)));
    let chain = trail.page(&everything()).unwrap().chain.unwrap();
    assert_eq!((chain.rows, chain.number), (3, 5));
    let whole = file::verify_rows(export.after, export.rows).unwrap();
    assert_eq!(whole.ends, Some((3, export.end)));

    // All that is left is old: the row of the cut goes on from there.
    assert_eq!(trail.cut_before(at(1_000), at(200)).unwrap(), Some(5));
    let export = trail.export(&everything()).unwrap();
    assert_eq!((export.after.number, export.rows.len(), export.rows[0].number), (5, 1, 6));
    assert!(file::verify_rows(export.after, export.rows).is_ok());
}

#[test]
fn a_cut_that_fails_at_any_statement_has_cut_nothing() {
    for statements in 0..8 {
        let sql = MemorySql::new();
        let trail = AuditActor::open(&sql).unwrap();
        for millis in [10, 20, 30] {
            trail.append(searched("ada", millis), at(millis)).unwrap();
        }
        sql.fail_after.set(statements);
        let failed = trail.cut_before(at(30), at(100)).is_err();
        sql.fail_after.set(-1);
        let export = trail.export(&everything()).unwrap();
        assert_eq!(export.after.number, if failed { 0 } else { 2 }, "after {statements}");
        assert_eq!(export.rows.len(), if failed { 3 } else { 2 }, "after {statements}");
        assert!(file::verify_rows(export.after, export.rows).is_ok());
    }
}

#[test]
fn refused_sign_ins_fill_no_trail_and_how_many_there_were_is_said() {
    let sql = MemorySql::new();
    let trail = AuditActor::open(&sql).unwrap();
    let refused = |now| trail.append(AuditEvent::new(AuditedKind::SignInRefused, now), now).unwrap();
    for _ in 0..(MOST_REFUSED + 7) {
        refused(at(1));
    }
    assert_eq!(rows(&trail), u64::from(MOST_REFUSED));
    refused(at(60_001));
    refused(at(60_002));
    let acts = trail.page(&everything()).unwrap().acts;
    let more = |place: usize| acts[place].asked.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
    assert_eq!((more(0), more(1)), (vec![], vec![Some("7".into())]));
}

fn rows(trail: &AuditActor<&MemorySql>) -> u64 {
    trail.page(&everything()).unwrap().chain.unwrap().rows
}

fn told(events: &[AuditEvent]) -> String {
    serde_json::to_string(&AuditNotification { audited: events.to_vec() }).unwrap()
}

fn ended(millis: i64) -> AuditEvent {
    let conversation = Some(conversation(1));
    AuditEvent { conversation, ..AuditEvent::new(AuditedKind::Ended, at(millis)) }
}

fn searched(by: &str, millis: i64) -> AuditEvent {
    let by = ActedBy { id: Some(advisor(by)), ..ActedBy::default() };
    by.did(AuditedKind::Searched, at(millis))
}

fn everything() -> AuditQuery {
    AuditQuery {
        within: None,
        from: None,
        to: None,
        actor: None,
        act: None,
        number: None,
        after: None,
        limit: 200,
    }
}

fn advisor(id: &str) -> AdvisorId {
    AdvisorId::parse(id).unwrap()
}

fn queue(id: &str) -> QueueId {
    QueueId::parse(id).unwrap()
}

fn desk() -> DeskId {
    DeskId::parse("info-cig").unwrap()
}

fn conversation(ordinal: u32) -> ConversationId {
    ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}
