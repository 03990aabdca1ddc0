// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant in the log of a conversation.

use infocig_protocol::{
    assistant::Passage,
    blank::is_blank,
    entry::{Entry, EntryBody},
    frame::ServerFrame,
    id::MessageId,
    limits::{MAX_ASSISTANT_ENTRIES, MAX_QUESTION_CHARS},
    problem::Code,
    time::Timestamp,
};

use super::{Conversation, Transition};
use crate::{people::Speaker, refusal::Refusal};

impl Conversation {
    /// The automatic assistant answered a question of the person. The entry is no message: the place in the queue, the waits and
    /// the turns of the conversation stay as they are. `known` is the entry under this id, if any; `asked` is how many
    /// questions are in the log.
    pub fn consult(
        &mut self,
        id: MessageId,
        question: &str,
        answer: Vec<Passage>,
        known: Option<Entry>,
        asked: usize,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        if let Some(entry) = known {
            return Ok(Transition::reply(ServerFrame::Entries { entries: vec![entry] }));
        }
        let refusal = |reason| Refusal::of_message(reason, id.clone());
        self.may_speak(&Speaker::Citizen).map_err(refusal)?;
        is_question(question).map_err(refusal)?;
        if asked >= MAX_ASSISTANT_ENTRIES {
            return Err(refusal((Code::ConversationFull, "the conversation takes no more questions")));
        }
        let body = EntryBody::Assistant { id, question: question.into(), answer };
        let mut transition = Transition::default();
        self.append(body, now, &mut transition);
        Ok(transition)
    }
}

/// Why a text is no question to the assistant.
pub fn is_question(text: &str) -> Result<(), (Code, &'static str)> {
    if is_blank(text) {
        return Err((Code::MessageEmpty, "a question needs at least one visible character"));
    }
    if text.chars().count() > MAX_QUESTION_CHARS {
        return Err((Code::MessageTooLong, "a question has at most 1000 characters"));
    }
    Ok(())
}
