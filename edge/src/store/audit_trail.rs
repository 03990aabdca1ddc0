// SPDX-License-Identifier: EUPL-1.2
//! The rows of the audit trail. They are added at the end of its chain and never changed; the oldest are cut off, which leaves the
//! number and hash of the last of them. The filters of a page look into the lines themselves, so that what is shown is what the
//! chain vouches for.

use infocig_domain::{
    audit::{Anchor, AuditEntry, AuditEvent, AuditRow},
    own_data::Look,
};
use infocig_protocol::{
    id::{AdvisorId, DeskId, QueueId},
    report::{AuditChain, AuditedKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and adds rows of the audit trail.
pub struct AuditStore<S> {
    sql: S,
}

/// The part of the audit trail that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditQuery {
    /// The rows that the reader may see; absent for all.
    pub within: Option<AuditWithin>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// Of this actor.
    pub actor: Option<AdvisorId>,
    /// Of this kind.
    pub act: Option<AuditedKind>,
    /// About conversations with this number: the beginning of their ids, and their ordinal.
    pub number: Option<(String, u32)>,
    /// The place after which the page begins.
    pub after: Option<AuditPlace>,
    /// The most on a page.
    pub limit: u32,
}

impl AuditQuery {
    /// Whether nothing is left out but by its limit.
    pub fn is_everything(&self) -> bool {
        let Self { within, from, to, actor, act, number, after, limit: _ } = self;
        within.is_none()
            && from.is_none()
            && to.is_none()
            && actor.is_none()
            && act.is_none()
            && number.is_none()
            && after.is_none()
    }
}

/// The rows that a supervisor may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditWithin {
    /// About these queues.
    pub queues: Vec<QueueId>,
    /// About no queue, and theirs.
    pub reader: AdvisorId,
    /// About no queue, and of anybody at this desk; for a supervisor of all its queues.
    pub desk: Option<DeskId>,
}

/// A place in the audit trail, which is shown by instant and number.
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

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(
        include_str!("../../schema/audit_0001.sql"),
        include_str!("../../schema/post_0001.sql"),
        include_str!("../../schema/messaging_0002.sql"),
    ),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/audit.sql"),
];

impl<S: Sql> AuditStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Adds a row at the end of the chain. Call it in a transaction.
    pub fn add(&self, event: AuditEvent, now: Timestamp) -> Result<(), Fault> {
        let written = self.end()?.next(event, now);
        let AuditRow { number, previous, hash, line } =
            written.map_err(|error| Fault::Corrupt(format!("audit row not written: {error}")))?;
        let number = i64::try_from(number).map_err(|_| Fault::Corrupt("too many audit rows".into()))?;
        let row = [number.into(), SqlValue::Text(previous), SqlValue::Text(hash), SqlValue::Text(line)];
        self.sql.run(INSERT, &row)
    }

    /// The end of the chain.
    pub fn end(&self) -> Result<Anchor, Fault> {
        match self.sql.exec(SELECT_END, &[])?.first() {
            Some(row) => anchor(row),
            None => self.cut(),
        }
    }

    /// The last row that was cut off, after which the first one that is kept comes.
    pub fn cut(&self) -> Result<Anchor, Fault> {
        self.sql.exec(SELECT_CUT, &[])?.first().map_or_else(|| Ok(Anchor::default()), anchor)
    }

    /// The state of the chain.
    pub fn chain(&self) -> Result<AuditChain, Fault> {
        let (end, cut) = (self.end()?, self.cut()?);
        Ok(AuditChain { rows: end.number.saturating_sub(cut.number), number: end.number, head: end.hash })
    }

    /// A page, newest first, each row with its place.
    pub fn page(&self, query: &AuditQuery) -> Result<Vec<(AuditPlace, AuditEntry)>, Fault> {
        let place = query.after.map_or((LATEST, 0), |place| (place.at.as_millis(), place.row));
        let statement = if query.number.is_some() { PAGE_BY_CONVERSATION } else { PAGE_BY_TIME };
        let entry = |row: &Row| {
            let entry: AuditEntry = from_json(row.text(3)?)?;
            Ok((AuditPlace { at: entry.event.at, row: row.integer(0)? }, entry))
        };
        self.find(statement, query, place)?.iter().map(entry).collect()
    }

    /// What was done and looked at about the conversations of an object, oldest first, the newest [`MOST_LOOKS`] of it.
    pub fn looks(&self, object: &str) -> Result<Vec<Look>, Fault> {
        let range =
            [SqlValue::Text(format!("{object}-")), SqlValue::Text(format!("{object}~")), MOST_LOOKS.into()];
        let look = |row: &Row| {
            let AuditEvent { at, roles, act, conversation, .. } =
                from_json::<AuditEntry>(row.text(0)?)?.event;
            Ok(conversation.map(|conversation| Look { at, roles, act, conversation }))
        };
        let rows = self.sql.exec(SELECT_LOOKS, &range)?;
        rows.iter().rev().filter_map(|row| look(row).transpose()).collect()
    }

    /// The rows of a query in the order of their numbers, as many as its limit.
    pub fn rows(&self, query: &AuditQuery) -> Result<Vec<AuditRow>, Fault> {
        let after = query.after.map_or((0, 0), |place| (0, place.row));
        self.find(IN_ORDER, query, after)?.iter().map(audit_row).collect()
    }

    fn find(
        &self,
        statement: &'static str,
        query: &AuditQuery,
        (at, row): (i64, i64),
    ) -> Result<Vec<Row>, Fault> {
        let instant = |at: Option<Timestamp>, or: i64| SqlValue::Integer(at.map_or(or, Timestamp::as_millis));
        let (begins, ordinal) = query.number.clone().unzip();
        let begins = begins.unwrap_or_default();
        let within = query.within.as_ref();
        let parameters = [
            instant(query.from, 0),
            instant(query.to, LATEST),
            at.into(),
            row.into(),
            query.limit.into(),
            query.actor.as_ref().map(ToString::to_string).into(),
            query.act.map(|act| act.as_str().to_string()).into(),
            // Greater than every id that begins so.
            SqlValue::text(format!("{begins}~")),
            SqlValue::Text(begins),
            ordinal.map(|ordinal| format!("%-{ordinal}")).into(),
            within.map(|within| to_json(&within.queues)).transpose()?.into(),
            within.map(|within| within.reader.to_string()).into(),
            within.and_then(|within| within.desk.as_ref()).map(ToString::to_string).into(),
        ];
        self.sql.exec(statement, &parameters)
    }

    /// Deletes the oldest rows, up to the first one whose act was not before an instant; the answer is the last of them, if there
    /// was any. Call it in a transaction.
    pub fn cut_before(&self, instant: Timestamp, now: Timestamp) -> Result<Option<Anchor>, Fault> {
        let rows = self.sql.exec(SELECT_LAST_BEFORE, &[instant.as_millis().into()])?;
        let Some(last) = rows.first().map(anchor).transpose()? else { return Ok(None) };
        let number = i64::try_from(last.number).map_err(|_| Fault::Corrupt("too many audit rows".into()))?;
        self.sql.run(DELETE_OLDEST, &[number.into()])?;
        let row = [number.into(), SqlValue::text(&*last.hash), now.as_millis().into()];
        self.sql.run(UPSERT_CUT, &row)?;
        Ok(Some(last))
    }
}

/// The whole trail of a database outside the runtime, in order, with the last row that was cut off. Nothing is changed.
pub fn stored_trail(sql: &impl Sql) -> Result<(Anchor, Vec<AuditRow>), Fault> {
    let cut = sql.exec(SELECT_CUT, &[])?.first().map_or_else(|| Ok(Anchor::default()), anchor)?;
    let rows = sql.exec(SELECT_ALL, &[])?.iter().map(audit_row).collect::<Result<_, _>>()?;
    Ok((cut, rows))
}

fn audit_row(row: &Row) -> Result<AuditRow, Fault> {
    let Anchor { number, hash: previous } = anchor(row)?;
    Ok(AuditRow { number, previous, hash: row.text(2)?.into(), line: row.text(3)?.into() })
}

fn anchor(row: &Row) -> Result<Anchor, Fault> {
    let number = u64::try_from(row.integer(0)?);
    let number = number.map_err(|_| Fault::Corrupt("audit row with a negative number".into()))?;
    Ok(Anchor { number, hash: row.text(1)?.into() })
}

/// Integers are exact in SQL up to here.
const LATEST: i64 = (1 << 53) - 1;

/// Rows by an index; the other filters are looked at in each row.
macro_rules! page {
    ($from:literal, $where:literal, $order:literal) => {
        concat!(
            "SELECT number, previous, hash, line FROM audit_row ",
            $from,
            " WHERE json_extract(line, '$.at') >= ?1 AND ",
            $where,
            " AND (?6 IS NULL OR json_extract(line, '$.actor') = ?6) \
             AND (?7 IS NULL OR json_extract(line, '$.act') = ?7) \
             AND (?11 IS NULL OR iif(json_extract(line, '$.queue') IS NULL, \
                 json_extract(line, '$.actor') = ?12 OR json_extract(line, '$.desk') = ?13, \
                 json_extract(line, '$.queue') IN (SELECT value FROM json_each(?11)))) ",
            $order,
            " LIMIT ?5"
        )
    };
}

const PAGE_BY_TIME: &str = page!(
    "INDEXED BY audit_row_by_time",
    "json_extract(line, '$.at') < min(?2, ?3 + 1) \
     AND (json_extract(line, '$.at') < ?3 OR number < ?4) AND ?8 = ?8 AND ?9 = ?9 AND ?10 IS NULL",
    "ORDER BY json_extract(line, '$.at') DESC, number DESC"
);
const PAGE_BY_CONVERSATION: &str = page!(
    "INDEXED BY audit_row_by_conversation",
    "json_extract(line, '$.at') < min(?2, ?3 + 1) AND (json_extract(line, '$.at') < ?3 OR number < ?4) \
     AND json_extract(line, '$.conversation') >= ?9 AND json_extract(line, '$.conversation') < ?8 \
     AND json_extract(line, '$.conversation') LIKE ?10",
    "ORDER BY json_extract(line, '$.at') DESC, number DESC"
);
const IN_ORDER: &str = page!(
    "",
    "json_extract(line, '$.at') < ?2 AND number > ?4 AND ?3 = ?3 AND ?8 = ?8 \
     AND (?10 IS NULL OR (json_extract(line, '$.conversation') >= ?9 AND json_extract(line, '$.conversation') LIKE ?10 \
         AND json_extract(line, '$.conversation') < ?8))",
    "ORDER BY number"
);
const SELECT_LOOKS: &str = "SELECT line FROM audit_row INDEXED BY audit_row_by_conversation \
     WHERE json_extract(line, '$.conversation') >= ?1 AND json_extract(line, '$.conversation') < ?2 \
     ORDER BY number DESC LIMIT ?3";
/// Most rows of the trail in a document about a person.
const MOST_LOOKS: u32 = 5_000;
const INSERT: &str = "INSERT INTO audit_row (number, previous, hash, line) VALUES (?1, ?2, ?3, ?4)";
const SELECT_ALL: &str = "SELECT number, previous, hash, line FROM audit_row ORDER BY number";
const SELECT_END: &str = "SELECT number, hash FROM audit_row ORDER BY number DESC LIMIT 1";
const SELECT_CUT: &str = "SELECT number, hash FROM audit_cut";
const SELECT_LAST_BEFORE: &str = "SELECT number, hash FROM audit_row WHERE number < coalesce(\
     (SELECT number FROM audit_row WHERE json_extract(line, '$.at') >= ?1 ORDER BY number LIMIT 1), 9007199254740991) \
     ORDER BY number DESC LIMIT 1";
const DELETE_OLDEST: &str = "DELETE FROM audit_row WHERE number <= ?1";
const UPSERT_CUT: &str = "INSERT INTO audit_cut (only_row, number, hash, at) VALUES (1, ?1, ?2, ?3) \
     ON CONFLICT (only_row) DO UPDATE SET number = ?1, hash = ?2, at = ?3";
