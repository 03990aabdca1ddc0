// SPDX-License-Identifier: EUPL-1.2
//! Texts about a case that both interfaces show (`texts/cases/`).

use infocig_protocol::case::{Case, CasePhase, CaseStatus, CaseStep};

use crate::{dates::day_of, words::Words};

/// The key of how a case stands.
pub const fn status(status: CaseStatus) -> &'static str {
    match status {
        CaseStatus::OnTrack => "case.on_track",
        CaseStatus::Late => "case.late",
        CaseStatus::WaitingForEmployer => "case.waiting_for_employer",
        CaseStatus::Refused => "case.refused",
        CaseStatus::Credited => "case.credited",
    }
}

/// The key of a step of a case. The first five carry INPS's own names in every language (press release on CIGO with the
/// Covid-19 reason, 2021).
pub const fn step(phase: CasePhase) -> &'static str {
    match phase {
        CasePhase::Loaded => "step.loaded",
        CasePhase::Imported => "step.imported",
        CasePhase::PreChecked => "step.pre_checked",
        CasePhase::Checked => "step.checked",
        CasePhase::Decided => "step.decided",
        CasePhase::Authorised => "step.authorised",
        CasePhase::PaymentDataReceived => "step.payment_data_received",
        CasePhase::PaymentOrdered => "step.payment_ordered",
        CasePhase::Credited => "step.credited",
    }
}

/// The language a step's name is in, where every language says it alike.
pub const fn step_language(phase: CasePhase) -> Option<&'static str> {
    match phase {
        CasePhase::Loaded
        | CasePhase::Imported
        | CasePhase::PreChecked
        | CasePhase::Checked
        | CasePhase::Decided => Some("it"),
        CasePhase::Authorised
        | CasePhase::PaymentDataReceived
        | CasePhase::PaymentOrdered
        | CasePhase::Credited => None,
    }
}

/// Whether a step is done, and when.
pub fn done(words: &Words, step: &CaseStep) -> String {
    match &step.on {
        Some(on) => words.fill("case.done", &[("day", &day_of(on, words))]),
        None => words.text("case.not_yet"),
    }
}

/// The days a case is for.
pub fn period(words: &Words, case: &Case) -> String {
    let (from, to) = (day_of(&case.from, words), day_of(&case.to, words));
    words.fill("date.range", &[("from", &from), ("to", &to)])
}

/// The heading of a case: kind, company, period.
pub fn heading(words: &Words, case: &Case) -> String {
    let Case { kind, company, .. } = case;
    let values = [("kind", kind.name()), ("company", company), ("period", &period(words, case))];
    words.fill("case.heading", &values)
}

#[cfg(test)]
mod tests {
    use infocig_protocol::language::Language;

    use super::*;

    #[test]
    fn names_that_stay_italian_are_marked_so_and_no_others() {
        let italian = Words::read(Language::It, include_str!("../texts/cases/it.json")).unwrap();
        let german = Words::read(Language::De, include_str!("../texts/cases/de.json")).unwrap();
        for phase in CasePhase::ALL {
            let stays = italian.text(step(phase)) == german.text(step(phase));
            assert_eq!(step_language(phase), stays.then_some("it"), "{phase:?}");
        }
    }
}
