// SPDX-License-Identifier: EUPL-1.2
//! Frames of a conversation's link: JSON text, one object each, with one member, the frame's name: `{"post":{…}}`.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    case::Question,
    entry::{Entry, Outcome, Party, Phase},
    id::{ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
    segnalazione::{SegnalazioneDraft, SegnalazioneStanding},
    time::Timestamp,
};

/// From a person's or an advisor's device to the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
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
    /// Ask for entries the client lacks.
    Page(Page),
    /// Everything up to this entry has been on screen. Passed on, never stored.
    Read {
        /// An entry's number.
        up_to: u64,
    },
    /// Somebody is writing: said at most every [`TYPING_EVERY_MS`](crate::limits::TYPING_EVERY_MS). Passed on, never stored.
    ///
    Typing {},
    /// I am still here: makes the warning of an [`Inactive`](crate::entry::EntryBody::Inactive) entry void.
    Stay {},
    /// For advisors: ask for a page of an earlier conversation of the same person.
    Earlier {
        /// One of those that [`ServerFrame::Earlier`] told of.
        conversation: ConversationId,
        /// The entries before this number, the nearest ones; absent for the newest.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<u64>,
    },
    /// For the person, once: what the question is about. It helps to find the right advisor.
    Question(Question),
    /// For the advisor: hand something to an office. Repeating the same `id` is harmless.
    Forward(Box<SegnalazioneDraft>),
    /// For the person: end the conversation, or leave the queue. An advisor ends it at the desk, with its topic.
    Close {},
    /// For the person: leave the queue, having found the answer in their own cases.
    SelfServed {},
}

/// Which entries are asked for: at most [`MAX_ENTRIES_PER_FRAME`](crate::limits::MAX_ENTRIES_PER_FRAME) and about
/// [`MAX_PAGE_CHARS`](crate::limits::MAX_PAGE_CHARS) of them come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The entries that follow this number.
    After(u64),
    /// The entries that come before this number, the nearest ones.
    Before(u64),
}

/// From the server to a person's or an advisor's device.
#[allow(clippy::large_enum_variant, reason = "one welcome for each connection")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`. Entries the client lacks follow.
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
        /// The entries that follow begin after this number: where the client left off, or later when so much was said that
        /// only the newest page is sent, or 0 when the client's cursor lies beyond the log.
        #[serde(default)]
        after: u64,
        /// Who the person is; for advisors only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonCard>,
    },
    /// Entries, in order, each following the one before.
    Entries {
        /// 1 to [`MAX_ENTRIES_PER_FRAME`](crate::limits::MAX_ENTRIES_PER_FRAME) of them.
        entries: Vec<Entry>,
    },
    /// How another side stands: told after `welcome` and whenever it changes.
    Presence {
        /// Which side.
        party: Party,
        /// Whether a device of theirs is connected.
        connected: bool,
        /// They have had every entry up to this one on screen, as far as the devices now connected say; 0 for none.
        read_up_to: u64,
    },
    /// Another side is writing, and will have stopped unless it is said again within
    /// [`TYPING_LASTS_MS`](crate::limits::TYPING_LASTS_MS).
    Typing {
        /// Which side.
        party: Party,
    },
    /// Where the person stands in the queue, for them alone: told while they wait, when what it says changes. Never stored in
    /// the log.
    Queue(QueuePlace),
    /// For advisors: what the person came with before, told after `welcome` if there is any.
    Earlier {
        /// At most [`MAX_EARLIER`](crate::limits::MAX_EARLIER), newest first.
        conversations: Vec<EarlierConversation>,
    },
    /// A page of an earlier conversation, as asked for; empty where there is nothing more.
    EarlierEntries {
        /// Which.
        conversation: ConversationId,
        /// In order, each following the one before.
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
        /// The same will be accepted after so many milliseconds; absent when it never will.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after_ms: Option<i64>,
    },
}

/// A conversation of the same person in the same capacity that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct EarlierConversation {
    /// Which.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Timestamp,
    /// Who ended it.
    pub by: Party,
    /// What came of it, where somebody said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The name of the advisor who held it last; absent if nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<String>,
    /// How the first message of the person begins, on one line, at most
    /// [`MAX_BEGINNING_CHARS`](crate::limits::MAX_BEGINNING_CHARS); absent if they wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begins: Option<String>,
    /// How many entries it has.
    pub entries: u64,
    /// What was handed to an office, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segnalazioni: Vec<SegnalazioneStanding>,
}

/// A place in the queue, as precise as is true: far back it is rounded, and a wait nobody can know is said to be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct QueuePlace {
    /// 1 for whoever is next. Exact up to 10, beyond that rounded up.
    pub position: u32,
    /// How long it takes from here.
    pub estimate: Estimate,
}

/// How long a wait is going to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Estimate {
    /// Nobody can know: too little has been seen, or nobody is at the desk.
    Unknown {},
    /// Between so many minutes, eight times in ten.
    Minutes {
        /// At least; 0 for any moment.
        from: u16,
        /// At most.
        to: u16,
    },
}

impl ServerFrame {
    /// Reads a frame. `None` for one of a newer version, which is ignored: the numbering of entries shows if something is
    /// missing.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
