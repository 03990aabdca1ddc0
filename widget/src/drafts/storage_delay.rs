// SPDX-License-Identifier: EUPL-1.2
//! The delay between a change of the draft and its storage: one write for several keys, because each write contains the unsent
//! messages as well.

use std::{cell::Cell, time::Duration};

/// Longest time between a change of the draft and its storage.
pub const STORE_AFTER: Duration = Duration::from_millis(500);

/// Whether the draft has changes that are not stored. The delay begins with the first of them, and later keys do not extend it:
/// a crash loses at most the last [`STORE_AFTER`], also while the person types without a pause.
#[derive(Debug, Default)]
pub struct StorageDelay {
    is_unsaved: Cell<bool>,
}

impl StorageDelay {
    /// The draft has changed. Returns the time after which [`Self::take`] must be called, if no such call is due already.
    pub fn handle_edit(&self) -> Option<Duration> {
        (!self.is_unsaved.replace(true)).then_some(STORE_AFTER)
    }

    /// Whether the draft must be stored now; from here on it counts as stored. Called when the delay is over, and earlier where
    /// the text would be lost otherwise. A delay that is still running after that stores later changes early.
    pub fn take(&self) -> bool {
        self.is_unsaved.take()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A message field with a clock of its own, in milliseconds.
    #[derive(Default)]
    struct Field {
        now: u128,
        delay: StorageDelay,
        timers: BTreeSet<u128>,
        text: String,
        stored: String,
        writes: usize,
    }

    impl Field {
        fn key(&mut self, key: char) {
            self.text.push(key);
            self.timers.extend(self.delay.handle_edit().map(|wait| self.now + wait.as_millis()));
        }

        fn store(&mut self) {
            if self.delay.take() {
                self.stored.clone_from(&self.text);
                self.writes += 1;
            }
        }

        fn wait(&mut self, millis: u128) {
            for _ in 0..millis {
                self.now += 1;
                if self.timers.remove(&self.now) {
                    self.store();
                }
            }
        }
    }

    #[test]
    fn a_draft_is_stored_once_for_the_keys_of_half_a_second() {
        let mut field = Field::default();
        for key in "Buongiorno".chars() {
            field.key(key);
            field.wait(40);
        }
        assert_eq!((field.stored.as_str(), field.writes), ("", 0));
        field.wait(100);
        assert_eq!((field.stored.as_str(), field.writes), ("Buongiorno", 1));
        field.wait(5_000);
        assert_eq!((field.writes, field.timers.len()), (1, 0));
    }

    #[test]
    fn typing_without_a_pause_leaves_no_key_unsaved_for_longer_than_half_a_second() {
        let mut field = Field::default();
        let mut typed = Vec::new();
        for key in "abcdefghij".repeat(30).chars() {
            field.key(key);
            typed.push(field.now);
            field.wait(70);
            let oldest_unsaved = typed.get(field.stored.len()).copied().unwrap_or(field.now);
            assert!(field.now - oldest_unsaved <= STORE_AFTER.as_millis(), "at {}", field.now);
        }
        assert!(field.writes <= 43, "{}", field.writes);
    }

    #[test]
    fn a_page_that_is_left_stores_the_last_keys_at_once_and_nothing_twice() {
        let mut field = Field::default();
        field.key('a');
        field.wait(10);
        field.store();
        assert_eq!((field.stored.as_str(), field.writes), ("a", 1));
        field.store();
        field.wait(1_000);
        assert_eq!(field.writes, 1);
    }

    #[test]
    fn keys_after_an_early_write_are_stored_in_time_too() {
        let mut field = Field::default();
        field.key('a');
        field.store();
        field.wait(300);
        field.key('b');
        field.wait(500);
        assert_eq!(field.stored, "ab");
    }
}
