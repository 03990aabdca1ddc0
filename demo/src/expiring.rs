// SPDX-License-Identifier: EUPL-1.2
//! A map whose entries expire: `jti` values that were seen, and access tokens that were issued.

use std::collections::HashMap;

/// Values by name, each valid until an instant in seconds. Expired entries are removed when the map doubles, so that its
/// size stays proportional to the valid ones.
#[derive(Debug)]
pub(crate) struct Expiring<T> {
    entries: HashMap<String, (i64, T)>,
    prune_at: usize,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self { entries: HashMap::new(), prune_at: 1_024 }
    }
}

impl<T> Expiring<T> {
    /// The value of that name, if it has not expired.
    pub(crate) fn get(&self, name: &str, now: i64) -> Option<&T> {
        self.entries.get(name).filter(|(until, _)| now < *until).map(|(_, value)| value)
    }

    /// Inserts a value. Returns false and changes nothing if the name has a value that has not expired.
    pub(crate) fn insert(&mut self, name: String, until: i64, value: T, now: i64) -> bool {
        if self.get(&name, now).is_some() {
            return false;
        }
        if self.entries.len() >= self.prune_at {
            self.entries.retain(|_, (until, _)| now < *until);
            self.prune_at = (2 * self.entries.len()).max(1_024);
        }
        self.entries.insert(name, (until, value));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expired_entries_make_room() {
        let mut entries = Expiring::default();
        for number in 0..3_000_i64 {
            assert!(entries.insert(number.to_string(), number + 10, (), number));
        }

        assert!(entries.entries.len() < 1_100, "{}", entries.entries.len());
        assert!(entries.get("2999", 3_000).is_some() && entries.get("2999", 3_009).is_none());
    }
}
