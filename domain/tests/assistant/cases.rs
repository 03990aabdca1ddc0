// SPDX-License-Identifier: EUPL-1.2
//! Cases in words: every phase, benefit, payer and state in every language is pinned in `cases/*.txt`, and says no date that the
//! registry did not give, and no promise.
//!
//! The files are written by the code: `INFOCIG_PIN=1 cargo test -p infocig-domain --test assistant pinned`.

use std::fmt::Write as _;
use std::path::PathBuf;

use infocig_domain::assistant::skills::my_case::{Turn, sentences};
use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Payment},
    id::CaseId,
    language::Language,
};
use proptest::prelude::*;

#[test]
fn every_case_in_every_language_is_pinned() {
    for language in Language::ALL {
        let mut text = String::new();
        for case in cases() {
            let reached = case.reached().map(|step| step.phase);
            writeln!(text, "{reached:?}, {:?}, {:?}, {:?}", case.kind, case.payment, case.status).unwrap();
            writeln!(text, "    {}", sentences(&case, language)).unwrap();
        }
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join(format!("tests/assistant/cases/{}.txt", language.as_str()));
        if std::env::var_os("INFOCIG_PIN").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let pinned = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(pinned == text, "{}: not what the code says", file.display());
    }
}

#[test]
fn nobody_is_told_to_wait_for_whoever_has_nothing_to_do() {
    for case in cases() {
        let turn = Turn::of(&case);
        let is_over = matches!(case.status, CaseStatus::Refused | CaseStatus::Credited);
        let is_paid = case.reached().is_some_and(|step| step.phase == CasePhase::Credited);
        if is_over {
            assert_eq!(turn, Turn::Nobody, "{case:?}");
        }
        if case.status == CaseStatus::WaitingForEmployer {
            assert_eq!(turn, Turn::EmployerSends, "{case:?}");
        }
        if turn == Turn::Bank || (turn == Turn::Nobody && !is_over && !is_paid) {
            assert_eq!((case.payment, turn), (Payment::Direct, Turn::Bank), "{case:?}");
        }
    }
}

#[test]
fn no_sentence_promises_anything() {
    for language in Language::ALL {
        for case in cases() {
            let said = sentences(&case, language).to_lowercase();
            for promise in PROMISES {
                assert!(!said.contains(promise), "\"{promise}\": {said}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_date_is_said_that_the_registry_did_not_give(
        days in prop::collection::vec((2020_i16..2030, 1_i8..=12, 1_i8..=28), 11),
        reached in 0_usize..=9,
        language in prop::sample::select(Language::ALL.to_vec()),
        status in prop::sample::select(STATUSES.to_vec()),
        payment in prop::sample::select(PAYMENTS.to_vec()),
    ) {
        let day = |at: usize| {
            let (year, month, day) = days[at];
            format!("{year:04}-{month:02}-{day:02}")
        };
        let steps = PHASES.iter().enumerate().map(|(at, phase)| CaseStep {
            phase: *phase,
            on: (at < reached).then(|| day(at)),
        });
        let mut case = case(None, BenefitKind::Cigo, payment, status);
        (case.from, case.to, case.steps) = (day(9), day(10), steps.collect());

        // Whatever is a number in the sentence is one of the dates of the case.
        let said = sentences(&case, language);
        let numbers = said.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
        let mut given: Vec<String> = Vec::new();
        let last = reached.checked_sub(1).map(day);
        for date in [day(9), day(10)].into_iter().chain(last) {
            let mut parts = date.split('-').map(|part| part.trim_start_matches('0').to_owned());
            given.extend(parts.next());
            given.extend(parts.nth(1));
        }
        for number in numbers {
            prop_assert!(given.contains(&number.to_owned()), "{}: {}", number, said);
        }
    }

    #[test]
    fn dates_that_are_none_are_not_said(text in "\\PC{0,20}") {
        prop_assume!(text.parse::<jiff::civil::Date>().is_err());
        let mut case = case(Some(CasePhase::Authorised), BenefitKind::Cigs, Payment::Direct, CaseStatus::Late);
        case.from.clone_from(&text);
        for step in &mut case.steps {
            step.on = step.on.as_ref().map(|_| text.clone());
        }
        for language in Language::ALL {
            prop_assert!(!sentences(&case, language).contains(char::is_numeric));
        }
    }
}

/// Every phase, benefit, payer and state.
fn cases() -> impl Iterator<Item = Case> {
    let phases = std::iter::once(None).chain(PHASES.map(Some));
    phases.flat_map(|phase| {
        KINDS.into_iter().flat_map(move |kind| {
            PAYMENTS.into_iter().flat_map(move |payment| {
                STATUSES.into_iter().map(move |status| case(phase, kind, payment, status))
            })
        })
    })
}

fn case(reached: Option<CasePhase>, kind: BenefitKind, payment: Payment, status: CaseStatus) -> Case {
    let applies = |phase: &CasePhase| {
        payment == Payment::Direct || *phase <= CasePhase::Authorised || Some(*phase) <= reached
    };
    let step =
        |phase: CasePhase| CaseStep { phase, on: (Some(phase) <= reached).then(|| "2026-10-08".to_owned()) };
    Case {
        id: CaseId::parse("c1").unwrap(),
        kind,
        company: "Esempio".into(),
        matricola: None,
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment,
        protocol: None,
        ticket: None,
        status,
        steps: PHASES.into_iter().filter(applies).map(step).collect(),
    }
}

const KINDS: [BenefitKind; 5] =
    [BenefitKind::Cigo, BenefitKind::Cigs, BenefitKind::AisFis, BenefitKind::Fondi, BenefitKind::Cisoa];

const PAYMENTS: [Payment; 2] = [Payment::Direct, Payment::Employer];

const STATUSES: [CaseStatus; 5] = [
    CaseStatus::OnTrack,
    CaseStatus::Late,
    CaseStatus::WaitingForEmployer,
    CaseStatus::Refused,
    CaseStatus::Credited,
];

const PHASES: [CasePhase; 9] = [
    CasePhase::Loaded,
    CasePhase::Imported,
    CasePhase::PreChecked,
    CasePhase::Checked,
    CasePhase::Decided,
    CasePhase::Authorised,
    CasePhase::PaymentDataReceived,
    CasePhase::PaymentOrdered,
    CasePhase::Credited,
];

/// Words that would promise something, lower-case: futures, terms, assurances.
const PROMISES: [&str; 31] = [
    "sarà ",
    "saranno",
    "riceverai",
    "arriverà",
    "arriveranno",
    "pagheremo",
    "entro ",
    "presto",
    "garanti",
    "prometti",
    "sicuramente",
    "a breve",
    "will ",
    "soon",
    "guarantee",
    "promise",
    "within",
    "werden sie",
    "demnächst",
    "garantier",
    "versprech",
    "innerhalb",
    "bientôt",
    "sera ",
    "seront",
    "recevrez",
    "promet",
    "kmalu",
    "bo izplačan",
    "prejeli boste",
    "zagotavlja",
];
