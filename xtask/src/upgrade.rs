// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask upgrade`: the service is exchanged for a version to come under load, the way back is tried, and what came to harm
//! is counted.

use clap::Args;
use clap::value_parser;

use crate::build::{self, Edge, Lints, Quality};
use crate::plan;
use crate::process::{Failure, cargo, run};
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Upgrade under load, try the way back, and compare
///
/// The next version is this source with another name and one more schema step for each object. Lets people and advisors talk,
/// exchanges the version by SIGTERM and a new process on the same socket and folder, tries to go back (which the older version
/// refuses), goes on with the next one, and compares every transcript with what is stored. Ends with 1 if a message was lost,
/// doubled or out of order, a conversation left behind, a connection refused, or an object not migrated.
#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// Conversations at a time
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u64).range(1..))]
    conversations: u64,
    /// How many seconds each version runs between exchanges
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u64).range(2..))]
    seconds: u64,
    /// How often all this, each time with a new folder of data
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u64).range(1..))]
    rounds: u64,
    /// The seed of every random choice
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The quick builds, in the place of those optimised for speed
    #[arg(long)]
    quick: bool,
    /// The last line is one JSON object
    #[arg(long)]
    json: bool,
}

impl Upgrade {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let quality = if self.quick { Quality::Quick } else { Quality::Release };
        let mut steps = vec![tools::wasm_target(workspace)];
        if self.quick {
            steps.push(tools::packages(workspace, Packages::Runtime));
            steps.extend(build::quick_steps(workspace, Lints::Ignored));
            steps.extend(build::quick_next_steps(workspace, Lints::Ignored));
        } else {
            steps.push(tools::rust_source(workspace));
            steps.push(tools::packages(workspace, Packages::All));
            steps.extend(build::edge_steps(workspace, Edge::Demo));
            steps.extend(build::edge_steps(workspace, Edge::Next));
        }
        plan::run(workspace, steps).1?;
        // The rehearsal runs it by path.
        run("compile infocig", cargo(workspace.root(), "build").args(["--quiet", "-p", "infocig"]))?;
        let mut upgrade = cargo(workspace.root(), "run");
        upgrade.args(["--quiet", "-p", "infocig-e2e", "--bin", "upgrade", "--"]).args(self.words());
        run("upgrade", upgrade.env("INFOCIG_EDGE", quality.name()))
    }

    /// The arguments of the program.
    fn words(&self) -> Vec<String> {
        let numbers = [
            ("--conversations", Some(self.conversations)),
            ("--seconds", Some(self.seconds)),
            ("--rounds", Some(self.rounds)),
            ("--seed", self.seed),
        ];
        let numbers =
            numbers.into_iter().filter_map(|(flag, number)| Some([flag.to_owned(), number?.to_string()]));
        numbers.flatten().chain(self.json.then(|| "--json".to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    #[test]
    fn numbers_are_checked_before_anything_is_built() {
        let upgrade: Upgrade = read(&["--seconds", "5", "--json"]).unwrap();

        assert_eq!(upgrade.words(), ["--conversations", "50", "--seconds", "5", "--rounds", "3", "--json"]);
        assert!(read::<Upgrade>(&["--rounds", "0"]).unwrap_err().contains("--rounds"));
    }
}
