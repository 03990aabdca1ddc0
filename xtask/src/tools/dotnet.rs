// SPDX-License-Identifier: EUPL-1.2
//! The runtime of .NET for the signer in C# (`docs/signers/Sign.cs`), from packages of Python: Debian has a compiler of C#, and no
//! runtime for what it compiles here.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::{DOTNET, pip};
use crate::plan::{Log, Step};
use crate::process::{Failure, OrFail};
use crate::workspace::Workspace;

/// Whether the packages exist for this platform.
pub(crate) const HAS_DOTNET: bool = cfg!(all(target_os = "linux", target_arch = "x86_64"));

/// Runtime and assemblies, in `target/tools/dotnet`.
pub(crate) fn dotnet(workspace: &Workspace) -> Step<'_> {
    Step::new(DOTNET, 15, |log| install(workspace, log)).hint(
        "it needs Python with venv and pip (on Debian `sudo apt-get install -y python3-venv`) and the network",
    )
}

fn install(workspace: &Workspace, log: &Log) -> Result<(), Failure> {
    pip::install(workspace, log, "dotnet")?;
    // The package has its program as a file like any other. The folder between has Python's version in its name.
    let versions = workspace.target("tools/dotnet/lib");
    let doing = || format!("reading {}", versions.display());
    for version in fs::read_dir(&versions).or_fail(doing())?.flatten() {
        let program = version.path().join("site-packages/dnv/net/runtime/.net/dotnet");
        let executable = Permissions::from_mode(0o755);
        fs::set_permissions(&program, executable)
            .or_fail(format_args!("making {} a program", program.display()))?;
    }
    Ok(())
}
