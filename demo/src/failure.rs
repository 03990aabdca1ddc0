// SPDX-License-Identifier: EUPL-1.2
//! Fault injection for Linea INPS and the registry: each mode is one way in which another system can fail, and answers the
//! same sequence of requests the same way every time.
//!
//! A connection is cut by a body whose stream ends with an error: the server then drops the connection, and the client has
//! a network error instead of an answer.

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

/// A failure mode.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    /// No failure.
    #[default]
    Up,
    /// Carries the request out at once and answers late.
    Slow,
    /// Cuts the connection before it carries anything out.
    Down,
    /// 400.
    Refusing,
    /// 503 with `Retry-After`.
    Unavailable,
    /// 429 with `Retry-After`.
    Throttling,
    /// Of five requests, two are cut before they are carried out, one after, one is answered 503, one is answered normally.
    Flapping,
    /// Carries the request out and cuts the connection in the middle of the answer.
    Truncated,
    /// Carries the request out and answers with 8 MiB.
    Huge,
    /// Carries the request out and answers with a page.
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
    /// Carries the request out and cuts the connection.
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

    /// The name in JSON and in forms.
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

    /// The text on the page.
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

    /// The mode with that name, if there is one.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == name)
    }
}

/// A mode, and for some modes a number of seconds: of delay, or in `Retry-After`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Setting {
    pub(crate) mode: Mode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) seconds: Option<u16>,
}

impl Setting {
    /// Largest value of `seconds`.
    pub(crate) const MAX_SECONDS: u16 = 600;

    /// Whether `seconds` is within its limit.
    pub(crate) fn is_possible(self) -> bool {
        self.seconds.is_none_or(|seconds| seconds <= Self::MAX_SECONDS)
    }

    fn seconds_or(self, otherwise: u16) -> u16 {
        self.seconds.unwrap_or(otherwise)
    }
}

/// The failure mode of one system, and how many requests it has answered in it.
#[derive(Default)]
pub(crate) struct FailureSwitch {
    state: Mutex<(Setting, u64)>,
}

/// The way one request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlannedAnswer {
    /// The request is carried out, and answered after so many seconds.
    Normal(u16),
    /// The connection is cut, and nothing is carried out.
    Disconnect,
    /// Nothing is carried out, and the answer has this status and `Retry-After`.
    Refuse(StatusCode, Option<u16>),
    /// The request is carried out, and the answer is corrupted.
    Corrupt(Corruption),
}

/// The way an answer is corrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Corruption {
    Lost,
    Half,
    Huge,
    Page,
}

impl FailureSwitch {
    /// The mode.
    pub(crate) fn setting(&self) -> Setting {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Sets the mode, and starts its sequence from the beginning.
    pub(crate) fn set(&self, setting: Setting) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = (setting, 0);
    }

    /// The way the next request is answered.
    pub(crate) fn next(&self) -> PlannedAnswer {
        let (setting, position) = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            let position = state.1;
            state.1 = position.wrapping_add(1);
            (state.0, position)
        };
        let later = Some(setting.seconds_or(2));
        match setting.mode {
            Mode::Up => PlannedAnswer::Normal(0),
            Mode::Slow => PlannedAnswer::Normal(setting.seconds_or(15)),
            Mode::Down => PlannedAnswer::Disconnect,
            Mode::Refusing => PlannedAnswer::Refuse(StatusCode::BAD_REQUEST, None),
            Mode::Unavailable => PlannedAnswer::Refuse(StatusCode::SERVICE_UNAVAILABLE, later),
            Mode::Throttling => PlannedAnswer::Refuse(StatusCode::TOO_MANY_REQUESTS, later),
            Mode::Flapping => match position % 5 {
                0 | 1 => PlannedAnswer::Disconnect,
                2 => PlannedAnswer::Corrupt(Corruption::Lost),
                3 => PlannedAnswer::Refuse(StatusCode::SERVICE_UNAVAILABLE, later),
                _ => PlannedAnswer::Normal(0),
            },
            Mode::Truncated => PlannedAnswer::Corrupt(Corruption::Half),
            Mode::Huge => PlannedAnswer::Corrupt(Corruption::Huge),
            Mode::NotJson => PlannedAnswer::Corrupt(Corruption::Page),
            Mode::Conflict => PlannedAnswer::Refuse(StatusCode::CONFLICT, None),
            Mode::Forbidden => PlannedAnswer::Refuse(StatusCode::FORBIDDEN, None),
            Mode::NotFound => PlannedAnswer::Refuse(StatusCode::NOT_FOUND, None),
            Mode::Unauthorised => PlannedAnswer::Refuse(StatusCode::UNAUTHORIZED, None),
            Mode::Invalid => PlannedAnswer::Refuse(StatusCode::UNPROCESSABLE_ENTITY, None),
            Mode::LostAnswer => PlannedAnswer::Corrupt(Corruption::Lost),
        }
    }
}

impl PlannedAnswer {
    /// The answer to a request that `handle` carries out. A refusal by `handle` is never corrupted, so that a failing test
    /// shows its reason.
    pub(crate) async fn answer(self, origin: &str, handle: impl FnOnce() -> Response) -> Response {
        match self {
            Self::Normal(seconds) => {
                let response = handle();
                tokio::time::sleep(Duration::from_secs(seconds.into())).await;
                response
            }
            Self::Disconnect => cut(),
            Self::Refuse(status, retry_after) => refused(origin, status, retry_after),
            Self::Corrupt(how) => {
                let response = handle();
                if response.status().is_success() { how.apply(response.status()) } else { response }
            }
        }
    }
}

impl Corruption {
    fn apply(self, status: StatusCode) -> Response {
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

/// No answer: the connection is cut before the first byte.
fn cut() -> Response {
    Body::from_stream(stream::once(async { Err::<Bytes, _>(broken()) })).into_response()
}

/// Half an answer: `Content-Length` is twice the number of sent bytes.
fn half(status: StatusCode) -> Response {
    let body = stream::unfold(0, |piece: u8| async move {
        if piece == 0 {
            return Some((Ok(Bytes::from_static(HALF.as_bytes())), 1));
        }
        // The pause gives the server time to send the first half.
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
    fn every_mode_has_the_name_that_json_knows() {
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
        let switch = FailureSwitch::default();
        let five = || {
            switch.set(Setting { mode: Mode::Flapping, seconds: None });
            [(); 5].map(|()| switch.next())
        };

        let first = five();

        assert_eq!(first.iter().filter(|planned| **planned == PlannedAnswer::Disconnect).count(), 2);
        assert_eq!(
            first[2..],
            [
                PlannedAnswer::Corrupt(Corruption::Lost),
                PlannedAnswer::Refuse(StatusCode::SERVICE_UNAVAILABLE, Some(2)),
                PlannedAnswer::Normal(0)
            ]
        );
        assert_eq!(five(), first);
    }

    #[test]
    fn seconds_are_the_ones_asked_for_or_the_usual_ones() {
        let fate = |mode, seconds| {
            let switch = FailureSwitch::default();
            switch.set(Setting { mode, seconds });
            switch.next()
        };

        assert_eq!(fate(Mode::Slow, None), PlannedAnswer::Normal(15));
        assert_eq!(fate(Mode::Slow, Some(1)), PlannedAnswer::Normal(1));
        assert_eq!(
            fate(Mode::Throttling, Some(7)),
            PlannedAnswer::Refuse(StatusCode::TOO_MANY_REQUESTS, Some(7))
        );
        assert!(!Setting { mode: Mode::Slow, seconds: Some(601) }.is_possible());
    }
}
