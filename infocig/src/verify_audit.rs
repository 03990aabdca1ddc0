// SPDX-License-Identifier: EUPL-1.2
//! `infocig verify-audit`: is the audit trail whole, or was a row of it altered, taken out or moved?
//!
//! It reads the trail of a folder of data (also while the service runs), of a backup, or of a file that was exported from the
//! console. It ends with 0 for a whole trail and with 1 for an altered one, and names the first row that differs. With `--noted` it
//! also compares a row with the hash that somebody noted elsewhere: only that finds a trail that was written anew.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use infocig_domain::audit::file::{self, NotVerified, Whole};
use infocig_domain::audit::{Anchor, AuditRow};
use infocig_edge::store::stored_trail;

use crate::backup::archive::Archive;
use crate::backup::seal::Key;
use crate::backup::{AUDIT, snapshot};
use crate::database::Database;
use crate::restore::{ALARMS, Source, chosen, databases_of};
use crate::{Error, While, answer};

/// Say whether the audit trail is whole or altered
///
/// Follows the chain of its rows from the first to the last one, and names the first row that was changed, taken out, added or
/// moved. Name a file that was exported (JSON), a folder of data, or a folder of backups with its key.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("which").required(true).args(["file", "data", "from"])))]
pub(crate) struct VerifyAudit {
    /// The exported file
    file: Option<PathBuf>,
    /// The folder of data; the service may run
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The folder of backups
    #[arg(long, value_name = "FOLDER", requires = "key")]
    from: Option<PathBuf>,
    /// The file of the key of the backups
    #[arg(long, value_name = "FILE", requires = "from")]
    key: Option<PathBuf>,
    /// The backup, by its name; left out: the newest
    #[arg(long, value_name = "NAME", requires = "from")]
    at: Option<String>,
    /// A row that was noted elsewhere: its number, a colon, and its hash. May be repeated
    #[arg(long, value_name = "NUMBER:HASH", value_parser = noted)]
    noted: Vec<Anchor>,
}

impl VerifyAudit {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let (after, rows, whole) = match (&self.file, &self.data, &self.from) {
            (Some(path), ..) => of_file(path)?,
            (_, Some(data), _) => of_database(live(data)?)?,
            (_, _, Some(from)) => of_database(self.saved(from)?)?,
            (None, None, None) => return Err(Error::Usage("name a file, --data or --from".into())),
        };
        for noted in &self.noted {
            compare(noted, after.as_ref(), &rows)?;
        }
        answer(sentence(&whole, after.as_ref(), self.noted.len()));
        Ok(())
    }

    /// The database in a backup.
    fn saved(&self, from: &Path) -> Result<Vec<u8>, Error> {
        let key = self.key.clone().ok_or_else(|| Error::Usage("--from needs --key".into()))?;
        let source = Source { from: from.to_owned(), key, at: self.at.clone() };
        let archive = Archive::new(&source.from, Key::read(&source.key)?);
        let name = chosen(&archive, &source)?;
        let is_trail = |path: &str| {
            path.strip_prefix(AUDIT)
                .and_then(|path| path.strip_prefix('/'))
                .is_some_and(|file| file != ALARMS)
        };
        let manifest = archive.manifest(&name)?;
        let saved = manifest.files.iter().find(|saved| is_trail(&saved.path));
        let saved = saved.ok_or_else(|| Error::Usage(format!("the backup {name} has no audit trail")))?;
        archive.content(saved)
    }
}

/// What was verified: after which row, the rows, and the verdict.
type Verified = (Option<Anchor>, Vec<AuditRow>, Whole);

fn of_file(path: &Path) -> Result<Verified, Error> {
    let text = fs::read_to_string(path).while_doing(format_args!("reading {}", path.display()))?;
    let whole = file::verify(&text).map_err(|reason| match reason {
        NotVerified::NoTrail(why) => {
            Error::Usage(format!("{} is no exported audit trail: {why}", path.display()))
        }
        NotVerified::Altered(altered) => Error::new(format!("ALTERED: {altered}")),
        NotVerified::NoEnd { last, end } => {
            Error::new(format!("ALTERED: the rows after {last} are missing, up to {end}"))
        }
    })?;
    let (after, rows) = file::rows(&text).while_doing(format_args!("reading {}", path.display()))?;
    Ok((after, rows, whole))
}

fn of_database(content: Vec<u8>) -> Result<Verified, Error> {
    let (after, rows) = stored_trail(&Database::of(content)?).while_doing("reading the audit trail")?;
    let whole = file::verify_rows(after.clone(), rows.iter().cloned())
        .map_err(|altered| Error::new(format!("ALTERED: {altered}")))?;
    Ok((Some(after), rows, whole))
}

/// The database of a folder of data, with its write-ahead log.
fn live(data: &Path) -> Result<Vec<u8>, Error> {
    let paths = databases_of(&data.join("objects"), AUDIT)?;
    let path = paths.first().ok_or_else(|| {
        Error::Usage(format!(
            "{} has no audit trail: --data must be the folder that `infocig serve` runs on",
            data.display()
        ))
    })?;
    snapshot::of(path)
}

/// Compares a row with what was noted of it.
fn compare(noted: &Anchor, after: Option<&Anchor>, rows: &[AuditRow]) -> Result<(), Error> {
    let Anchor { number, hash } = noted;
    let stored = after.filter(|after| after.number == *number).map(|after| &after.hash);
    let stored = stored.or_else(|| rows.iter().find(|row| row.number == *number).map(|row| &row.hash));
    match stored {
        Some(stored) if stored.eq_ignore_ascii_case(hash) => Ok(()),
        Some(stored) => {
            Err(Error::new(format!("ANOTHER ONE: row {number} has the hash {stored}, and {hash} was noted")))
        }
        None if after.is_some_and(|after| after.number > *number) => {
            Err(Error::new(format!("row {number} was cut off after its time: note a newer one")))
        }
        None => Err(Error::new(format!("ANOTHER ONE: it has no row {number}, which was noted"))),
    }
}

fn sentence(whole: &Whole, after: Option<&Anchor>, noted: usize) -> String {
    let Whole { selection, rows, ends } = whole;
    let Some((first, Anchor { number: last, hash })) = ends else { return "WHOLE: no row yet".into() };
    let text = if *selection {
        format!(
            "WHOLE EACH: {rows} rows of a selection, the first {first}, the last {last}; what lies between is not verified"
        )
    } else {
        format!("WHOLE: {rows} rows, the first {first}, the last {last}, head {hash}")
    };
    let cut = after.filter(|after| after.number > 0).map_or_else(String::new, |after| {
        format!("; the rows up to {} were cut off after their time", after.number)
    });
    let noted = if noted > 0 { "; as it was noted" } else { "" };
    [text, cut, noted.into()].concat()
}

fn noted(text: &str) -> Result<Anchor, String> {
    let form = || "a row is written as 42:ab12…, with 64 hexadecimal digits".to_owned();
    let (number, hash) = text.split_once(':').ok_or_else(form)?;
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = number.parse().ok().filter(|_| is_hash).ok_or_else(form)?;
    Ok(Anchor { number, hash: hash.to_ascii_lowercase() })
}

#[cfg(test)]
mod tests;
