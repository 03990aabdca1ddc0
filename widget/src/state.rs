// SPDX-License-Identifier: EUPL-1.2
//! What the chat knows, as signals. Events are applied here and nowhere else; views only read.

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    entry::{Entry, Party, Phase},
    http::{Admission, Verdict},
    problem::Code,
};
use leptos::prelude::*;

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
        }
    }

    /// A new conversation begins: forget the one before.
    pub fn begin(&self) {
        self.link.set(LinkState::Connecting);
        self.phase.set(None);
        self.entries.set(Vec::new());
        self.pending.set(Vec::new());
        self.not_sent.set(None);
        self.stage.set(Stage::Inside);
    }

    /// The session says something.
    pub fn apply(&self, event: Event) {
        match event {
            Event::Link(link) => self.link.set(link),
            Event::Welcomed { phase, .. } => self.phase.set(Some(phase)),
            Event::Entries(entries) => {
                if let Some(phase) = entries.iter().rev().find_map(Entry::phase) {
                    self.phase.set(Some(phase));
                }
                self.entries.update(|log| {
                    // A log told from its beginning again replaces the one shown.
                    if entries.first().is_some_and(|first| first.seq == 1) {
                        log.clear();
                    }
                    log.extend(entries);
                });
            }
            Event::NotSent { code, .. } => self.not_sent.set(Some(code)),
            Event::Refused(Code::TicketExpired | Code::TicketInvalid) => {
                self.stage.set(Stage::Stuck(Trouble::NotAccepted));
            }
            Event::Refused(_) => self.stage.set(Stage::Stuck(Trouble::Fault)),
        }
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

    /// Whether closing time, and nobody in particular, ended the conversation.
    pub fn was_closed_by_the_service(&self) -> bool {
        self.phase.with(|phase| matches!(phase, Some(Phase::Closed { by: Party::System, .. })))
    }

    /// Whether no message can be written any more.
    pub fn is_closed(&self) -> bool {
        self.phase.with(|phase| phase.as_ref().is_some_and(Phase::is_closed))
    }
}

impl Default for ChatState {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{entry::EntryBody, time::Timestamp};

    use super::*;

    #[test]
    fn the_phase_follows_the_log() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Entries(vec![
                entry(1, EntryBody::Opened),
                entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
            ]));
            assert!(matches!(state.phase.get(), Some(Phase::Active { advisor, .. }) if advisor == "Giulia"));

            state.apply(Event::Entries(vec![entry(3, EntryBody::Closed { by: Party::Advisor })]));
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
                state.apply(Event::Entries(vec![entry(1, EntryBody::Opened)]));
            }
            assert_eq!(state.entries.get().len(), 1);
        });
    }

    #[test]
    fn a_new_conversation_forgets_the_one_before() {
        Owner::new().with(|| {
            let state = ChatState::new();
            state.begin();
            state.apply(Event::Entries(vec![entry(1, EntryBody::Closed { by: Party::Citizen })]));
            state.begin();
            assert!(state.entries.get().is_empty() && !state.is_closed());
        });
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
