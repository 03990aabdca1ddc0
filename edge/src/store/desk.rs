// SPDX-License-Identifier: EUPL-1.2
//! The store of a desk: the conversations on it, the advisors at it, its statistics, internal notes, and the quick
//! replies that advisors keep for themselves.

use infocig_domain::desk::{DeskTransition, QueueState, StoredDesk};
use infocig_protocol::{
    desk::{Note, QuickReply},
    id::{AdvisorId, ConversationId, DeskId, MessageId, QueueId},
    supervision::OfficeQueue,
    time::Timestamp,
};
use serde::de::DeserializeOwned;

use super::{Outbox, from_json, migrate, rebuild, to_json};
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
    include_str!("../../schema/desk_0005.sql"),
    include_str!("../../schema/desk_0006.sql"),
    include_str!("../../schema/desk_blocks_0001.sql"),
    include_str!("../../schema/desk_0007.sql"),
    include_str!("../../schema/erasure_0001.sql"),
    include_str!("../../schema/desk_0008.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/desk.sql"),
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

    /// The desk's id: the given one, which is stored, or else the stored one.
    pub fn id(&self, told: Option<DeskId>) -> Result<DeskId, Fault> {
        let rows = self.sql.exec(SELECT_ID, &[])?;
        let known = rows.first().map(|row| row.text(0)).transpose()?;
        match (told, known) {
            (Some(told), known) => {
                if known != Some(told.as_str()) {
                    self.sql.run(UPSERT_ID, &[SqlValue::text(told.as_str())])?;
                }
                Ok(told)
            }
            (None, Some(known)) => {
                DeskId::parse(known).map_err(|error| Fault::Corrupt(format!("desk: {error}")))
            }
            (None, None) => Err(Fault::Platform("a desk without a name".into())),
        }
    }

    /// Everything stored of the desk.
    pub fn rows(&self) -> Result<StoredDesk, Fault> {
        let office: Option<OfficeQueue> = self.sql.exec(SELECT_OFFICE, &[])?.first().map(body).transpose()?;
        Ok(StoredDesk {
            conversations: self.bodies(SELECT_CONVERSATIONS)?,
            advisors: self.bodies(SELECT_PRESENT)?,
            queues: self.sql.exec(SELECT_QUEUES, &[])?.iter().map(queue_state).collect::<Result<_, _>>()?,
            office: office.unwrap_or_default(),
            blocks: self.bodies(SELECT_BLOCKS)?,
        })
    }

    /// Writes the changes of a call, except its notifications.
    pub fn save(&self, step: &DeskTransition, now: Timestamp) -> Result<(), Fault> {
        for conversation in &step.changed_conversations {
            let key = SqlValue::text(conversation.id.as_str());
            self.sql.run(UPSERT_CONVERSATION, &[key, SqlValue::Text(to_json(conversation)?)])?;
        }
        if !step.removed_conversations.is_empty() || !step.removed_blocks.is_empty() {
            rebuild::mark(&self.sql, rebuild::SLACK_OF_MANY, now)?;
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
        for (queue, QueueState { service_times, today }) in &step.changed_queues {
            let (service_times, today) = (to_json(service_times)?, to_json(today)?);
            let key = SqlValue::text(queue.as_str());
            self.sql.run(UPSERT_QUEUE, &[key, SqlValue::Text(service_times), SqlValue::Text(today)])?;
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
        if let Some((conversation, note)) = &step.new_note {
            let (key, id) = (SqlValue::text(conversation.as_str()), SqlValue::text(note.id.as_str()));
            self.sql.run(INSERT_NOTE, &[key, id, SqlValue::Text(to_json(note)?)])?;
        }
        Ok(())
    }

    /// Deletes the messages about the person of an object that were given up: cards may be in them. Their bytes go in the night.
    pub fn forget_dead_letters(&self, object: &str, now: Timestamp) -> Result<(), Fault> {
        self.sql.transaction(|| {
            rebuild::mark(&self.sql, rebuild::SLACK_OF_MANY, now)?;
            Outbox::new(&self.sql).forget_dead_letters_of(object)
        })
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

    /// The quick replies that an advisor keeps, in the order in which they were first kept.
    pub fn own_replies(&self, advisor: &AdvisorId) -> Result<Vec<QuickReply>, Fault> {
        let replies = self.sql.exec(SELECT_OWN_REPLIES, &[SqlValue::text(advisor.as_str())])?;
        replies.iter().map(body).collect()
    }

    /// Keeps a quick reply of an advisor, in the place of the one with its id.
    pub fn keep_reply(&self, advisor: &AdvisorId, reply: &QuickReply) -> Result<(), Fault> {
        let (advisor, id) = (SqlValue::text(advisor.as_str()), SqlValue::text(reply.id.as_str()));
        self.sql.run(UPSERT_OWN_REPLY, &[advisor, id, SqlValue::Text(to_json(reply)?)])
    }

    /// Drops a quick reply of an advisor, if they keep one with that id.
    pub fn drop_reply(&self, advisor: &AdvisorId, id: &str) -> Result<(), Fault> {
        self.sql.run(DELETE_OWN_REPLY, &[SqlValue::text(advisor.as_str()), SqlValue::text(id)])
    }

    /// Notes that tickets of a session open the desk no more, until the last of them ends.
    pub fn sign_off(&self, session: &str, until: Timestamp, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(DELETE_SIGNED_OFF, &[now.as_millis().into()])?;
        self.sql.run(INSERT_SIGNED_OFF, &[SqlValue::text(session), until.as_millis().into()])
    }

    /// Whether a session has ended.
    pub fn is_signed_off(&self, session: &str) -> Result<bool, Fault> {
        Ok(!self.sql.exec(SELECT_SIGNED_OFF, &[SqlValue::text(session)])?.is_empty())
    }

    fn bodies<T: DeserializeOwned>(&self, statement: &'static str) -> Result<Vec<T>, Fault> {
        self.sql.exec(statement, &[])?.iter().map(body).collect()
    }
}

fn body<T: DeserializeOwned>(row: &Row) -> Result<T, Fault> {
    from_json(row.text(0)?)
}

/// The state of a queue from its row.
fn queue_state(row: &Row) -> Result<(QueueId, QueueState), Fault> {
    let queue = QueueId::parse(row.text(0)?).map_err(|error| Fault::Corrupt(format!("queue: {error}")))?;
    let is_there = |column: usize| row.0.get(column).is_some_and(|value| *value != SqlValue::Null);
    let mut state = QueueState::default();
    if is_there(1) {
        state.service_times = from_json(row.text(1)?)?;
    }
    if is_there(2) {
        state.today = from_json(row.text(2)?)?;
    }
    Ok((queue, state))
}

const SELECT_ID: &str = "SELECT id FROM desk";
const UPSERT_ID: &str =
    "INSERT INTO desk (only_row, id) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET id = ?1";
const SELECT_QUEUES: &str = "SELECT queue, service_times, today FROM desk_queue";
const UPSERT_QUEUE: &str = "INSERT INTO desk_queue (queue, service_times, today) VALUES (?1, ?2, ?3) \
     ON CONFLICT (queue) DO UPDATE SET service_times = ?2, today = ?3";
const SELECT_OFFICE: &str = "SELECT office FROM desk WHERE office IS NOT NULL";
const UPDATE_OFFICE: &str = "UPDATE desk SET office = ?1";
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
const SELECT_OWN_REPLIES: &str = "SELECT reply FROM own_reply WHERE advisor = ?1 ORDER BY rowid";
const UPSERT_OWN_REPLY: &str = "INSERT INTO own_reply (advisor, id, reply) VALUES (?1, ?2, ?3) \
     ON CONFLICT (advisor, id) DO UPDATE SET reply = excluded.reply";
const DELETE_OWN_REPLY: &str = "DELETE FROM own_reply WHERE advisor = ?1 AND id = ?2";
const DELETE_SIGNED_OFF: &str = "DELETE FROM signed_off WHERE until <= ?1";
const INSERT_SIGNED_OFF: &str = "INSERT OR IGNORE INTO signed_off (session, until) VALUES (?1, ?2)";
const SELECT_SIGNED_OFF: &str = "SELECT 1 FROM signed_off WHERE session = ?1";
const DELETE_NOTES: &str = "DELETE FROM note WHERE conversation = ?1";
