// SPDX-License-Identifier: EUPL-1.2
//! The page of open figures: what every month says, the last one in charts, and the data to take along.

use infocig_chart::{Chart, Over, Series, Unit, Value, format};
use infocig_protocol::{
    language::Language,
    person::{Category, EntryPoint},
};
use maud::{DOCTYPE, Markup, html};

use super::{
    super::{cell::UNKNOWN, suppression::Published},
    LICENCE, MonthlyRelease, PATH, Publication, Row,
    words::{self, Words},
};
use crate::{
    plain_page::{self, Links},
    province::Province,
    transcript::fill,
};

/// The parts of the page besides the figures.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s> {
    /// The links at its foot.
    pub links: &'s Links,
    /// The address of the definitions of figures.
    pub definitions: Option<&'s str>,
    /// Ids and names of topics of the first level.
    pub topics: &'s [(String, String)],
}

/// So many months are on the page; all of them are in the data.
const MONTHS: usize = 24;

/// The page.
pub fn page(publication: &Publication, language: Language, site: Site<'_>) -> String {
    let words = Words::of(language);
    let page = html! {
        (DOCTYPE) "\n"
        html lang=(language.as_str()) {
            "\n"
            head {
                "\n"
                meta charset="utf-8"; "\n"
                meta name="viewport" content="width=device-width, initial-scale=1"; "\n"
                title { (words.title) } "\n"
                @for style in ["/fonts/titillium-web.css", "/plain.css", "/chart.css"] {
                    link rel="stylesheet" href=(style); "\n"
                }
                link rel="alternate" type="application/json" href={ (PATH) "/all.json" }; "\n"
                link rel="describedby" type="application/ld+json" href={ (PATH) "/catalogue.jsonld" }; "\n"
            } "\n"
            body {
                "\n"
                header {
                    "\n"
                    p class="service" { "INFO CIG" } "\n"
                    (languages(language))
                } "\n"
                main { "\n" (main(publication, language, words, site)) } "\n"
                (plain_page::footer(language, site.links))
            } "\n"
        } "\n"
    };
    page.into_string()
}

fn languages(current: Language) -> Markup {
    let (label, names) = plain_page::language_names(current);
    html! {
        nav aria-label=(label) {
            "\n"
            ul {
                "\n"
                @for (language, name) in names {
                    li {
                        @if language == current {
                            span lang=(language.as_str()) aria-current="true" { (name) }
                        } @else {
                            a lang=(language.as_str()) hreflang=(language.as_str())
                                href={ (PATH) "?lang=" (language.as_str()) } { (name) }
                        }
                    } "\n"
                }
            } "\n"
        } "\n"
    }
}

fn main(publication: &Publication, language: Language, words: &Words, site: Site<'_>) -> Markup {
    let releases = publication.releases();
    html! {
        h1 { (words.title) } "\n"
        p class="lead" { (words.lead) } "\n"
        @match (releases.last(), publication.modified()) {
            (Some(last), Some(modified)) => {
                p { (fill(words.updated, &[&format::date(&modified.to_string(), language)])) } "\n"
                p { (fill(words.small, &[&last.smallest_cell.to_string()])) } "\n"
                (months(releases, language, words))
                (last_month(releases, last, language, words, site))
            }
            _ => { p { (words.nothing_yet) } "\n" }
        }
        (downloads(words, site))
    }
}

fn months(releases: &[MonthlyRelease], language: Language, words: &Words) -> Markup {
    let shown = releases.get(releases.len().saturating_sub(MONTHS)..).unwrap_or_default();
    let labels: Vec<String> = shown.iter().map(|release| release.month.clone()).collect();
    let values = shown.iter().map(|release| Value::published(release.total.counts.entered)).collect();
    let now = Series { name: words.entered.into(), values };
    let chart = Chart {
        id: "months",
        title: words.entered,
        finding: None,
        over: Over::Days,
        labels: &labels,
        now: &now,
        before: None,
        unit: Unit::Count,
        language,
    };
    let headings = [
        words.month,
        words.entered,
        words.answered,
        words.abandoned,
        words.online,
        words.forwarded,
        words.wait_median,
        words.wait_ninth,
    ];
    html! {
        section {
            "\n"
            h2 { (words.by_month) } "\n"
            @if shown.len() > 1 { (chart.render()) }
            div class="chart chart-table" role="group" tabindex="0" aria-label=(words.by_month) {
                table {
                    "\n"
                    caption { (words.by_month) } "\n"
                    thead { tr { @for heading in headings { th scope="col" { (heading) } } } } "\n"
                    tbody {
                        "\n"
                        @for release in shown.iter().rev() {
                            tr {
                                th scope="row" { (format::date(&release.month, language)) }
                                @for cell in cells(&release.total, language, words) { td { (cell) } }
                            } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
        } "\n"
    }
}

fn cells(row: &Row, language: Language, words: &Words) -> [String; 7] {
    let Published { entered, answered, online, forwarded, abandoned } = row.counts;
    let cell = |value: Option<u64>, text: fn(u64, Language) -> String| {
        value.map_or_else(|| words.withheld.to_owned(), |value| text(value, language))
    };
    let [entered, answered, abandoned, online, forwarded] =
        [entered, answered, abandoned, online, forwarded].map(|count| cell(count, format::number));
    let [median, ninth] = [row.wait_p50_s, row.wait_p90_s].map(|wait| cell(wait, format::duration));
    [entered, answered, abandoned, online, forwarded, median, ninth]
}

/// A table of the last month, and how its values are called.
struct Breakdown<'b> {
    id: &'static str,
    title: &'static str,
    rows: fn(&MonthlyRelease) -> Option<&Vec<Row>>,
    name: &'b dyn Fn(&str) -> Option<String>,
}

fn last_month(
    releases: &[MonthlyRelease],
    last: &MonthlyRelease,
    language: Language,
    words: &Words,
    site: Site<'_>,
) -> Markup {
    let before = releases.len().checked_sub(2).and_then(|place| releases.get(place));
    let category = |value: &str| {
        Category::ALL
            .into_iter()
            .find(|category| category.as_str() == value)
            .map(|known| words.category(known).to_owned())
    };
    let entry_point = |value: &str| {
        let known = EntryPoint::ALL.into_iter().find(|entry| entry.as_str() == value);
        known.map(|entry| words::entry_point(entry).to_owned())
    };
    let topic = |value: &str| site.topics.iter().find(|(id, _)| id == value).map(|(_, name)| name.clone());
    let province = |value: &str| Province::by_code(value).map(|province| province.name.to_owned());
    let breakdowns = [
        Breakdown {
            id: "categories",
            title: words.by_category,
            rows: |release| release.categories.as_ref(),
            name: &category,
        },
        Breakdown {
            id: "entry-points",
            title: words.by_entry_point,
            rows: |release| release.entry_points.as_ref(),
            name: &entry_point,
        },
        Breakdown {
            id: "topics",
            title: words.by_topic,
            rows: |release| release.topics.as_ref(),
            name: &topic,
        },
        Breakdown {
            id: "provinces",
            title: words.by_province,
            rows: |release| release.provinces.as_ref(),
            name: &province,
        },
    ];
    html! {
        section {
            "\n"
            h2 { (fill(words.last_month, &[&format::date(&last.month, language)])) } "\n"
            h3 { (words.by_day) } "\n"
            @match &last.days {
                Some(days) => (by_day(days, last, language, words)),
                None => { p { (words.not_broken_down) } "\n" }
            }
            h3 { (words.by_outcome) } "\n"
            (by_outcome(last, before, language, words))
            @for breakdown in breakdowns {
                h3 { (breakdown.title) } "\n"
                @match (breakdown.rows)(last) {
                    Some(rows) => (by_value(&breakdown, rows, last, before, language, words)),
                    None => { p { (words.not_broken_down) } "\n" }
                }
            }
        } "\n"
    }
}

fn by_day(days: &[Row], release: &MonthlyRelease, language: Language, words: &Words) -> Markup {
    let labels: Vec<String> = days.iter().map(|row| row.value.clone()).collect();
    let values = days.iter().map(|row| Value::published(row.counts.entered)).collect();
    let now = Series { name: format::date(&release.month, language), values };
    let chart = Chart {
        id: "days",
        title: words.by_day,
        finding: None,
        over: Over::Days,
        labels: &labels,
        now: &now,
        before: None,
        unit: Unit::Count,
        language,
    };
    chart.render()
}

fn by_outcome(
    release: &MonthlyRelease,
    before: Option<&MonthlyRelease>,
    language: Language,
    words: &Words,
) -> Markup {
    let labels = [words.online, words.forwarded, words.abandoned].map(str::to_owned);
    let series = |release: &MonthlyRelease| {
        let Published { online, forwarded, abandoned, .. } = release.total.counts;
        let values = [online, forwarded, abandoned].map(Value::published).to_vec();
        Series { name: format::date(&release.month, language), values }
    };
    let (now, before) = (series(release), before.map(series));
    let finding = settled_online(release, language, words);
    bars("outcomes", words.by_outcome, finding.as_deref(), &labels, &now, before.as_ref(), language)
}

/// The share settled online of those with an outcome, as INPS publishes it.
fn settled_online(release: &MonthlyRelease, language: Language, words: &Words) -> Option<String> {
    let Published { online, forwarded, .. } = release.total.counts;
    let (online, all) = (online?, online? + forwarded?);
    let share = (online * 1_000 + all / 2).checked_div(all)?;
    let number = |n| format::number(n, language);
    Some(fill(words.settled, &[&number(online), &number(all), &format::percent(share, language)]))
}

fn by_value(
    breakdown: &Breakdown<'_>,
    rows: &[Row],
    release: &MonthlyRelease,
    before: Option<&MonthlyRelease>,
    language: Language,
    words: &Words,
) -> Markup {
    let before = before.and_then(|before| Some((before, (breakdown.rows)(before)?)));
    let of = |rows: &[Row], value: &str| {
        let row = rows.iter().find(|row| row.value == value);
        row.map_or(Value::Known(0), |row| Value::published(row.counts.entered))
    };
    // A row for each value of either month, since both add up to their total. Zeros of many provinces would hide what there is:
    // they are in the data.
    let gone = before
        .into_iter()
        .flat_map(|(_, known)| known)
        .filter(|row| rows.iter().all(|now| now.value != row.value));
    let all: Vec<(&str, Value, Option<Value>)> = rows
        .iter()
        .chain(gone)
        .map(|row| (row.value.as_str(), of(rows, &row.value), before.map(|(_, known)| of(known, &row.value))))
        .filter(|(_, now, before)| {
            *now != Value::Known(0) || before.is_some_and(|before| before != Value::Known(0))
        })
        .collect();
    let label = |value: &str| match value {
        UNKNOWN => words.unknown.to_owned(),
        value => (breakdown.name)(value).unwrap_or_else(|| value.to_owned()),
    };
    let labels: Vec<String> = all.iter().map(|(value, ..)| label(value)).collect();
    let series =
        |release: &MonthlyRelease, values| Series { name: format::date(&release.month, language), values };
    let now = series(release, all.iter().map(|(_, now, _)| *now).collect());
    let before =
        before.map(|(before, _)| series(before, all.iter().filter_map(|(.., before)| *before).collect()));
    bars(breakdown.id, breakdown.title, None, &labels, &now, before.as_ref(), language)
}

fn bars(
    id: &str,
    title: &str,
    finding: Option<&str>,
    labels: &[String],
    now: &Series,
    before: Option<&Series>,
    language: Language,
) -> Markup {
    let (over, unit) = (Over::Categories, Unit::Count);
    Chart { id, title, finding, over, labels, now, before, unit, language }.render()
}

fn downloads(words: &Words, site: Site<'_>) -> Markup {
    let files = [
        ("/daily.csv", words.daily),
        ("/monthly.csv", words.monthly),
        ("/all.json", words.everything),
        ("/catalogue.jsonld", words.metadata),
    ];
    html! {
        section {
            "\n"
            h2 { (words.downloads) } "\n"
            ul class="channels" {
                "\n"
                @for (path, name) in files { li { a href={ (PATH) (path) } { (name) } } "\n" }
                @if let Some(definitions) = site.definitions {
                    li { a href=(definitions) { (words.definitions) } } "\n"
                }
            } "\n"
            p { (words.licence) " " a rel="license" href=(LICENCE) { "Creative Commons CC BY 4.0" } } "\n"
        } "\n"
    }
}
