// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant, with its answers in the log, and what the register counts of them.

use infocig_domain::{
    conversation::Phase,
    figures::{COMES_BACK_MS, Event, EventKind},
    people::Speaker,
};
use infocig_protocol::{
    assistant::{AssistantQuestion, Passage},
    entry::Outcome,
    id::ConversationId,
    time::Timestamp,
};

use super::ConversationActor;
use crate::{
    actors::Effects,
    problem::{Error, Fault},
    sql::Sql,
    store::ASSISTANT,
};

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
        let is_shown = matches!(conversation.phase(), Phase::Waiting { .. })
            && answer.iter().any(|passage| passage.entry.is_some());
        let transition = conversation.consult(asked.id, &asked.text, answer, known, before, now)?;
        let counts = is_shown && !transition.appended.is_empty();
        let effects = self.store.sql().transaction(|| {
            let effects = self.commit(conversation, Some(ASSISTANT), transition, now)?;
            if counts {
                self.count(id, EventKind::AssistantShown {}, now)?;
            }
            Ok(effects)
        });
        Ok(effects.inspect_err(|_: &Fault| {
            self.current.replace(None);
        })?)
    }

    /// The person opened a source of an answer. It is counted where the log has an answer, once as long as the object is in
    /// memory; the register counts it once in any case.
    pub(super) fn source_opened(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let counts = *speaker == Speaker::Citizen
            && !self.conversation_of(id)?.is_closed()
            && self.source_counted.borrow().as_ref() != Some(id)
            && self.posted_by(id, ASSISTANT)? > 0;
        if counts {
            self.store.sql().transaction(|| self.count(id, EventKind::SourceOpened {}, now))?;
            self.source_counted.replace(Some(id.clone()));
        }
        Ok(Effects::default())
    }

    /// The person begins another conversation: whether they had left the queue with an answer shortly before is known from the
    /// conversation itself, and nothing else is kept for it. Only the newest is looked at, so that it is said once.
    pub(super) fn count_coming_back(&self, now: Timestamp) -> Result<(), Fault> {
        let Some(last) = self.newest()? else { return Ok(()) };
        let Phase::Closed { at, outcome: Some(Outcome::SelfServed), .. } = last.phase() else {
            return Ok(());
        };
        if now.as_millis() - at.as_millis() > COMES_BACK_MS {
            return Ok(());
        }
        self.count(last.id(), EventKind::CameBack {}, now)
    }

    /// Tells the register. Call it in a transaction.
    fn count(&self, id: &ConversationId, kind: EventKind, now: Timestamp) -> Result<(), Fault> {
        self.outbox().report(&Event { conversation: id.clone(), at: now, kind }, now)
    }
}
