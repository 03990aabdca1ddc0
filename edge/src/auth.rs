// SPDX-License-Identifier: EUPL-1.2
//! Proofs: signed tokens of portals and sign-ins, the service's own tickets, and the signatures of other systems.
//!
//! | module | proves | signed with |
//! |---|---|---|
//! | `handoff` | a person, for a portal | ES256, a key of the portal's key set |
//! | `advisor` | an advisor, for their sign-in | ES256, a key of the sign-in's key set |
//! | `oidc` | one of the staff, for their provider | ES256, RS256 or PS256, a key of the provider's key set |
//! | `ticket` | somebody this service has admitted | HS256, the service's own key |
//! | `write_request_token` | a person who may write, ask, or enter once | HS256, the service's own key |
//! | `modi` | this service to another system, and Linea INPS to this service | ES256 |
//!
//! `token` reads and verifies tokens of the first two kinds; `jws` holds the checks these share with `modi`, `signed` those of
//! the service's own tokens.

pub mod advisor;
pub mod handoff;
pub mod jws;
pub mod modi;
pub mod oidc;
mod signed;
pub mod ticket;
pub mod token;
pub mod turn;
pub mod write_request_token;

use sha2::{Digest, Sha256};

/// Whether a token that was sent is the one expected. Digests are compared, so that the time says nothing of how far they agree.
pub fn same_token(given: &str, expected: &str) -> bool {
    Sha256::digest(given.as_bytes()) == Sha256::digest(expected.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_expected_one_as_a_whole_or_not_at_all() {
        assert!(same_token("abc", "abc"));
        assert!(!same_token("ab", "abc") && !same_token("abcd", "abc") && !same_token("", "abc"));
    }
}
