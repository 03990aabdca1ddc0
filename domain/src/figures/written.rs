// SPDX-License-Identifier: EUPL-1.2
//! A tally as a short text, for stores that hold many of them: a report adds thousands, and reads each of them once.
//!
//! `1;,,7,6;300:2,1;` is the version, the counts, and for each length its buckets. A count has the place of its declaration in
//! [`Tally`]; one that is zero is an empty place. A bucket is the distance from the one before and, behind a colon, how often
//! it occurred, if more than once. Zeros, empty lengths and their separators at the end are not written, so that a member that
//! is added at the end of its list is read from an older text as zero.

use std::fmt::Write;

use super::{histogram::Histogram, tally::Tally};

/// A text that is no tally of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATally;

impl Tally {
    /// The tally as a short text.
    pub fn written(&self) -> String {
        let mut text = String::from(VERSION);
        // Writing to a text cannot fail.
        for count in self.counts() {
            let _ = if count == 0 { Ok(()) } else { write!(text, "{count}") };
            text.push(',');
        }
        text.truncate(text.trim_end_matches(',').len());
        for length in self.lengths() {
            text.push(';');
            let mut before = 0;
            for (bucket, times) in length.buckets() {
                let _ = match times {
                    1 => write!(text, "{},", bucket - before),
                    times => write!(text, "{}:{times},", bucket - before),
                };
                before = bucket;
            }
            text.truncate(text.trim_end_matches(',').len());
        }
        text.truncate(text.trim_end_matches(';').len().max(VERSION.len()));
        text
    }

    /// Adds a tally that was written. Where the text is none, a part of it may have been added.
    pub fn add_written(&mut self, text: &str) -> Result<(), NotATally> {
        let mut reader = Reader(text.strip_prefix(VERSION).ok_or(NotATally)?.as_bytes());
        if !reader.add_counts(&mut self.counts_mut())? {
            return Ok(());
        }
        for length in self.lengths_mut() {
            if !reader.add_length(length)? {
                return Ok(());
            }
        }
        Err(NotATally)
    }
}

/// The version, which no other text begins with: JSON begins with a brace.
const VERSION: &str = "1;";

struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    /// Adds the counts. Whether lengths follow.
    fn add_counts(&mut self, counts: &mut [&mut i64]) -> Result<bool, NotATally> {
        let mut places = counts.iter_mut();
        loop {
            let count = self.number().unwrap_or(Ok(0))?;
            let place = places.next().ok_or(NotATally)?;
            **place = place.checked_add(count).ok_or(NotATally)?;
            match self.separator() {
                Some(b',') => {}
                other => return follows(other),
            }
        }
    }

    /// Adds the buckets of a length. Whether another length follows.
    fn add_length(&mut self, length: &mut Histogram) -> Result<bool, NotATally> {
        let mut bucket = 0_u16;
        loop {
            let Some(distance) = self.number() else { return follows(self.separator()) };
            let distance = u16::try_from(distance?).map_err(|_| NotATally)?;
            bucket = bucket.checked_add(distance).ok_or(NotATally)?;
            let mut next = self.separator();
            let mut times = 1;
            if next == Some(b':') {
                times = self.number().ok_or(NotATally)??;
                next = self.separator();
            }
            length.change(bucket, times);
            match next {
                Some(b',') => {}
                other => return follows(other),
            }
        }
    }

    /// The number that begins here, if one does.
    fn number(&mut self) -> Option<Result<i64, NotATally>> {
        let (is_negative, digits) = match self.0 {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        let length = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return is_negative.then_some(Err(NotATally));
        }
        let (digits, rest) = digits.split_at(length);
        self.0 = rest;
        let mut number = 0_i64;
        for digit in digits {
            let next = number.checked_mul(10).and_then(|tens| tens.checked_add(i64::from(digit - b'0')));
            let Some(next) = next else { return Some(Err(NotATally)) };
            number = next;
        }
        Some(Ok(if is_negative { -number } else { number }))
    }

    /// The byte after a number; `None` at the end.
    fn separator(&mut self) -> Option<u8> {
        let (separator, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*separator)
    }
}

/// Whether another part follows a separator.
const fn follows(separator: Option<u8>) -> Result<bool, NotATally> {
    match separator {
        Some(b';') => Ok(true),
        None => Ok(false),
        Some(_) => Err(NotATally),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tally() -> impl Strategy<Value = Tally> {
        let counts = prop::collection::vec(prop_oneof![3 => Just(0_i64), 1 => -9..1_i64 << 50], 0..40);
        let lengths = prop::collection::vec((0..7_usize, 0..90_000_000_i64, -2..4_i64), 0..60);
        (counts, lengths).prop_map(|(counts, lengths)| {
            let mut tally = Tally::default();
            tally.counts_mut().into_iter().zip(counts).for_each(|(place, count)| *place = count);
            for (nth, millis, times) in lengths {
                let mut one = Tally::default();
                one.lengths_mut()[nth].count(millis);
                (0..times.abs()).for_each(|_| if times < 0 { tally.subtract(&one) } else { tally.add(&one) });
            }
            tally
        })
    }

    fn read(text: &str) -> Result<Tally, NotATally> {
        let mut tally = Tally::default();
        tally.add_written(text).map(|()| tally)
    }

    proptest! {
        #[test]
        fn a_tally_that_is_written_is_read_as_it_was_and_is_added_to_others(one in tally(), two in tally()) {
            prop_assert_eq!(read(&one.written()), Ok(one.clone()));
            let mut sum = one.clone();
            sum.add_written(&two.written()).unwrap();
            let mut expected = one;
            expected.add(&two);
            prop_assert_eq!(sum, expected);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "1;[0-9,;:-]{0,40}", other in ".{0,20}") {
            if let Ok(tally) = read(&text) {
                prop_assert_eq!(read(&tally.written()), Ok(tally));
            }
            let _ = read(&other);
        }
    }

    #[test]
    fn a_tally_has_the_text_that_stores_hold_already() {
        let mut tally = Tally { entered: 12, missed: 3, idle_ms: -5, ..Tally::default() };
        for seconds in [4, 4, 9, 600] {
            tally.wait.count(seconds * 1_000);
        }
        tally.office.count(0);
        assert_eq!(tally.written(), "1;,,12,,,,,,,,,,,,,,3,,,,,,,,,,,,,,-5;4:2,5,156;;;;;;0");
        assert_eq!(Tally::default().written(), "1;");
        assert_eq!(read("1;"), Ok(Tally::default()));
    }

    #[test]
    fn a_text_that_is_no_tally_of_this_version_is_refused() {
        let too_many = format!("1;{}1", ",".repeat(Tally::default().counts().len()));
        for wrong in
            ["", "{}", "2;1", "1;x", "1;1;70000", "1;99999999999999999999", "1;-", "1;;3:", &too_many]
        {
            assert_eq!(read(wrong), Err(NotATally), "{wrong}");
        }
        assert_eq!(read(&format!("1;{}", ";".repeat(9))), Err(NotATally), "a length more than there are");
    }
}
