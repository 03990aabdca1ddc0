// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask fuzz`: every reader of untrusted input, run on generated edits of valid inputs.

use clap::Args;

use crate::process::{Failure, cargo, run};
use crate::workspace::Workspace;

/// Read edited frames, tokens, key sets, policies, forms, headers, ids and transcripts until one fails
///
/// A failing input is shrunk and written to fuzz/corpus, with advice. The same seed makes the same inputs.
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// How long, all readers together
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// The seed of the inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Fuzz {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let mut fuzz = cargo(workspace.root(), "run");
        // Optimised, with the checks of arithmetic that a release lacks.
        fuzz.env("CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS", "true")
            .env("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true");
        fuzz.args(["--quiet", "--release", "-p", "infocig-fuzz", "--"]);
        fuzz.args(["--seconds", &(self.minutes * 60).to_string(), "--seed", &self.seed.to_string()]);
        run("fuzz", &mut fuzz)
    }
}
