// SPDX-License-Identifier: EUPL-1.2
//! How well each entry answers a question.
//!
//! A score is relative to the question's own ideal, an entry that has all of its terms, and has four parts: the likeness to the
//! entry's most similar question; BM25 over all its questions and its text; the evidence for its main topic, from every entry
//! of the topic; the best of its signs, concepts that stand together. A question of which one part names another service
//! scores little at every entry that does not name it too.

use super::document::Role;
use super::index::{Term, View};

/// A question measured against every entry of a view; each list is by entry.
pub(super) struct Scores {
    /// 0 or more; seldom above 1.
    pub(super) of: Vec<f64>,
    /// The likeness to the most similar question, 0 to 1.
    pub(super) like: Vec<f64>,
    /// The share of the question's meaning-carrying weight that the entry has.
    pub(super) covered: Vec<f64>,
    /// The share of the question that the entry's best sign explains.
    pub(super) sign: Vec<f64>,
    /// Whether the entry has every subject of another service that the question names.
    pub(super) stays_here: Vec<bool>,
}

/// Measures the terms of a question.
pub(super) fn scores(view: &View, terms: &[Term]) -> Scores {
    let entries = view.lengths.len();
    let mut sums = Sums::new(view);
    for term in terms {
        sums.add(view, term);
    }
    let ideal: f64 = terms.iter().map(|term| term.weight).sum();
    let norm: f64 = terms.iter().map(|term| term.weight * term.weight).sum();
    let mut scores = Scores {
        of: vec![0.0; entries],
        like: vec![0.0; entries],
        covered: sums.covered,
        sign: signs(view, terms, ideal),
        stays_here: sums.elsewhere.iter().map(|named| *named == sums.asked_elsewhere).collect(),
    };
    for (dot, asked) in sums.dots.iter().zip(&view.asked) {
        raise(&mut scores.like, asked.entry, cosine(*dot, norm, asked.norm));
        // Little in common is little evidence, however short both are.
        raise(&mut scores.of, asked.entry, OF_LIKENESS * cosine(*dot, norm + LITTLE, asked.norm + LITTLE));
    }
    for (entry, score) in scores.of.iter_mut().enumerate() {
        let at = |sums: &[f64], index: usize| sums.get(index).copied().unwrap_or_default();
        let topic = view.topic_of.get(entry).map(|topic| at(&sums.topics, *topic)).unwrap_or_default();
        *score += OF_SIGN * at(&scores.sign, entry);
        *score += (OF_BM25 * at(&sums.bm25, entry) + OF_TOPIC * topic) / (ideal + EVIDENCE);
        if !scores.stays_here.get(entry).copied().unwrap_or_default() {
            *score *= OF_ANOTHER_SERVICE;
        }
    }
    for covered in &mut scores.covered {
        *covered /= f64::max(sums.subject, f64::MIN_POSITIVE);
    }
    scores
}

/// What is summed up over the terms of a question.
struct Sums {
    /// By question of an entry.
    dots: Vec<f64>,
    /// By entry.
    bm25: Vec<f64>,
    covered: Vec<f64>,
    /// By entry: how many subjects of another service it shares.
    elsewhere: Vec<usize>,
    asked_elsewhere: usize,
    /// By topic.
    topics: Vec<f64>,
    /// The weight of the terms that carry meaning.
    subject: f64,
}

impl Sums {
    fn new(view: &View) -> Self {
        let entries = view.lengths.len();
        Self {
            dots: vec![0.0; view.asked.len()],
            bm25: vec![0.0; entries],
            covered: vec![0.0; entries],
            elsewhere: vec![0; entries],
            asked_elsewhere: 0,
            topics: vec![0.0; view.topics],
            subject: 0.0,
        }
    }

    fn add(&mut self, view: &View, term: &Term) {
        let carries_meaning = term.role != Role::Asking;
        let is_elsewhere = term.role == Role::Elsewhere;
        self.asked_elsewhere += usize::from(is_elsewhere);
        if carries_meaning {
            // A word that nobody knows may be the very subject.
            self.subject +=
                if term.number.is_some() { term.weight } else { term.weight * UNKNOWN_AS_SUBJECT };
        }
        let Some(postings) = term.number.and_then(|number| view.postings.get(number)) else { return };
        for asked in &postings.asked {
            add(&mut self.dots, *asked, term.weight * postings.weight);
        }
        for (entry, asked, text) in &postings.entries {
            let length = view.lengths.get(*entry).copied().unwrap_or_default() / view.mean_length.max(1.0);
            let frequency = OF_QUESTIONS * asked + text / (1.0 - B + B * length);
            add(&mut self.bm25, *entry, term.weight * frequency / (frequency + K1));
            if carries_meaning {
                add(&mut self.covered, *entry, term.weight);
            }
            if let Some(named) = self.elsewhere.get_mut(*entry) {
                *named += usize::from(is_elsewhere && *asked > 0.0);
            }
        }
        for (topic, count) in &postings.topics {
            add(&mut self.topics, *topic, term.weight * count / (count + TOPIC_K));
        }
    }
}

/// By entry: the share of the question that its best sign explains.
fn signs(view: &View, terms: &[Term], ideal: f64) -> Vec<f64> {
    let mut best = vec![0.0; view.lengths.len()];
    for sign in &view.signs {
        let weight_of =
            |number: &usize| terms.iter().find(|term| term.number == Some(*number)).map(|term| term.weight);
        let Some(weights) = sign.terms.iter().map(weight_of).collect::<Option<Vec<f64>>>() else { continue };
        let explained = weights.iter().sum::<f64>() / (ideal + EVIDENCE);
        raise(&mut best, sign.entry, explained.powf(SIGN_POWER));
    }
    best
}

fn cosine(dot: f64, left: f64, right: f64) -> f64 {
    dot / (left * right).sqrt().max(f64::MIN_POSITIVE)
}

fn add(sums: &mut [f64], at: usize, part: f64) {
    if let Some(sum) = sums.get_mut(at) {
        *sum += part;
    }
}

fn raise(best: &mut [f64], at: usize, to: f64) {
    if let Some(best) = best.get_mut(at) {
        *best = best.max(to);
    }
}

// Chosen by `cargo xtask bench answers` on the development halves; a third more or less of any changes one answer in a hundred.
const OF_LIKENESS: f64 = 0.3;
const OF_BM25: f64 = 0.5;
const OF_TOPIC: f64 = 0.3;
const OF_SIGN: f64 = 0.4;
/// Added to both norms of a likeness.
const LITTLE: f64 = 10.0;
/// Added to the ideal of a question.
const EVIDENCE: f64 = 2.0;
/// The usual constants of BM25: how soon repetition stops counting, how much length counts.
const K1: f64 = 1.2;
const B: f64 = 0.3;
/// The occurrences in a text that a term in every question of an entry stands for.
const OF_QUESTIONS: f64 = 6.0;
const TOPIC_K: f64 = 6.0;
const SIGN_POWER: f64 = 0.7;
const OF_ANOTHER_SERVICE: f64 = 0.3;
const UNKNOWN_AS_SUBJECT: f64 = 2.3;
