// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask fuzz`: everything that reads what a stranger wrote, with what no stranger would think of.

use clap::Args;

use crate::process::{Failure, cargo, run};
use crate::workspace::Workspace;

/// Read edited frames, tokens, key sets, policies, forms, headers, ids and transcripts until one fails
///
/// A failure is kept in fuzz/corpus, as small as it could be made, with what to do. The same seed makes the same inputs.
#[derive(Debug, Args)]
pub(crate) struct Fuzz {
    /// For so long, all readers together
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    minutes: u64,
    /// What the inputs are made of
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
