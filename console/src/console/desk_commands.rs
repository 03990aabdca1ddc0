// SPDX-License-Identifier: EUPL-1.2
//! Intents that go to the desk: presence, offers, notes, transfers, endings. Nothing here decides: the next picture shows what
//! the desk did.

use std::collections::BTreeSet;

use infocig_client::driver::random_id;
use infocig_protocol::{
    desk::{DeskClientFrame, HoldDraft, NoteDraft, Presence, TransferTo, WaitingConversation},
    id::{AdvisorId, ConversationId, MessageId},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Console;
use crate::{
    drafts,
    intents::{DeskIntents, Target},
    state::{
        Conversation, Ending, assignment::DeskRequest, notes, offer::Offer, own_replies::OwnReplyNews,
        topics::TopicChoice,
    },
};

impl DeskIntents for Console {
    fn set_presence(&self, presence: Presence) {
        if self.state.request_presence(presence) {
            self.send_to_desk(&DeskClientFrame::Presence { presence });
        }
    }

    fn take(&self, waiting: &WaitingConversation) {
        if self.state.take(waiting) {
            self.send_to_desk(&DeskClientFrame::Take { conversation: waiting.conversation.clone() });
        }
    }

    fn accept(&self, offer: &Offer) {
        if self.state.accept(offer) {
            self.send_to_desk(&DeskClientFrame::Accept { conversation: offer.conversation.clone() });
        }
    }

    fn decline(&self, offer: &Offer) {
        self.send_to_desk(&DeskClientFrame::Decline { conversation: offer.conversation.clone() });
    }

    fn transfer(&self, id: &ConversationId, to: Target, note: String) {
        let note = notes::sendable(&note).zip(MessageId::parse(random_id()).ok());
        let note = note.map(|(text, id)| NoteDraft { id, text });
        let (to, request) = match to {
            Target::Queue => (TransferTo::Queue, DeskRequest::ReturnToQueue),
            Target::OtherQueue(queue, name) => {
                (TransferTo::OtherQueue(queue), DeskRequest::ToOtherQueue(name))
            }
            Target::Colleague(advisor, name) => (TransferTo::Advisor(advisor), DeskRequest::Transfer(name)),
        };
        if self.state.request(id, request) {
            self.send_to_desk(&DeskClientFrame::Transfer { conversation: id.clone(), to, note });
        }
    }

    fn keep_reply(&self) {
        let own = self.state.own_replies;
        let Some(reply) = own.send(random_id()) else { return };
        if self.state.session.is_live() {
            self.send_to_desk(&DeskClientFrame::KeepReply { reply });
        } else {
            own.failed(OwnReplyNews::NoLink);
        }
    }

    fn drop_reply(&self, id: String) {
        if self.state.session.is_live() {
            self.send_to_desk(&DeskClientFrame::DropReply { id });
        } else {
            self.state.own_replies.news.set(Some(OwnReplyNews::NoLink));
        }
    }

    fn retract(&self, id: &ConversationId) {
        if self.state.request(id, DeskRequest::Retract) {
            self.send_to_desk(&DeskClientFrame::Retract { conversation: id.clone() });
        }
    }

    fn invite(&self, id: &ConversationId, advisor: AdvisorId, name: String) {
        if self.state.request(id, DeskRequest::Invite(name)) {
            self.send_to_desk(&DeskClientFrame::Invite { conversation: id.clone(), advisor });
        }
    }

    fn warn(&self, id: &ConversationId) {
        if self.state.request(id, DeskRequest::Warn) {
            self.send_to_desk(&DeskClientFrame::Warn { conversation: id.clone() });
        }
    }

    fn hold(&self, id: &ConversationId, hold: HoldDraft) {
        if self.state.request(id, DeskRequest::Hold) {
            self.send_to_desk(&DeskClientFrame::Hold { conversation: id.clone(), hold });
        }
    }

    fn resume(&self, id: &ConversationId) {
        if self.state.request(id, DeskRequest::Resume) {
            self.send_to_desk(&DeskClientFrame::Resume { conversation: id.clone() });
        }
    }

    fn leave(&self, id: &ConversationId) {
        if self.state.request(id, DeskRequest::Leave) {
            self.send_to_desk(&DeskClientFrame::Leave { conversation: id.clone() });
        }
    }

    fn choose_topic(&self, conversation: &Conversation, choice: TopicChoice) {
        if self.is_signed_in() {
            drafts::persist_topic(&conversation.id, &choice.path(), choice.outcome);
        }
        conversation.choice.set(choice);
    }

    fn close(&self, conversation: &Conversation) -> bool {
        let Some(frame) = self.close_frame(conversation) else { return false };
        let requested = self.state.request(&conversation.id, DeskRequest::Close);
        if requested {
            self.send_to_desk(&frame);
        }
        requested
    }

    fn write_note(&self, conversation: &Conversation, draft: String) {
        self.persist_note(&conversation.id, &draft);
        conversation.note_draft.set(draft);
    }

    fn send_note(&self, conversation: &Conversation) {
        let text = conversation.note_draft.with_untracked(|draft| notes::sendable(draft));
        let Some((text, id)) = text.zip(MessageId::parse(random_id()).ok()) else { return };
        let note = NoteDraft { id, text };
        self.state.note_sent(&conversation.id, note.clone());
        self.persist_note(&conversation.id, "");
        self.send_to_desk(&DeskClientFrame::Note { conversation: conversation.id.clone(), note });
    }
}

impl Console {
    /// The frame that ends a conversation; `None` while its topic or outcome is missing.
    fn close_frame(&self, conversation: &Conversation) -> Option<DeskClientFrame> {
        let choice = conversation.choice.get_untracked();
        let welcome = self.state.session.welcome;
        let (topic, outcome) = welcome.with_untracked(|welcome| choice.whole(&welcome.as_ref()?.topics))?;
        Some(DeskClientFrame::Close { conversation: conversation.id.clone(), topic, outcome })
    }

    /// Restores the topic and the outcome that were chosen before the page was reloaded.
    pub(super) fn restore_topic(&self, id: &ConversationId) {
        if let Some(conversation) = self.state.conversation(id)
            && conversation.choice.with_untracked(|choice| *choice == TopicChoice::default())
            && let Some((path, outcome)) = drafts::topic(id)
        {
            conversation.choice.set(TopicChoice::restored(&path, outcome, &self.state.session.topics()));
        }
    }

    fn persist_note(&self, id: &ConversationId, note: &str) {
        if self.is_signed_in() {
            drafts::persist_note(id, note);
        }
    }

    /// Restores the note that the page had in its form before it was reloaded.
    pub(super) fn restore_note(&self, id: &ConversationId) {
        if let Some(conversation) = self.state.conversation(id)
            && conversation.note_draft.with_untracked(String::is_empty)
        {
            conversation.note_draft.set(drafts::note(id));
        }
    }

    /// Requests the notes of a conversation that is new here. After a new link those of all conversations are requested anyway.
    pub(super) fn request_notes(&self, id: &ConversationId) {
        if !self.reconnected.get() {
            self.send_to_desk_later(vec![DeskClientFrame::Notes { conversation: id.clone() }]);
        }
    }

    /// Requests the notes of conversations that colleagues have just offered.
    pub(super) fn request_notes_of_offers(&self, offered_before: &BTreeSet<ConversationId>) {
        let offered = self.state.offered_by_colleagues();
        let new = offered.difference(offered_before).cloned();
        let frames: Vec<_> = new.map(|conversation| DeskClientFrame::Notes { conversation }).collect();
        if !frames.is_empty() {
            self.send_to_desk_later(frames);
        }
    }

    /// After a new link: requests all notes, and sends again the notes and endings that no picture has shown, because frames on
    /// the lost link may not have arrived. `false` if the link is not new.
    pub(super) fn resend_after_reconnect(&self) -> bool {
        if !self.reconnected.replace(false) {
            return false;
        }
        let notes_of = |conversation| DeskClientFrame::Notes { conversation };
        let mut frames = Vec::new();
        frames.extend(self.state.offered_by_colleagues().into_iter().map(notes_of));
        for conversation in self.state.conversations.get_untracked() {
            if untrack(|| conversation.is_released()) {
                continue;
            }
            let id = &conversation.id;
            let outgoing = conversation.notes.with_untracked(|notes| notes.outgoing.clone());
            frames.extend(
                outgoing.into_iter().map(|note| DeskClientFrame::Note { conversation: id.clone(), note }),
            );
            frames.push(notes_of(id.clone()));
            if conversation.ending.get_untracked() == Ending::Requested {
                frames.extend(self.close_frame(&conversation));
            }
        }
        self.send_to_desk_later(frames);
        true
    }

    /// Sends frames in the next task: while the driver delivers an event its machine must not be entered again.
    fn send_to_desk_later(&self, frames: Vec<DeskClientFrame>) {
        let me = self.me.clone();
        spawn_local(async move {
            if let Some(console) = me.upgrade() {
                for frame in &frames {
                    console.send_to_desk(frame);
                }
            }
        });
    }

    pub(super) fn send_to_desk(&self, frame: &DeskClientFrame) {
        let desk = self.desk.borrow().clone();
        if let Some(desk) = desk {
            desk.with(|desk| desk.send(frame));
        }
    }
}
