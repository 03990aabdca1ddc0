// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask lint`: formatting and lints, on the host and on WebAssembly.
//!
//! Code behind `cfg(target_arch = "wasm32")` is invisible to a host lint, so the crates that run in a browser or in
//! workerd are looked at twice.

use crate::args::Command;
use crate::paths::Workspace;
use crate::process::{Failure, cargo, run};
use crate::setup::{self, WASM};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "lint",
    summary: "Formatting and lints, on the host and on WebAssembly",
    about: "Runs rustfmt in checking mode, then clippy on the host and on WebAssembly. Any warning fails.",
    operand: None,
    flags: &[],
    run: |workspace, _| run_all(workspace),
};

const ON_WEBASSEMBLY: [&str; 6] = [
    "infocig-protocol",
    "infocig-domain",
    "infocig-client",
    "infocig-widget",
    "infocig-console",
    "infocig-edge",
];

/// Everything, the quickest first.
pub(crate) fn run_all(workspace: &Workspace) -> Result<(), Failure> {
    run("formatting", cargo(workspace.root()).args(["fmt", "--all", "--check"]))?;
    clippy("lints on the host", workspace, &["--workspace", "--all-targets"])?;
    setup::wasm_target(workspace)?;
    let on_webassembly = ["--target", WASM, "--lib"];
    let packages = ON_WEBASSEMBLY.iter().flat_map(|package| ["-p", package]);
    let all: Vec<&str> = on_webassembly.into_iter().chain(packages).collect();
    clippy("lints on WebAssembly", workspace, &all)?;
    let with_clock: Vec<&str> =
        on_webassembly.into_iter().chain(["-p", "infocig-edge", "--features", "test-clock"]).collect();
    clippy("lints on WebAssembly, the edge with the clock of the tests", workspace, &with_clock)
}

fn clippy(what: &str, workspace: &Workspace, words: &[&str]) -> Result<(), Failure> {
    run(what, cargo(workspace.root()).arg("clippy").args(words).args(["--", "-D", "warnings"]))
}
