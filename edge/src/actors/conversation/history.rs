// SPDX-License-Identifier: EUPL-1.2
//! The conversations a person had, the rating of one that is over, and the question a registry is asked about them.

use infocig_domain::{
    conversation::{Conversation, Phase},
    figures::{Event, EventKind, register::Comment},
    people::{Speaker, Subject},
};
use infocig_protocol::{
    entry::Outcome,
    id::{AdvisorId, ConversationId},
    limits::MAX_HISTORY,
    person::PersonCard,
    rating::Rating,
    segnalazione::SegnalazioneStatus,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::ConversationActor;
use crate::{
    problem::{Error, Fault},
    sql::Sql,
};

/// A conversation in its person's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastConversationRow {
    /// Its id.
    pub conversation: ConversationId,
    /// When it began.
    pub opened: Timestamp,
    /// When it ended; absent while it goes on.
    pub closed: Option<Timestamp>,
    /// How it ended, where somebody said.
    pub outcome: Option<Outcome>,
    /// The beginning of the person's first message.
    #[serde(default)]
    pub begins: Option<String>,
    /// The segnalazioni of it, oldest first.
    pub segnalazioni: Vec<SegnalazioneStatus>,
}

/// The question a registry is asked: about whom, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// The person or company whose cases are asked for.
    pub subject: Subject,
    /// The advisor who asks; absent when the person does.
    pub advisor: Option<AdvisorId>,
    /// The person, as advisors see them.
    pub person: PersonCard,
}

impl<S: Sql> ConversationActor<S> {
    /// The person's conversations, newest first, at most [`MAX_HISTORY`].
    pub fn history(&self) -> Result<Vec<PastConversationRow>, Fault> {
        let row = |conversation: Conversation| {
            let opened = self.store.entry(conversation.id(), 1)?.map(|first| first.at);
            let (closed, outcome) = match conversation.phase() {
                Phase::Closed { at, outcome, .. } => (Some(*at), *outcome),
                Phase::Waiting { .. } | Phase::Active { .. } => (None, None),
            };
            Ok(PastConversationRow {
                begins: self.store.begins(conversation.id())?,
                opened: opened.ok_or_else(|| Fault::Corrupt("a conversation without entries".into()))?,
                conversation: conversation.id().clone(),
                closed,
                outcome,
                segnalazioni: conversation.segnalazioni().to_vec(),
            })
        };
        self.store.recent(MAX_HISTORY)?.into_iter().map(row).collect()
    }

    /// Stores the person's rating, and notifies the register of its new parts: the answer as an event, the text as a comment.
    pub fn rate(
        &self,
        id: &ConversationId,
        ticket: &str,
        rating: &Rating,
        now: Timestamp,
    ) -> Result<(), Error> {
        let conversation = self.enter_as_citizen(id, ticket, now)?;
        conversation.may_rate(rating)?;
        let known = self.store.rating(id)?;
        if known.as_ref() == Some(rating) {
            return Ok(());
        }
        let (answer, text) = known.map_or((None, None), |known| (Some(known.answer), known.comment));
        self.store.sql().transaction(|| {
            self.store.rate(id, rating, now)?;
            if answer != Some(rating.answer) {
                let kind = EventKind::Rated { rating: rating.answer };
                self.outbox().report(&Event { conversation: id.clone(), at: now, kind }, now)?;
            }
            if text != rating.comment {
                let text = rating.comment.clone();
                self.outbox().comment(&Comment { conversation: id.clone(), commented: now, text }, now)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// The question to the registry of cases, for the holder of a ticket.
    pub fn inquiry(&self, id: &ConversationId, ticket: &str, now: Timestamp) -> Result<Inquiry, Error> {
        let (conversation, speaker) = self.enter(id, ticket, now)?;
        Ok(Inquiry {
            subject: conversation.subject().clone(),
            person: conversation.person().clone(),
            advisor: match speaker {
                Speaker::Citizen => None,
                Speaker::Advisor(advisor) => Some(advisor.id),
            },
        })
    }
}
