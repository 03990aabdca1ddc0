// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask build`: the files visitors download and the Worker that serves them, in one of two qualities.
//!
//! | | quick: for the demo and most tests | release: what ships |
//! |---|---|---|
//! | site | `target/quick/site` | `target/site`, with its files compressed |
//! | Worker with a clock that can be set | `target/quick/edge` | `target/edge/demo` |
//! | Worker as it is deployed | `target/quick/edge-as-deployed`, for tests alone | `target/edge/release` |
//! | modules | one cargo build for all three, optimised little | each by itself, optimised at link time, then by `wasm-opt` |
//! | the widget's module | in one piece | split into three parts |
//!
//! A result that was made of the same inputs is not made again ([`stamp`]).

mod bindings;
mod bundle;
mod compile;
pub(crate) mod compress;
mod edge;
mod interface;
mod mirror;
mod names;
mod site;
mod stamp;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use self::interface::{CONSOLE, WIDGET};
use crate::plan::{self, Step};
use crate::process::{Failure, OrFail, say};
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
        say(if self.release {
            "✓ target/site and target/edge/release"
        } else {
            "✓ target/quick/site and target/quick/edge"
        });
        Ok(())
    }
}

/// How much work goes into a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Made in seconds.
    Quick,
    /// As small and fast as it gets.
    Release,
}

/// The two Workers that are built from the same sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// With the feature `test-clock`.
    Demo,
    /// As it is deployed.
    Release,
}

/// The last step of each build, for steps that need what it makes.
pub(crate) const QUICK_SITE: &str = "put the quick site together";
pub(crate) const QUICK_EDGE: &str = "pack the quick edge";
pub(crate) const QUICK_EDGE_AS_DEPLOYED: &str = "pack the quick edge as it is deployed";
pub(crate) const RELEASE_SITE: &str = "put the site together";
pub(crate) const DEMO_EDGE: &str = "pack the edge with a clock";
pub(crate) const RELEASE_EDGE: &str = "pack the edge";

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

/// Whether the quick build is linted while it is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lints {
    /// It is not.
    Ignored,
    /// It is, and any warning fails.
    Fail,
}

/// The quick build without the tools it needs.
pub(crate) fn quick_steps(workspace: &Workspace, lints: Lints) -> Vec<Step<'_>> {
    let packed = [compile::QUICK, tools::RUNTIME_PACKAGES, tools::ALL_PACKAGES];
    vec![
        compile::quick(workspace, lints),
        edge::pack(workspace, Quality::Quick, Edge::Demo).after(&packed),
        interface::files(workspace, &WIDGET, Quality::Quick).after(&packed),
        interface::files(workspace, &CONSOLE, Quality::Quick).after(&packed),
        site::put_together(workspace, Quality::Quick),
    ]
}

/// The quick edge without a clock that can be set, and the lints of what only a release compiles.
pub(crate) fn quick_steps_as_deployed(workspace: &Workspace, lints: Lints) -> Vec<Step<'_>> {
    let packages = [tools::RUNTIME_PACKAGES, tools::ALL_PACKAGES];
    vec![
        compile::quick_as_deployed(workspace, lints),
        edge::pack(workspace, Quality::Quick, Edge::Release).after(&packages),
    ]
}

/// The release build without the tools it needs. Modules that take longest come first.
pub(crate) fn release_steps<'a>(workspace: &'a Workspace, edges: &[Edge]) -> Vec<Step<'a>> {
    let mut steps = vec![compile::interface(workspace, &CONSOLE), compile::interface(workspace, &WIDGET)];
    for interface in [&CONSOLE, &WIDGET] {
        steps.push(interface::files(workspace, interface, Quality::Release).after(&[tools::ALL_PACKAGES]));
    }
    steps.extend(edges.iter().flat_map(|&edge| edge_steps(workspace, edge)));
    steps.push(site::put_together(workspace, Quality::Release));
    steps
}

/// What ships of the widget, without the rest of the site.
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

impl Quality {
    /// What tests and measurements call it.
    pub(crate) fn name(self) -> &'static str {
        if self == Self::Quick { "quick" } else { "release" }
    }

    /// The files visitors download.
    pub(crate) fn site(self, workspace: &Workspace) -> PathBuf {
        workspace.target(if self == Self::Quick { "quick/site" } else { "site" })
    }

    /// The Worker with a clock that can be set.
    pub(crate) fn demo_edge(self, workspace: &Workspace) -> PathBuf {
        Edge::Demo.folder(workspace, self)
    }

    /// Where results lie that are put together later.
    fn work(self, workspace: &Workspace, name: &str) -> PathBuf {
        workspace.target(if self == Self::Quick { "xtask/quick" } else { "xtask/release" }).join(name)
    }
}

impl Edge {
    /// Where its files are.
    pub(crate) fn folder(self, workspace: &Workspace, quality: Quality) -> PathBuf {
        workspace.target(match (quality, self) {
            (Quality::Quick, Self::Demo) => "quick/edge",
            (Quality::Quick, Self::Release) => "quick/edge-as-deployed",
            (Quality::Release, Self::Demo) => "edge/demo",
            (Quality::Release, Self::Release) => "edge/release",
        })
    }
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).or_fail(format_args!("creating {}", folder.display()))
}

fn empty(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).or_fail(format_args!("removing {}", folder.display()))?;
    }
    create(folder)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).or_fail(format_args!("reading {}", file.display()))
}

fn read_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).or_fail(format_args!("reading {}", file.display()))
}

fn write(file: &Path, contents: &[u8]) -> Result<(), Failure> {
    fs::write(file, contents).or_fail(format_args!("writing {}", file.display()))
}
