// SPDX-License-Identifier: EUPL-1.2
//! Texts of an interface by key, in one language, from files of their own.
//!
//! The first file may name another one with the texts that are shown later. A file is one JSON object without nesting, `"composer.send": "Invia"`. `{name}` is a placeholder for a value. A
//! text that counts has one form for each the language needs, `"place.before.one"`, `"place.before.other"`: the categories
//! are CLDR's cardinal plurals for whole numbers.

use infocig_protocol::{codec::Tree, language::Language};

use crate::json::Json;

/// The texts of one language.
#[derive(Clone, Debug)]
pub struct Words {
    language: Language,
    files: Vec<Json>,
}

impl Words {
    /// Reads a file of texts. `None` if it is none.
    pub fn read(language: Language, file: &str) -> Option<Self> {
        Json::parse(file).map(|texts| Self { language, files: vec![texts] })
    }

    /// Adds the texts of a later file. Whether it is one.
    pub fn add(&mut self, file: &str) -> bool {
        Json::parse(file).map(|texts| self.files.push(texts)).is_some()
    }

    /// The file with the texts that are shown later, as the build names it. `None` if there is none, or it has been added.
    pub fn later(&self) -> Option<String> {
        match self.files.as_slice() {
            [first] => first.member("later").text(),
            _ => None,
        }
    }

    /// The language they are in.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The text of a key. Without a text, the key itself; `xtask/tests/texts.rs` fails before that can ship.
    pub fn text(&self, key: &str) -> String {
        self.files.iter().find_map(|texts| texts.member(key).text()).unwrap_or_else(|| key.into())
    }

    /// A text with something in the place of every `{name}`.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        filled(&self.text(key), values)
    }

    /// A text that counts, in the form the number needs; `{n}` is the number.
    pub fn count(&self, key: &str, n: u64) -> String {
        self.count_of(key, n, &[])
    }

    /// The same, with something else in its places.
    pub fn count_of(&self, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let form = [key, ".", self.language.plural(n)].concat();
        let n = n.to_string();
        let values: Vec<_> = values.iter().copied().chain([("n", &*n)]).collect();
        self.fill(&form, &values)
    }
}

/// A language's own name.
pub const fn own_name(language: Language) -> &'static str {
    match language {
        Language::It => "Italiano",
        Language::De => "Deutsch",
        Language::Fr => "Français",
        Language::Sl => "Slovenščina",
        Language::En => "English",
    }
}

fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut said = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        said.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            said.push('{');
            rest = after;
            break;
        };
        // Inserted values are not expanded again: people may write braces.
        said.push_str(values.iter().find(|(one, _)| *one == name).map_or("", |(_, value)| value));
        // The full stop of "S.p.A." ends the sentence too.
        rest = match after.strip_prefix('.') {
            Some(next) if said.ends_with('.') && (next.is_empty() || next.starts_with(' ')) => next,
            Some(_) | None => after,
        };
    }
    said.push_str(rest);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_ends_in_a_full_stop_ends_the_sentence() {
        assert_eq!(filled("Per conto di {of}.", &[("of", "Alfa S.p.A.")]), "Per conto di Alfa S.p.A.");
        assert_eq!(
            filled("Per conto di {of}. Poi", &[("of", "Alfa S.p.A.")]),
            "Per conto di Alfa S.p.A. Poi"
        );
        assert_eq!(filled("Per conto di {of}.", &[("of", "Alfa")]), "Per conto di Alfa.");
    }

    fn words(language: Language) -> Words {
        let file = r#"{
            "a.b": "Invia", "a.who": "{name}: {what}",
            "a.n.one": "{n} mesto", "a.n.two": "{n} mesti", "a.n.few": "{n} mesta", "a.n.other": "{n} mest"
        }"#;
        Words::read(language, file).unwrap()
    }

    #[test]
    fn a_value_inserted_into_a_text_is_not_filled_again() {
        let words = words(Language::It);
        assert_eq!(words.text("a.b"), "Invia");
        assert_eq!(words.fill("a.who", &[("name", "{what}"), ("what", "{name}")]), "{what}: {name}");
        assert_eq!(words.text("a.absent"), "a.absent");
        assert_eq!(words.text("constructor"), "constructor");
    }

    #[test]
    fn texts_that_are_shown_later_are_in_a_file_that_the_first_one_names() {
        let mut words =
            Words::read(Language::It, r#"{ "a.b": "Invia", "later": "it-1.json sha256-2" }"#).unwrap();
        assert_eq!(words.later().as_deref(), Some("it-1.json sha256-2"));
        assert!(!words.add("<html>"));
        assert!(words.later().is_some() && words.text("a.later") == "a.later");

        assert!(words.add(r#"{ "a.later": "Stampa" }"#));

        assert_eq!(
            (words.later(), words.text("a.b"), words.text("a.later")),
            (None, "Invia".into(), "Stampa".into())
        );
    }

    #[test]
    fn a_number_takes_the_form_its_language_needs() {
        let forms = [0, 1, 2, 3, 5, 101, 102, 104].map(|n| words(Language::Sl).count("a.n", n));
        assert_eq!(
            forms,
            ["0 mest", "1 mesto", "2 mesti", "3 mesta", "5 mest", "101 mesto", "102 mesti", "104 mesta"]
        );
    }
}
