// SPDX-License-Identifier: EUPL-1.2
//! The Worker: its module with bindings, the entry point around it (`edge/entry.js`), and the configuration it runs with.

use super::bindings::{Host, bind};
use super::files::{create, empty, read, write};
use super::mirror::copy_if_different;
use super::stamp::{Fingerprint, up_to_date};
use super::variants::{
    DEMO_EDGE, Edge, NEXT_EDGE, QUICK_EDGE, QUICK_EDGE_AS_DEPLOYED, QUICK_NEXT_EDGE, Quality, RELEASE_EDGE,
};
use super::{bundle, compile};
use crate::plan::{Log, Step};
use crate::process::Failure;
use crate::workspace::Workspace;

/// The files workerd embeds.
const FILES: [&str; 2] = ["index.js", "index_bg.wasm"];

/// Writes the folder of an edge.
pub(super) fn pack(workspace: &Workspace, quality: Quality, variant: Edge) -> Step<'_> {
    let (name, seconds, after) = match (quality, variant) {
        (Quality::Quick, Edge::Demo) => (QUICK_EDGE, 8, compile::QUICK),
        (Quality::Quick, Edge::Release) => (QUICK_EDGE_AS_DEPLOYED, 8, compile::QUICK_AS_DEPLOYED),
        (Quality::Quick, Edge::Next) => (QUICK_NEXT_EDGE, 8, compile::QUICK_NEXT),
        (Quality::Release, Edge::Next) => (NEXT_EDGE, 5, compile::NEXT_EDGE),
        (Quality::Release, Edge::Demo) => (DEMO_EDGE, 5, compile::DEMO_EDGE),
        (Quality::Release, Edge::Release) => (RELEASE_EDGE, 5, compile::RELEASE_EDGE),
    };
    Step::new(name, seconds, move |log| make(workspace, log, quality, variant)).after(&[after])
}

fn make(workspace: &Workspace, log: &Log, quality: Quality, variant: Edge) -> Result<(), Failure> {
    let module = match quality {
        Quality::Quick => compile::quick_module(workspace, "infocig_edge"),
        Quality::Release => compile::edge_module(workspace, variant),
    };
    let entry = workspace.path("edge/entry.js");
    let folder = variant.folder(workspace, quality);
    let work = quality.work(workspace, variant.name());
    let stamp = Fingerprint::of_tools(workspace)?
        .and_file(&module)?
        .and_file(&entry)?
        .at(work.with_extension("stamp"));
    if !up_to_date(&stamp, &folder, &FILES) {
        stamp.invalidate()?;
        empty(&work)?;
        create(&folder)?;
        bind(&module, "index", Host::Worker, &work)?;
        let script = work.join("worker.js");
        let mut bundle = bundle::esbuild(workspace, &entry, &script)?;
        bundle.current_dir(&work).arg(format!("--alias:infocig-edge={}", work.join("index.js").display()));
        // The runtime has these modules built in.
        bundle.args(["--external:./index_bg.wasm", "--external:./policy.json", "--external:cloudflare:*"]);
        if quality == Quality::Release {
            bundle.arg("--minify");
            // No `wasm-opt`: it takes two minutes, and no measurement of the Worker shows a difference.
        }
        log.run(&mut bundle)?;
        // workerd imports a WebAssembly module without the keyword of TC39 source phase imports, which it does not parse.
        let script = read(&script)?.replace("import source ", "import ");
        write(&folder.join("index.js"), script.as_bytes())?;
        copy_if_different(&work.join("index_bg.wasm"), &folder.join("index_bg.wasm"))?;
        stamp.write()?;
    }
    for file in ["workerd.capnp", "served.capnp", "cluster.capnp", "policy.json"] {
        copy_if_different(&workspace.path("edge").join(file), &folder.join(file))?;
    }
    Ok(())
}
