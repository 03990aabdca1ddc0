// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask size`: the bytes of each part, on disk and compressed for the network.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use infocig_protocol::language::Language;
use serde_json::{Map, Value};

use crate::build::{self, Edge, Quality, compress};
use crate::plan::{self, Log, Step};
use crate::process::{Failure, OrFail, answer};
use crate::workspace::Workspace;

/// Print the bytes of each part, raw and compressed; fail where the budget does not hold
///
/// Builds what is out of date, then prints the bytes of each part: raw, gzip -9, brotli -q 11. "Until typing" is all of the
/// widget's own files a visitor needs before the first letter: loader, glue, first part of the module, styles, and the texts of
/// the language that has the longest. "First message" adds the conversation's part, "everything" all parts of the widget.
/// Fails when the loader or one of these sums is over its budget.
#[derive(Debug, Args)]
pub(crate) struct Size {
    /// Build and weigh the widget alone: neither the console nor the edge
    #[arg(long)]
    widget: bool,
    /// Close with one line of JSON: brotli bytes by part, `loader` and `until_typing` among them
    #[arg(long)]
    json: bool,
}

impl Size {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        let (steps, names) = if self.widget {
            (build::widget_steps(workspace), Some(&EVERYTHING[..]))
        } else {
            (build::steps(workspace, Quality::Release, &[Edge::Release]), None)
        };
        plan::run(workspace, steps).1?;
        let folder =
            if self.widget { build::widget_files(workspace) } else { Quality::Release.site(workspace) };
        let parts = parts(workspace, &folder, names)?;
        let sums = sums(&parts);
        answer(table(&parts, &sums));
        if self.json {
            answer(as_json(&parts, &sums));
        }
        within_budget(&parts, &sums)
    }
}

/// The budget as a step of the tests, of the parts it is about; the table goes to its log.
pub(crate) fn step(workspace: &Workspace) -> Step<'_> {
    Step::new("weigh what a visitor waits for", 4, |log: &Log| {
        let parts = parts(workspace, &Quality::Release.site(workspace), Some(&EVERYTHING))?;
        let sums = sums(&parts);
        log.note(&table(&parts, &sums))?;
        within_budget(&parts, &sums)
    })
    .after(&[build::RELEASE_SITE])
    .hint("see which part grew: `cargo xtask size` prints all of them")
}

/// The parts of the widget, in the order a visitor needs them.
const EVERYTHING: [&str; 8] =
    ["loader", "glue", "module", "styles", "texts", "conversation", "deferred", "later_texts"];

/// Parts that a visitor waits for together: their name, which of the parts they are, and their budget in bytes by brotli.
const SUMS: [(&str, &[&str], usize); 3] = [
    ("until_typing", &["loader", "glue", "module", "styles", "texts"], 80_000),
    ("first_message", &["loader", "glue", "module", "styles", "texts", "conversation"], 130_000),
    // 165,000 before there was an assistant, which is 8 kB that nobody waits for, and a button that asks for a call, which is 1 kB.
    ("everything", &EVERYTHING, 174_000),
];

/// Bytes by brotli that every page with the element costs.
const LOADER_BUDGET: usize = 2_048;

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

fn within_budget(parts: &[Part], sums: &[Sum]) -> Result<(), Failure> {
    let loader = parts.iter().find(|part| part.name == "loader").map_or(0, |part| part.weight.brotli);
    let loader = ("loader", loader, LOADER_BUDGET);
    let sums = sums.iter().map(|sum| (sum.name, sum.weight.brotli, sum.budget));
    match std::iter::once(loader).chain(sums).find(|(_, weight, budget)| weight > budget) {
        None => Ok(()),
        Some((name, weight, budget)) => Err(Failure::Step(format!(
            "{}: {weight} bytes by brotli, {} over its budget of {budget}",
            name.replace('_', " "),
            weight - budget
        ))),
    }
}

/// The parts of these names, or all, weighed: compressing a large one takes a minute. Files are told apart by how their names
/// begin and end; between that lies a hash.
fn parts(workspace: &Workspace, site: &Path, names: Option<&[&str]>) -> Result<Vec<Part>, Failure> {
    let edge = Edge::Release.folder(workspace, Quality::Release);
    let widget = files_in(&site.join("widget"))?;
    let named = |start: &str, end: &str| -> Vec<PathBuf> {
        let fits = |path: &&PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(start) && name.ends_with(end)
        };
        widget.iter().filter(fits).cloned().collect()
    };
    let texts = |which: &str| {
        heaviest(Language::ALL.map(|language| named(&format!("{which}{}-", language.as_str()), ".json")))
    };
    let is_wanted = |name: &str| names.is_none_or(|names| names.contains(&name));
    let console = if is_wanted("console") { files_in(&site.join("console"))? } else { Vec::new() };
    let conversation =
        named("split_conversation", ".wasm").into_iter().chain(named("chunk_", ".wasm")).collect::<Vec<_>>();
    let edge_file = |name: &str| vec![edge.join(name)];
    let files = [
        ("loader", vec![site.join("info-cig.js")]),
        ("glue", named("info-cig-", ".js")),
        ("module", named("info-cig-", ".wasm")),
        ("styles", named("info-cig-", ".css")),
        ("texts", texts("")?),
        ("conversation", conversation),
        ("deferred", named("split_deferred", ".wasm")),
        ("later_texts", texts("later-")?),
        ("console", console),
        ("edge_js", edge_file("index.js")),
        ("edge_wasm", edge_file("index_bg.wasm")),
    ];
    let wanted = files.into_iter().filter(|(name, _)| is_wanted(name));
    wanted.map(|(name, files)| Ok(Part { name, weight: sum(&files)? })).collect()
}

/// The texts of the language that has the longest.
fn heaviest(languages: [Vec<PathBuf>; Language::ALL.len()]) -> Result<Vec<PathBuf>, Failure> {
    let (mut heaviest, mut most) = (Vec::new(), 0);
    for texts in languages {
        let weight = sum(&texts)?.brotli;
        if weight > most {
            (heaviest, most) = (texts, weight);
        }
    }
    Ok(heaviest)
}

/// The bytes of some files, each compressed by itself. No file is an error: a missing part would pass every budget.
fn sum(files: &[PathBuf]) -> Result<Weight, Failure> {
    if files.is_empty() {
        return Err(Failure::Step("a part of the site is missing: run `cargo xtask build`".into()));
    }
    let mut sum = Weight::default();
    for file in files {
        sum.add(weigh(&fs::read(file).or_fail(format_args!("reading {}", file.display()))?)?);
    }
    Ok(sum)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = || format!("reading the folder {}", folder.display());
    let entries = fs::read_dir(folder).or_fail(reading())?;
    let mut files = Vec::new();
    for entry in entries {
        files.push(entry.or_fail(reading())?.path());
    }
    // A file and its codings beside it are weighed once.
    files.retain(|file| !compress::is_coded(file));
    files.sort();
    Ok(files)
}

/// The bytes of contents, compressed as the site's files are.
fn weigh(contents: &[u8]) -> Result<Weight, Failure> {
    let (gzip, brotli) = (compress::gzip(contents)?, compress::brotli(contents)?);
    Ok(Weight { raw: contents.len(), gzip: gzip.len(), brotli: brotli.len() })
}

impl Weight {
    fn add(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// The bytes of some parts together.
#[derive(Debug)]
struct Sum {
    name: &'static str,
    weight: Weight,
    budget: usize,
}

fn sums(parts: &[Part]) -> Vec<Sum> {
    let sum = |(name, of, budget): (_, &[&str], _)| {
        let mut weight = Weight::default();
        for part in parts.iter().filter(|part| of.contains(&part.name)) {
            weight.add(part.weight);
        }
        Sum { name, weight, budget }
    };
    SUMS.into_iter().map(sum).collect()
}

fn table(parts: &[Part], sums: &[Sum]) -> String {
    let row = |name: &str, weight: Weight| {
        let name = name.replace('_', " ");
        format!("{name:<14} {:>10} {:>10} {:>10}", weight.raw, weight.gzip, weight.brotli)
    };
    let mut lines = vec![format!("{:<14} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip -9", "brotli 11")];
    lines.extend(parts.iter().map(|part| row(part.name, part.weight)));
    lines.extend(sums.iter().map(|sum| row(sum.name, sum.weight)));
    lines.join("\n")
}

fn as_json(parts: &[Part], sums: &[Sum]) -> Value {
    let parts = parts.iter().map(|part| (part.name, part.weight));
    let sums = sums.iter().map(|sum| (sum.name, sum.weight));
    let bytes = parts.chain(sums).map(|(name, weight)| (name.to_owned(), weight.brotli.into()));
    Value::Object(bytes.collect::<Map<_, _>>())
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

    fn part(name: &'static str, brotli: usize) -> Part {
        Part { name, weight: Weight { brotli, ..Weight::default() } }
    }

    #[test]
    fn a_budget_is_kept_or_the_excess_is_named() {
        let checked = |parts: &[(&'static str, usize)]| {
            let parts: Vec<Part> = parts.iter().map(|(name, brotli)| part(name, *brotli)).collect();
            within_budget(&parts, &sums(&parts)).map_err(|failure| match failure {
                Failure::Step(why) | Failure::Usage(why) => why,
            })
        };
        let all = [("loader", 2_048), ("module", 77_952), ("conversation", 50_000), ("deferred", 35_000)];
        assert_eq!(checked(&all), Ok(()));
        assert!(checked(&[("loader", 2_049)]).unwrap_err().contains("loader: 2049 bytes by brotli, 1 over"));
        assert!(checked(&[("module", 80_001)]).unwrap_err().contains("until typing: 80001"));
        assert!(
            checked(&[("module", 80_000), ("conversation", 50_001)])
                .unwrap_err()
                .contains("first message: 130001")
        );
        assert!(
            checked(&[("module", 80_000), ("deferred", 94_001)]).unwrap_err().contains("everything: 174001")
        );
    }

    #[test]
    fn each_sum_counts_the_parts_a_visitor_waits_for() {
        let parts = ["loader", "module", "conversation", "deferred", "console"].map(|name| part(name, 10));

        let sums = sums(&parts);

        assert_eq!(
            as_json(&parts, &sums),
            serde_json::json!({
                "console": 10, "deferred": 10, "loader": 10, "module": 10, "conversation": 10,
                "until_typing": 20, "first_message": 30, "everything": 40
            })
        );
    }
}
