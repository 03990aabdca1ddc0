// SPDX-License-Identifier: EUPL-1.2
//! The *Assistente automatico*: a first answer before a person, and beside one.

pub mod document;
mod index;
mod lexicon;
pub mod retrieval;
mod stems;
mod typos;
mod words;

use std::collections::BTreeMap;

use infocig_protocol::language::Language;
use jiff::civil::Date;

use self::document::{Document, Entry, Role};
use self::index::View;
use self::lexicon::Lexicon;
use self::retrieval::{Scores, Tuning, scores};

/// The entries, ready to be asked.
pub struct Library {
    document: Document,
    lexicon: Lexicon,
    views: BTreeMap<Language, View>,
    /// T
    pub tuning: Tuning,
}

/// An entry that may answer a question.
#[derive(Clone, Debug)]
pub struct Found<'l> {
    /// The entry.
    pub entry: &'l Entry,
    /// Between 0 and 1.
    pub score: f64,
    /// Covered.
    pub covered: f64,
    /// L
    pub like: f64,
}

/// All that is found.
#[derive(Clone, Debug)]
pub struct Finding<'l> {
    /// Best first, at most three.
    pub found: Vec<Found<'l>>,
    /// N
    pub note: String,
    /// Whether they are shown.
    pub is_answer: bool,
}

impl Library {
    /// Makes the views of all languages.
    pub fn new(document: Document) -> Self {
        Self::tuned(document, Tuning::default())
    }

    /// T
    pub fn tuned(document: Document, tuning: Tuning) -> Self {
        let lexicon = Lexicon::new(&document.concepts);
        let views =
            Language::ALL.into_iter().map(|language| (language, View::new(&document, &lexicon, language, &tuning)));
        Self { views: views.collect(), lexicon, document, tuning }
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Explains.
    pub fn explain(&self, question: &str, language: Language) -> String {
        let meanings = self.lexicon.read(&words::words(question), language);
        let name = |n: &usize| self.document.concepts.get(*n).map_or("?", |c| c.name.as_str());
        meanings.iter().map(|m| match m {
            lexicon::Meaning::Concepts(c, _) => c.iter().map(name).collect::<Vec<_>>().join("+"),
            lexicon::Meaning::Word(w) => {
                let known = self.views.get(&language).map_or(String::new(), |v| v.explain(w, &self.lexicon));
                format!("({w}{known})")
            }
        }).filter(|t| t != "").collect::<Vec<_>>().join(" ")
    }

    /// Finds.
    pub fn find(&self, question: &str, language: Language, day: Date) -> Finding<'_> {
        let nothing = Finding { found: Vec::new(), note: String::new(), is_answer: false };
        let Some(view) = self.views.get(&language) else { return nothing };
        let tuning = &self.tuning;
        let terms = view.question(question, &self.lexicon);
        let whole = scores(view, &terms, tuning);
        let parts: Vec<Scores> = words::sentences(question)
            .into_iter()
            .map(|part| view.question(part, &self.lexicon))
            .filter(|part| part.iter().any(|term| term.role != Role::Asking && term.number.is_some()))
            .filter(|part| part.len() < terms.len())
            .map(|part| scores(view, &part, tuning))
            .collect();
        let mut ranked: Vec<(usize, f64, f64)> = self
            .document
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.is_valid(day))
            .map(|(number, _)| {
                let of = |scores: &Scores| scores.of.get(number).copied().unwrap_or_default();
                let own = of(&whole);
                let here = whole.stays_here.get(number).copied().unwrap_or_default();
                let best = parts.iter().map(of).fold(0.0, f64::max);
                let best = if here { best } else { best * tuning.elsewhere };
                let score = if parts.is_empty() { own } else { own * (1.0 - tuning.sentence) + best * tuning.sentence };
                (number, score, whole.covered.get(number).copied().unwrap_or_default())
            })
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut found: Vec<Found<'_>> = Vec::new();
        for (number, score, covered) in ranked {
            let Some(entry) = self.document.entries.get(number) else { continue };
            if found.len() == 3 {
                break;
            }
            if found.iter().any(|other| other.entry.topic() == entry.topic()) {
                continue;
            }
            let like = whole.like.get(number).copied().unwrap_or_default();
            found.push(Found { entry, score, covered, like });
        }
        let says = |role: Role| terms.iter().any(|term| term.role == role);
        let is_here = !says(Role::Elsewhere) || says(Role::Home);
        let is_answer = found.first().is_some_and(|best| {
            (best.like >= 0.97 && is_here) || (best.score >= 0.85 && best.like >= 0.8) || (says(Role::Home) && best.score >= 0.25) || (is_here && best.score >= tuning.least_score && best.score * best.covered >= tuning.least_covered)
        });
        let subject: f64 = terms.iter().filter(|t| t.role != Role::Asking).map(|t| t.weight).sum();
        let unknown: f64 = terms.iter().filter(|t| t.number.is_none() && t.role != Role::Asking).map(|t| t.weight).sum();
        let elsewhere = terms.iter().filter(|t| t.role == Role::Elsewhere).count();
        let here = found.first().is_some_and(|f| self.document.entries.iter().position(|e| e.id == f.entry.id).and_then(|n| whole.stays_here.get(n)).copied().unwrap_or(false));
        let note = format!("home {} like {:.2} subj {subject:.2} unk {unknown:.2} else {elsewhere} here {here} ideal {:.2}", says(Role::Home), found.first().map_or(0.0, |f| f.like), terms.iter().map(|t| t.weight).sum::<f64>());
        Finding { found, note, is_answer }
    }
}
