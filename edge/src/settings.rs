// SPDX-License-Identifier: EUPL-1.2
//! Settings: what an administration tells the service when it starts it.
//!
//! | binding | form |
//! |---|---|
//! | `PUBLIC_ORIGIN` | the service's own origin, `https://…` without a slash at the end; also the audience of hand-off tokens |
//! | `ISSUERS` | JSON list of [`Issuer`] |
//! | `TICKET_KEY` | a secret of at least 32 characters |
//! | `POLICY` | a policy document; absent for the one shipped |
//! | `JURISDICTION` | where Durable Objects live, for example `eu`; absent where the platform has no such thing |
//!
//! Settings that cannot be used are kept as a fault and answered as such: nothing panics, `/healthz` names the reason.

use infocig_domain::policy::Policy;
use serde::Deserialize;

use crate::problem::Fault;

/// The settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The service's own origin.
    pub origin: String,
    /// Whose tokens are accepted.
    pub issuers: Vec<Issuer>,
    /// The key of tickets.
    pub ticket_key: String,
    /// The rules in force.
    pub policy: Policy,
    /// The jurisdiction of Durable Objects.
    pub jurisdiction: Option<String>,
}

/// A portal or sign-in whose tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Where its public keys are (RFC 7517 key set).
    pub jwks_uri: String,
    /// What its tokens may open.
    pub roles: Vec<Role>,
    /// Origins of the pages that may use the service in its name.
    pub origins: Vec<String>,
}

/// What a token may open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A conversation, as the person who asks.
    Citizen,
    /// A desk.
    Advisor,
}

/// The settings as they come, each a text or absent.
#[derive(Clone, Debug, Default)]
pub struct RawSettings {
    /// `PUBLIC_ORIGIN`
    pub public_origin: Option<String>,
    /// `ISSUERS`
    pub issuers: Option<String>,
    /// `TICKET_KEY`
    pub ticket_key: Option<String>,
    /// `POLICY`
    pub policy: Option<String>,
    /// `JURISDICTION`
    pub jurisdiction: Option<String>,
}

impl Settings {
    /// Checks the settings; the fault names the binding and what is wrong with it.
    pub fn parse(raw: RawSettings) -> Result<Self, Fault> {
        let origin = required("PUBLIC_ORIGIN", raw.public_origin)?;
        if !is_origin(&origin) {
            return Err(wrong("PUBLIC_ORIGIN", "must be http(s)://host without a path"));
        }
        let issuers: Vec<Issuer> = serde_json::from_str(&required("ISSUERS", raw.issuers)?)
            .map_err(|error| wrong("ISSUERS", &format!("{error}")))?;
        for issuer in &issuers {
            if let Some(bad) = issuer.origins.iter().find(|origin| !is_origin(origin)) {
                return Err(wrong("ISSUERS", &format!("\"{bad}\" is not an origin")));
            }
        }
        let ticket_key = required("TICKET_KEY", raw.ticket_key)?;
        if ticket_key.len() < MIN_KEY_CHARS {
            return Err(wrong("TICKET_KEY", "must have at least 32 characters"));
        }
        let policy = match raw.policy.filter(|text| !text.is_empty()) {
            Some(text) => Policy::parse(&text),
            None => Policy::parse(SHIPPED_POLICY),
        };
        let policy = policy.map_err(|error| Fault::Settings(format!("{error}")))?;
        Ok(Self {
            origin,
            issuers,
            ticket_key,
            policy,
            jurisdiction: raw.jurisdiction.filter(|j| !j.is_empty()),
        })
    }

    /// Whether pages of an origin may use the service.
    pub fn allows_origin(&self, origin: &str) -> bool {
        origin == self.origin || self.issuers.iter().any(|issuer| issuer.origins.iter().any(|o| o == origin))
    }
}

fn required(name: &str, value: Option<String>) -> Result<String, Fault> {
    value.filter(|text| !text.is_empty()).ok_or_else(|| wrong(name, "is not set"))
}

fn wrong(name: &str, reason: &str) -> Fault {
    Fault::Settings(format!("{name} {reason}"))
}

fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']))
}

/// A 256-bit key written in hexadecimal has twice as many.
const MIN_KEY_CHARS: usize = 32;

const SHIPPED_POLICY: &str = include_str!("../policy.json");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_settings_are_accepted() {
        let settings = Settings::parse(good()).unwrap();

        assert!(settings.allows_origin("https://portale.example"));
        assert!(settings.allows_origin("https://chat.example"));
        assert!(!settings.allows_origin("https://altrove.example"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |change: fn(&mut RawSettings), expected: &str| {
            let mut raw = good();
            change(&mut raw);
            let message = ToString::to_string(&Settings::parse(raw).unwrap_err());
            assert!(message.starts_with(expected), "{message}");
        };
        check(|raw| raw.public_origin = None, "settings: PUBLIC_ORIGIN is not set");
        check(
            |raw| raw.public_origin = Some("https://a/b".into()),
            "settings: PUBLIC_ORIGIN must be http(s)://host",
        );
        check(|raw| raw.issuers = Some("[{}]".into()), "settings: ISSUERS missing field `issuer`");
        check(
            |raw| raw.ticket_key = Some("short".into()),
            "settings: TICKET_KEY must have at least 32 characters",
        );
        check(|raw| raw.policy = Some("{".into()), "settings: policy line 1, column 1: ");
    }

    fn good() -> RawSettings {
        RawSettings {
            public_origin: Some("https://chat.example".into()),
            issuers: Some(
                r#"[{"issuer":"https://portale.example","jwks_uri":"https://portale.example/jwks","roles":["citizen"],
                    "origins":["https://portale.example"]}]"#
                    .into(),
            ),
            ticket_key: Some("0123456789abcdef0123456789abcdef".into()),
            policy: None,
            jurisdiction: None,
        }
    }
}
