// SPDX-License-Identifier: EUPL-1.2
//! Scripts and stylesheets by `esbuild`, modules by `wasm-opt`.

use std::path::Path;
use std::process::Command;

use super::files::read_bytes;
use crate::plan::Log;
use crate::process::Failure;
use crate::workspace::Workspace;

/// A script or stylesheet with what it imports, smaller. `flags` are `esbuild`'s.
pub(super) fn minify(
    workspace: &Workspace,
    log: &Log,
    file: &Path,
    into: &Path,
    flags: &[String],
) -> Result<Vec<u8>, Failure> {
    let mut bundle = esbuild(workspace, file, into)?;
    bundle.arg("--minify");
    // Each part of a module brings the same list of imports.
    bundle.arg("--log-override:duplicate-object-key=silent");
    // Classes nobody asks for may go: what holds them is how they would be disposed of and finalised.
    bundle.args(["--define:Symbol.dispose=undefined", "--pure:FinalizationRegistry"]);
    log.run(bundle.args(flags))?;
    read_bytes(into)
}

/// `esbuild` that makes one ECMAScript module of a file and what it imports.
pub(super) fn esbuild(workspace: &Workspace, file: &Path, into: &Path) -> Result<Command, Failure> {
    let mut bundle = Command::new(workspace.esbuild()?);
    bundle.arg(file).args(["--bundle", "--format=esm", "--log-level=warning"]);
    bundle.arg(format!("--outfile={}", into.display()));
    Ok(bundle)
}

/// Makes a module of a page smaller where it lies. `every_byte` counts for what visitors wait for.
pub(super) fn shrink(
    workspace: &Workspace,
    log: &Log,
    module: &Path,
    every_byte: bool,
) -> Result<(), Failure> {
    // No feature flags: the module names the features it uses, and allowing others makes modules that browsers refuse.
    let mut shrink = Command::new(workspace.wasm_opt());
    shrink.arg(module).arg("-Oz");
    if every_byte {
        // Flattened code, optimised again and twice: a hundredth less than once.
        shrink.args(["--flatten", "--rereloop", "-Oz", "-Oz"]);
    }
    // Browsers read neither of these sections.
    shrink.args(["--strip-producers", "--strip-target-features", "-o"]).arg(module);
    log.run(&mut shrink)
}

/// Makes the Worker's module faster where it lies. Names of functions stay, for the traces of a panic.
pub(super) fn quicken(workspace: &Workspace, log: &Log, module: &Path) -> Result<(), Failure> {
    let mut quicken = Command::new(workspace.wasm_opt());
    quicken.arg(module).args(["-O", "--debuginfo"]);
    // What the runtime is known to take, and no more: a newer optimiser would use newer encodings.
    quicken.args(WORKER_FEATURES.map(|feature| format!("--enable-{feature}"))).arg("-o").arg(module);
    log.run(&mut quicken)
}

const WORKER_FEATURES: [&str; 7] = [
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "bulk-memory",
    "multivalue",
    "reference-types",
    "exception-handling",
];
