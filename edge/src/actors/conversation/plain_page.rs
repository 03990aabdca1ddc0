// SPDX-License-Identifier: EUPL-1.2
//! The verbs of pages without scripts: the acts of frames by forms, and the view that the page shows.

use infocig_domain::{conversation::Conversation, people::Speaker, plain_page::ConversationView};
use infocig_protocol::{
    frame::{EarlierConversation, Page},
    id::{ConversationId, MessageId},
    language::Language,
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::ConversationActor;
use crate::{
    actors::Effects,
    problem::{Error, Fault, Refusal},
    sql::Sql,
};

/// A form that a person posted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlainPageAction {
    /// Posts a message, under an id that stores it once.
    Post {
        /// The id.
        id: MessageId,
        /// The text.
        text: String,
    },
    /// Asks for more time.
    Stay,
    /// Ends the conversation, or leaves the queue.
    Close,
}

/// A page asked for, and posted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainPage {
    /// The frames to send for the action.
    pub effects: Effects,
    /// Why the action was refused, if it was.
    pub refused: Option<PlainPageRefusal>,
    /// The conversation, after the action.
    pub shown: ConversationView,
}

/// A refusal by the rules, which the page shows beside the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlainPageRefusal {
    /// The reason.
    pub code: Code,
    /// The same will be accepted after so many milliseconds; absent when it never will.
    pub retry_after_ms: Option<i64>,
}

/// A page of the person's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryQuery {
    /// The conversations before the one they are in, or before one of those.
    List {
        /// The number of that one.
        before: Option<u32>,
    },
    /// One of them.
    Read {
        /// Its number.
        number: u32,
        /// Its entries before this one.
        before: Option<u64>,
    },
}

/// The answer to a [`HistoryQuery`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryView {
    /// The conversations that are over, newest first.
    List {
        /// At most 20.
        conversations: Vec<EarlierConversation>,
        /// The language their portal says they read.
        language: Language,
    },
    /// One of them.
    Read(Box<ConversationView>),
}

impl<S: Sql> ConversationActor<S> {
    /// Does the action of the person's form, as a frame of theirs would, and shows the conversation: its newest entries, or
    /// those `before` one.
    pub fn plain_page(
        &self,
        id: &ConversationId,
        ticket: &str,
        action: Option<PlainPageAction>,
        before: Option<u64>,
        now: Timestamp,
    ) -> Result<PlainPage, Error> {
        self.enter_as_citizen(id, ticket, now)?;
        let speaker = Speaker::Citizen;
        let done = match action {
            Some(PlainPageAction::Post { id: message, text }) => {
                self.post_message(id, &speaker, &message, &text, now)
            }
            Some(PlainPageAction::Stay) => {
                self.act(id, now, |conversation| Ok(conversation.stay(&speaker, now)))
            }
            Some(PlainPageAction::Close) => {
                self.act(id, now, |conversation| conversation.close(&speaker, now))
            }
            None => Ok(Effects::default()),
        };
        let (effects, refused) = match done {
            Ok(effects) => (effects, None),
            Err(Error::Refused(Refusal { code, retry_after_ms, .. })) => {
                (Effects::default(), Some(PlainPageRefusal { code, retry_after_ms }))
            }
            Err(error @ Error::Fault(_)) => return Err(error),
        };
        let shown = self.shown(&self.conversation_of(id)?, before, now)?;
        Ok(PlainPage { effects, refused, shown })
    }

    /// A page of the person's history, and whether the conversation they are in goes on.
    pub fn history_page(
        &self,
        id: &ConversationId,
        ticket: &str,
        query: HistoryQuery,
        now: Timestamp,
    ) -> Result<(bool, HistoryView), Error> {
        let here = self.enter_as_citizen(id, ticket, now)?;
        let numbered = |number| ConversationId::of(id.object(), number).ok();
        let view = match query {
            HistoryQuery::List { before } => {
                let than = numbered(before.unwrap_or(u32::MAX).min(id.ordinal()));
                let conversations = than.map(|than| self.store.history(&than)).transpose()?;
                let (conversations, language) = (conversations.unwrap_or_default(), here.person().language);
                HistoryView::List { conversations, language }
            }
            HistoryQuery::Read { number, before } => {
                let earlier =
                    numbered(number).map(|target| self.earlier_conversation(id, &target)).transpose()?;
                let not_found = || {
                    let detail = "no earlier conversation of this person has that number";
                    Refusal::new(Code::NotFound, detail)
                };
                let earlier = earlier.flatten().ok_or_else(not_found)?;
                HistoryView::Read(Box::new(self.shown(&earlier, before, now)?))
            }
        };
        Ok((!here.is_closed(), view))
    }

    /// The view of a conversation: its newest entries, or those `before` one.
    fn shown(
        &self,
        conversation: &Conversation,
        before: Option<u64>,
        now: Timestamp,
    ) -> Result<ConversationView, Fault> {
        let id = conversation.id();
        let before = before.unwrap_or(u64::MAX).min(conversation.last_seq() + 1);
        let entries = self.store.page(id, Page::Before(before))?;
        let rating = if conversation.is_closed() { self.store.rating(id)? } else { None };
        Ok(ConversationView::of(conversation, self.store.has_earlier(id)?, rating, entries, now))
    }
}
