// SPDX-License-Identifier: EUPL-1.2
//! Written requests, for people nobody can answer now; and ratings, for conversations that are over.

use infocig_protocol::{
    blank::is_blank,
    entry::{Author, EntryBody, Outcome, Party},
    id::{ConversationId, MessageId},
    limits::{MAX_COMMENT_CHARS, MAX_DESCRIPTION_CHARS},
    problem::Code,
    rating::Rating,
    time::Timestamp,
};

use super::{ClosingTime, Conversation, InactivityTimeouts, Phase, Transition};
use crate::{
    figures::{Record, event::Entered},
    linea_inps::Segnalazione,
    notification::Notification,
    people::Asker,
    policy::QueueAddress,
    refusal::Reason,
};

impl Conversation {
    /// A person who cannot be answered now writes, and an office reads: the conversation holds what they wrote and is over.
    /// The text was checked by [`may_request`](Self::may_request).
    pub fn request(
        id: ConversationId,
        address: impl Into<QueueAddress>,
        asker: Asker,
        message: MessageId,
        text: &str,
        timeouts: InactivityTimeouts,
        now: Timestamp,
    ) -> (Self, Transition) {
        let outcome = Some(Outcome::LineaInps);
        let phase = Phase::Closed { at: now, by: Party::Citizen, held_by: None, last_advisor: None, outcome };
        let closing = ClosingTime { warn: None, closes: now, ends: now };
        let mut conversation = Self::begin(id, address.into(), asker, phase, closing, timeouts);
        let mut transition = Transition { phase_changed: true, ..Transition::default() };
        let body =
            EntryBody::Message { id: message.clone(), author: Author::Citizen, text: text.to_string() };
        conversation.append_posted(body, None, now, &mut transition);
        let Self { id, person, subject, .. } = &conversation;
        let segnalazione = Segnalazione::of_request(id, &message, person, subject, text, now);
        conversation.send(message, None, segnalazione, now, &mut transition);
        let closed = EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::LineaInps) };
        conversation.append(closed, now, &mut transition);
        transition.notifications.push(Notification::Register(Box::new(conversation.request_record(now))));
        (conversation, transition)
    }

    /// Whether a text can be a written request.
    pub fn may_request(text: &str) -> Result<(), Reason> {
        if is_blank(text) {
            return Err((Code::MessageEmpty, "a request needs at least one visible character"));
        }
        if text.chars().count() > MAX_DESCRIPTION_CHARS {
            return Err((Code::MessageTooLong, "a request has at most 4000 characters"));
        }
        Ok(())
    }

    /// Whether its person may say this of it now. However often they do, the newest counts.
    pub fn may_rate(&self, rating: &Rating) -> Result<(), Reason> {
        if !self.is_closed() {
            return Err((Code::ConversationOpen, "a conversation is rated once it is over"));
        }
        let Some(comment) = &rating.comment else { return Ok(()) };
        if is_blank(comment) {
            return Err((Code::MessageEmpty, "a comment needs at least one visible character"));
        }
        if comment.chars().count() > MAX_COMMENT_CHARS {
            return Err((Code::MessageTooLong, "a comment has at most 1000 characters"));
        }
        Ok(())
    }

    /// The record of a written request, which no desk ever had.
    fn request_record(&self, now: Timestamp) -> Record {
        Record::of_request(self.id.clone(), now, Entered::of(&self.person, &self.address.queue))
    }
}
