// SPDX-License-Identifier: EUPL-1.2
//! What was erased, and its erasure from copies of databases, for the program for operators: backups of before an erasure must not
//! bring anything back. A copy is compacted afterwards, which SQLite does outside the runtime.

use infocig_protocol::{id::ConversationId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{conversations, desk, migrate, register, segnalazioni};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Something that was erased: all conversations of an object, or one of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Erased {
    /// When: copies that were taken before may have it.
    pub at: Timestamp,
    /// The object.
    pub object: String,
    /// The number of the conversation within it; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u32>,
}

impl Erased {
    /// The conversations that are meant, in texts that begin with their id: from the first on, before the second.
    fn range(&self) -> Result<[SqlValue; 2], Fault> {
        let Self { object, ordinal, .. } = self;
        let Some(ordinal) = ordinal else {
            return Ok([SqlValue::Text(format!("{object}-")), SqlValue::Text(format!("{object}~"))]);
        };
        let id = ConversationId::of(object, *ordinal).map_err(|error| Fault::Corrupt(error.to_string()))?;
        // What follows an id is a dot, or nothing: both are before a slash, and digits are after it.
        Ok([SqlValue::text(id.as_str()), SqlValue::Text(format!("{id}/"))])
    }

    /// The pattern of messages that name what is meant.
    fn about(&self) -> [SqlValue; 1] {
        let Self { object, ordinal, .. } = self;
        // The digits of an ordinal may begin those of another one.
        let pattern = ordinal.map_or(format!("*{object}*"), |ordinal| format!("*{object}-{ordinal}[^0-9]*"));
        [SqlValue::Text(pattern)]
    }
}

/// The objects whose databases have something of other objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// A desk.
    Desk,
    /// The connector to Linea INPS.
    LineaInps,
    /// The register.
    Register,
}

/// What the register says was erased; nothing where it is of a version that erased nothing.
pub fn erased(sql: &impl Sql) -> Result<Vec<Erased>, Fault> {
    if sql.exec(SELECT_TABLE, &[])?.is_empty() {
        return Ok(Vec::new());
    }
    let read = |row: &Row| {
        let ordinal = match row.0.get(2) {
            Some(SqlValue::Integer(ordinal)) => {
                Some(u32::try_from(*ordinal).map_err(|_| Fault::Corrupt("ordinal out of range".into()))?)
            }
            Some(SqlValue::Null | SqlValue::Text(_)) | None => None,
        };
        let at = Timestamp::from_millis(row.integer(0)?);
        Ok(Erased { at, object: row.text(1)?.to_owned(), ordinal })
    };
    sql.exec(SELECT_ERASED, &[])?.iter().map(read).collect()
}

/// Erases from the copy of a conversation object what was erased of it.
pub fn erase_conversations(sql: &impl Sql, erased: &[&Erased]) -> Result<(), Fault> {
    sql.transaction(|| {
        migrate(sql, conversations::MIGRATIONS)?;
        for one in erased {
            let (from, to) =
                one.ordinal.map_or((0, MOST_ORDINALS), |only| (i64::from(only), i64::from(only)));
            let range = [from.into(), to.into()];
            [DELETE_ENTRIES, DELETE_RATINGS, DELETE_CONVERSATIONS]
                .into_iter()
                .try_for_each(|statement| sql.run(statement, &range))?;
            sql.run(DELETE_LETTERS_ABOUT, &one.about())?;
        }
        Ok(())
    })
}

/// Erases from the copy of a shared object what was erased of people.
pub fn erase_shared(sql: &impl Sql, which: Shared, erased: &[&Erased]) -> Result<(), Fault> {
    let (migrations, statements): (_, &[&'static str]) = match which {
        Shared::Desk => (desk::MIGRATIONS, &[DELETE_AT_DESK, DELETE_NOTES, DELETE_BLOCKS]),
        Shared::LineaInps => (segnalazioni::MIGRATIONS, &[DELETE_SEGNALAZIONI]),
        Shared::Register => (register::MIGRATIONS, &[DELETE_COMMENTS, DELETE_EVENTS]),
    };
    sql.transaction(|| {
        migrate(sql, migrations)?;
        for one in erased {
            // A segnalazione of a conversation that is forgotten has a time of its own.
            if which == Shared::LineaInps && one.ordinal.is_some() {
                continue;
            }
            let range = one.range()?;
            statements.iter().try_for_each(|statement| sql.run(statement, &range))?;
            let about = one.about();
            sql.run(DELETE_LETTERS_ABOUT, &about)?;
            sql.run(DELETE_MESSAGES_ABOUT, &about)?;
            if which == Shared::Register && one.ordinal.is_none() {
                sql.run(UPDATE_UNLINKED, &range)?;
            }
        }
        Ok(())
    })
}

/// No ordinal is greater: places of entries are numbers that are exact.
const MOST_ORDINALS: i64 = (1 << 21) - 1;

const SELECT_TABLE: &str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'erased'";
const SELECT_ERASED: &str = "SELECT at, object, ordinal FROM erased ORDER BY number";
const DELETE_ENTRIES: &str = "DELETE FROM entry WHERE place BETWEEN ?1 << 32 AND (?2 << 32) + 0xffffffff";
const DELETE_RATINGS: &str = "DELETE FROM rating WHERE ordinal BETWEEN ?1 AND ?2";
const DELETE_CONVERSATIONS: &str = "DELETE FROM conversation WHERE ordinal BETWEEN ?1 AND ?2";
const DELETE_AT_DESK: &str = "DELETE FROM desk_conversation WHERE conversation >= ?1 AND conversation < ?2";
const DELETE_NOTES: &str = "DELETE FROM note WHERE conversation >= ?1 AND conversation < ?2";
const DELETE_BLOCKS: &str = "DELETE FROM block WHERE conversation >= ?1 AND conversation < ?2";
const DELETE_SEGNALAZIONI: &str = "DELETE FROM segnalazione WHERE key >= ?1 AND key < ?2";
const DELETE_COMMENTS: &str = "DELETE FROM comment WHERE conversation >= ?1 AND conversation < ?2";
const DELETE_EVENTS: &str = "DELETE FROM event_ahead WHERE conversation >= ?1 AND conversation < ?2";
const DELETE_LETTERS_ABOUT: &str = "DELETE FROM dead_letter WHERE notification GLOB ?1";
const DELETE_MESSAGES_ABOUT: &str = "DELETE FROM outbox WHERE notification GLOB ?1";
// As the register does it; the limit has each id drawn once.
const UPDATE_UNLINKED: &str = "UPDATE record SET forgotten = 3, conversation = new.id, body = json_set(body, '$.conversation', new.id) \
     FROM (SELECT conversation AS old, lower(hex(randomblob(32))) || '-1' AS id FROM record \
     WHERE conversation >= ?1 AND conversation < ?2 LIMIT 1000000) AS new WHERE record.conversation = new.old";
