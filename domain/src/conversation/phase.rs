// SPDX-License-Identifier: EUPL-1.2
//! The phases of a conversation, and how it passes from one advisor to another.

use infocig_protocol::{
    call::CallEnd,
    entry::{EntryBody, Outcome, Party, Phase as PublicPhase},
    frame::{QueuePlace, ServerFrame},
    id::AdvisorId,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Call, Conversation, Transition};
use crate::{notification::Release, people::Advisor};

/// The phase of a conversation, with what only the server knows of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Nobody has taken it yet.
    Waiting {
        /// Since when, this time.
        since: Timestamp,
        /// Since when the person is connected nowhere; absent while they are connected.
        #[serde(default, alias = "absent")]
        disconnected_since: Option<Timestamp>,
        /// Their place in the queue, as the desk last announced it.
        #[serde(default)]
        place: Option<QueuePlace>,
        /// The name of the advisor who held it last; absent if nobody did.
        #[serde(default, alias = "held_last")]
        last_advisor: Option<String>,
    },
    /// An advisor answers.
    Active {
        /// The advisor.
        advisor: Advisor,
        /// Since when.
        since: Timestamp,
        /// Other advisors who read and write.
        #[serde(default)]
        helpers: Vec<Advisor>,
        /// Supervisors who read.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        observers: Vec<Advisor>,
        /// Whether the advisor has written since the conversation came to them.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        spoken: bool,
        /// The number of the hold it is on; absent while the advisor attends to it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_hold: Option<u32>,
        /// From when the person's time to answer counts anew: they asked for more, or a hold ended.
        #[serde(default)]
        stayed: Option<Timestamp>,
        /// The person was warned, and the conversation ends here unless they answer.
        #[serde(default, alias = "lets_go")]
        auto_close_at: Option<Timestamp>,
        /// Since when the person is connected nowhere; absent while they are. It ends nothing while an advisor answers, and
        /// counts once the conversation waits again.
        #[serde(default)]
        disconnected_since: Option<Timestamp>,
        /// The call between the two.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call: Option<Call>,
    },
    /// It is over.
    Closed {
        /// When.
        at: Timestamp,
        /// The side that ended it.
        by: Party,
        /// The advisor who held it to the end.
        held_by: Option<AdvisorId>,
        /// The name of the advisor who held it last; absent if nobody did.
        #[serde(default, alias = "held_last")]
        last_advisor: Option<String>,
        /// The outcome, where it is known.
        #[serde(default)]
        outcome: Option<Outcome>,
    },
}

impl Phase {
    /// The phase as both sides see it.
    pub fn to_public(&self) -> PublicPhase {
        match self {
            Self::Waiting { since, .. } => PublicPhase::Waiting { since: *since },
            Self::Active { advisor, since, .. } => {
                PublicPhase::Active { advisor: advisor.name.clone(), since: *since }
            }
            Self::Closed { at, by, .. } => PublicPhase::Closed { at: *at, by: *by },
        }
    }

    /// Since when the person is connected nowhere; `None` while they are, and after the end.
    fn disconnected_since(&self) -> Option<Timestamp> {
        match self {
            Self::Waiting { disconnected_since, .. } | Self::Active { disconnected_since, .. } => {
                *disconnected_since
            }
            Self::Closed { .. } => None,
        }
    }

    /// The name of the advisor who holds it, or held it last.
    pub fn last_advisor(&self) -> Option<&str> {
        match self {
            Self::Active { advisor, .. } => Some(&advisor.name),
            Self::Waiting { last_advisor, .. } | Self::Closed { last_advisor, .. } => last_advisor.as_deref(),
        }
    }
}

impl Conversation {
    /// An advisor accepted the conversation: from the queue, or from the colleague who held it.
    pub(super) fn assign(&mut self, advisor: Advisor, now: Timestamp) -> Transition {
        let body = match &self.phase {
            Phase::Waiting { .. } => EntryBody::Assigned { advisor: advisor.name.clone() },
            Phase::Active { advisor: holder, .. } if holder.id != advisor.id => {
                EntryBody::Transferred { advisor: Some(advisor.name.clone()) }
            }
            Phase::Active { .. } | Phase::Closed { .. } => return Transition::default(),
        };
        let (mut helpers, mut observers) = match &self.phase {
            Phase::Active { helpers, observers, .. } => (helpers.clone(), observers.clone()),
            Phase::Waiting { .. } | Phase::Closed { .. } => (Vec::new(), Vec::new()),
        };
        helpers.retain(|helper| helper.id != advisor.id);
        observers.retain(|observer| observer.id != advisor.id);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.hang_up(Party::System, CallEnd::HandedOn, now, &mut transition);
        self.phase = Phase::Active {
            advisor,
            since: now,
            helpers,
            observers,
            spoken: false,
            on_hold: None,
            stayed: None,
            auto_close_at: None,
            disconnected_since: self.phase.disconnected_since(),
            call: None,
        };
        self.append(body, now, &mut transition);
        transition
    }

    pub(super) fn release(&mut self, why: Release, now: Timestamp) -> Transition {
        let Phase::Active { advisor, disconnected_since, .. } = &self.phase else {
            return Transition::default();
        };
        let (last_advisor, disconnected_since) = (Some(advisor.name.clone()), *disconnected_since);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        self.hang_up(Party::System, CallEnd::HandedOn, now, &mut transition);
        self.phase = Phase::Waiting { since: now, disconnected_since, place: None, last_advisor };
        let body = match why {
            Release::Lost => EntryBody::Returned { restored_to: None },
            Release::Transferred => EntryBody::Transferred { advisor: None },
        };
        self.append(body, now, &mut transition);
        transition
    }

    pub(super) fn join(&mut self, advisor: Advisor, now: Timestamp) -> Transition {
        let Phase::Active { advisor: holder, helpers, observers, .. } = &mut self.phase else {
            return Transition::default();
        };
        if holder.id == advisor.id || helpers.iter().any(|helper| helper.id == advisor.id) {
            return Transition::default();
        }
        let body = EntryBody::Joined { advisor: advisor.name.clone() };
        observers.retain(|observer| observer.id != advisor.id);
        helpers.push(advisor);
        self.changed(body, now)
    }

    pub(super) fn leave(&mut self, advisor: &Advisor, now: Timestamp) -> Transition {
        let Phase::Active { helpers, .. } = &mut self.phase else { return Transition::default() };
        let Some(index) = helpers.iter().position(|helper| helper.id == advisor.id) else {
            return Transition::default();
        };
        let left = helpers.remove(index);
        self.changed(EntryBody::Left { advisor: left.name }, now)
    }

    /// A supervisor reads from here on: who holds it or helps does so anyway. The log says so where the policy asks for it.
    pub(super) fn observe(&mut self, advisor: Advisor, told: bool, now: Timestamp) -> Transition {
        let Phase::Active { advisor: holder, helpers, observers, .. } = &mut self.phase else {
            return Transition::default();
        };
        let reads = |one: &Advisor| one.id == advisor.id;
        if reads(holder) || helpers.iter().any(reads) || observers.iter().any(reads) {
            return Transition::default();
        }
        let body = EntryBody::Observed { advisor: advisor.name.clone() };
        observers.push(advisor);
        if told {
            self.changed(body, now)
        } else {
            Transition { phase_changed: true, ..Transition::default() }
        }
    }

    pub(super) fn stop_observing(&mut self, advisor: &AdvisorId) -> Transition {
        let Phase::Active { observers, .. } = &mut self.phase else { return Transition::default() };
        let before = observers.len();
        observers.retain(|observer| observer.id != *advisor);
        let changed = observers.len() != before;
        Transition { phase_changed: changed, readers_changed: changed, ..Transition::default() }
    }

    pub(super) fn place(&mut self, announced: QueuePlace) -> Transition {
        let Phase::Waiting { place, .. } = &mut self.phase else { return Transition::default() };
        *place = Some(announced.clone());
        Transition {
            phase_changed: true,
            to_citizen: vec![ServerFrame::Queue(announced)],
            ..Transition::default()
        }
    }

    /// Records whether a device of the person is connected, until the conversation is closed. Only a waiting conversation ends
    /// because its person is absent; while an advisor answers the absence is recorded for the case that it waits again.
    pub fn citizen_connected(&mut self, connected: bool, now: Timestamp) -> Transition {
        let (Phase::Waiting { disconnected_since, .. } | Phase::Active { disconnected_since, .. }) =
            &mut self.phase
        else {
            return Transition::default();
        };
        if connected == disconnected_since.is_none() {
            return Transition::default();
        }
        *disconnected_since = if connected { None } else { Some(now) };
        Transition { phase_changed: true, ..Transition::default() }
    }
}
