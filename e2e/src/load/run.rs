// SPDX-License-Identifier: EUPL-1.2
//! The parameters of a load, the plan of each conversation, and the state that all its tasks share.

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{Arc, Mutex},
    time::Duration,
};

use infocig_protocol::{entry::Party, id::ConversationId};
use reqwest::Client;
use tokio::sync::{broadcast, watch};

use crate::{
    answer::Answer,
    error::Error,
    issuer::Issuer,
    random::Random,
    transcript::{DeliveryState, Side},
};

/// The parameters of a load.
#[derive(Clone, Debug)]
pub struct Load {
    /// Least number of conversations; new ones start until the load is [stopped](super::Running::stop).
    pub conversations: u64,
    /// Conversations at a time.
    pub at_once: usize,
    /// Number of advisors.
    pub advisors: u64,
    /// Range of the number of messages of each side.
    pub messages: Range<u64>,
    /// The pauses between messages.
    pub pace: Pace,
    /// One conversation in five is ended by either side at a random instant; the others after the last message.
    pub hang_ups: bool,
    /// Seed of all random choices.
    pub seed: u64,
}

/// The pauses between messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Between 0.3 and 3 seconds after the one before.
    Human,
    /// None: the next follows as soon as one is acknowledged.
    Full,
}

/// The edge under load.
#[derive(Clone)]
pub struct Target {
    /// The origin that is connected to: the edge's, or that of a proxy in front of it.
    pub base: String,
    /// The edge's own origin.
    pub edge: String,
    /// The issuer whose tokens it accepts.
    pub issuer: Arc<Issuer>,
}

impl Target {
    /// The address of a socket.
    pub(super) fn socket(&self, path: &str) -> String {
        ws(&self.base, path)
    }
}

/// An action that is announced just before it starts, so that a power cut can hit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A person presents a token.
    Entering,
    /// An advisor accepts a conversation.
    Taking,
    /// A message is sent.
    Writing,
    /// A conversation is ended.
    Closing,
}

impl Load {
    /// How long conversations may take to end once there are no faults.
    pub(super) fn patience(&self) -> Duration {
        match self.pace {
            Pace::Human => SETTLE + Duration::from_secs(3 * self.messages.end),
            // The remaining conversations are played in this time.
            Pace::Full => Duration::from_mins(10),
        }
    }
}

/// A half-open link is noticed after 18 seconds, and a client pauses up to 30 seconds after many failures.
pub(super) const SETTLE: Duration = Duration::from_mins(1);

/// The state shared by all tasks of a load.
pub(super) struct SharedState {
    pub(super) target: Target,
    pub(super) load: Load,
    pub(super) http: Client,
    pub(super) moments: broadcast::Sender<Moment>,
    pub(super) phase: watch::Sender<RunPhase>,
    pub(super) advised: Mutex<Vec<(ConversationId, SideResult)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub(super) enum RunPhase {
    /// New conversations start.
    Arriving,
    /// No new conversations; the others continue to their end.
    Draining,
    /// Every conversation has ended: advisors stop.
    Over,
    /// The time limit has passed: all tasks stop.
    Aborted,
}

/// The conversations that an advisor has decided to end.
pub(super) type Ending = Arc<Mutex<BTreeSet<ConversationId>>>;

/// The result of one side, with a failure if it did not reach the end of its conversation.
pub(super) struct SideResult {
    pub(super) side: Side,
    pub(super) failure: Option<String>,
}

impl SideResult {
    /// Whether an advisor was refused by a conversation that had ended before they joined: nothing was shown to them, and none
    /// of their messages was acknowledged.
    pub(super) fn was_refused_at_once(&self) -> bool {
        let Side { party, written, seen, .. } = &self.side;
        let is_heard = written.iter().any(|written| written.delivery == DeliveryState::Acknowledged);
        *party == Party::Advisor && !is_heard && seen.is_empty() && self.failure.is_some()
    }
}

/// The plan of a conversation, computed from seed and number, so that both sides agree on it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) citizen_writes: u64,
    pub(super) advisor_writes: u64,
    pub(super) closes: Party,
    pub(super) hangs_up_after: Option<Duration>,
}

impl Plan {
    pub(super) fn of(load: &Load, number: u64) -> Self {
        let mut random = Random::fork(load.seed, number);
        let citizen_writes = random.within(load.messages.clone());
        let advisor_writes = random.within(load.messages.clone());
        let closes = if random.one_in(2) { Party::Citizen } else { Party::Advisor };
        let hangs_up = load.hang_ups && random.one_in(5);
        let after = random.millis(200..8_000);
        Self { citizen_writes, advisor_writes, closes, hangs_up_after: hangs_up.then_some(after) }
    }

    pub(super) fn script(&self, load: &Load, party: Party, number: u64) -> Script {
        let (own, others) = match party {
            Party::Advisor => (self.advisor_writes, self.citizen_writes),
            Party::Citizen | Party::System => (self.citizen_writes, self.advisor_writes),
        };
        Script {
            party,
            number,
            seed: load.seed,
            pace: load.pace,
            messages: own,
            all: own + others,
            closes: self.closes == party,
            hangs_up_after: self.hangs_up_after.filter(|_| self.closes == party),
        }
    }
}

/// The part of one side of a conversation.
pub(super) struct Script {
    pub(super) party: Party,
    pub(super) number: u64,
    pub(super) seed: u64,
    pub(super) pace: Pace,
    /// Number of messages it writes.
    pub(super) messages: u64,
    /// Number of messages both sides write.
    pub(super) all: u64,
    /// Whether it ends the conversation after the last message.
    pub(super) closes: bool,
    /// The time after which it ends the conversation in any case.
    pub(super) hangs_up_after: Option<Duration>,
}

impl SharedState {
    pub(super) fn is_aborted(&self) -> bool {
        *self.phase.borrow() == RunPhase::Aborted
    }

    pub(super) fn announce(&self, moment: Moment) {
        // There may be nobody who waits for it.
        let _ = self.moments.send(moment);
    }

    pub(super) async fn post(&self, origin: &str, path: &str, token: &str) -> Result<Answer, Error> {
        let request = self.http.post(format!("{origin}{path}"));
        Answer::to(request.header("origin", self.target.issuer.origin()).bearer_auth(token)).await
    }
}

pub(super) fn ws(origin: &str, path: &str) -> String {
    format!("{}{path}", origin.replacen("http", "ws", 1))
}
