// SPDX-License-Identifier: EUPL-1.2
//! Encryption of a backup: each of its files is sealed by itself with XChaCha20-Poly1305 under one key, and bound to its place,
//! so that a file that was changed, cut, or put in the place of another cannot be opened.

use std::fmt;
use std::fs;
use std::path::Path;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::{Error, While};

/// The key of a backup.
pub(crate) struct Key {
    cipher: XChaCha20Poly1305,
    bytes: [u8; KEY_BYTES],
    /// It lies in clear at the beginning of each file, so that a wrong key is told from a damaged file.
    id: [u8; ID_BYTES],
}

/// Why a file could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// It was sealed with another key.
    WrongKey,
    /// It is not as it was sealed.
    Damaged,
}

impl fmt::Display for Unopened {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::WrongKey => "was sealed with another key: name the key file it was made with",
            Self::Damaged => {
                "is damaged or was changed: restore an earlier backup (--at), or another copy of this one"
            }
        })
    }
}

impl Key {
    /// Reads a key file: 64 hexadecimal digits.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let advice = "it must have 64 hexadecimal digits, as `openssl rand -hex 32` prints them";
        let name = path.display();
        let text = fs::read_to_string(path)
            .map_err(|error| Error::Usage(format!("the key {name} cannot be read ({error}): {advice}")))?;
        let mut bytes = [0; KEY_BYTES];
        let read = base16ct::mixed::decode(text.trim(), &mut bytes).map(<[u8]>::len);
        if read != Ok(KEY_BYTES) {
            return Err(Error::Usage(format!("the key {name} cannot be used: {advice}")));
        }
        Ok(Self::of(bytes))
    }

    fn of(bytes: [u8; KEY_BYTES]) -> Self {
        let digest = Sha256::new().chain_update(b"infocig backup key\0").chain_update(bytes).finalize();
        let mut id = [0; ID_BYTES];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self { cipher: XChaCha20Poly1305::new(&bytes.into()), bytes, id }
    }

    /// A name for some content that nobody can compute without the key.
    pub(crate) fn name_of(&self, content: &[u8]) -> String {
        let digest = Sha256::new().chain_update(b"infocig backup name\0").chain_update(self.bytes);
        hex(&digest.chain_update(Sha256::digest(content)).finalize())
    }

    /// Seals `content`, to be opened at the same place alone.
    pub(crate) fn seal(&self, place: &str, content: &[u8]) -> Result<Vec<u8>, Error> {
        let doing = "encrypting a file of the backup";
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).while_doing(doing)?;
        let payload = Payload { msg: content, aad: place.as_bytes() };
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), payload).while_doing(doing)?;
        Ok([MAGIC.as_slice(), &self.id, &nonce, &sealed].concat())
    }

    /// The content of a sealed file at its place.
    pub(crate) fn open(&self, place: &str, file: &[u8]) -> Result<Vec<u8>, Unopened> {
        let rest = file.strip_prefix(MAGIC.as_slice()).ok_or(Unopened::Damaged)?;
        let (id, rest) = rest.split_at_checked(ID_BYTES).ok_or(Unopened::Damaged)?;
        if id != self.id {
            return Err(Unopened::WrongKey);
        }
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(Unopened::Damaged)?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| Unopened::Damaged)
    }
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

const MAGIC: &[u8; 16] = b"infocig backup 1";
const KEY_BYTES: usize = 32;
const ID_BYTES: usize = 8;
const NONCE_BYTES: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_file_opens_with_its_key_at_its_place_as_it_was_and_nowhere_else() {
        let (key, other) = (Key::of([1; 32]), Key::of([2; 32]));
        let sealed = key.seal("a", b"parole").unwrap();

        assert_eq!(key.open("a", &sealed).as_deref(), Ok(b"parole".as_slice()));
        assert_eq!(other.open("a", &sealed), Err(Unopened::WrongKey));
        assert_eq!(key.open("b", &sealed), Err(Unopened::Damaged));
        for end in 0..sealed.len() {
            assert_eq!(key.open("a", &sealed[..end]), Err(Unopened::Damaged), "{end}");
        }
        for place in MAGIC.len() + ID_BYTES..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(key.open("a", &changed), Err(Unopened::Damaged), "{place}");
        }
        assert!(!sealed.windows(6).any(|window| window == b"parole"));
    }

    #[test]
    fn a_key_file_has_64_hexadecimal_digits() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            Key::read(&path).map(|_| ()).map_err(|error| error.to_string())
        };
        assert_eq!(read(&format!("{}\n", "0aF1".repeat(16))), Ok(()));
        for bad in ["", "0a", &"0g".repeat(32), &"0a".repeat(33)] {
            assert!(read(bad).unwrap_err().contains("openssl rand -hex 32"), "{bad}");
        }
        assert!(Key::read(Path::new("/nowhere")).err().unwrap().to_string().contains("cannot be read"));
    }
}
