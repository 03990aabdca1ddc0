// SPDX-License-Identifier: EUPL-1.2
//! The forms with which people sign in, sign out and choose a company.

use std::sync::Arc;

use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;

use crate::{
    people::{Advisor, Person},
    portal::{Portal, Shared},
    refusal::Refusal,
    session::{self, Citizen, Session},
};

pub(super) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/company", post(choose_company))
}

#[derive(Deserialize)]
struct SignInForm {
    person: String,
    next: Option<String>,
}

async fn sign_in(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let mut session = portal.session(&headers);
    if let Some(person) = Person::by_id(&form.person) {
        session.citizen = Some(Citizen::new(person));
    } else if let Some(advisor) = Advisor::by_id(&form.person) {
        session.advisor = Some(advisor);
    } else {
        return portal.problem(Refusal::RequestInvalid);
    }
    match portal.sessions.renew(session::id_of(&headers), session) {
        Ok(id) => next.see_other(Some(session::cookie(&id, portal.is_secure()))),
        Err(_) => portal.problem(Refusal::Fault),
    }
}

/// Without `who`, everybody in this browser signs out.
#[derive(Deserialize)]
struct SignOutForm {
    next: Option<String>,
    who: Option<Side>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    Citizen,
    Advisor,
}

async fn sign_out(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let session = portal.session(&headers);
    let remaining = match form.who {
        Some(Side::Citizen) => Session { citizen: None, ..session },
        Some(Side::Advisor) => Session { advisor: None, ..session },
        None => Session::default(),
    };
    let id = session::id_of(&headers);
    if remaining == Session::default() {
        portal.sessions.forget(id);
        return next.see_other(Some(session::expired_cookie(portal.is_secure())));
    }
    if let Some(id) = id {
        portal.sessions.replace(id, remaining);
    }
    next.see_other(None)
}

#[derive(Deserialize)]
struct CompanyForm {
    matricola: String,
    next: Option<String>,
}

async fn choose_company(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<CompanyForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let session = portal.session(&headers);
    let (Some(id), Some(citizen)) = (session::id_of(&headers), session.citizen) else {
        return portal.problem(Refusal::SignInRequired);
    };
    let Some(citizen) = citizen.acting_for(&form.matricola) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    portal.sessions.replace(id, Session { citizen: Some(citizen), ..session });
    next.see_other(None)
}

/// A path on this origin, and only on this origin.
struct LocalPath(HeaderValue);

impl LocalPath {
    /// The start page for `None`; nothing for a path that a browser could read as another origin.
    ///
    /// Browsers read `//host` and `/\host` as another host, and drop tabs and line ends before they look.
    fn parse(path: Option<&str>) -> Option<Self> {
        let path = path.unwrap_or("/");
        let is_local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let is_printable = path.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_local || !is_printable {
            return None;
        }
        HeaderValue::from_str(path).ok().map(Self)
    }

    fn see_other(self, cookie: Option<String>) -> Response {
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, self.0)]).into_response();
        if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_on_this_origin() {
        for path in ["/", "/myinps", "/standalone?entry=omnia-is", "/cassetto#info-cig"] {
            assert!(LocalPath::parse(Some(path)).is_some(), "{path}");
        }
        assert!(LocalPath::parse(None).is_some());
    }

    #[test]
    fn a_next_page_cannot_leave_this_origin() {
        for path in [
            "",
            "myinps",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/x\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "/è",
        ] {
            assert!(LocalPath::parse(Some(path)).is_none(), "{path}");
        }
    }
}
