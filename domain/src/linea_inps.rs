// SPDX-License-Identifier: EUPL-1.2
//! The documents for the competent office and from it: a segnalazione for Linea INPS, its later updates of one, and the person
//! whose cases the registry is asked for.
//!
//! These are the documents of `docs/linea-inps.openapi.yaml` and `docs/cases.openapi.yaml`. INPS publishes no interface of
//! Linea INPS or of its registries: the contracts are this service's own.

use infocig_protocol::{
    blank::is_blank,
    case::BenefitKind,
    entry::{Author, Entry},
    id::{CaseId, ConversationId, MessageId},
    limits::MAX_ANSWER_CHARS,
    person::PersonCard,
    segnalazione::{SegnalazioneDraft, SegnalazioneState, SegnalazioneStatus},
    time::Timestamp,
    topic::TopicPath,
};
use serde::{Deserialize, Serialize};

use crate::people::{Advisor, Subject};

/// A segnalazione as Linea INPS gets it. The text that is stored is the text that is sent, however often.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segnalazione {
    /// The conversation's id, a dot and the id its author gave it: the `Idempotency-Key`.
    pub key: String,
    /// When it was written, RFC 3339 in UTC.
    pub at: String,
    /// ISTAT code of the province whose office is competent.
    pub office: String,
    /// The person: name, capacity, province, for whom they act.
    pub person: PersonCard,
    /// The person, as the portal that vouches for them knows them.
    pub subject: Subject,
    /// The advisor who forwards it; absent when the person wrote it themself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisor: Option<Advisor>,
    /// Its subject: three levels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicPath>,
    /// The kind of wage integration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<BenefitKind>,
    /// The case, as the registry names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// The application's protocol number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The application's *ticket*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The task of the office.
    pub description: String,
    /// The messages that are attached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<AttachedMessage>,
}

/// A message the office gets to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedMessage {
    /// Its number in the conversation.
    pub seq: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub at: String,
    /// The author: `citizen`, or the advisor's name.
    pub author: String,
    /// The text, exactly as written.
    pub text: String,
}

/// An update of Linea INPS on a segnalazione it took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// The segnalazione's key.
    pub key: String,
    /// Linea INPS's number for it.
    pub number: String,
    /// Its new state.
    pub state: UpdateState,
    /// The office's answer; present with `answered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The states an office moves a segnalazione to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateState {
    /// Taken charge of.
    Accepted,
    /// Somebody works on it.
    InProgress,
    /// Answered: nothing more is to come.
    Answered,
}

impl Update {
    /// The state for the conversation. `None` for an answer without a text or with more than [`MAX_ANSWER_CHARS`], and for a
    /// number nobody could read.
    pub fn status(&self) -> Option<(ConversationId, SegnalazioneStatus)> {
        let (conversation, id) = parts_of(&self.key)?;
        if !is_number(&self.number) {
            return None;
        }
        let state = match self.state {
            UpdateState::Accepted => SegnalazioneState::Accepted {},
            UpdateState::InProgress => SegnalazioneState::InProgress {},
            UpdateState::Answered => {
                let fits = |text: &&String| !is_blank(text) && text.chars().count() <= MAX_ANSWER_CHARS;
                SegnalazioneState::Answered { text: self.text.as_ref().filter(fits)?.clone() }
            }
        };
        Some((conversation, SegnalazioneStatus { id, number: Some(self.number.clone()), state }))
    }
}

impl Segnalazione {
    /// A segnalazione an advisor forwards, with the entries they attached.
    pub(crate) fn of_draft(
        conversation: &ConversationId,
        person: &PersonCard,
        subject: &Subject,
        advisor: &Advisor,
        draft: &SegnalazioneDraft,
        attached: &[Entry],
        now: Timestamp,
    ) -> Self {
        Self {
            key: key(conversation, &draft.id),
            at: rfc3339(now),
            office: draft.office.clone(),
            person: person.clone(),
            subject: subject.clone(),
            advisor: Some(advisor.clone()),
            topic: Some(draft.topic.clone()),
            kind: draft.kind,
            case: draft.case.clone(),
            protocol: draft.protocol.clone(),
            ticket: draft.ticket.clone(),
            description: draft.description.clone(),
            messages: attached.iter().filter_map(AttachedMessage::of).collect(),
        }
    }

    /// A segnalazione a person writes themself, for the office of their province.
    pub(crate) fn of_request(
        conversation: &ConversationId,
        id: &MessageId,
        person: &PersonCard,
        subject: &Subject,
        text: &str,
        now: Timestamp,
    ) -> Self {
        let question = person.question.clone().unwrap_or_default();
        Self {
            key: key(conversation, id),
            at: rfc3339(now),
            office: person.province.clone(),
            person: person.clone(),
            subject: subject.clone(),
            advisor: None,
            topic: None,
            kind: question.about,
            case: None,
            protocol: question.protocol,
            ticket: None,
            description: text.to_string(),
            messages: Vec::new(),
        }
    }
}

impl AttachedMessage {
    fn of(entry: &Entry) -> Option<Self> {
        let (_, author, text) = entry.message()?;
        let author = match author {
            Author::Citizen => "citizen".to_string(),
            Author::Advisor { name } => name.clone(),
        };
        Some(Self { seq: entry.seq, at: rfc3339(entry.at), author, text: text.clone() })
    }
}

/// Whether a text can be Linea INPS's number of a segnalazione: 1 to 64 characters that can be seen.
pub fn is_number(text: &str) -> bool {
    (1..=MAX_NUMBER_CHARS).contains(&text.chars().count())
        && !is_blank(text)
        && !text.chars().any(|c| c.is_control() || !c.is_alphanumeric() && !c.is_ascii_graphic() && c != ' ')
}

/// A segnalazione's key, by which Linea INPS recognises repetitions.
pub fn key(conversation: &ConversationId, id: &MessageId) -> String {
    format!("{conversation}.{id}")
}

/// The conversation and the id in a key.
pub fn parts_of(key: &str) -> Option<(ConversationId, MessageId)> {
    let (conversation, id) = key.split_once('.')?;
    Some((ConversationId::parse(conversation).ok()?, MessageId::parse(id).ok()?))
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string()
}

/// Longest number of Linea INPS that is shown.
const MAX_NUMBER_CHARS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_says_its_conversation_and_its_segnalazione() {
        let conversation = ConversationId::of(&"0f".repeat(32), 3).unwrap();
        let id = MessageId::parse("s_1-a").unwrap();

        assert_eq!(parts_of(&key(&conversation, &id)), Some((conversation, id)));
        for wrong in ["", ".", "x.y", &"0f".repeat(32), &format!("{}-1.", "0f".repeat(32))] {
            assert_eq!(parts_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_update_without_an_answer_or_a_number_says_nothing() {
        let update = Update {
            key: format!("{}-1.s", "0f".repeat(32)),
            number: "L-1".into(),
            state: UpdateState::Answered,
            text: Some("Pagato.".into()),
        };
        assert!(update.status().is_some());
        assert!(Update { text: None, ..update.clone() }.status().is_none());
        assert!(Update { text: Some("  ".into()), ..update.clone() }.status().is_none());
        assert!(Update { text: Some("è".repeat(16_000)), ..update.clone() }.status().is_some());
        assert!(Update { text: Some("x".repeat(16_001)), ..update.clone() }.status().is_none());
        for number in [" ", "L\u{202e}-1", "L\n1", &"1".repeat(65)] {
            assert!(Update { number: number.into(), ..update.clone() }.status().is_none(), "{number}");
        }
        assert!(Update { key: "x".into(), ..update }.status().is_none());
    }
}
