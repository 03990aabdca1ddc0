// SPDX-License-Identifier: EUPL-1.2
//! What the advisor does at the desk: presence, offers, notes, handing on, ending; and what is chosen on this device.
//!
//! Nothing here decides: the desk does, and the next picture shows it.

use std::collections::BTreeSet;

use infocig_client::driver::random_id;
use infocig_protocol::{
    desk::{DeskClientFrame, NoteDraft, Presence, TransferTo, WaitingConversation},
    id::{AdvisorId, ConversationId, MessageId},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Console;
use crate::{
    host::alerts,
    kept,
    state::{
        Conversation, Ending, Standing, Wish,
        alerts::{Choices, Permission},
        notes,
        offer::Offer,
    },
};

impl Console {
    /// Says whether the advisor takes what comes.
    pub(crate) fn be(&self, presence: Presence) {
        if self.state.want(presence) {
            self.tell_desk(&DeskClientFrame::Presence { presence });
        }
    }

    /// Takes a waiting conversation.
    pub(crate) fn take(&self, waiting: &WaitingConversation) {
        if self.state.take(waiting) {
            self.tell_desk(&DeskClientFrame::Take { conversation: waiting.conversation.clone() });
        }
    }

    /// Accepts what is offered.
    pub(crate) fn accept(&self, offer: &Offer) {
        if self.state.accept(offer) {
            self.tell_desk(&DeskClientFrame::Accept { conversation: offer.conversation.clone() });
        }
    }

    /// Lets an offer go by.
    pub(crate) fn decline(&self, offer: &Offer) {
        self.tell_desk(&DeskClientFrame::Decline { conversation: offer.conversation.clone() });
    }

    /// Hands a conversation on: to a colleague by id and name, or back to the queue.
    pub(crate) fn transfer(&self, id: &ConversationId, to: Option<(AdvisorId, String)>, note: &str) {
        let note = notes::sendable(note).zip(MessageId::parse(random_id()).ok());
        let note = note.map(|(text, id)| NoteDraft { id, text });
        let (to, wish) = match to {
            Some((advisor, name)) => (TransferTo::Advisor(advisor), Wish::HandOn(name)),
            None => (TransferTo::Queue, Wish::PutBack),
        };
        if self.state.wish(id, wish) {
            self.tell_desk(&DeskClientFrame::Transfer { conversation: id.clone(), to, note });
        }
    }

    /// Takes back what is being handed to a colleague.
    pub(crate) fn retract(&self, id: &ConversationId) {
        if self.state.wish(id, Wish::TakeBack) {
            self.tell_desk(&DeskClientFrame::Retract { conversation: id.clone() });
        }
    }

    /// Asks a colleague to join.
    pub(crate) fn invite(&self, id: &ConversationId, advisor: AdvisorId, name: String) {
        if self.state.wish(id, Wish::Help(name)) {
            self.tell_desk(&DeskClientFrame::Invite { conversation: id.clone(), advisor });
        }
    }

    /// Stops helping.
    pub(crate) fn leave(&self, id: &ConversationId) {
        if self.state.wish(id, Wish::Leave) {
            self.tell_desk(&DeskClientFrame::Leave { conversation: id.clone() });
        }
    }

    /// Ends a conversation, or frees the place of one that is over. `false` if what was chosen is not whole.
    pub(crate) fn close(&self, conversation: &Conversation) -> bool {
        let Some(frame) = self.ending_of(conversation) else { return false };
        let asked = self.state.wish(&conversation.id, Wish::End);
        if asked {
            self.tell_desk(&frame);
        }
        asked
    }

    fn ending_of(&self, conversation: &Conversation) -> Option<DeskClientFrame> {
        let choice = conversation.choice.get_untracked();
        let (topic, outcome) =
            self.state.welcome.with_untracked(|welcome| choice.whole(&welcome.as_ref()?.topics))?;
        Some(DeskClientFrame::Close { conversation: conversation.id.clone(), topic, outcome })
    }

    /// Takes over what is being written as a note.
    pub(crate) fn write_note(&self, conversation: &Conversation, draft: String) {
        self.keep_note(&conversation.id, &draft);
        conversation.note_draft.set(draft);
    }

    /// Adds the note that is being written.
    pub(crate) fn note(&self, conversation: &Conversation) {
        let text = conversation.note_draft.with_untracked(|draft| notes::sendable(draft));
        let Some((text, id)) = text.zip(MessageId::parse(random_id()).ok()) else { return };
        let note = NoteDraft { id, text };
        self.state.noting(&conversation.id, note.clone());
        self.keep_note(&conversation.id, "");
        self.tell_desk(&DeskClientFrame::Note { conversation: conversation.id.clone(), note });
    }

    /// Keeps it only while somebody sits here.
    fn keep_note(&self, id: &ConversationId, note: &str) {
        if self.state.standing.get_untracked() == Standing::Seated {
            kept::keep_note(id, note);
        }
    }

    /// What an earlier life of the page left as a note.
    pub(super) fn restore_note(&self, id: &ConversationId) {
        if let Some(conversation) = self.state.conversation(id)
            && conversation.note_draft.with_untracked(String::is_empty)
        {
            conversation.note_draft.set(kept::note(id));
        }
    }

    /// Asks for the notes of a conversation that is new here; after a new link all are asked for anyway.
    pub(super) fn ask_for_notes(&self, id: &ConversationId) {
        if !self.ask_again.get() {
            self.tell_desk_soon(vec![DeskClientFrame::Notes { conversation: id.clone() }]);
        }
    }

    /// Asks for what colleagues noted of what they have just offered.
    pub(super) fn ask_for_notes_of_offers(&self, offered_before: &BTreeSet<ConversationId>) {
        let offered = self.state.handed_on();
        let new = offered.difference(offered_before).cloned();
        let frames: Vec<_> = new.map(|conversation| DeskClientFrame::Notes { conversation }).collect();
        if !frames.is_empty() {
            self.tell_desk_soon(frames);
        }
    }

    /// After a new link: what was under way on the one before may never have arrived. `false` if it is not new.
    pub(super) fn say_again(&self) -> bool {
        if !self.ask_again.replace(false) {
            return false;
        }
        let mut frames = Vec::new();
        frames.extend(
            self.state.handed_on().into_iter().map(|conversation| DeskClientFrame::Notes { conversation }),
        );
        for conversation in self.state.conversations.get_untracked() {
            if untrack(|| conversation.is_past()) {
                continue;
            }
            let id = &conversation.id;
            let unseen = conversation.notes.with_untracked(|notes| notes.outgoing.clone());
            frames.extend(
                unseen.into_iter().map(|note| DeskClientFrame::Note { conversation: id.clone(), note }),
            );
            frames.push(DeskClientFrame::Notes { conversation: id.clone() });
            if conversation.ending.get_untracked() == Ending::Said {
                frames.extend(self.ending_of(&conversation));
            }
        }
        self.tell_desk_soon(frames);
        true
    }

    /// Takes over what is chosen on this device. Notifications ask the browser, if nobody has.
    pub(crate) fn choose(&self, choices: Choices) {
        let asks = choices.desktop && self.state.permission.get_untracked() == Permission::Unasked;
        self.state.tried.set(None);
        self.keep_choices(choices);
        self.alerts.is_heard(choices);
        if asks {
            spawn_local(alerts::ask_for_permission(self.state.permission));
        }
    }

    pub(super) fn keep_choices(&self, choices: Choices) {
        self.state.choices.set(choices);
        kept::keep_choices(choices);
    }

    /// Tries sound and notification.
    pub(crate) fn try_alerts(&self) {
        self.state.permission.set(alerts::permission());
        self.alerts.try_out(self.state.situation(), &self.speech.words(), self.state.tried);
    }

    /// Tells the desk something from within what it tells: it must not be answered synchronously.
    fn tell_desk_soon(&self, frames: Vec<DeskClientFrame>) {
        let me = self.me.clone();
        spawn_local(async move {
            if let Some(console) = me.upgrade() {
                for frame in &frames {
                    console.tell_desk(frame);
                }
            }
        });
    }

    fn tell_desk(&self, frame: &DeskClientFrame) {
        let desk = self.desk.borrow().clone();
        if let Some(desk) = desk {
            desk.with(|desk| desk.say(frame));
        }
    }
}
