// SPDX-License-Identifier: EUPL-1.2
//! `TURN`: the relay through which the media of calls pass: a server of the administration's own, or Cloudflare's.

use serde::Deserialize;
use serde_json::error::Category;

use super::wrong;
use crate::problem::Fault;

/// The relay of calls.
#[derive(Clone, PartialEq, Eq)]
pub enum Turn {
    /// A server that shares a secret with the service (`use-auth-secret` of coturn).
    Shared {
        /// Its addresses, as browsers take them.
        urls: Vec<String>,
        /// The secret that credentials are made with.
        secret: String,
    },
    /// Cloudflare's, which makes credentials when it is asked.
    Cloudflare {
        /// The key's id.
        key: String,
        /// The token that opens it.
        token: String,
    },
}

impl std::fmt::Debug for Turn {
    /// Without what nobody else may know.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shared { urls, .. } => f.debug_struct("Shared").field("urls", urls).finish_non_exhaustive(),
            Self::Cloudflare { key, .. } => {
                f.debug_struct("Cloudflare").field("key", key).finish_non_exhaustive()
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    urls: Option<Vec<String>>,
    secrets: Option<Vec<String>>,
    cloudflare: Option<RawCloudflare>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCloudflare {
    key: String,
    token: String,
}

impl Turn {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |reason: &str| wrong("TURN", reason);
        // An error of serde about a member of the wrong type repeats its value, and two members are secret.
        let raw: Raw = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data if !error.to_string().starts_with("invalid") => wrong(&error.to_string()),
            Category::Data => wrong("has a member of another type than it must have"),
            Category::Io | Category::Syntax | Category::Eof => wrong(&format!("is not JSON: {error}")),
        })?;
        match raw {
            Raw { urls: Some(urls), secrets: Some(secrets), cloudflare: None } => {
                if urls.is_empty() || urls.len() > MOST_URLS || !urls.iter().all(|url| is_relay(url)) {
                    let reason = format!(
                        "urls must be 1 to {MOST_URLS} of turn:host:port or turns:host:port, with ?transport=udp or tcp or without"
                    );
                    return Err(wrong(&reason));
                }
                let weak =
                    |secret: &String| secret.len() < 32 || !secret.bytes().all(|b| b.is_ascii_graphic());
                if secrets.is_empty() || secrets.iter().any(weak) {
                    let reason = "secrets must be words of 32 ASCII characters or more (`openssl rand -hex 32`), the newest first";
                    return Err(wrong(reason));
                }
                let secret = secrets.into_iter().next().unwrap_or_default();
                Ok(Self::Shared { urls, secret })
            }
            Raw { urls: None, secrets: None, cloudflare: Some(RawCloudflare { key, token }) } => {
                let is_word =
                    |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
                if !is_word(&key) || token.is_empty() || !token.bytes().all(|b| b.is_ascii_graphic()) {
                    return Err(wrong("cloudflare must have the id of a TURN key as key, and its token"));
                }
                Ok(Self::Cloudflare { key, token })
            }
            Raw { .. } => Err(wrong("must have urls and secrets, or cloudflare alone")),
        }
    }
}

/// `turn:` or `turns:`, a host, a port or none, a transport or none (RFC 7065). Browsers refuse port 53.
fn is_relay(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("turns:").or_else(|| url.strip_prefix("turn:")) else { return false };
    let (address, query) = rest.split_once('?').unwrap_or((rest, "transport=udp"));
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        Some(_) | None => (address, "3478"),
    };
    let is_host = |b: u8| b.is_ascii_alphanumeric() || b"-.[]:".contains(&b);
    matches!(query, "transport=udp" | "transport=tcp")
        && !host.is_empty()
        && host.bytes().all(is_host)
        && port.parse::<u16>().is_ok_and(|port| port != 0 && port != 53)
}

/// Browsers try each, and warn from five on.
const MOST_URLS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_relay_of_ones_own_has_addresses_and_secrets_of_which_the_first_counts() {
        let text = format!(
            r#"{{ "urls": ["turns:turn.example:443?transport=tcp", "turn:[2001:db8::1]:3478", "turn:192.0.2.7"],
                 "secrets": ["{SECRET}", "{}"] }}"#,
            SECRET.to_uppercase()
        );
        let Turn::Shared { urls, secret } = Turn::parse(&text).unwrap() else { panic!() };
        assert_eq!((urls.len(), secret.as_str()), (3, SECRET));
        let shown = format!("{:?}", Turn::parse(&text).unwrap());
        assert!(!shown.contains(SECRET), "{shown}");
    }

    #[test]
    fn cloudflares_relay_is_named_by_its_key() {
        let turn = Turn::parse(r#"{ "cloudflare": { "key": "abc123", "token": "t0ken" } }"#).unwrap();
        assert_eq!(turn, Turn::Cloudflare { key: "abc123".into(), token: "t0ken".into() });
        assert!(!format!("{turn:?}").contains("t0ken"));
    }

    #[test]
    fn each_fault_has_its_sentence_and_none_repeats_a_secret() {
        let own = |urls: &str, secret: &str| format!(r#"{{ "urls": [{urls}], "secrets": ["{secret}"] }}"#);
        let urls = "1 to 4 of turn:host:port";
        for (text, expected) in [
            ("{}".into(), "urls and secrets, or cloudflare alone"),
            (own("", SECRET), urls),
            (own(r#""https://turn.example""#, SECRET), urls),
            (own(r#""turn:turn.example:53""#, SECRET), urls),
            (own(r#""turn:turn.example?transport=sctp""#, SECRET), urls),
            (own(r#""turn:user@turn.example""#, SECRET), urls),
            (own(r#""turn:turn.example""#, "short"), "32 ASCII characters"),
            (r#"{ "urls": ["turn:a"], "secrets": "s3cret-text" }"#.into(), "another type"),
            (r#"{ "cloudflare": { "key": "../x", "token": "t" } }"#.into(), "cloudflare must have"),
            (r#"{ "stun": [] }"#.into(), "unknown field"),
            ("nonsense".into(), "is not JSON"),
        ] {
            let fault = Turn::parse(&text).unwrap_err().to_string();
            assert!(fault.contains("TURN") && fault.contains(expected), "{text}: {fault}");
            assert!(!fault.contains("s3cret") && !fault.contains(SECRET), "{fault}");
        }
    }
}
