// SPDX-License-Identifier: EUPL-1.2
//! The folder of backups: sealed contents, each once, and one sealed manifest for each backup.
//!
//! A manifest is written last and under a name of its own: a backup that was interrupted has none, and is no backup. Contents
//! have names that depend on what is in them and on the key, so that what did not change is not written again.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use infocig_edge::store::erasures::Erased;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::seal::{Key, hex};
use crate::{Error, While};

/// A folder of backups.
pub(crate) struct Archive {
    path: PathBuf,
    key: Key,
}

/// One backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The version of this form.
    pub(crate) form: u32,
    /// The version of the program that wrote it.
    pub(crate) program: String,
    /// When it was begun, in milliseconds since the epoch: everything stored before is in it.
    pub(crate) taken: i64,
    /// The databases.
    pub(crate) files: Vec<Saved>,
    /// What was erased in the service up to this instant, in milliseconds since the epoch, is taken out; absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cleaned: Option<i64>,
}

/// A database in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// Its path in the folder of objects.
    pub(crate) path: String,
    /// The name of its content.
    pub(crate) content: String,
    /// The SHA-256 of its content.
    pub(crate) sha256: String,
    /// The size of its content.
    pub(crate) bytes: u64,
    /// The state of the files it was read from, by which it is known that nothing changed; absent where that cannot be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<String>,
}

impl Archive {
    /// The backups in a folder.
    pub(crate) fn new(path: &Path, key: Key) -> Self {
        Self { path: path.to_owned(), key }
    }

    /// The names of the backups, oldest first: the instants at which they were begun.
    pub(crate) fn names(&self) -> Result<Vec<String>, Error> {
        let folder = self.path.join(MANIFESTS);
        if !folder.exists() {
            return Ok(Vec::new());
        }
        let doing = format!("reading {}", folder.display());
        let mut names = Vec::new();
        for file in fs::read_dir(&folder).while_doing(&doing)? {
            let name = file.while_doing(&doing)?.file_name();
            names.extend(name.to_str().and_then(|name| name.strip_suffix(SEALED)).map(ToOwned::to_owned));
        }
        names.sort();
        Ok(names)
    }

    /// Reads a manifest.
    pub(crate) fn manifest(&self, name: &str) -> Result<Manifest, Error> {
        let place = manifest_place(name);
        let text = self.open(&place)?;
        let manifest: Manifest = serde_json::from_slice(&text)
            .map_err(|error| Error::new(format!("the backup {name} cannot be read: {error}")))?;
        if manifest.form != FORM {
            let sentence = format!(
                "the backup {name} has the form {}: use the version {} of infocig",
                manifest.form, manifest.program
            );
            return Err(Error::new(sentence));
        }
        Ok(manifest)
    }

    /// Writes a manifest: from here on the backup is there.
    pub(crate) fn finish(&self, name: &str, manifest: &Manifest) -> Result<(), Error> {
        let text = serde_json::to_vec(manifest).while_doing("writing the manifest")?;
        self.write(&manifest_place(name), &text)
    }

    /// Keeps a content. Returns its name, and whether it had to be written.
    pub(crate) fn keep(&self, content: &[u8]) -> Result<(String, bool), Error> {
        let name = self.key.name_of(content);
        let place = content_place(&name);
        if self.path.join(&place).exists() {
            return Ok((name, false));
        }
        self.write(&place, content)?;
        Ok((name, true))
    }

    /// Whether a content is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.path.join(content_place(name)).exists()
    }

    /// The content of a database, compared with its manifest.
    pub(crate) fn content(&self, saved: &Saved) -> Result<Vec<u8>, Error> {
        let content = self.open(&content_place(&saved.content))?;
        if hex(&Sha256::digest(&content)) == saved.sha256 {
            Ok(content)
        } else {
            Err(Error::new(format!(
                "{} is not what its manifest says: restore an earlier backup (--at)",
                saved.path
            )))
        }
    }

    /// Removes all backups but the newest `most`, then every content that none of them names.
    pub(crate) fn forget_all_but(&self, most: usize) -> Result<u64, Error> {
        let names = self.names()?;
        let (old, _kept) = names.split_at(names.len().saturating_sub(most));
        if old.is_empty() {
            return Ok(0);
        }
        for name in old {
            self.remove(&manifest_place(name))?;
        }
        self.sweep()?;
        Ok(u64::try_from(old.len()).unwrap_or(u64::MAX))
    }

    /// What was erased in the service, as far as this archive knows.
    pub(crate) fn erasures(&self) -> Result<Vec<Erased>, Error> {
        if !self.path.join(ERASURES).exists() {
            return Ok(Vec::new());
        }
        let text = self.open(ERASURES)?;
        serde_json::from_slice(&text)
            .map_err(|error| Error::new(format!("the list of erasures cannot be read: {error}")))
    }

    /// Adds to the list of what was erased. Returns all of it.
    pub(crate) fn add_erasures(&self, erased: Vec<Erased>) -> Result<Vec<Erased>, Error> {
        let known = self.erasures()?;
        let all: BTreeSet<Erased> = known.iter().cloned().chain(erased).collect();
        if all.len() > known.len() {
            let text = serde_json::to_vec(&all).while_doing("writing the list of erasures")?;
            self.write(ERASURES, &text)?;
        }
        Ok(all.into_iter().collect())
    }

    /// Removes every content that no backup names.
    pub(crate) fn sweep(&self) -> Result<(), Error> {
        let mut named = BTreeSet::new();
        for name in self.names()? {
            named.extend(self.manifest(&name)?.files.into_iter().map(|saved| content_place(&saved.content)));
        }
        let contents = self.path.join(CONTENTS);
        let doing = format!("reading {}", contents.display());
        for folder in fs::read_dir(&contents).while_doing(&doing)? {
            let folder = folder.while_doing(&doing)?.path();
            for file in fs::read_dir(&folder).while_doing(&doing)? {
                let file = file.while_doing(&doing)?.path();
                let place = file.strip_prefix(&self.path).map(|place| place.to_string_lossy().into_owned());
                if let Some(place) = place.ok().filter(|place| !named.contains(place)) {
                    self.remove(&place)?;
                }
            }
        }
        Ok(())
    }

    fn remove(&self, place: &str) -> Result<(), Error> {
        let path = self.path.join(place);
        fs::remove_file(&path).while_doing(format_args!("removing {}", path.display()))
    }

    fn open(&self, place: &str) -> Result<Vec<u8>, Error> {
        let path = self.path.join(place);
        let file = fs::read(&path).while_doing(format_args!("reading {}", path.display()))?;
        self.key.open(place, &file).map_err(|why| Error::new(format!("{} {why}", path.display())))
    }

    /// Writes a sealed file under another name, then renames it: it is there as a whole or not at all, a power cut included.
    fn write(&self, place: &str, content: &[u8]) -> Result<(), Error> {
        let path = self.path.join(place);
        let doing = format!("writing {}", path.display());
        let folder = path.parent().unwrap_or(&self.path);
        fs::create_dir_all(folder).while_doing(&doing)?;
        let unfinished = path.with_extension("unfinished");
        let mut file = File::create(&unfinished).while_doing(&doing)?;
        file.write_all(&self.key.seal(place, content)?).while_doing(&doing)?;
        file.sync_all().while_doing(&doing)?;
        fs::rename(&unfinished, &path).while_doing(&doing)?;
        File::open(folder).and_then(|folder| folder.sync_all()).while_doing(&doing)
    }
}

fn manifest_place(name: &str) -> String {
    format!("{MANIFESTS}/{name}{SEALED}")
}

fn content_place(name: &str) -> String {
    let (first, rest) = name.split_at_checked(2).unwrap_or(("", name));
    format!("{CONTENTS}/{first}/{rest}{SEALED}")
}

/// The form of a manifest that this version writes and reads.
pub(crate) const FORM: u32 = 1;
const MANIFESTS: &str = "manifests";
const CONTENTS: &str = "contents";
const ERASURES: &str = "erasures.sealed";
const SEALED: &str = ".sealed";
