// SPDX-License-Identifier: EUPL-1.2
//! The languages of the service: Italian; German, its equal in the province of Bolzano; French, Slovene, English.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// A language people read the service in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Wire)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Italian.
    #[default]
    It,
    /// German.
    De,
    /// French.
    Fr,
    /// Slovene.
    Sl,
    /// English.
    En,
}

impl Language {
    /// The language of a BCP 47 tag such as `de-IT`, if the service speaks it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.as_str().eq_ignore_ascii_case(primary))
    }

    /// CLDR's plural category of a whole number: the form in which the language counts so many.
    pub const fn plural(self, n: u64) -> &'static str {
        match (self, n) {
            (Self::It | Self::De | Self::En, 1) | (Self::Fr, 0 | 1) => "one",
            (Self::Sl, n) => match n % 100 {
                1 => "one",
                2 => "two",
                3 | 4 => "few",
                _ => "other",
            },
            (Self::It | Self::De | Self::En | Self::Fr, _) => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_read_by_its_primary_language() {
        assert_eq!(Language::of_tag("de-IT"), Some(Language::De));
        assert_eq!(Language::of_tag("SL"), Some(Language::Sl));
        assert_eq!(Language::of_tag("deu"), None);
        assert_eq!(Language::of_tag(""), None);
    }
    #[test]
    fn a_number_takes_the_form_its_language_needs() {
        let forms = [0, 1, 2, 3, 5, 101, 102, 104].map(|n| Language::Sl.plural(n));
        assert_eq!(forms, ["other", "one", "two", "few", "other", "one", "two", "few"]);
        assert_eq!([0, 1, 2].map(|n| Language::Fr.plural(n)), ["one", "one", "other"]);
        for language in [Language::It, Language::De, Language::En] {
            assert_eq!([0, 1, 2].map(|n| language.plural(n)), ["other", "one", "other"]);
        }
    }
}
