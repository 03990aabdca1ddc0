// SPDX-License-Identifier: EUPL-1.2
//! Packages of Python in a virtual environment of their own, each by its digest.

use std::fs;
use std::process::Command;

use crate::plan::Log;
use crate::process::{Failure, OrFail};
use crate::workspace::Workspace;

/// Installs what `e2e/NAME/requirements.txt` lists into `target/tools/NAME`, unless it is there.
pub(super) fn install(workspace: &Workspace, log: &Log, name: &str) -> Result<(), Failure> {
    let folder = workspace.target("tools").join(name);
    let wanted = workspace.path("e2e").join(name).join("requirements.txt");
    // Written last: it says that everything before succeeded.
    let installed = folder.join("installed.txt");
    let text = fs::read_to_string(&wanted).or_fail(format_args!("reading {}", wanted.display()))?;
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    if which::which("python3").is_err() {
        return Err(Failure::Step("python3 is not on the PATH".to_owned()));
    }
    log.run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut install = Command::new(folder.join("bin/pip"));
    install.args(["install", "--require-hashes", "--no-deps", "--disable-pip-version-check"]);
    log.run(install.arg("--requirement").arg(&wanted))?;
    fs::write(&installed, text).or_fail(format_args!("writing {}", installed.display()))
}
