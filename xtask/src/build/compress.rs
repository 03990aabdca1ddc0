// SPDX-License-Identifier: EUPL-1.2
//! Compressed files of the site: beside each compressible file lie its brotli (`.br`) and its gzip (`.gz`) at the highest
//! quality, and the edge sends one of the three.
//!
//! Compressing takes seconds, so that results are cached by the contents of their source.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::files::create;
use super::mirror::{Mirror, prune};
use super::stamp::{Fingerprint, up_to_date};
use crate::process::{Failure, OrFail};

/// A content coding: the extension of its files, and its compressor.
type Coding = (&'static str, fn(&[u8]) -> Result<Vec<u8>, Failure>);

const CODINGS: [Coding; 2] = [("br", brotli), ("gz", gzip)];

/// Extensions of compressible files. Fonts are compressed already (WOFF2).
const SHRINKS: [&str; 5] = ["js", "css", "json", "svg", "wasm"];

/// Part of the fingerprint, so that other settings invalidate the cache.
const SETTINGS: &str = "brotli: quality 11, window 22; gzip: best";

/// Adds the compressed forms of every compressible file to the site. `folder` caches them.
pub(crate) fn beside(files: &mut Mirror, folder: &Path) -> Result<(), Failure> {
    create(folder)?;
    let mut kept = BTreeSet::new();
    for (place, source) in files.sources().into_iter().filter(|(place, _)| shrinks(place)) {
        let stamp = with_ending(&place, "stamp");
        let coded = CODINGS.map(|(ending, _)| with_ending(&place, ending));
        make(&source, folder, &stamp, &coded)?;
        let whole = length(&source)?;
        for place in &coded {
            let made = folder.join(place);
            if length(&made)? < whole {
                files.file(place, made);
            }
        }
        kept.extend(coded);
        kept.insert(stamp);
    }
    prune(folder, |place| kept.contains(place))?;
    Ok(())
}

/// Whether a file of the site is the compressed form of another.
pub(crate) fn is_coded(file: &Path) -> bool {
    file.extension().is_some_and(|ending| CODINGS.iter().any(|(coded, _)| ending == *coded))
}

/// The contents compressed by brotli.
pub(crate) fn brotli(contents: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut small = Vec::new();
    let settings = BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &*contents, &mut small, &settings).or_fail("compressing with brotli")?;
    Ok(small)
}

/// The contents compressed by gzip, without a name or a time, so that the same contents give the same bytes.
pub(crate) fn gzip(contents: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(contents).or_fail("compressing with gzip")?;
    gzip.finish().or_fail("compressing with gzip")
}

/// Compresses a file unless its compressed forms are up to date.
fn make(source: &Path, folder: &Path, stamp: &Path, coded: &[PathBuf; 2]) -> Result<(), Failure> {
    let stamp = Fingerprint::default().and(SETTINGS).and_file(source)?.at(folder.join(stamp));
    let names = coded.each_ref().map(|place| place.to_str().unwrap_or_default());
    if up_to_date(&stamp, folder, &names) {
        return Ok(());
    }
    stamp.invalidate()?;
    let contents = fs::read(source).or_fail(format_args!("reading {}", source.display()))?;
    for (place, (_, code)) in coded.iter().zip(CODINGS) {
        let made = folder.join(place);
        create(made.parent().unwrap_or(folder))?;
        fs::write(&made, code(&contents)?).or_fail(format_args!("writing {}", made.display()))?;
    }
    stamp.write()
}

fn shrinks(place: &Path) -> bool {
    place.extension().is_some_and(|ending| SHRINKS.iter().any(|known| ending == *known))
}

/// `a.js` as `a.js.br`.
fn with_ending(place: &Path, ending: &str) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

fn length(file: &Path) -> Result<u64, Failure> {
    Ok(fs::metadata(file).or_fail(format_args!("weighing {}", file.display()))?.len())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn compressible_files_have_their_codings_beside_them_with_the_same_bytes() {
        let place = tempfile::tempdir().unwrap();
        let (sources, kept, site) =
            (place.path().join("sources"), place.path().join("kept"), place.path().join("site"));
        let style = "p { color: black } ".repeat(50);
        for (name, contents) in [("deep/a.css", style.as_str()), ("font.woff2", &style), ("tiny.js", "1")] {
            let file = sources.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, contents).unwrap();
        }

        assert_eq!(made(&sources, &kept, &site), 5);

        let mut decoded = Vec::new();
        let br = fs::read(site.join("deep/a.css.br")).unwrap();
        brotli::BrotliDecompress(&mut &*br, &mut decoded).unwrap();
        assert_eq!(decoded, style.as_bytes());
        let mut decoded = String::new();
        let gz = fs::read(site.join("deep/a.css.gz")).unwrap();
        flate2::read::GzDecoder::new(&*gz).read_to_string(&mut decoded).unwrap();
        assert_eq!(decoded, style);
        for (name, why) in [("font.woff2.br", "it is compressed already"), ("tiny.js.gz", "it would grow")] {
            assert!(!site.join(name).exists(), "{name}: {why}");
        }
    }

    #[test]
    fn unchanged_files_are_not_compressed_again_and_removed_ones_are_deleted() {
        let place = tempfile::tempdir().unwrap();
        let (sources, kept, site) =
            (place.path().join("sources"), place.path().join("kept"), place.path().join("site"));
        fs::create_dir_all(&sources).unwrap();
        let (one, other) = (sources.join("a.js"), sources.join("b.js"));
        for file in [&one, &other] {
            fs::write(file, "let a = 1;".repeat(30)).unwrap();
        }
        made(&sources, &kept, &site);
        // If this text survives, the file was not compressed again.
        fs::write(kept.join("a.js.br"), "kept").unwrap();

        made(&sources, &kept, &site);
        assert_eq!(fs::read_to_string(site.join("a.js.br")).unwrap(), "kept");

        fs::write(&one, "let b = 2;".repeat(30)).unwrap();
        fs::remove_file(&other).unwrap();
        made(&sources, &kept, &site);
        assert_ne!(fs::read(site.join("a.js.br")).unwrap(), b"kept");
        assert!(!site.join("b.js.gz").exists() && !kept.join("b.js.stamp").exists());
    }

    #[test]
    fn the_same_contents_always_become_the_same_file() {
        for code in [brotli, gzip] {
            assert_eq!(code(b"INFO CIG").unwrap(), code(b"INFO CIG").unwrap());
        }
    }

    fn made(sources: &Path, kept: &Path, site: &Path) -> usize {
        let mut files = Mirror::default();
        files.folder("", sources).unwrap();
        beside(&mut files, kept).unwrap();
        files.make(site).unwrap()
    }
}
