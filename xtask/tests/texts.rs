// SPDX-License-Identifier: EUPL-1.2
//! Every text key used by an interface has a text in the five languages, in every plural form of the language, with the same
//! placeholders; and every text is used.
//!
//! A key is a literal of lower-case words joined by dots, `"composer.send"`; one with plural forms is written without the form.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use infocig_protocol::language::Language;

type Texts = BTreeMap<String, String>;

#[test]
fn every_key_has_a_text_and_every_text_a_key() {
    let shared = texts_of(&SHARED, Language::It);
    let mut said = keys_in(&root().join("client/src"));
    for (interface, folders) in INTERFACES {
        let mut keys = keys_in(&root().join(interface).join("src"));
        if CALLING.contains(&interface) {
            keys.extend(keys_of(&root().join("client/src/call/words.rs")));
        }
        let own = texts_of(folders, Language::It);
        let known: BTreeSet<&str> = own.keys().chain(shared.keys()).map(|key| base(key)).collect();
        let missing: Vec<_> = keys.iter().filter(|key| !known.contains(key.as_str())).collect();
        assert!(missing.is_empty(), "{interface} says what is in no file: {missing:?}");
        let unused: Vec<_> =
            own.keys().filter(|key| !keys.contains(*key) && !keys.contains(base(key))).collect();
        assert!(unused.is_empty(), "{interface} never says: {unused:?}");
        let twice: Vec<_> = own.keys().filter(|key| shared.contains_key(*key)).collect();
        assert!(twice.is_empty(), "{interface} says anew what both interfaces say: {twice:?}");
        said.extend(keys);
    }
    let lonely: Vec<_> =
        shared.keys().filter(|key| !said.contains(*key) && !said.contains(base(key))).collect();
    assert!(lonely.is_empty(), "nobody says: {lonely:?}");
}

#[test]
fn only_the_deferred_part_of_the_widget_says_what_comes_with_it() {
    let later = texts_of(&LATER, Language::It);
    let of_the_deferred_part =
        ["widget/src/view/deferred", "widget/src/text/deferred", "client/src/cases.rs"]
            .map(|part| root().join(part));
    for file in ["widget/src", "client/src"].iter().flat_map(|folder| rust_files(&root().join(folder))) {
        if of_the_deferred_part.iter().any(|part| file.starts_with(part)) {
            continue;
        }
        let early: Vec<_> = keys_of(&file)
            .into_iter()
            .filter(|key| later.keys().any(|one| one == key || base(one) == key))
            .collect();
        assert!(early.is_empty(), "{}: {early:?} may not be there yet", file.display());
    }
}

#[test]
fn every_language_has_the_same_keys_and_placeholders() {
    for folder in folders() {
        let italian = texts(folder, Language::It);
        for language in Language::ALL {
            let translated = texts(folder, language);
            let name = format!("{folder}/{}.json", language.as_str());
            for (key, text) in &italian {
                if is_form(key, &italian) {
                    continue;
                }
                let found = translated.get(key).unwrap_or_else(|| panic!("{name} lacks {key}"));
                assert_eq!(places(found), places(text), "{name}: {key}");
            }
            let counting: BTreeSet<&str> =
                italian.keys().filter(|key| is_form(key, &italian)).map(|key| base(key)).collect();
            for key in &counting {
                let needed: BTreeSet<&str> = (0..=200).map(|n| language.plural(n)).collect();
                for form in needed {
                    let text = translated.get(&format!("{key}.{form}"));
                    let text = text.unwrap_or_else(|| panic!("{name} lacks {key}.{form}"));
                    let mut wanted = places(&italian[&format!("{key}.other")]);
                    // A form for a single number may spell it out.
                    if !text.contains("{n}") && form != "other" {
                        wanted.remove("n");
                    }
                    assert_eq!(places(text), wanted, "{name}: {key}.{form}");
                }
            }
            for key in translated.keys() {
                let known = italian.contains_key(key) || counting.contains(base(key));
                assert!(known, "{name} has {key}, which Italian has not");
            }
        }
    }
}

#[test]
fn no_language_is_italian_in_disguise() {
    for folder in folders() {
        let italian = texts(folder, Language::It);
        for language in Language::ALL.into_iter().filter(|language| *language != Language::It) {
            let translated = texts(folder, language);
            let same: Vec<_> = translated
                .iter()
                .filter(|(key, text)| said_itself(text) > 12 && italian.get(*key) == Some(*text))
                .filter(|(key, _)| !NAMED_BY_INPS.iter().any(|prefix| key.starts_with(prefix)))
                .collect();
            assert!(same.is_empty(), "{folder} in {}: {same:?}", language.as_str());
        }
    }
}

/// Interfaces, and the folders of their own texts.
const INTERFACES: [(&str, &[&str]); 3] = [
    ("widget", &["widget/texts", "widget/texts/deferred"]),
    ("console", &["console/texts"]),
    ("call", &["call/texts"]),
];

/// The interfaces that have texts of their own for the keys of `client/src/call/words.rs`.
const CALLING: [&str; 2] = ["console", "call"];

/// The folders of the texts of both.
const SHARED: [&str; 2] = ["client/texts", "client/texts/cases"];

/// The folders of the texts that come with the deferred part of the widget.
const LATER: [&str; 2] = ["client/texts/cases", "widget/texts/deferred"];

fn folders() -> impl Iterator<Item = &'static str> {
    INTERFACES.into_iter().flat_map(|(_, folders)| folders).copied().chain(SHARED)
}

/// Italian names of the Institute that stay in every language.
const NAMED_BY_INPS: [&str; 1] = ["step."];

const FORMS: [&str; 4] = ["one", "two", "few", "other"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}

fn texts_of(folders: &[&str], language: Language) -> Texts {
    folders.iter().flat_map(|folder| texts(folder, language)).collect()
}

fn texts(folder: &str, language: Language) -> Texts {
    let file = root().join(folder).join(format!("{}.json", language.as_str()));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A key without its plural form.
fn base(key: &str) -> &str {
    match key.rsplit_once('.') {
        Some((base, form)) if FORMS.contains(&form) => base,
        _ => key,
    }
}

/// Whether a key is a plural form.
fn is_form(key: &str, texts: &Texts) -> bool {
    base(key) != key && texts.contains_key(&format!("{}.other", base(key)))
}

/// The names of the placeholders of a text.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// The number of letters of a text without its placeholders.
fn said_itself(text: &str) -> usize {
    let own = text.split('}').map(|part| part.split('{').next().unwrap_or_default());
    own.flat_map(str::chars).filter(|sign| sign.is_alphabetic()).count()
}

/// The literals of a crate that look like keys, without tests.
fn keys_in(folder: &Path) -> BTreeSet<String> {
    rust_files(folder).iter().flat_map(|file| keys_of(file)).collect()
}

/// The literals of a file that look like keys, without tests.
fn keys_of(file: &Path) -> BTreeSet<String> {
    let source = fs::read_to_string(file).unwrap();
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let keys = |line: &str| -> Vec<String> {
        line.split('"').skip(1).step_by(2).filter(|literal| is_key(literal)).map(Into::into).collect()
    };
    lines.flat_map(keys).collect()
}

fn is_key(literal: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    literal.contains('.') && literal.split('.').all(word)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
