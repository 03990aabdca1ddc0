// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant.

use infocig_client::{
    driver::random_id,
    http::{self, Failure},
};
use infocig_protocol::{
    assistant::{AssistantAnswer, AssistantQuestion},
    id::MessageId,
    problem::Code,
};
use wasm_bindgen_futures::spawn_local;

use super::Chat;
use crate::state::{AskingError, AskingProgress, AssistantState, ConversationAccess, Stage};

impl Chat {
    /// Shows the assistant, without entering.
    pub(crate) fn open_assistant(&self) {
        self.deferred.any().fetch();
        self.state.change(|s| (s.shown, s.assistant.shown) = (true, true));
    }

    /// Hides the panel and forgets what was asked, because it was answered.
    pub(crate) fn leave_assistant(&self) {
        self.state.change(|s| (s.shown, s.assistant) = (false, AssistantState::default()));
    }

    /// Takes over the text of the field.
    pub(crate) fn edit_assistant(&self, text: String) {
        self.state.change(|s| {
            s.assistant.text = text;
            if matches!(s.assistant.progress, AskingProgress::Failed(_)) {
                s.assistant.progress = AskingProgress::Editing;
            }
        });
    }

    /// Asks the text of the field, unless a question is on its way. In a conversation the answer comes as an entry of its log.
    pub(crate) fn ask_assistant(&self) {
        let (chat, state) = (self.clone(), self.state);
        let (text, progress) = state.peek(|s| (s.assistant.text.clone(), s.assistant.progress));
        if progress == AskingProgress::Asking {
            return;
        }
        if let Some(error) = AskingError::of(&text) {
            state.change(|s| s.assistant.progress = AskingProgress::Failed(error));
            return;
        }
        let Ok(id) = MessageId::parse(random_id()) else { return };
        let again = state.peek(|s| s.assistant.awaited.clone()).filter(|awaited| awaited.text == text);
        let question = again.unwrap_or(AssistantQuestion { id, text });
        state.change(|s| {
            s.assistant.progress = AskingProgress::Asking;
            s.assistant.awaited = Some(question.clone());
        });
        spawn_local(async move {
            let (answer, in_log) = chat.answer_of(&question).await;
            if state.is_gone() {
                return;
            }
            match answer {
                Ok(answer) => state.change(|s| {
                    s.assistant.progress = AskingProgress::Editing;
                    if s.assistant.text == question.text {
                        s.assistant.text.clear();
                    }
                    if in_log {
                        // The answer is in sight then, at the end of the log.
                        s.assistant.shown = false;
                    } else {
                        s.assistant.asked.push((question, answer.passages));
                    }
                }),
                Err(failure) => {
                    let error = match &failure {
                        Failure::Refused(problem) if problem.code == Code::TooFast => AskingError::TooFast,
                        Failure::Refused(problem) if problem.code == Code::AssistantOff => AskingError::Off,
                        Failure::Unreachable
                        | Failure::SignedOut
                        | Failure::Refused(_)
                        | Failure::Unreadable => AskingError::Service(chat.service_error(&failure)),
                    };
                    state.change(|s| s.assistant.progress = AskingProgress::Failed(error));
                }
            }
        });
    }

    /// The answer, and whether it is in the log of a conversation.
    async fn answer_of(&self, question: &AssistantQuestion) -> (Result<AssistantAnswer, Failure>, bool) {
        let (edge, language) = (&self.config.edge, self.language());
        let access = self.state.peek(|s| s.access.clone().filter(|_| s.stage == Stage::InConversation));
        if let Some(ConversationAccess { conversation, ticket, .. }) = access {
            return (http::consult(edge, &ticket, &conversation, question, language).await, true);
        }
        let token = match self.hand_off_token().await {
            Ok(token) => token,
            Err(failure) => return (Err(failure), false),
        };
        (http::ask_assistant(edge, &token, question, language).await, false)
    }

    /// Puts the questions that were asked before into the log of the conversation that has begun, so that the advisor has read
    /// them. One that cannot be put there stays for the next conversation.
    pub(crate) fn carry_questions(&self) {
        let (chat, state) = (self.clone(), self.state);
        spawn_local(async move {
            while let Some((question, _)) = state.peek(|s| s.assistant.asked.first().cloned()) {
                let (Ok(_), true) = chat.answer_of(&question).await else { return };
                if state.is_gone() {
                    return;
                }
                state.change(|s| s.assistant.asked.retain(|(one, _)| one.id != question.id));
            }
        });
    }
}
