// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant, with its answers in the log.

use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    id::ConversationId,
    time::Timestamp,
};

use super::ConversationActor;
use crate::{actors::Effects, problem::Error, sql::Sql, store::ASSISTANT};

impl<S: Sql> ConversationActor<S> {
    /// The person asked, and this is the answer.
    pub fn consult(
        &self,
        id: &ConversationId,
        ticket: &str,
        asked: AssistantQuestion,
        answer: Vec<Passage>,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let mut conversation = self.enter_as_citizen(id, ticket, now)?;
        let known = self.known(&conversation, ASSISTANT, &asked.id)?;
        let before = self.posted_by(id, ASSISTANT)?;
        let transition = conversation.consult(asked.id, &asked.text, answer, known, before, now)?;
        Ok(self.commit(conversation, Some(ASSISTANT), transition, now)?)
    }
}
