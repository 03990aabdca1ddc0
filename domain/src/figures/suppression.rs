// SPDX-License-Identifier: EUPL-1.2
//! Withholding small counts from published figures, and as many others as keep them unknown.
//!
//! A [`Release`] is a total and tables that break it down, each row with the same counts. Every count is a node of a tree of
//! halves, so that every number a reader can compute inside one row is a sum of leaves:
//!
//! ```text
//! entered ┬ answered ┬ online
//!         │          └ (rest) ┬ forwarded
//!         │                   └ (neither)
//!         └ (not answered) ┬ abandoned
//!                          └ (let go, self-served)
//! ```
//!
//! With the threshold *t*:
//!
//! 1. **Primary**: a count from 1 to *t* - 1 is withheld. So is a count whose other half is that small. A zero is published: it
//!    is about nobody. A total below *t* is withheld even if it is zero.
//! 2. **Secondary, `entered`**: rows are withheld in the order of their counts, smallest first and equal ones together, until
//!    the largest and the smallest withheld differ by at least *t* - 1. The table is not published, nor which of its rows are
//!    zero, if the total is below 4 *t*, or a row must be withheld and none has 3 *t*.
//! 3. **Secondary, halves**: rows are withheld, those with the smallest whole first, until over the withheld rows both halves
//!    add up to at least *t*, and so do the wholes of all rows but any one.
//!
//! A reader who knows everything published, and that counts are not negative, can then bound a withheld count to no fewer than
//! *t* values. For halves this is the bound of Fréchet: in a table of two columns whose margins are known, a cell ranges over
//! `min(row, column, all - row, all - column) + 1` values; a row withheld at a higher node takes part as one row together with
//! all others withheld there. For `entered` it holds even against a reader who knows these rules: which withheld row has which
//! of the withheld counts changes nothing that is published, because rule 2 looks at counts alone.
//!
//! Releases cannot be compared with each other: they have no conversation in common, and each is published once.

use serde::{Deserialize, Serialize};

use super::tally::Tally;

/// Counts of some conversations, before anything is withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entered the queue.
    pub entered: u64,
    /// Of these, accepted by an advisor.
    pub answered: u64,
    /// Of those answered, settled online.
    pub online: u64,
    /// Of those answered, forwarded to an office; never settled online as well.
    pub forwarded: u64,
    /// Of those not answered, abandoned, short abandonments included.
    pub abandoned: u64,
}

/// Counts as they are published: `None` is withheld.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// [`Counts::entered`].
    pub entered: Option<u64>,
    /// [`Counts::answered`].
    pub answered: Option<u64>,
    /// [`Counts::online`].
    pub online: Option<u64>,
    /// [`Counts::forwarded`].
    pub forwarded: Option<u64>,
    /// [`Counts::abandoned`].
    pub abandoned: Option<u64>,
}

/// A total, and the tables that break it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// The total.
    pub total: Published,
    /// The rows of each table, in the order they were given; `None` where the table is not published.
    pub tables: Vec<Option<Vec<Published>>>,
}

/// A total below so many times the threshold is not broken down.
const LEAST_BROKEN_DOWN: u64 = 4;

/// A table with a small row is published if another row has so many times the threshold. Were any two rows enough that hide
/// each other, the tables that are not published would be few, and with their total known each count could be narrowed down.
const LEAST_LARGEST: u64 = 3;

impl Counts {
    /// The counts of a tally. Halves never exceed their whole, whatever the tally says.
    pub fn of(tally: &Tally) -> Self {
        let n = |count: i64| u64::try_from(count).unwrap_or_default();
        let entered = n(tally.entered);
        let answered = n(tally.answered).min(entered);
        let online = n(tally.online).min(answered);
        let forwarded = n(tally.forwarded).min(answered - online);
        let abandoned = n(tally.abandoned_short + tally.abandoned).min(entered - answered);
        Self { entered, answered, online, forwarded, abandoned }
    }

    /// The sum of rows.
    pub fn sum<'c>(rows: impl IntoIterator<Item = &'c Self>) -> Self {
        rows.into_iter().fold(Self::default(), |sum, row| Self {
            entered: sum.entered + row.entered,
            answered: sum.answered + row.answered,
            online: sum.online + row.online,
            forwarded: sum.forwarded + row.forwarded,
            abandoned: sum.abandoned + row.abandoned,
        })
    }

    fn halves(&self) -> [Half; 4] {
        let &Self { entered, answered, online, forwarded, abandoned } = self;
        [
            Half { whole: entered, part: answered },
            Half { whole: answered, part: online },
            Half { whole: answered.saturating_sub(online), part: forwarded },
            Half { whole: entered.saturating_sub(answered), part: abandoned },
        ]
    }

    fn publish(&self, known: Known) -> Published {
        let [answered, online, forwarded, abandoned] = known.parts;
        Published {
            entered: known.entered.then_some(self.entered),
            answered: answered.then_some(self.answered),
            online: online.then_some(self.online),
            forwarded: forwarded.then_some(self.forwarded),
            abandoned: abandoned.then_some(self.abandoned),
        }
    }
}

/// A whole, and one of its two halves.
#[derive(Clone, Copy)]
struct Half {
    whole: u64,
    part: u64,
}

impl Half {
    fn rest(self) -> u64 {
        self.whole.saturating_sub(self.part)
    }

    /// Whether one half is published as a small count by publishing the other.
    fn is_small(self, threshold: u64) -> bool {
        is_small(self.part, threshold) || is_small(self.rest(), threshold)
    }

    /// The halves of several rows, added up.
    fn sum(halves: impl IntoIterator<Item = Self>) -> Self {
        halves.into_iter().fold(Self { whole: 0, part: 0 }, |sum, half| Self {
            whole: sum.whole + half.whole,
            part: sum.part + half.part,
        })
    }
}

fn is_small(count: u64, threshold: u64) -> bool {
    count > 0 && count < threshold
}

/// Which counts of a row are published.
#[derive(Clone, Copy, Default)]
struct Known {
    entered: bool,
    /// Answered, online, forwarded, abandoned: the parts of [`Counts::halves`].
    parts: [bool; 4],
}

impl Known {
    /// Whether the whole of a half can be computed from published figures.
    fn has_whole(self, half: usize) -> bool {
        let [answered, online, ..] = self.parts;
        match half {
            0 => self.entered,
            1 => answered,
            2 => answered && online,
            _ => self.entered && answered,
        }
    }
}

/// Withholds what must be withheld of a total and of the tables that break it down. A table whose rows do not add up to the
/// total is not published.
pub fn release(total: &Counts, tables: &[Vec<Counts>], threshold: u32) -> Release {
    let threshold = u64::from(threshold);
    let mut known = Known { entered: total.entered >= threshold, ..Known::default() };
    for (index, half) in total.halves().into_iter().enumerate() {
        known.parts[index] = known.has_whole(index) && !half.is_small(threshold);
    }
    let tables = tables.iter().map(|rows| table(total, known, rows, threshold)).collect();
    Release { total: total.publish(known), tables }
}

fn table(total: &Counts, of_total: Known, rows: &[Counts], threshold: u64) -> Option<Vec<Published>> {
    if total.entered < LEAST_BROKEN_DOWN * threshold || Counts::sum(rows) != *total {
        return None;
    }
    let mut known: Vec<Known> =
        entered(rows, threshold)?.into_iter().map(|entered| Known { entered, ..Known::default() }).collect();
    for (index, half) in total.halves().into_iter().enumerate() {
        let has_whole: Vec<bool> = known.iter().map(|known| known.has_whole(index)).collect();
        let halves: Vec<Half> = rows.iter().filter_map(|row| row.halves().get(index).copied()).collect();
        let parts: Vec<bool> = if of_total.parts.get(index) != Some(&true) {
            // A half that is unknown of all is unknown of each that is not empty.
            halves.iter().zip(has_whole).map(|(half, has)| has && half.whole == 0).collect()
        } else if half.part == 0 {
            vec![true; rows.len()]
        } else if half.rest() == 0 {
            has_whole
        } else {
            split(&halves, &has_whole, threshold)
        };
        for (known, part) in known.iter_mut().zip(parts) {
            known.parts[index] = part;
        }
    }
    Some(rows.iter().zip(known).map(|(row, known)| row.publish(known)).collect())
}

/// Which rows' `entered` is published; `None` if the small ones cannot be hidden.
fn entered(rows: &[Counts], threshold: u64) -> Option<Vec<bool>> {
    let mut counts: Vec<u64> = rows.iter().map(|row| row.entered).filter(|count| *count > 0).collect();
    counts.sort_unstable();
    let smallest = counts.first().copied().filter(|count| *count < threshold);
    let Some(smallest) = smallest else { return Some(vec![true; rows.len()]) };
    if counts.last().is_none_or(|largest| *largest < LEAST_LARGEST * threshold) {
        return None;
    }
    // Equal counts are withheld together: a row is withheld for its count alone.
    let largest = counts.into_iter().find(|count| *count - smallest >= threshold.saturating_sub(1))?;
    Some(rows.iter().map(|row| row.entered == 0 || row.entered > largest).collect())
}

/// Which rows' part is published, where both parts of the total are, and neither is zero.
fn split(halves: &[Half], has_whole: &[bool], threshold: u64) -> Vec<bool> {
    let with = |wanted: bool| {
        halves.iter().zip(has_whole).filter(move |(_, has)| **has == wanted).map(|(half, _)| *half)
    };
    // Rows without a published whole are one row to a reader. Of that row even a zero is withheld: it would be one of each.
    let residual = Half::sum(with(false));
    let residual = (residual.whole > 0).then_some(residual);
    let hides_residual = residual.is_some_and(|half| half.part < threshold || half.rest() < threshold);
    let is_primary = |half: &Half| half.is_small(threshold);

    let hidden_up_to = |cutoff: u64| {
        let hidden =
            with(true).filter(move |half| half.whole > 0 && (is_primary(half) || half.whole <= cutoff));
        let residual = residual.filter(|half| hides_residual || half.whole <= cutoff);
        hidden.chain(residual).collect::<Vec<_>>()
    };
    let mut cutoffs: Vec<u64> = with(true).chain(residual).map(|half| half.whole).collect();
    cutoffs.push(0);
    cutoffs.sort_unstable();
    cutoffs.dedup();
    let enough = cutoffs.into_iter().find(|cutoff| hides_enough(&hidden_up_to(*cutoff), threshold));
    let cutoff = enough.unwrap_or(u64::MAX);
    let is_published = |half: &Half| half.whole == 0 || (!is_primary(half) && half.whole > cutoff);
    halves.iter().zip(has_whole).map(|(half, has)| *has && is_published(half)).collect()
}

/// Whether the margins of these rows leave each of their parts at least as many values as the threshold.
fn hides_enough(hidden: &[Half], threshold: u64) -> bool {
    let all = Half::sum(hidden.iter().copied());
    let leaves_enough = |half: &Half| all.whole - half.whole >= threshold;
    hidden.is_empty()
        || (all.part >= threshold && all.rest() >= threshold && hidden.iter().all(leaves_enough))
}

#[cfg(test)]
mod tests;
