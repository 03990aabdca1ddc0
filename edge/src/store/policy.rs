// SPDX-License-Identifier: EUPL-1.2
//! The rows of the policy object: every version of the policy with its document, what desks were told, and the answers that advisors
//! propose.

use infocig_protocol::{
    id::MessageId,
    policy::{PolicyVersion, WaitingAnswer},
    time::Timestamp,
};

use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes versions of the policy.
pub struct PolicyStore<S> {
    sql: S,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(
        include_str!("../../schema/policy_0001.sql"),
        include_str!("../../schema/post_0001.sql"),
        include_str!("../../schema/messaging_0002.sql"),
    ),
    include_str!("../../schema/policy_0002.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/policy.sql"),
];

impl<S: Sql> PolicyStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Every version without its document, oldest first. There are as many as somebody has published: hundreds in years.
    pub fn versions(&self) -> Result<Vec<PolicyVersion>, Fault> {
        self.sql.exec(SELECT_VERSIONS, &[])?.iter().map(|row| from_json(row.text(0)?)).collect()
    }

    /// The document of a version.
    pub fn document(&self, number: u32) -> Result<Option<String>, Fault> {
        let rows = self.sql.exec(SELECT_DOCUMENT, &[number.into()])?;
        rows.first().map(|row| row.text(0).map(str::to_string)).transpose()
    }

    /// Whether the document of a version is that of an earlier one.
    pub fn is_of_before(&self, number: u32) -> Result<bool, Fault> {
        Ok(!self.sql.exec(SELECT_SAME, &[number.into()])?.is_empty())
    }

    /// Adds a version. Call it in a transaction.
    pub fn add(&self, version: &PolicyVersion, document: &str) -> Result<(), Fault> {
        let row = [version.number.into(), SqlValue::text(to_json(version)?), SqlValue::text(document)];
        self.sql.run(INSERT_VERSION, &row)?;
        self.changed()
    }

    /// Changes what is said of a version. Call it in a transaction.
    pub fn replace(&self, version: &PolicyVersion) -> Result<(), Fault> {
        self.sql.run(UPDATE_VERSION, &[version.number.into(), SqlValue::text(to_json(version)?)])?;
        self.changed()
    }

    fn changed(&self) -> Result<(), Fault> {
        self.sql.run(UPSERT_REVISION, &[])
    }

    /// A number that grows with every change; 0 before the first version.
    pub fn revision(&self) -> Result<u32, Fault> {
        Ok(self.state()?.map_or(0, |(revision, _)| revision))
    }

    /// The version in force that desks were last notified of; 0 for none.
    pub fn told(&self) -> Result<u32, Fault> {
        Ok(self.state()?.map_or(0, |(_, told)| told))
    }

    /// Notes the version in force that desks are notified of. Call it in the transaction of the notifications.
    pub fn tell(&self, number: u32) -> Result<(), Fault> {
        self.sql.run(UPDATE_TOLD, &[number.into()])
    }

    /// The answers that wait, oldest first.
    pub fn answers(&self) -> Result<Vec<WaitingAnswer>, Fault> {
        self.sql.exec(SELECT_ANSWERS, &[])?.iter().map(|row| from_json(row.text(0)?)).collect()
    }

    /// Adds an answer; one that is there stays as it is.
    pub fn add_answer(&self, answer: &WaitingAnswer) -> Result<(), Fault> {
        let id = SqlValue::text(answer.proposed.id.as_str());
        self.sql.run(INSERT_ANSWER, &[id, answer.at.as_millis().into(), SqlValue::text(to_json(answer)?)])
    }

    /// Deletes an answer; nothing where there is none.
    pub fn delete_answer(&self, id: &MessageId) -> Result<(), Fault> {
        self.sql.run(DELETE_ANSWER, &[SqlValue::text(id.as_str())])
    }

    /// Deletes the answers of an instant and before.
    pub fn delete_answers_until(&self, until: Timestamp) -> Result<(), Fault> {
        self.sql.run(DELETE_ANSWERS, &[until.as_millis().into()])
    }

    fn state(&self) -> Result<Option<(u32, u32)>, Fault> {
        let number = |row: &Row, column| {
            let number = row.integer(column)?;
            u32::try_from(number).map_err(|_| Fault::Corrupt(format!("policy state {number}")))
        };
        let rows = self.sql.exec(SELECT_STATE, &[])?;
        rows.first().map(|row| Ok((number(row, 0)?, number(row, 1)?))).transpose()
    }
}

const SELECT_VERSIONS: &str = "SELECT about FROM policy_version ORDER BY number";
const SELECT_DOCUMENT: &str = "SELECT document FROM policy_version WHERE number = ?1";
const SELECT_SAME: &str = "SELECT 1 FROM policy_version WHERE number < ?1 \
     AND document = (SELECT document FROM policy_version WHERE number = ?1) LIMIT 1";
const INSERT_VERSION: &str = "INSERT INTO policy_version (number, about, document) VALUES (?1, ?2, ?3)";
const UPDATE_VERSION: &str = "UPDATE policy_version SET about = ?2 WHERE number = ?1";
const SELECT_ANSWERS: &str = "SELECT about FROM proposed_answer ORDER BY at, id";
const INSERT_ANSWER: &str =
    "INSERT INTO proposed_answer (id, at, about) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING";
const DELETE_ANSWER: &str = "DELETE FROM proposed_answer WHERE id = ?1";
const DELETE_ANSWERS: &str = "DELETE FROM proposed_answer WHERE at <= ?1";
const SELECT_STATE: &str = "SELECT revision, told FROM policy_state";
const UPSERT_REVISION: &str = "INSERT INTO policy_state (only_row, revision, told) VALUES (1, 1, 0) ON CONFLICT (only_row) DO UPDATE SET revision = revision + 1";
const UPDATE_TOLD: &str = "UPDATE policy_state SET told = ?1";
