// SPDX-License-Identifier: EUPL-1.2
//! The inbox: the number of the last message received from each sender, so that one that arrives again is dropped.
//!
//! A sender that was silent for [`REMEMBERED_MS`] is forgotten: its outbox has given up every message by then
//! ([`MOST_ATTEMPTS`](super::outbox::MOST_ATTEMPTS)), so none can arrive again. The table holds the senders of a month, not of
//! all time.

use infocig_protocol::time::Timestamp;

use crate::{
    problem::Fault,
    sql::{Sql, SqlValue},
};

/// One object's inbox.
pub struct Inbox<'s, S> {
    sql: &'s S,
}

impl<'s, S: Sql> Inbox<'s, S> {
    /// The inbox over an object's SQL.
    pub fn new(sql: &'s S) -> Self {
        Self { sql }
    }

    /// Records that message `id` of a sender arrived; `false` if it had arrived before.
    ///
    /// Call it in the transaction that stores the changes the message makes.
    pub fn is_new(&self, source: &str, id: i64, now: Timestamp) -> Result<bool, Fault> {
        let rows = self.sql.exec(SELECT_LAST, &[SqlValue::text(source)])?;
        let last = rows.first().map(|row| row.integer(0)).transpose()?;
        if last.is_some_and(|last| id <= last) {
            return Ok(false);
        }
        self.sql.run(UPSERT_LAST, &[SqlValue::text(source), id.into(), now.as_millis().into()])?;
        if last.is_none() {
            let silent_since = now.plus_millis(-REMEMBERED_MS);
            self.sql.run(DELETE_SILENT, &[silent_since.as_millis().into()])?;
        }
        Ok(true)
    }
}

/// A sender is remembered for 30 days after its last message.
const REMEMBERED_MS: i64 = 30 * 24 * 60 * 60_000;

const SELECT_LAST: &str = "SELECT last_id FROM inbox WHERE source = ?1";
const UPSERT_LAST: &str = "INSERT INTO inbox (source, last_id, received) VALUES (?1, ?2, ?3) \
     ON CONFLICT (source) DO UPDATE SET last_id = ?2, received = ?3";
const DELETE_SILENT: &str = "DELETE FROM inbox WHERE received < ?1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sql::testing::MemorySql,
        store::{MESSAGING, migrate},
    };

    #[test]
    fn a_message_that_arrives_again_is_dropped() {
        let sql = &opened();
        let inbox = Inbox::new(&sql);
        let arrives = |source, id| inbox.is_new(source, id, Timestamp::from_millis(1)).unwrap();

        assert!(arrives("a", 3));
        assert!(!arrives("a", 3));
        assert!(!arrives("a", 2));
        assert!(arrives("b", 2));
        assert!(arrives("a", 4));
    }

    #[test]
    fn a_sender_that_was_silent_for_a_month_is_forgotten() {
        let sql = &opened();
        let inbox = Inbox::new(&sql);
        for person in 0..1_000 {
            // One sender a day, as persons come to a desk.
            let now = Timestamp::from_millis(person * 24 * 60 * 60_000);
            assert!(inbox.is_new(&format!("person {person}"), 1, now).unwrap());
        }

        let rows = sql.exec("SELECT count(*) FROM inbox", &[]).unwrap();
        let left = rows[0].integer(0).unwrap();
        assert!((30..=31).contains(&left), "{left}");
    }

    fn opened() -> MemorySql {
        let sql = MemorySql::new();
        migrate(&&sql, &MESSAGING).unwrap();
        sql
    }
}
