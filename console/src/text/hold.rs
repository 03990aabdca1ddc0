// SPDX-License-Identifier: EUPL-1.2
//! Holds: their reason, and until when.

use infocig_client::{dates, words::Words};
use infocig_protocol::desk::{Hold, HoldReason};

use super::labelled;

/// The reason of a hold.
pub const fn hold_reason(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Case => "hold.case",
        HoldReason::Document => "hold.document",
        HoldReason::Colleague => "hold.colleague",
        HoldReason::Office => "hold.office",
        HoldReason::Other => "hold.something_else",
    }
}

/// The label of the button that puts a conversation on hold or takes it off.
pub const fn hold(is_on_hold: bool) -> &'static str {
    if is_on_hold { "hold.resume" } else { "hold.action" }
}

/// A hold in a sentence: until when, and why.
pub fn on_hold(words: &Words, hold: &Hold) -> String {
    let key = if hold.due { "hold.due_since" } else { "hold.until" };
    let until = words.fill(key, &[("time", &dates::clock(hold.until))]);
    let reason = words.text(hold_reason(hold.reason));
    let why = hold.text.as_ref().map_or_else(|| reason.clone(), |text| labelled(words, &reason, text));
    format!("{until} · {why}")
}

#[cfg(test)]
mod tests {
    use infocig_protocol::time::Timestamp;

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn a_hold_says_until_when_and_why_and_a_late_one_that_the_person_waits() {
        let words = italian();
        let hold = Hold {
            since: Timestamp::from_millis(1_795_444_500_000),
            until: Timestamp::from_millis(1_795_444_800_000),
            reason: HoldReason::Office,
            text: Some("manca il ticket".into()),
            due: false,
        };
        assert_eq!(on_hold(&words, &hold), "In attesa fino alle 15:40 · Sento un ufficio: manca il ticket");
        let late = Hold { due: true, text: None, ..hold };
        assert_eq!(on_hold(&words, &late), "Ti aspetta dalle 15:40 · Sento un ufficio");
    }
}
