// SPDX-License-Identifier: EUPL-1.2
//! Admission: whether a person may enter at an instant; if not, why, by which source, and from when they may.
//!
//! One total function, [`admit`], answers the API, the plain pages and every tool. Where several reasons apply the first of
//! these is given: unknown province, credential, eligibility (category, province, entry point), hours.

use infocig_protocol::{
    http::{Channel, Verdict},
    language::Language,
    person::{Category, Credential, EntryPoint},
    problem::Code,
};
use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    calendar::{Calendar, HORIZON_DAYS, Interval, Shut, ZONE},
    policy::{self, Policy, RolloutRow},
    province::Province,
};

/// The known facts of a person who asks to enter. An unknown one (`None`) is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant<'a> {
    /// The capacity they come in.
    pub category: Category,
    /// The ISTAT code of their province: residence for workers, registered office for companies.
    pub province: Option<&'a str>,
    /// How they signed in.
    pub credential: Option<Credential>,
    /// The portal they come from.
    pub entry: Option<EntryPoint>,
}

/// How busy the desks are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Load {
    /// A newcomer can be answered before the service closes, as far as is known.
    #[default]
    Bearable,
    /// So many wait that a newcomer could not be answered.
    QueueFull,
    /// No advisor of the queue is at the desk.
    Unstaffed {
        /// Since when; absent where none ever was.
        since: Option<infocig_protocol::time::Timestamp>,
    },
}

/// The decision on an applicant, with everything it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment<'p> {
    /// The instant it speaks about.
    pub at: Timestamp,
    /// The category of the applicant.
    pub category: Category,
    /// The province of the applicant, if given and known.
    pub province: Option<Province>,
    /// The decision.
    pub decision: Decision<'p>,
    /// The first instant at which this person could enter, if they cannot now and it is known.
    pub opens: Option<Timestamp>,
    /// The end of the interval that holds the instant.
    pub closes: Option<Timestamp>,
    /// When the answer ceases to hold, if it does so by itself.
    pub changes: Option<Timestamp>,
}

/// The decision alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision<'p> {
    /// They may enter.
    Open,
    /// The last admission has passed; who is inside goes on.
    OnlyOngoing,
    /// Too many wait; who is inside goes on.
    QueueFull,
    /// For a while nobody has been at the desk; who is inside goes on.
    Unstaffed,
    /// They began as many conversations as one person may in a short time.
    TooOften,
    /// A supervisor blocked them for a while, after abuse.
    Blocked,
    /// Nobody is at the desk.
    Closed(Shut<'p>),
    /// No row of the roll-out covers them.
    NotEligible(NotEligible),
    /// Their sign-in is too weak.
    CredentialTooWeak,
    /// Their province code names nobody.
    UnknownProvince,
}

/// Which part of the roll-out leaves a person out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotEligible {
    /// No row of the category has begun.
    Category,
    /// The category has begun elsewhere.
    Province,
    /// The category and province have begun, through another portal.
    EntryPoint,
}

/// Decides whether an applicant may enter at an instant.
pub fn admit<'p>(policy: &'p Policy, applicant: &Applicant<'_>, load: Load, at: Timestamp) -> Assessment<'p> {
    let category = applicant.category;
    let province = applicant.province.and_then(Province::by_code);
    let decide = |decision, opens, closes, changes| Assessment {
        at,
        category,
        province,
        decision,
        opens,
        closes,
        changes,
    };
    let refuse = |decision, opens: Option<Timestamp>| {
        // At midnight "domani" becomes "oggi".
        let midnight = Calendar::day(at).tomorrow().ok().and_then(Calendar::first_instant);
        decide(
            decision,
            opens,
            None,
            opens.map(|opens| midnight.map_or(opens, |midnight| midnight.min(opens))),
        )
    };

    if applicant.province.is_some() && province.is_none() {
        return refuse(Decision::UnknownProvince, None);
    }
    if applicant.credential.is_some_and(|credential| !policy.credentials.accepted.contains(&credential)) {
        return refuse(Decision::CredentialTooWeak, None);
    }

    let calendar = Calendar::of(policy, category, province);
    let claim = Claim { policy, category, province, entry: applicant.entry };
    if let Some(reason) = claim.refusal(Calendar::day(at)) {
        return refuse(Decision::NotEligible(reason), claim.next_admission(calendar, at));
    }
    let interval = match calendar.at(at) {
        Ok(interval) => interval,
        Err(shut) => return refuse(Decision::Closed(shut), claim.next_admission(calendar, at)),
    };
    let closes = Some(interval.closes);
    let last_admission = last_admission(policy, interval);
    match load {
        _ if at >= last_admission => {
            decide(Decision::OnlyOngoing, claim.next_admission(calendar, interval.closes), closes, closes)
        }
        Load::Bearable => decide(Decision::Open, None, closes, Some(last_admission)),
        Load::Unstaffed { since } => {
            let left = since.and_then(|since| Timestamp::from_millisecond(since.as_millis()).ok());
            let empty_since = left.map_or(interval.opens, |left| left.max(interval.opens));
            // A rule that has gone since the desk was asked holds nobody back.
            let minutes = policy.desk.unstaffed_minutes.map(|minutes| i64::from(minutes.get()));
            let refuses =
                minutes.and_then(|minutes| empty_since.checked_add(SignedDuration::from_mins(minutes)).ok());
            let soon = at.saturating_add(QUEUE_PATIENCE).unwrap_or(last_admission);
            match refuses {
                Some(refuses) if at >= refuses => {
                    decide(Decision::Unstaffed, None, closes, Some(soon.min(last_admission)))
                }
                Some(refuses) => decide(Decision::Open, None, closes, Some(refuses.min(last_admission))),
                None => decide(Decision::Open, None, closes, Some(last_admission)),
            }
        }
        // Nobody knows when the queue shortens.
        Load::QueueFull => {
            let soon = at.saturating_add(QUEUE_PATIENCE).unwrap_or(last_admission);
            decide(Decision::QueueFull, None, closes, Some(soon.min(last_admission)))
        }
    }
}

/// The answer to an applicant who may enter but for one thing: they have begun too many conversations, and may begin another
/// at `again`, if the service is open to them then.
pub fn too_often<'p>(
    policy: &'p Policy,
    applicant: &Applicant<'_>,
    again: Timestamp,
    at: Timestamp,
) -> Assessment<'p> {
    not_before(Decision::TooOften, policy, applicant, again, at)
}

/// The answer to an applicant who is blocked until `until`, and may enter then, if the service is open to them.
pub fn blocked<'p>(
    policy: &'p Policy,
    applicant: &Applicant<'_>,
    until: Timestamp,
    at: Timestamp,
) -> Assessment<'p> {
    not_before(Decision::Blocked, policy, applicant, until, at)
}

fn not_before<'p>(
    decision: Decision<'p>,
    policy: &'p Policy,
    applicant: &Applicant<'_>,
    again: Timestamp,
    at: Timestamp,
) -> Assessment<'p> {
    let now = admit(policy, applicant, Load::Bearable, at);
    let then = admit(policy, applicant, Load::Bearable, again);
    let opens = if then.is_open() { Some(again) } else { then.opens };
    Assessment { decision, opens, changes: opens, ..now }
}

impl Assessment<'_> {
    /// Whether the person may enter.
    pub fn is_open(&self) -> bool {
        self.decision == Decision::Open
    }

    /// The answer in one word.
    pub fn verdict(&self) -> Verdict {
        match self.decision {
            Decision::Open => Verdict::Open,
            Decision::OnlyOngoing
            | Decision::QueueFull
            | Decision::Unstaffed
            | Decision::TooOften
            | Decision::Blocked => Verdict::OnlyOngoing,
            Decision::Closed(_) => Verdict::Closed,
            Decision::NotEligible(_) => Verdict::NotEligible,
            Decision::CredentialTooWeak => Verdict::CredentialTooWeak,
            Decision::UnknownProvince => Verdict::UnknownProvince,
        }
    }

    /// The stable name of the reason.
    pub fn code(&self) -> Code {
        match self.decision {
            Decision::Open => Code::Open,
            Decision::OnlyOngoing => Code::OnlyOngoing,
            Decision::QueueFull => Code::QueueFull,
            Decision::Unstaffed => Code::Unstaffed,
            Decision::TooOften => Code::TooOften,
            Decision::Blocked => Code::Blocked,
            Decision::Closed(Shut::OutsideHours) => Code::OutsideHours,
            Decision::Closed(Shut::Holiday(_)) => Code::Holiday,
            Decision::Closed(Shut::Closure(_)) => Code::Closure,
            Decision::NotEligible(NotEligible::Category) => Code::NotForCategory,
            Decision::NotEligible(NotEligible::Province) => Code::NotInProvince,
            Decision::NotEligible(NotEligible::EntryPoint) => Code::NotFromEntryPoint,
            Decision::CredentialTooWeak => Code::CredentialTooWeak,
            Decision::UnknownProvince => Code::UnknownProvince,
        }
    }

    /// The source of the answer.
    pub fn source(&self, policy: &Policy) -> String {
        match self.decision {
            Decision::Open
            | Decision::OnlyOngoing
            | Decision::QueueFull
            | Decision::Unstaffed
            | Decision::TooOften
            | Decision::Blocked
            | Decision::Closed(Shut::OutsideHours) => {
                let hours = policy.hours.iter().find(|hours| hours.categories.contains(&self.category));
                hours.map(|hours| hours.source.clone()).unwrap_or_default()
            }
            Decision::Closed(Shut::Holiday(holiday)) => holiday.source.clone(),
            Decision::Closed(Shut::Closure(closure)) => closure.source.clone(),
            Decision::NotEligible(_) => self.rollout_source(policy),
            Decision::CredentialTooWeak => policy.credentials.source.clone(),
            Decision::UnknownProvince => PROVINCE_SOURCE.to_string(),
        }
    }

    /// The row that lets this person in one day, or else the newest row of the category.
    fn rollout_source(&self, policy: &Policy) -> String {
        let of_category = || policy.rollout.iter().filter(|row| row.categories.contains(&self.category));
        let opening_day = self.opens.map(Calendar::day);
        let opening_row = of_category()
            .filter(|row| {
                opening_day.is_some_and(|day| row.since <= day) && covers_province(row, self.province)
            })
            .max_by_key(|row| row.since);
        let row = opening_row.or_else(|| of_category().max_by_key(|row| row.since));
        row.map(|row| row.source.clone()).unwrap_or_default()
    }
}

/// The other channels for a person.
pub fn channels(policy: &Policy, language: Language) -> Vec<Channel> {
    let channel = |channel: &policy::Channel| Channel {
        name: channel.name.in_language(language).into(),
        how: channel.how.in_language(language).into(),
        href: channel.href.clone(),
    };
    policy.channels.iter().map(channel).collect()
}

/// The instant as RFC 3339 with the offset of Europe/Rome, to the second.
pub fn in_italy(at: Timestamp) -> String {
    let zoned = at.to_zoned(ZONE);
    format!("{}{}", zoned.strftime("%Y-%m-%dT%H:%M:%S"), zoned.strftime("%:z"))
}

/// The claim of a person by the roll-out.
#[derive(Clone, Copy)]
struct Claim<'p> {
    policy: &'p Policy,
    category: Category,
    province: Option<Province>,
    entry: Option<EntryPoint>,
}

/// Whether the roll-out covers somebody on a day.
pub fn covers(policy: &Policy, category: Category, province: Province, entry: EntryPoint, day: Date) -> bool {
    Claim { policy, category, province: Some(province), entry: Some(entry) }.refusal(day).is_none()
}

impl Claim<'_> {
    /// Why no row covers the person on a day; `None` if one does.
    fn refusal(&self, day: Date) -> Option<NotEligible> {
        let begun = || self.rows().filter(|row| is_in_force(row, day));
        if begun().next().is_none() {
            return Some(NotEligible::Category);
        }
        if !begun().any(|row| covers_province(row, self.province)) {
            return Some(NotEligible::Province);
        }
        let enters = begun().any(|row| covers_province(row, self.province) && covers_entry(row, self.entry));
        if enters { None } else { Some(NotEligible::EntryPoint) }
    }

    /// The first instant from `from` on at which the person is eligible and somebody admits them.
    fn next_admission(&self, calendar: Calendar<'_>, from: Timestamp) -> Option<Timestamp> {
        let mut day = Calendar::day(from);
        let mut barren_days = 0;
        while barren_days < HORIZON_DAYS {
            if self.refusal(day).is_some() {
                day = self.rows().map(|row| row.since).filter(|since| *since > day).min()?;
                continue;
            }
            let first = calendar
                .intervals(day)
                .into_iter()
                .filter(|interval| from < last_admission(self.policy, *interval))
                .map(|interval| interval.opens.max(from))
                .next();
            if first.is_some() {
                return first;
            }
            barren_days += 1;
            day = day.tomorrow().ok()?;
        }
        None
    }

    fn rows(&self) -> impl Iterator<Item = &RolloutRow> {
        self.policy.rollout.iter().filter(|row| row.categories.contains(&self.category))
    }
}

fn is_in_force(row: &RolloutRow, day: Date) -> bool {
    row.since <= day && row.until.is_none_or(|until| day < until)
}

/// Without a province, a row of some provinces counts: the person may be from one of them.
fn covers_province(row: &RolloutRow, province: Option<Province>) -> bool {
    match (&row.provinces, province) {
        (None, _) | (_, None) => true,
        (Some(listed), Some(province)) => listed.contains(&province),
    }
}

fn covers_entry(row: &RolloutRow, entry: Option<EntryPoint>) -> bool {
    entry.is_none_or(|entry| row.entries.contains(&entry))
}

fn last_admission(policy: &Policy, interval: Interval) -> Timestamp {
    let margin = SignedDuration::from_mins(i64::from(policy.last_admission_minutes));
    interval.closes.checked_sub(margin).unwrap_or(interval.opens)
}

/// How long a full queue is left alone before somebody asks again.
const QUEUE_PATIENCE: SignedDuration = SignedDuration::from_mins(1);

const PROVINCE_SOURCE: &str = "ISTAT, unità territoriali dal 1° gennaio 2026";
