// SPDX-License-Identifier: EUPL-1.2
//! The state of the chat as plain data, one module a subject. [`ChatState::apply`] is the only way in for events of the session;
//! views follow it through [`Shared`].

mod assistant;
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
    assistant::{AskingError, AskingProgress, AssistantState},
    availability::Availability,
    history::{HistoryState, OlderEntriesState},
    log::Delivery,
    question::{OwnCases, QuestionError, QuestionState},
    receipt::Receipt,
    request::{RequestError, RequestProgress, WrittenRequestState},
    shared::Shared,
    stage::{ServiceError, Stage},
    ticket::{ConversationAccess, TicketState},
};
use crate::settings::Settings;

/// The state of one chat. Plain data without effects: [`Shared`] notifies the views.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug)]
pub struct ChatState {
    pub availability: Availability,
    pub stage: Stage,
    /// Whether the panel is on screen.
    pub shown: bool,
    /// Number of advisors' messages that arrived while the log was not visible.
    pub unread: u64,
    /// Number of the first of them. It outlasts `unread` until the log is hidden again, so that the mark stays while it is read.
    pub unread_from: Option<u64>,
    pub link: LinkState,
    /// Phase of the conversation; absent before the first answer of the server.
    pub phase: Option<Phase>,
    /// The loaded part of the log, in ascending order.
    pub entries: Vec<Entry>,
    /// The person's messages that the server has not acknowledged, oldest first.
    pub pending: Vec<Pending>,
    /// How many of `pending`, from the first, belong to the conversation before, while another is being opened.
    pub previous_pending: usize,
    /// Why the last message was not accepted.
    pub not_sent: Option<Code>,
    /// Text of the message field. Views follow it through [`Shared::draft`].
    pub draft: String,
    /// Whether there are entries before those in `entries`.
    pub older_entries: OlderEntriesState,
    /// Number of the last entry the advisor has had on screen.
    pub read_up_to: u64,
    /// The advisor has been disconnected for some seconds.
    pub advisor_away: bool,
    pub advisor_typing: bool,
    /// Place in the queue, while the person waits and the desk has announced it.
    pub queue_place: Option<QueuePlace>,
    /// When the conversation closes for inactivity, after the warning and until the person answers.
    pub auto_close_at: Option<Timestamp>,
    /// Whether the person may ask the advisor to talk.
    pub may_call: bool,
    /// Whether this tab is the one that writes; one of the tabs with the same conversation is.
    pub is_writer: bool,
    /// The conversation that is shown, with its ticket.
    pub access: Option<ConversationAccess>,
    pub question_state: QuestionState,
    /// The person's own cases, offered while they wait.
    pub cases: OwnCases,
    pub written_request: WrittenRequestState,
    pub assistant: AssistantState,
    /// The person's earlier conversations.
    pub history: HistoryState,
    /// Language of every text.
    pub language: Language,
    /// The texts of the language chosen last could not be fetched.
    pub language_failed: bool,
    pub settings: Settings,
    /// Whether the options are open in the panel.
    pub options: bool,
}

impl ChatState {
    /// The state before anything is known.
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
            older_entries: OlderEntriesState::None,
            read_up_to: 0,
            advisor_away: false,
            advisor_typing: false,
            queue_place: None,
            auto_close_at: None,
            may_call: false,
            is_writer: true,
            access: None,
            question_state: QuestionState::default(),
            cases: OwnCases::Folded,
            written_request: WrittenRequestState::default(),
            assistant: AssistantState::default(),
            history: HistoryState::Hidden,
            language: Language::default(),
            language_failed: false,
            settings: Settings::default(),
            options: false,
        }
    }

    /// Resets everything of the conversation before. The written request stays until the conversation is known to be open.
    pub fn begin_conversation(&mut self) {
        self.link = LinkState::Connecting;
        self.phase = None;
        self.entries = Vec::new();
        self.pending = Vec::new();
        self.not_sent = None;
        self.older_entries = OlderEntriesState::None;
        self.read_up_to = 0;
        self.advisor_away = false;
        self.advisor_typing = false;
        self.queue_place = None;
        self.auto_close_at = None;
        self.is_writer = true;
        self.access = None;
        self.question_state = QuestionState::default();
        self.cases = OwnCases::Folded;
        self.assistant.shown = false;
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
