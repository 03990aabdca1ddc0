// SPDX-License-Identifier: EUPL-1.2
//! Charts as accessible SVG, made from plain data: bars for categories, lines for days, with the same range before beside them.
//!
//! A [`Chart`] is a `<figure>`: its caption is the finding as a sentence, the drawing is one image with a title and a
//! description, and a table has the same numbers. The two series differ by pattern or dash as well as by colour. There is no
//! inline style (strict Content-Security-Policy): classes are coloured by `public/edge/chart.css`.
//!
//! A drawing is as wide as the page gives it, and its text keeps its size: positions along the width are percentages, heights
//! are pixels. At 288 px (a page of 320 px) no text touches another; longer labels are cut, with the whole label in the table.

mod draw;
mod finding;
pub mod format;
#[cfg(test)]
mod tests;
mod words;

use infocig_protocol::language::Language;
use maud::{Markup, html};

use self::words::Words;

/// A value of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// A number.
    Known(u64),
    /// There is one, and it is not published.
    Withheld,
    /// There is none.
    Nothing,
}

impl Value {
    /// A count that may be withheld.
    pub fn published(count: Option<u64>) -> Self {
        count.map_or(Self::Withheld, Self::Known)
    }

    const fn known(self) -> Option<u64> {
        match self {
            Self::Known(n) => Some(n),
            Self::Withheld | Self::Nothing => None,
        }
    }
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Counts: they can be added up.
    Count,
    /// Lengths of time in seconds.
    Seconds,
    /// Shares of a whole in thousandths: at most 1,000.
    Thousandths,
}

impl Unit {
    /// A value in at most 13 characters.
    fn text(self, value: u64, language: Language) -> String {
        match self {
            Self::Count => format::short_number(value, language),
            Self::Seconds => format::duration(value, language),
            Self::Thousandths => format::percent(value, language),
        }
    }
}

/// What values are drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Categories, in the order given: horizontal bars.
    Categories,
    /// Days (`2026-11-30`) or months (`2026-11`), in order: lines.
    Days,
}

/// Values with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The name, such as the range of days.
    pub name: String,
    /// A value for each label; [`Value::Nothing`] where it is too short.
    pub values: Vec<Value>,
}

/// A chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart<'c> {
    /// Unique on its page; anything but ASCII letters, digits and `-` is left out.
    pub id: &'c str,
    /// What it shows.
    pub title: &'c str,
    /// The finding; computed where absent: the highest value, and for counts the sum and its change.
    pub finding: Option<&'c str>,
    /// What values are drawn over.
    pub over: Over,
    /// The labels.
    pub labels: &'c [String],
    /// The series it is about.
    pub now: &'c Series,
    /// The range before.
    pub before: Option<&'c Series>,
    /// What values are.
    pub unit: Unit,
    /// The language of words, numbers and dates.
    pub language: Language,
}

/// A table of at most so many rows is open.
const OPEN_ROWS: usize = 6;

impl Chart<'_> {
    /// The chart as HTML.
    pub fn to_html(&self) -> String {
        self.render().into_string()
    }

    /// The chart.
    pub fn render(&self) -> Markup {
        let finding = self.finding();
        html! {
            figure class="chart" {
                "\n"
                figcaption { (finding) } "\n"
                @if let (Some(before), true) = (self.before, self.has_data()) { (self.legend(before)) }
                @if self.has_data() { (draw::svg(self, &finding)) "\n" }
                @if self.labels.is_empty() {
                } @else if self.labels.len() <= OPEN_ROWS {
                    (self.table())
                } @else {
                    details { summary { (self.words().numbers) } "\n" (self.table()) } "\n"
                }
            } "\n"
        }
    }

    /// The finding as a sentence.
    pub fn finding(&self) -> String {
        self.finding.map_or_else(|| finding::of(self), str::to_owned)
    }

    fn has_data(&self) -> bool {
        let series = [Some(self.now), self.before].into_iter().flatten();
        series.flat_map(|series| self.values(series)).any(|value| value.known().is_some())
    }

    /// A value for each label.
    fn values(&self, series: &Series) -> impl Iterator<Item = Value> {
        let filled = series.values.iter().copied().chain(std::iter::repeat(Value::Nothing));
        filled.take(self.labels.len()).collect::<Vec<_>>().into_iter()
    }

    fn legend(&self, before: &Series) -> Markup {
        html! {
            p class="chart-legend" {
                "\n"
                @for (is_before, series) in [(false, self.now), (true, before)] {
                    span { (draw::swatch(self, is_before)) " " (series.name) } "\n"
                }
            } "\n"
        }
    }

    /// A table that is wider than a small screen is moved with the keyboard: it takes the focus.
    fn table(&self) -> Markup {
        let words = self.words();
        let before = self.before.map(|before| (before, self.values(before).collect::<Vec<_>>()));
        html! {
            div class="chart-table" role="group" tabindex="0" aria-label=(self.title) {
                table {
                    "\n"
                    caption { (self.title) } "\n"
                    thead {
                        tr {
                            th scope="col" { @if self.over == Over::Days { (words.day) } @else { (words.category) } }
                            th scope="col" { (self.now.name) }
                            @if let Some((before, _)) = &before { th scope="col" { (before.name) } }
                        }
                    } "\n"
                    tbody {
                        "\n"
                        @for (index, (label, now)) in self.labels.iter().zip(self.values(self.now)).enumerate() {
                            tr {
                                th scope="row" { (self.label(label)) }
                                td { (self.cell(now)) }
                                @if let Some((_, values)) = &before {
                                    td { (self.cell(values.get(index).copied().unwrap_or(Value::Nothing))) }
                                }
                            } "\n"
                        }
                    } "\n"
                } "\n"
            } "\n"
        }
    }

    fn cell(&self, value: Value) -> String {
        match (value, self.unit) {
            (Value::Known(n), Unit::Count) => format::number(n, self.language),
            (Value::Known(n), unit) => unit.text(n, self.language),
            (Value::Withheld, _) => self.words().withheld.into(),
            (Value::Nothing, _) => self.words().nothing.into(),
        }
    }

    /// A label in full.
    fn label(&self, label: &str) -> String {
        if self.over == Over::Days { format::date(label, self.language) } else { label.into() }
    }

    fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    fn part(&self, part: &str) -> String {
        let id: String = self.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        format!("{id}-{part}")
    }
}
