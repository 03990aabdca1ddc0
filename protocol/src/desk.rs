// SPDX-License-Identifier: EUPL-1.2
//! Frames of the desk's link: what an advisor sees of the queue, and what they take from it.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ConversationId, QueueId},
    person::PersonCard,
    problem::Code,
    time::Timestamp,
};

/// From an advisor's console to the desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskClientFrame {
    /// The first frame, always.
    Hello {
        /// The newest protocol version the console speaks.
        version: u16,
        /// What `POST /v1/desk/sessions` handed out.
        ticket: String,
    },
    /// Take a waiting conversation. Taking one's own again is harmless.
    Take {
        /// The conversation.
        conversation: ConversationId,
    },
}

impl DeskClientFrame {
    /// The name of every frame a console sends.
    pub const NAMES: &'static [&'static str] = &["hello", "take"];
}

/// From the desk to an advisor's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskServerFrame {
    /// The answer to `hello`.
    Welcome {
        /// The version both ends now use.
        version: u16,
        /// The queue this desk serves.
        queue: QueueId,
        /// The advisor's name as people will read it.
        advisor: String,
    },
    /// The whole picture, whenever it changes.
    Desk {
        /// Who waits, first come first.
        waiting: Vec<WaitingConversation>,
        /// The advisor's own conversations, oldest first.
        mine: Vec<AssignedConversation>,
    },
    /// Something was not accepted. If the link cannot go on, it is closed right after.
    Refused {
        /// The stable name of the reason.
        code: Code,
        /// One English sentence for developers.
        detail: String,
        /// The conversation this is about, when it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        conversation: Option<ConversationId>,
    },
}

impl DeskServerFrame {
    /// Reads a frame. `None` for one of a newer version, which is ignored.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A conversation nobody has taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Since when the person waits.
    pub since: Timestamp,
    /// Who waits.
    pub person: PersonCard,
}

/// A conversation of this advisor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignedConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Opens the conversation's socket for this advisor.
    pub ticket: String,
    /// When the advisor took it.
    pub since: Timestamp,
    /// Who asks.
    pub person: PersonCard,
}
