// SPDX-License-Identifier: EUPL-1.2
//! Letting a person in: their open conversation, or a new one where the rules let one begin.

use infocig_domain::{
    conversation::{ClosingTime, Conversation},
    people::Asker,
    policy::{Conversations, QueueAddress},
};
use infocig_protocol::{id::ConversationId, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::ConversationActor;
use crate::{problem::Fault, sql::Sql};

/// The answer to a request to enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Admitted {
    /// They are in the conversation they have open.
    Open(ConversationId),
    /// They are in a new one.
    Begun(ConversationId),
    /// They have none open, and none may begin.
    Nowhere,
    /// A supervisor blocked them for a while.
    Blocked {
        /// When they may enter again.
        until: Timestamp,
    },
    /// They have begun as many as one may in a time.
    TooOften {
        /// When they may begin another.
        again: Timestamp,
    },
}

impl<S: Sql> ConversationActor<S> {
    /// Lets a person in. A new conversation begins only with a closing time.
    pub fn admit(
        &self,
        mut asker: Asker,
        address: impl Into<QueueAddress>,
        closing: Option<ClosingTime>,
        now: Timestamp,
    ) -> Result<Admitted, Fault> {
        if let Some(open) = self.newest()?.filter(|conversation| !conversation.is_closed()) {
            return Ok(Admitted::Open(open.id().clone()));
        }
        if let Some(until) = self.store.blocked_until()?.filter(|until| *until > now) {
            return Ok(Admitted::Blocked { until });
        }
        let Some(closing) = closing else { return Ok(Admitted::Nowhere) };
        if let Some(again) = self.may_begin_again()?.filter(|again| *again > now) {
            return Ok(Admitted::TooOften { again });
        }
        let newest = self.newest()?;
        asker.facts.last_here = newest.and_then(|last| last.left_unfinished());
        let (conversation, transition) =
            Conversation::open(self.store.next_id(now)?, address, asker, closing, self.timeouts, now);
        let id = conversation.id().clone();
        self.store.sql().transaction(|| {
            self.count_coming_back(now)?;
            self.commit(conversation, None, transition, now)
        })?;
        Ok(Admitted::Begun(id))
    }

    /// When the person may begin another conversation, where they have begun as many as one may in a time.
    fn may_begin_again(&self) -> Result<Option<Timestamp>, Fault> {
        let Conversations { most, within_minutes } = self.conversations;
        let recent = self.store.recent(u32::from(most.get()))?;
        let is_full = recent.len() == usize::from(most.get());
        let Some(first) = recent.last().filter(|_| is_full) else { return Ok(None) };
        let begun = self.store.entry(first.id(), 1)?.map(|first| first.at);
        Ok(begun.map(|begun| begun.plus_millis(i64::from(within_minutes.get()) * 60_000)))
    }

    /// The way back after a reload: the open conversation, or else the one the page showed, if it is this person's. None
    /// begins.
    pub fn resume(&self, shown: &ConversationId) -> Result<Option<ConversationId>, Fault> {
        let open = self.newest()?.filter(|conversation| !conversation.is_closed());
        let found = if open.is_some() { open } else { self.store.find(shown)? };
        Ok(found.map(|conversation| conversation.id().clone()))
    }
}
