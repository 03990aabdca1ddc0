// SPDX-License-Identifier: EUPL-1.2
//! What is found for a question, and when nothing is.

use infocig_domain::assistant::library::{Library, MOST_SHOWN};
use infocig_protocol::language::Language;
use proptest::prelude::*;

use super::{day, document, entry};

#[test]
fn a_question_finds_its_entry_whatever_its_accents_capitals_and_slips() {
    for question in [
        "Quando mi pagano la cassa?",
        "QUANDO MI PAGANO LA CASSA",
        "kuando mi pagano la casssa",
        "vorrei sapere quando mi pagano la cassa",
        "quando mi pgaano la cassa",
    ] {
        assert_eq!(best(question, Language::It).as_deref(), Some("tempi-pagamento"), "{question}");
    }
}

#[test]
fn a_question_in_another_language_finds_an_entry_that_is_in_italian_alone_and_says_so() {
    let library = Library::new(document());
    let found = library.find("meine IBAN ist falsch", Language::De, day("2026-11-30")).unwrap();
    assert_eq!((found.passages[0].entry.id.as_str(), found.passages[0].language), ("iban", Language::It));
    let found = library.find("wann kommt das Geld", Language::De, day("2026-11-30")).unwrap();
    assert_eq!(
        (found.passages[0].entry.id.as_str(), found.passages[0].language),
        ("tempi-pagamento", Language::De)
    );
}

#[test]
fn another_service_is_not_answered_and_an_entry_about_both_is() {
    assert_eq!(best("quando mi pagano la pensione", Language::It), None);
    assert_eq!(best("la cassa vale per la pensione", Language::It).as_deref(), Some("pensione"));
}

#[test]
fn nothing_is_known_where_no_word_is() {
    for question in
        ["", "???", "😡", "asdfgh qwerty", "grazie mille", "la mia", "здравствуйте", "che tempo farà"]
    {
        assert_eq!(best(question, Language::It), None, "{question}");
    }
}

#[test]
fn two_questions_in_one_are_answered_both() {
    let library = Library::new(document());
    let question = "il mio iban è sbagliato che succede e a che ora apre la chat?";
    let found = library.find(question, Language::It, day("2026-11-30")).unwrap();
    let first_two: Vec<&str> =
        found.passages.iter().take(2).map(|passage| passage.entry.id.as_str()).collect();
    assert!(first_two.contains(&"iban") && first_two.contains(&"orari"), "{first_two:?}");
}

#[test]
fn an_entry_is_found_on_its_days_alone() {
    let mut document = document();
    document.entries[0].valid_until = Some(day("2026-11-30"));
    let library = Library::new(document);
    let first = |on: &str| {
        let found = library.find("Quando mi pagano la cassa?", Language::It, day(on));
        found.map(|found| found.passages[0].entry.id.clone())
    };
    assert_eq!(first("2026-11-30").as_deref(), Some("tempi-pagamento"));
    assert_ne!(first("2026-12-01").as_deref(), Some("tempi-pagamento"));
    assert_eq!(first("2025-12-31"), None);
}

#[test]
fn an_empty_document_knows_nothing() {
    let library = Library::new(infocig_domain::assistant::document::Document::default());
    assert!(library.find("Quando mi pagano la cassa?", Language::It, day("2026-11-30")).is_none());
}

proptest! {
    #[test]
    fn no_text_makes_it_panic_and_the_same_text_has_the_same_answer(text in "\\PC{0,200}", tag in 0_usize..5) {
        let language = Language::ALL[tag];
        let (one, other) = (Library::new(document()), Library::new(document()));
        let ids = |library: &Library| {
            let found = library.find(&text, language, day("2026-11-30"));
            found.map(|found| {
                let shown = found.passages.iter().map(|passage| (passage.entry.id.clone(), passage.score.to_bits()));
                shown.collect::<Vec<_>>()
            })
        };
        let first = ids(&one);
        prop_assert!(first.as_ref().is_none_or(|shown| (1..=MOST_SHOWN).contains(&shown.len())));
        prop_assert_eq!(&first, &ids(&one));
        prop_assert_eq!(&first, &ids(&other));
    }

    #[test]
    fn words_in_any_order_and_number_make_no_panic(
        words in prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..300),
    ) {
        let library = Library::new(document());
        let _ = library.find(&words.join(" "), Language::It, day("2026-11-30"));
    }

    #[test]
    fn an_entry_about_something_else_changes_no_exact_match(word in "[b-df-hj-np-tv-z]{6,9}", at in 0_usize..6) {
        let mut document = document();
        let asked = document.entries[at].clone();
        document.entries.push(entry("zz", "zz", &[&format!("{word} {word}x?")]));
        let library = Library::new(document);
        for question in &asked.sections[&Language::It].questions {
            let found = library.find(question, Language::It, day("2026-11-30"));
            let first = found.map(|found| found.passages[0].entry.id.clone());
            prop_assert_eq!(first.as_deref(), Some(asked.id.as_str()), "{}", question);
        }
    }
}

const WORDS: [&str; 12] =
    ["quando", "cassa", "pensione", "iban", "e", "?", ".", "sbagliato", "xke", "kassaaaa", "à", "803164"];

fn best(question: &str, language: Language) -> Option<String> {
    let library = Library::new(document());
    let found = library.find(question, language, day("2026-11-30"))?;
    Some(found.passages[0].entry.id.clone())
}
