// SPDX-License-Identifier: EUPL-1.2
//! The drawing of a chart. Every element of it has an end tag: in SVG inside HTML one without holds all that follows.

use maud::{Markup, html};

use crate::{Chart, Over, Series, Unit, Value, format};

/// Longest label in a drawing, in characters; at 14 px they fill 288 px.
const LABEL_CHARS: usize = 34;
/// The longest bar, in tenths of hundredths of the width; the rest is the value's.
const BAR: u64 = 640;
/// Heights in pixels.
const LABEL: usize = 20;
const BAR_NOW: usize = 18;
const BAR_BEFORE: usize = 16;
const GAP: usize = 10;
/// The plot of days: its left edge and its width, in hundredths of the drawing's.
const LEFT: usize = 22;
const WIDTH: usize = 76;
/// Its top and height in pixels, and the row of dates below.
const TOP: usize = 16;
const HEIGHT: usize = 180;
const DATES: usize = 24;
/// The inside of the plot has coordinates of its own: it is stretched.
const INSIDE: u64 = 1_000;

pub(crate) fn svg(chart: &Chart<'_>, finding: &str) -> Markup {
    let (title, description) = (chart.part("title"), chart.part("desc"));
    let (height, drawing) = match chart.over {
        Over::Categories => bars(chart),
        Over::Days => days(chart),
    };
    html! {
        svg role="img" class="chart-drawing" width="100%" height=(height) aria-labelledby=(format!("{title} {description}")) {
            title id=(title) { (chart.title) }
            desc id=(description) { (finding) }
            @if chart.before.is_some() && chart.over == Over::Categories { (hatching(&chart.part("hatching"))) }
            "\n"
            (drawing)
        }
    }
}

/// What a series looks like, for the legend.
pub(crate) fn swatch(chart: &Chart<'_>, is_before: bool) -> Markup {
    let class = if is_before { "chart-before" } else { "chart-now" };
    let pattern = chart.part("legend");
    html! {
        svg class="chart-swatch" width="28" height="12" aria-hidden="true" {
            @if chart.over == Over::Days {
                line class=(class) x1="0" y1="6" x2="28" y2="6" stroke-dasharray=[is_before.then_some("6 4")] {}
            } @else if is_before {
                (hatching(&pattern))
                rect class=(class) x="1" y="1" width="26" height="10" fill=(format!("url(#{pattern})")) {}
            } @else {
                rect class=(class) width="28" height="12" {}
            }
        }
    }
}

fn hatching(id: &str) -> Markup {
    html! {
        defs {
            pattern id=(id) width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect class="chart-hatch" width="2" height="6" {}
            }
        }
    }
}

/// A label, and a bar of each series below it with its value at the right.
fn bars(chart: &Chart<'_>) -> (usize, Markup) {
    let now: Vec<Value> = chart.values(chart.now).collect();
    let before: Option<Vec<Value>> = chart.before.map(|before| chart.values(before).collect());
    let all = now.iter().chain(before.iter().flatten());
    let most = all.filter_map(|value| value.known()).max().unwrap_or_default().max(1);
    let row = LABEL + BAR_NOW + before.as_ref().map_or(0, |_| BAR_BEFORE) + GAP;
    let hatching = chart.part("hatching");

    let drawing = html! {
        @for (index, (label, now)) in chart.labels.iter().zip(&now).enumerate() {
            @let top = index * row;
            text class="chart-label" x="0" y=(top + LABEL - 6) { (cut(label)) }
            @if let Some(width) = width(*now, most) {
                rect class="chart-now" x="0" y=(top + LABEL) width=(width) height=(BAR_NOW - 2) {}
            }
            text class="chart-value" x="100%" y=(top + LABEL + BAR_NOW - 5) text-anchor="end" { (value_text(chart, *now)) }
            @if let Some(before) = before.as_ref().map(|before| before.get(index).copied().unwrap_or(Value::Nothing)) {
                @let top = top + LABEL + BAR_NOW;
                @if let Some(width) = width(before, most) {
                    rect class="chart-before" x="0" y=(top) width=(width) height=(BAR_BEFORE - 4) fill=(format!("url(#{hatching})")) {}
                }
                text class="chart-value chart-value-before" x="100%" y=(top + BAR_BEFORE - 5) text-anchor="end" {
                    (value_text(chart, before))
                }
            }
            "\n"
        }
    };
    (row * chart.labels.len(), drawing)
}

/// A value beside a bar: words that are too long for it are in the table.
fn value_text(chart: &Chart<'_>, value: Value) -> String {
    match value {
        Value::Known(n) => chart.unit.text(n, chart.language),
        Value::Withheld => "…".into(),
        Value::Nothing => "–".into(),
    }
}

/// The width of a bar; a value that is not zero can be seen.
fn width(value: Value, most: u64) -> Option<String> {
    let value = value.known().filter(|value| *value > 0)?;
    Some(tenths(scaled(value, most, BAR).max(5)) + "%")
}

fn cut(label: &str) -> String {
    if label.chars().count() <= LABEL_CHARS {
        return label.into();
    }
    let kept: String = label.chars().take(LABEL_CHARS - 1).collect();
    format!("{}…", kept.trim_end())
}

/// Lines over days with three values at the left and at most three dates below.
fn days(chart: &Chart<'_>) -> (usize, Markup) {
    let series = [Some(chart.now), chart.before].into_iter().flatten();
    let most =
        series.flat_map(|series| chart.values(series)).filter_map(Value::known).max().unwrap_or_default();
    let top = round_up(most, chart.unit);
    let marks = if top.is_multiple_of(2) { vec![0, top / 2, top] } else { vec![0, top] };

    let drawing = html! {
        @for mark in marks {
            @let y = TOP + HEIGHT - to_usize(scaled(mark, top, to_u64(HEIGHT)));
            line class="chart-grid" x1=(format!("{LEFT}%")) y1=(y) x2=(format!("{}%", LEFT + WIDTH)) y2=(y) {}
            text class="chart-value" x=(format!("{}%", LEFT - 2)) y=(y + 4) text-anchor="end" { (mark_text(chart, mark)) }
        }
        "\n"
        svg x=(format!("{LEFT}%")) y=(TOP) width=(format!("{WIDTH}%")) height=(HEIGHT)
            viewBox=(format!("0 0 {INSIDE} {INSIDE}")) preserveAspectRatio="none" overflow="visible" {
            "\n"
            @if let Some(before) = chart.before { (line(chart, before, top, true)) }
            (line(chart, chart.now, top, false))
        }
        "\n"
        @for (index, anchor) in dates(chart.labels.len()) {
            @if let Some(label) = chart.labels.get(index) {
                text class="chart-value" x=(tenths(x(index, chart.labels.len(), LEFT, WIDTH)) + "%") y=(TOP + HEIGHT + DATES - 6)
                    text-anchor=(anchor) { (format::short_date(label, chart.language)) }
            }
        }
        "\n"
    };
    (TOP + HEIGHT + DATES, drawing)
}

/// A series as lines between neighbours that are known, with a dot at each of them.
fn line(chart: &Chart<'_>, series: &Series, top: u64, is_before: bool) -> Markup {
    let days = chart.labels.len();
    let mut runs: Vec<Vec<(u64, u64)>> = vec![Vec::new()];
    for (index, value) in chart.values(series).enumerate() {
        match (value.known(), runs.last_mut()) {
            (Some(value), Some(run)) => {
                let x = scaled(to_u64(index), to_u64(days.saturating_sub(1)), INSIDE);
                let x = if days == 1 { INSIDE / 2 } else { x };
                run.push((x, INSIDE - scaled(value, top, INSIDE)));
            }
            _ => runs.push(Vec::new()),
        }
    }
    let class = if is_before { "chart-before" } else { "chart-now" };
    let points =
        |run: &[(u64, u64)]| run.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    // A line without length and with round ends is a dot, and stays round where the plot is stretched.
    let dots =
        |run: &[(u64, u64)]| run.iter().map(|(x, y)| format!("M{x} {y}h.01")).collect::<Vec<_>>().concat();
    let has_dots = |run: &[(u64, u64)]| run.len() == 1 || (days <= 31 && !is_before);
    html! {
        @for run in runs.iter().filter(|run| !run.is_empty()) {
            polyline class=(class) points=(points(run)) fill="none" vector-effect="non-scaling-stroke"
                stroke-dasharray=[is_before.then_some("6 4")] {}
            @if has_dots(run) {
                path class={ (class) " chart-dot" } d=(dots(run)) vector-effect="non-scaling-stroke" stroke-linecap="round" {}
            }
            "\n"
        }
    }
}

/// The days whose dates are written, and where their text lies: the first, the last, and one between them if there are many.
fn dates(days: usize) -> Vec<(usize, &'static str)> {
    match days {
        0 => vec![],
        1 => vec![(0, "middle")],
        2..=4 => vec![(0, "start"), (days - 1, "end")],
        _ => vec![(0, "start"), ((days - 1) / 2, "middle"), (days - 1, "end")],
    }
}

/// Where a day lies, in thousandths of the drawing's width.
fn x(index: usize, days: usize, left: usize, width: usize) -> u64 {
    if days <= 1 {
        return to_u64(left * 10 + width * 5);
    }
    to_u64(left * 10 + index * width * 10 / (days - 1))
}

/// The value at the top of a plot: round, and not below the largest.
fn round_up(most: u64, unit: Unit) -> u64 {
    let round = |most: u64| {
        let ten = 10_u64.saturating_pow(most.max(1).ilog10());
        let wanted = |step: &u64| ten.saturating_mul(*step) >= most;
        ten.saturating_mul([1, 2, 4, 6, 8].into_iter().find(wanted).unwrap_or(10))
    };
    match unit {
        Unit::Count => round(most),
        Unit::Thousandths => round(most).max(10),
        Unit::Seconds if most <= 60 => round(most).min(60),
        Unit::Seconds if most <= 3_600 => round(most.div_ceil(60)).min(60) * 60,
        Unit::Seconds => round(most.div_ceil(3_600)).saturating_mul(3_600),
    }
}

/// A value at the left of a plot, in at most 9 characters: it is round ([`round_up`]), or half of a round one.
fn mark_text(chart: &Chart<'_>, mark: u64) -> String {
    let language = chart.language;
    let power_of_ten = |n: u64| format!("{}e{}", n / 10_u64.pow(n.ilog10()), n.ilog10());
    match (chart.unit, mark) {
        (Unit::Count, 1_000_000..1_000_000_000) => {
            format!("{}\u{a0}{}", mark / 1_000_000, chart.words().million)
        }
        (Unit::Count, 1_000_000_000..) => power_of_ten(mark),
        (Unit::Seconds, 60..3_600) => format!("{}\u{a0}min", mark / 60),
        (Unit::Seconds, 3_600..36_000_000) => format!("{}\u{a0}h", format::number(mark / 3_600, language)),
        (Unit::Seconds, 36_000_000..) => format!("{}\u{a0}h", power_of_ten(mark / 3_600)),
        (unit, _) => unit.text(mark, language),
    }
}

/// `value` of `most`, in parts of `parts`.
fn scaled(value: u64, most: u64, parts: u64) -> u64 {
    let scaled = (u128::from(value) * u128::from(parts)).checked_div(u128::from(most)).unwrap_or_default();
    u64::try_from(scaled).unwrap_or(parts).min(parts)
}

/// Tenths as a decimal number.
fn tenths(n: u64) -> String {
    format!("{}.{}", n / 10, n % 10)
}

fn to_u64(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn to_usize(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
