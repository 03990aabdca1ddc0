// SPDX-License-Identifier: EUPL-1.2
//! Session ids and token ids from the random generator of the operating system.

use std::{fmt::Write as _, io};

use p256::elliptic_curve::rand_core::{OsRng, RngCore as _};

/// A random UUID (version 4, RFC 9562) in its usual form.
pub fn uuid_v4() -> io::Result<String> {
    let mut bytes = random_bytes()?;
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let digits = hex(&bytes);
    Ok([&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-"))
}

/// 128 random bits in hexadecimal.
pub(crate) fn hex_128() -> io::Result<String> {
    random_bytes().map(|bytes| hex(&bytes))
}

fn random_bytes() -> io::Result<[u8; 16]> {
    let mut bytes = [0; 16];
    OsRng.try_fill_bytes(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes)
}

/// Two lower-case digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut digits, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_id_has_the_form_of_a_random_uuid() {
        let id = uuid_v4().unwrap();

        let lengths: Vec<_> = id.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
        assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
    }

    #[test]
    fn two_session_ids_differ() {
        let (one, other) = (hex_128().unwrap(), hex_128().unwrap());

        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
