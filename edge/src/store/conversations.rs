// SPDX-License-Identifier: EUPL-1.2
//! The conversations of one object and their logs.

use infocig_domain::{
    conversation::{Conversation, InactivityTimeouts, Phase, StoredConversation, beginning},
    policy::QueueAddress,
    transcript::StoredEntry,
};
use infocig_protocol::{
    entry::{Entry, EntryBody, Party},
    frame::{EarlierConversation, Page},
    id::{ConversationId, DeskId, InvalidId, MessageId, QueueId},
    limits::{MAX_ENTRIES_PER_FRAME, MAX_HISTORY, MAX_PAGE_CHARS},
    rating::{Answer, Rating},
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
    timeouts: InactivityTimeouts,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../../schema/conversation_0001.sql"), include_str!("../../schema/post_0001.sql")),
    include_str!("../../schema/conversation_0002.sql"),
    include_str!("../../schema/visit_0001.sql"),
    include_str!("../../schema/messaging_0002.sql"),
    include_str!("../../schema/stored_link_0002.sql"),
    include_str!("../../schema/conversation_0003.sql"),
    include_str!("../../schema/conversation_0004.sql"),
    include_str!("../../schema/erasure_0001.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/conversation.sql"),
];

impl<S: Sql> ConversationStore<S> {
    /// The store of the object with that id, with its schema brought up to date. `timeouts` is not stored: the policy has it.
    pub fn open(sql: S, object: String, timeouts: InactivityTimeouts) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql, object, timeouts })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// The newest conversation, if there is any.
    pub fn newest(&self) -> Result<Option<Conversation>, Fault> {
        let rows = self.sql.exec(SELECT_NEWEST, &[])?;
        rows.first().map(|row| self.conversation(row)).transpose()
    }

    /// The newest conversations, newest first.
    pub fn recent(&self, most: u32) -> Result<Vec<Conversation>, Fault> {
        let rows = self.sql.exec(SELECT_RECENT, &[most.into()])?;
        rows.iter().map(|row| self.conversation(row)).collect()
    }

    /// One conversation.
    pub fn find(&self, id: &ConversationId) -> Result<Option<Conversation>, Fault> {
        if id.object() != self.object {
            return Ok(None);
        }
        let rows = self.sql.exec(SELECT_CONVERSATION, &[id.ordinal().into()])?;
        rows.first().map(|row| self.conversation(row)).transpose()
    }

    /// Whether there is one before that.
    pub fn has_earlier(&self, than: &ConversationId) -> Result<bool, Fault> {
        Ok(!self.sql.exec(SELECT_ANY_EARLIER, &[than.ordinal().into()])?.is_empty())
    }

    /// The id that a conversation gets which begins now. An object whose storage was lost, or is an older copy, gives no id
    /// that it has given before: ordinals do not fall behind the clock.
    pub fn next_id(&self, now: Timestamp) -> Result<ConversationId, Fault> {
        let last = self.newest()?.map_or(0, |conversation| conversation.id().ordinal());
        self.id(first_ordinal(now).max(last + 1))
    }

    /// Writes a conversation's row.
    pub fn save(&self, conversation: &Conversation) -> Result<(), Fault> {
        let stored = conversation.stored();
        self.sql.exec(
            UPSERT_CONVERSATION,
            &[
                stored.id.ordinal().into(),
                SqlValue::text(stored.address.queue.as_str()),
                SqlValue::Text(to_json(&stored.person)?),
                SqlValue::Text(to_json(&stored.phase)?),
                SqlValue::Text(to_json(&stored.closing)?),
                SqlValue::Text(to_json(&stored.subject)?),
                SqlValue::Text(to_json(&stored.segnalazioni)?),
                SqlValue::text(stored.address.desk.as_str()),
            ],
        )?;
        Ok(())
    }

    /// Appends an entry, and returns its body as it is stored. `author` is absent for entries of the service.
    pub fn append(
        &self,
        conversation: &ConversationId,
        author: Option<&str>,
        entry: &Entry,
    ) -> Result<String, Fault> {
        let message_id = entry.body.message_id().filter(|_| author.is_some());
        let body = to_json(&entry.body)?;
        self.sql.run(
            INSERT_ENTRY,
            &[
                place(conversation, entry.seq)?,
                entry.at.as_millis().into(),
                author.filter(|_| message_id.is_some()).map(str::to_string).into(),
                message_id.map(|id| id.as_str().to_string()).into(),
                SqlValue::text(&*body),
            ],
        )?;
        Ok(body)
    }

    /// Every message of a conversation: its author, its id and its number.
    pub fn posted(&self, conversation: &ConversationId) -> Result<Vec<(String, MessageId, u64)>, Fault> {
        let (from, to) = (place(conversation, 0)?, place(conversation, u64::MAX)?);
        let rows = self.sql.exec(SELECT_POSTED, &[from, to])?;
        let message = |row: &Row| {
            let id = MessageId::parse(row.text(2)?).map_err(|error| Fault::Corrupt(error.to_string()))?;
            Ok((row.text(1)?.to_string(), id, seq(row.integer(0)?)?))
        };
        rows.iter().map(message).collect()
    }

    /// The entry with a number, if there is one.
    pub fn entry(&self, conversation: &ConversationId, number: u64) -> Result<Option<Entry>, Fault> {
        let rows = self.sql.exec(SELECT_ENTRY, &[place(conversation, number)?])?;
        rows.first().map(entry).transpose()
    }

    /// The page of entries after or before a number, in order. Its cost does not grow with the log.
    pub fn page(&self, conversation: &ConversationId, page: Page) -> Result<Vec<Entry>, Fault> {
        let (statement, from, to) = match page {
            Page::After(number) => (SELECT_PAGE_AFTER, number, PLACES - 1),
            Page::Before(number) => (SELECT_PAGE_BEFORE, 0, number),
        };
        let (from, to) = (place(conversation, from)?, place(conversation, to)?);
        let rows =
            self.sql.exec(statement, &[from, to, MAX_ENTRIES_PER_FRAME.into(), MAX_PAGE_CHARS.into()])?;
        rows.iter().map(entry).collect()
    }

    /// When the person can enter again, if they are or were blocked.
    pub fn blocked_until(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_BLOCK, &[])?;
        rows.first().map(|row| Ok(Timestamp::from_millis(row.integer(0)?))).transpose()
    }

    /// The person cannot enter before `until`.
    pub fn block(&self, until: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPSERT_BLOCK, &[until.as_millis().into()])
    }

    /// The person can enter again.
    pub fn lift_block(&self) -> Result<(), Fault> {
        self.sql.run(DELETE_BLOCK, &[])
    }

    /// Deletes everything of a conversation. Call it in a transaction that has marked the store for an erasure of its bytes.
    pub fn forget(&self, id: &ConversationId) -> Result<(), Fault> {
        let (from, to) = (place(id, 0)?, place(id, PLACES - 1)?);
        self.sql.exec(DELETE_ENTRIES, &[from, to])?;
        self.sql.run(DELETE_RATING, &[id.ordinal().into()])?;
        self.sql.run(DELETE_CONVERSATION, &[id.ordinal().into()])
    }

    /// Deletes the messages that were given up, which may have words.
    pub fn forget_dead_letters(&self) -> Result<(), Fault> {
        self.sql.run(DELETE_DEAD_LETTERS, &[])
    }

    /// Whether nothing is left that must survive an erasure of the whole object. Ordinals and numbers of messages follow the clock.
    pub fn is_blank(&self) -> Result<bool, Fault> {
        Ok(self.sql.exec(SELECT_ANYTHING, &[])?.is_empty())
    }

    /// The ids of all conversations, oldest first.
    pub fn ids(&self) -> Result<Vec<ConversationId>, Fault> {
        self.sql.exec(SELECT_ORDINALS, &[])?.iter().map(|row| self.id(ordinal(row)?)).collect()
    }

    /// The person's rating of a conversation, if there is one.
    pub fn rating(&self, conversation: &ConversationId) -> Result<Option<Rating>, Fault> {
        let rows = self.sql.exec(SELECT_RATING, &[conversation.ordinal().into()])?;
        let rating = |row: &Row| {
            let answer = Answer::parse(row.text(0)?);
            let answer = answer.ok_or_else(|| Fault::Corrupt("a rating without an answer".into()))?;
            let comment = Some(row.text(1)?.to_string()).filter(|comment| !comment.is_empty());
            Ok(Rating { answer, comment })
        };
        rows.first().map(rating).transpose()
    }

    /// Writes the person's rating of a conversation over an earlier one.
    pub fn rate(&self, conversation: &ConversationId, rating: &Rating, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(
            UPSERT_RATING,
            &[
                conversation.ordinal().into(),
                now.as_millis().into(),
                SqlValue::text(rating.answer.as_str()),
                rating.comment.clone().into(),
            ],
        )
    }

    /// The conversations before this one, newest first. Its cost grows neither with their number
    /// nor with their logs.
    pub fn history(&self, before: &ConversationId) -> Result<Vec<EarlierConversation>, Fault> {
        let rows = self.sql.exec(SELECT_HISTORY, &[before.ordinal().into(), MAX_HISTORY.into()])?;
        rows.iter().filter_map(|row| self.ended(row).transpose()).collect()
    }

    /// A conversation that is over, as the history has it; `None` for an open one.
    fn ended(&self, row: &Row) -> Result<Option<EarlierConversation>, Fault> {
        let phase: Phase = from_json(row.text(1)?)?;
        let Phase::Closed { at: closed, by, outcome, last_advisor, .. } = phase else { return Ok(None) };
        Ok(Some(EarlierConversation {
            conversation: self.id(ordinal(row)?)?,
            opened: Timestamp::from_millis(row.integer(2)?),
            closed,
            by,
            outcome,
            advisor: last_advisor,
            preview: beginning(row.text(5)?),
            entries: seq(row.integer(3)?)?,
            segnalazioni: from_json(row.text(4)?)?,
        }))
    }

    /// How the first message of the person begins; `None` if they wrote none.
    pub fn begins(&self, conversation: &ConversationId) -> Result<Option<String>, Fault> {
        let rows = self.sql.exec(SELECT_BEGINS, &[conversation.ordinal().into()])?;
        Ok(rows.first().map(|row| row.text(0)).transpose()?.and_then(beginning))
    }

    /// The entries after a number as they are stored, a page of them.
    pub fn stored(&self, conversation: &ConversationId, after: u64) -> Result<Vec<StoredEntry>, Fault> {
        let (from, to) = (place(conversation, after)?, place(conversation, PLACES - 1)?);
        let page = [from, to, MAX_ENTRIES_PER_FRAME.into(), MAX_PAGE_CHARS.into()];
        let stored = |row: &Row| {
            let (seq, at) = (seq(row.integer(0)?)?, Timestamp::from_millis(row.integer(1)?));
            Ok(StoredEntry { seq, at, body: row.text(2)?.to_string() })
        };
        self.sql.exec(SELECT_PAGE_AFTER, &page)?.iter().map(stored).collect()
    }

    fn conversation(&self, row: &Row) -> Result<Conversation, Fault> {
        let corrupt = |error: InvalidId| Fault::Corrupt(error.to_string());
        let queue = QueueId::parse(row.text(1)?).map_err(corrupt)?;
        let address = match row.0.get(8) {
            None | Some(SqlValue::Null) => QueueAddress::from(queue),
            Some(_) => QueueAddress { queue, desk: DeskId::parse(row.text(8)?).map_err(corrupt)? },
        };
        let id = self.id(ordinal(row)?)?;
        let stored = StoredConversation {
            address,
            person: from_json(row.text(2)?)?,
            phase: from_json(row.text(3)?)?,
            closing: from_json(row.text(4)?)?,
            subject: from_json(row.text(6)?)?,
            segnalazioni: from_json(row.text(7)?)?,
            last_seq: seq(row.integer(5)?)?,
            last_message: self.last_message(&id)?,
            id,
        };
        Conversation::restore(stored, self.timeouts).map_err(|corrupt| Fault::Corrupt(corrupt.to_string()))
    }

    /// Author and time of the newest message.
    fn last_message(&self, conversation: &ConversationId) -> Result<Option<(Party, Timestamp)>, Fault> {
        let (from, to) = (place(conversation, 0)?, place(conversation, u64::MAX)?);
        let rows = self.sql.exec(SELECT_LAST_MESSAGE, &[from, to])?;
        let said = |row: &Row| {
            let party = if row.text(0)? == CITIZEN { Party::Citizen } else { Party::Advisor };
            Ok((party, Timestamp::from_millis(row.integer(1)?)))
        };
        rows.first().map(said).transpose()
    }

    fn id(&self, ordinal: u32) -> Result<ConversationId, Fault> {
        ConversationId::of(&self.object, ordinal)
            .map_err(|error| Fault::Platform(format!("object id: {error}")))
    }
}

/// One for each ten minutes since 2026 began: a person who begins six conversations in half an hour is ahead of it by a few,
/// for as long. From 2065 on it stands still, within the places that a number holds exactly.
fn first_ordinal(now: Timestamp) -> u32 {
    let tens = (now.as_millis() - COUNTED_FROM_MS) / COUNTED_BY_MS;
    u32::try_from(tens).map_or(1, |tens| tens.clamp(1, LAST_COUNTED))
}

const COUNTED_FROM_MS: i64 = 1_767_225_600_000;
const COUNTED_BY_MS: i64 = 600_000;
const LAST_COUNTED: u32 = 2_050_000;

fn ordinal(row: &Row) -> Result<u32, Fault> {
    u32::try_from(row.integer(0)?).map_err(|_| Fault::Corrupt("ordinal out of range".into()))
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    Ok(Entry {
        seq: seq(row.integer(0)?)?,
        at: Timestamp::from_millis(row.integer(1)?),
        body: EntryBody::read(row.text(2)?),
    })
}

fn seq(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| Fault::Corrupt("negative sequence number".into()))
}

/// The place of an entry. A number too large to store is beyond every log.
fn place(conversation: &ConversationId, number: u64) -> Result<SqlValue, Fault> {
    let place = u64::from(conversation.ordinal()) * PLACES + number.min(PLACES - 1);
    i64::try_from(place)
        .map(SqlValue::Integer)
        .map_err(|_| Fault::Corrupt("conversation's ordinal out of range".into()))
}

/// The name of the person as an author; advisors have other names.
pub const CITIZEN: &str = "citizen";
/// The name of the automatic assistant as an author. Its entries are no messages.
pub const ASSISTANT: &str = "assistant";

/// Places of a conversation: its ordinal times this, and an entry's number.
const PLACES: u64 = 1 << 32;

// The number of the newest entry is asked of the log itself: a message is one row written, and nothing that could disagree.
const SELECT_NEWEST: &str = "SELECT ordinal, queue, person, phase, closing, \
     (SELECT coalesce(max(place), 0) FROM entry WHERE place BETWEEN ordinal << 32 AND (ordinal << 32) + 0xffffffff) & 0xffffffff, \
     subject, segnalazioni, desk FROM conversation ORDER BY ordinal DESC LIMIT 1";
const SELECT_ANY_EARLIER: &str = "SELECT 1 FROM conversation WHERE ordinal < ?1 LIMIT 1";
const SELECT_RECENT: &str = "SELECT ordinal, queue, person, phase, closing, \
     (SELECT coalesce(max(place), 0) FROM entry WHERE place BETWEEN ordinal << 32 AND (ordinal << 32) + 0xffffffff) & 0xffffffff, \
     subject, segnalazioni, desk FROM conversation ORDER BY ordinal DESC LIMIT ?1";
const SELECT_CONVERSATION: &str = "SELECT ordinal, queue, person, phase, closing, \
     (SELECT coalesce(max(place), 0) FROM entry WHERE place BETWEEN ordinal << 32 AND (ordinal << 32) + 0xffffffff) & 0xffffffff, \
     subject, segnalazioni, desk FROM conversation WHERE ordinal = ?1";
/// A query for how the first message of the person begins.
macro_rules! first_words_in {
    ($ordinal:literal) => {
        concat!(
            "SELECT substr(body ->> '$.message.text', 1, 200) FROM entry WHERE place BETWEEN ",
            $ordinal,
            " << 32 AND (",
            $ordinal,
            " << 32) + 0xffffffff AND author = 'citizen' AND body ->> '$.message.text' IS NOT NULL ORDER BY place LIMIT 1"
        )
    };
}
const SELECT_BEGINS: &str = first_words_in!("?1");
// Three seeks for each: to its first entry, to its last one, and to the first message, which is near the first entry.
const SELECT_HISTORY: &str = concat!(
    "SELECT ordinal, phase, first.at, last.place & 0xffffffff, segnalazioni, coalesce((",
    first_words_in!("ordinal"),
    "), '') FROM (SELECT ordinal, phase, segnalazioni FROM conversation WHERE ordinal < ?1 ORDER BY ordinal DESC LIMIT ?2) \
     JOIN entry AS first ON first.place = (ordinal << 32) + 1 \
     JOIN entry AS last ON last.place = \
     (SELECT max(place) FROM entry WHERE place BETWEEN ordinal << 32 AND (ordinal << 32) + 0xffffffff) \
     ORDER BY ordinal DESC"
);
const UPSERT_CONVERSATION: &str = "INSERT INTO conversation (ordinal, queue, person, phase, closing, subject, segnalazioni, desk) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
     ON CONFLICT (ordinal) DO UPDATE SET queue = ?2, person = ?3, phase = ?4, closing = ?5, subject = ?6, segnalazioni = ?7, \
     desk = ?8";
const INSERT_ENTRY: &str =
    "INSERT INTO entry (place, at, author, message_id, body) VALUES (?1, ?2, ?3, ?4, ?5)";
const DELETE_ENTRIES: &str = "DELETE FROM entry WHERE place BETWEEN ?1 AND ?2";
const DELETE_RATING: &str = "DELETE FROM rating WHERE ordinal = ?1";
const DELETE_CONVERSATION: &str = "DELETE FROM conversation WHERE ordinal = ?1";
const DELETE_DEAD_LETTERS: &str = "DELETE FROM dead_letter";
const SELECT_ORDINALS: &str = "SELECT ordinal FROM conversation ORDER BY ordinal";
const SELECT_ANYTHING: &str =
    "SELECT 1 FROM conversation UNION ALL SELECT 1 FROM outbox UNION ALL SELECT 1 FROM block LIMIT 1";
const SELECT_BLOCK: &str = "SELECT until FROM block";
const UPSERT_BLOCK: &str =
    "INSERT INTO block (only_row, until) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET until = ?1";
const DELETE_BLOCK: &str = "DELETE FROM block";
const SELECT_RATING: &str = "SELECT answer, coalesce(comment, '') FROM rating WHERE ordinal = ?1";
const UPSERT_RATING: &str = "INSERT INTO rating (ordinal, at, answer, comment) VALUES (?1, ?2, ?3, ?4) \
     ON CONFLICT (ordinal) DO UPDATE SET at = ?2, answer = ?3, comment = ?4";
const SELECT_POSTED: &str = "SELECT place & 0xffffffff, author, message_id FROM entry \
     WHERE place BETWEEN ?1 AND ?2 AND message_id IS NOT NULL";
const SELECT_LAST_MESSAGE: &str = "SELECT author, at FROM entry WHERE place BETWEEN ?1 AND ?2 AND message_id IS NOT NULL \
     AND author <> 'assistant' ORDER BY place DESC LIMIT 1";
const SELECT_ENTRY: &str = "SELECT place & 0xffffffff, at, body FROM entry WHERE place = ?1";
const SELECT_PAGE_AFTER: &str = "SELECT place & 0xffffffff, at, body FROM ( \
     SELECT place, at, body, sum(length(body)) OVER (ORDER BY place) - length(body) AS before \
     FROM (SELECT place, at, body FROM entry WHERE place > ?1 AND place <= ?2 ORDER BY place LIMIT ?3)) \
     WHERE before < ?4 ORDER BY place";
const SELECT_PAGE_BEFORE: &str = "SELECT place & 0xffffffff, at, body FROM ( \
     SELECT place, at, body, sum(length(body)) OVER (ORDER BY place DESC) - length(body) AS before \
     FROM (SELECT place, at, body FROM entry WHERE place > ?1 AND place < ?2 ORDER BY place DESC LIMIT ?3)) \
     WHERE before < ?4 ORDER BY place";
