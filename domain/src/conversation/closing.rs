// SPDX-License-Identifier: EUPL-1.2
//! How a conversation ends: by its person, by its advisor at the desk, by closing time, or because its person is gone.

use infocig_protocol::{
    call::CallEnd,
    entry::{EntryBody, Outcome, Party},
    person::Category,
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Conversation, Phase, Transition, timers::Timer};
use crate::{
    calendar::{Calendar, Shut},
    notification::DeskNotification,
    people::Speaker,
    policy::Policy,
    province::Province,
    refusal::Refusal,
};

/// The effect of closing time on one conversation. It is fixed when the person enters, and moves only where the administration
/// publishes other hours while they are inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingTime {
    /// Closing time is announced to both sides at this instant; absent once it has been.
    pub warn: Option<Timestamp>,
    /// Waiting conversations are closed at this instant.
    pub closes: Timestamp,
    /// Active conversations are closed at this instant.
    pub ends: Timestamp,
}

impl ClosingTime {
    /// Closing time at the end of the hours in which somebody enters, by the policy's margins.
    pub fn at(closes: Timestamp, policy: &Policy) -> Self {
        let minutes = |minutes: u16| i64::from(minutes) * 60_000;
        Self {
            warn: Some(closes.plus_millis(-minutes(policy.closing.warn_minutes))),
            closes,
            ends: closes.plus_millis(minutes(policy.closing.grace_minutes)),
        }
    }

    /// Closing time by rules that have just come into force, for somebody inside who knows another one. `None` where theirs
    /// stands: at the same instant, or over.
    pub fn moved(&self, policy: &Policy, category: Category, province: &str, now: Timestamp) -> Option<Self> {
        let instant = jiff::Timestamp::from_millisecond(now.as_millis()).ok()?;
        let calendar = Calendar::of(policy, category, Province::by_code(province));
        let (closes, is_announced) = match calendar.at(instant) {
            Ok(interval) => (Timestamp::from_millis(interval.closes.as_millisecond()), false),
            Err(Shut::Closure(_)) if self.closes > now => (now, true),
            Err(Shut::OutsideHours | Shut::Holiday(_) | Shut::Closure(_)) => return None,
        };
        let moved = Self::at(closes, policy);
        let warn = if is_announced { Some(now) } else { moved.warn };
        (closes != self.closes).then_some(Self { warn, ..moved })
    }
}

impl Conversation {
    /// The person leaves the queue, having found the answer in their cases.
    pub fn self_served(&mut self, speaker: &Speaker, now: Timestamp) -> Result<Transition, Refusal> {
        match (&self.phase, speaker) {
            (Phase::Waiting { .. }, Speaker::Citizen) => {
                Ok(self.end(Party::Citizen, Some(Outcome::SelfServed), now))
            }
            (Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. }, _) => {
                self.close(speaker, now)
            }
        }
    }

    /// The person ends the conversation, or leaves the queue. Ending it again changes nothing. An advisor ends it at the
    /// desk, which asks for the topic.
    pub fn close(&mut self, speaker: &Speaker, now: Timestamp) -> Result<Transition, Refusal> {
        if self.is_closed() {
            return Ok(Transition::default());
        }
        self.may_speak(speaker)?;
        match speaker {
            Speaker::Citizen => Ok(self.end(Party::Citizen, None, now)),
            Speaker::Advisor(_) => {
                Err((Code::TopicNeeded, "an advisor ends a conversation at the desk").into())
            }
        }
    }

    /// The person asks for more time. Without a warning there is nothing to extend.
    pub fn stay(&mut self, speaker: &Speaker, now: Timestamp) -> Transition {
        match (&mut self.phase, speaker) {
            (Phase::Active { stayed, auto_close_at, .. }, Speaker::Citizen) if auto_close_at.is_some() => {
                *stayed = Some(now);
                *auto_close_at = None;
                self.changed(EntryBody::Stayed {}, now)
            }
            (Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. }, _) => Transition::default(),
        }
    }

    /// The speaker is writing. Of the person that is a sign of life: a warning is void, as if they had asked for more time, and the
    /// time until the next counts anew.
    pub fn typing(&mut self, speaker: &Speaker, now: Timestamp) -> Transition {
        // Not at every key: each change is a row.
        let apart = self.timeouts.warn_ms / 8;
        match (&mut self.phase, speaker) {
            (Phase::Active { auto_close_at: Some(_), .. }, Speaker::Citizen) => self.stay(speaker, now),
            (Phase::Active { stayed, .. }, Speaker::Citizen)
                if self.last_message.is_some_and(|(party, _)| party == Party::Advisor)
                    && stayed.is_none_or(|stayed| stayed.plus_millis(apart) <= now) =>
            {
                *stayed = Some(now);
                Transition { phase_changed: true, ..Transition::default() }
            }
            (Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. }, _) => Transition::default(),
        }
    }

    /// The service closes at another time than was known. The next [`wake`](Self::wake) announces it and ends what it ends.
    pub(super) fn close_at(&mut self, closing: ClosingTime) -> Transition {
        if self.is_closed() || self.closing == closing {
            return Transition::default();
        }
        self.closing = closing;
        Transition { phase_changed: true, ..Transition::default() }
    }

    /// Time has passed: announces closing time, ends the conversation where closing time or inactivity does, and warns a person
    /// who owes an answer.
    pub fn wake(&mut self, now: Timestamp) -> Transition {
        let timers = self.timers();
        if timers.is_expired(Timer::Closing, now) {
            return self.end(Party::System, None, now);
        }
        if timers.is_expired(Timer::Absence, now) || timers.is_expired(Timer::AutoClose, now) {
            return self.end(Party::System, Some(Outcome::Abandoned), now);
        }
        let mut transition = Transition::default();
        if timers.is_expired(Timer::ClosingWarning, now) {
            self.closing.warn = None;
            transition.phase_changed = true;
            self.append(EntryBody::ClosingSoon { closes: self.closing.closes }, now, &mut transition);
        }
        if timers.is_expired(Timer::Call, now) {
            transition.phase_changed = true;
            self.expire_call(now, &mut transition);
        } else if timers.is_expired(Timer::InactivityWarning, now) {
            let closes = now.plus_millis(self.timeouts.close_ms);
            if let Phase::Active { auto_close_at, .. } = &mut self.phase {
                *auto_close_at = Some(closes);
            }
            transition.phase_changed = true;
            self.append(EntryBody::Inactive { closes }, now, &mut transition);
        }
        transition
    }

    pub(super) fn end(&mut self, by: Party, outcome: Option<Outcome>, now: Timestamp) -> Transition {
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.hang_up(Party::System, CallEnd::ConversationEnded, now, &mut transition);
        self.append(EntryBody::Closed { by, outcome }, now, &mut transition);
        let held_by = self.holder().cloned();
        let last_advisor = self.phase.last_advisor().map(str::to_string);
        self.phase = Phase::Closed { at: now, by, held_by: held_by.clone(), last_advisor, outcome };
        let conversation = self.id.clone();
        self.notify_desk(DeskNotification::Closed { conversation, by, outcome, held_by }, &mut transition);
        transition
    }
}
