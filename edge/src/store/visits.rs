// SPDX-License-Identifier: EUPL-1.2
//! Who is there without a socket, for an object that wakes without its memory.

use infocig_protocol::time::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::{from_json, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// The migration that makes the table, for objects that have links.
pub(super) const VISITS: &str = include_str!("../../schema/visit_0001.sql");

/// The visits of one object. Its schema is that of the object's own store.
pub struct VisitStore<S> {
    sql: S,
}

/// How somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitWay {
    /// By requests, one of which waits.
    Polls,
    /// By pages.
    Pages,
}

/// Somebody who was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit<T> {
    /// The number of its row.
    pub id: i64,
    /// How.
    pub way: VisitWay,
    /// What their link was known to be.
    pub known: T,
    /// The last sign of life that was noted, by the wall clock.
    pub at: Timestamp,
}

impl<S: Sql> VisitStore<S> {
    /// The visits in an object's storage.
    pub fn of(sql: S) -> Self {
        Self { sql }
    }

    /// Every visit that has not ended.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<Visit<T>>, Fault> {
        let rows = self.sql.exec(SELECT_ALL, &[])?;
        rows.iter().map(visit).collect()
    }

    /// A visit begins; the answer is the number of its row.
    pub fn begin(&self, way: VisitWay, known: &impl Serialize, at: Timestamp) -> Result<i64, Fault> {
        let way = SqlValue::text(match way {
            VisitWay::Polls => POLLS,
            VisitWay::Pages => PAGES,
        });
        let rows = self.sql.exec(INSERT, &[way, SqlValue::Text(to_json(known)?), at.as_millis().into()])?;
        rows.first().ok_or_else(|| Fault::Corrupt("a visit without a number".into()))?.integer(0)
    }

    /// It goes on.
    pub fn renew(&self, id: i64, known: &impl Serialize, at: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPDATE, &[id.into(), SqlValue::Text(to_json(known)?), at.as_millis().into()])
    }

    /// It is over.
    pub fn end(&self, id: i64) -> Result<(), Fault> {
        self.sql.run(DELETE, &[id.into()])
    }
}

fn visit<T: DeserializeOwned>(row: &Row) -> Result<Visit<T>, Fault> {
    let way = match row.text(1)? {
        POLLS => VisitWay::Polls,
        PAGES => VisitWay::Pages,
        other => return Err(Fault::Corrupt(format!("a visit by {other}"))),
    };
    let at = Timestamp::from_millis(row.integer(3)?);
    Ok(Visit { id: row.integer(0)?, way, known: from_json(row.text(2)?)?, at })
}

const POLLS: &str = "polls";
const PAGES: &str = "pages";

const SELECT_ALL: &str = "SELECT id, way, known, at FROM visit ORDER BY id";
const INSERT: &str = "INSERT INTO visit (way, known, at) VALUES (?1, ?2, ?3) RETURNING id";
const UPDATE: &str = "UPDATE visit SET known = ?2, at = ?3 WHERE id = ?1";
const DELETE: &str = "DELETE FROM visit WHERE id = ?1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sql::testing::MemorySql, store::migrate};

    #[test]
    fn a_visit_is_found_again_as_it_last_was_until_it_ends() {
        let sql = MemorySql::new();
        migrate(&&sql, &[VISITS]).unwrap();
        let visits = VisitStore::of(&sql);
        let at = Timestamp::from_millis;

        let lucia = visits.begin(VisitWay::Pages, &"Lucia", at(1)).unwrap();
        let carmine = visits.begin(VisitWay::Polls, &"Carmine", at(2)).unwrap();
        visits.renew(lucia, &"Lucia, who read on", at(3)).unwrap();
        visits.end(carmine).unwrap();

        let known = "Lucia, who read on".to_owned();
        let visit = Visit { id: lucia, way: VisitWay::Pages, known, at: at(3) };
        assert_eq!(visits.all::<String>().unwrap(), [visit]);
    }
}
