// SPDX-License-Identifier: EUPL-1.2
//! Numbers as each language writes them. Days and times of day are in [`dates`](crate::dates).

use infocig_protocol::language::Language;

/// A whole number with its digits in groups of three: `4000` is `4.000` in Italian, German and Slovene, `4,000` in English, and
/// has a narrow no-break space in French.
pub fn grouped(language: Language, number: usize) -> String {
    let separator = match language {
        Language::It | Language::De | Language::Sl => '.',
        Language::Fr => '\u{202f}',
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_as_the_language_groups_them() {
        assert_eq!(grouped(Language::De, 1_234_567), "1.234.567");
        assert_eq!(grouped(Language::Fr, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(Language::En, 1_234_567), "1,234,567");
        assert_eq!(grouped(Language::It, 12), "12");
    }
}
