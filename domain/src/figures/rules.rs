// SPDX-License-Identifier: EUPL-1.2
//! The figures' section of the policy.

use std::num::NonZeroU32;

use serde::{Deserialize, Deserializer, de::Error};

/// The thresholds of figures. INPS published none: they are this service's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureRules {
    /// Service level: a person should be answered within so many seconds.
    pub answer_within_seconds: NonZeroU32,
    /// An abandonment is short, and left out of the abandonment rate, up to so many seconds.
    pub short_abandonment_seconds: u32,
    /// Published counts below it are withheld, and others from which they could be computed. At least 3 (Garante, *Regole
    /// deontologiche* for statistics, 19 December 2018, art. 5).
    #[serde(deserialize_with = "smallest_cell")]
    pub smallest_cell: u32,
    /// Whether supervisors see figures of single advisors: only under an agreement (Legge 300/1970, art. 4).
    pub per_advisor: bool,
}

/// No policy may publish smaller counts.
pub const LEAST_SMALLEST_CELL: u32 = 3;

fn smallest_cell<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let cell = u32::deserialize(deserializer)?;
    if cell < LEAST_SMALLEST_CELL {
        return Err(D::Error::custom("`smallest_cell` is at least 3"));
    }
    Ok(cell)
}
