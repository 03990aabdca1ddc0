// SPDX-License-Identifier: EUPL-1.2
//! The reasons for which a signed request is refused, with the codes and statuses of the published contracts.

use axum::http::StatusCode;

/// The reason for which a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModiError {
    TokenMissing,
    TokenInvalid,
    DigestMissing,
    DigestMismatch,
    SignatureMissing,
    SignatureInvalid,
    SignatureAudience,
    SignatureExpired,
    SignatureReplayed,
    HeaderNotSigned,
    SignedHeaderMismatch,
    EvidenceMissing,
    EvidenceInvalid,
    EvidenceExpired,
    EvidenceUnbound,
}

impl ModiError {
    /// Every error, for the tests that compare them with the published contracts.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 15] = [
        Self::TokenMissing,
        Self::TokenInvalid,
        Self::DigestMissing,
        Self::DigestMismatch,
        Self::SignatureMissing,
        Self::SignatureInvalid,
        Self::SignatureAudience,
        Self::SignatureExpired,
        Self::SignatureReplayed,
        Self::HeaderNotSigned,
        Self::SignedHeaderMismatch,
        Self::EvidenceMissing,
        Self::EvidenceInvalid,
        Self::EvidenceExpired,
        Self::EvidenceUnbound,
    ];

    /// Code, status and one sentence, as the problem document has them.
    pub(crate) const fn describe(self) -> (&'static str, StatusCode, &'static str) {
        use StatusCode as S;
        match self {
            Self::TokenMissing => ("token-missing", S::UNAUTHORIZED, "There is no bearer token."),
            Self::TokenInvalid => {
                ("token-invalid", S::UNAUTHORIZED, "The token is unknown or has expired: ask for another.")
            }
            Self::DigestMissing => {
                ("digest-missing", S::BAD_REQUEST, "There must be one Digest header: SHA-256= and base64.")
            }
            Self::DigestMismatch => ("digest-mismatch", S::BAD_REQUEST, "Digest is not that of the body."),
            Self::SignatureMissing => {
                ("signature-missing", S::UNAUTHORIZED, "There must be one Agid-JWT-Signature.")
            }
            Self::SignatureInvalid => (
                "signature-invalid",
                S::UNAUTHORIZED,
                "The signature is not an ES256 JWS of a known key with every claim that is asked for.",
            ),
            Self::SignatureAudience => {
                ("signature-audience", S::UNAUTHORIZED, "The signature is meant for somebody else.")
            }
            Self::SignatureExpired => {
                ("signature-expired", S::UNAUTHORIZED, "The signature is not valid now or lives too long.")
            }
            Self::SignatureReplayed => {
                ("signature-replayed", S::UNAUTHORIZED, "The signature was presented before.")
            }
            Self::HeaderNotSigned => (
                "header-not-signed",
                S::BAD_REQUEST,
                "digest, content-type and, if sent, content-encoding must be among signed_headers.",
            ),
            Self::SignedHeaderMismatch => {
                ("signed-header-mismatch", S::BAD_REQUEST, "A signed header is not the one that came.")
            }
            Self::EvidenceMissing => {
                ("evidence-missing", S::BAD_REQUEST, "There must be one Agid-JWT-TrackingEvidence.")
            }
            Self::EvidenceInvalid => (
                "evidence-invalid",
                S::UNAUTHORIZED,
                "The evidence is not an ES256 JWS of a known key with every claim that is asked for.",
            ),
            Self::EvidenceExpired => {
                ("evidence-expired", S::UNAUTHORIZED, "The evidence is not valid now or lives too long.")
            }
            Self::EvidenceUnbound => {
                ("evidence-unbound", S::UNAUTHORIZED, "The token was not asked for with this evidence.")
            }
        }
    }
}
