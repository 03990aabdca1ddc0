// SPDX-License-Identifier: EUPL-1.2
//! `infocig backup`: a copy of every database of the folder of data, encrypted, while the service runs.
//!
//! No instant is the same for all databases: each is copied by itself. So they are copied in the order in which messages
//! travel back: desks first, then conversations, then the objects that conversations tell, then the audit trail, which all tell. Every conversation a desk knows is
//! then in the backup, and every message that a sender no longer has is at its receiver.

pub(crate) mod archive;
pub(crate) mod seal;
pub(crate) mod snapshot;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use clap::{Args, value_parser};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use self::archive::{Archive, FORM, Manifest, Saved};
use self::seal::{Key, hex};
use crate::{Error, While, answer, now};

/// Back up the folder of data while the service runs
///
/// Copies every database with SQLite's backup API, encrypts each copy with the key, and writes a manifest last: a backup that
/// was interrupted is none. What did not change since the backup before is not written again. The service may run.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The folder of data
    #[arg(long, value_name = "FOLDER")]
    data: PathBuf,
    /// The folder of backups; it is created if it does not exist
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// The file of the key, 64 hexadecimal digits (`openssl rand -hex 32`). Keep a copy elsewhere: without it nothing can be
    /// restored
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Remove all backups but the newest N after this one
    #[arg(long, value_name = "N", value_parser = value_parser!(u16).range(1..))]
    keep: Option<u16>,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

impl Backup {
    pub(crate) fn run(self) -> Result<(), Error> {
        let archive = Archive::new(&self.to, Key::read(&self.key)?);
        let began = Instant::now();
        let done = back_up(&self.data, &archive, now())?;
        let forgotten = self.keep.map_or(Ok(0), |most| archive.forget_all_but(usize::from(most)))?;
        let Done { name, databases, written, bytes } = done;
        let seconds = began.elapsed().as_secs_f64();
        if self.json {
            answer(json!({
                "backup": name, "databases": databases, "written": written, "bytes": bytes, "forgotten": forgotten,
                "seconds": seconds,
            }));
        } else {
            answer(format_args!(
                "✓ backup {name}: {databases} databases, {written} of them new or changed ({} kB), {seconds:.1} s",
                bytes / 1_000
            ));
        }
        Ok(())
    }
}

/// A finished backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) name: String,
    pub(crate) databases: usize,
    /// Databases whose content was not in the folder yet.
    pub(crate) written: usize,
    /// Their size.
    pub(crate) bytes: u64,
}

/// Makes a backup.
pub(crate) fn back_up(data: &Path, archive: &Archive, now: SystemTime) -> Result<Done, Error> {
    let objects = data.join("objects");
    if data.join("cluster").exists() && !objects.exists() {
        let sentence = format!(
            "{} belongs to a node of a cluster, which has copies only: back the bucket up (docs/cluster.md)",
            data.display()
        );
        return Err(Error::Usage(sentence));
    }
    let databases = databases(&objects)?;
    if databases.is_empty() {
        let sentence = format!(
            "{} has no databases: --data must be the folder that `infocig serve` runs on",
            data.display()
        );
        return Err(Error::Usage(sentence));
    }
    let taken = Timestamp::try_from(now).while_doing("reading the clock")?;
    let name = taken.strftime("%Y%m%dT%H%M%S%3fZ").to_string();
    let before = known(archive)?;
    let mut manifest = Manifest {
        form: FORM,
        program: env!("CARGO_PKG_VERSION").into(),
        taken: taken.as_millisecond(),
        files: Vec::new(),
    };
    let (mut written, mut bytes) = (0, 0);
    for path in databases {
        let place = path.strip_prefix(&objects).unwrap_or(&path).to_string_lossy().into_owned();
        // Read before the copy: a change in between is found by the next backup.
        let source = snapshot::state(&path, now);
        let unchanged = before.get(&place).filter(|known| source.is_some() && known.source == source);
        if let Some(known) = unchanged.filter(|known| archive.has(&known.content)) {
            manifest.files.push(known.clone());
            continue;
        }
        // An object that was erased meanwhile has no database any more.
        if !path.exists() {
            continue;
        }
        let content = snapshot::of(&path)?;
        let (name, is_new) = archive.keep(&content)?;
        let size = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if is_new {
            written += 1;
            bytes += size;
        }
        let sha256 = hex(&Sha256::digest(&content));
        manifest.files.push(Saved { path: place, content: name, sha256, bytes: size, source });
    }
    archive.finish(&name, &manifest)?;
    Ok(Done { name, databases: manifest.files.len(), written, bytes })
}

/// The databases of the newest backup, by path.
fn known(archive: &Archive) -> Result<BTreeMap<String, Saved>, Error> {
    let Some(newest) = archive.names()?.pop() else { return Ok(BTreeMap::new()) };
    let files = archive.manifest(&newest)?.files;
    Ok(files.into_iter().map(|saved| (saved.path.clone(), saved)).collect())
}

/// Every database below the folder of objects, in the order in which they must be copied.
fn databases(objects: &Path) -> Result<Vec<PathBuf>, Error> {
    let doing = format!("reading {}", objects.display());
    let mut found = Vec::new();
    for class in fs::read_dir(objects).while_doing(&doing)? {
        let class = class.while_doing(&doing)?.path();
        let name = class.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // A session that has ended must not come back with a copy.
        if name == STAFF {
            continue;
        }
        let order = ORDER.iter().position(|known| *known == name).unwrap_or(ORDER.len());
        for file in fs::read_dir(&class).while_doing(&doing)? {
            let path = file.while_doing(&doing)?.path();
            if path.extension().is_some_and(|extension| extension == "sqlite") {
                found.push((order, path));
            }
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The folders of objects (`uniqueKey` in `edge/workerd.capnp`).
pub(crate) const DESK: &str = "info-cig-desk";
pub(crate) const CONVERSATION: &str = "info-cig-conversation";
const STAFF: &str = "info-cig-staff";
pub(crate) const AUDIT: &str = "info-cig-audit";
pub(crate) const ORDER: [&str; 6] =
    [DESK, CONVERSATION, "info-cig-linea-inps", "info-cig-register", "info-cig-policy", AUDIT];
