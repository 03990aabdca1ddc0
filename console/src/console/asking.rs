// SPDX-License-Identifier: EUPL-1.2
//! What is asked over HTTP beside the links: the person's cases, one of them shown, how the segnalazioni of the service fare;
//! and what is written to an office, which goes over the conversation's link.
//!
//! A conversation's cases are asked with its newest ticket, the segnalazioni with the desk's.

use std::time::Duration;

use infocig_client::{
    driver::random_id,
    http::{self, Failure},
    session::Session,
};
use infocig_protocol::{
    case::ShareCase,
    id::{CaseId, ConversationId, MessageId},
    segnalazione::SegnalazioneDraft,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Console;
use crate::{
    kept,
    state::{Conversation, Dialog, cases::Trouble, forwarding},
};

impl Console {
    /// Opens the cases beside a conversation, or closes them. They are asked for when they are opened for the first time.
    pub(crate) fn toggle_cases(&self, conversation: &Conversation) {
        let opens = !conversation.cases_open.get_untracked();
        conversation.cases_open.set(opens);
        if opens && conversation.cases.with_untracked(|cases| cases.answer.is_none()) {
            self.ask_for_cases(conversation);
        }
    }

    /// Asks which cases there are.
    pub(crate) fn ask_for_cases(&self, conversation: &Conversation) {
        let Some(ticket) = self.ticket(&conversation.id) else {
            conversation.cases.update(|cases| cases.answered(Err(Trouble::Unanswered)));
            return;
        };
        if conversation.cases.try_update(|cases| cases.ask()) != Some(true) {
            return;
        }
        let (me, edge, conversation) = (self.me.clone(), self.config.edge.clone(), conversation.clone());
        spawn_local(async move {
            let answer = http::cases(&edge, &ticket, &conversation.id).await;
            if let Some(console) = me.upgrade() {
                console.state.cases_answered(&conversation, answer.map_err(trouble));
            }
        });
    }

    /// Shows the person one of their cases.
    pub(crate) fn share(&self, conversation: &Conversation, case: &CaseId) {
        let (Some(ticket), Ok(fresh)) = (self.ticket(&conversation.id), MessageId::parse(random_id())) else {
            return;
        };
        let Some(id) = conversation.cases.try_update(|cases| cases.share(case, fresh)).flatten() else {
            return;
        };
        let share = ShareCase { id, case: case.clone() };
        let (edge, conversation) = (self.config.edge.clone(), conversation.clone());
        spawn_local(async move {
            let answer = http::share_case(&edge, &ticket, &conversation.id, &share).await;
            conversation.cases.update(|cases| cases.share_answered(&share.case, answer.map_err(trouble)));
        });
    }

    /// Begins a segnalazione, or goes on with it.
    pub(crate) fn begin_forward(&self, conversation: &Conversation) {
        let prefilled = || {
            let id = MessageId::parse(random_id()).ok()?;
            let question = untrack(|| conversation.question());
            let choice = conversation.choice.get_untracked();
            Some(forwarding::prefilled(id, &conversation.person, question.as_ref(), &choice))
        };
        if conversation.forwarding.try_update(|one| one.begin(prefilled)) != Some(true) {
            return;
        }
        let unasked = conversation.cases.with_untracked(|cases| cases.is_unasked());
        if unasked && self.state.has_cases.get_untracked() {
            self.ask_for_cases(conversation);
        }
        self.state.dialog.set(Some(Dialog::Forward(conversation.id.clone())));
    }

    /// Takes over what is being written to an office.
    pub(crate) fn write_forward(&self, conversation: &Conversation, draft: SegnalazioneDraft) {
        conversation.forwarding.update(|one| one.write(draft));
        self.keep_forwarding(conversation);
    }

    /// Begins anew with what is known.
    pub(crate) fn discard_forward(&self, conversation: &Conversation) {
        conversation.forwarding.set(forwarding::Forwarding::default());
        self.begin_forward(conversation);
        self.keep_forwarding(conversation);
    }

    /// Sends what is written to an office. `false` if something is wrong with it.
    pub(crate) fn forward(&self, conversation: &Conversation) -> bool {
        let Some(draft) = self.state.forward(conversation) else { return false };
        self.keep_forwarding(conversation);
        if let Some(driver) = self.driver(&conversation.id) {
            driver.with(|session: &mut Session| session.forward(draft));
        }
        true
    }

    /// What an earlier life of the page left written to an office. What was sent goes again, under its id.
    pub(super) fn restore_forwarding(&self, id: &ConversationId) {
        let Some((sent, draft)) = kept::forwarding(id) else { return };
        let again = self.state.restore_forwarding(id, sent, draft);
        if let Some((draft, driver)) = again.zip(self.driver(id)) {
            driver.with(|session: &mut Session| session.forward(draft));
        }
    }

    /// Keeps it only while somebody sits here and can write.
    pub(super) fn keep_forwarding(&self, conversation: &Conversation) {
        if self.is_kept(conversation) {
            conversation.forwarding.with_untracked(|one| {
                let draft = one.draft.as_ref().filter(|_| one.stage() != forwarding::Stage::None);
                kept::keep_forwarding(&conversation.id, draft.map(|draft| (one.sent, draft)));
            });
        }
    }

    /// Asks how the segnalazioni of the service fare, if they may be for this advisor.
    pub(crate) fn supervise(&self) {
        let Some(ticket) = self.desk_ticket.borrow().clone() else { return };
        if !self.supervises.get() || self.state.supervision.try_update(|all| all.ask()) != Some(true) {
            return;
        }
        let (me, edge) = (self.me.clone(), self.config.edge.clone());
        spawn_local(async move {
            let answer = http::segnalazioni(&edge, &ticket).await;
            if let Some(console) = me.upgrade() {
                console.state.supervision.update(|all| all.answered(answer.map_err(trouble)));
            }
        });
    }

    /// Has one that was given up sent again, and looks what came of it.
    pub(crate) fn retry_segnalazione(&self, key: String) {
        let Some(ticket) = self.desk_ticket.borrow().clone() else { return };
        if self.state.supervision.try_update(|all| all.retry(&key)) != Some(true) {
            return;
        }
        let (me, edge) = (self.me.clone(), self.config.edge.clone());
        spawn_local(async move {
            let answer = http::retry_segnalazione(&edge, &ticket, &key).await;
            if let Some(console) = me.upgrade() {
                console.state.supervision.update(|all| all.retry_answered(&key, answer.map_err(trouble)));
                // It leaves at once, and how that went is known in a moment.
                let me = console.me.clone();
                let look = move || {
                    if let Some(console) = me.upgrade() {
                        console.supervise();
                    }
                };
                set_timeout(look, SENT_WITHIN);
            }
        });
    }
}

/// A system that works has answered by then.
const SENT_WITHIN: Duration = Duration::from_millis(1_500);

fn trouble(failure: Failure) -> Trouble {
    match failure {
        Failure::Refused(problem) => Trouble::Refused(problem.code),
        Failure::Unreachable | Failure::SignedOut | Failure::Unreadable => Trouble::Unanswered,
    }
}
