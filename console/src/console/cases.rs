// SPDX-License-Identifier: EUPL-1.2
//! Intents about the person's cases. They are requested over HTTP with the conversation's newest ticket.

use infocig_client::{driver::random_id, http};
use infocig_protocol::{
    case::ShareCase,
    id::{CaseId, MessageId},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, request_error};
use crate::{
    intents::CaseIntents,
    state::{Conversation, cases::RequestError},
};

impl CaseIntents for Console {
    fn toggle_cases(&self, conversation: &Conversation) {
        let opens = !conversation.cases_open.get_untracked();
        conversation.cases_open.set(opens);
        if opens && conversation.cases.with_untracked(|cases| cases.answer.is_none()) {
            self.request_cases(conversation);
        }
    }

    fn request_cases(&self, conversation: &Conversation) {
        let Some(ticket) = self.ticket(&conversation.id) else {
            conversation.cases.update(|cases| cases.answered(Err(RequestError::Unanswered)));
            return;
        };
        if conversation.cases.try_update(|cases| cases.request()) != Some(true) {
            return;
        }
        let (me, edge, conversation) = (self.me.clone(), self.config.edge.clone(), conversation.clone());
        spawn_local(async move {
            let answer = http::cases(&edge, &ticket, &conversation.id).await;
            if let Some(console) = me.upgrade() {
                console.state.cases_answered(&conversation, answer.map_err(request_error));
            }
        });
    }

    fn share(&self, conversation: &Conversation, case: &CaseId) {
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
            let answer = answer.map_err(request_error);
            conversation.cases.update(|cases| cases.share_answered(&share.case, answer));
        });
    }
}
