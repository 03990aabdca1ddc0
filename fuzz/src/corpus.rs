// SPDX-License-Identifier: EUPL-1.2
//! Valid texts for each target.

use std::fs;
use std::path::{Path, PathBuf};

/// The texts of a target: the pinned files of the repository, and its folder of the corpus.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pinned = match target {
        "frames" | "documents" => files(&here.join("../protocol/tests/wire")),
        "policies" => vec![here.join("../edge/policy.json")],
        _ => Vec::new(),
    };
    let own = files(&here.join("corpus").join(target));
    pinned.into_iter().chain(own).filter_map(|file| fs::read(file).ok()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    // The same seed makes the same inputs on every machine.
    files.sort();
    files
}
