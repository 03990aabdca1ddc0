// SPDX-License-Identifier: EUPL-1.2
//! The rules of `knowledge/README.md` that a program can check.

use infocig_domain::assistant::document::Entry;

use super::{Mistake, Text};

/// Adds every mistake of the entries.
pub(super) fn all(_readme: &Text, _entries: &[(&Text, Entry)], _mistakes: &mut Vec<Mistake>) {}
