// SPDX-License-Identifier: EUPL-1.2
//! Documents of the HTTP API. Instants in them are RFC 3339 with the offset of Europe/Rome, ready to be read by people.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AdvisorId, ConversationId, LinkId, QueueId},
    problem::Code,
};

/// Whether a person could enter at an instant, why or why not, and what to do instead.
///
/// The answer of `GET /v1/availability`, and the `admission` member of a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Admission {
    /// The instant this speaks about, by the server's clock.
    pub at: String,
    /// The answer in one word.
    pub verdict: Verdict,
    /// The stable name of the reason.
    pub code: Code,
    /// The rule the reason rests on, for example `Messaggio INPS 4497/2022`.
    pub source: String,
    /// The first instant at which this person could enter; absent when open or unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens: Option<String>,
    /// The end of the opening hours that hold now; absent when closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<String>,
    /// When this answer ceases to hold, and it is worth asking again; absent when it does not change by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<String>,
    /// One Italian sentence for the person.
    pub message: String,
    /// The other channels; empty when open.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// Whether the automatic assistant answers questions, at any hour.
    #[serde(default, skip_serializing_if = "is_false")]
    pub assistant: bool,
    /// What the administration says about the person's data before they write, in the language asked for; absent where the policy
    /// says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_notice: Option<String>,
    /// How long what is kept: a sentence for each class of data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<String>,
}

/// The answer of admission in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The person may enter.
    Open,
    /// Open conversations go on; nobody new enters.
    OnlyOngoing,
    /// Outside opening hours.
    Closed,
    /// Not in this category, province or entry point at that instant.
    NotEligible,
    /// The sign-in was not strong enough.
    CredentialTooWeak,
    /// The province code names no province.
    UnknownProvince,
}

/// Another way to reach the Institute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Channel {
    /// Its name, in the language asked for.
    pub name: String,
    /// How to use it, in one sentence.
    pub how: String,
    /// A `tel:` or `https:` address, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
}

/// The body of every error answer (`application/problem+json`, RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Problem {
    /// An absolute address that names the reason: the server's origin, `/problems/`, the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short English title, the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The fault in this instance, in one English sentence.
    pub detail: String,
    /// The stable name of the reason: the last segment of `type`.
    pub code: Code,
    /// For a refused entry: why, when next, and where else to go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admission: Option<Admission>,
}

/// The answer of `POST /v1/conversations`: 201 when new, 200 when the person already had one open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ConversationOpened {
    /// The conversation.
    pub conversation: ConversationId,
    /// Goes into the socket's `hello`. Never put it in a URL.
    pub ticket: String,
    /// Path of the conversation's socket on this server.
    pub socket: String,
}

/// The answer of `POST /v1/desk/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DeskSessionOpened {
    /// The first of the advisor's queues at this desk.
    pub queue: QueueId,
    /// The advisor's queues at this desk, in the order of the policy; absent where there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueId>,
    /// Goes into the socket's `hello`. Never put it in a URL.
    pub ticket: String,
    /// Path of the desk's socket on this server.
    pub socket: String,
    /// The advisor's name as people will read it.
    pub advisor: String,
    /// Whether they are a supervisor, who sees every segnalazione and may have one sent again.
    #[serde(default, skip_serializing_if = "is_false")]
    pub supervisor: bool,
    /// The advisor's id; absent from servers of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<AdvisorId>,
    /// What they may do, by the names of `docs/staff-sign-in.md`; none from servers of before, where everybody may answer people.
    /// Who may not answer opens no socket.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rights: Vec<String>,
}

/// The right to be at a desk.
pub const RIGHT_TO_ANSWER: &str = "answer people";
/// The right to read the audit trail.
pub const RIGHT_TO_READ_AUDIT: &str = "read the audit trail";
/// The right to write and publish versions of the rules.
pub const RIGHT_TO_CHANGE_RULES: &str = "change the rules";
/// The right to approve the version of somebody else.
pub const RIGHT_TO_APPROVE_RULES: &str = "approve rules";

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The body of `POST {socket}` with `socket` replaced by `poll`: the link for those who cannot open a WebSocket.
///
/// A client names a link, says `hello` on it, and from then on always has one waiting request under way; frames to the
/// server go in requests that do not wait, one after the other. A link lives in the server's memory: whatever goes wrong,
/// it is lost as a socket is lost, and `hello` on a new one resumes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Poll {
    /// Made by the client for this link, unguessable: its holder reads the conversation.
    pub link: LinkId,
    /// Grows with every request of the link, from 1. A request that arrives again, because a proxy repeats it, has no
    /// second effect and gets the same answer.
    pub number: u64,
    /// Frames for the server, each the text that would go over a socket; empty when only waiting.
    #[serde(default)]
    pub frames: Vec<String>,
    /// Answer when there is something to tell, within [`POLL_WAITS_MS`](crate::limits::POLL_WAITS_MS). A request that does
    /// not wait is answered at once and brings nothing back.
    #[serde(default)]
    pub wait: bool,
    /// The page was left: after these frames the link ends, and its person is not connected by it any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub leaving: bool,
}

/// The answer to a [`Poll`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Polled {
    /// Frames for the client, in order.
    #[serde(default)]
    pub frames: Vec<String>,
    /// The link has ended, after these frames, with this close code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<u16>,
}
