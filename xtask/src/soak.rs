// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask soak`: the long forms of tests that `test` runs in a short form, on the release build.

use clap::Args;

use crate::build::{self, Edge, Quality};
use crate::plan::{self, Step};
use crate::process::{Failure, cargo};
use crate::test::{self, Group};
use crate::tools;
use crate::workspace::Workspace;

/// Run the long forms of generated schedules, hand-overs, load and chaos, on the release build
///
/// `cargo xtask test` runs each of them in a short form. Every generated test prints its seed when it fails and takes one
/// from the variable `INFOCIG_SEED`.
#[derive(Debug, Args)]
pub(crate) struct Soak {}

/// The variable that makes tests run their long form.
const LONG: (&str, &str) = ("INFOCIG_LONG", "1");

impl Soak {
    pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
        plan::run(workspace, Self::steps(workspace)).1
    }

    fn steps(workspace: &Workspace) -> Vec<Step<'_>> {
        let mut steps = build::steps(workspace, Quality::Release, &[Edge::Demo, Edge::Release, Edge::Next]);
        steps.push(tools::browsers());
        steps.push(tools::geckodriver(workspace));
        steps.push(tools::oidc(workspace));
        // With them the program for operators, which tests run by path.
        steps.push(test::compile_tests(workspace));
        if tools::HAS_DOTNET {
            steps.push(tools::dotnet(workspace));
        }
        steps.push(
            Step::new("generated schedules and days, the long form", 300, |log| {
                log.run(
                    cargo(workspace.root(), "test").args(["-p", "infocig-domain", "--tests"]).envs([LONG]),
                )
            })
            .alone()
            .showing(400),
        );
        for group in [Group::RUNTIME, Group::CHROMIUM, Group::FIREFOX, Group::WEBKIT] {
            steps.push(group.step(workspace, Quality::Release, Quality::Release, &[LONG]));
        }
        if tools::HAS_CLUSTER {
            steps.extend([tools::cluster_runtime(workspace), tools::s3(workspace)]);
            steps.push(Group::CLUSTER.step(workspace, Quality::Release, Quality::Release, &[LONG]));
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soak_has_whatever_the_tests_of_the_whole_run() {
        let workspace = Workspace::of_this_program().unwrap();

        let steps: Vec<&str> = Soak::steps(&workspace).iter().map(Step::name).collect();

        for needed in [
            test::COMPILE_TESTS,
            tools::BROWSERS,
            tools::GECKODRIVER,
            tools::OIDC,
            build::RELEASE_SITE,
            build::RELEASE_EDGE,
            build::DEMO_EDGE,
            build::NEXT_EDGE,
        ] {
            assert!(steps.contains(&needed), "{needed}");
        }
    }
}
