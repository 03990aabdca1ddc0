// SPDX-License-Identifier: EUPL-1.2
//! Topics and outcomes.

use infocig_protocol::entry::Outcome;

/// Labels of the three levels of a topic.
pub const TOPIC_LEVELS: [&str; 3] = ["topic.first", "topic.second", "topic.third"];

pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "outcome.online",
        Outcome::LineaInps => "outcome.linea_inps",
        Outcome::SelfServed => "outcome.self_served",
        Outcome::Abandoned => "outcome.abandoned",
        Outcome::Blocked => "outcome.blocked",
    }
}

/// The meaning of an outcome.
pub const fn outcome_means(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Online => "outcome.online_means",
        Outcome::LineaInps => "outcome.linea_inps_means",
        Outcome::SelfServed => "outcome.self_served_means",
        Outcome::Abandoned => "outcome.abandoned_means",
        Outcome::Blocked => "outcome.blocked_means",
    }
}

/// The first missing part of a choice: a level from 0, or 3 for the outcome.
pub const fn missing(level: usize) -> &'static str {
    match level {
        0 => "topic.missing_first",
        1 => "topic.missing_second",
        2 => "topic.missing_third",
        _ => "outcome.missing",
    }
}
