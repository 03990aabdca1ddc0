// SPDX-License-Identifier: EUPL-1.2
//! The finding of a chart in one sentence or a few: the sum and its change, the highest value, how many are not published.

use crate::{Chart, Unit, Value, format, words::Words};

pub(crate) fn of(chart: &Chart<'_>) -> String {
    let words = Words::of(chart.language);
    let now: Vec<Value> = chart.values(chart.now).collect();
    let known: Vec<(u64, &String)> =
        now.iter().zip(chart.labels).filter_map(|(value, label)| Some((value.known()?, label))).collect();
    let withheld = now.iter().filter(|value| **value == Value::Withheld).count();

    let mut sentences = Vec::new();
    if known.is_empty() && withheld == 0 {
        sentences.push(words.no_data.to_owned());
    }
    if known.len() > 1 && withheld == 0 && chart.unit == Unit::Count {
        sentences.push(sum(chart, &known, words));
    }
    // Of equal values the first: `max_by_key` takes the last.
    if let Some((highest, label)) = known.iter().rev().max_by_key(|(value, _)| *value) {
        let sentence = if now.len() == 1 { words.only } else { words.highest };
        if *highest > 0 || now.len() == 1 {
            sentences.push(fill(sentence, &[&chart.label(label), &chart.cell(Value::Known(*highest))]));
        }
    }
    if withheld > 0 {
        sentences.push(fill(words.some_withheld, &[&format::number(to_u64(withheld), chart.language)]));
    }
    sentences.join(" ")
}

/// The sum, and its change where the range before is known as well.
fn sum(chart: &Chart<'_>, known: &[(u64, &String)], words: &Words) -> String {
    let language = chart.language;
    let total = known.iter().fold(0_u64, |sum, (value, _)| sum.saturating_add(*value));
    let before = chart.before.and_then(|before| {
        let is_whole = chart.values(before).all(|value| value.known().is_some());
        let add = |sum: u64, value: Value| sum.saturating_add(value.known().unwrap_or_default());
        is_whole.then(|| chart.values(before).fold(0, add))
    });
    let text = format::number(total, language);
    let Some(before) = before else { return fill(words.total, &[&text]) };
    let before_text = format::number(before, language);
    if total == before {
        return fill(words.total_same, &[&text]);
    }
    // Thousandths, rounded: in 128 bits, so that no count is too large.
    let change = u128::from(total.abs_diff(before)) * 1_000 + u128::from(before) / 2;
    match change.checked_div(u128::from(before)).and_then(|change| u64::try_from(change).ok()) {
        Some(change @ 1..=9_999) => {
            let sentence = if total > before { words.total_more } else { words.total_less };
            fill(sentence, &[&text, &format::percent(change, language), &before_text])
        }
        _ => fill(words.total_before, &[&text, &before_text]),
    }
}

/// A sentence with its places filled, in order.
fn fill(sentence: &str, parts: &[&str]) -> String {
    let mut parts = parts.iter();
    let mut pieces = sentence.split("{}");
    let mut out = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        out.push_str(parts.next().copied().unwrap_or_default());
        out.push_str(piece);
    }
    out
}

fn to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
