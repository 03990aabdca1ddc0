// SPDX-License-Identifier: EUPL-1.2
//! The folder as it stands, and folders with one mistake each.

use std::collections::BTreeSet;

use infocig_domain::assistant::document::{Document, Entry};
use infocig_domain::assistant::library::Library;
use infocig_domain::calendar::Calendar;

use super::check::plain;
use super::{Text, of_texts, packed, read};
use crate::answers::{figures, sets};
use crate::workspace::Workspace;

#[test]
fn the_folder_has_no_mistake_and_is_small_on_the_way() {
    let document = shipped();
    let packed = packed(&document).unwrap();

    assert!(packed.brotli < 300_000 && packed.gzip < 300_000, "{packed}");
    assert_eq!(serde_json::from_str::<Document>(&packed.plain).unwrap(), document);
}

#[test]
fn a_mistake_is_named_with_its_file_and_its_line() {
    check("id: iban", "id: other", "knowledge/iban.md:2: the id \"other\" is not the file's name");
    check(
        "topics: [iban-errato]",
        "topics: [nothing]",
        "knowledge/iban.md:3: README.md does not list the topic \"nothing\"",
    );
    check(
        "valid_from: 2026-01-01",
        "valid_from: 2026-13-01",
        "knowledge/iban.md:5: \"2026-13-01\" is no date like 2026-01-31",
    );
    check("valid_until:\n", "valid_until: 2025-01-01\n", "knowledge/iban.md:6: it ends before it begins");
    check(
        "url: https://",
        "url: htp://",
        "knowledge/iban.md:10: \"htp://www.inps.it/a\" is no address of http or https",
    );
    check("    - \"Uno?\"\n", "", "knowledge/iban.md:12: it has 4 questions, not 5 to 12");
    check("    - \"Due?\"", "    - \"UNO\"", "knowledge/iban.md:14: \"iban\" asks the same");
    check("owner: redazione", "owner: redazione\nauthor: me", "knowledge/iban.md:5: unknown field");
    check("1. Apri la pratica.", "2. Apri la pratica.", "knowledge/iban.md:22: steps are numbered from 1");
    check("## it", "## xx", "knowledge/iban.md:19: \"xx\" is no language of the service");
    check(
        "Chiedi alla tua azienda.\n\n1. Apri la pratica.\n",
        "Successivamente all'acquisizione dell'autorizzazione l'Istituto provvede all'erogazione.\n",
        "knowledge/iban.md:19: Gulpease",
    );
}

#[test]
fn a_sign_names_entries_and_concepts_that_exist() {
    let words = [
        text("knowledge/words/it.txt", "iban = iban\n"),
        text("knowledge/words/signs.txt", "# x\nnone = iban, nothing\n"),
    ];
    let mistakes = of_texts(&[text("knowledge/iban.md", ENTRY)], &words).unwrap_err();
    let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "knowledge/words/signs.txt:2: there is no entry \"none\"",
            "knowledge/words/signs.txt:2: no list has a concept \"nothing\"",
        ]
    );
}

#[test]
fn no_question_of_the_sets_stands_in_an_entry_or_among_the_words() {
    let (workspace, document) = (workspace(), shipped());
    let sections = document.entries.iter().flat_map(|entry| entry.sections.values());
    let questions = sections.flat_map(|section| &section.questions);
    let forms = document.concepts.iter().flat_map(|concept| concept.forms.values().flatten());
    let ours: BTreeSet<String> = questions.chain(forms).map(|text| plain(text)).collect();
    for set in sets::SETS {
        for asked in sets::read(&workspace, set).unwrap() {
            // A question of a word or two is everybody's: "iban sbagliato".
            let words = asked.question.split_whitespace().count();
            let copied = words > 3 && ours.contains(&plain(&asked.question));
            assert!(!copied, "{set}: {}", asked.question);
        }
    }
}

#[test]
fn every_question_of_an_entry_finds_its_entry_or_one_of_its_topics_first() {
    let library = Library::new(shipped());
    let (mut asked, mut found) = (0, 0);
    for entry in &library.document().entries {
        for (language, section) in &entry.sections {
            for question in &section.questions {
                asked += 1;
                let best = library.find(question, *language, day());
                let best = best.as_ref().and_then(|best| best.passages.first());
                let same = |best: &Entry| best.topics.iter().any(|topic| entry.topics.contains(topic));
                found += usize::from(best.is_some_and(|best| same(best.entry)));
            }
        }
    }
    assert!(found * 100 >= asked * 93, "{found} of {asked}");
}

#[test]
fn the_halves_that_nobody_looks_at_are_answered_as_well_as_the_figures_say() {
    let (workspace, library) = (workspace(), Library::new(shipped()));
    for set in sets::SETS {
        let questions = sets::read(&workspace, set).unwrap();
        let counts = figures::counts(&library, &questions, day(), sets::Half::Test);
        let share = |count| counts.share(count);
        let most = match set {
            "out_of_scope" => Some(12.0),
            "everyday_out_of_scope" => Some(35.0),
            _ => None,
        };
        if let Some(most) = most {
            assert!(share(counts.answered) <= most, "{set}: {counts:?}");
            continue;
        }
        assert!(share(counts.first) >= 75.0, "{set}: {counts:?}");
        assert!(share(counts.any) >= 88.0, "{set}: {counts:?}");
        assert!(share(counts.wrong()) <= 8.0, "{set}: {counts:?}");
    }
}

/// An entry with one mistake is refused with this line.
#[track_caller]
fn check(right: &str, wrong: &str, expected: &str) {
    assert!(ENTRY.contains(right), "{right}");
    let readme = text("knowledge/README.md", "# Knowledge\n## Topics\n`iban-errato`\n");
    let entry = text("knowledge/iban.md", &ENTRY.replacen(right, wrong, 1));
    let mistakes = of_texts(&[readme, entry], &[]).unwrap_err();
    let said: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert!(said.iter().any(|line| line.starts_with(expected)), "{expected}\n{said:#?}");
}

const ENTRY: &str = "---
id: iban
topics: [iban-errato]
owner: redazione
valid_from: 2026-01-01
valid_until:
sources:
  - name: \"Una circolare\"
    date: 2025-01-01
    url: https://www.inps.it/a
questions:
  it:
    - \"Uno?\"
    - \"Due?\"
    - \"Tre?\"
    - \"Quattro?\"
    - \"Cinque?\"
---
## it
Chiedi alla tua azienda.

1. Apri la pratica.
";

fn text(path: &str, text: &str) -> Text {
    Text { path: path.into(), text: text.into() }
}

fn shipped() -> Document {
    let workspace = workspace();
    let entries = read(&workspace, "knowledge", "md").unwrap();
    let words = read(&workspace, "knowledge/words", "txt").unwrap();
    match of_texts(&entries, &words) {
        Ok(document) => document,
        Err(mistakes) => panic!("{mistakes:#?}"),
    }
}

fn workspace() -> Workspace {
    Workspace::of_this_program().unwrap()
}

/// A day on which every entry is valid.
fn day() -> jiff::civil::Date {
    Calendar::day("2026-11-30T12:00:00Z".parse().unwrap())
}
