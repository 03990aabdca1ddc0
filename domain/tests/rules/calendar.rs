// SPDX-License-Identifier: EUPL-1.2
//! Time itself: every Friday and Monday, every national holiday, both clock changes of each year, minute by minute.

use infocig_domain::{
    admission::{Assessment, Decision, Load, admit},
    calendar::{Calendar, Shut, ZONE, easter_sunday},
    policy::Policy,
};
use infocig_protocol::{http::Verdict, language::Language, person::Category, problem::Code};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Weekday, date},
};
use proptest::prelude::*;

use super::{SHIPPED, applicant, decide, instant, shipped};

#[test]
fn every_friday_closes_until_the_next_working_monday() {
    let policy = shipped();
    let worker = applicant(Category::Lavoratore, "058");
    for day in days(2026, 2030).filter(|day| day.weekday() == Weekday::Friday && !is_holiday(*day)) {
        let closing = ZONE.to_timestamp(day.at(18, 0, 0, 0)).unwrap();
        assert!(
            admit(
                &policy,
                &worker,
                Load::Bearable,
                closing.checked_sub(SignedDuration::from_secs(1)).unwrap()
            )
            .is_open()
        );

        let decision = admit(&policy, &worker, Load::Bearable, closing);
        let next = next_working_day(day);
        assert_eq!(decision.verdict(), Verdict::Closed, "{day}");
        assert_eq!(decision.opens, ZONE.to_timestamp(next.at(15, 0, 0, 0)).ok(), "{day}");
    }
}

#[test]
fn every_national_holiday_from_2021_to_2030_closes() {
    let policy = shipped();
    let mut closed = 0;
    for day in days(2021, 2030).filter(|day| is_holiday(*day)) {
        let calendar = Calendar::of(&policy, Category::Lavoratore, None);
        let at = ZONE.to_timestamp(day.at(16, 0, 0, 0)).unwrap();
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match calendar.at(at) {
            Err(Shut::Holiday(_)) => assert!(!weekend, "{day}"),
            Err(Shut::OutsideHours) => assert!(weekend, "{day}"),
            other => panic!("{day}: {other:?}"),
        }
        closed += 1;
    }
    // Eleven every year and Easter twice; 4 October from 2026 to 2030.
    assert_eq!(closed, 10 * 12 + 5 - easters_on_other_holidays());
}

#[test]
fn the_fourth_of_october_closes_from_2026_on() {
    let policy = shipped();
    let worker = applicant(Category::Lavoratore, "058");
    assert!(decide(&policy, &worker, "2024-10-04T16:00:00+02:00").is_open());
    let first_working_one = decide(&policy, &worker, "2027-10-04T16:00:00+02:00");
    assert_eq!(first_working_one.code(), Code::Holiday);
    assert_eq!(first_working_one.source(&policy), "Legge 151/2025");
}

#[test]
fn the_patron_of_roma_closes_nothing() {
    let policy = shipped();
    assert!(decide(&policy, &applicant(Category::Lavoratore, "058"), "2026-06-29T16:00:00+02:00").is_open());
}

#[test]
fn easter_monday_says_its_name_and_the_day_after() {
    let policy = shipped();
    let decision = decide(&policy, &applicant(Category::Lavoratore, "058"), "2027-03-29T16:00:00+02:00");
    assert_eq!(
        decision.to_document(&policy, Language::It).message,
        "Il servizio oggi è chiuso per festività (Lunedì dell'Angelo). Torna domani alle 15:00."
    );
}

#[test]
fn on_both_clock_changes_of_each_year_every_minute_agrees_with_its_own_boundaries() {
    // Round the clock, so that the hours that are skipped and repeated are opening hours.
    let hours = SHIPPED.replace("\"15:00\"", "\"00:00\"").replace("\"18:00\"", "\"24:00\"");
    let always =
        Policy::parse(&hours.replace("\"friday\"]", "\"friday\", \"saturday\", \"sunday\"]")).unwrap();
    for policy in [&shipped(), &always] {
        for year in 2026..=2050 {
            for month in [3, 10] {
                let change = last_sunday(year, month);
                let from = ZONE.to_timestamp(change.yesterday().unwrap().at(12, 0, 0, 0)).unwrap();
                each_minute_agrees(policy, from, 60 * 36);
            }
        }
    }
}

#[test]
fn several_intervals_a_day_touch_without_a_seam_and_cross_midnight() {
    let late = SHIPPED.replacen(
        "\"from\": \"15:00\",\n      \"to\": \"18:00\"",
        "\"from\": \"15:00\",\n      \"to\": \"16:30\"",
        2,
    );
    let extra = r#""hours": [
    { "categories": ["lavoratore"], "weekdays": ["monday"], "from": "16:30", "to": "18:00", "source": "prova" },
    { "categories": ["lavoratore"], "weekdays": ["monday"], "from": "21:00", "to": "22:00", "source": "prova" },"#;
    let policy = Policy::parse(&late.replace("\"hours\": [", extra)).unwrap();
    let worker = applicant(Category::Lavoratore, "058");

    let afternoon = decide(&policy, &worker, "2026-11-23T15:10:00+01:00");
    assert_eq!(afternoon.closes, Some(instant("2026-11-23T18:00:00+01:00")));
    let pause = decide(&policy, &worker, "2026-11-23T18:00:00+01:00");
    assert_eq!(pause.opens, Some(instant("2026-11-23T21:00:00+01:00")));
}

#[test]
fn a_closure_of_an_hour_of_some_provinces_closes_just_that() {
    let closure = r#""closures": [{ "from": "2026-11-23T16:00", "to": "2026-11-23T17:00", "provinces": ["058"],
        "reason": "Manutenzione dell'archivio: torniamo alle 17.", "source": "prova" }]"#;
    let policy = Policy::parse(&SHIPPED.replace("\"closures\": []", closure)).unwrap();
    let roma = applicant(Category::Lavoratore, "058");

    assert_eq!(
        decide(&policy, &roma, "2026-11-23T15:59:59+01:00").closes,
        Some(instant("2026-11-23T16:00:00+01:00"))
    );
    let during = decide(&policy, &roma, "2026-11-23T16:00:00+01:00");
    assert_eq!((during.code(), during.opens), (Code::Closure, Some(instant("2026-11-23T17:00:00+01:00"))));
    assert!(decide(&policy, &roma, "2026-11-23T17:00:00+01:00").is_open());
    assert!(decide(&policy, &applicant(Category::Lavoratore, "015"), "2026-11-23T16:30:00+01:00").is_open());
}

#[test]
fn after_the_last_admission_only_open_conversations_go_on() {
    let policy =
        Policy::parse(&SHIPPED.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 20"))
            .unwrap();
    let worker = applicant(Category::Lavoratore, "058");

    assert!(decide(&policy, &worker, "2026-11-23T17:39:59+01:00").is_open());
    let late = decide(&policy, &worker, "2026-11-23T17:40:00+01:00");
    assert_eq!(late.decision, Decision::OnlyOngoing);
    assert_eq!(late.closes, Some(instant("2026-11-23T18:00:00+01:00")));
    assert_eq!(late.opens, Some(instant("2026-11-24T15:00:00+01:00")));
}

#[test]
fn an_empty_desk_closes_the_entrance_after_the_minutes_of_the_policy_within_opening_hours() {
    let accept = "\"accept_within_seconds\"";
    let ten = SHIPPED.replace(accept, &format!("\"unstaffed_minutes\": 10, {accept}"));
    let (policy, shipped) = (Policy::parse(&ten).unwrap(), shipped());
    let worker = applicant(Category::Lavoratore, "058");
    let left = |at: &str| infocig_protocol::time::Timestamp::from_millis(instant(at).as_millisecond());
    let asked = |policy, since: Option<&str>, at: &str| {
        let decided = admit(policy, &worker, Load::Unstaffed { since: since.map(left) }, instant(at));
        (decided.code(), decided.changes)
    };
    let changes = |at: &str| Some(instant(at));

    // Nobody has come since the service opened, and nobody was there since Friday.
    for since in [None, Some("2026-11-20T18:00:00+01:00")] {
        assert_eq!(
            asked(&policy, since, "2026-11-23T15:09:59+01:00"),
            (Code::Open, changes("2026-11-23T15:10:00+01:00"))
        );
        assert_eq!(asked(&policy, since, "2026-11-23T15:10:00+01:00").0, Code::Unstaffed);
    }
    let since = Some("2026-11-23T16:00:00+01:00");
    assert_eq!(asked(&policy, since, "2026-11-23T16:09:00+01:00").0, Code::Open);
    assert_eq!(asked(&policy, since, "2026-11-23T16:10:00+01:00").0, Code::Unstaffed);
    assert_eq!(asked(&policy, since, "2026-11-23T18:10:00+01:00").0, Code::OutsideHours);
    assert_eq!(asked(&shipped, since, "2026-11-23T17:00:00+01:00").0, Code::Open);
}

#[test]
fn a_full_queue_closes_the_entrance_and_nothing_else() {
    let policy = shipped();
    let worker = applicant(Category::Lavoratore, "058");
    let full = |at: &str| admit(&policy, &worker, Load::QueueFull, instant(at));

    let during = full("2026-11-23T16:00:00+01:00");
    assert_eq!((during.verdict(), during.code()), (Verdict::OnlyOngoing, Code::QueueFull));
    assert_eq!((during.opens, during.closes), (None, Some(instant("2026-11-23T18:00:00+01:00"))));
    assert_eq!(full("2026-11-23T18:00:00+01:00").code(), Code::OutsideHours);
}

#[test]
fn an_answer_says_when_it_ceases_to_hold() {
    let policy =
        Policy::parse(&SHIPPED.replace("\"last_admission_minutes\": 0", "\"last_admission_minutes\": 20"))
            .unwrap();
    let worker = applicant(Category::Lavoratore, "058");
    let changes = |at: &str| decide(&policy, &worker, at).changes;

    assert_eq!(changes("2026-11-23T16:00:00+01:00"), Some(instant("2026-11-23T17:40:00+01:00")));
    assert_eq!(changes("2026-11-23T17:40:00+01:00"), Some(instant("2026-11-23T18:00:00+01:00")));
    assert_eq!(changes("2026-11-23T18:00:00+01:00"), Some(instant("2026-11-24T00:00:00+01:00")));
    assert_eq!(changes("2026-11-24T00:00:00+01:00"), Some(instant("2026-11-24T15:00:00+01:00")));
    assert_eq!(
        decide(&policy, &applicant(Category::Lavoratore, "999"), "2026-11-24T00:00:00+01:00").changes,
        None
    );
}

#[test]
fn a_service_that_never_opens_says_so_and_does_not_search_for_ever() {
    let closure = r#""closures": [{ "from": "2026-01-01", "to": "2040-01-01", "reason": "Sospeso.", "source": "prova" }]"#;
    let policy = Policy::parse(&SHIPPED.replace("\"closures\": []", closure)).unwrap();
    let decision = decide(&policy, &applicant(Category::Lavoratore, "058"), "2026-11-23T16:00:00+01:00");
    assert_eq!((decision.verdict(), decision.opens), (Verdict::Closed, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn from_any_instant_the_boundaries_are_right(second in 1_600_000_000_i64..2_540_000_000, category in 0_usize..4) {
        let policy = shipped();
        let at = Timestamp::from_second(second).unwrap();
        boundaries_agree(&policy, Category::ALL[category], at);
    }
}

/// Status is constant between an instant and its next boundary; at the boundary it changes, for the first time.
fn boundaries_agree(policy: &Policy, category: Category, at: Timestamp) {
    let who = applicant(category, "072");
    let decision = admit(policy, &who, Load::Bearable, at);
    match (decision.is_open(), decision.opens, decision.closes) {
        (true, None, Some(closes)) => {
            assert!(at < closes);
            for step in between(at, closes) {
                assert_eq!(admit(policy, &who, Load::Bearable, step).decision, Decision::Open, "{at} {step}");
            }
            assert!(!admit(policy, &who, Load::Bearable, closes).is_open(), "{at} {closes}");
        }
        (false, Some(opens), None) => {
            assert!(at < opens);
            assert!(admit(policy, &who, Load::Bearable, opens).is_open(), "{at} {opens}");
            for step in between(at, opens) {
                let sooner = admit(policy, &who, Load::Bearable, step);
                assert!(!sooner.is_open() && sooner.opens == Some(opens), "{at} {step}");
            }
        }
        other => panic!("{at}: {other:?}"),
    }
}

/// A few instants from `from` on, and the last one before `to`.
fn between(from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let length = to.as_second() - from.as_second();
    let mut steps: Vec<Timestamp> =
        (0..8).map(|part| Timestamp::from_second(from.as_second() + length * part / 8).unwrap()).collect();
    steps.push(to.checked_sub(SignedDuration::from_millis(1)).unwrap());
    steps
}

fn each_minute_agrees(policy: &Policy, from: Timestamp, minutes: i64) {
    let worker = applicant(Category::Lavoratore, "058");
    let at = |minute: i64| from.checked_add(SignedDuration::from_mins(minute)).unwrap();
    let decisions: Vec<Assessment<'_>> =
        (0..minutes).map(|minute| admit(policy, &worker, Load::Bearable, at(minute))).collect();
    for (pair, minute) in decisions.windows(2).zip(0..) {
        let boundary = if pair[0].is_open() { pair[0].closes } else { pair[0].opens };
        let crossed = boundary.is_some_and(|boundary| boundary <= at(minute + 1));
        if pair[0].is_open() != pair[1].is_open() {
            assert!(crossed, "{} changed without a boundary", at(minute + 1));
        }
        if !crossed {
            assert_eq!(pair[0].is_open(), pair[1].is_open(), "{}", at(minute + 1));
            assert_eq!(
                (pair[0].opens, pair[0].closes),
                (pair[1].opens, pair[1].closes),
                "{}",
                at(minute + 1)
            );
        }
    }
}

fn days(first_year: i16, last_year: i16) -> impl Iterator<Item = Date> {
    date(first_year, 1, 1).series(jiff::Span::new().days(1)).take_while(move |day| day.year() <= last_year)
}

/// The national calendar, told independently of the policy document.
fn is_holiday(day: Date) -> bool {
    let fixed = [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)];
    let easter = easter_sunday(day.year()).unwrap();
    fixed.contains(&(day.month(), day.day()))
        || day == easter
        || day == easter.tomorrow().unwrap()
        || (day.year() >= 2026 && (day.month(), day.day()) == (10, 4))
}

fn easters_on_other_holidays() -> i32 {
    (2021..=2030)
        .flat_map(|year| {
            let easter = easter_sunday(year).unwrap();
            [easter, easter.tomorrow().unwrap()]
        })
        .filter(|day| (day.month(), day.day()) == (4, 25))
        .map(|_| 1)
        .sum()
}

fn next_working_day(day: Date) -> Date {
    let mut next = day.tomorrow().unwrap();
    while matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday) || is_holiday(next) {
        next = next.tomorrow().unwrap();
    }
    next
}

fn last_sunday(year: i16, month: i8) -> Date {
    date(year, month, 1).nth_weekday_of_month(-1, Weekday::Sunday).unwrap()
}
