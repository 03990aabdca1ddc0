// SPDX-License-Identifier: EUPL-1.2
//! `target/site`: the files visitors download, as small as the tools make them.
//!
//! - `info-cig.js`, `console.js`: the loaders. Their names never change; they name everything else.
//! - `widget/`: files named after their contents, so that they may be kept for ever and an old loader never meets a new
//!   module. The module comes in two parts: what a person needs until they have typed, and the rest (`later`).
//! - `console/`, `fonts/`, stylesheets of pages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use infocig_protocol::language::Language;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::build::{create, tools, up_to_date};
use crate::mirror::Mirror;
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, cargo, run, say};
use crate::setup::WASM;

/// Makes `target/site`.
pub(crate) fn make(workspace: &Workspace) -> Result<(), Failure> {
    for interface in [&WIDGET, &CONSOLE] {
        compile(workspace, interface)?;
    }
    let mut files = Mirror::default();
    files.folder("", &workspace.path("public/edge"))?;
    files.folder("", &widget(workspace)?)?;
    files.folder("console", &console(workspace)?)?;
    let fonts = workspace.node_modules().join("@fontsource/titillium-web/files");
    for subset in FONT_SUBSETS {
        for weight in FONT_WEIGHTS {
            let name = format!("titillium-web-{subset}-{weight}");
            files.file(format!("fonts/{name}.woff2"), fonts.join(format!("{name}-normal.woff2")));
        }
    }
    let changes = files.make(&workspace.target("site"))?;
    say(format_args!("✓ target/site ({changes} files changed)"));
    Ok(())
}

/// The folder with the widget as it is served, and its loader.
pub(crate) fn widget_folder(workspace: &Workspace) -> PathBuf {
    workspace.target("interfaces/widget/done")
}

/// A Leptos crate that runs in a browser.
struct Interface {
    package: &'static str,
    module: &'static str,
    folder: &'static str,
    /// What cargo is told besides.
    cargo: &'static [&'static str],
    /// What the compiler is told of every crate.
    flags: &'static str,
    /// What the linker is told besides.
    linked: &'static [&'static str],
}

const WIDGET: Interface = Interface {
    package: "infocig-widget",
    module: "infocig_widget",
    folder: "widget",
    // The standard library, made for size with the rest, and panics that say nothing: an eighth less for every visitor. The
    // compiler calls it unstable; it is one exact compiler (`rust-toolchain.toml`), and a panic ends the widget either way.
    cargo: &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    flags: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    // What it leaves behind is what the module is cut by.
    linked: &["-Clink-arg=--emit-relocs"],
};
const CONSOLE: Interface = Interface {
    package: "infocig-console",
    module: "infocig_console",
    folder: "console",
    cargo: &[],
    // Views whose types are erased: a third less to download, measured at the console's size.
    flags: "--cfg erase_components",
    linked: &[],
};

const FONT_SUBSETS: [&str; 2] = ["latin", "latin-ext"];
const FONT_WEIGHTS: [&str; 3] = ["400", "600", "700"];

impl Interface {
    /// Of its own: crates compiled with other flags must not take each other's place.
    fn target(&self, workspace: &Workspace) -> PathBuf {
        workspace.target("interfaces-build").join(self.folder)
    }

    fn compiled(&self, workspace: &Workspace) -> PathBuf {
        self.target(workspace).join(WASM).join("widget").join(format!("{}.wasm", self.module))
    }

    fn work(&self, workspace: &Workspace) -> PathBuf {
        workspace.target("interfaces").join(self.folder)
    }
}

fn compile(workspace: &Workspace, interface: &Interface) -> Result<(), Failure> {
    let mut compile = cargo(workspace.root());
    // As one kind of library alone: cargo optimises no crate at link time that is another kind as well.
    compile.args(["rustc", "-p", interface.package, "--lib", "--crate-type", "cdylib"]);
    compile.args(["--profile", "widget", "--target", WASM, "--target-dir"]).arg(interface.target(workspace));
    compile.args(interface.cargo).arg("--").args(interface.linked);
    compile.env("RUSTFLAGS", interface.flags).env("RUSTC_BOOTSTRAP", "1");
    run(&format!("compiling the {}", interface.folder), &mut compile)
}

/// Makes the widget's files and its loader.
fn widget(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let compiled = WIDGET.compiled(workspace);
    let (work, done) = (WIDGET.work(workspace), widget_folder(workspace));
    let loader = workspace.path("public/edge/info-cig.js");
    let styles = workspace.path("widget/style.css");
    let mut made_of = tools(workspace)?.and_file(&compiled)?.and_file(&loader)?.and_file(&styles)?;
    for language in Language::ALL {
        for file in texts_of(workspace, WIDGET.folder, language) {
            made_of = made_of.and_file(&file)?;
        }
    }
    let stamp = made_of.at(work.join("stamp"));
    if up_to_date(&stamp, &done, &["info-cig.js"]) {
        return Ok(done);
    }
    let raw = work.join("raw");
    empty(&work)?;
    create(&raw)?;
    create(&done.join("widget"))?;

    let chunks = split(&compiled, &raw)?;
    bind(workspace, &WIDGET, &raw.join("main.wasm"), &raw, &["--keep-lld-exports"])?;
    let mut named = Named { folder: done.clone(), files: Map::new() };
    let mut links = read(&raw.join("__wasm_split.js"))?;
    for chunk in chunks {
        shrink(workspace, &chunk)?;
        let before = file_name(&chunk);
        let contents = fs::read(&chunk).or_fail("reading a part of the widget")?;
        let (after, _) = named.place(&before, &contents)?;
        links = links.replace(&before, &after);
    }
    // A part that never comes must not be waited for for ever: its failure is what can be tried again.
    let patient = links
        .replace("fetch(url)", &format!("fetch(url, {{ signal: AbortSignal.timeout({PART_WITHIN_MS}) }})"));
    write(&raw.join("__wasm_split.js"), patient.as_bytes())?;
    let module = raw.join(format!("{}_bg.wasm", WIDGET.module));
    shrink(workspace, &module)?;
    named.keep("module", "info-cig.wasm", &fs::read(&module).or_fail("reading the widget's module")?)?;
    let glue = minify(workspace, &raw.join(format!("{}.js", WIDGET.module)), &raw.join("glue.js"))?;
    named.keep("glue", "info-cig.js", &glue)?;
    let styles = minify(workspace, &styles, &raw.join("style.css"))?;
    named.keep("styles", "info-cig.css", &styles)?;
    for language in Language::ALL {
        let texts = texts(workspace, WIDGET.folder, language)?;
        named.keep_language(language, texts.to_string().as_bytes())?;
    }
    let loader = read(&loader)?;
    let manifest = Value::Object(named.files.clone());
    let written = loader.replace("const FILES = {};", &format!("const FILES = {manifest};"));
    if written == loader {
        return Err(Failure::Step(
            "the loader has no `const FILES = {};` to put the names of files in".into(),
        ));
    }
    write(&raw.join("info-cig.js"), written.as_bytes())?;
    let loader = minify(workspace, &raw.join("info-cig.js"), &raw.join("loader.js"))?;
    write(&done.join("info-cig.js"), &loader)?;
    write(&work.join("files.json"), manifest.to_string().as_bytes())?;
    stamp.press()?;
    Ok(done)
}

/// Makes the console's files.
fn console(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let compiled = CONSOLE.compiled(workspace);
    let work = CONSOLE.work(workspace);
    let (raw, done) = (work.join("raw"), work.join("done"));
    let (glue, wasm) = (format!("{}.js", CONSOLE.module), format!("{}_bg.wasm", CONSOLE.module));
    let stamp = tools(workspace)?.and_file(&compiled)?.at(work.join("stamp"));
    if up_to_date(&stamp, &done, &[&glue, &wasm]) {
        return Ok(done);
    }
    empty(&work)?;
    create(&done)?;
    bind(workspace, &CONSOLE, &compiled, &raw, &[])?;
    shrink(workspace, &raw.join(&wasm))?;
    fs::copy(raw.join(&wasm), done.join(&wasm)).or_fail("copying the console's module")?;
    minify(workspace, &raw.join(&glue), &done.join(&glue))?;
    stamp.press()?;
    Ok(done)
}

/// Files that are named after their contents, and what the loader is told of them.
struct Named {
    folder: PathBuf,
    files: Map<String, Value>,
}

impl Named {
    /// Keeps a file under a name of its own, and tells the loader.
    fn keep(&mut self, role: &str, name: &str, contents: &[u8]) -> Result<(), Failure> {
        let (_, entry) = self.place(name, contents)?;
        self.files.insert(role.into(), entry);
        Ok(())
    }

    fn keep_language(&mut self, language: Language, contents: &[u8]) -> Result<(), Failure> {
        let (_, entry) = self.place(&format!("{}.json", language.as_str()), contents)?;
        let texts = self.files.entry("texts").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(texts) = texts {
            texts.insert(language.as_str().into(), entry);
        }
        Ok(())
    }

    /// Keeps a file; answers its name, and what is told of it: its name and its digest (Subresource Integrity).
    fn place(&self, name: &str, contents: &[u8]) -> Result<(String, Value), Failure> {
        let hash = Sha256::digest(contents);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
        let short =
            format!("{:012x}", hash.iter().take(6).fold(0_u64, |short, byte| short << 8 | u64::from(*byte)));
        let place = format!("{stem}-{short}.{extension}");
        write(&self.folder.join("widget").join(&place), contents)?;
        Ok((place.clone(), json!([place, format!("sha256-{}", BASE64_STANDARD.encode(hash))])))
    }
}

/// Cuts a module where its sources say so. Answers the parts that come later; the first part is `main.wasm`.
fn split(module: &Path, into: &Path) -> Result<Vec<PathBuf>, Failure> {
    let bytes = fs::read(module).or_fail(format_args!("reading {}", module.display()))?;
    let main = into.join("main.wasm");
    let glue = format!("./{}.js", WIDGET.module);
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = into;
    options.main_out_path = &main;
    options.link_name = "./__wasm_split.js";
    options.main_module = &glue;
    let parts = wasm_split_cli_support::transform(options);
    let parts = parts.map_err(|error| Failure::Step(format!("cutting the widget in two: {error}")))?;
    Ok(parts.split_modules)
}

fn bind(
    workspace: &Workspace,
    interface: &Interface,
    module: &Path,
    into: &Path,
    flags: &[&str],
) -> Result<(), Failure> {
    let mut bindings = Program::new(workspace.cargo_tool("wasm-bindgen"));
    bindings.args(["--target", "web", "--no-typescript", "--out-name", interface.module, "--out-dir"]);
    bindings.arg(into).args(flags).arg(module);
    run(&format!("binding the {}", interface.folder), &mut bindings)?;
    let snippets = into.join("snippets");
    if snippets.exists() {
        return Err(Failure::Step(format!(
            "the {} brings JavaScript snippets, which the site would have to serve as extra files: {}",
            interface.folder,
            snippets.display()
        )));
    }
    Ok(())
}

/// Makes a module smaller where it lies.
fn shrink(workspace: &Workspace, module: &Path) -> Result<(), Failure> {
    // No feature flags: the module names the features it uses, and allowing others makes modules that browsers refuse.
    let mut shrink = Program::new(workspace.wasm_opt());
    shrink.arg(module).args(["-Oz", "-o"]).arg(module);
    run(&format!("shrinking {}", file_name(module)), &mut shrink)
}

/// Makes a script or a stylesheet smaller; what a script imports from beside it becomes part of it.
fn minify(workspace: &Workspace, file: &Path, into: &Path) -> Result<Vec<u8>, Failure> {
    let mut minify = Program::new(workspace.esbuild()?);
    minify.arg(file).args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    // Each part of a module brings the same list of imports.
    minify.arg("--log-override:duplicate-object-key=silent");
    minify.arg(format!("--outfile={}", into.display()));
    run(&format!("minifying {}", file_name(file)), &mut minify)?;
    fs::read(into).or_fail(format_args!("reading {}", into.display()))
}

/// What both interfaces say, and what this one says.
fn texts_of(workspace: &Workspace, folder: &str, language: Language) -> [PathBuf; 2] {
    ["client", folder].map(|folder| workspace.path(format!("{folder}/texts/{}.json", language.as_str())))
}

/// The texts of one language in one object.
fn texts(workspace: &Workspace, folder: &str, language: Language) -> Result<Value, Failure> {
    let mut all = BTreeMap::new();
    for file in texts_of(workspace, folder, language) {
        let texts: BTreeMap<String, String> = serde_json::from_str(&read(&file)?)
            .map_err(|error| Failure::Step(format!("{}: {error}", file.display())))?;
        all.extend(texts);
    }
    Ok(json!(all))
}

fn empty(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).or_fail(format_args!("removing {}", folder.display()))?;
    }
    create(folder)
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).or_fail(format_args!("reading {}", file.display()))
}

fn write(file: &Path, contents: &[u8]) -> Result<(), Failure> {
    fs::write(file, contents).or_fail(format_args!("writing {}", file.display()))
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// How long a part that comes later may take to begin to come.
const PART_WITHIN_MS: u32 = 30_000;
