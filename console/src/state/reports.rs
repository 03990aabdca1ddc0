// SPDX-License-Identifier: EUPL-1.2
//! The pages beside the desk: reports, what people say, the search, and the audit trail. The service decides who may ask what.

mod audit;
mod comments;
mod listing;
mod period;
mod search;
#[cfg(test)]
mod tests;

use infocig_client::query::Query;
use infocig_protocol::{
    figures::{Dimension, Figures},
    problem::Code,
    report::{AuditChain, Report, ReportRow},
};
use leptos::prelude::*;

pub use self::{
    audit::{AuditFile, AuditForm, AuditView},
    comments::{CommentFilter, CommentsView, Marking},
    listing::Filters,
    period::{Days, Period, PeriodChoice, RangeError},
    search::{NumberOf, SearchForm, SearchView},
};
use super::cases::RequestError;

/// A page beside the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// Figures of a range of days: of the desk for supervisors, their own for advisors.
    Report,
    /// What people wrote beside their ratings.
    Comments,
    /// The search for conversations.
    Search,
    /// The audit trail.
    Audit,
    /// The versions of the rules, for administrators.
    Rules,
    /// Erasure, holds and copies, for the data protection officer.
    DataProtection,
}

/// The signals of these pages.
#[derive(Clone, Copy, Debug)]
pub struct ReportsState {
    /// The open page; absent while the desk shows.
    pub page: RwSignal<Option<Page>>,
    pub choice: RwSignal<ReportChoice>,
    /// The figure of the chart.
    pub measure: RwSignal<Measure>,
    pub report: RwSignal<Loading<ReportPair>>,
    pub csv: RwSignal<Saving>,
    /// The service keeps figures of single advisors from supervisors.
    pub advisors_withheld: RwSignal<bool>,
    /// The ratings of the last [`RATED_DAYS`] days.
    pub ratings: RwSignal<Loading<ReportPair>>,
    pub comments: RwSignal<CommentsView>,
    pub search: RwSignal<SearchView>,
    pub audit: RwSignal<AuditView>,
    /// The state of the chain of the audit trail, for who may read all of it.
    pub audit_chain: RwSignal<Option<AuditChain>>,
    pub audit_file: RwSignal<Saving>,
}

impl ReportsState {
    pub(super) fn new() -> Self {
        Self {
            page: RwSignal::new(None),
            choice: RwSignal::new(ReportChoice::default()),
            measure: RwSignal::new(Measure::Entered),
            report: RwSignal::new(Loading::default()),
            csv: RwSignal::new(Saving::No),
            advisors_withheld: RwSignal::new(false),
            ratings: RwSignal::new(Loading::default()),
            comments: RwSignal::new(CommentsView::default()),
            search: RwSignal::new(SearchView::default()),
            audit: RwSignal::new(AuditView::default()),
            audit_chain: RwSignal::new(None),
            audit_file: RwSignal::new(Saving::No),
        }
    }

    pub(super) fn clear(self) {
        self.page.set(None);
        self.choice.set(ReportChoice::default());
        self.report.set(Loading::default());
        self.csv.set(Saving::No);
        self.advisors_withheld.set(false);
        self.ratings.set(Loading::default());
        self.comments.set(CommentsView::default());
        self.search.set(SearchView::default());
        self.audit.set(AuditView::default());
        self.audit_chain.set(None);
        self.audit_file.set(Saving::No);
    }

    /// Whether the desk shows and no page over it, untracked.
    pub fn desk_shows(self) -> bool {
        self.page.with_untracked(Option::is_none)
    }

    /// Applies the answer to the request for a report.
    pub fn report_answered(self, number: u32, answer: Result<ReportPair, RequestError>) {
        if answer == Err(RequestError::Refused(Code::NotPerAdvisor)) {
            self.advisors_withheld.set(true);
        }
        self.report.update(|report| report.answered(number, answer));
    }
}

/// A request and its newest answer. The answer stays while the next one is loading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loading<T> {
    /// The number of the newest request; answers to earlier ones are dropped.
    number: u32,
    pub loading: bool,
    pub answer: Option<T>,
    /// The reason why the newest request failed.
    pub error: Option<RequestError>,
}

impl<T> Default for Loading<T> {
    fn default() -> Self {
        Self { number: 0, loading: false, answer: None, error: None }
    }
}

impl<T> Loading<T> {
    /// Marks a request as sent. Returns its number.
    pub const fn begin(&mut self) -> u32 {
        self.loading = true;
        self.number = self.number.wrapping_add(1);
        self.number
    }

    /// Whether no newer request was sent after the one of that number.
    pub const fn is_newest(&self, number: u32) -> bool {
        self.number == number
    }

    /// Applies the answer to the request of that number, unless a newer one was sent.
    pub fn answered(&mut self, number: u32, answer: Result<T, RequestError>) {
        if !self.is_newest(number) {
            return;
        }
        self.loading = false;
        match answer {
            Ok(answer) => (self.answer, self.error) = (Some(answer), None),
            Err(error) => self.error = Some(error),
        }
    }
}

/// The state of a file that is being saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saving {
    No,
    Loading,
    Saved,
    Failed(RequestError),
}

/// The report that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportChoice {
    pub period: PeriodChoice,
    /// What the rows are; [`Dimension::Advisor`] for an advisor, whatever is chosen here.
    pub by: Dimension,
    /// The id of the queue; empty for all of the ticket's.
    pub queue: String,
}

impl Default for ReportChoice {
    fn default() -> Self {
        Self { period: PeriodChoice::default(), by: Dimension::All, queue: String::new() }
    }
}

/// A request for a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportQuery {
    pub days: Days,
    pub by: Dimension,
    /// The id of the queue; empty for all of the ticket's.
    pub queue: String,
}

impl ReportQuery {
    /// The same for as many days before.
    #[must_use]
    pub fn before(&self) -> Self {
        Self { days: self.days.before(), ..self.clone() }
    }

    /// The parameters of the request.
    pub fn parameters(&self) -> Query {
        let Days { from, to } = self.days;
        let queue = Some(self.queue.clone()).filter(|queue| !queue.is_empty());
        let days = [("from", from.iso()), ("to", to.iso()), ("by", self.by.as_str().into())];
        days.into_iter().chain(queue.map(|queue| ("queue", queue))).collect()
    }

    /// The name of the file of its CSV.
    pub fn file_name(&self) -> String {
        let Days { from, to } = self.days;
        let queue = if self.queue.is_empty() { String::new() } else { format!("{}-", self.queue) };
        format!("info-cig-{queue}{}-{}-{}.csv", self.by.as_str(), from.iso(), to.iso())
    }
}

/// A report, and the same of as many days before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPair {
    pub now: Report,
    pub before: Report,
}

impl ReportPair {
    /// The rows in the order of display: hours in theirs, others by how many there are.
    pub fn rows(&self) -> Vec<&ReportRow> {
        let mut rows: Vec<&ReportRow> = self.now.rows.iter().collect();
        if self.now.by != Dimension::Hour {
            let many = |row: &ReportRow| row.figures.entered + row.figures.requests + row.figures.refused;
            rows.sort_by(|a, b| many(b).cmp(&many(a)).then_with(|| a.value.cmp(&b.value)));
        }
        rows
    }

    /// The figures of a value in the range before.
    pub fn figures_before(&self, value: &str) -> Option<&Figures> {
        self.before.rows.iter().find(|row| row.value == value).map(|row| &row.figures)
    }

    /// Whether nothing happened in the range.
    pub fn is_empty(&self) -> bool {
        self.now.total == Figures::default()
    }
}

/// A figure that a chart can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Entered,
    ServiceLevel,
    MedianWait,
    SettledOnline,
    Helped,
    Refused,
}

impl Measure {
    pub const ALL: [Self; 6] = [
        Self::Entered,
        Self::ServiceLevel,
        Self::MedianWait,
        Self::SettledOnline,
        Self::Helped,
        Self::Refused,
    ];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::ServiceLevel => "service_level",
            Self::MedianWait => "wait",
            Self::SettledOnline => "settled_online",
            Self::Helped => "said_helped",
            Self::Refused => "refused",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.as_str() == name)
    }

    /// The figure that a report by this dimension has: refusals have no other.
    #[must_use]
    pub fn of(self, by: Dimension) -> Self {
        if by == Dimension::Refusal { Self::Refused } else { self }
    }
}

/// The days whose ratings are drawn above the comments.
pub const RATED_DAYS: i64 = 30;
