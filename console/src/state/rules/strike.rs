// SPDX-License-Identifier: EUPL-1.2
//! A closure of whole days by form: it becomes an element of the draft's `closures`.

use std::collections::BTreeMap;

use infocig_client::dates::{Day, Moment};
use infocig_protocol::{language::Language, person::Category, time::Timestamp};
use serde_json::Value;

use super::{
    FiveTexts,
    document::{Row, added, removed, rows},
    prefixed,
};

/// The form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClosureForm {
    /// As `2026-12-04`.
    pub from: String,
    /// The last day; empty for one day.
    pub to: String,
    /// Those it concerns; none for everybody.
    pub categories: Vec<Category>,
    /// ISTAT codes; none for all of Italy.
    pub provinces: Vec<String>,
    pub texts: FiveTexts,
    /// What it rests on.
    pub source: String,
    /// Whether somebody has tried to add it: errors show from then on.
    pub tried: bool,
}

/// A field of the form that is missing or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClosureError {
    Day,
    Backwards,
    Reason,
    Source,
}

/// A closure of the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenClosure {
    pub from: String,
    pub to: String,
    /// The text in Italian.
    pub reason: String,
    pub categories: Vec<Category>,
    pub provinces: Vec<String>,
    /// What it rests on.
    pub source: String,
}

impl ClosureForm {
    /// What is missing or wrong, in the order of the fields.
    pub fn errors(&self) -> Vec<ClosureError> {
        let (from, to) = (Day::parse(&self.from), Day::parse(&self.to));
        let is_backwards = from.zip(to).is_some_and(|(from, to)| to < from);
        [
            (from.is_none(), ClosureError::Day),
            (is_backwards, ClosureError::Backwards),
            (self.texts.it.trim().is_empty(), ClosureError::Reason),
            (self.source.trim().is_empty(), ClosureError::Source),
        ]
        .into_iter()
        .filter_map(|(wrong, error)| wrong.then_some(error))
        .collect()
    }

    /// The draft with this closure; `None` for a form with an error, or a draft that is no JSON.
    pub fn added_to(&self, document: &str) -> Option<String> {
        if !self.errors().is_empty() {
            return None;
        }
        let from = Day::parse(&self.from)?;
        let last = Day::parse(&self.to).unwrap_or(from);
        // A closure of the policy ends before its `to`.
        let mut members = vec![("from", quoted(&from.iso())), ("to", quoted(&last.plus_days(1).iso()))];
        if !self.categories.is_empty() {
            let categories = self.categories.iter().map(|one| quoted(one.as_str()));
            members.push(("categories", list(categories)));
        }
        if !self.provinces.is_empty() {
            members.push(("provinces", list(self.provinces.iter().map(|code| quoted(code)))));
        }
        let texts = Language::ALL.into_iter().filter_map(|language| {
            let text = self.texts.of(language).trim();
            (!text.is_empty()).then(|| format!("{}: {}", quoted(language.as_str()), quoted(text)))
        });
        members.push(("reason", format!("{{ {} }}", texts.collect::<Vec<_>>().join(", "))));
        members.push(("source", quoted(self.source.trim())));
        let lines: Vec<_> = members.iter().map(|(name, value)| format!("  \"{name}\": {value}")).collect();
        added(document, &["closures"], &format!("{{\n{}\n}}", lines.join(",\n")))
    }

    pub(super) fn written(&self) -> Vec<(String, String)> {
        let provinces = self.provinces.join(" ");
        let categories: Vec<&str> = self.categories.iter().map(|one| one.as_str()).collect();
        let categories = categories.join(" ");
        let mut fields = self.texts.written("closure");
        fields.extend(prefixed(
            "closure",
            &[
                ("from", &self.from),
                ("to", &self.to),
                ("source", &self.source),
                ("provinces", &provinces),
                ("categories", &categories),
            ],
        ));
        fields
    }

    pub(super) fn restored(draft: &BTreeMap<String, String>) -> Self {
        let field = |name: &str| draft.get(&format!("closure.{name}")).cloned().unwrap_or_default();
        Self {
            from: field("from"),
            to: field("to"),
            categories: field("categories").split_whitespace().filter_map(Category::parse).collect(),
            provinces: field("provinces").split_whitespace().map(str::to_string).collect(),
            texts: FiveTexts::restored(draft, "closure"),
            source: field("source"),
            tried: false,
        }
    }
}

/// The closures of a draft, in its order; `None` for a draft that is no JSON.
pub fn closures(document: &str) -> Option<Vec<WrittenClosure>> {
    let closure = |Row { value, .. }: Row| WrittenClosure {
        from: text(&value, "from"),
        to: text(&value, "to"),
        reason: italian(&value, "reason"),
        categories: texts(&value, "categories").iter().filter_map(|one| Category::parse(one)).collect(),
        provinces: texts(&value, "provinces"),
        source: text(&value, "source"),
    };
    Some(rows(document, &["closures"])?.into_iter().map(closure).collect())
}

/// Whether a document has a closure that was made at once and has not ended, which opening again would end.
pub fn is_closed_at_once(document: &str, now: Timestamp) -> bool {
    let Moment { day, clock } = Moment::in_italy(now);
    let now = format!("{}T{clock}", day.iso());
    // The second of the minute is not known.
    let begun = |one: &WrittenClosure| one.from <= format!("{now}:59");
    let holds = |one: &WrittenClosure| one.source.starts_with(AT_ONCE) && begun(one) && one.to > now;
    closures(document).is_some_and(|all| all.iter().any(holds))
}

/// The draft without one of its closures.
pub fn without_closure(document: &str, index: usize) -> Option<String> {
    removed(document, &["closures"], index)
}

fn text(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().into()
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    let list = value.get(name).and_then(Value::as_array);
    let list = list.into_iter().flatten().filter_map(Value::as_str);
    list.map(str::to_string).collect()
}

/// A wording of the policy: a text, or an object of texts.
fn italian(value: &Value, name: &str) -> String {
    let wording = value.get(name);
    let said = wording.and_then(Value::as_str).or_else(|| wording?.get("it")?.as_str());
    said.unwrap_or_default().into()
}

pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// The beginning of the source that the service gives to a closure made at once.
const AT_ONCE: &str = "Chiusura immediata";

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
