// SPDX-License-Identifier: EUPL-1.2
//! The advisors at the desk, and whether they can be offered anything.

use infocig_protocol::{desk::Presence, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::fit::Profile;
use crate::{
    figures::ActivitySpan,
    people::{Advisor, Role},
};

/// An advisor at the desk, until the grace after their last connection is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// The advisor.
    pub advisor: Advisor,
    /// The people they answer.
    pub profile: Profile,
    /// Their presence, as they set it.
    pub presence: Presence,
    /// Since when they are connected nowhere; absent while they are connected.
    #[serde(alias = "lost")]
    pub disconnected_since: Option<Timestamp>,
    /// When a conversation was last offered to them, or left them.
    pub idle_since: Timestamp,
    /// Their role.
    #[serde(default)]
    pub role: Role,
    /// The span of their time under way, where it counts in occupancy.
    #[serde(default)]
    pub span: Option<ActivitySpan>,
}

impl Present {
    /// Whether they can be offered something, capacity aside.
    pub fn takes_more(&self) -> bool {
        self.presence == Presence::Available && self.disconnected_since.is_none()
    }

    /// Whether they are there to answer: a waiting conversation that fits none of these advisors fits nobody.
    pub fn is_at_the_desk(&self) -> bool {
        let there = match self.presence {
            Presence::Available | Presence::Busy | Presence::Paused => true,
            Presence::Leaving | Presence::Supervising => false,
        };
        there && self.disconnected_since.is_none()
    }

    /// Whether they may act as a supervisor.
    pub fn is_supervisor(&self) -> bool {
        self.role == Role::Supervisor
    }
}
