// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask units`: the guide for one machine under a systemd of its own, with the quick build.
//!
//! This machine's systemd is started as the first process of namespaces, over a copy of this machine's files that is gone
//! afterwards: nothing is installed here, no port is taken, and a systemd that runs here notices nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::build::{self, Edge, Quality};
use crate::plan::{self, Log, Step};
use crate::process::{Failure, OrFail, answer, ask, cargo, run};
use crate::workspace::Workspace;

/// Install, start, restart, back up and kill the service under a systemd of its own, as root on Linux
///
/// Follows docs/deployment.md with the units of packaging/systemd: credentials, the socket that stays open, the filter of system
/// calls. Nothing is installed on this machine.
#[derive(Debug, Args)]
pub(crate) struct Units {}

impl Units {
    pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
        if !can_run() {
            return Err(Failure::Step(
                "it needs root, Linux, systemd, curl, ip and unshare, and the permission to make namespaces"
                    .to_owned(),
            ));
        }
        plan::run(workspace, build::steps(workspace, Quality::Quick, &[Edge::Demo])).1?;
        run("compile infocig", cargo(workspace.root(), "build").args(["--quiet", "-p", "infocig"]))?;
        plan::run(workspace, vec![step(workspace)]).1?;
        answer(fs::read_to_string(log_of(workspace)).or_fail("reading what it wrote")?.trim_end());
        Ok(())
    }
}

/// The step, once `infocig` and the quick build are there.
pub(crate) fn step(workspace: &Workspace) -> Step<'_> {
    Step::new(UNITS, 15, |log| follow_the_guide(workspace, log)).alone()
}

/// Its name.
pub(crate) const UNITS: &str = "the units under systemd";

/// Whether this machine lets one start a systemd.
pub(crate) fn can_run() -> bool {
    let is_root = ask(Command::new("id").arg("-u")).is_some_and(|user| user == "0");
    let namespaces = ["--fork", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net", "true"];
    let has_all = ["curl", "ip", "systemctl", "unshare"].iter().all(|program| which::which(program).is_ok());
    is_root
        && has_all
        && Path::new("/lib/systemd/systemd").exists()
        && ask(Command::new("unshare").args(namespaces)).is_some()
}

fn follow_the_guide(workspace: &Workspace, log: &Log) -> Result<(), Failure> {
    let written = log_of(workspace);
    File::create(&written).or_fail(format_args!("creating {}", written.display()))?;
    let mut system = Command::new("sh");
    system.arg(workspace.path("xtask/src/units/system.sh"));
    system
        .arg(workspace.path("packaging/systemd"))
        .arg(workspace.target("debug/infocig"))
        .arg(workspace.workerd()?);
    system.arg(Edge::Demo.folder(workspace, Quality::Quick)).arg(Quality::Quick.site(workspace));
    system.arg(workspace.path("xtask/src/units/inside.sh")).arg(&written);
    log.run(&mut system)
}

fn log_of(workspace: &Workspace) -> PathBuf {
    workspace.target("xtask/units.log")
}
