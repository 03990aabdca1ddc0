// SPDX-License-Identifier: EUPL-1.2
//! Offers, their deadlines, and the rule by which a waiting conversation may be taken without one.

use infocig_protocol::{
    desk::{AssignedConversation, AssignmentMode, AssignmentState, Fit, Priority, WaitingConversation, Why},
    id::{ConversationId, QueueId},
    person::PersonCard,
    time::Timestamp,
};

/// A conversation that is the advisor's if they accept it in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub conversation: ConversationId,
    pub person: PersonCard,
    /// The queue it waits, or waited, in.
    pub queue: Option<QueueId>,
    /// Why the desk chose this advisor.
    pub why: Why,
    pub from: OfferSource,
    pub since: Timestamp,
    /// The instant at which it lapses.
    pub until: Timestamp,
    /// The instant at which the person came.
    pub arrived: Timestamp,
    /// Why it went before others that had waited as long.
    pub priority: Option<Priority>,
}

/// The origin of an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfferSource {
    Queue,
    /// A colleague who transfers it, by name.
    Colleague(String),
    /// A colleague who asks for help, by name.
    Invitation(String),
}

impl Offer {
    /// The offer in a conversation of a picture, if it is one.
    pub fn of(assigned: &AssignedConversation) -> Option<Self> {
        let (from, until) = match &assigned.state {
            AssignmentState::Offered { until, by: None } => (OfferSource::Queue, *until),
            AssignmentState::Offered { until, by: Some(by) } => (OfferSource::Colleague(by.clone()), *until),
            AssignmentState::Invited { until, by } => (OfferSource::Invitation(by.clone()), *until),
            AssignmentState::Held { .. }
            | AssignmentState::Helping { .. }
            | AssignmentState::Observing { .. }
            | AssignmentState::WrapUp { .. } => return None,
        };
        Some(Self {
            conversation: assigned.conversation.clone(),
            person: assigned.person.clone(),
            queue: assigned.queue.clone(),
            why: assigned.why.clone(),
            from,
            since: assigned.since,
            until,
            arrived: assigned.arrived,
            priority: assigned.priority,
        })
    }
}

/// Whole seconds until an instant, rounded up: none is left only when it has come.
pub fn seconds_left(until: Timestamp, now: Timestamp) -> i64 {
    (until.as_millis() - now.as_millis()).max(0).saturating_add(999) / 1_000
}

/// Whether an advisor may take a waiting conversation. `lapsed`: an offer of it to this advisor went unanswered.
pub fn may_take(waiting: &WaitingConversation, assignment: AssignmentMode, lapsed: bool) -> bool {
    match waiting.fit {
        Fit::Yours(_) => assignment == AssignmentMode::Pull || lapsed,
        Fit::Nobody {} => true,
        Fit::Others {} => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{assigned, at, waiting};

    #[test]
    fn only_an_acceptable_assignment_is_an_offer() {
        let until = at(5);
        let from = |state| Offer::of(&assigned(1, state)).map(|offer| offer.from);
        let by = || String::from("Marco");

        assert_eq!(from(AssignmentState::Offered { until, by: None }), Some(OfferSource::Queue));
        assert_eq!(
            from(AssignmentState::Offered { until, by: Some(by()) }),
            Some(OfferSource::Colleague(by()))
        );
        assert_eq!(from(AssignmentState::Invited { until, by: by() }), Some(OfferSource::Invitation(by())));
        assert_eq!(from(AssignmentState::Helping { holder: by() }), None);
        assert_eq!(from(AssignmentState::WrapUp { until, topic_missing: true }), None);
    }

    #[test]
    fn the_last_second_counts_until_it_is_over() {
        assert_eq!(seconds_left(at(30_000), at(0)), 30);
        assert_eq!(seconds_left(at(30_000), at(29_001)), 1);
        assert_eq!(seconds_left(at(30_000), at(30_000)), 0);
        assert_eq!(seconds_left(at(30_000), at(99_000)), 0);
    }

    #[test]
    fn conversations_for_others_cannot_be_taken_and_those_for_nobody_can() {
        let fits = |fit| WaitingConversation { fit, ..waiting(1) };
        let yours = fits(Fit::Yours(Why::default()));
        assert!(may_take(&yours, AssignmentMode::Pull, false));
        assert!(!may_take(&yours, AssignmentMode::Automatic, false), "it will be offered");
        assert!(may_take(&yours, AssignmentMode::Automatic, true), "it will not be offered again");
        assert!(may_take(&fits(Fit::Nobody {}), AssignmentMode::Automatic, false));
        assert!(!may_take(&fits(Fit::Others {}), AssignmentMode::Pull, true));
    }
}
