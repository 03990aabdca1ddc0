// SPDX-License-Identifier: EUPL-1.2
//! The changes of one call of a desk.

use super::{presence::Present, queue::DeskConversation, queues::QueueState};
use crate::{audit::AuditEvent, figures::Event, notification::Notification, refusal::Refusal};
use infocig_protocol::{
    desk::{DeskServerFrame, Note},
    id::{AdvisorId, ConversationId, QueueId},
    supervision::{OfficeQueue, PanelBlock},
};

/// The changes of one call: store them with the notifications, then send the frames.
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
    /// Queues whose state is to be written.
    pub changed_queues: Vec<(QueueId, QueueState)>,
    /// Notifications to put in the outbox with the rest.
    pub notifications: Vec<Notification>,
    /// The events of conversations, in order.
    pub events: Vec<Event>,
    /// A note to add, unless its conversation has one of that id.
    pub new_note: Option<(ConversationId, Note)>,
    /// The refusal of the command: then the transition holds what time has changed alone.
    pub refused: Option<Refusal>,
    /// Acts on conversations, to tell the audit trail.
    pub audit: Vec<AuditEvent>,
    /// Blocks to write.
    pub changed_blocks: Vec<PanelBlock>,
    /// Blocks to delete.
    pub removed_blocks: Vec<ConversationId>,
    /// The state of the connector to Linea INPS to write, if it changed.
    pub office: Option<OfficeQueue>,
    /// Frames for advisors by id, on all their devices.
    pub to_advisors: Vec<(AdvisorId, DeskServerFrame)>,
    /// Whether the pictures advisors have may differ from what they would see now.
    pub pictures_changed: bool,
    /// Whether the panel may differ though no picture does.
    pub panel_changed: bool,
}

impl DeskTransition {
    /// Whether there is nothing to store.
    pub fn stores_nothing(&self) -> bool {
        self.changed_conversations.is_empty()
            && self.removed_conversations.is_empty()
            && self.changed_advisors.is_empty()
            && self.removed_advisors.is_empty()
            && self.changed_queues.is_empty()
            && self.notifications.is_empty()
            && self.new_note.is_none()
            && self.audit.is_empty()
            && self.changed_blocks.is_empty()
            && self.removed_blocks.is_empty()
            && self.office.is_none()
    }
}
