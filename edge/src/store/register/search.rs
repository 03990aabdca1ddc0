// SPDX-License-Identifier: EUPL-1.2
//! Conversations searched for, in pages from the newest, and the reading list of comments.

use infocig_domain::figures::Record;
use infocig_protocol::{
    entry::Outcome,
    id::{AdvisorId, ConversationId, QueueId},
    rating::Answer,
    report::{FoundConversation, PersonComment},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::RegisterStore;
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
    store::{from_json, to_json},
};

/// The conversations searched for: those that are all that is said here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchQuery {
    /// The queues they last waited in.
    pub queues: Vec<QueueId>,
    /// Their ids begin so: of a person all, of a number those that have it.
    pub begins: Option<String>,
    /// Their number among the conversations of their person.
    pub ordinal: Option<u32>,
    /// They are among these.
    pub among: Option<Vec<ConversationId>>,
    /// Their topic: the ids of three levels with `/` between them.
    pub topic: Option<String>,
    /// Their outcome.
    pub outcome: Option<Outcome>,
    /// The advisor who held them last.
    pub advisor: Option<AdvisorId>,
    /// They entered from this instant on.
    pub from: Option<Timestamp>,
    /// They entered before this instant.
    pub to: Option<Timestamp>,
    /// The place in the list after which the page begins.
    pub after: Option<Place>,
    /// The most on a page.
    pub limit: u32,
}

/// The comments to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentQuery {
    /// The queues their conversations last waited in.
    pub queues: Vec<QueueId>,
    /// Whether a supervisor had read them.
    pub handled: Option<bool>,
    /// The rating beside them.
    pub rating: Option<Answer>,
    /// The place in the list after which the page begins.
    pub after: Option<Place>,
    /// The most on a page.
    pub limit: u32,
}

/// A place in a list that is sorted by instant and conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The instant.
    pub at: Timestamp,
    /// The conversation.
    pub conversation: ConversationId,
}

impl Place {
    /// The text that travels as a cursor.
    pub fn write(&self) -> String {
        format!("{}.{}", self.at.as_millis(), self.conversation)
    }

    /// Reads a cursor.
    pub fn read(text: &str) -> Option<Self> {
        let (at, conversation) = text.split_once('.')?;
        let at = at.parse().ok().filter(|at| (0..=LATEST).contains(at))?;
        Some(Self { at: Timestamp::from_millis(at), conversation: ConversationId::parse(conversation).ok()? })
    }
}

impl<S: Sql> RegisterStore<S> {
    /// A page of conversations, newest first.
    pub fn search(&self, query: &SearchQuery) -> Result<Vec<FoundConversation>, Fault> {
        let statement = match query {
            SearchQuery { among: Some(_), .. } => SELECT_AMONG,
            SearchQuery { begins: Some(_), .. } => SELECT_BY_ID,
            SearchQuery { advisor: Some(_), .. } => SELECT_BY_ADVISOR,
            SearchQuery { topic: Some(_), .. } => SELECT_BY_TOPIC,
            SearchQuery { outcome: Some(outcome), .. } if *outcome != Outcome::Online => SELECT_BY_OUTCOME,
            SearchQuery { .. } => SELECT_BY_ENTRY,
        };
        let (at, conversation) = bounds(query.after.as_ref());
        let instant = |at: Option<Timestamp>, or: i64| SqlValue::Integer(at.map_or(or, Timestamp::as_millis));
        let begins = query.begins.clone().unwrap_or_default();
        let ordinal = query.ordinal.map(|ordinal| format!("%-{ordinal}"));
        let mut page = Vec::new();
        for queue in &query.queues {
            let row = [
                SqlValue::text(queue.as_str()),
                instant(query.from, 0),
                instant(query.to, LATEST),
                at.clone(),
                conversation.clone(),
                query.limit.into(),
                query.topic.clone().into(),
                query.outcome.map(|outcome| outcome.as_str().to_string()).into(),
                query.advisor.as_ref().map(ToString::to_string).into(),
                SqlValue::text(&*begins),
                // Greater than every id that begins so.
                SqlValue::text(format!("{begins}~")),
                ordinal.clone().into(),
                query.among.as_ref().map(to_json).transpose()?.into(),
            ];
            for row in &self.sql.exec(statement, &row)? {
                page.push(found(from_json(row.text(0)?)?));
            }
        }
        Ok(newest(page, query.limit, |one| (one.entered, &one.conversation)))
    }

    /// A page of comments that were written since an instant, newest first.
    pub fn comments(
        &self,
        query: &CommentQuery,
        since: Option<Timestamp>,
    ) -> Result<Vec<PersonComment>, Fault> {
        let (at, conversation) = bounds(query.after.as_ref());
        let mut page = Vec::new();
        for queue in &query.queues {
            let row = [
                SqlValue::text(queue.as_str()),
                query.handled.map_or(SqlValue::Null, |handled| i64::from(handled).into()),
                query.rating.map(|rating| rating.as_str().to_string()).into(),
                at.clone(),
                conversation.clone(),
                since.map_or(0, Timestamp::as_millis).into(),
                query.limit.into(),
            ];
            for row in &self.sql.exec(SELECT_COMMENTS, &row)? {
                page.push(comment(row)?);
            }
        }
        Ok(newest(page, query.limit, |one| (one.commented, &one.conversation)))
    }

    /// A supervisor has read the comment of a conversation of their queues. `false` if there is none.
    pub fn handle_comment(
        &self,
        queues: &[QueueId],
        conversation: &ConversationId,
        supervisor: &AdvisorId,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let (key, queues) = (SqlValue::text(conversation.as_str()), SqlValue::Text(to_json(&queues)?));
        let by = SqlValue::text(supervisor.as_str());
        let rows = self.sql.exec(UPDATE_HANDLED, &[key, queues, now.as_millis().into(), by])?;
        Ok(!rows.is_empty())
    }
}

/// The bounds a page stays below.
fn bounds(after: Option<&Place>) -> (SqlValue, SqlValue) {
    let at = after.map_or(LATEST, |place| place.at.as_millis());
    (at.into(), SqlValue::text(after.map_or("", |place| place.conversation.as_str())))
}

/// One page of the pages of several queues: each has its newest rows, and the page the newest of them all.
fn newest<T>(mut page: Vec<T>, limit: u32, place: impl Fn(&T) -> (Timestamp, &ConversationId)) -> Vec<T> {
    page.sort_by(|a, b| place(b).cmp(&place(a)));
    page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    page
}

fn found(record: Record) -> FoundConversation {
    FoundConversation {
        number: record.conversation.number(),
        request: record.is_request(),
        conversation: record.conversation,
        queue: record.queue,
        entered: record.entered,
        answered: record.answered,
        ended: record.ended,
        category: record.category,
        province: record.province,
        language: record.language,
        entry_point: record.entry_point,
        topic: record.topic,
        outcome: record.outcome,
        advisor: record.advisor,
        rating: record.rating,
    }
}

fn comment(row: &Row) -> Result<PersonComment, Fault> {
    let record: Record = from_json(row.text(5)?)?;
    let conversation = record.conversation;
    let optional = |column: usize| row.0.get(column).filter(|value| **value != SqlValue::Null);
    let supervisor =
        |_| AdvisorId::parse(row.text(4)?).map_err(|error| Fault::Corrupt(format!("supervisor: {error}")));
    Ok(PersonComment {
        number: conversation.number(),
        conversation,
        commented: Timestamp::from_millis(row.integer(1)?),
        text: row.text(2)?.to_string(),
        rating: record.rating,
        topic: record.topic,
        handled: optional(3).map(|_| row.integer(3).map(Timestamp::from_millis)).transpose()?,
        handled_by: optional(4).map(supervisor).transpose()?,
    })
}

/// Instants in SQL are exact up to here.
const LATEST: i64 = (1 << 53) - 1;

/// A search by the index that its first filter has; the others are looked at in each row. An index is in the order of entry
/// alone: the few that entered at the same instant are sorted.
macro_rules! search {
    ($index:literal, $where:literal) => {
        concat!(
            "SELECT body FROM record INDEXED BY ",
            $index,
            " WHERE queue = ?1 AND ",
            $where,
            " AND entered >= ?2 AND entered < min(?3, ?4 + 1) AND (entered, conversation) < (?4, ?5) \
             AND (?7 IS NULL OR topic = ?7) AND (?8 IS NULL OR outcome = ?8) AND (?9 IS NULL OR advisor = ?9) \
             AND conversation >= ?10 AND conversation < ?11 AND (?12 IS NULL OR conversation LIKE ?12) \
             AND (?13 IS NULL OR conversation IN (SELECT value FROM json_each(?13))) \
             ORDER BY entered DESC, conversation DESC LIMIT ?6"
        )
    };
}

/// Each statement of a search with the index it is to use.
#[cfg(test)]
pub(crate) const STATEMENTS: [(&str, &str); 6] = [
    (SELECT_BY_ENTRY, "record_by_entry (queue=? AND entered>? AND entered<?)"),
    (SELECT_BY_TOPIC, "record_by_topic (queue=? AND topic=? AND entered>? AND entered<?)"),
    (SELECT_BY_OUTCOME, "record_by_outcome (queue=? AND outcome=? AND entered>? AND entered<?)"),
    (SELECT_BY_ADVISOR, "record_by_advisor (queue=? AND advisor=? AND entered>? AND entered<?)"),
    (SELECT_BY_ID, "sqlite_autoindex_record_1 (conversation>? AND conversation<?)"),
    (SELECT_AMONG, "sqlite_autoindex_record_1 (conversation=?)"),
];

const SELECT_BY_ENTRY: &str = search!("record_by_entry", "1");
const SELECT_BY_TOPIC: &str = search!("record_by_topic", "topic = ?7");
const SELECT_BY_OUTCOME: &str = search!("record_by_outcome", "outcome = ?8 AND outcome <> 'online'");
const SELECT_BY_ADVISOR: &str = search!("record_by_advisor", "advisor = ?9");
const SELECT_BY_ID: &str = search!("sqlite_autoindex_record_1", "1");
const SELECT_AMONG: &str =
    search!("sqlite_autoindex_record_1", "conversation IN (SELECT value FROM json_each(?13))");
const SELECT_COMMENTS: &str = "SELECT comment.conversation, commented, text, handled, handled_by, body \
     FROM comment CROSS JOIN record ON record.conversation = comment.conversation \
     WHERE queue = ?1 AND (?2 IS NULL OR (handled IS NOT NULL) = ?2) AND (?3 IS NULL OR body ->> 'rating' = ?3) \
     AND (commented, comment.conversation) < (?4, ?5) AND commented >= ?6 \
     ORDER BY commented DESC, comment.conversation DESC LIMIT ?7";
const UPDATE_HANDLED: &str = "UPDATE comment SET handled = coalesce(handled, ?3), handled_by = coalesce(handled_by, ?4) \
     WHERE conversation = ?1 AND EXISTS (SELECT 1 FROM record WHERE conversation = ?1 \
     AND queue IN (SELECT value FROM json_each(?2))) \
     RETURNING conversation";
