// SPDX-License-Identifier: EUPL-1.2
//! Intents about suggestions of the automatic assistant. They are requested over HTTP with the conversation's newest ticket, in
//! the person's language, because the person will read them; the service keeps nothing of an advisor's question.

use infocig_client::{driver::random_id, http};
use infocig_protocol::{assistant::AssistantQuestion, id::MessageId};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, request_error, rules::with_ticket};
use crate::{
    intents::SuggestionIntents,
    state::{
        Conversation,
        cases::RequestError,
        proposal::{self, ProposalForm},
        suggestions::{self, Suggestions},
    },
};

impl SuggestionIntents for Console {
    fn open_suggestions(&self, conversation: &Conversation) {
        let Some(question) = conversation.entries.with_untracked(|entries| suggestions::question_in(entries))
        else {
            return;
        };
        conversation.suggestions.update(|suggestions| suggestions.shown = true);
        if !conversation.suggestions.with_untracked(|suggestions| suggestions.is_answered(&question)) {
            self.ask_for(conversation, question);
        }
    }

    fn request_suggestions(&self, conversation: &Conversation) {
        if let Some(question) =
            conversation.entries.with_untracked(|entries| suggestions::question_in(entries))
        {
            self.ask_for(conversation, question);
        }
    }

    fn propose_answer(&self, conversation: &Conversation) {
        let Ok(id) = MessageId::parse(random_id()) else { return };
        let proposal = conversation.proposal.clone();
        let language = conversation.person.language;
        let send = |form: &mut Option<ProposalForm>| form.as_mut()?.send(id, language);
        let Some(proposed) = proposal.try_update(send).flatten() else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::propose_answer(&edge, &ticket, &proposed).await
            });
            let progress =
                answer.await.map_or_else(proposal::Progress::Failed, |()| proposal::Progress::Sent);
            proposal.update(|form| form.iter_mut().for_each(|form| form.progress = progress));
        });
    }
}

impl Console {
    fn ask_for(&self, conversation: &Conversation, question: String) {
        let begin = |suggestions: &mut Suggestions| suggestions.request(&question);
        if conversation.suggestions.try_update(begin) != Some(true) {
            return;
        }
        let (Some(ticket), Ok(id)) = (self.ticket(&conversation.id), MessageId::parse(random_id())) else {
            let failed = Err(RequestError::Unanswered);
            conversation.suggestions.update(|suggestions| suggestions.answered(&question, failed));
            return;
        };
        let (edge, conversation) = (self.config.edge.clone(), conversation.clone());
        spawn_local(async move {
            let language = conversation.person.language;
            let asked = AssistantQuestion { id, text: question };
            let answer = http::consult(&edge, &ticket, &conversation.id, &asked, language).await;
            let answer = answer.map(|answer| answer.passages).map_err(request_error);
            conversation.suggestions.update(|suggestions| suggestions.answered(&asked.text, answer));
        });
    }
}
