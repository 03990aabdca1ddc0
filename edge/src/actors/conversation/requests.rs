// SPDX-License-Identifier: EUPL-1.2
//! A written request: a conversation that is forwarded to an office and over in the same transition.

use infocig_domain::{conversation::Conversation, people::Asker, policy::QueueAddress, requests};
use infocig_protocol::{
    entry::Entry,
    id::{ConversationId, MessageId},
    limits::MAX_HISTORY,
    problem::Code,
    time::Timestamp,
};

use super::ConversationActor;
use crate::{
    actors::Effects,
    problem::{Error, Refusal},
    sql::Sql,
    store::CITIZEN,
};

impl<S: Sql> ConversationActor<S> {
    /// A person who cannot be answered now writes to an office. The same id again finds the conversation it made.
    pub fn request(
        &self,
        asker: Asker,
        address: impl Into<QueueAddress>,
        message: &MessageId,
        text: &str,
        now: Timestamp,
    ) -> Result<(ConversationId, Effects), Error> {
        Conversation::may_request(text)?;
        let recent = self.store.recent(MAX_HISTORY)?;
        let is_it = |past: &&Conversation| past.segnalazioni().iter().any(|one| one.id == *message);
        if let Some(made) = recent.iter().find(is_it) {
            let first = self.store.entry(made.id(), 1)?;
            if first.as_ref().and_then(Entry::message).is_some_and(|(.., said)| said == text) {
                return Ok((made.id().clone(), Effects::default()));
            }
            return Err(Refusal::new(Code::RequestInvalid, "another text was sent under that id").into());
        }
        requests::may_write(&recent, now)?;
        let id = self.store.next_id(now)?;
        let (conversation, transition) =
            Conversation::request(id.clone(), address, asker, message.clone(), text, self.timeouts, now);
        let effects = self.store.sql().transaction(|| {
            self.count_coming_back(now)?;
            self.commit(conversation, Some(CITIZEN), transition, now)
        })?;
        Ok((id, effects))
    }
}
