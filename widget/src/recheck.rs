// SPDX-License-Identifier: EUPL-1.2
//! When to ask again whether the service is open: when the answer says it changes, and not before.
//!
//! Waits are differences of the server's own instants, so the device's clock may be wrong.

use infocig_protocol::http::Admission;

/// How long to wait before asking again, in milliseconds; `None` when the answer does not say that it will change.
/// `instant` reads an RFC 3339 text as milliseconds since the epoch.
pub fn wait(admission: &Admission, instant: impl Fn(&str) -> Option<i64>) -> Option<i64> {
    let changes = admission.changes.as_deref()?;
    let wait = instant(changes)?.saturating_sub(instant(&admission.at)?);
    Some(wait.clamp(SHORTEST_MS, LONGEST_MS))
}

/// The server did not answer: ask again after this.
pub const AFTER_FAILURE_MS: i64 = 15_000;

/// Clocks that disagree by a little must not make the page ask in a loop.
const SHORTEST_MS: i64 = 1_000;
/// A timer of a day drifts, and a page may be open for weeks.
const LONGEST_MS: i64 = 6 * 60 * 60 * 1000;

#[cfg(test)]
mod tests {
    use infocig_protocol::{http::Verdict, problem::Code};

    use super::*;

    #[test]
    fn the_service_is_asked_again_when_its_answer_ceases_to_hold() {
        assert_eq!(wait(&admission("0", Some("5000")), millis), Some(5_000));
    }

    #[test]
    fn an_answer_that_never_changes_is_not_asked_again() {
        assert_eq!(wait(&admission("0", None), millis), None);
    }

    #[test]
    fn nobody_asks_in_a_loop_nor_trusts_a_timer_for_weeks() {
        assert_eq!(wait(&admission("9", Some("8")), millis), Some(SHORTEST_MS));
        assert_eq!(wait(&admission("0", Some("999999999999")), millis), Some(LONGEST_MS));
    }

    fn millis(text: &str) -> Option<i64> {
        text.parse().ok()
    }

    fn admission(at: &str, changes: Option<&str>) -> Admission {
        Admission {
            at: at.into(),
            verdict: Verdict::Closed,
            code: Code::OutsideHours,
            source: String::new(),
            opens: None,
            closes: None,
            changes: changes.map(Into::into),
            message: String::new(),
            channels: Vec::new(),
            assistant: false,
            data_notice: None,
            kept: Vec::new(),
        }
    }
}
