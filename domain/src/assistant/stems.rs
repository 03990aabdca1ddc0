// SPDX-License-Identifier: EUPL-1.2
//! Stems of folded words: the part that stays when a word is inflected.
//!
//! Italian, English, German and French by the Snowball algorithms; Slovene by the endings below, which cut cases and persons
//! and leave at least four letters. A stem need be no word: it only has to be the same for entry and question.

use infocig_protocol::language::Language;
use rust_stemmers::{Algorithm, Stemmer};

/// The stemmers of the five languages.
pub(super) struct Stems {
    italian: Stemmer,
    english: Stemmer,
    german: Stemmer,
    french: Stemmer,
}

impl Stems {
    pub(super) fn new() -> Self {
        Self {
            italian: Stemmer::create(Algorithm::Italian),
            english: Stemmer::create(Algorithm::English),
            german: Stemmer::create(Algorithm::German),
            french: Stemmer::create(Algorithm::French),
        }
    }

    /// The stem of a folded word.
    pub(super) fn of(&self, word: &str, language: Language) -> String {
        match language {
            Language::It => self.italian.stem(word).into_owned(),
            Language::En => self.english.stem(word).into_owned(),
            Language::De => self.german.stem(word).into_owned(),
            Language::Fr => self.french.stem(word).into_owned(),
            Language::Sl => slovene(word).to_owned(),
        }
    }
}

/// Cuts the longest ending that leaves four letters or more.
fn slovene(word: &str) -> &str {
    let cut = |ending: &&&str| word.len() >= ending.len() + 4 && word.ends_with(**ending);
    let ending = SLOVENE_ENDINGS.iter().filter(cut).max_by_key(|ending| ending.len());
    ending.and_then(|ending| word.strip_suffix(*ending)).unwrap_or(word)
}

/// Endings of nouns, adjectives and verbs, folded.
const SLOVENE_ENDINGS: [&str; 47] = [
    "a", "e", "i", "o", "u", "om", "em", "am", "ah", "ih", "im", "mi", "ma", "ov", "ev", "oma", "ama", "ami",
    "imi", "ega", "emu", "eh", "jo", "ja", "je", "ju", "jem", "te", "mo", "ti", "ta", "la", "li", "lo", "al",
    "il", "ala", "ila", "ali", "ili", "ajo", "ijo", "ate", "ite", "ost", "osti", "nje",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_and_persons_of_a_word_have_one_stem() {
        let stems = Stems::new();
        let same = |language: Language, words: &[&str]| {
            let first = stems.of(words[0], language);
            for word in words {
                assert_eq!(stems.of(word, language), first, "{word}");
            }
        };
        same(Language::It, &["pagamento", "pagamenti"]);
        same(Language::De, &["zahlung", "zahlungen"]);
        same(Language::Fr, &["dossier", "dossiers"]);
        same(Language::En, &["payment", "payments"]);
        same(Language::Sl, &["vloga", "vloge", "vlogo", "vlogi"]);
        same(Language::Sl, &["podjetje", "podjetja", "podjetju"]);
    }
}
