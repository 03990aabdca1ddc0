// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench answers --fit`: the weights with which the assistant decides whether it knows, by logistic regression
//! over the development halves.
//!
//! A question counts as known where one of the entries found has one of its topics: an answer that would be wrong is taught as
//! one that nobody should see. The weights are constants of `domain/src/assistant/library.rs`; nothing is learned at run time.

use infocig_domain::assistant::library::{ENOUGH, Features, Library};
use jiff::civil::Date;

use super::figures::hits;
use super::sets::{self, Half};
use crate::process::Failure;
use crate::workspace::Workspace;

/// The weights and the intercept, as they are written in the program, and how the examples are told apart with other bars.
pub(super) fn weights(workspace: &Workspace, library: &Library, day: Date) -> Result<String, Failure> {
    let mut examples = Vec::new();
    for set in sets::SETS {
        for asked in sets::read(workspace, set)?.iter().filter(|asked| asked.half == Half::Development) {
            let Some((told, found)) = library.guess(&asked.question, asked.language, day) else { continue };
            examples.push((told.features, hits(asked, &found, usize::MAX)));
        }
    }
    let (weights, intercept) = fitted(&examples);
    let listed: Vec<String> = weights.iter().map(|weight| format!("{weight:.2}")).collect();
    let mut lines = vec![format!("weights [{}], intercept {intercept:.2}, bar {ENOUGH}", listed.join(", "))];
    for bar in [-0.4, 0.0, 0.4, 0.8, 1.2] {
        let shown = |is: bool| {
            let those: Vec<_> = examples.iter().filter(|(_, known)| *known == is).collect();
            let above = those.iter().filter(|(features, _)| evidence(features, &weights) + intercept >= bar);
            above.count() * 100 / those.len().max(1)
        };
        lines.push(format!(
            "bar {:.2}: answers {} % of the known, {} % of the others",
            bar - intercept,
            shown(true),
            shown(false)
        ));
    }
    Ok(lines.join("\n"))
}

/// Descends the logistic loss, with a penalty on large weights, in steps of one size: the same examples give the same weights.
fn fitted(examples: &[(Features, bool)]) -> (Features, f64) {
    let mut weights = Features::default();
    let mut intercept = 0.0;
    for _ in 0..STEPS {
        let mut slopes = weights.map(|weight| weight * PENALTY);
        let mut slope = 0.0;
        for (features, known) in examples {
            let probability = 1.0 / (1.0 + (-evidence(features, &weights) - intercept).exp());
            let error = probability - if *known { 1.0 } else { 0.0 };
            slope += error;
            for (slope, feature) in slopes.iter_mut().zip(features) {
                *slope += error * feature;
            }
        }
        intercept -= STEP * slope;
        for (weight, slope) in weights.iter_mut().zip(slopes) {
            *weight -= STEP * slope;
        }
    }
    (weights, intercept)
}

fn evidence(features: &Features, weights: &Features) -> f64 {
    features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum()
}

const STEPS: u32 = 20_000;
const STEP: f64 = 0.004;
const PENALTY: f64 = 1.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_and_what_is_not_are_told_apart_by_the_feature_that_tells() {
        let example = |score: f64, known| {
            let mut features = Features::default();
            if let Some(first) = features.first_mut() {
                *first = score;
            }
            (features, known)
        };
        let examples = [(0.9, true), (0.8, true), (0.1, false), (0.2, false)];
        let examples: Vec<_> =
            examples.into_iter().cycle().take(80).map(|(score, known)| example(score, known)).collect();

        let (weights, intercept) = fitted(&examples);

        for (features, known) in &examples {
            assert_eq!(evidence(features, &weights) + intercept > 0.0, *known);
        }
    }
}
