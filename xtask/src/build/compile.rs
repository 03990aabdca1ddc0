// SPDX-License-Identifier: EUPL-1.2
//! Compiling the widget, the console and the edge to WebAssembly.
//!
//! The quick build is one run of cargo: the three crates share every dependency, and and macros with
//! the code for this machine. In a release each crate has compiler flags and a target folder of its own, because cargo would
//! overwrite the dependencies of one with those of the other.

use std::path::PathBuf;
use std::process::Command;

use super::interface::{CALL, CONSOLE, Interface, WIDGET};
use super::mirror::copy_if_different;
use super::variants::{Edge, Lints, QUICK_EDGE, QUICK_NEXT_EDGE, Quality};
use crate::lint;
use crate::plan::Step;
use crate::process::cargo;
use crate::tools::{RUST_SOURCE, WASM, WASM_TARGET};
use crate::workspace::Workspace;

/// The names of the steps, for steps that run after them.
pub(super) const QUICK: &str = "compile the quick widget, console and edge";
pub(super) const QUICK_NEXT: &str = "compile the quick edge of the next version";
pub(super) const QUICK_AS_DEPLOYED: &str = "compile the quick widget and edge as they are deployed";

/// Types of views are erased: a third less to download, measured at the console's size, and less to compile.
pub(super) const ERASED_VIEWS: &str = "--cfg erase_components";
/// Has `wasm-bindgen` expand asynchronous functions as the crate `worker` expects.
const JS_SYS_FUTURES: (&str, &str) = ("WASM_BINDGEN_USE_JS_SYS", "1");

/// Compiles all three modules.
pub(super) fn quick(workspace: &Workspace, lints: Lints) -> Step<'_> {
    Step::new(QUICK, 150, move |log| {
        let mut compile = quick_build(workspace, lints);
        log.run(compile.args(features(Edge::Demo)))
    })
    .after(&[WASM_TARGET])
}

/// The edge of the next version: the same as [`quick`] in another form, in the same place, so it waits until that has been used.
/// Only the edge is compiled again.
pub(super) fn quick_next(workspace: &Workspace, lints: Lints) -> Step<'_> {
    Step::new(QUICK_NEXT, 25, move |log| {
        let mut compile = quick_build(workspace, lints);
        log.run(compile.args(features(Edge::Next)))
    })
    .after(&[QUICK, QUICK_EDGE])
    .after(&[&WIDGET, &CONSOLE, &CALL].map(|interface| interface.files_step(Quality::Quick)))
}

/// The widget and the edge with the features of a release: the same as [`quick`] and [`quick_next`] in another form, in the same
/// place, so it waits until those have been used.
pub(super) fn quick_as_deployed(workspace: &Workspace, lints: Lints) -> Step<'_> {
    Step::new(QUICK_AS_DEPLOYED, 25, move |log| {
        let mut compile = quick_build(workspace, lints);
        compile.args(["--features", "infocig-widget/split"]);
        log.run(&mut compile)
    })
    .after(&[QUICK, QUICK_EDGE, QUICK_NEXT_EDGE])
    .after(&[&WIDGET, &CONSOLE, &CALL].map(|interface| interface.files_step(Quality::Quick)))
}

/// The arguments that give an edge its features.
fn features(edge: Edge) -> impl Iterator<Item = &'static str> {
    edge.features().iter().flat_map(|feature| ["--features", feature])
}

fn quick_build(workspace: &Workspace, lints: Lints) -> Command {
    let mut compile = cargo(workspace.root(), "build");
    compile.args(["--lib", "--target", WASM]);
    // Always all of them: with fewer, dependencies would have fewer features and be compiled again.
    compile.args([
        "-p",
        "infocig-widget",
        "-p",
        "infocig-console",
        "-p",
        "infocig-call",
        "-p",
        "infocig-edge",
    ]);
    // Browsers and workerd do not read debug information.
    compile.env("CARGO_PROFILE_DEV_DEBUG", "false");
    // Flags for this target only: those of the whole build would recompile the code for this machine.
    compile.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", ERASED_VIEWS).envs([JS_SYS_FUTURES]);
    if lints == Lints::Fail {
        lint::while_compiling(&mut compile);
    }
    compile
}

/// The module of the quick build.
pub(super) fn quick_module(workspace: &Workspace, module: &str) -> PathBuf {
    workspace.target(WASM).join("debug").join(format!("{module}.wasm"))
}

/// Compiles an interface, optimised for size.
pub(super) fn interface<'a>(workspace: &'a Workspace, interface: &'static Interface) -> Step<'a> {
    Step::new(interface.compile_step, interface.seconds, |log| {
        let mut compile = cargo(workspace.root(), "rustc");
        // One crate type only: cargo applies link-time optimisation to no crate that is a second kind of library as well.
        compile.args(["-p", interface.package, "--lib", "--crate-type", "cdylib"]);
        compile
            .args(["--profile", "widget", "--target", WASM, "--target-dir"])
            .arg(interface.target(workspace));
        compile.args(interface.cargo);
        compile.env("RUSTFLAGS", interface.flags).env("RUSTC_BOOTSTRAP", "1");
        log.run(&mut compile)
    })
    .after(&[WASM_TARGET, RUST_SOURCE])
}

/// Compiles the edge, optimised for speed.
pub(super) fn edge(workspace: &Workspace, variant: Edge) -> Step<'_> {
    let (name, after): (_, &[_]) = match variant {
        Edge::Demo => (DEMO_EDGE, &[]),
        Edge::Release => (RELEASE_EDGE, &[DEMO_EDGE]),
        Edge::Next => (NEXT_EDGE, &[DEMO_EDGE, RELEASE_EDGE]),
    };
    let step = Step::new(name, 180, move |log| {
        let compiled = workspace.target("edge-build");
        let mut compile = cargo(workspace.root(), "build");
        compile.args(["-p", "infocig-edge", "--lib", "--profile", "edge", "--target", WASM]);
        compile.args(features(variant)).arg("--target-dir").arg(&compiled).envs([JS_SYS_FUTURES]);
        log.run(&mut compile)?;
        // The other variants overwrite this file.
        copy_if_different(
            &compiled.join(WASM).join("edge/infocig_edge.wasm"),
            &edge_module(workspace, variant),
        )?;
        Ok(())
    });
    // The compiler writes other paths of the standard library into the module where its source is there.
    step.after(&[WASM_TARGET, RUST_SOURCE]).after(after)
}

/// The copy of an edge of the release build.
pub(super) fn edge_module(workspace: &Workspace, variant: Edge) -> PathBuf {
    Quality::Release.work(workspace, variant.name()).with_extension("wasm")
}

pub(super) const DEMO_EDGE: &str = "compile the edge with a clock";
pub(super) const RELEASE_EDGE: &str = "compile the edge";
pub(super) const NEXT_EDGE: &str = "compile the edge of the next version";

#[cfg(test)]
mod tests {
    use super::*;

    /// The edge itself refuses to be compiled as a version to come without the clock, and a test proves that a release has none.
    #[test]
    fn only_the_next_version_is_compiled_as_one() {
        let of = |edge| features(edge).any(|word| word.ends_with("next-version"));

        assert!(of(Edge::Next) && !of(Edge::Demo) && !of(Edge::Release));
        assert_eq!(features(Edge::Release).count(), 0);
    }
}
