// SPDX-License-Identifier: EUPL-1.2
//! A block: after abuse, a person cannot enter for some hours. A supervisor decides it, says why, and can lift it.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// A block as a supervisor asks for it. Each text has 1 to [`MAX_REASON_CHARS`](crate::limits::MAX_REASON_CHARS) characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct BlockDraft {
    /// For so many hours: one of `welcome.block_hours`.
    pub hours: u16,
    /// Why.
    pub reason: String,
    /// Why the person was not warned before; needed where they were not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unwarned: Option<String>,
}
