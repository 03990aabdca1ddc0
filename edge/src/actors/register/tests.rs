// SPDX-License-Identifier: EUPL-1.2
//! The register on a store in memory.

use std::collections::BTreeMap;

use infocig_domain::{
    calendar::ZONE,
    figures::{
        Event, EventKind, FigureRules, Record, Tally, event::Entered, period::day_of, register::Comment,
    },
};
use infocig_protocol::{
    entry::{Outcome, Party},
    figures::{Dimension, Share},
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::{Category, EntryPoint},
    rating::Answer,
    skill::Skill,
};
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{
    sql::{SqlValue, testing::MemorySql},
    store::{
        Destination, LegalHold, proof_after,
        testing::{audited, figure_rules},
    },
};

#[test]
fn a_conversation_heard_of_twice_is_one_row() {
    let sql = MemorySql::new();
    let register = open(&sql);

    for (id, ordinal) in [(1, 1), (1, 1), (2, 2), (3, 2), (2, 3)] {
        register.on_notification("desk", id, &row(ordinal), at(1)).unwrap();
    }

    assert_eq!(count(&sql), 2);
    assert!(register.on_notification("desk", 9, "{}", at(1)).is_err());
}

#[test]
fn a_rating_is_in_the_row_whichever_came_first_and_the_newest_counts() {
    for (row, rated) in
        [(row as fn(u32) -> String, rated as fn(u32, Answer) -> String), (legacy_row, legacy_rated)]
    {
        let sql = MemorySql::new();
        let register = open(&sql);
        let ratings = || {
            let rows = register.endings().unwrap();
            rows.into_iter().map(|row| row.rating).collect::<Vec<_>>()
        };
        register.on_notification("person", 1, &rated(1, Answer::Yes), at(1)).unwrap();
        register.on_notification("person", 2, &rated(1, Answer::No), at(1)).unwrap();
        assert_eq!(ratings(), []);
        for ordinal in [1, 2] {
            register.on_notification("desk", i64::from(ordinal), &row(ordinal), at(1)).unwrap();
        }
        assert_eq!(ratings(), [Some("no".into()), None]);

        for id in [3, 3] {
            register.on_notification("person", id, &rated(1, Answer::Partly), at(1)).unwrap();
        }
        register.on_notification("person", 2, &rated(1, Answer::No), at(1)).unwrap();
        register.on_notification("person", 4, &rated(2, Answer::Yes), at(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())]);
        register.on_notification("desk", 9, &row(1), at(1)).unwrap();
        assert_eq!(ratings(), [Some("partly".into()), Some("yes".into())], "a row that is there stays");
    }
}

#[test]
fn a_rating_is_lost_at_no_statement() {
    for statements in 0..90 {
        let sql = MemorySql::new();
        let register = open(&sql);
        sql.fail_after.set(statements);
        let notifications = [("person", rated(1, Answer::Partly)), ("desk", row(1))];
        let failed: Vec<_> = notifications
            .iter()
            .filter(|(source, notification)| {
                register.on_notification(source, 1, notification, at(1)).is_err()
            })
            .collect();
        sql.fail_after.set(-1);
        for (source, notification) in failed {
            register.on_notification(source, 1, notification, at(1)).unwrap();
        }
        assert_eq!(register.endings().unwrap()[0].rating.as_deref(), Some("partly"), "after {statements}");
    }
}

#[test]
fn a_store_that_fails_at_any_statement_receives_the_notification_again() {
    for statements in 0..60 {
        let sql = MemorySql::new();
        let register = open(&sql);
        sql.fail_after.set(statements);
        let failed = register.on_notification("desk", 1, &row(1), at(1)).is_err();
        sql.fail_after.set(-1);

        assert_eq!(count(&sql), usize::from(!failed));
        register.on_notification("desk", 1, &row(1), at(1)).unwrap();
        assert_eq!(count(&sql), 1);
    }
}

#[derive(Clone, Debug)]
enum Act {
    /// The record of a conversation that entered on that day.
    Record {
        ordinal: u32,
        day: i64,
        attributes: usize,
        answered: bool,
    },
    Event {
        ordinal: u32,
        day: i64,
        kind: usize,
    },
    Refused {
        day: i64,
    },
    Wake {
        day: i64,
    },
    /// The object is opened anew under other thresholds.
    OtherRules {
        seconds: u32,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let (ordinal, day) = (1..12_u32, 0..800_i64);
    prop_oneof![
        6 => (ordinal.clone(), day.clone(), 0..12_usize, any::<bool>())
            .prop_map(|(ordinal, day, attributes, answered)| Act::Record { ordinal, day, attributes, answered }),
        6 => (ordinal, day.clone(), 0..6_usize).prop_map(|(ordinal, day, kind)| Act::Event { ordinal, day, kind }),
        1 => day.clone().prop_map(|day| Act::Refused { day }),
        2 => day.prop_map(|day| Act::Wake { day }),
        1 => (1..900_u32).prop_map(|seconds| Act::OtherRules { seconds }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Every sum that is stored or reported equals the sum of the records that are stored, whatever failed on the way.
    #[test]
    fn sums_are_the_sums_of_the_records_that_are_stored(
        acts in prop::collection::vec((act(), prop_oneof![3 => Just(-1), 1 => 0..90_i64]), 1..40)
    ) {
        let sql = MemorySql::new();
        let mut rules = figure_rules();
        let mut register = RegisterActor::open(&sql, rules.clone()).unwrap();
        let mut refused = Vec::new();
        for (number, (act, fail_after)) in acts.into_iter().enumerate() {
            let id = i64::try_from(number).unwrap() + 1;
            sql.fail_after.set(fail_after);
            match &act {
                Act::Record { ordinal, day, attributes, answered } => {
                    let record = generated(*ordinal, *day, *attributes, *answered);
                    let record = serde_json::to_string(&record).unwrap();
                    register.on_notification("desk", id, &record, on(*day)).ok();
                }
                Act::Event { ordinal, day, kind } => {
                    let event = Event { conversation: conversation(*ordinal), at: on(*day), kind: later(*kind) };
                    let event = serde_json::to_string(&event).unwrap();
                    register.on_notification("desk", id, &event, on(*day)).ok();
                }
                Act::Refused { day } => {
                    if register.count_refused("front:a", id, &[one_refused(*day)], on(*day)).is_ok() {
                        refused.push(one_refused(*day));
                    }
                }
                Act::Wake { day } => while register.wake(on(*day)).is_ok_and(|woken| woken.is_some()) {},
                Act::OtherRules { seconds } => {
                    sql.fail_after.set(-1);
                    rules.answer_within_seconds = (*seconds).try_into().unwrap();
                    register = RegisterActor::open(&sql, rules.clone()).unwrap();
                }
            }
            sql.fail_after.set(-1);
        }
        let records = register.store.records();
        for (from, to) in [(0, 800), (17, 43), (31, 400), (360, 370), (365, 795)] {
            let days = (day_of(on(from)), day_of(on(to)));
            for by in Dimension::ALL {
                let mut expected = BTreeMap::<String, Tally>::new();
                for (record, rules) in &records {
                    if (days.0..days.1).contains(&record.day()) {
                        let tallies = Tally::by_queue(record, rules);
                        let Some(tally) = tallies.get(&queue()) else { continue };
                        for cell in record.cells(&queue()).into_iter().filter(|cell| cell.dimension == by) {
                            expected.entry(cell.value).or_default().add(tally);
                        }
                    }
                }
                if matches!(by, Dimension::All | Dimension::Refusal) {
                    let value = if by == Dimension::All { "all" } else { "closure" };
                    let number = refused.iter().filter(|one| (days.0..days.1).contains(&day_of(one.at))).count();
                    if number > 0 {
                        let tally = Tally::of_refusals(number.try_into().unwrap());
                        expected.entry(value.into()).or_default().add(&tally);
                    }
                }
                if by != Dimension::All && by != Dimension::Refusal && !refused.is_empty() {
                    continue;
                }
                prop_assert_eq!(register.store.sums(&queue(), by, days.0, days.1).unwrap(), expected, "{:?}", by);
            }
        }
    }
}

#[test]
fn a_month_is_released_once_and_a_correction_does_not_change_it() {
    let sql = MemorySql::new();
    let register = open(&sql);
    for ordinal in 1..=6 {
        let record = serde_json::to_string(&generated(ordinal, 3, 0, true)).unwrap();
        register.on_notification("desk", i64::from(ordinal), &record, on(3)).unwrap();
    }
    let released = || -> Vec<(String, Option<u64>)> {
        let publication = register.publication().unwrap();
        publication.releases().iter().map(|month| (month.month.clone(), month.total.counts.entered)).collect()
    };
    // The last day of January is the thirtieth after the first.
    while register.wake(on(31)).unwrap().is_some() {}
    assert_eq!(released(), [], "its last conversations may not be wrapped up");
    while register.wake(on(33)).unwrap().is_some() {}
    let january = ("2026-01".to_string(), Some(6));
    assert_eq!(released(), std::slice::from_ref(&january));

    let late = serde_json::to_string(&generated(7, 4, 0, true)).unwrap();
    register.on_notification("desk", 7, &late, on(34)).unwrap();
    while register.wake(on(70)).unwrap().is_some() {}
    assert_eq!(released(), [january, ("2026-02".into(), None)]);
}

#[test]
fn a_month_that_is_over_is_summed_up_at_night_and_changed_later() {
    let sql = MemorySql::new();
    let register = open(&sql);
    for (ordinal, day) in [(1, 0), (2, 20), (3, 40)] {
        let record = serde_json::to_string(&generated(ordinal, day, 0, true)).unwrap();
        register.on_notification("desk", i64::from(ordinal), &record, on(day)).unwrap();
    }
    let months = || register.store.summed_up();
    let night = register.next_wake().unwrap().unwrap();
    assert_eq!(night, night_after(on(0)), "three o'clock");
    assert_eq!(register.wake(night.plus_millis(-1)).unwrap(), None);
    while register.wake(on(70)).unwrap().is_some() {}
    assert_eq!(months(), ["2026-01", "2026-02"]);
    assert_eq!(register.next_wake().unwrap(), Some(night_after(on(70))));
    while register.wake(on(400)).unwrap().is_some() {}
    assert_eq!(months().len(), 12 + 1 + 1, "twelve months, a year and the January after it");

    register.on_notification("person", 1, &rated(2, Answer::Yes), on(401)).unwrap();
    let query = ReportQuery {
        queues: vec![queue()],
        from: date(2026, 1, 1),
        to: date(2026, 12, 31),
        by: Dimension::Category,
        advisor: None,
    };
    let report = register.report(&query).unwrap();
    assert_eq!((report.total.entered, report.total.said_helped.part), (3, 1));
    assert_eq!(report.rows.iter().map(|row| row.figures.said_helped.part).sum::<u64>(), 1);
    assert_eq!(
        (report.series.len(), report.series.iter().map(|day| day.figures.entered).sum::<u64>()),
        (365, 3)
    );
    let long = ReportQuery { from: date(2025, 1, 15), to: date(2026, 2, 20), ..query };
    let report = register.report(&long).unwrap();
    assert_eq!(report.series.first().unwrap().period, "2025-01");
    assert_eq!((report.series.len(), report.series.last().unwrap().figures.entered), (14, 1));
    assert_eq!(report.before.entered, 0);
}

#[test]
fn only_who_was_helped_and_has_not_come_back_counts_as_settled_by_the_assistant() {
    let sql = MemorySql::new();
    let register = open(&sql);
    let mut sent = 0;
    let mut tell = |notification: &str| {
        sent += 1;
        register.on_notification("someone", sent, notification, on(0)).unwrap();
    };
    let event = |ordinal, kind| {
        let event = Event { conversation: conversation(ordinal), at: at(1), kind };
        serde_json::to_string(&event).unwrap()
    };
    // Helped; helped and back; helped, having opened a source; on to an advisor; helped by their own case alone.
    for ordinal in 1..=5 {
        let mut record = generated(ordinal, 0, 1, true);
        (record.answered, record.outcome) = (None, Some(Outcome::SelfServed));
        if ordinal == 4 {
            (record.answered, record.outcome) = (record.ended, Some(Outcome::Online));
        }
        if ordinal < 5 {
            tell(&event(ordinal, EventKind::AssistantShown {}));
        }
        tell(&serde_json::to_string(&record).unwrap());
    }
    tell(&event(3, EventKind::SourceOpened {}));
    for ordinal in [2, 2, 5] {
        tell(&event(ordinal, EventKind::CameBack {}));
    }

    let query = ReportQuery {
        queues: vec![queue()],
        from: date(2026, 1, 1),
        to: date(2026, 1, 31),
        by: Dimension::Category,
        advisor: None,
    };
    let total = register.report(&query).unwrap().total;
    let of = |share: Share| (share.part, share.of);
    assert_eq!(total.self_served, 4);
    assert_eq!(of(total.assistant_opened), (1, 4));
    assert_eq!(of(total.assistant_helped), (3, 4));
    assert_eq!(of(total.assistant_settled), (2, 4));
    assert_eq!(of(total.assistant_to_person), (1, 4));
    assert_eq!(of(total.assistant_came_back), (1, 3));
}

#[test]
fn an_advisors_report_is_of_nobody_else() {
    let sql = MemorySql::new();
    let register = open(&sql);
    for ordinal in 1..=9 {
        let record = generated(ordinal, 0, usize::try_from(ordinal).unwrap(), true);
        let record = serde_json::to_string(&record).unwrap();
        register.on_notification("desk", i64::from(ordinal), &record, on(0)).unwrap();
    }
    let query = ReportQuery {
        queues: vec![queue()],
        from: date(2026, 1, 1),
        to: date(2026, 1, 31),
        by: Dimension::Advisor,
        advisor: None,
    };
    let all = register.report(&query).unwrap();
    assert_eq!((all.rows.len(), all.total.entered), (3, 9));
    let advisor = Some(AdvisorId::parse("advisor-1").unwrap());
    let own = register.report(&ReportQuery { advisor, ..query }).unwrap();
    assert_eq!((own.rows.len(), own.rows[0].value.as_str(), own.total.entered), (1, "advisor-1", 3));
    assert_eq!(own.series.iter().map(|day| day.figures.entered).sum::<u64>(), 3);
}

#[test]
fn webhooks_are_told_of_segnalazioni_and_of_no_rating() {
    let sql = MemorySql::new();
    let register = open(&sql).with_webhooks(vec!["archivio".into(), "statistica".into()]);
    for (id, kind) in [
        (1, EventKind::Forwarded {}),
        (1, EventKind::Forwarded {}),
        (2, EventKind::Rated { rating: Answer::Yes }),
    ] {
        let event = Event { conversation: conversation(1), at: at(1), kind };
        register.on_notification("a", id, &serde_json::to_string(&event).unwrap(), at(1)).unwrap();
    }

    let mut told = Vec::new();
    while let Some(message) = { register.outbox().due(at(9)).unwrap() }.pop() {
        register.delivered(&message, at(9)).unwrap();
        told.push(message.destination);
    }
    told.sort_by_key(|destination| format!("{destination:?}"));
    assert_eq!(told, ["archivio", "statistica"].map(|name| Destination::Webhook(name.into())));
}

#[test]
fn every_page_of_a_search_is_the_next_of_the_matches_newest_first() {
    let sql = MemorySql::new();
    let rules = FigureRules { per_advisor: true, ..figure_rules() };
    let register = RegisterActor::open(&sql, rules).unwrap();
    let mut records = Vec::new();
    for ordinal in 1..=60 {
        let nth = usize::try_from(ordinal).unwrap();
        // Some enter at the same instant.
        let record = Record {
            outcome: Some(Outcome::ALL[nth % 2]),
            ..generated(ordinal, i64::from(ordinal / 3), nth, true)
        };
        let text = serde_json::to_string(&record).unwrap();
        register.on_notification("desk", i64::from(ordinal), &text, on(0)).unwrap();
        records.push(record);
    }
    let any = SearchQuery {
        queues: vec![queue()],
        begins: None,
        ordinal: None,
        among: None,
        topic: None,
        outcome: None,
        advisor: None,
        from: None,
        to: None,
        after: None,
        limit: 7,
    };
    let among = vec![conversation(4), conversation(44), conversation(444)];
    let topic = Some("a/b/c".to_string());
    let advisor = Some(AdvisorId::parse("advisor-1").unwrap());
    for (query, matches) in [
        (any.clone(), Box::new(|_: &Record| true) as Box<dyn Fn(&Record) -> bool>),
        (SearchQuery { topic, ..any.clone() }, Box::new(|record| record.topic.is_some())),
        (
            SearchQuery { outcome: Some(Outcome::ALL[1]), ..any.clone() },
            Box::new(|record| record.outcome == Some(Outcome::ALL[1])),
        ),
        (
            SearchQuery { advisor: advisor.clone(), outcome: Some(Outcome::ALL[1]), ..any.clone() },
            Box::new(move |record| record.advisor == advisor && record.outcome == Some(Outcome::ALL[1])),
        ),
        (
            SearchQuery { from: Some(on(5)), to: Some(on(9)), ..any.clone() },
            Box::new(|record| (on(5)..on(9)).contains(&record.entered)),
        ),
        (
            SearchQuery { begins: Some("0f0f0f0f0f0f".into()), ordinal: Some(4), ..any.clone() },
            Box::new(|record| record.conversation.ordinal() == 4),
        ),
        (SearchQuery { begins: Some("0f".repeat(32)), ..any.clone() }, Box::new(|_| true)),
        (SearchQuery { begins: Some("0e".repeat(32)), ..any.clone() }, Box::new(|_| false)),
        (SearchQuery { queues: vec![QueueId::parse("other").unwrap()], ..any.clone() }, Box::new(|_| false)),
        (
            SearchQuery { among: Some(among), ..any.clone() },
            Box::new(|record| [4, 44].contains(&record.conversation.ordinal())),
        ),
        (SearchQuery { among: Some(Vec::new()), ..any }, Box::new(|_| false)),
    ] {
        let mut expected: Vec<_> = records.iter().filter(|record| matches(record)).collect();
        expected.sort_by_key(|record| std::cmp::Reverse((record.entered, record.conversation.to_string())));
        let expected: Vec<_> = expected.into_iter().map(|record| record.conversation.clone()).collect();
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = register.search(&SearchQuery { after, ..query.clone() }).unwrap();
            assert!(page.conversations.len() <= 7);
            found.extend(page.conversations.into_iter().map(|one| one.conversation));
            let Some(next) = page.next else { break };
            after = Place::read(&next);
        }
        assert_eq!(found, expected, "{query:?}");
    }
}

#[test]
fn a_search_looks_at_no_more_than_its_index() {
    let sql = MemorySql::new();
    open(&sql);
    for (statement, index) in crate::store::SEARCH_STATEMENTS {
        let nothing = vec![SqlValue::Null; 13];
        let plan = (&sql).exec(format!("EXPLAIN QUERY PLAN {statement}").leak(), &nothing).unwrap();
        let plan: Vec<_> = plan.iter().map(|row| row.text(3).unwrap().to_string()).collect();
        let first = &plan[0];
        assert!(first.starts_with("SEARCH") && first.contains(index), "{plan:?}");
    }
}

#[test]
fn comments_are_read_handled_taken_back_and_forgotten() {
    let sql = MemorySql::new();
    let register = open(&sql);
    for ordinal in 1..=5 {
        let id = i64::from(ordinal);
        register.on_notification("desk", id, &row(ordinal), at(1)).unwrap();
        let rated = rated(ordinal, Answer::ALL[nth(ordinal) % 3]);
        register.on_notification("rating", id, &rated, at(1)).unwrap();
        register.on_notification("person", id + 10, &comment(ordinal, id, Some("=1+1")), at(1)).unwrap();
    }
    let any = CommentQuery { queues: vec![queue()], handled: None, rating: None, after: None, limit: 2 };
    let read = |query: &CommentQuery, now| {
        let page = register.comments(query, at(now)).unwrap();
        let ordinals: Vec<_> = page.comments.iter().map(|one| one.conversation.ordinal()).collect();
        (ordinals, page.next.and_then(|next| Place::read(&next)))
    };
    let (first, after) = read(&any, 9);
    assert_eq!(first, [5, 4]);
    assert_eq!(read(&CommentQuery { after, ..any.clone() }, 9).0, [3, 2]);

    let anna = ActedBy { id: Some(AdvisorId::parse("anna").unwrap()), ..ActedBy::default() };
    let other = QueueId::parse("other").unwrap();
    assert_eq!(
        register.handle_comment(std::slice::from_ref(&other), &conversation(5), &anna, at(7)),
        Ok(false)
    );
    assert_eq!(register.handle_comment(&[queue()], &conversation(9), &anna, at(7)), Ok(false));
    for now in [7, 8] {
        assert_eq!(register.handle_comment(&[queue()], &conversation(5), &anna, at(now)), Ok(true));
    }
    let told: Vec<_> = audited(&sql).into_iter().map(|event| (event.act, event.conversation)).collect();
    assert_eq!(told, vec![(AuditedKind::HandledComment, Some(conversation(5))); 2]);
    let handled = CommentQuery { handled: Some(true), ..any.clone() };
    assert_eq!(read(&handled, 9).0, [5]);
    assert_eq!(register.comments(&handled, at(9)).unwrap().comments[0].handled, Some(at(7)));
    assert_eq!(read(&CommentQuery { handled: Some(false), ..any.clone() }, 9).0, [4, 3]);
    let no = CommentQuery { rating: Some(Answer::ALL[1]), limit: 9, ..any.clone() };
    assert_eq!(read(&no, 9).0, [4, 1]);

    register.on_notification("person", 21, &comment(5, 20, Some("Nuovo.")), at(20)).unwrap();
    register.on_notification("person", 22, &comment(4, 21, None), at(21)).unwrap();
    assert!(read(&handled, 30).0.is_empty(), "a new text is not handled");
    assert_eq!(read(&any, 30).0, [5, 3]);
    let later = 20 + 395 * 24 * 60 * 60_000;
    assert_eq!(read(&any, later).0, [5], "older ones are not shown");
    while register.wake(at(later + 1)).unwrap().is_some() {}
    assert!(read(&any, 30).0.is_empty(), "and deleted at night");
}

#[test]
fn a_refusal_is_counted_in_every_cell_it_has_and_a_batch_that_comes_again_is_not() {
    let sql = MemorySql::new();
    let register = open(&sql);
    for _ in 0..2 {
        register.count_refused("front:a", 1, &[one_refused(0), one_refused(0)], on(0)).unwrap();
    }
    let query =
        |by| ReportQuery { queues: vec![queue()], from: day_of(on(0)), to: day_of(on(0)), by, advisor: None };
    for (by, value) in [
        (Dimension::All, "all"),
        (Dimension::Hour, "09"),
        (Dimension::Category, "lavoratore"),
        (Dimension::Province, "058"),
        (Dimension::EntryPoint, "myinps"),
        (Dimension::Language, "it"),
        (Dimension::Refusal, "closure"),
    ] {
        let report = register.report(&query(by)).unwrap();
        let rows: Vec<_> = report.rows.iter().map(|row| (row.value.as_str(), row.figures.refused)).collect();
        assert_eq!((rows, report.total.refused), (vec![(value, 2)], 2), "{by:?}");
    }
    assert_eq!(register.report(&query(Dimension::Topic)).unwrap().rows, []);
}

fn generated(ordinal: u32, day: i64, attributes: usize, answered: bool) -> Record {
    let entered = Entered {
        queue: queue(),
        category: Category::ALL[attributes % Category::ALL.len()],
        province: ["058", "015", "063"][attributes % 3].into(),
        language: Language::ALL[attributes % Language::ALL.len()],
        entry_point: EntryPoint::ALL.get(attributes % 4).copied(),
        about: None,
    };
    let mut record = Record::new(conversation(ordinal), on(day), entered);
    let later = |seconds| on(day).plus_millis(seconds * 1_000);
    let advisor = AdvisorId::parse(format!("advisor-{}", attributes % 3)).unwrap();
    if answered {
        record.apply(&EventKind::Assigned { advisor: advisor.clone() }, later(20 + nth_i(attributes) * 60));
        record.apply(&EventKind::FirstWord {}, later(900));
    }
    let held_by = answered.then_some(advisor);
    record.apply(&EventKind::Ended { by: Party::Citizen, outcome: None, held_by }, later(1_000));
    let topic = attributes.is_multiple_of(2).then(|| ["a", "b", "c"].map(String::from));
    record.apply(&EventKind::WrappedUp { topic, outcome: answered.then_some(Outcome::Online) }, later(1_100));
    record
}

fn later(kind: usize) -> EventKind {
    match kind {
        0 => EventKind::Forwarded {},
        1 => EventKind::OfficeAnswered {},
        2 => EventKind::Rated { rating: Answer::Yes },
        3 => EventKind::Rated { rating: Answer::No },
        4 => EventKind::WrappedUp {
            topic: Some(["x", "y", "z"].map(String::from)),
            outcome: Some(Outcome::LineaInps),
        },
        _ => EventKind::FirstWord {},
    }
}

fn one_refused(day: i64) -> Refused {
    Refused {
        code: "closure".into(),
        queue: queue(),
        category: Category::Lavoratore,
        province: "058".into(),
        entry_point: EntryPoint::Myinps,
        language: Language::It,
        at: on(day),
    }
}

fn comment(ordinal: u32, commented: i64, text: Option<&str>) -> String {
    let comment = Comment {
        conversation: conversation(ordinal),
        commented: at(commented),
        text: text.map(String::from),
    };
    serde_json::to_string(&comment).unwrap()
}

fn nth(ordinal: u32) -> usize {
    usize::try_from(ordinal).unwrap()
}

fn nth_i(attributes: usize) -> i64 {
    i64::try_from(attributes).unwrap()
}

fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

/// Nine o'clock in Italy, in winter, of a day, counted from 1 January 2026.
fn on(day: i64) -> Timestamp {
    at((20_454 + day) * 24 * 60 * 60_000 + 8 * 60 * 60_000)
}

fn night_after(now: Timestamp) -> Timestamp {
    let night = day_of(now).tomorrow().unwrap().at(3, 0, 0, 0);
    at(ZONE.to_timestamp(night).unwrap().as_millisecond())
}

fn open(sql: &MemorySql) -> RegisterActor<&MemorySql> {
    RegisterActor::open(sql, figure_rules()).unwrap()
}

fn count(sql: &MemorySql) -> usize {
    open(sql).endings().unwrap().len()
}

fn rated(ordinal: u32, rating: Answer) -> String {
    let event = Event { conversation: conversation(ordinal), at: at(1), kind: EventKind::Rated { rating } };
    serde_json::to_string(&event).unwrap()
}

fn row(ordinal: u32) -> String {
    let entered = Entered {
        queue: QueueId::parse("info-cig").unwrap(),
        category: Category::Lavoratore,
        province: "058".into(),
        language: Language::It,
        entry_point: None,
        about: Some(Skill::Pagamenti),
    };
    let mut record = Record::new(conversation(ordinal), at(1), entered);
    let outcome = Some(Outcome::Abandoned);
    record.apply(&EventKind::Ended { by: Party::Citizen, outcome, held_by: None }, at(9));
    serde_json::to_string(&record).unwrap()
}

fn legacy_rated(ordinal: u32, rating: Answer) -> String {
    json!({ "conversation": conversation(ordinal), "rating": rating }).to_string()
}

fn legacy_row(ordinal: u32) -> String {
    json!({
        "conversation": conversation(ordinal), "queue": "info-cig", "category": "lavoratore", "province": "058",
        "language": "it", "about": "pagamenti", "opened": at(1), "answered": null, "ended": at(9), "ended_by": "citizen",
        "topic": null, "outcome": "abandoned", "waits": 1, "waited_ms": 8, "offers": 0, "returns": 0, "transfers": 0,
    })
    .to_string()
}

fn conversation(ordinal: u32) -> ConversationId {
    ConversationId::of(&"0f".repeat(32), ordinal).unwrap()
}

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn forgetful(sql: &MemorySql) -> RegisterActor<&MemorySql> {
    let decided = r#"{"decided_by":"X","conversations":{"days":30,"basis":"Y"},"register_links":{"days":60,"basis":"Y"}}"#;
    open(sql).with_retention(serde_json::from_str(decided).unwrap())
}

/// The conversations that are asked to forget, and the outbox without them.
fn asked(register: &RegisterActor<&MemorySql>) -> Vec<u32> {
    let mut asked = Vec::new();
    while let Some(message) = register.outbox().due(on(400)).unwrap().into_iter().next() {
        if let Destination::Conversation(_) = message.destination {
            let notification: infocig_domain::notification::ConversationNotification =
                OutboxMessage::stored(&message.notification).unwrap();
            asked.push(notification.conversation.ordinal());
        }
        register.delivered(&message, on(400)).unwrap();
    }
    asked
}

const DAY_MS: i64 = 24 * 60 * 60_000;

#[test]
fn those_that_may_be_due_are_asked_each_night_until_they_say_that_they_are_forgotten() {
    let sql = MemorySql::new();
    let register = forgetful(&sql);
    for ordinal in 1..=3 {
        register.on_notification("desk", i64::from(ordinal), &row(ordinal), at(1)).unwrap();
        let text = comment(ordinal, 9, Some("Parole."));
        register.on_notification("person", i64::from(ordinal) + 9, &text, at(1)).unwrap();
    }
    let hold = LegalHold {
        id: "h".into(),
        object: conversation(1).object().into(),
        at: at(1),
        by: "dora".into(),
        reason: "Reclamo.".into(),
    };
    register.hold(&hold, &ActedBy::default()).unwrap();
    let night = |days: i64| while register.wake(at(days * DAY_MS)).unwrap().is_some() {};
    night(40);
    assert_eq!(asked(&register), [0_u32; 0], "a hold is on their person");
    assert_eq!(register.due_tonight(at(40 * DAY_MS)).unwrap().conversations, 0);

    assert!(register.release("h", &ActedBy::default(), "R", at(40 * DAY_MS)).is_ok());
    assert!(
        register.release("h", &ActedBy::default(), "R", at(40 * DAY_MS)).is_err(),
        "no hold has that id any more"
    );
    assert_eq!(register.due_tonight(at(40 * DAY_MS)).unwrap().conversations, 3);
    night(42);
    assert_eq!(asked(&register), [1, 2, 3]);
    let answer = |ordinal, forgotten| {
        let answer =
            infocig_domain::figures::register::Forgotten { conversation: conversation(ordinal), forgotten };
        serde_json::to_string(&answer).unwrap()
    };
    for ordinal in [1, 2] {
        let told =
            Comment { conversation: conversation(ordinal), commented: at(6), text: Some("Parole.".into()) };
        register.outbox().comment(&told, at(6)).unwrap();
        let letter = register.outbox().due(at(42 * DAY_MS)).unwrap().pop().unwrap();
        register.outbox().give_up(&letter, "refused", at(6)).unwrap();
    }
    register.on_notification("c", 1, &answer(1, true), at(42 * DAY_MS)).unwrap();
    assert_eq!(register.outbox().dead_letter_count().unwrap(), 1, "what was given up about it goes with it");
    register.on_notification("c", 2, &answer(2, false), at(42 * DAY_MS)).unwrap();
    let any = CommentQuery { queues: vec![queue()], handled: None, rating: None, after: None, limit: 9 };
    assert_eq!(
        register.comments(&any, at(42 * DAY_MS)).unwrap().comments.len(),
        2,
        "its comment goes with it"
    );
    night(44);
    assert_eq!(asked(&register), [2, 3], "who has not forgotten is asked again");
    for ordinal in [2, 3] {
        register
            .on_notification("c", i64::from(ordinal) + 5, &answer(ordinal, true), at(44 * DAY_MS))
            .unwrap();
    }

    let (before, figures) = (register.store.records(), sums(&register));
    night(70);
    let after = register.store.records();
    assert_eq!(after.len(), before.len());
    for (record, _) in &after {
        assert_ne!(record.conversation.object(), conversation(1).object(), "nothing leads to the person");
        assert!(register.store.find(&record.conversation).unwrap().is_some(), "under the same new id");
    }
    assert_eq!(sums(&register), figures);
}

/// The figures of the days in which the conversations were, by category.
fn sums(register: &RegisterActor<&MemorySql>) -> String {
    let (from, to) = (day_of(at(0)), day_of(at(100 * DAY_MS)));
    let query = ReportQuery { queues: vec![queue()], from, to, by: Dimension::Category, advisor: None };
    let report = register.report(&query).unwrap();
    serde_json::to_string(&report).unwrap()
}

#[test]
fn an_erasure_is_refused_under_a_hold_and_its_proof_says_nothing_of_the_person() {
    let sql = MemorySql::new();
    let register = forgetful(&sql);
    for ordinal in 1..=2 {
        register.on_notification("desk", i64::from(ordinal), &row(ordinal), at(1)).unwrap();
    }
    register.on_notification("person", 9, &comment(2, 9, Some("Parole.")), at(1)).unwrap();
    let object = conversation(1).object().to_owned();
    let hold =
        LegalHold { id: "h".into(), object: object.clone(), at: at(1), by: "d".into(), reason: "R".into() };
    let elsewhere = ErasedElsewhere { conversations: 2, segnalazioni: 1 };
    let end = EndErasure { object: object.clone(), id: "e1".into(), elsewhere };
    register.hold(&hold, &ActedBy::default()).unwrap();
    assert!(register.end_erasure(&end, at(5)).is_err());
    register.release("h", &ActedBy::default(), "R", at(6)).unwrap();
    let acts: Vec<_> = audited(&sql).iter().map(|event| event.act).collect();
    assert_eq!(acts, [AuditedKind::HeldPerson, AuditedKind::ReleasedPerson]);

    let somebody_else = ConversationId::of(&"ee".repeat(32), 1).unwrap();
    for about in [conversation(1), somebody_else] {
        let told = Comment { conversation: about, commented: at(6), text: Some("Parole.".into()) };
        register.outbox().comment(&told, at(6)).unwrap();
        let waiting = register.outbox().due(at(600)).unwrap();
        let letter = waiting.iter().find(|message| message.destination == Destination::Register).unwrap();
        register.outbox().give_up(letter, "refused", at(6)).unwrap();
    }
    assert_eq!(register.outbox().dead_letter_count().unwrap(), 2);

    let first = register.end_erasure(&end, at(7)).unwrap();
    assert_eq!(
        register.outbox().dead_letter_count().unwrap(),
        1,
        "what was given up about somebody else stays"
    );
    let second = register.end_erasure(&EndErasure { id: "e2".into(), ..end }, at(8)).unwrap();

    assert_eq!((first.register_links, first.comments, first.conversations, first.segnalazioni), (2, 1, 2, 1));
    assert_eq!((second.register_links, second.comments), (0, 0), "again: nothing is left");
    assert!(!serde_json::to_string(&first).unwrap().contains(&object));
    assert_eq!(proof_after(second.clone(), Some(&first)), second, "the next one rests on it");
    assert_ne!(proof_after(second.clone(), None), second);
    assert_eq!(register.proofs().unwrap(), [second, first]);
    assert!(register.store.records().iter().all(|(record, _)| record.conversation.object() != object));
}
