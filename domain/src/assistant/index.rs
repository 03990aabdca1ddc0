// SPDX-License-Identifier: EUPL-1.2
//! The entries as each language asks for them: which term is in which question, text and topic, and how much it tells.
//!
//! A view of a language holds its own sections, and the Italian ones by their concepts: an entry that nobody translated is
//! found all the same.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::language::Language;

use super::document::{Document, Entry, Role};
use super::lexicon::{ConceptNumber, Lexicon, Meaning};
use super::typos::Vocabulary;
use super::words::words;

/// A term of entries and questions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A concept of the document.
    Concept(ConceptNumber),
    /// The stem of a word without a concept.
    Stem(Language, String),
}

/// The position of a term in its view.
pub(super) type TermNumber = usize;

/// The entries in the view of one language.
pub(super) struct View {
    pub(super) language: Language,
    terms: BTreeMap<Key, TermNumber>,
    /// By term.
    pub(super) postings: Vec<Postings>,
    /// The questions of all entries.
    pub(super) asked: Vec<Asked>,
    /// The lengths of the entries' texts in terms, and their mean.
    pub(super) lengths: Vec<f64>,
    pub(super) mean_length: f64,
    /// By entry: the share of its questions that name a subject of this service alone.
    pub(super) names_home: Vec<f64>,
    /// By entry: its main topic.
    pub(super) topic_of: Vec<usize>,
    /// The number of main topics.
    pub(super) topics: usize,
    pub(super) signs: Vec<Sign>,
    vocabulary: Vocabulary,
    /// The weight of a term in one entry alone.
    pub(super) rarest: f64,
    /// Stems of words that have a concept too.
    listed: BTreeSet<TermNumber>,
    not_ours: NotOurs,
}

/// The questions that nobody here answers.
#[derive(Default)]
struct NotOurs {
    /// By term: the questions that have it, each with its weight in them.
    asked: BTreeMap<Key, Vec<(usize, f64)>>,
    /// By question: the sum of the squares of its terms' weights.
    norms: Vec<f64>,
}

/// Where a term is.
#[derive(Default)]
pub(super) struct Postings {
    /// How much it tells about a question.
    pub(super) weight: f64,
    pub(super) role: Role,
    /// Positions in [`View::asked`].
    pub(super) asked: Vec<usize>,
    /// Entry, share of its questions with the term, occurrences in its text.
    pub(super) entries: Vec<(usize, f64, f64)>,
    /// Topic, number of questions with the term.
    pub(super) topics: Vec<(usize, f64)>,
}

/// Terms that together point to an entry.
pub(super) struct Sign {
    pub(super) entry: usize,
    pub(super) terms: Vec<TermNumber>,
}

/// A question of an entry.
pub(super) struct Asked {
    pub(super) entry: usize,
    /// The sum of the squares of its terms' weights.
    pub(super) norm: f64,
    terms: Vec<TermNumber>,
}

/// A term of somebody's question.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    /// The term, if any entry has it.
    pub(super) number: Option<TermNumber>,
    pub(super) role: Role,
    pub(super) weight: f64,
}

impl View {
    pub(super) fn new(document: &Document, lexicon: &Lexicon, language: Language) -> Self {
        let topics: BTreeSet<&str> = document.entries.iter().map(Entry::topic).collect();
        let topics: Vec<&str> = topics.into_iter().collect();
        let number_of = |topic: &str| topics.binary_search(&topic).unwrap_or_default();
        let mut view = Self {
            language,
            terms: BTreeMap::new(),
            postings: Vec::new(),
            asked: Vec::new(),
            lengths: Vec::new(),
            mean_length: 0.0,
            names_home: Vec::new(),
            topic_of: document.entries.iter().map(|entry| number_of(entry.topic())).collect(),
            topics: topics.len(),
            signs: Vec::new(),
            vocabulary: Vocabulary::default(),
            rarest: 0.0,
            listed: BTreeSet::new(),
            not_ours: NotOurs::default(),
        };
        for word in lexicon.vocabulary(language) {
            view.vocabulary.add(word);
        }
        for (number, entry) in document.entries.iter().enumerate() {
            view.add(number, entry, lexicon);
        }
        for sign in &document.signs {
            let entry = document.entries.iter().position(|entry| entry.id == sign.entry);
            let Some(entry) = entry else { continue };
            let named = |name: &String| document.concepts.iter().position(|concept| concept.name == *name);
            let terms = sign.concepts.iter().filter_map(named);
            let terms =
                terms.map(|concept| view.number(Key::Concept(concept), lexicon.role(concept))).collect();
            view.signs.push(Sign { entry, terms });
        }
        view.weigh(document.entries.len());
        let own = Some(language).filter(|language| *language != Language::It);
        for language in own.into_iter().chain([Language::It]) {
            for question in document.not_ours.get(&language).into_iter().flatten() {
                let terms = view.weighed(question, language, lexicon);
                let number = view.not_ours.norms.len();
                view.not_ours.norms.push(terms.values().map(|weight| weight * weight).sum());
                for (key, weight) in terms {
                    view.not_ours.asked.entry(key).or_default().push((number, weight));
                }
            }
        }
        view
    }

    /// The likeness of a question to the one that it is most like among those that nobody here answers, 0 to 1.
    pub(super) fn likeness_to_not_ours(&self, text: &str, lexicon: &Lexicon) -> f64 {
        let asked = self.weighed(text, self.language, lexicon);
        let norm: f64 = asked.values().map(|weight| weight * weight).sum();
        let mut dots = vec![0.0; self.not_ours.norms.len()];
        for (key, weight) in &asked {
            for (number, theirs) in self.not_ours.asked.get(key).into_iter().flatten() {
                if let Some(dot) = dots.get_mut(*number) {
                    *dot += weight * theirs;
                }
            }
        }
        let pairs = dots.iter().zip(&self.not_ours.norms);
        pairs.map(|(dot, other)| dot / (norm * other).sqrt().max(f64::MIN_POSITIVE)).fold(0.0, f64::max)
    }

    /// The terms of a text with their weights; a word that no entry has tells the most.
    fn weighed(&self, text: &str, language: Language, lexicon: &Lexicon) -> BTreeMap<Key, f64> {
        let mut keys: Vec<(Key, f64)> = Vec::new();
        for meaning in lexicon.read(&words(text), language) {
            match meaning {
                Meaning::Concepts(concepts, _) => {
                    keys.extend(concepts.into_iter().map(|concept| (Key::Concept(concept), 1.0)));
                }
                Meaning::Word(word) => {
                    let stem = Key::Stem(language, lexicon.stem(&word, language));
                    let meant = if language == self.language {
                        self.keys_of_unlisted(&word, lexicon)
                    } else {
                        vec![]
                    };
                    keys.extend(if meant.is_empty() { vec![(stem, 1.0)] } else { meant });
                }
            }
        }
        let weight =
            |key: &Key| match (self.terms.get(key).and_then(|number| self.postings.get(*number)), key) {
                (Some(postings), _) => postings.weight,
                (None, Key::Concept(concept)) => self.rarest * factor(lexicon.role(*concept)),
                (None, Key::Stem(..)) => self.rarest,
            };
        let weighed = keys.into_iter().map(|(key, certainty)| {
            let weight = weight(&key) * certainty;
            (key, weight)
        });
        weighed.filter(|(_, weight)| *weight > 0.0).collect()
    }

    /// The terms of a question, each once and without fillers; and every concept it says, fillers too.
    pub(super) fn question(&self, text: &str, lexicon: &Lexicon) -> (Vec<Term>, BTreeSet<ConceptNumber>) {
        let mut found: BTreeMap<Key, f64> = BTreeMap::new();
        let mut unknown = BTreeSet::new();
        let words = words(text);
        for meaning in lexicon.read(&words, self.language) {
            match meaning {
                Meaning::Concepts(concepts, word) => {
                    let says = concepts.iter().any(|concept| lexicon.role(*concept) != Role::Filler);
                    for concept in concepts {
                        found.insert(Key::Concept(concept), 1.0);
                    }
                    if let Some(word) = word.filter(|_| says) {
                        let key = Key::Stem(self.language, lexicon.stem(&word, self.language));
                        if self.terms.contains_key(&key) {
                            found.entry(key).or_insert(1.0);
                        }
                    }
                }
                Meaning::Word(word) => {
                    let keys = self.keys_of_unlisted(&word, lexicon);
                    if keys.is_empty() && word.len() > 2 && !word.starts_with(|c: char| c.is_ascii_digit()) {
                        unknown.insert(word);
                    }
                    for (key, certainty) in keys {
                        let before = found.entry(key).or_insert(certainty);
                        *before = before.max(certainty);
                    }
                }
            }
        }
        let concept = |key: &Key| match key {
            Key::Concept(concept) => Some(*concept),
            Key::Stem(..) => None,
        };
        let said = found.keys().filter_map(concept).collect();
        let known = found.into_iter().filter_map(|(key, certainty)| {
            let role = match &key {
                Key::Concept(concept) => lexicon.role(*concept),
                Key::Stem(..) => Role::Subject,
            };
            let number = self.terms.get(&key).copied();
            let weight = number.and_then(|number| self.postings.get(number)).map(|postings| postings.weight);
            let weight = weight.unwrap_or(self.rarest * factor(role)) * certainty;
            (role != Role::Filler).then_some(Term { number, role, weight })
        });
        let unknown = unknown.into_iter().map(|word| {
            let role = if lexicon.is_ordinary(&word, self.language) { Role::Ordinary } else { Role::Subject };
            Term { number: None, role, weight: self.rarest * OF_UNKNOWN_WORD }
        });
        (known.chain(unknown).collect(), said)
    }

    /// The terms of a word without a concept, each with how certain it is: its stem, or what it was meant to be.
    fn keys_of_unlisted(&self, word: &str, lexicon: &Lexicon) -> Vec<(Key, f64)> {
        let stem = |word: &str, language| Key::Stem(language, lexicon.stem(word, language));
        let is_known = |key: &Key| self.terms.contains_key(key);
        let own = stem(word, self.language);
        if is_known(&own) {
            return vec![(own, 1.0)];
        }
        let italian = stem(word, Language::It);
        if word.len() > 3 && is_known(&italian) {
            return vec![(italian, 1.0)];
        }
        if lexicon.is_ordinary(word, self.language) {
            return Vec::new();
        }
        let respelled = Some(respelled(word)).filter(|other| self.language == Language::It && other != word);
        let meant = respelled
            .filter(|other| self.vocabulary.contains(other) || self.is_listed(other, lexicon))
            .or_else(|| self.vocabulary.nearest(word).map(str::to_owned));
        let Some(meant) = meant else { return Vec::new() };
        match lexicon.meaning(&meant, self.language) {
            Meaning::Concepts(concepts, _) => {
                concepts.into_iter().map(|concept| (Key::Concept(concept), OF_TYPO)).collect()
            }
            Meaning::Word(word) => {
                let keys = [stem(&word, self.language), stem(&word, Language::It)];
                keys.into_iter().find(is_known).map(|key| (key, OF_TYPO)).into_iter().collect()
            }
        }
    }

    fn is_listed(&self, word: &str, lexicon: &Lexicon) -> bool {
        matches!(lexicon.meaning(word, self.language), Meaning::Concepts(..))
    }

    fn add(&mut self, number: usize, entry: &Entry, lexicon: &Lexicon) {
        let mut in_questions: BTreeMap<TermNumber, f64> = BTreeMap::new();
        let mut in_text: BTreeMap<TermNumber, f64> = BTreeMap::new();
        let (mut questions, mut home): (f64, f64) = (0.0, 0.0);
        let mut length = 0.0;
        let own = Some(self.language).filter(|language| *language != Language::It);
        for language in own.into_iter().chain([Language::It]) {
            let Some(section) = entry.sections.get(&language) else { continue };
            for question in &section.questions {
                let terms: BTreeSet<TermNumber> =
                    self.terms_of(question, language, lexicon).into_iter().collect();
                for term in &terms {
                    *in_questions.entry(*term).or_default() += 1.0;
                }
                questions += 1.0;
                let is_home = |term: &TermNumber| {
                    self.postings.get(*term).is_some_and(|postings| postings.role == Role::Home)
                };
                home += if terms.iter().any(is_home) { 1.0 } else { 0.0 };
                self.asked.push(Asked { entry: number, norm: 0.0, terms: terms.into_iter().collect() });
            }
            for text in std::iter::once(&section.text).chain(&section.steps) {
                for term in self.terms_of(text, language, lexicon) {
                    *in_text.entry(term).or_default() += 1.0;
                    length += 1.0;
                }
            }
        }
        let topic = self.topic_of.get(number).copied().unwrap_or_default();
        self.lengths.push(length);
        self.names_home.push(home / questions.max(1.0));
        let terms: BTreeSet<TermNumber> = in_questions.keys().chain(in_text.keys()).copied().collect();
        for term in terms {
            let Some(postings) = self.postings.get_mut(term) else { continue };
            let asked = in_questions.get(&term).copied().unwrap_or_default();
            let text = in_text.get(&term).copied().unwrap_or_default();
            postings.entries.push((number, asked / questions.max(1.0), text));
            if asked == 0.0 {
                continue;
            }
            match postings.topics.iter_mut().find(|(of, _)| *of == topic) {
                Some((_, count)) => *count += asked,
                None => postings.topics.push((topic, asked)),
            }
        }
    }

    /// The terms of a text of an entry, in order. Fillers are left out; Italian stems serve Italian questions and borrowed words.
    fn terms_of(&mut self, text: &str, language: Language, lexicon: &Lexicon) -> Vec<TermNumber> {
        let words = words(text);
        for word in words.iter().filter(|_| language == self.language) {
            self.vocabulary.add(word);
        }
        let mut terms = Vec::new();
        for meaning in lexicon.read(&words, language) {
            match meaning {
                Meaning::Concepts(concepts, word) => {
                    let mut says = false;
                    for concept in
                        concepts.into_iter().filter(|concept| lexicon.role(*concept) != Role::Filler)
                    {
                        terms.push(self.number(Key::Concept(concept), lexicon.role(concept)));
                        says = true;
                    }
                    if let Some(word) = word.filter(|_| says) {
                        let key = Key::Stem(language, lexicon.stem(&word, language));
                        let number = self.number(key, Role::Subject);
                        self.listed.insert(number);
                        terms.push(number);
                    }
                }
                Meaning::Word(word) => {
                    let key = Key::Stem(language, lexicon.stem(&word, language));
                    terms.push(self.number(key, Role::Subject));
                }
            }
        }
        terms
    }

    fn number(&mut self, key: Key, role: Role) -> TermNumber {
        let next = self.postings.len();
        let number = *self.terms.entry(key).or_insert(next);
        if number == next {
            self.postings.push(Postings { role, ..Postings::default() });
        }
        number
    }

    /// Gives each term its weight: the rarer among the entries' questions, the more it tells.
    fn weigh(&mut self, entries: usize) {
        let all = decimal(entries);
        let weight = |with_term: f64| (1.0 + (all - with_term + 0.5) / (with_term + 0.5)).ln();
        self.rarest = weight(1.0);
        let is_numeral = |key: &Key| match key {
            Key::Concept(_) => false,
            Key::Stem(_, stem) => stem.starts_with(|c: char| c.is_ascii_digit()),
        };
        let numerals: BTreeSet<TermNumber> =
            self.terms.iter().filter(|(key, _)| is_numeral(key)).map(|(_, number)| *number).collect();
        for (number, postings) in self.postings.iter_mut().enumerate() {
            let asked = postings.entries.iter().filter(|(_, asked, _)| *asked > 0.0).count();
            let mentioned = postings.entries.len();
            let with_term = decimal(asked).max(decimal(mentioned) / 3.0).max(1.0);
            postings.weight = weight(with_term) * factor(postings.role);
            if numerals.contains(&number) {
                postings.weight *= OF_NUMERAL;
            }
            if self.listed.contains(&number) {
                postings.weight *= OF_LISTED_STEM;
            }
        }
        for (number, asked) in self.asked.iter_mut().enumerate() {
            for term in &asked.terms {
                let Some(postings) = self.postings.get_mut(*term) else { continue };
                asked.norm += postings.weight * postings.weight;
                postings.asked.push(number);
            }
        }
        self.mean_length = self.lengths.iter().sum::<f64>() / all.max(1.0);
    }
}

/// The usual spelling of an Italian word written as on a phone: "kuando", "kiedo", "xche".
fn respelled(word: &str) -> String {
    let mut out = String::with_capacity(word.len() + 2);
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            'k' if matches!(letters.peek(), Some('e' | 'i')) => out.push_str("ch"),
            'k' => out.push('c'),
            'x' => out.push_str("per"),
            _ => out.push(letter),
        }
    }
    out
}

/// The part of its weight that a role leaves to a term.
fn factor(role: Role) -> f64 {
    match role {
        Role::Subject | Role::Home | Role::Ordinary => 1.0,
        Role::Asking => 0.6,
        Role::Filler => 0.0,
        Role::Elsewhere => 1.4,
    }
}

/// A count as a number to calculate with.
pub(super) fn decimal(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// The weight of a word that nobody knows, of that of a term in one entry: it may be another subject, or anything.
const OF_UNKNOWN_WORD: f64 = 0.35;

/// The part of its weight that the stem of a word has beside its concept: the same word tells a little more than the same sense.
const OF_LISTED_STEM: f64 = 0.2;

/// The part of its weight that a number has: most of those in questions are days, ages and amounts.
const OF_NUMERAL: f64 = 0.4;

/// The certainty of a word that was mistyped.
const OF_TYPO: f64 = 0.8;
