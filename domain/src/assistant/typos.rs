// SPDX-License-Identifier: EUPL-1.2
//! Words that were mistyped: the nearest known word, and no word where none is near.
//!
//! One slip in a word of five letters or more, two in one of nine or more. A slip is a letter too many, too few, another one, or
//! two in the wrong order. Shorter words are left alone: almost every one of them is a slip away from another.

use std::collections::BTreeMap;

/// The known words, each with the number of times it occurs.
#[derive(Default)]
pub(super) struct Vocabulary {
    known: BTreeMap<String, u32>,
    /// The same by the number of letters, each with [`letters`].
    by_length: BTreeMap<usize, Vec<(u32, String)>>,
}

impl Vocabulary {
    pub(super) fn add(&mut self, word: &str) {
        if let Some(count) = self.known.get_mut(word) {
            *count = count.saturating_add(1);
            return;
        }
        self.known.insert(word.to_owned(), 1);
        self.by_length.entry(word.len()).or_default().push((letters(word), word.to_owned()));
    }

    pub(super) fn contains(&self, word: &str) -> bool {
        self.known.contains_key(word)
    }

    /// The known word with the fewest slips; among equals the most frequent one, then the first of the alphabet.
    pub(super) fn nearest(&self, word: &str) -> Option<&str> {
        let allowed = slips_allowed(word)?;
        let wanted = letters(word);
        // A slip takes one letter away and brings another: most words are told apart without counting slips.
        let most = u32::try_from(2 * allowed).unwrap_or(u32::MAX);
        let lengths = word.len().saturating_sub(1)..=word.len() + 1;
        let near = self.by_length.range(lengths).flat_map(|(_, words)| words);
        let alike = near.filter(|(letters, _)| (letters ^ wanted).count_ones() <= most);
        let near = alike.filter_map(|(_, known)| {
            // A wrong first letter is rarer than any other slip, and counts as one more.
            let other_beginning = usize::from(word.as_bytes().first() != known.as_bytes().first());
            let left = allowed.checked_sub(other_beginning).filter(|_| known.len() >= SHORTEST_MEANT)?;
            let distance = slips(word.as_bytes(), known.as_bytes(), left)? + other_beginning;
            let count = self.known.get(known).copied().unwrap_or_default();
            Some((distance, std::cmp::Reverse(count), known))
        });
        near.min().map(|(_, _, known)| known.as_str())
    }
}

/// The fewest letters of a word that somebody may have meant.
const SHORTEST_MEANT: usize = 4;

/// The letters of a folded word, a bit for each; a digit counts as the first.
fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |letters, byte| letters | 1 << u32::from(byte.saturating_sub(b'a').min(26)))
}

/// The number of slips that a word may have; none if it is too short to tell.
fn slips_allowed(word: &str) -> Option<usize> {
    match word.len() {
        0..5 => None,
        5..9 => Some(1),
        _ => Some(2),
    }
}

/// The number of slips between two folded words, if it is at most `most`.
fn slips(left: &[u8], right: &[u8], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let at = |row: &Vec<usize>, column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let replaced = at(&last, column) + usize::from(a != b);
            let mut fewest = replaced.min(at(&last, column + 1) + 1).min(at(&next, column) + 1);
            let swapped =
                row > 0 && column > 0 && left.get(row - 1) == Some(b) && right.get(column - 1) == Some(a);
            if swapped {
                fewest = fewest.min(at(&before_last, column - 1) + 1);
            }
            next.push(fewest);
        }
        if next.iter().all(|slips| *slips > most) {
            return None;
        }
        before_last = std::mem::replace(&mut last, next);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_forgiven_in_a_word_of_five_letters_and_two_in_one_of_nine() {
        let mut vocabulary = Vocabulary::default();
        for word in ["pagamento", "pagamenti", "pagamento", "cassa", "soldi", "iban"] {
            vocabulary.add(word);
        }
        let nearest = |word: &str| vocabulary.nearest(word);
        assert_eq!(nearest("casssa"), Some("cassa"));
        assert_eq!(nearest("sodli"), Some("soldi"));
        assert_eq!(nearest("pagmaneto"), Some("pagamento"));
        assert_eq!(nearest("pagamentx"), Some("pagamento"), "the more frequent one");
        assert_eq!(nearest("ibam"), None);
        assert_eq!(nearest("casotta"), None);
        assert_eq!(nearest(""), None);
    }
}
