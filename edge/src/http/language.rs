// SPDX-License-Identifier: EUPL-1.2
//! The language of an answer: the one the request asks for, else the one the portal's token names, else the one the browser
//! prefers, else Italian. A tag of a language the service does not speak is Italian.

use infocig_protocol::language::Language;

use super::negotiation::elements;

/// The language preferences of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LanguagePreferences {
    /// The parameter `lang`: a BCP 47 tag.
    pub requested: Option<String>,
    /// The header `Accept-Language`.
    pub accepted: Option<String>,
}

impl LanguagePreferences {
    /// The language to answer in. `locale` is that of the portal's token, where it names one.
    pub fn language(&self, locale: Option<Language>) -> Language {
        let accepted = || self.accepted.as_deref().and_then(preferred);
        requested(self.requested.as_deref()).or(locale).or_else(accepted).unwrap_or_default()
    }
}

/// The language of a requested tag; an empty one requests nothing.
pub fn requested(tag: Option<&str>) -> Option<Language> {
    tag.filter(|tag| !tag.is_empty()).map(|tag| Language::of_tag(tag).unwrap_or_default())
}

/// The language of the service with the greatest weight in an `Accept-Language` (RFC 9110, 12.5.4); of several the first.
pub fn preferred(header: &str) -> Option<Language> {
    let spoken = elements(header).filter_map(|element| {
        let language = Language::of_tag(element.value)?;
        Some((element.thousandths, language))
    });
    let best = spoken
        .filter(|(weight, _)| *weight > 0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_the_person_precedes_that_of_the_portal_and_of_the_browser() {
        let preferences = |requested: Option<&str>, accepted: Option<&str>| LanguagePreferences {
            requested: requested.map(String::from),
            accepted: accepted.map(String::from),
        };
        let portal = Some(Language::De);
        assert_eq!(preferences(Some("fr"), Some("sl")).language(portal), Language::Fr);
        assert_eq!(preferences(Some("pt"), Some("sl")).language(portal), Language::It, "not spoken here");
        assert_eq!(preferences(Some(""), Some("sl")).language(portal), Language::De);
        assert_eq!(preferences(None, Some("sl")).language(None), Language::Sl);
        assert_eq!(preferences(None, Some("pt")).language(None), Language::It);
        assert_eq!(LanguagePreferences::default().language(None), Language::It);
    }

    #[test]
    fn a_browser_is_answered_in_the_language_it_weighs_most() {
        for (header, expected) in [
            ("de-IT,de;q=0.9,it;q=0.8", Some(Language::De)),
            ("pt, en;q=0.5, sl;q=0.7", Some(Language::Sl)),
            ("it;q=0, en", Some(Language::En)),
            ("*", None),
            ("de;q=x", None),
            ("", None),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }
}
