// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask package`: everything a machine needs that runs the service, in one archive. The same build gives the same bytes.
//!
//! | in the archive | from |
//! |---|---|
//! | `bin/infocig` | the program for operators, compiled for this system |
//! | `worker/`, `site/` | `target/edge/release`, `target/site` |
//! | `systemd/`, `container/`, `prometheus/`, `grafana/` | `packaging/`, with the version of the runtime filled in |
//! | `cluster/` | the lock file of the runtime of `infocig serve --cluster` |
//! | `docs/`, `policy.schema.json` | what an operator reads |
//! | `sbom.cdx.json`, `LICENSES.txt` | every crate and npm package, with its licence and its checksum |
//! | `SHA256SUMS` | the digests of all of these |
//!
//! The runtime itself is not in it: it is its makers' npm package, at the version that `container/Containerfile` names.

mod archive;
mod sbom;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::Args;
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use self::archive::{Content, write};
use crate::build::{self, Edge, Quality};
use crate::plan;
use crate::process::{Failure, OrFail, answer, cargo, run};
use crate::workspace::Workspace;

/// Make the archive of a release
///
/// Builds what ships, compiles infocig, and writes target/package/infocig-VERSION.tar.gz with checksums, an SBOM (`CycloneDX`) and
/// licences. The same sources give the same bytes.
#[derive(Debug, Args)]
pub(crate) struct Package {}

impl Package {
    pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
        let mut steps = build::steps(workspace, Quality::Release, &[Edge::Release]);
        steps.push(plan::Step::new("compile infocig", 120, |log| {
            let mut compile = cargo(workspace.root(), "build");
            compile.args(["--release", "-p", "infocig"]);
            // Paths of this machine would be in the messages of panics.
            let from = workspace.root().display();
            compile.env("RUSTFLAGS", format!("--remap-path-prefix={from}=. -Cstrip=debuginfo"));
            compile.env("CARGO_TARGET_DIR", workspace.target("package/build"));
            log.run(&mut compile)
        }));
        plan::run(workspace, steps).1?;
        let packed = pack(workspace, &workspace.target("package/build/release/infocig"))?;
        let folder = workspace.target("package");
        let name = format!("infocig-{VERSION}.tar.gz");
        let path = folder.join(&name);
        fs::write(&path, &packed).or_fail(format_args!("writing {}", path.display()))?;
        let digest = hex(&packed);
        let sums = folder.join(format!("{name}.sha256"));
        fs::write(&sums, format!("{digest}  {name}\n"))
            .or_fail(format_args!("writing {}", sums.display()))?;
        // What was packed can be unpacked.
        run(
            "look into the archive",
            std::process::Command::new("tar").arg("-tzf").arg(&path).stdout(std::process::Stdio::null()),
        )?;
        answer(format_args!("{digest}  {}", path.display()));
        Ok(())
    }
}

/// The archive of what was built.
fn pack(workspace: &Workspace, program: &Path) -> Result<Vec<u8>, Failure> {
    let mut files = BTreeMap::new();
    files.insert("bin/infocig".to_owned(), Content { bytes: read(program)?, is_program: true });
    let folders = [
        ("worker", Edge::Release.folder(workspace, Quality::Release)),
        ("site", workspace.target("site")),
        ("systemd", workspace.path("packaging/systemd")),
        ("container", workspace.path("packaging/container")),
        ("prometheus", workspace.path("packaging/prometheus")),
        ("grafana", workspace.path("packaging/grafana")),
    ];
    for (place, folder) in folders {
        add(&mut files, place, &folder)?;
    }
    let single = [
        ("LICENSE", "LICENSE"),
        ("README.md", "README.md"),
        ("README.it.md", "README.it.md"),
        ("CHANGELOG.md", "CHANGELOG.md"),
        ("policy.schema.json", "edge/policy.schema.json"),
        ("docs/capacity.md", "docs/capacity.md"),
        ("docs/cluster.md", "docs/cluster.md"),
        ("cluster/package.json", "edge/cluster/package.json"),
        ("cluster/package-lock.json", "edge/cluster/package-lock.json"),
        ("docs/configuration.md", "docs/configuration.md"),
        ("docs/deployment.md", "docs/deployment.md"),
        ("docs/backup.md", "docs/backup.md"),
        ("docs/faults.md", "docs/faults.md"),
        ("docs/incidents.md", "docs/incidents.md"),
        ("docs/integrators.md", "docs/integrators.md"),
        ("docs/limits.md", "docs/limits.md"),
        ("docs/webhooks.md", "docs/webhooks.md"),
        ("docs/observability.md", "docs/observability.md"),
    ];
    for (place, source) in single {
        files.insert(place.to_owned(), Content::text(read(&workspace.path(source))?));
    }
    let runtime = sbom::runtime_version(workspace)?;
    for file in files.values_mut().filter(|file| !file.is_program) {
        fill(&mut file.bytes, &runtime);
    }
    let components = sbom::components(workspace)?;
    files.insert("sbom.cdx.json".into(), Content::text(sbom::document(VERSION, &components).into_bytes()));
    files.insert("LICENSES.txt".into(), Content::text(sbom::licences(&components).into_bytes()));
    let mut sums = String::new();
    for (place, file) in &files {
        sums.extend([&*hex(&file.bytes), "  ", place, "\n"]);
    }
    files.insert("SHA256SUMS".into(), Content::text(sums.into_bytes()));
    write(&format!("infocig-{VERSION}"), &files).or_fail("writing the archive")
}

/// Writes the version of the runtime into a template.
fn fill(bytes: &mut Vec<u8>, runtime: &str) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && text.contains(RUNTIME)
    {
        *bytes = text.replace(RUNTIME, runtime).into_bytes();
    }
}

fn add(files: &mut BTreeMap<String, Content>, place: &str, folder: &Path) -> Result<(), Failure> {
    for entry in WalkDir::new(folder) {
        let entry = entry.or_fail(format_args!("reading {}", folder.display()))?;
        if entry.file_type().is_file() {
            let inside = entry.path().strip_prefix(folder).or_fail("reading a folder")?;
            let name = format!("{place}/{}", inside.to_string_lossy());
            files.insert(name, Content::text(read(entry.path())?));
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).or_fail(format_args!("reading {}", path.display()))
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(&Sha256::digest(bytes))
}

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The place of the runtime's version in the files of `packaging/`.
const RUNTIME: &str = "{{workerd}}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_packings_of_the_same_files_have_the_same_digest_whenever_the_files_were_written() {
        let packed = |order: [&str; 3]| {
            let folder = tempfile::tempdir().unwrap();
            for name in order {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, name).unwrap();
            }
            let mut files = BTreeMap::new();
            add(&mut files, "site", folder.path()).unwrap();
            hex(&write("infocig-1", &files).unwrap())
        };
        assert_eq!(packed(["a", "b/c", "d"]), packed(["d", "a", "b/c"]));
        assert_ne!(packed(["a", "b/c", "d"]), packed(["a", "b/c", "e"]));
    }

    #[test]
    fn the_container_takes_the_runtime_that_the_service_is_tested_with() {
        let workspace = Workspace::of_this_program().unwrap();
        let mut file = read(&workspace.path("packaging/container/Containerfile")).unwrap();

        fill(&mut file, &sbom::runtime_version(&workspace).unwrap());

        let text = String::from_utf8(file).unwrap();
        assert!(text.contains("workerd-linux-64@1.2") && !text.contains("{{"), "{text}");
    }

    #[test]
    fn units_name_only_what_is_in_the_archive() {
        let workspace = Workspace::of_this_program().unwrap();
        let known = ["bin/infocig", "bin/workerd", "worker", "site", "docs/deployment.md", "docs/backup.md"];
        for unit in ["infocig.service", "infocig-backup.service"] {
            let text = fs::read_to_string(workspace.path("packaging/systemd").join(unit)).unwrap();
            for (_, rest) in text.match_indices("/opt/infocig/").map(|(place, _)| text.split_at(place)) {
                let path = rest.split_whitespace().next().unwrap().trim_start_matches("/opt/infocig/");
                assert!(known.contains(&path), "{unit}: {path}");
            }
        }
    }
}
