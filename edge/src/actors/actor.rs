// SPDX-License-Identifier: EUPL-1.2
//! The two interfaces between an actor and the Durable Object that runs it, and the effects an actor returns.
//!
//! Every verb stores all that it changes in one transaction and returns the frames to send for it. Nothing is sent before it
//! is stored, and an actor whose store failed drops its memory: the next event reads the store again.

use std::collections::BTreeMap;

use infocig_domain::people::Speaker;
use infocig_protocol::{
    close,
    id::{AdvisorId, ConversationId},
    limits::MAX_FRAME_BYTES,
    problem::Code,
    time::Timestamp,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use super::LinkState;
use crate::{
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{Outbox, OutboxMessage},
};

/// The answer of an alarm to the platform, after its `steps` and after the next alarm was `armed`: the first failure among
/// them, so that the platform rings again. A failure that was answered with `Ok` would leave nothing to wake the object.
pub fn alarm_outcome<const N: usize>(
    steps: [Result<(), Fault>; N],
    armed: Result<(), Fault>,
) -> Result<(), Fault> {
    steps.into_iter().chain([armed]).collect()
}

/// State with an outbox, changed by notifications of other actors and by time.
pub trait Actor {
    /// The object's storage.
    type Sql: Sql;

    /// The frames that an event leaves to send: [`Effects`] where there are links, `()` where there are none.
    type Effects: Default;

    /// The word for its objects in logs and metrics.
    const CLASS: &'static str;

    /// The object's outbox.
    fn outbox(&self) -> Outbox<'_, Self::Sql>;

    /// Applies notification number `id` of the object `source`; applying it again changes nothing. A refusal means that it can
    /// never be applied, however often it is sent.
    fn on_notification(
        &self,
        source: &str,
        id: i64,
        notification: &str,
        now: Timestamp,
    ) -> Result<Self::Effects, Error>;

    /// Does the work that is due at `now` by the service's clock. `None` if there was none.
    fn wake(&self, now: Timestamp) -> Result<Option<Self::Effects>, Fault>;

    /// When, by the service's clock, to [`wake`](Self::wake) the actor next.
    fn next_wake(&self) -> Result<Option<Timestamp>, Fault>;

    /// Whether everything that the object has stored is to be deleted as a whole, because nothing of it must survive.
    fn is_to_be_deleted(&self) -> Result<bool, Fault> {
        Ok(false)
    }

    /// The destination has stored a message of the outbox: deletes it, and applies the consequence of its arrival.
    fn delivered(&self, message: &OutboxMessage, now: Timestamp) -> Result<Self::Effects, Fault>;
}

/// An actor that people and advisors are connected to.
pub trait LinkedActor: Actor<Effects = Effects> {
    /// Applies a text frame that arrived on a link. A refusal is sent back as [`refusal_frame`](Self::refusal_frame) writes it.
    fn receive(&self, link: &LinkState, text: &str, now: Timestamp) -> Result<Effects, Error>;

    /// Applies a text frame of any link. `None` where a Close frame was sent on it: its sender holds nothing any more, and the
    /// frame is dropped.
    fn on_frame(&self, link: &LinkState, text: &str, now: Timestamp) -> Option<Result<Effects, Error>> {
        (!link.close_sent).then(|| self.receive(link, text, now))
    }

    /// Corrects the stored connections after memory may have been lost: `links` are all there are.
    fn reconcile_connections(&self, links: &[LinkState], now: Timestamp) -> Result<Effects, Fault>;

    /// The last link of its speaker has ended.
    fn on_last_disconnect(&self, link: &LinkState, now: Timestamp) -> Result<Effects, Fault>;

    /// The view a speaker has of the whole actor, where they have any. `full` asks for all of it, for links that show none yet.
    fn publish(&self, _speaker: &Speaker, _full: bool, _now: Timestamp) -> Result<Publication, Fault> {
        Ok(Publication::default())
    }

    /// A refusal as a frame of this actor's protocol.
    fn refusal_frame(refusal: Refusal) -> Result<String, Fault>;
}

/// The frames to send for an event that is stored. Frames are JSON texts, written once however many links they go to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// The speaker of the link that sent the frame, when its `hello` has just been accepted.
    pub accepted: Option<Accepted>,
    /// Frames for the link that sent the frame.
    pub replies: Vec<String>,
    /// Close the link that sent the frame, with this code, after sending.
    pub close_sender: Option<u16>,
    /// Frames for every accepted link of a conversation.
    pub broadcast: Option<Broadcast>,
    /// Frames for one recipient, on all of their devices.
    pub direct: Vec<(Recipient, String)>,
    /// News of the sender for the other side of the conversation that is not stored.
    pub ephemeral: Option<Ephemeral>,
    /// Frames for one recipient, on all of their devices, after everything else.
    pub last: Vec<(Recipient, String)>,
    /// Whether the views that [`LinkedActor::publish`] makes may have changed.
    pub publish: bool,
    /// The change to the object's alarm.
    pub alarm: AlarmUpdate,
    /// How many messages were stored.
    pub messages: u32,
    /// A session of the staff that has ended: its links are refused and closed.
    pub ended: Option<EndedSession>,
}

/// A session of the staff that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedSession {
    /// The session.
    pub session: String,
    /// The refusal that its links are sent.
    pub refusal: String,
}

impl Effects {
    /// Nothing is left of a conversation: its links are closed. Where one stayed, its object would not rest, and the write-ahead log
    /// would keep the words.
    pub fn forgetting(conversation: ConversationId) -> Self {
        let then_close = Closes::Everybody;
        let broadcast = Broadcast { conversation, frames: Vec::new(), then_close, readers: None };
        Self { broadcast: Some(broadcast), ..Self::default() }
    }

    /// A refusal as the link it answers is sent it: a frame, and the end of the link where the refusal says so.
    pub fn refusing<A: LinkedActor>(refusal: Refusal) -> Result<Self, Fault> {
        let close_sender = refusal.closes_with;
        let replies = vec![A::refusal_frame(refusal)?];
        Ok(Self { replies, close_sender, alarm: AlarmUpdate::Keep, ..Self::default() })
    }
}

/// The receiver of a frame that is not for everybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The person of a conversation.
    Citizen(ConversationId),
    /// An advisor.
    Advisor(AdvisorId),
    /// An advisor, where they are connected to a conversation.
    Holder(ConversationId, AdvisorId),
}

/// The facts about a link that its `hello` settles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The holder of its ticket.
    pub speaker: Speaker,
    /// When the ticket ends, and the link with it; by the service's clock.
    pub until: Timestamp,
    /// The session of the staff that the ticket ends with, where there is one.
    pub session: Option<String>,
    /// Whether they read as a supervisor alone.
    pub observes: bool,
    /// Whether the client had entries of the log already: it was connected before.
    pub resumed: bool,
}

/// The change an event makes to the object's next wake-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlarmUpdate {
    /// Ask [`Actor::next_wake`] and arm the alarm for it.
    #[default]
    Recompute,
    /// Keep the alarm: the next wake-up did not move to an earlier instant.
    Keep,
    /// Wake by this instant of the service's clock, or when the object had to anyway, whichever comes first.
    NoLaterThan(Timestamp),
}

/// The view of one speaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// All of it, for links that show none yet.
    pub snapshot: Option<String>,
    /// For the other links: the difference to the view they show, if there is any.
    pub update: Option<String>,
}

/// News that are sent on and never stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ephemeral {
    /// Everything up to this entry has been on screen.
    Read(u64),
    /// The sender is writing.
    Typing,
}

/// Frames for everybody in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast {
    /// The conversation whose links they go to.
    pub conversation: ConversationId,
    /// The frames, in order.
    pub frames: Vec<String>,
    /// The links that are closed normally after sending.
    pub then_close: Closes,
    /// The only advisors who may still read, where that may have changed: links of others are refused and closed after sending.
    pub readers: Option<Vec<AdvisorId>>,
}

/// The links of a conversation that are closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closes {
    /// None.
    Nobody,
    /// Those of advisors: for them it is over, and the person waits for an office's answer.
    Advisors,
    /// All.
    Everybody,
}

/// Reads a frame whose possible names are `names`. Before `hello` a frame that cannot be read ends the link.
pub(super) fn read_frame<F: DeserializeOwned>(
    link: &LinkState,
    text: &str,
    names: &[&str],
) -> Result<F, Refusal> {
    if text.len() > MAX_FRAME_BYTES {
        let refusal = Refusal::new(Code::FrameTooLarge, "a frame has at most 65536 bytes");
        return Err(refusal.closing(close::TOO_LARGE));
    }
    let error = match serde_json::from_str::<F>(text) {
        Ok(frame) => return Ok(frame),
        Err(error) => error,
    };
    let refusal = match serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        Ok(members) if members.len() == 1 && !members.keys().any(|name| names.contains(&name.as_str())) => {
            Refusal::new(Code::FrameUnknown, "no frame has that name")
        }
        Ok(_) | Err(_) => Refusal::new(Code::FrameMalformed, error.to_string()),
    };
    Err(if link.speaker.is_some() { refusal } else { refusal.closing(close::REFUSED) })
}

/// A frame as the text that is sent.
pub(super) fn to_text(frame: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(frame).map_err(|error| Fault::Corrupt(format!("frame not written: {error}")))
}

pub(super) fn hello_expected() -> Refusal {
    Refusal::new(Code::HelloExpected, "the first frame must be hello").closing(close::REFUSED)
}

pub(super) fn hello_repeated() -> Refusal {
    Refusal::new(Code::FrameMalformed, "hello was already said")
}

pub(super) fn too_old() -> Refusal {
    Refusal::new(Code::VersionUnsupported, "this client is too old: reload the page").closing(close::REFUSED)
}

/// The refusal of a sender far above the rate of any well-meant program; it ends the link.
pub(super) fn flooded() -> Refusal {
    Refusal::new(Code::TooFast, "far too many frames in a short time").closing(close::TOO_FAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_fails_where_any_step_or_arming_the_next_one_failed() {
        let failed = |text: &str| Err(Fault::Store(text.into()));

        assert_eq!(alarm_outcome([Ok(()), Ok(())], Ok(())), Ok(()));
        assert_eq!(alarm_outcome([Ok(()), Ok(())], failed("armed")), failed("armed"));
        assert_eq!(alarm_outcome([failed("first"), failed("second")], failed("armed")), failed("first"));
        assert_eq!(alarm_outcome([Ok(()), failed("second")], Ok(())), failed("second"));
    }
}
