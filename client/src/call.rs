// SPDX-License-Identifier: EUPL-1.2
//! One device's part in a call: who is in it, what is repeated until it is known to have arrived, and how two devices find each
//! other. Pure: a driver carries out the commands with a browser's `RTCPeerConnection`, and reports what came of them.
//!
//! - The log says in which stage a call is, and the server's *seats* say whose devices are in it. A device has media only while
//!   both name it: whatever else happens, a call that is over, or that another device took, leaves none behind.
//! - An act is repeated until the log or the seats answer it. Acts name their call, so that one that comes late does nothing.
//! - Two devices negotiate *perfectly*: of two offers that cross, the advisor's holds, and the person's is made again. Offers are
//!   numbered and repeated until they are answered; an offer that comes again is answered again, and an old one not at all.
//! - A device that was loaded anew, or that takes the call over, has another seat: both sides begin a connection of their own
//!   between the two, and what is still under way between the former ones is for nobody.
//! - A connection that was lost is restarted, and given up after [`CALL_CONNECTS_WITHIN_MS`].

mod peer;
pub mod quality;
pub mod scene;
#[cfg(test)]
mod tests;
pub mod text;
pub mod words;

use infocig_protocol::{
    call::{CallAct, CallEnd, CallNews, CallStep, Seats, Signal},
    entry::{Entry, EntryBody, Party},
    id::SeatId,
    limits::{CALL_CONNECTS_WITHIN_MS, CALL_HEARD_EVERY_MS},
    problem::Code,
};

pub use self::peer::Connection;
use self::peer::Peer;
use crate::machine::Millis;

/// An instruction to the driver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallCommand {
    /// Send an act with [`Session::call`](crate::session::Session::call). It may get lost.
    Send(CallAct),
    /// Open the media, the microphone first, and a connection for it. One that is open is closed before.
    Open,
    /// Make an offer, with new ways where `restart` says so, and report it as [`Call::on_local_offer`].
    MakeOffer {
        /// Its number.
        round: u32,
        /// Whether the connection was lost: `restartIce`.
        restart: bool,
    },
    /// Take the other side's offer, instead of an own one that is under way, and report the answer as
    /// [`Call::on_local_answer`].
    TakeOffer {
        /// Its number.
        round: u32,
        /// The description.
        sdp: String,
    },
    /// Take the answer to the last offer made.
    TakeAnswer {
        /// The description.
        sdp: String,
    },
    /// Add a way to the other side. An error is of an offer that was not taken, and means nothing.
    AddCandidate {
        /// The candidate.
        candidate: String,
        /// The section it belongs to.
        mid: Option<String>,
    },
    /// Stop all media and close the connection.
    Close,
    /// Call [`Call::on_timeout`] at this time. It replaces the time of any earlier command.
    WakeAt(Millis),
    /// The view has changed.
    Show(CallView),
}

/// What an interface shows of the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallView {
    /// There is none.
    None,
    /// This side asked the other.
    Asking,
    /// The other side asks.
    Asked,
    /// This side said yes or asked, on another device or a page that was left; this one can take the call over.
    Elsewhere,
    /// The two devices look for each other.
    Connecting,
    /// The two hear each other.
    Talking,
    /// They have lost each other, and look again.
    Reconnecting,
}

/// One device's part in the calls of a conversation.
#[derive(Clone, Debug)]
pub struct Call {
    party: Party,
    seat: SeatId,
    known: Option<Known>,
    /// The entries up to this number were in the log when the link was welcomed. What they say is known to who offers.
    said_before: u64,
    /// Calls up to this number are over.
    over: u64,
    wish: Option<Wish>,
    /// The call this page was in before it was loaded anew.
    rejoins: Option<u64>,
    peer: Option<Peer>,
    /// The number of this device's newest offer.
    rounds: u32,
    /// Since when no connection could be made, over whatever seats.
    failing_since: Option<Millis>,
    is_live: bool,
    /// When a call that the seats have not confirmed since the last welcome is taken to be over.
    confirms_by: Option<Millis>,
    /// When what is under way is repeated next.
    repeats_at: Option<Millis>,
    shown: CallView,
}

#[derive(Clone, Debug)]
struct Known {
    number: u64,
    by: Party,
    stage: Stage,
    seats: Option<Seats>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Offered,
    Accepted,
    Began,
}

/// What this device wants, until it is known to have arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wish {
    Offer,
    Accept(u64),
    Decline(u64),
    Take(u64),
    End(u64, CallEnd),
}

impl Call {
    /// A device that is in no call. `seat` is a name it has made for itself; `rejoins` the call that its page was in before it was
    /// loaded anew.
    pub fn new(party: Party, seat: SeatId, rejoins: Option<u64>) -> Self {
        Self {
            party,
            seat,
            known: None,
            said_before: 0,
            over: 0,
            wish: None,
            rejoins,
            peer: None,
            rounds: 0,
            failing_since: None,
            is_live: false,
            confirms_by: None,
            repeats_at: None,
            shown: CallView::None,
        }
    }

    /// What is shown.
    pub fn view(&self) -> &CallView {
        &self.shown
    }

    /// The call this device is in, or is about to go on with: what a page remembers over a reload.
    pub fn joined(&self) -> Option<u64> {
        match self.wish {
            Some(Wish::Take(call)) => Some(call),
            Some(Wish::End(..)) => None,
            Some(Wish::Offer | Wish::Accept(_) | Wish::Decline(_)) | None => self.seated().or(self.rejoins),
        }
    }

    /// The call in which this device has its side's seat.
    fn seated(&self) -> Option<u64> {
        self.known.as_ref().filter(|known| known.holds(self.party, &self.seat)).map(|known| known.number)
    }

    /// Asks the other side to talk. Where the other side asks already, that is a yes.
    pub fn offer(&mut self, now: Millis) -> Vec<CallCommand> {
        let wish = match &self.known {
            None => Some(Wish::Offer),
            Some(known) if known.stage == Stage::Offered && known.by != self.party => {
                Some(Wish::Accept(known.number))
            }
            Some(_) => None,
        };
        self.wishes(wish, now)
    }

    /// Says yes, on this device.
    pub fn accept(&mut self, now: Millis) -> Vec<CallCommand> {
        let asked =
            self.known.as_ref().filter(|known| known.stage == Stage::Offered && known.by != self.party);
        let wish = asked.map(|known| Wish::Accept(known.number));
        self.wishes(wish, now)
    }

    /// Says no.
    pub fn decline(&mut self, now: Millis) -> Vec<CallCommand> {
        let asked =
            self.known.as_ref().filter(|known| known.stage == Stage::Offered && known.by != self.party);
        let wish = asked.map(|known| Wish::Decline(known.number));
        self.wishes(wish, now)
    }

    /// Goes on with the call on this device. The seat has a new name: what is still under way to a former one of this device is for
    /// nobody.
    pub fn take(&mut self, seat: SeatId, now: Millis) -> Vec<CallCommand> {
        let known = self.known.as_ref().filter(|known| known.is_of(self.party));
        let wish =
            known.filter(|known| !known.holds(self.party, &self.seat)).map(|known| Wish::Take(known.number));
        if wish.is_some() && !matches!(self.wish, Some(Wish::Take(_))) {
            self.seat = seat;
        }
        self.wishes(wish, now)
    }

    /// Hangs up, or takes the offer back: media stop at once, whatever the server says and when.
    pub fn leave(&mut self, now: Millis) -> Vec<CallCommand> {
        self.ends(CallEnd::HungUp, now)
    }

    /// There is no microphone, or it may not be used.
    pub fn has_no_microphone(&mut self, now: Millis) -> Vec<CallCommand> {
        self.ends(CallEnd::NoMicrophone, now)
    }

    /// The link was welcomed, by a log with entries up to this number: what was under way may be lost, and the seats are told again if there is a call.
    pub fn on_welcome(&mut self, last_seq: u64, now: Millis) -> Vec<CallCommand> {
        self.said_before = last_seq;
        self.is_live = true;
        self.confirms_by = self.known.is_some().then_some(now + CONFIRMS_WITHIN_MS);
        self.repeats_at = Some(now);
        self.settle(Vec::new(), now)
    }

    /// The link is lost. Media go on: they do not pass over it.
    pub fn on_link_lost(&mut self) {
        self.is_live = false;
        self.confirms_by = None;
    }

    /// An entry of the log, in order.
    pub fn on_entry(&mut self, entry: &Entry, now: Millis) -> Vec<CallCommand> {
        let EntryBody::Call { call, step } = &entry.body else {
            let is_handed_on = entry.seq > self.said_before && entry.phase_after().is_some();
            return if is_handed_on { self.drop_offer(now) } else { Vec::new() };
        };
        if *call <= self.over {
            return Vec::new();
        }
        match step {
            CallStep::Offered { by } => {
                self.knows(*call, *by, Stage::Offered);
                // Who has just asked, and is asked meanwhile, has said yes.
                if self.wish == Some(Wish::Offer) {
                    self.wish = (*by != self.party).then_some(Wish::Accept(*call));
                    self.repeats_at = Some(now);
                }
            }
            CallStep::Accepted {} => self.reaches(*call, Stage::Accepted),
            CallStep::Began {} => self.reaches(*call, Stage::Began),
            CallStep::Declined {} | CallStep::Ended { .. } => {
                self.over = *call;
                self.known = self.known.take().filter(|known| known.number > *call);
            }
        }
        self.settle(Vec::new(), now)
    }

    /// The server refused a frame of this device that named no message. An offer that came too fast is made again.
    pub fn on_refused(&mut self, code: Code, now: Millis) -> Vec<CallCommand> {
        if code == Code::TooFast { Vec::new() } else { self.drop_offer(now) }
    }

    /// Nobody is asked any more: the rules do not allow it, or nobody is there, or somebody else is.
    fn drop_offer(&mut self, now: Millis) -> Vec<CallCommand> {
        self.wish = self.wish.take().filter(|wish| *wish != Wish::Offer);
        self.settle(Vec::new(), now)
    }

    /// News that are in no entry.
    pub fn on_news(&mut self, news: CallNews, now: Millis) -> Vec<CallCommand> {
        let mut commands = Vec::new();
        match news {
            CallNews::Seats(seats) if seats.call > self.over => {
                if self.known.as_ref().is_none_or(|known| known.number < seats.call) {
                    // The entry that offered it is further back than the log this device has.
                    let by = if seats.advisor.is_some() { Party::Advisor } else { Party::Citizen };
                    self.knows(seats.call, by, Stage::Offered);
                }
                if seats.citizen.is_some() && seats.advisor.is_some() {
                    self.reaches(seats.call, Stage::Accepted);
                }
                if let Some(known) = self.known.as_mut().filter(|known| known.number == seats.call) {
                    self.confirms_by = None;
                    known.seats = Some(seats);
                }
            }
            CallNews::Signal(Signal { call, from, to, says }) if to == self.seat => {
                let is_current = self.known.as_ref().is_some_and(|known| known.number == call);
                if let Some(peer) = self.peer.as_mut().filter(|peer| is_current && *peer.other() == from) {
                    commands = peer.on_signal(says);
                }
            }
            CallNews::Seats(_) | CallNews::Signal(_) => {}
        }
        self.settle(commands, now)
    }

    /// The offer that [`CallCommand::MakeOffer`] asked for.
    pub fn on_local_offer(&mut self, round: u32, sdp: String, now: Millis) -> Vec<CallCommand> {
        self.with_peer(now, |peer| peer.on_local_offer(round, sdp))
    }

    /// The answer that [`CallCommand::TakeOffer`] asked for.
    pub fn on_local_answer(&mut self, round: u32, sdp: String, now: Millis) -> Vec<CallCommand> {
        self.with_peer(now, |peer| peer.on_local_answer(round, sdp))
    }

    /// A description could not be made or taken: this device takes its seat anew under another name, with which both sides begin
    /// another connection.
    pub fn on_negotiation_failed(&mut self, seat: SeatId, now: Millis) -> Vec<CallCommand> {
        let Some(peer) = &self.peer else { return Vec::new() };
        self.failing_since = self.failing_since.or_else(|| peer.looks_since()).or(Some(now));
        let wish = Wish::Take(peer.call());
        self.seat = seat;
        self.wishes(Some(wish), now)
    }

    /// A way to this device was found.
    pub fn on_local_candidate(
        &mut self,
        candidate: String,
        mid: Option<String>,
        now: Millis,
    ) -> Vec<CallCommand> {
        self.with_peer(now, |peer| peer.on_local_candidate(candidate, mid))
    }

    /// Something is to be sent that was not before, or no more: a picture, a screen.
    pub fn on_negotiation_needed(&mut self, now: Millis) -> Vec<CallCommand> {
        self.with_peer(now, |peer| peer.needs_offer(false))
    }

    /// The device is on another network.
    pub fn on_network_change(&mut self, now: Millis) -> Vec<CallCommand> {
        self.with_peer(now, |peer| peer.needs_offer(true))
    }

    /// The state of the connection has changed.
    pub fn on_connection(&mut self, connection: Connection, now: Millis) -> Vec<CallCommand> {
        if connection == Connection::Connected {
            (self.failing_since, self.repeats_at) = (None, Some(now));
        }
        self.with_peer(now, |peer| peer.on_connection(connection, now))
    }

    /// The time of [`CallCommand::WakeAt`] has come.
    pub fn on_timeout(&mut self, now: Millis) -> Vec<CallCommand> {
        if self.confirms_by.is_some_and(|by| by <= now) {
            self.confirms_by = None;
            self.over = self.known.as_ref().map_or(self.over, |known| known.number);
            self.known = None;
        }
        let mut commands = Vec::new();
        if let Some(peer) = &mut self.peer {
            if peer.gives_up_at().is_some_and(|at| at <= now) {
                return self.ends(CallEnd::NoConnection, now);
            }
            commands = peer.on_timeout(now);
        }
        self.settle(commands, now)
    }

    fn with_peer(
        &mut self,
        now: Millis,
        act: impl FnOnce(&mut Peer) -> Vec<CallCommand>,
    ) -> Vec<CallCommand> {
        let commands = self.peer.as_mut().map(act).unwrap_or_default();
        self.settle(commands, now)
    }

    fn wishes(&mut self, wish: Option<Wish>, now: Millis) -> Vec<CallCommand> {
        if wish.is_some() {
            self.wish = wish;
            self.repeats_at = Some(now);
        }
        self.settle(Vec::new(), now)
    }

    fn ends(&mut self, why: CallEnd, now: Millis) -> Vec<CallCommand> {
        self.rejoins = None;
        let wish = self.known.as_ref().map(|known| Wish::End(known.number, why));
        // An offer that has not arrived yet is not made any more.
        self.wish = None;
        self.wishes(wish, now)
    }

    fn knows(&mut self, number: u64, by: Party, stage: Stage) {
        if self.known.as_ref().is_none_or(|known| known.number < number) {
            self.known = Some(Known { number, by, stage, seats: None });
        }
    }

    fn reaches(&mut self, number: u64, stage: Stage) {
        if self.known.as_ref().is_none_or(|known| known.number < number) {
            // Who asked is further back than the log this device has, and does not matter any more.
            self.knows(number, self.party, stage);
        }
        if let Some(known) = self.known.as_mut().filter(|known| known.number == number) {
            known.stage = known.stage.max(stage);
        }
    }

    /// Brings media, acts and view in line with what is known.
    fn settle(&mut self, mut commands: Vec<CallCommand>, now: Millis) -> Vec<CallCommand> {
        self.forget_answered_wish();
        self.rejoin(now);
        self.follow_seats(&mut commands, now);
        self.repeat(&mut commands, now);
        let view = self.current_view();
        if view != self.shown {
            self.shown = view.clone();
            commands.push(CallCommand::Show(view));
        }
        let peer = self.peer.as_ref().and_then(Peer::next_timeout);
        let wake = [self.confirms_by, self.repeats_at.filter(|_| self.is_live), peer];
        commands.extend(wake.into_iter().flatten().min().map(CallCommand::WakeAt));
        commands
    }

    /// A wish that the log or the seats answer, or that comes too late, is none any more.
    fn forget_answered_wish(&mut self) {
        let number = self.known.as_ref().map(|known| known.number);
        let stage = self.known.as_ref().map(|known| known.stage);
        let is_open = match &self.wish {
            None => false,
            Some(Wish::Offer) => number.is_none(),
            Some(Wish::Accept(call) | Wish::Decline(call)) => {
                number == Some(*call) && stage == Some(Stage::Offered)
            }
            Some(Wish::Take(call)) => number == Some(*call) && self.seated() != Some(*call),
            Some(Wish::End(call, _)) => number == Some(*call),
        };
        if !is_open {
            self.wish = None;
        }
    }

    /// A page that was loaded anew goes on with its call, once it knows that the call goes on.
    fn rejoin(&mut self, now: Millis) {
        let Some(known) = self.known.as_ref().filter(|known| known.seats.is_some()) else { return };
        if self.rejoins.take_if(|call| *call <= known.number) == Some(known.number)
            && self.wish.is_none()
            && known.is_of(self.party)
        {
            self.wish = Some(Wish::Take(known.number));
            self.repeats_at = Some(now);
        }
    }

    /// Media are there while both sides want the call, this device has its seat, and it is not about to leave.
    fn follow_seats(&mut self, commands: &mut Vec<CallCommand>, now: Millis) {
        let leaves = matches!(self.wish, Some(Wish::End(..)));
        let talks =
            |known: &&Known| known.stage >= Stage::Accepted && known.holds(self.party, &self.seat) && !leaves;
        let other = self.known.as_ref().filter(talks).and_then(|known| {
            let seats = known.seats.as_ref()?;
            Some((known.number, seats.of(other(self.party))?.clone()))
        });
        let is_same =
            |peer: &Peer| other.as_ref().is_some_and(|(call, to)| peer.is_between(*call, &self.seat, to));
        if let Some(left) = self.peer.take_if(|peer| !is_same(peer)) {
            self.rounds = left.round();
            // What was to be done with it is not done any more.
            commands.clear();
            commands.push(CallCommand::Close);
        }
        if self.known.is_none() {
            self.failing_since = None;
        }
        if self.peer.is_none() {
            self.open(other, self.failing_since.unwrap_or(now), now, commands);
        }
    }

    fn open(
        &mut self,
        other: Option<(u64, SeatId)>,
        since: Millis,
        now: Millis,
        commands: &mut Vec<CallCommand>,
    ) {
        let Some((call, seat)) = other else { return };
        let is_polite = self.party == Party::Citizen;
        let mut peer = Peer::new(call, self.seat.clone(), seat, is_polite, self.rounds, since);
        commands.push(CallCommand::Open);
        if !is_polite {
            commands.extend(peer.needs_offer(false));
        }
        self.peer = Some(peer);
        self.repeats_at = Some(now + REPEATS_EVERY_MS);
    }

    /// Sends what is not known to have arrived.
    fn repeat(&mut self, commands: &mut Vec<CallCommand>, now: Millis) {
        let has_begun = self.known.as_ref().is_some_and(|known| known.stage == Stage::Began);
        let connected = self.peer.as_ref().filter(|peer| peer.is_connected()).map(Peer::call);
        let is_due = self.is_live && self.repeats_at.is_some_and(|at| at <= now);
        let is_open = self.wish.is_some()
            || (connected.is_some() && !has_begun)
            || self.peer.as_ref().is_some_and(Peer::waits);
        // A call that goes on is said to go on now and then.
        let apart = if is_open { REPEATS_EVERY_MS } else { CALL_HEARD_EVERY_MS };
        if !is_open && connected.is_none() {
            self.repeats_at = None;
        } else if is_due {
            self.repeats_at = Some(now + apart);
            commands.extend(self.wish.as_ref().map(|wish| CallCommand::Send(wish.act(&self.seat))));
            commands.extend(connected.map(|call| CallCommand::Send(CallAct::Began { call })));
            commands.extend(self.peer.as_ref().and_then(Peer::repeat));
        } else if self.repeats_at.is_none_or(|at| at > now + apart) {
            self.repeats_at = Some(now + apart);
        }
    }

    fn current_view(&self) -> CallView {
        let Some(known) = &self.known else {
            return if self.wish == Some(Wish::Offer) { CallView::Asking } else { CallView::None };
        };
        if let Some(Wish::End(..) | Wish::Decline(_)) = self.wish {
            return CallView::None;
        }
        if let Some(peer) = &self.peer {
            return match (peer.is_connected(), peer.was_connected()) {
                (true, _) => CallView::Talking,
                (false, true) => CallView::Reconnecting,
                (false, false) => CallView::Connecting,
            };
        }
        if let Some(Wish::Accept(_) | Wish::Take(_)) = self.wish {
            return CallView::Connecting;
        }
        match (known.stage, known.by == self.party) {
            (Stage::Offered, false) => CallView::Asked,
            (Stage::Offered, true) if known.holds(self.party, &self.seat) || known.seats.is_none() => {
                CallView::Asking
            }
            // The seat of this side is on its way: the log says first that the call was accepted.
            (Stage::Accepted | Stage::Began, _) if known.seat(self.party).is_none() => CallView::Connecting,
            (Stage::Accepted | Stage::Began, _) if known.holds(self.party, &self.seat) => {
                CallView::Connecting
            }
            (Stage::Offered | Stage::Accepted | Stage::Began, _) => CallView::Elsewhere,
        }
    }
}

impl Known {
    /// Whether the seat of a side is this one.
    fn holds(&self, party: Party, seat: &SeatId) -> bool {
        self.seat(party) == Some(seat)
    }

    /// The seat of a side, as far as it is known.
    fn seat(&self, party: Party) -> Option<&SeatId> {
        self.seats.as_ref().and_then(|seats| seats.of(party))
    }

    /// Whether a side has asked or said yes: only then it has a seat to take.
    fn is_of(&self, party: Party) -> bool {
        self.by == party || self.stage >= Stage::Accepted
    }
}

impl Wish {
    fn act(&self, seat: &SeatId) -> CallAct {
        let seat = seat.clone();
        match self {
            Self::Offer => CallAct::Offer { seat },
            Self::Accept(call) => CallAct::Accept { call: *call, seat },
            Self::Decline(call) => CallAct::Decline { call: *call },
            Self::Take(call) => CallAct::Take { call: *call, seat },
            Self::End(call, why) => CallAct::End { call: *call, why: *why },
        }
    }
}

const fn other(party: Party) -> Party {
    match party {
        Party::Citizen => Party::Advisor,
        Party::Advisor | Party::System => Party::Citizen,
    }
}

/// What is not known to have arrived is sent again after so long.
const REPEATS_EVERY_MS: Millis = 3_000;
/// After a welcome the seats of a call come at once; where they do not, it is over and the log does not reach back to its end.
const CONFIRMS_WITHIN_MS: Millis = 10_000;
