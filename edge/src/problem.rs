// SPDX-License-Identifier: EUPL-1.2
//! Two kinds of failure, two types: a [`Refusal`] is the caller's and is said back to them; a [`Fault`] is ours.

use infocig_protocol::{http::Admission, http::Problem, language::Language, problem::Code};

/// Something the caller asked that is not done, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable name of the reason.
    pub code: Code,
    /// What was wrong this time, in one English sentence without a full stop.
    pub detail: String,
    /// For a refused entry: why, when next, and where else to go.
    pub admission: Option<Box<Admission>>,
    /// The language of what is said to people, where anything is.
    pub language: Option<Language>,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), admission: None, language: None }
    }

    /// The refusal of somebody the rules do not admit, told in a language.
    pub fn of_admission(admission: Admission, language: Language) -> Self {
        let detail = format!("admission refused: {}", admission.code.as_str());
        Self { code: admission.code, detail, admission: Some(Box::new(admission)), language: Some(language) }
    }

    /// The problem document, with `type` under the service's own origin.
    pub fn to_problem(&self, origin: &str) -> Problem {
        Problem {
            kind: format!("{origin}/problems/{}", self.code.as_str()),
            title: self.code.title().into(),
            status: self.code.status(),
            detail: self.detail.clone(),
            code: self.code,
            admission: self.admission.as_deref().cloned(),
        }
    }
}

/// Something the service could not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store refused a statement.
    #[error("store: {0}")]
    Store(String),
    /// A stored row does not say what its schema promises.
    #[error("stored row is corrupt: {0}")]
    Corrupt(String),
    /// The service's settings cannot be used.
    #[error("settings: {0}")]
    Settings(String),
    /// The platform did not do what was asked.
    #[error("platform: {0}")]
    Platform(String),
}
