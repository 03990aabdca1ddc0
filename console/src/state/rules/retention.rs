// SPDX-License-Identifier: EUPL-1.2
//! How long what is kept, by form: for each class of data the days and the sentence they rest on, and who decided. A class without
//! days is kept as before; one has both or neither.

use serde_json::Value;

use super::document::{is_json, put_at, value_at, without};

/// A class of data of the policy's section `retention`.
#[derive(Debug, PartialEq, Eq)]
pub struct PeriodOf {
    /// Its member in the section.
    pub name: &'static str,
    /// The key of its label.
    pub label: &'static str,
    /// The key of the sentence that says since when the days count, and for how long it is kept where nobody decided.
    pub hint: &'static str,
}

/// A period as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeriodForm {
    pub days: String,
    pub basis: String,
}

/// What a period lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodError {
    Days,
    Basis,
}

impl PeriodOf {
    /// What a draft says; empty where it says nothing.
    pub fn read(&self, document: &str) -> PeriodForm {
        let member = |name| value_at(document, &[SECTION, self.name, name]);
        PeriodForm {
            days: member("days").filter(Value::is_u64).map_or_else(String::new, |days| days.to_string()),
            basis: member("basis").and_then(|basis| Some(basis.as_str()?.into())).unwrap_or_default(),
        }
    }

    /// The draft with a period, or without one that is empty; `None` for one with an error, or a draft that is no JSON.
    pub fn put(&self, document: &str, form: &PeriodForm) -> Option<String> {
        if form.error().is_some() || !is_json(document) {
            return None;
        }
        if form.is_empty() {
            let is_there = value_at(document, &[SECTION, self.name]).is_some();
            return if is_there { without(document, &[SECTION, self.name]) } else { Some(document.into()) };
        }
        let basis = Value::from(form.basis.trim());
        let period = format!("{{ \"days\": {}, \"basis\": {basis} }}", form.days.trim());
        put_at(&with_section(document)?, &[SECTION, self.name], &period)
    }
}

impl PeriodForm {
    fn is_empty(&self) -> bool {
        self.days.trim().is_empty() && self.basis.trim().is_empty()
    }

    /// The first field that is wrong; none of an empty period.
    pub fn error(&self) -> Option<PeriodError> {
        if self.is_empty() {
            return None;
        }
        let days = self.days.trim().parse::<u16>().ok().filter(|days| *days > 0);
        let basis = (!self.basis.trim().is_empty()).then_some(());
        days.map_or(Some(PeriodError::Days), |_| basis.map_or(Some(PeriodError::Basis), |()| None))
    }
}

/// Who decided, as a draft says it.
pub fn decided_by(document: &str) -> String {
    let said = value_at(document, &[SECTION, DECIDED_BY]);
    said.and_then(|said| Some(said.as_str()?.into())).unwrap_or_default()
}

/// The draft with another sentence of who decided; `None` for an empty one, or a draft that is no JSON.
pub fn put_decided_by(document: &str, said: &str) -> Option<String> {
    let said = said.trim();
    (!said.is_empty())
        .then(|| put_at(&with_section(document)?, &[SECTION, DECIDED_BY], &Value::from(said).to_string()))?
}

/// The draft with a section that nobody has decided yet, where it has none.
fn with_section(document: &str) -> Option<String> {
    let is_there = value_at(document, &[SECTION]).is_some();
    if is_there {
        return Some(document.into());
    }
    put_at(document, &[SECTION], &format!("{{ \"{DECIDED_BY}\": \"\" }}"))
}

/// The classes of data, in the order of the page.
pub static PERIODS: [PeriodOf; 5] = [
    PeriodOf {
        name: "conversations",
        label: "rules.kept_conversations",
        hint: "rules.kept_conversations_hint",
    },
    PeriodOf { name: "comments", label: "rules.kept_comments", hint: "rules.kept_comments_hint" },
    PeriodOf { name: "segnalazioni", label: "rules.kept_segnalazioni", hint: "rules.kept_segnalazioni_hint" },
    PeriodOf {
        name: "register_links",
        label: "rules.kept_register_links",
        hint: "rules.kept_register_links_hint",
    },
    PeriodOf { name: "audit", label: "rules.kept_audit", hint: "rules.kept_audit_hint" },
];

const SECTION: &str = "retention";
const DECIDED_BY: &str = "decided_by";
