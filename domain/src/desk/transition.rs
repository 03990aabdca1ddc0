// SPDX-License-Identifier: EUPL-1.2
//! What one call of a desk changed.

use infocig_protocol::{
    desk::{DeskServerFrame, Note},
    id::{AdvisorId, ConversationId},
};

use super::{estimate::ServiceTimeStats, presence::Present, queue::DeskConversation};
use crate::{notification::Notification, refusal::Refusal};

/// What one call changed: store it with the notifications, then send the frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeskTransition {
    /// Conversations to write.
    pub changed_conversations: Vec<DeskConversation>,
    /// Conversations to delete, with their notes.
    pub removed_conversations: Vec<ConversationId>,
    /// Advisors to write.
    pub changed_advisors: Vec<Present>,
    /// Advisors to delete.
    pub removed_advisors: Vec<AdvisorId>,
    /// The service times to write, if they changed.
    pub service_times: Option<ServiceTimeStats>,
    /// Notifications to put in the outbox with the rest.
    pub notifications: Vec<Notification>,
    /// A note to add, unless its conversation has one of that id.
    pub new_note: Option<(ConversationId, Note)>,
    /// The refusal of the command: then the transition holds what time has changed alone.
    pub refused: Option<Refusal>,
    /// Frames for advisors by id, on all their devices.
    pub to_advisors: Vec<(AdvisorId, DeskServerFrame)>,
    /// Whether the pictures advisors have may differ from what they would see now.
    pub pictures_changed: bool,
}

impl DeskTransition {
    /// Whether there is nothing to store.
    pub fn stores_nothing(&self) -> bool {
        self.changed_conversations.is_empty()
            && self.removed_conversations.is_empty()
            && self.changed_advisors.is_empty()
            && self.removed_advisors.is_empty()
            && self.service_times.is_none()
            && self.notifications.is_empty()
            && self.new_note.is_none()
    }
}
