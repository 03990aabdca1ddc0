// SPDX-License-Identifier: EUPL-1.2
//! What the service has about a person in one capacity, for themself (GDPR art. 15 and 20) and for an officer with their request on
//! paper: one document for programs, and the same as a page.
//!
//! - A document has conversations, newest first, until their entries are about [`MOST_BYTES`]: the next one goes on at
//!   [`OwnData::next`], if need be within a conversation.
//! - Entries are the stored ones, exactly; a reader of transcripts reads them.
//! - Members of the staff are named as the conversation names them, and in looks by their role alone: their numbers are theirs.

mod page;
#[cfg(test)]
mod tests;
mod texts;

use infocig_protocol::{
    entry::Entry, http::Admission, id::ConversationId, language::Language, person::PersonCard,
    rating::Rating, report::AuditedKind, segnalazione::SegnalazioneStatus, time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    figures::record::Record, people::Subject, policy::Policy, retention::DataClass, staff::Roles,
    transcript::StoredEntry,
};

/// The document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnData {
    /// The form of such documents: [`FORM`].
    pub own_data: u16,
    /// The service's origin.
    pub service: String,
    /// When it was made.
    pub as_of: Timestamp,
    /// The conversations, newest first.
    pub conversations: Vec<OwnConversation>,
    /// Until when the person cannot enter, where they are or were blocked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_until: Option<Timestamp>,
    /// Whether they could enter at that instant: the answer of the rules, with its source. Absent in a document for an officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<OwnDecision>,
    /// Segnalazioni that Linea INPS must still be told of, or was, by the connector's own rows.
    pub segnalazioni: Vec<OwnSegnalazione>,
    /// Members of the staff who read, searched or did something about these conversations, oldest first.
    pub looks: Vec<Look>,
    /// How long what is kept, where the rules say so.
    pub kept: Vec<Kept>,
    /// Where the next document goes on; absent with the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<OwnPlace>,
}

/// A place between two documents: before a conversation's ordinal, or after some entries of it. As `47031` and `47031.200`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OwnPlace {
    /// The conversation's ordinal.
    pub ordinal: u32,
    /// The number of the last entry of it that was given; 0 where all of it was.
    pub entry: u64,
}

impl OwnPlace {
    /// Reads a place.
    pub fn parse(text: &str) -> Option<Self> {
        let (ordinal, entry) = text.split_once('.').unwrap_or((text, "0"));
        Some(Self { ordinal: ordinal.parse().ok()?, entry: entry.parse().ok()? })
    }
}

impl From<OwnPlace> for String {
    fn from(place: OwnPlace) -> Self {
        let OwnPlace { ordinal, entry } = place;
        if entry == 0 { ordinal.to_string() } else { format!("{ordinal}.{entry}") }
    }
}

impl TryFrom<String> for OwnPlace {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        Self::parse(&text).ok_or("no place between two documents")
    }
}

/// A conversation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnConversation {
    /// Its id.
    pub conversation: ConversationId,
    /// The person, as advisors see them.
    pub person: PersonCard,
    /// Who they are for registries.
    pub subject: Subject,
    /// Their rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// The segnalazioni of it.
    pub segnalazioni: Vec<SegnalazioneStatus>,
    /// What figures are made of: instants, waits, lengths, topic and outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Every entry of its log.
    pub entries: Vec<OwnEntry>,
}

/// An entry as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OwnEntry {
    /// Its number.
    pub seq: u64,
    /// When it was stored.
    pub at: Timestamp,
    /// Its body.
    pub body: Box<RawValue>,
}

/// A segnalazione of the connector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSegnalazione {
    /// Its key.
    pub key: String,
    /// When it was written.
    pub at: Timestamp,
    /// The office it is for: the ISTAT code of its province.
    pub office: String,
    /// The protocol number of the application it is about, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// The number of Linea INPS, once it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What Linea INPS is told, until it has given a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<serde_json::Value>,
}

/// A decision of the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDecision {
    /// The answer's code: `open`, or why not.
    pub code: String,
    /// The sentence, as the person reads it.
    pub sentence: String,
    /// What it rests on.
    pub source: String,
}

/// Something that the staff did or looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// The roles they did it in; none where the service did.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// The kind.
    pub act: AuditedKind,
    /// The conversation.
    pub conversation: ConversationId,
}

/// How long data of a class are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The word of the class in the policy.
    pub class: String,
    /// So many days.
    pub days: u16,
    /// What the period rests on; absent for the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// The periods of a policy.
pub fn kept(policy: &Policy) -> Vec<Kept> {
    let kept = |class: DataClass| {
        let days = policy.retention.days(class)?;
        let basis = policy.retention.period(class).map(|period| period.basis.clone());
        Some(Kept { class: class.as_str().into(), days, basis })
    };
    DataClass::ALL.into_iter().filter_map(kept).collect()
}

impl From<Admission> for OwnDecision {
    fn from(decided: Admission) -> Self {
        let Admission { code, message, source, .. } = decided;
        Self { code: code.as_str().into(), sentence: message, source }
    }
}

impl OwnConversation {
    /// Leaves out the numbers of members of the staff.
    #[must_use]
    pub fn with_record(self, record: Option<Record>) -> Self {
        Self { record: record.map(|record| Record { advisor: None, ..record }), ..self }
    }

    fn entries(&self) -> impl Iterator<Item = Entry> {
        self.entries.iter().map(|entry| Entry {
            seq: entry.seq,
            at: entry.at,
            body: infocig_protocol::entry::EntryBody::read(entry.body.get()),
        })
    }
}

impl TryFrom<StoredEntry> for OwnEntry {
    type Error = serde_json::Error;

    fn try_from(stored: StoredEntry) -> Result<Self, serde_json::Error> {
        Ok(Self { seq: stored.seq, at: stored.at, body: RawValue::from_string(stored.body)? })
    }
}

impl OwnData {
    /// The same as a page in a language.
    pub fn page(&self, language: Language) -> String {
        page::write(self, language)
    }
}

/// The form of documents that is written.
pub const FORM: u16 = 1;
/// A document has no further page of entries once they have so many bytes: some copies of it must fit in an isolate's memory.
pub const MOST_BYTES: usize = 2_000_000;
