// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask lint`: formatting and lints, on the host and on WebAssembly.
//!
//! Code behind `cfg(target_arch = "wasm32")` is invisible to a host lint, so the crates that run in a browser or in
//! workerd are linted twice. `cargo xtask test` lints while it compiles instead ([`while_compiling`]).

use std::process::Command;

use clap::Args;

use crate::plan::{self, Log, Step};
use crate::process::{Failure, cargo};
use crate::tools::{self, WASM, WASM_TARGET};
use crate::workspace::Workspace;

/// Check formatting, then lint on the host and on WebAssembly; any warning fails
#[derive(Debug, Args)]
pub(crate) struct Lint {}

impl Lint {
    pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
        let steps = vec![
            format(workspace),
            tools::wasm_target(workspace),
            on_host(workspace),
            on_webassembly(workspace),
        ];
        plan::run(workspace, steps).1
    }
}

const ON_HOST: &str = "lint on the host";

const ON_WEBASSEMBLY: [&str; 7] = [
    "infocig-protocol",
    "infocig-domain",
    "infocig-client",
    "infocig-widget",
    "infocig-console",
    "infocig-call",
    "infocig-edge",
];

/// rustfmt in checking mode.
pub(crate) fn format(workspace: &Workspace) -> Step<'_> {
    Step::new("check the formatting", 2, |log| {
        let mut check = Command::new("cargo");
        log.run(check.current_dir(workspace.root()).args(["fmt", "--all", "--check"]))
    })
    .hint("run `cargo fmt --all`")
}

/// clippy on everything, tests included.
fn on_host(workspace: &Workspace) -> Step<'_> {
    Step::new(ON_HOST, 100, |log| clippy(workspace, log, &["--workspace", "--all-targets"]))
}

/// clippy on the crates for WebAssembly, with every feature; then on those with features, without them.
fn on_webassembly(workspace: &Workspace) -> Step<'_> {
    Step::new("lint on WebAssembly", 70, |log| {
        let elsewhere = ["--target", WASM, "--lib"];
        let packages = ON_WEBASSEMBLY.iter().flat_map(|package| ["-p", package]);
        let features =
            ["--features", "infocig-edge/test-clock,infocig-edge/next-version,infocig-widget/split"];
        clippy(workspace, log, &elsewhere.into_iter().chain(packages).chain(features).collect::<Vec<_>>())?;
        let bare = ["-p", "infocig-edge", "-p", "infocig-widget"];
        clippy(workspace, log, &elsewhere.into_iter().chain(bare).collect::<Vec<_>>())
    })
    .after(&[WASM_TARGET, ON_HOST])
}

fn clippy(workspace: &Workspace, log: &Log, words: &[&str]) -> Result<(), Failure> {
    log.run(cargo(workspace.root(), "clippy").args(words).args(["--", "-D", "warnings"]))
}

/// Makes cargo lint the workspace while it compiles it; any warning fails.
///
/// Dependencies are then compiled once, where `cargo clippy` would check them besides. Both variables are those that
/// `cargo clippy` sets.
pub(crate) fn while_compiling(command: &mut Command) -> &mut Command {
    command.envs(WHILE_COMPILING)
}

const WHILE_COMPILING: [(&str, &str); 2] = [
    ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
    ("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__"),
];
