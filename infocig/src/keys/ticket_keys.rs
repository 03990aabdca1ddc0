// SPDX-License-Identifier: EUPL-1.2
//! The file of ticket keys, exchanged in two steps: a new key in front of the others, which still verify; and, once their
//! tickets have expired, the new key alone.
//!
//! The file is exchanged whole, by a rename, with the owner and the mode of the one before: a service that starts meanwhile
//! reads the keys of before or those of after.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;
use std::time::{Duration, SystemTime};

use infocig_edge::auth::ticket;
use infocig_edge::settings::read_ticket_keys;

use super::read;
use crate::{Error, While};

/// Puts a key in front of those in a file.
pub(super) fn put_in_front(file: &Path, key: &str) -> Result<String, Error> {
    let keys = checked(file, &read(file)?)?;
    let keys = checked(file, &format!("{key}\n{keys}"))?;
    exchange(file, &keys)?;
    Ok(format!(
        "✓ {}: {} keys, of which the new one signs from the next restart on and all verify; 12 hours after that restart: --drop-old",
        file.display(),
        keys.lines().count()
    ))
}

/// Drops all keys but the first, if their tickets have expired at `now`.
pub(super) fn drop_old(file: &Path, now: SystemTime) -> Result<String, Error> {
    let keys = checked(file, &read(file)?)?;
    let (first, others) = (keys.lines().next().unwrap_or_default(), keys.lines().count() - 1);
    let name = file.display();
    if others == 0 {
        return Ok(format!("✓ {name}: there is one key, and no old one"));
    }
    let changed =
        file.metadata().and_then(|found| found.modified()).while_doing(format_args!("reading {name}"))?;
    let life = Duration::from_secs(ticket::LIFETIME_S.unsigned_abs());
    let age = now.duration_since(changed).unwrap_or_default();
    if let Some(rest) = life.checked_sub(age).filter(|rest| !rest.is_zero()) {
        let minutes = rest.as_secs().div_ceil(60);
        return Err(Error::new(format!(
            "{name} was changed {} minutes ago: tickets of its old keys may be used for another {} h {} min",
            age.as_secs() / 60,
            minutes / 60,
            minutes % 60
        )));
    }
    exchange(file, first)?;
    Ok(format!("✓ {name}: the first key stays, {others} old ones are gone after the next restart"))
}

/// The keys as the service reads them.
fn checked(file: &Path, text: &str) -> Result<String, Error> {
    read_ticket_keys(Some(text)).map_err(|fault| Error::Usage(format!("{}: {fault}", file.display())))
}

fn exchange(file: &Path, keys: &str) -> Result<(), Error> {
    let doing = || format!("writing {}", file.display());
    // The file itself and not a link to it: a rename would put a file in the place of the link.
    let file = fs::canonicalize(file).while_doing(doing())?;
    let before = file.metadata().while_doing(doing())?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    let mut new = tempfile::NamedTempFile::new_in(folder).while_doing(doing())?;
    new.write_all(format!("{keys}\n").as_bytes()).while_doing(doing())?;
    if (before.uid(), before.gid()) != owner(new.as_file()).while_doing(doing())? {
        fchown(new.as_file(), Some(before.uid()), Some(before.gid())).while_doing(doing())?;
    }
    new.as_file().set_permissions(Permissions::from_mode(before.mode() & 0o7777)).while_doing(doing())?;
    new.as_file().sync_all().while_doing(doing())?;
    new.persist(&file).map(|_| ()).while_doing(doing())
}

fn owner(file: &fs::File) -> std::io::Result<(u32, u32)> {
    file.metadata().map(|found| (found.uid(), found.gid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    #[test]
    fn a_rotation_keeps_the_old_key_until_its_tickets_have_expired() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket-key");
        let (old, new) = ("a".repeat(64), "b".repeat(64));
        fs::write(&file, format!("{old}\n")).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();

        put_in_front(&file, &new).unwrap();

        assert_eq!(fs::read_to_string(&file).unwrap(), format!("{new}\n{old}\n"));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        let rotated = file.metadata().unwrap().modified().unwrap();
        let early = drop_old(&file, rotated + 11 * HOUR + HOUR / 2).unwrap_err().to_string();
        assert!(early.ends_with("may be used for another 0 h 30 min"), "{early}");
        drop_old(&file, rotated + 12 * HOUR).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), format!("{new}\n"));
        assert!(drop_old(&file, rotated + 12 * HOUR).unwrap().contains("no old one"));
    }

    #[test]
    fn a_file_that_the_service_would_not_take_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ticket-key");
        let new = "b".repeat(64);
        for (keys, reason) in
            [("short\n".into(), "at least 32"), (format!("{}\n", "a".repeat(64)).repeat(4), "has 5 keys")]
        {
            fs::write(&file, &keys).unwrap();
            let refused = put_in_front(&file, &new).unwrap_err().to_string();
            assert!(refused.contains(reason), "{refused}");
            assert_eq!(fs::read_to_string(&file).unwrap(), keys);
        }
    }

    #[test]
    fn a_link_to_the_file_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("ticket-key"), folder.path().join("link"));
        fs::write(&file, "a".repeat(64)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();

        put_in_front(&link, &"b".repeat(64)).unwrap();

        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap().lines().count(), 2);
    }
}
