// SPDX-License-Identifier: EUPL-1.2
//! The supervision's section of the policy. INPS published none of it: the values are this service's own.

use std::num::NonZeroU32;

use infocig_protocol::supervision::{AlertThresholds, Observation};
use serde::Deserialize;

/// The alerts of supervisors, and whether people are notified that a supervisor reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupervisionRules {
    /// The values from which something is an alert.
    pub alerts: AlertRules,
    /// Whether people are told.
    pub observation: Observation,
}

/// The values from which something is an alert; none is 0, which everything would reach.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRules {
    /// So many conversations wait.
    pub waiting: NonZeroU32,
    /// A person has waited so many minutes.
    pub longest_wait_minutes: NonZeroU32,
    /// A person has waited for an advisor's words for so many minutes, in a conversation the advisor holds.
    pub silent_minutes: NonZeroU32,
    /// So many offers of a conversation that waits lapsed.
    pub missed_offers: NonZeroU32,
    /// So many segnalazioni are given up.
    pub given_up: NonZeroU32,
}

impl AlertRules {
    /// The values as a panel has them.
    pub fn thresholds(&self) -> AlertThresholds {
        AlertThresholds {
            waiting: self.waiting.get(),
            longest_wait_minutes: self.longest_wait_minutes.get(),
            silent_minutes: self.silent_minutes.get(),
            missed_offers: self.missed_offers.get(),
            given_up: self.given_up.get(),
        }
    }
}
