// SPDX-License-Identifier: EUPL-1.2
//! Installing tools: one step for each, so that a command installs only those it needs.
//!
//! Versions are never written here. They come from `rust-toolchain.toml`, `package-lock.json`, `e2e/geckodriver/Cargo.lock`,
//! `edge/cluster/package-lock.json`, `e2e/oidc/package-lock.json`, `e2e/s3/requirements.txt` and `e2e/dotnet/requirements.txt`;
//! nothing is compiled or installed without a lock file.
//! Everything is installed inside the repository (`target/tools`, `node_modules`), except parts of the compiler (by rustup) and browsers (by apt-get).

mod browsers;
mod cluster;
mod dotnet;
mod npm;
mod pip;

use std::path::Path;
use std::process::Command;

pub(crate) use self::browsers::browsers;
pub(crate) use self::cluster::{HAS_CLUSTER, cluster_runtime, s3};
pub(crate) use self::dotnet::{HAS_DOTNET, dotnet};
pub(crate) use self::npm::{Packages, oidc, packages};
use crate::plan::{Log, Step};
use crate::process::{Failure, ask, cargo};
use crate::workspace::Workspace;

/// The target that the widget, the console and the edge are compiled to.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The names of the steps, for steps that run after them.
pub(crate) const WASM_TARGET: &str = "install the WebAssembly target";
pub(crate) const RUST_SOURCE: &str = "install the source of the standard library";
pub(crate) const RUNTIME_PACKAGES: &str = "install the npm packages that run the service";
pub(crate) const ALL_PACKAGES: &str = "install the npm packages";
pub(crate) const GECKODRIVER: &str = "compile geckodriver";
pub(crate) const CLUSTER_RUNTIME: &str = "install the runtime of the cluster";
pub(crate) const OIDC: &str = "install the provider of OpenID Connect";
pub(crate) const DOTNET: &str = "install the runtime of .NET";
pub(crate) const S3: &str = "install the stand-in of S3";
pub(crate) const BROWSERS: &str = "install the browsers and interpreters";

/// The compiler's WebAssembly target.
pub(crate) fn wasm_target(workspace: &Workspace) -> Step<'_> {
    Step::new(WASM_TARGET, 8, |log| {
        let library = rustc(workspace, &["--print", "target-libdir", "--target", WASM])?;
        component(
            workspace,
            log,
            Path::new(&library),
            &["target", "add", WASM],
            "the target's standard library",
        )
    })
    .hint(NETWORK)
}

/// The source of the standard library, which the release of the widget is compiled with.
pub(crate) fn rust_source(workspace: &Workspace) -> Step<'_> {
    Step::new(RUST_SOURCE, 4, |log| {
        let sysroot = rustc(workspace, &["--print", "sysroot"])?;
        let source = Path::new(&sysroot).join("lib/rustlib/src/rust/library");
        component(
            workspace,
            log,
            &source,
            &["component", "add", "rust-src"],
            "the source of the standard library",
        )
    })
    .hint(NETWORK)
    // Two runs of rustup would wait for each other.
    .after(&[WASM_TARGET])
}

/// Firefox's driver, in `target/tools/bin`. It only passes commands on, so it is compiled without optimisation.
pub(crate) fn geckodriver(workspace: &Workspace) -> Step<'_> {
    Step::new(GECKODRIVER, 110, |log| {
        let mut compile = cargo(workspace.root(), "build");
        compile.arg("--manifest-path").arg(workspace.path("e2e/geckodriver/Cargo.toml"));
        compile.args(["--package", "geckodriver", "--bin", "geckodriver"]);
        compile.arg("--target-dir").arg(workspace.target("tools/geckodriver"));
        log.run(&mut compile)
    })
}

pub(crate) const NETWORK: &str =
    "see whether the network and the package registries can be reached, and repeat the command";

/// The output of `rustc` with these arguments.
fn rustc(workspace: &Workspace, words: &[&str]) -> Result<String, Failure> {
    ask(Command::new("rustc").current_dir(workspace.root()).args(words)).ok_or_else(|| {
        Failure::Step("rustc does not run here: install Rust with rustup, https://rustup.rs".to_owned())
    })
}

/// Adds a part of the compiler with rustup unless its folder exists.
fn component(
    workspace: &Workspace,
    log: &Log,
    folder: &Path,
    words: &[&str],
    what: &str,
) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    if which::which("rustup").is_err() {
        return Err(Failure::Step(format!(
            "{what} is missing, and there is no rustup to add it: install it with the package manager Rust came from, so \
             that {} exists",
            folder.display()
        )));
    }
    log.run(Command::new("rustup").current_dir(workspace.root()).args(words))
}
