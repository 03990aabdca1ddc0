// SPDX-License-Identifier: EUPL-1.2
//! A sign-in under way: from the request that leads to the provider to the answer that comes back.
//!
//! The cookie names the sign-in by a random id and is signed; `state`, `nonce` and the verifier of PKCE are derived from the id
//! with the service's key, so that the cookie holds no secret and nothing is stored. Where the keys are rotated meanwhile, the
//! key that made `state` is found by it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_protocol::{language::Language, time::Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{SignInRefusal, derived, provider::Provider};
use crate::{
    auth::{
        jws::seconds,
        same_token,
        signed::{self, expiry},
    },
    problem::Fault,
    settings::Staff,
};

/// How long a sign-in may take, in seconds.
pub const LIFETIME_S: i64 = 600;

/// The redirect address at a service of that origin: exact, without a parameter.
pub fn redirect_uri(origin: &str) -> String {
    format!("{origin}/v1/staff/callback")
}

/// A sign-in under way, as its cookie holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Its random id.
    pub id: String,
    /// The provider it was begun at.
    iss: String,
    /// The language of the page it comes back to.
    #[serde(default)]
    language: Option<String>,
    exp: i64,
}

/// The values that belong to one sign-in, and to no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secrets {
    /// `state`
    pub state: String,
    /// `nonce`
    pub nonce: String,
    /// The verifier of PKCE.
    pub verifier: String,
}

impl Secrets {
    fn of(id: &str, key: &str) -> Self {
        Self {
            state: derived(key, "state", id),
            nonce: derived(key, "nonce", id),
            verifier: derived(key, "verifier", id),
        }
    }
}

/// The answer of the provider, as its parameters say it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answer<'a> {
    /// `state`
    pub state: Option<&'a str>,
    /// `iss`
    pub iss: Option<&'a str>,
    /// `code`
    pub code: Option<&'a str>,
    /// `error`
    pub error: Option<&'a str>,
}

impl Flow {
    /// A sign-in that begins now. `id` was never used before.
    pub fn begin(id: String, staff: &Staff, language: Option<Language>, now: Timestamp) -> Self {
        let language = language.map(|language| language.as_str().to_owned());
        Self { id, iss: staff.issuer.clone(), language, exp: expiry(now, LIFETIME_S) }
    }

    /// The value of its cookie.
    pub fn sign(&self, keys: &str) -> Result<String, Fault> {
        signed::sign(TYP, self, keys)
    }

    /// The sign-in of a cookie.
    pub fn read(cookie: Option<&str>, keys: &str) -> Option<Self> {
        signed::read(TYP, cookie?, keys)
    }

    /// The language of the page it comes back to.
    pub fn language(&self) -> Option<Language> {
        let word = self.language.as_deref()?;
        Language::ALL.into_iter().find(|language| language.as_str() == word)
    }

    /// The address at the provider that it leads to.
    pub fn address(&self, provider: &Provider, staff: &Staff, origin: &str, keys: &str) -> String {
        let Secrets { state, nonce, verifier } = Secrets::of(&self.id, newest(keys));
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &staff.client_id)
            .append_pair("redirect_uri", &redirect_uri(origin))
            .append_pair("scope", &staff.scope)
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("acr_values", &staff.acr.join(" "));
        if let Some(minutes) = staff.max_age_minutes {
            query.append_pair("max_age", &(u64::from(minutes) * 60).to_string());
        }
        if let Some(language) = &self.language {
            query.append_pair("ui_locales", language);
        }
        let joint = if provider.authorization_endpoint.contains('?') { '&' } else { '?' };
        format!("{}{joint}{}", provider.authorization_endpoint, query.finish())
    }

    /// Checks the answer as far as the front channel can be checked. The answer is the code, and the secrets it was asked with.
    pub fn accept<'a>(
        &self,
        answer: Answer<'a>,
        provider: &Provider,
        keys: &str,
        now: Timestamp,
    ) -> Result<(&'a str, Secrets), SignInRefusal> {
        if seconds(now) >= self.exp {
            return Err(SignInRefusal::FlowExpired);
        }
        if self.iss != provider.issuer {
            return Err(SignInRefusal::FlowIssuer);
        }
        let state = answer.state.ok_or(SignInRefusal::State)?;
        let mut candidates = keys.lines().map(|key| Secrets::of(&self.id, key));
        let secrets = candidates.find(|secrets| same_token(state, &secrets.state));
        let secrets = secrets.ok_or(SignInRefusal::State)?;
        match answer.iss {
            Some(iss) if iss == provider.issuer => {}
            None if !provider.authorization_response_iss_parameter_supported => {}
            Some(_) | None => return Err(SignInRefusal::Issuer),
        }
        match answer.error {
            Some("access_denied") => return Err(SignInRefusal::Denied),
            Some(_) => return Err(SignInRefusal::ProviderError),
            None => {}
        }
        let code = answer.code.filter(|code| (1..=MAX_CODE_BYTES).contains(&code.len()));
        Ok((code.ok_or(SignInRefusal::NoCode)?, secrets))
    }
}

fn newest(keys: &str) -> &str {
    keys.lines().next().unwrap_or_default()
}

/// Codes of some providers are whole encrypted tokens.
const MAX_CODE_BYTES: usize = 8 * 1024;

const TYP: &str = "infocig-sign-in+jwt";
