// SPDX-License-Identifier: EUPL-1.2
//! A text as words, the way people write them on a phone: without accents, capitals, apostrophes and repeated letters.
//!
//! Folding is the same for entries and for questions, so that "così", "COSI'" and "cosiiii" are one word.

/// The words of a text, folded, in order.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for letter in text.chars().flat_map(char::to_lowercase) {
        let before = word.len();
        push_folded(&mut word, letter);
        if word.len() == before && !is_combining(letter) && !word.is_empty() {
            words.push(without_repetitions(&word));
            word.clear();
        }
    }
    if !word.is_empty() {
        words.push(without_repetitions(&word));
    }
    words
}

/// The parts of sentences that may be questions of their own: what commas and conjunctions of the five languages join.
pub(super) fn clauses(text: &str) -> Vec<&str> {
    let mut clauses = Vec::new();
    for sentence in text.split(['?', '!', '.', ';', ':', ',', '\n', '…']) {
        let mut start = 0;
        for (at, word) in sentence.split(' ').scan(0, |at, word| {
            let here = *at;
            *at += word.len() + 1;
            Some((here, word))
        }) {
            if CONJUNCTIONS.iter().any(|joins| joins.eq_ignore_ascii_case(word)) {
                clauses.push(sentence.get(start..at).unwrap_or_default());
                start = at + word.len();
            }
        }
        clauses.push(sentence.get(start..).unwrap_or_default());
    }
    clauses.into_iter().map(str::trim).filter(|clause| clause.contains(' ')).collect()
}

const CONJUNCTIONS: [&str; 10] = ["e", "poi", "inoltre", "and", "und", "et", "puis", "in", "ter", "pa"];

/// The sentences of a text that are longer than a word.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    text.split(['?', '!', '.', ';', '\n', '…']).map(str::trim).filter(|part| part.contains(' ')).collect()
}

/// Adds the letters a to z and digits that a character stands for; nothing for signs, spaces and other scripts.
fn push_folded(word: &mut String, letter: char) {
    let plain = match letter {
        'a'..='z' | '0'..='9' => {
            word.push(letter);
            return;
        }
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => "a",
        'ç' | 'č' | 'ć' => "c",
        'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'ī' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'š' | 'ś' => "s",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' => "u",
        'ý' | 'ÿ' => "y",
        'ž' | 'ź' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        _ => "",
    };
    word.push_str(plain);
}

/// Accents that follow their letter as a character of their own.
fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&letter)
}

/// A word without letters that stand three times or more in sequence: once at its end ("quandoooo"), twice within it
/// ("casssa"). Digits may.
fn without_repetitions(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let letters: Vec<char> = word.chars().collect();
    let mut from = 0;
    while let Some(&letter) = letters.get(from) {
        let length = letters.iter().skip(from).take_while(|next| **next == letter).count();
        let most = if from + length == letters.len() { 1 } else { 2 };
        let kept = if length >= 3 && !letter.is_ascii_digit() { most } else { length };
        out.extend(std::iter::repeat_n(letter, kept));
        from += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_accents_and_repeated_letters_make_no_difference() {
        assert_eq!(words("COSÌ è?"), ["cosi", "e"]);
        assert_eq!(words("Così e\u{300}"), ["cosi", "e"]);
        assert_eq!(words("quandoooo casssa 111"), ["quando", "cassa", "111"]);
        assert_eq!(words("l’IBAN dell'azienda"), ["l", "iban", "dell", "azienda"]);
        assert_eq!(words("Größe, œuvre, plačilo"), ["grosse", "oeuvre", "placilo"]);
    }

    #[test]
    fn signs_and_other_scripts_separate_words_and_are_none() {
        assert_eq!(words("😡😡 ... здравствуйте ???"), Vec::<String>::new());
        assert_eq!(words("5,84%"), ["5", "84"]);
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(sentences("Buonasera. Quando pagate? Grazie"), ["Quando pagate"]);
        assert_eq!(
            clauses("dove siete e quando pagate, grazie mille"),
            ["dove siete", "quando pagate", "grazie mille"]
        );
    }
}
