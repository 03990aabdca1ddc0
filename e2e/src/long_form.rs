// SPDX-License-Identifier: EUPL-1.2
//! The short and long forms of generated tests: `INFOCIG_LONG=1` selects the long ones (`cargo xtask soak`).

use std::{env, time::Duration};

/// The short form of a quantity, or its long one if that is selected.
pub fn short_or_long<T>(short: T, long: T) -> T {
    if env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { long } else { short }
}

/// Number of power cuts of a test that spreads them over the duration of an action.
pub fn power_cuts() -> u64 {
    short_or_long(12, 50)
}

/// The instant of the power cut of this number after the start of the action: they are spread over twenty milliseconds.
pub fn moment_of_cut(number: u64) -> Duration {
    Duration::from_micros(20_000 * number / power_cuts())
}
