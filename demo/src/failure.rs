// SPDX-License-Identifier: EUPL-1.2
//! Systems that fail on demand: in each way another system has ever failed, and the same way every time.
//!
//! A connection is cut by a body that breaks off: the server then drops the connection, and the client has a network error
//! instead of an answer.

use std::{
    io,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde::{Deserialize, Serialize};

use crate::problem::problem;

/// How a system behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// As it should.
    #[default]
    Up,
    /// Does what it is asked at once and answers late.
    Slow,
    /// Cuts the connection before it does anything.
    Down,
    /// 400.
    Refusing,
    /// 503 with `Retry-After`.
    Unavailable,
    /// 429 with `Retry-After`.
    Throttling,
    /// Of five requests two are cut before anything is done, one after, one is answered 503, one is answered.
    Flapping,
    /// Does what it is asked and breaks off in the middle of the answer.
    Truncated,
    /// Does what it is asked and answers with 8 MiB.
    Huge,
    /// Does what it is asked and answers with a page.
    NotJson,
    /// 409.
    Conflict,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 401.
    Unauthorised,
    /// 422.
    Invalid,
    /// Does what it is asked and cuts the connection.
    LostAnswer,
}

impl Mode {
    /// Every mode.
    pub(crate) const ALL: [Self; 16] = [
        Self::Up,
        Self::Slow,
        Self::Down,
        Self::Refusing,
        Self::Unavailable,
        Self::Throttling,
        Self::Flapping,
        Self::Truncated,
        Self::Huge,
        Self::NotJson,
        Self::Conflict,
        Self::Forbidden,
        Self::NotFound,
        Self::Unauthorised,
        Self::Invalid,
        Self::LostAnswer,
    ];

    /// The word that travels.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Slow => "slow",
            Self::Down => "down",
            Self::Refusing => "refusing",
            Self::Unavailable => "unavailable",
            Self::Throttling => "throttling",
            Self::Flapping => "flapping",
            Self::Truncated => "truncated",
            Self::Huge => "huge",
            Self::NotJson => "not-json",
            Self::Conflict => "conflict",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::Unauthorised => "unauthorised",
            Self::Invalid => "invalid",
            Self::LostAnswer => "lost-answer",
        }
    }

    /// What the page calls it.
    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Up => "Funziona",
            Self::Slow => "Risponde in ritardo",
            Self::Down => "Non risponde: interrompe la connessione",
            Self::Refusing => "Rifiuta la richiesta (400)",
            Self::Unavailable => "Non è disponibile (503)",
            Self::Throttling => "Riceve troppe richieste (429)",
            Self::Flapping => "Va e viene",
            Self::Truncated => "Elabora la richiesta, ma tronca la risposta",
            Self::Huge => "Elabora la richiesta, ma risponde con 8 MiB",
            Self::NotJson => "Elabora la richiesta, ma risponde con una pagina",
            Self::Conflict => "Segnala un conflitto (409)",
            Self::Forbidden => "Nega l'accesso (403)",
            Self::NotFound => "Dice che il servizio non c'è (404)",
            Self::Unauthorised => "Non riconosce chi chiama (401)",
            Self::Invalid => "Giudica il contenuto non valido (422)",
            Self::LostAnswer => "Elabora la richiesta, ma la risposta si perde",
        }
    }

    /// The mode with that word, if there is one.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

/// A mode and, for some, how many seconds: of waiting, or in `Retry-After`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Setting {
    pub(crate) mode: Mode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u16>,
}

impl Setting {
    /// Longest wait anybody may ask for, in seconds.
    pub(crate) const MAX_SECONDS: u16 = 600;

    /// Whether it can be set.
    pub(crate) fn is_possible(self) -> bool {
        self.seconds.is_none_or(|seconds| seconds <= Self::MAX_SECONDS)
    }

    fn seconds_or(self, otherwise: u16) -> u16 {
        self.seconds.unwrap_or(otherwise)
    }
}

/// How one system behaves at the moment.
#[derive(Default)]
pub(crate) struct Switch {
    state: Mutex<(Setting, u64)>,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is done, and answered after so many seconds.
    Done(u16),
    /// Nothing is done and nobody is told.
    Cut,
    /// Nothing is done and this is said.
    Refused(StatusCode, Option<u16>),
    /// It is done, and the answer is spoilt.
    Spoilt(Spoilt),
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoilt {
    Lost,
    Half,
    Huge,
    Page,
}

impl Switch {
    /// How it is set.
    pub(crate) fn setting(&self) -> Setting {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Sets it. Flapping begins anew.
    pub(crate) fn set(&self, setting: Setting) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = (setting, 0);
    }

    /// What becomes of the next request.
    pub(crate) fn next(&self) -> Fate {
        let (setting, turn) = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = state.1;
            state.1 = turn.wrapping_add(1);
            (state.0, turn)
        };
        let later = Some(setting.seconds_or(2));
        match setting.mode {
            Mode::Up => Fate::Done(0),
            Mode::Slow => Fate::Done(setting.seconds_or(15)),
            Mode::Down => Fate::Cut,
            Mode::Refusing => Fate::Refused(StatusCode::BAD_REQUEST, None),
            Mode::Unavailable => Fate::Refused(StatusCode::SERVICE_UNAVAILABLE, later),
            Mode::Throttling => Fate::Refused(StatusCode::TOO_MANY_REQUESTS, later),
            Mode::Flapping => match turn % 5 {
                0 | 1 => Fate::Cut,
                2 => Fate::Spoilt(Spoilt::Lost),
                3 => Fate::Refused(StatusCode::SERVICE_UNAVAILABLE, later),
                _ => Fate::Done(0),
            },
            Mode::Truncated => Fate::Spoilt(Spoilt::Half),
            Mode::Huge => Fate::Spoilt(Spoilt::Huge),
            Mode::NotJson => Fate::Spoilt(Spoilt::Page),
            Mode::Conflict => Fate::Refused(StatusCode::CONFLICT, None),
            Mode::Forbidden => Fate::Refused(StatusCode::FORBIDDEN, None),
            Mode::NotFound => Fate::Refused(StatusCode::NOT_FOUND, None),
            Mode::Unauthorised => Fate::Refused(StatusCode::UNAUTHORIZED, None),
            Mode::Invalid => Fate::Refused(StatusCode::UNPROCESSABLE_ENTITY, None),
            Mode::LostAnswer => Fate::Spoilt(Spoilt::Lost),
        }
    }
}

impl Fate {
    /// The answer to a request that `done` does. A refusal of its own is never spoilt, so that who tests reads why.
    pub(crate) async fn answer(self, origin: &str, done: impl FnOnce() -> Response) -> Response {
        match self {
            Self::Done(seconds) => {
                let response = done();
                tokio::time::sleep(Duration::from_secs(seconds.into())).await;
                response
            }
            Self::Cut => cut(),
            Self::Refused(status, retry_after) => refused(origin, status, retry_after),
            Self::Spoilt(how) => {
                let response = done();
                if response.status().is_success() { how.of(response.status()) } else { response }
            }
        }
    }
}

impl Spoilt {
    fn of(self, status: StatusCode) -> Response {
        match self {
            Self::Lost => cut(),
            Self::Half => half(status),
            Self::Huge => {
                let text = format!(r#"{{"padding":"{}"}}"#, "0".repeat(HUGE_BYTES));
                (status, JSON, text).into_response()
            }
            Self::Page => {
                let page = "<!doctype html><title>Sessione scaduta</title>";
                (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
            }
        }
    }
}

fn refused(origin: &str, status: StatusCode, retry_after: Option<u16>) -> Response {
    let (code, title) = match status {
        StatusCode::BAD_REQUEST => ("refusing", "Refused"),
        StatusCode::SERVICE_UNAVAILABLE => ("unavailable", "Not available"),
        StatusCode::TOO_MANY_REQUESTS => ("throttling", "Too many requests"),
        StatusCode::CONFLICT => ("conflict", "Conflict"),
        StatusCode::FORBIDDEN => ("forbidden", "Forbidden"),
        StatusCode::NOT_FOUND => ("not-found", "Not found"),
        StatusCode::UNAUTHORIZED => ("unauthorised", "Not authorised"),
        _ => ("invalid", "Not valid"),
    };
    let mut response = problem(origin, status, code, title, "It is set to answer every request like this.");
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// No answer: the connection breaks before its first byte.
fn cut() -> Response {
    Body::from_stream(stream::once(async { Err::<Bytes, _>(broken()) })).into_response()
}

/// Half an answer: it promises more than it sends.
fn half(status: StatusCode) -> Response {
    let body = stream::unfold(0, |piece: u8| async move {
        if piece == 0 {
            return Some((Ok(Bytes::from_static(HALF.as_bytes())), 1));
        }
        // By then the first half has left.
        tokio::time::sleep(Duration::from_millis(50)).await;
        (piece == 1).then(|| (Err(broken()), 2))
    });
    let mut response = (status, JSON, Body::from_stream(body)).into_response();
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(2 * HALF.len()));
    response
}

fn broken() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionAborted)
}

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];
const HALF: &str = r#"{"number":"LI-20"#;
const HUGE_BYTES: usize = 8 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_has_the_word_that_json_knows() {
        for mode in Mode::ALL {
            assert_eq!(serde_json::to_value(mode).unwrap(), mode.as_str());
            assert_eq!(Mode::parse(mode.as_str()), Some(mode));
        }
        assert_eq!(Mode::parse("sideways"), None);
    }

    #[test]
    fn the_contracts_name_every_mode() {
        for contract in [
            include_str!("../../docs/linea-inps.openapi.yaml"),
            include_str!("../../docs/cases.openapi.yaml"),
        ] {
            for mode in Mode::ALL {
                assert!(contract.contains(&format!("                - {}\n", mode.as_str())), "{mode:?}");
            }
        }
    }

    #[test]
    fn flapping_is_the_same_every_time_it_is_set() {
        let switch = Switch::default();
        let five = || {
            switch.set(Setting { mode: Mode::Flapping, seconds: None });
            [(); 5].map(|()| switch.next())
        };

        let first = five();

        assert_eq!(first.iter().filter(|fate| **fate == Fate::Cut).count(), 2);
        assert_eq!(
            first[2..],
            [
                Fate::Spoilt(Spoilt::Lost),
                Fate::Refused(StatusCode::SERVICE_UNAVAILABLE, Some(2)),
                Fate::Done(0)
            ]
        );
        assert_eq!(five(), first);
    }

    #[test]
    fn seconds_are_the_ones_asked_for_or_the_usual_ones() {
        let fate = |mode, seconds| {
            let switch = Switch::default();
            switch.set(Setting { mode, seconds });
            switch.next()
        };

        assert_eq!(fate(Mode::Slow, None), Fate::Done(15));
        assert_eq!(fate(Mode::Slow, Some(1)), Fate::Done(1));
        assert_eq!(fate(Mode::Throttling, Some(7)), Fate::Refused(StatusCode::TOO_MANY_REQUESTS, Some(7)));
        assert!(!Setting { mode: Mode::Slow, seconds: Some(601) }.is_possible());
    }
}
