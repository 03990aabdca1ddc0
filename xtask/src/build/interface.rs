// SPDX-License-Identifier: EUPL-1.2
//! The files of a Leptos crate that runs in a browser: loader, glue, module, styles and texts.
//!
//! In a release the widget's module comes in three parts: the code until a person has typed, the conversation
//! (`conversation`), and the rest (`deferred`). Calls are a module of their own, which the widget fetches when there is one: it needs
//! much of a browser that is in no other part, and bindings are in one file for all parts of a module.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use infocig_protocol::language::Language;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::bindings::{Host, bind};
use super::bundle::{minify, shrink};
use super::files::{create, empty, read, read_bytes, write};
use super::stamp::{Fingerprint, up_to_date};
use super::variants::Quality;
use super::{compile, shorten_imports};
use crate::plan::{Log, Step};
use crate::process::Failure;
use crate::tools::WASM;
use crate::workspace::Workspace;

/// A Leptos crate that runs in a browser.
pub(super) struct Interface {
    pub(super) package: &'static str,
    module: &'static str,
    folder: &'static str,
    /// Additional arguments of cargo in a release.
    pub(super) cargo: &'static [&'static str],
    /// Compiler flags for every crate in a release.
    pub(super) flags: &'static str,
    /// The name of the loader and of the folder of its files.
    name: &'static str,
    /// The folders of its texts; a later one completes an earlier one.
    texts: &'static [&'static str],
    /// The folders of those texts that come with the deferred part, in files of their own.
    later_texts: &'static [&'static str],
    /// Whether the module of a release is split at the points marked in its sources.
    split: bool,
    /// The step that compiles it for a release, and how long that takes on two cores from nothing.
    pub(super) compile_step: &'static str,
    pub(super) seconds: u64,
    quick_step: &'static str,
    release_step: &'static str,
}

pub(super) const WIDGET: Interface = Interface {
    package: "infocig-widget",
    module: "infocig_widget",
    folder: "widget",
    // The standard library is compiled for size too, and panics have no message: an eighth less to download. Both flags are
    // unstable; the compiler is pinned (`rust-toolchain.toml`), and a panic ends the widget with or without a message. The
    // splitter reads the relocations that the linker leaves in the module.
    cargo: &[
        "-Zbuild-std=std,panic_abort",
        "-Zbuild-std-features=optimize_for_size",
        "--features=split",
        "--",
        "-Clink-arg=--emit-relocs",
    ],
    flags: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    name: "info-cig",
    texts: &["client/texts", "widget/texts"],
    later_texts: &["client/texts/cases", "widget/texts/deferred"],
    split: true,
    compile_step: "compile the widget",
    seconds: 160,
    quick_step: "make the quick widget's files",
    release_step: "make the widget's files",
};
pub(super) const CALL: Interface = Interface {
    package: "infocig-call",
    module: "infocig_call",
    folder: "call",
    cargo: &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    flags: WIDGET.flags,
    name: "call",
    texts: &["client/texts", "call/texts"],
    later_texts: &[],
    split: false,
    compile_step: "compile the module of calls",
    seconds: 100,
    quick_step: "make the quick files of calls",
    release_step: "make the files of calls",
};
pub(super) const CONSOLE: Interface = Interface {
    package: "infocig-console",
    module: "infocig_console",
    folder: "console",
    cargo: &[],
    flags: compile::ERASED_VIEWS,
    name: "console",
    texts: &["client/texts", "client/texts/cases", "console/texts"],
    later_texts: &[],
    split: false,
    compile_step: "compile the console",
    seconds: 200,
    quick_step: "make the quick console's files",
    release_step: "make the console's files",
};

impl Interface {
    /// The target folder of this interface: crates compiled with different flags would overwrite each other.
    pub(super) fn target(&self, workspace: &Workspace) -> PathBuf {
        workspace.target("interfaces-build").join(self.folder)
    }

    /// The folder of the finished files.
    pub(super) fn done(&self, workspace: &Workspace, quality: Quality) -> PathBuf {
        quality.work(workspace, self.folder).join("done")
    }

    /// The step that makes the files.
    pub(super) fn files_step(&self, quality: Quality) -> &'static str {
        if quality == Quality::Quick { self.quick_step } else { self.release_step }
    }

    fn compiled(&self, workspace: &Workspace, quality: Quality) -> PathBuf {
        match quality {
            Quality::Quick => compile::quick_module(workspace, self.module),
            Quality::Release => {
                self.target(workspace).join(WASM).join("widget").join(format!("{}.wasm", self.module))
            }
        }
    }

    fn is_split(&self, quality: Quality) -> bool {
        self.split && quality == Quality::Release
    }

    fn loader(&self) -> String {
        self.named("js")
    }

    fn named(&self, extension: &str) -> String {
        format!("{}.{extension}", self.name)
    }
}

/// Writes the files of an interface and its loader, unless they are up to date.
pub(super) fn files<'a>(
    workspace: &'a Workspace,
    interface: &'static Interface,
    quality: Quality,
) -> Step<'a> {
    let (compiled, seconds) = match quality {
        Quality::Quick => (compile::QUICK, 6),
        Quality::Release => (interface.compile_step, 60),
    };
    Step::new(interface.files_step(quality), seconds, move |log| make(workspace, log, interface, quality))
        .after(&[compiled])
}

fn make(workspace: &Workspace, log: &Log, interface: &Interface, quality: Quality) -> Result<(), Failure> {
    let compiled = interface.compiled(workspace, quality);
    let (work, done) = (quality.work(workspace, interface.folder), interface.done(workspace, quality));
    let loader = workspace.path("public/edge").join(interface.loader());
    let styles = workspace.path(interface.folder).join("style.css");
    let mut made_of =
        Fingerprint::of_tools(workspace)?.and_file(&compiled)?.and_file(&loader)?.and_file(&styles)?;
    made_of = made_of.and_file(&workspace.path("client/loader.js"))?;
    // The console's stylesheet imports it.
    made_of = made_of.and_file(&workspace.path("public/edge/chart.css"))?;
    for language in Language::ALL {
        for file in files_of(workspace, interface.texts.iter().chain(interface.later_texts), language) {
            made_of = made_of.and_file(&file)?;
        }
    }
    let stamp = made_of.at(work.join("stamp"));
    if up_to_date(&stamp, &done, &[&interface.loader()]) {
        return Ok(());
    }
    let raw = work.join("raw");
    empty(&work)?;
    create(&raw)?;
    let mut named = Named { folder: done.join(interface.folder), files: Map::new() };
    create(&named.folder)?;

    if interface.is_split(quality) {
        split(workspace, log, interface, &compiled, &raw, &named)?;
    } else {
        bind(&compiled, interface.module, Host::Page, &raw)?;
    }
    let module = raw.join(format!("{}_bg.wasm", interface.module));
    if quality == Quality::Release {
        let bindings = raw.join(format!("{}.js", interface.module));
        let (shortened, said) = shorten_imports::shorten(&read_bytes(&module)?, &read(&bindings)?)?;
        write(&module, &shortened)?;
        write(&bindings, said.as_bytes())?;
        shrink(workspace, log, &module, interface.split)?;
    }
    let module = read_bytes(&module)?;
    named.keep("module", &interface.named("wasm"), &module)?;
    let wanted = raw.join("wanted.js");
    write(&wanted, format!("export {{ default, mount }} from './{}.js';", interface.module).as_bytes())?;
    let glue = minify(workspace, log, &wanted, &raw.join("glue.js"), &[])?;
    named.keep("glue", &interface.named("js"), &glue)?;
    let styles = minify(workspace, log, &styles, &raw.join("style.css"), &[])?;
    named.keep("styles", &interface.named("css"), &styles)?;
    for language in Language::ALL {
        let mut first = texts(workspace, interface.texts, language)?;
        if !interface.later_texts.is_empty() {
            let later = Value::Object(texts(workspace, interface.later_texts, language)?).to_string();
            let (name, digest) =
                named.place(&format!("later-{}.json", language.as_str()), later.as_bytes())?;
            first.insert("later".into(), format!("{name} {digest}").into());
        }
        named.keep_language(language, Value::Object(first).to_string().as_bytes())?;
    }
    let manifest = Value::Object(named.files);
    let names =
        [format!("--define:FOLDER={}", json!(interface.folder)), format!("--define:FILES={manifest}")];
    let loader = minify(workspace, log, &loader, &raw.join("loader.js"), &names)?;
    write(&done.join(interface.loader()), &loader)?;
    write(&work.join("files.json"), manifest.to_string().as_bytes())?;
    stamp.write()
}

/// Splits the module of an interface, and publishes the deferred parts.
fn split(
    workspace: &Workspace,
    log: &Log,
    interface: &Interface,
    compiled: &Path,
    raw: &Path,
    named: &Named,
) -> Result<(), Failure> {
    let parts = parts(compiled, interface, raw)?;
    bind(&raw.join("main.wasm"), interface.module, Host::PageInParts, raw)?;
    let mut links = read(&raw.join("__wasm_split.js"))?;
    for part in parts {
        shrink(workspace, log, &part, true)?;
        let before = file_name(&part);
        let (after, _) = named.place(&before, &read_bytes(&part)?)?;
        links = links.replace(&before, &after);
    }
    // A request that hangs must fail, because only a failed part is requested again.
    let fetched = "import.meta.url));";
    let patience = format!("import.meta.url), {{ signal: AbortSignal.timeout({PART_WITHIN_MS}) }});");
    let patient = links.replace(fetched, &patience);
    if patient == links {
        return Err(Failure::Step("the splitter fetches its parts in another way than is known here".into()));
    }
    write(&raw.join("__wasm_split.js"), patient.as_bytes())
}

/// Files named after the hash of their contents, and the constants of the loader that name them.
struct Named {
    folder: PathBuf,
    files: Map<String, Value>,
}

impl Named {
    /// Publishes a file under a name with its hash, and defines that name for the loader.
    fn keep(&mut self, role: &str, name: &str, contents: &[u8]) -> Result<(), Failure> {
        let entry = self.place(name, contents)?;
        self.files.insert(role.into(), json!(entry));
        Ok(())
    }

    fn keep_language(&mut self, language: Language, contents: &[u8]) -> Result<(), Failure> {
        let entry = self.place(&format!("{}.json", language.as_str()), contents)?;
        let texts = self.files.entry("texts").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(texts) = texts {
            texts.insert(language.as_str().into(), json!(entry));
        }
        Ok(())
    }

    /// Publishes a file; returns its name and its digest (Subresource Integrity).
    fn place(&self, name: &str, contents: &[u8]) -> Result<(String, String), Failure> {
        let hash = Sha256::digest(contents);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let short =
            format!("{:012x}", hash.iter().take(6).fold(0_u64, |short, byte| short << 8 | u64::from(*byte)));
        let place = format!("{stem}-{short}.{extension}");
        write(&self.folder.join(&place), contents)?;
        Ok((place, format!("sha256-{}", BASE64_STANDARD.encode(hash))))
    }
}

/// Splits a module at the points marked in its sources. Returns the deferred parts; the first part is `main.wasm`.
fn parts(module: &Path, interface: &Interface, into: &Path) -> Result<Vec<PathBuf>, Failure> {
    let bytes = shorten_imports::without_unused(&read_bytes(module)?)?;
    let main = into.join("main.wasm");
    let glue = format!("./{}.js", interface.module);
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = into;
    options.main_out_path = &main;
    options.link_name = "./__wasm_split.js";
    options.main_module = &glue;
    let parts = wasm_split_cli_support::transform(options);
    let parts =
        parts.map_err(|error| Failure::Step(format!("splitting the {}: {error}", interface.folder)))?;
    Ok(parts.split_modules)
}

/// The files of one language in some folders.
fn files_of<'a>(
    workspace: &Workspace,
    folders: impl IntoIterator<Item = &'a &'a str>,
    language: Language,
) -> Vec<PathBuf> {
    let file = |folder: &&str| workspace.path(format!("{folder}/{}.json", language.as_str()));
    folders.into_iter().map(file).collect()
}

/// The texts of one language, sorted by key, because similar keys one after the other are compressed best.
fn texts(workspace: &Workspace, folders: &[&str], language: Language) -> Result<Map<String, Value>, Failure> {
    let mut all = BTreeMap::new();
    for file in files_of(workspace, folders, language) {
        let texts: BTreeMap<String, String> = serde_json::from_str(&read(&file)?)
            .map_err(|error| Failure::Step(format!("{}: {error}", file.display())))?;
        all.extend(texts);
    }
    Ok(all.into_iter().map(|(key, text)| (key, text.into())).collect())
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// How long the download of a deferred part may take.
const PART_WITHIN_MS: u32 = 30_000;
