// SPDX-License-Identifier: EUPL-1.2
//! Refusals and faults, and the problem documents (RFC 9457) for them.
//!
//! A [`Refusal`] is the caller's mistake and is sent back to them; a [`Fault`] is ours and is logged. Verbs of actors and
//! endpoints return [`Error`], so that `?` passes either on; the adapter of each transport (HTTP, a link, a plain page) writes
//! the refusal in its own form.

use infocig_domain::refusal::{self, About, Reason};
use infocig_protocol::{
    http::{Admission, Problem},
    language::Language,
    problem::Code,
};

/// Something the caller asked that is not done, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The stable name of the reason.
    pub code: Code,
    /// The error of this occurrence, in one English sentence without a full stop.
    pub detail: String,
    /// For a refused entry: why, when next, and where else to go.
    pub admission: Option<Box<Admission>>,
    /// The language of the text for people, if there is one.
    pub language: Option<Language>,
    /// On a link: the request it answers, where its sender names those.
    pub about: Option<About>,
    /// On a link: the same request will be accepted after so many milliseconds; absent when it never will.
    pub retry_after_ms: Option<i64>,
    /// On a link: the code it is closed with, once the refusal is sent. Without one it stays open.
    pub closes_with: Option<u16>,
}

impl Refusal {
    /// A refusal with its reason.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            admission: None,
            language: None,
            about: None,
            retry_after_ms: None,
            closes_with: None,
        }
    }

    /// The same refusal, after which the link it is sent on is closed with `code`.
    #[must_use]
    pub fn closing(self, code: u16) -> Self {
        Self { closes_with: Some(code), ..self }
    }

    /// The refusal of a person whom the rules do not admit, in a language.
    pub fn of_admission(admission: Admission, language: Language) -> Self {
        let detail = format!("admission refused: {}", admission.code.as_str());
        let code = admission.code;
        Self { admission: Some(Box::new(admission)), language: Some(language), ..Self::new(code, detail) }
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

impl From<Reason> for Refusal {
    fn from((code, detail): Reason) -> Self {
        Self::new(code, detail)
    }
}

impl From<refusal::Refusal> for Refusal {
    fn from(refused: refusal::Refusal) -> Self {
        let refusal::Refusal { code, detail, about, retry_after_ms } = refused;
        Self { about, retry_after_ms, ..Self::new(code, detail) }
    }
}

/// The reason why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The caller asked for something that is not done.
    Refused(Refusal),
    /// The service could not do it.
    Fault(Fault),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<refusal::Refusal> for Error {
    fn from(refusal: refusal::Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason.into())
    }
}

impl<E: Into<Fault>> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

/// Something the service could not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store refused a statement.
    #[error("store: {0}")]
    Store(String),
    /// A stored row does not have the form of its schema.
    #[error("stored row is corrupt: {0}")]
    Corrupt(String),
    /// The service's settings cannot be used.
    #[error("settings: {0}")]
    Settings(String),
    /// A newer version of the service has written what is stored.
    #[error("{0}")]
    Newer(String),
    /// The platform did not do what was asked.
    #[error("platform: {0}")]
    Platform(String),
}
