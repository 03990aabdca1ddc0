// SPDX-License-Identifier: EUPL-1.2
//! Limits and times of the draft by form: numbers at places of the document. What is typed is in the draft at once; whether a
//! number makes sense as a rule is said by the check.

use super::document::{put_at, value_at, without};

/// A number of the document.
#[derive(Debug, PartialEq, Eq)]
pub struct Number {
    /// The members that lead to it.
    pub path: &'static [&'static str],
    /// The key of its label, which says the unit.
    pub label: &'static str,
    /// Whether it may be absent.
    pub is_optional: bool,
}

impl Number {
    /// What a draft says; empty where it says nothing.
    pub fn read(&self, document: &str) -> String {
        value_at(document, self.path)
            .filter(|value| value.is_u64())
            .map_or_else(String::new, |value| value.to_string())
    }

    /// The draft with another number; `None` for a text that is none, or a draft that is no JSON.
    pub fn put(&self, document: &str, text: &str) -> Option<String> {
        let text = text.trim();
        if text.is_empty() && self.is_optional {
            let is_there = value_at(document, self.path).is_some();
            return if is_there { without(document, self.path) } else { Some(document.into()) };
        }
        let number: u32 = text.parse().ok()?;
        put_at(document, self.path, &number.to_string())
    }
}

const fn number(path: &'static [&'static str], label: &'static str) -> Number {
    Number { path, label, is_optional: false }
}

/// The numbers that have a field, in the order of the page.
pub static NUMBERS: [Number; 12] = [
    number(&["last_admission_minutes"], "rules.number_last_admission"),
    number(&["closing", "warn_minutes"], "rules.number_closing_warn"),
    number(&["closing", "grace_minutes"], "rules.number_closing_grace"),
    number(&["desk", "capacity"], "rules.number_capacity"),
    number(&["desk", "accept_within_seconds"], "rules.number_accept"),
    number(&["desk", "longest_wait_minutes"], "rules.number_longest_wait"),
    Number { is_optional: true, ..number(&["desk", "unstaffed_minutes"], "rules.number_unstaffed") },
    number(&["desk", "absent_minutes"], "rules.number_absent"),
    number(&["desk", "inactivity", "warn_minutes"], "rules.number_inactive_warn"),
    number(&["desk", "inactivity", "close_minutes"], "rules.number_inactive_close"),
    number(&["conversations", "most"], "rules.number_conversations"),
    number(&["messages", "per_minute"], "rules.number_messages"),
];
