// SPDX-License-Identifier: EUPL-1.2
//! Which protocol versions exist, and which one two ends settle on.
//!
//! | version | what it is |
//! |---|---|
//! | 1 | The log alone: `hello`, `post`, `close`; after `welcome` the server sends every entry the client lacks |
//! | 2 | Adds `page`, `read`, `typing` and `presence`; after `welcome` the server sends one page and the client asks for more |

/// The newest version, and the one this code writes.
pub const CURRENT: u16 = 2;
/// The oldest version the server still speaks: the one before [`CURRENT`], because old widgets stay in caches.
pub const OLDEST: u16 = 1;

/// The version to use with a client whose newest is `newest_of_client`, or `None` if it is too old.
pub const fn negotiate(newest_of_client: u16) -> Option<u16> {
    if newest_of_client < OLDEST {
        None
    } else if newest_of_client < CURRENT {
        Some(newest_of_client)
    } else {
        Some(CURRENT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_client_is_answered_in_our_newest_version() {
        assert_eq!(negotiate(CURRENT + 7), Some(CURRENT));
    }

    #[test]
    fn a_client_of_the_version_before_is_answered_in_its_own() {
        assert_eq!(negotiate(CURRENT - 1), Some(CURRENT - 1));
    }

    #[test]
    fn a_client_older_than_the_oldest_is_refused() {
        assert_eq!(negotiate(OLDEST - 1), None);
    }
}
