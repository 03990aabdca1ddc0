// SPDX-License-Identifier: EUPL-1.2
//! Intents about segnalazioni. One that is written goes over its conversation's link; the list of all goes over HTTP with the
//! desk's ticket.

use std::time::Duration;

use infocig_client::{driver::random_id, http, session::Session};
use infocig_protocol::{
    id::{ConversationId, MessageId},
    segnalazione::SegnalazioneDraft,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, request_error};
use crate::{
    drafts,
    intents::{CaseIntents as _, ForwardIntents},
    state::{
        Conversation, Dialog,
        forwarding::{self, Forwarding, ForwardingStage},
    },
};

impl ForwardIntents for Console {
    fn begin_forward(&self, conversation: &Conversation) {
        let prefilled = || {
            let id = MessageId::parse(random_id()).ok()?;
            let question = untrack(|| conversation.question());
            let choice = conversation.choice.get_untracked();
            Some(forwarding::prefilled(id, &conversation.person, question.as_ref(), &choice))
        };
        if conversation.forwarding.try_update(|one| one.begin(prefilled)) != Some(true) {
            return;
        }
        let unrequested = conversation.cases.with_untracked(|cases| cases.is_unrequested());
        if unrequested && self.state.has_cases.get_untracked() {
            self.request_cases(conversation);
        }
        self.state.screen.dialog.set(Some(Dialog::Forward(conversation.id.clone())));
    }

    fn write_forward(&self, conversation: &Conversation, draft: SegnalazioneDraft) {
        conversation.forwarding.update(|one| one.write(draft));
        self.persist_forwarding(conversation);
    }

    fn discard_forward(&self, conversation: &Conversation) {
        conversation.forwarding.set(Forwarding::default());
        self.begin_forward(conversation);
        self.persist_forwarding(conversation);
    }

    fn forward(&self, conversation: &Conversation) -> bool {
        let Some(draft) = self.state.forward(conversation) else { return false };
        self.persist_forwarding(conversation);
        if let Some(driver) = self.driver(&conversation.id) {
            driver.with(|session: &mut Session| session.forward(draft));
        }
        true
    }

    fn refresh_supervision(&self) {
        let Some(ticket) = self.desk_ticket.borrow().clone() else { return };
        if !self.supervises.get() || self.state.supervision.try_update(|all| all.request()) != Some(true) {
            return;
        }
        let (me, edge) = (self.me.clone(), self.config.edge.clone());
        spawn_local(async move {
            let answer = http::segnalazioni(&edge, &ticket).await;
            if let Some(console) = me.upgrade() {
                console.state.supervision.update(|all| all.answered(answer.map_err(request_error)));
            }
        });
    }

    fn retry_segnalazione(&self, key: String) {
        let Some(ticket) = self.desk_ticket.borrow().clone() else { return };
        if self.state.supervision.try_update(|all| all.retry(&key)) != Some(true) {
            return;
        }
        let (me, edge) = (self.me.clone(), self.config.edge.clone());
        spawn_local(async move {
            let answer = http::retry_segnalazione(&edge, &ticket, &key).await;
            if let Some(console) = me.upgrade() {
                let answer = answer.map_err(request_error);
                console.state.supervision.update(|all| all.retry_answered(&key, answer));
                // The service delivers in the background: load the list again once that is likely done.
                let me = console.me.clone();
                let look = move || {
                    if let Some(console) = me.upgrade() {
                        console.refresh_supervision();
                    }
                };
                set_timeout(look, DELIVERED_WITHIN);
            }
        });
    }
}

impl Console {
    /// Restores the draft that the page had before it was reloaded. One that was sent is sent again, under its id.
    pub(super) fn restore_forwarding(&self, id: &ConversationId) {
        let Some((sent, draft)) = drafts::forwarding(id) else { return };
        let again = self.state.restore_forwarding(id, sent, draft);
        if let Some((draft, driver)) = again.zip(self.driver(id)) {
            driver.with(|session: &mut Session| session.forward(draft));
        }
    }

    pub(super) fn persist_forwarding(&self, conversation: &Conversation) {
        if self.may_persist(conversation) {
            conversation.forwarding.with_untracked(|one| {
                let draft = one.draft.as_ref().filter(|_| one.stage() != ForwardingStage::None);
                drafts::persist_forwarding(&conversation.id, draft.map(|draft| (one.sent, draft)));
            });
        }
    }
}

/// The time a delivery takes when the office's system works.
const DELIVERED_WITHIN: Duration = Duration::from_millis(1_500);
