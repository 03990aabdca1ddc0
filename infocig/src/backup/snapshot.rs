// SPDX-License-Identifier: EUPL-1.2
//! A copy of one database while the service writes it: SQLite's backup API reads it in one transaction, its write-ahead log
//! included. Copying the file alone would lose that log, where everything is that a young object has.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::{Error, While};

/// The content of a database, as its next reader would find it.
pub(crate) fn of(path: &Path) -> Result<Vec<u8>, Error> {
    let doing = format!("copying {}", path.display());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(path, flags).while_doing(&doing)?;
    source.busy_timeout(WAITS_FOR).while_doing(&doing)?;
    // In memory, so that no copy in clear is left on a disk.
    let mut copy = Connection::open_in_memory().while_doing(&doing)?;
    {
        let backup = Backup::new(&source, &mut copy).while_doing(&doing)?;
        // All pages in one step are one read transaction: writers go on beside it.
        match backup.step(-1).while_doing(&doing)? {
            StepResult::Done => {}
            // The enum is not exhaustive: a new kind of step is unfinished too.
            unfinished @ (StepResult::More | StepResult::Busy | StepResult::Locked | _) => {
                return Err(Error::new(format!("{doing}: {unfinished:?}")));
            }
        }
    }
    drop(source);
    // Free pages may have words that were deleted, until the object overwrites them.
    copy.execute_batch("VACUUM").while_doing(&doing)?;
    Ok(copy.serialize(MAIN_DB).while_doing(&doing)?.to_vec())
}

/// Whether the content is a whole database.
pub(crate) fn check(content: &Path) -> Result<(), Error> {
    let doing = format!("checking {}", content.display());
    let database = Connection::open(content).while_doing(&doing)?;
    let verdict: String =
        database.pragma_query_value(None, "integrity_check", |row| row.get(0)).while_doing(&doing)?;
    if verdict == "ok" { Ok(()) } else { Err(Error::new(format!("{doing}: {verdict}"))) }
}

/// Sizes and times of the files of a database. Equal ones are an unchanged content. `None` while the last change is so young
/// that another one could have the same time.
pub(crate) fn state(path: &Path, now: SystemTime) -> Option<String> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let mut states = Vec::new();
    for file in [path.to_owned(), PathBuf::from(log)] {
        let Ok(metadata) = fs::metadata(&file) else {
            states.push("-".to_owned());
            continue;
        };
        let changed = metadata.modified().ok()?;
        if now.duration_since(changed).ok()? < SETTLED_AFTER {
            return None;
        }
        let nanos = changed.duration_since(SystemTime::UNIX_EPOCH).ok()?.as_nanos();
        states.push(format!("{}@{nanos}", metadata.len()));
    }
    Some(states.join(" "))
}

const WAITS_FOR: Duration = Duration::from_secs(5);
/// The clocks of file systems tick several times in this time.
const SETTLED_AFTER: Duration = Duration::from_secs(2);
