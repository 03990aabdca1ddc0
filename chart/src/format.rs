// SPDX-License-Identifier: EUPL-1.2
//! Numbers, lengths of time and dates as each language writes them.

use infocig_protocol::language::Language;

use crate::words::Words;

/// A whole number with its thousands apart.
pub fn number(n: u64, language: Language) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(Words::of(language).thousands);
        }
        out.push(digit);
    }
    out
}

/// The same in at most 13 characters: from a thousand million on in millions, from a million million on as a power of ten.
pub fn short_number(n: u64, language: Language) -> String {
    let words = Words::of(language);
    match n {
        0..1_000_000_000 => number(n, language),
        1_000_000_000..1_000_000_000_000 => {
            format!("{}\u{a0}{}", number(n / 1_000_000, language), words.million)
        }
        _ => {
            let power = n.ilog10();
            let tenths = n / 10_u64.pow(power - 1);
            format!("{}{}{}e{power}", tenths / 10, words.decimal, tenths % 10)
        }
    }
}

/// So many thousandths as a percentage with one decimal.
pub fn percent(thousandths: u64, language: Language) -> String {
    let (words, space) = (Words::of(language), if language == Language::En { "" } else { "\u{a0}" });
    let whole = short_number(thousandths / 10, language);
    match thousandths % 10 {
        0 => format!("{whole}{space}%"),
        tenth => format!("{whole}{}{tenth}{space}%", words.decimal),
    }
}

/// So many seconds, by the two largest units they fill; from a thousand hours on by hours alone.
pub fn duration(seconds: u64, language: Language) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    match seconds {
        0..60 => format!("{seconds}\u{a0}s"),
        60..3_600 => format!("{minutes}\u{a0}min {:02}\u{a0}s", seconds % 60),
        3_600..3_600_000 => format!("{hours}\u{a0}h {minutes:02}\u{a0}min"),
        _ => format!("{}\u{a0}h", short_number(hours, language)),
    }
}

/// A day (`2026-11-30`) or a month (`2026-11`) in words. What is neither stays as it is.
pub fn date(iso: &str, language: Language) -> String {
    let words = Words::of(language);
    match parse(iso) {
        Some((year, month, None)) => {
            format!("{} {year}", words.months.get(month).copied().unwrap_or_default())
        }
        Some((year, month, Some(day))) => {
            let month = words.months.get(month).copied().unwrap_or_default();
            format!("{} {month} {year}", day_number(day, language))
        }
        None => iso.into(),
    }
}

/// The same without the year, and short.
pub fn short_date(iso: &str, language: Language) -> String {
    let words = Words::of(language);
    match parse(iso) {
        Some((year, month, None)) => {
            format!("{} {year}", words.short_months.get(month).copied().unwrap_or_default())
        }
        Some((_, month, Some(day))) => {
            let month = words.short_months.get(month).copied().unwrap_or_default();
            format!("{} {month}", day_number(day, language))
        }
        None => iso.into(),
    }
}

fn day_number(day: u8, language: Language) -> String {
    match (day, language) {
        (1, Language::Fr) => "1er".into(),
        _ => format!("{day}{}", Words::of(language).after_day),
    }
}

/// Year, month from 0, day.
fn parse(iso: &str) -> Option<(u16, usize, Option<u8>)> {
    let mut parts = iso.split('-');
    let (year, month) = (parts.next()?.parse().ok()?, parts.next()?.parse::<usize>().ok()?);
    let day = parts.next().map(|day| day.parse().ok().filter(|day| (1..=31).contains(day)));
    let is_read = parts.next().is_none() && (1..=12).contains(&month) && day != Some(None);
    is_read.then(|| (year, month - 1, day.flatten()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{De, En, Fr, It, Sl};

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(
            [It, De, Fr, Sl, En].map(|language| number(1_234_567, language)),
            ["1.234.567", "1.234.567", "1\u{202f}234\u{202f}567", "1.234.567", "1,234,567"]
        );
        assert_eq!(
            (number(0, It), number(999, It), number(1_000, It)),
            ("0".into(), "999".into(), "1.000".into())
        );
        assert_eq!((percent(125, It), percent(1_000, En)), ("12,5\u{a0}%".into(), "100%".into()));
        for n in [999_999_999, 1_000_000_000, 999_999_999_999, 1_000_000_000_000, u64::MAX] {
            for language in Language::ALL {
                assert!(short_number(n, language).chars().count() <= 13, "{n}");
            }
        }
        assert_eq!(short_number(u64::MAX, It), "1,8e19");
    }

    #[test]
    fn lengths_are_said_by_their_two_largest_units() {
        assert_eq!(
            [0, 59, 60, 3_599, 3_600, 90_000].map(|s| duration(s, It).replace('\u{a0}', " ")),
            ["0 s", "59 s", "1 min 00 s", "59 min 59 s", "1 h 00 min", "25 h 00 min"]
        );
    }

    #[test]
    fn days_and_months_are_said_in_words_and_anything_else_is_left() {
        assert_eq!(
            [It, De, Fr, Sl, En].map(|language| date("2026-11-01", language)),
            [
                "1 novembre 2026",
                "1. November 2026",
                "1er novembre 2026",
                "1. november 2026",
                "1 November 2026"
            ]
        );
        assert_eq!(
            (date("2026-11", It), short_date("2026-11-30", It)),
            ("novembre 2026".into(), "30 nov".into())
        );
        for wrong in ["", "2026", "2026-13", "2026-00-01", "2026-01-32", "2026-01-01-01", "Milano", "1-"] {
            assert_eq!(date(wrong, It), wrong);
        }
    }
}
