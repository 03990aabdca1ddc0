// SPDX-License-Identifier: EUPL-1.2
//! Who could enter, when, from where: every row of the published roll-out, a second before and a second after.

use infocig_domain::{admission::Applicant, province};
use infocig_protocol::{
    http::Verdict,
    language::Language,
    person::{Category, Credential, EntryPoint},
    problem::Code,
};

use super::{applicant, decide, instant, shipped, verdict};

const EMPLOYER_SIDE: [Category; 3] =
    [Category::Titolare, Category::RappresentanteLegale, Category::Consulente];

#[test]
fn workers_of_roma_enter_from_10_may_2021() {
    let roma = applicant(Category::Lavoratore, "058");

    assert_eq!(verdict(&roma, "2021-05-07T15:00:00+02:00"), Verdict::NotEligible);
    assert_eq!(verdict(&roma, "2021-05-10T14:59:59+02:00"), Verdict::Closed);
    assert_eq!(verdict(&roma, "2021-05-10T15:00:00+02:00"), Verdict::Open);
    assert_eq!(verdict(&roma, "2021-05-10T17:59:59+02:00"), Verdict::Open);
    assert_eq!(verdict(&roma, "2021-05-10T18:00:00+02:00"), Verdict::Closed);
}

#[test]
fn workers_of_the_undated_provinces_enter_with_the_next_dated_row() {
    for province in ["063", "015", "001", "072", "082"] {
        let worker = applicant(Category::Lavoratore, province);
        assert_eq!(verdict(&worker, "2022-01-28T17:00:00+01:00"), Verdict::NotEligible, "{province}");
        assert_eq!(verdict(&worker, "2022-01-31T15:00:00+01:00"), Verdict::Open, "{province}");
    }
}

#[test]
fn workers_of_all_of_italy_enter_from_31_january_2022() {
    for unit in province::all() {
        let worker = applicant(Category::Lavoratore, unit.code);
        let before = if unit.code == "058" { Verdict::Open } else { Verdict::NotEligible };
        assert_eq!(verdict(&worker, "2022-01-28T17:00:00+01:00"), before, "{}", unit.name);
        assert_eq!(verdict(&worker, "2022-01-31T17:59:59+01:00"), Verdict::Open, "{}", unit.name);
    }
}

#[test]
fn the_employer_side_of_milano_enters_from_15_december_2022() {
    for category in EMPLOYER_SIDE {
        let milano = applicant(category, "015");
        assert_eq!(verdict(&milano, "2022-12-14T17:59:59+01:00"), Verdict::NotEligible);
        assert_eq!(verdict(&milano, "2022-12-15T14:59:59+01:00"), Verdict::Closed);
        assert_eq!(verdict(&milano, "2022-12-15T15:00:00+01:00"), Verdict::Open);
        assert_eq!(verdict(&applicant(category, "001"), "2022-12-15T15:00:00+01:00"), Verdict::NotEligible);
    }
}

#[test]
fn torino_roma_and_napoli_follow_on_13_february_2023() {
    for category in EMPLOYER_SIDE {
        for province in ["001", "058", "063"] {
            let employer = applicant(category, province);
            assert_eq!(verdict(&employer, "2023-02-10T17:59:59+01:00"), Verdict::NotEligible);
            assert_eq!(verdict(&employer, "2023-02-13T15:00:00+01:00"), Verdict::Open);
        }
        assert_eq!(verdict(&applicant(category, "072"), "2023-02-13T15:00:00+01:00"), Verdict::NotEligible);
    }
}

#[test]
fn the_employer_side_of_all_of_italy_enters_from_22_may_2023() {
    for unit in province::all() {
        for category in EMPLOYER_SIDE {
            let employer = applicant(category, unit.code);
            assert_eq!(verdict(&employer, "2023-05-22T15:00:00+02:00"), Verdict::Open, "{}", unit.name);
        }
    }
    assert_eq!(
        verdict(&applicant(Category::Titolare, "072"), "2023-05-19T17:00:00+02:00"),
        Verdict::NotEligible
    );
}

#[test]
fn omnia_is_opens_the_door_from_21_december_2023() {
    let policy = shipped();
    let omnia = Applicant { entry: Some(EntryPoint::OmniaIs), ..applicant(Category::Consulente, "072") };

    let before = decide(&policy, &omnia, "2023-12-20T15:00:00+01:00");
    assert_eq!(before.code(), Code::NotFromEntryPoint);
    assert_eq!(before.opens, Some(instant("2023-12-21T15:00:00+01:00")));
    assert_eq!(before.source(&policy), "Messaggio INPS 4620/2023");
    assert_eq!(verdict(&omnia, "2023-12-21T15:00:00+01:00"), Verdict::Open);
}

#[test]
fn a_worker_does_not_enter_through_an_employers_portal() {
    let worker = Applicant {
        entry: Some(EntryPoint::CassettoPrevidenziale),
        ..applicant(Category::Lavoratore, "058")
    };
    let policy = shipped();
    let decision = decide(&policy, &worker, "2026-11-23T15:30:00+01:00");
    assert_eq!((decision.code(), decision.opens), (Code::NotFromEntryPoint, None));
}

#[test]
fn could_a_titolare_of_torino_chat_on_12_february_2023() {
    let policy = shipped();
    let decision = decide(&policy, &applicant(Category::Titolare, "001"), "2023-02-12T16:00:00+01:00");

    assert_eq!(decision.code(), Code::NotInProvince);
    assert_eq!(decision.opens, Some(instant("2023-02-13T15:00:00+01:00")));
    let document = decision.to_document(&policy, Language::It);
    assert_eq!(document.source, "Messaggio INPS 520/2023");
    assert_eq!(
        document.message,
        "Il servizio non è ancora attivo nella provincia della sede legale. Lo trovi domani alle 15:00."
    );
}

#[test]
fn before_any_row_a_category_is_told_its_own_first_day() {
    let policy = shipped();
    let decision = decide(&policy, &applicant(Category::Titolare, "015"), "2021-05-10T15:30:00+02:00");
    assert_eq!(decision.code(), Code::NotForCategory);
    assert_eq!(decision.opens, Some(instant("2022-12-15T15:00:00+01:00")));

    let elsewhere = decide(&policy, &applicant(Category::Titolare, "072"), "2021-05-10T15:30:00+02:00");
    assert_eq!(elsewhere.opens, Some(instant("2023-05-22T15:00:00+02:00")));
}

#[test]
fn both_codes_of_milano_and_the_former_codes_of_sardinia_are_the_same_place() {
    assert_eq!(verdict(&applicant(Category::Titolare, "215"), "2022-12-15T15:00:00+01:00"), Verdict::Open);
    for former in ["090", "091", "092", "292", "095", "104", "105", "106", "107"] {
        assert_eq!(
            verdict(&applicant(Category::Titolare, former), "2026-11-23T15:00:00+01:00"),
            Verdict::Open
        );
    }
}

#[test]
fn a_province_nobody_knows_is_said_before_anything_else() {
    let unknown = Applicant { credential: Some(Credential::SpidL1), ..applicant(Category::Titolare, "999") };
    assert_eq!(verdict(&unknown, "2021-01-02T03:00:00+01:00"), Verdict::UnknownProvince);
    assert_eq!(
        verdict(&applicant(Category::Lavoratore, "111"), "2026-11-23T15:00:00+01:00"),
        Verdict::UnknownProvince
    );
}

#[test]
fn a_weak_sign_in_is_said_before_place_and_hour() {
    for credential in Credential::ALL {
        let torino = Applicant { credential: Some(credential), ..applicant(Category::Titolare, "001") };
        let weak = matches!(credential, Credential::SpidL1 | Credential::Pin);
        let expected = if weak { Verdict::CredentialTooWeak } else { Verdict::NotEligible };
        assert_eq!(verdict(&torino, "2022-12-18T03:00:00+01:00"), expected, "{}", credential.as_str());
    }
}

#[test]
fn an_unknown_fact_is_not_judged() {
    let anybody = Applicant { category: Category::Titolare, province: None, credential: None, entry: None };
    assert_eq!(verdict(&anybody, "2022-12-14T16:00:00+01:00"), Verdict::NotEligible);
    assert_eq!(verdict(&anybody, "2022-12-15T16:00:00+01:00"), Verdict::Open);
}

#[test]
fn every_refusal_says_what_it_rests_on_and_where_else_to_go() {
    let policy = shipped();
    let cases = [
        (applicant(Category::Lavoratore, "058"), "2026-11-28T16:00:00+01:00"),
        (applicant(Category::Lavoratore, "058"), "2027-03-29T16:00:00+02:00"),
        (applicant(Category::Lavoratore, "999"), "2026-11-23T16:00:00+01:00"),
        (applicant(Category::Titolare, "001"), "2022-12-15T16:00:00+01:00"),
        (
            Applicant { credential: Some(Credential::Pin), ..applicant(Category::Titolare, "001") },
            "2026-11-23T16:00:00+01:00",
        ),
    ];
    for (who, at) in cases {
        let document = decide(&policy, &who, at).to_document(&policy, Language::It);
        assert_ne!(document.verdict, Verdict::Open);
        assert!(
            !document.source.is_empty() && !document.message.is_empty() && document.channels.len() == 4,
            "{document:?}"
        );
    }
}
