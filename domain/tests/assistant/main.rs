// SPDX-License-Identifier: EUPL-1.2
//! The assistant: retrieval over a small document, the master and its skills, cases in words. One binary; modules below.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod cases;
mod library;
mod master;

use std::collections::BTreeMap;

use infocig_domain::assistant::document::{Concept, Document, Entry, FORM, Role, Section, Sign, Source};
use infocig_protocol::language::Language;
use jiff::civil::Date;

/// A document of six entries, one of them in German too.
fn document() -> Document {
    let entries = vec![
        entry(
            "tempi-pagamento",
            "tempi-pagamento",
            &["Quando mi pagano la cassa?", "Quanto tempo ci vuole per i soldi?"],
        ),
        entry(
            "stato",
            "stato-domanda",
            &["A che punto è la mia domanda?", "Come vedo lo stato della pratica?"],
        ),
        entry(
            "iban",
            "iban-errato",
            &["Il mio IBAN è sbagliato: che succede?", "Il bonifico è tornato indietro"],
        ),
        entry("orari", "orari-servizio", &["Quali sono gli orari della chat?", "A che ora apre la chat?"]),
        entry("linea", "linea-inps-segnalazione", &["A che punto è la mia segnalazione?"]),
        entry("pensione", "contributi-figurativi", &["La cassa vale per la pensione?"]),
    ];
    let mut document =
        Document { form: FORM, concepts: concepts(), signs: signs(), entries, ..Document::default() };
    let german = Section {
        questions: vec!["Wann bekomme ich mein Geld?".into()],
        text: "Es gibt keinen festen Tag.".into(),
        steps: vec![],
    };
    document.entries[0].sections.insert(Language::De, german);
    document
}

fn entry(id: &str, topic: &str, questions: &[&str]) -> Entry {
    let section = Section {
        questions: questions.iter().map(|question| (*question).to_owned()).collect(),
        text: format!("Testo di {id}."),
        steps: vec![],
    };
    Entry {
        id: id.into(),
        topics: vec![topic.into()],
        owner: "redazione".into(),
        valid_from: day("2026-01-01"),
        valid_until: None,
        sources: vec![Source { name: "Una circolare".into(), date: day("2025-01-01"), url: None }],
        sections: BTreeMap::from([(Language::It, section)]),
    }
}

fn concepts() -> Vec<Concept> {
    vec![
        concept(
            "fillers",
            Role::Filler,
            &[(Language::It, "la mia mi il che a è per i della sono gli vorrei sapere")],
        ),
        concept("when", Role::Asking, &[(Language::It, "quando"), (Language::De, "wann")]),
        concept("whatis", Role::Asking, &[(Language::It, "significa")]),
        concept("cig", Role::Home, &[(Language::It, "cassa"), (Language::De, "lohnausgleich")]),
        concept(
            "pay",
            Role::Subject,
            &[(Language::It, "pagano pagamento bonifico"), (Language::De, "zahlt")],
        ),
        concept("money", Role::Subject, &[(Language::It, "soldi"), (Language::De, "geld")]),
        concept("iban", Role::Subject, &[(Language::It, "iban"), (Language::De, "iban")]),
        concept("wrong", Role::Subject, &[(Language::It, "sbagliato"), (Language::De, "falsch")]),
        concept("pension", Role::Elsewhere, &[(Language::It, "pensione"), (Language::De, "rente")]),
    ]
}

fn concept(name: &str, role: Role, forms: &[(Language, &str)]) -> Concept {
    let words = |words: &str| words.split(' ').map(Into::into).collect();
    let forms = forms.iter().map(|(language, listed)| (*language, words(listed))).collect();
    Concept { name: name.into(), role, forms }
}

fn signs() -> Vec<Sign> {
    let sign = |entry: &str, concepts: &[&str]| Sign {
        entry: entry.into(),
        concepts: concepts.iter().map(|concept| (*concept).to_owned()).collect(),
    };
    vec![sign("tempi-pagamento", &["when", "money"]), sign("iban", &["iban", "wrong"])]
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
