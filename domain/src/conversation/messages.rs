// SPDX-License-Identifier: EUPL-1.2
//! Posting: messages, cases that are shown, the question.

use infocig_protocol::{
    blank::is_blank,
    case::{Case, Question},
    entry::{Entry, EntryBody},
    frame::ServerFrame,
    id::MessageId,
    limits::{MAX_BEGINNING_CHARS, MAX_MESSAGE_CHARS},
    problem::Code,
    time::Timestamp,
};

use super::{Conversation, Phase, Transition};
use crate::{notification::DeskNotification, people::Speaker, rate_limiter::RateLimiter, refusal::Refusal};

impl Conversation {
    /// Posts a message, within the limits of its author's `rate_limiter`. `known` is the entry this author already posted under
    /// this id, if any.
    pub fn post(
        &mut self,
        speaker: &Speaker,
        id: MessageId,
        text: &str,
        known: Option<Entry>,
        rate_limiter: &mut RateLimiter,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        if let Some(entry) = known {
            return Ok(Transition::reply(ServerFrame::Entries { entries: vec![entry] }));
        }
        let refusal = |reason| Refusal::of_message(reason, id.clone());
        self.may_speak(speaker).map_err(refusal)?;
        if is_blank(text) {
            return Err(refusal((Code::MessageEmpty, "a message needs at least one visible character")));
        }
        if text.chars().count() > MAX_MESSAGE_CHARS {
            return Err(refusal((Code::MessageTooLong, "a message has at most 4000 characters")));
        }
        if self.last_seq >= u64::from(rate_limiter.limits.per_conversation.get()) {
            return Err(refusal((Code::ConversationFull, "the conversation takes no more messages")));
        }
        if let Err(retry_after_ms) = rate_limiter.check(now) {
            let detail = "many messages in a short time: this one is accepted later";
            let retry_after_ms = Some(retry_after_ms);
            return Err(Refusal { retry_after_ms, ..refusal((Code::TooFast, detail)) });
        }
        let mut transition = Transition::default();
        let body = EntryBody::Message { id, author: speaker.author(), text: text.to_string() };
        self.append_posted(body, speaker.advisor(), now, &mut transition);
        if let (Phase::Active { auto_close_at, .. }, Speaker::Citizen) = (&mut self.phase, speaker)
            && auto_close_at.take().is_some()
        {
            transition.phase_changed = true;
        }
        Ok(transition)
    }

    /// The person describes their question, for the desk to find the right advisor. A second description is refused.
    pub fn question(
        &mut self,
        speaker: &Speaker,
        question: Question,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        let reason = match (&self.phase, speaker) {
            (Phase::Closed { .. }, _) => (Code::ConversationClosed, "the conversation is closed"),
            (_, Speaker::Advisor(_)) => (Code::QuestionInvalid, "only the person says what they ask about"),
            (_, Speaker::Citizen) if self.person.question.is_some() => {
                (Code::QuestionInvalid, "the question was said before")
            }
            (_, Speaker::Citizen) if question.is_empty() || !question.is_well_formed() => (
                Code::QuestionInvalid,
                "a month is like 2026-09; a protocol number has letters, digits, . / -",
            ),
            (Phase::Waiting { .. } | Phase::Active { .. }, Speaker::Citizen) => {
                self.person.about = question.skill().or(self.person.about);
                self.person.question = Some(question.clone());
                let mut transition = self.changed(EntryBody::Question(question.clone()), now);
                let conversation = self.id.clone();
                self.notify_desk(DeskNotification::Question { conversation, question }, &mut transition);
                return Ok(transition);
            }
        };
        Err(reason.into())
    }

    /// An advisor shows the person a case, as the registry has just described it.
    pub fn share(
        &mut self,
        speaker: &Speaker,
        id: MessageId,
        case: Case,
        as_of: Timestamp,
        known: Option<Entry>,
        now: Timestamp,
    ) -> Result<Transition, Refusal> {
        if let Some(entry) = known {
            return Ok(Transition::reply(ServerFrame::Entries { entries: vec![entry] }));
        }
        let refusal = |reason| Refusal::of_message(reason, id.clone());
        self.may_speak(speaker).map_err(refusal)?;
        let Speaker::Advisor(advisor) = speaker else {
            return Err(refusal((Code::NotAssigned, "cases are shown by advisors")));
        };
        let mut transition = Transition::default();
        let body = EntryBody::Case { id, advisor: advisor.name.clone(), case: Box::new(case), as_of };
        self.append_posted(body, Some(&advisor.id), now, &mut transition);
        Ok(transition)
    }
}

/// A text as it stands for its conversation in a list: on one line, cut where it is longer than
/// [`MAX_BEGINNING_CHARS`]. `None` if nothing of it can be seen.
pub fn beginning(text: &str) -> Option<String> {
    if is_blank(text) {
        return None;
    }
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_BEGINNING_CHARS {
        return Some(line);
    }
    let kept: String = line.chars().take(MAX_BEGINNING_CHARS - 1).collect();
    Some(format!("{}…", kept.trim_end()))
}
