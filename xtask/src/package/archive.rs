// SPDX-License-Identifier: EUPL-1.2
//! A compressed tar whose bytes depend on names and contents alone: sorted, without owners, and with one time for all.

use std::collections::BTreeMap;
use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// A file of the archive.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) bytes: Vec<u8>,
    pub(super) is_program: bool,
}

impl Content {
    /// A file that is not run.
    pub(super) fn text(bytes: Vec<u8>) -> Self {
        Self { bytes, is_program: false }
    }
}

/// The archive, with all files below one folder.
pub(super) fn write(folder: &str, files: &BTreeMap<String, Content>) -> io::Result<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    for (place, Content { bytes, is_program }) in files {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(if *is_program { 0o755 } else { 0o644 });
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(TIME);
        header.set_size(u64::try_from(bytes.len()).map_err(io::Error::other)?);
        archive.append_data(&mut header, format!("{folder}/{place}"), bytes.as_slice())?;
    }
    let plain = archive.into_inner()?;
    // Without the name of a file, and with no time.
    let mut compressed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    compressed.write_all(&plain)?;
    compressed.finish()
}

/// 1 January 2026. Some programs refuse files of 1970.
const TIME: u64 = 1_767_225_600;
