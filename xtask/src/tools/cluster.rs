// SPDX-License-Identifier: EUPL-1.2
//! The tools of the cluster profile alone (`docs/cluster.md`): a newer runtime, and the stand-in of S3 that its test runs on.
//!
//! Both have a lock file of their own, `edge/cluster/package-lock.json` and `e2e/s3/requirements.txt`, and a folder of their own
//! in `target/tools`, so that nobody downloads them who does not run a cluster.

use super::npm::install_apart;
use super::{CLUSTER_RUNTIME, NETWORK, S3, pip};
use crate::plan::{Log, Step};
use crate::process::Failure;
use crate::workspace::Workspace;

/// Whether the makers of the runtime publish one with a cluster mode for this platform, as far as it is locked here.
pub(crate) const HAS_CLUSTER: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// The runtime with a cluster mode, in `target/tools/cluster`.
pub(crate) fn cluster_runtime(workspace: &Workspace) -> Step<'_> {
    Step::new(CLUSTER_RUNTIME, 10, |log| install_runtime(workspace, log)).hint(NETWORK)
}

fn install_runtime(workspace: &Workspace, log: &Log) -> Result<(), Failure> {
    let binary = "node_modules/@cloudflare/workerd-linux-64/bin/workerd";
    install_apart(workspace, "edge/cluster", "tools/cluster", binary, log)
}

/// The stand-in of S3, moto, in a virtual environment in `target/tools/s3`.
pub(crate) fn s3(workspace: &Workspace) -> Step<'_> {
    Step::new(S3, 30, |log| pip::install(workspace, log, "s3")).hint(
        "it needs Python 3.11 or newer with venv and pip (on Debian `sudo apt-get install -y python3-venv`) and the network; by \
         hand: `python3 -m venv target/tools/s3 && target/tools/s3/bin/pip install --require-hashes --no-deps -r \
         e2e/s3/requirements.txt`, then `cp e2e/s3/requirements.txt target/tools/s3/installed.txt`",
    )
}
