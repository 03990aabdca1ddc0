// SPDX-License-Identifier: EUPL-1.2
//! The folder of data: `objects` with one database for each object, `lock`, and `runner.sock`.
//!
//! Two processes on one folder would assign a conversation to two advisors. The folder is therefore locked by a file lock of the
//! system, which is released when both this process and the runtime it started have ended.

use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use crate::{Error, While};

/// A folder of data locked by this process.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: File,
}

impl Folder {
    /// Locks a folder, which is created if it does not exist.
    pub(crate) fn take(path: &Path) -> Result<Self, Error> {
        let objects = path.join("objects");
        fs::create_dir_all(&objects).while_doing(format_args!("creating {}", objects.display()))?;
        let path = fs::canonicalize(path).while_doing(format_args!("finding {}", path.display()))?;
        let file = path.join("lock");
        let doing = format!("locking {}", file.display());
        let options = File::options().read(true).write(true).create(true).truncate(false).open(&file);
        let mut lock = options.while_doing(&doing)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                lock.read_to_string(&mut holder).while_doing(&doing)?;
                return Err(Error::new(format!(
                    "another process runs on {} (started as process {}): stop it first, or give this one another --data",
                    path.display(),
                    holder.trim()
                )));
            }
            Err(TryLockError::Error(error)) => return Err(error).while_doing(&doing),
        }
        lock.set_len(0).while_doing(&doing)?;
        lock.rewind().while_doing(&doing)?;
        writeln!(lock, "{}", std::process::id()).while_doing(&doing)?;
        Ok(Self { path, lock })
    }

    /// The folder of the databases of objects.
    pub(crate) fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    /// The socket on which the runtime listens to this program.
    pub(crate) fn runner(&self) -> PathBuf {
        self.path.join("runner.sock")
    }

    /// The lock, for the runtime to inherit.
    pub(crate) fn lock(&self) -> Result<File, Error> {
        self.lock.try_clone().while_doing("handing on the lock of the folder of data")
    }
}
