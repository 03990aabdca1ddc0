// SPDX-License-Identifier: EUPL-1.2
//! What the chat knows. Events are applied here and nowhere else; views only read.

use infocig_client::{
    link::LinkState,
    session::{Event, Pending},
};
use infocig_protocol::{
    blank::is_blank,
    case::{Cases, Question},
    entry::{Author, Entry, EntryBody, Outcome, Party, Phase},
    frame::QueuePlace,
    http::{Admission, Verdict},
    id::ConversationId,
    language::Language,
    limits::MAX_DESCRIPTION_CHARS,
    problem::Code,
    segnalazione::{PastConversation, SegnalazioneStanding},
    time::Timestamp,
};
use leptos::prelude::*;

use crate::{
    drafts::{joined, merged},
    settings::Settings,
};

/// Whether the service is open, as far as we know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// Not asked yet, or asking.
    #[default]
    Checking,
    /// The server's answer.
    Known(Admission),
    /// The server did not answer.
    Unknown,
}

/// How far the person has come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing begun.
    #[default]
    Idle,
    /// Asking to enter.
    Entering,
    /// The server said no, why, and where else to go.
    Refused(Admission),
    /// Something stands in the way.
    Stuck(Trouble),
    /// A request written before the page was loaded anew goes again.
    Writing,
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

/// All of it. Nothing in here asks or tells anybody: what follows changes is [`Shared`].
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug)]
pub struct ChatState {
    /// Whether the service is open.
    pub availability: Availability,
    /// How far the person has come.
    pub stage: Stage,
    /// Whether the panel is on screen.
    pub shown: bool,
    /// Messages that came while nobody looked.
    pub unread: u64,
    /// The first of them, until the person has answered or looked away again.
    pub unread_from: Option<u64>,
    /// How the link stands.
    pub link: LinkState,
    /// Where the conversation stands.
    pub phase: Option<Phase>,
    /// The log.
    pub entries: Vec<Entry>,
    /// Our messages not yet acknowledged.
    pub pending: Vec<Pending>,
    /// How many of them belong to the conversation before, while the door to the next one opens.
    pub left_over: usize,
    /// Why our last message was not accepted.
    pub not_sent: Option<Code>,
    /// What is being written.
    pub draft: String,
    /// Entries before those in the log.
    pub older: Older,
    /// The advisor has had the log on screen up to this entry.
    pub read_up_to: u64,
    /// The advisor has not been connected for a while.
    pub advisor_away: bool,
    /// The advisor is writing.
    pub advisor_typing: bool,
    /// Where the person stands in the queue, while they wait and it is known.
    pub place: Option<QueuePlace>,
    /// The person has not answered for a while: the conversation ends then, unless they do.
    pub ends_unanswered: Option<Timestamp>,
    /// Whether this tab writes; another one may.
    pub writes: bool,
    /// The conversation that is shown, as long as it is.
    pub door: Option<Door>,
    /// How far the question about the question has come.
    pub asked: Asked,
    /// The person's own cases, while they wait.
    pub cases: OwnCases,
    /// What is written to the office.
    pub request: Letter,
    /// The person's conversations, when they look for them.
    pub history: Past,
    /// The language everything is said in.
    pub language: Language,
    /// Another language was chosen, and its texts did not come.
    pub language_failed: bool,
    /// What the person chose for themself.
    pub settings: Settings,
    /// Whether the options are open.
    pub options: bool,
}

/// A conversation and what opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Door {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its ticket.
    pub ticket: String,
    /// Whether that still opens it.
    pub pass: Pass,
}

/// Whether the ticket of a conversation still opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// It does, as far as we know.
    Valid,
    /// It does not: the conversation is gone back to with another one.
    Spent,
    /// Another one is on its way.
    Coming,
    /// Another one came, and has not been tried.
    Fresh,
}

/// How far the question about the question has come in this tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It stands.
    Open {
        /// Whether the form is open.
        unfolded: bool,
        /// What is being written.
        question: Question,
    },
    /// The answer is on its way.
    Answered,
    /// The person would not say.
    Skipped,
}

impl Default for Asked {
    fn default() -> Self {
        Self::Open { unfolded: false, question: Question::default() }
    }
}

/// The person's own cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OwnCases {
    /// Nobody looks at them.
    #[default]
    Folded,
    /// On their way.
    Coming,
    /// As the registry has them.
    Known(Cases),
    /// The registry did not answer.
    Failed,
    /// This service has no registry.
    Absent,
}

/// What is written to the office.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its text, once somebody has touched it.
    pub text: Option<String>,
    /// How far it has come.
    pub sending: Sending,
}

/// How far a written request has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sending {
    /// It is being written.
    #[default]
    No,
    /// On its way.
    UnderWay,
    /// It did not leave, or is not known to have arrived.
    Failed(Unwritten),
}

/// Why a written request has not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// There is nothing in it.
    Empty,
    /// There is too much in it.
    TooLong,
    /// Others of this person still wait for an answer.
    Pending,
    /// The person has a conversation that goes on.
    Open,
    /// Something stands in the way.
    Stuck(Trouble),
}

impl Unwritten {
    /// What can be seen to be wrong before anybody is asked.
    pub fn of(text: &str) -> Option<Self> {
        if is_blank(text) {
            Some(Self::Empty)
        } else if text.chars().count() > MAX_DESCRIPTION_CHARS {
            Some(Self::TooLong)
        } else {
            None
        }
    }
}

/// The person's conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Past {
    /// Nobody looks for them.
    #[default]
    Hidden,
    /// On their way.
    Coming,
    /// All there are, newest first.
    Known(Vec<PastConversation>),
    /// They did not come.
    Failed(Trouble),
}

/// Which part of what a person says of their question needs another look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was said.
    Nothing,
    /// The first month is none.
    From,
    /// The last month is none.
    To,
    /// The last month comes before the first.
    Order,
    /// The protocol number has not the form of one.
    Protocol,
}

impl Wrong {
    /// The first thing that is wrong with a question.
    pub fn of(question: &Question) -> Option<Self> {
        let Question { from, to, protocol, .. } = question.clone();
        let alone = |one: Question| one.is_well_formed();
        if question.is_empty() {
            Some(Self::Nothing)
        } else if !alone(Question { from, ..Question::default() }) {
            Some(Self::From)
        } else if !alone(Question { to, ..Question::default() }) {
            Some(Self::To)
        } else if !alone(Question { protocol, ..Question::default() }) {
            Some(Self::Protocol)
        } else if question.is_well_formed() {
            None
        } else {
            Some(Self::Order)
        }
    }
}

/// What a person takes away from a conversation that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// When it began; absent while the log is not shown from its beginning.
    pub began: Option<Timestamp>,
    /// When it ended.
    pub ended: Timestamp,
    /// What came of it, where that is known.
    pub outcome: Option<Outcome>,
    /// Nobody ever answered, as far as the log is shown from its beginning.
    pub unanswered: bool,
    /// What was handed to an office, oldest first.
    pub segnalazioni: Vec<SegnalazioneStanding>,
}

impl Receipt {
    /// Whether nobody answered, and nothing else came of it.
    pub const fn is_of_nobody(&self) -> bool {
        self.unanswered && self.outcome.is_none()
    }
}

/// Whether there are entries before those shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Older {
    /// No: the log is shown from its beginning.
    #[default]
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
    /// A chat that knows nothing.
    pub fn new() -> Self {
        Self {
            availability: Availability::Checking,
            stage: Stage::Idle,
            shown: false,
            unread: 0,
            unread_from: None,
            link: LinkState::Connecting,
            phase: None,
            entries: Vec::new(),
            pending: Vec::new(),
            left_over: 0,
            not_sent: None,
            draft: String::new(),
            older: Older::None,
            read_up_to: 0,
            advisor_away: false,
            advisor_typing: false,
            place: None,
            ends_unanswered: None,
            writes: true,
            door: None,
            asked: Asked::default(),
            cases: OwnCases::Folded,
            request: Letter::default(),
            history: Past::Hidden,
            language: Language::default(),
            language_failed: false,
            settings: Settings::default(),
            options: false,
        }
    }

    /// A new conversation begins: forget the one before. What is written to the office stays until somebody can answer it.
    pub fn begin(&mut self) {
        self.link = LinkState::Connecting;
        self.phase = None;
        self.entries = Vec::new();
        self.pending = Vec::new();
        self.not_sent = None;
        self.older = Older::None;
        self.read_up_to = 0;
        self.advisor_away = false;
        self.advisor_typing = false;
        self.place = None;
        self.ends_unanswered = None;
        self.writes = true;
        self.door = None;
        self.asked = Asked::default();
        self.cases = OwnCases::Folded;
        self.unread = 0;
        self.unread_from = None;
        self.stage = Stage::Inside;
    }

    /// Whether somebody looks at the log, or has gone away from it.
    pub fn look(&mut self, looks: bool) {
        if looks {
            self.unread = 0;
        } else if self.unread == 0 {
            self.unread_from = None;
        }
    }

    /// What came while nobody looked is counted, so that they find where to go on reading.
    pub fn count_unread(&mut self, entries: &[Entry]) {
        let mut said = entries.iter().filter(|entry| author(entry) == Some(Party::Advisor)).peekable();
        if let Some(first) = said.peek().filter(|_| self.unread == 0) {
            self.unread_from = Some(first.seq);
        }
        self.unread += said.count() as u64;
    }

    /// The session says something.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Link(link) => {
                self.link = link;
                // What was under way over a lost link can be asked for again.
                if link != LinkState::Live && self.older == Older::Coming {
                    self.older = Older::There;
                }
            }
            Event::Welcomed { phase, .. } => {
                if !phase.is_closed() {
                    self.say_what_was_written();
                }
                self.set_pass(Pass::Valid);
                self.phase = Some(phase);
            }
            Event::Entries(entries) => {
                if let Some(phase) = entries.iter().rev().find_map(Entry::phase_after) {
                    self.phase = Some(phase);
                }
                if !self.is_waiting() {
                    self.place = None;
                }
                self.ends_unanswered =
                    entries.iter().fold(self.ends_unanswered, |warned, entry| ends_unanswered(entry, warned));
                if entries.iter().any(|entry| author(entry) == Some(Party::Advisor)) {
                    self.advisor_typing = false;
                }
                self.entries.extend(entries);
            }
            Event::Began { older } => {
                self.entries.clear();
                self.older = if older { Older::There } else { Older::None };
            }
            Event::Older { entries, more } => {
                self.entries.splice(0..0, entries);
                self.older = if more { Older::There } else { Older::None };
            }
            // What was read stays read when the device that read it goes away.
            Event::Presence { party: Party::Advisor, read_up_to, .. } => {
                self.read_up_to = read_up_to.max(self.read_up_to);
            }
            Event::Typing(Party::Advisor) => self.advisor_typing = true,
            Event::Queue(place) => self.place = Some(place),
            // What a person came with before, and what is forwarded, is for advisors.
            Event::Presence { .. }
            | Event::Typing(_)
            | Event::Stored(_)
            | Event::Past(_)
            | Event::PastEntries { .. }
            | Event::NotForwarded { .. } => {}
            Event::NotSent { message, code } => {
                self.not_sent = Some(code);
                self.draft = joined(&message.text, &self.draft);
            }
            // The link's end is told first: one that goes on is no reason to leave.
            Event::Refused(_) if self.link != LinkState::Over => {}
            Event::Refused(code) => {
                // A ticket ends after some hours: that is no news, unless it was a new one.
                let renewable = code == Code::TicketExpired && self.pass() == Some(Pass::Valid);
                let is_ticket = matches!(code, Code::TicketExpired | Code::TicketInvalid);
                self.set_pass(Pass::Spent);
                if !renewable {
                    let trouble = if is_ticket { Trouble::NotAccepted } else { Trouble::Fault };
                    self.stage = Stage::Stuck(trouble);
                }
            }
        }
    }

    /// Another ticket came for the conversation that is shown, which goes on where it was. `false` if it is not any more.
    pub fn renewed(&mut self, conversation: &ConversationId, ticket: String) -> bool {
        let shown = self.is_renewing(conversation);
        if shown {
            self.door = Some(Door { conversation: conversation.clone(), ticket, pass: Pass::Fresh });
            self.stage = Stage::Inside;
        }
        shown
    }

    /// Whether the conversation that is shown waits for another ticket, and is this one.
    pub fn is_renewing(&self, conversation: &ConversationId) -> bool {
        let waits = |door: &Door| door.pass == Pass::Coming && door.conversation == *conversation;
        self.door.as_ref().is_some_and(waits)
    }

    /// Whether the ticket of the conversation that is shown still opens it.
    pub fn pass(&self) -> Option<Pass> {
        self.door.as_ref().map(|door| door.pass)
    }

    /// The ticket of the conversation that is shown opens it, or does not.
    pub fn set_pass(&mut self, pass: Pass) {
        if let Some(door) = &mut self.door {
            door.pass = pass;
        }
    }

    /// Somebody can answer now: what was written to the office and did not leave belongs in the field.
    fn say_what_was_written(&mut self) {
        if self.request.sending == Sending::UnderWay {
            return;
        }
        if let Some(text) = self.request.text.take() {
            self.request = Letter::default();
            self.draft = merged(&self.draft, &text);
        }
    }

    /// What is said under the person's own messages: only under the newest that was read and the newest of all, so that each
    /// word says something new.
    pub fn deliveries(&self) -> Vec<(u64, Delivery)> {
        let own = || self.entries.iter().rev().filter(|entry| author(entry) == Some(Party::Citizen));
        let newest = own().next().map(|entry| entry.seq);
        let read = own().map(|entry| entry.seq).find(|seq| *seq <= self.read_up_to);
        let delivered = newest.filter(|_| newest != read).map(|seq| (seq, Delivery::Delivered));
        read.map(|seq| (seq, Delivery::Read)).into_iter().chain(delivered).collect()
    }

    /// Number of the newest entry shown.
    pub fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    /// Whether the service has opened since the person was refused.
    pub fn opened_since_refusal(&self) -> bool {
        let open = self.is_open();
        let refused = matches!(&self.stage, Stage::Refused(admission)
            if matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing | Verdict::NotEligible));
        open && refused
    }

    /// Whether closing time, and nobody in particular, ended the conversation after an instant.
    pub fn was_closed_after(&self, instant: Option<Timestamp>) -> bool {
        matches!(&self.phase, Some(Phase::Closed { by: Party::System, at }) if instant.is_none_or(|instant| instant < *at))
    }

    /// Whether the service is open, as far as is known.
    pub fn is_open(&self) -> bool {
        matches!(&self.availability, Availability::Known(admission) if admission.verdict == Verdict::Open)
    }

    /// Whether the door to another conversation is opening: what is written now belongs to that one. Another ticket for the
    /// one that is shown opens no other.
    pub fn is_entering(&self) -> bool {
        self.stage == Stage::Entering && self.pass() != Some(Pass::Coming)
    }

    /// What was written while the door is opening.
    pub fn early(&self) -> Vec<Pending> {
        self.pending.get(self.left_over..).unwrap_or_default().to_vec()
    }

    /// What was written before the door opened belongs in the field again: it did not.
    pub fn take_back(&mut self) {
        let early = std::mem::take(&mut self.pending);
        let texts = early.into_iter().fold(String::new(), |texts, one| joined(&texts, &one.text));
        self.draft = joined(&texts, &self.draft);
    }

    /// Whether the person has written anything yet.
    pub fn has_written(&self) -> bool {
        !self.pending.is_empty() || self.entries.iter().any(|entry| author(entry) == Some(Party::Citizen))
    }

    /// Whether the person waits.
    pub fn is_waiting(&self) -> bool {
        matches!(self.phase, Some(Phase::Waiting { .. }))
    }

    /// Whether somebody waits or answers.
    fn goes_on(&self) -> bool {
        self.phase.as_ref().is_some_and(|phase| !phase.is_closed())
    }

    /// Whether it is worth asking what the question is about: while the person waits, until they say it or would not. What
    /// they are just saying is not taken from them by somebody who answers.
    pub fn asks_question(&self) -> bool {
        let asked = match &self.asked {
            Asked::Open { unfolded, .. } => self.is_waiting() || (*unfolded && self.goes_on()),
            Asked::Answered | Asked::Skipped => false,
        };
        asked && self.question().is_none()
    }

    /// What is being written of the question changes, or whether the form for it is open.
    pub fn write_question(&mut self, change: impl FnOnce(&mut bool, &mut Question)) {
        if let Asked::Open { unfolded, question } = &mut self.asked {
            change(unfolded, question);
        }
    }

    /// Whether the form for the question is open, and what is written in it.
    pub fn written_question(&self) -> (bool, Question) {
        match &self.asked {
            Asked::Open { unfolded, question } => (*unfolded, question.clone()),
            Asked::Answered | Asked::Skipped => Default::default(),
        }
    }

    /// Whether the answer to it is on its way.
    pub fn says_question(&self) -> bool {
        self.goes_on() && self.asked == Asked::Answered && self.question().is_none()
    }

    /// What the person said their question is about.
    pub fn question(&self) -> Option<&Question> {
        self.entries.iter().find_map(|entry| {
            let EntryBody::Question(question) = &entry.body else { return None };
            Some(question)
        })
    }

    /// Whether the person can look at their cases meanwhile.
    pub fn offers_cases(&self) -> bool {
        self.is_waiting() && self.cases != OwnCases::Absent
    }

    /// Whether nobody can answer now, so that writing to the office is what is left: a refusal for the hour, or closing time
    /// let go of whoever waited.
    pub fn may_write(&self) -> bool {
        match &self.stage {
            Stage::Refused(admission) => {
                matches!(admission.verdict, Verdict::Closed | Verdict::OnlyOngoing)
            }
            Stage::Writing => true,
            Stage::Inside => self.was_let_go(),
            Stage::Idle | Stage::Entering | Stage::Stuck(_) => false,
        }
    }

    /// Whether closing time ended the conversation while the person waited.
    fn was_let_go(&self) -> bool {
        let closed =
            |entry: &Entry| matches!(entry.body, EntryBody::Closed { by: Party::System, outcome: None });
        let before = || self.entries.iter().rev().filter_map(Entry::phase_after).nth(1);
        self.entries.iter().rev().any(closed) && matches!(before(), Some(Phase::Waiting { .. }))
    }

    /// The request as it stands in the field: as somebody left it, else what was written in the conversation that ended
    /// without an answer, and what was not sent.
    pub fn request_text(&self) -> String {
        if let Some(text) = &self.request.text {
            return text.clone();
        }
        let mut text = String::new();
        if self.was_let_go() {
            for entry in &self.entries {
                if let EntryBody::Message { author: Author::Citizen, text: said, .. } = &entry.body {
                    text = joined(&text, said);
                }
            }
        }
        for one in &self.pending {
            text = joined(&text, &one.text);
        }
        joined(&text, &self.draft)
    }

    /// What a request is about: what was said of the question that nobody answered.
    pub fn request_question(&self) -> Question {
        self.question().filter(|_| self.was_let_go()).cloned().unwrap_or_default()
    }

    /// What was handed to an office and how it stands, oldest first.
    pub fn segnalazioni(&self) -> Vec<SegnalazioneStanding> {
        let mut all: Vec<SegnalazioneStanding> = Vec::new();
        for entry in &self.entries {
            let EntryBody::Segnalazione { id, number, state } = &entry.body else { continue };
            let now = SegnalazioneStanding { id: id.clone(), number: number.clone(), state: state.clone() };
            match all.iter_mut().find(|one| one.id == *id) {
                Some(one) => *one = now,
                None => all.push(now),
            }
        }
        all
    }

    /// Whether an office still owes an answer.
    pub fn awaits_office(&self) -> bool {
        self.segnalazioni().iter().any(|one| !one.state.is_final())
    }

    /// What a person takes away, once the conversation is over.
    pub fn receipt(&self) -> Option<Receipt> {
        let Some(Phase::Closed { at: ended, .. }) = self.phase else { return None };
        let segnalazioni = self.segnalazioni();
        let said = self.entries.iter().find_map(|entry| {
            let EntryBody::Closed { outcome, .. } = entry.body else { return None };
            Some(outcome)
        });
        let began = self.entries.first().filter(|first| first.seq == 1).map(|first| first.at);
        let answered =
            self.entries.iter().any(|entry| matches!(entry.phase_after(), Some(Phase::Active { .. })));
        let unanswered = said.is_some() && began.is_some() && !answered;
        Some(Receipt { began, ended, outcome: said.flatten(), unanswered, segnalazioni })
    }

    /// Whether no message can be written any more.
    pub fn is_closed(&self) -> bool {
        self.phase.as_ref().is_some_and(Phase::is_closed)
    }
}

/// What the chat knows, where views follow it: whatever reads it is told when it has changed. `Copy`, and gone with the
/// owner it was made under; from then on nothing is read and nothing changes.
#[derive(Clone, Copy, Debug)]
pub struct Shared(RwSignal<ChatState>);

impl Shared {
    /// A chat that knows nothing.
    pub fn new() -> Self {
        Self(RwSignal::new(ChatState::new()))
    }

    /// Reads, and is told of changes.
    pub fn read<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with(look).unwrap_or_default()
    }

    /// Reads once.
    pub fn peek<T: Default>(self, look: impl FnOnce(&ChatState) -> T) -> T {
        self.0.try_with_untracked(look).unwrap_or_default()
    }

    /// Changes something, and tells whoever reads.
    pub fn change<T: Default>(self, change: impl FnOnce(&mut ChatState) -> T) -> T {
        self.0.try_update(change).unwrap_or_default()
    }

    /// Whether nobody is there any more.
    pub fn is_gone(self) -> bool {
        self.0.is_disposed()
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self::new()
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
        | EntryBody::Question(_)
        | EntryBody::Case { .. }
        | EntryBody::Segnalazione { .. }
        | EntryBody::Unknown {} => before,
    }
}

/// The side that wrote an entry.
fn author(entry: &Entry) -> Option<Party> {
    entry.body.author().map(Author::party)
}

impl Default for ChatState {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{frame::Estimate, id::MessageId, segnalazione::SegnalazioneState};

    use super::*;

    #[test]
    fn the_phase_follows_the_log() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![
            entry(1, EntryBody::Opened {}),
            entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
        ]));
        assert!(matches!(state.phase.clone(), Some(Phase::Active { advisor, .. }) if advisor == "Giulia"));

        state.apply(Event::Entries(vec![entry(3, EntryBody::Closed { by: Party::Advisor, outcome: None })]));
        assert!(state.is_closed());
        assert_eq!(state.entries.clone().len(), 3);
    }

    #[test]
    fn a_log_told_from_its_beginning_again_is_shown_once() {
        let mut state = ChatState::new();
        state.begin();
        for _ in 0..2 {
            state.apply(Event::Began { older: false });
            state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        }
        assert_eq!(state.entries.clone().len(), 1);
    }

    #[test]
    fn a_new_conversation_forgets_the_one_before() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]));
        state.begin();
        assert!(state.entries.clone().is_empty() && !state.is_closed());
    }

    #[test]
    fn earlier_entries_come_before_those_shown() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Began { older: true });
        state.apply(Event::Entries(vec![entry(3, written("c", Author::Citizen))]));
        assert_eq!(state.older.clone(), Older::There);

        let page = vec![entry(1, EntryBody::Opened {}), entry(2, written("b", Author::Citizen))];
        state.apply(Event::Older { entries: page, more: false });

        let numbers: Vec<u64> = state.entries.clone().iter().map(|entry| entry.seq).collect();
        assert_eq!((numbers, state.older), (vec![1, 2, 3], Older::None));
    }

    #[test]
    fn delivery_is_said_where_it_is_news_and_never_before_the_server_said_it() {
        let mut state = ChatState::new();
        state.begin();
        let log = (2..=4).map(|seq| entry(seq, written(&format!("m{seq}"), Author::Citizen)));
        state.apply(Event::Entries(log.collect()));
        assert_eq!(state.deliveries(), [(4, Delivery::Delivered)]);

        let read = |up_to| Event::Presence { party: Party::Advisor, connected: true, read_up_to: up_to };
        state.apply(read(3));
        assert_eq!(state.deliveries(), [(3, Delivery::Read), (4, Delivery::Delivered)]);
        state.apply(read(0));
        assert_eq!(state.deliveries()[0], (3, Delivery::Read));
        state.apply(read(4));
        assert_eq!(state.deliveries(), [(4, Delivery::Read)]);
    }

    #[test]
    fn what_came_while_nobody_looked_is_counted_and_marked_until_they_look_away_again() {
        let mut state = ChatState::new();
        state.begin();
        let giulia = || Author::Advisor { name: "Giulia".into() };
        state.count_unread(&[entry(1, EntryBody::Opened {}), entry(2, written("m1", Author::Citizen))]);
        assert_eq!((state.unread, state.unread_from), (0, None));
        state.count_unread(&[entry(3, written("a1", giulia())), entry(4, written("a2", giulia()))]);
        state.count_unread(&[entry(5, written("a3", giulia()))]);
        assert_eq!((state.unread, state.unread_from), (3, Some(3)));
        state.look(true);
        assert_eq!((state.unread, state.unread_from), (0, Some(3)));
        state.look(false);
        assert_eq!(state.unread_from.clone(), None);
    }

    #[test]
    fn whoever_was_writing_has_stopped_when_their_message_comes() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Typing(Party::Advisor));
        state.apply(Event::Entries(vec![entry(1, written("m1", Author::Citizen))]));
        assert!(state.advisor_typing);

        let giulia = Author::Advisor { name: "Giulia".into() };
        state.apply(Event::Entries(vec![entry(2, written("a1", giulia))]));
        assert!(!state.advisor_typing);
    }

    #[test]
    fn a_message_that_was_not_accepted_is_in_the_field_again() {
        let mut state = ChatState::new();
        state.draft = "e poi".into();
        let message = Pending { id: MessageId::parse("m1").unwrap(), text: "troppo".into() };
        state.apply(Event::NotSent { message, code: Code::MessageTooLong });

        assert_eq!(
            (state.draft.clone(), state.not_sent),
            ("troppo\ne poi".into(), Some(Code::MessageTooLong))
        );
    }

    #[test]
    fn an_answer_older_than_closing_time_is_not_believed_and_a_newer_one_is() {
        let mut state = ChatState::new();
        let at = |millis| Some(Timestamp::from_millis(millis));
        assert!(!state.was_closed_after(at(5)));
        state.phase = Some(Phase::Closed { at: Timestamp::from_millis(10), by: Party::System });
        assert!(state.was_closed_after(at(5)) && state.was_closed_after(None));
        assert!(!state.was_closed_after(at(20)));
    }

    #[test]
    fn the_place_in_the_queue_is_forgotten_when_somebody_answers() {
        let mut state = ChatState::new();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        state.apply(Event::Queue(QueuePlace { position: 3, estimate: Estimate::Unknown {} }));
        assert_eq!(state.place.map(|place| place.position), Some(3));

        state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
        assert_eq!(state.place.clone(), None);
    }

    #[test]
    fn a_warning_stands_until_the_person_says_something() {
        let mut state = ChatState::new();
        let closes = Timestamp::from_millis(60_000);
        for (seq, answer) in [(2, EntryBody::Stayed {}), (4, written("m1", Author::Citizen))] {
            state.apply(Event::Entries(vec![entry(seq - 1, EntryBody::Inactive { closes })]));
            assert_eq!(state.ends_unanswered.clone(), Some(closes));
            state.apply(Event::Entries(vec![entry(seq, answer)]));
            assert_eq!(state.ends_unanswered.clone(), None);
        }
    }

    #[test]
    fn the_question_is_asked_while_somebody_waits_until_it_is_answered_or_skipped() {
        let mut state = ChatState::new();
        assert!(!state.asks_question());
        state.begin();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        assert!(state.asks_question());

        state.asked = Asked::Skipped;
        assert!(!state.asks_question());
        state.asked = Asked::default();
        let question = Question { protocol: Some("1".into()), ..Question::default() };
        state.apply(Event::Entries(vec![entry(2, EntryBody::Question(question.clone()))]));
        assert!(!state.asks_question());
        assert_eq!(state.question(), Some(&question));
    }

    #[test]
    fn nobody_is_asked_once_an_advisor_answers_nor_shown_cases_where_there_are_none() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        assert!(state.offers_cases());
        state.cases = OwnCases::Absent;
        assert!(!state.offers_cases() && state.asks_question());

        state.cases = OwnCases::Folded;
        state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
        assert!(!state.offers_cases() && !state.asks_question());
    }

    #[test]
    fn whoever_is_saying_what_they_ask_about_may_finish_when_an_advisor_answers() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        let question = Question { protocol: Some("1".into()), ..Question::default() };
        state.write_question(|unfolded, written| (*unfolded, *written) = (true, question.clone()));
        state.apply(Event::Entries(vec![entry(2, EntryBody::Assigned { advisor: "Giulia".into() })]));
        assert!(state.asks_question());
        assert_eq!(state.written_question(), (true, question.clone()));

        state.asked = Asked::Answered;
        assert!(!state.asks_question() && state.says_question());
        state.apply(Event::Entries(vec![entry(3, EntryBody::Question(question))]));
        assert!(!state.says_question());

        state.begin();
        assert_eq!(state.written_question(), (false, Question::default()));
    }

    #[test]
    fn a_ticket_that_has_ended_is_no_news_until_the_next_one_has_too() {
        let mut state = ChatState::new();
        let conversation = ConversationId::of(&"0a".repeat(32), 1).unwrap();
        let door = |ticket: &str, pass| {
            let (conversation, ticket) = (conversation.clone(), ticket.into());
            Some(Door { conversation, ticket, pass })
        };
        state.begin();
        state.door = door("old", Pass::Valid);
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        state.link = LinkState::Over;
        state.apply(Event::Refused(Code::TicketExpired));
        assert_eq!((state.stage.clone(), state.pass()), (Stage::Inside, Some(Pass::Spent)));
        assert!(!state.renewed(&conversation, "unasked".into()));

        state.set_pass(Pass::Coming);
        assert!(state.renewed(&conversation, "new".into()));
        assert_eq!((state.door.clone(), state.entries.len()), (door("new", Pass::Fresh), 1));
        state.apply(Event::Refused(Code::TicketExpired));
        assert_eq!(state.stage.clone(), Stage::Stuck(Trouble::NotAccepted));
        assert_eq!(state.pass(), Some(Pass::Spent));

        state.set_pass(Pass::Coming);
        assert!(state.renewed(&conversation, "newer".into()));
        assert_eq!(state.stage.clone(), Stage::Inside);
        state.apply(welcome(Phase::Waiting { since: Timestamp::from_millis(0) }));
        assert_eq!(state.pass(), Some(Pass::Valid));

        state.set_pass(Pass::Coming);
        state.begin();
        assert!(!state.renewed(&conversation, "late".into()));
    }

    #[test]
    fn what_is_written_while_the_door_opens_belongs_to_the_next_conversation_and_comes_back_if_it_stays_shut()
    {
        let pending = |id: &str| Pending { id: MessageId::parse(id).unwrap(), text: id.into() };
        let mut state = ChatState::new();
        (state.pending, state.left_over, state.stage) = (vec![pending("old")], 1, Stage::Entering);
        state.pending.push(pending("new"));
        assert!(state.is_entering());
        assert_eq!(state.early(), [pending("new")]);
        state.draft = "a metà".into();
        state.take_back();
        assert_eq!((state.draft.as_str(), state.pending.len()), ("old\nnew\na metà", 0));

        let conversation = ConversationId::of(&"0a".repeat(32), 1).unwrap();
        state.door = Some(Door { conversation, ticket: "old".into(), pass: Pass::Coming });
        assert!(!state.is_entering(), "another ticket for the same conversation");
    }

    #[test]
    fn what_was_written_to_the_office_is_in_the_field_when_somebody_can_answer() {
        let mut state = ChatState::new();
        let letter = |sending| Letter { text: Some("per la sede".into()), sending };
        state.request = letter(Sending::No);
        state.begin();
        state.draft = "e poi".into();
        let at = Timestamp::from_millis(0);
        state.apply(welcome(Phase::Closed { at, by: Party::System }));
        assert_eq!((state.request.clone(), state.draft.clone()), (letter(Sending::No), "e poi".into()));

        for _ in 0..2 {
            state.apply(welcome(Phase::Waiting { since: at }));
            assert_eq!(state.request.clone(), Letter::default());
            assert_eq!(state.draft.clone(), "e poi\nper la sede");
        }

        state.request = letter(Sending::UnderWay);
        state.apply(welcome(Phase::Waiting { since: at }));
        assert_eq!(state.request.clone(), letter(Sending::UnderWay));
    }

    #[test]
    fn the_part_of_a_question_that_needs_another_look_is_named() {
        let question = |from: &str, to: &str, protocol: &str| {
            let part = |text: &str| (!text.is_empty()).then(|| text.to_string());
            Question { from: part(from), to: part(to), protocol: part(protocol), ..Question::default() }
        };
        assert_eq!(Wrong::of(&question("", "", "")), Some(Wrong::Nothing));
        assert_eq!(Wrong::of(&question("settembre", "", "")), Some(Wrong::From));
        assert_eq!(Wrong::of(&question("2026-09", "10", "")), Some(Wrong::To));
        assert_eq!(Wrong::of(&question("2026-09", "2026-08", "")), Some(Wrong::Order));
        assert_eq!(Wrong::of(&question("", "", "n° 5")), Some(Wrong::Protocol));
        assert_eq!(Wrong::of(&question("2026-09", "2026-09", "INPS.5/1")), None);
    }

    #[test]
    fn the_office_is_written_to_where_the_hour_is_the_reason_and_nowhere_else() {
        let mut state = ChatState::new();
        for (verdict, may) in [
            (Verdict::Closed, true),
            (Verdict::OnlyOngoing, true),
            (Verdict::NotEligible, false),
            (Verdict::CredentialTooWeak, false),
            (Verdict::UnknownProvince, false),
        ] {
            state.stage = Stage::Refused(refusal(verdict));
            assert_eq!(state.may_write(), may, "{verdict:?}");
        }
    }

    #[test]
    fn whoever_waited_at_closing_time_may_write_and_whoever_was_answered_need_not() {
        let by_system = |outcome| EntryBody::Closed { by: Party::System, outcome };
        let giulia = || EntryBody::Assigned { advisor: "Giulia".into() };
        for (may, log) in [
            (true, vec![EntryBody::Opened {}, by_system(None)]),
            (true, vec![EntryBody::Opened {}, giulia(), EntryBody::Returned {}, by_system(None)]),
            (false, vec![EntryBody::Opened {}, giulia(), by_system(None)]),
            (false, vec![EntryBody::Opened {}, by_system(Some(Outcome::Abandoned))]),
            (false, vec![EntryBody::Opened {}, EntryBody::Closed { by: Party::Citizen, outcome: None }]),
            (false, vec![EntryBody::Opened {}]),
        ] {
            let mut state = ChatState::new();
            state.begin();
            let log: Vec<_> = (1..).zip(log).map(|(seq, body)| entry(seq, body)).collect();
            state.apply(Event::Entries(log.clone()));
            assert_eq!(state.may_write(), may, "{log:?}");
        }
    }

    #[test]
    fn a_request_begins_with_what_was_written_in_vain_and_then_is_the_persons_own() {
        let mut state = ChatState::new();
        state.begin();
        let question = Question { protocol: Some("1".into()), ..Question::default() };
        let log = [
            EntryBody::Opened {},
            EntryBody::Question(question.clone()),
            written("m1", Author::Citizen),
            written("a1", Author::Advisor { name: "Giulia".into() }),
            EntryBody::Closed { by: Party::System, outcome: None },
        ];
        let log = (1..).zip(log).map(|(seq, body)| entry(seq, body));
        state.apply(Event::Entries(log.collect()));
        let unsent = Pending { id: MessageId::parse("m2").unwrap(), text: "non partito".into() };
        state.pending = vec![unsent];
        state.draft = "a metà".into();
        assert_eq!(state.request_text(), "ciao\nnon partito\na metà");
        assert_eq!(state.request_question(), question);

        state.stage = Stage::Refused(refusal(Verdict::Closed));
        assert_eq!(state.request_text(), "ciao\nnon partito\na metà");
        state.request = Letter { text: Some(String::new()), ..Letter::default() };
        assert_eq!(state.request_text(), "");
    }

    #[test]
    fn what_an_advisor_answered_is_not_written_to_the_office_again() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![
            entry(1, EntryBody::Opened {}),
            entry(2, written("m1", Author::Citizen)),
            entry(3, EntryBody::Question(Question { protocol: Some("1".into()), ..Question::default() })),
            entry(4, EntryBody::Assigned { advisor: "Giulia".into() }),
            entry(5, EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::Online) }),
        ]));
        state.stage = Stage::Refused(refusal(Verdict::Closed));
        assert_eq!((state.request_text(), state.request_question()), (String::new(), Question::default()));
    }

    #[test]
    fn a_request_has_between_one_and_four_thousand_characters() {
        assert_eq!(Unwritten::of(" \n"), Some(Unwritten::Empty));
        assert_eq!(Unwritten::of(&"è".repeat(MAX_DESCRIPTION_CHARS)), None);
        assert_eq!(Unwritten::of(&"è".repeat(MAX_DESCRIPTION_CHARS + 1)), Some(Unwritten::TooLong));
    }

    #[test]
    fn an_answer_of_the_office_comes_after_the_end_and_changes_nothing_else() {
        let mut state = ChatState::new();
        state.begin();
        let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::LineaInps) };
        state.apply(Event::Entries(vec![
            entry(1, written("r1", Author::Citizen)),
            entry(2, handed(None, SegnalazioneState::Sending {})),
            entry(3, closed),
        ]));
        assert!(state.is_closed() && state.awaits_office());

        state.apply(Event::Entries(vec![entry(4, handed(Some("LI-7"), SegnalazioneState::Accepted {}))]));
        assert!(state.is_closed() && state.awaits_office());
        assert_eq!(state.last_seq(), 4);
        let answered = SegnalazioneState::Answered { text: "Pagata.".into() };
        state.apply(Event::Entries(vec![entry(5, handed(Some("LI-7"), answered.clone()))]));
        assert!(!state.awaits_office());

        let receipt = state.receipt().unwrap();
        assert_eq!(receipt.outcome, Some(Outcome::LineaInps));
        let standing = &receipt.segnalazioni;
        assert_eq!(standing.len(), 1);
        assert_eq!((standing[0].number.as_deref(), &standing[0].state), (Some("LI-7"), &answered));
    }

    #[test]
    fn a_receipt_says_what_the_log_says_once_it_is_over() {
        let mut state = ChatState::new();
        state.begin();
        state.apply(Event::Entries(vec![entry(1, EntryBody::Opened {})]));
        assert_eq!(state.receipt(), None);

        let closed = Entry {
            seq: 2,
            at: Timestamp::from_millis(9),
            body: EntryBody::Closed { by: Party::System, outcome: None },
        };
        state.apply(Event::Entries(vec![closed.clone()]));
        let unanswered = Receipt {
            began: Some(Timestamp::from_millis(0)),
            ended: Timestamp::from_millis(9),
            outcome: None,
            unanswered: true,
            segnalazioni: Vec::new(),
        };
        assert_eq!(state.receipt(), Some(unanswered));

        // What came before the page shown is not known: nothing is claimed of it.
        state.begin();
        state.apply(Event::Entries(vec![Entry { seq: 900, ..closed }]));
        let receipt = state.receipt().unwrap();
        assert_eq!((receipt.began, receipt.outcome, receipt.unanswered), (None, None, false));
    }

    fn handed(number: Option<&str>, state: SegnalazioneState) -> EntryBody {
        let id = MessageId::parse("r1").unwrap();
        EntryBody::Segnalazione { id, number: number.map(Into::into), state }
    }

    fn welcome(phase: Phase) -> Event {
        Event::Welcomed { party: Party::Citizen, phase, person: None }
    }

    fn refusal(verdict: Verdict) -> Admission {
        Admission {
            at: String::new(),
            verdict,
            code: Code::OutsideHours,
            source: String::new(),
            opens: None,
            closes: None,
            changes: None,
            message: String::new(),
            channels: Vec::new(),
        }
    }

    fn written(id: &str, author: Author) -> EntryBody {
        EntryBody::Message { id: MessageId::parse(id).unwrap(), author, text: "ciao".into() }
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
