// SPDX-License-Identifier: EUPL-1.2
//! Automatic checks of WCAG 2.2 and its predecessors, levels A and AA, by axe-core, shadow roots included. Best-practice rules
//! of axe-core, which are no part of WCAG, are left out.

use std::{fmt::Write, fs};

use serde::Deserialize;
use serde_json::json;

use crate::{
    artefacts,
    browser::Browser,
    error::{Error, While},
    wait::within_patience,
};

/// Checks the first element that a selector finds, with everything in it. A whole page is `html`.
pub(crate) async fn check(browser: &Browser, selector: &str) -> Result<(), Error> {
    let mut outcome = run(browser, selector, RUN.into()).await?;
    if matches!(outcome, AxeResult::Missing { .. }) {
        // Half a megabyte, injected once into each page.
        let axe = fs::read_to_string(artefacts::axe()?).while_doing("reading axe-core")?;
        outcome = run(browser, selector, axe + RUN).await?;
    }
    let violations = match outcome {
        AxeResult::Ran { rules: 0, .. } => return Err(Error::new("axe-core found no element to check")),
        AxeResult::Ran { violations, .. } => violations,
        AxeResult::Failed { error } => return Err(Error::new(format!("axe-core failed: {error}"))),
        AxeResult::Missing { .. } => return Err(Error::new("axe-core is missing after its injection")),
    };
    if violations.is_empty() { Ok(()) } else { Err(Error::new(told(selector, &violations))) }
}

async fn run(browser: &Browser, selector: &str, script: String) -> Result<AxeResult, Error> {
    let running = browser.driver().execute_async(script, vec![json!(selector), json!(TAGS)]);
    let ran = within_patience("axe-core", running).await?.while_doing("running axe-core")?;
    ran.convert().while_doing("reading what axe-core found")
}

fn told(selector: &str, violations: &[Violation]) -> String {
    let mut told = format!("<{selector}> is not accessible:");
    for Violation { id, help, nodes } in violations {
        // Writing to a string does not fail.
        let _ = write!(told, "\n{id}: {help}");
        for Node { target, failure } in nodes {
            let _ = write!(told, "\n  {target}\n    {}", failure.replace('\n', "\n    "));
        }
    }
    told
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AxeResult {
    Ran {
        rules: usize,
        violations: Vec<Violation>,
    },
    Failed {
        error: String,
    },
    /// The page has no axe-core yet.
    Missing {
        #[expect(dead_code, reason = "its presence is what tells it apart")]
        missing: bool,
    },
}

/// A violated rule.
#[derive(Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<Node>,
}

/// An element that violates it, and how.
#[derive(Deserialize)]
struct Node {
    target: String,
    failure: String,
}

const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/// Animations are finished first, because the contrast of a colour in transition is not the final one.
const RUN: &str = "
;
const [selector, values, done] = arguments;
if (!window.axe) return done({ missing: true });
const element = document.querySelector(selector);
const told = ({ id, help, nodes }) => ({
    id,
    help,
    nodes: nodes.map((node) => ({ target: node.target.flat().join(' '), failure: node.failureSummary })),
});
Promise.allSettled((element.shadowRoot ?? document).getAnimations().map((animation) => animation.finished))
    .then(() => axe.run(element, { preload: false, resultTypes: ['violations'], runOnly: { type: 'tag', values } }))
    .then(({ passes, violations }) => done({ rules: passes.length, violations: violations.map(told) }))
    .catch((error) => done({ error: String(error) }));
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_reported_with_its_rule_its_place_and_its_reason() {
        let node = Node { target: "info-cig .status".into(), failure: "Fix any:\n  Too pale".into() };
        let violation = Violation { id: "color-contrast".into(), help: "Contrast".into(), nodes: vec![node] };

        assert_eq!(
            told("info-cig", &[violation]),
            "<info-cig> is not accessible:\ncolor-contrast: Contrast\n  info-cig .status\n    Fix any:\n      Too pale"
        );
    }
}
