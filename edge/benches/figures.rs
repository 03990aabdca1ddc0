// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench figures`: the register with 2,000,000 records, ten years at a hundred times the volume of INFO CIG; and
//! the live panel of a large desk.
//!
//! The statements and the code are those of the service, on SQLite in a file without workerd around it: what is measured is
//! the work of the object, without the call to it and with native code in the place of wasm. Nothing waits for the disk.

#![expect(clippy::print_stdout, reason = "what was measured is what it is for")]

use std::{
    cell::RefCell,
    collections::BTreeMap,
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use infocig_domain::{
    desk::{Desk, DeskTransition, StoredDesk, fit::Profile},
    figures::{EventKind, FigureRules, Record, event::Entered, period::day_of},
    notification::{ConversationCommand, DeskNotification, Notification},
    people::{Advisor, PriorityFacts, Role},
    policy::{DeskQueues, DeskRules, Policy},
};
use infocig_edge::{
    actors::{Actor, RegisterActor, ReportQuery},
    problem::Fault,
    sql::{Row, Sql, SqlValue},
    store::{RegisterStore, SearchQuery},
};
use infocig_protocol::{
    desk::DeskServerFrame,
    entry::{Outcome, Party},
    figures::Dimension,
    id::{AdvisorId, ConversationId, QueueId},
    language::Language,
    person::{Category, Credential, EntryPoint, PersonCard},
    rating::Answer,
    time::Timestamp,
};
use jiff::{
    Span,
    civil::{Date, Weekday, date},
};
use rusqlite::{Connection, Statement, types::Value};

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let json = std::env::args().any(|argument| argument == "--json");
    let number =
        std::env::var("INFOCIG_RECORDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000_000);
    let folder = std::env::temp_dir().join(format!("infocig-figures-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let measured = measure(&folder, number);
    std::fs::remove_dir_all(&folder)?;
    let rows = measured?;
    for (name, value, unit) in &rows {
        println!("{name:<44} {value:>12.3} {unit}");
    }
    if json {
        let members =
            rows.iter().map(|(name, value, _)| format!("\"{}\":{value:.3}", name.replace(' ', "_")));
        println!("{{{}}}", members.collect::<Vec<_>>().join(","));
    }
    Ok(())
}

fn measure(folder: &Path, number: usize) -> Done<Vec<(String, f64, &'static str)>> {
    let mut rows = Vec::new();
    let desk = Policy::parse(include_str!("../policy.json")).map_err(|error| error.to_string())?.desk;
    let rules = desk.figures.clone();
    rows.push(("panel of 200 advisors p95".into(), panel(desk)?, "ms"));
    let days = working_days();
    let per_day = number.div_ceil(days.len());
    let path = folder.join("full.sqlite");
    let began = Instant::now();
    fill(&FileSql::open(&path)?, &rules, &days, per_day)?;
    rows.push(("records".into(), f64::from(u32::try_from(days.len() * per_day)?), ""));
    rows.push(("filled in".into(), began.elapsed().as_secs_f64(), "s"));
    let size = std::fs::metadata(&path)?.len() / 1_000_000;
    rows.push(("file".into(), f64::from(u32::try_from(size)?), "MB"));

    let sql = FileSql::open(&path)?;
    let register = RegisterActor::open(&sql, rules.clone())?;
    let mut chance = Chance(7);
    for by in Dimension::ALL {
        let mut times = Vec::new();
        for range in ranges(&mut chance) {
            let query = ReportQuery { queues: vec![queue()?], from: range.0, to: range.1, by, advisor: None };
            let began = Instant::now();
            let report = register.report(&query)?;
            times.push(began.elapsed());
            if report.total.entered == 0 && query.days() > 7 {
                return Err("a report of nothing".into());
            }
        }
        rows.push((format!("report by {} p95", by.as_str()), p95_ms(&mut times), "ms"));
    }
    rows.push(("search p95".into(), search(&register, &mut chance)?, "ms"));

    // Days beside days, so that both see the same machine.
    let (mut empty, mut full) = (Vec::new(), Vec::new());
    for round in 0..9 {
        let day = after(date(2027, 1, 4), round);
        let path = folder.join(format!("empty-{round}.sqlite"));
        let fresh = FileSql::open(&path)?;
        let fresh = RegisterActor::open(&fresh, rules.clone())?;
        empty.push(a_day(&fresh, day, per_day)?);
        full.push(a_day(&register, day, per_day)?);
    }
    let (empty, full) = (median_ms(&mut empty), median_ms(&mut full));
    let each = f64::from(u32::try_from(per_day)?);
    rows.push(("a record in an empty register".into(), empty / each, "ms"));
    rows.push(("a record in the full register".into(), full / each, "ms"));
    rows.push(("full to empty".into(), full / empty, ""));
    Ok(rows)
}

/// Fills the register, and sums up the months that are over.
fn fill(sql: &FileSql, rules: &FigureRules, days: &[Date], per_day: usize) -> Done<()> {
    let store = RegisterStore::open(sql, rules.clone())?;
    let mut chance = Chance(1);
    for (index, day) in days.iter().enumerate() {
        let records: Vec<Record> = (0..per_day)
            .map(|nth| record(&mut chance, *day, index * per_day + nth))
            .collect::<Result<_, _>>()?;
        store.sql().transaction(|| store.add(records))?;
    }
    while store.sql().transaction(|| store.sum_up_next(instant(date(2027, 1, 1), 0)))? {}
    Ok(())
}

/// The time of all records of a day, as notifications of the desk.
fn a_day(register: &RegisterActor<&FileSql>, day: Date, per_day: usize) -> Done<Duration> {
    let mut chance = Chance(u64::from(day.day().unsigned_abs()));
    let records: Vec<String> = (0..per_day)
        .map(|nth| {
            let ordinal = 10_000_000 + usize::try_from(day.day_of_year())? * per_day + nth;
            Ok(serde_json::to_string(&record(&mut chance, day, ordinal)?)?)
        })
        .collect::<Done<_>>()?;
    let base = i64::from(day.day_of_year()) * 1_000_000;
    let began = Instant::now();
    for (nth, record) in (1..).zip(&records) {
        register
            .on_notification("desk:info-cig", base + nth, record, instant(day, 0))
            .map_err(|error| format!("{error:?}"))?;
    }
    Ok(began.elapsed())
}

fn search(register: &RegisterActor<&FileSql>, chance: &mut Chance) -> Done<f64> {
    let any = SearchQuery {
        queues: vec![queue()?],
        begins: None,
        ordinal: None,
        among: None,
        topic: None,
        outcome: None,
        advisor: None,
        from: None,
        to: None,
        after: None,
        limit: 50,
    };
    let mut times = Vec::new();
    for _ in 0..40 {
        let topic = Some(topic(chance).join("/"));
        let advisor = Some(AdvisorId::parse(format!("adv-{}", chance.below(200)))?);
        let day = after(date(2017, 1, 1), i64::from(chance.below(3_600)));
        let (from, to) = (Some(instant(day, 0)), Some(instant(day, 86_400)));
        let begins = Some(object(usize::try_from(chance.below(2_000_000))?));
        for query in [
            any.clone(),
            SearchQuery { topic: topic.clone(), ..any.clone() },
            SearchQuery { topic, outcome: Some(Outcome::LineaInps), ..any.clone() },
            SearchQuery { advisor, ..any.clone() },
            SearchQuery { from, to, ..any.clone() },
            SearchQuery { begins, ..any.clone() },
        ] {
            let began = Instant::now();
            register.search(&query)?;
            times.push(began.elapsed());
        }
    }
    Ok(p95_ms(&mut times))
}

/// The live panel of a desk with 200 advisors and 2,000 conversations, up to the text that each supervisor is sent.
fn panel(rules: DeskRules) -> Done<f64> {
    let now = instant(date(2026, 11, 30), 15 * 3_600);
    let mut desk = Desk::restore(Arc::new(DeskQueues::one(queue()?)), Arc::new(rules), StoredDesk::default());
    for number in 0..200 {
        let id = AdvisorId::parse(format!("adv-{number}"))?;
        let advisor = Advisor { id, name: format!("Consulente {number}") };
        desk.on_connect(advisor, Profile::default(), Role::Advisor, now);
    }
    for number in 0..2_000 {
        let waiting = DeskNotification::Waiting {
            conversation: ConversationId::of(&object(number), 1)?,
            since: now,
            person: Box::new(person()),
            closing: None,
            facts: PriorityFacts::default(),
            queue: None,
        };
        desk.apply(waiting, now);
    }
    loop {
        let offer = |one: &infocig_domain::desk::queue::DeskConversation| {
            Some((one.id.clone(), one.offer.as_ref()?.to.id.clone()))
        };
        let offers: Vec<_> = desk.conversations().filter_map(offer).collect();
        if offers.is_empty() {
            break;
        }
        for (conversation, advisor) in offers {
            let step = desk.accept(&conversation, &advisor, now);
            confirm(&mut desk, step, now);
        }
    }
    let supervisor = AdvisorId::parse("adv-0")?;
    let mut times = Vec::new();
    for second in 1..=100 {
        let began = Instant::now();
        let panel = desk.panel(&supervisor, now.plus_millis(second * 1_000));
        let (held, waiting) = (panel.conversations.len(), panel.waiting.conversations.len());
        let text = serde_json::to_string(&DeskServerFrame::Panel(Box::new(panel)))?;
        times.push(began.elapsed());
        if held == 0 || held + waiting != 2_000 || text.is_empty() {
            return Err(format!("a panel of {held} and {waiting}").into());
        }
    }
    Ok(p95_ms(&mut times))
}

fn confirm(desk: &mut Desk, step: DeskTransition, now: Timestamp) {
    for notification in step.notifications {
        let Notification::Conversation(said) = notification else { continue };
        if let ConversationCommand::Assigned { assignment_epoch, .. } = said.command {
            desk.confirm(&said.conversation, assignment_epoch, now);
        }
    }
}

fn person() -> PersonCard {
    PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::Lavoratore,
        province: "058".into(),
        province_name: "Roma".into(),
        credential: Credential::SpidL2,
        acting_for: None,
        language: Language::It,
        entry_point: Some(EntryPoint::Myinps),
        about: None,
        question: None,
    }
}

/// Ranges from a day to ten years, most of them with days and months left over at both ends.
fn ranges(chance: &mut Chance) -> Vec<(Date, Date)> {
    let mut ranges = vec![(date(2017, 1, 1), date(2026, 12, 31)), (date(2017, 1, 2), date(2026, 12, 30))];
    for days in [1, 7, 31, 92, 365, 366, 400, 1_100, 3_000] {
        for _ in 0..4 {
            let latest = 3_651 - days;
            let from = i64::from(chance.below(u32::try_from(latest).unwrap_or(1).max(1)));
            let day = |days: i64| after(date(2017, 1, 1), days);
            ranges.push((day(from), day(from + i64::from(days) - 1)));
        }
    }
    ranges
}

fn after(day: Date, days: i64) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(Date::MAX)
}

fn working_days() -> Vec<Date> {
    let days = date(2017, 1, 1).series(Span::new().days(1)).take_while(|day| day.year() < 2027);
    days.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)).collect()
}

/// A conversation of an afternoon, with what is usual: most are answered, some are given up, some go to an office.
fn record(chance: &mut Chance, day: Date, number: usize) -> Done<Record> {
    let pick =
        |chance: &mut Chance, length: usize| usize::try_from(chance.below(length.try_into().unwrap_or(1)));
    let entered = Entered {
        queue: queue()?,
        category: Category::ALL[pick(chance, Category::ALL.len())?],
        province: format!("{:03}", 1 + chance.below(107)),
        language: Language::ALL[pick(chance, Language::ALL.len())?],
        entry_point: EntryPoint::ALL.get(pick(chance, 3)?).copied(),
        about: None,
    };
    let conversation = ConversationId::of(&object(number), 1)?;
    let since = i64::from(15 * 3_600 + chance.below(3 * 3_600));
    let at = |seconds: u32| instant(day, since + i64::from(seconds));
    let mut record = Record::new(conversation, at(0), entered);
    record.apply(&EventKind::Told { from: 2, to: 9 }, at(1));
    let wait = chance.below(600);
    if chance.below(10) == 0 {
        record.apply(&EventKind::Ended { by: Party::Citizen, outcome: None, held_by: None }, at(wait));
        return Ok(record);
    }
    let advisor = AdvisorId::parse(format!("adv-{}", chance.below(200)))?;
    let outcome = Some(if chance.below(20) == 0 { Outcome::LineaInps } else { Outcome::Online });
    let over = wait + 60 + chance.below(1_800);
    for (kind, seconds) in [
        (EventKind::Offered {}, wait),
        (EventKind::Assigned { advisor: advisor.clone() }, wait + 5),
        (EventKind::FirstWord {}, wait + 10 + chance.below(50)),
        (EventKind::Ended { by: Party::Advisor, outcome, held_by: Some(advisor) }, over),
        (EventKind::WrappedUp { topic: Some(topic(chance)), outcome }, over + chance.below(120)),
    ] {
        record.apply(&kind, at(seconds));
    }
    if outcome == Some(Outcome::LineaInps) {
        record.apply(&EventKind::Forwarded {}, at(over));
        record.apply(&EventKind::OfficeAnswered {}, at(over + 86_400 + chance.below(10 * 86_400)));
    }
    if chance.below(4) == 0 {
        record.apply(&EventKind::Rated { rating: Answer::ALL[pick(chance, 3)?] }, at(over + 30));
    }
    Ok(record)
}

fn topic(chance: &mut Chance) -> [String; 3] {
    let nth = chance.below(60);
    [format!("area-{}", nth / 12), format!("tema-{}", nth / 4), format!("voce-{nth}")]
}

/// Objects' ids are digests: they have no order.
fn object(number: usize) -> String {
    let mut chance = Chance(number as u64 * 2 + 1);
    let [a, b, c, d] = [chance.next(), chance.next(), chance.next(), chance.next()];
    format!("{a:016x}{b:016x}{c:016x}{d:016x}")
}

fn queue() -> Done<QueueId> {
    Ok(QueueId::parse("info-cig")?)
}

fn instant(day: Date, seconds: i64) -> Timestamp {
    let days = date(1970, 1, 1).until(day).map_or(0, |span| span.get_days());
    let at = Timestamp::from_millis((i64::from(days) * 86_400 + seconds - 3_600) * 1_000);
    debug_assert!(day_of(at) >= day.yesterday().unwrap_or(day));
    at
}

fn p95_ms(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get((times.len() * 95).div_ceil(100).max(1) - 1).map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

fn median_ms(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1_000.0
}

/// The generator `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or_default()
    }
}

/// SQLite in a file, with its statements prepared once, as workerd does.
struct FileSql {
    connection: &'static Connection,
    prepared: RefCell<BTreeMap<&'static str, Statement<'static>>>,
}

impl FileSql {
    fn open(path: &Path) -> Done<Self> {
        // Never closed: the statements refer to it for as long as the process lasts.
        let connection = Box::leak(Box::new(Connection::open(path)?));
        let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000";
        connection.execute_batch(settings)?;
        Ok(Self { connection, prepared: RefCell::default() })
    }
}

impl Sql for &FileSql {
    fn exec(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<Vec<Row>, Fault> {
        let fault = |error: rusqlite::Error| Fault::Store(format!("{error}: {statement}"));
        let mut prepared = self.prepared.borrow_mut();
        if !prepared.contains_key(statement) {
            prepared.insert(statement, self.connection.prepare(statement).map_err(fault)?);
        }
        let Some(prepared) = prepared.get_mut(statement) else { return Ok(Vec::new()) };
        let columns = prepared.column_count();
        let values = parameters.iter().map(|value| match value {
            SqlValue::Null => Value::Null,
            SqlValue::Integer(integer) => Value::Integer(*integer),
            SqlValue::Text(text) => Value::Text(text.clone()),
        });
        let mut rows = prepared.query(rusqlite::params_from_iter(values)).map_err(fault)?;
        let mut read = Vec::new();
        while let Some(row) = rows.next().map_err(fault)? {
            let value = |column| match row.get::<_, Value>(column).map_err(fault)? {
                Value::Null => Ok(SqlValue::Null),
                Value::Integer(integer) => Ok(SqlValue::Integer(integer)),
                Value::Text(text) => Ok(SqlValue::Text(text)),
                other @ (Value::Real(_) | Value::Blob(_)) => Err(Fault::Corrupt(format!("{other:?}"))),
            };
            read.push(Row((0..columns).map(value).collect::<Result<_, _>>()?));
        }
        Ok(read)
    }

    fn run(&self, statement: &'static str, parameters: &[SqlValue]) -> Result<(), Fault> {
        self.exec(statement, parameters).map(drop)
    }

    fn transaction<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let fault = |error: rusqlite::Error| Fault::Store(error.to_string());
        self.connection.execute_batch("SAVEPOINT work").map_err(fault)?;
        let result = work();
        let end = if result.is_ok() { "RELEASE work" } else { "ROLLBACK TO work; RELEASE work" };
        self.connection.execute_batch(end).map_err(fault)?;
        result
    }
}
