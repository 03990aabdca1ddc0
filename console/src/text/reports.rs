// SPDX-License-Identifier: EUPL-1.2
//! Reports, comments and the search: names of figures and of values, their charts, and why a request failed.

use infocig_chart::{Chart, Over, Series, Unit, Value, format};
use infocig_client::{dates::Moment, words::Words};
use infocig_protocol::{
    desk::{Colleague, ProvinceName, Topic},
    entry::Outcome,
    figures::{Dimension, Figures, Percentiles, Share},
    language::Language,
    person::{Category, EntryPoint},
    problem::Code,
    rating::Answer,
    report::{Asked, AuditDetails, AuditedKind},
};

use super::{category, office, outcome, topic_names};
use crate::state::{
    cases::RequestError,
    reports::{Measure, NumberOf, Page, Period, RangeError, ReportPair},
};

/// One of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    Count(u64),
    Share(Share),
    Lengths(Option<Percentiles>),
}

/// Figures that are shown in one table: the key of its title, and of each figure its key with its value.
pub type FigureGroup = (&'static str, Vec<(&'static str, Figure)>);

/// Every figure, in three groups. Where the reader has one queue, nothing passes to another: `passes` is false.
pub fn figures(figures: &Figures, passes: bool) -> [FigureGroup; 3] {
    let Figures {
        refused,
        requests,
        entered,
        answered,
        abandoned_short,
        abandoned,
        let_go,
        self_served,
        ended,
        online,
        forwarded,
        transfers,
        returns,
        passed_in,
        passed_out,
        holds,
        calls,
        call_minutes,
        calls_declined,
        calls_unanswered,
        calls_without_microphone,
        calls_failed,
        calls_broken,
        service_level,
        service_level_connect,
        abandonment,
        non_response,
        declined,
        settled_online,
        office_answered,
        told_kept,
        told_too_short,
        occupancy,
        said_helped,
        said_partly,
        rated,
        assistant_opened,
        assistant_helped,
        assistant_settled,
        assistant_to_person,
        assistant_came_back,
        wait,
        abandoned_after,
        first_word,
        handle,
        wrap_up,
        on_hold,
        office,
    } = *figures;
    let counts = [
        ("figures.entered", entered),
        ("figures.answered", answered),
        ("figures.abandoned", abandoned),
        ("figures.abandoned_short", abandoned_short),
        ("figures.let_go", let_go),
        ("figures.self_served", self_served),
        ("figures.ended", ended),
        ("figures.online", online),
        ("figures.forwarded", forwarded),
        ("figures.transfers", transfers),
        ("figures.returns", returns),
        ("figures.holds", holds),
        ("figures.requests", requests),
        ("figures.refused", refused),
    ];
    let passed = [("figures.passed_in", passed_in), ("figures.passed_out", passed_out)];
    let passed = passed.into_iter().filter(|_| passes);
    // Where there are no calls, nobody reads of them.
    let calls = [
        ("figures.calls", calls),
        ("figures.call_minutes", call_minutes),
        ("figures.calls_declined", calls_declined),
        ("figures.calls_unanswered", calls_unanswered),
        ("figures.calls_without_microphone", calls_without_microphone),
        ("figures.calls_failed", calls_failed),
        ("figures.calls_broken", calls_broken),
    ];
    let calls = calls.into_iter().filter(|_| calls.iter().any(|(_, n)| *n > 0));
    let shares = [
        ("figures.service_level", service_level),
        ("figures.service_level_connect", service_level_connect),
        ("figures.abandonment", abandonment),
        ("figures.settled_online", settled_online),
        ("figures.office_answered", office_answered),
        ("figures.told_kept", told_kept),
        ("figures.told_too_short", told_too_short),
        ("figures.non_response", non_response),
        ("figures.declined", declined),
        ("figures.occupancy", occupancy),
        ("figures.rated", rated),
        ("figures.said_helped", said_helped),
        ("figures.said_partly", said_partly),
        ("figures.assistant_opened", assistant_opened),
        ("figures.assistant_helped", assistant_helped),
        ("figures.assistant_came_back", assistant_came_back),
        ("figures.assistant_settled", assistant_settled),
        ("figures.assistant_to_person", assistant_to_person),
    ];
    let lengths = [
        ("figures.wait", wait),
        ("figures.abandoned_after", abandoned_after),
        ("figures.first_word", first_word),
        ("figures.handle", handle),
        ("figures.wrap_up", wrap_up),
        ("figures.on_hold", on_hold),
        ("figures.office", office),
    ];
    [
        (
            "figures.counts",
            counts.into_iter().chain(passed).chain(calls).map(|(key, n)| (key, Figure::Count(n))).collect(),
        ),
        ("figures.shares", shares.map(|(key, share)| (key, Figure::Share(share))).to_vec()),
        ("figures.lengths", lengths.map(|(key, lengths)| (key, Figure::Lengths(lengths))).to_vec()),
    ]
}

/// The name of a figure in the documents of the service, from its key.
pub fn figure_name(key: &'static str) -> &'static str {
    key.strip_prefix("figures.").unwrap_or(key)
}

/// A share as a percentage; nothing where there is no whole.
pub fn percent(share: Share, language: Language) -> Option<String> {
    thousandths(share).map(|thousandths| format::percent(thousandths, language))
}

/// Thousandths of the whole, rounded.
fn thousandths(Share { part, of }: Share) -> Option<u64> {
    let scaled = u128::from(part) * 1_000 + u128::from(of) / 2;
    scaled.checked_div(u128::from(of)).and_then(|share| u64::try_from(share).ok())
}

/// A length of time, and a number.
pub fn duration(seconds: u64, language: Language) -> String {
    format::duration(seconds, language)
}

/// A number.
pub fn number(n: u64, language: Language) -> String {
    format::number(n, language)
}

/// The names of a page.
pub const fn page(page: Page, supervises: bool) -> &'static str {
    match (page, supervises) {
        (Page::Report, true) => "pages.report",
        (Page::Report, false) => "pages.own",
        (Page::Comments, _) => "pages.comments",
        (Page::Search, _) => "pages.search",
        (Page::Audit, _) => "pages.audit",
        (Page::Rules, _) => "pages.rules",
        (Page::DataProtection, _) => "pages.protection",
    }
}

/// The name of a period.
pub const fn period(period: Period) -> &'static str {
    match period {
        Period::Today => "period.today",
        Period::ThisWeek => "period.this_week",
        Period::ThisMonth => "period.this_month",
        Period::LastMonth => "period.last_month",
        Period::Range => "period.range",
    }
}

/// The reason why two days are no range.
pub const fn range_error(error: RangeError) -> &'static str {
    match error {
        RangeError::Missing => "period.missing",
        RangeError::Backwards => "period.backwards",
        RangeError::TooLong => "period.too_long",
    }
}

/// The days of a range.
pub fn days(words: &Words, from: &str, to: &str) -> String {
    let day = |day| format::date(day, words.language());
    if from == to { day(from) } else { words.fill("period.days", &[("from", &day(from)), ("to", &day(to))]) }
}

/// The name of a way to break conversations down.
pub const fn dimension(by: Dimension) -> &'static str {
    match by {
        Dimension::All => "by.all",
        Dimension::Hour => "by.hour",
        Dimension::Category => "by.category",
        Dimension::Province => "by.province",
        Dimension::EntryPoint => "by.entry_point",
        Dimension::Language => "by.language",
        Dimension::Topic => "by.topic",
        Dimension::Outcome => "by.outcome",
        Dimension::Advisor => "by.advisor",
        Dimension::Refusal => "by.refusal",
    }
}

/// The name of the figure of a chart.
pub const fn measure(measure: Measure) -> &'static str {
    match measure {
        Measure::Entered => "figures.entered",
        Measure::ServiceLevel => "figures.service_level",
        Measure::MedianWait => "figures.median_wait",
        Measure::SettledOnline => "figures.settled_online",
        Measure::Helped => "figures.said_helped",
        Measure::Refused => "figures.refused",
    }
}

/// Names that the desk knows, for values that are ids.
#[derive(Clone, Copy, Debug)]
pub struct Names<'n> {
    pub provinces: &'n [ProvinceName],
    pub topics: &'n [Topic],
    pub colleagues: &'n [Colleague],
    /// The signed-in advisor's id, and their name.
    pub own: Option<(&'n str, &'n str)>,
}

impl Names<'_> {
    /// An advisor by name; by id if they are not at the desk.
    pub fn advisor(&self, id: &str) -> String {
        let colleague = self.colleagues.iter().find(|one| one.advisor.as_str() == id);
        match (colleague, self.own) {
            (Some(colleague), _) => colleague.name.clone(),
            (None, Some((own, name))) if own == id => name.into(),
            (None, _) => id.into(),
        }
    }
}

/// A value of a dimension, in words.
pub fn value(words: &Words, by: Dimension, value: &str, names: &Names<'_>) -> String {
    if value == UNKNOWN {
        return words.text("by.unknown");
    }
    let named = |key: Option<&'static str>| key.map_or_else(|| value.into(), |key| words.text(key));
    match by {
        Dimension::All => words.text("by.all"),
        Dimension::Hour => words.fill("by.the_hour", &[("hour", value)]),
        Dimension::Category => named(Category::parse(value).map(category)),
        Dimension::Province => office(words, value, names.provinces),
        Dimension::EntryPoint => named(EntryPoint::parse(value).map(entry_point)),
        Dimension::Language => named(Language::parse(value).map(language)),
        Dimension::Topic => {
            let levels: Vec<String> = value.split('/').map(Into::into).collect();
            let path = <[String; 3]>::try_from(levels).ok();
            let path = path.filter(|[first, ..]| names.topics.iter().any(|topic| topic.id == *first));
            path.map_or_else(|| value.into(), |path| topic_names(words, &path, names.topics))
        }
        Dimension::Outcome => named(Outcome::parse(value).map(outcome)),
        Dimension::Advisor => names.advisor(value),
        Dimension::Refusal => {
            let code = Code::ALL.iter().find(|code| code.as_str() == value);
            named(code.and_then(|code| refusal(*code)))
        }
    }
}

/// The name of a portal.
pub const fn entry_point(entry: EntryPoint) -> &'static str {
    match entry {
        EntryPoint::Myinps => "entry_point.myinps",
        EntryPoint::CassettoPrevidenziale => "entry_point.cassetto",
        EntryPoint::OmniaIs => "entry_point.omnia",
    }
}

/// The name of a language.
pub const fn language(language: Language) -> &'static str {
    match language {
        Language::It => "language.it",
        Language::De => "language.de",
        Language::Fr => "language.fr",
        Language::Sl => "language.sl",
        Language::En => "language.en",
    }
}

/// The reason of a refusal at the entrance; the codes of faulty tokens stay codes.
fn refusal(code: Code) -> Option<&'static str> {
    REFUSALS.iter().find(|(one, _)| *one == code).map(|(_, key)| *key)
}

const REFUSALS: [(Code, &str); 13] = [
    (Code::OnlyOngoing, "refusal.only_ongoing"),
    (Code::QueueFull, "refusal.queue_full"),
    (Code::Unstaffed, "refusal.unstaffed"),
    (Code::TooOften, "refusal.too_often"),
    (Code::Blocked, "refusal.blocked"),
    (Code::OutsideHours, "refusal.outside_hours"),
    (Code::Holiday, "refusal.holiday"),
    (Code::Closure, "refusal.closure"),
    (Code::NotInProvince, "refusal.not_in_province"),
    (Code::NotFromEntryPoint, "refusal.not_from_entry_point"),
    (Code::NotForCategory, "refusal.not_for_category"),
    (Code::CredentialTooWeak, "refusal.credential_too_weak"),
    (Code::UnknownProvince, "refusal.unknown_province"),
];

/// What a person said of a conversation.
pub const fn rating(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "rating.yes",
        Answer::Partly => "rating.partly",
        Answer::No => "rating.no",
    }
}

/// The kinds of numbers in a search.
pub const fn number_of(kind: NumberOf) -> &'static str {
    match kind {
        NumberOf::Conversation => "search.number",
        NumberOf::Segnalazione => "search.segnalazione",
        NumberOf::Protocol => "search.protocol",
    }
}

/// An act in the audit trail.
pub const fn audited(act: AuditedKind) -> &'static str {
    match act {
        AuditedKind::Reassigned => "audit.reassigned",
        AuditedKind::Ended => "audit.ended",
        AuditedKind::TookOver => "audit.took_over",
        AuditedKind::Joined => "audit.joined",
        AuditedKind::Observes => "audit.observes",
        AuditedKind::LeftOff => "audit.left_off",
        AuditedKind::Whispered => "audit.whispered",
        AuditedKind::Warned => "audit.warned",
        AuditedKind::Blocked => "audit.blocked",
        AuditedKind::Lifted => "audit.lifted",
        AuditedKind::Searched => "audit.searched",
        AuditedKind::ReadComments => "audit.read_comments",
        AuditedKind::HandledComment => "audit.handled_comment",
        AuditedKind::Exported => "audit.exported",
        AuditedKind::ReadAdvisors => "audit.read_advisors",
        AuditedKind::ReadReport => "audit.read_report",
        AuditedKind::Accepted => "audit.accepted",
        AuditedKind::ReadTranscript => "audit.read_transcript",
        AuditedKind::ReadCases => "audit.read_cases",
        AuditedKind::ReadSegnalazioni => "audit.read_segnalazioni",
        AuditedKind::RetriedSegnalazione => "audit.retried_segnalazione",
        AuditedKind::ReadAudit => "audit.read_audit",
        AuditedKind::ExportedAudit => "audit.exported_audit",
        AuditedKind::SignedIn => "audit.signed_in",
        AuditedKind::SignedOut => "audit.signed_out",
        AuditedKind::SignInRefused => "audit.sign_in_refused",
        AuditedKind::ProposedRules => "audit.proposed_rules",
        AuditedKind::PublishedRules => "audit.published_rules",
        AuditedKind::RestoredRules => "audit.restored_rules",
        AuditedKind::ApprovedRules => "audit.approved_rules",
        AuditedKind::WithdrewRules => "audit.withdrew_rules",
        AuditedKind::ClosedService => "audit.closed_service",
        AuditedKind::ReopenedService => "audit.reopened_service",
        AuditedKind::PutBannerUp => "audit.put_banner_up",
        AuditedKind::TookBannerDown => "audit.took_banner_down",
        AuditedKind::PreviewedErasure => "audit.previewed_erasure",
        AuditedKind::ErasedPerson => "audit.erased_person",
        AuditedKind::HeldPerson => "audit.held_person",
        AuditedKind::ReleasedPerson => "audit.released_person",
        AuditedKind::ExportedPerson => "audit.exported_person",
        AuditedKind::CutAudit => "audit.cut_audit",
    }
}

/// A parameter of an act in the audit trail, in words: `Dal 1 ottobre 2026`; nothing for one that says nothing to a reader. A
/// value that is not kept is said to be so.
pub fn asked(words: &Words, asked: &Asked, names: &Names<'_>) -> Option<String> {
    let (key, by) = match asked.name.as_str() {
        "from" => ("period.from", None),
        "to" => ("period.to", None),
        "by" => ("by.label", None),
        "topic" => ("by.topic", Some(Dimension::Topic)),
        "outcome" => ("by.outcome", Some(Dimension::Outcome)),
        "advisor" => ("by.advisor", Some(Dimension::Advisor)),
        "rating" => ("rating.label", None),
        "number" => ("audit.number", None),
        "actor" => ("audit.actor", Some(Dimension::Advisor)),
        "act" => ("audit.act", None),
        "more" => ("audit.more", None),
        "segnalazione" => ("audit.segnalazione", None),
        "protocol" => ("audit.protocol", None),
        "person" => ("audit.person", None),
        _ => return None,
    };
    let name = words.text(key);
    let Some(text) = asked.value.as_deref() else {
        return Some(words.fill("audit.not_kept", &[("name", &name)]));
    };
    let text = match (asked.name.as_str(), by) {
        ("from" | "to", _) => format::date(text, words.language()),
        ("act", _) => AuditedKind::parse(text).map_or_else(|| text.into(), |act| words.text(audited(act))),
        ("by", _) => Dimension::parse(text).map_or_else(|| text.into(), |by| words.text(dimension(by))),
        ("rating", _) => Answer::parse(text).map_or_else(|| text.into(), |answer| words.text(rating(answer))),
        (_, Some(by)) => value(words, by, text, names),
        (_, None) => text.into(),
    };
    Some(words.fill("audit.asked", &[("name", &name), ("value", &text)]))
}

/// The other thing an act in the audit trail is about, in words.
pub fn audit_subject(words: &Words, subject: &str) -> String {
    words.fill("audit.asked", &[("name", &words.text("audit.subject")), ("value", subject)])
}

/// The reason of an act in the audit trail, in words.
pub fn audit_details(words: &Words, details: &AuditDetails) -> Vec<String> {
    let AuditDetails { until, reason, unwarned } = details;
    let said =
        |key: &str, value: &str| words.fill("audit.asked", &[("name", &words.text(key)), ("value", value)]);
    let until = until.map(|until| said("block.until", &Moment::in_italy(until).text(words)));
    let unwarned = unwarned.as_ref().map(|why| words.fill("block.unwarned_because", &[("reason", why)]));
    until.into_iter().chain([said("block.reason", reason)]).chain(unwarned).collect()
}

/// The reason why a request of these pages failed.
pub const fn report_error(error: RequestError) -> &'static str {
    match error {
        RequestError::Unanswered => "pages.unanswered",
        RequestError::Refused(Code::NotPerAdvisor) => "pages.not_per_advisor",
        RequestError::Refused(Code::NotSupervisor) => "pages.not_supervisor",
        RequestError::Refused(Code::RequestInvalid) => "pages.invalid",
        RequestError::Refused(Code::NotStoring) => "pages.not_written",
        RequestError::Refused(_) => "pages.failed",
    }
}

/// The chart of a report as markup: a figure over days, or by value, with the range before beside it.
pub fn report_chart(words: &Words, pair: &ReportPair, measure: Measure, names: &Names<'_>) -> String {
    let measure = measure.of(pair.now.by);
    if pair.now.by != Dimension::All {
        return chart_of_values(words, pair, measure, names);
    }
    let (now, before) = (&pair.now.series, &pair.before.series);
    let labels: Vec<String> = now.iter().map(|point| point.period.clone()).collect();
    let values = |points: &[infocig_protocol::report::ReportPoint]| {
        points.iter().map(|point| measured(measure, &point.figures)).collect::<Vec<_>>()
    };
    let (now, before) = (values(now), values(before));
    // A single day is no line.
    let over = if labels.len() > 1 { Over::Days } else { Over::Categories };
    let labels = if over == Over::Days {
        labels
    } else {
        labels.iter().map(|day| format::date(day, words.language())).collect()
    };
    drawn(words, pair, measure, over, &labels, now, before, None)
}

fn chart_of_values(words: &Words, pair: &ReportPair, measure: Measure, names: &Names<'_>) -> String {
    let by = pair.now.by;
    let rows = pair.rows();
    let mut labels: Vec<String> = rows.iter().map(|row| value(words, by, &row.value, names)).collect();
    let mut now: Vec<Value> = rows.iter().map(|row| measured(measure, &row.figures)).collect();
    let nobody = Figures::default();
    let figures = rows.iter().map(|row| pair.figures_before(&row.value).unwrap_or(&nobody));
    let mut before: Vec<Value> = figures.map(|figures| measured(measure, figures)).collect();
    let cut = labels.len() > MOST_BARS && by != Dimension::Hour;
    // The finding is about all of them.
    let finding = cut.then(|| {
        let series = series(words, pair, now.clone(), before.clone());
        let title = words.text(self::measure(measure));
        let finding = chart(words, &title, Over::Categories, &labels, &series, unit(measure), None).finding();
        let drawn = words.fill("figures.first_drawn", &[("n", &MOST_BARS.to_string())]);
        format!("{finding} {drawn}")
    });
    if cut {
        labels.truncate(MOST_BARS);
        now.truncate(MOST_BARS);
        before.truncate(MOST_BARS);
    }
    drawn(words, pair, measure, Over::Categories, &labels, now, before, finding.as_deref())
}

#[expect(clippy::too_many_arguments, reason = "the parts of a chart")]
fn drawn(
    words: &Words,
    pair: &ReportPair,
    measure: Measure,
    over: Over,
    labels: &[String],
    now: Vec<Value>,
    before: Vec<Value>,
    finding: Option<&str>,
) -> String {
    let title = words.text(self::measure(measure));
    let series = series(words, pair, now, before);
    chart(words, &title, over, labels, &series, unit(measure), finding).to_html()
}

fn series(words: &Words, pair: &ReportPair, now: Vec<Value>, before: Vec<Value>) -> [Series; 2] {
    let name = |report: &infocig_protocol::report::Report| days(words, &report.from, &report.to);
    [Series { name: name(&pair.now), values: now }, Series { name: name(&pair.before), values: before }]
}

fn chart<'c>(
    words: &Words,
    title: &'c str,
    over: Over,
    labels: &'c [String],
    [now, before]: &'c [Series; 2],
    unit: Unit,
    finding: Option<&'c str>,
) -> Chart<'c> {
    Chart {
        id: "report",
        title,
        finding,
        over,
        labels,
        now,
        before: Some(before),
        unit,
        language: words.language(),
    }
}

const fn unit(measure: Measure) -> Unit {
    match measure {
        Measure::Entered | Measure::Refused => Unit::Count,
        Measure::MedianWait => Unit::Seconds,
        Measure::ServiceLevel | Measure::SettledOnline | Measure::Helped => Unit::Thousandths,
    }
}

fn measured(measure: Measure, figures: &Figures) -> Value {
    let share = |share| thousandths(share).map_or(Value::Nothing, Value::Known);
    match measure {
        Measure::Entered => Value::Known(figures.entered),
        Measure::Refused => Value::Known(figures.refused),
        Measure::MedianWait => figures.wait.map_or(Value::Nothing, |wait| Value::Known(wait.p50_s)),
        Measure::ServiceLevel => share(figures.service_level),
        Measure::SettledOnline => share(figures.settled_online),
        Measure::Helped => share(figures.said_helped),
    }
}

/// The value of what is not known.
const UNKNOWN: &str = "-";
/// A chart has at most so many bars; the table has the others too.
const MOST_BARS: usize = 20;

#[cfg(test)]
mod tests {
    use infocig_protocol::{
        id::QueueId,
        report::{Report, ReportRow},
    };
    use serde_json::Value as Json;

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn every_number_of_the_document_is_shown_once() {
        let lengths = || Some(Percentiles { n: 1, p50_s: 2, p90_s: 3, longest_s: 4 });
        let whole = Figures {
            passed_in: 1,
            passed_out: 1,
            calls: 1,
            call_minutes: 1,
            calls_declined: 1,
            calls_unanswered: 1,
            calls_without_microphone: 1,
            calls_failed: 1,
            calls_broken: 1,
            wait: lengths(),
            abandoned_after: lengths(),
            first_word: lengths(),
            handle: lengths(),
            wrap_up: lengths(),
            on_hold: lengths(),
            office: lengths(),
            ..Figures::default()
        };
        let Json::Object(document) = serde_json::to_value(&whole).unwrap() else { panic!("no object") };
        let mut members: Vec<&str> = document.keys().map(String::as_str).collect();
        let groups = figures(&whole, true);
        let mut shown: Vec<&str> =
            groups.iter().flat_map(|(_, figures)| figures).map(|(key, _)| figure_name(key)).collect();
        members.sort_unstable();
        shown.sort_unstable();
        assert_eq!(shown, members);
    }

    #[test]
    fn values_are_named_and_unknown_ones_stay_as_they_are() {
        let provinces = [ProvinceName { code: "058".into(), name: "Roma".into() }];
        let names =
            Names { provinces: &provinces, topics: &[], colleagues: &[], own: Some(("giulia", "Giulia")) };
        let said = |by, text| value(&italian(), by, text, &names);
        assert_eq!(said(Dimension::Province, "058"), "Roma");
        assert_eq!(said(Dimension::Province, "-"), "Non indicato");
        assert_eq!(said(Dimension::Hour, "02"), "Ore 02");
        assert_eq!(said(Dimension::Category, "consulente"), "Consulente aziendale");
        assert_eq!(said(Dimension::Refusal, "outside-hours"), "Fuori orario");
        assert_eq!(said(Dimension::Refusal, "token-expired"), "token-expired");
        assert_eq!(
            (said(Dimension::Advisor, "giulia"), said(Dimension::Advisor, "x")),
            ("Giulia".into(), "x".into())
        );
    }

    #[test]
    fn a_share_of_nothing_is_no_percentage() {
        assert_eq!(percent(Share { part: 0, of: 0 }, Language::It), None);
        assert_eq!(percent(Share { part: 2, of: 3 }, Language::It).as_deref(), Some("66,7\u{a0}%"));
    }

    #[test]
    fn a_chart_of_many_values_shows_the_first_and_its_finding_is_about_all() {
        let row = |n: u64| ReportRow {
            value: format!("{n:03}"),
            figures: Figures { entered: n, ..Figures::default() },
        };
        let report = |rows: Vec<ReportRow>| Report {
            queues: vec![QueueId::parse("cig").unwrap()],
            from: "2026-10-19".into(),
            to: "2026-10-25".into(),
            by: Dimension::Province,
            answer_within_seconds: 180,
            short_abandonment_seconds: 10,
            total: Figures::default(),
            before: Figures::default(),
            rows,
            series: vec![],
        };
        let pair = ReportPair { now: report((1..=30).map(row).collect()), before: report(vec![row(30)]) };
        let names = Names { provinces: &[], topics: &[], colleagues: &[], own: None };
        let markup = report_chart(&italian(), &pair, Measure::Entered, &names);
        assert!(markup.contains("465") && markup.contains("prime 20"), "{markup}");
        assert!(markup.contains("Provincia 011") && !markup.contains("Provincia 010"), "{markup}");
    }
}
