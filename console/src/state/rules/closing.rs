// SPDX-License-Identifier: EUPL-1.2
//! Closing at once: why, until what time of today, and the sentence people will read before the second press.

use infocig_client::dates::Moment;
use infocig_protocol::{policy::ClosingReason, time::Timestamp};

/// The form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingForm {
    pub reason: ClosingReason,
    /// The time of today, as `16:30`; empty until somebody chooses one.
    pub until: String,
    /// Whether the sentence is shown and the second press is awaited.
    pub confirming: bool,
}

impl Default for ClosingForm {
    fn default() -> Self {
        Self { reason: ClosingReason::Maintenance, until: String::new(), confirming: false }
    }
}

impl ClosingForm {
    /// The end that is chosen, else the one that is proposed.
    pub fn end(&self, now: Timestamp) -> String {
        if self.until.is_empty() { default_end(now) } else { self.until.clone() }
    }

    /// The end as an instant, RFC 3339; `None` for a time that is none, or has passed.
    pub fn until(&self, now: Timestamp) -> Option<String> {
        let Moment { day, clock } = Moment::in_italy(now);
        let end = self.end(now);
        (is_later(&end, &clock)).then(|| Moment { day, clock: end }.rfc3339())?
    }
}

/// The end that is proposed: the first half hour that is at least a quarter of an hour away; today's last minute where there is
/// none.
pub(super) fn default_end(now: Timestamp) -> String {
    let minutes = 60_000;
    let (today, soon) = (Moment::in_italy(now).day, now.as_millis() + 15 * minutes);
    let half_hour = 30 * minutes;
    // The offset of Italy is whole hours.
    let end = (soon + half_hour - 1).div_euclid(half_hour) * half_hour;
    let end = Moment::in_italy(Timestamp::from_millis(end));
    if end.day == today { end.clock } else { "23:59".into() }
}

/// Whether a time of day is later than another, both as `16:30`.
fn is_later(time: &str, than: &str) -> bool {
    time.len() == than.len() && time > than
}
