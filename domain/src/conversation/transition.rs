// SPDX-License-Identifier: EUPL-1.2
//! The changes of one call.

use infocig_protocol::{entry::Entry, frame::ServerFrame};

use crate::notification::Notification;

/// The changes of one call, in the order in which it must be carried out: store, then broadcast, then reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transition {
    /// Entries to append to the log and then send to everybody in the conversation.
    pub appended: Vec<Entry>,
    /// Whether more than the log changed: the whole conversation must be stored.
    pub phase_changed: bool,
    /// Whether somebody may read no more, though no entry says so.
    pub readers_changed: bool,
    /// Notifications to put in the outbox with the rest.
    pub notifications: Vec<Notification>,
    /// Frames for the speaker alone.
    pub replies: Vec<ServerFrame>,
    /// Frames for the person alone, on all their devices.
    pub to_citizen: Vec<ServerFrame>,
    /// Frames for the advisor who holds it alone, on all their devices.
    pub to_holder: Vec<ServerFrame>,
}

impl Transition {
    /// Whether there is nothing to store.
    pub fn is_empty(&self) -> bool {
        self.appended.is_empty() && self.notifications.is_empty() && !self.phase_changed
    }

    pub(super) fn reply(frame: ServerFrame) -> Self {
        Self { replies: vec![frame], ..Self::default() }
    }
}
