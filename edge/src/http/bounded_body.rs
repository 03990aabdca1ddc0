// SPDX-License-Identifier: EUPL-1.2
//! A body that is collected piece by piece up to a limit, so that one without end fills no memory.

/// The pieces of a body of at most so many bytes.
#[derive(Debug)]
pub struct BoundedBody {
    bytes: Vec<u8>,
    most: usize,
}

/// The body has more bytes than its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl BoundedBody {
    /// An empty body of at most `most` bytes. `content_length` is the header of that name: a body that announces more bytes is
    /// not read at all.
    pub fn new(most: usize, content_length: Option<&str>) -> Result<Self, TooLarge> {
        let announced = content_length.and_then(|length| length.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(TooLarge);
        }
        Ok(Self { bytes: Vec::new(), most })
    }

    /// Adds a piece, unless it takes the body beyond its limit.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), TooLarge> {
        if piece.len() > self.most.saturating_sub(self.bytes.len()) {
            return Err(TooLarge);
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// The bytes so far.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Largest key set of an issuer or of Linea INPS, in bytes: hundreds of keys. A larger one is not used.
pub const MAX_KEY_SET_BYTES: usize = 256 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_set_has_at_most_256_kib_whether_it_announces_its_length_or_not() {
        let (most, more) = ("262144", "262145");
        assert_eq!(BoundedBody::new(MAX_KEY_SET_BYTES, Some(more)).err(), Some(TooLarge));

        for announced in [Some(most), Some("x"), None] {
            let mut body = BoundedBody::new(MAX_KEY_SET_BYTES, announced).unwrap();
            for _ in 0..256 {
                assert_eq!(body.push(&[b' '; 1024]), Ok(()));
            }
            assert_eq!(body.push(b" "), Err(TooLarge));
            assert_eq!(body.into_bytes().len(), 262_144);
        }
    }
}
