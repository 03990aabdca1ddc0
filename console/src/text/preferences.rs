// SPDX-License-Identifier: EUPL-1.2
//! Shortcuts, notifications and their trial.

use infocig_client::words::Words;

use crate::state::{
    preferences::{AlertTrial, Permission},
    shortcuts::Shortcut,
};

/// The action of a shortcut.
pub const fn shortcut(shortcut: Shortcut) -> &'static str {
    match shortcut {
        Shortcut::Help => "keys.help",
        Shortcut::Accept => "keys.accept",
        Shortcut::Decline => "offer.decline",
        Shortcut::Open(_) => "keys.open",
        Shortcut::Write => "keys.write",
        Shortcut::LeaveField => "keys.leave_field",
        Shortcut::Replies => "replies.title",
        Shortcut::Suggest => "suggestions.action",
        Shortcut::Notes => "notes.title",
        Shortcut::History => "history.title",
        Shortcut::Cases => "keys.cases",
        Shortcut::Forward => "keys.forward",
        Shortcut::Supervision => "keys.supervision",
        Shortcut::Transfer => "keys.transfer",
        Shortcut::Hold => "hold.action",
        Shortcut::Invite => "assignment.invite",
        Shortcut::Close => "close.action",
        Shortcut::Presence => "keys.presence",
        Shortcut::Queue => "keys.queue",
    }
}

/// The browser's permission.
pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Missing => "alerts.missing",
        Permission::Unasked => "alerts.undecided",
        Permission::Granted => "alerts.granted",
        Permission::Denied => "alerts.denied",
    }
}

/// The outcome of a trial.
pub fn alert_trial(words: &Words, trial: AlertTrial) -> String {
    let sound = words.text(match trial.sound {
        Some(true) => "alerts_test.sound_played",
        Some(false) => "alerts_test.sound_blocked",
        None => "alerts_test.sound_off",
    });
    match trial.desktop {
        Some(true) => [sound, words.text("alerts_test.notification_sent")].join(" "),
        Some(false) => [sound, words.text("alerts_test.notification_blocked")].join(" "),
        None => sound,
    }
}
