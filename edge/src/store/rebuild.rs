// SPDX-License-Identifier: EUPL-1.2
//! Erasure of deleted rows, byte by byte: what was deleted is in no page of the database afterwards.
//!
//! `DELETE` leaves words readable twice over: in pages that are free, and in the gaps of pages that are in use. workerd refuses
//! `VACUUM` and `secure_delete`, and its `deleteAll()` removes the file before anything could be written back, so that a power
//! cut in between would lose what survives. So tables are copied to other pages, and every page that is free is overwritten, by
//! plain statements in transactions that each leave all that survives in its place:
//!
//! 1. zeros fill every free page, and a second filling covers the pages in which the first one kept its own tree;
//! 2. the zeros are deleted, so that the copies find clean pages;
//! 3. each table is copied, the old one dropped, and zeros fill what that freed;
//! 4. the zeros are deleted, and indexes are made on clean pages. A page must be committed with its zeros before it is freed: SQLite does not write pages that are
//!    free at the end of a transaction.
//!
//! How many pages are free cannot be asked of workerd, which tells the size of the used ones alone. The first filling therefore
//! goes by the pages that were in use before the deletion, with some `slack` for rows that came and went, or by all that the
//! database had at the end of the erasure before.
//!
//! The write-ahead log keeps older versions of pages until it begins anew. workerd removes it when the object rests; objects that
//! seldom rest are given a slack that is longer than their log, so that filling overwrites it.

use infocig_protocol::time::Timestamp;

use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Free pages that an object of one person may have: beside its log it has a few rows that come and go.
pub const SLACK_OF_A_PERSON: i64 = 32;
/// Free pages that an object of many may have, and more than its log ever holds: workerd begins that anew after 1,000.
pub const SLACK_OF_MANY: i64 = 2_000;

/// The tables that are copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// All of the object.
    All,
    /// These: where the others are large and never held what is erased.
    These(&'static [&'static str]),
}

/// Notes that rows are deleted whose bytes will still be there. Call it in the transaction that deletes them, before it does: how
/// many pages the database has is seen by those that are in use.
pub fn mark(sql: &impl Sql, slack: i64, now: Timestamp) -> Result<(), Fault> {
    sql.run(CREATE_STATE, &[])?;
    let pages = used_pages(sql)? + slack;
    sql.run(UPSERT_MARK, &[pages.into(), now.as_millis().into()])
}

/// Whether rows were deleted whose bytes are still there.
pub fn is_marked(sql: &impl Sql) -> Result<bool, Fault> {
    Ok(has_state(sql)? && !sql.exec(SELECT_MARK, &[])?.is_empty())
}

/// Erases what was deleted. Nothing of it needs to be repeated as a whole after a power cut but this call.
pub fn rebuild(sql: &impl Sql, copied: Copied, slack: i64) -> Result<(), Fault> {
    sql.run(CREATE_STATE, &[])?;
    sql.transaction(|| {
        drop_fillings(sql)?;
        make_indexes(sql)?;
        let used = used_pages(sql)?;
        let free = known_pages(sql)?.max(used + slack) - used;
        let first = Filling::begin(sql, "a", free)?;
        first.write(sql, free)?;
        let second = Filling::begin(sql, "b", free)?;
        first.delete(sql)?;
        second.write(sql, free + first.tables)
    })?;
    sql.transaction(|| drop_fillings(sql))?;
    sql.transaction(|| {
        let Copies { before, indexes } = copy(sql, copied)?;
        let pages = used_pages(sql)?;
        let filling = Filling::begin(sql, "c", pages + known_pages(sql)?)?;
        let all = known_pages(sql)?.max(used_pages(sql)?);
        before.iter().try_for_each(|name| sql.exec_composed(&format!("DROP TABLE \"{name}\"")))?;
        filling.write(sql, (all - used_pages(sql)?).max(0) + 1)?;
        sql.run(UPSERT_PAGES, &[used_pages(sql)?.into(), SqlValue::Text(indexes.join(INDEX_END))])
    })?;
    sql.transaction(|| {
        drop_fillings(sql)?;
        make_indexes(sql)?;
        sql.run(DELETE_MARK, &[])
    })
}

/// Makes the indexes that copied tables lack, on clean pages.
fn make_indexes(sql: &impl Sql) -> Result<(), Fault> {
    let rows = sql.exec(SELECT_STATE_INDEXES, &[])?;
    let Some(row) = rows.first() else { return Ok(()) };
    row.text(0)?
        .split(INDEX_END)
        .filter(|index| !index.is_empty())
        .try_for_each(|index| sql.exec_composed(index))?;
    sql.run(DELETE_STATE_INDEXES, &[])
}

/// Tables that were copied.
#[derive(Default)]
struct Copies {
    /// The names of the old ones.
    before: Vec<String>,
    /// The statements that make the indexes of the new ones.
    indexes: Vec<String>,
}

/// Copies tables under their names.
fn copy(sql: &impl Sql, copied: Copied) -> Result<Copies, Fault> {
    let mut copies = Copies::default();
    for row in sql.exec(SELECT_TABLES, &[])? {
        let (name, schema) = (row.text(0)?, row.text(1)?);
        if matches!(copied, Copied::These(names) if !names.contains(&name)) {
            continue;
        }
        for index in sql.exec(SELECT_INDEXES, &[SqlValue::text(name)])? {
            copies.indexes.push(index.text(0)?.to_owned());
        }
        let old = format!("{name}{BEFORE}");
        sql.exec_composed(&format!("ALTER TABLE \"{name}\" RENAME TO \"{old}\""))?;
        sql.exec_composed(schema)?;
        sql.exec_composed(&format!("INSERT INTO \"{name}\" SELECT * FROM \"{old}\""))?;
        copies.before.push(old);
    }
    Ok(copies)
}

/// Tables of zeros. The root of each is a page of its own, which takes so many rows that no other page of a tree is needed: the
/// rest of each row lies in pages that hold nothing else.
struct Filling {
    names: Vec<String>,
    tables: i64,
}

impl Filling {
    /// Makes the tables for so many pages, each with its root.
    fn begin(sql: &impl Sql, letter: &str, pages: i64) -> Result<Self, Fault> {
        let tables = pages.max(0) / PAGES_OF_A_TABLE + 1;
        let names: Vec<String> = (0..tables).map(|number| format!("{FILLING}{letter}_{number}")).collect();
        for name in &names {
            sql.exec_composed(&format!("CREATE TABLE \"{name}\" (zeros BLOB)"))?;
        }
        Ok(Self { names, tables })
    }

    /// Fills so many pages, as far as the tables have room.
    fn write(&self, sql: &impl Sql, pages: i64) -> Result<(), Fault> {
        let mut left = pages;
        for name in &self.names {
            for _ in 0..ROWS_OF_A_TABLE {
                let now = left.min(PAGES_OF_A_ROW);
                if now <= 0 {
                    return Ok(());
                }
                let zeros = IN_THE_TREE + now * IN_A_PAGE;
                sql.exec_composed(&format!("INSERT INTO \"{name}\" VALUES (zeroblob({zeros}))"))?;
                left -= now;
            }
        }
        Ok(())
    }

    fn delete(&self, sql: &impl Sql) -> Result<(), Fault> {
        self.names.iter().try_for_each(|name| sql.exec_composed(&format!("DROP TABLE \"{name}\"")))
    }
}

/// Deletes the zeros, those of an erasure that was interrupted too.
fn drop_fillings(sql: &impl Sql) -> Result<(), Fault> {
    let rows = sql.exec(SELECT_FILLINGS, &[])?;
    let drop = |row: &Row| sql.exec_composed(&format!("DROP TABLE \"{}\"", row.text(0)?));
    rows.iter().try_for_each(drop)
}

fn used_pages(sql: &impl Sql) -> Result<i64, Fault> {
    Ok(sql.used_bytes()? / PAGE_BYTES)
}

fn known_pages(sql: &impl Sql) -> Result<i64, Fault> {
    let rows = sql.exec(SELECT_PAGES, &[])?;
    rows.first().map_or(Ok(0), |row| row.integer(0))
}

fn has_state(sql: &impl Sql) -> Result<bool, Fault> {
    Ok(!sql.exec(SELECT_STATE, &[])?.is_empty())
}

/// What workerd's databases have.
const PAGE_BYTES: i64 = 4_096;
/// The bytes of a long row in a page that holds nothing else.
const IN_A_PAGE: i64 = PAGE_BYTES - 4;
/// The bytes of such a row that stay in the tree where all its other pages are full.
const IN_THE_TREE: i64 = (PAGE_BYTES - 12) * 32 / 255 - 23;
/// As many as find room in a root.
const ROWS_OF_A_TABLE: i64 = 7;
/// Less than a megabyte: a row has at most two.
const PAGES_OF_A_ROW: i64 = 240;
const PAGES_OF_A_TABLE: i64 = ROWS_OF_A_TABLE * PAGES_OF_A_ROW;
const INDEX_END: &str = ";\n";
const FILLING: &str = "filling_";
const BEFORE: &str = "_being_erased";

const CREATE_STATE: &str = "CREATE TABLE IF NOT EXISTS erasure_state (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), \
     pages INTEGER NOT NULL, marked INTEGER, indexes TEXT) STRICT";
const SELECT_STATE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'erasure_state'";
const UPSERT_MARK: &str = "INSERT INTO erasure_state (only_row, pages, marked) VALUES (1, ?1, ?2) \
     ON CONFLICT (only_row) DO UPDATE SET pages = max(pages, ?1), marked = coalesce(marked, ?2)";
const SELECT_MARK: &str = "SELECT marked FROM erasure_state WHERE marked IS NOT NULL";
const DELETE_MARK: &str = "UPDATE erasure_state SET marked = NULL";
const SELECT_PAGES: &str = "SELECT pages FROM erasure_state";
const UPSERT_PAGES: &str = "INSERT INTO erasure_state (only_row, pages, indexes) VALUES (1, ?1, ?2) \
     ON CONFLICT (only_row) DO UPDATE SET pages = ?1, indexes = ?2";
const SELECT_STATE_INDEXES: &str = "SELECT indexes FROM erasure_state WHERE indexes IS NOT NULL";
const DELETE_STATE_INDEXES: &str = "UPDATE erasure_state SET indexes = NULL";
const SELECT_TABLES: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' \
     AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'filling\\_%' ESCAPE '\\' ORDER BY name";
const SELECT_INDEXES: &str =
    "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?1";
const SELECT_FILLINGS: &str =
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'filling\\_%' ESCAPE '\\'";

#[cfg(test)]
mod tests;
