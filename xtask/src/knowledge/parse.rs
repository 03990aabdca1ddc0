// SPDX-License-Identifier: EUPL-1.2
//! One file of the folder as an entry: front matter, then a section for each language.

use std::collections::BTreeMap;

use infocig_domain::assistant::document::{Entry, Section, Source};
use infocig_protocol::language::Language;
use jiff::civil::Date;
use serde::Deserialize;

use super::{Mistake, Text};

/// The front matter, member by member.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matter {
    id: String,
    topics: Vec<String>,
    owner: String,
    valid_from: String,
    valid_until: Option<String>,
    sources: Vec<SourceMatter>,
    questions: BTreeMap<Language, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceMatter {
    name: String,
    date: String,
    url: Option<String>,
}

/// The entry in a file.
pub(super) fn entry(file: &Text) -> Result<Entry, Mistake> {
    let (matter, body) = file
        .text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---\n"))
        .ok_or_else(|| file.mistake("---", "no front matter between two lines ---"))?;
    let matter: Matter = serde_saphyr::from_str(matter).map_err(|error| {
        // The matter begins on the file's second line.
        let line = error.location().map_or(1, |location| usize::try_from(location.line()).unwrap_or(1) + 1);
        let text = error.to_string();
        // "error: line 4 column 1: unknown field": the line is of the matter, and said already.
        let first = text.lines().next().unwrap_or_default();
        let what = first
            .split_once(" column ")
            .and_then(|(_, rest)| rest.split_once(": "))
            .map_or(first, |(_, what)| what);
        let what = what.to_owned();
        Mistake { file: file.path.clone(), line, what }
    })?;
    let date = |text: &str| {
        text.parse::<Date>().map_err(|_| file.mistake(text, format!("\"{text}\" is no date like 2026-01-31")))
    };
    let mut sources = Vec::new();
    for source in &matter.sources {
        sources.push(Source {
            name: source.name.clone(),
            date: date(&source.date)?,
            url: source.url.clone(),
        });
    }
    let mut sections = BTreeMap::new();
    for part in format!("\n{body}").split("\n## ").skip(1) {
        let (name, text) = part.split_once('\n').unwrap_or((part, ""));
        let heading = format!("## {name}");
        let language = Language::ALL
            .into_iter()
            .find(|language| language.as_str() == name.trim())
            .ok_or_else(|| file.mistake(&heading, format!("\"{name}\" is no language of the service")))?;
        let questions = matter.questions.get(&language).cloned().unwrap_or_default();
        let (text, steps) = paragraph_and_steps(file, &heading, text)?;
        sections.insert(language, Section { questions, text, steps });
    }
    for language in matter.questions.keys() {
        if !sections.contains_key(language) {
            let mark = format!("  {}:", language.as_str());
            return Err(file.mistake(&mark, format!("questions, but no section ## {}", language.as_str())));
        }
    }
    Ok(Entry {
        id: matter.id,
        topics: matter.topics,
        owner: matter.owner,
        valid_from: date(&matter.valid_from)?,
        valid_until: matter.valid_until.as_deref().map(date).transpose()?,
        sources,
        sections,
    })
}

/// The text of a section: one paragraph, then numbered steps.
fn paragraph_and_steps(file: &Text, heading: &str, text: &str) -> Result<(String, Vec<String>), Mistake> {
    let mut paragraph = None;
    let mut steps = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let step =
            line.split_once(". ").filter(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
        match step {
            Some((number, step)) => {
                if number != (steps.len() + 1).to_string() {
                    return Err(file.mistake(line, "steps are numbered from 1"));
                }
                steps.push(step.to_owned());
            }
            None if paragraph.is_none() && steps.is_empty() => paragraph = Some(line.to_owned()),
            None => return Err(file.mistake(line, "a section has one paragraph, then steps")),
        }
    }
    let paragraph = paragraph.ok_or_else(|| file.mistake(heading, "a section without a paragraph"))?;
    Ok((paragraph, steps))
}
