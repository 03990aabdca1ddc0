// SPDX-License-Identifier: EUPL-1.2
//! Reading and writing files, with failures that name the file.

use std::fs;
use std::path::Path;

use crate::process::{Failure, OrFail};

pub(super) fn create(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).or_fail(format_args!("creating {}", folder.display()))
}

pub(super) fn empty(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).or_fail(format_args!("removing {}", folder.display()))?;
    }
    create(folder)
}

pub(super) fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).or_fail(format_args!("reading {}", file.display()))
}

pub(super) fn read_bytes(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).or_fail(format_args!("reading {}", file.display()))
}

pub(super) fn write(file: &Path, contents: &[u8]) -> Result<(), Failure> {
    fs::write(file, contents).or_fail(format_args!("writing {}", file.display()))
}
