// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench WHAT`: measurements. They are not tests, because machines differ and are noisy.

use clap::{Args, ValueEnum};

use crate::build::{self, Edge, Quality};
use crate::plan;
use crate::process::{Failure, cargo, run};
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Measure one thing on this machine, with everything built for speed
#[derive(Debug, Args)]
pub(crate) struct Bench {
    what: Measurement,
    /// The last line is one JSON object
    #[arg(long)]
    json: bool,
    /// Of answers: list what is answered wrongly in the development halves
    #[arg(long)]
    mistakes: bool,
    /// Fit the weights of what the assistant knows to the development halves, and print them; for `answers`
    #[arg(long)]
    fit: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    /// Verdicts in a second, by the rule alone and by the whole request in workerd
    Admission,
    /// How often the assistant answers rightly, wrongly and not at all, and how long an answer takes
    Answers,
    /// Messages in a second from one side to the other, against a bare Durable Object
    Relay,
    /// The delay of conversations while unauthenticated clients send requests, and the memory used
    Siege,
    /// Reports, search and the cost of a record with 2,000,000 records in the register, on SQLite without workerd
    Figures,
    /// The cost of INFO CIG for a portal's page, and how long a person waits for it, in Chromium
    Widget,
}

impl Bench {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        if self.what == Measurement::Answers {
            return crate::answers::figures::run(workspace, self.json, self.mistakes, self.fit);
        }
        if self.what == Measurement::Figures {
            let mut measure = cargo(workspace.root(), "bench");
            measure.args(["--quiet", "-p", "infocig-edge", "--bench", "figures", "--"]);
            return run("measuring figures", measure.args(self.json.then_some("--json")));
        }
        let steps = if self.what == Measurement::Widget {
            let mut steps = build::steps(workspace, Quality::Release, &[Edge::Demo]);
            steps.push(tools::browsers());
            steps
        } else {
            let mut steps = vec![tools::wasm_target(workspace), tools::packages(workspace, Packages::All)];
            steps.extend(build::edge_steps(workspace, Edge::Demo));
            steps
        };
        plan::run(workspace, steps).1?;
        let what = self.what.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
        let compile = cargo(workspace.root(), "run");
        // Thousands of sockets need more descriptors than the default limit of systems.
        let mut measure = std::process::Command::new("sh");
        measure
            .args(["-c", AS_MANY_FILES_AS_ALLOWED, "sh"])
            .arg(compile.get_program())
            .args(compile.get_args());
        measure
            .current_dir(workspace.root())
            .envs(compile.get_envs().filter_map(|(name, value)| Some((name, value?))));
        measure.args(["--quiet", "--release", "-p", "infocig-e2e", "--bin", "bench", "--", &what]);
        measure.args(self.json.then_some("--json"));
        run(
            &format!("measuring {what}"),
            measure.env("INFOCIG_SITE", Quality::Release.name()).env("INFOCIG_EDGE", Quality::Release.name()),
        )
    }
}

const AS_MANY_FILES_AS_ALLOWED: &str = r#"ulimit -n "$(ulimit -H -n)" 2>/dev/null; exec "$@""#;
