// SPDX-License-Identifier: EUPL-1.2
//! What the chat knows, as signals. Events are applied here and nowhere else; views only read.

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party, Phase},
    frame::QueuePlace,
    http::{Admission, Verdict},
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;

use crate::kept::joined;

/// Whether the service is open, as far as we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Not asked yet, or asking.
    Checking,
    /// The server's answer.
    Known(Admission),
    /// The server did not answer.
    Unknown,
}

/// How far the person has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing begun.
    Idle,
    /// Asking to enter.
    Entering,
    /// The server said no, why, and where else to go.
    Refused(Admission),
    /// Something stands in the way.
    Stuck(Trouble),
    /// In a conversation.
    Inside,
}

/// What can stand in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The portal's session is over.
    SignedOut,
    /// The portal or the service does not answer.
    Unreachable,
    /// The service does not accept the portal's token.
    NotAccepted,
    /// The service failed.
    Fault,
}

/// The chat's signals. `Copy`: pass it wherever it is read.
#[derive(Clone, Copy, Debug)]
pub struct ChatState {
    /// Whether the service is open.
    pub availability: RwSignal<Availability>,
    /// How far the person has come.
    pub stage: RwSignal<Stage>,
    /// Whether the panel is on screen.
    pub shown: RwSignal<bool>,
    /// How the link stands.
    pub link: RwSignal<LinkState>,
    /// Where the conversation stands.
    pub phase: RwSignal<Option<Phase>>,
    /// The log.
    pub entries: RwSignal<Vec<Entry>>,
    /// Our messages not yet acknowledged.
    pub pending: RwSignal<Vec<Pending>>,
    /// Why our last message was not accepted.
    pub not_sent: RwSignal<Option<Code>>,
    /// What is being written.
    pub draft: RwSignal<String>,
    /// Entries before those in the log.
    pub older: RwSignal<Older>,
    /// The advisor has had the log on screen up to this entry.
    pub read_up_to: RwSignal<u64>,
    /// The advisor has not been connected for a while.
    pub advisor_away: RwSignal<bool>,
    /// The advisor is writing.
    pub advisor_typing: RwSignal<bool>,
    /// Where the person stands in the queue, while they wait and it is known.
    pub place: RwSignal<Option<QueuePlace>>,
    /// The person has not answered for a while: the conversation ends then, unless they do.
    pub ends_unanswered: RwSignal<Option<Timestamp>>,
    /// Whether this tab writes; another one may.
    pub writes: RwSignal<bool>,
}

/// Whether there are entries before those shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Older {
    /// No: the log is shown from its beginning.
    None,
    /// Yes.
    There,
    /// Yes, and they are on their way.
    Coming,
}

/// How far one of the person's own messages has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has stored it.
    Delivered,
    /// The advisor has had it on screen.
    Read,
}

impl ChatState {
    /// A chat that knows nothing. Signals belong to the current owner.
    pub fn new() -> Self {
        Self {
            availability: RwSignal::new(Availability::Checking),
            stage: RwSignal::new(Stage::Idle),
            shown: RwSignal::new(false),
            link: RwSignal::new(LinkState::Connecting),
            phase: RwSignal::new(None),
            entries: RwSignal::new(Vec::new()),
            pending: RwSignal::new(Vec::new()),
            not_sent: RwSignal::new(None),
            draft: RwSignal::new(String::new()),
            older: RwSignal::new(Older::None),
            read_up_to: RwSignal::new(0),
            advisor_away: RwSignal::new(false),
            advisor_typing: RwSignal::new(false),
            place: RwSignal::new(None),
            ends_unanswered: RwSignal::new(None),
            writes: RwSignal::new(true),
        }
    }

    /// A new conversation begins: forget the one before.
    pub fn begin(&self) {
        self.link.set(LinkState::Connecting);
        self.phase.set(None);
        self.entries.set(Vec::new());
        self.pending.set(Vec::new());
        self.not_sent.set(None);
        self.older.set(Older::None);
        self.read_up_to.set(0);
        self.advisor_away.set(false);
        self.advisor_typing.set(false);
        self.place.set(None);
        self.ends_unanswered.set(None);
        self.writes.set(true);
        self.stage.set(Stage::Inside);
    }

    /// The session says something.
    pub fn apply(&self, event: Event) {
        match event {
            Event::Link(link) => {
                self.link.set(link);
                // What was under way over a lost link can be asked for again.
                if link != LinkState::Live && self.older.get_untracked() == Older::Coming {
                    self.older.set(Older::There);
                }
            }
            Event::Welcomed { phase, .. } => self.phase.set(Some(phase)),
            Event::Entries(entries) => {
                if let Some(phase) = entries.iter().rev().find_map(Entry::phase) {
                    self.phase.set(Some(phase));
                }
                if !self.phase.with(|phase| matches!(phase, Some(Phase::Waiting { .. }))) {
                    self.place.set(None);
                }
                let before = self.ends_unanswered.get_untracked();
                let after = entries.iter().fold(before, |warned, entry| ends_unanswered(entry, warned));
                if after != before {
                    self.ends_unanswered.set(after);
                }
                if entries.iter().any(|entry| author(entry) == Some(Party::Advisor)) {
                    self.advisor_typing.set(false);
                }
                self.entries.update(|log| log.extend(entries));
            }
            Event::Began { older } => {
                self.entries.set(Vec::new());
                self.older.set(if older { Older::There } else { Older::None });
            }
            Event::Older { entries, more } => {
                self.entries.update(|log| {
                    log.splice(0..0, entries);
                });
                self.older.set(if more { Older::There } else { Older::None });
            }
            // What was read stays read when the device that read it goes away.
            Event::Presence { party: Party::Advisor, read_up_to, .. } => {
                self.read_up_to.update(|read| *read = read_up_to.max(*read));
            }
            Event::Typing(Party::Advisor) => self.advisor_typing.set(true),
            Event::Queue(place) => self.place.set(Some(place)),
            // What a person came with before is for advisors.
            Event::Presence { .. }
            | Event::Typing(_)
            | Event::Stored(_)
            | Event::Past(_)
            | Event::PastEntries { .. } => {}
            Event::NotSent { message, code } => {
                self.not_sent.set(Some(code));
                self.draft.update(|draft| *draft = joined(&message.text, draft));
            }
            // The link's end is told first: one that goes on is no reason to leave.
            Event::Refused(_) if self.link.get_untracked() != LinkState::Over => {}
            Event::Refused(Code::TicketExpired | Code::TicketInvalid) => {
                self.stage.set(Stage::Stuck(Trouble::NotAccepted));
            }
            Event::Refused(_) => self.stage.set(Stage::Stuck(Trouble::Fault)),
        }
    }

    /// What is said under one of the person's own messages: only under the newest that was read and the newest of all, so
    /// that each word says something new.
    pub fn delivery(&self, seq: u64) -> Option<Delivery> {
        let read_up_to = self.read_up_to.get();
        self.entries.with(|log| {
            let own = || log.iter().rev().filter(|entry| author(entry) == Some(Party::Citizen));
            let newest = own().next().is_some_and(|entry| entry.seq == seq);
            let newest_read =
                own().find(|entry| entry.seq <= read_up_to).is_some_and(|entry| entry.seq == seq);
            match (newest_read, newest) {
                (true, _) => Some(Delivery::Read),
                (false, true) => Some(Delivery::Delivered),
                (false, false) => None,
            }
        })
    }

    /// Number of the newest entry shown.
    pub fn last_seq(&self) -> u64 {
        self.entries.with(|log| log.last().map_or(0, |entry| entry.seq))
    }

    /// Whether the service has opened since the person was refused.
    pub fn opened_since_refusal(&self) -> bool {
        let open = |availability: &Availability| matches!(availability, Availability::Known(admission) if admission.verdict == Verdict::Open);
        let refused = |stage: &Stage| {
            matches!(stage, Stage::Refused(admission)
                if matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing | Verdict::NotEligible))
        };
        self.availability.with(open) && self.stage.with(refused)
    }

    /// Whether closing time, and nobody in particular, ended the conversation after an instant.
    pub fn was_closed_after(&self, instant: Option<Timestamp>) -> bool {
        self.phase.with(|phase| {
            matches!(phase, Some(Phase::Closed { by: Party::System, at }) if instant.is_none_or(|instant| instant < *at))
        })
    }

    /// Whether no message can be written any more.
    pub fn is_closed(&self) -> bool {
        self.phase.with(|phase| phase.as_ref().is_some_and(Phase::is_closed))
    }
}

/// When the conversation ends for want of an answer, after an entry.
fn ends_unanswered(entry: &Entry, before: Option<Timestamp>) -> Option<Timestamp> {
    match &entry.body {
        EntryBody::Inactive { closes } => Some(*closes),
        EntryBody::Message { author: Author::Citizen, .. }
        | EntryBody::Stayed {}
        | EntryBody::Closed { .. } => None,
        EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::Returned {}
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Message { .. }
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Unknown {} => before,
    }
}

/// Who wrote an entry, if somebody did.
fn author(entry: &Entry) -> Option<Party> {
    match &entry.body {
        EntryBody::Message { author: Author::Citizen, .. } => Some(Party::Citizen),
        EntryBody::Message { author: Author::Advisor { .. }, .. } => Some(Party::Advisor),
        EntryBody::Opened {}
        | EntryBody::Assigned { .. }
        | EntryBody::Returned {}
        | EntryBody::Transferred { .. }
        | EntryBody::Joined { .. }
        | EntryBody::Left { .. }
        | EntryBody::Inactive { .. }
        | EntryBody::Stayed {}
        | EntryBody::ClosingSoon { .. }
        | EntryBody::Closed { .. }
        | EntryBody::Unknown {} => None,
    }
}

impl Default for ChatState {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{frame::Estimate, id::MessageId};

    use super::*;

    #[test]
    fn the_phase_follows_the_log() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Entries(vec![
                entry(1, EntryBody::Opened {}),
                entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
            ]));
            assert!(matches!(state.phase.get(), Some(Phase::Active { advisor, .. }) if advisor == "Giulia"));

            state.apply(Event::Entries(vec![entry(
                3,
                EntryBody::Closed { by: Party::Advisor, outcome: None },
            )]));
            assert!(state.is_closed());
            assert_eq!(state.entries.get().len(), 3);
        });
    }

    #[test]
    fn a_log_told_from_its_beginning_again_is_shown_once() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            for _ in 0..2 {
                state.apply(Event::Began { older: false });
                state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
            }
            assert_eq!(state.entries.get().len(), 1);
        });
    }

    #[test]
    fn a_new_conversation_forgets_the_one_before() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Entries(vec![entry(
                1,
                EntryBody::Closed { by: Party::Citizen, outcome: None },
            )]));
            state.begin();
            assert!(state.entries.get().is_empty() && !state.is_closed());
        });
    }

    #[test]
    fn earlier_entries_come_before_those_shown() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Began { older: true });
            state.apply(Event::Entries(vec![entry(3, written("c", Author::Citizen))]));
            assert_eq!(state.older.get(), Older::There);

            let page = vec![entry(1, EntryBody::Opened {}), entry(2, written("b", Author::Citizen))];
            state.apply(Event::Older { entries: page, more: false });

            let numbers: Vec<u64> = state.entries.get().iter().map(|entry| entry.seq).collect();
            assert_eq!((numbers, state.older.get()), (vec![1, 2, 3], Older::None));
        });
    }

    #[test]
    fn delivery_is_said_where_it_is_news_and_never_before_the_server_said_it() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            let log = (2..=4).map(|seq| entry(seq, written(&format!("m{seq}"), Author::Citizen)));
            state.apply(Event::Entries(log.collect()));
            let said = || [2, 3, 4].map(|seq| state.delivery(seq));
            assert_eq!(said(), [None, None, Some(Delivery::Delivered)]);

            let read = |up_to| Event::Presence { party: Party::Advisor, connected: true, read_up_to: up_to };
            state.apply(read(3));
            assert_eq!(said(), [None, Some(Delivery::Read), Some(Delivery::Delivered)]);
            state.apply(read(0));
            assert_eq!(said()[1], Some(Delivery::Read));
            state.apply(read(4));
            assert_eq!(said(), [None, None, Some(Delivery::Read)]);
        });
    }

    #[test]
    fn whoever_was_writing_has_stopped_when_their_message_comes() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Typing(Party::Advisor));
            state.apply(Event::Entries(vec![entry(1, written("m1", Author::Citizen))]));
            assert!(state.advisor_typing.get());

            let giulia = Author::Advisor { name: "Giulia".into() };
            state.apply(Event::Entries(vec![entry(2, written("a1", giulia))]));
            assert!(!state.advisor_typing.get());
        });
    }

    #[test]
    fn a_message_that_was_not_accepted_is_in_the_field_again() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.draft.set("e poi".into());
            let message = Pending { id: MessageId::parse("m1").unwrap(), text: "troppo".into() };
            state.apply(Event::NotSent { message, code: Code::MessageTooLong });

            assert_eq!(
                (state.draft.get(), state.not_sent.get()),
                ("troppo\ne poi".into(), Some(Code::MessageTooLong))
            );
        });
    }

    #[test]
    fn an_answer_older_than_closing_time_is_not_believed_and_a_newer_one_is() {
        Owner::new().with(|| {
            let state = ChatState::new();
            let at = |millis| Some(Timestamp::from_millis(millis));
            assert!(!state.was_closed_after(at(5)));
            state.phase.set(Some(Phase::Closed { at: Timestamp::from_millis(10), by: Party::System }));
            assert!(state.was_closed_after(at(5)) && state.was_closed_after(None));
            assert!(!state.was_closed_after(at(20)));
        });
    }

    #[test]
    fn the_place_in_the_queue_is_forgotten_when_somebody_answers() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
            state.apply(Event::Queue(QueuePlace { position: 3, estimate: Estimate::Unknown {} }));
            assert_eq!(state.place.get().map(|place| place.position), Some(3));

            state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
            assert_eq!(state.place.get(), None);
        });
    }

    #[test]
    fn a_warning_stands_until_the_person_says_something() {
        Owner::new().with(|| {
            let state = ChatState::new();
            let closes = Timestamp::from_millis(60_000);
            for (seq, answer) in [(2, EntryBody::Stayed {}), (4, written("m1", Author::Citizen))] {
                state.apply(Event::Entries(vec![entry(seq - 1, EntryBody::Inactive { closes })]));
                assert_eq!(state.ends_unanswered.get(), Some(closes));
                state.apply(Event::Entries(vec![entry(seq, answer)]));
                assert_eq!(state.ends_unanswered.get(), None);
            }
        });
    }

    fn written(id: &str, author: Author) -> EntryBody {
        EntryBody::Message { id: MessageId::parse(id).unwrap(), author, text: "ciao".into() }
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
