// SPDX-License-Identifier: EUPL-1.2
//! What cargo compiles to WebAssembly.
//!
//! The quick build is one run of cargo: the three crates share every dependency, and macros with what is compiled for this
//! machine. In a release each has compiler flags of its own, and a target folder of its own, because cargo would replace one's
//! dependencies with the other's.

use std::path::PathBuf;
use std::process::Command;

use super::interface::{CONSOLE, Interface, WIDGET};
use super::mirror::copy_if_different;
use super::variants::{Edge, Lints, QUICK_EDGE, Quality};
use crate::lint;
use crate::plan::Step;
use crate::process::cargo;
use crate::tools::{RUST_SOURCE, WASM, WASM_TARGET};
use crate::workspace::Workspace;

/// The steps, for those that come after them.
pub(super) const QUICK: &str = "compile the quick widget, console and edge";
pub(super) const QUICK_AS_DEPLOYED: &str = "compile the quick widget and edge as they are deployed";

/// Types of views are erased: a third less to download, measured at the console's size, and less to compile.
pub(super) const ERASED_VIEWS: &str = "--cfg erase_components";
/// Has `wasm-bindgen` expand asynchronous functions as the crate `worker` expects.
const JS_SYS_FUTURES: (&str, &str) = ("WASM_BINDGEN_USE_JS_SYS", "1");

/// All three modules.
pub(super) fn quick(workspace: &Workspace, lints: Lints) -> Step<'_> {
    Step::new(QUICK, 150, move |log| {
        let mut compile = quick_build(workspace, lints);
        compile.args(["--features", "infocig-edge/test-clock"]);
        log.run(&mut compile)
    })
    .after(&[WASM_TARGET])
}

/// The widget and the edge with the features of a release: the same as [`quick`] in another form, in the same place, so it
/// waits until that has been used.
pub(super) fn quick_as_deployed(workspace: &Workspace, lints: Lints) -> Step<'_> {
    Step::new(QUICK_AS_DEPLOYED, 25, move |log| {
        let mut compile = quick_build(workspace, lints);
        compile.args(["--features", "infocig-widget/split"]);
        log.run(&mut compile)
    })
    .after(&[QUICK, QUICK_EDGE])
    .after(&[&WIDGET, &CONSOLE].map(|interface| interface.files_step(Quality::Quick)))
}

fn quick_build(workspace: &Workspace, lints: Lints) -> Command {
    let mut compile = cargo(workspace.root(), "build");
    compile.args(["--lib", "--target", WASM]);
    // All three, whatever for: with fewer, dependencies would have fewer features and be compiled again.
    compile.args(["-p", "infocig-widget", "-p", "infocig-console", "-p", "infocig-edge"]);
    // Nothing in a browser or in workerd reads it.
    compile.env("CARGO_PROFILE_DEV_DEBUG", "false");
    // For the target alone: flags of the whole build would compile what runs on this machine anew.
    compile.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", ERASED_VIEWS).envs([JS_SYS_FUTURES]);
    if lints == Lints::Fail {
        lint::while_compiling(&mut compile);
    }
    compile
}

/// Where a module of the quick build is.
pub(super) fn quick_module(workspace: &Workspace, module: &str) -> PathBuf {
    workspace.target(WASM).join("debug").join(format!("{module}.wasm"))
}

/// An interface, for size.
pub(super) fn interface<'a>(workspace: &'a Workspace, interface: &'static Interface) -> Step<'a> {
    Step::new(interface.compile_step, interface.seconds, |log| {
        let mut compile = cargo(workspace.root(), "rustc");
        // As one kind of library alone: cargo optimises no crate at link time that is another kind as well.
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

/// The edge, for speed.
pub(super) fn edge(workspace: &Workspace, variant: Edge) -> Step<'_> {
    let (name, features): (_, &[&str]) = match variant {
        Edge::Demo => (DEMO_EDGE, &["--features", "test-clock"]),
        Edge::Release => (RELEASE_EDGE, &[]),
    };
    let step = Step::new(name, 180, move |log| {
        let compiled = workspace.target("edge-build");
        let mut compile = cargo(workspace.root(), "build");
        compile.args(["-p", "infocig-edge", "--lib", "--profile", "edge", "--target", WASM]);
        compile.args(features).arg("--target-dir").arg(&compiled).envs([JS_SYS_FUTURES]);
        log.run(&mut compile)?;
        // The other variant will be compiled to the same place.
        copy_if_different(
            &compiled.join(WASM).join("edge/infocig_edge.wasm"),
            &edge_module(workspace, variant),
        )?;
        Ok(())
    });
    let step = step.after(&[WASM_TARGET]);
    if variant == Edge::Release { step.after(&[DEMO_EDGE]) } else { step }
}

/// Where an edge of the release build is.
pub(super) fn edge_module(workspace: &Workspace, variant: Edge) -> PathBuf {
    let name = if variant == Edge::Demo { "edge-with-a-clock.wasm" } else { "edge.wasm" };
    Quality::Release.work(workspace, name)
}

pub(super) const DEMO_EDGE: &str = "compile the edge with a clock";
pub(super) const RELEASE_EDGE: &str = "compile the edge";
