// SPDX-License-Identifier: EUPL-1.2
//! Which events are worth a sound or a desktop notification.
//!
//! - An offer sounds, and again every [`RINGS_EVERY_SECONDS`] until it is answered. A message sounds only while its end of the
//!   log is not in sight.
//! - Desktop notifications show only while the page is hidden, and only if the advisor and the browser both allow them. They
//!   name nobody: other people see a desktop too.
//! - An advisor who is away is alerted to their own conversations and offers, not to people who wait for anybody.

use infocig_protocol::desk::Presence;
use leptos::prelude::*;

use super::{
    DeskState,
    preferences::{Permission, Preferences},
};

/// An event that may be worth an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// A conversation is offered.
    Offered,
    /// An offer is still open, and due to ring again.
    StillOffered,
    /// Somebody joined the queue whom this advisor may take.
    PersonWaiting,
    /// A person wrote.
    MessageReceived {
        /// Whether the advisor was looking at the end of that log.
        in_sight: bool,
    },
    /// A colleague left a note.
    NoteReceived,
    /// A conversation is on hold for longer than its person was told.
    HoldDue,
    /// Something on the panel has reached its threshold.
    PanelAlert,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sound {
    /// Three rising notes: an answer is needed now.
    Call,
    /// One soft note.
    Tap,
}

/// The means by which an event is made noticed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    pub sound: Option<Sound>,
    /// Whether a desktop notification shows.
    pub desktop: bool,
}

/// The circumstances on which an alert depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlertContext {
    pub preferences: Preferences,
    pub permission: Permission,
    /// Whether the page is visible.
    pub visible: bool,
    pub presence: Presence,
}

/// The alert for an event.
pub fn decide(news: News, context: AlertContext) -> Alert {
    let AlertContext { preferences, permission, visible, presence } = context;
    let here = matches!(presence, Presence::Available | Presence::Busy);
    let (sound, desktop) = match news {
        News::Offered | News::PanelAlert | News::HoldDue => (Some(Sound::Call), true),
        News::StillOffered => (Some(Sound::Call), false),
        News::PersonWaiting if here => (Some(Sound::Call), true),
        News::PersonWaiting | News::NoteReceived => (None, false),
        News::MessageReceived { in_sight } => ((!visible || !in_sight).then_some(Sound::Tap), true),
    };
    Alert {
        sound: sound.filter(|_| preferences.sound),
        desktop: desktop && !visible && preferences.desktop && permission == Permission::Granted,
    }
}

/// Whether an offer so many seconds old is due to ring again.
pub fn rings_again(seconds: i64) -> bool {
    seconds > 0 && seconds % RINGS_EVERY_SECONDS == 0
}

const RINGS_EVERY_SECONDS: i64 = 8;

impl DeskState {
    /// The advisor's situation, on which the alert for an event depends.
    pub fn alert_context(&self) -> AlertContext {
        AlertContext {
            preferences: self.preferences.chosen.get_untracked(),
            permission: self.preferences.permission.get_untracked(),
            visible: self.screen.visible.get_untracked(),
            presence: self.presence.current.get_untracked().unwrap_or(Presence::Available),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_always_sounds_and_notifies_the_desktop_only_when_the_page_is_hidden() {
        let here = decide(News::Offered, context());
        assert_eq!(here, Alert { sound: Some(Sound::Call), desktop: false });
        let away = decide(News::Offered, AlertContext { visible: false, ..context() });
        assert_eq!(away, Alert { sound: Some(Sound::Call), desktop: true });
    }

    #[test]
    fn disabled_alerts_are_not_given() {
        let away = AlertContext { visible: false, ..context() };
        for permission in [Permission::Missing, Permission::Unasked, Permission::Denied] {
            assert!(!decide(News::Offered, AlertContext { permission, ..away }).desktop);
        }
        let preferences = Preferences { sound: false, ..Preferences::default() };
        assert_eq!(decide(News::Offered, AlertContext { preferences, ..away }), Alert::default());
    }

    #[test]
    fn a_message_sounds_only_when_it_is_not_on_screen() {
        let news = |in_sight| News::MessageReceived { in_sight };
        assert_eq!(decide(news(true), context()).sound, None);
        assert_eq!(decide(news(false), context()).sound, Some(Sound::Tap));
        let away = AlertContext { visible: false, ..context() };
        assert_eq!(decide(news(true), away).sound, Some(Sound::Tap));
    }

    #[test]
    fn a_paused_advisor_has_alerts_for_own_conversations_and_none_for_the_queue() {
        let paused = AlertContext { presence: Presence::Paused, ..context() };
        assert_eq!(decide(News::PersonWaiting, paused).sound, None);
        assert_eq!(decide(News::PersonWaiting, context()).sound, Some(Sound::Call));
        assert_eq!(decide(News::MessageReceived { in_sight: false }, paused).sound, Some(Sound::Tap));
    }

    #[test]
    fn an_offer_rings_again_every_few_seconds() {
        let rings: Vec<i64> = (0..20).filter(|seconds| rings_again(*seconds)).collect();
        assert_eq!(rings, [8, 16]);
    }

    fn context() -> AlertContext {
        AlertContext {
            preferences: Preferences { desktop: true, ..Preferences::default() },
            permission: Permission::Granted,
            visible: true,
            presence: Presence::Available,
        }
    }
}
