// SPDX-License-Identifier: EUPL-1.2
//! The part of the log a client has: a window without gaps, from the first entry to the cursor, and the pages asked for.

use infocig_protocol::{entry::Entry, frame::Page};

/// The window.
#[derive(Clone, Debug)]
pub(super) struct Window {
    /// The first entry, or the one that would be.
    first: u64,
    /// The last entry.
    cursor: u64,
    /// The newest entry there is, as far as is known.
    newest: u64,
    /// The cursor in the newest `hello`.
    greeted: u64,
    /// The pages under way.
    asked_newer: Option<Page>,
    asked_older: Option<Page>,
}

/// Entries that extend the window.
pub(super) struct Extension {
    pub(super) newer: Vec<Entry>,
    /// Earlier entries, and whether there are more before them.
    pub(super) older: Option<(Vec<Entry>, bool)>,
}

impl Window {
    pub(super) const fn new() -> Self {
        Self { first: 1, cursor: 0, newest: 0, greeted: 0, asked_newer: None, asked_older: None }
    }

    pub(super) const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// Whether every entry up to the newest has come.
    pub(super) const fn is_complete(&self) -> bool {
        self.cursor >= self.newest
    }

    /// A `hello` with the cursor is on its way over a new connection: pages asked for on the one before are lost.
    pub(super) fn greet(&mut self) {
        self.greeted = self.cursor;
        (self.asked_newer, self.asked_older) = (None, None);
    }

    /// The server welcomed. Returns whether the window begins again, after `after`: the first time, when the cursor is not one
    /// of this log (it is beyond its end, or the log was restored from a copy), and when the server sends only the newest page
    /// of the missed entries.
    pub(super) fn welcome(&mut self, last_seq: u64, after: u64) -> bool {
        let restarts =
            after < self.greeted || after > self.cursor || after + 1 < self.first || self.newest == 0;
        if restarts {
            (self.first, self.cursor, self.newest) = (after + 1, after, 0);
        }
        self.newest = self.newest.max(last_seq);
        restarts
    }

    /// Takes the entries that follow the cursor, and those before the window if they reach up to it without a gap.
    pub(super) fn take(&mut self, entries: Vec<Entry>) -> Extension {
        let mut newer = Vec::with_capacity(entries.len());
        let mut older = Vec::new();
        for entry in entries {
            self.newest = self.newest.max(entry.seq);
            if entry.seq == self.cursor + 1 {
                self.cursor = entry.seq;
                newer.push(entry);
            } else if entry.seq < self.first {
                older.push(entry);
            }
        }
        Extension { newer, older: self.take_older(older) }
    }

    fn take_older(&mut self, entries: Vec<Entry>) -> Option<(Vec<Entry>, bool)> {
        let (first, last) = (entries.first()?.seq, entries.last()?.seq);
        let whole = u64::try_from(entries.len()).is_ok_and(|count| first + count == self.first);
        if last + 1 != self.first || !whole {
            return None;
        }
        self.first = first;
        self.asked_older = None;
        Some((entries, first > 1))
    }

    /// The page that follows the cursor, if entries are missing and it was not asked for.
    pub(super) fn ask_newer(&mut self) -> Option<Page> {
        let page = Page::After(self.cursor);
        if self.is_complete() || self.asked_newer == Some(page) {
            return None;
        }
        self.asked_newer = Some(page);
        self.asked_newer
    }

    /// The page before the window, if there is one and it was not asked for.
    pub(super) fn ask_older(&mut self) -> Option<Page> {
        let page = Page::Before(self.first);
        if self.first <= 1 || self.asked_older == Some(page) {
            return None;
        }
        self.asked_older = Some(page);
        self.asked_older
    }

    /// Pages asked for before a heartbeat that have not come were lost: the missing ones are asked for again, and so is the
    /// page before the window.
    pub(super) fn ask_again(&mut self) -> impl Iterator<Item = Page> {
        self.asked_newer = None;
        self.ask_newer().into_iter().chain(self.asked_older)
    }
}
