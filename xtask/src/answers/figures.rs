// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench answers`: how often the assistant answers rightly, wrongly, and not at all.

use infocig_domain::assistant::Library;
use jiff::civil::Date;

use super::sets::{self, Asked, Half};
use crate::process::{Failure, answer, print_line};
use crate::workspace::Workspace;

/// Counts over one half of one set.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) asked: u32,
    pub(crate) answered: u32,
    pub(crate) first: u32,
    pub(crate) any: u32,
}

fn count(library: &Library, questions: &[Asked], day: Date, half: Half, verbose: bool) -> Counts {
    let mut counts = Counts::default();
    for asked in questions.iter().filter(|asked| asked.half == half) {
        counts.asked += 1;
        let finding = library.find(&asked.question, asked.language, day);
        let hits = |n: usize| finding.found.iter().take(n).any(|found| found.entry.topics.iter().any(|t| asked.topics.contains(t)));
        if finding.is_answer {
            counts.answered += 1;
            counts.first += u32::from(hits(1));
            counts.any += u32::from(hits(3));
        }
        if std::env::var("DIST").is_ok() && half == Half::Development {
            let best = finding.found.first();
            let margin = finding.found.get(1).map_or(0.0, |s| s.score);
            print_line(format_args!("DIST {} {} {:.3} {:.3} {:.3} {} | {}", u8::from(!asked.topics.is_empty()), u8::from(hits(1)) + u8::from(hits(3)), best.map_or(0.0, |b| b.score), best.map_or(0.0, |b| b.covered), margin, finding.note, asked.question));
            print_line(format_args!("X {}", library.explain(&asked.question, asked.language)));
        }
        let good = if asked.topics.is_empty() { !finding.is_answer } else { finding.is_answer && hits(1) };
        if verbose && !good {
            let mark = match (finding.is_answer, hits(1), hits(3)) { (false, true, _) => "NOANS(1)", (false, _, true) => "NOANS(3)", (false, ..) => "NOANS", (_, _, true) => "second", _ => "WRONG" };
            let found: Vec<String> = finding.found.iter().map(|f| format!("{}:{:.2}/{:.2}", f.entry.id, f.score, f.covered)).collect();
            print_line(format_args!("{mark:9} {} | {}\n      {}\n      {}", asked.question, asked.topics.join("|"), found.join(" "), library.explain(&asked.question, asked.language)));
        }
    }
    counts
}

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let document = crate::knowledge::document(workspace)?;
    let day = super::today();
    let mut tuning = infocig_domain::assistant::retrieval::Tuning::default();
    if let Ok(text) = std::env::var("TUNE") {
        for pair in text.split(',') {
            let Some((k, v)) = pair.split_once('=') else { continue };
            set(&mut tuning, k, v.parse().unwrap_or(0.0));
        }
    }
    if let Ok(rounds) = std::env::var("SWEEP") {
        sweep(workspace, &document, day, tuning, rounds.parse().unwrap_or(0))?;
        return Ok(());
    }
    let library = Library::tuned(document, tuning);
    let verbose = std::env::var("MISTAKES").unwrap_or_default();
    for set in sets::SETS.iter().copied().chain(std::env::var("OWN").ok().map(|_| "own")) {
        let questions = sets::read(workspace, set)?;
        for half in [Half::Development, Half::Test] {
            let c = count(&library, &questions, day, half, half == Half::Development && verbose.split(',').any(|v| v == set));
            let share = |n: u32| f64::from(n) * 100.0 / f64::from(c.asked.max(1));
            answer(format_args!("{set:13} {half:?}\t{} asked, answered {:.1}, @1 {:.1} @3 {:.1} wrong {:.1}", c.asked, share(c.answered), share(c.first), share(c.any), share(c.answered - c.any)));
        }
    }
    Ok(())
}

fn set(t: &mut infocig_domain::assistant::retrieval::Tuning, k: &str, v: f64) {
    match k { "likeness" => t.likeness = v, "bm25" => t.bm25 = v, "topic" => t.topic = v, "k1" => t.k1 = v, "b" => t.b = v, "q" => t.of_questions = v, "tk" => t.topic_k = v, "else" => t.elsewhere = v, "sent" => t.sentence = v, "ls" => t.least_score = v, "lc" => t.least_covered = v, "smooth" => t.smooth = v, "stem" => t.stem = v, "asking" => t.asking = v, "unknown" => t.unknown = v, "evidence" => t.evidence = v, "sign" => t.sign = v, "sp" => t.sign_power = v, _ => {} }
}

fn sweep(workspace: &Workspace, document: &infocig_domain::assistant::document::Document, day: Date, start: infocig_domain::assistant::retrieval::Tuning, rounds: u32) -> Result<(), Failure> {
    let mut sets_read = Vec::new();
    for set in sets::SETS.iter().copied().chain(["own"]) { sets_read.push((set, sets::read(workspace, set)?)); }
    let names = ["likeness", "bm25", "topic", "k1", "b", "q", "tk", "sent", "smooth", "stem", "asking", "unknown", "evidence", "sign", "sp"];
    let values: [&[f64]; 15] = [&[0.3, 0.4, 0.5, 0.6, 0.7], &[0.1, 0.2, 0.3, 0.4, 0.5], &[0.0, 0.1, 0.2, 0.3, 0.4], &[0.3, 0.6, 1.2, 2.0], &[0.0, 0.3, 0.6], &[1.5, 3.0, 6.0, 12.0], &[0.5, 1.0, 3.0, 6.0, 12.0], &[0.2, 0.35, 0.5, 0.65], &[0.0, 4.0, 10.0, 20.0], &[0.0, 0.2, 0.4, 0.6], &[0.3, 0.5, 0.7, 1.0], &[0.1, 0.2, 0.35], &[0.0, 2.0, 5.0], &[0.2, 0.4, 0.6, 0.8], &[0.5, 0.7, 1.0, 1.5]];
    let score = |t: &infocig_domain::assistant::retrieval::Tuning| {
        let mut t = t.clone();
        t.least_score = 0.0; t.least_covered = 0.0;
        let library = Library::tuned(document.clone(), t);
        let mut total = 0.0;
        for (name, questions) in &sets_read {
            if *name == "out_of_scope" { continue; }
            let c = count(&library, questions, day, Half::Development, false);
            total += f64::from(c.first) + f64::from(c.any);
        }
        total
    };
    let mut best = start;
    let mut top = score(&best);
    print_line(format_args!("start {top}"));
    for _ in 0..rounds {
        for (name, options) in names.iter().zip(values) {
            for v in options {
                let mut t = best.clone();
                set(&mut t, name, *v);
                let s = score(&t);
                if s > top { top = s; best = t; print_line(format_args!("{name}={v} -> {top}")); }
            }
        }
    }
    print_line(format_args!("{best:?}"));
    Ok(())
}
