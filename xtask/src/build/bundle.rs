// SPDX-License-Identifier: EUPL-1.2
//! Scripts and stylesheets by `esbuild`, modules by `wasm-opt`.

use std::path::Path;
use std::process::Command;

use super::files::read_bytes;
use crate::plan::Log;
use crate::process::Failure;
use crate::workspace::Workspace;

/// Bundles and minifies a script or stylesheet. `flags` are those of `esbuild`.
pub(super) fn minify(
    workspace: &Workspace,
    log: &Log,
    file: &Path,
    into: &Path,
    flags: &[String],
) -> Result<Vec<u8>, Failure> {
    let mut bundle = esbuild(workspace, file, into)?;
    bundle.arg("--minify");
    // Each part of a module has the same list of imports.
    bundle.arg("--log-override:duplicate-object-key=silent");
    // Lets esbuild drop unused classes, which only their finalizers reference (`shorten_imports` marks those).
    bundle.arg("--define:Symbol.dispose=undefined");
    log.run(bundle.args(flags))?;
    read_bytes(into)
}

/// `esbuild` that bundles a file into one ECMAScript module.
pub(super) fn esbuild(workspace: &Workspace, file: &Path, into: &Path) -> Result<Command, Failure> {
    let mut bundle = Command::new(workspace.esbuild()?);
    bundle.arg(file).args(["--bundle", "--format=esm", "--log-level=warning"]);
    bundle.arg(format!("--outfile={}", into.display()));
    Ok(bundle)
}

/// Optimises a module of a page for size, in place. `every_byte` spends more time on modules that visitors wait for.
pub(super) fn shrink(
    workspace: &Workspace,
    log: &Log,
    module: &Path,
    every_byte: bool,
) -> Result<(), Failure> {
    // No feature flags: the module lists the features it uses, and allowing others makes modules that browsers reject.
    let mut shrink = Command::new(workspace.wasm_opt());
    shrink.arg(module).arg("-Oz");
    if every_byte {
        // Flattening, and passes until nothing gets smaller: more than one per cent less than one pass.
        shrink.args(["--flatten", "--rereloop", "-Oz", "--converge", "-Oz"]);
    }
    // Browsers read neither of these sections.
    shrink.args(["--strip-producers", "--strip-target-features", "-o"]).arg(module);
    log.run(&mut shrink)
}
