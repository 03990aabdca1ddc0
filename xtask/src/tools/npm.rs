// SPDX-License-Identifier: EUPL-1.2
//! The npm packages of `package-lock.json`: those that run the service, or all of them; and those that have a lock file of their
//! own, because few need them.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{ALL_PACKAGES, NETWORK, OIDC, RUNTIME_PACKAGES};
use crate::plan::{Log, Step};
use crate::process::{Failure, OrFail, ask};
use crate::workspace::Workspace;

/// A set of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packages {
    /// `dependencies`: the runtime, the bundler, the fonts.
    Runtime,
    /// `devDependencies` too, which only releases and tests need.
    All,
}

/// The packages in `node_modules`.
pub(crate) fn packages(workspace: &Workspace, wanted: Packages) -> Step<'_> {
    let (name, seconds) = match wanted {
        Packages::Runtime => (RUNTIME_PACKAGES, 10),
        Packages::All => (ALL_PACKAGES, 20),
    };
    Step::new(name, seconds, move |log| install(workspace, wanted, log)).hint(NETWORK)
}

fn install(workspace: &Workspace, packages: Packages, log: &Log) -> Result<(), Failure> {
    node(workspace)?;
    let Some(difference) = difference(workspace, packages)? else { return Ok(()) };
    log.note(&difference)?;
    let mut install = Command::new("npm");
    install.current_dir(workspace.root()).args(["ci", "--no-audit", "--no-fund"]);
    if packages == Packages::Runtime {
        install.arg("--omit=dev");
    }
    log.run(&mut install)?;
    match self::difference(workspace, packages)? {
        None => Ok(()),
        Some(difference) => Err(Failure::Step(format!("`npm ci` succeeded, and yet {difference}"))),
    }
}

/// The provider of OpenID Connect that the staff sign in at in tests, in `target/tools/oidc`.
pub(crate) fn oidc(workspace: &Workspace) -> Step<'_> {
    let program = "node_modules/oidc-provider/lib/index.js";
    Step::new(OIDC, 5, move |log| install_apart(workspace, "e2e/oidc", "tools/oidc", program, log))
        .hint(NETWORK)
}

/// Installs the packages of a lock file of its own, from a folder of the repository into one of `target`, unless they are there:
/// `file` is one of theirs.
pub(super) fn install_apart(
    workspace: &Workspace,
    from: &str,
    to: &str,
    file: &str,
    log: &Log,
) -> Result<(), Failure> {
    node(workspace)?;
    let folder = workspace.target(to);
    let lock = workspace.path(from).join("package-lock.json");
    let installed = folder.join("node_modules/.package-lock.json");
    let is_whole = folder.join(file).is_file() && installed.is_file();
    if is_whole && lock_difference(&read_json(&lock)?, &read_json(&installed)?, Packages::All).is_none() {
        return Ok(());
    }
    fs::create_dir_all(&folder).or_fail(format_args!("creating {}", folder.display()))?;
    for name in ["package.json", "package-lock.json"] {
        let source = workspace.path(from).join(name);
        fs::copy(&source, folder.join(name)).or_fail(format_args!("copying {}", source.display()))?;
    }
    log.run(Command::new("npm").current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]))
}

/// Node.js, as new as `package.json` wants it.
fn node(workspace: &Workspace) -> Result<(), Failure> {
    let wanted = wanted_node(&read_json(&workspace.path("package.json"))?)?;
    let Some(version) = ask(Command::new("node").arg("--version")) else {
        return Err(Failure::Step(format!(
            "Node.js is missing: version {wanted} or newer must be on the PATH"
        )));
    };
    if major(&version).is_none_or(|found| found < wanted) {
        return Err(Failure::Step(format!(
            "Node.js {wanted} or newer is needed; `node --version` says {version}"
        )));
    }
    Ok(())
}

/// How the installed packages differ from `package-lock.json`, if they do.
fn difference(workspace: &Workspace, packages: Packages) -> Result<Option<String>, Failure> {
    let installed_lock = workspace.node_modules().join(".package-lock.json");
    if !installed_lock.is_file() {
        return Ok(Some("none are installed".to_owned()));
    }
    let wanted = read_json(&workspace.path("package-lock.json"))?;
    if let Some(difference) = lock_difference(&wanted, &read_json(&installed_lock)?, packages) {
        return Ok(Some(difference));
    }
    let tools = [workspace.workerd()?, workspace.esbuild()?];
    Ok(tools.iter().find(|tool| !tool.is_file()).map(|tool| format!("{} is missing", tool.display())))
}

/// How the lock of the installed packages differs from the lock of the wanted ones. Packages for other platforms may be
/// absent; packages beyond the wanted ones may be there as long as the whole lock names them.
fn lock_difference(wanted: &Value, installed: &Value, packages: Packages) -> Option<String> {
    let none = serde_json::Map::new();
    let all = wanted["packages"].as_object().unwrap_or(&none);
    let installed = installed["packages"].as_object().unwrap_or(&none);
    let is_wanted = |package: &Value| packages == Packages::All || package["dev"] != true;
    for (place, package) in all.iter().filter(|(place, package)| !place.is_empty() && is_wanted(package)) {
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
        .find(|place| !all.contains_key(*place))
        .map(|place| format!("{place} is not wanted any more"))
}

/// The oldest Node.js that `package.json` allows: `"node": ">=20"`.
fn wanted_node(package: &Value) -> Result<u32, Failure> {
    let range = package["engines"]["node"].as_str().unwrap_or_default();
    range.strip_prefix(">=").and_then(major).ok_or_else(|| {
        Failure::Step(format!("package.json: engines.node is `{range}`, not `>=` and a number"))
    })
}

/// The first number of a version, with or without a leading `v`.
fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

fn read_json(path: &Path) -> Result<Value, Failure> {
    let reading = || format!("reading {}", path.display());
    serde_json::from_str(&fs::read_to_string(path).or_fail(reading())?).or_fail(reading())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn node_versions_compare_by_their_first_number() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(wanted_node(&json!({"engines": {"node": ">=20"}})).unwrap(), 20);
        assert!(wanted_node(&json!({"engines": {"node": "^20 || 22"}})).is_err());
    }

    #[test]
    fn packages_of_other_platforms_may_be_absent() {
        let wanted = lock(&json!({"": {}, "a": package("1"), "b": {"version": "1", "optional": true}}));

        assert_eq!(lock_difference(&wanted, &lock(&json!({"a": package("1")})), Packages::All), None);
    }

    #[test]
    fn packages_of_tests_may_be_absent_where_only_the_runtime_is_wanted() {
        let mut of_tests = package("1");
        of_tests["dev"] = json!(true);
        let wanted = lock(&json!({"a": package("1"), "b": of_tests}));
        let installed = lock(&json!({"a": package("1")}));

        assert_eq!(lock_difference(&wanted, &installed, Packages::Runtime), None);
        assert_eq!(
            lock_difference(&wanted, &installed, Packages::All).as_deref(),
            Some("b is not installed")
        );
        assert_eq!(lock_difference(&wanted, &wanted, Packages::Runtime), None);
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
        assert_eq!(lock_difference(wanted, &lock(&installed), Packages::Runtime).as_deref(), Some(expected));
    }

    fn lock(packages: &Value) -> Value {
        json!({ "packages": packages })
    }

    fn package(version: &str) -> Value {
        json!({ "version": version, "integrity": format!("sha512-{version}") })
    }
}
