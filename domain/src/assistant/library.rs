// SPDX-License-Identifier: EUPL-1.2
//! The entries, ready to be asked: what is found for a question, or that nothing is known.
//!
//! A question is read whole and by its sentences, so that a long story with one question in it is answered, and two questions
//! in one are answered both. The same question on the same day has the same answer: nothing here remembers or draws.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use infocig_protocol::language::Language;
use jiff::civil::Date;

use super::document::{Document, Entry, Role};
use super::index::{Term, View};
use super::lexicon::Lexicon;
use super::retrieval::{Scores, scores};
use super::words::{clauses, sentences};

/// The entries of a document with everything that is computed once.
pub struct Library {
    document: Document,
    lexicon: Lexicon,
    /// Made when a language is first asked in: most instances of the Worker meet one language.
    views: BTreeMap<Language, OnceLock<View>>,
}

/// Entries that answer a question: best first, at most [`MOST_SHOWN`], each with another main topic.
#[derive(Clone, Debug)]
pub struct Found<'l> {
    /// The entries. Never empty.
    pub passages: Vec<Passage<'l>>,
    /// Names of concepts that the question says.
    pub concepts: Vec<&'l str>,
}

/// An entry found, in the language it can be read in.
#[derive(Clone, Debug)]
pub struct Passage<'l> {
    /// The entry.
    pub entry: &'l Entry,
    /// The language of its text: the one asked for, or Italian where nobody translated it.
    pub language: Language,
    /// How well it answers; 1 and more where a question of its own was asked.
    pub score: f64,
}

/// The most entries that are shown for one question.
pub const MOST_SHOWN: usize = 3;

/// An entry measured.
struct Ranked {
    number: usize,
    score: f64,
    like: f64,
    covered: f64,
}

impl Library {
    /// Reads the words. The entries are read when they are first asked for, once for each language.
    pub fn new(document: Document) -> Self {
        let lexicon = Lexicon::new(&document.concepts);
        let views = Language::ALL.into_iter().map(|language| (language, OnceLock::new())).collect();
        Self { document, lexicon, views }
    }

    /// The document it is made of.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The entries that answer a question on a day; `None` where the assistant does not know.
    pub fn find(&self, question: &str, language: Language, day: Date) -> Option<Found<'_>> {
        let view = self.views.get(&language)?;
        let view = view.get_or_init(|| View::new(&self.document, &self.lexicon, language));
        let question = bounded(question);
        let (terms, concepts) = view.question(question, &self.lexicon);
        let ranked = self.ranked(view, question, &terms, day);
        let (best, others) = ranked.split_first()?;
        if !is_known(best, &terms) {
            return None;
        }
        let leaders = self.leaders(view, question, day);
        let leading = others.iter().filter(|other| leaders.contains(&other.number));
        let mut passages: Vec<Passage<'_>> = Vec::new();
        for ranked in [best].into_iter().chain(leading).chain(others) {
            let Some(entry) = self.document.entries.get(ranked.number) else { continue };
            if passages.iter().any(|shown| shown.entry.topic() == entry.topic()) {
                continue;
            }
            let Some((language, _)) = entry.section(language) else { continue };
            passages.push(Passage { entry, language, score: ranked.score });
            if passages.len() == MOST_SHOWN {
                break;
            }
        }
        let name = |number: usize| self.document.concepts.get(number).map(|concept| concept.name.as_str());
        let concepts = concepts.into_iter().filter_map(name).collect();
        (!passages.is_empty()).then_some(Found { passages, concepts })
    }

    /// The entries that may be shown on a day, best first.
    fn ranked(&self, view: &View, question: &str, terms: &[Term], day: Date) -> Vec<Ranked> {
        let whole = scores(view, terms);
        let parts: Vec<Scores> = sentences(question)
            .into_iter()
            .map(|part| view.question(part, &self.lexicon).0)
            .filter(|part| part.len() < terms.len() && part.iter().any(tells))
            .map(|part| scores(view, &part))
            .collect();
        let mut ranked: Vec<Ranked> = Vec::new();
        for (number, _) in self.document.entries.iter().enumerate().filter(|(_, entry)| entry.is_valid(day)) {
            let at = |list: &[f64]| list.get(number).copied().unwrap_or_default();
            let best = parts.iter().map(|part| at(&part.of)).reduce(f64::max);
            let stays_here = whole.stays_here.get(number).copied().unwrap_or_default();
            let score = match best {
                // A sentence does not know what another one says about another service.
                Some(best) if stays_here => at(&whole.of) * (1.0 - OF_SENTENCE) + best * OF_SENTENCE,
                Some(_) | None => at(&whole.of),
            };
            ranked.push(Ranked { number, score, like: at(&whole.like), covered: at(&whole.covered) });
        }
        // An entry that asks the very same is before one that has more evidence for the subject.
        let asks_the_same = |one: &Ranked| one.like >= THE_QUESTION;
        ranked.sort_by(|a, b| {
            let by_question = asks_the_same(b).cmp(&asks_the_same(a));
            by_question.then(b.score.total_cmp(&a.score)).then(a.number.cmp(&b.number))
        });
        ranked
    }

    /// The best entries of the questions in one, if there are several.
    fn leaders(&self, view: &View, question: &str, day: Date) -> Vec<usize> {
        let mut leaders = Vec::new();
        for clause in clauses(question) {
            let (terms, _) = view.question(clause, &self.lexicon);
            let ranked = self.ranked(view, clause, &terms, day);
            let Some(best) = ranked.first() else { continue };
            if best.score >= OF_A_QUESTION && is_known(best, &terms) {
                leaders.push(best.number);
            }
        }
        leaders
    }
}

/// Whether the best entry is shown, or the assistant says that it does not know.
///
/// A question that names this service's own subjects is answered with less evidence than one that could be anybody's; one
/// that names another service's alone is answered where an entry asks the very same.
fn is_known(best: &Ranked, terms: &[Term]) -> bool {
    let says = |role: Role| terms.iter().any(|term| term.role == role);
    let is_here = says(Role::Home) || !says(Role::Elsewhere);
    let is_asked = best.like >= SAME_QUESTION && is_here;
    let is_nearly_asked = best.like >= SIMILAR_QUESTION && best.score >= SURE;
    let is_of_home = says(Role::Home) && best.score >= LEAST_AT_HOME;
    let is_enough = is_here && best.score >= LEAST && best.score * best.covered >= LEAST_COVERED;
    is_asked || is_nearly_asked || is_of_home || is_enough
}

/// Whether a term can lead to an entry.
fn tells(term: &Term) -> bool {
    term.role != Role::Asking && term.number.is_some()
}

/// The beginning of a text: a message has at most 4000 characters, and nobody's question needs more.
fn bounded(text: &str) -> &str {
    text.char_indices().nth(LONGEST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

const LONGEST: usize = 4_000;

/// The part of a score that its best sentence has.
const OF_SENTENCE: f64 = 0.3;

// Thresholds, chosen on the development halves of the sets and on questions that are in no set.
const LEAST: f64 = 0.3;
const LEAST_AT_HOME: f64 = 0.25;
const LEAST_COVERED: f64 = 0.06;
const SAME_QUESTION: f64 = 0.97;
/// Every word of the question, and no other.
const THE_QUESTION: f64 = 0.999;
const SIMILAR_QUESTION: f64 = 0.8;
const SURE: f64 = 0.85;
/// The score of a clause that is a question of its own.
const OF_A_QUESTION: f64 = 0.55;
