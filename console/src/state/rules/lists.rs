// SPDX-License-Identifier: EUPL-1.2
//! Lists of the draft by form: opening hours, holidays, the roll-out and others. A list is the table of its fields; its form, its errors and
//! the element it writes follow from the table, so that another list is one more table.
//!
//! Members that a table does not name stay as they are. Whether an element makes sense as a rule is said by the check.

use std::collections::BTreeMap;

use infocig_client::dates::Day;
use infocig_protocol::policy::ProposedAnswer;
use serde_json::{Map, Value};

use super::{
    FiveTexts,
    document::{added, removed, replaced, rows},
};

/// A list of the document, and the fields of its elements in the order of the form.
#[derive(Debug, PartialEq, Eq)]
pub struct List {
    /// Its name, in parts of the layout and in stored drafts.
    pub name: &'static str,
    /// The members that lead to it.
    pub path: &'static [&'static str],
    /// The key of its heading.
    pub heading: &'static str,
    /// The key of the sentence that says what it is for.
    pub means: &'static str,
    /// The field of whose text a new element's `id` is made, and the word it begins with; absent for elements that have none.
    pub id_from: Option<(&'static str, &'static str)>,
    /// So many of the first fields name an element.
    pub named_by: usize,
    pub fields: &'static [Field],
}

/// A member of an element.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the document.
    pub name: &'static str,
    /// The key of its label.
    pub label: &'static str,
    pub kind: Kind,
    pub is_required: bool,
    /// The key of the sentence under it.
    pub hint: Option<&'static str>,
}

/// The form of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// As `2026-12-04`.
    Day,
    /// As `15:00`; `24:00` is the end of the day.
    Clock,
    Number,
    /// Some words of a fixed list.
    Some(Words),
    /// ISTAT codes; none for all of Italy.
    Provinces,
    /// A text in the five languages.
    Wording,
}

/// A fixed list of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    Weekdays,
    Categories,
    EntryPoints,
    /// The queues of the draft.
    Queues,
}

/// Why a field is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    Missing,
    Wrong,
}

/// An element of a list, being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowDraft {
    members: Map<String, Value>,
    /// The place of the element that is being changed; none for a new one.
    pub index: Option<usize>,
    /// Whether somebody has tried to add it: errors show from then on.
    pub tried: bool,
}

impl RowDraft {
    /// A new answer of the assistant, made of a proposed one.
    pub fn of_answer(proposed: &ProposedAnswer) -> Self {
        let mut row = Self::default();
        for (name, text) in [("questions", &proposed.question), ("answer", &proposed.answer)] {
            let mut texts = FiveTexts::default();
            texts.of_mut(proposed.language).clone_from(text);
            row.put(name, texts.to_members().into(), true);
        }
        row
    }
}

impl List {
    /// The elements of a draft, in its order; `None` for a draft that is no JSON.
    pub fn rows(&self, document: &str) -> Option<Vec<RowDraft>> {
        let row = |(index, row): (usize, super::document::Row)| {
            let Value::Object(members) = row.value else { return RowDraft::default() };
            RowDraft { members, index: Some(index), tried: false }
        };
        Some(rows(document, self.path)?.into_iter().enumerate().map(row).collect())
    }

    /// The draft without one of its elements.
    pub fn without(&self, document: &str, index: usize) -> Option<String> {
        removed(document, self.path, index)
    }

    /// The draft with an element; `None` for one with an error, or a draft that is no JSON.
    pub fn put(&self, row: &RowDraft, document: &str) -> Option<String> {
        if self.errors(row).next().is_some() {
            return None;
        }
        let id = self.new_id(row, document);
        let id = id.iter().map(|id| ("id", id));
        let named = self.fields.iter().filter_map(|field| Some((field.name, row.members.get(field.name)?)));
        let is_other = |name: &str| self.fields.iter().all(|field| field.name != name);
        let others = row.members.iter().map(|(name, value)| (name.as_str(), value));
        let members = id.chain(named).chain(others.filter(|(name, _)| is_other(name)));
        let lines: Vec<String> =
            members.map(|(name, value)| format!("  {}: {value}", Value::from(name))).collect();
        let element = format!("{{\n{}\n}}", lines.join(",\n"));
        match row.index {
            Some(index) => replaced(document, self.path, index, &element),
            None => added(document, self.path, &element),
        }
    }

    /// The id of a new element, made of its name, that no other one has; none for an element that has one or needs none.
    fn new_id(&self, row: &RowDraft, document: &str) -> Option<Value> {
        let (first, name) = self.id_from.filter(|_| !row.members.contains_key("id"))?;
        let others = self.rows(document).unwrap_or_default();
        let taken: Vec<String> = others.iter().map(|row| row.text("id")).collect();
        Some(Value::from(free_id(&format!("{first} {}", row.text(name)), self.name, &taken)))
    }

    /// What is missing or wrong, in the order of the fields.
    pub fn errors(&self, row: &RowDraft) -> impl Iterator<Item = (&'static Field, RowError)> {
        self.fields.iter().filter_map(|field| Some((field, row.error(field)?)))
    }
}

impl RowDraft {
    /// The text of a member.
    pub fn text(&self, name: &str) -> String {
        match self.members.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// Writes a text, or a number where the field is one and the text says one. An empty one is no member.
    pub fn write(&mut self, field: &Field, text: &str) {
        let text = text.trim();
        let number = text.parse::<i64>().ok().filter(|_| field.kind == Kind::Number);
        self.put(field.name, number.map_or_else(|| Value::from(text), Value::from), !text.is_empty());
    }

    /// The words of a member.
    pub fn words(&self, name: &str) -> Vec<String> {
        let list = self.members.get(name).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).map(str::to_string).collect()
    }

    /// Writes words. None is no member.
    pub fn write_words(&mut self, field: &Field, words: &[String]) {
        self.put(field.name, Value::from(words), !words.is_empty());
    }

    /// The texts of a member: a text alone is Italian.
    pub fn texts(&self, name: &str) -> FiveTexts {
        self.members.get(name).map(FiveTexts::of_value).unwrap_or_default()
    }

    /// Writes texts. Empty ones are no members.
    pub fn write_texts(&mut self, field: &Field, texts: &FiveTexts) {
        let said = texts.to_members();
        let is_some = !said.is_empty();
        self.put(field.name, Value::Object(said), is_some);
    }

    fn put(&mut self, name: &str, value: Value, is_some: bool) {
        if is_some {
            self.members.insert(name.into(), value);
        } else {
            self.members.remove(name);
        }
    }

    fn error(&self, field: &Field) -> Option<RowError> {
        let Some(value) = self.members.get(field.name) else {
            return field.is_required.then_some(RowError::Missing);
        };
        let is_right = match field.kind {
            Kind::Text => true,
            Kind::Day => value.as_str().is_some_and(|text| Day::parse(text).is_some()),
            Kind::Clock => value.as_str().is_some_and(is_clock),
            Kind::Number => value.is_i64(),
            Kind::Some(_) | Kind::Provinces => value.is_array(),
            Kind::Wording => !self.texts(field.name).it.trim().is_empty(),
        };
        (!is_right).then_some(RowError::Wrong)
    }

    pub(super) fn written(&self, list: &List) -> Option<(String, String)> {
        if self.members.is_empty() {
            return None;
        }
        let index = self.index.map_or_else(String::new, |index| index.to_string());
        let members = Value::Object(self.members.clone());
        Some((format!("list.{}", list.name), format!("{index};{members}")))
    }

    pub(super) fn restored(list: &List, draft: &BTreeMap<String, String>) -> Self {
        let written = draft.get(&format!("list.{}", list.name));
        let read = |text: &String| {
            let (index, members) = text.split_once(';')?;
            let members = serde_json::from_str(members).ok()?;
            Some(Self { members, index: index.parse().ok(), tried: false })
        };
        written.and_then(read).unwrap_or_default()
    }
}

/// An id that is not taken, made of a name; of one without letters, of another word.
pub(super) fn free_id(name: &str, or: &str, taken: &[String]) -> String {
    let small = name.to_lowercase();
    let words: Vec<&str> =
        small.split(|one: char| !one.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let id = if words.is_empty() { or.to_string() } else { words.join("-") };
    let numbered = (2..).map(|number: u32| format!("{id}-{number}"));
    std::iter::once(id.clone()).chain(numbered).find(|id| !taken.contains(id)).unwrap_or(id)
}

fn is_clock(text: &str) -> bool {
    let parts = text.split_once(':').map(|(hours, minutes)| (hours.as_bytes(), minutes.as_bytes()));
    let two = |digits: &[u8]| digits.len() == 2 && digits.iter().all(u8::is_ascii_digit);
    parts.is_some_and(|(hours, minutes)| two(hours) && two(minutes))
        && (text <= "24:00" && &text[3..] <= "59")
}

const fn field(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { name, label, kind, is_required: true, hint: None }
}

const fn optional(name: &'static str, label: &'static str, kind: Kind) -> Field {
    Field { name, label, kind, is_required: false, hint: None }
}

const PROVINCES: Field = optional("provinces", "rules.closure_provinces", Kind::Provinces);
const CATEGORIES: Field = field("categories", "rules.whom", Kind::Some(Words::Categories));
const SOURCE: Field =
    Field { hint: Some("rules.closure_source_hint"), ..field("source", "rules.closure_source", Kind::Text) };

/// The opening hours.
pub(super) static HOURS: List = List {
    name: "hours",
    path: &["hours"],
    heading: "rules.hours_list",
    means: "rules.hours_mean",
    id_from: None,
    named_by: 2,
    fields: &[
        field("from", "rules.clock_from", Kind::Clock),
        Field { hint: Some("rules.clock_hint"), ..field("to", "rules.clock_to", Kind::Clock) },
        field("weekdays", "rules.weekdays", Kind::Some(Words::Weekdays)),
        CATEGORIES,
        SOURCE,
    ],
};

/// The holidays, with the feasts of patron saints.
pub(super) static HOLIDAYS: List = List {
    name: "holidays",
    path: &["holidays"],
    heading: "rules.holidays",
    means: "rules.holidays_mean",
    id_from: None,
    named_by: 1,
    fields: &[
        field("name", "rules.holiday_name", Kind::Wording),
        optional("day", "rules.holiday_day", Kind::Number),
        Field {
            hint: Some("rules.holiday_month_hint"),
            ..optional("month", "rules.holiday_month", Kind::Number)
        },
        Field {
            hint: Some("rules.holiday_after_easter_hint"),
            ..optional("days_after_easter", "rules.holiday_after_easter", Kind::Number)
        },
        PROVINCES,
        SOURCE,
    ],
};

/// Who may enter, from when, from where and through which portal.
pub(super) static ROLLOUT: List = List {
    name: "rollout",
    path: &["rollout"],
    heading: "rules.rollout",
    means: "rules.rollout_means",
    id_from: None,
    named_by: 2,
    fields: &[
        field("since", "rules.since", Kind::Day),
        Field { hint: Some("rules.until_day_hint"), ..optional("until", "rules.until_day", Kind::Day) },
        CATEGORIES,
        field("entries", "rules.portal", Kind::Some(Words::EntryPoints)),
        PROVINCES,
        SOURCE,
    ],
};

/// The quick replies of advisors.
pub(super) static REPLIES: List = List {
    name: "quick-replies",
    path: &["desk", "replies"],
    heading: "rules.replies",
    means: "rules.replies_mean",
    id_from: Some(("", "name")),
    named_by: 1,
    fields: &[
        field("name", "rules.reply_name", Kind::Text),
        Field { hint: Some("rules.reply_hint"), ..field("text", "rules.reply_text", Kind::Wording) },
        optional("queues", "rules.reply_queues", Kind::Some(Words::Queues)),
    ],
};

/// The name of the list of answers.
pub const ANSWERS_LIST: &str = "answers";

/// The administration's own answers of the assistant.
pub(super) static ANSWERS: List = List {
    name: ANSWERS_LIST,
    path: &["assistant", "entries"],
    heading: "rules.answers",
    means: "rules.answers_mean",
    id_from: Some(("own", "topic")),
    named_by: 1,
    fields: &[
        Field {
            hint: Some("rules.answer_questions_hint"),
            ..field("questions", "rules.answer_questions", Kind::Wording)
        },
        Field { hint: Some("rules.answer_text_hint"), ..field("answer", "rules.answer_text", Kind::Wording) },
        Field { hint: Some("rules.answer_topic_hint"), ..field("topic", "rules.answer_topic", Kind::Text) },
        Field {
            hint: Some("rules.answer_replaces_hint"),
            ..optional("replaces", "rules.answer_replaces", Kind::Text)
        },
        field("source", "rules.answer_source", Kind::Text),
        field("source_date", "rules.answer_source_date", Kind::Day),
        optional("source_url", "rules.answer_source_url", Kind::Text),
        field("valid_from", "rules.since", Kind::Day),
        Field {
            hint: Some("rules.until_day_hint"),
            ..optional("valid_until", "rules.answer_until", Kind::Day)
        },
    ],
};

/// The other ways to reach INPS, which a refusal names.
pub(super) static CHANNELS: List = List {
    name: "channels",
    path: &["channels"],
    heading: "rules.channels",
    means: "rules.channels_mean",
    id_from: None,
    named_by: 1,
    fields: &[
        field("name", "rules.channel_name", Kind::Wording),
        field("how", "rules.channel_how", Kind::Wording),
        Field { hint: Some("rules.channel_href_hint"), ..optional("href", "rules.channel_href", Kind::Text) },
    ],
};

/// The lists that have a form, in the order of the page.
pub static LISTS: [&List; 6] = [&HOURS, &HOLIDAYS, &ROLLOUT, &CHANNELS, &REPLIES, &ANSWERS];

/// The ids of the queues of a draft.
pub fn queues(document: &str) -> Vec<String> {
    let queues = rows(document, &["queues"]).unwrap_or_default();
    queues.iter().filter_map(|row| row.value.get("id")?.as_str()).map(str::to_string).collect()
}
