// SPDX-License-Identifier: EUPL-1.2
//! The conversations of one object and their logs.

use infocig_domain::conversation::{Conversation, Speaker};
use infocig_protocol::{
    entry::{Entry, EntryBody},
    frame::Page,
    id::{ConversationId, MessageId, QueueId},
    limits::{MAX_ENTRIES_PER_FRAME, MAX_PAGE_CHARS},
    time::Timestamp,
};

use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes one object's conversations.
pub struct ConversationStore<S> {
    sql: S,
    object: String,
}

impl<S: Sql> ConversationStore<S> {
    /// The store of the object with that id, with its schema brought up to date.
    pub fn open(sql: S, object: String) -> Result<Self, Fault> {
        migrate(
            &sql,
            &[concat!(
                include_str!("../../schema/conversation_0001.sql"),
                include_str!("../../schema/post_0001.sql")
            )],
        )?;
        Ok(Self { sql, object })
    }

    /// The SQL underneath, for the post and for transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// The newest conversation, if there is any.
    pub fn newest(&self) -> Result<Option<Conversation>, Fault> {
        let rows = self.sql.exec(SELECT_NEWEST, &[])?;
        rows.first().map(|row| self.conversation(row)).transpose()
    }

    /// One conversation.
    pub fn find(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if id.object() != self.object {
            return Ok(None);
        }
        let rows = self.sql.exec(SELECT_CONVERSATION, &[id.ordinal().into()])?;
        rows.first().map(|row| self.conversation(row)).transpose()
    }

    /// The id the next conversation of this object gets.
    pub fn next_id(&self) -> Result<ConversationId, Fault> {
        let last = self.newest()?.map_or(0, |conversation| conversation.id.ordinal());
        self.id(last + 1)
    }

    /// Writes a conversation's row.
    pub fn save(&self, conversation: &Conversation) -> Result<(), Fault> {
        self.sql.exec(
            UPSERT_CONVERSATION,
            &[
                conversation.id.ordinal().into(),
                SqlValue::text(conversation.queue.as_str()),
                SqlValue::Text(to_json(&conversation.person)?),
                SqlValue::Text(to_json(&conversation.phase)?),
                SqlValue::Text(to_json(&conversation.closing)?),
            ],
        )?;
        Ok(())
    }

    /// Appends an entry. `author` is who wrote it, where somebody did. `false`, and nothing is stored, if they have
    /// written under this message id before.
    pub fn append(
        &self,
        conversation: &ConversationId,
        author: Option<&Speaker>,
        entry: &Entry,
    ) -> Result<bool, Fault> {
        let message_id = match &entry.body {
            EntryBody::Message { id, .. } => Some(id.as_str().to_string()),
            EntryBody::Opened {}
            | EntryBody::Assigned { .. }
            | EntryBody::ClosingSoon { .. }
            | EntryBody::Closed { .. }
            | EntryBody::Unknown {} => None,
        };
        let stored = self.sql.exec(
            INSERT_ENTRY,
            &[
                conversation.ordinal().into(),
                seq_value(entry.seq)?,
                entry.at.as_millis().into(),
                author.filter(|_| message_id.is_some()).map(author_key).into(),
                message_id.into(),
                SqlValue::Text(to_json(&entry.body)?),
            ],
        )?;
        Ok(!stored.is_empty())
    }

    /// What an author posted under a message id, if they did.
    pub fn posted(
        &self,
        conversation: &ConversationId,
        author: &Speaker,
        id: &MessageId,
    ) -> Result<Option<Entry>, Fault> {
        let rows = self.sql.exec(
            SELECT_POSTED,
            &[conversation.ordinal().into(), SqlValue::Text(author_key(author)), SqlValue::text(id.as_str())],
        )?;
        rows.first().map(entry).transpose()
    }

    /// The page of entries after or before a number, in order. It costs what is on it, however long the log is.
    pub fn page(&self, conversation: &ConversationId, page: Page) -> Result<Vec<Entry>, Fault> {
        let (statement, number) = match page {
            Page::After(number) => (SELECT_PAGE_AFTER, number),
            Page::Before(number) => (SELECT_PAGE_BEFORE, number),
        };
        // A number beyond what can be stored is beyond every log.
        let number = seq_value(number.min(MOST_SEQ))?;
        let rows = self.sql.exec(
            statement,
            &[conversation.ordinal().into(), number, MAX_ENTRIES_PER_FRAME.into(), MAX_PAGE_CHARS.into()],
        )?;
        rows.iter().map(entry).collect()
    }

    fn conversation(&self, row: &Row) -> Result<Conversation, Fault> {
        let ordinal =
            u32::try_from(row.integer(0)?).map_err(|_| Fault::Corrupt("ordinal out of range".into()))?;
        let queue = QueueId::parse(row.text(1)?).map_err(|error| Fault::Corrupt(error.to_string()))?;
        Ok(Conversation {
            id: self.id(ordinal)?,
            queue,
            person: from_json(row.text(2)?)?,
            phase: from_json(row.text(3)?)?,
            closing: from_json(row.text(4)?)?,
            last_seq: seq(row.integer(5)?)?,
        })
    }

    fn id(&self, ordinal: u32) -> Result<ConversationId, Fault> {
        ConversationId::of(&self.object, ordinal)
            .map_err(|error| Fault::Platform(format!("object id: {error}")))
    }
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        seq: seq(row.integer(0)?)?,
        at: Timestamp::from_millis(row.integer(1)?),
        body: EntryBody::read(row.text(2)?),
    })
}

fn author_key(speaker: &Speaker) -> String {
    match speaker {
        Speaker::Citizen => "citizen".to_string(),
        Speaker::Advisor(advisor) => format!("advisor:{}", advisor.id),
    }
}

fn seq(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| Fault::Corrupt("negative sequence number".into()))
}

fn seq_value(value: u64) -> Result<SqlValue, Fault> {
    i64::try_from(value)
        .map(SqlValue::Integer)
        .map_err(|_| Fault::Corrupt("sequence number out of range".into()))
}

const MOST_SEQ: u64 = 1 << 53;

// The number of the newest entry is asked of the log itself: a message is one row written, and nothing that could disagree.
const SELECT_NEWEST: &str = "SELECT ordinal, queue, person, phase, closing, \
     (SELECT coalesce(max(seq), 0) FROM entry WHERE conversation = ordinal) \
     FROM conversation ORDER BY ordinal DESC LIMIT 1";
const SELECT_CONVERSATION: &str = "SELECT ordinal, queue, person, phase, closing, \
     (SELECT coalesce(max(seq), 0) FROM entry WHERE conversation = ordinal) \
     FROM conversation WHERE ordinal = ?1";
const UPSERT_CONVERSATION: &str = "INSERT INTO conversation (ordinal, queue, person, phase, closing) \
     VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (ordinal) DO UPDATE SET queue = ?2, person = ?3, phase = ?4, closing = ?5";
const INSERT_ENTRY: &str = "INSERT INTO entry (conversation, seq, at, author, message_id, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (conversation, author, message_id) WHERE message_id IS NOT NULL DO NOTHING RETURNING seq";
const SELECT_POSTED: &str =
    "SELECT seq, at, body FROM entry WHERE conversation = ?1 AND author = ?2 AND message_id = ?3";
const SELECT_PAGE_AFTER: &str = "SELECT seq, at, body FROM ( \
     SELECT seq, at, body, sum(length(body)) OVER (ORDER BY seq) - length(body) AS before \
     FROM (SELECT seq, at, body FROM entry WHERE conversation = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3)) \
     WHERE before < ?4 ORDER BY seq";
const SELECT_PAGE_BEFORE: &str = "SELECT seq, at, body FROM ( \
     SELECT seq, at, body, sum(length(body)) OVER (ORDER BY seq DESC) - length(body) AS before \
     FROM (SELECT seq, at, body FROM entry WHERE conversation = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3)) \
     WHERE before < ?4 ORDER BY seq";
