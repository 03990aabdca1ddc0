// SPDX-License-Identifier: EUPL-1.2
//! Which messages of a log are shown without their author and time, because the message above has the same.
//!
//! Time is cut into slots of two minutes, and only messages of one slot are grouped: a group never spans more, and one look at
//! the entry before decides.

use infocig_protocol::{
    entry::{Author, Entry},
    time::Timestamp,
};

/// Whether a message of `author` at `at` continues the entry before it.
pub fn continues(before: &Entry, author: &Author, at: Timestamp) -> bool {
    let slot = |at: Timestamp| at.as_millis().div_euclid(SLOT_MS);
    matches!(before.message(), Some((_, other, _)) if other == author) && slot(before.at) == slot(at)
}

const SLOT_MS: i64 = 120_000;

#[cfg(test)]
mod tests {
    use infocig_protocol::entry::EntryBody;

    use super::*;
    use crate::state::samples::{answers, at, entry, says};

    #[test]
    fn messages_of_one_person_in_one_slot_are_grouped() {
        let before = Entry { at: at(1_000), ..says(1, "a") };
        assert!(continues(&before, &Author::Citizen, at(119_999)));
        assert!(!continues(&before, &Author::Citizen, at(120_000)), "the next slot");
        assert!(!continues(&before, &Author::Advisor { name: "Giulia".into() }, at(2_000)));
    }

    #[test]
    fn another_advisor_or_an_event_between_begins_a_group() {
        let other = Author::Advisor { name: "Marco".into() };
        assert!(!continues(&answers(1, "a"), &other, at(0)));
        assert!(!continues(&entry(1, EntryBody::Opened {}), &Author::Citizen, at(0)));
    }
}
