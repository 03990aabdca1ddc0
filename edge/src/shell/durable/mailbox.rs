// SPDX-License-Identifier: EUPL-1.2
//! The mailbox of a polled link: the frames its client is yet to fetch, and the answer it may ask for again.

use std::cell::{Cell, RefCell};

use infocig_protocol::{close, http::Polled, id::LinkId, time::Timestamp};

use crate::shell::clock;

/// The frames that wait for a client.
pub(super) struct Mailbox {
    pub(super) id: LinkId,
    frames: RefCell<Vec<String>>,
    closed: Cell<Option<u16>>,
    /// Number of the newest request that brought frames.
    brought: Cell<u64>,
    /// Number of the newest request that waits: the one that is answered.
    waits: Cell<u64>,
    /// The answer it was given, should it arrive again.
    answer: RefCell<Option<Polled>>,
    /// When its client was last waiting, by the wall clock.
    visited: Cell<Timestamp>,
}

/// The result of a look into a mailbox.
pub(super) enum Found {
    /// An answer.
    Something(Polled),
    /// Nothing yet.
    Nothing,
    /// Another request waits instead.
    Replaced,
}

impl Mailbox {
    pub(super) fn new(id: LinkId) -> Self {
        Self {
            id,
            frames: RefCell::default(),
            closed: Cell::new(None),
            brought: Cell::new(0),
            waits: Cell::new(0),
            answer: RefCell::new(None),
            visited: Cell::new(clock::wall()),
        }
    }

    /// When its client was last waiting, by the wall clock.
    pub(super) fn visited(&self) -> Timestamp {
        self.visited.get()
    }

    /// Adds a frame. The buffer is bounded: a client that polls too slowly is closed with `FAULT`, and resumes.
    pub(super) fn put(&self, text: &str) {
        let mut frames = self.frames.borrow_mut();
        let held: usize = frames.iter().map(String::len).sum();
        if frames.len() < MOST_FRAMES_WAITING && held < MOST_BYTES_WAITING {
            frames.push(text.to_string());
        } else {
            frames.clear();
            self.closed.set(Some(close::FAULT));
        }
    }

    pub(super) fn close(&self, code: u16) {
        self.closed.set(Some(code));
    }

    /// Whether the frames of a request are new.
    pub(super) fn brings_news(&self, number: u64) -> bool {
        number > self.brought.replace(self.brought.get().max(number))
    }

    /// A request begins to wait. The newest is the one that is answered from here on, and its predecessor's answer arrived.
    pub(super) fn wait(&self, number: u64) {
        if number > self.waits.get() {
            self.waits.set(number);
            self.answer.replace(None);
        }
    }

    /// The answer for a waiting request, if there is one by now.
    pub(super) fn look(&self, number: u64) -> Found {
        if self.waits.get() != number {
            return Found::Replaced;
        }
        self.visited.set(clock::wall());
        let mut answer = self.answer.borrow_mut();
        if answer.is_none() {
            let polled = Polled { frames: self.frames.take(), closed: self.closed.get() };
            *answer = Some(polled).filter(|polled| *polled != Polled::default());
        }
        answer.clone().map_or(Found::Nothing, Found::Something)
    }

    /// A waiting request was answered with nothing: should it arrive again, it takes nothing either.
    pub(super) fn answered_with_nothing(&self, number: u64) {
        if self.waits.get() == number {
            self.answer.replace(Some(Polled::default()));
        }
    }
}

const MOST_FRAMES_WAITING: usize = 256;
const MOST_BYTES_WAITING: usize = 2 * 1024 * 1024;
