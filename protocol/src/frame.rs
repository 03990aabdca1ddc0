// SPDX-License-Identifier: EUPL-1.2
//! Frames of a conversation's socket: JSON text, one object each, told apart by `type`.

use serde::{Deserialize, Serialize};

use crate::{
    entry::{Entry, Party, Phase},
    id::{ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
};

/// From a person's or an advisor's device to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The first frame, always.
    Hello {
        /// The newest protocol version the client speaks.
        version: u16,
        /// What admission or the desk handed out.
        ticket: String,
        /// The last entry the client has; 0 for none.
        #[serde(default)]
        resume_after: u64,
    },
    /// Say something. Repeating the same `id` is harmless.
    Post {
        /// Made by the author's device, unique within the conversation.
        id: MessageId,
        /// 1 to [`MAX_MESSAGE_CHARS`](crate::limits::MAX_MESSAGE_CHARS) characters.
        text: String,
    },
    /// End the conversation (either side), or leave the queue.
    Close,
}

impl ClientFrame {
    /// The `type` of every frame a client sends.
    pub const TYPES: &'static [&'static str] = &["hello", "post", "close"];
}

/// From the server to a person's or an advisor's device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`. The entries the client lacks follow.
    Welcome {
        /// The version both ends now use.
        version: u16,
        /// The conversation.
        conversation: ConversationId,
        /// Which side the client is on.
        party: Party,
        /// Where the conversation stands.
        phase: Phase,
        /// Number of the newest entry; 0 if there is none.
        last_seq: u64,
        /// Who the person is; for advisors only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonCard>,
    },
    /// Entries, in order, each following the one before.
    Entries {
        /// 1 to [`MAX_ENTRIES_PER_FRAME`](crate::limits::MAX_ENTRIES_PER_FRAME) of them.
        entries: Vec<Entry>,
    },
    /// Something was not accepted. If the link cannot go on, it is closed right after.
    Refused {
        /// The stable name of the reason.
        code: Code,
        /// One English sentence for developers; interfaces show their own words for `code`.
        detail: String,
        /// The message this is about, when it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message: Option<MessageId>,
    },
    /// A frame of a newer version; ignored.
    #[serde(other)]
    Unknown,
}
