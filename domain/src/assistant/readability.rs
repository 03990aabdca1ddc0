// SPDX-License-Identifier: EUPL-1.2
//! How easy an Italian text is to read: the Gulpease index (Lucisano, Piemontese 1988).

/// The Gulpease index: 89 + (300 × sentences − 10 × letters) / words.
pub fn gulpease(text: &str) -> f64 {
    let count = |n: usize| u32::try_from(n).map_or(f64::MAX, f64::from);
    let letters = count(text.chars().filter(|letter| letter.is_alphanumeric()).count());
    let words = count(text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count());
    let ends = |(at, sign): (usize, char)| {
        let rest = text.get(at + sign.len_utf8()..).unwrap_or_default();
        matches!(sign, '.' | '!' | '?' | ':' | ';') && (rest.is_empty() || rest.starts_with([' ', '»', '"']))
    };
    let sentences = count(text.char_indices().filter(|end| ends(*end)).count().max(1));
    89.0 + (300.0 * sentences - 10.0 * letters) / words.max(1.0)
}

/// The lowest index of an answer.
pub const LOWEST_GULPEASE: f64 = 50.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_sentences_have_a_high_index_and_long_ones_a_low_one() {
        assert!(gulpease("Apri la pratica. Leggi la fase. Chiedi alla sede.") > 80.0);
        let long = "L'Istituto provvede all'erogazione dell'integrazione salariale successivamente alla trasmissione telematica";
        assert!(gulpease(long) < 50.0);
    }
}
