// SPDX-License-Identifier: EUPL-1.2
//! `target/site`: the files visitors download, as small as the tools make them.
//!
//! - `info-cig.js`, `console.js`: the loaders. Their names never change; they name everything else.
//! - `widget/`, `console/`: files named after their contents, so that they may be kept for ever and an old loader never meets
//!   a new module. The widget's module comes in three parts: what a person needs until they have typed, the conversation
//!   (`talk`), and the rest (`later`).
//! - `fonts/`, stylesheets of pages.
//!
//! Each lies there as it is and, where that is smaller, as it travels ([`compress`]).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use infocig_protocol::language::Language;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::build::{create, tools, up_to_date};
use crate::compress;
use crate::mirror::Mirror;
use crate::names;
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
    for interface in [&WIDGET, &CONSOLE] {
        files.folder("", &finished(workspace, interface)?)?;
    }
    let fonts = workspace.node_modules().join("@fontsource/titillium-web/files");
    for subset in FONT_SUBSETS {
        for weight in FONT_WEIGHTS {
            let name = format!("titillium-web-{subset}-{weight}");
            files.file(format!("fonts/{name}.woff2"), fonts.join(format!("{name}-normal.woff2")));
        }
    }
    compress::beside(&mut files, &workspace.target("compressed"))?;
    let changes = files.make(&workspace.target("site"))?;
    say(format_args!("✓ target/site ({changes} files changed)"));
    Ok(())
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
    /// What the loader and the files it brings are called.
    name: &'static str,
    /// Whether its sources say where the module is cut.
    cut: bool,
}

const WIDGET: Interface = Interface {
    package: "infocig-widget",
    module: "infocig_widget",
    folder: "widget",
    // The standard library, made for size with the rest, and panics that say nothing: an eighth less for every visitor. The
    // compiler calls it unstable; it is one exact compiler (`rust-toolchain.toml`), and a panic ends the widget either way.
    cargo: &["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"],
    flags: "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none",
    name: "info-cig",
    cut: true,
};
const CONSOLE: Interface = Interface {
    package: "infocig-console",
    module: "infocig_console",
    folder: "console",
    cargo: &[],
    // Views whose types are erased: a third less to download, measured at the console's size.
    flags: "--cfg erase_components",
    name: "console",
    cut: false,
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

    fn done(&self, workspace: &Workspace) -> PathBuf {
        self.work(workspace).join("done")
    }

    fn loader(&self) -> String {
        self.named("js")
    }

    fn named(&self, extension: &str) -> String {
        format!("{}.{extension}", self.name)
    }
}

fn compile(workspace: &Workspace, interface: &Interface) -> Result<(), Failure> {
    let mut compile = cargo(workspace.root());
    // As one kind of library alone: cargo optimises no crate at link time that is another kind as well.
    compile.args(["rustc", "-p", interface.package, "--lib", "--crate-type", "cdylib"]);
    compile.args(["--profile", "widget", "--target", WASM, "--target-dir"]).arg(interface.target(workspace));
    compile.args(interface.cargo);
    if interface.cut {
        // What the linker leaves behind is what the module is cut by.
        compile.args(["--", "-Clink-arg=--emit-relocs"]);
    }
    compile.env("RUSTFLAGS", interface.flags).env("RUSTC_BOOTSTRAP", "1");
    run(&format!("compiling the {}", interface.folder), &mut compile)
}

/// Makes an interface's files and its loader, if they are out of date. Answers the folder they are in.
fn finished(workspace: &Workspace, interface: &Interface) -> Result<PathBuf, Failure> {
    let compiled = interface.compiled(workspace);
    let (work, done) = (interface.work(workspace), interface.done(workspace));
    let loader = workspace.path("public/edge").join(interface.loader());
    let styles = workspace.path(interface.folder).join("style.css");
    let mut made_of = tools(workspace)?.and_file(&compiled)?.and_file(&loader)?.and_file(&styles)?;
    made_of = made_of.and_file(&workspace.path("client/loader.js"))?;
    // How they are made counts as what they are made of.
    for maker in ["site", "names"] {
        made_of = made_of.and_file(&workspace.path(format!("xtask/src/{maker}.rs")))?;
    }
    for language in Language::ALL {
        for file in texts_of(workspace, interface.folder, language) {
            made_of = made_of.and_file(&file)?;
        }
    }
    let stamp = made_of.at(work.join("stamp"));
    if up_to_date(&stamp, &done, &[&interface.loader()]) {
        return Ok(done);
    }
    let raw = work.join("raw");
    empty(&work)?;
    create(&raw)?;
    let mut named = Named { folder: done.join(interface.folder), files: Map::new() };
    create(&named.folder)?;

    if interface.cut {
        cut(workspace, interface, &raw, &named)?;
    } else {
        bind(workspace, interface, &compiled, &raw, &[])?;
    }
    let module = raw.join(format!("{}_bg.wasm", interface.module));
    let bindings = raw.join(format!("{}.js", interface.module));
    let before = fs::read(&module).or_fail(format_args!("reading {}", module.display()))?;
    let (shortened, said) = names::shorten(&before, &read(&bindings)?)?;
    write(&module, &shortened)?;
    write(&bindings, said.as_bytes())?;
    shrink(workspace, &module)?;
    let module = fs::read(&module).or_fail(format_args!("reading {}", module.display()))?;
    named.keep("module", &interface.named("wasm"), &module)?;
    let wanted = raw.join("wanted.js");
    write(&wanted, format!("export {{ default, mount }} from './{}.js';", interface.module).as_bytes())?;
    let glue = minify(workspace, &wanted, &raw.join("glue.js"), &[])?;
    named.keep("glue", &interface.named("js"), &glue)?;
    let styles = minify(workspace, &styles, &raw.join("style.css"), &[])?;
    named.keep("styles", &interface.named("css"), &styles)?;
    for language in Language::ALL {
        let texts = texts(workspace, interface.folder, language)?;
        named.keep_language(language, texts.to_string().as_bytes())?;
    }
    let manifest = Value::Object(named.files);
    let names =
        [format!("--define:FOLDER={}", json!(interface.folder)), format!("--define:FILES={manifest}")];
    let loader = minify(workspace, &loader, &raw.join("loader.js"), &names)?;
    write(&done.join(interface.loader()), &loader)?;
    write(&work.join("files.json"), manifest.to_string().as_bytes())?;
    stamp.press()?;
    Ok(done)
}

/// Cuts an interface's module, and keeps the parts that come later.
fn cut(workspace: &Workspace, interface: &Interface, raw: &Path, named: &Named) -> Result<(), Failure> {
    let chunks = split(&interface.compiled(workspace), interface, raw)?;
    bind(workspace, interface, &raw.join("main.wasm"), raw, &["--keep-lld-exports"])?;
    let mut links = read(&raw.join("__wasm_split.js"))?;
    for chunk in chunks {
        shrink(workspace, &chunk)?;
        let before = file_name(&chunk);
        let contents = fs::read(&chunk).or_fail(format_args!("reading {}", chunk.display()))?;
        let (after, _) = named.place(&before, &contents)?;
        links = links.replace(&before, &after);
    }
    // A part that never comes must not be waited for for ever: its failure is what can be tried again.
    let fetched = "import.meta.url));";
    let patience = format!("import.meta.url), {{ signal: AbortSignal.timeout({PART_WITHIN_MS}) }});");
    let patient = links.replace(fetched, &patience);
    if patient == links {
        return Err(Failure::Step("the splitter fetches its parts in another way than is known here".into()));
    }
    write(&raw.join("__wasm_split.js"), patient.as_bytes())
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
        write(&self.folder.join(&place), contents)?;
        Ok((place.clone(), json!([place, format!("sha256-{}", BASE64_STANDARD.encode(hash))])))
    }
}

/// Cuts a module where its sources say so. Answers the parts that come later; the first part is `main.wasm`.
fn split(module: &Path, interface: &Interface, into: &Path) -> Result<Vec<PathBuf>, Failure> {
    let bytes = fs::read(module).or_fail(format_args!("reading {}", module.display()))?;
    let bytes = names::without_unused(&bytes)?;
    let main = into.join("main.wasm");
    let glue = format!("./{}.js", interface.module);
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = into;
    options.main_out_path = &main;
    options.link_name = "./__wasm_split.js";
    options.main_module = &glue;
    let parts = wasm_split_cli_support::transform(options);
    let parts =
        parts.map_err(|error| Failure::Step(format!("cutting the {} in two: {error}", interface.folder)))?;
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
    // Flat code that is put together anew and twice gone through: a hundredth less than once.
    shrink.arg(module).args(["-Oz", "--flatten", "--rereloop", "-Oz", "-Oz"]);
    // What tools tell tools, no browser reads.
    shrink.args(["--strip-producers", "--strip-target-features", "-o"]).arg(module);
    run(&format!("shrinking {}", file_name(module)), &mut shrink)
}

/// Makes a script or a stylesheet smaller; what a script imports becomes part of it, and so does what `flags` define.
fn minify(workspace: &Workspace, file: &Path, into: &Path, flags: &[String]) -> Result<Vec<u8>, Failure> {
    let mut minify = Program::new(workspace.esbuild()?);
    minify.arg(file).args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    // Each part of a module brings the same list of imports.
    minify.arg("--log-override:duplicate-object-key=silent");
    // Classes nobody asks for may go: what holds them is how they would be disposed of and finalised.
    minify.args(["--define:Symbol.dispose=undefined", "--pure:FinalizationRegistry"]);
    minify.args(flags).arg(format!("--outfile={}", into.display()));
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

/// How long a part that comes later may take.
const PART_WITHIN_MS: u32 = 30_000;
