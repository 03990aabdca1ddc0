// SPDX-License-Identifier: EUPL-1.2
//! The paths of built artefacts. A missing one is an error with the command that builds it, never a reason to skip a test.
//!
//! `cargo xtask` builds two qualities: *quick*, compiled in seconds, and *release*, which ships. Tests use the quick
//! ones unless `INFOCIG_SITE=release` or `INFOCIG_EDGE=release` is set.

use std::{
    env::{self, consts},
    path::{Path, PathBuf},
};

use crate::error::Error;

/// A build of the Worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// With the test clock, as in the demo.
    Demo,
    /// Without it, as deployed.
    Release,
    /// A version to come, with it: another name, and one more schema step for each object.
    Next,
}

/// The configuration of a build of the Worker; its modules lie beside it.
pub fn worker(variant: Variant) -> Result<PathBuf, Error> {
    let (folder, command) = match variant {
        Variant::Release if is_release("INFOCIG_EDGE")? => ("target/edge/release", BUILD_RELEASE),
        Variant::Release => ("target/quick/edge-as-deployed", "run `cargo xtask test`"),
        Variant::Next if is_release("INFOCIG_EDGE")? => ("target/edge/next", "run `cargo xtask upgrade`"),
        Variant::Next => ("target/quick/edge-next", "run `cargo xtask test`"),
        Variant::Demo if is_release("INFOCIG_EDGE")? => ("target/edge/demo", "run `cargo xtask soak`"),
        Variant::Demo => ("target/quick/edge", BUILD),
    };
    for module in ["index.js", "index_bg.wasm"] {
        existing(format!("{folder}/{module}"), command)?;
    }
    existing(format!("{folder}/workerd.capnp"), command)
}

/// The configuration of the bare Durable Object that measurements compare with; its module lies beside it.
pub fn bare_worker() -> Result<PathBuf, Error> {
    existing("e2e/bare/workerd.capnp", "the repository is not whole")
}

/// The files browsers load from the edge: loader, widget, console, fonts.
pub fn site() -> Result<PathBuf, Error> {
    if is_release("INFOCIG_SITE")? { release_site() } else { whole_site("target/quick/site", BUILD) }
}

/// The same files of the release: with compressed forms, and the widget's module in parts.
pub fn release_site() -> Result<PathBuf, Error> {
    whole_site("target/site", BUILD_RELEASE)
}

fn whole_site(folder: &str, command: &str) -> Result<PathBuf, Error> {
    for loader in ["info-cig.js", "console.js", "call.js"] {
        existing(format!("{folder}/{loader}"), command)?;
    }
    existing(folder, command)
}

/// Whether the variable asks for the release quality.
fn is_release(variable: &str) -> Result<bool, Error> {
    match env::var(variable).as_deref() {
        Err(_) | Ok("quick") => Ok(false),
        Ok("release") => Ok(true),
        Ok(other) => Err(Error::new(format!("{variable} is `{other}`, neither `quick` nor `release`"))),
    }
}

const BUILD: &str = "run `cargo xtask build`";
const BUILD_RELEASE: &str = "run `cargo xtask build --release`";

/// The default policy.
pub fn policy() -> Result<PathBuf, Error> {
    existing("edge/policy.json", "the repository is not whole")
}

/// The stand-in's pages.
pub fn portal_pages() -> Result<PathBuf, Error> {
    existing("public/portal", "the repository is not whole")
}

/// The runtime, found as node does: first the copy beside the package `workerd`, then the shared one.
pub fn workerd() -> Result<PathBuf, Error> {
    let platform = match (consts::OS, consts::ARCH) {
        ("linux", "x86_64") => "linux-64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-64",
        ("macos", "aarch64") => "darwin-arm64",
        (system, machine) => return Err(Error::new(format!("no runtime for {system} on {machine}"))),
    };
    let binary = format!("@cloudflare/workerd-{platform}/bin/workerd");
    let own = workspace().join("node_modules/workerd/node_modules").join(&binary);
    if own.is_file() {
        Ok(own)
    } else {
        existing(format!("node_modules/{binary}"), "run `cargo xtask setup`")
    }
}

/// The runtime with a cluster mode.
pub fn cluster_workerd() -> Result<PathBuf, Error> {
    let binary = "target/tools/cluster/node_modules/@cloudflare/workerd-linux-64/bin/workerd";
    existing(binary, "run `cargo xtask setup`")
}

/// The stand-in of S3.
pub(crate) fn s3() -> Result<PathBuf, Error> {
    existing("target/tools/s3/bin/moto_server", "run `cargo xtask setup`")
}

/// The folder of the npm packages of the provider of OpenID Connect.
pub(crate) fn oidc() -> Result<PathBuf, Error> {
    existing("target/tools/oidc/node_modules/oidc-provider", "run `cargo xtask setup`")?;
    Ok(workspace().join("target/tools/oidc"))
}

/// Its program.
pub(crate) fn oidc_program() -> Result<PathBuf, Error> {
    existing("e2e/oidc/provider.js", "it belongs to the repository")
}

/// The program for operators, as it is compiled with the tests. It is run by path: cargo below `cargo test` has a different
/// environment, and would compile the program and its dependencies again in every run.
pub fn infocig() -> Result<PathBuf, Error> {
    existing("target/debug/infocig", "run `cargo test --workspace --all-targets --no-run`")
}

/// The folders with the program `dotnet`, and with the assemblies of .NET Core that a compiler of C# reads.
pub fn dotnet() -> Result<(PathBuf, PathBuf), Error> {
    let packages = "target/tools/dotnet/lib";
    let python = existing(packages, "run `cargo xtask setup`")?.read_dir().ok();
    let python = python.and_then(|mut versions| versions.next()).and_then(Result::ok);
    let python = python.ok_or_else(|| Error::new(format!("{packages} is empty: run `cargo xtask setup`")))?;
    let packages = python.path().join("site-packages");
    let assemblies = "dotnetcore2/bin/shared/Microsoft.NETCore.App/3.1.23";
    Ok((
        existing(packages.join("dnv/net/runtime/.net"), "run `cargo xtask setup`")?,
        existing(packages.join(assemblies), "run `cargo xtask setup`")?,
    ))
}

/// The driver of Firefox.
pub(crate) fn geckodriver() -> Result<PathBuf, Error> {
    existing("target/tools/geckodriver/debug/geckodriver", "run `cargo xtask setup`")
}

/// Firefox: the extended support release where there is one.
pub(crate) fn firefox() -> Result<PathBuf, Error> {
    on_the_path(&["firefox-esr", "firefox"])
}

/// Chromium's engine as a program without windows.
pub(crate) fn headless_shell() -> Result<PathBuf, Error> {
    on_the_path(&["chromium-headless-shell"])
}

/// The first of these programs that exists.
fn on_the_path(names: &[&str]) -> Result<PathBuf, Error> {
    let path = env::var_os("PATH").unwrap_or_default();
    let named =
        |name: &&str| env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    names.iter().find_map(named).ok_or_else(|| {
        let package = names.first().unwrap_or(&"");
        Error::new(format!("{package} is not on the PATH; it comes with the package {package}"))
    })
}

/// The accessibility checker, a script for pages.
pub(crate) fn axe() -> Result<PathBuf, Error> {
    existing("node_modules/axe-core/axe.min.js", "run `cargo xtask setup`")
}

fn existing(relative: impl AsRef<Path>, otherwise: &str) -> Result<PathBuf, Error> {
    let path = workspace().join(relative.as_ref());
    if path.exists() {
        Ok(path)
    } else {
        Err(Error::new(format!("{} is missing: {otherwise}", relative.as_ref().display())))
    }
}

fn workspace() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}
