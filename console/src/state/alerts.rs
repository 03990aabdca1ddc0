// SPDX-License-Identifier: EUPL-1.2
//! When the console makes itself heard: by sound, by a notification of the desktop, in the page's title.
//!
//! - An offer is always heard, again and again until it is answered. A message is heard only by who does not look at it.
//! - The desktop is used only while the page is not looked at, and only if the advisor and the browser both allow it.
//! - Who is away hears only what is theirs. Nothing here names anybody: a desktop is seen by who passes by.

use infocig_protocol::{desk::Presence, language::Language};

/// What the advisor chose on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choices {
    /// Sounds.
    pub sound: bool,
    /// Notifications of the desktop.
    pub desktop: bool,
    /// Keys of one letter.
    pub keys: bool,
    /// The language of the console, if they chose one.
    pub language: Option<Language>,
}

impl Default for Choices {
    fn default() -> Self {
        Self { sound: true, desktop: false, keys: true, language: None }
    }
}

impl Choices {
    /// As they are kept: words between commas. The loader looks for the language among them.
    pub fn written(self) -> String {
        let word = |on, word| if on { word } else { "" };
        let language = self.language.map_or("", Language::as_str);
        let words =
            [word(self.sound, "sound"), word(self.desktop, "desktop"), word(self.keys, "keys"), language];
        words.join(",")
    }

    /// As they were kept; the usual ones if nothing was.
    pub fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        let has = |word: &str| text.split(',').any(|one| one == word);
        let language = Language::ALL.into_iter().find(|language| has(language.as_str()));
        Self { sound: has("sound"), desktop: has("desktop"), keys: has("keys"), language }
    }
}

/// What the browser says about notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// It has none.
    Missing,
    /// Nobody has been asked.
    Unasked,
    /// Allowed.
    Granted,
    /// Forbidden: only the browser's own settings can change that.
    Denied,
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A conversation is offered.
    Offered,
    /// It still is.
    StillOffered,
    /// Somebody waits whom this advisor may take.
    Waits,
    /// Somebody wrote in a conversation; whether it is the one on screen.
    Wrote {
        /// The one on screen, with its end in sight.
        in_sight: bool,
    },
    /// A colleague left a note.
    Noted,
}

/// A sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Three notes up: something must be answered now.
    Call,
    /// One soft note: something is there.
    Tap,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    /// What is heard.
    pub sound: Option<Sound>,
    /// Whether the desktop says so.
    pub desktop: bool,
}

/// How the advisor is placed to notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    /// What they chose.
    pub choices: Choices,
    /// What the browser allows.
    pub permission: Permission,
    /// Whether the page is on screen.
    pub visible: bool,
    /// Whether they take what comes.
    pub presence: Presence,
}

/// What to do about something that happened.
pub fn decide(news: News, situation: Situation) -> Alert {
    let Situation { choices, permission, visible, presence } = situation;
    let here = matches!(presence, Presence::Available | Presence::Busy);
    let (sound, desktop) = match news {
        News::Offered => (Some(Sound::Call), true),
        News::StillOffered => (Some(Sound::Call), false),
        News::Waits if here => (Some(Sound::Call), true),
        News::Waits | News::Noted => (None, false),
        News::Wrote { in_sight } => ((!visible || !in_sight).then_some(Sound::Tap), true),
    };
    Alert {
        sound: sound.filter(|_| choices.sound),
        desktop: desktop && !visible && choices.desktop && permission == Permission::Granted,
    }
}

/// Whether an offer so many seconds old is heard once more.
pub fn rings_again(seconds: i64) -> bool {
    seconds > 0 && seconds % RINGS_EVERY_SECONDS == 0
}

const RINGS_EVERY_SECONDS: i64 = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_is_heard_wherever_one_looks_and_the_desktop_says_it_only_to_who_looks_away() {
        let here = decide(News::Offered, situation());
        assert_eq!(here, Alert { sound: Some(Sound::Call), desktop: false });
        let away = decide(News::Offered, Situation { visible: false, ..situation() });
        assert_eq!(away, Alert { sound: Some(Sound::Call), desktop: true });
    }

    #[test]
    fn what_is_refused_is_not_done() {
        let away = Situation { visible: false, ..situation() };
        for permission in [Permission::Missing, Permission::Unasked, Permission::Denied] {
            assert!(!decide(News::Offered, Situation { permission, ..away }).desktop);
        }
        let choices = Choices { sound: false, ..Choices::default() };
        assert_eq!(decide(News::Offered, Situation { choices, ..away }), Alert::default());
    }

    #[test]
    fn a_message_is_heard_only_by_who_does_not_look_at_it() {
        let news = |in_sight| News::Wrote { in_sight };
        assert_eq!(decide(news(true), situation()).sound, None);
        assert_eq!(decide(news(false), situation()).sound, Some(Sound::Tap));
        let away = Situation { visible: false, ..situation() };
        assert_eq!(decide(news(true), away).sound, Some(Sound::Tap));
    }

    #[test]
    fn who_is_away_is_not_called_for_the_queue_and_still_hears_their_own() {
        let paused = Situation { presence: Presence::Paused, ..situation() };
        assert_eq!(decide(News::Waits, paused).sound, None);
        assert_eq!(decide(News::Waits, situation()).sound, Some(Sound::Call));
        assert_eq!(decide(News::Wrote { in_sight: false }, paused).sound, Some(Sound::Tap));
    }

    #[test]
    fn an_offer_rings_again_every_few_seconds() {
        let rings: Vec<i64> = (0..20).filter(|seconds| rings_again(*seconds)).collect();
        assert_eq!(rings, [8, 16]);
    }

    #[test]
    fn choices_are_kept_as_they_were_made() {
        for choices in [
            Choices::default(),
            Choices { sound: false, desktop: true, keys: false, language: Some(Language::Sl) },
            Choices { sound: false, desktop: false, keys: false, language: None },
        ] {
            assert_eq!(Choices::read(Some(&choices.written())), choices);
        }
        assert_eq!(Choices::read(None), Choices::default());
    }

    fn situation() -> Situation {
        Situation {
            choices: Choices { desktop: true, ..Choices::default() },
            permission: Permission::Granted,
            visible: true,
            presence: Presence::Available,
        }
    }
}
