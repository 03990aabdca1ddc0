// SPDX-License-Identifier: EUPL-1.2
//! A *segnalazione*: the document that an advisor forwards to the competent office through Linea INPS (Messaggio INPS
//! 4497/2022), so that the person never explains it twice. Its number and state come back into the conversation's log.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    case::{BenefitKind, Question},
    id::{CaseId, ConversationId, MessageId},
    limits::{MAX_ATTACHED, MAX_DESCRIPTION_CHARS},
    time::Timestamp,
    topic::TopicPath,
};

/// A segnalazione as an advisor writes it. Repeating the same `id` is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct SegnalazioneDraft {
    /// Made by the console, unique within the conversation.
    pub id: MessageId,
    /// ISTAT code of the province whose office is competent.
    pub office: String,
    /// The topic: the ids of three levels of the desk's topics.
    pub topic: TopicPath,
    /// The task of the office: 1 to [`MAX_DESCRIPTION_CHARS`] characters.
    pub description: String,
    /// The kind of wage integration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<BenefitKind>,
    /// The case it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The application's protocol number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The application's *ticket*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Numbers of the messages the office gets to read: at most [`MAX_ATTACHED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached: Vec<u64>,
}

impl SegnalazioneDraft {
    /// The reason why it cannot be sent, in one English sentence; `None` if it is well-formed.
    pub fn wrong(&self) -> Option<&'static str> {
        let reference = |text: &Option<String>| text.as_deref().is_none_or(crate::case::is_reference);
        if self.description.trim().is_empty() {
            return Some("a segnalazione says what the office must do");
        }
        if self.description.chars().count() > MAX_DESCRIPTION_CHARS {
            return Some("a description has at most 4000 characters");
        }
        if self.attached.len() > MAX_ATTACHED {
            return Some("at most 100 messages can be attached");
        }
        let mut attached = self.attached.clone();
        attached.sort_unstable();
        attached.dedup();
        if attached.len() < self.attached.len() {
            return Some("a message is attached once");
        }
        if !reference(&self.protocol) || !reference(&self.ticket) {
            return Some(
                "protocol and ticket have up to 64 letters, digits, dots, slashes, hyphens or spaces",
            );
        }
        None
    }
}

/// The state of a segnalazione.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum SegnalazioneState {
    /// On its way to Linea INPS.
    Sending {},
    /// Linea INPS did not take it yet: the service goes on trying.
    Queued {},
    /// Linea INPS would not take it as it is: a supervisor looks at it.
    Held {},
    /// Linea INPS took it and gave it its number.
    Accepted {},
    /// The office works on it.
    InProgress {},
    /// The office answered.
    Answered {
        /// The answer, as the office wrote it.
        text: String,
    },
}

impl SegnalazioneState {
    /// Whether nothing more is to come.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Answered { .. })
    }

    /// The position in the sequence of states: a segnalazione never moves back.
    pub const fn rank(&self) -> u8 {
        match self {
            Self::Sending {} => 0,
            Self::Queued {} => 1,
            Self::Held {} => 2,
            Self::Accepted {} => 3,
            Self::InProgress {} => 4,
            Self::Answered { .. } => 5,
        }
    }
}

/// A conversation's segnalazione and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct SegnalazioneStatus {
    /// As its author named it.
    pub id: MessageId,
    /// Linea INPS's number for it, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Its state.
    pub state: SegnalazioneState,
}

/// The body of `POST /v1/requests`: a person who cannot be answered now writes to an office. Repeating the same `id` is
/// harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct WrittenRequest {
    /// Made by the person's device.
    pub id: MessageId,
    /// 1 to [`MAX_DESCRIPTION_CHARS`] characters.
    pub text: String,
    /// The subject, as far as the person described it.
    #[serde(default)]
    pub question: Question,
}

/// The answer of `POST /v1/history`: a person's conversations, newest first. It begins nothing and is given at any hour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct History {
    /// At most 20.
    pub conversations: Vec<PastConversation>,
}

/// A conversation of a person, as they find it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct PastConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// The outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<crate::entry::Outcome>,
    /// The beginning of the first message of the person, on one line, at most
    /// [`MAX_BEGINNING_CHARS`](crate::limits::MAX_BEGINNING_CHARS); absent if they wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// Its segnalazioni, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segnalazioni: Vec<SegnalazioneStatus>,
    /// Goes into the socket's `hello`. Never put it in a URL.
    pub ticket: String,
    /// Path of the conversation's socket on this server.
    pub socket: String,
}

/// A segnalazione as a supervisor sees it: an element of the answer of `GET /v1/desk/segnalazioni`, without a word of what
/// it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct SegnalazioneOverview {
    /// Its key: the conversation's id, a dot, and the id its author gave it.
    pub key: String,
    /// When it was written.
    pub at: Timestamp,
    /// ISTAT code of the province whose office is competent.
    pub office: String,
    /// Linea INPS's number for it, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Whether it goes on by itself.
    pub delivery: Delivery,
    /// The number of attempts.
    pub attempts: u32,
    /// The failure of the last attempt, in one English sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
}

/// Whether a segnalazione goes on by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// It will be sent, again if need be.
    Waiting,
    /// A *dead letter*: sent again when a supervisor asks for it.
    Stopped,
    /// Linea INPS has it.
    Delivered,
}

/// The body of `POST /v1/desk/segnalazioni/retry`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct RetrySegnalazione {
    /// Its key.
    pub key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_has_a_longest_description_and_a_most_of_messages() {
        let draft = |description: String, attached: u64| SegnalazioneDraft {
            id: MessageId::parse("s1").unwrap(),
            office: "063".into(),
            topic: ["pagamento", "diretto", "data"].map(String::from),
            description,
            kind: None,
            case: None,
            protocol: None,
            ticket: None,
            attached: (1..=attached).collect(),
        };

        assert_eq!(draft("è".repeat(4_000), 100).wrong(), None);
        assert_eq!(draft("x".repeat(4_001), 1).wrong(), Some("a description has at most 4000 characters"));
        assert_eq!(draft("x".into(), 101).wrong(), Some("at most 100 messages can be attached"));
    }
}
