// SPDX-License-Identifier: EUPL-1.2
//! The bill of materials (`CycloneDX` 1.6) and the licences: every crate that `infocig` and the Worker are linked with, and every
//! npm package of the lock file that ships or that made what ships.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};

use crate::process::{Failure, OrFail, cargo};
use crate::workspace::Workspace;

/// A package of somebody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Component {
    /// `cargo` or `npm`.
    kind: &'static str,
    name: String,
    version: String,
    /// An expression of SPDX.
    licence: String,
    /// The digest by which the lock file knows it: its algorithm and its hexadecimal digits.
    digest: Option<(&'static str, String)>,
}

impl Component {
    fn purl(&self) -> String {
        format!("pkg:{}/{}@{}", self.kind, self.name.replace('@', "%40"), self.version)
    }
}

/// The version of the runtime, as `package.json` pins it.
pub(super) fn runtime_version(workspace: &Workspace) -> Result<String, Failure> {
    let package = json_file(workspace, "package.json")?;
    let version = package["dependencies"]["workerd"].as_str().map(ToOwned::to_owned);
    version.ok_or_else(|| Failure::Step("package.json names no version of workerd".into()))
}

/// Every component, sorted.
pub(super) fn components(workspace: &Workspace) -> Result<Vec<Component>, Failure> {
    let mut components = crates(workspace)?;
    components.extend(packages(&json_file(workspace, "package-lock.json")?));
    components.sort();
    components.dedup();
    Ok(components)
}

fn json_file(workspace: &Workspace, name: &str) -> Result<Value, Failure> {
    let text = fs::read_to_string(workspace.path(name)).or_fail(format_args!("reading {name}"))?;
    serde_json::from_str(&text).or_fail(format_args!("reading {name}"))
}

/// The crates of the lock file that are linked into what ships, with their digests.
fn crates(workspace: &Workspace) -> Result<Vec<Component>, Failure> {
    let reading = "reading the crates";
    let output =
        cargo(workspace.root(), "metadata").args(["--format-version", "1"]).output().or_fail(reading)?;
    if !output.status.success() {
        return Err(Failure::Step(format!("{reading}: {}", String::from_utf8_lossy(&output.stderr))));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).or_fail(reading)?;
    let lock = fs::read_to_string(workspace.path("Cargo.lock")).or_fail(reading)?;
    Ok(crates_in(&metadata, &digests(&lock)))
}

fn crates_in(metadata: &Value, digests: &BTreeMap<(String, String), String>) -> Vec<Component> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages: BTreeMap<String, Value> =
        list(&metadata["packages"]).into_iter().map(|package| (text(&package["id"]), package)).collect();
    let nodes: BTreeMap<String, Value> =
        list(&metadata["resolve"]["nodes"]).into_iter().map(|node| (text(&node["id"]), node)).collect();
    let ships = |package: &&Value| SHIPPED.contains(&package["name"].as_str().unwrap_or_default());
    let mut waiting: Vec<String> =
        packages.values().filter(ships).map(|package| text(&package["id"])).collect();
    let mut reached = BTreeMap::new();
    while let Some(id) = waiting.pop() {
        let (Some(package), Some(node)) = (packages.get(&id), nodes.get(&id)) else { continue };
        if reached.insert(id, package).is_some() {
            continue;
        }
        // Crates for tests alone are in nothing that ships.
        let linked = list(&node["deps"]).into_iter().filter(|dependency| {
            list(&dependency["dep_kinds"]).iter().any(|kind| kind["kind"].as_str() != Some("dev"))
        });
        waiting.extend(linked.map(|dependency| text(&dependency["pkg"])));
    }
    let others = reached.into_values().filter(|package| package["source"].is_string());
    let component = |package: &Value| {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let digest = digests.get(&(name.clone(), version.clone())).cloned();
        Component {
            kind: "cargo",
            licence: package["license"].as_str().unwrap_or("NOASSERTION").replace('/', " OR "),
            digest: digest.map(|digest| ("SHA-256", digest)),
            name,
            version,
        }
    };
    others.map(component).collect()
}

/// The checksums of a lock file, by name and version.
fn digests(lock: &str) -> BTreeMap<(String, String), String> {
    let mut digests = BTreeMap::new();
    for package in lock.split("[[package]]") {
        let value = |name: &str| {
            let prefix = format!("{name} = \"");
            let line = package.lines().find_map(|line| line.strip_prefix(&prefix));
            line.and_then(|rest| rest.strip_suffix('"')).map(ToOwned::to_owned)
        };
        if let (Some(name), Some(version), Some(digest)) =
            (value("name"), value("version"), value("checksum"))
        {
            digests.insert((name, version), digest);
        }
    }
    digests
}

/// The npm packages of a lock file that ship or run: those for development alone are left out.
fn packages(lock: &Value) -> Vec<Component> {
    let mut components = Vec::new();
    for (place, package) in lock["packages"].as_object().into_iter().flatten() {
        let Some((_, name)) = place.rsplit_once("node_modules/") else { continue };
        let is_for_another_system =
            !package["optional"].is_null() && !name.contains("linux-64") && !name.contains("linux-x64");
        if package["dev"] == true || package["devOptional"] == true || is_for_another_system {
            continue;
        }
        components.push(Component {
            kind: "npm",
            name: name.to_owned(),
            version: package["version"].as_str().unwrap_or_default().to_owned(),
            licence: package["license"].as_str().unwrap_or("NOASSERTION").to_owned(),
            digest: package["integrity"].as_str().and_then(integrity),
        });
    }
    components
}

/// `sha512-…` in base64, as hexadecimal digits.
fn integrity(text: &str) -> Option<(&'static str, String)> {
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    let bytes = BASE64_STANDARD.decode(text.strip_prefix("sha512-")?).ok()?;
    Some(("SHA-512", base16ct::lower::encode_string(&bytes)))
}

/// The bill of materials. It has neither a serial number nor a time, so that the same sources give the same bytes.
pub(super) fn document(version: &str, components: &[Component]) -> String {
    let component = |component: &Component| {
        let mut value = json!({
            "type": "library",
            "bom-ref": component.purl(),
            "name": component.name,
            "version": component.version,
            "purl": component.purl(),
        });
        if component.licence != "NOASSERTION" {
            value["licenses"] = json!([{ "expression": component.licence }]);
        }
        if let Some((algorithm, digest)) = &component.digest {
            value["hashes"] = json!([{ "alg": algorithm, "content": digest }]);
        }
        value
    };
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": format!("pkg:generic/infocig@{version}"),
                "name": "infocig",
                "version": version,
                "licenses": [{ "expression": "EUPL-1.2" }],
            },
        },
        "components": components.iter().map(component).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

/// The licences of all components, one a line.
pub(super) fn licences(components: &[Component]) -> String {
    let mut text = "INFO CIG is under the EUPL-1.2 (LICENSE). It is linked with, or ships:\n\n".to_owned();
    for component in components {
        let _infallible = writeln!(text, "{}  {}", component.purl(), component.licence);
    }
    text
}

/// The crates of the workspace that ship.
const SHIPPED: [&str; 5] = ["infocig", "infocig-edge", "infocig-widget", "infocig-console", "infocig-call"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_component_has_a_version_a_licence_and_a_digest() {
        let components = components(&Workspace::of_this_program().unwrap()).unwrap();

        for component in &components {
            let purl = component.purl();
            assert!(!component.version.is_empty() && component.licence != "NOASSERTION", "{purl}");
            assert!(component.digest.is_some(), "{purl}");
        }
        for (kind, name) in [
            ("cargo", "rusqlite"),
            ("cargo", "worker"),
            ("cargo", "leptos"),
            ("npm", "@fontsource/titillium-web"),
        ] {
            assert!(components.iter().any(|one| one.kind == kind && one.name == name), "{name}");
        }
        for name in ["thirtyfour", "proptest", "axe-core", "wrangler"] {
            assert!(!components.iter().any(|one| one.name == name), "{name} is for tests alone");
        }
    }

    #[test]
    fn the_bill_is_cyclonedx_and_the_same_each_time() {
        let one = Component {
            kind: "npm",
            name: "@a/b".into(),
            version: "1.0.0".into(),
            licence: "MIT".into(),
            digest: integrity("sha512-AAE="),
        };
        let document = document("0.1.0", std::slice::from_ref(&one));
        let read: Value = serde_json::from_str(&document).unwrap();
        assert_eq!(read["components"][0]["purl"], "pkg:npm/%40a/b@1.0.0");
        assert_eq!(read["components"][0]["hashes"], json!([{ "alg": "SHA-512", "content": "0001" }]));
        assert_eq!((read["specVersion"].as_str(), read.get("serialNumber")), (Some("1.6"), None));
        assert_eq!(licences(&[one]).lines().last(), Some("pkg:npm/%40a/b@1.0.0  MIT"));
    }
}
