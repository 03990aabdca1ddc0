// SPDX-License-Identifier: EUPL-1.2
//! Acts of a supervisor on conversations of others. The desk decides: its next panel and picture show the effect.

use infocig_client::driver::random_id;
use infocig_protocol::{
    desk::{BlockDraft, DeskClientFrame, NoteDraft, TransferTo},
    id::{ConversationId, MessageId},
};
use leptos::prelude::*;

use super::Console;
use crate::{
    intents::SupervisionIntents,
    state::{
        assignment::DeskRequest, notes, screen::Area, supervision::panel::SupervisorRequest,
        topics::TopicChoice,
    },
};

impl SupervisionIntents for Console {
    fn observe(&self, id: &ConversationId) {
        if self.state.conversation(id).is_some_and(|one| !untrack(|| one.is_released())) {
            self.state.select(id);
        } else if self.state.request_act(id, SupervisorRequest::Observe) {
            self.send_to_desk(&DeskClientFrame::Observe { conversation: id.clone() });
        }
    }

    fn join(&self, id: &ConversationId) {
        if self.state.conversation(id).is_some_and(|one| untrack(|| one.is_writable())) {
            self.state.select(id);
        } else if self.state.request_act(id, SupervisorRequest::Join) {
            self.send_to_desk(&DeskClientFrame::Join { conversation: id.clone() });
        }
    }

    fn take_over(&self, id: &ConversationId) {
        if self.state.request_act(id, SupervisorRequest::TakeOver) {
            self.send_to_desk(&DeskClientFrame::TakeOver { conversation: id.clone() });
        }
    }

    fn reassign(&self, id: &ConversationId, to: TransferTo) {
        if self.state.request_act(id, SupervisorRequest::Reassign) {
            self.send_to_desk(&DeskClientFrame::Reassign { conversation: id.clone(), to });
        }
    }

    fn end(&self, id: &ConversationId, choice: &TopicChoice) -> bool {
        let Some((topic, outcome)) = choice.whole(&self.state.session.topics()) else { return false };
        let requested = self.state.request_act(id, SupervisorRequest::End);
        if requested {
            self.send_to_desk(&DeskClientFrame::End { conversation: id.clone(), topic, outcome });
        }
        requested
    }

    fn whisper(&self, id: &ConversationId, text: &str) -> bool {
        let Some((text, note_id)) = notes::sendable(text).zip(MessageId::parse(random_id()).ok()) else {
            return false;
        };
        let note = NoteDraft { id: note_id, text };
        let requested = self.state.request_act(id, SupervisorRequest::Whisper);
        if requested {
            self.state.note_sent(id, note.clone());
            self.send_to_desk(&DeskClientFrame::Whisper { conversation: id.clone(), note });
        }
        requested
    }

    fn block(&self, id: &ConversationId, block: BlockDraft) {
        if self.state.request_act(id, SupervisorRequest::Block) {
            self.send_to_desk(&DeskClientFrame::Block { conversation: id.clone(), block });
        }
    }

    fn lift(&self, id: &ConversationId, reason: String) {
        if self.state.request_act(id, SupervisorRequest::Lift) {
            self.send_to_desk(&DeskClientFrame::Lift { conversation: id.clone(), reason });
        }
    }

    fn stop_observing(&self, id: &ConversationId) {
        if self.state.request(id, DeskRequest::Leave) {
            if let Some(conversation) = self.state.conversation(id) {
                conversation.done.set(true);
            }
            self.send_to_desk(&DeskClientFrame::Leave { conversation: id.clone() });
            self.state.open_area(Area::Supervision);
        }
    }
}
