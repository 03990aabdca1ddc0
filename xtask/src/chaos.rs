// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask chaos`: power cuts and network faults under running conversations, and a count of the messages lost, doubled
//! or out of order.

use clap::Args;
use clap::value_parser;

use crate::build::{self, Edge, Quality};
use crate::plan;
use crate::process::{Failure, cargo, run};
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Kill the runtime repeatedly under live conversations
///
/// Lets people and advisors talk through a network with injected faults, while the runtime is killed repeatedly, and
/// compares every transcript with what is stored. Ends with 1 if any message was lost, doubled or out of order, or any
/// conversation did not end.
#[derive(Debug, Args)]
pub(crate) struct Chaos {
    /// How long
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = value_parser!(u64).range(1..))]
    minutes: u64,
    /// Conversations at a time
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u64).range(1..))]
    conversations: u64,
    /// Restart in order, by SIGTERM and a new process on the same folder as an upgrade does, instead of by power cuts
    #[arg(long)]
    in_order: bool,
    /// The seed of every random choice; printed at the end
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The last line is one JSON object
    #[arg(long)]
    json: bool,
}

impl Chaos {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let mut steps = vec![tools::wasm_target(workspace), tools::packages(workspace, Packages::All)];
        steps.extend(build::edge_steps(workspace, Edge::Demo));
        plan::run(workspace, steps).1?;
        // It runs the service by path.
        run("compile infocig", cargo(workspace.root(), "build").args(["--quiet", "-p", "infocig"]))?;
        let mut chaos = cargo(workspace.root(), "run");
        chaos.args(["--quiet", "-p", "infocig-e2e", "--bin", "chaos", "--"]).args(self.words());
        run(
            "chaos",
            chaos.env("INFOCIG_SITE", Quality::Release.name()).env("INFOCIG_EDGE", Quality::Release.name()),
        )
    }

    /// The arguments of the program.
    fn words(&self) -> Vec<String> {
        let numbers = [
            ("--minutes", Some(self.minutes)),
            ("--conversations", Some(self.conversations)),
            ("--seed", self.seed),
        ];
        let numbers =
            numbers.into_iter().filter_map(|(flag, number)| Some([flag.to_owned(), number?.to_string()]));
        let flags = [("--in-order", self.in_order), ("--json", self.json)];
        let flags = flags.into_iter().filter_map(|(flag, is_set)| is_set.then(|| flag.to_owned()));
        numbers.flatten().chain(flags).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn numbers_are_checked_before_anything_is_built() {
        let chaos: Chaos = read(&["--minutes", "3", "--in-order", "--json"]).unwrap();

        assert_eq!(chaos.words(), ["--minutes", "3", "--conversations", "50", "--in-order", "--json"]);
        assert!(read::<Chaos>(&["--minutes", "0"]).unwrap_err().contains("--minutes"));
        assert!(read::<Chaos>(&["--conversations", "many"]).unwrap_err().contains("many"));
    }
}
