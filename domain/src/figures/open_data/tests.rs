// SPDX-License-Identifier: EUPL-1.2
//! Open figures: releases, each made once, and their formats.

use infocig_protocol::language::Language;
use jiff::civil::date;

use super::*;
use crate::plain_page::Links;

/// Of so many who entered most are answered and settled online, and some of each kind are not.
fn tally(entered: i64) -> Tally {
    let answered = entered - entered / 10;
    let mut tally = Tally {
        entered,
        answered,
        abandoned: entered / 10,
        online: answered - entered / 10,
        forwarded: entered / 10,
        ..Tally::default()
    };
    (0..answered).for_each(|n| tally.wait.count(n * 1_000));
    tally
}

fn named<const N: usize>(rows: [(&str, i64); N]) -> Vec<(String, Tally)> {
    rows.map(|(value, entered)| (value.to_owned(), tally(entered))).to_vec()
}

fn sum(rows: &[(String, Tally)]) -> Tally {
    rows.iter().fold(Tally::default(), |mut sum, (_, tally)| {
        sum.add(tally);
        sum
    })
}

/// A month of 1,000 conversations.
fn tallies(year_month: (i16, i8)) -> MonthTallies {
    let categories = named([("lavoratore", 600), ("consulente", 300), ("titolare", 100)]);
    let days = [100, 150, 250, 200, 300].into_iter().zip(2_i8..);
    MonthTallies {
        total: sum(&categories),
        days: days.map(|(entered, day)| (date(year_month.0, year_month.1, day), tally(entered))).collect(),
        provinces: named([("015", 700), ("021", 260), ("003", 30), ("058", 10)]),
        entry_points: named([("myinps", 990), ("-", 10)]),
        topics: named([("pagamento/a/b", 400), ("pagamento/a/c", 300), ("domanda/x/y", 290), ("-", 10)]),
        categories,
    }
}

fn publication() -> Publication {
    let mut publication = Publication::default();
    for (year, month) in [(2026, 10), (2026, 11)] {
        let first = date(year, month, 1);
        let released = MonthlyRelease::of(
            first,
            first.last_of_month().saturating_add(2.days()),
            &tallies((year, month)),
            5,
        );
        assert!(publication.add(released));
    }
    publication
}

fn site(links: &Links) -> Site<'_> {
    Site { links, definitions: Some("/definitions"), topics: &[] }
}

#[test]
fn a_month_is_due_two_days_after_its_end() {
    assert_eq!(month_due(date(2026, 12, 2)), Some(date(2026, 10, 1)));
    assert_eq!(month_due(date(2026, 12, 3)), Some(date(2026, 11, 1)));
    assert_eq!(month_due(date(2027, 1, 31)), Some(date(2026, 12, 1)));
    assert_eq!(month_due(Date::MIN), None);
}

#[test]
fn a_month_is_published_once() {
    let mut publication = publication();
    let before = publication.clone();
    let corrected = MonthTallies { total: tally(999), ..tallies((2026, 11)) };
    assert!(!publication.add(MonthlyRelease::of(date(2026, 11, 1), date(2026, 12, 20), &corrected, 5)));
    assert_eq!(publication, before);
    assert_eq!(publication.modified(), Some(date(2026, 12, 2)));
}

#[test]
fn small_provinces_are_withheld_with_the_next_and_absent_ones_are_zero() {
    let mut tallies = tallies((2026, 11));
    tallies.provinces = named([("015", 700), ("021", 260), ("003", 37), ("058", 3)]);
    // Sums of rounded parts differ from the total's by a few: the total is their sum.
    tallies.total = sum(&tallies.provinces);
    let release = MonthlyRelease::of(date(2026, 11, 1), date(2026, 12, 2), &tallies, 5);
    let provinces = release.provinces.unwrap();
    let entered = |code: &str| provinces.iter().find(|row| row.value == code).map(|row| row.counts.entered);
    assert_eq!(provinces.len(), 110);
    assert_eq!(
        [entered("015"), entered("021"), entered("003"), entered("058"), entered("001")],
        [Some(Some(700)), Some(Some(260)), Some(None), Some(None), Some(Some(0))]
    );
    assert_eq!(release.categories, None, "rows that do not add up are an error of ours");
}

#[test]
fn percentiles_are_of_enough_people() {
    let published = |n: u64| Published { entered: Some(n), answered: Some(n), ..Published::default() };
    let wait = |n: i64| {
        let mut wait = Histogram::default();
        (1..=n).for_each(|second| wait.count(second * 1_000));
        wait
    };
    let of = |n: u64| {
        let row = Row::of("x".into(), published(n), &wait(i64::try_from(n).unwrap()), 5);
        (row.wait_p50_s, row.wait_p90_s)
    };
    assert_eq!(
        [of(7), of(9), of(39), of(49)],
        [(None, None), (Some(5), None), (Some(20), None), (Some(25), Some(45))]
    );
    assert_eq!(Row::of("x".into(), Published::default(), &wait(100), 5).wait_p50_s, None);
}

#[test]
fn data_are_a_row_a_day_and_a_row_a_value() {
    let publication = publication();
    let daily = publication.daily_csv(false);
    assert!(daily.starts_with("day,entered,answered,abandoned,online,forwarded,wait_p50_s,wait_p90_s\r\n2026-10-02,100,90,10,80,10,44,"));
    assert_eq!(daily.lines().count(), 11);

    let monthly = publication.monthly_csv(true);
    assert!(monthly.starts_with("\u{feff}month,dimension,value,entered,"));
    assert!(monthly.contains("\r\n2026-11,all,all,1000,900,100,800,100,"), "{monthly}");
    assert!(monthly.contains("\r\n2026-11,topic,pagamento,700,630,"));
    assert!(monthly.contains("\r\n2026-11,province,001,0,0,0,0,0,\"\",\"\"\r\n"));

    let json: serde_json::Value = serde_json::from_str(&publication.json()).unwrap();
    assert_eq!(json["licence"], LICENCE);
    assert_eq!(json["months"][1]["total"]["entered"], 1_000);
    assert_eq!(json["months"][1]["days"][0]["value"], "2026-11-02");
    let read: Vec<MonthlyRelease> = serde_json::from_value(json["months"].clone()).unwrap();
    assert_eq!(read, publication.releases());
}

#[test]
fn the_page_says_the_same_in_every_language() {
    let links = Links::default();
    for language in Language::ALL {
        let html = page(&publication(), language, site(&links));
        let words = words::Words::of(language);
        assert!(html.contains(&format!("<html lang=\"{}\">", language.as_str())) && !html.contains("style="));
        assert_eq!(html.matches("<figure").count(), 7, "{html}");
        assert!(html.contains(words.by_province) && html.contains(">Milano<") && html.contains(LICENCE));
        assert!(
            language != Language::It || html.contains("Chiuse online 800 su 900 con esito (88,9\u{a0}%).")
        );
        assert!(html.contains("href=\"/definitions\"") && html.contains("href=\"/figures/daily.csv\""));
        assert_eq!(html.matches("<h1").count(), 1);
        let mut ids: Vec<&str> =
            html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
    let empty = page(&Publication::default(), Language::It, site(&links));
    assert!(empty.contains("Nessun mese è ancora stato pubblicato.") && !empty.contains("<figure"));
}

#[test]
fn every_language_has_all_texts_and_the_same_places() {
    let places = |text: &str| text.matches("{}").count();
    let italian = words::Words::of(Language::It).all();
    for language in Language::ALL {
        for (text, model) in words::Words::of(language).all().into_iter().zip(italian) {
            assert!(!text.is_empty() && places(text) == places(model), "{language:?}: {text}");
        }
    }
}
