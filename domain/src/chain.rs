// SPDX-License-Identifier: EUPL-1.2
//! Chains of lines, the only scheme of hashes for what is kept: `h(0) = SHA-256(name of the chain)`,
//! `h(n) = SHA-256(hex(h(n-1)) + "\n" + line n)`, each as 64 lower-case hexadecimal digits. Anybody can make one with `sha256sum`.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The hash before the first line of a chain, from the chain's name.
pub fn first(name: &str) -> String {
    hex(&Sha256::digest(name.as_bytes()))
}

/// The hash of a line after the one before it.
pub fn next(before: &str, line: &str) -> String {
    hex(&Sha256::digest(format!("{before}\n{line}")))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_is_what_sha256sum_makes_of_it() {
        // printf %s abc | sha256sum; printf '%s\ndef' $first | sha256sum
        let first = first("abc");
        assert_eq!(first, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(next(&first, "def"), SECOND);
    }

    const SECOND: &str = "e66f3d85259d309e7ed9c0b4983e57c4999f85717a612f9d22a8d7b6ce61716c";
}
