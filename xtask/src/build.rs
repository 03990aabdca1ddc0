// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask build`: the files visitors download and the Worker that serves them, in one of two qualities.
//!
//! | | quick: for the demo and most tests | release: what ships |
//! |---|---|---|
//! | site | `target/quick/site` | `target/site`, with its files compressed |
//! | Worker with a clock that can be set | `target/quick/edge` | `target/edge/demo` |
//! | Worker as it is deployed | `target/quick/edge-as-deployed`, for tests alone | `target/edge/release` |
//! | Worker of a version to come, to rehearse an upgrade | `target/quick/edge-next` | `target/edge/next` |
//! | modules | one cargo build for all three, optimised little | each by itself, optimised at link time; those of pages then by `wasm-opt` |
//! | the widget's module | in one piece | split into three parts |
//!
//! A step whose inputs did not change since its last run is skipped ([`stamp`]).

mod bindings;
mod bundle;
mod compile;
pub(crate) mod compress;
mod edge;
mod files;
mod interface;
mod mirror;
mod shorten_imports;
mod site;
mod stamp;
mod variants;

use clap::Args;

use self::interface::{CALL, CONSOLE, WIDGET};
pub(crate) use self::variants::{
    DEMO_EDGE, Edge, Lints, NEXT_EDGE, QUICK_EDGE, QUICK_EDGE_AS_DEPLOYED, QUICK_NEXT_EDGE, QUICK_SITE,
    Quality, RELEASE_EDGE, RELEASE_SITE,
};
use std::path::PathBuf;

use crate::plan::{self, Step};
use crate::process::{Failure, print_line};
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Make the site and the Worker
#[derive(Debug, Args)]
pub(crate) struct Build {
    /// Make what ships: target/site and target/edge/release. It takes minutes and needs Binaryen and rust-src
    #[arg(long)]
    release: bool,
}

impl Build {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let steps = if self.release {
            steps(workspace, Quality::Release, &[Edge::Release])
        } else {
            steps(workspace, Quality::Quick, &[Edge::Demo])
        };
        plan::run(workspace, steps).1?;
        print_line(if self.release {
            "✓ target/site and target/edge/release"
        } else {
            "✓ target/quick/site and target/quick/edge"
        });
        Ok(())
    }
}

/// Everything from the tools to the site and the edges. A quick edge always has a clock.
pub(crate) fn steps<'a>(workspace: &'a Workspace, quality: Quality, edges: &[Edge]) -> Vec<Step<'a>> {
    let mut steps = vec![tools::wasm_target(workspace)];
    match quality {
        Quality::Quick => {
            steps.push(tools::packages(workspace, Packages::Runtime));
            steps.extend(quick_steps(workspace, Lints::Ignored));
        }
        Quality::Release => {
            steps.push(tools::rust_source(workspace));
            steps.push(tools::packages(workspace, Packages::All));
            steps.extend(release_steps(workspace, edges));
        }
    }
    steps
}

/// The quick build without the tools it needs.
pub(crate) fn quick_steps(workspace: &Workspace, lints: Lints) -> Vec<Step<'_>> {
    let packed = [compile::QUICK, tools::RUNTIME_PACKAGES, tools::ALL_PACKAGES];
    vec![
        compile::quick(workspace, lints),
        edge::pack(workspace, Quality::Quick, Edge::Demo).after(&packed),
        interface::files(workspace, &WIDGET, Quality::Quick).after(&packed),
        interface::files(workspace, &CONSOLE, Quality::Quick).after(&packed),
        interface::files(workspace, &CALL, Quality::Quick).after(&packed),
        site::put_together(workspace, Quality::Quick),
    ]
}

/// The quick edge of a version to come.
pub(crate) fn quick_next_steps(workspace: &Workspace, lints: Lints) -> Vec<Step<'_>> {
    let packages = [tools::RUNTIME_PACKAGES, tools::ALL_PACKAGES];
    vec![
        compile::quick_next(workspace, lints),
        edge::pack(workspace, Quality::Quick, Edge::Next).after(&packages),
    ]
}

/// The quick edge without a clock that can be set, and the lints of code that only a release compiles.
pub(crate) fn quick_steps_as_deployed(workspace: &Workspace, lints: Lints) -> Vec<Step<'_>> {
    let packages = [tools::RUNTIME_PACKAGES, tools::ALL_PACKAGES];
    vec![
        compile::quick_as_deployed(workspace, lints),
        edge::pack(workspace, Quality::Quick, Edge::Release).after(&packages),
    ]
}

/// The release build without the tools it needs. Modules that take longest come first.
pub(crate) fn release_steps<'a>(workspace: &'a Workspace, edges: &[Edge]) -> Vec<Step<'a>> {
    let mut steps = vec![
        compile::interface(workspace, &CONSOLE),
        compile::interface(workspace, &WIDGET),
        compile::interface(workspace, &CALL),
    ];
    for interface in [&CONSOLE, &WIDGET, &CALL] {
        steps.push(interface::files(workspace, interface, Quality::Release).after(&[tools::ALL_PACKAGES]));
    }
    steps.extend(edges.iter().flat_map(|&edge| edge_steps(workspace, edge)));
    steps.push(site::put_together(workspace, Quality::Release));
    steps
}

/// The shipped files of the widget, without the rest of the site.
pub(crate) fn widget_steps(workspace: &Workspace) -> Vec<Step<'_>> {
    vec![
        tools::wasm_target(workspace),
        tools::rust_source(workspace),
        tools::packages(workspace, Packages::All),
        compile::interface(workspace, &WIDGET),
        interface::files(workspace, &WIDGET, Quality::Release).after(&[tools::ALL_PACKAGES]),
    ]
}

/// The folder where [`widget_steps`] leaves the loader, beside the folder `widget` with the other files.
pub(crate) fn widget_files(workspace: &Workspace) -> PathBuf {
    WIDGET.done(workspace, Quality::Release)
}

/// One edge of the release build without the tools it needs.
pub(crate) fn edge_steps(workspace: &Workspace, variant: Edge) -> Vec<Step<'_>> {
    let pack = edge::pack(workspace, Quality::Release, variant).after(&[tools::ALL_PACKAGES]);
    vec![compile::edge(workspace, variant), pack]
}
