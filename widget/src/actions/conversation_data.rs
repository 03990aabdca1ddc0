// SPDX-License-Identifier: EUPL-1.2
//! Data of the conversation that is shown, over HTTP with its ticket: cases, transcript, rating.

use infocig_client::http::{self, Failure, TranscriptFormat};
use infocig_protocol::{problem::Code, rating::Rating};
use wasm_bindgen_futures::spawn_local;

use super::Chat;
use crate::state::{ConversationAccess, OwnCases};

impl Chat {
    /// Loads the person's own cases.
    pub(crate) fn load_cases(&self) {
        let (chat, state) = (self.clone(), self.state);
        let Some(ConversationAccess { conversation, ticket, .. }) = state.peek(|s| s.access.clone()) else {
            return;
        };
        state.change(|s| s.cases = OwnCases::Loading);
        spawn_local(async move {
            let cases = match http::cases(&chat.config.edge, &ticket, &conversation).await {
                Ok(cases) => OwnCases::Loaded(cases),
                Err(Failure::Refused(problem)) if problem.code == Code::CasesNotConfigured => {
                    OwnCases::Absent
                }
                Err(_) => OwnCases::Failed,
            };
            // The person may have folded them meanwhile, or the element have left the page.
            if state.peek(|s| s.cases == OwnCases::Loading) {
                state.change(|s| s.cases = cases);
            }
        });
    }

    /// The transcript of the conversation that is shown.
    pub(crate) async fn transcript(&self, format: TranscriptFormat) -> Result<String, Failure> {
        let Some(ConversationAccess { conversation, ticket, .. }) = self.state.peek(|s| s.access.clone())
        else {
            return Err(Failure::Unreadable);
        };
        http::transcript(&self.config.edge, &ticket, &conversation, format, self.language()).await
    }

    /// Rates the conversation that is shown.
    pub(crate) async fn rate(&self, rating: Rating) -> Result<(), Failure> {
        let Some(ConversationAccess { conversation, ticket, .. }) = self.state.peek(|s| s.access.clone())
        else {
            return Err(Failure::Unreadable);
        };
        http::rate(&self.config.edge, &ticket, &conversation, &rating).await
    }
}
