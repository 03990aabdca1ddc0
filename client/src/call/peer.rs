// SPDX-License-Identifier: EUPL-1.2
//! The connection between two seats: offers, answers and candidates, by perfect negotiation over a link that may lose, repeat and
//! delay them.

use infocig_protocol::{
    call::{CallAct, Says, Signal},
    id::SeatId,
};

use super::{CALL_CONNECTS_WITHIN_MS, CallCommand};
use crate::machine::Millis;

/// The state of a connection, as the driver sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Media flow.
    Connected,
    /// They do not for the moment; they may again by themselves.
    Interrupted,
    /// They will not again without a restart.
    Failed,
}

/// The connection between this device's seat and another.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    call: u64,
    own: SeatId,
    other: SeatId,
    is_polite: bool,
    /// The number of the newest own offer. It goes on where that of the connection before ended, because a device may get a seat
    /// back that it had: an answer to an offer of before must not be taken for one to this connection's.
    round: u32,
    /// The number of the last offer of the connection before.
    rounds_before: u32,
    /// The own offer that is not answered; without a description while it is made.
    offer: Option<Offer>,
    /// The number of the other side's newest offer that was taken.
    taken: u32,
    /// The answer to it, once it is made.
    answer: Option<String>,
    /// The offer of the other side that is taken once the own one is made.
    next: Option<(u32, String)>,
    /// Candidates of the other side that came before its first description.
    early: Vec<(String, Option<String>)>,
    need: Need,
    reach: Reach,
    /// Since when the two look for each other.
    looks_since: Option<Millis>,
    /// When an interruption is taken for a loss.
    restarts_at: Option<Millis>,
}

/// The offer that is to be made next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    None,
    Offer,
    /// With new ways: the former ones are lost.
    Restart,
}

/// Whether the two reach each other.
#[derive(Clone, Copy, Debug)]
enum Reach {
    Never,
    Connected,
    Lost,
}

#[derive(Clone, Debug)]
struct Offer {
    round: u32,
    sdp: Option<String>,
}

impl Peer {
    pub(super) fn new(
        call: u64,
        own: SeatId,
        other: SeatId,
        is_polite: bool,
        rounds_before: u32,
        since: Millis,
    ) -> Self {
        Self {
            call,
            own,
            other,
            is_polite,
            round: rounds_before,
            rounds_before,
            offer: None,
            taken: 0,
            answer: None,
            next: None,
            early: Vec::new(),
            need: Need::None,
            reach: Reach::Never,
            looks_since: Some(since),
            restarts_at: None,
        }
    }

    pub(super) const fn other(&self) -> &SeatId {
        &self.other
    }

    pub(super) const fn round(&self) -> u32 {
        self.round
    }

    pub(super) const fn call(&self) -> u64 {
        self.call
    }

    pub(super) fn is_between(&self, call: u64, own: &SeatId, other: &SeatId) -> bool {
        self.call == call && self.own == *own && self.other == *other
    }

    pub(super) const fn is_connected(&self) -> bool {
        matches!(self.reach, Reach::Connected)
    }

    pub(super) const fn was_connected(&self) -> bool {
        !matches!(self.reach, Reach::Never)
    }

    pub(super) const fn looks_since(&self) -> Option<Millis> {
        self.looks_since
    }

    pub(super) fn gives_up_at(&self) -> Option<Millis> {
        self.looks_since.map(|since| since + CALL_CONNECTS_WITHIN_MS)
    }

    pub(super) fn next_timeout(&self) -> Option<Millis> {
        self.gives_up_at().into_iter().chain(self.restarts_at).min()
    }

    /// Whether an own offer waits for its answer.
    pub(super) fn waits(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| offer.sdp.is_some())
    }

    /// The offer that waits for its answer, once more.
    pub(super) fn repeat(&self) -> Option<CallCommand> {
        let Offer { round, sdp } = self.offer.as_ref()?;
        Some(self.says(Says::Offer { round: *round, sdp: sdp.clone()? }))
    }

    pub(super) fn needs_offer(&mut self, restart: bool) -> Vec<CallCommand> {
        self.need = self.need.max(if restart { Need::Restart } else { Need::Offer });
        self.go_on()
    }

    pub(super) fn on_signal(&mut self, says: Says) -> Vec<CallCommand> {
        match says {
            Says::Offer { round, sdp } => self.on_offer(round, sdp),
            Says::Answer { round, sdp } => {
                let is_answered =
                    self.offer.as_ref().is_some_and(|own| own.round == round && own.sdp.is_some());
                if !is_answered {
                    return Vec::new();
                }
                self.offer = None;
                let mut commands = vec![CallCommand::TakeAnswer { sdp }];
                commands.extend(self.early_candidates());
                commands.extend(self.go_on());
                commands
            }
            Says::Candidate { candidate, mid } if self.has_description() => {
                vec![CallCommand::AddCandidate { candidate, mid }]
            }
            Says::Candidate { candidate, mid } => {
                if self.early.len() < MOST_EARLY {
                    self.early.push((candidate, mid));
                }
                Vec::new()
            }
        }
    }

    fn on_offer(&mut self, round: u32, sdp: String) -> Vec<CallCommand> {
        if round < self.taken {
            return Vec::new();
        }
        if round == self.taken {
            // The answer was lost, or is being made.
            let answer = self.answer.clone().map(|sdp| self.says(Says::Answer { round, sdp }));
            return answer.into_iter().collect();
        }
        if self.offer.is_some() && !self.is_polite {
            // The two crossed: the other side takes this one's, and makes its own again.
            return Vec::new();
        }
        if self.is_busy() {
            self.next = Some((round, sdp));
            return Vec::new();
        }
        self.take(round, sdp)
    }

    fn take(&mut self, round: u32, sdp: String) -> Vec<CallCommand> {
        if self.offer.take().is_some() {
            self.need = self.need.max(Need::Offer);
        }
        (self.taken, self.answer) = (round, None);
        let mut commands = vec![CallCommand::TakeOffer { round, sdp }];
        commands.extend(self.early_candidates());
        commands
    }

    pub(super) fn on_local_offer(&mut self, round: u32, sdp: String) -> Vec<CallCommand> {
        let Some(offer) = self.offer.as_mut().filter(|own| own.round == round && own.sdp.is_none()) else {
            return Vec::new();
        };
        offer.sdp = Some(sdp.clone());
        match self.next.take() {
            Some((round, sdp)) => self.take(round, sdp),
            None => vec![self.says(Says::Offer { round, sdp })],
        }
    }

    pub(super) fn on_local_answer(&mut self, round: u32, sdp: String) -> Vec<CallCommand> {
        if round != self.taken || self.answer.is_some() {
            return Vec::new();
        }
        self.answer = Some(sdp.clone());
        let mut commands = vec![self.says(Says::Answer { round, sdp })];
        if let Some((round, sdp)) = self.next.take() {
            commands.extend(self.take(round, sdp));
        } else {
            commands.extend(self.go_on());
        }
        commands
    }

    pub(super) fn on_local_candidate(&mut self, candidate: String, mid: Option<String>) -> Vec<CallCommand> {
        vec![self.says(Says::Candidate { candidate, mid })]
    }

    pub(super) fn on_connection(&mut self, connection: Connection, now: Millis) -> Vec<CallCommand> {
        self.reach = match (connection, self.reach) {
            (Connection::Connected, _) => Reach::Connected,
            (Connection::Interrupted | Connection::Failed, Reach::Never) => Reach::Never,
            (Connection::Interrupted | Connection::Failed, Reach::Connected | Reach::Lost) => Reach::Lost,
        };
        self.looks_since = if self.is_connected() { None } else { self.looks_since.or(Some(now)) };
        // Both notice the loss at once. One restarts it, the other only if that does not: of two offers that cross one is made in
        // vain.
        let gives_way_for = if self.is_polite { GIVES_WAY_FOR_MS } else { 0 };
        let waits = match connection {
            Connection::Connected => None,
            Connection::Interrupted => Some(INTERRUPTED_FOR_MS),
            Connection::Failed => Some(0),
        };
        self.restarts_at = waits.map(|waits| now + waits + gives_way_for);
        self.on_timeout(now)
    }

    pub(super) fn on_timeout(&mut self, now: Millis) -> Vec<CallCommand> {
        if self.restarts_at.take_if(|at| *at <= now).is_some() { self.needs_offer(true) } else { Vec::new() }
    }

    /// Makes the offer that is needed, once nothing else is under way.
    fn go_on(&mut self) -> Vec<CallCommand> {
        if self.need == Need::None || self.offer.is_some() || self.is_busy() {
            return Vec::new();
        }
        self.round += 1;
        let (round, restart) = (self.round, self.need == Need::Restart);
        self.need = Need::None;
        self.offer = Some(Offer { round, sdp: None });
        vec![CallCommand::MakeOffer { round, restart }]
    }

    /// Whether the driver makes a description now.
    fn is_busy(&self) -> bool {
        let makes_offer = self.offer.as_ref().is_some_and(|offer| offer.sdp.is_none());
        makes_offer || (self.taken > 0 && self.answer.is_none())
    }

    fn has_description(&self) -> bool {
        let first = self.rounds_before + 1;
        self.taken > 0 || (self.round >= first && self.offer.as_ref().is_none_or(|offer| offer.round > first))
    }

    fn early_candidates(&mut self) -> impl Iterator<Item = CallCommand> + use<> {
        let early = std::mem::take(&mut self.early);
        early.into_iter().map(|(candidate, mid)| CallCommand::AddCandidate { candidate, mid })
    }

    fn says(&self, says: Says) -> CallCommand {
        let (from, to) = (self.own.clone(), self.other.clone());
        CallCommand::Send(CallAct::Signal(Signal { call: self.call, from, to, says }))
    }
}

/// Candidates that are kept until a description comes.
const MOST_EARLY: usize = 50;
/// An interruption of so long is taken for a loss.
const INTERRUPTED_FOR_MS: Millis = 3_000;
/// The polite side leaves the other so long to restart.
const GIVES_WAY_FOR_MS: Millis = 4_000;
