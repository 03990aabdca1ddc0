// SPDX-License-Identifier: EUPL-1.2
//! The rows of the connector to Linea INPS.

use infocig_domain::own_data::OwnSegnalazione;
use infocig_protocol::{
    id::ConversationId,
    person::Category,
    segnalazione::{Delivery, SegnalazioneOverview},
    supervision::OfficeQueue,
    time::Timestamp,
};

use super::{Outbox, from_json, migrate, rebuild, to_json};
use crate::{
    metrics::SegnalazioniMetrics,
    problem::Fault,
    sql::{Row, Sql, SqlValue},
};

/// Reads and writes segnalazioni.
pub struct LineaInpsStore<S> {
    sql: S,
}

/// A segnalazione as it is forwarded.
#[derive(Clone, Copy, Debug)]
pub struct NewSegnalazione<'h> {
    /// Its key.
    pub key: &'h str,
    /// The document, exactly as it is sent.
    pub body: &'h str,
    /// When it was written.
    pub at: Timestamp,
    /// The office it is for.
    pub office: &'h str,
    /// The protocol number of the application it is about.
    pub protocol: Option<&'h str>,
    /// The capacity of the person.
    pub category: Category,
}

/// The delivery of a segnalazione.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryState {
    /// Whether it goes on by itself.
    pub delivery: Delivery,
    /// The document, until it is delivered.
    pub body: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was added, or last retried by a supervisor.
    pub since: Timestamp,
    /// The rank of the last state its conversation was notified of.
    pub notified: u8,
}

/// The migrations of the object, in order: its schema version counts those that it has.
pub(super) const MIGRATIONS: &[&str] = &[
    concat!(include_str!("../../schema/linea_inps_0001.sql"), include_str!("../../schema/post_0001.sql")),
    include_str!("../../schema/visit_0001.sql"),
    include_str!("../../schema/messaging_0002.sql"),
    include_str!("../../schema/linea_inps_0002.sql"),
    include_str!("../../schema/linea_inps_0003.sql"),
    include_str!("../../schema/linea_inps_0004.sql"),
    include_str!("../../schema/linea_inps_0005.sql"),
    include_str!("../../schema/linea_inps_0006.sql"),
    include_str!("../../schema/erasure_0001.sql"),
    #[cfg(feature = "next-version")]
    include_str!("../../schema/next/linea_inps.sql"),
];

/// Numbers of what Linea INPS has not accepted.
impl<S: Sql> LineaInpsStore<S> {
    /// How many wait and are given up, and since when the oldest that waits does.
    pub fn metrics(&self) -> Result<SegnalazioniMetrics, Fault> {
        let rows = self.sql.exec(SELECT_METRICS, &[])?;
        let row = rows.first().ok_or_else(|| Fault::Corrupt("a count without a row".into()))?;
        let oldest = match row.0.get(2) {
            Some(SqlValue::Integer(at)) => Some(Timestamp::from_millis(*at)),
            Some(SqlValue::Null | SqlValue::Text(_)) | None => None,
        };
        let (waiting, given_up) = (small(row.integer(0)?)?, small(row.integer(1)?)?);
        Ok(SegnalazioniMetrics { waiting, given_up, oldest })
    }
}

impl<S: Sql> LineaInpsStore<S> {
    /// The store, with its schema brought up to date.
    pub fn open(sql: S) -> Result<Self, Fault> {
        migrate(&sql, MIGRATIONS)?;
        Ok(Self { sql })
    }

    /// The SQL underneath, for inbox, outbox and transactions.
    pub fn sql(&self) -> &S {
        &self.sql
    }

    /// Adds a segnalazione, due at once; `false` if it is there.
    pub fn add(&self, new: NewSegnalazione<'_>, now: Timestamp) -> Result<bool, Fault> {
        let rows = self.sql.exec(
            INSERT_SEGNALAZIONE,
            &[
                SqlValue::text(new.key),
                SqlValue::text(new.body),
                new.at.as_millis().into(),
                SqlValue::text(new.office),
                now.as_millis().into(),
                new.protocol.map(String::from).into(),
                SqlValue::text(new.category.as_str()),
            ],
        )?;
        Ok(!rows.is_empty())
    }

    /// Whether a segnalazione is the first of its conversation.
    pub fn is_first(&self, conversation: &ConversationId, key: &str) -> Result<bool, Fault> {
        // Keys are the conversation's id, a dot, and the id its author gave it.
        let keys = [SqlValue::text(format!("{conversation}.")), SqlValue::text(format!("{conversation}/"))];
        let rows = self.sql.exec(SELECT_FIRST, &keys)?;
        rows.first().map_or(Ok(false), |row| Ok(row.text(0)? == key))
    }

    /// The keys of the segnalazioni with that number, or about the application with that protocol number.
    pub fn find_keys(&self, number: Option<&str>, protocol: Option<&str>) -> Result<Vec<String>, Fault> {
        let (statement, sought) = match (number, protocol) {
            (Some(number), _) => (SELECT_BY_NUMBER, number),
            (None, Some(protocol)) => (SELECT_BY_PROTOCOL, protocol),
            (None, None) => return Ok(Vec::new()),
        };
        let rows = self.sql.exec(statement, &[SqlValue::text(sought)])?;
        rows.iter().map(|row| Ok(row.text(0)?.to_string())).collect()
    }

    /// Key and body of the first that is due, unless all wait.
    pub fn due(&self, now: Timestamp) -> Result<Option<(String, String)>, Fault> {
        let rows = self.sql.exec(SELECT_DUE, &[now.as_millis().into()])?;
        rows.first().map(|row| Ok((row.text(0)?.to_string(), row.text(1)?.to_string()))).transpose()
    }

    /// When something is due next.
    pub fn next_due(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_NEXT_DUE, &[])?;
        let due = rows.first().filter(|row| row.0.first() != Some(&SqlValue::Null));
        due.map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// Clamps: rows scheduled after `latest`, which only a clock that was set back leaves, are due now.
    pub fn hasten(&self, latest: Timestamp, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPDATE_HASTENED, &[latest.as_millis().into(), now.as_millis().into()])?;
        self.sql.run(UPDATE_HOLD_HASTENED, &[latest.as_millis().into()])
    }

    /// How a segnalazione stands.
    pub fn find(&self, key: &str) -> Result<Option<DeliveryState>, Fault> {
        let rows = self.sql.exec(SELECT_STANDING, &[SqlValue::text(key)])?;
        rows.first().map(state_of).transpose()
    }

    /// Linea INPS has it: the document is deleted, and its bytes at night.
    pub fn deliver(&self, key: &str, attempts: u32, number: &str, now: Timestamp) -> Result<(), Fault> {
        self.mark(now)?;
        self.sql.run(
            UPDATE_DELIVERED,
            &[SqlValue::text(key), attempts.into(), SqlValue::text(number), now.as_millis().into()],
        )
    }

    /// Deletes those that Linea INPS has and that were last updated before an instant, and messages of that age that were given up:
    /// answers of offices may be in them. Call it in a transaction.
    pub fn delete_delivered(&self, before: Timestamp, now: Timestamp) -> Result<(), Fault> {
        if self.oldest()?.is_none_or(|oldest| oldest >= before) {
            return Ok(());
        }
        self.mark(now)?;
        self.sql.run(DELETE_OLD_LETTERS, &[before.as_millis().into()])?;
        self.sql.run(DELETE_DELIVERED, &[before.as_millis().into()])
    }

    /// How many of those there are.
    pub fn count_delivered(&self, before: Timestamp) -> Result<u32, Fault> {
        let rows = self.sql.exec(COUNT_DELIVERED, &[before.as_millis().into()])?;
        rows.first().map_or(Ok(0), |row| small(row.integer(0)?))
    }

    /// The last update of the segnalazione, or the instant of the message that was given up, that will be deleted first.
    pub fn oldest(&self) -> Result<Option<Timestamp>, Fault> {
        let rows = self.sql.exec(SELECT_OLDEST, &[])?;
        let oldest = rows.first().filter(|row| row.0.first() != Some(&SqlValue::Null));
        oldest.map(|row| row.integer(0).map(Timestamp::from_millis)).transpose()
    }

    /// Nothing of an object is deleted, or may be again.
    pub fn hold_object(&self, object: &str, held: bool) -> Result<(), Fault> {
        self.sql.run(if held { INSERT_HELD } else { DELETE_HELD }, &[SqlValue::text(object)])
    }

    /// What is stored about the segnalazioni of an object, oldest first.
    pub fn of_object(&self, object: &str) -> Result<Vec<OwnSegnalazione>, Fault> {
        let own = |row: &Row| {
            let text = optional(row, 2)?.as_deref().map(from_json).transpose()?;
            Ok(OwnSegnalazione {
                key: row.text(0)?.into(),
                at: Timestamp::from_millis(row.integer(3)?),
                office: row.text(4)?.into(),
                protocol: optional(row, 5)?,
                number: optional(row, 1)?,
                text,
            })
        };
        self.sql.exec(SELECT_OF, &range_of(object))?.iter().map(own).collect()
    }

    /// Whether Linea INPS must have a segnalazione of an object first.
    pub fn has_undelivered(&self, object: &str) -> Result<bool, Fault> {
        Ok(!self.sql.exec(SELECT_UNDELIVERED_OF, &range_of(object))?.is_empty())
    }

    /// Deletes everything of the conversations of an object: segnalazioni that Linea INPS has, messages and letters about them.
    /// Returns how many segnalazioni; `None`, and nothing is deleted, where Linea INPS must have one first.
    pub fn forget_object(&self, object: &str, now: Timestamp) -> Result<Option<u32>, Fault> {
        if self.has_undelivered(object)? {
            return Ok(None);
        }
        let range = range_of(object);
        self.mark(now)?;
        let about = [SqlValue::Text(format!("%{object}%"))];
        self.sql.run(DELETE_MESSAGES_ABOUT, &about)?;
        Outbox::new(&self.sql).forget_dead_letters_of(object)?;
        let deleted = self.sql.exec(DELETE_OF, &range)?.len();
        Ok(Some(u32::try_from(deleted).unwrap_or(u32::MAX)))
    }

    /// Notes that words are deleted.
    pub fn mark(&self, now: Timestamp) -> Result<(), Fault> {
        rebuild::mark(&self.sql, rebuild::SLACK_OF_MANY, now)
    }

    /// It is tried again at `at`.
    pub fn postpone(&self, key: &str, attempts: u32, at: Timestamp, reason: &str) -> Result<(), Fault> {
        self.sql.run(
            UPDATE_POSTPONED,
            &[SqlValue::text(key), attempts.into(), at.as_millis().into(), SqlValue::text(reason)],
        )
    }

    /// It is given up.
    pub fn stop(&self, key: &str, attempts: u32, reason: &str) -> Result<(), Fault> {
        self.sql.run(UPDATE_STOPPED, &[SqlValue::text(key), attempts.into(), SqlValue::text(reason)])
    }

    /// It is due now, as if it were new, unless it is delivered.
    pub fn retry(&self, key: &str, now: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPDATE_RETRIED, &[SqlValue::text(key), now.as_millis().into()])
    }

    /// Stores the rank of the state its conversation is notified of.
    pub fn notified(&self, key: &str, rank: u8) -> Result<(), Fault> {
        self.sql.run(UPDATE_NOTIFIED, &[SqlValue::text(key), i64::from(rank).into()])
    }

    /// How many tries failed in a row because of the system.
    pub fn streak(&self) -> Result<u32, Fault> {
        let rows = self.sql.exec(SELECT_STREAK, &[])?;
        rows.first().map_or(Ok(0), |row| small(row.integer(0)?))
    }

    /// One more failed because of the system: nothing is due until then.
    pub fn hold(&self, until: Timestamp) -> Result<(), Fault> {
        self.sql.run(UPSERT_HOLD, &[until.as_millis().into()])
    }

    /// Things may be due again, after so many tries that failed in a row.
    pub fn release(&self, streak: u32) -> Result<(), Fault> {
        self.sql.run(UPDATE_RELEASED, &[streak.into()])
    }

    /// Remembers a signature; `false` if it was seen before. Forgets those that nobody would accept at `wall`.
    pub fn remember(&self, jti: &str, until: Timestamp, wall: Timestamp) -> Result<bool, Fault> {
        self.sql.run(DELETE_PAST, &[wall.as_millis().into()])?;
        let rows = self.sql.exec(INSERT_SEEN, &[SqlValue::text(jti), until.as_millis().into()])?;
        Ok(!rows.is_empty())
    }

    /// The queue of the office, if it differs from the last one that desks were notified of; it counts as notified from here
    /// on.
    pub fn news_for_desks(&self) -> Result<Option<OfficeQueue>, Fault> {
        let rows = self.sql.exec(SELECT_OFFICE, &[])?;
        let counted = |column| rows.first().map_or(Ok(0), |row| small(row.integer(column)?));
        let (waiting, given_up, dead_letters) = (counted(0)?, counted(1)?, counted(2)?);
        let office = OfficeQueue { waiting, given_up, dead_letters };
        let told = self.sql.exec(SELECT_DESKS_TOLD, &[])?;
        let told: Option<OfficeQueue> = told.first().map(|row| from_json(row.text(0)?)).transpose()?;
        if told == Some(office) {
            return Ok(None);
        }
        self.sql.run(UPSERT_DESKS_TOLD, &[SqlValue::Text(to_json(&office)?)])?;
        Ok(Some(office))
    }

    /// Those of people of these categories: stopped ones first, then those that wait, both oldest first, then the newest that are
    /// delivered.
    pub fn overview(&self, categories: &[Category]) -> Result<Vec<SegnalazioneOverview>, Fault> {
        let categories = SqlValue::Text(to_json(&categories)?);
        let mut all = self.sql.exec(SELECT_UNDELIVERED, std::slice::from_ref(&categories))?;
        all.extend(self.sql.exec(SELECT_DELIVERED, &[categories])?);
        all.iter().map(overview).collect()
    }

    /// Whether a segnalazione is one of people of these categories.
    pub fn is_of(&self, key: &str, categories: &[Category]) -> Result<bool, Fault> {
        let sought = [SqlValue::Text(to_json(&categories)?), SqlValue::text(key)];
        Ok(!self.sql.exec(SELECT_IS_OF, &sought)?.is_empty())
    }
}

/// The bounds of the keys of an object.
fn range_of(object: &str) -> [SqlValue; 2] {
    [SqlValue::Text(format!("{object}-")), SqlValue::Text(format!("{object}~"))]
}

fn state_of(row: &Row) -> Result<DeliveryState, Fault> {
    let notified =
        u8::try_from(row.integer(4)?).map_err(|_| Fault::Corrupt("no state has that rank".into()))?;
    Ok(DeliveryState {
        delivery: delivery(row.text(0)?)?,
        body: optional(row, 1)?,
        attempts: small(row.integer(2)?)?,
        since: Timestamp::from_millis(row.integer(3)?),
        notified,
    })
}

fn overview(row: &Row) -> Result<SegnalazioneOverview, Fault> {
    Ok(SegnalazioneOverview {
        key: row.text(0)?.to_string(),
        at: Timestamp::from_millis(row.integer(1)?),
        office: row.text(2)?.to_string(),
        number: optional(row, 3)?,
        delivery: delivery(row.text(4)?)?,
        attempts: small(row.integer(5)?)?,
        last_error: optional(row, 6)?,
    })
}

fn delivery(word: &str) -> Result<Delivery, Fault> {
    match word {
        "waiting" => Ok(Delivery::Waiting),
        "stopped" => Ok(Delivery::Stopped),
        "delivered" => Ok(Delivery::Delivered),
        _ => Err(Fault::Corrupt("a delivery of another kind".into())),
    }
}

fn optional(row: &Row, column: usize) -> Result<Option<String>, Fault> {
    match row.0.get(column) {
        Some(SqlValue::Null) => Ok(None),
        Some(SqlValue::Text(_) | SqlValue::Integer(_)) | None => {
            row.text(column).map(|text| Some(text.into()))
        }
    }
}

fn small(count: i64) -> Result<u32, Fault> {
    u32::try_from(count).map_err(|_| Fault::Corrupt("a count out of range".into()))
}

const SELECT_OFFICE: &str = "SELECT count(*) FILTER (WHERE delivery = 'waiting'), \
     count(*) FILTER (WHERE delivery = 'stopped'), (SELECT count(*) FROM dead_letter) \
     FROM segnalazione WHERE delivery <> 'delivered'";
const SELECT_METRICS: &str = "SELECT count(*) FILTER (WHERE delivery = 'waiting'), \
     count(*) FILTER (WHERE delivery = 'stopped'), min(at) FILTER (WHERE delivery = 'waiting') \
     FROM segnalazione WHERE delivery <> 'delivered'";
const SELECT_DESKS_TOLD: &str = "SELECT office FROM desks_told";
const UPSERT_DESKS_TOLD: &str = "INSERT INTO desks_told (only_row, office) VALUES (1, ?1) \
     ON CONFLICT (only_row) DO UPDATE SET office = ?1";
const DELETE_DELIVERED: &str = "DELETE FROM segnalazione WHERE delivery = 'delivered' AND not_before < ?1 \
     AND NOT EXISTS (SELECT 1 FROM held_object WHERE object = substr(key, 1, 64))";
const COUNT_DELIVERED: &str = "SELECT count(*) FROM segnalazione WHERE delivery = 'delivered' AND not_before < ?1 \
     AND NOT EXISTS (SELECT 1 FROM held_object WHERE object = substr(key, 1, 64))";
const SELECT_OLDEST: &str = "SELECT min(oldest) FROM (SELECT min(not_before) AS oldest FROM segnalazione \
     WHERE delivery = 'delivered' AND NOT EXISTS (SELECT 1 FROM held_object WHERE object = substr(key, 1, 64)) \
     UNION ALL SELECT min(id) FROM dead_letter \
     WHERE NOT EXISTS (SELECT 1 FROM held_object WHERE instr(notification, object) > 0))";
const SELECT_OF: &str = "SELECT key, number, body, at, office, protocol FROM segnalazione WHERE key >= ?1 AND key < ?2 ORDER BY at, key";
const INSERT_HELD: &str = "INSERT OR IGNORE INTO held_object (object) VALUES (?1)";
const DELETE_HELD: &str = "DELETE FROM held_object WHERE object = ?1";
const SELECT_UNDELIVERED_OF: &str =
    "SELECT 1 FROM segnalazione WHERE key > ?1 AND key < ?2 AND delivery <> 'delivered' LIMIT 1";
const DELETE_OF: &str = "DELETE FROM segnalazione WHERE key > ?1 AND key < ?2 RETURNING key";
const DELETE_MESSAGES_ABOUT: &str = "DELETE FROM outbox WHERE notification LIKE ?1";
const DELETE_OLD_LETTERS: &str = "DELETE FROM dead_letter WHERE id < ?1 AND NOT EXISTS \
     (SELECT 1 FROM held_object WHERE instr(notification, object) > 0)";
const INSERT_SEGNALAZIONE: &str = "INSERT OR IGNORE INTO segnalazione \
     (key, body, at, office, delivery, attempts, since, not_before, notified, protocol, category) \
     VALUES (?1, ?2, ?3, ?4, 'waiting', 0, ?5, ?5, 0, ?6, ?7) RETURNING key";
const SELECT_FIRST: &str =
    "SELECT key FROM segnalazione WHERE key > ?1 AND key < ?2 ORDER BY at, rowid LIMIT 1";
const SELECT_BY_NUMBER: &str = "SELECT key FROM segnalazione WHERE number = ?1 LIMIT 100";
const SELECT_BY_PROTOCOL: &str = "SELECT key FROM segnalazione WHERE protocol = ?1 LIMIT 100";
const SELECT_DUE: &str = "SELECT key, body FROM segnalazione WHERE delivery = 'waiting' AND not_before <= ?1 \
     AND NOT EXISTS (SELECT 1 FROM hold WHERE until > ?1) ORDER BY not_before, at, key LIMIT 1";
const SELECT_NEXT_DUE: &str = "SELECT max(min(not_before), (SELECT coalesce(max(until), 0) FROM hold)) \
     FROM segnalazione WHERE delivery = 'waiting'";
const UPDATE_HASTENED: &str =
    "UPDATE segnalazione SET not_before = ?2 WHERE delivery = 'waiting' AND not_before > ?1";
const UPDATE_HOLD_HASTENED: &str = "UPDATE hold SET until = 0 WHERE until > ?1";
const SELECT_STANDING: &str =
    "SELECT delivery, body, attempts, since, notified FROM segnalazione WHERE key = ?1";
const UPDATE_DELIVERED: &str = "UPDATE segnalazione SET delivery = 'delivered', attempts = ?2, number = ?3, body = NULL, \
     trouble = NULL, not_before = ?4 WHERE key = ?1";
const UPDATE_POSTPONED: &str =
    "UPDATE segnalazione SET attempts = ?2, not_before = ?3, trouble = ?4 WHERE key = ?1";
const UPDATE_STOPPED: &str =
    "UPDATE segnalazione SET delivery = 'stopped', attempts = ?2, trouble = ?3 WHERE key = ?1";
const UPDATE_RETRIED: &str = "UPDATE segnalazione SET delivery = 'waiting', attempts = 0, since = ?2, not_before = ?2 \
     WHERE key = ?1 AND delivery <> 'delivered'";
const UPDATE_NOTIFIED: &str = "UPDATE segnalazione SET notified = ?2 WHERE key = ?1";
const SELECT_STREAK: &str = "SELECT streak FROM hold";
const UPSERT_HOLD: &str = "INSERT INTO hold (only_row, streak, until) VALUES (1, 1, ?1) \
     ON CONFLICT (only_row) DO UPDATE SET streak = streak + 1, until = ?1";
const UPDATE_RELEASED: &str = "UPDATE hold SET streak = ?1, until = 0";
const DELETE_PAST: &str = "DELETE FROM seen WHERE until < ?1";
const INSERT_SEEN: &str = "INSERT OR IGNORE INTO seen (jti, until) VALUES (?1, ?2) RETURNING jti";
const SELECT_UNDELIVERED: &str = "SELECT key, at, office, number, delivery, attempts, trouble FROM segnalazione \
     WHERE delivery <> 'delivered' AND (category IS NULL OR category IN (SELECT value FROM json_each(?1))) \
     ORDER BY delivery = 'waiting', at, key";
const SELECT_DELIVERED: &str = "SELECT key, at, office, number, delivery, attempts, trouble FROM segnalazione \
     WHERE delivery = 'delivered' AND (category IS NULL OR category IN (SELECT value FROM json_each(?1))) \
     ORDER BY at DESC, key LIMIT 50";
const SELECT_IS_OF: &str = "SELECT 1 FROM segnalazione \
     WHERE key = ?2 AND (category IS NULL OR category IN (SELECT value FROM json_each(?1)))";
