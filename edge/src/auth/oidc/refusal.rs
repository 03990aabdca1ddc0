// SPDX-License-Identifier: EUPL-1.2
//! The reasons for which a sign-in is refused. Each has one word, which is in the log and on the page, and names nobody.

use infocig_domain::staff::pages::Why;

/// Why a sign-in, its renewal or a logout token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// No sign-in is under way in this browser.
    NoFlow,
    /// It was begun too long ago.
    FlowExpired,
    /// It was begun at another provider.
    FlowIssuer,
    /// `state` is not that of the sign-in under way.
    State,
    /// The answer's `iss` (RFC 9207) is missing where it must be there, or another provider's.
    Issuer,
    /// The provider answered that whoever signs in, or somebody else, said no.
    Denied,
    /// The provider answered with another error.
    ProviderError,
    /// The answer has no code.
    NoCode,
    /// The answer was used before.
    Replayed,
    /// The provider gives nothing for the code.
    CodeRefused,
    /// The provider gives nothing for the refresh token: its session has ended.
    RenewalRefused,
    /// The provider does not answer, or not as it must.
    Unreachable,
    /// Its discovery document is another issuer's, or cannot be used.
    Discovery,
    /// A token is none in form.
    Malformed,
    /// A token of another kind.
    TokenType,
    /// A signature by an algorithm that is not allowed.
    Algorithm,
    /// The signature does not verify under the provider's keys.
    Signature,
    /// `iss` is another issuer.
    TokenIssuer,
    /// `aud` does not name this client.
    Audience,
    /// `azp` is another client, or missing where there are several audiences.
    AuthorizedParty,
    /// `exp` is over.
    Expired,
    /// `iat` or `nbf` is ahead.
    NotYetValid,
    /// `nonce` is not that of the sign-in under way.
    Nonce,
    /// `sub` is missing, no id, or somebody else's than before.
    Subject,
    /// `at_hash` is not that of the access token.
    AccessTokenHash,
    /// `acr` is none that is accepted.
    Acr,
    /// `auth_time` is missing or too long ago.
    AuthTime,
    /// A claim that the settings require has another value: another tenant.
    Tenant,
    /// The name is missing.
    Name,
    /// No value of the claim of roles gives a role.
    NoRole,
    /// A role is for a queue that the policy does not have.
    UnknownQueue,
    /// A logout token without the event, without `sub` and `sid`, or with a `nonce`.
    LogoutClaims,
    /// A logout token whose `jti` is missing.
    LogoutId,
}

impl SignInRefusal {
    /// All.
    pub const ALL: [Self; 33] = [
        Self::NoFlow,
        Self::FlowExpired,
        Self::FlowIssuer,
        Self::State,
        Self::Issuer,
        Self::Denied,
        Self::ProviderError,
        Self::NoCode,
        Self::Replayed,
        Self::CodeRefused,
        Self::RenewalRefused,
        Self::Unreachable,
        Self::Discovery,
        Self::Malformed,
        Self::TokenType,
        Self::Algorithm,
        Self::Signature,
        Self::TokenIssuer,
        Self::Audience,
        Self::AuthorizedParty,
        Self::Expired,
        Self::NotYetValid,
        Self::Nonce,
        Self::Subject,
        Self::AccessTokenHash,
        Self::Acr,
        Self::AuthTime,
        Self::Tenant,
        Self::Name,
        Self::NoRole,
        Self::UnknownQueue,
        Self::LogoutClaims,
        Self::LogoutId,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoFlow => "no-sign-in",
            Self::FlowExpired => "sign-in-expired",
            Self::FlowIssuer => "sign-in-elsewhere",
            Self::State => "state",
            Self::Issuer => "iss-parameter",
            Self::Denied => "denied",
            Self::ProviderError => "provider-error",
            Self::NoCode => "no-code",
            Self::Replayed => "replayed",
            Self::CodeRefused => "code-refused",
            Self::RenewalRefused => "renewal-refused",
            Self::Unreachable => "provider-unreachable",
            Self::Discovery => "discovery",
            Self::Malformed => "token-malformed",
            Self::TokenType => "token-type",
            Self::Algorithm => "token-algorithm",
            Self::Signature => "token-signature",
            Self::TokenIssuer => "token-issuer",
            Self::Audience => "token-audience",
            Self::AuthorizedParty => "token-azp",
            Self::Expired => "token-expired",
            Self::NotYetValid => "token-not-yet-valid",
            Self::Nonce => "token-nonce",
            Self::Subject => "token-subject",
            Self::AccessTokenHash => "token-at-hash",
            Self::Acr => "token-acr",
            Self::AuthTime => "token-auth-time",
            Self::Tenant => "other-tenant",
            Self::Name => "no-name",
            Self::NoRole => "no-role",
            Self::UnknownQueue => "unknown-queue",
            Self::LogoutClaims => "logout-claims",
            Self::LogoutId => "logout-jti",
        }
    }

    /// What it means for whoever signs in.
    pub const fn why(self) -> Why {
        match self {
            Self::NoFlow | Self::FlowExpired | Self::FlowIssuer | Self::State | Self::Replayed => {
                Why::BeginAgain
            }
            Self::Denied | Self::RenewalRefused => Why::Stopped,
            Self::Unreachable | Self::Discovery | Self::ProviderError => Why::Unreachable,
            Self::Acr | Self::AuthTime => Why::TooWeak,
            Self::NoRole | Self::UnknownQueue | Self::Tenant | Self::Name => Why::NoRole,
            Self::Issuer
            | Self::NoCode
            | Self::CodeRefused
            | Self::Malformed
            | Self::TokenType
            | Self::Algorithm
            | Self::Signature
            | Self::TokenIssuer
            | Self::Audience
            | Self::AuthorizedParty
            | Self::Expired
            | Self::NotYetValid
            | Self::Nonce
            | Self::Subject
            | Self::AccessTokenHash
            | Self::LogoutClaims
            | Self::LogoutId => Why::NotTrusted,
        }
    }
}
