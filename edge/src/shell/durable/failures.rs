// SPDX-License-Identifier: EUPL-1.2
//! Failures on purpose, in builds with the feature `test-clock`: they lose the same state as real ones.

use ::worker::{Response, State};

use crate::{problem::Fault, shell::http::replies, store::FINDS_NOTHING};

/// Fails in the requested way: `panic` in Rust, or an exception of JavaScript `throw`n through Rust, as a platform call does
/// that was not made to be caught. Either empties every object of the isolate.
pub(super) fn fail(state: &State, how: &str) -> Result<Response, Fault> {
    match how {
        "panic" => {
            #[expect(clippy::panic, reason = "the purpose of the function")]
            {
                panic!("asked to")
            }
        }
        "throw" => {
            let cursor = state.storage().sql().exec(FINDS_NOTHING, None)?;
            #[expect(clippy::disallowed_methods, reason = "the purpose of the function")]
            let _never = cursor.one::<serde_json::Value>();
            replies::empty(204)
        }
        _ => replies::empty(404),
    }
}
