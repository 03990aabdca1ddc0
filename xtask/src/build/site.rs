// SPDX-License-Identifier: EUPL-1.2
//! The files visitors download.
//!
//! - `info-cig.js`, `console.js`, `call.js`: the loaders. Their names never change; they name everything else.
//! - `widget/`, `console/`, `call/`: files named after their contents, so that they may be kept for ever and an old loader never meets
//!   a new module.
//! - `fonts/`, stylesheets of pages.
//! - `knowledge.json`: what the assistant knows, read by the edge.
//!
//! In a release each file has compressed forms beside it where they are smaller ([`compress`]). The edge serves a file without
//! one uncompressed.

use super::compress;
use super::files::write;
use super::interface::{CALL, CONSOLE, WIDGET};
use super::mirror::Mirror;
use super::variants::{QUICK_SITE, Quality, RELEASE_SITE};
use crate::knowledge;
use crate::plan::Step;
use crate::process::{Failure, OrFail};
use crate::tools::{ALL_PACKAGES, RUNTIME_PACKAGES};
use crate::workspace::Workspace;

const FONT_SUBSETS: [&str; 2] = ["latin", "latin-ext"];
const FONT_WEIGHTS: [&str; 3] = ["400", "600", "700"];

/// Writes the folder of the site.
pub(super) fn put_together(workspace: &Workspace, quality: Quality) -> Step<'_> {
    let (name, seconds) = match quality {
        Quality::Quick => (QUICK_SITE, 1),
        Quality::Release => (RELEASE_SITE, 20),
    };
    let files = [WIDGET.files_step(quality), CONSOLE.files_step(quality), CALL.files_step(quality)];
    Step::new(name, seconds, move |_| make(workspace, quality))
        .after(&files)
        .after(&[RUNTIME_PACKAGES, ALL_PACKAGES])
}

fn make(workspace: &Workspace, quality: Quality) -> Result<(), Failure> {
    let mut files = Mirror::default();
    files.folder("", &workspace.path("public/edge"))?;
    for interface in [&WIDGET, &CONSOLE, &CALL] {
        files.folder("", &interface.done(workspace, quality))?;
    }
    let fonts = workspace.node_modules().join("@fontsource/titillium-web/files");
    for subset in FONT_SUBSETS {
        for weight in FONT_WEIGHTS {
            let name = format!("titillium-web-{subset}-{weight}");
            files.file(format!("fonts/{name}.woff2"), fonts.join(format!("{name}-normal.woff2")));
        }
    }
    let knowledge = workspace.target("knowledge.json");
    let document = serde_json::to_vec(&knowledge::document(workspace)?).or_fail("writing the knowledge")?;
    write(&knowledge, &document)?;
    files.file("knowledge.json", knowledge);
    if quality == Quality::Release {
        compress::beside(&mut files, &workspace.target("compressed"))?;
    }
    files.make(&quality.site(workspace))?;
    Ok(())
}
