// SPDX-License-Identifier: EUPL-1.2
//! Permissions to read a conversation and to write in it.

use infocig_protocol::{
    entry::{Outcome, Party},
    id::AdvisorId,
    problem::Code,
    time::Timestamp,
};

use super::{Conversation, Phase};
use crate::{people::Speaker, refusal::Reason};

impl Conversation {
    /// Whether a speaker may read the log: the person always, an advisor who holds the conversation or held it to the end,
    /// and while they do an advisor who helps them and a supervisor who observes.
    pub fn may_read(&self, speaker: &Speaker) -> bool {
        match speaker {
            Speaker::Citizen => true,
            Speaker::Advisor(advisor) => self.takes_part(&advisor.id) || self.is_observed_by(&advisor.id),
        }
    }

    /// The advisors who may read the log.
    pub fn readers(&self) -> impl Iterator<Item = &AdvisorId> {
        let (helpers, observers) = match &self.phase {
            Phase::Active { helpers, observers, .. } => (helpers.as_slice(), observers.as_slice()),
            Phase::Waiting { .. } | Phase::Closed { .. } => (&[][..], &[][..]),
        };
        self.holder().into_iter().chain(helpers.iter().chain(observers).map(|reader| &reader.id))
    }

    /// Whether a speaker reads as a supervisor alone: neither the person nor other advisors are to notice on the conversation's
    /// links, and nothing but the log is for them.
    pub fn is_observer(&self, speaker: &Speaker) -> bool {
        speaker.advisor().is_some_and(|id| self.is_observed_by(id) && !self.takes_part(id))
    }

    fn takes_part(&self, advisor: &AdvisorId) -> bool {
        self.holder() == Some(advisor) || self.is_helped_by(advisor)
    }

    fn is_observed_by(&self, advisor: &AdvisorId) -> bool {
        match &self.phase {
            Phase::Active { observers, .. } => observers.iter().any(|observer| observer.id == *advisor),
            Phase::Waiting { .. } | Phase::Closed { .. } => false,
        }
    }

    /// When it ended, if an advisor answered it or closing time left it without an answer.
    pub fn left_unfinished(&self) -> Option<Timestamp> {
        match &self.phase {
            Phase::Closed { outcome: Some(Outcome::Blocked), .. } => None,
            Phase::Closed { at, held_by: Some(_), .. }
            | Phase::Closed { at, by: Party::System, outcome: None, .. } => Some(*at),
            Phase::Waiting { .. } | Phase::Active { .. } | Phase::Closed { .. } => None,
        }
    }

    /// Whether a speaker may add a message now.
    pub fn may_write(&self, speaker: &Speaker) -> bool {
        self.may_speak(speaker).is_ok()
    }

    /// The advisor who holds the conversation, or held it to the end.
    pub(super) fn holder(&self) -> Option<&AdvisorId> {
        match &self.phase {
            Phase::Waiting { .. } => None,
            Phase::Active { advisor, .. } => Some(&advisor.id),
            Phase::Closed { held_by, .. } => held_by.as_ref(),
        }
    }

    /// The advisor who holds the conversation now.
    pub fn active_holder(&self) -> Option<&AdvisorId> {
        self.holder().filter(|_| matches!(self.phase, Phase::Active { .. }))
    }

    pub(super) fn is_helped_by(&self, advisor: &AdvisorId) -> bool {
        match &self.phase {
            Phase::Active { helpers, .. } => helpers.iter().any(|helper| helper.id == *advisor),
            Phase::Waiting { .. } | Phase::Closed { .. } => false,
        }
    }

    /// Whether no message can be added any more.
    pub fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed { .. })
    }

    pub(super) fn may_speak(&self, speaker: &Speaker) -> Result<(), Reason> {
        match (&self.phase, speaker) {
            (Phase::Closed { .. }, _) => Err((Code::ConversationClosed, "the conversation is closed")),
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Citizen) => Ok(()),
            (Phase::Active { advisor: holder, .. }, Speaker::Advisor(advisor))
                if holder.id == advisor.id || self.is_helped_by(&advisor.id) =>
            {
                Ok(())
            }
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Advisor(_)) => {
                Err((Code::NotAssigned, "this advisor does not hold the conversation"))
            }
        }
    }
}
