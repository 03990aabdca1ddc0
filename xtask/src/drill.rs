// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask drill`: a backup under load, a power cut, the loss of the folder of data, a restoration, and a count of what came
//! to harm.

use clap::Args;
use clap::value_parser;

use crate::build::{self, Edge, Quality};
use crate::plan;
use crate::process::{Failure, cargo, run};
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Back up under load, lose everything, restore, and compare
///
/// Lets people and advisors talk while `infocig backup` runs twice, kills the runtime, restores the second backup, and compares
/// every conversation with what both sides had been shown. Ends with 1 if anything stored before the backup is not there, if a
/// loss after it is not said, or if a conversation is left behind.
#[derive(Debug, Args)]
pub(crate) struct Drill {
    /// Conversations at a time
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u64).range(1..))]
    conversations: u64,
    /// How many seconds before the backup that is restored
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u64).range(2..))]
    seconds: u64,
    /// The seed of every random choice
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The last line is one JSON object
    #[arg(long)]
    json: bool,
}

impl Drill {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let mut steps = vec![tools::wasm_target(workspace), tools::packages(workspace, Packages::All)];
        steps.extend(build::edge_steps(workspace, Edge::Demo));
        plan::run(workspace, steps).1?;
        // The drill runs it by path.
        run("compile infocig", cargo(workspace.root(), "build").args(["--quiet", "-p", "infocig"]))?;
        let mut drill = cargo(workspace.root(), "run");
        drill.args(["--quiet", "-p", "infocig-e2e", "--bin", "drill", "--"]).args(self.words());
        run("drill", drill.env("INFOCIG_EDGE", Quality::Release.name()))
    }

    /// The arguments of the program.
    fn words(&self) -> Vec<String> {
        let numbers = [
            ("--conversations", Some(self.conversations)),
            ("--seconds", Some(self.seconds)),
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
        let drill: Drill = read(&["--seconds", "5", "--json"]).unwrap();

        assert_eq!(drill.words(), ["--conversations", "50", "--seconds", "5", "--json"]);
        assert!(read::<Drill>(&["--seconds", "1"]).unwrap_err().contains("--seconds"));
    }
}
