// SPDX-License-Identifier: EUPL-1.2
//! The cases of the invented people, and access to them: workers and their representatives see those of the worker, the
//! employer side sees those of a company it may act for.
//!
//! Dates are fixed: the registry speaks of one instant, the morning of the day the demonstration starts at. INPS published the
//! first steps of CIGO only; the other kinds have the steps that every application has.

use infocig_protocol::{
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Payment},
    id::CaseId,
    person::Category,
};
use serde::Deserialize;

use crate::people::{PEOPLE, Person};

/// The instant of the data.
pub(crate) const AS_OF: &str = "2026-11-23T05:00:00Z";

/// A search: the person whose cases are wanted, and the person who asks. Ids are those of the portal's tokens.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the members are called as the contract calls them")]
pub(crate) struct Subject {
    issuer: String,
    subject: String,
    #[serde(default)]
    actor: Option<String>,
    category: Category,
    #[serde(default)]
    matricola: Option<String>,
}

/// The person who asks may not see these cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotDelegated;

/// The cases the person who asks may see, newest period first. `issuer` is the portal whose ids the registry knows: a
/// subject of another issuer is unknown, and has no cases.
pub(crate) fn search(asked: &Subject, issuer: &str) -> Result<Vec<Case>, NotDelegated> {
    let by_subject = |subject: &str| PEOPLE.iter().find(|person| person.subject == subject);
    let Some(person) = by_subject(&asked.subject).filter(|_| asked.issuer == issuer) else {
        return Ok(Vec::new());
    };
    if let Some(actor) = &asked.actor {
        let represented = by_subject(actor).and_then(|actor| actor.represents);
        if represented.map(|represented| represented.subject) != Some(person.subject) {
            return Err(NotDelegated);
        }
    }
    let is_worker = asked.category == Category::Lavoratore;
    if !is_worker && !may_act(person, asked) {
        return Err(NotDelegated);
    }
    let mut cases: Vec<&Row> = ROWS
        .iter()
        .filter(|row| {
            if is_worker {
                row.workers.contains(&person.id)
            } else {
                Some(row.company.0) == asked.matricola.as_deref()
            }
        })
        .collect();
    cases.sort_by(|one, other| (other.from, other.to, one.id).cmp(&(one.from, one.to, other.id)));
    Ok(cases.into_iter().filter_map(Row::case).collect())
}

fn may_act(person: &Person, asked: &Subject) -> bool {
    let company = asked.matricola.as_deref().and_then(|matricola| person.company(matricola));
    person.category == asked.category && company.is_some()
}

/// The phases of an application for `kind` with this form of payment.
pub(crate) fn phases(kind: BenefitKind, payment: Payment) -> Vec<CasePhase> {
    use CasePhase as P;
    CasePhase::ALL
        .into_iter()
        .filter(|phase| match phase {
            P::Loaded | P::Decided | P::Authorised => true,
            P::Imported | P::PreChecked | P::Checked => kind == BenefitKind::Cigo,
            P::PaymentDataReceived | P::PaymentOrdered | P::Credited => payment == Payment::Direct,
        })
        .collect()
}

/// A case: its phases are reached on `days`, one after the other.
struct Row {
    id: &'static str,
    kind: BenefitKind,
    company: (&'static str, &'static str),
    from: &'static str,
    to: &'static str,
    payment: Payment,
    status: CaseStatus,
    days: &'static [&'static str],
    workers: &'static [&'static str],
}

impl Row {
    fn case(&self) -> Option<Case> {
        let mut steps: Vec<CaseStep> = phases(self.kind, self.payment)
            .into_iter()
            .enumerate()
            .map(|(place, phase)| CaseStep { phase, on: self.days.get(place).map(|day| (*day).to_owned()) })
            .collect();
        if self.status == CaseStatus::Refused {
            steps.truncate(self.days.len());
        }
        let serial = self.id.rsplit('-').next().unwrap_or_default();
        Some(Case {
            id: CaseId::parse(self.id).ok()?,
            kind: self.kind,
            company: self.company.1.to_owned(),
            matricola: Some(self.company.0.to_owned()),
            from: self.from.to_owned(),
            to: self.to.to_owned(),
            payment: self.payment,
            protocol: Some(format!("PROVA/2026/{serial}")),
            ticket: (self.kind != BenefitKind::Cisoa).then(|| format!("PROVA-{serial}")),
            status: self.status,
            steps,
        })
    }
}

const OFFICINE: (&str, &str) = ("9900000015", "Officine Fantasia S.r.l.");
const TESSITURA: (&str, &str) = ("9900000001", "Tessitura Immaginaria S.p.A.");
const BISCOTTI: (&str, &str) = ("9900000215", "Biscotti Inesistenti S.r.l.");
const CALZATURE: (&str, &str) = ("9900000263", "Calzature Inventate S.n.c.");
/// A company for which none of the people acts.
const VIGNETI: (&str, &str) = ("9900000307", "Vigneti Mai Visti Soc. agr.");

const ROWS: &[Row] = &[
    Row {
        id: "cigo-0000101",
        kind: BenefitKind::Cigo,
        company: CALZATURE,
        from: "2026-09-07",
        to: "2026-10-04",
        payment: Payment::Direct,
        status: CaseStatus::WaitingForEmployer,
        days: &["2026-09-18", "2026-09-19", "2026-09-22", "2026-10-08", "2026-10-21", "2026-10-28"],
        workers: &["worker-napoli"],
    },
    Row {
        id: "cigo-0000102",
        kind: BenefitKind::Cigo,
        company: CALZATURE,
        from: "2026-06-01",
        to: "2026-06-28",
        payment: Payment::Direct,
        status: CaseStatus::Credited,
        days: &[
            "2026-06-11",
            "2026-06-12",
            "2026-06-15",
            "2026-06-29",
            "2026-07-08",
            "2026-07-14",
            "2026-07-22",
            "2026-07-29",
            "2026-08-04",
        ],
        workers: &["worker-napoli"],
    },
    Row {
        id: "cigo-0000103",
        kind: BenefitKind::Cigo,
        company: CALZATURE,
        from: "2026-11-09",
        to: "2026-12-06",
        payment: Payment::Direct,
        status: CaseStatus::OnTrack,
        days: &["2026-11-20"],
        workers: &["worker-napoli"],
    },
    Row {
        id: "cigo-0000104",
        kind: BenefitKind::Cigo,
        company: OFFICINE,
        from: "2026-11-02",
        to: "2026-11-29",
        payment: Payment::Employer,
        status: CaseStatus::OnTrack,
        days: &["2026-11-16", "2026-11-17"],
        workers: &[],
    },
    Row {
        id: "cigo-0000105",
        kind: BenefitKind::Cigo,
        company: OFFICINE,
        from: "2026-08-31",
        to: "2026-09-27",
        payment: Payment::Employer,
        status: CaseStatus::Late,
        days: &["2026-09-10", "2026-09-11", "2026-09-14", "2026-09-30"],
        workers: &[],
    },
    Row {
        id: "cigo-0000106",
        kind: BenefitKind::Cigo,
        company: TESSITURA,
        from: "2026-10-26",
        to: "2026-11-22",
        payment: Payment::Direct,
        status: CaseStatus::OnTrack,
        days: &["2026-11-05", "2026-11-06", "2026-11-10"],
        workers: &["worker-roma"],
    },
    Row {
        id: "cigs-0000201",
        kind: BenefitKind::Cigs,
        company: TESSITURA,
        from: "2026-07-06",
        to: "2027-01-03",
        payment: Payment::Direct,
        status: CaseStatus::Late,
        days: &["2026-07-16", "2026-09-10", "2026-09-24", "2026-10-22"],
        workers: &["worker-roma"],
    },
    Row {
        id: "ais-fis-0000301",
        kind: BenefitKind::AisFis,
        company: BISCOTTI,
        from: "2026-10-05",
        to: "2026-11-01",
        payment: Payment::Direct,
        status: CaseStatus::Refused,
        days: &["2026-10-14", "2026-11-11"],
        workers: &["worker-spid1"],
    },
    Row {
        id: "ais-fis-0000302",
        kind: BenefitKind::AisFis,
        company: BISCOTTI,
        from: "2026-07-06",
        to: "2026-08-02",
        payment: Payment::Employer,
        status: CaseStatus::OnTrack,
        days: &["2026-07-15", "2026-09-08", "2026-09-15"],
        workers: &["worker-spid1"],
    },
    Row {
        id: "fondi-0000401",
        kind: BenefitKind::Fondi,
        company: BISCOTTI,
        from: "2026-09-14",
        to: "2026-10-11",
        payment: Payment::Direct,
        status: CaseStatus::OnTrack,
        days: &["2026-09-24", "2026-10-20"],
        workers: &["worker-spid1"],
    },
    Row {
        id: "cisoa-0000501",
        kind: BenefitKind::Cisoa,
        company: VIGNETI,
        from: "2026-09-21",
        to: "2026-10-18",
        payment: Payment::Direct,
        status: CaseStatus::OnTrack,
        days: &["2026-10-01", "2026-10-23", "2026-10-30", "2026-11-10", "2026-11-19"],
        workers: &["worker-roma"],
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ISSUER: &str = "http://portal.example";

    #[test]
    fn every_kind_phase_and_state_is_there() {
        let cases = every();

        let kinds: BTreeSet<_> = cases.iter().map(|case| case.kind).collect();
        let reached: BTreeSet<_> = cases.iter().filter_map(|case| Some(case.reached()?.phase)).collect();
        let statuses: BTreeSet<_> = cases.iter().map(|case| case.status).collect();

        assert_eq!(cases.len(), ROWS.len());
        assert_eq!(kinds, BTreeSet::from(BenefitKind::ALL));
        assert_eq!(reached, BTreeSet::from(CasePhase::ALL));
        assert_eq!(statuses.len(), 5);
    }

    #[test]
    fn every_case_agrees_with_itself() {
        for case in every() {
            let id = &case.id;
            let days: Vec<&str> = case.steps.iter().filter_map(|step| step.on.as_deref()).collect();
            let last = case.reached().map(|step| step.phase);

            assert!(days.is_sorted() && days.iter().all(|day| *day < AS_OF), "{id}");
            assert!(case.from < case.to && days.first().is_some_and(|day| *day > case.from.as_str()), "{id}");
            assert_eq!(case.status == CaseStatus::Credited, last == Some(CasePhase::Credited), "{id}");
            match case.status {
                CaseStatus::Refused => assert_eq!(days.len(), case.steps.len(), "{id}"),
                CaseStatus::WaitingForEmployer => assert_eq!(last, Some(CasePhase::Authorised), "{id}"),
                CaseStatus::OnTrack | CaseStatus::Late | CaseStatus::Credited => {
                    let pays = case.steps.iter().any(|step| step.phase == CasePhase::Credited);
                    assert_eq!(pays, case.payment == Payment::Direct, "{id}");
                }
            }
            for reference in [&case.protocol, &case.ticket].into_iter().flatten() {
                assert!(infocig_protocol::case::is_reference(reference), "{reference}");
            }
        }
        let ids: BTreeSet<_> = ROWS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ROWS.len());
    }

    #[test]
    fn companies_and_workers_of_the_cases_can_sign_in() {
        for row in ROWS.iter().filter(|row| row.company != VIGNETI) {
            let company = PEOPLE.iter().find_map(|person| person.company(row.company.0)).unwrap();
            assert_eq!(company.name, row.company.1);
        }
        for id in ROWS.iter().flat_map(|row| row.workers) {
            assert_eq!(Person::by_id(id).unwrap().category, Category::Lavoratore);
        }
    }

    #[test]
    fn steps_are_cut_to_the_kind_and_the_payment() {
        assert_eq!(phases(BenefitKind::Cigo, Payment::Direct), CasePhase::ALL);
        assert_eq!(phases(BenefitKind::Cigo, Payment::Employer), CasePhase::ALL[..6]);
        assert_eq!(phases(BenefitKind::Cisoa, Payment::Direct).len(), 6);
        assert_eq!(phases(BenefitKind::Cigs, Payment::Employer).len(), 3);
    }

    #[test]
    fn the_money_of_carmine_waits_for_his_employer() {
        let cases = search(&asks("worker-napoli", None, None), ISSUER).unwrap();
        let waiting: Vec<_> =
            cases.iter().filter(|case| case.status == CaseStatus::WaitingForEmployer).collect();

        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].kind, waiting[0].payment), (BenefitKind::Cigo, Payment::Direct));
        assert_eq!(waiting[0].reached().unwrap().phase, CasePhase::Authorised);
        assert!(cases.is_sorted_by(|one, other| one.from >= other.from));
    }

    #[test]
    fn a_representative_of_a_worker_sees_the_cases_of_the_worker() {
        let own = search(&asks("worker-napoli", None, None), ISSUER).unwrap();

        assert_eq!(search(&asks("worker-napoli", Some("tutore-napoli"), None), ISSUER), Ok(own));
        for stranger in ["worker-roma", "consulente-napoli"] {
            assert_eq!(search(&asks("worker-napoli", Some(stranger), None), ISSUER), Err(NotDelegated));
        }
        assert_eq!(search(&asks("worker-roma", Some("tutore-napoli"), None), ISSUER), Err(NotDelegated));
    }

    #[test]
    fn the_employer_side_sees_the_companies_it_may_act_for() {
        let of = |matricola| search(&asks("consulente-napoli", None, matricola), ISSUER);

        assert!(of(Some("9900000215")).unwrap().iter().all(|case| case.company == BISCOTTI.1));
        assert_eq!(of(Some("9900000263")).unwrap().len(), 3);
        for other in [None, Some("9900000015"), Some("9900000307"), Some("")] {
            assert_eq!(of(other), Err(NotDelegated), "{other:?}");
        }
        let mut worker = asks("worker-napoli", None, Some("9900000263"));
        worker.category = Category::Consulente;
        assert_eq!(search(&worker, ISSUER), Err(NotDelegated));
    }

    #[test]
    fn an_unknown_person_has_no_cases() {
        let carmine = asks("worker-napoli", None, None);

        assert_eq!(search(&Subject { subject: "p-0".into(), ..carmine.clone() }, ISSUER), Ok(Vec::new()));
        assert_eq!(search(&carmine, "http://elsewhere.example"), Ok(Vec::new()));
        assert_eq!(search(&asks("tutore-napoli", None, None), ISSUER), Ok(Vec::new()));
    }

    fn asks(id: &str, actor: Option<&str>, matricola: Option<&str>) -> Subject {
        let person = Person::by_id(id).unwrap();
        Subject {
            issuer: ISSUER.to_owned(),
            subject: person.subject.to_owned(),
            actor: actor.map(|actor| Person::by_id(actor).unwrap().subject.to_owned()),
            category: person.category,
            matricola: matricola.map(str::to_owned),
        }
    }

    fn every() -> Vec<Case> {
        ROWS.iter().filter_map(Row::case).collect()
    }
}
