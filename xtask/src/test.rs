// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask test`: every check, each at the cheapest level that can find its faults, stopping at the first failure.
//!
//! Rules and state machines are tested on the host; the Worker in its real runtime as the quick build; the released site in
//! three engines. The closing table lists every phase, also those that were not reached. Missing browsers are installed, or
//! the failure says how.

use std::process::Command;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use crate::build::{self, Lints, Quality};
use crate::lint;
use crate::plan::{self, Ending, Report, Step};
use crate::process::{Failure, answer, cargo, print_line, spent};
use crate::size;
use crate::tools::{self, Packages};
use crate::units;
use crate::workspace::Workspace;

/// Check everything: lints, tests, the real runtime, three real browsers
///
/// Installs what is missing (as root on Debian browsers too), lints, runs the tests of every crate, builds, and runs the
/// end-to-end tests. Stops at the first failure and closes with a table of every phase. `cargo xtask soak` runs the long
/// forms.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The inner loop: formatting, lints, tests of every crate, and the runtime tests on a quick build
    #[arg(long)]
    quick: bool,
    /// Close with one line of JSON: seconds by phase, and how each ended
    #[arg(long)]
    json: bool,
}

impl Test {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let steps = if self.quick { quick_steps(workspace) } else { all_steps(workspace) };
        let started = Instant::now();
        let (reports, result) = plan::run(workspace, steps);
        let took = started.elapsed();
        print_line(format_args!("\n{}", table(&reports, took)));
        if self.json {
            answer(as_json(&reports, took));
        }
        result
    }
}

pub(crate) const COMPILE_TESTS: &str = "compile and lint on the host";
const UNIT_TESTS: &str = "tests of every crate";

fn quick_steps(workspace: &Workspace) -> Vec<Step<'_>> {
    let mut steps = vec![
        lint::format(workspace),
        tools::wasm_target(workspace),
        tools::packages(workspace, Packages::Runtime),
    ];
    steps.push(compile_tests(workspace));
    steps.extend(build::quick_steps(workspace, Lints::Fail));
    steps.push(unit_tests(workspace).after(&[build::QUICK_SITE]));
    steps.push(Group::RUNTIME.step(workspace, Quality::Quick, Quality::Quick, &[]));
    steps
}

/// In this order: downloads, compilations that use every core, modules that are optimised at link time on one core each, and
/// tests that depend on real time and run alone.
fn all_steps(workspace: &Workspace) -> Vec<Step<'_>> {
    let mut steps = vec![
        lint::format(workspace),
        tools::wasm_target(workspace),
        tools::rust_source(workspace),
        tools::packages(workspace, Packages::All),
        tools::browsers(),
        compile_tests(workspace),
        tools::geckodriver(workspace),
        tools::oidc(workspace),
    ];
    if tools::HAS_CLUSTER {
        steps.extend([tools::cluster_runtime(workspace), tools::s3(workspace)]);
    }
    if tools::HAS_DOTNET {
        steps.push(tools::dotnet(workspace));
    }
    steps.extend(build::quick_steps(workspace, Lints::Fail));
    steps.extend(build::quick_next_steps(workspace, Lints::Fail));
    steps.extend(build::quick_steps_as_deployed(workspace, Lints::Fail));
    steps.extend(build::release_steps(workspace, &[]));
    steps.push(size::step(workspace));
    steps.push(unit_tests(workspace));
    // Where namespaces may not be made, the commands of the guide are tried by whoever follows it.
    if units::can_run() {
        steps.push(units::step(workspace).after(&[COMPILE_TESTS, build::QUICK_SITE, build::QUICK_EDGE]));
    }
    for group in [Group::RUNTIME, Group::CHROMIUM, Group::FIREFOX, Group::WEBKIT] {
        steps.push(group.step(workspace, Quality::Release, Quality::Quick, &[]));
    }
    if tools::HAS_CLUSTER {
        steps.push(Group::CLUSTER.step(workspace, Quality::Release, Quality::Quick, &[]));
    }
    steps
}

/// Compiles every test program, the end-to-end tests included, so that dependencies are compiled once.
pub(crate) fn compile_tests(workspace: &Workspace) -> Step<'_> {
    Step::new(COMPILE_TESTS, 240, |log| log.run(tests(workspace).args(["--all-targets", "--no-run"])))
}

/// `cargo test` of the whole workspace, linted while it is compiled. Every step uses this command: with another selection of
/// packages or other variables, cargo would compile everything again.
fn tests(workspace: &Workspace) -> Command {
    let mut tests = cargo(workspace.root(), "test");
    tests.arg("--workspace");
    lint::while_compiling(&mut tests);
    tests
}

/// Every test except the end-to-end tests. It selects the packages of [`compile_tests`]: with one less, shared dependencies
/// would have fewer features, and be compiled again.
fn unit_tests(workspace: &Workspace) -> Step<'_> {
    Step::new(UNIT_TESTS, 40, |log| {
        log.run(tests(workspace).args(["--lib", "--bins", "--test", ALL_BUT_THE_WHOLE]))
    })
    .after(&[COMPILE_TESTS])
    .showing(400)
}

/// Names of test programs, without the end-to-end tests (`e2e`).
const ALL_BUT_THE_WHOLE: &str = "[!e]*";

/// A group of end-to-end tests: modules of one test program, in one engine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    name: &'static str,
    seconds: u64,
    engine: &'static str,
    /// The prefixes of the names of its tests.
    modules: &'static [&'static str],
    /// The prefixes of those of them that belong to another group.
    without: &'static [&'static str],
    /// How many tests at a time keep two cores busy.
    threads: u8,
}

impl Group {
    pub(crate) const RUNTIME: Self = Self {
        name: "end to end: the runtime",
        seconds: 90,
        engine: "chromium",
        modules: &["runtime::"],
        without: &["runtime::cluster::"],
        threads: 6,
    };
    /// Two nodes on an S3 bucket. Apart, because only this needs the newer runtime and Python.
    pub(crate) const CLUSTER: Self = Self {
        name: "end to end: the cluster",
        seconds: 90,
        engine: "chromium",
        modules: &["runtime::cluster::"],
        without: &[],
        threads: 2,
    };
    pub(crate) const CHROMIUM: Self = Self {
        name: "end to end: Chromium",
        seconds: 120,
        engine: "chromium",
        modules: &["engines::", "chromium::", "webrtc::", "scripts_blocked::", "release::", "upgrade::"],
        without: &[],
        threads: 4,
    };
    pub(crate) const FIREFOX: Self = Self {
        name: "end to end: Firefox",
        seconds: 90,
        engine: "firefox",
        modules: &["engines::", "webrtc::", "scripts_blocked::"],
        without: &[],
        threads: 4,
    };
    pub(crate) const WEBKIT: Self = Self {
        name: "end to end: WebKit",
        seconds: 90,
        engine: "webkit",
        modules: &["engines::"],
        without: &[],
        threads: 4,
    };

    /// The step that runs its tests against these builds of the site and the edge.
    pub(crate) fn step<'a>(
        self,
        workspace: &'a Workspace,
        site: Quality,
        edge: Quality,
        environment: &'a [(&'static str, &'static str)],
    ) -> Step<'a> {
        Step::new(self.name, self.seconds, move |log| {
            let mut tests = tests(workspace);
            tests.args(["--test", "e2e", "--"]).args(self.modules);
            tests.arg(format!("--test-threads={}", self.threads));
            tests.args(self.without.iter().flat_map(|module| ["--skip", module]));
            tests.env("INFOCIG_ENGINE", self.engine).envs(environment.iter().copied());
            tests.env("INFOCIG_SITE", site.name()).env("INFOCIG_EDGE", edge.name());
            log.run(&mut tests)
        })
        .alone()
        .showing(400)
        .after(&[COMPILE_TESTS, UNIT_TESTS, tools::BROWSERS, tools::GECKODRIVER])
        .after(&[tools::CLUSTER_RUNTIME, tools::OIDC, tools::S3, tools::DOTNET])
        .after(&[
            build::QUICK_SITE,
            build::QUICK_EDGE,
            build::QUICK_EDGE_AS_DEPLOYED,
            build::QUICK_NEXT_EDGE,
            build::RELEASE_SITE,
            build::RELEASE_EDGE,
            build::DEMO_EDGE,
            build::NEXT_EDGE,
        ])
    }
}

fn word(ending: Ending) -> &'static str {
    match ending {
        Ending::Passed => "passed",
        Ending::Failed => "FAILED",
        Ending::NotReached => "not reached",
    }
}

/// The phases with their times. Phases run side by side, so that their sum is more than the whole.
fn table(reports: &[Report], took: Duration) -> String {
    let width = reports.iter().map(|report| report.name.chars().count()).max().unwrap_or_default();
    let mut lines: Vec<String> = reports
        .iter()
        .map(|report| {
            let time = if report.ending == Ending::NotReached { String::new() } else { spent(report.took) };
            format!("{:<width$}  {:<11}  {time:>12}", report.name, word(report.ending))
        })
        .collect();
    lines.push(format!("{:<width$}  {:<11}  {:>12}", "in all", "", spent(took)));
    lines.join("\n")
}

fn as_json(reports: &[Report], took: Duration) -> serde_json::Value {
    let seconds = |duration: Duration| (duration.as_secs_f64() * 10.0).round() / 10.0;
    let phases: Vec<_> = reports
        .iter()
        .map(|report| json!({ "phase": report.name, "ending": word(report.ending), "seconds": seconds(report.took) }))
        .collect();
    json!({ "seconds": seconds(took), "phases": phases })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reports() -> [Report; 3] {
        let report = |name, ending, millis| Report { name, ending, took: Duration::from_millis(millis) };
        [
            report("lint", Ending::Passed, 61_000),
            report("tests", Ending::Failed, 500),
            report("end to end", Ending::NotReached, 0),
        ]
    }

    #[test]
    fn the_table_lists_the_phases_not_reached() {
        let text = table(&reports(), Duration::from_secs(61));

        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert_eq!(
            lines,
            [
                "lint        passed         1 min 01 s",
                "tests       FAILED              0.5 s",
                "end to end  not reached",
                "in all                     1 min 01 s",
            ]
        );
    }

    #[test]
    fn the_json_has_every_phase_on_one_line() {
        let text = as_json(&reports(), Duration::from_secs(61)).to_string();

        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["phases"][1], json!({ "phase": "tests", "ending": "FAILED", "seconds": 0.5 }));
        assert_eq!(read["seconds"], json!(61.0));
        assert!(!text.contains('\n'), "{text}");
    }

    #[test]
    fn no_test_of_a_crate_is_taken_for_one_of_the_whole() {
        let workspace = Workspace::of_this_program().unwrap();
        let (mut of_crates, mut of_the_whole) = (0, Vec::new());
        for entry in std::fs::read_dir(workspace.root()).unwrap().flatten() {
            let Ok(tests) = std::fs::read_dir(entry.path().join("tests")) else { continue };
            for test in tests.flatten() {
                let name = test.file_name().into_string().unwrap();
                if name.starts_with('e') { of_the_whole.push(name) } else { of_crates += 1 }
            }
        }
        assert_eq!(of_the_whole, ["e2e"]);
        assert!(of_crates > 5, "{of_crates}");
    }

    #[test]
    fn the_inner_loop_needs_neither_browsers_nor_a_release() {
        let workspace = Workspace::of_this_program().unwrap();

        let steps: Vec<&str> = quick_steps(&workspace).iter().map(Step::name).collect();

        for other in [
            tools::BROWSERS,
            tools::GECKODRIVER,
            tools::CLUSTER_RUNTIME,
            tools::OIDC,
            tools::S3,
            tools::DOTNET,
            tools::RUST_SOURCE,
            tools::ALL_PACKAGES,
            build::RELEASE_SITE,
        ] {
            assert!(!steps.contains(&other), "{other}");
        }
    }
}
