// SPDX-License-Identifier: EUPL-1.2
//! The lists of words in `knowledge/words/`, one file for each language: a concept a line, the same names in every file.
//!
//! `pay = pagare, soldi, in busta` is a subject; a sign before the name says what else the words are: `?` what is asked, `-`
//! nothing, `+` the subject of this service alone, `!` the subject of another service, `~`
//! single words of everyday life that no entry is about.

use std::collections::BTreeMap;

use infocig_domain::assistant::document::{Concept, Entry, Role, Sign};
use infocig_protocol::language::Language;

use super::{Mistake, Text};

/// The concepts of all files, by name.
pub(super) fn concepts(files: &[Text], mistakes: &mut Vec<Mistake>) -> Vec<Concept> {
    let mut concepts: BTreeMap<String, Concept> = BTreeMap::new();
    for file in files {
        let name =
            file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".txt")).unwrap_or_default();
        if [SIGNS, NOT_OURS].contains(&name) {
            continue;
        }
        let Some(language) = Language::ALL.into_iter().find(|language| language.as_str() == name) else {
            mistakes.push(file.mistake("", "no list of a language of the service"));
            continue;
        };
        let mut mistake = |index: usize, what: String| {
            mistakes.push(Mistake { file: file.path.clone(), line: index + 1, what });
        };
        for (index, line) in file.text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, forms)) = line.split_once(" = ") else {
                mistake(index, "no \"name = word, word\"".into());
                continue;
            };
            let (role, name) = role_and_name(name);
            let forms: Vec<String> = forms.split(',').map(|form| form.trim().to_owned()).collect();
            if forms.iter().any(String::is_empty) {
                mistake(index, "an empty word".into());
            }
            let concept = concepts.entry(name.to_owned()).or_insert_with(|| Concept {
                name: name.to_owned(),
                role,
                forms: BTreeMap::new(),
            });
            if concept.role != role {
                mistake(index, format!("\"{name}\" has another sign elsewhere"));
            }
            concept.forms.entry(language).or_default().extend(forms);
        }
    }
    concepts.into_values().collect()
}

fn role_and_name(text: &str) -> (Role, &str) {
    let role = match text.chars().next() {
        Some('+') => Role::Home,
        Some('?') => Role::Asking,
        Some('-') => Role::Filler,
        Some('!') => Role::Elsewhere,
        Some('~') => Role::Ordinary,
        _ => return (Role::Subject, text),
    };
    (role, text.get(1..).unwrap_or_default())
}

/// The signs of `signs.txt`: `entry = concept concept, concept`.
pub(super) fn signs(
    files: &[Text],
    concepts: &[Concept],
    entries: &[Entry],
    mistakes: &mut Vec<Mistake>,
) -> Vec<Sign> {
    let mut signs = Vec::new();
    let Some(file) = files.iter().find(|file| file.path.ends_with(&format!("/{SIGNS}.txt"))) else {
        return signs;
    };
    for (index, line) in file.text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let mut mistake = |what: String| {
            mistakes.push(Mistake { file: file.path.clone(), line: index + 1, what });
        };
        let Some((entry, listed)) = line.split_once(" = ") else {
            mistake("no \"entry = concept concept, concept\"".into());
            continue;
        };
        if !entries.iter().any(|known| known.id == entry) {
            mistake(format!("there is no entry \"{entry}\""));
        }
        for sign in listed.split(',') {
            let sign: Vec<String> = sign.split_whitespace().map(Into::into).collect();
            for name in &sign {
                if !concepts.iter().any(|concept| concept.name == *name) {
                    mistake(format!("no list has a concept \"{name}\""));
                }
            }
            signs.push(Sign { entry: entry.to_owned(), concepts: sign });
        }
    }
    signs
}

/// The questions of `not_ours.txt`: `language = question`.
pub(super) fn not_ours(files: &[Text], mistakes: &mut Vec<Mistake>) -> BTreeMap<Language, Vec<String>> {
    let mut questions: BTreeMap<Language, Vec<String>> = BTreeMap::new();
    let Some(file) = files.iter().find(|file| file.path.ends_with(&format!("/{NOT_OURS}.txt"))) else {
        return questions;
    };
    for (index, line) in file.text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let parts = line.split_once(" = ");
        let language = |(name, question): (&str, &str)| {
            let language = Language::ALL.into_iter().find(|language| language.as_str() == name)?;
            Some((language, question.trim().to_owned()))
        };
        let Some((language, question)) = parts.and_then(language) else {
            let what = "no \"language = question\"".into();
            mistakes.push(Mistake { file: file.path.clone(), line: index + 1, what });
            continue;
        };
        questions.entry(language).or_default().push(question);
    }
    questions
}

/// The name of the file with signs.
const SIGNS: &str = "signs";
/// The name of the file with questions that nobody here answers.
const NOT_OURS: &str = "not_ours";
