// SPDX-License-Identifier: EUPL-1.2
//! The nightly work of the register: when it is due. What it does there says the actor.

use infocig_domain::{calendar::ZONE, figures::period::day_of};
use infocig_protocol::time::Timestamp;

use super::RegisterStore;
use crate::{problem::Fault, sql::Sql};

impl<S: Sql> RegisterStore<S> {
    /// Plans the next night, unless one is planned.
    pub fn plan_upkeep(&self, now: Timestamp) -> Result<(), Fault> {
        match self.next_upkeep()? {
            Some(_) => Ok(()),
            None => self.rest_until_next_night(now),
        }
    }

    /// When the next night's work is due.
    pub fn next_upkeep(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql().exec(SELECT_UPKEEP, &[])?;
        rows.first().map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// The work of this night is done.
    pub fn rest_until_next_night(&self, now: Timestamp) -> Result<(), Fault> {
        self.sql().run(UPSERT_UPKEEP, &[next_night(now).as_millis().into()])
    }
}

/// Three o'clock of the next day, in Italy: a time that every day has once.
pub fn next_night(now: Timestamp) -> Timestamp {
    let night = day_of(now).tomorrow().ok().map(|day| day.at(3, 0, 0, 0));
    let night = night.and_then(|night| ZONE.to_timestamp(night).ok());
    night.map_or(now.plus_millis(DAY_MS), |night| Timestamp::from_millis(night.as_millisecond()))
}

/// When the bytes are erased of what was deleted from an instant on: the next night, or soon where it is night. Conversations that are
/// asked at night answer in the same one.
pub fn next_quiet(since: Timestamp) -> Timestamp {
    let civil = jiff::Timestamp::from_millisecond(since.as_millis()).map(|at| ZONE.to_datetime(at));
    if civil.is_ok_and(|civil| (3..6).contains(&civil.hour())) {
        since.plus_millis(SOON_MS)
    } else {
        next_night(since)
    }
}

const SOON_MS: i64 = 10 * 60_000;
const DAY_MS: i64 = 24 * 60 * 60_000;

const SELECT_UPKEEP: &str = "SELECT due FROM upkeep";
const UPSERT_UPKEEP: &str =
    "INSERT INTO upkeep (only_row, due) VALUES (1, ?1) ON CONFLICT (only_row) DO UPDATE SET due = ?1";
