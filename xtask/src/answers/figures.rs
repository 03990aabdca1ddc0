// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench answers`: how often the assistant answers rightly, wrongly and not at all, by set and half; how long an
//! answer takes; how large the knowledge is.

use std::time::Instant;

use infocig_domain::assistant::library::{Found, Library};
use infocig_protocol::language::Language;
#[cfg(test)]
use jiff::civil::Date;
use serde_json::{Value, json};

use super::fit;
use super::sets::{self, Asked, Half};
use crate::knowledge::{self, Packed};
use crate::process::{Failure, answer, print_line};
use crate::workspace::Workspace;

/// Counts over one half of one set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) asked: u32,
    pub(crate) answered: u32,
    /// The first entry shown has one of the question's topics.
    pub(crate) first: u32,
    /// One of the entries shown has.
    pub(crate) any: u32,
}

/// Measures every set, prints a table, and with `json` one object as the last line. With `mistakes` it lists those of the
/// development halves too, and of these alone. With `fit` it
/// fits the weights of the decision to the development halves, and prints them.
pub(crate) fn run(workspace: &Workspace, json: bool, mistakes: bool, fit: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let document = knowledge::document(workspace)?;
    let packed = knowledge::packed(&document)?;
    let read = started.elapsed();
    let library = Library::new(document);
    let day = super::today();

    let started = Instant::now();
    let _ = library.find("quando", Language::It, day);
    let loaded = started.elapsed();
    for language in Language::ALL {
        let _ = library.find("quando", language, day);
    }
    answer("set           half         asked  answered  recall@1  recall@3  wrong");
    let mut rows = Vec::new();
    let mut times = Vec::new();
    for set in sets::SETS {
        let questions = sets::read(workspace, set)?;
        for half in [Half::Development, Half::Test] {
            let mut counts = Counts::default();
            for asked in questions.iter().filter(|asked| asked.half == half) {
                let started = Instant::now();
                let found = library.find(&asked.question, asked.language, day);
                times.push(started.elapsed().as_secs_f64() * 1_000.0);
                counts.add(asked, found.as_ref());
                if mistakes && half == Half::Development && !is_right(asked, found.as_ref()) {
                    list(asked, found.as_ref());
                }
            }
            answer(counts.row(set, half));
            rows.push(counts.json(set, half));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    answer(format_args!(
        "an answer: median {:.2} ms, p99 {:.2} ms; reading the folder {} ms, making the index of a language {} ms",
        at(50),
        at(99),
        read.as_millis(),
        loaded.as_millis()
    ));
    answer(&packed);
    if fit {
        answer(fit::weights(workspace, &library, day)?);
    }
    if json {
        let Packed { plain, gzip, brotli, .. } = packed;
        answer(json!({
            "sets": rows,
            "median_ms": at(50),
            "p99_ms": at(99),
            "index_ms": loaded.as_secs_f64() * 1_000.0,
            "document_bytes": { "plain": plain.len(), "gzip": gzip, "brotli": brotli },
        }));
    }
    Ok(())
}

/// The counts of a half of a set.
#[cfg(test)]
pub(crate) fn counts(library: &Library, questions: &[Asked], day: Date, half: Half) -> Counts {
    let mut counts = Counts::default();
    for asked in questions.iter().filter(|asked| asked.half == half) {
        counts.add(asked, library.find(&asked.question, asked.language, day).as_ref());
    }
    counts
}

impl Counts {
    fn add(&mut self, asked: &Asked, found: Option<&Found<'_>>) {
        self.asked += 1;
        self.answered += u32::from(found.is_some());
        self.first += u32::from(found.is_some_and(|found| hits(asked, found, 1)));
        self.any += u32::from(found.is_some_and(|found| hits(asked, found, usize::MAX)));
    }

    /// Per cent of the questions.
    pub(crate) fn share(&self, count: u32) -> f64 {
        f64::from(count) * 100.0 / f64::from(self.asked.max(1))
    }

    /// Answers without any entry that has one of the question's topics; every answer to a question out of scope.
    pub(crate) fn wrong(&self) -> u32 {
        self.answered - self.any
    }

    fn row(&self, set: &str, half: Half) -> String {
        let share = |count| self.share(count);
        format!(
            "{set:13} {:11} {:6} {:9.1} {:9.1} {:9.1} {:6.1}",
            half.name(),
            self.asked,
            share(self.answered),
            share(self.first),
            share(self.any),
            share(self.wrong())
        )
    }

    fn json(&self, set: &str, half: Half) -> Value {
        json!({
            "set": set,
            "half": half.name(),
            "asked": self.asked,
            "answered": self.answered,
            "first": self.first,
            "any": self.any,
            "wrong": self.wrong(),
        })
    }
}

pub(super) fn hits(asked: &Asked, found: &Found<'_>, shown: usize) -> bool {
    let is_one = |topic: &String| asked.topics.contains(topic);
    found.passages.iter().take(shown).any(|passage| passage.entry.topics.iter().any(is_one))
}

fn is_right(asked: &Asked, found: Option<&Found<'_>>) -> bool {
    match found {
        Some(found) => hits(asked, found, 1),
        None => asked.topics.is_empty(),
    }
}

fn list(asked: &Asked, found: Option<&Found<'_>>) {
    let shown = found.map(|found| {
        let shown = found.passages.iter().map(|passage| format!("{} {:.2}", passage.entry.id, passage.score));
        format!("{} [{}]", shown.collect::<Vec<_>>().join(", "), found.concepts.join(" "))
    });
    print_line(format_args!(
        "{}\n    wanted {}; shown {}",
        asked.question,
        asked.topics.join("|"),
        shown.unwrap_or_else(|| "nothing".into())
    ));
}
