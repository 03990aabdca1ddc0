// SPDX-License-Identifier: EUPL-1.2
//! What the object has of its person, for themself or for an officer: conversations, newest first, in parts that fit in memory. A
//! log that fits in none is cut between two entries.

use infocig_domain::own_data::{MOST_BYTES, OwnConversation, OwnEntry, OwnPlace};
use infocig_protocol::{id::ConversationId, problem::Code, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::ConversationActor;
use crate::{
    problem::{Error, Fault, Refusal},
    sql::Sql,
};

/// Conversations of the person, and where the next part goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnPage {
    /// Newest first; of the first and the last perhaps a part.
    pub conversations: Vec<OwnConversation>,
    /// Until when the person cannot enter, where they are or were blocked.
    pub blocked_until: Option<Timestamp>,
    /// Absent with the last part.
    pub next: Option<OwnPlace>,
}

impl<S: Sql> ConversationActor<S> {
    /// The part at a place; the first one without. As often as messages may be written. `asks` is a conversation with the ticket of
    /// its person; absent where it was decided elsewhere who asks.
    pub fn own_data(
        &self,
        asks: Option<(ConversationId, String)>,
        place: Option<OwnPlace>,
        now: Timestamp,
    ) -> Result<OwnPage, Error> {
        if let Some((id, ticket)) = asks {
            self.enter_as_citizen(&id, &ticket, now)?;
        }
        if !self.own_data_rates.admits(&(), now) {
            return Err(Refusal::new(Code::TooFast, "far too many requests in a short time").into());
        }
        Ok(self.own_page(place, MOST_BYTES)?)
    }

    pub(super) fn own_page(&self, place: Option<OwnPlace>, most: usize) -> Result<OwnPage, Fault> {
        let (mut conversations, mut bytes, mut next) = (Vec::new(), 0, None);
        let ids = self.store.ids()?;
        let oldest = ids.first().cloned();
        for id in ids.into_iter().rev() {
            let begins = match place {
                Some(place) if id.ordinal() > place.ordinal => continue,
                Some(place) if id.ordinal() == place.ordinal && place.entry == 0 => continue,
                Some(place) if id.ordinal() == place.ordinal => place.entry,
                Some(_) | None => 0,
            };
            let (entries, ends) = self.own_entries(&id, begins, &mut bytes, most)?;
            let Some(conversation) = self.store.find(&id)? else { continue };
            conversations.push(OwnConversation {
                conversation: id.clone(),
                person: conversation.person().clone(),
                subject: conversation.subject().clone(),
                rating: self.store.rating(&id)?,
                segnalazioni: conversation.segnalazioni().to_vec(),
                record: None,
                entries,
            });
            let is_last = ends.is_none() && oldest.as_ref() == Some(&id);
            if (bytes >= most || ends.is_some()) && !is_last {
                next = Some(OwnPlace { ordinal: id.ordinal(), entry: ends.unwrap_or(0) });
                break;
            }
        }
        Ok(OwnPage { conversations, blocked_until: self.store.blocked_until()?, next })
    }

    /// Entries after a number, page by page until there are enough bytes; with the number of the last one where more come.
    fn own_entries(
        &self,
        id: &ConversationId,
        begins: u64,
        bytes: &mut usize,
        most: usize,
    ) -> Result<(Vec<OwnEntry>, Option<u64>), Fault> {
        let (mut entries, mut read): (Vec<OwnEntry>, u64) = (Vec::new(), begins);
        loop {
            let page = self.store.stored(id, read)?;
            let Some(last) = page.last() else { return Ok((entries, None)) };
            if *bytes >= most && read > begins {
                return Ok((entries, Some(read)));
            }
            read = last.seq;
            *bytes += page.iter().map(|entry| entry.body.len()).sum::<usize>();
            let page = page.into_iter().map(OwnEntry::try_from).collect::<Result<Vec<_>, _>>();
            entries
                .extend(page.map_err(|error| Fault::Corrupt(format!("an entry that is no JSON: {error}")))?);
        }
    }
}
