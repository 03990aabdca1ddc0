// SPDX-License-Identifier: EUPL-1.2
//! The advisor's conversations: how each is assigned, since when its person waits, and the order of the list.
//!
//! - A person waits from their first message after the last answer; showing a case is an answer too. Before any answer they
//!   wait from the instant the conversation was assigned.
//! - On hold they wait for nobody until the reminder, and from then on.
//! - The list is sorted by that wait. While the pointer or the focus is in it the order is frozen and new rows go to its end,
//!   so that nobody presses a row that has just moved.

use infocig_protocol::{
    desk::{AssignedConversation, AssignmentState, Hold, Why},
    entry::Entry,
    id::{ConversationId, QueueId},
    time::Timestamp,
};
use leptos::prelude::*;

use super::{Announcement, Conversation, DeskState, alerts::News, offer::Offer};

/// How a conversation is assigned to the advisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub state: AssignmentState,
    pub since: Timestamp,
    /// Why the desk chose this advisor.
    pub why: Why,
    /// The queue it waited in.
    pub queue: Option<QueueId>,
}

/// Whether the advisor has ended a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Open,
    /// The advisor ended it, and no picture of the desk shows that yet. After a new link it is sent again.
    Requested,
}

/// Something the advisor requests of the desk for a conversation they hold or help with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskRequest {
    /// Hand it to a colleague, by name.
    Transfer(String),
    /// Put it back into the queue.
    ReturnToQueue,
    /// Hand it to another queue, by name.
    ToOtherQueue(String),
    /// Ask a colleague to join, by name.
    Invite(String),
    /// Stop helping.
    Leave,
    /// Withdraw a transfer that the colleague has not accepted.
    Retract,
    /// Warn its person.
    Warn,
    /// Put it on hold.
    Hold,
    /// Take it off hold.
    Resume,
    /// End it, or free the place of one that has ended.
    Close,
}

impl Assignment {
    /// Whether the advisor holds it.
    pub fn holds(&self) -> bool {
        matches!(self.state, AssignmentState::Held { .. })
    }

    /// Whether a transfer to a colleague waits for their answer.
    pub fn passes(&self) -> bool {
        matches!(self.state, AssignmentState::Held { transferring_to: Some(_), .. })
    }

    /// The hold it is on.
    pub fn on_hold(&self) -> Option<&Hold> {
        match &self.state {
            AssignmentState::Held { on_hold, .. } => on_hold.as_ref(),
            AssignmentState::Offered { .. }
            | AssignmentState::Invited { .. }
            | AssignmentState::Helping { .. }
            | AssignmentState::Observing { .. }
            | AssignmentState::WrapUp { .. } => None,
        }
    }

    /// Whether its person waits longer than they were told.
    pub fn is_hold_due(&self) -> bool {
        self.on_hold().is_some_and(|hold| hold.due)
    }

    /// Whether the advisor may write in it.
    pub fn writes(&self) -> bool {
        matches!(self.state, AssignmentState::Held { .. } | AssignmentState::Helping { .. })
    }

    /// Whether the advisor reads it as a supervisor.
    pub fn observes(&self) -> bool {
        matches!(self.state, AssignmentState::Observing { .. })
    }

    /// When the place of an ended conversation is freed, and whether its topic is still missing.
    pub fn wrap_up(&self) -> Option<(Timestamp, bool)> {
        match self.state {
            AssignmentState::WrapUp { until, topic_missing } => Some((until, topic_missing)),
            AssignmentState::Offered { .. }
            | AssignmentState::Invited { .. }
            | AssignmentState::Held { .. }
            | AssignmentState::Helping { .. }
            | AssignmentState::Observing { .. } => None,
        }
    }

    /// When the person's wait for this advisor began; `None` while they do not wait.
    pub fn waits_since(&self, entries: &[Entry]) -> Option<Timestamp> {
        if !self.holds() {
            return None;
        }
        if let Some(hold) = self.on_hold() {
            return hold.due.then_some(hold.until);
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
        // Nobody has answered yet. The time in the queue does not count: this advisor could not answer there.
        Some(first_unanswered.map_or(self.since, |at| at.max(self.since)))
    }
}

/// The sort keys of a conversation in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPosition {
    pub conversation: ConversationId,
    pub waits_since: Option<Timestamp>,
    pub rank: Rank,
    pub since: Timestamp,
}

/// The parts of the list, from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The advisor answers it.
    Held,
    /// The advisor helps a colleague.
    Helping,
    /// It has ended and still takes up a place.
    WrapUp,
    /// It has ended, or a colleague holds it.
    Released,
}

impl Rank {
    /// The part a conversation belongs to.
    pub fn of(assignment: Option<&Assignment>) -> Self {
        match assignment.map(|assignment| &assignment.state) {
            Some(AssignmentState::Held { .. }) => Self::Held,
            Some(AssignmentState::Helping { .. } | AssignmentState::Observing { .. }) => Self::Helping,
            Some(AssignmentState::WrapUp { .. }) => Self::WrapUp,
            Some(AssignmentState::Offered { .. } | AssignmentState::Invited { .. }) | None => Self::Released,
        }
    }
}

/// The order of the list: the longest wait first, then answered conversations, then ended ones.
pub fn in_order(mut places: Vec<ListPosition>) -> Vec<ConversationId> {
    let key = |place: &ListPosition| {
        let nobody_waits = place.waits_since.is_none();
        (nobody_waits, place.rank, place.waits_since.unwrap_or(place.since))
    };
    places.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.conversation.cmp(&b.conversation)));
    places.into_iter().map(|place| place.conversation).collect()
}

/// The frozen order: as it was `before`, without the rows that are gone, and new rows at the end.
pub fn held_still(before: &[ConversationId], now: &[ConversationId]) -> Vec<ConversationId> {
    let stays = before.iter().filter(|id| now.contains(id));
    let comes = now.iter().filter(|id| !before.contains(id));
    stays.chain(comes).cloned().collect()
}

impl DeskState {
    /// The advisor requests something of the desk for a conversation. `false` without a connection: nothing is requested.
    pub fn request(&self, id: &ConversationId, request: DeskRequest) -> bool {
        let live = self.session.is_live();
        let conversation = self.conversation(id).filter(|_| live);
        if let Some(conversation) = &conversation {
            if request == DeskRequest::Close {
                let over = conversation
                    .assignment
                    .with_untracked(|assignment| assignment.as_ref().and_then(Assignment::wrap_up));
                conversation.done.set(over.is_some());
                conversation.ending.set(Ending::Requested);
            }
            conversation.begin_request(request);
        }
        conversation.is_some()
    }

    /// The advisor's conversations, the person who waits longest first; in the order `before` while the list is held.
    pub fn in_order(&self, before: &[ConversationId]) -> Vec<ConversationId> {
        let positions = self.conversations.with(|all| all.iter().map(Conversation::list_position).collect());
        let order = in_order(positions);
        if self.screen.list_held.get() { held_still(before, &order) } else { order }
    }

    /// Applies the part of a picture that is this advisor's: conversations come, change hands and go. Returns news if the
    /// reminder of a hold is due.
    pub(super) fn apply_assigned(&self, mine: Vec<AssignedConversation>) -> Option<News> {
        for conversation in self.conversations.get_untracked() {
            if !mine.iter().any(|one| one.conversation == conversation.id) {
                conversation.set_assignment(None);
                if conversation.done.get_untracked() {
                    self.dismiss(&conversation.id);
                }
            }
        }
        let (mut claimed, mut news) = (None, None);
        for assigned in mine {
            if Offer::of(&assigned).is_some() {
                continue;
            }
            let AssignedConversation { conversation: id, person, state, since, why, queue, .. } = assigned;
            let conversation = self.conversation(&id).unwrap_or_else(|| {
                let conversation = Conversation::new(id.clone(), person);
                self.conversations.update(|conversations| conversations.push(conversation.clone()));
                conversation
            });
            let opens = self.opens_after_act(&id, &state);
            let assignment = Assignment { state, since, why, queue };
            if assignment.is_hold_due() && !conversation.is_hold_due() {
                let name = conversation.person.name.clone();
                self.screen.announcement.set(Some(Announcement::HoldDue { name }));
                news = Some(News::HoldDue);
            }
            conversation.set_assignment(Some(assignment));
            if self.queue.end_claim(&id).is_some() || opens {
                claimed = Some(id);
            }
        }
        if let Some(id) = claimed {
            self.select_assigned(&id);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{desk::HoldReason, entry::EntryBody};

    use super::*;
    use crate::state::samples::{answers, at, entry, held, id, says};

    #[test]
    fn somebody_waits_from_their_first_message_after_the_last_answer() {
        let assignment = assignment(1);
        let log = [
            later(says(1, "a"), 10),
            later(answers(2, "b"), 20),
            later(says(3, "c"), 30),
            later(says(4, "d"), 40),
        ];
        assert_eq!(assignment.waits_since(&log), Some(at(30)));
        assert_eq!(assignment.waits_since(&log[..2]), None, "answered");
    }

    #[test]
    fn somebody_nobody_has_greeted_waits_from_when_they_came_into_our_hands() {
        let assignment = assignment(100);
        let opened = entry(1, EntryBody::Opened {});
        assert_eq!(assignment.waits_since(std::slice::from_ref(&opened)), Some(at(100)));
        let log = [opened, later(says(2, "a"), 50)];
        assert_eq!(assignment.waits_since(&log), Some(at(100)), "they waited for others before");
        assert_eq!(assignment.waits_since(&[later(says(1, "a"), 150)]), Some(at(150)));
    }

    #[test]
    fn on_hold_somebody_waits_from_the_reminder_on() {
        let mut assignment = assignment(1);
        let log = [later(says(1, "a"), 10)];
        let on_hold = |due| {
            let (since, until, reason) = (at(20), at(120_020), HoldReason::Case);
            let on_hold = Some(Hold { since, until, reason, text: None, due });
            let (helpers, observers) = (Vec::new(), Vec::new());
            AssignmentState::Held { helpers, transferring_to: None, ending: false, observers, on_hold }
        };
        assignment.state = on_hold(false);
        assert_eq!((assignment.waits_since(&log), assignment.is_hold_due()), (None, false));
        assignment.state = on_hold(true);
        assert_eq!((assignment.waits_since(&log), assignment.is_hold_due()), (Some(at(120_020)), true));
    }

    #[test]
    fn nobody_waits_for_an_advisor_who_only_helps_or_wraps_up() {
        let log = [later(says(1, "a"), 10)];
        for state in [
            AssignmentState::Helping { holder: "Marco".into() },
            AssignmentState::WrapUp { until: at(9), topic_missing: false },
        ] {
            assert_eq!(Assignment { state, ..assignment(1) }.waits_since(&log), None);
        }
    }

    #[test]
    fn the_longest_waiting_person_comes_first_and_closed_conversations_last() {
        let order = in_order(vec![
            position(1, None, Rank::Released),
            position(2, None, Rank::Held),
            position(3, Some(30), Rank::Held),
            position(4, Some(10), Rank::Held),
            position(5, None, Rank::WrapUp),
            position(6, None, Rank::Helping),
        ]);
        assert_eq!(order, [4, 3, 2, 6, 5, 1].map(id));
    }

    #[test]
    fn a_list_under_somebodys_hands_keeps_its_order() {
        let before = [1, 2, 3].map(id);
        assert_eq!(held_still(&before, &[4, 3, 1].map(id)), [1, 3, 4].map(id));
    }

    fn assignment(since: i64) -> Assignment {
        Assignment { state: held(), since: at(since), why: Why::default(), queue: None }
    }

    fn position(n: u32, waits: Option<i64>, rank: Rank) -> ListPosition {
        ListPosition { conversation: id(n), waits_since: waits.map(at), rank, since: at(0) }
    }

    fn later(entry: Entry, millis: i64) -> Entry {
        Entry { at: at(millis), ..entry }
    }
}
