// SPDX-License-Identifier: EUPL-1.2
//! The store of the staff's sessions: each under the digest of its cookie, with the names of sign-ins and logout tokens that were
//! used. What is over is deleted when somebody signs in.

use infocig_protocol::{id::AdvisorId, time::Timestamp};

use super::{from_json, migrate, to_json};
use crate::{
    auth::oidc::session::StaffSession,
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes the sessions' rows.
pub struct StaffStore<S> {
    sql: S,
}

/// A session, and until when somebody asks the provider about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    /// The session.
    pub session: StaffSession,
    /// Until then nobody else asks.
    pub asks_until: Timestamp,
}

/// The migrations of the object, in order.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../schema/post_0001.sql"),
    include_str!("../../schema/messaging_0002.sql"),
    include_str!("../../schema/staff_0001.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/staff.sql"),
];

impl<S: Sql> StaffStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for the outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// A session by its key.
    pub fn find(&self, key: &str) -> Result<Option<StoredSession>, Fault> {
        self.sql.exec(SELECT, &[SqlValue::text(key)])?.first().map(stored).transpose()
    }

    /// Writes a session, new or renewed.
    pub fn put(&self, key: &str, session: &StaffSession) -> Result<(), Fault> {
        let row = [
            SqlValue::text(key),
            SqlValue::text(session.advisor.id.as_str()),
            session.sid.clone().into(),
            session.ends.as_millis().into(),
            SqlValue::Text(to_json(session)?),
        ];
        self.sql.run(UPSERT, &row)
    }

    /// Notes until when somebody asks the provider about a session.
    pub fn ask_until(&self, key: &str, until: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPDATE_ASKS, &[SqlValue::text(key), until.as_millis().into()])
    }

    /// Deletes a session.
    pub fn delete(&self, key: &str) -> Result<(), Fault> {
        self.sql.run(DELETE, &[SqlValue::text(key)])
    }

    /// The sessions of a person, of one of the provider's, or of both at once, with their keys.
    pub fn all_of(
        &self,
        advisor: Option<&AdvisorId>,
        sid: Option<&str>,
    ) -> Result<Vec<(String, StaffSession)>, Fault> {
        let parameters = [advisor.map(ToString::to_string).into(), SqlValue::from(sid.map(str::to_owned))];
        let rows = self.sql.exec(SELECT_OF, &parameters)?;
        rows.iter().map(|row| Ok((row.text(0)?.to_owned(), from_json(row.text(1)?)?))).collect()
    }

    /// Notes that a name is used; `false` if it was before.
    pub fn mark_used(&self, name: &str, until: Timestamp) -> Result<bool, Fault> {
        if !self.sql.exec(SELECT_USED, &[SqlValue::text(name)])?.is_empty() {
            return Ok(false);
        }
        self.sql.run(INSERT_USED, &[SqlValue::text(name), until.as_millis().into()])?;
        Ok(true)
    }

    /// Deletes what is over.
    pub fn delete_old(&self, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(DELETE_OVER, &[now.as_millis().into()])?;
        self.sql.run(DELETE_USED, &[now.as_millis().into()])
    }
}

fn stored(row: &Row) -> Result<StoredSession, Fault> {
    Ok(StoredSession {
        session: from_json(row.text(0)?)?,
        asks_until: Timestamp::from_millis(row.integer(1)?),
    })
}

const SELECT: &str = "SELECT body, asks_until FROM staff_session WHERE key = ?1";
const UPSERT: &str = "INSERT INTO staff_session (key, advisor, sid, ends, asks_until, body) VALUES (?1, ?2, ?3, ?4, 0, ?5) \
     ON CONFLICT (key) DO UPDATE SET advisor = ?2, sid = ?3, ends = ?4, asks_until = 0, body = ?5";
const UPDATE_ASKS: &str = "UPDATE staff_session SET asks_until = ?2 WHERE key = ?1";
const DELETE: &str = "DELETE FROM staff_session WHERE key = ?1";
const SELECT_OF: &str = "SELECT key, body FROM staff_session WHERE (?1 IS NULL OR advisor = ?1) \
     AND (?2 IS NULL OR sid = ?2) AND (?1 IS NOT NULL OR ?2 IS NOT NULL) ORDER BY key";
const DELETE_OVER: &str = "DELETE FROM staff_session WHERE ends <= ?1";
const SELECT_USED: &str = "SELECT 1 FROM staff_used WHERE name = ?1";
const INSERT_USED: &str = "INSERT INTO staff_used (name, until) VALUES (?1, ?2)";
const DELETE_USED: &str = "DELETE FROM staff_used WHERE until <= ?1";
