// SPDX-License-Identifier: EUPL-1.2
//! The supervisor's area: the panel, its alerts, and the acts on conversations of others.

use infocig_client::words::Words;
use infocig_protocol::{
    desk::Presence,
    entry::Party,
    figures::Share,
    id::ConversationId,
    problem::Code,
    supervision::{Alert, AlertKind, PanelAdvisor, SupervisorAct},
    time::Timestamp,
};

use super::{how_long, presence_word};
use crate::state::supervision::panel::{Staff, SupervisorRequest};

/// A length of time that ticks: `0:07`, `12:40`, `1:02:03`.
pub fn age(since: Timestamp, now: Timestamp) -> String {
    let seconds = u64::try_from((now.as_millis() - since.as_millis()) / 1_000).unwrap_or_default();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

/// The beginning of the id of a conversation, by which supervisors tell rows apart.
pub fn short_id(id: &ConversationId) -> String {
    id.as_str().chars().take(6).collect()
}

/// The sentence of an alert: what is the case.
pub fn alert_means(words: &Words, alert: &Alert, advisor: Option<&str>) -> String {
    let minutes = || how_long(words, i64::try_from(alert.value).unwrap_or(i64::MAX));
    match alert.kind {
        AlertKind::Waiting => words.count("alert.waiting", alert.value),
        AlertKind::LongestWait => words.fill("alert.longest_wait", &[("time", &minutes())]),
        AlertKind::Silent => {
            words.fill("alert.silent", &[("name", advisor.unwrap_or_default()), ("time", &minutes())])
        }
        AlertKind::MissedOffers => words.count("alert.missed_offers", alert.value),
        AlertKind::GivenUp => words.count("alert.given_up", alert.value),
    }
}

/// What can be done about an alert.
pub const fn alert_remedy(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::Waiting => "alert.waiting_do",
        AlertKind::LongestWait => "alert.longest_wait_do",
        AlertKind::Silent => "alert.silent_do",
        AlertKind::MissedOffers => "alert.missed_offers_do",
        AlertKind::GivenUp => "alert.given_up_do",
    }
}

/// The part of the page's title that counts alerts.
pub fn alerts_in_title(words: &Words, alerts: usize) -> String {
    if alerts == 0 { String::new() } else { format!("⚠ {} · ", words.count("alert.count", alerts as u64)) }
}

/// An act of a supervisor, as the advisors of the conversation read it.
pub fn supervised(words: &Words, act: SupervisorAct, by: &str) -> String {
    let key = match act {
        SupervisorAct::Reassigned => "supervised.reassigned",
        SupervisorAct::Ended => "supervised.ended",
        SupervisorAct::TookOver => "supervised.took_over",
        SupervisorAct::Joined => "supervised.joined",
        SupervisorAct::Observes => "supervised.observes",
        SupervisorAct::LeftOff => "supervised.left_off",
        SupervisorAct::Whispered => "supervised.whispered",
        SupervisorAct::Warned => "supervised.warned",
        SupervisorAct::Blocked => "supervised.blocked",
        SupervisorAct::Lifted => "supervised.lifted",
    };
    words.fill(key, &[("name", by)])
}

/// The label of an act of a supervisor.
pub const fn act(request: SupervisorRequest) -> &'static str {
    match request {
        SupervisorRequest::Observe => "supervise.observe",
        SupervisorRequest::Whisper => "supervise.whisper",
        SupervisorRequest::Join => "supervise.join",
        SupervisorRequest::TakeOver => "supervise.take_over",
        SupervisorRequest::Reassign => "supervise.reassign",
        SupervisorRequest::End => "supervise.end",
        SupervisorRequest::Block => "supervise.block",
        SupervisorRequest::Lift => "block.lift",
    }
}

/// The reason why the desk refused an act, with a way on.
pub fn act_refused(words: &Words, request: SupervisorRequest, code: Code) -> String {
    let key = match (code, request) {
        (Code::AtCapacity, SupervisorRequest::Reassign) => "supervise_error.colleague_full",
        (Code::AtCapacity, _) => "supervise_error.at_capacity",
        (Code::AdvisorUnavailable, _) => "supervise_error.unavailable",
        (Code::ConversationClosed, _) => "supervise_error.closed",
        (Code::NotWaiting | Code::NotAssigned | Code::NotFound, _) => "supervise_error.gone",
        (Code::NotSupervisor, _) => "supervise_error.not_supervisor",
        (Code::TopicNeeded, _) => "request_error.topic_needed",
        _ => "supervise_error.failed",
    };
    words.fill("supervise_error.of", &[("act", &words.text(act(request))), ("why", &words.text(key))])
}

/// A part of a whole: the percentage, and both numbers.
pub fn part_of(words: &Words, share: Share) -> String {
    let Share { part, of } = share;
    match (part.saturating_mul(200).saturating_add(of)).checked_div(of.saturating_mul(2)) {
        None => NOTHING.to_string(),
        Some(percent) => {
            let values =
                [("percent", percent.to_string()), ("part", part.to_string()), ("of", of.to_string())];
            words.fill("panel.share", &values.each_ref().map(|(key, value)| (*key, value.as_str())))
        }
    }
}

/// A percentage alone, for a screen that is read from afar.
pub fn percent(share: Share) -> String {
    let Share { part, of } = share;
    let percent = (part.saturating_mul(200).saturating_add(of)).checked_div(of.saturating_mul(2));
    percent.map_or_else(|| NOTHING.to_string(), |percent| format!("{percent} %"))
}

/// The advisors who do not take what comes, by presence.
pub fn staff(words: &Words, staff: Staff) -> String {
    let of = [
        (staff.busy, "presence.busy"),
        (staff.paused, "presence.paused"),
        (staff.leaving, "presence.leaving"),
        (staff.supervising, "presence.supervising"),
        (staff.lost, "colleagues.lost"),
    ];
    let said = of.into_iter().filter(|(number, _)| *number > 0);
    said.map(|(number, key)| format!("{}: {number}", words.text(key))).collect::<Vec<_>>().join(" · ")
}

/// The free places of the advisors who are available.
pub fn free_places(words: &Words, staff: Staff) -> String {
    words.count_of("panel.free_places", staff.places.into(), &[("free", &staff.free.to_string())])
}

/// The presence of an advisor of the panel.
pub fn panel_presence(words: &Words, advisor: &PanelAdvisor) -> String {
    let full = advisor.presence == Presence::Available && advisor.load >= advisor.capacity;
    words.text(if advisor.lost.is_some() {
        "colleagues.lost"
    } else if full {
        presence_word(Presence::Busy)
    } else {
        presence_word(advisor.presence)
    })
}

/// The side that spoke last, and how long ago.
pub const fn spoke(by: Party) -> &'static str {
    match by {
        Party::Citizen => "panel.spoke_citizen",
        Party::Advisor | Party::System => "panel.spoke_advisor",
    }
}

/// In the place of a value that is not there.
pub const NOTHING: &str = "–";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn an_age_ticks_in_seconds_and_never_runs_backwards() {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        let said = [0, 7, 760, 3_723].map(|seconds| age(at(0), at(seconds)));
        assert_eq!(said, ["0:00", "0:07", "12:40", "1:02:03"]);
        assert_eq!(age(at(5), at(0)), "0:00", "the device's clock is behind");
    }

    #[test]
    fn a_share_is_rounded_and_one_of_nothing_is_no_number() {
        let words = italian();
        assert_eq!(part_of(&words, Share { part: 2, of: 3 }), "67 % (2 di 3)");
        assert_eq!(part_of(&words, Share { part: 0, of: 0 }), NOTHING);
        assert_eq!(percent(Share { part: 1, of: 3 }), "33 %");
    }

    #[test]
    fn an_alert_says_what_is_the_case_and_a_refusal_says_of_what() {
        let words = italian();
        let alert = Alert {
            kind: AlertKind::LongestWait,
            value: 61,
            threshold: 15,
            conversation: None,
            advisor: None,
        };
        assert_eq!(alert_means(&words, &alert, None), "Una persona aspetta da 1 ora e 1 minuto.");
        let silent = Alert { kind: AlertKind::Silent, value: 5, ..alert };
        assert_eq!(alert_means(&words, &silent, Some("Giulia")), "Giulia non risponde da 5 minuti.");
        let refused = act_refused(&words, SupervisorRequest::TakeOver, Code::ConversationClosed);
        assert_eq!(refused, "Prendi in carico: la conversazione è già conclusa.");
        assert_eq!(alerts_in_title(&words, 2), "⚠ 2 avvisi · ");
    }

    #[test]
    fn a_conversation_is_told_by_the_beginning_of_its_id() {
        let id = |ordinal: u32| ConversationId::parse(format!("{}-{ordinal}", "a1b2c3d4".repeat(8))).unwrap();
        assert_eq!(short_id(&id(1)), "a1b2c3");
        assert_eq!(short_id(&id(47_030)), "a1b2c3");
    }
}
