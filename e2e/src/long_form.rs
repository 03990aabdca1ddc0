// SPDX-License-Identifier: EUPL-1.2
//! How long the tests that could go on for ever go on: `INFOCIG_LONG=1` asks for their long form (`cargo xtask soak`).

use std::{env, time::Duration};

/// The short form of a quantity, or its long one where that is asked for.
pub fn short_or_long<T>(short: T, long: T) -> T {
    if env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { long } else { short }
}

/// How many power cuts a test makes that wants to meet every moment of something.
pub fn power_cuts() -> u64 {
    short_or_long(12, 50)
}

/// How long after its beginning the power cut of this number comes: they are spread over twenty milliseconds.
pub fn moment_of_cut(number: u64) -> Duration {
    Duration::from_micros(20_000 * number / power_cuts())
}
