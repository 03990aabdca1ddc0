// SPDX-License-Identifier: EUPL-1.2
//! What the object has of its person, for themself or for an officer: whole conversations, newest first.

use infocig_domain::own_data::{MOST_BYTES, OwnConversation, OwnEntry};
use infocig_protocol::{id::ConversationId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::ConversationActor;
use crate::{
    problem::{Error, Fault},
    sql::Sql,
};

/// Conversations of the person, and where the next page begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnPage {
    /// Whole ones, newest first.
    pub conversations: Vec<OwnConversation>,
    /// Until when the person cannot enter, where they are or were blocked.
    pub blocked_until: Option<Timestamp>,
    /// The ordinal before which the next page begins.
    pub next: Option<u32>,
}

impl<S: Sql> ConversationActor<S> {
    /// A page of the person's conversations from before an ordinal: as many as have [`MOST_BYTES`], and one at least. `asks` is
    /// a conversation with the ticket of its person; absent where it was decided elsewhere who asks.
    pub fn own_data(
        &self,
        asks: Option<(ConversationId, String)>,
        before: Option<u32>,
        now: Timestamp,
    ) -> Result<OwnPage, Error> {
        if let Some((id, ticket)) = asks {
            self.enter_as_citizen(&id, &ticket, now)?;
        }
        let (mut conversations, mut bytes, mut next) = (Vec::new(), 0, None);
        let ids = self.store.ids()?.into_iter().rev();
        for id in ids.filter(|id| before.is_none_or(|before| id.ordinal() < before)) {
            if bytes >= MOST_BYTES {
                next = conversations.last().map(|last: &OwnConversation| last.conversation.ordinal());
                break;
            }
            let Some(conversation) = self.own_conversation(&id)? else { continue };
            bytes += conversation.entries.iter().map(|entry| entry.body.get().len()).sum::<usize>();
            conversations.push(conversation);
        }
        Ok(OwnPage { conversations, blocked_until: self.store.blocked_until()?, next })
    }

    fn own_conversation(&self, id: &ConversationId) -> Result<Option<OwnConversation>, Fault> {
        let Some(conversation) = self.store.find(id)? else { return Ok(None) };
        let mut entries: Vec<OwnEntry> = Vec::new();
        loop {
            let page = self.store.stored(id, u64::try_from(entries.len()).unwrap_or(u64::MAX))?;
            if page.is_empty() {
                break;
            }
            let page = page.into_iter().map(OwnEntry::try_from).collect::<Result<Vec<_>, _>>();
            entries
                .extend(page.map_err(|error| Fault::Corrupt(format!("an entry that is no JSON: {error}")))?);
        }
        Ok(Some(OwnConversation {
            conversation: id.clone(),
            person: conversation.person().clone(),
            subject: conversation.subject().clone(),
            rating: self.store.rating(id)?,
            segnalazioni: conversation.segnalazioni().to_vec(),
            record: None,
            entries,
        }))
    }
}
