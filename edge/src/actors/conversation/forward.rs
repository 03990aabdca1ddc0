// SPDX-License-Identifier: EUPL-1.2
//! The entries that an advisor adds beside messages: a segnalazione for an office, a case of the registry.

use infocig_domain::{access, people::Speaker, refusal::About};
use infocig_protocol::{
    case::Case,
    id::{ConversationId, MessageId},
    limits::MAX_ATTACHED,
    segnalazione::SegnalazioneDraft,
    time::Timestamp,
};

use super::{ConversationActor, author_key};
use crate::{
    actors::Effects,
    problem::{Error, Refusal},
    sql::Sql,
};

impl<S: Sql> ConversationActor<S> {
    /// An advisor forwards a segnalazione to an office, with the messages they picked from the log.
    pub(super) fn forward(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        draft: &SegnalazioneDraft,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let author = author_key(speaker);
        let mut conversation = self.conversation_of(id)?;
        let known = self.known(&conversation, &author, &draft.id)?;
        if known.is_none() {
            let about = Some(About::Message(draft.id.clone()));
            access::has_room(&conversation, &self.limits)
                .map_err(|reason| Refusal { about, ..reason.into() })?;
        }
        let mut attached = Vec::new();
        for number in draft.attached.iter().take(MAX_ATTACHED) {
            attached.extend(self.store.entry(id, *number)?.filter(|entry| entry.message().is_some()));
        }
        let transition = conversation.forward(speaker, draft, &attached, known, now)?;
        Ok(self.commit(conversation, Some(&author), transition, now)?)
    }

    /// An advisor shows the person a case, as the registry has just said it stands.
    pub fn share(
        &self,
        id: &ConversationId,
        ticket: &str,
        message: MessageId,
        case: Case,
        as_of: Timestamp,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let (mut conversation, speaker) = self.enter(id, ticket, now)?;
        let author = author_key(&speaker);
        let known = self.known(&conversation, &author, &message)?;
        if known.is_none() {
            access::has_room(&conversation, &self.limits)?;
        }
        let transition = conversation.share(&speaker, message, case, as_of, known, now)?;
        Ok(self.commit(conversation, Some(&author), transition, now)?)
    }
}
