// SPDX-License-Identifier: EUPL-1.2
//! Random edits of valid texts. Failing inputs are shrunk to fewer and smaller edits.

use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::{Index, select};

/// An edit of bytes.
#[derive(Clone, Debug)]
enum Edit {
    /// Replaces one byte.
    Change(Index, u8),
    /// Removes bytes.
    Remove(Index, Index),
    /// Repeats bytes.
    Repeat(Index, Index, u16),
    /// Inserts bytes.
    Insert(Index, Vec<u8>),
    /// Replaces the rest by that of another text.
    Splice(Index, Index, Index),
}

/// Texts of a corpus, with up to eight edits.
pub fn strategy(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let edits = vec(edit(), 0..8);
    (any::<Index>(), edits, Just(corpus)).prop_map(|(which, edits, corpus)| {
        let first = if corpus.is_empty() { Vec::new() } else { which.get(&corpus).clone() };
        edits.into_iter().fold(first, |bytes, edit| edit.of(bytes, &corpus))
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    let token = select(TOKENS.to_vec()).prop_map(|token| token.as_bytes().to_vec());
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Change(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Remove(from, to)),
        (any::<Index>(), any::<Index>(), 1_u16..400)
            .prop_map(|(from, to, times)| Edit::Repeat(from, to, times)),
        (any::<Index>(), token).prop_map(|(at, token)| Edit::Insert(at, token)),
        (any::<Index>(), vec(any::<u8>(), 1..12)).prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        (any::<Index>(), any::<Index>(), any::<Index>())
            .prop_map(|(at, which, from)| Edit::Splice(at, which, from)),
    ]
}

impl Edit {
    fn of(self, mut bytes: Vec<u8>, corpus: &[Vec<u8>]) -> Vec<u8> {
        let length = bytes.len();
        let place = |index: Index| index.index(length + 1);
        match self {
            Self::Change(at, byte) => {
                if let Some(found) = bytes.get_mut(place(at)) {
                    *found = byte;
                }
            }
            Self::Remove(from, to) => {
                let (from, to) = in_order(place(from), place(to));
                bytes.drain(from..to);
            }
            Self::Repeat(from, to, times) => {
                let (from, to) = in_order(place(from), place(to));
                let piece = bytes.get(from..to).unwrap_or_default().to_vec();
                let times = usize::from(times).min(MOST_BYTES / piece.len().max(1));
                bytes.splice(from..to, piece.repeat(times));
            }
            Self::Insert(at, other) => {
                let at = place(at);
                bytes.splice(at..at, other);
            }
            Self::Splice(at, which, from) => {
                bytes.truncate(place(at));
                if !corpus.is_empty() {
                    let other = which.get(corpus);
                    bytes.extend(other.get(from.index(other.len() + 1)..).unwrap_or_default());
                }
            }
        }
        bytes.truncate(MOST_BYTES);
        bytes
    }
}

const fn in_order(one: usize, other: usize) -> (usize, usize) {
    if one < other { (one, other) } else { (other, one) }
}

/// Twice the largest frame.
const MOST_BYTES: usize = 128 * 1024;

/// Bytes with a meaning for some reader.
const TOKENS: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "null",
    "true",
    "-1",
    "1e309",
    "9223372036854775808",
    "0.5",
    ",",
    ":",
    ";",
    "=",
    ".",
    "..",
    "/",
    "%",
    "%00",
    "%zz",
    "&",
    "?",
    "#",
    "\r\n",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\u{200b}",
    "\u{301}",
    "😀",
    "<",
    "-->",
    "</script>",
    "xn--",
    "[::1]",
    "*",
];
