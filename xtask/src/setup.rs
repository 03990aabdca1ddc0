// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask setup`: whatever a fresh machine lacks, and nothing it has.
//!
//! Versions are never written here: they come from `Cargo.lock` and `package-lock.json`, and for Firefox's driver, which no
//! crate is linked with, from `e2e/Cargo.toml`. Everything is installed inside the repository (`target/tools`,
//! `node_modules`), except the compiler's WebAssembly target.

use std::fs;
use std::path::Path;
use std::process::Command as Program;

use serde_json::Value;

use crate::args::Command;
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, ask, cargo, run, say};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "setup",
    summary: "Install what a fresh machine lacks; a moment when nothing does",
    about: "Installs the WebAssembly target, the npm packages of package-lock.json, the wasm-bindgen and worker-build\n\
            programs that match Cargo.lock, and the geckodriver of e2e/Cargo.toml. Needs rustc, cargo and Node.js. The first time takes some ten\n\
            minutes, because the programs are compiled; afterwards it only looks.",
    operand: None,
    flags: &[],
    run: |workspace, _| run_all(workspace),
};

/// The target both interfaces and the edge are compiled to.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// Everything, in the order of dependence.
pub(crate) fn run_all(workspace: &Workspace) -> Result<(), Failure> {
    wasm_target(workspace)?;
    rust_source(workspace)?;
    node(workspace)?;
    npm_packages(workspace)?;
    let lock = read(&workspace.path("Cargo.lock"))?;
    cargo_tool(workspace, "wasm-bindgen-cli", "wasm-bindgen", &locked_version(&lock, "wasm-bindgen")?, &[])?;
    // It only starts other programs, so it need not be fast: an unoptimised build saves minutes.
    cargo_tool(workspace, "worker-build", "worker-build", &locked_version(&lock, "worker")?, &["--debug"])?;
    // The same holds for what hands commands on to Firefox.
    let tests = read(&workspace.path("e2e/Cargo.toml"))?;
    cargo_tool(workspace, "geckodriver", "geckodriver", &pinned_version(&tests, "geckodriver")?, &["--debug"])
}

/// The sources of the standard library, which the widget is compiled with.
fn rust_source(workspace: &Workspace) -> Result<(), Failure> {
    let compiler = || Program::new("rustc");
    let sysroot =
        ask(compiler().current_dir(workspace.root()).args(["--print", "sysroot"])).unwrap_or_default();
    let sources = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    if sources.is_dir() {
        say("✓ the sources of Rust's standard library are here");
        return Ok(());
    }
    if ask(Program::new("rustup").arg("--version")).is_none() {
        return Err(Failure::Step(format!(
            "the sources of Rust's standard library are missing, and there is no rustup to add them: install them with \
             the package manager Rust came from, so that {} exists",
            sources.display()
        )));
    }
    let mut add = Program::new("rustup");
    add.current_dir(workspace.root()).args(["component", "add", "rust-src"]);
    run("adding the sources of Rust's standard library", &mut add)
}

/// The compiler's WebAssembly target.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<(), Failure> {
    let libraries = ask(Program::new("rustc").current_dir(workspace.root()).args([
        "--print",
        "target-libdir",
        "--target",
        WASM,
    ]));
    let Some(libraries) = libraries else {
        return Err(Failure::Step(
            "rustc does not run here: install Rust with rustup, https://rustup.rs".to_owned(),
        ));
    };
    if Path::new(&libraries).is_dir() {
        say(format_args!("✓ Rust can build {WASM}"));
        return Ok(());
    }
    if ask(Program::new("rustup").arg("--version")).is_none() {
        return Err(Failure::Step(format!(
            "this Rust cannot build {WASM}, and there is no rustup to add it: install the target's standard library \
             with the package manager Rust came from, so that {libraries} exists"
        )));
    }
    let mut add = Program::new("rustup");
    run("adding the WebAssembly target", add.current_dir(workspace.root()).args(["target", "add", WASM]))
}

fn node(workspace: &Workspace) -> Result<(), Failure> {
    let wanted = wanted_node(&read(&workspace.path("package.json"))?)?;
    let Some(version) = ask(Program::new("node").arg("--version")) else {
        return Err(Failure::Step(format!(
            "Node.js is missing: version {wanted} or newer must be on the PATH"
        )));
    };
    if major(&version).is_none_or(|found| found < wanted) {
        return Err(Failure::Step(format!(
            "Node.js {wanted} or newer is needed; `node --version` says {version}"
        )));
    }
    say(format_args!("✓ Node.js {version}"));
    Ok(())
}

fn npm_packages(workspace: &Workspace) -> Result<(), Failure> {
    let Some(difference) = npm_difference(workspace)? else {
        say("✓ npm packages are those of package-lock.json");
        return Ok(());
    };
    say(format_args!("  npm packages: {difference}"));
    let mut install = Program::new("npm");
    install.current_dir(workspace.root()).args(["ci", "--no-audit", "--no-fund"]);
    run("installing the npm packages", &mut install)?;
    match npm_difference(workspace)? {
        None => Ok(()),
        Some(difference) => Err(Failure::Step(format!("`npm ci` succeeded, and yet {difference}"))),
    }
}

/// How the installed packages differ from `package-lock.json`, if they do.
fn npm_difference(workspace: &Workspace) -> Result<Option<String>, Failure> {
    let installed_lock = workspace.node_modules().join(".package-lock.json");
    if !installed_lock.is_file() {
        return Ok(Some("none are installed".to_owned()));
    }
    let wanted = read_json(&workspace.path("package-lock.json"))?;
    if let Some(difference) = lock_difference(&wanted, &read_json(&installed_lock)?) {
        return Ok(Some(difference));
    }
    let tools = [workspace.workerd()?, workspace.wasm_opt(), workspace.esbuild()?];
    Ok(tools.iter().find(|tool| !tool.is_file()).map(|tool| format!("{} is missing", tool.display())))
}

/// How the lock of what is installed differs from the lock of what is wanted. Packages for other platforms may be absent.
fn lock_difference(wanted: &Value, installed: &Value) -> Option<String> {
    let none = serde_json::Map::new();
    let wanted = wanted["packages"].as_object().unwrap_or(&none);
    let installed = installed["packages"].as_object().unwrap_or(&none);
    for (place, package) in wanted.iter().filter(|(place, _)| !place.is_empty()) {
        match installed.get(place) {
            None if package["optional"] == true => {}
            None => return Some(format!("{place} is not installed")),
            Some(found) if ["version", "integrity"].iter().any(|&part| found[part] != package[part]) => {
                return Some(format!("{place} is version {}, not {}", found["version"], package["version"]));
            }
            Some(_) => {}
        }
    }
    installed
        .keys()
        .find(|place| !wanted.contains_key(*place))
        .map(|place| format!("{place} is not wanted any more"))
}

/// A program of crates.io at one exact version, in `target/tools/bin`.
fn cargo_tool(
    workspace: &Workspace,
    package: &str,
    program: &str,
    version: &str,
    options: &[&str],
) -> Result<(), Failure> {
    let found = installed_version(workspace, program);
    if found.as_deref() == Some(version) {
        say(format_args!("✓ {program} {version}"));
        return Ok(());
    }
    let scratch = workspace.target("tools/build");
    let install = |locked: bool| {
        let mut command = cargo(workspace.root());
        command.args(["install", package, "--version", version, "--force"]);
        command.arg("--root").arg(workspace.target("tools")).arg("--target-dir").arg(&scratch).args(options);
        if locked {
            command.arg("--locked");
        }
        run(&format!("compiling {package} {version}, some minutes the first time"), &mut command)
    };
    let installed = install(true).or_else(|_| {
        // A mirror of the registry may lack a version the package was locked with.
        say(format_args!("  {package}: its own lock file did not do; once more without"));
        install(false)
    });
    if scratch.exists() {
        fs::remove_dir_all(&scratch).or_fail(format_args!("removing {}", scratch.display()))?;
    }
    installed?;
    match installed_version(workspace, program) {
        Some(now) if now == version => Ok(()),
        now => Err(Failure::Step(format!(
            "{program} should be {version} and says {}",
            now.as_deref().unwrap_or("nothing")
        ))),
    }
}

/// The version of a program in `target/tools/bin`.
pub(crate) fn installed_version(workspace: &Workspace, program: &str) -> Option<String> {
    version_in(&ask(Program::new(workspace.cargo_tool(program)).arg("--version"))?)
}

/// The first word of what a program says of itself that begins like a version.
fn version_in(said: &str) -> Option<String> {
    said.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
}

/// The version of a package in `Cargo.lock`.
fn locked_version(lock: &str, package: &str) -> Result<String, Failure> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::Step(format!("Cargo.lock names no version of `{package}`")))
}

/// The version that a manifest pins a program to: `geckodriver = "0.37.1"`.
fn pinned_version(manifest: &str, program: &str) -> Result<String, Failure> {
    let start = format!("{program} = \"");
    let version = manifest.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('"'));
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::Step(format!("e2e/Cargo.toml pins no version of `{program}`")))
}

/// The oldest Node.js that `package.json` allows: `"node": ">=20"`.
fn wanted_node(package: &str) -> Result<u32, Failure> {
    let package: Value = serde_json::from_str(package).or_fail("reading package.json")?;
    let range = package["engines"]["node"].as_str().unwrap_or_default();
    range.strip_prefix(">=").and_then(major).ok_or_else(|| {
        Failure::Step(format!("package.json: engines.node is `{range}`, not `>=` and a number"))
    })
}

/// The first number of a version, with or without a leading `v`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).or_fail(format_args!("reading {}", path.display()))
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    serde_json::from_str(&read(path)?).or_fail(format_args!("reading {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn a_version_is_read_from_the_entry_with_exactly_that_name() {
        let lock = "[[package]]\nname = \"worker-macros\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"worker\"\nversion = \"0.8.7\"\nsource = \"registry\"\n";

        assert_eq!(locked_version(lock, "worker").unwrap(), "0.8.7");
        assert!(matches!(locked_version(lock, "wasm"), Err(Failure::Step(m)) if m.contains("`wasm`")));
    }

    #[test]
    fn a_program_that_nothing_is_linked_with_is_pinned_in_a_manifest() {
        let manifest = "[package.metadata.tools]\ngeckodriver = \"0.37.1\"\n";

        assert_eq!(pinned_version(manifest, "geckodriver").unwrap(), "0.37.1");
        assert!(
            matches!(pinned_version(manifest, "driver"), Err(Failure::Step(m)) if m.contains("`driver`"))
        );
    }

    #[test]
    fn programs_say_their_version_with_and_without_their_name_and_licence() {
        assert_eq!(version_in("0.8.7").as_deref(), Some("0.8.7"));
        assert_eq!(version_in("wasm-bindgen 0.2.130").as_deref(), Some("0.2.130"));
        assert_eq!(version_in("geckodriver 0.37.1\n\nThe licence is 2.0 of it.").as_deref(), Some("0.37.1"));
        assert_eq!(version_in("no version"), None);
    }

    #[test]
    fn node_versions_compare_by_their_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(wanted_node(r#"{"engines":{"node":">=20"}}"#).unwrap(), 20);
        assert!(wanted_node(r#"{"engines":{"node":"^20 || 22"}}"#).is_err());
    }

    #[test]
    fn packages_of_other_platforms_may_be_absent() {
        let wanted = lock(&json!({"": {}, "a": package("1"), "b": {"version": "1", "optional": true}}));

        assert_eq!(lock_difference(&wanted, &lock(&json!({"a": package("1")}))), None);
    }

    #[test]
    fn missing_changed_and_unwanted_packages_are_named() {
        let wanted = lock(&json!({"": {}, "a": package("1")}));

        differs(&wanted, json!({}), "a is not installed");
        differs(&wanted, json!({"a": package("2")}), "a is version \"2\", not \"1\"");
        differs(&wanted, json!({"a": package("1"), "c": package("1")}), "c is not wanted any more");
    }

    #[track_caller]
    fn differs(wanted: &Value, installed: Value, expected: &str) {
        assert_eq!(lock_difference(wanted, &lock(&installed)).as_deref(), Some(expected));
    }

    fn lock(packages: &Value) -> Value {
        json!({ "packages": packages })
    }

    fn package(version: &str) -> Value {
        json!({ "version": version, "integrity": format!("sha512-{version}") })
    }
}
