// SPDX-License-Identifier: EUPL-1.2
//! Makes a folder hold exactly a set of files: missing ones are copied, others are removed.
//!
//! Files with the right contents are not written, so that their times stay and servers do not reload them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::process::{Failure, OrFail};

/// The files a folder should hold, by their place in it.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    sources: BTreeMap<PathBuf, PathBuf>,
}

impl Mirror {
    /// Adds one file.
    pub(crate) fn file(&mut self, place: impl Into<PathBuf>, source: impl Into<PathBuf>) {
        self.sources.insert(place.into(), source.into());
    }

    /// Adds every file under `source`, at the same path under `place`.
    pub(crate) fn folder(&mut self, place: impl AsRef<Path>, source: &Path) -> Result<(), Failure> {
        for file in files_under(source)? {
            let found = source.join(&file);
            self.file(place.as_ref().join(file), found);
        }
        Ok(())
    }

    /// The files so far: the path of each, and the file with its contents.
    pub(crate) fn sources(&self) -> BTreeMap<PathBuf, PathBuf> {
        self.sources.clone()
    }

    /// Writes the folder. Returns how many files were written or removed.
    pub(crate) fn make(&self, folder: &Path) -> Result<usize, Failure> {
        fs::create_dir_all(folder).or_fail(format_args!("creating {}", folder.display()))?;
        let mut changes = prune(folder, |place| self.sources.contains_key(place))?;
        for (place, source) in &self.sources {
            changes += usize::from(copy_if_different(source, &folder.join(place))?);
        }
        Ok(changes)
    }
}

/// Removes the files of a folder for which `kept` is false. Returns how many.
pub(crate) fn prune(folder: &Path, is_kept: impl Fn(&Path) -> bool) -> Result<usize, Failure> {
    let mut removed = 0;
    for stale in files_under(folder)?.into_iter().filter(|place| !is_kept(place)) {
        let path = folder.join(stale);
        fs::remove_file(&path).or_fail(format_args!("removing {}", path.display()))?;
        removed += 1;
    }
    remove_empty_folders(folder)?;
    Ok(removed)
}

/// Copies a file unless the target has the same contents. Returns whether it was copied.
pub(crate) fn copy_if_different(source: &Path, target: &Path) -> Result<bool, Failure> {
    let wanted = fs::read(source).or_fail(format_args!("reading {}", source.display()))?;
    if fs::read(target).is_ok_and(|found| found == wanted) {
        return Ok(false);
    }
    if let Some(parent) = target.parent() {
        fs::create_dir_all(parent).or_fail(format_args!("creating {}", parent.display()))?;
    }
    fs::write(target, wanted).or_fail(format_args!("writing {}", target.display()))?;
    Ok(true)
}

/// Every file under a folder, relative to it, in order.
pub(crate) fn files_under(folder: &Path) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut files = BTreeSet::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.or_fail(format_args!("reading the folder {}", folder.display()))?;
        if !entry.file_type().is_dir()
            && let Ok(place) = entry.path().strip_prefix(folder)
        {
            files.insert(place.to_owned());
        }
    }
    Ok(files)
}

/// Removes folders that hold nothing, deepest first. The outermost one stays.
fn remove_empty_folders(folder: &Path) -> Result<(), Failure> {
    for entry in WalkDir::new(folder).min_depth(1).contents_first(true) {
        let entry = entry.or_fail(format_args!("reading the folder {}", folder.display()))?;
        if entry.file_type().is_dir() {
            // Fails for a folder that is not empty, which is intended.
            let _ = fs::remove_dir(entry.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_ends_up_with_exactly_the_wanted_files() {
        let place = tempfile::tempdir().unwrap();
        let (sources, site) = (place.path().join("sources"), place.path().join("site"));
        write(&sources.join("index.html"), "page");
        write(&sources.join("icons/a.svg"), "icon");
        write(&site.join("index.html"), "old page");
        write(&site.join("old/deep/stale.js"), "stale");
        let mut mirror = Mirror::default();
        mirror.folder("", &sources).unwrap();
        mirror.file("fonts/one.woff2", sources.join("icons/a.svg"));

        let first = mirror.make(&site).unwrap();
        let second = mirror.make(&site).unwrap();

        let found: Vec<_> = files_under(&site).unwrap().into_iter().collect();
        assert_eq!(found, ["fonts/one.woff2", "icons/a.svg", "index.html"].map(PathBuf::from));
        assert_eq!(fs::read_to_string(site.join("index.html")).unwrap(), "page");
        assert!(!site.join("old").exists());
        assert_eq!((first, second), (4, 0));
    }

    #[test]
    fn a_missing_source_is_named() {
        let place = tempfile::tempdir().unwrap();
        let mut mirror = Mirror::default();
        mirror.file("a", place.path().join("nowhere"));

        let failed = mirror.make(&place.path().join("site"));

        assert!(matches!(failed, Err(Failure::Step(message)) if message.contains("nowhere")));
    }

    fn write(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}
