// SPDX-License-Identifier: EUPL-1.2
//! What a draft would change for whom, before it is published: the time in which each may enter, week by week, and the days that
//! are not like others.
//!
//! Provinces that no row tells apart have the same answers and are looked at once.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    person::{Category, EntryPoint},
    policy::{PolicyDay, PolicyFault, PolicyPreview, PolicyWeek},
    time::Timestamp,
};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::diff;
use crate::{
    admission::covers,
    calendar::{Calendar, Interval, ZONE},
    policy::{Policy, PolicyError},
    province::{self, Province},
};

/// What a draft would change, from the day of `from` on for ninety days.
pub fn preview(in_force: &str, draft: &str, from: Timestamp) -> PolicyPreview {
    let changes = diff::between(in_force, draft);
    let after = match Policy::parse(draft) {
        Ok(policy) => policy,
        Err(error) => {
            return PolicyPreview { fault: Some(fault(&error)), changes, ..PolicyPreview::default() };
        }
    };
    let instant = jiff::Timestamp::from_millisecond(from.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let days = days_from(Calendar::day(instant));
    // A document of an older release that is no policy any more has nothing to be compared with.
    let weeks = Policy::parse(in_force).map(|before| weeks(&before, &after, &days)).unwrap_or_default();
    PolicyPreview { fault: None, changes, weeks, days: closed_days(&after, &days) }
}

fn fault(error: &PolicyError) -> PolicyFault {
    let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    PolicyFault { line: number(error.line), column: number(error.column), reason: error.reason.clone() }
}

fn days_from(first: Date) -> Vec<Date> {
    first.series(1.day()).take(DAYS).collect()
}

/// The weeks in which somebody may enter for longer or shorter than before.
fn weeks(before: &Policy, after: &Policy, days: &[Date]) -> Vec<PolicyWeek> {
    let groups = groups(&[before, after]);
    let mut changed = BTreeMap::<_, Vec<Province>>::new();
    for category in Category::ALL {
        for entry in EntryPoint::ALL {
            for provinces in &groups {
                let Some(one) = provinces.first().copied() else { continue };
                let mut weeks: BTreeMap<Date, (u32, u32)> = BTreeMap::new();
                for day in days {
                    let minutes = |policy| minutes_of(policy, category, entry, one, *day);
                    let (was, will_be) = weeks.entry(monday(*day)).or_default();
                    *was += minutes(before);
                    *will_be += minutes(after);
                }
                for (week, (before_minutes, after_minutes)) in weeks {
                    if before_minutes != after_minutes {
                        let row = (week, category, entry, before_minutes, after_minutes);
                        changed.entry(row).or_default().extend(provinces);
                    }
                }
            }
        }
    }
    let row = |((week, category, entry, before_minutes, after_minutes), provinces): (_, Vec<Province>)| {
        let week = Date::to_string(&week);
        PolicyWeek { week, category, entry, provinces: codes(&provinces), before_minutes, after_minutes }
    };
    changed.into_iter().map(row).collect()
}

/// The minutes of a day in which somebody may enter.
fn minutes_of(policy: &Policy, category: Category, entry: EntryPoint, province: Province, day: Date) -> u32 {
    if !covers(policy, category, province, entry, day) {
        return 0;
    }
    let intervals = Calendar::of(policy, category, Some(province)).intervals(day);
    let seconds = |interval: &Interval| interval.closes.as_second() - interval.opens.as_second();
    let open: i64 = intervals.iter().map(seconds).sum();
    u32::try_from(open / 60).unwrap_or_default()
}

/// The days on which a holiday or a closure takes hours away.
fn closed_days(policy: &Policy, days: &[Date]) -> Vec<PolicyDay> {
    let groups = groups(&[policy]);
    let mut closed = BTreeMap::<_, BTreeSet<Province>>::new();
    for day in days {
        for provinces in &groups {
            let Some(one) = provinces.first().copied() else { continue };
            for category in Category::ALL {
                let calendar = Calendar::of(policy, category, Some(one));
                let Some(reason) = calendar.shut_on(*day) else { continue };
                let left: Vec<String> = calendar.intervals(*day).iter().map(hours).collect();
                closed.entry((*day, reason, left)).or_default().extend(provinces);
            }
        }
    }
    let row = |((day, reason, hours), provinces): ((Date, _, _), BTreeSet<Province>)| {
        let provinces: Vec<Province> = provinces.into_iter().collect();
        PolicyDay { day: day.to_string(), reason, hours, provinces: codes(&provinces) }
    };
    closed.into_iter().map(row).collect()
}

fn hours(interval: &Interval) -> String {
    let clock = |at| ZONE.to_datetime(at).strftime("%H:%M").to_string();
    format!("{}–{}", clock(interval.opens), clock(interval.closes))
}

/// The provinces in groups that no row of the policies tells apart.
fn groups(policies: &[&Policy]) -> Vec<Vec<Province>> {
    let mut groups: BTreeMap<Vec<bool>, Vec<Province>> = BTreeMap::new();
    for province in province::all() {
        let mut signature = Vec::new();
        for policy in policies {
            let of_closures = policy.closures.iter().map(|closure| &closure.provinces);
            let of_rollout = policy.rollout.iter().map(|row| &row.provinces);
            let listed =
                of_closures.chain(of_rollout).chain(policy.holidays.iter().map(|holiday| &holiday.provinces));
            signature.extend(listed.map(|list| list.as_ref().is_none_or(|list| list.contains(&province))));
        }
        groups.entry(signature).or_default().push(province);
    }
    groups.into_values().collect()
}

/// The codes of provinces, in order; none where they are all of Italy.
fn codes(provinces: &[Province]) -> Vec<String> {
    if provinces.len() == province::all().count() {
        return Vec::new();
    }
    let mut codes: Vec<String> = provinces.iter().map(|province| province.code.to_string()).collect();
    codes.sort_unstable();
    codes
}

fn monday(day: Date) -> Date {
    let since = day.weekday().since(Weekday::Monday);
    day.checked_sub(i64::from(since).days()).unwrap_or(day)
}

/// The days that a preview looks at.
const DAYS: usize = 90;

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../edge/policy.json");

    fn from(instant: &str) -> Timestamp {
        Timestamp::from_millis(instant.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_same_document_changes_nothing_and_has_the_holidays_of_ninety_days() {
        let preview = preview(SHIPPED, SHIPPED, from("2026-11-30T10:00:00Z"));

        assert_eq!((preview.fault, preview.changes, preview.weeks), (None, vec![], vec![]));
        let days: Vec<&str> = preview.days.iter().map(|day| day.day.as_str()).collect();
        assert_eq!(days, ["2026-12-08", "2026-12-25", "2027-01-01", "2027-01-06"]);
    }

    #[test]
    fn a_strike_day_takes_three_hours_of_one_week_from_each_through_their_portals() {
        let strike = r#""closures": [{"from": "2026-12-04", "to": "2026-12-05", "reason": "Sciopero.", "source": "X"}]"#;

        let preview =
            preview(SHIPPED, &SHIPPED.replace(r#""closures": []"#, strike), from("2026-11-30T10:00:00Z"));

        let of_workers = preview.weeks.iter().filter(|week| week.category == Category::Lavoratore);
        let [week] = of_workers.collect::<Vec<_>>()[..] else { panic!("{:?}", preview.weeks) };
        assert_eq!((week.week.as_str(), week.before_minutes, week.after_minutes), ("2026-11-30", 900, 720));
        assert!(week.provinces.is_empty());
        assert_eq!(preview.days.first().map(|day| day.reason.as_str()), Some("Sciopero."));
    }

    #[test]
    fn a_patron_saint_closes_one_province() {
        let saint = r#""holidays": [
    { "name": "Sant'Ambrogio", "month": 12, "day": 7, "provinces": ["015"], "source": "X" },"#;

        let preview =
            preview(SHIPPED, &SHIPPED.replace(r#""holidays": ["#, saint), from("2026-11-30T10:00:00Z"));

        let of_workers = preview.weeks.iter().filter(|week| week.category == Category::Lavoratore);
        let [week] = of_workers.collect::<Vec<_>>()[..] else { panic!("{:?}", preview.weeks) };
        assert_eq!((week.week.as_str(), week.provinces.as_slice()), ("2026-12-07", &["015".to_string()][..]));
        assert_eq!(week.before_minutes - week.after_minutes, 180);
    }

    #[test]
    fn a_draft_that_is_no_policy_says_where_it_is_wrong() {
        let preview =
            preview(SHIPPED, &SHIPPED.replace("\"18:00\"", "\"25:00\""), from("2026-11-30T10:00:00Z"));

        assert_eq!(preview.fault.map(|fault| fault.line), Some(9));
    }
}
