// SPDX-License-Identifier: EUPL-1.2
//! Messages: posted once however often they are sent, and the news beside them that are not stored.

use std::collections::{BTreeMap, HashMap};

use infocig_domain::{
    conversation::{Conversation, Transition},
    people::Speaker,
};
use infocig_protocol::{
    entry::Entry,
    id::{ConversationId, MessageId},
    time::Timestamp,
};

use super::{ConversationActor, author_key, effects};
use crate::{
    actors::{AlarmUpdate, Closes, Effects, Ephemeral},
    problem::{Error, Fault},
    sql::Sql,
};

/// The messages of one conversation by author and id: a message that is sent again is found here.
pub(super) struct MessageIndex {
    conversation: ConversationId,
    /// Few authors, and thousands of messages of each.
    numbers: BTreeMap<String, HashMap<MessageId, u64>>,
}

impl MessageIndex {
    fn number(&self, author: &str, message: &MessageId) -> Option<u64> {
        self.numbers.get(author)?.get(message).copied()
    }

    fn insert(&mut self, author: &str, message: &MessageId, number: u64) {
        if let Some(numbers) = self.numbers.get_mut(author) {
            numbers.insert(message.clone(), number);
        } else {
            self.numbers.insert(author.to_string(), [(message.clone(), number)].into());
        }
    }
}

impl<S: Sql> ConversationActor<S> {
    /// Posts a message. Where nothing but the log changes, which is nearly always, it is one statement; where the side that speaks
    /// changes, the desk is notified.
    pub(super) fn post_message(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        message: &MessageId,
        text: &str,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let author = author_key(speaker);
        // Taken out, so that nothing is left of them in memory if storing fails.
        let current = self.current.take().filter(|current| current.id() == id);
        let mut conversation = current.map_or_else(|| self.conversation_of(id), Ok)?;
        let mut index = self.index_of(id)?;
        let known = index.number(&author, message).map(|number| self.store.entry(id, number)).transpose()?;
        let due = conversation.next_wake();
        let transition = self.message_rates.with(speaker, |limiter| {
            conversation.post(speaker, message.clone(), text, known.flatten(), limiter, now)
        });
        let transition = match transition {
            Ok(transition) => transition,
            Err(refusal) => {
                self.current.replace(Some(conversation));
                self.messages.replace(Some(index));
                return Err(refusal.into());
            }
        };
        let append = || self.append(id, Some(&author), &transition);
        let bodies = if transition.phase_changed || !transition.notifications.is_empty() {
            self.store.sql().transaction(|| {
                if transition.phase_changed {
                    self.store.save(&conversation)?;
                }
                let bodies = append()?;
                self.outbox().send(&transition.notifications, now)?;
                Ok(bodies)
            })?
        } else {
            append()?
        };
        for entry in &transition.appended {
            index.insert(&author, message, entry.seq);
        }
        let sooner = conversation.next_wake().filter(|wake| due.is_none_or(|due| *wake < due));
        // A notification leaves with the alarm.
        let sooner = if transition.notifications.is_empty() { sooner } else { Some(now) };
        let alarm = sooner.map_or(AlarmUpdate::Keep, AlarmUpdate::NoLaterThan);
        self.current.replace(Some(conversation));
        self.messages.replace(Some(index));
        Ok(Effects { alarm, ..effects(id, None, &transition, &bodies, None, Closes::Nobody)? })
    }

    /// Sends typing or a read receipt to the other side, if the speaker may write or read.
    pub(super) fn send_ephemeral(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        ephemeral: Ephemeral,
    ) -> Result<Effects, Error> {
        let conversation = self.conversation_of(id)?;
        let ephemeral = match ephemeral {
            Ephemeral::Read(up_to)
                if conversation.may_read(speaker) && !conversation.is_observer(speaker) =>
            {
                Some(Ephemeral::Read(up_to.min(conversation.last_seq())))
            }
            Ephemeral::Typing if conversation.may_write(speaker) => Some(Ephemeral::Typing),
            Ephemeral::Read(_) | Ephemeral::Typing => None,
        };
        Ok(Effects { ephemeral, alarm: AlarmUpdate::Keep, ..Effects::default() })
    }

    /// Sends typing to the other side. Of the person it is a sign of life, which is stored where the rules count it.
    pub(super) fn typing(
        &self,
        id: &ConversationId,
        speaker: &Speaker,
        now: Timestamp,
    ) -> Result<Effects, Error> {
        let sent = self.send_ephemeral(id, speaker, Ephemeral::Typing)?;
        let mut conversation = self.conversation_of(id)?;
        let transition = conversation.typing(speaker, now);
        if sent.ephemeral.is_none() || transition == Transition::default() {
            return Ok(sent);
        }
        Ok(Effects { ephemeral: sent.ephemeral, ..self.commit(conversation, None, transition, now)? })
    }

    /// The entry an author wrote before under an id.
    pub(super) fn known(
        &self,
        conversation: &Conversation,
        author: &str,
        message: &MessageId,
    ) -> Result<Option<Entry>, Fault> {
        let index = self.index_of(conversation.id())?;
        let number = index.number(author, message);
        self.messages.replace(Some(index));
        Ok(number.map(|number| self.store.entry(conversation.id(), number)).transpose()?.flatten())
    }

    /// How many entries of a conversation an author posted.
    pub(super) fn posted_by(&self, id: &ConversationId, author: &str) -> Result<usize, Fault> {
        let index = self.index_of(id)?;
        let count = index.numbers.get(author).map_or(0, HashMap::len);
        self.messages.replace(Some(index));
        Ok(count)
    }

    /// The index of a conversation, taken out of memory or read from the store.
    fn index_of(&self, id: &ConversationId) -> Result<MessageIndex, Fault> {
        if let Some(index) = self.messages.take().filter(|index| index.conversation == *id) {
            return Ok(index);
        }
        let mut index = MessageIndex { conversation: id.clone(), numbers: BTreeMap::new() };
        for (author, message, number) in self.store.posted(id)? {
            index.insert(&author, &message, number);
        }
        Ok(index)
    }
}
