// SPDX-License-Identifier: EUPL-1.2
//! Presence, colleagues, the queue and the list.

use infocig_client::words::Words;
use infocig_protocol::{
    desk::{AssignmentMode, Colleague, Fit, Presence, Priority, PriorityRule},
    person::PersonCard,
};

use super::{how_long, offer::reasons, panels::with_count};

/// A presence, in a word.
pub const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Available => "presence.available",
        Presence::Busy => "presence.busy",
        Presence::Paused => "presence.paused",
        Presence::Leaving => "presence.leaving",
        Presence::Supervising => "presence.supervising",
    }
}

/// The meaning of the advisor's presence.
pub fn presence_means(
    words: &Words,
    presence: Presence,
    assignment: AssignmentMode,
    load: Option<(u32, u32)>,
) -> String {
    let loaded = |key, (load, capacity): (u32, u32)| {
        words.fill(key, &[("load", &load.to_string()), ("capacity", &capacity.to_string())])
    };
    match (presence, load) {
        (Presence::Available | Presence::Busy, Some((load, capacity))) if load >= capacity => {
            loaded("presence.full", (load, capacity))
        }
        (Presence::Busy, _) => words.text("presence.busy_means"),
        (Presence::Available, load) => match (assignment, load) {
            (AssignmentMode::Automatic, Some(load)) => loaded("presence.comes_load", load),
            (AssignmentMode::Automatic, None) => words.text("presence.comes"),
            (AssignmentMode::Pull, Some(load)) => loaded("presence.pull_load", load),
            (AssignmentMode::Pull, None) => words.text("presence.pull"),
        },
        (Presence::Paused, _) => words.text("presence.paused_means"),
        (Presence::Leaving, _) => words.text("presence.leaving_means"),
        (Presence::Supervising, _) => words.text("presence.supervising_means"),
    }
}

/// The presence and the load of a colleague.
pub fn colleague(words: &Words, colleague: &Colleague, capacity: u32) -> String {
    let full = colleague.presence == Presence::Available && colleague.load >= capacity;
    let presence = if colleague.lost {
        "colleagues.lost"
    } else if full {
        presence_word(Presence::Busy)
    } else {
        presence_word(colleague.presence)
    };
    let (presence, load) = (words.text(presence), colleague.load.to_string());
    let values = [("presence", &*presence), ("load", &load), ("capacity", &capacity.to_string())];
    words.fill("colleagues.load", &values)
}

/// The number of colleagues.
pub fn how_many_colleagues(words: &Words, others: usize) -> String {
    if others == 0 {
        words.text("colleagues.only_you")
    } else {
        words.count("colleagues.count", others as u64)
    }
}

/// The time somebody has been waiting.
pub fn waiting(words: &Words, minutes: i64) -> String {
    match minutes {
        0 => words.text("queue.waits_moment"),
        minutes => words.fill("queue.waits", &[("time", &how_long(words, minutes))]),
    }
}

/// The length of the queue.
pub fn queue_length(words: &Words, waiting: usize) -> String {
    if waiting == 0 { String::new() } else { words.count("queue.length", waiting as u64) }
}

/// The advisors for whom a waiting conversation is.
pub fn fit(
    words: &Words,
    fit: &Fit,
    person: &PersonCard,
    may_take: bool,
    assignment: AssignmentMode,
) -> String {
    match fit {
        Fit::Yours(why) if why.agree.is_empty() => match (may_take, assignment) {
            (false, AssignmentMode::Automatic) => words.text("fit.offered"),
            _ => words.text("fit.anybody"),
        },
        Fit::Yours(why) => words.fill("fit.yours", &[("reasons", &reasons(words, why, person).join(", "))]),
        Fit::Others {} => words.text("fit.others"),
        Fit::Nobody {} => words.text("fit.nobody"),
    }
}

/// Why a conversation goes before others that have waited as long.
pub fn priority(words: &Words, priority: Priority) -> String {
    let minutes = words.count("time.minutes", priority.worth_minutes.into());
    let key = match priority.rule {
        PriorityRule::Transferred => "priority.transferred",
        PriorityRule::CameBack => "priority.came_back",
        PriorityRule::DeadlineNear => "priority.deadline_near",
    };
    words.fill(key, &[("minutes", &minutes)])
}

/// A key of the fit without its reasons, by which rows of the queue are told apart.
pub const fn fit_key(fit: &Fit) -> u8 {
    match fit {
        Fit::Yours(_) => 0,
        Fit::Others {} => 1,
        Fit::Nobody {} => 2,
    }
}

/// The number of places taken, and of all.
pub fn places(words: &Words, load: u32, capacity: u32) -> String {
    words.count_of("conversation_list.places", capacity.into(), &[("load", &load.to_string())])
}

/// The time a person has waited for the advisor's answer.
pub fn waits_on_me(words: &Words, seconds: i64) -> String {
    match u64::try_from(seconds / 60).unwrap_or_default() {
        0 => words.text("conversation_list.waits_moment"),
        minutes if minutes < 60 => words.count("conversation_list.waits", minutes),
        _ => words.text("conversation_list.waits_hours"),
    }
}

/// The prefix of the page's title.
pub fn title_prefix(words: &Words, (offers, unread): (usize, usize)) -> String {
    match (offers, unread) {
        (0, 0) => String::new(),
        (0, unread) => format!("({unread}) "),
        (_, unread) => format!("● {} · ", with_count(words, "app.for_you", unread)),
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::id::AdvisorId;

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn a_full_advisor_is_shown_as_full_in_every_presence() {
        let words = italian();
        let full = presence_means(&words, Presence::Available, AssignmentMode::Automatic, Some((3, 3)));
        assert!(full.starts_with("Al completo: 3 di 3."));
        let free = presence_means(&words, Presence::Available, AssignmentMode::Automatic, Some((1, 3)));
        assert_eq!(free, "Ti arrivano le conversazioni nuove: ne hai 1 di 3.");
        let colleague_ = |load, lost| Colleague {
            advisor: AdvisorId::parse("m").unwrap(),
            name: "Marco".into(),
            presence: Presence::Available,
            lost,
            load,
            queues: Vec::new(),
        };
        assert_eq!(colleague(&words, &colleague_(3, false), 3), "Al completo · 3 di 3");
        assert_eq!(colleague(&words, &colleague_(1, true), 3), "Senza connessione · 1 di 3");
    }

    #[test]
    fn places_are_counted_by_how_many_there_are() {
        let words = italian();
        assert_eq!(places(&words, 2, 3), "2 di 3 posti");
        assert_eq!(places(&words, 0, 1), "0 di 1 posto");
    }

    #[test]
    fn the_title_names_the_most_urgent_thing_first() {
        let words = italian();
        assert_eq!(title_prefix(&words, (0, 0)), "");
        assert_eq!(title_prefix(&words, (0, 2)), "(2) ");
        assert_eq!(title_prefix(&words, (1, 2)), "● Per te (2) · ");
    }
}
