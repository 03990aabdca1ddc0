// SPDX-License-Identifier: EUPL-1.2
//! Messages that were written and are not acknowledged: in order, one under way at a time, as many as [`MAX_PENDING`].

use std::collections::VecDeque;

use infocig_protocol::{frame::ClientFrame, id::MessageId};
use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::machine::Millis;

/// A message not yet acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Pending {
    /// Its id.
    pub id: MessageId,
    /// Its text.
    pub text: String,
}

/// The messages, and when the server takes the next one.
#[derive(Clone, Debug)]
pub(super) struct Outbox {
    messages: VecDeque<Pending>,
    /// The server refused the first message for now, and takes it from here on.
    retry_at: Option<Millis>,
}

impl Outbox {
    pub(super) fn new(unsent: Vec<Pending>) -> Self {
        Self { messages: unsent.into(), retry_at: None }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.messages.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Adds a message; gives it back where the outbox is full.
    pub(super) fn push(&mut self, message: Pending) -> Result<(), Pending> {
        if self.messages.len() >= MAX_PENDING {
            return Err(message);
        }
        self.messages.push_back(message);
        Ok(())
    }

    /// Takes out a message that was stored or refused.
    pub(super) fn remove(&mut self, id: &MessageId) -> Option<Pending> {
        let place = self.messages.iter().position(|pending| pending.id == *id)?;
        self.messages.remove(place)
    }

    /// The frame of the oldest message, unless the server takes none now.
    pub(super) fn next(&self) -> Option<ClientFrame> {
        let message = self.messages.front().filter(|_| self.retry_at.is_none())?;
        Some(ClientFrame::Post { id: message.id.clone(), text: message.text.clone() })
    }

    pub(super) fn retry_at(&self) -> Option<Millis> {
        self.retry_at
    }

    /// Sends nothing before this time.
    pub(super) fn pause_until(&mut self, at: Millis) {
        self.retry_at = Some(at);
    }

    pub(super) fn resume(&mut self) {
        self.retry_at = None;
    }

    /// Whether a pause is over; it then is no more.
    pub(super) fn resume_if_due(&mut self, now: Millis) -> bool {
        let due = self.retry_at.is_some_and(|at| now >= at);
        if due {
            self.retry_at = None;
        }
        due
    }

    /// Ends a pause that lies too far in the future: the device's clock was set back.
    pub(super) fn distrust_long_pause(&mut self, now: Millis) {
        self.retry_at = self.retry_at.filter(|at| *at <= now + LONGEST_PAUSE_MS);
    }
}

/// Most messages that wait. They are kept in the tab's storage too, which has room for this many of the longest.
pub(super) const MAX_PENDING: usize = 100;

/// No server asks for a longer pause.
const LONGEST_PAUSE_MS: Millis = 60_000;
