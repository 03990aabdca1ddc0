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
//! The write-ahead log keeps older versions of pages until it begins anew. workerd removes it when the object rests, which it does
//! after ten seconds without an event; a process that was killed leaves it. So an object of a person is opened twice more afterwards,
//! by its alarm: a log that was left is taken over then, and goes when it rests. Objects of many seldom rest: more pages than their
//! log ever has are filled once more, after the log has begun anew, which overwrites it.

use std::cell::Cell;

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
    let pages = used_pages(sql)? + slack;
    sql.run(UPSERT_MARK, &[pages.into(), now.as_millis().into()])
}

/// Whether rows were deleted whose bytes are still there.
pub fn is_marked(sql: &impl Sql) -> Result<bool, Fault> {
    Ok(matches!(stage(sql)?, Stage::Deleted(_)))
}

/// The erasures of one object, by its actor.
pub struct Eraser {
    copied: Copied,
    slack: i64,
    /// The log is looked at from then on: workerd may need that long to rest.
    log_from: Cell<Timestamp>,
    /// Whether this actor has seen the log already: only another one was opened after it was closed.
    seen: Cell<bool>,
}

impl Eraser {
    /// For an object of one person, which rests when nobody is there.
    pub const fn of_a_person() -> Self {
        Self::of(Copied::All, SLACK_OF_A_PERSON)
    }

    /// For an object of many.
    pub const fn of_many(copied: Copied) -> Self {
        Self::of(copied, SLACK_OF_MANY)
    }

    const fn of(copied: Copied, slack: i64) -> Self {
        Self { copied, slack, log_from: Cell::new(Timestamp::from_millis(0)), seen: Cell::new(false) }
    }

    /// Notes that rows are deleted. See [`mark`].
    pub fn mark(&self, sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
        mark(sql, self.slack, now)
    }

    /// When there is work: `at` says it of the instant from which on rows have been deleted.
    pub fn due(
        &self,
        sql: &impl Sql,
        at: impl FnOnce(Timestamp) -> Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        Ok(match stage(sql)? {
            Stage::Clean => None,
            Stage::Deleted(since) => Some(at(since)),
            Stage::Log(_) => Some(self.log_from.get()),
        })
    }

    /// Does the work that there is.
    pub fn erase(&self, sql: &impl Sql, now: Timestamp) -> Result<(), Fault> {
        match stage(sql)? {
            Stage::Clean => return Ok(()),
            Stage::Deleted(_) => {
                rebuild(sql, self.copied, self.slack)?;
                self.seen.set(true);
            }
            Stage::Log(_) if self.slack == SLACK_OF_MANY => sql.transaction(|| {
                let filling = Filling::begin(sql, "d", self.slack)?;
                filling.write(sql, self.slack)?;
                drop_fillings(sql)?;
                sql.run(UPDATE_LOG, &[SqlValue::Null])
            })?,
            Stage::Log(left) if !self.seen.replace(true) => {
                let left = if left > 1 { (1 - left).into() } else { SqlValue::Null };
                sql.run(UPDATE_LOG, &[left])?;
            }
            Stage::Log(_) => {}
        }
        self.log_from.set(now.plus_millis(RESTS_AFTER_MS));
        Ok(())
    }
}

/// How far an erasure is.
enum Stage {
    Clean,
    /// Rows have been deleted since then.
    Deleted(Timestamp),
    /// The log may have what is erased elsewhere: the object must be opened so often until it has not.
    Log(i64),
}

fn stage(sql: &impl Sql) -> Result<Stage, Fault> {
    let rows = sql.exec(SELECT_MARK, &[])?;
    Ok(match rows.first().map(|row| row.integer(0)).transpose()? {
        None => Stage::Clean,
        Some(left) if left < 0 => Stage::Log(-left),
        Some(since) => Stage::Deleted(Timestamp::from_millis(since)),
    })
}

/// Erases what was deleted. Nothing of it needs to be repeated as a whole after a power cut but this call.
pub fn rebuild(sql: &impl Sql, copied: Copied, slack: i64) -> Result<(), Fault> {
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
        sql.run(UPDATE_LOG, &[(-OPENED_AFTER).into()])
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

/// One more than it may take to have a log closed: a process may be killed once more.
const OPENED_AFTER: i64 = 2;
const RESTS_AFTER_MS: i64 = 15_000;
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

const UPSERT_MARK: &str = "INSERT INTO erasure_state (only_row, pages, marked) VALUES (1, ?1, ?2) \
     ON CONFLICT (only_row) DO UPDATE SET pages = max(pages, ?1), marked = iif(marked > 0, marked, ?2)";
const SELECT_MARK: &str = "SELECT marked FROM erasure_state WHERE marked IS NOT NULL";
const UPDATE_LOG: &str = "UPDATE erasure_state SET marked = ?1";
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

/// The table of this module, which belongs to the schema of each object.
#[cfg(test)]
const SCHEMA: &str = include_str!("../../schema/erasure_0001.sql");

#[cfg(test)]
mod tests;
