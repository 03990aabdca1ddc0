// SPDX-License-Identifier: EUPL-1.2
//! A call between the person and the advisor who holds the conversation.
//!
//! - There is one call at a time, named by the number of the entry that offered it. What is said about another one comes too
//!   late, and changes nothing.
//! - Its parties are the person and the advisor who holds the conversation; who helps or observes has no part in it.
//! - Each side has one seat, the device that speaks. Whoever takes a seat last has it: the server decides, so that the two
//!   sides and every device of theirs agree.
//! - It ends with the conversation, and when the conversation leaves the advisor's hands. An offer lapses; two devices that do
//!   not find each other, and a person who is connected nowhere, end it too.
//! - While the two talk nobody waits for the person to write: neither warning nor end comes of their silence.

use infocig_protocol::{
    call::{CallAct, CallEnd, CallNews, CallStep, Seats, Signal},
    entry::{EntryBody, Party},
    frame::ServerFrame,
    id::SeatId,
    limits::{CALL_CONNECTS_WITHIN_MS, CALL_HEARD_EVERY_MS, CALL_OFFER_LASTS_MS, CALL_SILENT_AFTER_MS},
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Conversation, Phase, Transition};
use crate::{
    notification::DeskNotification,
    people::Speaker,
    policy::CallRules,
    rate_limiter::RateLimiter,
    refusal::{Reason, Refusal},
};

/// The call of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The number of the entry that offered it.
    pub number: u64,
    /// The side that offered it.
    pub by: Party,
    /// When its present stage began.
    pub since: Timestamp,
    /// Its stage.
    pub stage: CallStage,
    /// When a device last said that the two hear each other; absent before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Timestamp>,
    /// The places of its advisor that it takes up beside the one of the conversation, by the rules it was offered under.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub places: u32,
    /// The person's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub citizen: Option<SeatId>,
    /// The advisor's device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<SeatId>,
}

/// The stages of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallStage {
    /// The other side is asked.
    Offered,
    /// Both want to talk; their devices look for each other.
    Accepted,
    /// The two hear each other.
    Began,
}

impl Call {
    fn seats(&self) -> Seats {
        Seats { call: self.number, citizen: self.citizen.clone(), advisor: self.advisor.clone() }
    }

    fn sit(&mut self, party: Party, seat: SeatId) {
        match party {
            Party::Citizen => self.citizen = Some(seat),
            Party::Advisor => self.advisor = Some(seat),
            Party::System => {}
        }
    }
}

impl Conversation {
    /// A side acts on a call. `limiter` is that of its messages: an offer is an entry, and comes no faster than they may.
    pub fn call(
        &mut self,
        speaker: &Speaker,
        act: CallAct,
        rules: CallRules,
        limiter: &mut RateLimiter,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        let party = self.party_of_call(speaker)?;
        Ok(match act {
            CallAct::Offer { seat } => self.offer_call(party, seat, rules, limiter, now)?,
            CallAct::Accept { call, seat } => self.accept_call(party, call, seat, now),
            CallAct::Decline { call } => self.decline_call(party, call, now),
            CallAct::Take { call, seat } => self.take_call(party, call, seat),
            CallAct::Began { call } => self.begin_call(call, now),
            CallAct::End { call, why } => self.end_call(party, call, why, now),
            // It changes nothing: `passes_signal` says whether it is passed on.
            CallAct::Signal(_) => Transition::default(),
        })
    }

    /// The side a signal is passed on to: the other one, where it goes from the seat of its sender to that of the other side, in
    /// the call there is.
    pub fn passes_signal(&self, speaker: &Speaker, signal: &Signal) -> Option<Party> {
        let party = self.party_of_call(speaker).ok()?;
        let call = self.current_call().filter(|call| call.number == signal.call)?;
        let other = other(party);
        let seats = call.seats();
        let is_between = seats.of(party) == Some(&signal.from) && seats.of(other) == Some(&signal.to);
        (call.stage != CallStage::Offered && is_between).then_some(other)
    }

    /// The frame that follows `welcome` for a party of the call there is.
    pub fn seats_of_call(&self, speaker: &Speaker) -> Option<ServerFrame> {
        self.party_of_call(speaker).ok()?;
        self.current_call().map(|call| ServerFrame::Call(CallNews::Seats(call.seats())))
    }

    /// Whether a speaker is a party of that call, and both sides want it: who may use the service's relay.
    pub fn may_relay(&self, speaker: &Speaker, call: u64) -> bool {
        let accepted = |one: &Call| one.number == call && one.stage != CallStage::Offered;
        self.party_of_call(speaker).is_ok() && self.current_call().is_some_and(accepted)
    }

    /// The call there is.
    pub fn current_call(&self) -> Option<&Call> {
        match &self.phase {
            Phase::Active { call, .. } => call.as_ref(),
            Phase::Waiting { .. } | Phase::Closed { .. } => None,
        }
    }

    /// Whether both sides want to talk, or do.
    pub(super) fn is_in_call(&self) -> bool {
        self.current_call().is_some_and(|call| call.stage != CallStage::Offered)
    }

    /// The side of somebody who may be in a call of this conversation.
    fn party_of_call(&self, speaker: &Speaker) -> Result<Party, Reason> {
        self.may_speak(speaker)?;
        match (&self.phase, speaker) {
            (Phase::Active { advisor: holder, .. }, Speaker::Advisor(advisor)) if holder.id == advisor.id => {
                Ok(Party::Advisor)
            }
            (Phase::Active { .. }, Speaker::Citizen) => Ok(Party::Citizen),
            _ => Err((Code::NotAssigned, "a call is between the person and the advisor who answers")),
        }
    }

    fn offer_call(
        &mut self,
        party: Party,
        seat: SeatId,
        rules: CallRules,
        limiter: &mut RateLimiter,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        if self.current_call().is_some() {
            return Ok(Transition::default());
        }
        if !rules.may_offer(party) {
            return Err((Code::CallsOff, "the rules of the service have no call offered by this side").into());
        }
        if self.last_seq >= u64::from(limiter.limits.per_conversation.get()) {
            return Err((Code::ConversationFull, "the conversation takes nothing more").into());
        }
        limiter.check(now).map_err(|wait| Refusal {
            code: Code::TooFast,
            detail: "too many offers in a short time",
            about: None,
            retry_after_ms: Some(wait),
        })?;
        let number = self.last_seq + 1;
        let mut offered = Call {
            number,
            by: party,
            since: now,
            stage: CallStage::Offered,
            heard: None,
            places: rules.places_beside(),
            citizen: None,
            advisor: None,
        };
        offered.sit(party, seat);
        if let Phase::Active { call, .. } = &mut self.phase {
            *call = Some(offered);
        }
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.step_call(number, 0, CallStep::Offered { by: party }, now, &mut transition);
        self.tell_seats(&mut transition);
        Ok(transition)
    }

    fn accept_call(&mut self, party: Party, number: u64, seat: SeatId, now: Timestamp) -> Transition {
        let Phase::Active { call: Some(call), auto_close_at, .. } = &mut self.phase else {
            return Transition::default();
        };
        if call.number != number || call.by == party || call.stage != CallStage::Offered {
            return Transition::default();
        }
        call.sit(party, seat);
        (call.stage, call.since) = (CallStage::Accepted, now);
        let places = call.places;
        // Who wants to talk is there: a warning that stands is void.
        *auto_close_at = None;
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.step_call(number, places, CallStep::Accepted {}, now, &mut transition);
        self.tell_seats(&mut transition);
        transition
    }

    fn decline_call(&mut self, party: Party, number: u64, now: Timestamp) -> Transition {
        match self.current_call() {
            Some(call) if call.number == number && call.stage == CallStage::Offered && call.by != party => {
                self.drop_call(CallStep::Declined {}, now)
            }
            Some(_) | None => Transition::default(),
        }
    }

    fn take_call(&mut self, party: Party, number: u64, seat: SeatId) -> Transition {
        let Phase::Active { call: Some(call), .. } = &mut self.phase else { return Transition::default() };
        let is_in = call.stage != CallStage::Offered || call.by == party;
        if call.number != number || !is_in || call.seats().of(party) == Some(&seat) {
            return Transition::default();
        }
        call.sit(party, seat);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.tell_seats(&mut transition);
        transition
    }

    fn begin_call(&mut self, number: u64, now: Timestamp) -> Transition {
        let Phase::Active { call: Some(call), .. } = &mut self.phase else { return Transition::default() };
        if call.number != number || call.stage == CallStage::Offered {
            return Transition::default();
        }
        if call.stage == CallStage::Began {
            // Not at every sign of both devices: each change is a row.
            let is_new = call.heard.is_none_or(|heard| heard.plus_millis(CALL_HEARD_EVERY_MS / 2) <= now);
            if is_new {
                call.heard = Some(now);
            }
            return Transition { phase_changed: is_new, ..Transition::default() };
        }
        (call.stage, call.since, call.heard) = (CallStage::Began, now, Some(now));
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.step_call(number, 0, CallStep::Began {}, now, &mut transition);
        transition
    }

    fn end_call(&mut self, party: Party, number: u64, why: CallEnd, now: Timestamp) -> Transition {
        let Some(call) = self.current_call().filter(|call| call.number == number) else {
            return Transition::default();
        };
        let why = match why {
            CallEnd::NoConnection | CallEnd::NoMicrophone => why,
            CallEnd::HungUp
            | CallEnd::Withdrawn
            | CallEnd::Unanswered
            | CallEnd::ConversationEnded
            | CallEnd::HandedOn => match (call.stage, call.by == party) {
                (CallStage::Offered, false) => return self.drop_call(CallStep::Declined {}, now),
                (CallStage::Offered, true) => CallEnd::Withdrawn,
                (CallStage::Accepted | CallStage::Began, _) => CallEnd::HungUp,
            },
        };
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.hang_up(party, why, now, &mut transition);
        transition
    }

    /// Ends the call there is, by a side or by a rule.
    pub(super) fn hang_up(&mut self, by: Party, why: CallEnd, now: Timestamp, transition: &mut Transition) {
        let Some(call) = self.current_call() else { return };
        // One that began took a second at least: none is what tells one that came to nothing.
        let seconds = match call.stage {
            CallStage::Offered | CallStage::Accepted => 0,
            CallStage::Began => {
                let talked = now.as_millis() - call.since.as_millis();
                u64::try_from(talked / 1_000).unwrap_or_default().max(1)
            }
        };
        let dropped = self.drop_call(CallStep::Ended { by, why, seconds }, now);
        transition.appended.extend(dropped.appended);
        transition.notifications.extend(dropped.notifications);
    }

    /// When the call there is ends by itself: an offer that nobody answers, two devices that do not find each other, a person who
    /// is connected nowhere, devices of which nothing is heard.
    pub(super) fn call_timeout(&self) -> Option<Timestamp> {
        let Phase::Active { call: Some(call), disconnected_since, .. } = &self.phase else { return None };
        match call.stage {
            CallStage::Offered => Some(call.since.plus_millis(CALL_OFFER_LASTS_MS)),
            // The devices give up first, and say so.
            CallStage::Accepted => Some(call.since.plus_millis(2 * CALL_CONNECTS_WITHIN_MS)),
            CallStage::Began => {
                let gone = disconnected_since.map(|since| since.plus_millis(2 * CALL_CONNECTS_WITHIN_MS));
                let silent = call.heard.map(|heard| heard.plus_millis(CALL_SILENT_AFTER_MS));
                gone.into_iter().chain(silent).min()
            }
        }
    }

    /// Ends the call whose time has come.
    pub(super) fn expire_call(&mut self, now: Timestamp, transition: &mut Transition) {
        let is_offer = self.current_call().is_some_and(|call| call.stage == CallStage::Offered);
        let why = if is_offer { CallEnd::Unanswered } else { CallEnd::NoConnection };
        self.hang_up(Party::System, why, now, transition);
    }

    /// The call there is becomes none. The person's time to answer counts anew.
    fn drop_call(&mut self, step: CallStep, now: Timestamp) -> Transition {
        let Phase::Active { call, stayed, .. } = &mut self.phase else { return Transition::default() };
        let Some(Call { number, places, .. }) = call.take() else { return Transition::default() };
        *stayed = Some(now);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.step_call(number, places, step, now, &mut transition);
        transition
    }

    /// A step is an entry, and the desk is notified of those that figures and places depend on.
    fn step_call(
        &mut self,
        call: u64,
        places: u32,
        step: CallStep,
        now: Timestamp,
        transition: &mut Transition,
    ) {
        self.append(EntryBody::Call { call, step: step.clone() }, now, transition);
        match step {
            CallStep::Offered { .. } | CallStep::Began {} => {}
            CallStep::Accepted {} | CallStep::Declined {} | CallStep::Ended { .. } => {
                let conversation = self.id.clone();
                let notification = DeskNotification::Call { conversation, call, step, places, at: now };
                self.notify_desk(notification, transition);
            }
        }
    }

    fn tell_seats(&self, transition: &mut Transition) {
        let Some(call) = self.current_call() else { return };
        let frame = ServerFrame::Call(CallNews::Seats(call.seats()));
        transition.to_citizen.push(frame.clone());
        transition.to_holder.push(frame);
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(places: &u32) -> bool {
    *places == 0
}

const fn other(party: Party) -> Party {
    match party {
        Party::Citizen => Party::Advisor,
        Party::Advisor | Party::System => Party::Citizen,
    }
}
