// SPDX-License-Identifier: EUPL-1.2
//! Priority: a rule of the policy that counts as so many minutes of waiting. So nobody is overtaken by more than those minutes.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// The priority of a waiting conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Priority {
    /// The rule that gives it.
    pub rule: PriorityRule,
    /// The conversation is answered as if it had waited for so many minutes more.
    pub worth_minutes: u16,
}

impl Priority {
    /// The worth in milliseconds.
    pub fn worth_ms(self) -> i64 {
        i64::from(self.worth_minutes) * 60_000
    }
}

/// The rules that give priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum PriorityRule {
    /// An advisor handed it back to the queue.
    Transferred,
    /// The person was here a short while ago, and an advisor answered them or closing time left them without an answer.
    CameBack,
    /// A deadline of the person is near, according to the portal.
    DeadlineNear,
}
