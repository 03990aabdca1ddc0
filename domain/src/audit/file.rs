// SPDX-License-Identifier: EUPL-1.2
//! The audit trail as a file of JSON, and whether such a file is whole.
//!
//! A line of a row is in the file as it is stored, byte for byte: whoever lays the file out anew loses what the hashes are made of.
//! A file of a selection, where a filter or the reader's queues left rows out, has gaps: its rows are verified each by itself.

use std::fmt::Write as _;

use infocig_protocol::{report::AuditedKind, time::Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Altered, Anchor, AuditRow};

/// The form of such files.
const FORM: u16 = 1;

/// Writes a file: of all rows after the last that was cut off, or, without `after`, of a selection.
pub fn write(
    rows: &[AuditRow],
    after: Option<&Anchor>,
    end: &Anchor,
    exported: Timestamp,
) -> Result<String, serde_json::Error> {
    let head =
        serde_json::to_string(&Head { audit: FORM, exported, after: after.cloned(), end: end.clone() })?;
    let mut text = head.strip_suffix('}').unwrap_or(&head).to_owned();
    text.push_str(",\"rows\":[");
    for (place, AuditRow { number, previous, hash, line }) in rows.iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        // Hashes and numbers need no escapes, and the line is JSON. Writing to a string cannot fail.
        let _ = write!(
            text,
            "{comma}\n{{\"number\":{number},\"previous\":\"{previous}\",\"hash\":\"{hash}\",\"line\":{line}}}"
        );
    }
    text.push_str("\n]}\n");
    Ok(text)
}

/// A file that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Whether rows were left out, so that only each by itself is verified.
    pub selection: bool,
    /// How many rows.
    pub rows: u64,
    /// The numbers of the first and the last one, and the last one's hash; none in an empty one.
    pub ends: Option<(u64, Anchor)>,
}

/// The reason why a file is not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotVerified {
    /// It is no file of the audit trail.
    NoTrail(String),
    /// It is not as it was written.
    Altered(Altered),
    /// Its last row is not the end of the trail that it says.
    NoEnd {
        /// The number of its last row.
        last: u64,
        /// The number of the end it says.
        end: u64,
    },
}

/// Verifies a file.
pub fn verify(text: &str) -> Result<Whole, NotVerified> {
    let no_trail = |why: String| NotVerified::NoTrail(why);
    let file: File<'_> = serde_json::from_str(text).map_err(|error| no_trail(error.to_string()))?;
    if file.audit != FORM {
        return Err(no_trail(format!("it has the form {}, and {FORM} is known", file.audit)));
    }
    let rows = file.rows.into_iter().map(AuditRow::from);
    let Some(after) = file.after else {
        return verify_each(rows).map_err(NotVerified::Altered);
    };
    let whole = verify_rows(after.clone(), rows).map_err(NotVerified::Altered)?;
    let last = whole.ends.as_ref().map_or(&after, |(_, last)| last);
    if *last != file.end {
        return Err(NotVerified::NoEnd { last: last.number, end: file.end.number });
    }
    Ok(whole)
}

/// The rows of a file as they are in it, and the last that was cut off before them; none in a selection.
pub fn rows(text: &str) -> Result<(Option<Anchor>, Vec<AuditRow>), serde_json::Error> {
    let file: File<'_> = serde_json::from_str(text)?;
    Ok((file.after, file.rows.into_iter().map(AuditRow::from).collect()))
}

/// Verifies rows that follow one another, after the last that was cut off.
pub fn verify_rows(after: Anchor, rows: impl IntoIterator<Item = AuditRow>) -> Result<Whole, Altered> {
    let mut explained = (after.number == 0).then(|| after.as_subject());
    let gone = after.clone();
    let (mut place, mut number, mut first) = (after, 0_u64, None);
    for row in rows {
        let (next, entry) = place.then(&row)?;
        if entry.event.act == AuditedKind::CutAudit {
            explained = entry.event.subject;
        }
        place = next;
        number = number.saturating_add(1);
        first.get_or_insert(row.number);
    }
    // Whoever deletes the oldest rows can say where the rest begins: the row of the cut is in the chain.
    if explained != Some(gone.as_subject()) {
        return Err(Altered::Unexplained { number: gone.number });
    }
    Ok(Whole { selection: false, rows: number, ends: first.map(|first| (first, place)) })
}

/// Verifies rows each by itself, and that their numbers grow.
fn verify_each(rows: impl IntoIterator<Item = AuditRow>) -> Result<Whole, Altered> {
    let (mut last, mut number, mut first) = (None::<Anchor>, 0_u64, None);
    for row in rows {
        if let Some(before) = last.as_ref().filter(|before| before.number >= row.number) {
            return Err(Altered::Moved { number: row.number, after: before.number });
        }
        row.is_itself()?;
        let follows = last.as_ref().is_some_and(|before| before.number.saturating_add(1) == row.number);
        if follows && last.as_ref().is_some_and(|before| before.hash != row.previous) {
            return Err(Altered::Unchained { number: row.number });
        }
        number = number.saturating_add(1);
        first.get_or_insert(row.number);
        last = Some(Anchor { number: row.number, hash: row.hash });
    }
    Ok(Whole { selection: true, rows: number, ends: first.zip(last) })
}

#[derive(Serialize)]
struct Head {
    audit: u16,
    exported: Timestamp,
    /// The last row that was cut off; absent in a selection.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Anchor>,
    end: Anchor,
}

#[derive(Deserialize)]
struct File<'f> {
    audit: u16,
    after: Option<Anchor>,
    end: Anchor,
    #[serde(borrow)]
    rows: Vec<FileRow<'f>>,
}

#[derive(Deserialize)]
struct FileRow<'f> {
    number: u64,
    previous: String,
    hash: String,
    #[serde(borrow)]
    line: &'f RawValue,
}

impl From<FileRow<'_>> for AuditRow {
    fn from(row: FileRow<'_>) -> Self {
        let FileRow { number, previous, hash, line } = row;
        Self { number, previous, hash, line: line.get().into() }
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::AdvisorId;

    use super::*;
    use crate::audit::AuditEvent;

    #[test]
    fn a_file_of_all_rows_is_whole_and_says_where_it_begins_and_ends() {
        let (rows, end) = trail();
        let all = written(&rows, Some(&Anchor::default()), &end);
        let whole =
            |rows, first, last: &Anchor| Whole { selection: false, rows, ends: Some((first, last.clone())) };
        assert_eq!(verify(&all), Ok(whole(5, 1, &end)));
        let none = Anchor::default();
        let empty = written(&[], Some(&none), &none);
        assert_eq!(verify(&empty), Ok(Whole { selection: false, rows: 0, ends: None }));

        // The first two were cut off, and a row says so.
        let cut = Anchor { number: 2, hash: rows[1].hash.clone() };
        let event = AuditEvent {
            subject: Some(cut.as_subject()),
            ..AuditEvent::new(AuditedKind::CutAudit, Timestamp::from_millis(6))
        };
        let row = end.next(event, Timestamp::from_millis(6)).unwrap();
        let last = Anchor { number: 6, hash: row.hash.clone() };
        let rest: Vec<_> = rows[2..].iter().cloned().chain([row]).collect();
        assert_eq!(verify(&written(&rest, Some(&cut), &last)), Ok(whole(4, 3, &last)));

        // Somebody cut off one more, and nothing says so.
        let more = Anchor { number: 3, hash: rows[2].hash.clone() };
        let unexplained = verify(&written(&rest[1..], Some(&more), &last));
        assert_eq!(unexplained, Err(NotVerified::Altered(Altered::Unexplained { number: 3 })));
    }

    #[test]
    fn a_line_of_the_file_that_was_changed_deleted_inserted_or_swapped_is_named() {
        let (rows, end) = trail();
        let text = written(&rows, Some(&Anchor::default()), &end);
        let lines: Vec<&str> = text.lines().collect();
        let of = |lines: &[&str]| {
            let joined = lines.join("\n").replace(",\n]", "\n]");
            verify(&joined).unwrap_err()
        };
        let changed = text.replace("\"subject\":\"3\"", "\"subject\":\"4\"");
        assert_eq!(verify(&changed), Err(NotVerified::Altered(Altered::Changed { number: 3 })));

        let mut without = lines.clone();
        without.remove(3);
        let missing = Altered::Missing { number: 3, found: 4 };
        assert_eq!(of(&without), NotVerified::Altered(missing));

        let swapped = [&rows[0], &rows[2], &rows[1], &rows[3], &rows[4]].map(Clone::clone);
        let swapped = verify(&written(&swapped, Some(&Anchor::default()), &end));
        assert_eq!(swapped, Err(NotVerified::Altered(Altered::Missing { number: 2, found: 3 })));

        let mut added = rows.clone();
        added.insert(2, rows[1].clone());
        let added = verify(&written(&added, Some(&Anchor::default()), &end));
        assert_eq!(added, Err(NotVerified::Altered(Altered::Moved { number: 2, after: 2 })));

        // The newest rows were left out.
        let mut shorter = lines.clone();
        shorter.drain(4..6);
        assert_eq!(of(&shorter), NotVerified::NoEnd { last: 3, end: 5 });
    }

    #[test]
    fn a_selection_has_gaps_and_each_of_its_rows_is_verified() {
        let (rows, end) = trail();
        let selected = [rows[0].clone(), rows[1].clone(), rows[4].clone()];
        let text = written(&selected, None, &end);
        assert_eq!(verify(&text), Ok(Whole { selection: true, rows: 3, ends: Some((1, end.clone())) }));

        let changed = text.replace("\"subject\":\"5\"", "\"subject\":\"6\"");
        assert_eq!(verify(&changed), Err(NotVerified::Altered(Altered::Changed { number: 5 })));
        let swapped = written(&[rows[4].clone(), rows[0].clone()], None, &end);
        assert_eq!(verify(&swapped), Err(NotVerified::Altered(Altered::Moved { number: 1, after: 5 })));
    }

    #[test]
    fn another_file_is_no_trail() {
        for text in ["", "[]", "{}", r#"{"audit":2,"end":{"number":0,"hash":""},"rows":[]}"#] {
            assert!(matches!(verify(text), Err(NotVerified::NoTrail(_))), "{text}");
        }
    }

    fn written(rows: &[AuditRow], after: Option<&Anchor>, end: &Anchor) -> String {
        write(rows, after, end, Timestamp::from_millis(9)).unwrap()
    }

    fn trail() -> (Vec<AuditRow>, Anchor) {
        let (mut rows, mut end) = (Vec::new(), Anchor::default());
        for number in 1..=5_i64 {
            let at = Timestamp::from_millis(number);
            let event = AuditEvent {
                actor: Some(AdvisorId::parse("ada").unwrap()),
                subject: Some(number.to_string()),
                ..AuditEvent::new(AuditedKind::ReadAudit, at)
            };
            let row = end.next(event, at).unwrap();
            end = Anchor { number: row.number, hash: row.hash.clone() };
            rows.push(row);
        }
        (rows, end)
    }
}
