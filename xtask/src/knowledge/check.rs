// SPDX-License-Identifier: EUPL-1.2
//! The rules of `knowledge/README.md` that a program can check.

use std::collections::{BTreeMap, BTreeSet};

use infocig_domain::assistant::{
    document::Entry,
    readability::{LOWEST_GULPEASE, gulpease},
};
use infocig_protocol::language::Language;

use super::{Mistake, Text};

/// Adds every mistake of the entries. The topics are those that the README lists.
pub(super) fn all(readme: &Text, entries: &[(&Text, Entry)], mistakes: &mut Vec<Mistake>) {
    let topics = topics(readme);
    if topics.is_empty() {
        mistakes.push(readme.mistake("## Topics", "no topic is listed"));
    }
    let mut asked: BTreeMap<String, &str> = BTreeMap::new();
    for (file, entry) in entries {
        one(file, entry, &topics, mistakes);
        for question in entry.sections.values().flat_map(|section| &section.questions) {
            if let Some(other) = asked.insert(plain(question), &entry.id) {
                mistakes.push(file.mistake(question, format!("\"{other}\" asks the same")));
            }
        }
    }
    if entries.len() < FEWEST_ENTRIES {
        let what = format!("{} entries, and {FEWEST_ENTRIES} are the fewest", entries.len());
        mistakes.push(readme.mistake("# Knowledge", what));
    }
    let translated = entries.iter().filter(|(_, entry)| entry.sections.len() == Language::ALL.len()).count();
    if translated < FEWEST_TRANSLATED {
        let what = format!("{translated} entries in five languages, and {FEWEST_TRANSLATED} are the fewest");
        mistakes.push(readme.mistake("# Knowledge", what));
    }
}

fn one(file: &Text, entry: &Entry, topics: &BTreeSet<&str>, mistakes: &mut Vec<Mistake>) {
    let mut mistake = |mark: &str, what: String| mistakes.push(file.mistake(mark, what));
    let name = file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or_default();
    if entry.id != name {
        mistake("id:", format!("the id \"{}\" is not the file's name", entry.id));
    }
    if !entry.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
        mistake("id:", "an id has lower-case letters, digits and hyphens".into());
    }
    if entry.topics.is_empty() {
        mistake("topics:", "no topic".into());
    }
    for topic in entry.topics.iter().filter(|topic| !topics.contains(topic.as_str())) {
        mistake("topics:", format!("README.md does not list the topic \"{topic}\""));
    }
    if entry.owner.trim().is_empty() {
        mistake("owner:", "nobody owns it".into());
    }
    if entry.valid_until.is_some_and(|until| until <= entry.valid_from) {
        mistake("valid_until:", "it ends before it begins".into());
    }
    if entry.sources.is_empty() {
        mistake("sources:", "no source".into());
    }
    for source in &entry.sources {
        if source.name.trim().is_empty() {
            mistake("sources:", "a source without a name".into());
        }
        if let Some(url) = source.url.as_ref().filter(|url| !is_address(url)) {
            mistake(url, format!("\"{url}\" is no address of http or https"));
        }
    }
    for (language, section) in &entry.sections {
        let fewest = if *language == Language::It { 5..=12 } else { 3..=5 };
        if !fewest.contains(&section.questions.len()) {
            let (least, most) = (fewest.start(), fewest.end());
            let what = format!(
                "{} has {} questions, not {least} to {most}",
                language.as_str(),
                section.questions.len()
            );
            mistake(&format!("  {}:", language.as_str()), what);
        }
        let words = section.text.split_whitespace().count();
        if words > MOST_WORDS {
            mistake(&section.text, format!("{words} words, and {MOST_WORDS} are the most"));
        }
        if section.steps.len() > MOST_STEPS {
            mistake(&format!("## {}", language.as_str()), format!("more than {MOST_STEPS} steps"));
        }
    }
    match entry.sections.get(&Language::It) {
        None => mistake("## ", "no Italian section".into()),
        Some(italian) => {
            let text = [std::slice::from_ref(&italian.text), italian.steps.as_slice()].concat().join(" ");
            let index = gulpease(&text);
            if index < LOWEST_GULPEASE {
                mistake("## it", format!("Gulpease {index:.0}, and {LOWEST_GULPEASE} is the lowest"));
            }
        }
    }
    if ![1, Language::ALL.len()].contains(&entry.sections.len()) {
        mistake("## ", "some of the other languages, and not all four".into());
    }
}

/// The topics between backticks below `## Topics`.
fn topics(readme: &Text) -> BTreeSet<&str> {
    let section = readme.text.split("## Topics").nth(1).and_then(|rest| rest.split("\n## ").next());
    section.unwrap_or_default().split('`').skip(1).step_by(2).collect()
}

fn is_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        host.contains('.') && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

/// A question without capitals, signs and accents of writing.
pub(crate) fn plain(question: &str) -> String {
    let folded = question.to_lowercase();
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

const FEWEST_ENTRIES: usize = 120;
const FEWEST_TRANSLATED: usize = 50;
const MOST_WORDS: usize = 60;
const MOST_STEPS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_http_and_names_a_host() {
        assert!(is_address("https://www.normattiva.it/uri-res/N2Ls?urn:nir"));
        for wrong in ["www.inps.it", "ftp://inps.it", "https://inps", "https://inps.it/a b", ""] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }
}
