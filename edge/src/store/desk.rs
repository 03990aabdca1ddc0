// SPDX-License-Identifier: EUPL-1.2
//! The store of a desk: the conversations on it, the advisors at it, its statistics, and internal notes.

use infocig_domain::{
    desk::{AuditRow, DeskTransition, StoredDesk, estimate::ServiceTimeStats},
    figures::Today,
};
use infocig_protocol::{
    desk::Note,
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    supervision::{OfficeQueue, SupervisorAct},
    time::Timestamp,
};
use serde::de::DeserializeOwned;

use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes one desk's rows.
pub struct DeskStore<S> {
    sql: S,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../../schema/desk_0001.sql"), include_str!("../../schema/post_0001.sql")),
    include_str!("../../schema/visit_0001.sql"),
    include_str!("../../schema/messaging_0002.sql"),
    include_str!("../../schema/stored_link_0002.sql"),
    include_str!("../../schema/desk_0002.sql"),
    include_str!("../../schema/desk_0003.sql"),
    include_str!("../../schema/desk_0004.sql"),
    include_str!("../../schema/desk_blocks_0001.sql"),
];

impl<S: Sql> DeskStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// The queue that the desk serves: the given one, which is stored, or else the stored one.
    pub fn queue(&self, told: Option<QueueId>) -> Result<QueueId, Fault> {
        let rows = self.sql.exec(SELECT_QUEUE, &[])?;
        let known = rows.first().map(|row| row.text(0)).transpose()?;
        match (told, known) {
            (Some(told), known) => {
                if known != Some(told.as_str()) {
                    self.sql.run(UPSERT_QUEUE, &[SqlValue::text(told.as_str())])?;
                }
                Ok(told)
            }
            (None, Some(known)) => {
                QueueId::parse(known).map_err(|error| Fault::Corrupt(format!("queue: {error}")))
            }
            (None, None) => Err(Fault::Platform("a desk without a name".into())),
        }
    }

    /// Everything stored of the desk.
    pub fn rows(&self) -> Result<StoredDesk, Fault> {
        let service_times: Option<ServiceTimeStats> =
            self.sql.exec(SELECT_SERVICE_TIMES, &[])?.first().map(body).transpose()?;
        let today: Option<Today> = self.sql.exec(SELECT_TODAY, &[])?.first().map(body).transpose()?;
        let office: Option<OfficeQueue> = self.sql.exec(SELECT_OFFICE, &[])?.first().map(body).transpose()?;
        Ok(StoredDesk {
            conversations: self.bodies(SELECT_CONVERSATIONS)?,
            advisors: self.bodies(SELECT_PRESENT)?,
            service_times: service_times.unwrap_or_default(),
            today: today.unwrap_or_default(),
            office: office.unwrap_or_default(),
            blocks: self.bodies(SELECT_BLOCKS)?,
        })
    }

    /// Writes the changes of a call, except its notifications.
    pub fn save(&self, step: &DeskTransition) -> Result<(), Fault> {
        for conversation in &step.changed_conversations {
            let key = SqlValue::text(conversation.id.as_str());
            self.sql.run(UPSERT_CONVERSATION, &[key, SqlValue::Text(to_json(conversation)?)])?;
        }
        for conversation in &step.removed_conversations {
            self.sql.run(DELETE_CONVERSATION, &[SqlValue::text(conversation.as_str())])?;
            self.sql.run(DELETE_NOTES, &[SqlValue::text(conversation.as_str())])?;
        }
        for present in &step.changed_advisors {
            let key = SqlValue::text(present.advisor.id.as_str());
            self.sql.run(UPSERT_PRESENT, &[key, SqlValue::Text(to_json(present)?)])?;
        }
        for advisor in &step.removed_advisors {
            self.sql.run(DELETE_PRESENT, &[SqlValue::text(advisor.as_str())])?;
        }
        if let Some(service_times) = &step.service_times {
            self.sql.run(UPDATE_SERVICE_TIMES, &[SqlValue::Text(to_json(service_times)?)])?;
        }
        if let Some(today) = &step.today {
            self.sql.run(UPDATE_TODAY, &[SqlValue::Text(to_json(today)?)])?;
        }
        if let Some(office) = &step.office {
            self.sql.run(UPDATE_OFFICE, &[SqlValue::Text(to_json(office)?)])?;
        }
        for block in &step.changed_blocks {
            let key = SqlValue::text(block.conversation.as_str());
            self.sql.run(UPSERT_BLOCK, &[key, SqlValue::Text(to_json(block)?)])?;
        }
        for conversation in &step.removed_blocks {
            self.sql.run(DELETE_BLOCK, &[SqlValue::text(conversation.as_str())])?;
        }
        for AuditRow { at, supervisor, act, conversation, details } in &step.audit {
            let (supervisor, act) = (SqlValue::text(supervisor.as_str()), SqlValue::text(act.as_str()));
            let conversation = SqlValue::text(conversation.as_str());
            let details = details.as_ref().map(to_json).transpose()?;
            let row = [at.as_millis().into(), supervisor, act, conversation, details.into()];
            self.sql.run(INSERT_AUDIT, &row)?;
        }
        if let Some((conversation, note)) = &step.new_note {
            let (key, id) = (SqlValue::text(conversation.as_str()), SqlValue::text(note.id.as_str()));
            self.sql.run(INSERT_NOTE, &[key, id, SqlValue::Text(to_json(note)?)])?;
        }
        Ok(())
    }

    /// The note of a conversation with that id, if there is one.
    pub fn note(&self, conversation: &ConversationId, id: &MessageId) -> Result<Option<Note>, Fault> {
        let (key, id) = (SqlValue::text(conversation.as_str()), SqlValue::text(id.as_str()));
        self.sql.exec(SELECT_NOTE, &[key, id])?.first().map(body).transpose()
    }

    /// The notes of a conversation, in the order in which they were written.
    pub fn notes(&self, conversation: &ConversationId) -> Result<Vec<Note>, Fault> {
        self.sql.exec(SELECT_NOTES, &[SqlValue::text(conversation.as_str())])?.iter().map(body).collect()
    }

    /// The audit trail, newest first: the rows before the number `before`, at most `most` of them, each with its number.
    pub fn audit(&self, before: Option<i64>, most: u32) -> Result<Vec<(i64, AuditRow)>, Fault> {
        let rows = self.sql.exec(SELECT_AUDIT, &[before.unwrap_or(i64::MAX).into(), most.into()])?;
        let read = |row: &Row| {
            let corrupt = |what: &str| Fault::Corrupt(format!("audit: {what}"));
            let act =
                SupervisorAct::ALL.into_iter().find(|act| row.text(3).is_ok_and(|text| text == act.as_str()));
            let supervisor = AdvisorId::parse(row.text(2)?).map_err(|_| corrupt("supervisor"))?;
            let conversation = ConversationId::parse(row.text(4)?).map_err(|_| corrupt("conversation"))?;
            let at = Timestamp::from_millis(row.integer(1)?);
            let act = act.ok_or_else(|| corrupt("act"))?;
            let details = Some(row.text(5)?).filter(|text| !text.is_empty()).map(from_json).transpose()?;
            Ok((row.integer(0)?, AuditRow { at, supervisor, act, conversation, details }))
        };
        rows.iter().map(read).collect()
    }

    fn bodies<T: DeserializeOwned>(&self, statement: &'static str) -> Result<Vec<T>, Fault> {
        self.sql.exec(statement, &[])?.iter().map(body).collect()
    }
}

fn body<T: DeserializeOwned>(row: &Row) -> Result<T, Fault> {
    from_json(row.text(0)?)
}

const SELECT_QUEUE: &str = "SELECT queue FROM desk";
const UPSERT_QUEUE: &str =
    "INSERT INTO desk (only_row, queue) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET queue = ?1";
const SELECT_SERVICE_TIMES: &str = "SELECT service_times FROM desk WHERE service_times IS NOT NULL";
const UPDATE_SERVICE_TIMES: &str = "UPDATE desk SET service_times = ?1";
const SELECT_TODAY: &str = "SELECT today FROM desk WHERE today IS NOT NULL";
const UPDATE_TODAY: &str = "UPDATE desk SET today = ?1";
const SELECT_OFFICE: &str = "SELECT office FROM desk WHERE office IS NOT NULL";
const UPDATE_OFFICE: &str = "UPDATE desk SET office = ?1";
const INSERT_AUDIT: &str =
    "INSERT INTO audit (at, supervisor, act, conversation, details) VALUES (?1, ?2, ?3, ?4, ?5)";
const SELECT_AUDIT: &str = "SELECT id, at, supervisor, act, conversation, COALESCE(details, '') FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
const SELECT_BLOCKS: &str = "SELECT body FROM block";
const UPSERT_BLOCK: &str = "INSERT INTO block (conversation, body) VALUES (?1, ?2) ON CONFLICT (conversation) DO UPDATE SET body = ?2";
const DELETE_BLOCK: &str = "DELETE FROM block WHERE conversation = ?1";
const SELECT_CONVERSATIONS: &str = "SELECT body FROM desk_conversation";
const UPSERT_CONVERSATION: &str = "INSERT INTO desk_conversation (conversation, body) VALUES (?1, ?2) ON CONFLICT (conversation) DO UPDATE SET body = ?2";
const DELETE_CONVERSATION: &str = "DELETE FROM desk_conversation WHERE conversation = ?1";
const SELECT_PRESENT: &str = "SELECT body FROM present";
const UPSERT_PRESENT: &str =
    "INSERT INTO present (advisor, body) VALUES (?1, ?2) ON CONFLICT (advisor) DO UPDATE SET body = ?2";
const DELETE_PRESENT: &str = "DELETE FROM present WHERE advisor = ?1";
const SELECT_NOTE: &str = "SELECT body FROM note WHERE conversation = ?1 AND id = ?2";
const SELECT_NOTES: &str = "SELECT body FROM note WHERE conversation = ?1 ORDER BY rowid";
const INSERT_NOTE: &str = "INSERT OR IGNORE INTO note (conversation, id, body) VALUES (?1, ?2, ?3)";
const DELETE_NOTES: &str = "DELETE FROM note WHERE conversation = ?1";
