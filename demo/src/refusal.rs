// SPDX-License-Identifier: EUPL-1.2
//! The reasons for which the portal refuses a request.

use axum::http::StatusCode;

/// A refusal of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    SignInRequired,
    CompanyRequired,
    CrossSite,
    RequestInvalid,
    NotFound,
    MethodNotAllowed,
    Fault,
}

impl Refusal {
    /// Code, status, title and one sentence, as the problem document has them.
    pub(crate) const fn describe(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        match self {
            Self::SignInRequired => (
                "sign-in-required",
                StatusCode::UNAUTHORIZED,
                "Nobody is signed in",
                "Sign in as somebody this token is for.",
            ),
            Self::CompanyRequired => (
                "company-required",
                StatusCode::CONFLICT,
                "No company chosen",
                "Choose for which company you act, then ask again.",
            ),
            Self::CrossSite => (
                "cross-site",
                StatusCode::FORBIDDEN,
                "Request from another site",
                "Only pages of this portal may send this request.",
            ),
            Self::RequestInvalid => (
                "request-invalid",
                StatusCode::BAD_REQUEST,
                "Invalid request",
                "A member of the body is missing or has a value the portal does not know.",
            ),
            Self::NotFound => {
                ("not-found", StatusCode::NOT_FOUND, "Not found", "Nothing is at this address.")
            }
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
                "The address exists, not with this method.",
            ),
            Self::Fault => ("fault", StatusCode::INTERNAL_SERVER_ERROR, "Portal fault", "The portal failed."),
        }
    }
}
