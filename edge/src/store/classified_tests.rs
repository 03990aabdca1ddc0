// SPDX-License-Identifier: EUPL-1.2
//! Every column of every object is in the table of `docs/gdpr.md`, with what it holds and how it is erased: a column that is added must
//! be thought about there first; and each that is about people is in the copy they can have, or has a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{audit_trail, conversations, desk, migrate, policy, register, segnalazioni, staff};
use crate::sql::{Sql as _, testing::MemorySql};

const OBJECTS: [(&str, &[&str]); 7] = [
    ("conversation", conversations::MIGRATIONS),
    ("desk", desk::MIGRATIONS),
    ("Linea INPS", segnalazioni::MIGRATIONS),
    ("register", register::MIGRATIONS),
    ("policy", policy::MIGRATIONS),
    ("staff", staff::MIGRATIONS),
    ("audit", audit_trail::MIGRATIONS),
];

const SELECT_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c \
     WHERE t.type = 'table' AND t.name <> 'schema_version' ORDER BY t.name, c.cid";

#[test]
fn every_column_of_every_object_is_classified_in_the_documentation() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gdpr.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut classified: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let (_, rows) = text.split_once("## Every column, and how it is erased").expect("the section is there");
    for row in rows.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"))
    {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [_, table, columns, what, erased, _] = cells[..] else { panic!("{row}") };
        assert!(!what.is_empty() && !erased.is_empty(), "{row}");
        let (object, table) = table.trim_matches('`').split_once(" / ").unwrap();
        let columns = columns.split(", ").map(|column| column.trim_matches('*').to_owned()).collect();
        assert_eq!(classified.insert((object.into(), table.into()), columns), None, "{row}");
    }
    let mut stored: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (object, migrations) in OBJECTS {
        let sql = MemorySql::new();
        migrate(&&sql, migrations).unwrap();
        for row in (&sql).exec(SELECT_COLUMNS, &[]).unwrap() {
            let key = (object.to_owned(), row.text(0).unwrap().to_owned());
            stored.entry(key).or_default().insert(row.text(1).unwrap().to_owned());
        }
    }
    for (key, columns) in &stored {
        assert_eq!(classified.get(key), Some(columns), "docs/gdpr.md must have a row for {key:?}");
    }
    assert_eq!(classified.keys().collect::<Vec<_>>(), stored.keys().collect::<Vec<_>>());
}

#[test]
fn every_column_about_people_is_in_their_copy_or_has_a_reason() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/gdpr.md")).unwrap();
    let section = |heading: &str| {
        let (_, rows) = text.split_once(heading).expect("the section is there");
        rows.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"))
    };
    let mut about_people = BTreeSet::new();
    for row in section("## Every column, and how it is erased") {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let bold = cells[2].split(", ").filter_map(|column| column.strip_prefix("**")?.strip_suffix("**"));
        about_people.extend(bold.map(|column| format!("{} / {column}", cells[1].trim_matches('`'))));
    }
    let said: BTreeSet<String> = section("## What is in the copy")
        .map(|row| row.split('|').map(str::trim).collect::<Vec<_>>())
        .inspect(|cells| assert!(cells[2].starts_with('`') || cells[2].starts_with("no: "), "{cells:?}"))
        .map(|cells| cells[1].trim_matches('`').to_owned())
        .collect();
    assert_eq!(said, about_people);
}
