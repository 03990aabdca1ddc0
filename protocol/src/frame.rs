// SPDX-License-Identifier: EUPL-1.2
//! Frames of a conversation's link: JSON text, one object each, with one member, the frame's name: `{"post":{…}}`.

use std::fmt::Write as _;

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    call::{CallAct, CallNews},
    case::Question,
    entry::{Entry, Outcome, Party, Phase},
    id::{ConversationId, MessageId},
    person::PersonCard,
    problem::Code,
    segnalazione::{SegnalazioneDraft, SegnalazioneStatus},
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
        /// The ticket of admission or of the desk.
        ticket: String,
        /// The last entry the client has; 0 for none.
        #[serde(default)]
        resume_after: u64,
    },
    /// A message. Repeating the same `id` is harmless.
    Post {
        /// Made by the author's device, unique within the conversation.
        id: MessageId,
        /// 1 to [`MAX_MESSAGE_CHARS`](crate::limits::MAX_MESSAGE_CHARS) characters.
        text: String,
    },
    /// Ask for entries the client lacks.
    Page(Page),
    /// Everything up to this entry has been on screen. Ephemeral: never stored.
    Read {
        /// An entry's number.
        up_to: u64,
    },
    /// Somebody is writing: said at most every [`TYPING_EVERY_MS`](crate::limits::TYPING_EVERY_MS). Ephemeral: never stored.
    ///
    Typing {},
    /// The person is still there: cancels the warning of an [`Inactive`](crate::entry::EntryBody::Inactive) entry.
    Stay {},
    /// For advisors: ask for a page of an earlier conversation of the same person.
    History {
        /// One of those in [`ServerFrame::History`].
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
    /// For the person: an address in an answer of the assistant was opened. It is counted; nothing else comes of it.
    #[wire(late)]
    SourceOpened {},
    /// What the speaker does about a call.
    #[wire(late)]
    Call(CallAct),
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
        /// The side the client is on.
        party: Party,
        /// The phase of the conversation.
        phase: Phase,
        /// Number of the newest entry; 0 if there is none.
        last_seq: u64,
        /// The entries that follow begin after this number: where the client left off, or later when so much was said that
        /// only the newest page is sent, or 0 when the client's cursor lies beyond the log.
        #[serde(default)]
        after: u64,
        /// The person's card; for advisors only.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonCard>,
        /// Whether this side may ask the other to talk.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        calls: bool,
    },
    /// Entries, in order, each following the one before.
    Entries {
        /// 1 to [`MAX_ENTRIES_PER_FRAME`](crate::limits::MAX_ENTRIES_PER_FRAME) of them.
        entries: Vec<Entry>,
    },
    /// The presence of another side: sent after `welcome` and whenever it changes.
    Presence {
        /// The side.
        party: Party,
        /// Whether a device of theirs is connected.
        connected: bool,
        /// The last entry they have had on screen, as far as the devices now connected say; 0 for none.
        read_up_to: u64,
    },
    /// Another side is writing, and will have stopped unless it is said again within
    /// [`TYPING_LASTS_MS`](crate::limits::TYPING_LASTS_MS).
    Typing {
        /// The side.
        party: Party,
    },
    /// The person's place in the queue, for them alone: sent while they wait, when it changes. Never stored in the log.
    Queue(QueuePlace),
    /// For advisors: earlier conversations of the person, sent after `welcome` if there are any.
    History {
        /// At most [`MAX_HISTORY`](crate::limits::MAX_HISTORY), newest first.
        conversations: Vec<EarlierConversation>,
    },
    /// A page of an earlier conversation, as asked for; empty where there is nothing more.
    HistoryEntries {
        /// The earlier conversation.
        conversation: ConversationId,
        /// In order, each following the one before.
        entries: Vec<Entry>,
    },
    /// News of a call that are in no entry. Ephemeral: never stored.
    #[wire(late)]
    Call(CallNews),
    /// A frame was not accepted. If the link cannot go on, it is closed right after.
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
    /// Its id.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Timestamp,
    /// The side that ended it.
    pub by: Party,
    /// The outcome, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The name of the advisor who held it last; absent if nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<String>,
    /// The beginning of the first message of the person, on one line, at most
    /// [`MAX_BEGINNING_CHARS`](crate::limits::MAX_BEGINNING_CHARS); absent if they wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// The number of its entries.
    pub entries: u64,
    /// Its segnalazioni, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segnalazioni: Vec<SegnalazioneStatus>,
}

/// A place in the queue. A place far back is rounded, and a wait that cannot be estimated is unknown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct QueuePlace {
    /// 1 for the next person. Exact up to 10, beyond that rounded up.
    pub position: u32,
    /// The remaining wait.
    pub estimate: Estimate,
    /// What people who wait must know now, in the person's language: that nobody is at the desk, the banner of the service. Often
    /// empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notice: String,
}

/// An estimated wait.
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

    /// The text of an [`Entries`](Self::Entries) frame from bodies that are JSON already, as a log stores them: each body is
    /// written once for both.
    pub fn entries_text<'e>(entries: impl IntoIterator<Item = (&'e Entry, &'e str)>) -> String {
        let mut text = String::with_capacity(512);
        text.push_str(r#"{"entries":{"entries":["#);
        for (count, (Entry { seq, at, .. }, body)) in entries.into_iter().enumerate() {
            let comma = if count == 0 { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = write!(text, r#"{comma}{{"seq":{seq},"at":{},"body":{body}}}"#, at.as_millis());
        }
        text.push_str("]}}");
        text
    }
}
