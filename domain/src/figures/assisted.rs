// SPDX-License-Identifier: EUPL-1.2
//! What became of the assistant's answers in a conversation: whether one was shown, a source was opened, and whether the person
//! who left the queue with it came back.

use serde::{Deserialize, Serialize};

use super::record::Record;
use infocig_protocol::entry::Outcome;

/// The answers of the assistant in one conversation. Members that are false are not written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assisted {
    /// An answer was shown while the person waited.
    #[serde(skip_serializing_if = "is_false")]
    pub shown: bool,
    /// A source of an answer was opened.
    #[serde(skip_serializing_if = "is_false")]
    pub opened: bool,
    /// The person began another conversation within [`COMES_BACK_MS`] of having left with an answer.
    #[serde(skip_serializing_if = "is_false")]
    pub came_back: bool,
}

impl Assisted {
    /// Whether nothing happened.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Record {
    /// Whether the person left the queue saying that the assistant's answer helped.
    pub(super) fn was_helped(&self) -> bool {
        self.assisted.shown && self.answered.is_none() && self.outcome == Some(Outcome::SelfServed)
    }
}

/// Whoever begins a conversation so soon after having left the queue with an answer was not helped by it.
pub const COMES_BACK_MS: i64 = 7 * 24 * 3_600_000;

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
