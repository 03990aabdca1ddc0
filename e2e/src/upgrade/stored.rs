// SPDX-License-Identifier: EUPL-1.2
//! What a rehearsal left in the databases of objects: whether each has the schema of the next version, and what was moved into it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, While};

/// The databases of a folder of data.
#[derive(Clone, Debug, Default)]
pub(super) struct Migrated {
    /// Those in which the version before had rows.
    pub(super) databases: u64,
    /// Those rows.
    pub(super) rows: u64,
    /// Conversations in whose log both versions wrote.
    pub(super) across: u64,
    /// The files without the schema of the next version.
    pub(super) without: Vec<String>,
}

/// Reads the databases of a folder of data whose process has ended.
pub(super) fn migrated(data: &Path) -> Result<Migrated, Error> {
    let mut found = Migrated::default();
    for path in databases(&data.join("objects"))? {
        let database = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY);
        let database = database.while_doing(format_args!("opening {}", path.display()))?;
        let number =
            |statement: &str| database.query_row(statement, [], |row| row.get::<_, u32>(0).map(u64::from));
        let Ok(moved) = number("SELECT moved FROM next_version") else {
            found.without.push(path.display().to_string());
            continue;
        };
        found.databases += u64::from(moved > 0);
        found.rows += moved;
        // Only conversations have this table.
        let entries = number("SELECT count(*) FROM entry").unwrap_or_default();
        found.across += u64::from(moved > 0 && entries > moved);
    }
    Ok(found)
}

/// The files of objects, in the folder of each class; the runtime's own lies beside them.
fn databases(objects: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for class in files(objects)? {
        found.extend(files(&class)?.into_iter().filter(|path| {
            path.extension().is_some_and(|extension| extension == "sqlite")
                && !path.ends_with("metadata.sqlite")
        }));
    }
    Ok(found)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = fs::read_dir(folder).while_doing(format_args!("reading {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}
