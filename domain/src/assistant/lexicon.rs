// SPDX-License-Identifier: EUPL-1.2
//! The words of a text as terms: a concept where the knowledge knows the word in the text's language, a stem where it does not.
//!
//! Concepts are the same in every language, so that a German question finds an entry that is written in Italian alone. Names of
//! INPS and the State stay Italian in every language: a word that its language does not know is looked up in Italian.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::language::Language;

use super::document::{Concept, Role};
use super::stems::Stems;
use super::words::words;

/// The position of a concept in its document.
pub(super) type ConceptNumber = usize;

/// The meaning of a word or of several in sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It says one concept or more; the folded word, if it is a single one.
    Concepts(Vec<ConceptNumber>, Option<String>),
    /// No concept has it: the folded word.
    Word(String),
}

/// The concepts of a document, ready to be found.
pub(super) struct Lexicon {
    stems: Stems,
    roles: Vec<Role>,
    forms: BTreeMap<Language, Forms>,
}

/// The forms of one language.
#[derive(Default)]
struct Forms {
    words: BTreeMap<String, Vec<ConceptNumber>>,
    stems: BTreeMap<String, Vec<ConceptNumber>>,
    beginnings: BTreeMap<String, Vec<ConceptNumber>>,
    ends: BTreeMap<String, Vec<ConceptNumber>>,
    /// By the first letter of the first word.
    phrases: BTreeMap<u8, Vec<Phrase>>,
    /// Words and stems of everyday life, which say no concept.
    ordinary: BTreeSet<String>,
}

/// Several words in sequence.
struct Phrase {
    pieces: Vec<Piece>,
    concept: ConceptNumber,
    /// Whether its words stand as they are listed.
    is_literal: bool,
}

/// A word of a phrase.
struct Piece {
    word: String,
    stem: String,
    is_beginning: bool,
}

impl Lexicon {
    pub(super) fn new(concepts: &[Concept]) -> Self {
        let stems = Stems::new();
        let mut forms: BTreeMap<Language, Forms> = BTreeMap::new();
        for (number, concept) in concepts.iter().enumerate() {
            for (language, listed) in &concept.forms {
                let of_language = forms.entry(*language).or_default();
                for form in listed {
                    of_language.add(form, number, concept.role, &stems, *language);
                }
            }
        }
        for of_language in forms.values_mut() {
            for phrases in of_language.phrases.values_mut() {
                phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.pieces.len()));
            }
        }
        Self { stems, roles: concepts.iter().map(|concept| concept.role).collect(), forms }
    }

    pub(super) fn role(&self, concept: ConceptNumber) -> Role {
        self.roles.get(concept).copied().unwrap_or_default()
    }

    pub(super) fn stem(&self, word: &str, language: Language) -> String {
        self.stems.of(word, language)
    }

    /// The meanings of a text's folded words, in order. A phrase takes the place of its words.
    pub(super) fn read(&self, words: &[String], language: Language) -> Vec<Meaning> {
        let own = self.forms.get(&language);
        let stemmed = |word: &String| (word.clone(), self.stems.of(word, language));
        let words: Vec<(String, String)> = words.iter().map(stemmed).collect();
        let mut meanings = Vec::new();
        let mut rest = words.as_slice();
        while let Some(((word, _), after)) = rest.split_first() {
            let phrase = own.and_then(|own| own.phrase(rest));
            if let Some((length, concepts)) = phrase {
                meanings.push(Meaning::Concepts(concepts, None));
                rest = rest.get(length..).unwrap_or_default();
                continue;
            }
            meanings.push(self.meaning(word, language));
            rest = after;
        }
        meanings
    }

    /// The meaning of one folded word.
    pub(super) fn meaning(&self, word: &str, language: Language) -> Meaning {
        match self.concepts(word, language) {
            Some(concepts) => Meaning::Concepts(concepts, Some(word.to_owned())),
            None => Meaning::Word(word.to_owned()),
        }
    }

    /// The concepts that a folded word says in a language, or else in Italian.
    fn concepts(&self, word: &str, language: Language) -> Option<Vec<ConceptNumber>> {
        let own = self.forms.get(&language).and_then(|own| own.word(word, &self.stems, language));
        own.cloned().or_else(|| {
            // A short Italian word is a word of another language too often: "come", "die", "per".
            if language == Language::It || word.len() < SHORTEST_BORROWED {
                return None;
            }
            let italian = self.forms.get(&Language::It)?.word(word, &self.stems, Language::It)?;
            let says = |number: &ConceptNumber| {
                let role = self.role(*number);
                matches!(role, Role::Subject | Role::Home | Role::Elsewhere)
            };
            Some(italian.iter().copied().filter(says).collect()).filter(|found: &Vec<_>| !found.is_empty())
        })
    }

    /// Whether a folded word is one of everyday life that no entry is about.
    pub(super) fn is_ordinary(&self, word: &str, language: Language) -> bool {
        self.forms.get(&language).is_some_and(|own| {
            let inflected = word.len() >= SHORTEST_INFLECTED;
            own.ordinary.contains(word)
                || (inflected && own.ordinary.contains(&self.stems.of(word, language)))
        })
    }

    /// The words of a language that can be what somebody meant to write.
    pub(super) fn vocabulary(&self, language: Language) -> impl Iterator<Item = &str> {
        let of = |language: Language| self.forms.get(&language).into_iter().flat_map(|own| own.words.keys());
        let italian = Some(Language::It).filter(|_| language != Language::It).map(of);
        of(language).chain(italian.into_iter().flatten()).map(String::as_str)
    }
}

impl Forms {
    fn add(&mut self, form: &str, concept: ConceptNumber, role: Role, stems: &Stems, language: Language) {
        let push = |map: &mut BTreeMap<String, Vec<ConceptNumber>>, key: String| {
            let concepts = map.entry(key).or_default();
            if !concepts.contains(&concept) {
                concepts.push(concept);
            }
        };
        let pieces: Vec<Piece> = form
            .split_whitespace()
            .flat_map(|word| {
                let is_beginning = word.ends_with('*');
                words(word).into_iter().map(move |word| (word, is_beginning))
            })
            .map(|(word, is_beginning)| Piece { stem: stems.of(&word, language), word, is_beginning })
            .collect();
        match pieces.as_slice() {
            [] => {}
            [only] if role == Role::Ordinary => {
                self.ordinary.insert(only.word.clone());
                if only.word.len() >= SHORTEST_INFLECTED {
                    self.ordinary.insert(only.stem.clone());
                }
            }
            [only] if form.starts_with('*') => push(&mut self.ends, only.word.clone()),
            [only] if only.is_beginning => push(&mut self.beginnings, only.word.clone()),
            [only] => {
                push(&mut self.words, only.word.clone());
                // Another service is named by its very words: "parta" and "partita" have one stem.
                if role != Role::Elsewhere {
                    push(&mut self.stems, only.stem.clone());
                }
            }
            [first, ..] => {
                let letter = first.word.as_bytes().first().copied().unwrap_or_default();
                self.phrases.entry(letter).or_default().push(Phrase {
                    pieces,
                    concept,
                    is_literal: role == Role::Elsewhere,
                });
            }
        }
    }

    /// The longest phrase that a text begins with, and what it says.
    fn phrase(&self, text: &[(String, String)]) -> Option<(usize, Vec<ConceptNumber>)> {
        let letter = text.first()?.0.as_bytes().first()?;
        let candidates = self.phrases.get(letter)?;
        let mut found: Option<(usize, Vec<ConceptNumber>)> = None;
        for phrase in candidates {
            if found.as_ref().is_some_and(|(length, _)| phrase.pieces.len() < *length) {
                break;
            }
            if !phrase.begins(text) {
                continue;
            }
            let (_, concepts) = found.get_or_insert_with(|| (phrase.pieces.len(), Vec::new()));
            if !concepts.contains(&phrase.concept) {
                concepts.push(phrase.concept);
            }
        }
        found
    }

    fn word(&self, word: &str, stems: &Stems, language: Language) -> Option<&Vec<ConceptNumber>> {
        let beginning = || (2..=word.len()).rev().find_map(|end| self.beginnings.get(word.get(..end)?));
        let end = || (1..word.len()).find_map(|start| self.ends.get(word.get(start..)?));
        self.words
            .get(word)
            .or_else(beginning)
            .or_else(|| {
                self.stems.get(&stems.of(word, language)).filter(|_| word.len() >= SHORTEST_INFLECTED)
            })
            .or_else(end)
    }
}

impl Phrase {
    /// Whether a text of words with their stems begins with it.
    fn begins(&self, text: &[(String, String)]) -> bool {
        text.len() >= self.pieces.len()
            && self.pieces.iter().zip(text).all(|(piece, (word, stem))| {
                *word == piece.word
                    || (piece.is_beginning && word.starts_with(&piece.word))
                    || (!self.is_literal && !piece.is_beginning && word.len() > 3 && *stem == piece.stem)
            })
    }
}

/// The fewest letters of a word that is found by its stem: "fino" and "finite" have one.
const SHORTEST_INFLECTED: usize = 5;

/// The fewest letters of a word that is looked up in Italian too.
const SHORTEST_BORROWED: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_its_concept_in_every_language_and_a_phrase_goes_before_its_words() {
        let lexicon = Lexicon::new(&[
            concept(
                "cig",
                &[(Language::It, &["cassa", "cassa integrazione"]), (Language::De, &["lohnausgleich"])],
            ),
            concept("pay", &[(Language::It, &["pagamento"]), (Language::De, &["auszahl*", "*zahlung"])]),
        ]);
        let read = |text: &str, language| lexicon.read(&words(text), language);

        assert_eq!(
            read("pagamenti cassa integrazione", Language::It),
            [says(1, Some("pagamenti")), says(0, None)]
        );
        assert_eq!(
            read("Auszahlungstermin Lohnausgleich", Language::De),
            [says(1, Some("auszahlungstermin")), says(0, Some("lohnausgleich"))]
        );
        assert_eq!(
            read("Direktzahlung cassa", Language::De),
            [says(1, Some("direktzahlung")), says(0, Some("cassa"))]
        );
        assert_eq!(read("wetter", Language::De), [Meaning::Word("wetter".into())]);
    }

    fn concept(name: &str, forms: &[(Language, &[&str])]) -> Concept {
        let listed = |(language, forms): &(Language, &[&str])| {
            (*language, forms.iter().map(|form| (*form).to_owned()).collect())
        };
        Concept { name: name.into(), role: Role::Subject, forms: forms.iter().map(listed).collect() }
    }

    fn says(number: ConceptNumber, word: Option<&str>) -> Meaning {
        Meaning::Concepts(vec![number], word.map(Into::into))
    }
}
