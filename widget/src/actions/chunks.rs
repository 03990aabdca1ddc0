// SPDX-License-Identifier: EUPL-1.2
//! The functions of the two chunks as tables: their callers name the tables alone, so that no function is linked into the first
//! module, and no caller depends on the views that fill the tables.

use std::rc::Rc;

use infocig_client::session::Pending;
use infocig_protocol::{
    assistant::Passage,
    case::Case,
    http::{Admission, ConversationOpened},
    time::Timestamp,
};

use super::{
    Chat,
    link::{ChatLink, WriterRole},
};
use crate::once::Once;

/// The functions of the conversation chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConversationChunk {
    /// Connects to a conversation; its events are applied to the state.
    pub(crate) start: fn(&Chat, ConversationOpened, Vec<Pending>, WriterRole) -> Rc<dyn ChatLink>,
    /// Connects to a conversation and restores what this tab stored of it.
    pub(crate) show_conversation: fn(&Chat, ConversationChunk, ConversationOpened),
    /// Reconnects the conversation that is shown with another ticket.
    pub(crate) renew_ticket: fn(&Chat),
    /// The state of the conversation and its log.
    pub(crate) conversation: fn() -> Once,
    /// The log alone, of the conversation in the context.
    pub(crate) log: fn() -> Once,
    /// The buttons that end the conversation or leave the queue.
    pub(crate) ending: fn() -> Once,
    /// The notice that another tab writes.
    pub(crate) elsewhere: fn() -> Once,
    /// The live region for screen readers.
    pub(crate) announcer: fn() -> Once,
    /// What the person is told about their data before they write.
    pub(crate) data_notice: fn() -> Once,
}

/// The functions of the deferred chunk.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeferredChunk {
    /// The card of a case as of an instant; its steps are folded if the last argument is true.
    pub(crate) card: fn(Case, Timestamp, bool) -> Once,
    /// The person's earlier conversations.
    pub(crate) history: fn() -> Once,
    /// The settings.
    pub(crate) options: fn() -> Once,
    /// The person's own cases.
    pub(crate) own_cases: fn() -> Once,
    /// The form about the question.
    pub(crate) question: fn() -> Once,
    /// The assistant alone, for a person who is in no conversation.
    pub(crate) assistant: fn() -> Once,
    /// The form of a question to the assistant.
    pub(crate) assistant_form: fn() -> Once,
    /// A question to the assistant and its answer.
    pub(crate) assistant_answer: fn(String, Vec<Passage>) -> Once,
    /// The place of an entry of the log that only the module of calls reads, by its number.
    pub(crate) call: fn(u64) -> Once,
    /// The button that asks the advisor to talk.
    pub(crate) ask_to_call: fn() -> Once,
    /// Puts earlier questions to the assistant into the log of the conversation.
    pub(crate) carry_questions: fn(&Chat),
    /// The refusal of the service.
    pub(crate) refusal: fn(Admission) -> Once,
    /// The views after the end of the conversation.
    pub(crate) over: fn() -> Once,
    /// The form of a written request.
    pub(crate) written_request: fn() -> Once,
    /// Sends a request again that an earlier page stored and that is not known to have arrived.
    pub(crate) resend_request: fn(&Chat),
    /// The sound of a message.
    pub(crate) chime: fn(),
}
