// SPDX-License-Identifier: EUPL-1.2
//! Open figures: months that are over, published once, as a page, CSV, JSON and DCAT-AP_IT metadata.
//!
//! A month is released as a whole with its days ([`MonthlyRelease`]): its totals, and tables that break them down by day,
//! category, province, entry point and the first level of the topic; never by two at once. A small count is withheld
//! ([`super::suppression`]). A release is stored and never changes: later corrections of records are in reports, not in open
//! figures, since two versions of one month could be compared.

mod page;
#[cfg(test)]
mod tests;
mod words;

use infocig_protocol::{
    figures::Dimension,
    person::{Category, EntryPoint},
};
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::page::{Site, page};
use super::{
    cell::UNKNOWN,
    csv,
    histogram::Histogram,
    suppression::{self, Counts, Published},
    tally::Tally,
};
use crate::province;

/// The licence of open figures.
pub const LICENCE: &str = "https://creativecommons.org/licenses/by/4.0/";

/// The path of open figures, below the service's origin.
pub const PATH: &str = "/figures";

/// Days after the end of a month until it is released: conversations of its last day are wrapped up by then.
pub const RELEASED_AFTER_DAYS: i32 = 2;

/// The tallies of a month that is over.
#[derive(Clone, Debug, Default)]
pub struct MonthTallies {
    /// All conversations.
    pub total: Tally,
    /// Every day on which anybody entered; others may be there as zeros.
    pub days: Vec<(Date, Tally)>,
    /// By the value of [`Dimension::Category`]. Categories without a tally are added as zeros, as in the next two.
    pub categories: Vec<(String, Tally)>,
    /// By the value of [`Dimension::Province`].
    pub provinces: Vec<(String, Tally)>,
    /// By the value of [`Dimension::EntryPoint`].
    pub entry_points: Vec<(String, Tally)>,
    /// By the value of [`Dimension::Topic`]: whole paths, added up here by their first level.
    pub topics: Vec<(String, Tally)>,
}

/// A month as it is published. Members that are absent are withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthlyRelease {
    /// The month: `2026-11`.
    pub month: String,
    /// The day it was released.
    pub released: Date,
    /// Counts from 1 to below this are withheld.
    pub smallest_cell: u32,
    /// The whole month.
    pub total: Row,
    /// By day: `2026-11-30`.
    pub days: Option<Vec<Row>>,
    /// By category.
    pub categories: Option<Vec<Row>>,
    /// By ISTAT code of the province.
    pub provinces: Option<Vec<Row>>,
    /// By entry point.
    pub entry_points: Option<Vec<Row>>,
    /// By the id of the first level of the topic.
    pub topics: Option<Vec<Row>>,
}

/// A row of open figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The value it is about: `all` for the whole month, `-` where it is not known.
    pub value: String,
    /// Its counts.
    #[serde(flatten)]
    pub counts: Published,
    /// Half of those answered waited no longer, in seconds.
    pub wait_p50_s: Option<u64>,
    /// Nine tenths of those answered waited no longer, in seconds.
    pub wait_p90_s: Option<u64>,
}

/// Everything published, oldest month first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    releases: Vec<MonthlyRelease>,
}

/// The month to be released on a day: the one that ended at least [`RELEASED_AFTER_DAYS`] before, by its first day.
pub fn month_due(today: Date) -> Option<Date> {
    let then = today.checked_sub(RELEASED_AFTER_DAYS.days()).ok()?;
    then.first_of_month().yesterday().ok().map(Date::first_of_month)
}

impl MonthlyRelease {
    /// The release of the month that begins with `month`.
    pub fn of(month: Date, released: Date, tallies: &MonthTallies, smallest_cell: u32) -> Self {
        let known = |names: Vec<String>, tallies: &[(String, Tally)]| with_zeros(names, tallies);
        let categories = Category::ALL.map(|category| category.as_str().to_owned()).to_vec();
        let entry_points = EntryPoint::ALL.map(|entry| entry.as_str().to_owned()).to_vec();
        let provinces = province::all().map(|province| province.code.to_owned()).collect();
        let days = tallies.days.iter().map(|(day, tally)| (day.to_string(), tally.clone())).collect();
        let tables: Vec<Vec<(String, Tally)>> = vec![
            days,
            known(categories, &tallies.categories),
            known(provinces, &tallies.provinces),
            known(entry_points, &tallies.entry_points),
            by_first_level(&tallies.topics),
        ];
        let counts: Vec<Vec<Counts>> =
            tables.iter().map(|table| table.iter().map(|(_, tally)| Counts::of(tally)).collect()).collect();
        let release = suppression::release(&Counts::of(&tallies.total), &counts, smallest_cell);
        let mut published = tables.into_iter().zip(release.tables).map(|(rows, counts)| {
            let rows = rows.into_iter().zip(counts?);
            Some(
                rows.map(|((value, tally), counts)| Row::of(value, counts, &tally.wait, smallest_cell))
                    .collect(),
            )
        });
        let mut next = || published.next().flatten();
        Self {
            month: month.strftime("%Y-%m").to_string(),
            released,
            smallest_cell,
            total: Row::of("all".into(), release.total, &tallies.total.wait, smallest_cell),
            days: next(),
            categories: next(),
            provinces: next(),
            entry_points: next(),
            topics: next(),
        }
    }

    /// Its tables, days aside.
    fn tables(&self) -> [(Dimension, Option<&[Row]>); 4] {
        [
            (Dimension::Category, self.categories.as_deref()),
            (Dimension::EntryPoint, self.entry_points.as_deref()),
            (Dimension::Topic, self.topics.as_deref()),
            (Dimension::Province, self.provinces.as_deref()),
        ]
    }
}

impl Row {
    /// A percentile is published where as many lengths as the threshold are not shorter: it is then nobody's own.
    fn of(value: String, counts: Published, wait: &Histogram, smallest_cell: u32) -> Self {
        let percentiles = wait.percentiles().filter(|wait| counts.answered == Some(wait.n));
        let of = |percent: u64, seconds: fn(&infocig_protocol::figures::Percentiles) -> u64| {
            let enough = |n: u64| n - (n * percent).div_ceil(100) + 1 >= u64::from(smallest_cell);
            percentiles.as_ref().filter(|wait| enough(wait.n)).map(seconds)
        };
        Self { value, counts, wait_p50_s: of(50, |wait| wait.p50_s), wait_p90_s: of(90, |wait| wait.p90_s) }
    }

    fn cells(&self) -> Vec<String> {
        let Published { entered, answered, online, forwarded, abandoned } = self.counts;
        let cell = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
        [entered, answered, abandoned, online, forwarded, self.wait_p50_s, self.wait_p90_s].map(cell).to_vec()
    }
}

/// A row for each name, and for each value that is none of them.
fn with_zeros(names: Vec<String>, tallies: &[(String, Tally)]) -> Vec<(String, Tally)> {
    let mut rows: Vec<(String, Tally)> = names.into_iter().map(|name| (name, Tally::default())).collect();
    for (value, tally) in tallies {
        add(&mut rows, value, tally);
    }
    rows
}

fn by_first_level(topics: &[(String, Tally)]) -> Vec<(String, Tally)> {
    let mut rows = Vec::new();
    for (path, tally) in topics {
        add(&mut rows, path.split('/').next().unwrap_or(UNKNOWN), tally);
    }
    rows.sort_by(|(one, _), (other, _)| one.cmp(other));
    rows
}

fn add(rows: &mut Vec<(String, Tally)>, value: &str, tally: &Tally) {
    match rows.iter_mut().find(|(name, _)| name == value) {
        Some((_, sum)) => sum.add(tally),
        None => rows.push((value.into(), tally.clone())),
    }
}

impl Publication {
    /// Adds a release, unless its month is released already: the first one stays. Says whether it was added.
    pub fn add(&mut self, release: MonthlyRelease) -> bool {
        match self.releases.binary_search_by(|known| known.month.cmp(&release.month)) {
            Ok(_) => false,
            Err(place) => {
                self.releases.insert(place, release);
                true
            }
        }
    }

    /// The releases, oldest month first.
    pub fn releases(&self) -> &[MonthlyRelease] {
        &self.releases
    }

    /// The day of the last release.
    pub fn modified(&self) -> Option<Date> {
        self.releases.iter().map(|release| release.released).max()
    }

    /// Days as CSV: a row a day. A cell without a value is withheld.
    pub fn daily_csv(&self, bom: bool) -> String {
        let days = self.releases.iter().flat_map(|release| release.days.iter().flatten());
        let rows: Vec<Vec<String>> =
            days.map(|row| [vec![row.value.clone()], row.cells()].concat()).collect();
        csv::write(&[&["day"], COLUMNS.as_slice()].concat(), &rows, bom)
    }

    /// Months as CSV: a row for the whole month, then one for each value of each dimension. A cell without a value is withheld.
    pub fn monthly_csv(&self, bom: bool) -> String {
        let mut rows = Vec::new();
        for release in &self.releases {
            let total = (Dimension::All, std::slice::from_ref(&release.total));
            let tables =
                release.tables().into_iter().filter_map(|(dimension, rows)| Some((dimension, rows?)));
            for (dimension, table) in std::iter::once(total).chain(tables) {
                rows.extend(table.iter().map(|row| {
                    let about = vec![release.month.clone(), dimension.as_str().into(), row.value.clone()];
                    [about, row.cells()].concat()
                }));
            }
        }
        csv::write(&[&["month", "dimension", "value"], COLUMNS.as_slice()].concat(), &rows, bom)
    }

    /// Everything as JSON. `null` is withheld.
    pub fn json(&self) -> String {
        let document = Document { licence: LICENCE, modified: self.modified(), months: &self.releases };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

const COLUMNS: [&str; 7] =
    ["entered", "answered", "abandoned", "online", "forwarded", "wait_p50_s", "wait_p90_s"];

#[derive(Serialize)]
struct Document<'d> {
    licence: &'static str,
    modified: Option<Date>,
    months: &'d [MonthlyRelease],
}
