// SPDX-License-Identifier: EUPL-1.2
//! The advisor's preferences on this device, and the permissions of the browser.

use infocig_protocol::language::Language;
use leptos::prelude::*;

/// The choices an advisor makes, stored in the browser for all tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    pub sound: bool,
    pub desktop: bool,
    /// Whether keyboard shortcuts of one letter are on.
    pub keys: bool,
    /// The language of the console; the browser's if absent.
    pub language: Option<Language>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { sound: true, desktop: false, keys: true, language: None }
    }
}

impl Preferences {
    /// The stored form: words between commas. The loader (`public/edge/console.js`) reads the language from it.
    pub fn written(self) -> String {
        let word = |on, word| if on { word } else { "" };
        let language = self.language.map_or("", Language::as_str);
        let words =
            [word(self.sound, "sound"), word(self.desktop, "desktop"), word(self.keys, "keys"), language];
        words.join(",")
    }

    /// Reads the stored form; the defaults if nothing is stored.
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let has = |word: &str| text.split(',').any(|one| one == word);
        let language = Language::ALL.into_iter().find(|language| has(language.as_str()));
        Self { sound: has("sound"), desktop: has("desktop"), keys: has("keys"), language }
    }
}

/// The browser's permission to show notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// The browser has no notifications.
    Missing,
    /// The advisor has not been asked yet.
    Unasked,
    Granted,
    /// Forbidden: only the browser's own settings can change that.
    Denied,
}

/// The outcome of a trial of sound and notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertTrial {
    /// Whether the sound was played; absent if sounds are off.
    pub sound: Option<bool>,
    /// Whether the notification was shown; absent if notifications are off.
    pub desktop: Option<bool>,
}

/// The signals of the preferences.
#[derive(Clone, Copy, Debug)]
pub struct PreferencesState {
    pub chosen: RwSignal<Preferences>,
    /// The browser's permission to show notifications.
    pub permission: RwSignal<Permission>,
    /// The newest trial; absent before the first, and once a preference changed.
    pub trial: RwSignal<Option<AlertTrial>>,
    /// Whether sounds are on and the browser mutes the page until somebody presses a key or a button.
    pub sound_blocked: RwSignal<bool>,
}

impl PreferencesState {
    pub(super) fn new() -> Self {
        Self {
            chosen: RwSignal::new(Preferences::default()),
            permission: RwSignal::new(Permission::Missing),
            trial: RwSignal::new(None),
            sound_blocked: RwSignal::new(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_kept_as_they_were_made() {
        for preferences in [
            Preferences::default(),
            Preferences { sound: false, desktop: true, keys: false, language: Some(Language::Sl) },
            Preferences { sound: false, desktop: false, keys: false, language: None },
        ] {
            assert_eq!(Preferences::read(Some(&preferences.written())), preferences);
        }
        assert_eq!(Preferences::read(None), Preferences::default());
    }
}
