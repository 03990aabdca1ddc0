// SPDX-License-Identifier: EUPL-1.2
//! A call in a conversation: voice between the person and the advisor who holds it, from one device of each.
//!
//! - A call is named by the number of the entry that offered it. Its steps are entries; of what is said and shown the service
//!   has nothing.
//! - A *seat* is one device in the call. Each side has one: a page that was loaded anew, a second tab or another device takes
//!   it over, and the one before is out.
//! - What two browsers have to tell each other to connect is passed on between the two seats, and never stored.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{entry::Party, id::SeatId, time::Timestamp};

/// What happened to a call, as an entry has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CallStep {
    /// One side asks the other to talk.
    Offered {
        /// The side that asks.
        by: Party,
    },
    /// The other side said yes.
    Accepted {},
    /// The other side said no.
    Declined {},
    /// The two hear each other.
    Began {},
    /// It is over: no step follows.
    Ended {
        /// The side that ended it; the system, by a rule.
        by: Party,
        /// Why.
        why: CallEnd,
        /// For how long the two heard each other; 0 if they never did.
        seconds: u64,
    },
}

/// Why a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CallEnd {
    /// One side hung up.
    HungUp,
    /// The side that offered it took that back.
    Withdrawn,
    /// Nobody answered the offer in time.
    Unanswered,
    /// The two devices found no way to each other, or lost it.
    NoConnection,
    /// A device has no microphone, or may not use it.
    NoMicrophone,
    /// The conversation ended.
    ConversationEnded,
    /// The conversation left the advisor's hands.
    HandedOn,
}

/// What a side of a conversation does about a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CallAct {
    /// Ask the other side to talk, from this device. While there is a call, nothing changes.
    Offer {
        /// The device.
        seat: SeatId,
    },
    /// Say yes, on this device. Repeating it is harmless.
    Accept {
        /// The call.
        call: u64,
        /// The device.
        seat: SeatId,
    },
    /// Say no.
    Decline {
        /// The call.
        call: u64,
    },
    /// Go on with the call on this device: another one of this side is out.
    Take {
        /// The call.
        call: u64,
        /// The device.
        seat: SeatId,
    },
    /// The two hear each other.
    Began {
        /// The call.
        call: u64,
    },
    /// End the call, or take back the offer.
    End {
        /// The call.
        call: u64,
        /// Why: `hung_up`, `no_connection` or `no_microphone`.
        why: CallEnd,
    },
    /// For the other side's seat.
    Signal(Signal),
}

/// What is told about a call and is in no entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum CallNews {
    /// To both sides: the seats of the call there is. Sent after `welcome`, and whenever they change.
    Seats(Seats),
    /// To the receiving side: a signal of the other seat.
    Signal(Signal),
}

/// The devices of a call, by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Seats {
    /// The call.
    pub call: u64,
    /// The person's device; absent until they have said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen: Option<SeatId>,
    /// The advisor's device; absent until they have said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<SeatId>,
}

impl Seats {
    /// The seat of a side.
    pub const fn of(&self, party: Party) -> Option<&SeatId> {
        match party {
            Party::Citizen => self.citizen.as_ref(),
            Party::Advisor => self.advisor.as_ref(),
            Party::System => None,
        }
    }
}

/// A signal from one seat to the other. It is passed on while both hold the call, and dropped otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Signal {
    /// The call.
    pub call: u64,
    /// The seat it comes from.
    pub from: SeatId,
    /// The seat it is for.
    pub to: SeatId,
    /// What it says.
    pub says: Says,
}

/// What a signal says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// An offer of media, with everything known of the way so far.
    Offer {
        /// The number of this offer among those of the seat, from 1. An offer that is repeated keeps it.
        round: u32,
        /// The session description: 1 to [`MAX_SIGNAL_CHARS`](crate::limits::MAX_SIGNAL_CHARS) characters.
        sdp: String,
    },
    /// The answer to an offer of the other seat.
    Answer {
        /// The number of the offer.
        round: u32,
        /// The session description: 1 to [`MAX_SIGNAL_CHARS`](crate::limits::MAX_SIGNAL_CHARS) characters.
        sdp: String,
    },
    /// One more way to the sender, found after its description was sent.
    Candidate {
        /// The candidate, as the browser writes it: 1 to [`MAX_SIGNAL_CHARS`](crate::limits::MAX_SIGNAL_CHARS) characters.
        candidate: String,
        /// The section of the description it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mid: Option<String>,
    },
}

impl Says {
    /// The text it carries, whose length is limited.
    pub const fn text(&self) -> &String {
        match self {
            Self::Offer { sdp, .. } | Self::Answer { sdp, .. } => sdp,
            Self::Candidate { candidate, .. } => candidate,
        }
    }

    /// Whether it can be passed on: neither empty nor longer than the limits allow.
    pub fn is_bounded(&self) -> bool {
        let mid = match self {
            Self::Candidate { mid: Some(mid), .. } => mid.chars().count(),
            Self::Offer { .. } | Self::Answer { .. } | Self::Candidate { mid: None, .. } => 0,
        };
        let length = self.text().chars().count();
        (1..=crate::limits::MAX_SIGNAL_CHARS).contains(&length) && mid <= crate::limits::MAX_ID_CHARS
    }
}

/// The relay of a call, for one of its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Relay {
    /// Its servers; empty where the two connect without one.
    pub servers: Vec<RelayServer>,
    /// Whether nothing but the relay may be used, so that neither side learns the other's address.
    pub relay_only: bool,
    /// From here on the credentials begin nothing more; what has begun goes on.
    pub until: Timestamp,
}

/// A server of the relay, as `RTCIceServer` has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct RelayServer {
    /// Its addresses.
    pub urls: Vec<String>,
    /// The user name: the second in which it ends, a colon, and a name of this side of the call.
    pub username: String,
    /// The password.
    pub credential: String,
}
