// SPDX-License-Identifier: EUPL-1.2
//! Rooms: the rules over a store, one for a person's conversations, one for a desk, one for the register,
//! one for Linea INPS.
//!
//! Frames and notifications go in; an [`Outcome`] comes out after everything it tells has been stored in one transaction.
//! A room's memory is a cache: whenever the store fails it is dropped, and the next event reads the store again.

mod conversation;
mod desk;
mod linea_inps;
pub mod presence;
mod register;

use std::{collections::BTreeMap, num::NonZeroU32};

use infocig_domain::{
    people::{Speaker, Subject},
    plain_page::ConversationView,
    policy::Messages,
    rate_limiter::RateLimiter,
};
use infocig_protocol::{
    close,
    entry::Outcome as Ended,
    frame::EarlierConversation,
    id::{AdvisorId, ConversationId, MessageId},
    language::Language,
    limits::MAX_FRAME_BYTES,
    person::Credential,
    problem::Code,
    segnalazione::SegnalazioneStanding,
    time::Timestamp,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

pub use self::{
    conversation::{Admitted, ConversationRoom},
    desk::DeskRoom,
    linea_inps::{Due, LineaInpsRoom, Updated},
    register::RegisterRoom,
};
use crate::{
    problem::{Fault, Refusal},
    sql::Sql,
    store::{Letter, Post},
};

/// What the shell needs of a room.
pub trait Room {
    /// The object's storage.
    type Sql: Sql;

    /// The object's post.
    fn post(&self) -> Post<'_, Self::Sql>;

    /// A text frame arrived on a socket.
    fn receive(&self, socket: &Socket, text: &str, now: Timestamp) -> Result<Outcome, Fault>;

    /// A notification arrived from the object `source`. Hearing it again changes nothing.
    fn hear(&self, source: &str, id: i64, notification: &str, now: Timestamp) -> Result<Outcome, Fault>;

    /// The service's clock has moved on. `None` when nothing came of it.
    fn wake(&self, now: Timestamp) -> Result<Option<Outcome>, Fault>;

    /// When, by the service's clock, to [`wake`](Self::wake) the room next.
    fn next_wake(&self) -> Result<Option<Timestamp>, Fault>;

    /// A letter of this room is stored at its destination.
    fn delivered(&self, letter: &Letter, now: Timestamp) -> Result<Outcome, Fault>;

    /// Who is connected, as found when memory may have been lost: whoever else the store knows as connected is not.
    fn census(&self, links: &[Socket], now: Timestamp) -> Result<Outcome, Fault>;

    /// The last link of its speaker is gone.
    fn parted(&self, link: &Socket, now: Timestamp) -> Result<Outcome, Fault>;

    /// What a speaker sees of the whole room, where they see anything. `anew` asks for all of it, for a link that was never
    /// shown any.
    fn paint(&self, speaker: &Speaker, anew: bool, now: Timestamp) -> Result<Paint, Fault>;

    /// A refusal as a frame of this room's protocol.
    fn refusal(refusal: Refusal) -> Result<String, Fault>;
}

/// What a link is known to be. It travels with a socket through hibernation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    /// When it opened, by the wall clock.
    pub opened: Timestamp,
    /// The conversation in its address; absent at a desk.
    pub conversation: Option<ConversationId>,
    /// Who speaks on it; absent until `hello` is accepted.
    pub speaker: Option<Speaker>,
    /// Everything up to this entry has been on its screen.
    #[serde(default)]
    pub read_up_to: u64,
    /// When the ticket it was accepted with ends, by the service's clock; absent until `hello` is accepted.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// It was told to go. It may stay listed for as long as its peer does not answer.
    #[serde(default)]
    pub dismissed: bool,
}

impl Socket {
    /// A link that has yet to say who it is.
    pub fn new(opened: Timestamp, conversation: Option<ConversationId>) -> Self {
        Self { opened, conversation, speaker: None, read_up_to: 0, until: None, dismissed: false }
    }
}

/// A conversation as its person finds it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The conversation.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended.
    pub closed: Option<Timestamp>,
    /// What came of it.
    pub outcome: Option<Ended>,
    /// How the first message of the person begins.
    #[serde(default)]
    pub begins: Option<String>,
    /// What was handed to an office.
    pub segnalazioni: Vec<SegnalazioneStanding>,
}

/// What a person does on a page without a link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Says something, under an id that stores it once.
    Say {
        /// The id.
        id: MessageId,
        /// The words.
        text: String,
    },
    /// Asks for more time.
    Stay,
    /// Ends the conversation, or leaves the queue.
    Close,
}

/// What a person on a page without a link wants to see of what they came with before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryQuery {
    /// Which conversations there were before the one they are in, or before one of those.
    List {
        /// Its number.
        before: Option<u32>,
    },
    /// One of those.
    Read {
        /// Its number.
        number: u32,
        /// Its entries before this one.
        before: Option<u64>,
    },
}

/// What they see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedBack {
    /// The conversations that are over, newest first.
    List {
        /// At most 20.
        conversations: Vec<EarlierConversation>,
        /// The language their portal says they read.
        language: Language,
    },
    /// One of them.
    Read(Box<ConversationView>),
}

/// What came of an act the rules refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// Why.
    pub code: Code,
    /// The same will be accepted after so many milliseconds; absent when it never will.
    pub retry_after_ms: Option<i64>,
}

/// What somebody on a page without a link is shown, after what they did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// What must be sent for what they did.
    pub outcome: Outcome,
    /// Why it was not done.
    pub refused: Option<Refused>,
    /// What they see.
    pub shown: ConversationView,
}

/// Whom a registry is asked about, and who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Whose cases.
    pub subject: Subject,
    /// The advisor who asks; absent when the person does.
    pub advisor: Option<AdvisorId>,
    /// How the person signed in.
    pub credential: Credential,
}

/// What must be sent, now that everything is stored. Frames are texts, written once however many they are for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Who speaks, when the socket that asked has just been accepted.
    pub accepted: Option<Accepted>,
    /// Frames for the socket that asked.
    pub to_sender: Vec<String>,
    /// Close the socket that asked, with this code, after sending.
    pub close_sender: Option<u16>,
    /// What the accepted sockets of the conversation are told.
    pub to_conversation: Option<Broadcast>,
    /// What the person alone is told, on all their devices.
    pub to_citizen: Vec<(ConversationId, String)>,
    /// What advisors are told by name, on all their devices.
    pub to_advisors: Vec<(AdvisorId, String)>,
    /// What the other side is told of the socket that asked, without it being stored.
    pub passed_on: Option<PassedOn>,
    /// Every accepted socket is shown what has changed in the room's picture.
    pub repaint: bool,
    /// What it changes about when the object must wake next.
    pub alarm: Rearm,
}

/// What is known of a link from its `hello` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Who speaks.
    pub speaker: Speaker,
    /// When their ticket ends, and the link with it.
    pub until: Timestamp,
}

/// What an event changes about when the object must wake next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rearm {
    /// The room has to be asked.
    #[default]
    Ask,
    /// Nothing, or not towards earlier.
    Leave,
    /// It must wake by this instant of the service's clock, or when it had to anyway.
    By(Timestamp),
}

/// What a speaker is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// All of it, for links that were never shown any.
    pub whole: Option<String>,
    /// What has changed, for the others.
    pub changed: Option<String>,
}

/// What is passed on and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassedOn {
    /// Everything up to this entry has been on screen.
    Read(u64),
    /// Somebody is writing.
    Typing,
}

/// Frames for everybody in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast {
    /// Whose sockets.
    pub conversation: ConversationId,
    /// The frames.
    pub frames: Vec<String>,
    /// Whose sockets are closed normally after sending.
    pub then_close: Closes,
    /// The only advisors who may still read, where that may have changed: the others are shown the door after sending.
    pub readers: Option<Vec<AdvisorId>>,
}

/// Whose sockets are closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// Nobody's.
    Nobody,
    /// The advisors': it is over for them, and the person goes on listening for what an office answers.
    Advisors,
    /// Everybody's: it is over.
    Everybody,
}

impl Outcome {
    /// A frame that says no; the socket stays.
    pub fn refuse<R: Room>(refusal: Refusal) -> Result<Self, Fault> {
        Ok(Self { to_sender: vec![R::refusal(refusal)?], ..Self::default() })
    }

    /// A frame that says no, and the end of the socket.
    pub fn refuse_and_close<R: Room>(refusal: Refusal, code: u16) -> Result<Self, Fault> {
        Ok(Self { close_sender: Some(code), ..Self::refuse::<R>(refusal)? })
    }
}

/// Reads a frame whose possible names are `names`, or says what becomes of a socket that sent something else.
fn read_frame<R: Room, F: DeserializeOwned>(
    socket: &Socket,
    text: &str,
    names: &[&str],
) -> Result<Result<F, Outcome>, Fault> {
    if text.len() > MAX_FRAME_BYTES {
        let refusal = Refusal::new(Code::FrameTooLarge, "a frame has at most 65536 bytes");
        return Outcome::refuse_and_close::<R>(refusal, close::TOO_LARGE).map(Err);
    }
    let error = match serde_json::from_str::<F>(text) {
        Ok(frame) => return Ok(Ok(frame)),
        Err(error) => error,
    };
    let refusal = match serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        Ok(members) if members.len() == 1 && !members.keys().any(|name| names.contains(&name.as_str())) => {
            Refusal::new(Code::FrameUnknown, "no frame has that name")
        }
        Ok(_) | Err(_) => Refusal::new(Code::FrameMalformed, error.to_string()),
    };
    // Before `hello` there is nobody to be patient with.
    match socket.speaker {
        Some(_) => Outcome::refuse::<R>(refusal).map(Err),
        None => Outcome::refuse_and_close::<R>(refusal, close::REFUSED).map(Err),
    }
}

/// How fast somebody may send frames of any kind: far faster than even a program that means well.
fn pace_of_frames(limits: Messages) -> RateLimiter {
    let many = |number: NonZeroU32| number.saturating_mul(FRAMES_PER_MESSAGE);
    RateLimiter::new(Messages { burst: many(limits.burst), per_minute: many(limits.per_minute), ..limits })
}

/// Whoever sends faster than that is shown the door.
fn flooded<R: Room>() -> Result<Outcome, Fault> {
    let refusal = Refusal::new(Code::TooFast, "far too many frames in a short time");
    Outcome::refuse_and_close::<R>(refusal, close::TOO_FAST)
}

/// For every message somebody may send, so many frames of any kind.
const FRAMES_PER_MESSAGE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);

fn written(frame: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(frame).map_err(|error| Fault::Corrupt(format!("frame not written: {error}")))
}

fn hello_expected() -> Refusal {
    Refusal::new(Code::HelloExpected, "the first frame must be hello")
}

fn hello_repeated() -> Refusal {
    Refusal::new(Code::FrameMalformed, "hello was already said")
}

fn too_old() -> Refusal {
    Refusal::new(Code::VersionUnsupported, "this client is too old: reload the page")
}
