// SPDX-License-Identifier: EUPL-1.2
//! Erased words are searched for in the bytes of files, after generated histories of a database.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use super::*;
use crate::{
    sql::testing::MemorySql,
    store::{MESSAGING, conversations, desk, migrate},
};

/// A generator without a seed from outside: each run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Texts are written over each other here, which no object does.
const CAME_AND_WENT: i64 = 200;
const INSERT: &str = "INSERT INTO word (id, text) VALUES (?1, ?2)";
const UPDATE: &str = "UPDATE word SET text = ?2 WHERE id = ?1";
const DELETE: &str = "DELETE FROM word WHERE id = ?1";
const COUNT: &str = "SELECT id, text FROM word ORDER BY id";
const CREATE: &str = "CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;\n\
     CREATE INDEX word_by_text ON word (text);\n";

/// Every `<…>` of digits and dots in the bytes of a folder.
fn words(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for begins in bytes.split(|byte| *byte == b'<').skip(1) {
            let Some(end) = begins.iter().position(|byte| *byte == b'>') else { continue };
            if begins[..end].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.') {
                found.insert(format!("<{}>", str::from_utf8(&begins[..end]).unwrap()));
            }
        }
    }
    found
}

fn word(text: &str) -> String {
    text.split_inclusive('>').next().unwrap().to_owned()
}

#[test]
fn after_every_generated_history_no_deleted_word_is_in_a_byte_of_the_files() {
    for seed in 0..6 {
        let (mut chance, folder) = (Chance(seed), tempfile::tempdir().unwrap());
        let path = folder.path().join("object.sqlite");
        let (mut alive, mut gone) = (BTreeMap::<i64, String>::new(), Vec::<String>::new());
        let mut next = 0_i64;
        for _night in 0..3 {
            let sql = MemorySql::in_file(&path);
            if next == 0 {
                migrate(&&sql, &[CREATE, SCHEMA, MESSAGING[0], MESSAGING[1]]).unwrap();
            }
            for _ in 0..40 + chance.below(500) {
                let length = usize::try_from(if chance.below(9) == 0 {
                    chance.below(20_000)
                } else {
                    chance.below(700)
                });
                let text = format!("<{seed}.{next}>{}", "w".repeat(length.unwrap()));
                let id = i64::try_from(chance.below(u64::try_from(next + 1).unwrap())).unwrap();
                let row = |id: i64, text: &str| [id.into(), SqlValue::text(text)];
                if chance.below(4) == 0 && alive.contains_key(&id) {
                    (&sql).run(UPDATE, &row(id, &text)).unwrap();
                    gone.extend(alive.insert(id, text));
                } else {
                    (&sql).run(INSERT, &row(next, &text)).unwrap();
                    alive.insert(next, text);
                }
                next += 1;
            }
            let doomed: Vec<i64> = alive.keys().copied().filter(|_| chance.below(3) > 0).collect();
            (&sql)
                .transaction(|| {
                    mark(&&sql, CAME_AND_WENT, Timestamp::from_millis(1))?;
                    for id in &doomed {
                        (&sql).run(DELETE, &[(*id).into()])?;
                        gone.extend(alive.remove(id));
                    }
                    Ok(())
                })
                .unwrap();
            let schema = (&sql).exec(SELECT_TABLES, &[]).unwrap();
            assert!(is_marked(&&sql).unwrap());
            rebuild(&&sql, Copied::All, CAME_AND_WENT).unwrap();
            assert!(!is_marked(&&sql).unwrap());
            assert_eq!((&sql).exec(SELECT_TABLES, &[]).unwrap(), schema);
            let rows = (&sql).exec(COUNT, &[]).unwrap();
            let rows: BTreeMap<_, _> =
                rows.iter().map(|row| (row.integer(0).unwrap(), row.text(1).unwrap().to_owned())).collect();
            assert_eq!(rows, alive);
            drop(sql);
            let left: BTreeSet<String> = alive.values().map(|text| word(text)).collect();
            assert_eq!(words(folder.path()), left, "seed {seed}: {} deleted", gone.len());
        }
    }
}

/// The files of a person who comes back for years do not grow with each erasure.
#[test]
fn the_file_of_a_person_whose_conversations_come_and_go_does_not_grow() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("object.sqlite");
    let mut sizes = Vec::new();
    for night in 0..40_i64 {
        let sql = MemorySql::in_file(&path);
        if night == 0 {
            migrate(&&sql, &[CREATE, SCHEMA]).unwrap();
        }
        for id in 0..50 {
            let row = [(night * 50 + id).into(), SqlValue::text(format!("{night} {id} {}", "x".repeat(300)))];
            (&sql).run(INSERT, &row).unwrap();
            (&sql).run(DELETE, &[((night - 3) * 50 + id).into()]).unwrap();
        }
        rebuild(&&sql, Copied::All, SLACK_OF_A_PERSON).unwrap();
        drop(sql);
        sizes.push(std::fs::metadata(&path).unwrap().len());
    }
    assert!(sizes[39] <= sizes[8] + 40 * 4 * 4_096, "{sizes:?}");
    assert!(sizes[39] < 2_000_000, "{sizes:?}");
}

#[test]
fn an_erasure_that_stops_anywhere_loses_nothing_and_is_done_by_the_next_one() {
    for stops_after in 0.. {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("object.sqlite");
        let mut sql = MemorySql::in_file(&path);
        migrate(&&sql, &[CREATE, SCHEMA]).unwrap();
        for id in 0..60_i64 {
            (&sql).run(INSERT, &[id.into(), SqlValue::text(format!("<{id}>{}", "x".repeat(400)))]).unwrap();
        }
        mark(&&sql, SLACK_OF_A_PERSON, Timestamp::from_millis(1)).unwrap();
        for id in 0..40_i64 {
            (&sql).run(DELETE, &[id.into()]).unwrap();
        }
        sql.fail_after.set(stops_after);
        let done = rebuild(&&sql, Copied::All, SLACK_OF_A_PERSON);
        drop(sql);
        sql = MemorySql::in_file(&path);
        assert_eq!((&sql).exec(COUNT, &[]).unwrap().len(), 20);
        assert_eq!(is_marked(&&sql).unwrap(), done.is_err());
        rebuild(&&sql, Copied::All, SLACK_OF_A_PERSON).unwrap();
        drop(sql);
        assert_eq!(words(folder.path()).len(), 20);
        if done.is_ok() {
            return;
        }
    }
}

#[test]
fn the_schema_of_every_object_is_the_same_afterwards() {
    const SELECT_SCHEMA: &str = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
    for migrations in [conversations::MIGRATIONS, desk::MIGRATIONS, crate::store::segnalazioni::MIGRATIONS] {
        let sql = MemorySql::new();
        migrate(&&sql, migrations).unwrap();
        let before = (&sql).exec(SELECT_SCHEMA, &[]).unwrap();
        rebuild(&&sql, Copied::All, SLACK_OF_MANY).unwrap();
        assert_eq!((&sql).exec(SELECT_SCHEMA, &[]).unwrap(), before);
    }
}
