// SPDX-License-Identifier: EUPL-1.2
//! The audit trail: who of the staff did or looked at what, a row for each, chained, so that a row that was altered, taken out,
//! added or moved is found.
//!
//! - A row is a line of JSON, an [`AuditEntry`]: members in the order they are declared in, absent ones left out, without blanks.
//!   Its hash is that of [`chain`] over the line, after the hash of the row before.
//! - The first row comes after `SHA-256("INFO CIG audit trail")` ([`GENESIS`]).
//! - Where the oldest rows were cut off, the rest comes after the last of them: its number and hash are kept ([`Anchor`]), and the
//!   cut is itself a row.
//!
//! A chain says that nothing *within* it was changed by somebody who left its head as it was. Whoever may write to the database can
//! make a new chain: only a head that was noted elsewhere shows it.

pub mod file;

use std::fmt;

use infocig_protocol::{
    id::{AdvisorId, ConversationId, DeskId, QueueId},
    report::{Asked, AuditDetails, AuditedKind},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use crate::{chain, staff::Roles};

/// Something that was done or looked at, as it is told to the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// Somebody's id; absent where nobody is known, of a refused sign-in, and where the service did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<AdvisorId>,
    /// The roles they did it in.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// The kind.
    pub act: AuditedKind,
    /// The conversation it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The queue it is about: the rows that its supervisors read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// The desk of the actor, where they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskId>,
    /// The other thing it is about: the number of a version, the key of a segnalazione.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The parameters of a request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// The reason, of acts that need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<AuditDetails>,
    /// The id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Whether a desk had it in its own trail, of a time before the chain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before_chain: bool,
}

impl AuditEvent {
    /// An act of nobody, about nothing: the rest is added by its teller.
    pub fn new(act: AuditedKind, at: Timestamp) -> Self {
        Self {
            at,
            actor: None,
            roles: Roles::default(),
            act,
            conversation: None,
            queue: None,
            desk: None,
            subject: None,
            asked: Vec::new(),
            details: None,
            request: None,
            before_chain: false,
        }
    }

    /// The same with a reason.
    #[must_use]
    pub fn because(self, reason: impl Into<String>) -> Self {
        let details = AuditDetails { until: None, reason: reason.into(), unwarned: None };
        Self { details: Some(details), ..self }
    }
}

/// Somebody of the staff, by whom something was done in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActedBy {
    /// Their id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AdvisorId>,
    /// Their roles.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// Their desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<DeskId>,
    /// The id of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl ActedBy {
    /// An act of theirs, about nothing yet.
    pub fn did(&self, act: AuditedKind, at: Timestamp) -> AuditEvent {
        let Self { id, roles, desk, request } = self.clone();
        AuditEvent { actor: id, roles, desk, request, ..AuditEvent::new(act, at) }
    }
}

/// Events for the trail from another object, by its outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditNotification {
    /// The events, in order.
    pub audited: Vec<AuditEvent>,
}

/// A row of the trail: its line is this as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// The number of the row, from 1 without gaps.
    pub number: u64,
    /// When it was added.
    pub recorded: Timestamp,
    /// What was told.
    #[serde(flatten)]
    pub event: AuditEvent,
}

/// A row as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// The number of the row.
    pub number: u64,
    /// The hash of the row before.
    pub previous: String,
    /// Its own hash.
    pub hash: String,
    /// Its line.
    pub line: String,
}

/// The end of a chain, or the row that its rest comes after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The number of the row; 0 before the first.
    pub number: u64,
    /// Its hash.
    pub hash: String,
}

impl Default for Anchor {
    fn default() -> Self {
        Self { number: 0, hash: chain::first(GENESIS) }
    }
}

impl Anchor {
    /// What the row of a cut says of the last row that was cut off.
    pub fn as_subject(&self) -> String {
        format!("{} {}", self.number, self.hash)
    }

    /// The row after this one.
    pub fn next(&self, event: AuditEvent, recorded: Timestamp) -> Result<AuditRow, serde_json::Error> {
        let number = self.number.saturating_add(1);
        let line = serde_json::to_string(&AuditEntry { number, recorded, event })?;
        let hash = chain::next(&self.hash, &line);
        Ok(AuditRow { number, previous: self.hash.clone(), hash, line })
    }

    /// Verifies that a row comes right after this one; the answer is the row's own place, and what it says.
    pub fn then(&self, row: &AuditRow) -> Result<(Self, AuditEntry), Altered> {
        let expected = self.number.saturating_add(1);
        if row.number > expected {
            return Err(Altered::Missing { number: expected, found: row.number });
        }
        if row.number < expected {
            return Err(Altered::Moved { number: row.number, after: self.number });
        }
        let entry = row.is_itself()?;
        if row.previous != self.hash {
            return Err(Altered::Unchained { number: row.number });
        }
        Ok((Self { number: row.number, hash: row.hash.clone() }, entry))
    }
}

impl AuditRow {
    /// Verifies a row by itself: its line has its number, and its hash is that of its line.
    pub fn is_itself(&self) -> Result<AuditEntry, Altered> {
        let altered = Altered::Changed { number: self.number };
        if chain::next(&self.previous, &self.line) != self.hash {
            return Err(altered);
        }
        let entry: AuditEntry = serde_json::from_str(&self.line).map_err(|_| altered.clone())?;
        if entry.number == self.number { Ok(entry) } else { Err(altered) }
    }
}

/// The first row of a trail that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Altered {
    /// A row is not in its place: it was taken out, or it stands elsewhere.
    Missing {
        /// Its number.
        number: u64,
        /// The number of the row in its place.
        found: u64,
    },
    /// A row stands after one that it came before, or is there twice.
    Moved {
        /// Its number.
        number: u64,
        /// The number of the row before it.
        after: u64,
    },
    /// The line, the number or the hash of a row was changed.
    Changed {
        /// Its number.
        number: u64,
    },
    /// The oldest rows are gone, and no row says that they were cut off there.
    Unexplained {
        /// The number of the last one that is gone.
        number: u64,
    },
    /// A row does not continue the one before it: it or the one before was written anew.
    Unchained {
        /// Its number.
        number: u64,
    },
}

impl fmt::Display for Altered {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { number, found } => {
                write!(to, "row {number} is missing: row {found} stands in its place")
            }
            Self::Moved { number, after } => write!(to, "row {number} stands after row {after}"),
            Self::Changed { number } => write!(to, "row {number} was changed"),
            Self::Unexplained { number } => {
                write!(to, "the rows up to {number} are gone, and no row says that they were cut off there")
            }
            Self::Unchained { number } => write!(to, "row {number} does not continue the row before it"),
        }
    }
}

/// The name of the chain, of which the first row's `previous` is the hash.
pub const GENESIS: &str = "INFO CIG audit trail";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_that_is_whole_is_followed_to_its_head_and_from_wherever_it_was_cut() {
        let rows = trail();
        let head = follow(Anchor::default(), &rows).unwrap();
        assert_eq!((head.number, &head.hash), (5, &rows[4].hash));

        let anchor = Anchor { number: 2, hash: rows[1].hash.clone() };
        assert_eq!(follow(anchor, &rows[2..]), Ok(head), "each follows the one before");
    }

    #[test]
    fn the_line_of_a_row_and_its_hash_are_what_the_documentation_says() {
        let row = &trail()[0];
        let line =
            r#"{"number":1,"recorded":1001,"at":1000,"actor":"ada","roles":["supervisor"],"act":"searched"}"#;
        assert_eq!(row.line, line);
        assert_eq!(row.previous, chain::first("INFO CIG audit trail"));
        assert_eq!(row.hash, chain::next(&row.previous, line));
    }

    #[test]
    fn a_row_that_was_changed_is_named() {
        let mut rows = trail();
        rows[2].line = rows[2].line.replace("ada", "bea");
        assert_eq!(follow(Anchor::default(), &rows), Err(Altered::Changed { number: 3 }));
        // Its hash was made anew: the next one does not continue it.
        rows[2].hash = chain::next(&rows[2].previous, &rows[2].line);
        assert_eq!(follow(Anchor::default(), &rows), Err(Altered::Unchained { number: 4 }));
    }

    #[test]
    fn a_row_that_was_taken_out_added_or_moved_is_named() {
        let all = trail();
        let altered = |change: fn(&mut Vec<AuditRow>)| {
            let mut rows = all.clone();
            change(&mut rows);
            follow(Anchor::default(), &rows).unwrap_err()
        };
        let missing = |number, found| Altered::Missing { number, found };

        assert_eq!(altered(|rows| drop(rows.remove(2))), missing(3, 4));
        assert_eq!(altered(|rows| drop(rows.remove(0))), missing(1, 2));
        assert_eq!(altered(|rows| rows.swap(1, 3)), missing(2, 4));
        assert_eq!(altered(|rows| rows.insert(3, rows[2].clone())), Altered::Moved { number: 3, after: 3 });
        // The numbers of two rows were exchanged as well.
        let exchanged = altered(|rows| {
            rows.swap(1, 2);
            (rows[1].number, rows[2].number) = (2, 3);
        });
        assert_eq!(exchanged, Altered::Changed { number: 2 });
        // A row that was put in after the second.
        let added = altered(|rows| {
            let before = Anchor { number: 2, hash: rows[1].hash.clone() };
            let row = before.next(AuditEvent::new(AuditedKind::Ended, Timestamp::from_millis(1)), rows_at(9));
            rows.insert(2, row.unwrap());
        });
        assert_eq!(added, Altered::Moved { number: 3, after: 3 });
    }

    fn follow(anchor: Anchor, rows: &[AuditRow]) -> Result<Anchor, Altered> {
        rows.iter().try_fold(anchor, |place, row| place.then(row).map(|(place, _)| place))
    }

    fn rows_at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn trail() -> Vec<AuditRow> {
        let ada = ActedBy {
            id: Some(AdvisorId::parse("ada").unwrap()),
            roles: crate::staff::StaffRole::Supervisor.into(),
            ..ActedBy::default()
        };
        let mut rows: Vec<AuditRow> = Vec::new();
        let mut place = Anchor::default();
        for number in 1..=5_i64 {
            let event = ada.did(AuditedKind::Searched, rows_at(number * 1_000));
            let row = place.next(event, rows_at(number * 1_000 + 1)).unwrap();
            place = Anchor { number: row.number, hash: row.hash.clone() };
            rows.push(row);
        }
        rows
    }
}
