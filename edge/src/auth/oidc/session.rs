// SPDX-License-Identifier: EUPL-1.2
//! A session of the staff: its cookies, what is stored of it, and the token that it gives the console.
//!
//! - The cookie is a random secret. The store has its digest alone, and the provider's tokens sealed with it: whoever reads the
//!   database finds no session to use and no token to present.
//! - Cookies have the prefix `__Host-`, which browsers tie to `Secure`, to `/` and to this very host (RFC 6265bis), wherever the
//!   service's own origin is `https:`; only on plain HTTP, a developer's machine, they have neither.
//! - `SameSite=Lax`, not `Strict`: the page after the sign-in is still the provider's navigation.

use base16ct::lower;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit},
};
use infocig_domain::{desk::fit::Profile, people::Advisor, staff::Roles};
use infocig_protocol::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::derived;
use crate::{
    auth::signed::{self, expiry},
    problem::{Fault, Refusal},
};

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffSession {
    /// Who signed in.
    pub advisor: Advisor,
    /// Their roles.
    pub roles: Roles,
    /// The people they answer.
    pub profile: Profile,
    /// The provider's session, where it names one.
    pub sid: Option<String>,
    /// When the provider last said that it stands, by the service's clock.
    pub confirmed: Timestamp,
    /// When it ends, whatever the provider says.
    pub ends: Timestamp,
    /// The refresh token, sealed; absent where the provider gave none.
    pub refresh_token: Option<String>,
    /// The ID token, sealed, for signing out of the provider.
    pub id_token: Option<String>,
}

impl StaffSession {
    /// Until when it stands without asking the provider.
    pub fn stands_until(&self, minutes: u16) -> Timestamp {
        self.confirmed.plus_millis(i64::from(minutes) * 60_000).min(self.ends)
    }

    /// Whether the provider is asked before it is used again: in the second half of its time, so that nobody meets its end.
    pub fn is_due(&self, minutes: u16, now: Timestamp) -> bool {
        self.confirmed.plus_millis(i64::from(minutes) * 30_000) <= now
    }
}

/// The secret of a session, which its cookie holds.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret of that random text.
    pub fn new(random: String) -> Self {
        Self(random)
    }

    /// The text in the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name by which the session is stored and known to the objects of the service.
    pub fn key(&self) -> String {
        lower::encode_string(&Sha256::digest(format!("staff session\n{}", self.0)))
    }

    /// The value of the form to sign out, which only the session's page knows.
    pub fn form_token(&self) -> String {
        derived(&self.0, "form", "sign-out")
    }

    /// Seals a token. `nonce` was never used before.
    pub fn seal(&self, text: &str, nonce: [u8; 12]) -> Result<String, Fault> {
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), text.as_bytes());
        let sealed = sealed.map_err(|_| Fault::Platform("a token was not sealed".into()))?;
        Ok(URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
    }

    /// Opens a sealed token.
    pub fn open(&self, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<12>()?;
        let text = self.cipher().decrypt(&Nonce::from(*nonce), sealed).ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        let key: [u8; 32] = Sha256::digest(format!("staff seal\n{}", self.0)).into();
        ChaCha20Poly1305::new(&Key::from(key))
    }
}

/// A cookie of the sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The sign-in under way.
    Flow,
    /// The session.
    Session,
}

impl Cookie {
    /// Its value in a `Cookie` header.
    pub fn find<'c>(self, cookies: Option<&'c str>, origin: &str) -> Option<&'c str> {
        let name = self.name(origin);
        let named = |pair: &'c str| pair.trim().strip_prefix(name)?.strip_prefix('=');
        cookies?.split(';').filter_map(named).find(|value| !value.is_empty())
    }

    /// The `Set-Cookie` that keeps a value for so many seconds.
    pub fn keep(self, value: &str, seconds: i64, origin: &str) -> String {
        let secure = if origin.starts_with("https:") { "; Secure" } else { "" };
        let name = self.name(origin);
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}")
    }

    /// The `Set-Cookie` that forgets it.
    pub fn forget(self, origin: &str) -> String {
        self.keep("", 0, origin)
    }

    fn name(self, origin: &str) -> &'static str {
        match (self, origin.starts_with("https:")) {
            (Self::Flow, true) => "__Host-infocig-sign-in",
            (Self::Flow, false) => "infocig-sign-in",
            (Self::Session, true) => "__Host-infocig-staff",
            (Self::Session, false) => "infocig-staff",
        }
    }
}

/// The token that a session gives the console, which presents it for a ticket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StaffToken {
    /// The key of the session.
    pub session: String,
    exp: i64,
}

impl StaffToken {
    /// A token for a session.
    pub fn new(session: String, now: Timestamp) -> Self {
        Self { session, exp: expiry(now, TOKEN_LIFETIME_S) }
    }

    /// The text that travels.
    pub fn sign(&self, keys: &str) -> Result<String, Fault> {
        signed::sign(TYP, self, keys)
    }

    /// Reads a text as such a token: `None` for one that is none, which may be an advisor's token of a portal.
    pub fn read(text: Option<&str>, keys: &str, now: Timestamp) -> Option<Result<Self, Refusal>> {
        let token: Self = signed::read(TYP, text?, keys)?;
        Some(signed::check_expiry(token.exp, now, "token").map(|()| token))
    }
}

const TYP: &str = "infocig-staff+jwt";
/// As long as a portal's token may live.
const TOKEN_LIFETIME_S: i64 = 120;
