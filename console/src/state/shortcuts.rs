// SPDX-License-Identifier: EUPL-1.2
//! Keyboard shortcuts.
//!
//! - A shortcut of one letter is off in a field, with Ctrl, Alt or Meta, in a dialog, or once switched off
//!   (WCAG 2.1.4). The function key that accepts works everywhere.

/// A key press and its circumstances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyPress<'key> {
    /// The value of `KeyboardEvent.key`.
    pub key: &'key str,
    /// Pressed in a text field or a select.
    pub in_field: bool,
    /// Pressed in a dialog.
    pub in_dialog: bool,
    /// Pressed with Ctrl, Alt or Meta.
    pub modified: bool,
}

/// The action of a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Shows the keys.
    Help,
    /// Accepts the first offer.
    Accept,
    /// Declines the first offer.
    Decline,
    /// Opens the conversation at that position of the list, from 0.
    Open(usize),
    /// Goes to the message field.
    Write,
    /// Leaves a field, so that letters are shortcuts again.
    LeaveField,
    /// Opens the quick replies.
    Replies,
    /// Asks the assistant for an answer to the newest message, or closes its answers.
    Suggest,
    /// Opens or closes the notes.
    Notes,
    /// Opens or closes the person's earlier conversations.
    History,
    /// Opens or closes the person's cases.
    Cases,
    /// Opens the form of a segnalazione.
    Forward,
    /// Goes to the segnalazioni of the service.
    Supervision,
    /// Begins to transfer the conversation, or withdraws the transfer.
    Transfer,
    /// Begins to put the conversation on hold, or takes it off.
    Hold,
    /// Begins to ask a colleague.
    Invite,
    /// Begins to end the conversation.
    Close,
    /// Goes to the presence switch.
    Presence,
    /// Goes to the queue.
    Queue,
}

impl Shortcut {
    /// Every shortcut and its key as people read it, in the order of the help.
    pub const KEYS: [(&'static str, Self); 19] = [
        ("F8", Self::Accept),
        ("A", Self::Accept),
        ("N", Self::Decline),
        ("1 … 9", Self::Open(0)),
        ("S", Self::Write),
        ("Esc", Self::LeaveField),
        ("R", Self::Replies),
        ("U", Self::Suggest),
        ("O", Self::Notes),
        ("E", Self::History),
        ("V", Self::Cases),
        ("L", Self::Forward),
        ("T", Self::Transfer),
        ("M", Self::Hold),
        ("I", Self::Invite),
        ("C", Self::Close),
        ("P", Self::Presence),
        ("Q", Self::Queue),
        ("G", Self::Supervision),
    ];

    /// The key that is shown beside a button; empty without one.
    pub fn key(self) -> &'static str {
        Self::KEYS.iter().find(|(_, act)| *act == self).map_or("", |(key, _)| key)
    }
}

/// The shortcut of a key press. `letters`: shortcuts of one letter are on.
pub fn shortcut_for(pressed: KeyPress<'_>, letters: bool) -> Option<Shortcut> {
    if pressed.modified {
        return None;
    }
    match pressed.key {
        "F8" => return Some(Shortcut::Accept),
        "Escape" if pressed.in_field && !pressed.in_dialog => return Some(Shortcut::LeaveField),
        _ => {}
    }
    if pressed.in_field || pressed.in_dialog || !letters {
        return None;
    }
    let mut characters = pressed.key.chars();
    let (Some(letter), None) = (characters.next(), characters.next()) else { return None };
    Some(match letter.to_ascii_lowercase() {
        '?' => Shortcut::Help,
        'a' => Shortcut::Accept,
        'n' => Shortcut::Decline,
        's' => Shortcut::Write,
        'r' | '/' => Shortcut::Replies,
        'u' => Shortcut::Suggest,
        'o' => Shortcut::Notes,
        'e' => Shortcut::History,
        'v' => Shortcut::Cases,
        'l' => Shortcut::Forward,
        'g' => Shortcut::Supervision,
        't' => Shortcut::Transfer,
        'm' => Shortcut::Hold,
        'i' => Shortcut::Invite,
        'c' => Shortcut::Close,
        'p' => Shortcut::Presence,
        'q' => Shortcut::Queue,
        digit => Shortcut::Open(usize::try_from(digit.to_digit(10)?.checked_sub(1)?).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_no_shortcut_in_a_field() {
        assert_eq!(shortcut_for(press("a"), true), Some(Shortcut::Accept));
        assert_eq!(shortcut_for(KeyPress { in_field: true, ..press("a") }, true), None);
        assert_eq!(shortcut_for(KeyPress { in_dialog: true, ..press("a") }, true), None);
        assert_eq!(shortcut_for(KeyPress { modified: true, ..press("c") }, true), None);
        assert_eq!(shortcut_for(press("a"), false), None, "switched off");
    }

    #[test]
    fn the_function_key_accepts_in_every_state() {
        for pressed in [press("F8"), KeyPress { in_field: true, in_dialog: true, ..press("F8") }] {
            assert_eq!(shortcut_for(pressed, false), Some(Shortcut::Accept));
        }
    }

    #[test]
    fn numbers_open_conversations_from_the_first() {
        assert_eq!(shortcut_for(press("1"), true), Some(Shortcut::Open(0)));
        assert_eq!(shortcut_for(press("9"), true), Some(Shortcut::Open(8)));
        assert_eq!(shortcut_for(press("0"), true), None);
        assert_eq!(shortcut_for(press("F1"), true), None);
    }

    #[test]
    fn every_key_of_the_help_has_its_function() {
        for (key, does) in Shortcut::KEYS {
            let pressed = match key {
                "Esc" => KeyPress { in_field: true, ..press("Escape") },
                "1 … 9" => press("1"),
                key => press(key),
            };
            assert_eq!(shortcut_for(pressed, true), Some(does), "{key}");
        }
    }

    fn press(key: &str) -> KeyPress<'_> {
        KeyPress { key, in_field: false, in_dialog: false, modified: false }
    }
}
