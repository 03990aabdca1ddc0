// SPDX-License-Identifier: EUPL-1.2
//! `infocig simulate --day`: an afternoon of the service in virtual time, with the real rules of admission, conversation and
//! desk, and invented people.
//!
//! The volume is INFO CIG's: 1,600 conversations a month on average and peaks of 2,200 (Messaggio INPS 4497/2022) are 75 to 105
//! a working day. INPS did not publish how long a conversation
//! takes, how long people wait before they give up and how they spread over the afternoon: those are assumptions, listed by
//! `--help`. The same seed gives the same day.

mod chance;
mod day;
mod moves;

use std::{fs, path::PathBuf};

use clap::{Args, value_parser};
use serde_json::{Value, json};

use infocig_domain::policy::Policy;
use infocig_protocol::figures::Share;

use self::day::{Afternoon, Day};
use crate::policy;
use crate::{Error, answer, log};

/// Simulate an afternoon in virtual time
///
/// Lets invented people and advisors meet under the real rules of the desk, and prints how long people waited, how many gave
/// up, whether the announced waits were right, and how many notifications the desk sent.
///
/// Assumed, for want of published figures: 90 people a day (the middle of 75 to 105), more of them at the beginning; a
/// conversation takes 12 minutes on average; people wait 20 minutes on average before they give up; an advisor accepts within
/// 3 to 15 seconds and misses one offer in fifty; three people in a hundred read German, and every fourth advisor speaks it.
#[derive(Debug, Args)]
pub(crate) struct Simulate {
    /// One afternoon, 15 to 18 (there is nothing else to simulate yet)
    #[arg(long, required = true)]
    day: bool,
    /// Number of advisors; left out: one day with two and one with three for each 90 people
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000))]
    advisors: Option<u32>,
    /// Multiple of the real volume; left out: 1, 10 and 100
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=1_000))]
    times: Option<u32>,
    /// Seed of arrivals and durations
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
    /// Another policy document than the one shipped
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Write what everybody did to this file, one JSON object a line: instant, act, and the desk after it. One day alone: it
    /// needs the number of advisors and the multiple
    #[arg(long, value_name = "FILE", requires_all = ["advisors", "times"])]
    moves: Option<PathBuf>,
    /// One object on one line at the end, for machines
    #[arg(long)]
    json: bool,
}

impl Simulate {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let (times, advisors, seed) = (self.times, self.advisors, self.seed);
        let policy = policy::read(self.policy.as_deref())?;
        let mut days = Vec::new();
        for times in times.map_or_else(|| vec![1, 10, 100], |times| vec![times]) {
            for advisors in advisors.map_or_else(|| vec![2 * times, 3 * times], |advisors| vec![advisors]) {
                log(format_args!("→ {} people, {advisors} advisors", 90 * times));
                let afternoon = Afternoon { times, advisors, seed };
                days.push(self.live(&policy, afternoon)?);
            }
        }
        answer(table(&days));
        answer(figures_table(&days));
        if self.json {
            answer(json!({ "seed": seed, "days": days.iter().map(document).collect::<Vec<_>>() }));
        }
        Ok(())
    }
}

impl Simulate {
    fn live(&self, policy: &Policy, afternoon: Afternoon) -> Result<Day, Error> {
        let Some(file) = &self.moves else { return Day::live(policy, afternoon).map_err(Error::Failed) };
        let (day, moves) = Day::live_with_moves(policy, afternoon).map_err(Error::Failed)?;
        let lines: Result<Vec<String>, _> = moves.iter().map(serde_json::to_string).collect();
        let lines = lines.map_err(|error| Error::Failed(format!("the moves cannot be written: {error}")))?;
        fs::write(file, lines.join("\n") + "\n")
            .map_err(|error| Error::Failed(format!("{}: {error}", file.display())))?;
        Ok(day)
    }
}

fn table(days: &[Day]) -> String {
    let mut lines = vec![
        "| People | Advisors | Turned away | Answered | Gave up | Let go at 18 | Wait p50 | p90 | Told range held | Longer than told | Usual width | Told per person |".to_owned(),
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|".to_owned(),
    ];
    lines.extend(days.iter().map(|day| {
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {:.1} |",
            day.people,
            day.afternoon.advisors,
            day.turned_away,
            day.answered,
            day.gave_up,
            day.let_go,
            minutes(day.wait_ms(50)),
            minutes(day.wait_ms(90)),
            percent(day.told_right()),
            percent(day.told_too_short()),
            day.usual_width().map_or_else(|| "–".into(), |minutes| format!("{minutes} min")),
            day.told_per_person(),
        )
    }));
    lines.join("\n")
}

/// The figures of `docs/figures.md`, from the records of the day and its refusals.
fn figures_table(days: &[Day]) -> String {
    let mut lines = vec![
        "| Refused | Entered | Answered | Abandoned, short | Abandoned | Let go | Service level | Amazon's | Abandonment | Non-response | Wait p50 | p90 | Handle p50 | p90 | Transfers | Returns |".to_owned(),
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|".to_owned(),
    ];
    let share = |share: Share| format!("{} of {}", share.part, share.of);
    let length = |seconds: Option<u64>| {
        seconds.map_or_else(|| "–".into(), |seconds| format!("{}:{:02}", seconds / 60, seconds % 60))
    };
    lines.extend(days.iter().map(|day| {
        let figures = day.tally.figures();
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            figures.refused,
            figures.entered,
            figures.answered,
            figures.abandoned_short,
            figures.abandoned,
            figures.let_go,
            share(figures.service_level),
            share(figures.service_level_connect),
            share(figures.abandonment),
            share(figures.non_response),
            length(figures.wait.map(|wait| wait.p50_s)),
            length(figures.wait.map(|wait| wait.p90_s)),
            length(figures.handle.map(|handle| handle.p50_s)),
            length(figures.handle.map(|handle| handle.p90_s)),
            figures.transfers,
            figures.returns,
        )
    }));
    lines.join("\n")
}

fn document(day: &Day) -> Value {
    json!({
        "times": day.afternoon.times,
        "advisors": day.afternoon.advisors,
        "people": day.people,
        "turned_away": day.turned_away,
        "answered": day.answered,
        "gave_up": day.gave_up,
        "let_go": day.let_go,
        "wait_p50_ms": day.wait_ms(50),
        "wait_p90_ms": day.wait_ms(90),
        "estimates": day.estimates(),
        "estimates_right": day.told_right(),
        "estimates_too_short": day.told_too_short(),
        "usual_width_minutes": day.usual_width(),
        "places_told": day.places_told,
        "told_per_person": day.told_per_person(),
        "notifications": day.notifications,
        "rows_written": day.rows_written,
        "longest_queue": day.longest_queue,
        "figures": day.tally.figures(),
    })
}

fn minutes(millis: Option<i64>) -> String {
    millis.map_or_else(|| "–".into(), |millis| format!("{}:{:02}", millis / 60_000, millis / 1_000 % 60))
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.0} %", share * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_who_enters_is_answered_gives_up_or_is_closed() {
        let day = live(1, 2, 7);

        assert!((60..130).contains(&day.people), "{}", day.people);
        assert_eq!(day.people, day.turned_away + day.answered + day.gave_up + day.let_go);
    }

    #[test]
    fn the_figures_of_records_are_the_counts_of_the_day() {
        let day = live(1, 2, 7);

        let figures = day.tally.figures();
        let n = u64::from;
        assert_eq!(figures.refused, n(day.turned_away));
        assert_eq!(figures.entered, n(day.people - day.turned_away));
        assert_eq!(figures.answered, n(day.answered));
        assert_eq!(figures.abandoned_short + figures.abandoned, n(day.gave_up));
        assert_eq!(figures.let_go, n(day.let_go));
        assert_eq!(figures.wait.map(|wait| wait.n), Some(n(day.answered)));
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        assert_eq!(document(&live(1, 2, 3)), document(&live(1, 2, 3)));
        assert_ne!(document(&live(1, 2, 3)), document(&live(1, 2, 4)));
    }

    #[test]
    fn people_are_rarely_told_a_shorter_wait_than_they_have() {
        let day = live(10, 20, 1);

        assert!(day.estimates() > 1_000, "{}", day.estimates());
        assert!(day.told_right().is_some_and(|share| share > 0.7), "{:?}", day.told_right());
        assert!(day.told_too_short().is_some_and(|share| share < 0.1), "{:?}", day.told_too_short());
    }

    #[test]
    fn ten_times_the_people_are_told_about_as_often_each() {
        let (small, large) = (live(1, 2, 1), live(10, 20, 1));

        assert!(large.told_per_person() < 8.0 * small.told_per_person().max(1.0));
    }

    fn live(times: u32, advisors: u32, seed: u32) -> Day {
        let policy = Policy::parse(include_str!("../../edge/policy.json")).unwrap();
        Day::live(&policy, Afternoon { times, advisors, seed }).unwrap()
    }
}
