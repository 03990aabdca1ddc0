// SPDX-License-Identifier: EUPL-1.2
//! Who is at the desk, and whether they take what comes.

use infocig_protocol::{desk::Presence, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::fit::Profile;

use crate::people::Advisor;

/// An advisor at the desk, until the grace after their last connection is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Who.
    pub advisor: Advisor,
    /// Whom they answer.
    pub profile: Profile,
    /// Whether they take what comes, as they said.
    pub presence: Presence,
    /// Since when they are connected nowhere; absent while they are.
    pub lost: Option<Timestamp>,
    /// When something last came to them, or left them.
    pub idle_since: Timestamp,
}

impl Present {
    /// Whether they can be offered something, capacity aside.
    pub fn takes_more(&self) -> bool {
        self.presence == Presence::Available && self.lost.is_none()
    }

    /// Whether they are there and see the desk: waiting conversations that fit nobody like that are said to fit nobody.
    pub fn is_at_the_desk(&self) -> bool {
        self.presence != Presence::Leaving && self.lost.is_none()
    }
}
