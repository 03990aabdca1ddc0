// SPDX-License-Identifier: EUPL-1.2
//! Skipping work whose inputs did not change: a stamp is a file with the fingerprint of the inputs of a result.
//!
//! Fingerprints are hashes of contents, not times, so that a checkout that changes nothing invalidates nothing.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use super::files::read_bytes;
use super::mirror::files_under;
use crate::process::{Failure, OrFail};
use crate::workspace::Workspace;

/// The hash of all inputs of a result.
#[derive(Default)]
pub(crate) struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// The inputs of every result besides its own sources: the versions of the tools, and the code that calls them.
    pub(crate) fn of_tools(workspace: &Workspace) -> Result<Self, Failure> {
        let mut fingerprint = Self::default();
        for lock in ["Cargo.lock", "package-lock.json", "xtask/src/build.rs"] {
            fingerprint = fingerprint.and_file(&workspace.path(lock))?;
        }
        for maker in files_under(&workspace.path("xtask/src/build"))? {
            fingerprint = fingerprint.and_file(&workspace.path("xtask/src/build").join(maker))?;
        }
        Ok(fingerprint)
    }

    /// Adds a text, such as a tool's version.
    pub(crate) fn and(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Adds a file's contents.
    pub(crate) fn and_file(mut self, path: &Path) -> Result<Self, Failure> {
        self.add(&read_bytes(path)?);
        Ok(self)
    }

    /// The stamp at `path` with this fingerprint.
    pub(crate) fn at(self, path: PathBuf) -> Stamp {
        Stamp { path, wanted: format!("{:016x}", self.0.finish()) }
    }

    fn add(&mut self, bytes: &[u8]) {
        self.0.write_usize(bytes.len());
        self.0.write(bytes);
    }
}

/// A fingerprint, and the file with that of the last result.
pub(crate) struct Stamp {
    path: PathBuf,
    wanted: String,
}

impl Stamp {
    /// Whether the last result was made from these inputs.
    pub(crate) fn holds(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|found| found == self.wanted)
    }

    /// Removes the stamp, before a step overwrites the result: an interrupted step leaves an incomplete one.
    pub(crate) fn invalidate(&self) -> Result<(), Failure> {
        if !self.path.exists() {
            return Ok(());
        }
        fs::remove_file(&self.path).or_fail(format_args!("removing {}", self.path.display()))
    }

    /// Writes the stamp, after the step has completed the result.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        fs::write(&self.path, &self.wanted).or_fail(format_args!("writing {}", self.path.display()))
    }
}

/// Whether a folder holds these files, made from the inputs of the stamp.
pub(crate) fn up_to_date(stamp: &Stamp, folder: &Path, files: &[&str]) -> bool {
    stamp.holds() && files.iter().all(|file| folder.join(file).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_its_inputs_change() {
        let folder = tempfile::tempdir().unwrap();
        let (source, stamp) = (folder.path().join("source"), folder.path().join("stamp"));
        fs::write(&source, "one").unwrap();

        let first = made_from(&source, &stamp);
        assert!(!first.holds());
        first.write().unwrap();
        assert!(made_from(&source, &stamp).holds());

        fs::write(&source, "two").unwrap();
        assert!(!made_from(&source, &stamp).holds());
    }

    fn made_from(source: &Path, stamp: &Path) -> Stamp {
        Fingerprint::default().and("tool 1.0").and_file(source).unwrap().at(stamp.to_owned())
    }
}
