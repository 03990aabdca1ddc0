// SPDX-License-Identifier: EUPL-1.2
//! Reports: figures of a range of days, of as many days before it, by the values of a dimension, and as a series.

use std::collections::BTreeMap;

use infocig_domain::figures::{FigureRules, Tally, period::Period};
use infocig_protocol::{
    figures::Dimension,
    id::{AdvisorId, QueueId},
    report::{Report, ReportPoint, ReportRow},
};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::RegisterActor;
use crate::{
    problem::Fault,
    sql::Sql,
    store::{RegisterStore, Slice},
};

/// What a report is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportQuery {
    /// The queues.
    pub queues: Vec<QueueId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The dimension of the rows.
    pub by: Dimension,
    /// The only advisor it is about; then `by` is the advisor.
    pub advisor: Option<AdvisorId>,
}

impl<S: Sql> RegisterActor<S> {
    /// The report of a range.
    pub fn report(&self, query: &ReportQuery) -> Result<Report, Fault> {
        query.report(&self.store, &self.rules)
    }
}

impl ReportQuery {
    /// Of a longer range the series has months.
    pub const MOST_DAYS_OF_SERIES: i32 = 400;

    fn report<S: Sql>(&self, store: &RegisterStore<S>, rules: &FigureRules) -> Result<Report, Fault> {
        let Self { queues, from, to, by, advisor } = self;
        let end = after(*to);
        let total = self.total(store, *from, end)?;
        let rows = match advisor {
            // The one row there is, without a look at anybody else's.
            Some(_) if total.is_empty() => BTreeMap::new(),
            Some(advisor) => BTreeMap::from([(advisor.as_str().to_string(), total.clone())]),
            None => self.sums(store, *by, *from, end)?,
        };
        let row =
            |(value, tally): (&String, &Tally)| ReportRow { value: value.clone(), figures: tally.figures() };
        let before = from.checked_sub(Span::new().days(self.days())).unwrap_or(*from);
        Ok(Report {
            queues: queues.clone(),
            from: from.to_string(),
            to: to.to_string(),
            by: *by,
            answer_within_seconds: rules.answer_within_seconds.get(),
            short_abandonment_seconds: rules.short_abandonment_seconds,
            total: total.figures(),
            before: self.total(store, before, *from)?.figures(),
            rows: rows.iter().map(row).collect(),
            series: self.series(store, end)?,
        })
    }

    /// How many days the range has.
    pub fn days(&self) -> i32 {
        self.from.until(after(self.to)).map_or(0, |span| span.get_days())
    }

    fn sums<S: Sql>(
        &self,
        store: &RegisterStore<S>,
        by: Dimension,
        from: Date,
        end: Date,
    ) -> Result<BTreeMap<String, Tally>, Fault> {
        let mut sums = BTreeMap::<String, Tally>::new();
        for queue in &self.queues {
            for (value, tally) in store.sums(queue, by, from, end)? {
                sums.entry(value).or_default().add(&tally);
            }
        }
        Ok(sums)
    }

    /// The one sum that everything but the rows is about: of all, or of the advisor.
    fn slice(&self) -> Slice<'_> {
        match &self.advisor {
            Some(advisor) => Slice { dimension: Dimension::Advisor, value: advisor.as_str() },
            None => Slice { dimension: Dimension::All, value: "all" },
        }
    }

    fn total<S: Sql>(&self, store: &RegisterStore<S>, from: Date, end: Date) -> Result<Tally, Fault> {
        let mut total = Tally::default();
        for queue in &self.queues {
            let sums = store.sums_of(queue, self.slice(), &[(from, end)])?;
            for sum in &sums {
                total.add(sum);
            }
        }
        Ok(total)
    }

    fn series<S: Sql>(&self, store: &RegisterStore<S>, end: Date) -> Result<Vec<ReportPoint>, Fault> {
        let by_day = self.days() <= Self::MOST_DAYS_OF_SERIES;
        let (first, step) = if by_day {
            (self.from, Span::new().days(1))
        } else {
            (self.from.first_of_month(), Span::new().months(1))
        };
        let of = |first: Date| if by_day { Period::Day(first) } else { Period::Month(first) };
        let periods: Vec<Period> = first.series(step).take_while(|first| *first < end).map(of).collect();
        let ranges: Vec<(Date, Date)> = periods
            .iter()
            .map(|period| {
                let (begins, ends) = period.bounds();
                (begins.max(self.from), ends.min(end))
            })
            .collect();
        let mut tallies = vec![Tally::default(); periods.len()];
        for queue in &self.queues {
            let sums = store.sums_of(queue, self.slice(), &ranges)?;
            tallies.iter_mut().zip(&sums).for_each(|(tally, sum)| tally.add(sum));
        }
        let point = |(period, tally): (&Period, &Tally)| ReportPoint {
            period: period.to_string(),
            figures: tally.figures(),
        };
        Ok(periods.iter().zip(&tallies).map(point).collect())
    }
}

fn after(day: Date) -> Date {
    day.tomorrow().unwrap_or(Date::MAX)
}
