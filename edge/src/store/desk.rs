// SPDX-License-Identifier: EUPL-1.2
//! The conversations on a desk.

use infocig_domain::desk::{Holder, Seat};
use infocig_protocol::{id::ConversationId, time::Timestamp};

use super::{from_json, migrate, to_json};
use crate::{
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes one desk's seats.
pub struct DeskStore<S> {
    sql: S,
}

impl<S: Sql> DeskStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(
            &sql,
            &[concat!(
                include_str!("../../schema/desk_0001.sql"),
                include_str!("../../schema/post_0001.sql")
            )],
        )?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for the post and for transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Every seat.
    pub fn seats(&self) -> Result<Vec<Seat>, Fault> {
        self.sql.exec(SELECT_SEATS, &[])?.iter().map(seat).collect()
    }

    /// Writes a seat.
    pub fn save(&self, seat: &Seat) -> Result<(), Fault> {
        let holder = seat.holder.as_ref();
        self.sql.exec(
            UPSERT_SEAT,
            &[
                SqlValue::text(seat.conversation.as_str()),
                seat.since.as_millis().into(),
                SqlValue::Text(to_json(&seat.person)?),
                holder.map(|holder| to_json(&holder.advisor)).transpose()?.into(),
                holder.map_or(SqlValue::Null, |holder| holder.since.as_millis().into()),
                i64::from(holder.is_some_and(|holder| holder.confirmed)).into(),
            ],
        )?;
        Ok(())
    }

    /// Deletes a seat.
    pub fn delete(&self, conversation: &ConversationId) -> Result<(), Fault> {
        self.sql.exec(DELETE_SEAT, &[SqlValue::text(conversation.as_str())])?;
        Ok(())
    }
}

fn seat(row: &Row) -> Result<Seat, Fault> {
    let conversation =
        ConversationId::parse(row.text(0)?).map_err(|error| Fault::Corrupt(error.to_string()))?;
    let holder = match row.0.get(3) {
        Some(SqlValue::Text(advisor)) => Some(Holder {
            advisor: from_json(advisor)?,
            since: Timestamp::from_millis(row.integer(4)?),
            confirmed: row.integer(5)? == 1,
        }),
        Some(SqlValue::Null | SqlValue::Integer(_)) | None => None,
    };
    let since = Timestamp::from_millis(row.integer(1)?);
    Ok(Seat { conversation, since, person: from_json(row.text(2)?)?, holder })
}

const SELECT_SEATS: &str = "SELECT conversation, since, person, holder, held_since, confirmed FROM seat";
const UPSERT_SEAT: &str = "INSERT INTO seat (conversation, since, person, holder, held_since, confirmed) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
     ON CONFLICT (conversation) DO UPDATE SET since = ?2, person = ?3, holder = ?4, held_since = ?5, confirmed = ?6";
const DELETE_SEAT: &str = "DELETE FROM seat WHERE conversation = ?1";
