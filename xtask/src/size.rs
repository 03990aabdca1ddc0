// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask size`: what each part weighs, as it lies on disk and as it travels.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value};

use crate::args::{Command, Flag};
use crate::build::{self, Edge};
use crate::paths::Workspace;
use crate::process::{Failure, OrFail, answer};
use crate::setup;

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "size",
    summary: "What each part weighs, raw and compressed",
    about: "Builds what is out of date, then prints the bytes of each part: raw, gzip -9, brotli -q 11.\n\
            \"Until typing\" is all of the widget's own files a visitor needs before the first letter: loader, glue,\n\
            module and styles.",
    operand: None,
    flags: &[Flag {
        name: "--json",
        value: None,
        about: "Close with one line of JSON: brotli bytes by part, and `until_typing`",
    }],
    run: |workspace, given| run_all(workspace, given.has("--json")),
};

/// The parts a visitor needs before the first letter.
const UNTIL_TYPING: [&str; 4] = ["loader", "widget_glue", "widget_wasm", "widget_styles"];

/// A named part of the product and its weight in bytes.
#[derive(Debug)]
struct Part {
    name: &'static str,
    weight: Weight,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

fn run_all(workspace: &Workspace, json: bool) -> Result<(), Failure> {
    setup::run_all(workspace)?;
    build::site(workspace)?;
    build::edge(workspace, Edge::Release)?;

    let mut parts = Vec::new();
    for (name, files) in files(workspace)? {
        if files.is_empty() {
            continue;
        }
        let mut weight = Weight::default();
        for file in files {
            weight.add(weigh(&fs::read(&file).or_fail(format_args!("reading {}", file.display()))?)?);
        }
        parts.push(Part { name, weight });
    }
    let until_typing = until_typing(&parts);
    answer(table(&parts, until_typing));
    if json {
        answer(as_json(&parts, until_typing));
    }
    Ok(())
}

/// Every part with its files. Only the styles may have none: they may be inside the module.
fn files(workspace: &Workspace) -> Result<Vec<(&'static str, Vec<PathBuf>)>, Failure> {
    let site = workspace.target("site");
    let edge = workspace.target("edge").join(Edge::Release.name());
    Ok(vec![
        ("loader", vec![site.join("info-cig.js")]),
        ("widget_glue", vec![site.join("widget/infocig_widget.js")]),
        ("widget_wasm", vec![site.join("widget/infocig_widget_bg.wasm")]),
        ("widget_styles", style_sheets(&site.join("widget"))?),
        ("console_glue", vec![site.join("console/infocig_console.js")]),
        ("console_wasm", vec![site.join("console/infocig_console_bg.wasm")]),
        ("edge_js", vec![edge.join("index.js")]),
        ("edge_wasm", vec![edge.join("index_bg.wasm")]),
    ])
}

fn style_sheets(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = || format!("reading the folder {}", folder.display());
    let mut sheets = Vec::new();
    for entry in fs::read_dir(folder).or_fail(reading())? {
        let path = entry.or_fail(reading())?.path();
        if path.extension().is_some_and(|extension| extension == "css") {
            sheets.push(path);
        }
    }
    sheets.sort();
    Ok(sheets)
}

fn weigh(contents: &[u8]) -> Result<Weight, Failure> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(contents).or_fail("compressing with gzip")?;
    let gzip = gzip.finish().or_fail("compressing with gzip")?.len();
    let mut small = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*contents, &mut small, &settings).or_fail("compressing with brotli")?;
    Ok(Weight { raw: contents.len(), gzip, brotli: small.len() })
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

fn until_typing(parts: &[Part]) -> Weight {
    let mut sum = Weight::default();
    for part in parts.iter().filter(|part| UNTIL_TYPING.contains(&part.name)) {
        sum.add(part.weight);
    }
    sum
}

fn table(parts: &[Part], until_typing: Weight) -> String {
    let row = |name: &str, weight: Weight| {
        let name = name.replace('_', " ");
        format!("{name:<14} {:>10} {:>10} {:>10}", weight.raw, weight.gzip, weight.brotli)
    };
    let mut lines = vec![format!("{:<14} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip -9", "brotli 11")];
    lines.extend(parts.iter().map(|part| row(part.name, part.weight)));
    lines.push(row("until_typing", until_typing));
    lines.join("\n")
}

fn as_json(parts: &[Part], until_typing: Weight) -> Value {
    let mut object: Map<String, Value> =
        parts.iter().map(|part| (part.name.to_owned(), part.weight.brotli.into())).collect();
    object.insert("until_typing".to_owned(), until_typing.brotli.into());
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compression_makes_repetition_small() {
        let weight = weigh(&b"CIGO, CIGS, CISOA. ".repeat(200)).unwrap();

        assert_eq!(weight.raw, 3_800);
        assert!(weight.gzip < 100 && weight.brotli < weight.gzip, "{weight:?}");
    }

    #[test]
    fn until_typing_counts_what_the_visitor_waits_for() {
        let parts = ["loader", "widget_wasm", "console_wasm"]
            .map(|name| Part { name, weight: Weight { raw: 30, gzip: 20, brotli: 10 } });

        let sum = until_typing(&parts);

        assert_eq!(sum, Weight { raw: 60, gzip: 40, brotli: 20 });
        assert_eq!(
            as_json(&parts, sum).to_string(),
            r#"{"console_wasm":10,"loader":10,"until_typing":20,"widget_wasm":10}"#
        );
    }
}
