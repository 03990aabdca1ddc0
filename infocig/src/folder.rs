// SPDX-License-Identifier: EUPL-1.2
//! The folder of data: `objects` with one database for each object, `lock`, `runner.sock`, and `worker` where the policy is the
//! administration's own. A node of a cluster has `cluster` in the place of `objects`: copies of what is in the bucket.
//!
//! Two processes on one folder would assign a conversation to two advisors. The folder is therefore locked by a file lock of the
//! system, which is released when both this process and the runtime it started have ended.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use crate::{Error, While};

/// The process that runs on a folder of data, if any does.
pub(crate) fn holder(path: &Path) -> Result<Option<String>, Error> {
    let file = path.join("lock");
    let doing = format!("reading {}", file.display());
    let mut lock = match File::open(&file) {
        Ok(lock) => lock,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).while_doing(&doing),
    };
    match lock.try_lock_shared() {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            lock.read_to_string(&mut holder).while_doing(&doing)?;
            Ok(Some(holder.trim().to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(error).while_doing(&doing),
    }
}

/// Where the truth about objects is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// In the folder.
    Here,
    /// In the bucket of a cluster.
    InBucket,
}

impl Truth {
    /// The folder of databases. One for both would start empty where the other had been used, or be taken for a whole backup.
    fn folder(self) -> &'static str {
        match self {
            Self::Here => "objects",
            Self::InBucket => "cluster",
        }
    }
}

/// A folder of data locked by this process.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    truth: Truth,
    lock: File,
}

impl Folder {
    /// Locks a folder, which is created if it does not exist.
    pub(crate) fn take(path: &Path, truth: Truth) -> Result<Self, Error> {
        refuse_other(path, truth)?;
        let objects = path.join(truth.folder());
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
        Ok(Self { path, truth, lock })
    }

    /// Where the truth about its objects is.
    pub(crate) fn truth(&self) -> Truth {
        self.truth
    }

    /// The folder of the databases of objects.
    pub(crate) fn objects(&self) -> PathBuf {
        self.path.join(self.truth.folder())
    }

    /// A folder with the files of a built Worker, with a policy in the place of the one it ships, and the literals of a node of a
    /// cluster beside it.
    pub(crate) fn worker_with(
        &self,
        edge: &Path,
        policy: Option<&str>,
        node: Option<&str>,
    ) -> Result<PathBuf, Error> {
        let worker = self.path.join("worker");
        let doing = format!("writing {}", worker.display());
        match fs::remove_dir_all(&worker) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error).while_doing(&doing),
            Ok(()) | Err(_) => {}
        }
        fs::create_dir(&worker).while_doing(&doing)?;
        let edge = fs::canonicalize(edge).while_doing(format_args!("finding {}", edge.display()))?;
        for file in fs::read_dir(&edge).while_doing(format_args!("reading {}", edge.display()))? {
            let file = file.while_doing(&doing)?;
            if policy.is_none() || file.file_name() != POLICY_FILE {
                symlink(file.path(), worker.join(file.file_name())).while_doing(&doing)?;
            }
        }
        if let Some(policy) = policy {
            fs::write(worker.join(POLICY_FILE), policy).while_doing(&doing)?;
        }
        if let Some(node) = node {
            // It holds the secret of the cluster.
            let file = File::options().write(true).create_new(true).mode(0o600).open(worker.join(NODE_FILE));
            file.while_doing(&doing)?.write_all(node.as_bytes()).while_doing(&doing)?;
        }
        Ok(worker)
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

/// Refuses a folder with objects of the other kind.
fn refuse_other(path: &Path, truth: Truth) -> Result<(), Error> {
    let (other, sentence) = match truth {
        Truth::Here => (
            Truth::InBucket,
            "belongs to a node of a cluster, whose objects are in the bucket: start it with --cluster",
        ),
        Truth::InBucket => {
            (Truth::Here, "has objects of a node that ran alone, and a cluster cannot import them")
        }
    };
    let folder = path.join(other.folder());
    let has_objects = fs::read_dir(&folder).is_ok_and(|mut classes| classes.next().is_some());
    if has_objects {
        let path = path.display();
        return Err(Error::Usage(format!("{path} {sentence}, or give another --data (docs/cluster.md)")));
    }
    Ok(())
}

/// The literals of a node (`edge/cluster.capnp`).
const NODE_FILE: &str = "node.capnp";
/// The policy beside the Worker (`edge/workerd.capnp`).
const POLICY_FILE: &str = "policy.json";

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_policy_of_ones_own_takes_the_place_of_the_one_beside_the_worker_and_of_nothing_else() {
        let (data, edge) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in ["index.js", POLICY_FILE] {
            fs::write(edge.path().join(file), "shipped").unwrap();
        }
        let folder = Folder::take(data.path(), Truth::Here).unwrap();

        for policy in ["first", "second"] {
            let worker = folder.worker_with(edge.path(), Some(policy), None).unwrap();
            let read = |file: &str| fs::read_to_string(worker.join(file)).unwrap();
            assert_eq!((read(POLICY_FILE).as_str(), read("index.js").as_str()), (policy, "shipped"));
        }
        assert_eq!(fs::read_to_string(edge.path().join(POLICY_FILE)).unwrap(), "shipped");
    }

    #[test]
    fn the_literals_of_a_node_are_read_by_nobody_else_and_the_shipped_policy_stays() {
        let (data, edge) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(edge.path().join(POLICY_FILE), "shipped").unwrap();
        let folder = Folder::take(data.path(), Truth::InBucket).unwrap();

        let worker = folder.worker_with(edge.path(), None, Some("secret")).unwrap();

        assert_eq!(fs::read_to_string(worker.join(POLICY_FILE)).unwrap(), "shipped");
        assert_eq!(fs::read_to_string(worker.join(NODE_FILE)).unwrap(), "secret");
        assert_eq!(fs::metadata(worker.join(NODE_FILE)).unwrap().permissions().mode() & 0o077, 0);
    }

    #[test]
    fn a_folder_of_the_other_kind_is_refused_once_it_has_objects() {
        for (first, second, reason) in [
            (Truth::Here, Truth::InBucket, "cannot import them"),
            (Truth::InBucket, Truth::Here, "start it with --cluster"),
        ] {
            let data = tempfile::tempdir().unwrap();
            let objects = Folder::take(data.path(), first).unwrap().objects();
            Folder::take(data.path(), second).unwrap();
            fs::create_dir(objects.join("info-cig-desk")).unwrap();

            let refused = Folder::take(data.path(), second).unwrap_err().to_string();

            assert!(refused.contains(reason), "{refused}");
            Folder::take(data.path(), first).unwrap();
        }
    }
}
