// SPDX-License-Identifier: EUPL-1.2
//! Refusals at the entrance that the register has not counted yet, in the memory of the front.
//!
//! They are reported in numbered batches: a batch that may not have arrived is reported again under its number, and the register drops
//! the repetition. So each is counted once while the process lives. Those that are waiting when it is killed are counted nowhere,
//! and so are those beyond [`Uncounted::MOST`], of which there is a count.

use infocig_protocol::time::Timestamp;

use crate::store::Refused;

/// Refusals on their way to the register.
#[derive(Debug, Default)]
pub struct Uncounted {
    noted: Vec<Refused>,
    batch: Option<Batch>,
    last: i64,
    lost: u64,
}

/// Refusals that are reported together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its number, from 1.
    pub number: i64,
    /// The refusals.
    pub refused: Vec<Refused>,
    /// Since when it is being reported; absent after that failed.
    reported: Option<Timestamp>,
}

impl Uncounted {
    /// The most that wait: some hundred bytes each.
    pub const MOST: usize = 10_000;
    /// An attempt that has not ended by then never will: the platform dropped it.
    const LONGEST_ATTEMPT_MS: i64 = 60_000;

    /// Somebody was refused.
    pub fn note(&mut self, refused: Refused) {
        if self.waiting() < Self::MOST {
            self.noted.push(refused);
        } else {
            self.lost = self.lost.saturating_add(1);
        }
    }

    /// The batch to report now; `None` if there is nothing to report, or an attempt is under way.
    pub fn begin(&mut self, now: Timestamp) -> Option<Batch> {
        let under_way = |reported: Timestamp| {
            (0..Self::LONGEST_ATTEMPT_MS).contains(&(now.as_millis() - reported.as_millis()))
        };
        if self.batch.as_ref().is_some_and(|batch| batch.reported.is_some_and(under_way)) {
            return None;
        }
        if self.batch.is_none() && !self.noted.is_empty() {
            self.last += 1;
            let refused = std::mem::take(&mut self.noted);
            self.batch = Some(Batch { number: self.last, refused, reported: None });
        }
        let batch = self.batch.as_mut()?;
        batch.reported = Some(now);
        Some(batch.clone())
    }

    /// The attempt to report a batch has ended. One that failed is reported again under its number.
    pub fn ended(&mut self, number: i64, is_counted: bool) {
        let Some(batch) = self.batch.as_mut().filter(|batch| batch.number == number) else { return };
        batch.reported = None;
        if is_counted {
            self.batch = None;
        }
    }

    /// How many are not known to be counted.
    pub fn waiting(&self) -> usize {
        self.noted.len() + self.batch.as_ref().map_or(0, |batch| batch.refused.len())
    }

    /// How many were not kept, because too many waited.
    pub const fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::QueueId,
        language::Language,
        person::{Category, EntryPoint},
    };

    use super::*;

    #[test]
    fn a_batch_that_failed_is_told_again_under_its_number_and_later_refusals_wait_for_it() {
        let mut uncounted = Uncounted::default();
        assert_eq!(uncounted.begin(at(0)), None);
        uncounted.note(refused());
        let first = uncounted.begin(at(1)).unwrap();
        uncounted.note(refused());
        assert_eq!((uncounted.begin(at(2)), uncounted.waiting()), (None, 2), "it is under way");

        uncounted.ended(first.number, false);
        let again = uncounted.begin(at(3)).unwrap();
        assert_eq!((again.number, again.refused.len()), (first.number, 1));
        uncounted.ended(again.number, true);
        let second = uncounted.begin(at(4)).unwrap();
        assert_eq!((second.number, second.refused.len()), (2, 1));
        uncounted.ended(first.number, true);
        assert_eq!(uncounted.waiting(), 1, "a late answer to the first says nothing of the second");
        uncounted.ended(second.number, true);
        assert_eq!((uncounted.waiting(), uncounted.begin(at(5))), (0, None));
    }

    #[test]
    fn an_attempt_the_platform_dropped_is_made_again() {
        let mut uncounted = Uncounted::default();
        uncounted.note(refused());
        let dropped = uncounted.begin(at(0)).unwrap();
        assert_eq!(uncounted.begin(at(59_999)), None);
        assert_eq!(uncounted.begin(at(60_000)).unwrap().number, dropped.number);
        assert!(uncounted.begin(at(59_000)).is_some(), "a clock that was set back");
    }

    #[test]
    fn beyond_the_most_that_wait_refusals_are_counted_as_lost() {
        let mut uncounted = Uncounted::default();
        (0..Uncounted::MOST).for_each(|_| uncounted.note(refused()));
        uncounted.begin(at(0)).unwrap();
        uncounted.note(refused());
        assert_eq!((uncounted.waiting(), uncounted.lost()), (Uncounted::MOST, 1));
    }

    fn refused() -> Refused {
        Refused {
            code: "closure".into(),
            queue: QueueId::parse("info-cig").unwrap(),
            category: Category::Lavoratore,
            province: "058".into(),
            entry_point: EntryPoint::Myinps,
            language: Language::It,
            at: at(0),
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
