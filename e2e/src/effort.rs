// SPDX-License-Identifier: EUPL-1.2
//! How long the tests that could go on for ever go on: `INFOCIG_LONG=1` asks for their long form (`cargo xtask soak`).

use std::env;

/// The short form of a quantity, or its long one where that is asked for.
pub fn short_or_long<T>(short: T, long: T) -> T {
    if env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { long } else { short }
}
