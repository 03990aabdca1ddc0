// SPDX-License-Identifier: EUPL-1.2
//! The requests of supervisors, read from their addresses, with the permission for each.
//!
//! A ticket speaks for its holder's queues: a request that names none is about all of them, and one about another queue is
//! refused. An advisor who is no supervisor may ask for their own
//! figures, `by=advisor`, and for nothing else: they are their own data, and the report has no row of anybody else. Supervisors
//! see figures of single advisors only where the policy says so (Legge 300/1970, art. 4).

use infocig_domain::{calendar::ZONE, staff::Right};
use infocig_protocol::{
    entry::Outcome,
    figures::Dimension,
    id::{AdvisorId, QueueId},
    person::Category,
    problem::Code,
    rating::Answer,
    report::{Asked, AuditedKind},
    time::Timestamp,
};
use jiff::civil::Date;

use crate::{
    actors::ReportQuery,
    auth::{handoff::person_key, ticket::DeskHolder},
    problem::Refusal,
    store::{AuditPlace, AuditQuery, AuditWithin, CommentQuery, Place, SearchQuery},
};

/// A parameter of the query, by its name.
pub type Parameters<'p> = &'p dyn Fn(&str) -> Option<String>;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportForm {
    /// The document.
    Json,
    /// Its rows as CSV; with a byte order mark for spreadsheets.
    Csv {
        /// Whether it has the mark.
        bom: bool,
    },
    /// Its series as CSV.
    SeriesCsv {
        /// Whether it has the mark.
        bom: bool,
    },
}

/// The form of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditForm {
    /// A page.
    Page,
    /// A file of rows as they are stored, which can be verified.
    Json,
    /// A table; with a byte order mark for spreadsheets.
    Csv {
        /// Whether it has the mark.
        bom: bool,
    },
}

/// A search, with the look-ups in other objects that precede the one in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// The search of the register.
    pub query: SearchQuery,
    /// The key of the person whose conversations they are.
    pub person_key: Option<String>,
    /// The number or protocol number of a segnalazione of theirs.
    pub segnalazione: Option<SegnalazioneSought>,
}

/// A segnalazione by its key or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegnalazioneSought {
    /// The number that Linea INPS gave it.
    Number(String),
    /// The protocol number of the application it is about.
    Protocol(String),
}

/// Reads the request for a report.
pub fn report(
    holder: &DeskHolder,
    per_advisor: bool,
    get: Parameters<'_>,
) -> Result<(ReportQuery, ReportForm), Refusal> {
    let queues = queues(holder, get)?;
    let by = known("by", get("by"), Dimension::parse)?.unwrap_or(Dimension::All);
    let advisor = match (holder.may(Right::ReadReports), by, &holder.advisor) {
        (true, Dimension::Advisor, Some(_)) if !per_advisor => {
            let detail = "the policy keeps figures of single advisors from supervisors";
            return Err(Refusal::new(Code::NotPerAdvisor, detail));
        }
        (true, _, Some(_)) => None,
        (false, Dimension::Advisor, Some(advisor)) => Some(advisor.clone()),
        (..) => {
            let detail = "an advisor may ask for their own figures, by=advisor";
            return Err(Refusal::new(Code::NotSupervisor, detail));
        }
    };
    let (from, to) = (required_day("from", get)?, required_day("to", get)?);
    let query = ReportQuery { queues, from, to, by, advisor };
    if from > to {
        return Err(invalid("from is after to"));
    }
    if query.days() > MOST_DAYS {
        return Err(invalid("a range has at most 20 years"));
    }
    let bom = flag("bom", get)?.unwrap_or(false);
    let form = match (get("format").as_deref(), get("table").as_deref()) {
        (None | Some("json"), None) => ReportForm::Json,
        (Some("csv"), None | Some("rows")) => ReportForm::Csv { bom },
        (Some("csv"), Some("series")) => ReportForm::SeriesCsv { bom },
        (Some("csv"), Some(_)) => return Err(invalid("table is rows or series")),
        (Some("json") | None, Some(_)) => return Err(invalid("table is for format=csv")),
        (Some(_), _) => return Err(invalid("format is json or csv")),
    };
    Ok((query, form))
}

/// The kind under which the audit trail keeps the look at a report; `None` for an advisor's own.
pub fn audited_report(holder: &DeskHolder, query: &ReportQuery, form: ReportForm) -> Option<AuditedKind> {
    if !holder.may(Right::ReadReports) {
        return None;
    }
    match (form, query.by) {
        (ReportForm::Csv { .. } | ReportForm::SeriesCsv { .. }, _) => Some(AuditedKind::Exported),
        (ReportForm::Json, Dimension::Advisor) => Some(AuditedKind::ReadAdvisors),
        (ReportForm::Json, _) => Some(AuditedKind::ReadReport),
    }
}

/// The parameters of a request for the audit trail, in the order of their names. The values of those that name a person or
/// their case are left out: the trail says that somebody was looked for, and not whom.
pub fn asked(get: Parameters<'_>) -> Vec<Asked> {
    let said = |name: &str| Some(Asked { name: name.into(), value: Some(get(name)?) });
    let hushed = |name: &str| get(name).map(|_| Asked { name: name.into(), value: None });
    let mut asked: Vec<Asked> = SAID.into_iter().filter_map(said).collect();
    asked.extend(HUSHED.into_iter().filter_map(hushed));
    asked.sort_by(|a, b| a.name.cmp(&b.name));
    asked
}

/// The holder of a ticket, who looks at something and must have the right to.
pub fn reader(holder: &DeskHolder, right: Right) -> Result<&AdvisorId, Refusal> {
    holder.require(right)?;
    holder.advisor.as_ref().ok_or_else(|| Refusal::new(Code::NotSupervisor, "not a supervisor's ticket"))
}

/// Reads the request for the audit trail. Who audits reads all of it; a supervisor what is about their queues, and of what is about
/// none their own, or, with every queue of the desk, that of their desk.
pub fn audit(holder: &DeskHolder, get: Parameters<'_>) -> Result<(AuditQuery, AuditForm), Refusal> {
    let reader = reader(holder, Right::ReadAudit)?.clone();
    let (from, to) = days(get)?;
    let actor = get("actor").map(AdvisorId::parse).transpose();
    let after =
        |text: String| AuditPlace::read(&text).ok_or_else(|| invalid("cursor is none of this service"));
    let reads_all = holder.may(Right::ReadWholeAudit) && get("queue").is_none();
    let within = AuditWithin {
        queues: queues(holder, get)?,
        reader,
        desk: holder.of_every_queue.then(|| holder.desk.clone()),
    };
    let form = match get("format").as_deref() {
        None => AuditForm::Page,
        Some("json") => AuditForm::Json,
        Some("csv") => AuditForm::Csv { bom: flag("bom", get)?.unwrap_or(false) },
        Some(_) => return Err(invalid("format is json or csv")),
    };
    let query = AuditQuery {
        within: (!reads_all).then_some(within),
        from,
        to,
        actor: actor.map_err(|error| invalid(format!("actor: {error}")))?,
        act: known("act", get("act"), AuditedKind::parse)?,
        number: get("number").map(|number| read_number(&number)).transpose()?,
        after: get("cursor").map(after).transpose()?,
        limit: limit(get)?,
    };
    match form {
        AuditForm::Page => Ok((query, form)),
        // One more than a file may have, to see whether there are.
        AuditForm::Json | AuditForm::Csv { .. } => {
            let limit = MOST_EXPORTED.saturating_add(1);
            Ok((AuditQuery { after: None, limit, ..query }, form))
        }
    }
}

/// What a reader of the audit trail asked for, as the trail keeps it.
pub fn audit_asked(get: Parameters<'_>) -> Vec<Asked> {
    let said = |name: &str| Some(Asked { name: name.into(), value: Some(get(name)?) });
    ["act", "actor", "format", "from", "number", "queue", "to"].into_iter().filter_map(said).collect()
}

/// Refuses a file of more rows than one may have.
pub fn fits_a_file(rows: usize) -> Result<(), Refusal> {
    if u32::try_from(rows).is_ok_and(|rows| rows <= MOST_EXPORTED) {
        return Ok(());
    }
    Err(invalid(format!("a file has at most {MOST_EXPORTED} rows: ask for fewer days with from and to")))
}

/// Reads a search. A search by advisor is a figure of a single advisor, page by page: it needs the same leave.
pub fn search(holder: &DeskHolder, per_advisor: bool, get: Parameters<'_>) -> Result<Search, Refusal> {
    holder.require(Right::SearchConversations)?;
    if get("advisor").is_some() && !per_advisor {
        return Err(Refusal::new(Code::NotPerAdvisor, "the policy allows no search by advisor"));
    }
    let number = get("number").map(|number| read_number(&number)).transpose()?;
    let person_key = person(get)?;
    let segnalazione = match (get("segnalazione"), get("protocol")) {
        (None, None) => None,
        (Some(number), None) => Some(SegnalazioneSought::Number(short("segnalazione", number)?)),
        (None, Some(protocol)) => Some(SegnalazioneSought::Protocol(short("protocol", protocol)?)),
        (Some(_), Some(_)) => return Err(invalid("segnalazione and protocol are asked for one at a time")),
    };
    let ways = [number.is_some(), person_key.is_some(), segnalazione.is_some()];
    if ways.into_iter().filter(|is_asked| *is_asked).count() > 1 {
        return Err(invalid("number, person, segnalazione and protocol are asked for one at a time"));
    }
    let (from, to) = days(get)?;
    let advisor = get("advisor").map(AdvisorId::parse).transpose();
    let (begins, ordinal) = number.unzip();
    let query = SearchQuery {
        queues: queues(holder, get)?,
        begins,
        ordinal,
        among: None,
        topic: get("topic").map(|topic| short("topic", topic)).transpose()?,
        outcome: known("outcome", get("outcome"), Outcome::parse)?,
        advisor: advisor.map_err(|error| invalid(format!("advisor: {error}")))?,
        from,
        to,
        after: cursor(get)?,
        limit: limit(get)?,
    };
    Ok(Search { query, person_key, segnalazione })
}

/// Reads the request for comments.
pub fn comments(holder: &DeskHolder, get: Parameters<'_>) -> Result<CommentQuery, Refusal> {
    holder.require(Right::ReadComments)?;
    Ok(CommentQuery {
        queues: queues(holder, get)?,
        handled: flag("handled", get)?,
        rating: known("rating", get("rating"), Answer::parse)?,
        after: cursor(get)?,
        limit: limit(get)?,
    })
}

/// The queues that are asked for: one of the ticket's, or all of them.
pub fn queues(holder: &DeskHolder, get: Parameters<'_>) -> Result<Vec<QueueId>, Refusal> {
    let Some(wanted) = get("queue") else { return Ok(holder.queues.clone()) };
    let named = holder.queues.iter().find(|queue| queue.as_str() == wanted).cloned();
    let foreign = || Refusal::new(Code::NotSupervisor, "the ticket is not for that queue");
    Ok(vec![named.ok_or_else(foreign)?])
}

/// The key of a person, from the claims by which their portal names them.
fn person(get: Parameters<'_>) -> Result<Option<String>, Refusal> {
    let (issuer, subject) = match (get("issuer"), get("person")) {
        (None, None) => return Ok(None),
        (Some(issuer), Some(subject)) => (short("issuer", issuer)?, short("person", subject)?),
        (..) => return Err(invalid("issuer and person are asked for together")),
    };
    let category = known("category", get("category"), Category::parse)?.unwrap_or(Category::Lavoratore);
    let actor = get("actor").map_or_else(|| Ok(subject.clone()), |actor| short("actor", actor))?;
    let represented = get("represented").map_or_else(|| Ok(String::new()), |of| short("represented", of))?;
    if [&subject, &actor].into_iter().any(|id| is_tax_number(id)) {
        return Err(invalid("people are found by the id their portal gives, never by a tax number"));
    }
    let key = person_key(&issuer, &subject, &actor, category, &represented);
    key.map(Some).ok_or_else(|| invalid("person cannot be written"))
}

/// Whether a text holds the form of a *codice fiscale* of a person.
fn is_tax_number(text: &str) -> bool {
    // Digits may be letters there, for people who would have the same number (*omocodia*).
    const FORM: [u8; 16] = *b"AAAAAA00A00A000A";
    let fits = |window: &[u8]| {
        window
            .iter()
            .zip(FORM)
            .all(|(byte, form)| byte.is_ascii_alphabetic() || (form == b'0' && byte.is_ascii_digit()))
    };
    let digits = |window: &[u8]| window.iter().filter(|byte| byte.is_ascii_digit()).count();
    text.as_bytes().windows(FORM.len()).any(|window| fits(window) && digits(window) > 0)
}

/// `7F3A-91C2-0B5D-3`: the beginning of the id, and the ordinal.
fn read_number(number: &str) -> Result<(String, u32), Refusal> {
    let form = || invalid("number has the form 7F3A-91C2-0B5D-3");
    let (digits, ordinal) = number.trim().rsplit_once('-').ok_or_else(form)?;
    let begins = digits.replace('-', "").to_ascii_lowercase();
    let is_hex = begins.len() == 12 && begins.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_plain = ordinal.bytes().all(|byte| byte.is_ascii_digit()) && !ordinal.starts_with('0');
    let ordinal = ordinal.parse().ok().filter(|_| is_hex && is_plain).ok_or_else(form)?;
    Ok((begins, ordinal))
}

/// The instants from the first day to the end of the last one, where they are asked for.
fn days(get: Parameters<'_>) -> Result<(Option<Timestamp>, Option<Timestamp>), Refusal> {
    let (from, to) = (day("from", get)?, day("to", get)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(invalid("from is after to"));
    }
    Ok((from.map(midnight), to.map(|to| midnight(to.tomorrow().unwrap_or(Date::MAX)))))
}

fn required_day(name: &str, get: Parameters<'_>) -> Result<Date, Refusal> {
    day(name, get)?.ok_or_else(|| invalid(format!("the parameter {name} is required")))
}

/// A day of the years in which the service can have been used.
fn day(name: &str, get: Parameters<'_>) -> Result<Option<Date>, Refusal> {
    let Some(text) = get(name) else { return Ok(None) };
    let day = text.parse::<Date>().ok();
    // The parser knows other forms too.
    let day = day.filter(|day| day.to_string() == text && (2000..=2199).contains(&day.year()));
    day.map(Some).ok_or_else(|| invalid(format!("{name} is a day such as 2026-11-30")))
}

/// The first instant of a day in Italy.
fn midnight(day: Date) -> Timestamp {
    let begins = ZONE.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or_default();
    Timestamp::from_millis(begins.as_millisecond())
}

fn cursor(get: Parameters<'_>) -> Result<Option<Place>, Refusal> {
    let read = |text: String| Place::read(&text).ok_or_else(|| invalid("cursor is none of this service"));
    get("cursor").map(read).transpose()
}

fn limit(get: Parameters<'_>) -> Result<u32, Refusal> {
    let Some(text) = get("limit") else { return Ok(USUAL_LIMIT) };
    let limit = text.parse().ok().filter(|limit| (1..=MOST_ROWS).contains(limit));
    limit.ok_or_else(|| invalid("limit is a number from 1 to 200"))
}

fn flag(name: &str, get: Parameters<'_>) -> Result<Option<bool>, Refusal> {
    match get(name).as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(invalid(format!("{name} is true or false"))),
    }
}

fn known<T>(name: &str, value: Option<String>, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    let unknown = || invalid(format!("{name} has an unknown value"));
    value.map(|text| parse(&text).ok_or_else(unknown)).transpose()
}

fn short(name: &str, text: String) -> Result<String, Refusal> {
    let is_short = !text.is_empty() && text.chars().count() <= MOST_CHARS;
    if is_short { Ok(text) } else { Err(invalid(format!("{name} has 1 to 256 characters"))) }
}

fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal::new(Code::RequestInvalid, detail)
}

/// The parameters whose values the audit trail keeps.
const SAID: [&str; 11] =
    ["advisor", "by", "format", "from", "handled", "number", "outcome", "rating", "table", "to", "topic"];
/// The parameters of which it keeps that they were used.
const HUSHED: [&str; 5] = ["actor", "person", "protocol", "represented", "segnalazione"];
/// Twenty years, with their leap days.
const MOST_DAYS: i32 = 20 * 366;
/// A row has about half a kilobyte, and a file is made in memory.
const MOST_EXPORTED: u32 = 20_000;
const USUAL_LIMIT: u32 = 50;
const MOST_ROWS: u32 = 200;
const MOST_CHARS: usize = 256;

#[cfg(test)]
mod tests;
