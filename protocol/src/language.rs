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
}
