// SPDX-License-Identifier: EUPL-1.2
//! The variants of a build, where their results are, and the names of their last steps.

use std::path::PathBuf;

use crate::workspace::Workspace;

/// The quality of a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quality {
    /// Compiled in seconds, for the demo and most tests.
    Quick,
    /// Optimised for size and speed: what ships.
    Release,
}

/// The Workers that are built from the same sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// With a clock that can be set.
    Demo,
    /// Without it, as deployed.
    Release,
    /// A version to come, with a clock: another name, and one more schema step for each object. Upgrades are rehearsed with it.
    Next,
}

/// The names of the last step of each build, for steps that run after it.
pub(crate) const QUICK_SITE: &str = "put the quick site together";
pub(crate) const QUICK_EDGE: &str = "pack the quick edge";
pub(crate) const QUICK_EDGE_AS_DEPLOYED: &str = "pack the quick edge as it is deployed";
pub(crate) const QUICK_NEXT_EDGE: &str = "pack the quick edge of the next version";
pub(crate) const RELEASE_SITE: &str = "put the site together";
pub(crate) const DEMO_EDGE: &str = "pack the edge with a clock";
pub(crate) const RELEASE_EDGE: &str = "pack the edge";
pub(crate) const NEXT_EDGE: &str = "pack the edge of the next version";

/// Whether the quick build is linted while it is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lints {
    /// Not linted.
    Ignored,
    /// Linted; any warning fails the build.
    Fail,
}

impl Quality {
    /// The value of the variables with which tests and measurements choose it.
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

    /// The folder of an intermediate result.
    pub(super) fn work(self, workspace: &Workspace, name: &str) -> PathBuf {
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
            (Quality::Quick, Self::Next) => "quick/edge-next",
            (Quality::Release, Self::Next) => "edge/next",
        })
    }

    /// The features of `infocig-edge` it is compiled with.
    pub(super) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Demo => &["infocig-edge/test-clock"],
            Self::Release => &[],
            Self::Next => &["infocig-edge/test-clock", "infocig-edge/next-version"],
        }
    }

    /// The name of its intermediate results.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Demo => "edge-with-a-clock",
            Self::Release => "edge",
            Self::Next => "edge-of-the-next-version",
        }
    }
}
