// SPDX-License-Identifier: EUPL-1.2
//! Hold: an advisor finds something out, and the person knows when to expect them. The reason is for advisors and supervisors;
//! the person reads the minutes alone.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// A hold as an advisor asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct HoldDraft {
    /// Why.
    pub reason: HoldReason,
    /// More about the reason, at most [`MAX_REASON_CHARS`](crate::limits::MAX_REASON_CHARS) characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The advisor is reminded after so many minutes: one of `welcome.hold_minutes`.
    pub minutes: u16,
}

/// Why a conversation is on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The advisor reads the case.
    Case,
    /// The advisor reads a document or a rule.
    Document,
    /// The advisor asks a colleague.
    Colleague,
    /// The advisor asks an office.
    Office,
    /// Something else.
    Other,
}

/// The hold that a conversation is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Hold {
    /// Since when.
    pub since: Timestamp,
    /// When the advisor is reminded. The hold goes on until they resume or write.
    pub until: Timestamp,
    /// Why.
    pub reason: HoldReason,
    /// More about the reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The advisor was reminded: the person waits longer than they were told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub due: bool,
}
