// SPDX-License-Identifier: EUPL-1.2
//! Erasures and backups: what was erased in the service is taken out of every backup of before, and its list is kept beside them, so
//! that a copy of the archive that nobody could change is cleaned when it is restored.

use std::collections::BTreeMap;

use infocig_edge::store::erasures::{Erased, Shared, erase_conversations, erase_shared};
use sha2::{Digest, Sha256};

use super::archive::{Archive, Saved};
use super::seal::hex;
use super::{CONVERSATION, DESK};
use crate::database::Database;
use crate::{Error, While};

/// Takes what was erased out of every backup that was begun before its erasure. Returns how many contents were written anew.
pub(crate) fn clean(archive: &Archive, erased: &[Erased]) -> Result<usize, Error> {
    let mut cleaned = BTreeMap::new();
    for name in archive.names()? {
        let mut manifest = archive.manifest(&name)?;
        let due: Vec<&Erased> = erased
            .iter()
            .filter(|one| {
                one.at.as_millis() >= manifest.taken
                    && manifest.cleaned.is_none_or(|to| one.at.as_millis() > to)
            })
            .collect();
        let Some(newest) = due.iter().map(|one| one.at.as_millis()).max() else { continue };
        for saved in &mut manifest.files {
            let Some(content) = without(archive, saved, &due, &mut cleaned)? else { continue };
            *saved = content;
        }
        manifest.cleaned = Some(newest);
        archive.finish(&name, &manifest)?;
    }
    archive.sweep()?;
    Ok(cleaned.len())
}

/// A content without what was erased; `None` where none of it can be in it.
fn without(
    archive: &Archive,
    saved: &Saved,
    erased: &[&Erased],
    cleaned: &mut BTreeMap<String, Saved>,
) -> Result<Option<Saved>, Error> {
    if let Some(known) = cleaned.get(&saved.content) {
        return Ok(Some(Saved { path: saved.path.clone(), ..known.clone() }));
    }
    let Some(what) = of(&saved.path, erased) else { return Ok(None) };
    let database = Database::of(archive.content(saved)?)?;
    what.erase(&database)?;
    let content = database.compacted()?;
    let (name, _) = archive.keep(&content)?;
    let anew = Saved {
        path: saved.path.clone(),
        content: name,
        sha256: hex(&Sha256::digest(&content)),
        bytes: u64::try_from(content.len()).unwrap_or(u64::MAX),
        source: None,
    };
    cleaned.insert(saved.content.clone(), anew.clone());
    Ok(Some(anew))
}

/// What is to be erased from a database.
pub(crate) enum FromDatabase<'e> {
    Conversations(Vec<&'e Erased>),
    Shared(Shared, Vec<&'e Erased>),
}

impl FromDatabase<'_> {
    pub(crate) fn erase(&self, database: &Database) -> Result<(), Error> {
        let done = match self {
            Self::Conversations(erased) => erase_conversations(database, erased),
            Self::Shared(which, erased) => erase_shared(database, *which, erased),
        };
        done.while_doing("erasing from a copy")
    }
}

/// What is to be erased from the database at a path of the folder of objects.
pub(crate) fn of<'e>(path: &str, erased: &[&'e Erased]) -> Option<FromDatabase<'e>> {
    let (class, file) = path.split_once('/')?;
    let object = file.strip_suffix(".sqlite").filter(|name| *name != "metadata")?;
    let which = match class {
        CONVERSATION => {
            let own: Vec<_> = erased.iter().copied().filter(|one| one.object == object).collect();
            return (!own.is_empty()).then_some(FromDatabase::Conversations(own));
        }
        DESK => Shared::Desk,
        "info-cig-linea-inps" => Shared::LineaInps,
        "info-cig-register" => Shared::Register,
        _ => return None,
    };
    (!erased.is_empty()).then(|| FromDatabase::Shared(which, erased.to_vec()))
}
