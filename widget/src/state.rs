// SPDX-License-Identifier: EUPL-1.2
//! What the chat knows, as plain data by subject. Events are applied here and nowhere else; views only read, through
//! [`Shared`].

mod availability;
mod history;
mod log;
mod question;
mod receipt;
mod request;
mod session;
mod shared;
mod stage;
#[cfg(test)]
mod tests;
mod ticket;

use infocig_client::{link::LinkState, session::Pending};
use infocig_protocol::{
    entry::{Entry, Phase},
    frame::QueuePlace,
    language::Language,
    problem::Code,
    time::Timestamp,
};

pub use self::{
    availability::Availability,
    history::{EarlierEntries, HistoryState},
    log::Delivery,
    question::{OwnCases, QuestionError, QuestionState},
    receipt::Receipt,
    request::{RequestError, RequestProgress, WrittenRequestState},
    shared::Shared,
    stage::{ServiceError, Stage},
    ticket::{ConversationAccess, TicketState},
};
use crate::settings::Settings;

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
    pub previous_pending: usize,
    /// Why our last message was not accepted.
    pub not_sent: Option<Code>,
    /// What is being written.
    pub draft: String,
    /// Entries before those in the log.
    pub earlier_entries: EarlierEntries,
    /// The advisor has had the log on screen up to this entry.
    pub read_up_to: u64,
    /// The advisor has not been connected for a while.
    pub advisor_away: bool,
    /// The advisor is writing.
    pub advisor_typing: bool,
    /// Where the person stands in the queue, while they wait and it is known.
    pub queue_place: Option<QueuePlace>,
    /// The person has not answered for a while: the conversation ends then, unless they do.
    pub auto_close_at: Option<Timestamp>,
    /// Whether this tab writes; another one may.
    pub is_writer: bool,
    /// The conversation that is shown, as long as it is.
    pub access: Option<ConversationAccess>,
    /// How far the question about the question has come.
    pub question_state: QuestionState,
    /// The person's own cases, while they wait.
    pub cases: OwnCases,
    /// What is written to the office.
    pub written_request: WrittenRequestState,
    /// The person's conversations, when they look for them.
    pub history: HistoryState,
    /// The language everything is said in.
    pub language: Language,
    /// Another language was chosen, and its texts did not come.
    pub language_failed: bool,
    /// What the person chose for themself.
    pub settings: Settings,
    /// Whether the options are open.
    pub options: bool,
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
            previous_pending: 0,
            not_sent: None,
            draft: String::new(),
            earlier_entries: EarlierEntries::None,
            read_up_to: 0,
            advisor_away: false,
            advisor_typing: false,
            queue_place: None,
            auto_close_at: None,
            is_writer: true,
            access: None,
            question_state: QuestionState::default(),
            cases: OwnCases::Folded,
            written_request: WrittenRequestState::default(),
            history: HistoryState::Hidden,
            language: Language::default(),
            language_failed: false,
            settings: Settings::default(),
            options: false,
        }
    }

    /// A new conversation begins: forget the one before. What is written to the office stays until somebody can answer it.
    pub fn begin_conversation(&mut self) {
        self.link = LinkState::Connecting;
        self.phase = None;
        self.entries = Vec::new();
        self.pending = Vec::new();
        self.not_sent = None;
        self.earlier_entries = EarlierEntries::None;
        self.read_up_to = 0;
        self.advisor_away = false;
        self.advisor_typing = false;
        self.queue_place = None;
        self.auto_close_at = None;
        self.is_writer = true;
        self.access = None;
        self.question_state = QuestionState::default();
        self.cases = OwnCases::Folded;
        self.unread = 0;
        self.unread_from = None;
        self.stage = Stage::InConversation;
    }
}

impl Default for ChatState {
    fn default() -> Self {
        Self::new()
    }
}
