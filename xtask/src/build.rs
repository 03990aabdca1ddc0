// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask build`: the files visitors download and the Worker that serves them.
//!
//! # What comes out
//! - `target/site/`: `public/edge/` with the compiled widget, the compiled console and the fonts added.
//! - `target/edge/demo/`: the Worker whose clock can be set, next to the configuration and the policy it runs with.
//! - `target/edge/release/`: the same without the feature `test-clock`, as it is deployed.
//!
//! Nothing is downloaded: the tools are those `cargo xtask setup` installed. What has not changed is not made again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use crate::args::{Command, Flag};
use crate::mirror::{Mirror, copy_if_different};
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, building, cargo, run, say};
use crate::setup::{self, WASM};
use crate::stamp::{Fingerprint, Stamp};

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "build",
    summary: "Make the site and the Worker",
    about: "Makes target/site, and target/edge/demo, the Worker whose clock can be set. Runs `setup` first.",
    operand: None,
    flags: &[Flag {
        name: "--release",
        value: None,
        about: "Make target/edge/release, the Worker as it is deployed, instead of the demo's",
    }],
    run: |workspace, given| {
        setup::run_all(workspace)?;
        site(workspace)?;
        edge(workspace, if given.has("--release") { Edge::Release } else { Edge::Demo })
    },
};

/// The two Workers that are built from the same sources.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Edge {
    /// With the feature `test-clock`.
    Demo,
    /// As it is deployed.
    Release,
}

impl Edge {
    /// Its folder under `target/edge/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Demo => "demo",
            Self::Release => "release",
        }
    }

    fn features(self) -> &'static [&'static str] {
        match self {
            Self::Demo => &["--features", "test-clock"],
            Self::Release => &[],
        }
    }
}

/// A Leptos crate that runs in a browser.
struct Interface {
    package: &'static str,
    module: &'static str,
    folder: &'static str,
}

const INTERFACES: [Interface; 2] = [
    Interface { package: "infocig-widget", module: "infocig_widget", folder: "widget" },
    Interface { package: "infocig-console", module: "infocig_console", folder: "console" },
];

const FONT_SUBSETS: [&str; 2] = ["latin", "latin-ext"];
const FONT_WEIGHTS: [&str; 3] = ["400", "600", "700"];

/// Makes `target/site`.
pub(crate) fn site(workspace: &Workspace) -> Result<(), Failure> {
    let mut compile = cargo(workspace.root());
    compile.args(["build", "--lib", "--profile", "widget", "--target", WASM]);
    compile.args(INTERFACES.iter().flat_map(|interface| ["-p", interface.package]));
    // Views whose types are erased: one twentieth less to download, measured at this size (a small one would grow).
    compile.env("RUSTFLAGS", "--cfg erase_components");
    run("compiling the widget and the console", &mut compile)?;

    let mut files = Mirror::default();
    files.folder("", &workspace.path("public/edge"))?;
    for interface in &INTERFACES {
        files.folder(interface.folder, &optimised(workspace, interface)?)?;
    }
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

/// Makes `target/edge/demo` or `target/edge/release`.
pub(crate) fn edge(workspace: &Workspace, variant: Edge) -> Result<(), Failure> {
    let name = variant.name();
    // Of its own, because `worker-build` has asynchronous imports expanded differently than a plain build would,
    // and cargo does not notice the difference.
    let compiled = workspace.target("edge-build");
    let mut compile = cargo(workspace.root());
    compile.args(["build", "-p", "infocig-edge", "--lib", "--profile", "edge", "--target", WASM]);
    compile.args(variant.features()).arg("--target-dir").arg(&compiled);
    compile.env("WASM_BINDGEN_USE_JS_SYS", "1");
    run(&format!("compiling the edge ({name})"), &mut compile)?;

    let folder = workspace.target("edge").join(name);
    let module = compiled.join(WASM).join("edge/infocig_edge.wasm");
    let stamp = tools(workspace)?.and_file(&module)?.at(workspace.target(format!("edge/{name}.stamp")));
    if !up_to_date(&stamp, &folder, &["index.js", "index_bg.wasm"]) {
        create(&folder)?;
        stamp.lift()?;
        run(
            &format!("packing the edge ({name})"),
            &mut worker_build(workspace, variant, &folder, &compiled)?,
        )?;
        stamp.press()?;
    }
    for file in ["workerd.capnp", "policy.json"] {
        copy_if_different(&workspace.path("edge").join(file), &folder.join(file))?;
    }
    say(format_args!("✓ target/edge/{name}"));
    Ok(())
}

/// `worker-build`, told where every tool is so that it fetches none.
fn worker_build(
    workspace: &Workspace,
    variant: Edge,
    folder: &Path,
    compiled: &Path,
) -> Result<Program, Failure> {
    let mut pack = building(workspace.cargo_tool("worker-build"), workspace.root());
    pack.env("WASM_BINDGEN_BIN", workspace.cargo_tool("wasm-bindgen"));
    pack.env("WASM_OPT_BIN", workspace.wasm_opt()).env("ESBUILD_BIN", workspace.esbuild()?);
    pack.args(["--profile", "edge", "--out-dir"]).arg(folder).arg(workspace.path("edge"));
    // Everything after the crate's folder goes to cargo as it is.
    pack.args(variant.features()).arg("--target-dir").arg(compiled);
    Ok(pack)
}

/// The folder with an interface's module and glue, as small as the tools make them.
fn optimised(workspace: &Workspace, interface: &Interface) -> Result<PathBuf, Failure> {
    let Interface { module, folder, .. } = interface;
    let compiled = workspace.target(WASM).join("widget").join(format!("{module}.wasm"));
    let (glue, wasm) = (format!("{module}.js"), format!("{module}_bg.wasm"));
    let work = workspace.target("interfaces").join(folder);
    let (raw, done) = (work.join("raw"), work.join("done"));
    let stamp = tools(workspace)?.and_file(&compiled)?.at(work.join("stamp"));
    if up_to_date(&stamp, &done, &[&glue, &wasm]) {
        return Ok(done);
    }

    if work.exists() {
        fs::remove_dir_all(&work).or_fail(format_args!("removing {}", work.display()))?;
    }
    create(&done)?;
    let mut bindings = Program::new(workspace.cargo_tool("wasm-bindgen"));
    bindings
        .args(["--target", "web", "--no-typescript", "--out-name", module, "--out-dir"])
        .arg(&raw)
        .arg(&compiled);
    run(&format!("binding the {folder}"), &mut bindings)?;
    if raw.join("snippets").exists() {
        return Err(Failure::Step(format!(
            "the {folder} brings JavaScript snippets, which the site would have to serve as extra files: {}",
            raw.join("snippets").display()
        )));
    }

    // No feature flags: the module names the features it uses, and allowing others makes modules that browsers refuse.
    let mut shrink = Program::new(workspace.wasm_opt());
    shrink.arg(raw.join(&wasm)).args(["-Oz", "-o"]).arg(done.join(&wasm));
    run(&format!("shrinking the {folder}"), &mut shrink)?;
    let mut minify = Program::new(workspace.esbuild()?);
    minify.arg(raw.join(&glue)).args(["--minify", "--format=esm", "--log-level=warning"]);
    minify.arg(format!("--outfile={}", done.join(&glue).display()));
    run(&format!("minifying the {folder}'s glue"), &mut minify)?;
    stamp.press()?;
    Ok(done)
}

fn up_to_date(stamp: &Stamp, folder: &Path, files: &[&str]) -> bool {
    stamp.holds() && files.iter().all(|file| folder.join(file).is_file())
}

/// What every result depends on besides its own module: the versions of the tools.
fn tools(workspace: &Workspace) -> Result<Fingerprint, Failure> {
    let versions = ["wasm-bindgen", "worker-build"].map(|tool| setup::installed_version(workspace, tool));
    let mut fingerprint = Fingerprint::default();
    for version in versions {
        fingerprint = fingerprint.and(&version.unwrap_or_default());
    }
    fingerprint.and_file(&workspace.path("package-lock.json"))
}

fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).or_fail(format_args!("creating {}", folder.display()))
}
