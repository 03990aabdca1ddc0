// SPDX-License-Identifier: EUPL-1.2
//! Rules of this repository that no compiler checks. Each is a test, and fails with the places that break it.
//!
//! The files are those git tracks or would add; without git, every file outside `target`, `node_modules` and hidden folders of
//! tools.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests do")]

#[path = "tidy/inert_elements.rs"]
mod inert_elements;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[test]
fn every_source_file_names_its_licence() {
    let mut broken = Places::default();
    for file in files().iter().filter(|file| has_extension(file, &["html", "css", "js", "rs", "capnp"])) {
        let start: Vec<&str> = file.text.lines().take(5).collect();
        if !start.iter().any(|line| line.contains(concat!("SPDX-License-Identifier", ": EUPL-1.2"))) {
            broken.add(file, 1, "no licence line among the first five");
        }
    }
    broken.refuse();
}

#[test]
fn every_rust_file_opens_with_its_licence_and_a_promise() {
    let mut broken = Places::default();
    for file in files().iter().filter(|file| has_extension(file, &["rs"])) {
        let mut lines = file.text.lines();
        if lines.next() != Some("// SPDX-License-Identifier: EUPL-1.2") {
            broken.add(file, 1, "not the licence line");
        }
        if !lines.next().is_some_and(|line| line.starts_with("//! ")) {
            broken.add(file, 2, "no `//!` that says what the file promises");
        }
    }
    broken.refuse();
}

#[test]
fn the_platform_is_named_only_in_the_shell_of_the_edge() {
    let allowed = |file: &SourceFile| file.is_under("edge/src/shell") || file.is("edge/src/lib.rs");
    let mut broken = Places::default();
    for file in files().iter().filter(|file| has_extension(file, &["rs"]) && !allowed(file)) {
        for (number, line) in file.code() {
            if names(line, concat!("worker", "::")) {
                broken.add(file, number, line);
            }
        }
    }
    broken.refuse();
}

#[test]
fn no_view_has_an_element_that_leptos_sets_as_html() {
    let mut broken = Places::default();
    let mut views = 0;
    let interfaces = |file: &SourceFile| file.is_under("widget/src") || file.is_under("console/src");
    for file in files().iter().filter(|file| has_extension(file, &["rs"]) && interfaces(file)) {
        views += file.text.matches("view! {").count();
        for (line, element) in inert_elements::inert_elements(&file.text) {
            broken.add(file, line, &element);
        }
    }
    assert!(views > 100, "{views}");
    broken.refuse();
}

#[test]
fn sql_is_written_only_in_the_store_and_its_schema() {
    let statements = [concat!("SELECT", " "), concat!("INSERT", " INTO"), concat!("CREATE", " TABLE")];
    // The minimal object of measurements has its own schema; a rehearsal looks at what an upgrade did to databases.
    let allowed = |file: &SourceFile| {
        file.is_under("edge/schema")
            || file.path.starts_with("edge/src/store")
            || file.is_under("e2e/bare")
            || file.is("e2e/src/upgrade/stored.rs")
    };
    let mut broken = Places::default();
    for file in files().iter().filter(|file| has_extension(file, &["rs", "js", "sql"]) && !allowed(file)) {
        for (number, line) in file.code() {
            if statements.iter().any(|statement| names(line, statement)) {
                broken.add(file, number, line);
            }
        }
    }
    broken.refuse();
}

/// Else a rehearsal of an upgrade would say that a class of object comes through it, and nothing of it was changed.
#[test]
fn every_class_of_object_has_a_schema_step_of_the_next_version_and_no_release_has_it() {
    let files = files();
    let store = |file: &&SourceFile| file.path.starts_with("edge/src/store") && has_extension(file, &["rs"]);
    let mut steps = 0;
    let mut broken = Places::default();
    for file in files.iter().filter(store) {
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        if lines.iter().any(|line| line.starts_with("pub(super) const MIGRATIONS")) {
            let is_step = |line: &&str| line.starts_with("include_str!(\"../../schema/next/");
            match lines.iter().position(is_step) {
                Some(at) if lines.get(at.wrapping_sub(1)) == Some(&"#[cfg(feature = \"next-version\")]") => {
                    steps += 1;
                }
                at => {
                    broken.add(file, at.map_or(1, |at| at + 1), "no step behind the feature `next-version`");
                }
            }
        }
    }
    broken.refuse();
    let runtime = files.iter().find(|file| file.is("edge/workerd.capnp")).unwrap();
    assert_eq!(steps, runtime.text.matches("className = ").count());
}

#[test]
fn the_pure_crates_depend_on_next_to_nothing() {
    let allowed = [
        ("infocig-protocol", ["infocig-protocol-derive", "serde", "serde_json"].as_slice()),
        ("infocig-chart", &["infocig-protocol", "maud"]),
        (
            "infocig-domain",
            &[
                "infocig-chart",
                "infocig-protocol",
                "jiff",
                "maud",
                "rust-stemmers",
                "serde",
                "serde_json",
                "sha2",
                "thiserror",
            ],
        ),
    ];
    let dependencies = dependencies();
    for (package, allowed) in allowed {
        let strangers: Vec<&String> =
            dependencies[package].iter().filter(|name| !allowed.contains(&name.as_str())).collect();

        assert!(strangers.is_empty(), "{package}/Cargo.toml: not on the list {allowed:?}: {strangers:?}");
    }
}

#[test]
fn the_browser_crates_do_not_contain_the_domain() {
    let dependencies = dependencies();
    for package in ["infocig-widget", "infocig-console", "infocig-call", "infocig-client"] {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![package.to_owned()];
        while let Some(next) = waiting.pop() {
            if reached.insert(next.clone()) {
                waiting.extend(dependencies.get(&next).into_iter().flatten().cloned());
            }
        }

        assert!(!reached.contains("infocig-domain"), "{package} reaches infocig-domain through {reached:?}");
    }
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let calls = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("#[", "ignore")];
    let kinds = ["rs", "js", "css", "html", "capnp", "sql", "toml", "md"];
    let mut broken = Places::default();
    for file in files().iter().filter(|file| has_extension(file, &kinds)) {
        for (number, line) in file.lines() {
            if marks.iter().any(|mark| is_word(line, mark)) || calls.iter().any(|call| names(line, call)) {
                broken.add(file, number, line);
            }
        }
    }
    broken.refuse();
}

#[test]
fn the_bindings_are_made_by_the_version_they_are_made_for() {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let locked = |name: &str| -> Vec<&str> {
        let found = packages.iter().filter(|package| package["name"].as_str() == Some(name));
        found.map(|package| package["version"].as_str().unwrap()).collect()
    };

    assert_eq!(locked("wasm-bindgen").len(), 1);
    assert_eq!(locked("wasm-bindgen"), locked("wasm-bindgen-cli-support"));
}

#[test]
fn compiled_and_installed_packages_are_in_a_lock_file_of_this_repository() {
    let files = files();
    let mut broken = Places::default();
    for file in files.iter().filter(|file| file.is_under("xtask/src") || file.is_under(".ci")) {
        for (number, line) in file.code() {
            // Browsers come from Debian, which chooses their versions.
            let installs = line.contains("\"install\"") || line.contains("cargo install");
            let is_debian = line.contains("\"--no-install-recommends\"");
            // A file of digests is a lock file.
            let is_by_digest = line.contains("\"--require-hashes\"");
            let bare_cargo = line.contains("Command::new(\"cargo\")") && !file.is("xtask/src/lint.rs");
            if installs && !is_debian && !is_by_digest || bare_cargo {
                broken.add(file, number, line);
            }
        }
    }
    let config = files.iter().find(|file| file.is(".cargo/config.toml")).unwrap();
    if !config.text.contains("run --quiet --locked --package xtask") {
        broken.add(config, 1, "`cargo xtask` itself is not compiled by the lock file");
    }
    for manifest in
        files.iter().filter(|file| file.path.ends_with("Cargo.toml") && file.text.contains("[workspace]"))
    {
        let lock = manifest.path.replace("Cargo.toml", "Cargo.lock");
        if !files.iter().any(|file| file.is(&lock)) {
            broken.add(manifest, 1, "no Cargo.lock beside it");
        }
    }
    broken.refuse();
}

#[test]
fn the_table_of_limits_has_every_limit_both_ends_share() {
    let files = files();
    let text = |name: &str| &files.iter().find(|file| file.is(name)).unwrap().text;
    let table = text("docs/limits.md");
    let mut values = BTreeMap::new();
    for line in text("protocol/src/limits.rs").lines() {
        let Some((name, value)) = line.strip_prefix("pub const ").and_then(|line| line.split_once(": "))
        else {
            continue;
        };
        let (kind, value) = value.trim_end_matches(';').split_once(" = ").unwrap();
        if kind.starts_with('&') {
            continue;
        }
        let factor = |term: &str| values.get(term).copied().or_else(|| term.replace('_', "").parse().ok());
        let value: u64 = value.split(" * ").map(|term| factor(term).unwrap()).product();
        values.insert(name, value);
        let row = table.lines().find_map(|row| row.strip_prefix(&format!("| `{name}` | ")));
        let digits = |row: &str| {
            row.replace(',', "").split(|c: char| !c.is_ascii_digit()).find_map(|n| n.parse().ok())
        };
        let said: Option<u64> = row.and_then(digits);
        assert_eq!(said, Some(value), "{name} in docs/limits.md: {row:?}");
    }
    assert!(values.len() > 20, "{values:?}");
}

#[test]
fn every_test_that_a_document_names_is_there() {
    let files = files();
    let code: Vec<&str> =
        files.iter().filter(|file| has_extension(file, &["rs"])).map(|file| file.text.as_str()).collect();
    let mut broken = Places::default();
    let mut named = 0;
    for file in files.iter().filter(|file| file.is_under("docs") && has_extension(file, &["md"])) {
        for (number, line) in file.text.lines().enumerate() {
            // Between backticks: a path whose last segment has several words.
            for path in line.split('`').skip(1).step_by(2) {
                let Some((_, test)) = path.rsplit_once("::") else { continue };
                let function = match test.strip_suffix('…') {
                    Some(start) => format!("fn {start}"),
                    None => format!("fn {test}("),
                };
                if test.matches('_').count() < 3 {
                    continue;
                }
                named += 1;
                if !code.iter().any(|text| text.contains(&function)) {
                    broken.add(file, number + 1, path);
                }
            }
        }
    }
    assert!(named > 40, "{named}");
    broken.refuse();
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let files = files();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut broken = Places::default();
    let mut named = 0;
    for file in files.iter().filter(|file| has_extension(file, &["md"])) {
        for (number, line) in file.text.lines().enumerate() {
            // Between backticks: a path that begins with a folder of the repository.
            for path in line.split('`').skip(1).step_by(2) {
                let is_path = path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
                let is_of_here = path.split_once('/').is_some_and(|(folder, rest)| {
                    !folder.is_empty()
                        && folder != "target"
                        && !rest.is_empty()
                        && root.join(folder).is_dir()
                        && is_path
                });
                if !is_of_here {
                    continue;
                }
                named += 1;
                if !root.join(path).exists() {
                    broken.add(file, number + 1, path);
                }
            }
        }
    }
    assert!(named > 20, "{named}");
    broken.refuse();
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let homes = ["home", "root", "Users", "work", "workspace", "workspaces", "mnt", "builds"];
    let mut broken = Places::default();
    for file in files() {
        for (number, line) in file.lines() {
            if homes.iter().any(|home| starts_a_path(line, home)) {
                broken.add(&file, number, line);
            }
        }
    }
    broken.refuse();
}

#[test]
fn no_file_names_the_host_of_a_package_registry() {
    let hosts = [
        concat!("registry.", "npmjs.org"),
        concat!("registry.", "yarnpkg.com"),
        concat!("index.", "crates.io"),
        concat!("static.", "crates.io"),
        concat!("deb.", "debian.org"),
        concat!("pypi.", "org"),
        concat!("arti", "factory"),
    ];
    let mut broken = Places::default();
    for file in files() {
        let lock = file.is("Cargo.lock") || file.is("package-lock.json");
        for (number, line) in file.lines() {
            if hosts.iter().any(|host| line.contains(host)) {
                broken.add(&file, number, line);
            }
            let from_elsewhere =
                line.contains("source = \"") && !line.contains("github.com/rust-lang/crates.io-index");
            if lock && (line.contains("\"resolved\": \"http") || from_elsewhere) {
                broken.add(&file, number, "a package with an address of its own");
            }
        }
    }
    broken.refuse();
}

#[test]
fn the_rules_recognise_violations() {
    let platform = concat!("worker", "::");
    let path = format!("\"/{}/someone/project\"", "home");

    assert!(names(&format!("use {platform}Env;"), platform));
    assert!(!names(&format!("use service_{platform}Env;"), platform));
    assert!(is_word(concat!("// TO", "DO: later"), concat!("TO", "DO")));
    assert!(!is_word(concat!("UN ME", "TO", "DO NUOVO"), concat!("TO", "DO")));
    assert!(starts_a_path(&path, "home"));
    assert!(!starts_a_path("https://example.org/home/page and edge/home/x", "home"));
}

/// A text file of the repository.
struct SourceFile {
    path: String,
    text: String,
}

impl SourceFile {
    fn is(&self, path: &str) -> bool {
        self.path == path
    }

    fn is_under(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            || self.path.strip_prefix(folder) == Some(".rs")
    }

    /// Its lines, numbered from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Its lines that are not comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// The places that break a rule.
#[derive(Default)]
struct Places(String);

impl Places {
    fn add(&mut self, file: &SourceFile, line: usize, what: &str) {
        writeln!(self.0, "{}:{line}: {}", file.path, what.trim()).unwrap();
    }

    #[track_caller]
    fn refuse(&self) {
        assert!(self.0.is_empty(), "this rule is broken in\n{}", self.0);
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every text file. Files that are not UTF-8, such as icons and fonts, are left out.
fn files() -> Vec<SourceFile> {
    let paths = known_to_git().unwrap_or_else(|| found_under(root()));
    let readable =
        |path: String| Some(SourceFile { text: fs::read_to_string(root().join(&path)).ok()?, path });
    let files: Vec<SourceFile> = paths.into_iter().filter_map(readable).collect();
    assert!(files.iter().any(|file| file.is("Cargo.toml")), "the repository was not found");
    files
}

fn known_to_git() -> Option<Vec<String>> {
    let mut list = Command::new("git");
    list.current_dir(root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let output = list.output().ok().filter(|output| output.status.success())?;
    let paths = String::from_utf8(output.stdout).ok()?;
    Some(paths.split_terminator('\0').map(str::to_owned).collect())
}

fn found_under(folder: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if ["target", "node_modules", ".git"].contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            paths.extend(found_under(&path));
            continue;
        }
        paths.push(path.strip_prefix(root()).unwrap().to_string_lossy().into_owned());
    }
    paths
}

/// The dependencies of each crate of the workspace, without dev-dependencies.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.current_dir(root()).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = metadata.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let all = package["dependencies"].as_array().unwrap().iter();
            (name(package), all.filter(|dependency| dependency["kind"] != "dev").map(name).collect())
        })
        .collect()
}

fn has_extension(file: &SourceFile, extensions: &[&str]) -> bool {
    Path::new(&file.path).extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted))
}

/// Whether `needle` is in the line and is not the end of a longer name.
fn names(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| !ends_in_word(&line[..at]))
}

/// Whether `needle` is in the line as a word of its own.
fn is_word(line: &str, needle: &str) -> bool {
    let starts_with_word = |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    line.match_indices(needle)
        .any(|(at, _)| !ends_in_word(&line[..at]) && !starts_with_word(&line[at + needle.len()..]))
}

fn ends_in_word(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Whether the line has an absolute path into this folder. In a URL, another character precedes the slash.
fn starts_a_path(line: &str, folder: &str) -> bool {
    let path = format!("/{folder}/");
    let goes_on = |before: &str| before.ends_with(|c: char| c.is_alphanumeric() || "._-/}*~)>".contains(c));
    line.match_indices(&path).any(|(at, _)| !goes_on(&line[..at]))
}
