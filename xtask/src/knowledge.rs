// SPDX-License-Identifier: EUPL-1.2
//! The folder `knowledge/` as one checked document, the assistant's.
//!
//! Every rule of `knowledge/README.md` that a program can check is checked here; an error names the file and the line.

mod check;
mod parse;
#[cfg(test)]
mod tests;
mod words;

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::write::GzEncoder;
use infocig_domain::assistant::document::{Document, Entry, FORM};

use crate::process::{Failure, OrFail, answer};
use crate::workspace::Workspace;

/// A mistake in a file of the folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// Its path, from the root of the repository.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Text {
    /// From the root of the repository.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Text {
    /// A mistake at the first line that contains `mark`, or at the first line.
    fn mistake(&self, mark: &str, what: impl Into<String>) -> Mistake {
        let line = self.text.lines().position(|line| line.contains(mark)).map_or(1, |index| index + 1);
        Mistake { file: self.path.clone(), line, what: what.into() }
    }
}

/// Everything in the folder, checked.
pub(crate) fn document(workspace: &Workspace) -> Result<Document, Failure> {
    let entries = read(workspace, "knowledge", "md")?;
    let words = read(workspace, "knowledge/words", "txt")?;
    of_texts(&entries, &words).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        Failure::Step(format!("the knowledge has mistakes\n{}", lines.join("\n")))
    })
}

/// The document as the Worker embeds it, with its sizes on the way.
#[derive(Debug)]
pub(crate) struct Packed {
    /// JSON on one line.
    pub(crate) plain: String,
    /// Bytes compressed.
    pub(crate) gzip: usize,
    pub(crate) brotli: usize,
}

impl fmt::Display for Packed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kilobytes = |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1_000.0;
        let [plain, gzip, brotli] = [self.plain.len(), self.gzip, self.brotli].map(kilobytes);
        write!(out, "the document: {plain:.1} kB, {gzip:.1} kB gzip, {brotli:.1} kB brotli")
    }
}

/// Packs a document.
pub(crate) fn packed(document: &Document) -> Result<Packed, Failure> {
    let plain = serde_json::to_string(document).or_fail("writing the knowledge")?;
    let mut gzip = GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(plain.as_bytes()).or_fail("compressing the knowledge")?;
    let gzip = gzip.finish().or_fail("compressing the knowledge")?.len();
    let mut brotli = Vec::new();
    let quality = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut plain.as_bytes(), &mut brotli, &quality)
        .or_fail("compressing the knowledge")?;
    Ok(Packed { gzip, brotli: brotli.len(), plain })
}

/// Checks the folder and writes `target/knowledge.json`.
pub(crate) fn write(workspace: &Workspace) -> Result<(), Failure> {
    let packed = packed(&document(workspace)?)?;
    let path = workspace.target("knowledge.json");
    fs::write(&path, &packed.plain).map_err(|error| Failure::Step(format!("{}: {error}", path.display())))?;
    answer(&packed);
    answer(path.display());
    Ok(())
}

/// The document of some files, or every mistake in them.
pub(crate) fn of_texts(files: &[Text], words: &[Text]) -> Result<Document, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let (readme, files): (Vec<&Text>, Vec<&Text>) =
        files.iter().partition(|file| file.path.ends_with("README.md"));
    let mut entries = Vec::new();
    for file in files {
        match parse::entry(file) {
            Ok(entry) => entries.push((file, entry)),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let concepts = words::concepts(words, &mut mistakes);
    if let Some(readme) = readme.first() {
        check::all(readme, &entries, &mut mistakes);
    }
    let entries: Vec<Entry> = entries.into_iter().map(|(_, entry)| entry).collect();
    let signs = words::signs(words, &concepts, &entries, &mut mistakes);
    let not_ours = words::not_ours(words, &mut mistakes);
    let document = Document { form: FORM, concepts, signs, not_ours, entries };
    if mistakes.is_empty() { Ok(document) } else { Err(mistakes) }
}

/// The files of a folder with an extension, by name.
fn read(workspace: &Workspace, folder: &str, extension: &str) -> Result<Vec<Text>, Failure> {
    let failed = |path: &Path, error: std::io::Error| Failure::Step(format!("{}: {error}", path.display()));
    let path = workspace.path(folder);
    let mut texts = Vec::new();
    for file in fs::read_dir(&path).map_err(|error| failed(&path, error))? {
        let file = file.map_err(|error| failed(&path, error))?.path();
        if file.extension().is_none_or(|found| found != extension) {
            continue;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).map_err(|error| failed(&file, error))?;
        texts.push(Text { path: format!("{folder}/{name}"), text });
    }
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(texts)
}
