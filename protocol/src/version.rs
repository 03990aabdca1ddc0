// SPDX-License-Identifier: EUPL-1.2
//! The version of the protocol, and which one two ends settle on.

/// The only version there is.
pub const CURRENT: u16 = 2;

/// The version to use with a client whose newest is `newest_of_client`: [`CURRENT`] where the client knows it. A client names
/// only its newest version and speaks those before it; `None` means that the two ends have none in common.
pub const fn negotiate(newest_of_client: u16) -> Option<u16> {
    if newest_of_client < CURRENT { None } else { Some(CURRENT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_client_is_answered_in_our_version() {
        assert_eq!(negotiate(CURRENT), Some(CURRENT));
        assert_eq!(negotiate(CURRENT + 7), Some(CURRENT));
    }

    #[test]
    fn a_client_of_a_version_before_is_refused() {
        assert_eq!(negotiate(CURRENT - 1), None);
        assert_eq!(negotiate(0), None);
    }
}
