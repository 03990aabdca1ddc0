// SPDX-License-Identifier: EUPL-1.2
//! The choices of a person: the language, and the extent of announcements. They stay on their device, for every page of
//! the portal, and have no personal data.

use infocig_client::json::Json;
use infocig_protocol::{
    codec::{Object, Tree},
    language::Language,
};

/// The choices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The language, where one was chosen.
    pub language: Option<Language>,
    /// The entries that are announced to screen readers.
    pub announce: Announce,
    /// Whether a message of the advisor makes a sound.
    pub sound: bool,
}

/// The entries that are announced to screen readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Announce {
    /// Every message and event.
    #[default]
    All,
    /// Messages of the advisor, and events.
    Advisor,
    /// Nothing: the log is read when it is wanted.
    None,
}

impl Announce {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::All, Self::Advisor, Self::None];

    const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Advisor => "advisor",
            Self::None => "none",
        }
    }
}

impl Settings {
    /// The name of the record in the browser's local storage; the loader reads the language there.
    pub const NAME: &'static str = "info-cig-settings";

    /// Reads a record. A member that is absent or of another form has its default.
    pub fn read(text: &str) -> Self {
        let Some(json) = Json::parse(text) else { return Self::default() };
        let announce = json.read::<String>("announce").unwrap_or_default();
        Self {
            language: json.read("language"),
            announce: Announce::ALL.into_iter().find(|one| one.as_str() == announce).unwrap_or_default(),
            sound: json.read("sound").unwrap_or_default(),
        }
    }

    /// The record as text.
    pub fn write(self) -> String {
        Object::new()
            .text_if("language", self.language.map(Language::as_str))
            .text("announce", self.announce.as_str())
            .value("sound", &self.sound)
            .done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_choices_are_read_again() {
        for announce in Announce::ALL {
            let chosen = Settings { language: Some(Language::De), announce, sound: true };
            assert_eq!(Settings::read(&chosen.write()), chosen);
        }
        assert_eq!(Settings::read(&Settings::default().write()), Settings::default());
    }

    #[test]
    fn unreadable_choices_are_the_defaults() {
        for text in ["", "null", "[]", r#"{"language":"xx","announce":"loud","sound":"yes"}"#] {
            assert_eq!(Settings::read(text), Settings::default(), "{text}");
        }
    }
}
