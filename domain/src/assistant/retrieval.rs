// SPDX-License-Identifier: EUPL-1.2
//! Which entries answer a question, best first, and whether any does.
//!
//! An entry's score is between 0 and 1, relative to the question's own ideal: an entry whose question has exactly these terms.
//! It is a mean of three parts: the likeness to the entry's most similar question; BM25 over all its questions and its text;
//! the evidence for its main topic, with every entry of the topic. A question that says more than its subject is read whole
//! and by its sentences.

use super::document::Role;
use super::index::{Term, View};

/// A question measured against every entry.
pub(super) struct Scores {
    /// By entry.
    pub(super) of: Vec<f64>,
    /// By entry: the likeness to its most similar question, without smoothing.
    pub(super) like: Vec<f64>,
    /// By entry: the share of the question's meaning-carrying weight that the entry has.
    pub(super) covered: Vec<f64>,
    /// By entry: whether it has every subject of another service that the question names.
    pub(super) stays_here: Vec<bool>,
    /// The weight of the question's terms that any entry has.
    pub(super) known: f64,
}

/// The weights of the parts of a score.
#[derive(Clone, Debug)]
pub struct Tuning {
    pub likeness: f64,
    pub bm25: f64,
    pub topic: f64,
    pub k1: f64,
    pub b: f64,
    pub of_questions: f64,
    pub topic_k: f64,
    pub elsewhere: f64,
    pub sentence: f64,
    pub least_score: f64,
    pub least_covered: f64,
    pub power: f64,
    pub smooth: f64,
    pub stem: f64,
    pub asking: f64,
    pub unknown: f64,
    pub evidence: f64,
    pub unknown_covered: f64,
    pub sign: f64,
    pub sign_power: f64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            likeness: 0.3,
            bm25: 0.5,
            topic: 0.3,
            k1: 1.2,
            b: 0.3,
            of_questions: 6.0,
            topic_k: 6.0,
            elsewhere: 0.3,
            sentence: 0.3,
            least_score: 0.33,
            least_covered: 0.08,
            power: 2.0,
            smooth: 10.0,
            stem: 0.2,
            asking: 0.6,
            unknown: 0.35,
            evidence: 2.0,
            unknown_covered: 0.8,
            sign: 0.4,
            sign_power: 0.7,
        }
    }
}

/// Measures the terms of a question against every entry of a view.
pub(super) fn scores(view: &View, terms: &[Term], tuning: &Tuning) -> Scores {
    let entries = view.lengths.len();
    let mut dot = vec![0.0; view.asked.len()];
    let mut bm25 = vec![0.0; entries];
    let mut covered = vec![0.0; entries];
    let mut topics = vec![0.0; view.topic_sizes.len()];
    let mut elsewhere = vec![0_usize; entries];
    let mut asked_elsewhere = 0;
    let (mut ideal, mut subject, mut norm, mut known) = (0.0, 0.0, 0.0, 0.0);
    for term in terms {
        let carries_meaning = term.role != Role::Asking;
        ideal += term.weight;
        norm += term.weight * term.weight;
        let full = if term.number.is_none() { tuning.unknown_covered / tuning.unknown } else { 1.0 };
        subject += if carries_meaning { term.weight * full } else { 0.0 };
        asked_elsewhere += usize::from(term.role == Role::Elsewhere);
        let Some(postings) = term.number.and_then(|number| view.postings.get(number)) else { continue };
        known += term.weight;
        for asked in &postings.asked {
            if let Some(dot) = dot.get_mut(*asked) {
                *dot += term.weight * postings.weight;
            }
        }
        for (entry, asked, text) in &postings.entries {
            let length = view.lengths.get(*entry).copied().unwrap_or_default() / view.mean_length.max(1.0);
            let frequency = tuning.of_questions * asked + text / (1.0 - tuning.b + tuning.b * length);
            let part = term.weight * frequency * (tuning.k1 + 1.0) / (frequency + tuning.k1);
            add(&mut bm25, *entry, part / (tuning.k1 + 1.0));
            if carries_meaning {
                add(&mut covered, *entry, term.weight);
            }
            if term.role == Role::Elsewhere && *asked > 0.0
                && let Some(count) = elsewhere.get_mut(*entry)
            {
                *count += 1;
            }
        }
        for (topic, count) in &postings.topics {
            add(&mut topics, *topic, term.weight * count / (count + tuning.topic_k));
        }
    }
    let mut of: Vec<f64> = vec![0.0; entries];
    let mut likes: Vec<f64> = vec![0.0; entries];
    for (dot, asked) in dot.iter().zip(&view.asked) {
        let like = dot / ((norm + tuning.smooth) * (asked.norm + tuning.smooth)).sqrt().max(f64::MIN_POSITIVE);
        let plain = dot / (norm * asked.norm).sqrt().max(f64::MIN_POSITIVE);
        if let Some(best) = likes.get_mut(asked.entry) {
            *best = best.max(plain);
        }
        if let Some(best) = of.get_mut(asked.entry) {
            *best = best.max(like);
        }
    }
    let mut signs: Vec<f64> = vec![0.0; entries];
    for sign in &view.signs {
        let weight_of = |number: &usize| {
            let term = terms.iter().find(|term| term.number == Some(*number));
            term.map(|term| term.weight)
        };
        let Some(weights) = sign.terms.iter().map(weight_of).collect::<Option<Vec<f64>>>() else { continue };
        let explained = weights.iter().sum::<f64>() / (ideal + tuning.evidence);
        if let Some(best) = signs.get_mut(sign.entry) {
            *best = best.max(explained.powf(tuning.sign_power));
        }
    }
    let stays_here: Vec<bool> = elsewhere.iter().map(|count| *count == asked_elsewhere).collect();
    for (entry, score) in of.iter_mut().enumerate() {
        let topic = view.topic_of.get(entry).and_then(|topic| topics.get(*topic)).copied().unwrap_or_default();
        let sign = signs.get(entry).copied().unwrap_or_default();
        let part = bm25.get(entry).copied().unwrap_or_default();
        *score = tuning.sign * sign + tuning.likeness * *score + (tuning.bm25 * part + tuning.topic * topic) / (ideal + tuning.evidence);
        if !stays_here.get(entry).copied().unwrap_or_default() {
            *score *= tuning.elsewhere;
        }
    }
    for covered in &mut covered {
        *covered /= f64::max(subject, f64::MIN_POSITIVE);
    }
    Scores { of, like: likes, covered, stays_here, known }
}

fn add(sums: &mut [f64], at: usize, part: f64) {
    if let Some(sum) = sums.get_mut(at) {
        *sum += part;
    }
}
