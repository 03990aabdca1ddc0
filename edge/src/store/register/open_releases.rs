// SPDX-License-Identifier: EUPL-1.2
//! Months of open figures: made once from the sums of all queues, when they are due, and kept as they are.

use std::collections::BTreeMap;

use infocig_domain::figures::{
    FigureRules, Tally,
    open_data::{MonthTallies, MonthlyRelease, Publication, month_due},
    period::day_of,
};
use infocig_protocol::{figures::Dimension, time::Timestamp};
use jiff::{Span, civil::Date};

use super::{
    RegisterStore,
    rollups::{SELECT_FIRST_DAY, read_day},
};
use crate::{
    problem::Fault,
    sql::{Sql, SqlValue},
    store::{from_json, to_json},
};

impl<S: Sql> RegisterStore<S> {
    /// Everything released, oldest month first.
    pub fn publication(&self) -> Result<Publication, Fault> {
        let mut publication = Publication::default();
        for row in &self.sql.exec(SELECT_RELEASES, &[])? {
            publication.add(from_json(row.text(0)?)?);
        }
        Ok(publication)
    }

    /// Releases the first month that is due and is not released. `false` if there is none. Call it in a transaction.
    pub fn release_next(&self, rules: &FigureRules, now: Timestamp) -> Result<bool, Fault> {
        let today = day_of(now);
        let Some(month) = self.first_not_released()? else { return Ok(false) };
        if month_due(today).is_none_or(|due| month > due) {
            return Ok(false);
        }
        let release = MonthlyRelease::of(month, today, &self.month(month)?, rules.smallest_cell);
        let row = [SqlValue::text(&*release.month), SqlValue::Text(to_json(&release)?)];
        self.sql.run(INSERT_RELEASE, &row)?;
        Ok(true)
    }

    /// The month after the last one that is released, or else the month of the first day of any queue.
    fn first_not_released(&self) -> Result<Option<Date>, Fault> {
        if let Some(row) = self.sql.exec(SELECT_LAST_RELEASE, &[])?.first() {
            let last = read_day(&format!("{}-01", row.text(0)?))?;
            return Ok(last.checked_add(Span::new().months(1)).ok());
        }
        let mut first: Option<Date> = None;
        for queue in self.queues()? {
            for row in &self.sql.exec(SELECT_FIRST_DAY, &[SqlValue::text(queue.as_str())])? {
                let day = read_day(row.text(0)?)?;
                first = Some(first.map_or(day, |first| first.min(day)));
            }
        }
        Ok(first.map(Date::first_of_month))
    }

    /// The sums of a month over all queues.
    fn month(&self, month: Date) -> Result<MonthTallies, Fault> {
        let next = month.last_of_month().tomorrow().unwrap_or(Date::MAX);
        let mut days = Vec::new();
        for day in month.series(Span::new().days(1)).take_while(|day| *day < next) {
            let all = self.all_queues(Dimension::All, day, day.tomorrow().unwrap_or(Date::MAX))?;
            days.extend(
                all.into_iter().filter(|(_, tally)| tally.entered > 0).map(|(_, tally)| (day, tally)),
            );
        }
        let by = |dimension| Ok::<_, Fault>(self.all_queues(dimension, month, next)?.into_iter().collect());
        Ok(MonthTallies {
            total: self.all_queues(Dimension::All, month, next)?.remove("all").unwrap_or_default(),
            days,
            categories: by(Dimension::Category)?,
            provinces: by(Dimension::Province)?,
            entry_points: by(Dimension::EntryPoint)?,
            topics: by(Dimension::Topic)?,
        })
    }

    fn all_queues(
        &self,
        dimension: Dimension,
        from: Date,
        to: Date,
    ) -> Result<BTreeMap<String, Tally>, Fault> {
        let mut sums = BTreeMap::<String, Tally>::new();
        for queue in self.queues()? {
            for (value, tally) in self.sums(&queue, dimension, from, to)? {
                sums.entry(value).or_default().add(&tally);
            }
        }
        Ok(sums)
    }
}

const SELECT_RELEASES: &str = "SELECT body FROM open_release ORDER BY month";
const SELECT_LAST_RELEASE: &str = "SELECT month FROM open_release ORDER BY month DESC LIMIT 1";
const INSERT_RELEASE: &str = "INSERT INTO open_release (month, body) VALUES (?1, ?2)";
