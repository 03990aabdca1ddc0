// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask size`: what each part weighs, as it lies on disk and as it travels.

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
/// the language that has the longest. Fails when the loader or that sum is over its budget.
#[derive(Debug, Args)]
pub(crate) struct Size {
    /// Close with one line of JSON: brotli bytes by part, `loader` and `until_typing` among them
    #[arg(long)]
    json: bool,
}

impl Size {
    pub(crate) fn run(&self, workspace: &Workspace) -> Result<(), Failure> {
        plan::run(workspace, build::steps(workspace, Quality::Release, &[Edge::Release])).1?;
        print(workspace, self.json)
    }
}

/// The budget as a step of the tests, of the parts it is about; the table goes to its log.
pub(crate) fn step(workspace: &Workspace) -> Step<'_> {
    Step::new("weigh what a visitor waits for", 4, |log: &Log| {
        let parts = parts(workspace, Some(&UNTIL_TYPING))?;
        let until_typing = until_typing(&parts);
        log.note(&table(&parts, until_typing))?;
        within_budget(&parts, until_typing)
    })
    .after(&[build::RELEASE_SITE])
    .hint("see which part grew: `cargo xtask size` prints all of them")
}

/// The parts a visitor needs before the first letter.
const UNTIL_TYPING: [&str; 5] = ["loader", "glue", "module", "styles", "texts"];

/// Bytes by brotli that a page with the element costs, and that one waits for before one can write.
const LOADER_BUDGET: usize = 2_048;
const UNTIL_TYPING_BUDGET: usize = 70_000;

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

/// Prints what the built parts weigh; fails where that is too much.
fn print(workspace: &Workspace, json: bool) -> Result<(), Failure> {
    let parts = parts(workspace, None)?;
    let until_typing = until_typing(&parts);
    answer(table(&parts, until_typing));
    if json {
        answer(as_json(&parts, until_typing));
    }
    within_budget(&parts, until_typing)
}

fn within_budget(parts: &[Part], until_typing: Weight) -> Result<(), Failure> {
    let loader = parts.iter().find(|part| part.name == "loader").map_or(0, |part| part.weight.brotli);
    let parts =
        [("the loader", loader, LOADER_BUDGET), ("until typing", until_typing.brotli, UNTIL_TYPING_BUDGET)];
    match parts.into_iter().find(|(_, weight, budget)| weight > budget) {
        None => Ok(()),
        Some((what, weight, budget)) => Err(Failure::Step(format!(
            "{what}: {weight} bytes by brotli, {} over its budget of {budget}",
            weight - budget
        ))),
    }
}

/// The parts of these names, or all, weighed: compressing a large one takes a minute. What visitors download is told apart by the names of files; the hashes in them are not.
fn parts(workspace: &Workspace, names: Option<&[&str]>) -> Result<Vec<Part>, Failure> {
    let site = Quality::Release.site(workspace);
    let edge = Edge::Release.folder(workspace, Quality::Release);
    let widget = files_in(&site.join("widget"))?;
    let named = |start: &str, end: &str| -> Vec<PathBuf> {
        let fits = |path: &&PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.starts_with(start) && name.ends_with(end)
        };
        widget.iter().filter(fits).cloned().collect()
    };
    let languages = Language::ALL.map(|language| named(&format!("{}-", language.as_str()), ".json"));
    let (mut heaviest, mut most) = (Vec::new(), 0);
    for texts in languages {
        let weight = sum(&texts)?.brotli;
        if weight > most {
            (heaviest, most) = (texts, weight);
        }
    }
    let console = files_in(&site.join("console"))?;
    let talk = named("split_talk", ".wasm").into_iter().chain(named("chunk_", ".wasm")).collect::<Vec<_>>();
    let edge_file = |name: &str| vec![edge.join(name)];
    let files = [
        ("loader", vec![site.join("info-cig.js")]),
        ("glue", named("info-cig-", ".js")),
        ("module", named("info-cig-", ".wasm")),
        ("styles", named("info-cig-", ".css")),
        ("texts", heaviest),
        ("talk", talk),
        ("later", named("split_later", ".wasm")),
        ("console", console),
        ("edge_js", edge_file("index.js")),
        ("edge_wasm", edge_file("index_bg.wasm")),
    ];
    let wanted = files.into_iter().filter(|(name, _)| names.is_none_or(|names| names.contains(name)));
    wanted.map(|(name, files)| Ok(Part { name, weight: sum(&files)? })).collect()
}

/// What some files weigh, each compressed by itself. None is a mistake: a part that is not there weighs too little.
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

/// What contents weigh, compressed as the site's files are.
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
    fn a_budget_is_kept_or_the_excess_is_named() {
        let part = |name, brotli| Part { name, weight: Weight { brotli, ..Weight::default() } };
        let checked = |loader, rest| {
            let parts = [part("loader", loader), part("module", rest)];
            within_budget(&parts, until_typing(&parts)).map_err(|failure| match failure {
                Failure::Step(why) | Failure::Usage(why) => why,
            })
        };
        assert_eq!(checked(2_048, 67_952), Ok(()));
        assert!(checked(2_049, 0).unwrap_err().contains("the loader: 2049 bytes by brotli, 1 over"));
        assert!(checked(2_048, 67_953).unwrap_err().contains("until typing: 70001"));
    }

    #[test]
    fn until_typing_counts_what_the_visitor_waits_for() {
        let parts = ["loader", "module", "console"]
            .map(|name| Part { name, weight: Weight { raw: 30, gzip: 20, brotli: 10 } });

        let sum = until_typing(&parts);

        assert_eq!(sum, Weight { raw: 60, gzip: 40, brotli: 20 });
        let told = as_json(&parts, sum);
        assert_eq!(
            told,
            serde_json::json!({ "console": 10, "loader": 10, "module": 10, "until_typing": 20 })
        );
    }
}
