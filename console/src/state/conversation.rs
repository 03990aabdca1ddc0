// SPDX-License-Identifier: EUPL-1.2
//! One conversation: its log and read position, messages in flight, drafts, and the other side.
//!
//! Its link's events arrive in [`Conversation::apply`]; its assignment by the desk in [`Conversation::set_assignment`].
//! A change is written to a signal only if the value differs: views that show something else are not run.

use infocig_client::{
    call::{
        scene::{CallScene, Levels},
        text::TextScene,
    },
    link::LinkState,
    session::Event,
};
use infocig_protocol::{
    call::CallStep,
    case::Question,
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    id::{ConversationId, MessageId},
    limits::MAX_MESSAGE_CHARS,
    person::PersonCard,
    problem::Code,
    supervision::SupervisorAct,
    time::Timestamp,
};
use leptos::prelude::*;

use super::{
    Connection,
    assignment::{Assignment, DeskRequest, Ending, ListPosition, Rank},
    cases::Cases,
    citizen::Citizen,
    forwarding::Forwarding,
    history::{History, HistoryQuery},
    notes::Notes,
    proposal::ProposalForm,
    suggestions::Suggestions,
    topics::TopicChoice,
};

/// A message of the advisor that is not in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    pub id: MessageId,
    pub text: String,
    /// The reason why it will not be sent; absent while it is on its way.
    pub refused: Option<Code>,
}

/// Whether the log has entries before the ones that are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderEntriesState {
    /// The log begins with the first entry here.
    None,
    /// There are earlier entries, and they can be requested.
    Available,
    /// They have been requested.
    Loading,
}

impl OlderEntriesState {
    const fn if_any(any: bool) -> Self {
        if any { Self::Available } else { Self::None }
    }
}

/// A conversation of this advisor. Cloning it gives another handle on the same signals.
#[derive(Clone, Debug)]
pub struct Conversation {
    pub id: ConversationId,
    pub person: PersonCard,
    /// Whether the advisor may write in it, by the desk or by the conversation's own link.
    pub held: ArcRwSignal<bool>,
    /// The connection of this conversation; the desk has its own.
    pub connection: ArcRwSignal<Connection>,
    /// Absent until the server has said.
    pub phase: ArcRwSignal<Option<Phase>>,
    /// The newest part of the log, without gaps.
    pub entries: ArcRwSignal<Vec<Entry>>,
    pub earlier: ArcRwSignal<OlderEntriesState>,
    /// The other side.
    pub citizen: ArcRwSignal<Citizen>,
    /// The advisor's messages that are not in the log, oldest first.
    pub outgoing: ArcRwSignal<Vec<Outgoing>>,
    /// The number of the last entry that was on screen, sent to the other side as the read position.
    pub read: ArcRwSignal<u64>,
    /// The message in the composer.
    pub draft: ArcRwSignal<String>,
    pub ending: ArcRwSignal<Ending>,
    /// How the conversation is the advisor's; absent once it is not.
    pub assignment: ArcRwSignal<Option<Assignment>>,
    /// The topic and the outcome, as far as they are chosen.
    pub choice: ArcRwSignal<TopicChoice>,
    pub notes: ArcRwSignal<Notes>,
    pub notes_open: ArcRwSignal<bool>,
    /// The person's earlier conversations.
    pub history: ArcRwSignal<History>,
    pub history_open: ArcRwSignal<bool>,
    /// The person's cases.
    pub cases: ArcRwSignal<Cases>,
    pub cases_open: ArcRwSignal<bool>,
    /// The assistant's answer to the person's newest message.
    pub suggestions: ArcRwSignal<Suggestions>,
    /// The answer that is being proposed for the assistant; none while nobody proposes one.
    pub proposal: ArcRwSignal<Option<ProposalForm>>,
    /// The segnalazione that is being written.
    pub forwarding: ArcRwSignal<Forwarding>,
    /// The note that is being written.
    pub note_draft: ArcRwSignal<String>,
    /// The newest request to the desk, until a picture shows its effect or the desk refuses it.
    pub pending_request: ArcRwSignal<Option<DeskRequest>>,
    /// The advisor has finished with it: it leaves the list as soon as the desk no longer assigns it.
    pub done: ArcRwSignal<bool>,
    /// The newest act of a supervisor on it, and the supervisor's name.
    pub supervised: ArcRwSignal<Option<(SupervisorAct, String)>>,
    /// The newest request that the desk refused, and why.
    pub failed_request: ArcRwSignal<Option<(DeskRequest, Code)>>,
    /// The call with the person, as this device sees it.
    pub call: ArcRwSignal<CallScene>,
    /// How loud the two are in it.
    pub levels: ArcRwSignal<Levels>,
    /// Its real-time text.
    pub text: ArcRwSignal<TextScene>,
}

impl PartialEq for Conversation {
    /// The same signals, not the same content.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id && self.entries == other.entries
    }
}

impl Conversation {
    pub(super) fn new(id: ConversationId, person: PersonCard) -> Self {
        Self {
            id,
            person,
            held: ArcRwSignal::new(true),
            connection: ArcRwSignal::new(Connection::Connecting),
            phase: ArcRwSignal::new(None),
            entries: ArcRwSignal::new(Vec::new()),
            earlier: ArcRwSignal::new(OlderEntriesState::None),
            citizen: ArcRwSignal::new(Citizen::default()),
            outgoing: ArcRwSignal::new(Vec::new()),
            read: ArcRwSignal::new(0),
            draft: ArcRwSignal::new(String::new()),
            ending: ArcRwSignal::new(Ending::Open),
            assignment: ArcRwSignal::new(None),
            choice: ArcRwSignal::new(TopicChoice::default()),
            notes: ArcRwSignal::new(Notes::default()),
            notes_open: ArcRwSignal::new(false),
            history: ArcRwSignal::new(History::default()),
            history_open: ArcRwSignal::new(false),
            cases: ArcRwSignal::new(Cases::default()),
            cases_open: ArcRwSignal::new(false),
            suggestions: ArcRwSignal::new(Suggestions::default()),
            proposal: ArcRwSignal::new(None),
            forwarding: ArcRwSignal::new(Forwarding::default()),
            note_draft: ArcRwSignal::new(String::new()),
            pending_request: ArcRwSignal::new(None),
            done: ArcRwSignal::new(false),
            supervised: ArcRwSignal::new(None),
            failed_request: ArcRwSignal::new(None),
            call: ArcRwSignal::new(CallScene::default()),
            levels: ArcRwSignal::new(Levels::default()),
            text: ArcRwSignal::new(TextScene::default()),
        }
    }

    /// When the person's wait for this advisor began; absent while they do not wait.
    pub fn waits_since(&self) -> Option<Timestamp> {
        if self.is_closed() {
            return None;
        }
        let assignment = self.assignment.get()?;
        self.entries.with(|entries| assignment.waits_since(entries))
    }

    /// Whether its person waits longer than they were told when it was put on hold, untracked.
    pub(super) fn is_hold_due(&self) -> bool {
        self.assignment.with_untracked(|before| before.as_ref().is_some_and(Assignment::is_hold_due))
    }

    /// Whether it is no longer assigned to the advisor: over, or a colleague's.
    pub fn is_released(&self) -> bool {
        self.assignment.with(|assignment| Rank::of(assignment.as_ref())) == Rank::Released
    }

    pub(super) fn list_position(&self) -> ListPosition {
        let (rank, since) = self.assignment.with(|assignment| {
            let since = assignment.as_ref().map_or(Timestamp::from_millis(0), |assignment| assignment.since);
            (Rank::of(assignment.as_ref()), since)
        });
        ListPosition { conversation: self.id.clone(), waits_since: self.waits_since(), rank, since }
    }

    /// A picture of the desk shows how it is assigned.
    pub(super) fn set_assignment(&self, assignment: Option<Assignment>) {
        if self.assignment.with_untracked(|before| *before == assignment) {
            return;
        }
        let held = assignment.as_ref().is_some_and(Assignment::writes);
        if self.held.get_untracked() != held {
            self.held.set(held);
        }
        if !assignment.as_ref().is_some_and(Assignment::holds)
            && self.ending.get_untracked() == Ending::Requested
        {
            self.ending.set(Ending::Open);
        }
        self.pending_request.set(None);
        self.assignment.set(assignment);
    }

    /// The advisor requests something of the desk.
    pub(super) fn begin_request(&self, pending_request: DeskRequest) {
        self.failed_request.set(None);
        self.pending_request.set(Some(pending_request));
    }

    /// The desk refused the newest request.
    pub(super) fn request_failed(&self, code: Code) {
        self.ending.set(Ending::Open);
        self.done.set(false);
        if let Some(pending_request) = self.pending_request.try_update(Option::take).flatten() {
            self.failed_request.set(Some((pending_request, code)));
        }
    }

    /// Whether the advisor reads it as a supervisor, and cannot write.
    pub fn is_observed(&self) -> bool {
        self.assignment.with(|assignment| assignment.as_ref().is_some_and(Assignment::observes))
    }

    /// Whether it has ended.
    pub fn is_closed(&self) -> bool {
        self.phase.with(|phase| phase.as_ref().is_some_and(Phase::is_closed))
    }

    /// Whether the advisor can write in it.
    pub fn is_writable(&self) -> bool {
        self.held.get() && !self.is_closed()
    }

    /// Whether an advisor has written or shown a case. `true` as well while the beginning of the log is not here.
    pub fn is_answered(&self) -> bool {
        self.entries.with(|entries| is_answered(entries))
    }

    /// How many messages the advisor has not read.
    pub fn unread(&self) -> usize {
        self.entries.with(|entries| unread(entries, self.read.get()))
    }

    /// How many characters a message made of the draft has, counted as the server counts them.
    pub fn draft_chars(&self) -> usize {
        self.draft.with(|draft| draft.trim().chars().count())
    }

    /// Whether the advisor has begun a message or a note and not sent it.
    pub fn has_unsent_draft(&self) -> bool {
        [&self.draft, &self.note_draft].into_iter().any(|draft| draft.with(|draft| !draft.trim().is_empty()))
    }

    /// Takes the draft, if it can be sent: not empty, not too long.
    pub fn take_draft(&self) -> Option<String> {
        let text = self.draft.with_untracked(|draft| String::from(draft.trim()));
        if text.is_empty() || text.chars().count() > MAX_MESSAGE_CHARS {
            return None;
        }
        self.draft.set(String::new());
        Some(text)
    }

    /// Marks the earlier entries as requested. `false` if there are none, they are loading, or there is no connection.
    pub fn request_older_entries(&self) -> bool {
        let begin_request = self.earlier.get_untracked() == OlderEntriesState::Available
            && self.connection.get_untracked() == Connection::Live;
        if begin_request {
            self.earlier.set(OlderEntriesState::Loading);
        }
        begin_request
    }

    /// The advisor opens or closes an earlier conversation. Returns the page to request, if one is missing.
    pub fn toggle_history(&self, id: &ConversationId) -> Option<HistoryQuery> {
        let live = self.connection.get_untracked() == Connection::Live;
        self.history.try_update(|history| history.toggle(id, live)).flatten()
    }

    /// The advisor wants the previous page of the open earlier conversation. Returns the page to request.
    pub fn more_history(&self) -> Option<HistoryQuery> {
        let live = self.connection.get_untracked() == Connection::Live;
        self.history.try_update(|history| history.more(live)).flatten()
    }

    /// The person's answers before the conversation: from the desk, else from the log.
    pub fn question(&self) -> Option<Question> {
        let said = |entry: &Entry| {
            let EntryBody::Question(question) = &entry.body else { return None };
            Some(question.clone())
        };
        let in_log = || self.entries.with(|entries| entries.iter().rev().find_map(said));
        self.person.question.clone().or_else(in_log)
    }

    /// Whether the other side is connected; absent without a connection of our own, or once nobody can write.
    pub fn citizen_connected(&self) -> Option<bool> {
        let known = self.connection.get() == Connection::Live && self.is_writable();
        self.citizen.with(Citizen::connected).filter(|_| known)
    }

    /// Whether the other side is writing.
    pub fn citizen_writes(&self) -> bool {
        self.citizen.with(Citizen::is_writing) && self.is_writable()
    }

    pub(super) fn apply(&self, event: Event, device: Timestamp) {
        match event {
            Event::Link(link) => self.apply_link(link),
            Event::Welcomed { phase, .. } => self.phase.set(Some(phase)),
            Event::Began { older } => self.begin(older),
            Event::Entries(entries) => self.append(entries),
            Event::Older { entries, more } => self.prepend(entries, more),
            Event::Presence { party: Party::Citizen, connected, read_up_to } => {
                self.change_citizen(|citizen| citizen.apply_presence(connected, read_up_to, device));
            }
            Event::Typing(Party::Citizen) => self.change_citizen(|citizen| citizen.apply_typing(device)),
            Event::Stored(id) => self.outgoing.update(|outgoing| outgoing.retain(|message| message.id != id)),
            Event::NotSent { message, code } => self.refuse(code, |outgoing| outgoing.id == message.id),
            Event::NotForwarded { id, code } => {
                self.change_forwarding(|forwarding| forwarding.refuse(&id, code));
            }
            Event::Refused(Code::NotAssigned) => {
                self.held.set(false);
                self.change_forwarding(|forwarding| forwarding.refuse_any(Code::NotAssigned));
                self.refuse(Code::NotAssigned, |_| true);
            }
            Event::History(conversations) => {
                if self.history.try_update(|history| history.set_listed(conversations)) == Some(true) {
                    self.history_open.set(true);
                }
            }
            Event::HistoryEntries { conversation, entries } => {
                self.history.update(|history| history.apply_page(&conversation, entries));
            }
            Event::Refused(Code::NotFound) => self.history.update(History::forget_requests),
            Event::Refused(Code::VersionUnsupported) => self.connection.set(Connection::Outdated),
            // The advisor's own side needs no display, and other refusals change nothing here.
            Event::Presence { .. }
            | Event::Typing(_)
            | Event::Call(_)
            | Event::Queue(_)
            | Event::Refused(_) => {}
        }
    }

    /// Applies the timeouts of the other side that are due.
    pub(super) fn apply_timeouts(&self, device: Timestamp) {
        self.change_citizen(|citizen| citizen.apply_timeouts(device));
    }

    /// Writes the signal only if the value differs: events repeat known values.
    fn change_citizen(&self, change: impl FnOnce(&mut Citizen)) {
        let before = self.citizen.get_untracked();
        let mut citizen = before.clone();
        change(&mut citizen);
        if citizen != before {
            self.citizen.set(citizen);
        }
    }

    /// When the two began to talk, by the log; absent while they do not.
    pub fn talking_since(&self) -> Option<Timestamp> {
        self.entries.with(|entries| {
            let newest = entries.iter().rev().find_map(|entry| {
                let EntryBody::Call { step, .. } = &entry.body else { return None };
                Some((step, entry.at))
            });
            newest.filter(|(step, _)| **step == CallStep::Began {}).map(|(_, at)| at)
        })
    }

    fn apply_link(&self, link: LinkState) {
        self.connection.update(|connection| *connection = connection.after(link));
        if link == LinkState::Live {
            return;
        }
        self.change_citizen(Citizen::clear_timers);
        self.history.update(History::forget_requests);
        if self.earlier.get_untracked() == OlderEntriesState::Loading {
            self.earlier.set(OlderEntriesState::Available);
        }
        let closed = |phase: &Option<Phase>| phase.as_ref().is_some_and(Phase::is_closed);
        if link == LinkState::Over && self.phase.with_untracked(closed) {
            // The whole log has arrived: messages that are not in it were not stored.
            self.refuse(Code::ConversationClosed, |_| true);
            self.change_forwarding(|forwarding| forwarding.refuse_any(Code::ConversationClosed));
        }
    }

    /// Writes the signal only if `change` says that something differs.
    fn change_forwarding(&self, change: impl FnOnce(&mut Forwarding) -> bool) {
        let mut forwarding = self.forwarding.get_untracked();
        if change(&mut forwarding) {
            self.forwarding.set(forwarding);
        }
    }

    fn begin(&self, older: bool) {
        self.entries.set(Vec::new());
        self.earlier.set(OlderEntriesState::if_any(older));
        self.change_citizen(Citizen::reset_read);
        if !older {
            // The server's log was recreated: its entry numbers mean other messages.
            self.read.set(0);
        }
    }

    fn append(&self, entries: Vec<Entry>) {
        for phase in entries.iter().filter_map(Entry::phase_after) {
            self.phase.set(Some(phase));
        }
        if entries.iter().any(|entry| entry.body.is_by_citizen()) {
            self.change_citizen(Citizen::clear_typing);
        }
        self.remove_arrived(&entries);
        self.entries.update(|log| log.extend(entries));
    }

    fn prepend(&self, mut entries: Vec<Entry>, more: bool) {
        self.remove_arrived(&entries);
        self.earlier.set(OlderEntriesState::if_any(more));
        self.entries.update(|log| {
            entries.append(log);
            *log = entries;
        });
    }

    /// Removes from the outgoing lists everything that is in the log now.
    fn remove_arrived(&self, entries: &[Entry]) {
        let ours = |outgoing: &Outgoing| entries.iter().any(|entry| is_ours(entry, &outgoing.id));
        if self.outgoing.with_untracked(|outgoing| outgoing.iter().any(ours)) {
            self.outgoing.update(|outgoing| outgoing.retain(|message| !ours(message)));
        }
        if entries.iter().any(|entry| matches!(entry.body, EntryBody::Case { .. })) {
            self.cases.update(|cases| cases.remove_arrived(entries));
        }
        if entries.iter().any(|entry| matches!(entry.body, EntryBody::Segnalazione { .. })) {
            self.forwarding.update(|forwarding| forwarding.remove_arrived(entries));
            self.suggest_outcome();
        }
    }

    /// Preselects the outcome "sent to an office" unless the advisor has chosen one.
    fn suggest_outcome(&self) {
        if self.choice.with_untracked(|choice| choice.outcome.is_none()) {
            self.choice.update(|choice| choice.outcome = Some(Outcome::LineaInps));
        }
    }

    fn refuse(&self, code: Code, which: impl Fn(&Outgoing) -> bool) {
        let pending = |outgoing: &Outgoing| outgoing.refused.is_none() && which(outgoing);
        if self.outgoing.with_untracked(|outgoing| outgoing.iter().any(pending)) {
            self.outgoing.update(|outgoing| {
                for message in outgoing.iter_mut().filter(|message| pending(message)) {
                    message.refused = Some(code);
                }
            });
        }
    }

    pub(super) fn last_seq(&self) -> u64 {
        self.entries.with_untracked(|entries| entries.last().map_or(0, |entry| entry.seq))
    }
}

fn is_answered(entries: &[Entry]) -> bool {
    entries.first().is_some_and(|first| first.seq > 1) || entries.iter().any(|entry| entry.body.is_answer())
}

/// How many messages of the person come after the advisor's last one and after the last entry that was on screen.
pub fn unread(entries: &[Entry], read: u64) -> usize {
    entries
        .iter()
        .rev()
        .take_while(|entry| entry.seq > read)
        .filter_map(|entry| entry.body.author())
        .take_while(|author| **author == Author::Citizen)
        .count()
}

/// Whether the person wrote after the entry `seen`. With `seen` 0 the log is loaded from its beginning, which is no news.
pub(super) fn news_in(entries: &[Entry], seen: u64) -> bool {
    seen > 0 && entries.iter().any(|entry| entry.seq > seen && entry.body.is_by_citizen())
}

fn is_ours(entry: &Entry, message: &MessageId) -> bool {
    matches!(entry.message(), Some((id, Author::Advisor { .. }, _)) if id == message)
}
