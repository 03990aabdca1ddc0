// SPDX-License-Identifier: EUPL-1.2
//! `infocig restore`: a backup becomes a folder of data again. Everything is opened and checked before anything is in its place.
//!
//! Each conversation and desk carries a mark afterwards (`edge/src/store/restorations.rs`): conversations that were under way
//! wait again, both sides read until when the log is whole, and clients that knew more of it begin their window anew. Alarms of
//! these objects ring at the start, so that nobody waits for somebody to come by; the schedule of all others is made again from
//! the alarm that each object has in its own database.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use infocig_edge::store::restorations::{Restoration, mark_conversations, mark_desk, schedule, set_alarm};
use infocig_protocol::time::Timestamp as Millis;
use jiff::Timestamp;
use serde_json::json;

use crate::backup::archive::Archive;
use crate::backup::seal::Key;
use crate::backup::{CONVERSATION, DESK, ORDER, snapshot};
use crate::database::Database;
use crate::{Error, While, answer, now};

/// Restore a backup into an empty folder of data
///
/// Opens and checks every database before the first one is in its place. Conversations that were under way wait again, and both
/// sides read that what was written after the backup is lost. Start the service afterwards.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    #[command(flatten)]
    source: Source,
    /// The folder of data; it must be empty, and is created if it does not exist
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

/// The backup that is meant.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// The folder of backups
    #[arg(long, value_name = "FOLDER")]
    pub(crate) from: PathBuf,
    /// The file of the key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,
    /// The backup, by its name; left out: the newest
    #[arg(long, value_name = "NAME")]
    pub(crate) at: Option<String>,
}

/// A finished restoration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Restored {
    /// The name of the backup.
    pub(crate) name: String,
    pub(crate) databases: usize,
    /// Conversations that were under way, and wait again.
    pub(crate) open: usize,
}

impl Restore {
    pub(crate) fn run(self) -> Result<(), Error> {
        let began = Instant::now();
        let restored = restore(&self.source, &self.data)?;
        let Restored { name, databases, open } = restored;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            answer(json!({ "backup": name, "databases": databases, "open": open, "seconds": seconds }));
        } else {
            answer(format_args!(
                "✓ restored {name}: {databases} databases, {open} conversations wait again, {seconds:.1} s"
            ));
        }
        Ok(())
    }
}

/// Restores a backup into an empty folder of data.
pub(crate) fn restore(source: &Source, data: &Path) -> Result<Restored, Error> {
    let archive = Archive::new(&source.from, Key::read(&source.key)?);
    let name = chosen(&archive, source)?;
    require_empty(data)?;
    let manifest = archive.manifest(&name)?;
    let unfinished = data.join("objects.unfinished");
    let done = write(&archive, &manifest.files, &unfinished)
        .and_then(|()| mark(&unfinished, manifest.taken))
        .and_then(|open| {
            let objects = data.join("objects");
            fs::rename(&unfinished, &objects).while_doing(format_args!("writing {}", objects.display()))?;
            Ok(Restored { name, databases: manifest.files.len(), open })
        });
    if done.is_err() {
        // The folder is left as empty as it was, for the next attempt.
        let _still_there = fs::remove_dir_all(&unfinished);
    }
    done
}

pub(crate) fn chosen(archive: &Archive, source: &Source) -> Result<String, Error> {
    let folder = source.from.display();
    let mut names = archive.names()?;
    let Some(newest) = names.last() else {
        return Err(Error::Usage(format!(
            "{folder} has no backup: --from must be what `infocig backup --to` named"
        )));
    };
    match &source.at {
        None => Ok(newest.clone()),
        Some(at) if names.contains(at) => Ok(at.clone()),
        Some(at) => {
            names.reverse();
            names.truncate(SHOWN);
            Err(Error::Usage(format!("{folder} has no backup {at}; the newest are {}", names.join(", "))))
        }
    }
}

fn require_empty(data: &Path) -> Result<(), Error> {
    let doing = format!("reading {}", data.display());
    if data.exists() && fs::read_dir(data).while_doing(&doing)?.next().is_some() {
        let sentence = format!(
            "{} is not empty: name a new folder, so that nothing is overwritten that may still be needed",
            data.display()
        );
        return Err(Error::Usage(sentence));
    }
    Ok(())
}

/// Writes every database of a backup, each compared with its manifest and checked by SQLite.
fn write(archive: &Archive, files: &[crate::backup::archive::Saved], to: &Path) -> Result<(), Error> {
    for saved in files {
        let path = inside(to, &saved.path)?;
        let doing = format!("writing {}", path.display());
        let content = archive.content(saved)?;
        fs::create_dir_all(path.parent().unwrap_or(to)).while_doing(&doing)?;
        fs::write(&path, content).while_doing(&doing)?;
        snapshot::check(&path)?;
    }
    Ok(())
}

/// The path of a database of a manifest: a folder and a file, and nothing that leads out of them.
fn inside(folder: &Path, path: &str) -> Result<PathBuf, Error> {
    let is_name = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    match path.split_once('/') {
        Some((class, file)) if is_name(class) && is_name(file) => Ok(folder.join(class).join(file)),
        Some(_) | None => {
            Err(Error::new(format!("the backup names a file {path:?}, which no service has written")))
        }
    }
}

/// Marks desks and conversations as restored, and sets the alarms of those that must act at the start. Returns how many
/// conversations are under way.
fn mark(objects: &Path, taken: i64) -> Result<usize, Error> {
    let restored = Timestamp::try_from(now()).while_doing("reading the clock")?.as_millisecond();
    let restored = Millis::from_millis(restored);
    let restoration = Restoration { taken: Millis::from_millis(taken), restored };
    let (mut open, mut at_desks) = (0, BTreeSet::new());
    for class in ORDER {
        let paths = databases_of(objects, class)?;
        let alarms = objects.join(class).join(ALARMS);
        if paths.is_empty() {
            continue;
        }
        if !alarms.exists() {
            let sentence = format!(
                "the backup has no {class}/{ALARMS}: alarms would never ring; restore an earlier one (--at)"
            );
            return Err(Error::new(sentence));
        }
        let alarms = Database::open(&alarms)?;
        for path in paths {
            let marking = || format!("marking {}", path.display());
            let (database, object) = (Database::open(&path)?, object_of(&path));
            let rings = match class {
                DESK => {
                    at_desks.extend(mark_desk(&database, restoration).while_doing(marking())?);
                    true
                }
                CONVERSATION => {
                    let is_open = mark_conversations(&database, restoration).while_doing(marking())?;
                    open += usize::from(is_open);
                    is_open || at_desks.contains(&object)
                }
                _ => false,
            };
            if rings {
                set_alarm(&database, restored).while_doing(marking())?;
            }
            schedule(&alarms, &object, &database).while_doing(marking())?;
        }
    }
    Ok(open)
}

/// The databases of the objects of a class.
pub(crate) fn databases_of(objects: &Path, class: &str) -> Result<Vec<PathBuf>, Error> {
    let folder = objects.join(class);
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let doing = format!("reading {}", folder.display());
    let mut found = Vec::new();
    for file in fs::read_dir(&folder).while_doing(&doing)? {
        let path = file.while_doing(&doing)?.path();
        let is_object = path.extension().is_some_and(|extension| extension == "sqlite")
            && path.file_name().is_some_and(|name| name != ALARMS);
        found.extend(is_object.then_some(path));
    }
    Ok(found)
}

fn object_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// workerd keeps the alarms of all objects of a class in one database.
pub(crate) const ALARMS: &str = "metadata.sqlite";
const SHOWN: usize = 5;

#[cfg(test)]
mod tests;
