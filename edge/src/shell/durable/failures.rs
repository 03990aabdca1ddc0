// SPDX-License-Identifier: EUPL-1.2
//! Failures on purpose, in builds with the feature `test-clock`: what they lose is what a real one loses.

use ::worker::{Response, State};

use crate::{problem::Fault, shell::http::replies, store::FINDS_NOTHING};

/// Fails as told: `panic` in Rust, or an exception of JavaScript `throw`n through Rust, as a platform call does that was
/// not made to be caught. Either empties every object of the isolate.
pub(super) fn fail(state: &State, how: &str) -> Result<Response, Fault> {
    match how {
        "panic" => {
            #[expect(clippy::panic, reason = "this is what it is for")]
            {
                panic!("asked to")
            }
        }
        "throw" => {
            let cursor = state.storage().sql().exec(FINDS_NOTHING, None)?;
            #[expect(clippy::disallowed_methods, reason = "this is what it is for")]
            let _never = cursor.one::<serde_json::Value>();
            replies::empty(204)
        }
        _ => replies::empty(404),
    }
}
