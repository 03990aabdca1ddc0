// SPDX-License-Identifier: EUPL-1.2
//! Links without a socket, stored so that an object that wakes without its memory knows until when they count as connected.

use infocig_protocol::time::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::{from_json, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// The links without a socket of one object. The table is part of the schema of the object's own store.
pub struct StoredLinks<S> {
    sql: S,
}

/// The transport of a link without a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredTransport {
    /// Requests, one of which waits.
    Polls,
    /// Pages without scripts.
    Pages,
}

/// A stored link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink<T> {
    /// The number of its row.
    pub id: i64,
    /// Its transport.
    pub transport: StoredTransport,
    /// Its state.
    pub state: T,
    /// The last sign of life that was stored, by the wall clock.
    pub at: Timestamp,
}

impl<S: Sql> StoredLinks<S> {
    /// The links in an object's storage.
    pub fn of(sql: S) -> Self {
        Self { sql }
    }

    /// Every link that has not ended.
    pub fn all<T: DeserializeOwned>(&self) -> Result<Vec<StoredLink<T>>, Fault> {
        let rows = self.sql.exec(SELECT_ALL, &[])?;
        rows.iter().map(link).collect()
    }

    /// Adds a link; returns the number of its row.
    pub fn begin(
        &self,
        transport: StoredTransport,
        state: &impl Serialize,
        at: Timestamp,
    ) -> Result<i64, Fault> {
        let transport = SqlValue::text(match transport {
            StoredTransport::Polls => POLLS,
            StoredTransport::Pages => PAGES,
        });
        let rows =
            self.sql.exec(INSERT, &[transport, SqlValue::Text(to_json(state)?), at.as_millis().into()])?;
        rows.first().ok_or_else(|| Fault::Corrupt("a stored link without a number".into()))?.integer(0)
    }

    /// Stores a sign of life.
    pub fn renew(&self, id: i64, state: &impl Serialize, at: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPDATE, &[id.into(), SqlValue::Text(to_json(state)?), at.as_millis().into()])
    }

    /// Deletes a link that has ended.
    pub fn end(&self, id: i64) -> Result<(), Fault> {
        self.sql.run(DELETE, &[id.into()])
    }
}

fn link<T: DeserializeOwned>(row: &Row) -> Result<StoredLink<T>, Fault> {
    let transport = match row.text(1)? {
        POLLS => StoredTransport::Polls,
        PAGES => StoredTransport::Pages,
        other => return Err(Fault::Corrupt(format!("a link by {other}"))),
    };
    let at = Timestamp::from_millis(row.integer(3)?);
    Ok(StoredLink { id: row.integer(0)?, transport, state: from_json(row.text(2)?)?, at })
}

const POLLS: &str = "polls";
const PAGES: &str = "pages";

const SELECT_ALL: &str = "SELECT id, transport, state, at FROM stored_link ORDER BY id";
const INSERT: &str = "INSERT INTO stored_link (transport, state, at) VALUES (?1, ?2, ?3) RETURNING id";
const UPDATE: &str = "UPDATE stored_link SET state = ?2, at = ?3 WHERE id = ?1";
const DELETE: &str = "DELETE FROM stored_link WHERE id = ?1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sql::testing::MemorySql, store::migrate};

    const SCHEMA: [&str; 2] =
        [include_str!("../../schema/visit_0001.sql"), include_str!("../../schema/stored_link_0002.sql")];

    #[test]
    fn a_link_is_found_again_as_it_last_was_until_it_ends() {
        let sql = MemorySql::new();
        migrate(&&sql, &SCHEMA).unwrap();
        let links = StoredLinks::of(&sql);
        let at = Timestamp::from_millis;

        let lucia = links.begin(StoredTransport::Pages, &"Lucia", at(1)).unwrap();
        let carmine = links.begin(StoredTransport::Polls, &"Carmine", at(2)).unwrap();
        links.renew(lucia, &"Lucia, who read on", at(3)).unwrap();
        links.end(carmine).unwrap();

        let state = "Lucia, who read on".to_owned();
        let link = StoredLink { id: lucia, transport: StoredTransport::Pages, state, at: at(3) };
        assert_eq!(links.all::<String>().unwrap(), [link]);
    }
}
