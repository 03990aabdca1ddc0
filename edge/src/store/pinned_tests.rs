// SPDX-License-Identifier: EUPL-1.2
//! Rows and JSON of every object, pinned in `edge/tests/stored/`: the code of today reads the data of yesterday.
//!
//! Each folder there belongs to one [`Object`]: an object of the service after a fixed scenario. Its newest file is the store
//! as the code of today writes it, byte for byte; the older ones are stores that objects may still have. `INFOCIG_PIN=1` adds a
//! file where the newest one differs. A file begins with the schema version it was written at: it is loaded at that version and
//! migrated from there.

mod audit;
mod columns;
mod conversation;
mod desk;
mod dump;
mod kinds;
mod linea_inps;
mod people;
mod policy;
mod register;
mod staff;

use std::{collections::BTreeSet, fs, path::PathBuf};

use infocig_domain::people::Speaker;
use serde_json::Value;

use self::dump::{dump, load, parse, rows, tables};
use super::{
    Outbox, StoredLinks, StoredTransport, audit_trail::MIGRATIONS as AUDIT,
    conversations::MIGRATIONS as CONVERSATION, desk::MIGRATIONS as DESK, migrate,
    policy::MIGRATIONS as POLICY, register::MIGRATIONS as REGISTER, segnalazioni::MIGRATIONS as LINEA_INPS,
    staff::MIGRATIONS as STAFF,
};
use crate::{actors::LinkState, sql::testing::MemorySql};

/// An object whose rows are pinned.
struct Object {
    /// The name of its folder.
    name: &'static str,
    /// The migrations of its store.
    migrations: &'static [&'static str],
    /// Drives the actor over an empty store, so that every table has rows.
    scenario: fn(&MemorySql),
    /// Reads everything that is stored through the stores and the actor, as text.
    read: fn(&MemorySql) -> String,
}

/// An object has at most one open conversation, so that the two phases it can be in are two scenarios.
const OBJECTS: [Object; 8] = [
    Object { name: "audit", migrations: AUDIT, scenario: audit::scenario, read: audit::read },
    Object {
        name: "conversation_waiting",
        migrations: CONVERSATION,
        scenario: conversation::waiting,
        read: conversation::read,
    },
    Object {
        name: "conversation_active",
        migrations: CONVERSATION,
        scenario: conversation::active,
        read: conversation::read,
    },
    Object { name: "desk", migrations: DESK, scenario: desk::scenario, read: desk::read },
    Object {
        name: "linea_inps",
        migrations: LINEA_INPS,
        scenario: linea_inps::scenario,
        read: linea_inps::read,
    },
    Object { name: "policy", migrations: POLICY, scenario: policy::scenario, read: policy::read },
    Object { name: "register", migrations: REGISTER, scenario: register::scenario, read: register::read },
    Object { name: "staff", migrations: STAFF, scenario: staff::scenario, read: staff::read },
];

#[test]
fn rows_are_written_as_the_newest_file_has_them() {
    for object in &OBJECTS {
        let sql = after_scenario(object);
        let written = dump(&sql, object.migrations.len());
        let newest = files(object).pop();
        let pinned = newest.as_ref().map(|(_, text)| text.as_str());
        if pinned == Some(written.as_str()) {
            continue;
        }
        let next = newest.as_ref().map_or(1, |(number, _)| number + 1);
        let path = folder(object).join(format!("{next}.jsonl"));
        assert!(
            std::env::var_os("INFOCIG_PIN").is_some(),
            "what `{}` stores is not what its newest file in edge/tests/stored/ has.\n{}\n\
             If this is meant: objects in use hold the old rows, so keep every old file; run this test alone with INFOCIG_PIN=1, \
             which writes {}; the other tests here then show whether the old files can still be read, or need a \
             migration or a serde alias.",
            object.name,
            difference(pinned.unwrap_or_default(), &written),
            path.display(),
        );
        fs::create_dir_all(folder(object)).unwrap();
        fs::write(path, written).unwrap();
    }
}

#[test]
fn a_register_whose_sums_have_no_calls_has_none_in_its_records_after_it_is_opened() {
    let register = OBJECTS.iter().find(|object| object.name == "register").unwrap();
    let (_, before) = files(register).into_iter().find(|(number, _)| *number == 11).unwrap();
    let calls = r#"\"calls\":{"#;
    assert!(before.contains(calls), "the last file of the version before");
    let opened = dump(&opened(register, &before), register.migrations.len());
    assert!(!opened.contains(calls));
}

#[test]
fn every_pinned_file_is_read_whole() {
    for object in &OBJECTS {
        for (number, text) in files(object) {
            let sql = opened(object, &text);
            let read = (object.read)(&sql);
            assert!(!read.is_empty(), "{} {number}", object.name);
        }
    }
}

#[test]
fn the_newest_file_is_read_as_the_object_that_wrote_it() {
    for object in &OBJECTS {
        let (number, newest) = files(object).pop().unwrap();
        let (held, restored) = (after_scenario(object), opened(object, &newest));
        assert_eq!((object.read)(&restored), (object.read)(&held), "{} {number}", object.name);
    }
}

/// A member that was renamed without an alias, or left out, would be read as absent: nothing fails, and a fact is lost.
#[test]
fn no_value_of_a_pinned_file_is_lost_when_it_is_read() {
    for object in &OBJECTS {
        for (number, text) in files(object) {
            let sql = opened(object, &text);
            for (table, row) in rows(&sql) {
                for (column, stored) in columns::documents(&table, &row) {
                    let at = format!("{} {number}: {table}.{column} {stored}", object.name);
                    let read = columns::rewritten(&table, &column, &row).unwrap_or_else(|error| {
                        panic!("{at}: {error}");
                    });
                    let mut left = leaves(&read);
                    for leaf in leaves(&stored) {
                        let found = left.iter().position(|kept| *kept == leaf);
                        left.swap_remove(found.unwrap_or_else(|| panic!("{at}: lost {leaf} in {read}")));
                    }
                }
            }
        }
    }
}

#[test]
fn every_table_and_every_kind_is_in_the_newest_files() {
    let mut seen = BTreeSet::new();
    for object in &OBJECTS {
        let (_, newest) = files(object).pop().unwrap();
        let sql = opened(object, &newest);
        let rows = rows(&sql);
        for table in tables(&sql) {
            let is_filled = rows.iter().any(|(filled, _)| *filled == table);
            let is_never_filled = NEVER_FILLED.contains(&(object.name, table.as_str()));
            assert!(is_filled != is_never_filled, "{}: rows of `{table}`: {is_filled}", object.name);
        }
        for (table, row) in rows {
            kinds::note(&table, &row, &mut seen);
        }
    }
    let missing: Vec<_> = kinds::expected().into_iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty(), "stored, and in no newest file: {missing:#?}");
}

fn after_scenario(object: &Object) -> MemorySql {
    let sql = MemorySql::new();
    (object.scenario)(&sql);
    sql
}

/// The rows of a file at the schema of its time, with the migrations of today.
fn opened(object: &Object, text: &str) -> MemorySql {
    let sql = MemorySql::new();
    let (version, rows) = parse(text);
    migrate(&&sql, &object.migrations[..version]).unwrap();
    load(&sql, rows);
    migrate(&&sql, object.migrations).unwrap();
    sql
}

/// Number and text of each file, oldest first.
fn files(object: &Object) -> Vec<(u32, String)> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder(object)).into_iter().flatten() {
        let path = file.unwrap().path();
        let number = path.file_stem().unwrap().to_str().unwrap().parse().unwrap();
        files.push((number, fs::read_to_string(&path).unwrap()));
    }
    files.sort();
    files
}

fn folder(object: &Object) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "stored", object.name].iter().collect()
}

/// The first line that differs.
fn difference(pinned: &str, written: &str) -> String {
    let (mut pinned, mut written) = (pinned.lines(), written.lines());
    loop {
        let (before, now) = (pinned.next(), written.next());
        if before != now || before.is_none() {
            let line = |line: Option<&str>| line.unwrap_or("nothing").to_string();
            return format!("pinned: {}\nstored: {}", line(before), line(now));
        }
    }
}

/// Every text, number and truth value in a document. `null` says as much as a member that is absent.
fn leaves(document: &Value) -> Vec<String> {
    match document {
        Value::Null => Vec::new(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => vec![document.to_string()],
        Value::Array(values) => values.iter().flat_map(leaves).collect(),
        Value::Object(members) => members.values().flat_map(leaves).collect(),
    }
}

/// The inbox and outbox of an object, and the links without a socket of one that people are connected to.
fn read_messaging(sql: &MemorySql) -> String {
    let outbox = Outbox::new(&sql);
    let links = tables(sql).contains("stored_link").then(|| StoredLinks::of(sql).all::<LinkState>().unwrap());
    let (due, next) = (outbox.due(people::at(1_000_000)).unwrap(), outbox.next_due().unwrap());
    format!("{due:?} {next:?} {:?} {links:?}", outbox.dead_letters().unwrap())
}

/// One message that was tried, and one that was given up.
fn fail_to_send(sql: &MemorySql) {
    let outbox = Outbox::new(&sql);
    let now = people::at(900_000);
    let first = outbox.due(now).unwrap().remove(0);
    outbox.give_up(&first, "answered 404", now).unwrap();
    let second = outbox.due(now).unwrap().remove(0);
    assert!(outbox.postpone(&second, now).unwrap());
}

/// Links without a socket, by each transport and in each state.
fn connect_without_socket(sql: &MemorySql, state: LinkState, second: Speaker) {
    let links = StoredLinks::of(sql);
    let now = people::at(1);
    links.begin(StoredTransport::Pages, &state, now).unwrap();
    let state = LinkState {
        speaker: Some(second),
        read_up_to: 7,
        until: Some(people::at(3_600)),
        close_sent: true,
        ..state
    };
    links.begin(StoredTransport::Polls, &state, now).unwrap();
}

/// Nothing that the register of the scenario sends is given up, the audit trail sends nothing, nobody notifies the policy and the
/// sessions of the staff, and a desk keeps no trail of its own any more.
const NEVER_FILLED: [(&str, &str); 7] = [
    ("register", "dead_letter"),
    ("audit", "outbox"),
    ("audit", "outbox_last"),
    ("audit", "dead_letter"),
    ("desk", "audit"),
    ("policy", "inbox"),
    ("staff", "inbox"),
];
