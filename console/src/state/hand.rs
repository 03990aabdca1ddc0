// SPDX-License-Identifier: EUPL-1.2
//! How a conversation is the advisor's, who waits on them, and in which order that puts their list.
//!
//! - Somebody waits on the advisor from their first message after the last answer, which a case that was shown is too; before any answer, from when the
//!   conversation came into the advisor's hands.
//! - Under the advisor's hands the list does not move: newcomers go to its end until they let go of it.

use infocig_protocol::{
    desk::{AssignmentState, Why},
    entry::Entry,
    id::ConversationId,
    time::Timestamp,
};

/// How a conversation is the advisor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hand {
    /// In which way.
    pub state: AssignmentState,
    /// Since when.
    pub since: Timestamp,
    /// Why it came to them.
    pub why: Why,
}

impl Hand {
    /// Whether the advisor answers it.
    pub fn holds(&self) -> bool {
        matches!(self.state, AssignmentState::Held { .. })
    }

    /// Whether it is being handed to a colleague.
    pub fn passes(&self) -> bool {
        matches!(self.state, AssignmentState::Held { passing_to: Some(_), .. })
    }

    /// Whether the advisor can write in it.
    pub fn writes(&self) -> bool {
        matches!(self.state, AssignmentState::Held { .. } | AssignmentState::Helping { .. })
    }

    /// Until when it takes up a place after its end, and whether its topic is yet to be said.
    pub fn wrap_up(&self) -> Option<(Timestamp, bool)> {
        match self.state {
            AssignmentState::WrapUp { until, topic_missing } => Some((until, topic_missing)),
            AssignmentState::Offered { .. }
            | AssignmentState::Invited { .. }
            | AssignmentState::Held { .. }
            | AssignmentState::Helping { .. } => None,
        }
    }

    /// Since when the person waits on this advisor; `None` if they do not.
    pub fn waits_since(&self, entries: &[Entry]) -> Option<Timestamp> {
        if !self.holds() {
            return None;
        }
        let mut first_unanswered = None;
        for entry in entries.iter().rev() {
            if entry.body.is_answer() {
                return first_unanswered;
            }
            if entry.body.is_by_citizen() {
                first_unanswered = Some(entry.at);
            }
        }
        // Nobody has answered yet. The wait in the queue was not on this advisor.
        Some(first_unanswered.map_or(self.since, |at| at.max(self.since)))
    }
}

/// What decides where a conversation stands in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which.
    pub conversation: ConversationId,
    /// Since when somebody waits on the advisor.
    pub waits_since: Option<Timestamp>,
    /// How it is theirs.
    pub rank: Rank,
    /// Since when.
    pub since: Timestamp,
}

/// The parts of the list, first first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// They answer it.
    Held,
    /// They help a colleague.
    Helping,
    /// It is over, and takes up a place.
    WrapUp,
    /// It is over, or somebody else's.
    Past,
}

impl Rank {
    /// Of a conversation, by how it is the advisor's.
    pub fn of(hand: Option<&Hand>) -> Self {
        match hand.map(|hand| &hand.state) {
            Some(AssignmentState::Held { .. }) => Self::Held,
            Some(AssignmentState::Helping { .. }) => Self::Helping,
            Some(AssignmentState::WrapUp { .. }) => Self::WrapUp,
            Some(AssignmentState::Offered { .. } | AssignmentState::Invited { .. }) | None => Self::Past,
        }
    }
}

/// The order of the list: who waits longest first, then who has been answered, then what is over.
pub fn in_order(mut places: Vec<Place>) -> Vec<ConversationId> {
    let key = |place: &Place| {
        let nobody_waits = place.waits_since.is_none();
        (nobody_waits, place.rank, place.waits_since.unwrap_or(place.since))
    };
    places.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.conversation.cmp(&b.conversation)));
    places.into_iter().map(|place| place.conversation).collect()
}

/// The order of a list that somebody is pointing at: as it was, without what is gone, and newcomers at the end.
pub fn held_still(before: &[ConversationId], now: &[ConversationId]) -> Vec<ConversationId> {
    let stays = before.iter().filter(|id| now.contains(id));
    let comes = now.iter().filter(|id| !before.contains(id));
    stays.chain(comes).cloned().collect()
}

#[cfg(test)]
mod tests {
    use infocig_protocol::entry::EntryBody;

    use super::*;
    use crate::state::samples::{answers, at, entry, held, id, says};

    #[test]
    fn somebody_waits_from_their_first_message_after_the_last_answer() {
        let hand = hand(1);
        let log = [
            later(says(1, "a"), 10),
            later(answers(2, "b"), 20),
            later(says(3, "c"), 30),
            later(says(4, "d"), 40),
        ];
        assert_eq!(hand.waits_since(&log), Some(at(30)));
        assert_eq!(hand.waits_since(&log[..2]), None, "answered");
    }

    #[test]
    fn somebody_nobody_has_greeted_waits_from_when_they_came_into_our_hands() {
        let hand = hand(100);
        let opened = entry(1, EntryBody::Opened {});
        assert_eq!(hand.waits_since(std::slice::from_ref(&opened)), Some(at(100)));
        let log = [opened, later(says(2, "a"), 50)];
        assert_eq!(hand.waits_since(&log), Some(at(100)), "they waited for others before");
        assert_eq!(hand.waits_since(&[later(says(1, "a"), 150)]), Some(at(150)));
    }

    #[test]
    fn nobody_waits_on_who_only_helps_or_wraps_up() {
        let log = [later(says(1, "a"), 10)];
        for state in [
            AssignmentState::Helping { holder: "Marco".into() },
            AssignmentState::WrapUp { until: at(9), topic_missing: false },
        ] {
            assert_eq!(Hand { state, ..hand(1) }.waits_since(&log), None);
        }
    }

    #[test]
    fn who_waits_longest_comes_first_and_what_is_over_last() {
        let order = in_order(vec![
            place(1, None, Rank::Past),
            place(2, None, Rank::Held),
            place(3, Some(30), Rank::Held),
            place(4, Some(10), Rank::Held),
            place(5, None, Rank::WrapUp),
            place(6, None, Rank::Helping),
        ]);
        assert_eq!(order, [4, 3, 2, 6, 5, 1].map(id));
    }

    #[test]
    fn a_list_under_somebodys_hands_keeps_its_order() {
        let before = [1, 2, 3].map(id);
        assert_eq!(held_still(&before, &[4, 3, 1].map(id)), [1, 3, 4].map(id));
    }

    fn hand(since: i64) -> Hand {
        Hand { state: held(), since: at(since), why: Why::default() }
    }

    fn place(n: u32, waits: Option<i64>, rank: Rank) -> Place {
        Place { conversation: id(n), waits_since: waits.map(at), rank, since: at(0) }
    }

    fn later(entry: Entry, millis: i64) -> Entry {
        Entry { at: at(millis), ..entry }
    }
}
