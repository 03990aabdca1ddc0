// SPDX-License-Identifier: EUPL-1.2
//! Which language somebody is answered in: the one their request asks for, else the one their portal says they read, else
//! what their browser prefers, else Italian. A tag of a language the service does not speak is Italian.

use infocig_protocol::language::Language;

/// What a request says of the language its sender reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The parameter `lang`: a BCP 47 tag.
    pub asked: Option<String>,
    /// The header `Accept-Language`.
    pub accepted: Option<String>,
}

impl Wishes {
    /// The language to answer in. `locale` is what the portal's token says, where it says anything.
    pub fn language(&self, locale: Option<Language>) -> Language {
        let accepted = || self.accepted.as_deref().and_then(preferred);
        asked(self.asked.as_deref()).or(locale).or_else(accepted).unwrap_or_default()
    }
}

/// The language of a tag somebody asks for. An empty one asks for nothing.
pub fn asked(tag: Option<&str>) -> Option<Language> {
    tag.filter(|tag| !tag.is_empty()).map(|tag| Language::of_tag(tag).unwrap_or_default())
}

/// The language of the service that an `Accept-Language` (RFC 9110, 12.5.4) weighs most; of several the first.
pub fn preferred(header: &str) -> Option<Language> {
    let ranges = header.split(',').filter_map(|range| {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight =
            parameters.trim().strip_prefix("q=").map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
        Some((weight, Language::of_tag(tag.trim())?))
    });
    let best = ranges
        .filter(|(weight, _)| *weight > 0.0)
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_heard_before_their_portal_and_that_before_their_browser() {
        let wishes = |asked: Option<&str>, accepted: Option<&str>| Wishes {
            asked: asked.map(String::from),
            accepted: accepted.map(String::from),
        };
        let portal = Some(Language::De);
        assert_eq!(wishes(Some("fr"), Some("sl")).language(portal), Language::Fr);
        assert_eq!(wishes(Some("pt"), Some("sl")).language(portal), Language::It, "not spoken here");
        assert_eq!(wishes(Some(""), Some("sl")).language(portal), Language::De);
        assert_eq!(wishes(None, Some("sl")).language(None), Language::Sl);
        assert_eq!(wishes(None, Some("pt")).language(None), Language::It);
        assert_eq!(Wishes::default().language(None), Language::It);
    }

    #[test]
    fn a_browser_is_answered_in_what_it_weighs_most() {
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
