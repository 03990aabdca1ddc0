// SPDX-License-Identifier: EUPL-1.2
//! The assistant's section of the policy: its switch, and what the administration itself adds to the knowledge that comes with the
//! service or takes out of it.
//!
//! An own entry is published like every rule: checked, previewed, approved where the policy asks for it, and rolled back with its
//! version. Its answer is as easy to read as the build asks of the others (`assistant::readability`).

use std::collections::BTreeMap;

use infocig_protocol::language::Language;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, de::Error};

use super::{Wording, desk::unique, form::said};
use crate::assistant::{
    document::{Entry, Section, Source},
    readability::{self, LOWEST_GULPEASE},
};

/// The rules of the automatic assistant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssistantRules {
    /// Whether it answers.
    pub on: bool,
    /// Why it was switched on or off, for those who keep the policy.
    #[serde(default)]
    pub reason: Option<String>,
    /// The administration's own entries.
    #[serde(default, deserialize_with = "entries")]
    pub entries: Vec<OwnEntry>,
    /// Ids of entries that came with the service and are not shown any more.
    #[serde(default)]
    pub withdrawn: Vec<String>,
}

/// An entry of the administration, and the one that it is shown instead of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "EntryRow")]
pub struct OwnEntry {
    /// The entry.
    pub entry: Entry,
    /// The id of an entry that came with the service.
    pub replaces: Option<String>,
}

/// An entry as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryRow {
    id: String,
    topic: String,
    /// In each language one question a line.
    questions: Wording,
    answer: Wording,
    source: String,
    source_date: Date,
    source_url: Option<String>,
    valid_from: Date,
    valid_until: Option<Date>,
    replaces: Option<String>,
}

impl TryFrom<EntryRow> for OwnEntry {
    type Error = String;

    fn try_from(row: EntryRow) -> Result<Self, String> {
        said("id", &row.id)?;
        said("topic", &row.topic)?;
        said("source", &row.source)?;
        if row.valid_until.is_some_and(|until| until < row.valid_from) {
            return Err("`valid_until` is before `valid_from`".into());
        }
        if row.source_url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            return Err("`source_url` is an address that begins with https://".into());
        }
        let gulpease = readability::gulpease(row.answer.italian());
        if gulpease < LOWEST_GULPEASE {
            return Err(format!(
                "the answer of \"{}\" has a Gulpease index of {gulpease:.0}, and not {LOWEST_GULPEASE}: write shorter sentences",
                row.id
            ));
        }
        // Only a language with questions and an answer is one of the entry.
        let questions: BTreeMap<Language, &str> = row.questions.others().collect();
        let others = row
            .answer
            .others()
            .filter_map(|(language, text)| Some((language, section(questions.get(&language)?, text))));
        let sections = others.chain([(Language::It, section(row.questions.italian(), row.answer.italian()))]);
        let entry = Entry {
            sections: sections.collect(),
            id: row.id,
            topics: vec![row.topic],
            owner: OWNER.into(),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
            sources: vec![Source { name: row.source, date: row.source_date, url: row.source_url }],
        };
        Ok(Self { entry, replaces: row.replaces })
    }
}

fn entries<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<OwnEntry>, D::Error> {
    let entries: Vec<OwnEntry> = Vec::deserialize(deserializer)?;
    unique("entry", entries.iter().map(|own| own.entry.id.as_str())).map_err(D::Error::custom)?;
    Ok(entries)
}

fn section(questions: &str, text: &str) -> Section {
    let questions = questions.lines().map(str::trim).filter(|line| !line.is_empty());
    Section {
        questions: questions.map(str::to_string).collect(),
        text: text.trim().into(),
        steps: Vec::new(),
    }
}

/// The role that keeps own entries right.
const OWNER: &str = "amministrazione";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_entry_has_a_question_a_line_and_the_languages_that_have_both() {
        let OwnEntry { entry, replaces } = read("Sì. Scrivi in chat.").unwrap();

        assert_eq!(replaces.as_deref(), Some("iban-errato"));
        assert_eq!(entry.sections[&Language::It].questions, ["Posso scrivere?", "Si può scrivere?"]);
        assert_eq!(entry.sections[&Language::De].text, "Ja.");
        assert!(!entry.sections.contains_key(&Language::En), "it has no question");
    }

    #[test]
    fn an_answer_that_is_hard_to_read_is_refused_with_its_index() {
        let long = "L'amministrazione provvede successivamente all'espletamento della comunicazione telematica dell'autorizzazione";
        let error = read(long).unwrap_err().to_string();
        assert!(error.contains("Gulpease index of ") && error.contains("shorter sentences"), "{error}");
    }

    fn read(answer: &str) -> Result<OwnEntry, serde_json::Error> {
        serde_json::from_value(serde_json::json!({
            "id": "nostra-1", "topic": "iban-errato", "replaces": "iban-errato",
            "questions": { "it": "Posso scrivere?\n\n Si può scrivere? ", "de": "Darf ich schreiben?" },
            "answer": { "it": answer, "de": "Ja.", "en": "Yes." },
            "source": "Circolare 12", "source_date": "2026-11-01", "valid_from": "2026-11-23"
        }))
    }
}
