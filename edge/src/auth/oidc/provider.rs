// SPDX-License-Identifier: EUPL-1.2
//! The discovery document of the provider (OpenID Connect Discovery 1.0, 3 and 4.3).
//!
//! Its `issuer` must be the configured one to the letter, and no endpoint may be less safe than the issuer: a document of
//! somebody else would lead codes and secrets to them (mix-up).

use serde::{Deserialize, Serialize};

use super::SignInRefusal;

/// The members of the document that are used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    /// Its `iss`.
    pub issuer: String,
    /// Where a sign-in begins.
    pub authorization_endpoint: String,
    /// Where a code becomes tokens.
    pub token_endpoint: String,
    /// Its public keys.
    pub jwks_uri: String,
    /// Where one signs out of it, where that can be done.
    #[serde(default)]
    pub end_session_endpoint: Option<String>,
    /// Whether every answer says its `iss` (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// The methods of PKCE; many providers do not say them.
    #[serde(default)]
    pub code_challenge_methods_supported: Option<Vec<String>>,
}

/// The address of the document of an issuer.
pub fn address(issuer: &str) -> String {
    format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
}

impl Provider {
    /// Reads the document of an issuer.
    pub fn read(text: &str, issuer: &str) -> Result<Self, SignInRefusal> {
        let provider: Self = serde_json::from_str(text).map_err(|_| SignInRefusal::Discovery)?;
        let scheme = if issuer.starts_with("https:") { "https://" } else { "http" };
        let is_safe = |address: &str| {
            address.starts_with(scheme)
                && address.contains("://")
                && !address.contains('#')
                && address.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let all = [&provider.authorization_endpoint, &provider.token_endpoint, &provider.jwks_uri];
        let all = all.into_iter().chain(&provider.end_session_endpoint);
        let methods = provider.code_challenge_methods_supported.as_ref();
        let has_s256 = methods.is_none_or(|methods| methods.iter().any(|method| method == "S256"));
        if provider.issuer == issuer && has_s256 && all.into_iter().all(|address| is_safe(address)) {
            Ok(provider)
        } else {
            Err(SignInRefusal::Discovery)
        }
    }
}
