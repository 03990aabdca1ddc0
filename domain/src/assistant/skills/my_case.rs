// SPDX-License-Identifier: EUPL-1.2
//! The skill `my_case`: how far a case has come, whose turn it is, what usually comes next, and of when this is.
//!
//! Every date it says is one of the registry. It promises nothing: no registry says when a step will be reached, so no sentence
//! does.

use infocig_protocol::{
    case::{Case, CasePhase, CaseStatus, Cases, Payment},
    language::Language,
};
use jiff::{Timestamp, civil::Date};

use super::case_words::CaseWords;
use super::{Facts, Skill, is_about};
use crate::assistant::library::Found;
use crate::assistant::master::Asker;
use crate::calendar::ZONE;
use crate::transcript::{clock, fill};

pub(super) const SKILL: Skill =
    Skill { name: "my_case", needs: Facts::Cases, claims: |found| is_about(found, &TOPICS), say };

const TOPICS: [&str; 4] =
    ["stato-domanda", "tempi-pagamento", "domanda-in-attesa-azienda", "fasi-istruttoria-cigo"];

/// The most cases that are told: the newest ones.
const MOST_CASES: usize = 3;

/// Whoever must act now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The office has the application or the payment.
    Office,
    /// The employer has yet to send the data that the payment needs.
    EmployerSends,
    /// The employer pays, with the wage.
    EmployerPays,
    /// The money is on its way.
    Bank,
    /// Nothing is to come.
    Nobody,
}

impl Turn {
    /// Whose turn a case is.
    pub fn of(case: &Case) -> Self {
        let by_payment = |direct: Self| match case.payment {
            Payment::Direct => direct,
            Payment::Employer => Self::EmployerPays,
        };
        match case.status {
            CaseStatus::Refused | CaseStatus::Credited => Self::Nobody,
            CaseStatus::WaitingForEmployer => Self::EmployerSends,
            CaseStatus::OnTrack | CaseStatus::Late => match case.reached().map(|step| step.phase) {
                None
                | Some(
                    CasePhase::Loaded
                    | CasePhase::Imported
                    | CasePhase::PreChecked
                    | CasePhase::Checked
                    | CasePhase::Decided,
                ) => Self::Office,
                Some(CasePhase::Authorised) => by_payment(Self::EmployerSends),
                Some(CasePhase::PaymentDataReceived) => by_payment(Self::Office),
                Some(CasePhase::PaymentOrdered) => by_payment(Self::Bank),
                Some(CasePhase::Credited) => Self::Nobody,
            },
        }
    }
}

fn say(asker: &Asker<'_>, _found: &Found<'_>) -> Vec<String> {
    let Some(Cases { as_of, cases }) = asker.cases else { return Vec::new() };
    let words = CaseWords::of(asker.language);
    if cases.is_empty() {
        return vec![words.no_case.to_owned(), taken(*as_of, words, asker.language)];
    }
    let told = cases.iter().take(MOST_CASES).map(|case| sentences(case, asker.language));
    told.chain([taken(*as_of, words, asker.language)]).collect()
}

/// A case in words: what it is, how far it has come, whose turn it is, what usually comes next.
pub fn sentences(case: &Case, language: Language) -> String {
    let words = CaseWords::of(language);
    let date = |text: &str| date(text, language);
    let mut said = vec![match (date(&case.from), date(&case.to)) {
        (Some(from), Some(to)) => fill(words.case, &[case.kind.name(), &case.company, &from, &to]),
        (None, _) | (_, None) => fill(words.case_without_period, &[case.kind.name(), &case.company]),
    }];
    let reached = case.reached();
    said.push(match reached {
        None => words.nothing_yet.to_owned(),
        Some(step) => match step.on.as_deref().and_then(date) {
            Some(on) => elided(fill(words.reached(step.phase), &[&on])),
            None => fill(words.reached_some_day, &[words.name(step.phase)]),
        },
    });
    let turn = Turn::of(case);
    match case.status {
        CaseStatus::Refused => said.push(words.refused.to_owned()),
        CaseStatus::Credited if reached.is_some_and(|step| step.phase == CasePhase::Credited) => {}
        CaseStatus::Credited => said.push(words.credited.to_owned()),
        CaseStatus::Late => said.push(words.late.to_owned()),
        CaseStatus::OnTrack | CaseStatus::WaitingForEmployer => {}
    }
    said.extend(words.turn(turn).map(str::to_owned));
    let next = case.steps.iter().find(|step| step.on.is_none()).filter(|_| turn != Turn::Nobody);
    if let Some(next) = next {
        said.push(fill(words.next, &[words.name(next.phase)]));
        said.push(words.no_date.to_owned());
    }
    said.join(" ")
}

/// Italian says "L'8 ottobre" and "L'11 ottobre".
fn elided(sentence: String) -> String {
    for day in ["8", "11"] {
        if let Some(rest) = sentence.strip_prefix(&format!("Il {day} ")) {
            return format!("L'{day} {rest}");
        }
    }
    sentence
}

fn taken(as_of: infocig_protocol::time::Timestamp, words: &CaseWords, language: Language) -> String {
    let instant = Timestamp::from_millisecond(as_of.as_millis()).unwrap_or_default();
    let day = said(instant.to_zoned(ZONE).date(), language);
    fill(words.as_of, &[&day, &clock(as_of)])
}

/// A day of the registry in words; `None` if it is none.
fn date(text: &str, language: Language) -> Option<String> {
    text.parse::<Date>().ok().map(|date| said(date, language))
}

fn said(date: Date, language: Language) -> String {
    let words = CaseWords::of(language);
    let month = usize::try_from(date.month() - 1).ok().and_then(|month| words.months.get(month));
    let day = if date.day() == 1 { words.first.to_owned() } else { date.day().to_string() };
    fill(words.date, &[&day, month.copied().unwrap_or_default(), &date.year().to_string()])
}
