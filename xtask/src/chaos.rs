// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask chaos`: power cuts and a failing network under conversations that go on, and a count of what came to harm.

use crate::args::{Command, Flag, Flags};
use crate::build::{self, Edge};
use crate::process::{Failure, cargo, run};
use crate::setup;

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "chaos",
    summary: "Kill the runtime again and again under live conversations",
    about: "Lets people and advisors talk through a network that fails in every way, while the runtime is killed again\n\
            and again, and compares every transcript with what is stored. Ends with 1 if any message was lost, doubled\n\
            or out of order, or any conversation was left behind.",
    operand: None,
    flags: &[
        Flag { name: "--minutes", value: Some("N"), about: "For how long; 2 unless told" },
        Flag { name: "--conversations", value: Some("N"), about: "How many at a time; 50 unless told" },
        Flag { name: "--seed", value: Some("N"), about: "What chance is made of; printed at the end" },
        Flag { name: "--json", value: None, about: "The last line is one JSON object" },
    ],
    run: |workspace, given| {
        let words = words(given)?;
        setup::run_all(workspace)?;
        build::edge(workspace, Edge::Demo)?;
        let mut chaos = cargo(workspace.root());
        chaos.args(["run", "--quiet", "-p", "infocig-e2e", "--bin", "chaos", "--"]).args(words);
        run("chaos", &mut chaos)
    },
};

/// The flags as the program takes them.
fn words(given: &Flags) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    for (flag, least) in [("--minutes", 1), ("--conversations", 1), ("--seed", 0)] {
        let Some(value) = given.value(flag) else { continue };
        if !value.parse().is_ok_and(|number: u64| number >= least) {
            return Err(Failure::Usage(format!("`{flag} {value}` is not a whole number from {least}")));
        }
        words.extend([flag.to_owned(), value.to_owned()]);
    }
    words.extend(given.has("--json").then(|| "--json".to_owned()));
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::args::Given;

    #[test]
    fn numbers_are_checked_before_anything_is_built() {
        assert_eq!(checked(&["--minutes", "3", "--json"]).unwrap(), ["--minutes", "3", "--json"]);
        assert!(matches!(checked(&["--minutes", "0"]), Err(Failure::Usage(_))));
        assert!(matches!(checked(&["--conversations", "many"]), Err(Failure::Usage(_))));
    }

    fn checked(given: &[&str]) -> Result<Vec<String>, Failure> {
        let given: Vec<String> = given.iter().map(|&word| word.to_owned()).collect();
        match COMMAND.read(&given)? {
            Given::Flags(flags) => words(&flags),
            Given::Help => Ok(Vec::new()),
        }
    }
}
