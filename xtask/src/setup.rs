// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask setup`: installs every tool that any command needs. Each command also installs its own.

use clap::Args;

use crate::plan;
use crate::process::Failure;
use crate::tools::{self, Packages};
use crate::workspace::Workspace;

/// Install everything that builds and tests need; other commands install their own needs
#[derive(Debug, Args)]
pub(crate) struct Setup {}

impl Setup {
    pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
        let mut steps = vec![
            tools::wasm_target(workspace),
            tools::packages(workspace, Packages::All),
            tools::rust_source(workspace),
            tools::geckodriver(workspace),
            tools::oidc(workspace),
            tools::browsers(),
        ];
        if tools::HAS_CLUSTER {
            steps.extend([tools::cluster_runtime(workspace), tools::s3(workspace)]);
        }
        if tools::HAS_DOTNET {
            steps.push(tools::dotnet(workspace));
        }
        plan::run(workspace, steps).1
    }
}
