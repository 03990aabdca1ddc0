// SPDX-License-Identifier: EUPL-1.2
//! The priorities' section of the policy: which waiting conversations go before others, and by how many minutes at most.
//!
//! INPS published none of it: the rules are this service's own. A rule that is left out gives no priority.

use std::num::NonZeroU16;

use infocig_protocol::{
    desk::{Priority, PriorityRule},
    time::Timestamp,
};
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

use crate::{calendar::Calendar, people::PriorityFacts};

/// The rules that give priority.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriorityRules {
    /// Of a conversation that an advisor handed back to the queue.
    #[serde(default)]
    pub transferred: Option<TransferredRule>,
    /// Of a person who was here a short while ago.
    #[serde(default)]
    pub came_back: Option<CameBackRule>,
    /// Of a person with a deadline.
    #[serde(default)]
    pub deadline_near: Option<DeadlineRule>,
    /// The source of the rules.
    #[serde(deserialize_with = "said")]
    pub source: String,
}

/// An advisor handed it back to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferredRule {
    /// The minutes of waiting that it counts as.
    pub worth_minutes: NonZeroU16,
}

/// The person was here a short while ago.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CameBackRule {
    /// Not longer ago than this.
    pub within_hours: NonZeroU16,
    /// The minutes of waiting that it counts as.
    pub worth_minutes: NonZeroU16,
}

/// A deadline of the person is near.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// So many days before it, and on its day.
    pub within_days: NonZeroU16,
    /// The minutes of waiting that it counts as.
    pub worth_minutes: NonZeroU16,
}

impl PriorityRules {
    /// The priority of a person who enters; of several the one of greatest worth.
    pub fn on_entry(&self, facts: &PriorityFacts, now: Timestamp) -> Option<Priority> {
        let came_back = self.came_back.filter(|rule| {
            let longest = i64::from(rule.within_hours.get()) * 3_600_000;
            facts.last_here.is_some_and(|last| (0..=longest).contains(&(now.as_millis() - last.as_millis())))
        });
        let deadline = self.deadline_near.filter(|rule| {
            let left = facts.deadline.as_deref().and_then(|day| days_until(day, now));
            left.is_some_and(|days| (0..=i32::from(rule.within_days.get())).contains(&days))
        });
        let priorities = [
            came_back.map(|rule| priority(PriorityRule::CameBack, rule.worth_minutes)),
            deadline.map(|rule| priority(PriorityRule::DeadlineNear, rule.worth_minutes)),
        ];
        priorities.into_iter().flatten().max_by_key(|priority| priority.worth_minutes)
    }

    /// The priority of a conversation that is handed back to the queue, which had `before`.
    pub fn on_transfer(&self, before: Option<Priority>) -> Option<Priority> {
        let transferred =
            self.transferred.map(|rule| priority(PriorityRule::Transferred, rule.worth_minutes));
        before.into_iter().chain(transferred).max_by_key(|priority| priority.worth_minutes)
    }
}

fn priority(rule: PriorityRule, worth_minutes: NonZeroU16) -> Priority {
    Priority { rule, worth_minutes: worth_minutes.get() }
}

/// How many days it is, in Italy, until a day like `2026-12-01`; negative once it is over.
fn days_until(day: &str, now: Timestamp) -> Option<i32> {
    let today = Calendar::day(jiff::Timestamp::from_millisecond(now.as_millis()).ok()?);
    Some(today.until(day.parse::<Date>().ok()?).ok()?.get_days())
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    super::desk::filled("source", &text).map_err(serde::de::Error::custom)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use PriorityRule::{CameBack, DeadlineNear};

    use super::*;
    use crate::policy::Policy;

    const NOON: i64 = 1_795_604_400_000; // 25 November 2026, 12:00 in Italy.
    const HOUR: i64 = 3_600_000;

    #[test]
    fn somebody_who_was_here_within_a_day_has_priority_and_nobody_else_has() {
        let rules = Policy::parse(include_str!("../../../edge/policy.json")).unwrap().desk.priorities;
        let rule = |ago: i64| {
            let last_here = Some(Timestamp::from_millis(NOON - ago));
            rules.on_entry(&PriorityFacts { last_here, deadline: None }, Timestamp::from_millis(NOON))
        };
        let came_back = Priority { rule: CameBack, worth_minutes: 10 };
        assert_eq!([0, 24 * HOUR].map(rule), [Some(came_back); 2]);
        assert_eq!([-1, 24 * HOUR + 1].map(rule), [None; 2]);
        assert_eq!(rules.on_entry(&PriorityFacts::default(), Timestamp::from_millis(NOON)), None);
    }

    #[test]
    fn a_deadline_counts_until_its_day_is_over_and_of_two_rules_the_greater_worth() {
        let one = NonZeroU16::MIN;
        let rules = PriorityRules {
            came_back: Some(CameBackRule { within_hours: one, worth_minutes: one }),
            deadline_near: Some(DeadlineRule {
                within_days: one.saturating_add(1),
                worth_minutes: one.saturating_add(7),
            }),
            ..PriorityRules::default()
        };
        let rule = |day: &str| {
            let (last_here, deadline) = (Some(Timestamp::from_millis(NOON)), Some(day.to_string()));
            let facts = PriorityFacts { last_here, deadline };
            rules.on_entry(&facts, Timestamp::from_millis(NOON)).unwrap().rule
        };
        let days = ["2026-11-24", "2026-11-25", "2026-11-27", "2026-11-28", "domani"].map(rule);
        assert_eq!(days, [CameBack, DeadlineNear, DeadlineNear, CameBack, CameBack]);
    }

    #[test]
    fn a_transfer_takes_no_priority_away() {
        let rules = Policy::parse(include_str!("../../../edge/policy.json")).unwrap().desk.priorities;
        let before = Priority { rule: CameBack, worth_minutes: 10 };
        assert_eq!(rules.on_transfer(Some(before)), Some(before));
        let transferred = rules.on_transfer(None).unwrap();
        assert_eq!((transferred.rule, transferred.worth_minutes), (PriorityRule::Transferred, 5));
    }
}
