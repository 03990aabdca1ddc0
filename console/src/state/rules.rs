// SPDX-License-Identifier: EUPL-1.2
//! The rules, for administrators: what is in force, closing at once, the banner, the draft of the next version, the history.
//!
//! - The service decides who may do what, and whether a draft is a policy.
//! - A draft is published only as it was last checked: whoever changes it after that checks it again.
//! - What was typed stays: after a failed request, and after a reload of the page ([`RulesState::draft`]).
//! - A draft that nobody has changed follows the newest version by itself; a changed one says what it was made from.

mod banner;
mod closing;
mod data_notice;
mod document;
mod lists;
mod numbers;
mod overview;
mod retention;
mod strike;
#[cfg(test)]
mod tests;
mod topics;

use std::collections::BTreeMap;

use infocig_protocol::{
    language::Language,
    policy::{PolicyDocument, PolicyPreview},
    problem::Code,
};
use leptos::prelude::*;
use serde_json::{Map, Value};

pub use self::{
    banner::BannerForm,
    closing::ClosingForm,
    data_notice::{data_notice, put_data_notice},
    document::{caret, is_json},
    lists::{ANSWERS_LIST, Field as RowField, Kind, LISTS, List, RowDraft, RowError, Words, queues},
    numbers::{NUMBERS, Number},
    overview::{Overview, Standing, Waiting},
    retention::{PERIODS, PeriodError, PeriodForm, PeriodOf, decided_by, put_decided_by},
    strike::{ClosureError, ClosureForm, WrittenClosure, closures, is_closed_at_once, without_closure},
    topics::{TopicForm, TopicTarget, WrittenTopic, topic_at, topics, without_topic},
};
use super::reports::Loading;

/// An act of an administrator. One is under way at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesAct {
    Close,
    Reopen,
    Announce,
    TakeDown,
    Publish,
    Approve(u32),
    Withdraw(u32),
    /// Brings a version's document into the draft.
    Resume(u32),
}

/// The state of the newest act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActState {
    Sending,
    /// It was done; of a draft: whether it waits for the approval of somebody else.
    Done {
        waits: bool,
    },
    Failed(RulesError),
}

/// Why an act, or a request about the rules, failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulesError {
    Unanswered,
    /// Somebody must sign in again.
    SignedOut,
    Refused(Code),
}

/// The signals of the rules.
#[derive(Clone, Copy, Debug)]
pub struct RulesState {
    pub overview: RwSignal<Overview>,
    pub closing: RwSignal<ClosingForm>,
    pub banner: RwSignal<BannerForm>,
    pub closure: RwSignal<ClosureForm>,
    /// The forms of [`LISTS`], in their order.
    pub rows: [RwSignal<RowDraft>; LISTS.len()],
    pub topic: RwSignal<TopicForm>,
    /// The draft.
    pub document: RwSignal<String>,
    /// The document of the version that the draft was made from.
    pub original: RwSignal<String>,
    /// That version.
    pub base: RwSignal<Option<u32>>,
    /// Why, in the author's words.
    pub reason: RwSignal<String>,
    /// From when, as `2026-12-04T00:00` in Italy; empty for at once.
    pub from: RwSignal<String>,
    pub preview: RwSignal<Loading<PolicyPreview>>,
    /// The text that the preview is of.
    pub checked: RwSignal<Option<String>>,
    pub act: RwSignal<Option<(RulesAct, ActState)>>,
    /// The version whose differences are shown.
    pub shown: RwSignal<Option<u32>>,
    pub differences: RwSignal<Loading<PolicyDocument>>,
    /// Whether the stored draft has been read: nothing is stored before.
    pub restored: RwSignal<bool>,
    /// When the hours of today end, as `18:00`.
    pub day_ends: RwSignal<Option<String>>,
}

impl RulesState {
    pub(super) fn new() -> Self {
        Self {
            overview: RwSignal::new(Overview::default()),
            closing: RwSignal::new(ClosingForm::default()),
            banner: RwSignal::new(BannerForm::default()),
            closure: RwSignal::new(ClosureForm::default()),
            rows: LISTS.map(|_| RwSignal::new(RowDraft::default())),
            topic: RwSignal::new(TopicForm::default()),
            document: RwSignal::new(String::new()),
            original: RwSignal::new(String::new()),
            base: RwSignal::new(None),
            reason: RwSignal::new(String::new()),
            from: RwSignal::new(String::new()),
            preview: RwSignal::new(Loading::default()),
            checked: RwSignal::new(None),
            act: RwSignal::new(None),
            shown: RwSignal::new(None),
            differences: RwSignal::new(Loading::default()),
            restored: RwSignal::new(false),
            day_ends: RwSignal::new(None),
        }
    }

    pub(super) fn clear(self) {
        self.restored.set(false);
        self.overview.set(Overview::default());
        self.closing.set(ClosingForm::default());
        self.banner.set(BannerForm::default());
        self.closure.set(ClosureForm::default());
        self.rows.into_iter().for_each(|row| row.set(RowDraft::default()));
        self.topic.set(TopicForm::default());
        self.document.set(String::new());
        self.original.set(String::new());
        self.base.set(None);
        self.published();
        self.act.set(None);
        self.shown.set(None);
        self.differences.set(Loading::default());
    }

    /// The draft was published: reason and instant were those of that version.
    pub fn published(self) {
        self.reason.set(String::new());
        self.from.set(String::new());
        self.preview.set(Loading::default());
        self.checked.set(None);
    }

    /// Whether the draft differs from the version it was made from.
    pub fn is_changed(self) -> bool {
        self.document.with(|document| self.original.with(|original| document != original))
    }

    /// Whether the text of the draft is the one that was last checked, and is a policy.
    pub fn is_checked(self) -> bool {
        let same = self.checked.with(|checked| {
            self.document.with(|document| checked.as_ref().is_some_and(|checked| checked == document))
        });
        same && self.preview.with(|preview| preview.answer.as_ref().is_some_and(|one| one.fault.is_none()))
    }

    /// The newest version that is published, where it is not the one the draft was made from.
    pub fn is_behind(self) -> Option<u32> {
        let newest = self.overview.with(Overview::newest)?;
        self.base.get().filter(|base| *base != newest).map(|_| newest)
    }

    /// Whether an act is under way.
    pub fn is_busy(self) -> bool {
        self.act.with(|act| matches!(act, Some((_, ActState::Sending))))
    }

    /// Begins an act. `false` while another is under way.
    pub fn begin(self, act: RulesAct) -> bool {
        let free = !untrack(|| self.is_busy());
        if free {
            self.act.set(Some((act, ActState::Sending)));
        }
        free
    }

    /// A version's document is the draft from now on, made from `base`.
    pub fn open(self, document: String, original: String, base: u32) {
        self.document.set(document);
        self.original.set(original);
        self.base.set(Some(base));
        self.preview.set(Loading::default());
        self.checked.set(None);
    }

    /// What was typed, by the name of its field; nothing of empty fields, and no draft that nobody has changed.
    pub fn draft(self) -> BTreeMap<String, String> {
        let mut fields = Vec::new();
        if self.is_changed() {
            fields.push(("document".to_string(), self.document.get()));
            fields.push(("base".into(), self.base.get().map_or_else(String::new, |base| base.to_string())));
        }
        fields.push(("reason".into(), self.reason.get()));
        fields.push(("from".into(), self.from.get()));
        self.banner.with(|banner| fields.extend(banner.written()));
        self.closure.with(|closure| fields.extend(closure.written()));
        let rows = LISTS.into_iter().zip(self.rows);
        fields.extend(rows.filter_map(|(list, row)| row.with(|row| row.written(list))));
        fields.extend(self.topic.with(TopicForm::written));
        fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Fills the fields with what was typed before a reload. A stored draft has no original until its version is read.
    pub fn restore(self, draft: &BTreeMap<String, String>) {
        let field = |name: &str| draft.get(name).cloned().unwrap_or_default();
        self.document.set(field("document"));
        self.base.set(field("base").parse().ok());
        self.reason.set(field("reason"));
        self.from.set(field("from"));
        self.banner.set(BannerForm::restored(draft));
        self.closure.set(ClosureForm::restored(draft));
        LISTS.into_iter().zip(self.rows).for_each(|(list, row)| row.set(RowDraft::restored(list, draft)));
        self.topic.set(TopicForm::restored(draft));
        self.restored.set(true);
    }
}

/// The fields of a form with their names behind a prefix.
fn prefixed(prefix: &str, fields: &[(&str, &String)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| (format!("{prefix}.{name}"), (*value).clone())).collect()
}

/// A text in the five languages. Where one is missing people read Italian.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FiveTexts {
    pub it: String,
    pub de: String,
    pub fr: String,
    pub sl: String,
    pub en: String,
}

impl FiveTexts {
    /// Whether there is a text in another language than Italian.
    pub fn has_other_languages(&self) -> bool {
        Language::ALL.into_iter().any(|language| language != Language::It && !self.of(language).is_empty())
    }

    /// The text of a language by its code.
    pub const fn of_mut(&mut self, language: Language) -> &mut String {
        match language {
            Language::It => &mut self.it,
            Language::De => &mut self.de,
            Language::Fr => &mut self.fr,
            Language::Sl => &mut self.sl,
            Language::En => &mut self.en,
        }
    }

    /// The same, to read.
    pub const fn of(&self, language: Language) -> &String {
        match language {
            Language::It => &self.it,
            Language::De => &self.de,
            Language::Fr => &self.fr,
            Language::Sl => &self.sl,
            Language::En => &self.en,
        }
    }

    /// The texts of a document: a text alone is Italian.
    fn of_value(value: &Value) -> Self {
        if let Some(it) = value.as_str() {
            return Self { it: it.into(), ..Self::default() };
        }
        let mut texts = Self::default();
        for language in Language::ALL {
            let said = value.get(language.as_str()).and_then(Value::as_str);
            *texts.of_mut(language) = said.unwrap_or_default().into();
        }
        texts
    }

    /// The same, to be written into a document. Empty ones are no members.
    fn to_members(&self) -> Map<String, Value> {
        let said = Language::ALL.into_iter().filter(|language| !self.of(*language).is_empty());
        said.map(|language| (language.as_str().into(), Value::from(self.of(language).as_str()))).collect()
    }

    fn written(&self, prefix: &str) -> Vec<(String, String)> {
        let field =
            |language: Language| (format!("{prefix}.{}", language.as_str()), self.of(language).clone());
        Language::ALL.into_iter().map(field).collect()
    }

    fn restored(draft: &BTreeMap<String, String>, prefix: &str) -> Self {
        let mut texts = Self::default();
        for language in Language::ALL {
            let name = format!("{prefix}.{}", language.as_str());
            *texts.of_mut(language) = draft.get(&name).cloned().unwrap_or_default();
        }
        texts
    }
}
