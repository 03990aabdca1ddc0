// SPDX-License-Identifier: EUPL-1.2
//! The rules: what a version is, what an act did, why one failed, and the sentence people read while the service is closed.

use infocig_client::{
    dates::{Day, Moment},
    words::Words,
};
use infocig_protocol::{
    desk::ProvinceName,
    policy::{ClosingReason, PolicyVersion, PolicyWeek},
    problem::Code,
};

use super::{category, listed, reports};
use crate::state::rules::{ClosureError, RulesAct, RulesError, Standing};

/// The reasons to close at once, in the order of the form.
pub const CLOSING_REASONS: [ClosingReason; 4] =
    [ClosingReason::Maintenance, ClosingReason::Fault, ClosingReason::Strike, ClosingReason::Assembly];

/// The name of a reason.
pub const fn closing_reason(reason: ClosingReason) -> &'static str {
    match reason {
        ClosingReason::Maintenance => "rules.maintenance",
        ClosingReason::Fault => "rules.fault",
        ClosingReason::Strike => "rules.strike",
        ClosingReason::Assembly => "rules.assembly",
    }
}

/// The sentence people read: the one that the service writes into the rules.
pub fn closing_sentence(words: &Words, reason: ClosingReason, until: &str) -> String {
    let key = match reason {
        ClosingReason::Maintenance => "rules.says_maintenance",
        ClosingReason::Fault => "rules.says_fault",
        ClosingReason::Strike => "rules.says_strike",
        ClosingReason::Assembly => "rules.says_assembly",
    };
    words.fill(key, &[("clock", until)])
}

/// What a version is now.
pub fn standing(words: &Words, standing: Standing) -> String {
    let from = |key, at| words.fill(key, &[("moment", &Moment::in_italy(at).text(words))]);
    match standing {
        Standing::InForce => words.text("rules.in_force"),
        Standing::Scheduled(at) => from("rules.scheduled", at),
        Standing::Proposed(Some(at)) => from("rules.proposed_from", at),
        Standing::Proposed(None) => words.text("rules.proposed"),
        Standing::Withdrawn => words.text("rules.withdrawn"),
        Standing::Past => words.text("rules.past"),
    }
}

/// Who made a version, and when.
pub fn made(words: &Words, version: &PolicyVersion) -> String {
    let moment = Moment::in_italy(version.made).text(words);
    match &version.author {
        Some(author) => words.fill("rules.made_by", &[("name", &author.name), ("moment", &moment)]),
        None => words.fill("rules.installed", &[("moment", &moment)]),
    }
}

/// Who approved or withdrew it, if somebody did.
pub fn decided(words: &Words, version: &PolicyVersion, withdrawn: bool) -> Option<String> {
    let (by, at) = (version.decided_by.as_ref()?, version.decided?);
    let key = if withdrawn { "rules.withdrawn_by" } else { "rules.approved_by" };
    Some(words.fill(key, &[("name", &by.name), ("moment", &Moment::in_italy(at).text(words))]))
}

/// Why it was made. The service gives the acts that close and open again reasons of its own.
pub fn reason(words: &Words, version: &PolicyVersion) -> Option<String> {
    let written = version.reason.as_str();
    let closing = written.strip_prefix("Chiusura immediata: ");
    let closing = closing
        .and_then(|reason| CLOSING_REASONS.into_iter().find(|one| one.as_str() == reason))
        .map(|reason| words.fill("rules.closed_for", &[("reason", &words.text(closing_reason(reason)))]));
    closing.or_else(|| (!written.is_empty()).then(|| written.to_string()))
}

/// Why an act or a request failed.
pub const fn error(act: Option<RulesAct>, error: RulesError) -> &'static str {
    match (act, error) {
        (_, RulesError::Unanswered) => "rules.unanswered",
        (_, RulesError::SignedOut | RulesError::Refused(Code::TicketExpired | Code::TicketInvalid)) => {
            "rules.signed_out"
        }
        (_, RulesError::Refused(Code::NotSupervisor)) => "rules.not_yours",
        (Some(RulesAct::Publish), RulesError::Refused(Code::PolicyConflict)) => "rules.conflict",
        (_, RulesError::Refused(Code::PolicyConflict)) => "rules.decided_meanwhile",
        (_, RulesError::Refused(Code::FrameTooLarge)) => "rules.too_large",
        (Some(RulesAct::Publish), RulesError::Refused(Code::RequestInvalid)) => "rules.invalid",
        (Some(RulesAct::Close | RulesAct::Announce), RulesError::Refused(Code::RequestInvalid)) => {
            "rules.invalid_instant"
        }
        (_, RulesError::Refused(_)) => "pages.failed",
    }
}

/// What an act did.
pub const fn done(act: RulesAct, waits: bool) -> &'static str {
    match act {
        RulesAct::Close => "rules.done_close",
        RulesAct::Reopen => "rules.done_reopen",
        RulesAct::Announce => "rules.done_announce",
        RulesAct::TakeDown => "rules.done_take_down",
        RulesAct::Publish if waits => "rules.done_propose",
        RulesAct::Publish => "rules.done_publish",
        RulesAct::Approve(_) => "rules.done_approve",
        RulesAct::Withdraw(_) => "rules.done_withdraw",
        RulesAct::Resume(_) => "rules.done_resume",
    }
}

/// What is missing or wrong in the form of a closure.
pub const fn closure_error(error: ClosureError) -> &'static str {
    match error {
        ClosureError::Day => "rules.closure_no_day",
        ClosureError::Backwards => "period.backwards",
        ClosureError::Reason => "rules.closure_no_reason",
        ClosureError::Source => "rules.closure_no_source",
    }
}

/// The provinces of some codes, by name; all of Italy for none. Of many the first few are named.
pub fn provinces(words: &Words, codes: &[String], names: &[ProvinceName]) -> String {
    if codes.is_empty() {
        return words.text("rules.all_of_italy");
    }
    let name = |code: &String| {
        let known = names.iter().find(|province| province.code == *code);
        known.map_or_else(|| words.fill("province.code", &[("code", code)]), |known| known.name.clone())
    };
    let mut named: Vec<String> = codes.iter().map(name).collect();
    named.sort_unstable();
    if named.len() <= NAMED {
        return listed(words, &named);
    }
    let rest = (named.len() - FIRST) as u64;
    named.truncate(FIRST);
    named.push(words.count("rules.more_provinces", rest));
    listed(words, &named)
}

/// Who a row of the table of weeks is about.
pub fn week_of(words: &Words, week: &PolicyWeek) -> [String; 3] {
    let monday = Day::parse(&week.week).map_or_else(|| week.week.clone(), |day| day.text(words));
    [monday, words.text(category(week.category)), words.text(reports::entry_point(week.entry))]
}

/// The time in which somebody may enter in a week.
pub fn open_time(words: &Words, minutes: u32) -> String {
    if minutes == 0 {
        return words.text("rules.closed_all_week");
    }
    reports::duration(u64::from(minutes) * 60, words.language())
}

/// The most provinces that are all named, and how many are named of more.
const NAMED: usize = 8;
const FIRST: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn provinces_are_named_and_of_many_the_first_few() {
        let words = italian();
        let names: Vec<ProvinceName> = ('A'..='M')
            .map(|letter| ProvinceName { code: letter.into(), name: letter.to_lowercase().to_string() })
            .collect();
        let codes = |letters: &str| letters.chars().map(String::from).collect::<Vec<_>>();

        assert_eq!(provinces(&words, &[], &names), "tutta Italia");
        assert_eq!(provinces(&words, &codes("BA"), &names), "a e b");
        assert_eq!(provinces(&words, &codes("ABCDEFGHIJ"), &names), "a, b, c, d, e, f e altre 4");
        assert_eq!(provinces(&words, &codes("Z"), &names), "Provincia Z");
    }
}
