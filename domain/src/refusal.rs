// SPDX-License-Identifier: EUPL-1.2
//! Commands that the rules decline. A refused command changes nothing.

use infocig_protocol::{
    id::{ConversationId, MessageId},
    problem::Code,
};

/// The reason of a refusal: its code, and one English sentence without a full stop.
pub type Reason = (Code, &'static str);

/// A command that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable name of the reason.
    pub code: Code,
    /// One English sentence without a full stop.
    pub detail: &'static str,
    /// The subject of the command, where its sender named one.
    pub about: Option<About>,
    /// The same command is accepted after so many milliseconds; absent when it never is.
    pub retry_after_ms: Option<i64>,
}

/// The subject of a refused command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A message, by the id its author gave it.
    Message(MessageId),
    /// A conversation on a desk.
    Conversation(ConversationId),
}

impl Refusal {
    /// The refusal of an entry that its author posted under `message`.
    pub(crate) fn of_message(reason: Reason, message: MessageId) -> Self {
        Self { about: Some(About::Message(message)), ..Self::from(reason) }
    }
}

impl From<Reason> for Refusal {
    fn from((code, detail): Reason) -> Self {
        Self { code, detail, about: None, retry_after_ms: None }
    }
}
