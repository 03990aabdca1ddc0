// SPDX-License-Identifier: EUPL-1.2
//! Forgetting conversations: rows are deleted at once, their bytes by the alarm that follows ([`rebuild`](crate::store::rebuild)). Where nothing of the
//! object is left, the platform deletes it as a whole, which the actor's `is_to_be_deleted` asks for.
//!
//! A conversation is forgotten when it has been over for as long as the policy keeps it, and no office owes it an answer. A person
//! is erased on request, unless a conversation of theirs goes on.

use infocig_domain::{
    conversation::{Conversation, Phase},
    figures::register::Forgotten,
    notification::Notification,
    retention::DataClass,
};
use infocig_protocol::{id::ConversationId, problem::Code, time::Timestamp};

use super::{Actor, ConversationActor, Effects};
use crate::{
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::Inbox,
};

impl<S: Sql> ConversationActor<S> {
    /// The register asks whether a conversation is to be forgotten: message number `id` of the object `source`. One that this
    /// object does not have is forgotten.
    pub(super) fn forget_if_due(
        &self,
        source: &str,
        id: i64,
        conversation: &ConversationId,
        now: Timestamp,
    ) -> Result<Effects, Fault> {
        let found = self.conversation(conversation)?;
        let forgotten = found.as_ref().is_none_or(|found| self.is_due(found, now));
        let deletes = forgotten && found.is_some();
        self.store.sql().transaction(|| {
            if !Inbox::new(self.store.sql()).is_new(source, id, now)? {
                return Ok(());
            }
            if deletes {
                self.eraser.mark(self.store.sql(), now)?;
                self.store.forget(conversation)?;
                self.outbox().forget_dead_letters_about(conversation)?;
            }
            let answer = Forgotten { conversation: conversation.clone(), forgotten };
            self.outbox().send(&[Notification::Forgotten(answer)], now)
        })?;
        self.forget_memory(deletes);
        Ok(if deletes { Effects::forgetting(conversation.clone()) } else { Effects::default() })
    }

    /// Refuses to erase a person of whom a conversation goes on.
    pub fn may_erase_person(&self) -> Result<(), Error> {
        if self.newest()?.is_some_and(|newest| !newest.is_closed()) {
            let detail = "a conversation of this person goes on: it must end first";
            return Err(Refusal::new(Code::NotErased, detail).into());
        }
        Ok(())
    }

    /// Deletes every conversation of the person. Returns their ids.
    pub fn erase_person(&self, now: Timestamp) -> Result<Vec<ConversationId>, Error> {
        self.may_erase_person()?;
        let ids = self.store.ids()?;
        self.store.sql().transaction(|| {
            self.eraser.mark(self.store.sql(), now)?;
            ids.iter().try_for_each(|id| self.store.forget(id))?;
            self.store.forget_dead_letters()
        })?;
        self.forget_memory(true);
        Ok(ids)
    }

    /// Erases the bytes of what was deleted. `false` where there is nothing to do now, or the object as a whole is to be deleted.
    pub(super) fn erase_bytes(&self, now: Timestamp) -> Result<bool, Fault> {
        let due = if self.marked.get() { self.eraser.due(self.store.sql(), |since| since)? } else { None };
        if due.is_none_or(|due| due > now) || self.is_to_be_deleted()? {
            return Ok(false);
        }
        self.eraser.erase(self.store.sql(), now)?;
        self.marked.set(self.eraser.due(self.store.sql(), |since| since)?.is_some());
        Ok(true)
    }

    fn is_due(&self, conversation: &Conversation, now: Timestamp) -> bool {
        match conversation.phase() {
            Phase::Closed { at, .. } => {
                !conversation.awaits_office() && self.retention.is_due(DataClass::Conversations, *at, now)
            }
            Phase::Waiting { .. } | Phase::Active { .. } => false,
        }
    }

    fn forget_memory(&self, deleted: bool) {
        if deleted {
            self.current.replace(None);
            self.messages.replace(None);
            self.marked.set(true);
        }
    }
}
