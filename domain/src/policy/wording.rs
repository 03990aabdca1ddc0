// SPDX-License-Identifier: EUPL-1.2
//! A text of the policy that must be said in Italian and may be said in the other languages too: where a language is
//! missing, who reads it is told in Italian rather than nothing.
//!
//! In the document it is a string, which is Italian, or an object with `it` and any of `de`, `fr`, `sl`, `en`. None is blank.

use std::fmt;

use infocig_protocol::language::Language;
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A text in Italian, and in as many of the other languages as the document says it in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    it: String,
    others: Others,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Others {
    de: Option<String>,
    fr: Option<String>,
    sl: Option<String>,
    en: Option<String>,
}

impl Wording {
    /// The text in Italian.
    pub fn italian(&self) -> &str {
        &self.it
    }

    /// The texts in other languages.
    pub fn others(&self) -> impl Iterator<Item = (Language, &str)> {
        let Others { de, fr, sl, en } = &self.others;
        let all = [(Language::De, de), (Language::Fr, fr), (Language::Sl, sl), (Language::En, en)];
        all.into_iter().filter_map(|(language, text)| Some((language, text.as_deref()?)))
    }

    /// The text in a language, or in Italian where the document does not say it in that one.
    pub fn in_language(&self, language: Language) -> &str {
        let Others { de, fr, sl, en } = &self.others;
        let said = match language {
            Language::It => &None,
            Language::De => de,
            Language::Fr => fr,
            Language::Sl => sl,
            Language::En => en,
        };
        said.as_deref().unwrap_or(&self.it)
    }

    /// Whether it says something in every language it is said in.
    fn is_said(&self) -> bool {
        Language::ALL.into_iter().all(|language| !self.in_language(language).trim().is_empty())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordingForm {
    it: String,
    de: Option<String>,
    fr: Option<String>,
    sl: Option<String>,
    en: Option<String>,
}

impl<'de> Deserialize<'de> for Wording {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wording = deserializer.deserialize_any(StringOrObject)?;
        if wording.is_said() { Ok(wording) } else { Err(D::Error::custom("a text must not be empty")) }
    }
}

struct StringOrObject;

impl<'de> Visitor<'de> for StringOrObject {
    type Value = Wording;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an Italian text, or an object with `it` and other languages")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Wording, E> {
        Ok(Wording { it: text.to_string(), others: Others::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Wording, A::Error> {
        let WordingForm { it, de, fr, sl, en } =
            WordingForm::deserialize(MapAccessDeserializer::new(members))?;
        Ok(Wording { it, others: Others { de, fr, sl, en } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_missing_in_a_language_is_italian() {
        let wording: Wording = serde_json::from_str(r#"{"it": "Chiuso.", "de": "Geschlossen."}"#).unwrap();
        let said = Language::ALL.map(|language| wording.in_language(language).to_string());
        assert_eq!(said, ["Chiuso.", "Geschlossen.", "Chiuso.", "Chiuso.", "Chiuso."]);
        let wording: Wording = serde_json::from_str(r#""Chiuso.""#).unwrap();
        assert_eq!(wording.in_language(Language::Sl), "Chiuso.");
    }

    #[test]
    fn a_malformed_text_is_refused_with_the_form_it_should_have() {
        for (document, expected) in [
            (r#"" ""#, "a text must not be empty"),
            (r#"{"it": "Chiuso.", "en": " "}"#, "a text must not be empty"),
            (r#"{"de": "Geschlossen."}"#, "missing field `it`"),
            (r#"{"it": "Chiuso.", "es": "Cerrado."}"#, "unknown field `es`"),
            ("3", "an Italian text, or an object with `it`"),
        ] {
            let error = serde_json::from_str::<Wording>(document).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
