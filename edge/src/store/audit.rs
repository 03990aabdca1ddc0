// SPDX-License-Identifier: EUPL-1.2
//! The audit trail of a desk: a row for each act of a supervisor on a conversation, in the transaction of the act, and for each
//! look at what is stored, before it is answered. No row is ever changed or deleted.

use infocig_domain::desk::AuditRow;
use infocig_protocol::{
    id::{AdvisorId, ConversationId, QueueId},
    report::{Asked, AuditedAct, AuditedKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{DeskStore, from_json, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// A look of a supervisor at what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// The supervisor.
    pub supervisor: AdvisorId,
    /// The kind.
    pub act: AuditedKind,
    /// The conversation, where it is about one.
    pub conversation: Option<ConversationId>,
    /// The parameters of the request.
    pub asked: Vec<Asked>,
}

/// The part of the audit trail that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// About these queues.
    pub queues: Vec<QueueId>,
    /// The only supervisor whose acts about no queue are included; absent for everybody's.
    pub without_queue: Option<AdvisorId>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Of this supervisor.
    pub supervisor: Option<AdvisorId>,
    /// Of this kind.
    pub act: Option<AuditedKind>,
    /// About conversations with this number: the beginning of their ids, and their ordinal.
    pub number: Option<(String, u32)>,
    /// The place after which the page begins.
    pub after: Option<AuditPlace>,
    /// The most on a page.
    pub limit: u32,
}

/// A place in the audit trail, which is sorted by instant and row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditPlace {
    /// The instant.
    pub at: Timestamp,
    /// The number of the row.
    pub row: i64,
}

impl AuditPlace {
    /// The text that travels as a cursor.
    pub fn write(self) -> String {
        format!("{}.{}", self.at.as_millis(), self.row)
    }

    /// Reads a cursor.
    pub fn read(text: &str) -> Option<Self> {
        let (at, row) = text.split_once('.')?;
        let exact = |text: &str| text.parse().ok().filter(|number| (0..=LATEST).contains(number));
        Some(Self { at: Timestamp::from_millis(exact(at)?), row: exact(row)? })
    }
}

impl<S: Sql> DeskStore<S> {
    /// Adds an act on a conversation. Call it in the transaction of the act.
    pub(super) fn add_act(&self, row: &AuditRow) -> Result<(), Fault> {
        let AuditRow { at, supervisor, act, conversation, queue, details } = row;
        let row = [
            at.as_millis().into(),
            SqlValue::text(supervisor.as_str()),
            SqlValue::text(act.as_str()),
            SqlValue::text(conversation.as_str()),
            SqlValue::Null,
            queue.as_ref().map(ToString::to_string).into(),
            details.as_ref().map(to_json).transpose()?.into(),
        ];
        self.sql().run(INSERT_AUDIT, &row)
    }

    /// Adds a look at what is stored.
    pub fn add_look(&self, look: &Look, now: Timestamp) -> Result<(), Fault> {
        let asked = (!look.asked.is_empty()).then(|| to_json(&look.asked)).transpose()?;
        let row = [
            now.as_millis().into(),
            SqlValue::text(look.supervisor.as_str()),
            SqlValue::text(look.act.as_str()),
            look.conversation.as_ref().map(ToString::to_string).into(),
            asked.into(),
            SqlValue::Null,
            SqlValue::Null,
        ];
        self.sql().run(INSERT_AUDIT, &row)
    }

    /// A page of the audit trail, newest first, each act with its place.
    pub fn audit(&self, query: &AuditQuery) -> Result<Vec<(AuditPlace, AuditedAct)>, Fault> {
        let instant = |at: Option<Timestamp>, or: i64| SqlValue::Integer(at.map_or(or, Timestamp::as_millis));
        let place = query.after.map_or((LATEST, 0), |place| (place.at.as_millis(), place.row));
        let (begins, ordinal) = query.number.clone().unzip();
        let statement = if begins.is_some() { SELECT_BY_CONVERSATION } else { SELECT_BY_TIME };
        let begins = begins.unwrap_or_default();
        let rows = self.sql().exec(
            statement,
            &[
                instant(query.from, 0),
                instant(query.to, LATEST),
                place.0.into(),
                place.1.into(),
                query.limit.into(),
                query.supervisor.as_ref().map(ToString::to_string).into(),
                query.act.map(|act| act.as_str().to_string()).into(),
                // Greater than every id that begins so.
                SqlValue::text(format!("{begins}~")),
                SqlValue::Text(begins),
                ordinal.map(|ordinal| format!("%-{ordinal}")).into(),
                SqlValue::Text(to_json(&query.queues)?),
                query.without_queue.as_ref().map(ToString::to_string).into(),
            ],
        )?;
        rows.iter().map(act).collect()
    }
}

fn act(row: &Row) -> Result<(AuditPlace, AuditedAct), Fault> {
    let corrupt = |what: &str| Fault::Corrupt(format!("audit: {what}"));
    let text = |column: usize| match row.0.get(column) {
        Some(SqlValue::Text(text)) => Some(text.as_str()),
        Some(SqlValue::Null | SqlValue::Integer(_)) | None => None,
    };
    let conversation = text(4).map(ConversationId::parse).transpose();
    let conversation = conversation.map_err(|_| corrupt("conversation"))?;
    let at = Timestamp::from_millis(row.integer(1)?);
    let act = AuditedAct {
        at,
        supervisor: AdvisorId::parse(row.text(2)?).map_err(|_| corrupt("supervisor"))?,
        act: AuditedKind::parse(row.text(3)?).ok_or_else(|| corrupt("act"))?,
        number: conversation.as_ref().map(ConversationId::number),
        conversation,
        asked: text(5).map_or_else(|| Ok(Vec::new()), from_json)?,
        details: text(6).map(from_json).transpose()?,
    };
    Ok((AuditPlace { at, row: row.integer(0)? }, act))
}

/// Integers are exact in SQL up to here.
const LATEST: i64 = (1 << 53) - 1;

/// A page by an index; the other filters are looked at in each row.
macro_rules! page {
    ($index:literal, $where:literal) => {
        concat!(
            "SELECT id, at, supervisor, act, conversation, asked, details FROM audit INDEXED BY ",
            $index,
            " WHERE at >= ?1 AND at < min(?2, ?3 + 1) AND (at, id) < (?3, ?4) \
             AND (?6 IS NULL OR supervisor = ?6) AND (?7 IS NULL OR act = ?7) \
             AND iif(queue IS NULL, coalesce(?12, supervisor) = supervisor, queue IN (SELECT value FROM json_each(?11))) AND ",
            $where,
            " ORDER BY at DESC, id DESC LIMIT ?5"
        )
    };
}

const SELECT_BY_TIME: &str = page!("audit_by_time", "?8 = ?8 AND ?9 = ?9 AND ?10 IS NULL");
const SELECT_BY_CONVERSATION: &str =
    page!("audit_by_conversation", "conversation >= ?9 AND conversation < ?8 AND conversation LIKE ?10");
const INSERT_AUDIT: &str = "INSERT INTO audit (at, supervisor, act, conversation, asked, queue, details) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
