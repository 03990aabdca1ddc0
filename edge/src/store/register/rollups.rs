// SPDX-License-Identifier: EUPL-1.2
//! The sums of records: one row for each queue, dimension, period and value.
//!
//! A record is counted in the day it entered, at once: a day is small, however much the register holds. Its month and its year
//! are summed up once, from their days and months, when they are over; a record that comes or changes after that is counted in
//! them as well. So the cost of a record does not grow with the register, and a report reads few rows.

use std::collections::BTreeMap;

use infocig_domain::figures::{
    FigureRules, Record, Tally,
    cell::Cell,
    period::{Period, day_of, hour_of},
};
use infocig_protocol::{
    figures::Dimension,
    id::QueueId,
    language::Language,
    person::{Category, EntryPoint},
    time::Timestamp,
};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::RegisterStore;
use crate::{
    problem::Fault,
    sql::{Sql, SqlValue},
    store::{from_json, to_json},
};

/// One value of a dimension.
#[derive(Clone, Copy, Debug)]
pub struct Slice<'v> {
    /// The dimension.
    pub dimension: Dimension,
    /// The value.
    pub value: &'v str,
}

/// Somebody was refused at the entrance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The code of the reason.
    pub code: String,
    /// The queue they would have entered.
    pub queue: QueueId,
    /// The capacity they would have written in.
    pub category: Category,
    /// ISTAT code of their province.
    pub province: String,
    /// The portal they came from.
    pub entry_point: EntryPoint,
    /// The language of the refusal.
    pub language: Language,
    /// When.
    pub at: Timestamp,
}

impl Refused {
    fn cells(&self) -> Vec<Cell> {
        let cell =
            |(dimension, value): (Dimension, String)| Cell { queue: self.queue.clone(), dimension, value };
        [
            (Dimension::All, "all".to_string()),
            (Dimension::Hour, format!("{:02}", hour_of(self.at))),
            (Dimension::Category, self.category.as_str().into()),
            (Dimension::Province, self.province.clone()),
            (Dimension::EntryPoint, self.entry_point.as_str().into()),
            (Dimension::Language, self.language.as_str().into()),
            (Dimension::Refusal, self.code.clone()),
        ]
        .map(cell)
        .into()
    }
}

/// Differences to the sums of days, until they are written.
#[derive(Default)]
pub(super) struct Changes(BTreeMap<(Cell, Date), Tally>);

impl Changes {
    /// A record is counted.
    pub(super) fn put_in(&mut self, record: &Record, rules: &FigureRules) {
        for (queue, tally) in Tally::by_queue(record, rules) {
            record.cells(&queue).into_iter().for_each(|cell| self.at(cell, record.day()).add(&tally));
        }
    }

    /// A record that was counted is no more.
    pub(super) fn take_out(&mut self, record: &Record, rules: &FigureRules) {
        for (queue, tally) in Tally::by_queue(record, rules) {
            record.cells(&queue).into_iter().for_each(|cell| self.at(cell, record.day()).subtract(&tally));
        }
    }

    /// The difference to one sum.
    pub(super) fn at(&mut self, cell: Cell, day: Date) -> &mut Tally {
        self.0.entry((cell, day)).or_default()
    }
}

impl<S: Sql> RegisterStore<S> {
    /// Writes differences into the sums of their days, and of the months and years that are summed up.
    pub(super) fn apply(&self, changes: Changes) -> Result<(), Fault> {
        let mut summed_up = BTreeMap::new();
        for ((cell, day), difference) in changes.0 {
            if difference.is_empty() {
                continue;
            }
            for period in Period::of(day) {
                let known = summed_up.get(&(cell.queue.clone(), period)).copied();
                let is_there = known.map_or_else(|| self.is_summed_up(&cell.queue, period), Ok)?;
                summed_up.insert((cell.queue.clone(), period), is_there);
                if is_there {
                    self.add_to(&cell, period, &difference)?;
                }
            }
        }
        Ok(())
    }

    /// The sums of a queue by the values of a dimension over the days from `from` to before `to`.
    pub fn sums(
        &self,
        queue: &QueueId,
        dimension: Dimension,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<String, Tally>, Fault> {
        let mut parts = Vec::new();
        for period in Period::cover(from, to) {
            self.parts_of(queue, period, &mut parts)?;
        }
        self.sum(queue, dimension, &parts)
    }

    /// The sums of one value over each of some ranges, from the first day to before the second.
    pub fn sums_of(
        &self,
        queue: &QueueId,
        slice: Slice<'_>,
        ranges: &[(Date, Date)],
    ) -> Result<Vec<Tally>, Fault> {
        let mut ranges_of_part = BTreeMap::<String, Vec<usize>>::new();
        for (index, (from, to)) in ranges.iter().enumerate() {
            let mut parts = Vec::new();
            for period in Period::cover(*from, *to) {
                self.parts_of(queue, period, &mut parts)?;
            }
            for part in parts {
                ranges_of_part.entry(part.to_string()).or_default().push(index);
            }
        }
        let parts: Vec<&String> = ranges_of_part.keys().collect();
        let key = [
            SqlValue::text(queue.as_str()),
            SqlValue::text(slice.dimension.as_str()),
            SqlValue::Text(to_json(&parts)?),
            SqlValue::text(slice.value),
        ];
        let mut sums = vec![Tally::default(); ranges.len()];
        for row in &self.sql.exec(SELECT_SUMS_OF_VALUE, &key)? {
            let mut tally = Tally::default();
            add_stored(&mut tally, row.text(1)?)?;
            for index in ranges_of_part.get(row.text(0)?).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*index) {
                    sum.add(&tally);
                }
            }
        }
        Ok(sums)
    }

    /// Counts so many refusals at the entrance, in the cells of one that was refused.
    pub fn count_refused<'r>(&self, refused: impl IntoIterator<Item = &'r Refused>) -> Result<(), Fault> {
        let mut changes = Changes::default();
        let tally = Tally::of_refusals(1);
        for one in refused {
            let day = day_of(one.at);
            one.cells().into_iter().for_each(|cell| changes.at(cell, day).add(&tally));
        }
        self.apply(changes)
    }

    /// Sums up the first month that is over before the day of `now` and is not summed up, of any queue; with the last month of
    /// a year, the year. `false` if there is none. Call it in a transaction.
    pub fn sum_up_next(&self, now: Timestamp) -> Result<bool, Fault> {
        let this_month = day_of(now).first_of_month();
        for queue in self.queues()? {
            let Some(month) = self.first_not_summed_up(&queue)? else { continue };
            if month >= this_month {
                continue;
            }
            self.sum_up(&queue, Period::Month(month))?;
            if month.month() == 12 {
                self.sum_up(&queue, Period::Year(month.first_of_year()))?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// The months and years that are summed up, in order.
    #[cfg(test)]
    pub(crate) fn summed_up(&self) -> Vec<String> {
        let rows = self.sql.exec("SELECT period FROM rolled_up ORDER BY period", &[]).unwrap();
        rows.iter().map(|row| row.text(0).unwrap().to_string()).collect()
    }

    fn sum_up(&self, queue: &QueueId, period: Period) -> Result<(), Fault> {
        let mut parts_of_it = Vec::new();
        for part in parts(period) {
            self.parts_of(queue, part, &mut parts_of_it)?;
        }
        for dimension in Dimension::ALL {
            for (value, tally) in self.sum(queue, dimension, &parts_of_it)? {
                self.write(&Cell { queue: queue.clone(), dimension, value }, period, &tally)?;
            }
        }
        let key = [SqlValue::text(queue.as_str()), SqlValue::Text(period.to_string())];
        self.sql.run(INSERT_ROLLED_UP, &key)
    }

    fn sum(
        &self,
        queue: &QueueId,
        dimension: Dimension,
        periods: &[Period],
    ) -> Result<BTreeMap<String, Tally>, Fault> {
        let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
        let key = [SqlValue::text(queue.as_str()), SqlValue::text(dimension.as_str())];
        let [queue, dimension] = key;
        let rows = self.sql.exec(SELECT_SUMS, &[queue, dimension, SqlValue::Text(to_json(&periods)?)])?;
        let mut sums = BTreeMap::<String, Tally>::new();
        for row in &rows {
            let value = row.text(0)?;
            if let Some(sum) = sums.get_mut(value) {
                add_stored(sum, row.text(1)?)?;
            } else {
                add_stored(sums.entry(value.to_string()).or_default(), row.text(1)?)?;
            }
        }
        Ok(sums)
    }

    /// The queues with sums, in order.
    pub(super) fn queues(&self) -> Result<Vec<QueueId>, Fault> {
        let mut queues: Vec<QueueId> = Vec::new();
        loop {
            let last = queues.last().map_or("", |queue| queue.as_str());
            let rows = self.sql.exec(SELECT_QUEUE_AFTER, &[SqlValue::text(last)])?;
            let Some(row) = rows.first() else { return Ok(queues) };
            let queue = QueueId::parse(row.text(0)?);
            queues.push(queue.map_err(|error| Fault::Corrupt(format!("queue: {error}")))?);
        }
    }

    /// The month after the last one that is summed up, or else of the first day.
    fn first_not_summed_up(&self, queue: &QueueId) -> Result<Option<Date>, Fault> {
        let key = [SqlValue::text(queue.as_str())];
        if let Some(row) = self.sql.exec(SELECT_LAST_MONTH, &key)?.first() {
            let month = format!("{}-01", row.text(0)?);
            let next = read_day(&month)?.checked_add(Span::new().months(1));
            return Ok(next.ok());
        }
        let rows = self.sql.exec(SELECT_FIRST_DAY, &key)?;
        rows.first().map(|row| Ok(read_day(row.text(0)?)?.first_of_month())).transpose()
    }

    /// The periods that are summed up and make up this one.
    fn parts_of(&self, queue: &QueueId, period: Period, parts_so_far: &mut Vec<Period>) -> Result<(), Fault> {
        if self.is_summed_up(queue, period)? {
            parts_so_far.push(period);
            return Ok(());
        }
        parts(period).into_iter().try_for_each(|part| self.parts_of(queue, part, parts_so_far))
    }

    fn is_summed_up(&self, queue: &QueueId, period: Period) -> Result<bool, Fault> {
        match period {
            Period::Day(_) => Ok(true),
            Period::Month(_) | Period::Year(_) => {
                let key = [SqlValue::text(queue.as_str()), SqlValue::Text(period.to_string())];
                Ok(!self.sql.exec(SELECT_ROLLED_UP, &key)?.is_empty())
            }
        }
    }

    fn add_to(&self, cell: &Cell, period: Period, difference: &Tally) -> Result<(), Fault> {
        let rows = self.sql.exec(SELECT_TALLY, &key(cell, period))?;
        let mut tally = difference.clone();
        if let Some(row) = rows.first() {
            add_stored(&mut tally, row.text(0)?)?;
        }
        self.write(cell, period, &tally)
    }

    fn write(&self, cell: &Cell, period: Period, tally: &Tally) -> Result<(), Fault> {
        let [queue, dimension, period, value] = key(cell, period);
        if tally.is_empty() {
            return self.sql.run(DELETE_TALLY, &[queue, dimension, period, value]);
        }
        let tally = SqlValue::Text(tally.written());
        self.sql.run(UPSERT_TALLY, &[queue, dimension, period, value, tally])
    }
}

/// Adds a sum as the store has it: a short text, or JSON as it was written before.
fn add_stored(sum: &mut Tally, text: &str) -> Result<(), Fault> {
    if text.starts_with('{') {
        sum.add(&from_json(text)?);
        return Ok(());
    }
    sum.add_written(text).map_err(|_| Fault::Corrupt("a sum of another form".into()))
}

/// The days of a month, the months of a year.
fn parts(period: Period) -> Vec<Period> {
    let (from, to) = period.bounds();
    let step = match period {
        Period::Day(_) => return vec![period],
        Period::Month(_) => Span::new().days(1),
        Period::Year(_) => Span::new().months(1),
    };
    let part =
        |first| if matches!(period, Period::Year(_)) { Period::Month(first) } else { Period::Day(first) };
    from.series(step).take_while(|first| *first < to).map(part).collect()
}

fn key(cell: &Cell, period: Period) -> [SqlValue; 4] {
    [
        SqlValue::text(cell.queue.as_str()),
        SqlValue::text(cell.dimension.as_str()),
        SqlValue::Text(period.to_string()),
        SqlValue::text(&*cell.value),
    ]
}

pub(super) fn read_day(text: &str) -> Result<Date, Fault> {
    text.parse().map_err(|_| Fault::Corrupt("a period of another form".into()))
}

const SELECT_TALLY: &str =
    "SELECT tally FROM rollup WHERE queue = ?1 AND dimension = ?2 AND period = ?3 AND value = ?4";
const UPSERT_TALLY: &str = "INSERT INTO rollup (queue, dimension, period, value, tally) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (queue, dimension, period, value) DO UPDATE SET tally = ?5";
const DELETE_TALLY: &str =
    "DELETE FROM rollup WHERE queue = ?1 AND dimension = ?2 AND period = ?3 AND value = ?4";
const SELECT_SUMS: &str = "SELECT value, tally FROM rollup WHERE queue = ?1 AND dimension = ?2 \
     AND period IN (SELECT json_each.value FROM json_each(?3))";
const SELECT_SUMS_OF_VALUE: &str = "SELECT period, tally FROM rollup WHERE queue = ?1 AND dimension = ?2 \
     AND period IN (SELECT json_each.value FROM json_each(?3)) AND value = ?4";
const SELECT_QUEUE_AFTER: &str = "SELECT queue FROM rollup WHERE queue > ?1 ORDER BY queue LIMIT 1";
pub(super) const SELECT_FIRST_DAY: &str = "SELECT period FROM rollup WHERE queue = ?1 AND dimension = 'all' \
     AND length(period) = 10 ORDER BY period LIMIT 1";
const SELECT_LAST_MONTH: &str =
    "SELECT period FROM rolled_up WHERE queue = ?1 AND length(period) = 7 ORDER BY period DESC LIMIT 1";
const SELECT_ROLLED_UP: &str = "SELECT 1 FROM rolled_up WHERE queue = ?1 AND period = ?2";
const INSERT_ROLLED_UP: &str = "INSERT INTO rolled_up (queue, period) VALUES (?1, ?2)";
