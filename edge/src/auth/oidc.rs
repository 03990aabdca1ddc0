// SPDX-License-Identifier: EUPL-1.2
//! The staff's sign-in with OpenID Connect: this service is a relying party of one provider (authorization code, PKCE S256).
//!
//! | module | holds |
//! |---|---|
//! | `refusal` | every reason why a sign-in or a logout token is refused, with its word in the log |
//! | `provider` | the discovery document, read and compared with the issuer of the settings |
//! | `flow` | a sign-in under way: its cookie, `state`, `nonce`, verifier, and the checks of the answer |
//! | `client` | the forms of the token endpoint, and what it answers |
//! | `jwt` | signatures: the algorithms that are allowed, and the keys that may sign |
//! | `id_token` | the claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7) |
//! | `logout_token` | the claims of a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6) |
//! | `mapping` | roles and people to answer, from the claims |
//! | `session` | the session's cookie, what is stored of it, and the token it gives the console |
//!
//! Pure: keys, the time and random names are arguments. Checks run from the outside in, and the first that fails names the
//! refusal.

pub mod client;
pub mod flow;
pub mod id_token;
mod jwt;
pub mod logout_token;
pub mod mapping;
pub mod provider;
mod refusal;
pub mod session;

pub(crate) use self::jwt::algorithm;
pub use self::{jwt::has_key_for, refusal::SignInRefusal};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac as _, digest::KeyInit};
use sha2::{Digest, Sha256};

/// A value that only a holder of the key can make of a name, for one purpose.
fn derived(key: &str, purpose: &str, name: &str) -> String {
    // A key of the length of a block cannot be refused.
    let mut block = [0; 64];
    block.iter_mut().zip(Sha256::digest(key.as_bytes())).for_each(|(place, byte)| *place = byte);
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
    mac.update(format!("staff\n{purpose}\n{name}").as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests;
