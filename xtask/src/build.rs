// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask build`: the files visitors download and the Worker that serves them.
//!
//! # What comes out
//! - `target/site/`: the files visitors download ([`site`]).
//! - `target/edge/demo/`: the Worker whose clock can be set, next to the configuration and the policy it runs with.
//! - `target/edge/release/`: the same without the feature `test-clock`, as it is deployed.
//!
//! Nothing is downloaded: the tools are those `cargo xtask setup` installed. What has not changed is not made again.

use std::fs;
use std::path::Path;
use std::process::Command as Program;

use crate::args::{Command, Flag};
use crate::mirror::copy_if_different;
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, building, cargo, run, say};
use crate::setup::{self, WASM};
pub(crate) use crate::site::make as site;
use crate::stamp::{Fingerprint, Stamp};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "build",
    summary: "Make the site and the Worker",
    about: "Makes target/site, and target/edge/demo, the Worker whose clock can be set. Runs `setup` first.",
    operand: None,
    flags: &[Flag {
        name: "--release",
        value: None,
        about: "Make target/edge/release, the Worker as it is deployed, instead of the demo's",
    }],
    run: |workspace, given| {
        setup::run_all(workspace)?;
        site(workspace)?;
        edge(workspace, if given.has("--release") { Edge::Release } else { Edge::Demo })
    },
};

/// The two Workers that are built from the same sources.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Edge {
    /// With the feature `test-clock`.
    Demo,
    /// As it is deployed.
    Release,
}

impl Edge {
    /// Its folder under `target/edge/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Release => "release",
        }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Demo => &["--features", "test-clock"],
            Self::Release => &[],
        }
    }
}

/// Makes `target/edge/demo` or `target/edge/release`.
pub(crate) fn edge(workspace: &Workspace, variant: Edge) -> Result<(), Failure> {
    let name = variant.name();
    // Of its own, because `worker-build` has asynchronous imports expanded differently than a plain build would,
    // and cargo does not notice the difference.
    let compiled = workspace.target("edge-build");
    let mut compile = cargo(workspace.root());
    compile.args(["build", "-p", "infocig-edge", "--lib", "--profile", "edge", "--target", WASM]);
    compile.args(variant.features()).arg("--target-dir").arg(&compiled);
    compile.env("WASM_BINDGEN_USE_JS_SYS", "1");
    run(&format!("compiling the edge ({name})"), &mut compile)?;

    let folder = workspace.target("edge").join(name);
    let module = compiled.join(WASM).join("edge/infocig_edge.wasm");
    let stamp = tools(workspace)?.and_file(&module)?.at(workspace.target(format!("edge/{name}.stamp")));
    if !up_to_date(&stamp, &folder, &["index.js", "index_bg.wasm"]) {
        create(&folder)?;
        stamp.lift()?;
        run(
            &format!("packing the edge ({name})"),
            &mut worker_build(workspace, variant, &folder, &compiled)?,
        )?;
        stamp.press()?;
    }
    for file in ["workerd.capnp", "policy.json"] {
        copy_if_different(&workspace.path("edge").join(file), &folder.join(file))?;
    }
    say(format_args!("✓ target/edge/{name}"));
    Ok(())
}

/// `worker-build`, told where every tool is so that it fetches none.
fn worker_build(
    workspace: &Workspace,
    variant: Edge,
    folder: &Path,
    compiled: &Path,
) -> Result<Program, Failure> {
    let mut pack = building(workspace.cargo_tool("worker-build"), workspace.root());
    pack.env("WASM_BINDGEN_BIN", workspace.cargo_tool("wasm-bindgen"));
    pack.env("WASM_OPT_BIN", workspace.wasm_opt()).env("ESBUILD_BIN", workspace.esbuild()?);
    pack.args(["--profile", "edge", "--out-dir"]).arg(folder).arg(workspace.path("edge"));
    // Everything after the crate's folder goes to cargo as it is.
    pack.args(variant.features()).arg("--target-dir").arg(compiled);
    Ok(pack)
}

pub(crate) fn up_to_date(stamp: &Stamp, folder: &Path, files: &[&str]) -> bool {
    stamp.holds() && files.iter().all(|file| folder.join(file).is_file())
}

/// What every result depends on besides its own module: the versions of the tools.
pub(crate) fn tools(workspace: &Workspace) -> Result<Fingerprint, Failure> {
    let versions = ["wasm-bindgen", "worker-build"].map(|tool| setup::installed_version(workspace, tool));
    let mut fingerprint = Fingerprint::default();
    for version in versions {
        fingerprint = fingerprint.and(&version.unwrap_or_default());
    }
    fingerprint.and_file(&workspace.path("package-lock.json"))
}

pub(crate) fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).or_fail(format_args!("creating {}", folder.display()))
}
