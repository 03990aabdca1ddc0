// SPDX-License-Identifier: EUPL-1.2
//! The paths of every folder and tool the automation uses.
//!
//! All paths are absolute, so a command works from any folder of the repository.

use std::path::{Path, PathBuf};

use crate::process::Failure;

/// The repository this program was built from.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The parent of the folder this crate lies in.
    pub(crate) fn of_this_program() -> Result<Self, Failure> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let Some(root) = here.parent().filter(|root| root.join("Cargo.toml").is_file()) else {
            return Err(Failure::Step(format!("no workspace around {}: was it moved?", here.display())));
        };
        Ok(Self { root: root.to_owned() })
    }

    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the repository.
    pub(crate) fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join(relative)
    }

    /// A path in the target folder, which is also cargo's.
    pub(crate) fn target(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.join("target").join(relative)
    }

    /// The folder of tools installed by `npm ci`.
    pub(crate) fn node_modules(&self) -> PathBuf {
        self.path("node_modules")
    }

    /// Binaryen's optimiser: a script for node.
    pub(crate) fn wasm_opt(&self) -> PathBuf {
        self.node_modules().join("binaryen/bin/wasm-opt")
    }

    /// The executable of esbuild, not the script that finds it.
    pub(crate) fn esbuild(&self) -> Result<PathBuf, Failure> {
        let (system, machine) = platform()?;
        let package = format!("{system}-{}", if machine == Machine::Arm64 { "arm64" } else { "x64" });
        Ok(self.beside("esbuild", &format!("@esbuild/{package}")).join("bin/esbuild"))
    }

    /// The executable of workerd, not the script that finds it: npm may be configured not to run installation scripts.
    pub(crate) fn workerd(&self) -> Result<PathBuf, Failure> {
        let (system, machine) = platform()?;
        let package = format!("{system}-{}", if machine == Machine::Arm64 { "arm64" } else { "64" });
        Ok(self.beside("workerd", &format!("@cloudflare/workerd-{package}")).join("bin/workerd"))
    }

    /// A package as node would find it from inside `owner`: its own copy first, then the shared one.
    fn beside(&self, owner: &str, package: &str) -> PathBuf {
        let own = self.node_modules().join(owner).join("node_modules").join(package);
        if own.is_dir() { own } else { self.node_modules().join(package) }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Machine {
    X64,
    Arm64,
}

/// The platform in npm's notation.
fn platform() -> Result<(&'static str, Machine), Failure> {
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    let named = match system {
        "linux" => Some("linux"),
        "macos" => Some("darwin"),
        _ => None,
    };
    let sized = match machine {
        "x86_64" => Some(Machine::X64),
        "aarch64" => Some(Machine::Arm64),
        _ => None,
    };
    named.zip(sized).ok_or_else(|| {
        Failure::Step(format!("no runtime for {system} on {machine}: Linux and macOS, on x86_64 and aarch64"))
    })
}
