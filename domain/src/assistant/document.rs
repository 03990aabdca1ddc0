// SPDX-License-Identifier: EUPL-1.2
//! The knowledge of the assistant as one document: what people ask, what is answered, and the words for it.
//!
//! `cargo xtask` makes it of the files in `knowledge/`, checks it, and writes it as compact JSON. It is shown as it stands:
//! no text of an entry is ever composed or shortened.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::language::Language;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::policy::AssistantRules;

/// Everything the assistant knows that is nobody's own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The form of the document: [`FORM`].
    pub form: u16,
    /// Words that mean the same.
    pub concepts: Vec<Concept>,
    /// Concepts that together point to an entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<Sign>,
    /// Questions that other services answer, or nobody.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub not_ours: BTreeMap<Language, Vec<String>>,
    /// The entries, by id.
    pub entries: Vec<Entry>,
}

impl Document {
    /// The document with the entries of a policy: its own ones after the others, without those that they replace and those that are
    /// withdrawn.
    #[must_use]
    pub fn with(mut self, rules: &AssistantRules) -> Self {
        let own = rules.entries.iter().map(|own| &own.entry);
        let replaced = rules.entries.iter().filter_map(|own| own.replaces.as_ref());
        let gone: BTreeSet<&String> =
            replaced.chain(&rules.withdrawn).chain(own.clone().map(|entry| &entry.id)).collect();
        self.entries.retain(|entry| !gone.contains(&entry.id));
        self.signs.retain(|sign| !gone.contains(&sign.entry));
        self.entries.extend(own.cloned());
        self
    }
}

/// The form of document that this code reads.
pub const FORM: u16 = 1;

/// Words of five languages that mean the same for a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// Its name, the same in every language.
    pub name: String,
    /// How much a question with it says.
    #[serde(default, skip_serializing_if = "Role::is_subject")]
    pub role: Role,
    /// Its words in each language: a word, several words in sequence, or the beginning of a word with `*` after it (the end of
    /// one with `*` before it).
    pub forms: BTreeMap<Language, Vec<String>>,
}

/// Concepts that together point to an entry, whatever the language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sign {
    /// The id of the entry.
    pub entry: String,
    /// The names of the concepts.
    pub concepts: Vec<String>,
}

/// How much a word of a question says about its subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The subject, or a part of it.
    #[default]
    Subject,
    /// The subject, and one that this service alone has.
    Home,
    /// The kind of answer that is asked for: when, how much, who.
    Asking,
    /// Nothing: articles, greetings, thanks.
    Filler,
    /// The subject of another service: only an entry with the same word can answer.
    Elsewhere,
    /// A word of everyday life that no entry is about, and that nobody wrote for another one. Single words alone.
    Ordinary,
}

impl Role {
    /// Whether it is [`Role::Subject`].
    pub fn is_subject(&self) -> bool {
        *self == Self::Subject
    }
}

/// One question that is asked, and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of its file.
    pub id: String,
    /// What it is about; the first is its main topic.
    pub topics: Vec<String>,
    /// The role that keeps it right.
    pub owner: String,
    /// First day on which it may be shown.
    pub valid_from: Date,
    /// Last day on which it may be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// What the text rests on.
    pub sources: Vec<Source>,
    /// The texts. Italian is always there.
    pub sections: BTreeMap<Language, Section>,
}

impl Entry {
    /// Whether it may be shown on a day.
    pub fn is_valid(&self, day: Date) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|until| day <= until)
    }

    /// The text in a language, or else in Italian, with the language it is in.
    pub fn section(&self, language: Language) -> Option<(Language, &Section)> {
        let of = |language: Language| self.sections.get(&language).map(|section| (language, section));
        of(language).or_else(|| of(Language::It))
    }

    /// Its main topic.
    pub fn topic(&self) -> &str {
        self.topics.first().map_or("", String::as_str)
    }
}

/// An act or a page that an entry rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As it is cited in Italian.
    pub name: String,
    /// The date of the act, or of the page's last change.
    pub date: Date,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// An entry in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Ways in which people ask.
    pub questions: Vec<String>,
    /// The answer: one paragraph.
    pub text: String,
    /// What to do, step by step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::OwnEntry;

    #[test]
    fn an_entry_is_shown_from_its_first_to_its_last_day() {
        let entry = |until: Option<&str>| Entry {
            id: "a".into(),
            topics: vec![],
            owner: String::new(),
            valid_from: day("2026-01-01"),
            valid_until: until.map(day),
            sources: vec![],
            sections: BTreeMap::new(),
        };

        assert!(!entry(None).is_valid(day("2025-12-31")));
        assert!(entry(None).is_valid(day("2026-01-01")));
        assert!(entry(Some("2026-12-31")).is_valid(day("2026-12-31")));
        assert!(!entry(Some("2026-12-31")).is_valid(day("2027-01-01")));
    }

    #[test]
    fn entries_of_a_policy_come_and_those_they_replace_or_withdraw_go_with_their_signs() {
        let entry = |id: &str| Entry {
            id: id.into(),
            topics: vec![id.into()],
            owner: String::new(),
            valid_from: day("2026-01-01"),
            valid_until: None,
            sources: vec![],
            sections: BTreeMap::new(),
        };
        let sign = |id: &str| Sign { entry: id.into(), concepts: vec![] };
        let document = Document {
            entries: ["stays", "replaced", "withdrawn"].map(entry).into(),
            signs: ["stays", "replaced", "withdrawn"].map(sign).into(),
            ..Document::default()
        };
        let rules = AssistantRules {
            entries: vec![OwnEntry { entry: entry("own"), replaces: Some("replaced".into()) }],
            withdrawn: vec!["withdrawn".into(), "never-there".into()],
            ..AssistantRules::default()
        };

        let Document { entries, signs, .. } = document.with(&rules);

        assert_eq!(entries.iter().map(|entry| &*entry.id).collect::<Vec<_>>(), ["stays", "own"]);
        assert_eq!(signs.iter().map(|sign| &*sign.entry).collect::<Vec<_>>(), ["stays"]);
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }
}
