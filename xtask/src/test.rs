// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask test`: everything that can be checked, in the order of what it costs, stopping at the first failure.
//!
//! Nothing is skipped in silence: a phase that was not reached is in the closing table, and a machine without
//! browsers gets them or is told how.

use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::time::{Duration, Instant};

use crate::args::Command;
use crate::build::{self, Edge};
use crate::paths::Workspace;
use crate::process::{Failure, ask, cargo, run, say, spent};
use crate::{lint, setup, size};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "test",
    summary: "Everything that can be checked: lints, tests, real runtime, real browsers",
    about: "Runs setup, finds Chromium, Firefox and WebKitGTK with their drivers (as root on Debian it installs them),\n\
            lints, runs the tests of every crate, builds the site and both Workers, and runs the end-to-end tests on\n\
            them, those in browsers once in each of the three. Stops at the first failure and closes with a table of\n\
            every phase.",
    operand: None,
    flags: &[],
    run: |workspace, _| run_all(workspace),
};

type Phase = (&'static str, fn(&Workspace) -> Result<(), Failure>);

const PHASES: [Phase; 10] = [
    ("setup", setup::run_all),
    ("browsers", |_| browsers()),
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
    ("size", |workspace| size::print(workspace, false)),
    ("end to end", |workspace| end_to_end(workspace, "chromium", &[])),
    ("end to end: firefox", |workspace| {
        let stories: Vec<&str> = IN_EVERY_BROWSER.into_iter().chain(["scripts_blocked"]).collect();
        end_to_end(workspace, "firefox", &stories)
    }),
    ("end to end: webkit", |workspace| end_to_end(workspace, "webkit", &IN_EVERY_BROWSER)),
];

/// The end-to-end tests that every browser can be driven through. Each of the others that drive one says what it needs.
const IN_EVERY_BROWSER: [&str; 7] =
    ["accessible", "browser", "embed", "everybody", "handed_on", "nothing_is_lost", "plain"];

/// Programs the end-to-end tests need, by any of their names, and the Debian package each comes with.
const PROGRAMS: [(&[&str], &str); 5] = [
    (&["chromium"], "chromium"),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
    (&["WebKitWebDriver"], "webkit2gtk-driver"),
    (&["Xvfb"], "xvfb"),
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

/// The end-to-end tests of these names, or all of them, in one browser.
fn end_to_end(workspace: &Workspace, engine: &str, tests: &[&str]) -> Result<(), Failure> {
    let mut command = cargo(workspace.root());
    command.args(["test", "-p", "infocig-e2e"]).args(tests.iter().flat_map(|test| ["--test", test]));
    run(&format!("end-to-end tests, in {engine}"), command.env("INFOCIG_ENGINE", engine))
}

/// Browsers and what drives them on the `PATH`, installed if that is possible.
fn browsers() -> Result<(), Failure> {
    let missing = missing_packages();
    if missing.is_empty() {
        say("✓ Chromium, Firefox and WebKitGTK are here, with what drives them");
        return Ok(());
    }
    let is_root = ask(Program::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !is_root || on_path("apt-get").is_none() {
        let packages = missing.join(" ");
        return Err(Failure::Step(format!(
            "the end-to-end tests need browsers, and programs of these packages are not on the PATH. On Debian:\n  \
             sudo apt-get update && sudo apt-get install -y --no-install-recommends {packages}"
        )));
    }
    run("updating the package lists", Program::new("apt-get").arg("update"))?;
    let mut install = Program::new("apt-get");
    install.args(["install", "-y", "--no-install-recommends"]).args(&missing);
    run("installing browsers and their drivers", install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    match missing_packages().as_slice() {
        [] => Ok(()),
        missing => Err(Failure::Step(format!(
            "the packages are installed, and yet programs of {} are not on the PATH",
            missing.join(" and ")
        ))),
    }
}

/// The packages of which a program is missing.
fn missing_packages() -> Vec<&'static str> {
    let missing = PROGRAMS.iter().filter(|(names, _)| names.iter().all(|name| on_path(name).is_none()));
    missing.map(|(_, package)| *package).collect()
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
