// SPDX-License-Identifier: EUPL-1.2
//! Shortcuts, notifications and their trial.

use infocig_client::words::Words;

use crate::state::{
    preferences::{AlertTrial, Permission},
    shortcuts::Shortcut,
};

/// What a key does.
pub const fn key(act: Shortcut) -> &'static str {
    match act {
        Shortcut::Help => "keys.help",
        Shortcut::Accept => "keys.accept",
        Shortcut::Decline => "offer.decline",
        Shortcut::Open(_) => "keys.open",
        Shortcut::Write => "keys.write",
        Shortcut::LeaveField => "keys.leave_field",
        Shortcut::Replies => "replies.title",
        Shortcut::Notes => "notes.title",
        Shortcut::History => "past.title",
        Shortcut::Cases => "keys.cases",
        Shortcut::Forward => "keys.forward",
        Shortcut::Supervision => "keys.supervision",
        Shortcut::Transfer => "keys.transfer",
        Shortcut::Invite => "hand.invite",
        Shortcut::Close => "close.do",
        Shortcut::Presence => "keys.presence",
        Shortcut::Queue => "keys.queue",
    }
}

/// What the browser lets us do.
pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Missing => "alerts.missing",
        Permission::Unasked => "alerts.unasked",
        Permission::Granted => "alerts.granted",
        Permission::Denied => "alerts.denied",
    }
}

/// What a trial came to.
pub fn tried(words: &Words, tried: AlertTrial) -> String {
    let sound = words.say(match tried.sound {
        Some(true) => "tried.sound",
        Some(false) => "tried.no_sound",
        None => "tried.sound_off",
    });
    match tried.desktop {
        Some(true) => [sound, words.say("tried.desktop")].join(" "),
        Some(false) => [sound, words.say("tried.no_desktop")].join(" "),
        None => sound,
    }
}
