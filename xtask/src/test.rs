// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask test`: everything that can be checked, in the order of what it costs, stopping at the first failure.
//!
//! Nothing is skipped in silence: a phase that was not reached is in the closing table, and a machine without a browser
//! gets one or is told how.

use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::time::{Duration, Instant};

use crate::args::Command;
use crate::build::{self, Edge};
use crate::paths::Workspace;
use crate::process::{Failure, ask, cargo, run, say, spent};
use crate::{lint, setup};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "test",
    summary: "Everything that can be checked: lints, tests, real runtime, real browser",
    about: "Runs setup, finds Chromium and its driver (as root on Debian it installs them), lints, runs the tests of\n\
            every crate, builds the site and both Workers, and runs the end-to-end tests on them. Stops at the first\n\
            failure and closes with a table of every phase.",
    operand: None,
    flags: &[],
    run: |workspace, _| run_all(workspace),
};

type Phase = (&'static str, fn(&Workspace) -> Result<(), Failure>);

const PHASES: [Phase; 7] = [
    ("setup", setup::run_all),
    ("browser", |_| browser()),
    ("lint", lint::run_all),
    ("tests", |workspace| {
        let mut tests = cargo(workspace.root());
        run("tests of every crate", tests.args(["test", "--workspace", "--exclude", "infocig-e2e"]))
    }),
    ("build: site and demo edge", |workspace| {
        build::site(workspace)?;
        build::edge(workspace, Edge::Demo)
    }),
    ("build: release edge", |workspace| build::edge(workspace, Edge::Release)),
    ("end to end", |workspace| {
        run("end-to-end tests", cargo(workspace.root()).args(["test", "-p", "infocig-e2e"]))
    }),
];

/// How a phase went.
enum Outcome {
    Passed(Duration),
    Failed(Duration),
    NotReached,
}

fn run_all(workspace: &Workspace) -> Result<(), Failure> {
    let mut outcomes = Vec::new();
    let mut failure = None;
    for (name, phase) in PHASES {
        if failure.is_some() {
            outcomes.push((name, Outcome::NotReached));
            continue;
        }
        say(format_args!("\n=== {name}"));
        let started = Instant::now();
        let outcome = match phase(workspace) {
            Ok(()) => Outcome::Passed(started.elapsed()),
            Err(failed) => {
                failure = Some(failed);
                Outcome::Failed(started.elapsed())
            }
        };
        outcomes.push((name, outcome));
    }
    say(format_args!("\n{}", table(&outcomes)));
    failure.map_or(Ok(()), Err)
}

/// Chromium and its driver on the `PATH`, installed if that is possible.
fn browser() -> Result<(), Failure> {
    let Some(missing) = missing_browser() else {
        say("✓ chromium and chromedriver are on the PATH");
        return Ok(());
    };
    let is_root = ask(Program::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !is_root || on_path("apt-get").is_none() {
        return Err(Failure::Step(format!(
            "{missing} is not on the PATH, and the end-to-end tests need a browser. On Debian and Ubuntu:\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium chromium-driver"
        )));
    }
    run("updating the package lists", Program::new("apt-get").arg("update"))?;
    let mut install = Program::new("apt-get");
    install.args(["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"]);
    run("installing Chromium and its driver", install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    match missing_browser() {
        None => Ok(()),
        Some(missing) => {
            Err(Failure::Step(format!("the packages are installed, and yet {missing} is not on the PATH")))
        }
    }
}

fn missing_browser() -> Option<&'static str> {
    ["chromium", "chromedriver"].into_iter().find(|program| on_path(program).is_none())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| is_program(file))
}

fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn table(outcomes: &[(&str, Outcome)]) -> String {
    let width = outcomes.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut total = Duration::ZERO;
    let mut lines = Vec::new();
    for (name, outcome) in outcomes {
        let (verdict, time) = match outcome {
            Outcome::Passed(time) => ("passed", Some(*time)),
            Outcome::Failed(time) => ("FAILED", Some(*time)),
            Outcome::NotReached => ("not reached", None),
        };
        total += time.unwrap_or_default();
        lines.push(format!("{name:<width$}  {verdict:<11}  {:>11}", time.map(spent).unwrap_or_default()));
    }
    lines.push(format!("{:<width$}  {:<11}  {:>11}", "in all", "", spent(total)));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_was_not_reached() {
        let outcomes = [
            ("lint", Outcome::Passed(Duration::from_secs(61))),
            ("tests", Outcome::Failed(Duration::from_millis(500))),
            ("end to end", Outcome::NotReached),
        ];

        let text = table(&outcomes);

        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "lint        passed        1 min 01 s",
                "tests       FAILED             0.5 s",
                "end to end  not reached",
                "in all                    1 min 01 s",
            ]
        );
    }

    #[test]
    fn programs_are_found_on_the_path() {
        assert!(on_path("sh").is_some());
        assert!(on_path("a-program-nobody-has").is_none());
    }
}
