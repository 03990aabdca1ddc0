// SPDX-License-Identifier: EUPL-1.2
//! What a key does.
//!
//! - A key of one letter does nothing while somebody writes, with Ctrl, Alt or Meta, in a dialog, or once switched off
//!   (WCAG 2.1.4). The function key that accepts works everywhere.

/// A key, and where it was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pressed<'key> {
    /// Its name, as the browser says it.
    pub key: &'key str,
    /// In something that is written in, or chosen from with letters.
    pub in_field: bool,
    /// In a dialog.
    pub in_dialog: bool,
    /// Together with Ctrl, Alt or Meta.
    pub modified: bool,
}

/// What keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Shows the keys.
    Help,
    /// Accepts the first offer.
    Accept,
    /// Lets the first offer go by.
    Decline,
    /// Opens the conversation that stands there in the list, from 0.
    Open(usize),
    /// Goes to the message field.
    Write,
    /// Leaves a field, so that letters are keys again.
    LeaveField,
    /// Opens the quick replies.
    Replies,
    /// Opens or closes the notes.
    Notes,
    /// Opens or closes what the person came with before.
    Past,
    /// Opens or closes the person's cases.
    Cases,
    /// Writes to an office.
    Forward,
    /// Goes to the segnalazioni of the service.
    Supervision,
    /// Begins to hand the conversation on, or takes it back.
    Transfer,
    /// Begins to ask a colleague.
    Invite,
    /// Begins to end the conversation.
    Close,
    /// Goes to the presence switch.
    Presence,
    /// Goes to the queue.
    Queue,
}

impl Act {
    /// Every key that can be pressed for something, as people read it, in the order of the help.
    pub const KEYS: [(&'static str, Self); 17] = [
        ("F8", Self::Accept),
        ("A", Self::Accept),
        ("N", Self::Decline),
        ("1 … 9", Self::Open(0)),
        ("S", Self::Write),
        ("Esc", Self::LeaveField),
        ("R", Self::Replies),
        ("O", Self::Notes),
        ("E", Self::Past),
        ("V", Self::Cases),
        ("L", Self::Forward),
        ("T", Self::Transfer),
        ("I", Self::Invite),
        ("C", Self::Close),
        ("P", Self::Presence),
        ("Q", Self::Queue),
        ("G", Self::Supervision),
    ];

    /// The key that is shown with what it does; none for what no key does.
    pub fn key(self) -> &'static str {
        Self::KEYS.iter().find(|(_, act)| *act == self).map_or("", |(key, _)| key)
    }
}

/// What a key does, if anything. `letters`: keys of one letter are on.
pub fn act(pressed: Pressed<'_>, letters: bool) -> Option<Act> {
    if pressed.modified {
        return None;
    }
    match pressed.key {
        "F8" => return Some(Act::Accept),
        "Escape" if pressed.in_field && !pressed.in_dialog => return Some(Act::LeaveField),
        _ => {}
    }
    if pressed.in_field || pressed.in_dialog || !letters {
        return None;
    }
    let mut characters = pressed.key.chars();
    let (Some(letter), None) = (characters.next(), characters.next()) else { return None };
    Some(match letter.to_ascii_lowercase() {
        '?' => Act::Help,
        'a' => Act::Accept,
        'n' => Act::Decline,
        's' => Act::Write,
        'r' | '/' => Act::Replies,
        'o' => Act::Notes,
        'e' => Act::Past,
        'v' => Act::Cases,
        'l' => Act::Forward,
        'g' => Act::Supervision,
        't' => Act::Transfer,
        'i' => Act::Invite,
        'c' => Act::Close,
        'p' => Act::Presence,
        'q' => Act::Queue,
        digit => Act::Open(usize::try_from(digit.to_digit(10)?.checked_sub(1)?).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_a_letter_wherever_somebody_may_be_writing() {
        assert_eq!(act(press("a"), true), Some(Act::Accept));
        assert_eq!(act(Pressed { in_field: true, ..press("a") }, true), None);
        assert_eq!(act(Pressed { in_dialog: true, ..press("a") }, true), None);
        assert_eq!(act(Pressed { modified: true, ..press("c") }, true), None);
        assert_eq!(act(press("a"), false), None, "switched off");
    }

    #[test]
    fn the_function_key_accepts_whatever_one_is_doing() {
        for pressed in [press("F8"), Pressed { in_field: true, in_dialog: true, ..press("F8") }] {
            assert_eq!(act(pressed, false), Some(Act::Accept));
        }
    }

    #[test]
    fn numbers_open_conversations_from_the_first() {
        assert_eq!(act(press("1"), true), Some(Act::Open(0)));
        assert_eq!(act(press("9"), true), Some(Act::Open(8)));
        assert_eq!(act(press("0"), true), None);
        assert_eq!(act(press("F1"), true), None);
    }

    #[test]
    fn every_key_of_the_help_does_what_the_help_says() {
        for (key, does) in Act::KEYS {
            let pressed = match key {
                "Esc" => Pressed { in_field: true, ..press("Escape") },
                "1 … 9" => press("1"),
                key => press(key),
            };
            assert_eq!(act(pressed, true), Some(does), "{key}");
        }
    }

    fn press(key: &str) -> Pressed<'_> {
        Pressed { key, in_field: false, in_dialog: false, modified: false }
    }
}
