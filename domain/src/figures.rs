// SPDX-License-Identifier: EUPL-1.2
//! Figures: what happened to conversations, counted. `docs/figures.md` defines each of them as a formula over [`event`]s.
//!
//! Data walks one way: events of a conversation are folded into its [`Record`], records and refusals are added up in
//! [`Tally`]s, and a tally is read as [`Figures`](infocig_protocol::figures::Figures). The desk does it with the day's
//! conversations, the register with all of them: the live panel and a report are two sums of the same records.

pub mod advisor_time;
pub mod assisted;
pub mod calls;
pub mod cell;
pub mod csv;
pub mod dcat;
pub mod event;
pub mod histogram;
pub mod open_data;
pub mod period;
pub mod record;
pub mod register;
pub mod rules;
pub mod suppression;
pub mod tally;
pub mod today;
pub mod written;

pub use infocig_chart as chart;

pub use self::{
    advisor_time::{Activity, ActivitySpan, AdvisorTime},
    assisted::COMES_BACK_MS,
    event::{Event, EventKind},
    record::Record,
    rules::FigureRules,
    tally::Tally,
    today::Today,
};
