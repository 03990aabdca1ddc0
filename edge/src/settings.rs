// SPDX-License-Identifier: EUPL-1.2
//! Settings: the values with which an administration starts the service.
//!
//! | binding | form |
//! |---|---|
//! | `PUBLIC_ORIGIN` | the service's own origin, `https://…` without a slash at the end; also the audience of hand-off tokens |
//! | `ISSUERS` | JSON list of [`Issuer`] |
//! | `TICKET_KEY` | a secret of 32 bytes or more: 64 hexadecimal digits, 43 characters of base64url, or a text of 32 characters with others among them |
//! | `POLICY` | a policy document; absent for the one shipped |
//! | `JURISDICTION` | where Durable Objects live, for example `eu`; absent where the platform has no such thing |
//! | `LINEA_INPS` | JSON of [`LineaInps`], members as below; if absent, segnalazioni wait and cases are not shown |
//! | `LINKS` | JSON of [`Links`]: `privacy`, `accessibility`, `feedback`, `source`, each an `https:` address; each may be absent, and all |
//!
//! | member of `LINEA_INPS` | form |
//! |---|---|
//! | `base` | the address for segnalazioni: `{base}/segnalazioni`; also the audience of the signatures for it |
//! | `token_url` | the token endpoint that gives vouchers |
//! | `client_id`, `kid` | this service and its key, as the other side knows them |
//! | `key` | the key: P-256, PKCS#8, PEM. A secret |
//! | `jwks_uri`, `issuer` | Linea INPS's public keys and the `iss` of its signatures; their `aud` is `{PUBLIC_ORIGIN}/v1/linea-inps/updates` |
//! | `cases` | the registry of cases: `{cases}/searches`; optional |
//! | `audit` | whether each call names its user (`AUDIT_REST_02`); optional, `false` |
//! | `purpose_id` | the purpose as PDND names it; optional, needed with `audit` |
//! | `leeway_s` | by how many seconds its clock may differ from the service's; optional, `60`, at most `300` |
//!
//! Settings that cannot be used are kept as a fault and answered as such: nothing panics, `/healthz` names the reason.

use std::collections::BTreeSet;

use infocig_domain::{plain_page::Links, policy::Policy};
use serde::Deserialize;
use serde_json::error::Category;

use crate::{
    auth::{
        jws::{MAX_SKEW_S, SKEW_S},
        modi::Identity,
    },
    http::origin,
    problem::Fault,
};

/// The settings, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The service's own origin.
    pub origin: String,
    /// The portals and sign-ins whose tokens are accepted.
    pub issuers: Vec<Issuer>,
    /// The key of tickets.
    pub ticket_key: String,
    /// The rules in force.
    pub policy: Policy,
    /// The jurisdiction of Durable Objects.
    pub jurisdiction: Option<String>,
    /// Linea INPS and the registry of cases, where there is one.
    pub linea_inps: Option<LineaInps>,
    /// Addresses of the administration's pages about the service.
    pub links: Links,
}

/// How Linea INPS and the registry of cases are reached, and how Linea INPS reaches this service.
#[derive(Clone, Debug)]
pub struct LineaInps {
    /// Linea INPS's address.
    pub base: String,
    /// The token endpoint that gives vouchers.
    pub token_url: String,
    /// The identity of this service for the other side.
    pub identity: Identity,
    /// The address of Linea INPS's public keys (RFC 7517 key set).
    pub jwks_uri: String,
    /// The `iss` of signatures of Linea INPS.
    pub issuer: String,
    /// The address of the registry of cases.
    pub cases: Option<String>,
    /// Whether each call names its user (`AUDIT_REST_02`).
    pub audit: bool,
    /// The purpose of calls, as PDND names it.
    pub purpose_id: Option<String>,
    /// By how many seconds Linea INPS's clock may differ from the service's.
    pub leeway_s: u16,
}

/// A portal or sign-in whose tokens are accepted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The address of its public keys (RFC 7517 key set).
    pub jwks_uri: String,
    /// The roles that its tokens may give.
    pub roles: Vec<Role>,
    /// Origins of the pages that may use the service in its name.
    pub origins: Vec<String>,
    /// By how many seconds its clock may differ from the service's; optional, at most [`MAX_SKEW_S`].
    #[serde(default = "default_leeway_s")]
    pub leeway_s: u16,
}

fn default_leeway_s() -> u16 {
    SKEW_S
}

/// A role that a token may give.
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
    /// `LINEA_INPS`
    pub linea_inps: Option<String>,
    /// `LINKS`
    pub links: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLineaInps {
    base: String,
    token_url: String,
    client_id: String,
    kid: String,
    key: String,
    jwks_uri: String,
    issuer: String,
    cases: Option<String>,
    #[serde(default)]
    audit: bool,
    purpose_id: Option<String>,
    #[serde(default = "default_leeway_s")]
    leeway_s: u16,
}

impl Settings {
    /// Checks the settings. The fault names the binding and the error.
    pub fn parse(raw: RawSettings) -> Result<Self, Fault> {
        let origin = required("PUBLIC_ORIGIN", raw.public_origin)?;
        let origin = origin::normal(&origin).map_err(|reason| wrong("PUBLIC_ORIGIN", &reason))?;
        let issuers = read_issuers(&required("ISSUERS", raw.issuers)?)?;
        let ticket_key = required("TICKET_KEY", raw.ticket_key)?;
        if ticket_key.len() < least_chars(&ticket_key) {
            let reason = "must have at least 32 characters: 64 if all are hexadecimal digits, 43 if all are of base64url";
            return Err(wrong("TICKET_KEY", reason));
        }
        let policy = match raw.policy.filter(|text| !text.is_empty()) {
            Some(text) => Policy::parse(&text),
            None => Policy::parse(SHIPPED_POLICY),
        };
        let policy = policy.map_err(|error| Fault::Settings(format!("{error}")))?;
        let linea_inps = raw.linea_inps.filter(|text| !text.is_empty());
        let links = raw.links.filter(|text| !text.is_empty());
        Ok(Self {
            linea_inps: linea_inps.map(|text| LineaInps::parse(&text)).transpose()?,
            links: links.map_or_else(|| Ok(Links::default()), |text| read_links(&text))?,
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

impl LineaInps {
    fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |reason: &str| wrong("LINEA_INPS", reason);
        // An error of serde about a member of the wrong type repeats its value, and one member is a key.
        let raw: RawLineaInps = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data if !error.to_string().starts_with("invalid") => wrong(&error.to_string()),
            Category::Data => {
                let place = format!("line {}, column {}", error.line(), error.column());
                wrong(&format!("has a member of another type than it must have, before {place}"))
            }
            Category::Io | Category::Syntax | Category::Eof => wrong(&format!("is not JSON: {error}")),
        })?;
        let RawLineaInps {
            base,
            token_url,
            client_id,
            kid,
            key,
            jwks_uri,
            issuer,
            cases,
            audit,
            purpose_id,
            leeway_s,
        } = raw;
        let addresses = [
            ("base", Some(&base)),
            ("token_url", Some(&token_url)),
            ("jwks_uri", Some(&jwks_uri)),
            ("cases", cases.as_ref()),
        ];
        for (name, address) in addresses {
            if address.is_some_and(|address| !is_address(address)) {
                return Err(wrong(&format!("{name} must be http(s)://host/path without a slash at the end")));
            }
        }
        let texts = [
            ("client_id", Some(&client_id)),
            ("kid", Some(&kid)),
            ("issuer", Some(&issuer)),
            ("purpose_id", purpose_id.as_ref()),
        ];
        if let Some((name, _)) =
            texts.into_iter().find(|(_, text)| text.is_some_and(|text| text.trim().is_empty()))
        {
            return Err(wrong(&format!("{name} must not be empty")));
        }
        if leeway_s > MAX_SKEW_S {
            return Err(wrong(&format!("leeway_s must be at most {MAX_SKEW_S}")));
        }
        if audit && purpose_id.is_none() {
            return Err(wrong("purpose_id is needed with audit"));
        }
        let identity = Identity::new(client_id, kid, &key)
            .ok_or_else(|| wrong("key must be a P-256 private key in PKCS#8, PEM"))?;
        Ok(Self { base, token_url, identity, jwks_uri, issuer, cases, audit, purpose_id, leeway_s })
    }
}

fn read_issuers(text: &str) -> Result<Vec<Issuer>, Fault> {
    let wrong = |reason: &str| wrong("ISSUERS", reason);
    let mut issuers: Vec<Issuer> = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    if issuers.is_empty() {
        return Err(wrong("names nobody whose tokens are accepted: write at least one issuer"));
    }
    let mut names = BTreeSet::new();
    for issuer in &mut issuers {
        let Issuer { issuer: name, jwks_uri, roles, origins, leeway_s } = issuer;
        let wrong = |reason: &str| wrong(&format!("\"{name}\": {reason}"));
        if name.trim().is_empty() {
            return Err(wrong("issuer must not be empty"));
        }
        if !names.insert(name.clone()) {
            return Err(wrong("is there twice: write its origins and roles in one entry"));
        }
        if !is_web_address(jwks_uri) {
            return Err(wrong("jwks_uri must be the http(s):// address of its key set"));
        }
        if roles.is_empty() {
            return Err(wrong("roles must name what its tokens open: citizen, advisor"));
        }
        if *leeway_s > MAX_SKEW_S {
            return Err(wrong(&format!("leeway_s must be at most {MAX_SKEW_S}")));
        }
        for origin in origins {
            *origin = origin::normal(origin).map_err(|reason| wrong(&format!("origins: {reason}")))?;
        }
    }
    Ok(issuers)
}

fn read_links(text: &str) -> Result<Links, Fault> {
    let links: Links = serde_json::from_str(text).map_err(|error| wrong("LINKS", &error.to_string()))?;
    let Links { privacy, accessibility, feedback, source } = &links;
    let all =
        [("privacy", privacy), ("accessibility", accessibility), ("feedback", feedback), ("source", source)];
    for (name, address) in all {
        if address.as_deref().is_some_and(|address| !is_web_page(address)) {
            return Err(wrong("LINKS", &format!("{name} must be an https: address")));
        }
    }
    Ok(links)
}

fn required(name: &str, value: Option<String>) -> Result<String, Fault> {
    value.filter(|text| !text.is_empty()).ok_or_else(|| wrong(name, "is not set"))
}

fn wrong(name: &str, reason: &str) -> Fault {
    Fault::Settings(format!("{name} {reason}"))
}

/// Something that can be fetched.
fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
            && rest.bytes().all(|b| b.is_ascii_graphic() && !b"#@\\\"<>".contains(&b))
    })
}

/// An origin with a path or none, and nothing behind it.
fn is_address(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        !host.is_empty()
            && !host.starts_with('/')
            && !host.ends_with('/')
            && host.bytes().all(|b| b.is_ascii_graphic() && !b"?#@\\\"".contains(&b))
    })
}

/// Something a person can be led to.
fn is_web_page(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|rest| {
        rest.starts_with(|first: char| first.is_ascii_alphanumeric())
            && rest.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>".contains(&b))
    })
}

/// The characters a key of 32 bytes has at least, by the alphabet it is written in: HS256 asks for 256 bits (RFC 7518, 3.2).
fn least_chars(key: &str) -> usize {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if key.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        64
    } else if key.bytes().all(is_base64url) {
        43
    } else {
        32
    }
}

const SHIPPED_POLICY: &str = include_str!("../policy.json");

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_ticket_key_has_256_bits_in_whatever_it_is_written() {
        let is_taken = |key: &str| {
            let raw = RawSettings { ticket_key: Some(key.into()), ..good() };
            Settings::parse(raw).is_ok()
        };
        for (chars, alphabet) in [(64, "0123456789abcdef"), (43, "Ab9-_xyz"), (32, "correct horse battery ")]
        {
            let key: String = alphabet.chars().cycle().take(chars).collect();
            assert!(is_taken(&key), "{key}");
            assert!(!is_taken(&key[1..]), "{key}");
        }
    }

    #[test]
    fn good_settings_are_accepted() {
        let settings = Settings::parse(good()).unwrap();

        assert!(settings.allows_origin("https://portale.example"));
        assert!(settings.allows_origin("https://chat.example"));
        assert!(!settings.allows_origin("https://altrove.example"));
    }

    #[test]
    fn a_wrong_setting_is_named() {
        let check = |change: fn(&mut RawSettings), expected: &str| {
            let mut raw = good();
            change(&mut raw);
            let message = ToString::to_string(&Settings::parse(raw).unwrap_err());
            assert!(message.starts_with(expected), "{message}");
        };
        check(|raw| raw.public_origin = None, "settings: PUBLIC_ORIGIN is not set");
        check(
            |raw| raw.public_origin = Some("https://a/b".into()),
            "settings: PUBLIC_ORIGIN \"https://a/b\" must be http(s)://host",
        );
        check(|raw| raw.issuers = Some("[{}]".into()), "settings: ISSUERS missing field `issuer`");
        check(
            |raw| raw.ticket_key = Some("short".into()),
            "settings: TICKET_KEY must have at least 32 characters: 64 if all are hexadecimal digits, 43 if all are of base64url",
        );
        check(|raw| raw.policy = Some("{".into()), "settings: policy line 1, column 1: ");
    }

    #[test]
    fn an_error_of_an_issuer_is_a_sentence() {
        let one = |change: &dyn Fn(&mut Value)| {
            let mut issuer = serde_json::json!({
                "issuer": "https://p.example", "jwks_uri": "https://p.example/jwks", "roles": ["citizen"],
                "origins": ["https://p.example"],
            });
            change(&mut issuer);
            issuer
        };
        let parse = |issuers: Vec<Value>| {
            let issuers = Some(Value::from(issuers).to_string());
            Settings::parse(RawSettings { issuers, ..good() }).map_err(|fault| fault.to_string())
        };
        let named = |name: &str, value: Value| one(&|issuer| issuer[name] = value.clone());
        let refused = |issuers, expected: &str| {
            let message = parse(issuers).unwrap_err();
            assert!(message.contains(expected), "{message}");
        };

        refused(vec![], "ISSUERS names nobody");
        refused(vec![one(&|_| ()), one(&|_| ())], "is there twice");
        refused(vec![named("roles", serde_json::json!([]))], "roles must name");
        refused(vec![named("issuer", " ".into())], "issuer must not be empty");
        refused(vec![named("leeway_s", 301.into())], "leeway_s must be at most 300");
        assert_eq!(parse(vec![one(&|_| ())]).unwrap().issuers[0].leeway_s, 60);
        assert_eq!(parse(vec![named("leeway_s", 300.into())]).unwrap().issuers[0].leeway_s, 300);
        for bad in ["not a url", "", "p.example/jwks", "https://", "file:///jwks", "https://a b/jwks"] {
            refused(vec![named("jwks_uri", bad.into())], "jwks_uri must be");
        }
        for bad in ["*", "https://p.example/", "https://città.example"] {
            refused(vec![named("origins", serde_json::json!([bad]))], "origins: ");
        }
        let settings = parse(vec![named("origins", serde_json::json!(["https://P.example:443"]))]).unwrap();
        assert!(settings.allows_origin("https://p.example"));
    }

    #[test]
    fn links_may_be_absent_and_lead_to_web_pages() {
        let links = |text: &str| {
            let settings = Settings::parse(RawSettings { links: Some(text.into()), ..good() });
            settings.map(|settings| settings.links)
        };
        assert_eq!(Settings::parse(good()).unwrap().links, Links::default());
        assert_eq!(links("").unwrap(), Links::default());
        let some = r#"{"privacy":"https://inps.example/privacy?a=1&b#c","source":"https://inps.example"}"#;
        let some = links(some).unwrap();
        assert_eq!(some.privacy.as_deref(), Some("https://inps.example/privacy?a=1&b#c"));
        assert_eq!((some.accessibility, some.feedback), (None, None));

        for bad in ["http://inps.example", "javascript:alert(1)", "https://", "https:///a", "https://a b", ""]
        {
            let message = ToString::to_string(&links(&format!(r#"{{"feedback":"{bad}"}}"#)).unwrap_err());
            assert_eq!(message, "settings: LINKS feedback must be an https: address", "{bad}");
        }
        for bad in ["{", "[1]", r#"{"privacy":1}"#, r#"{"imprint":"https://a.example"}"#] {
            let message = ToString::to_string(&links(bad).unwrap_err());
            assert!(message.starts_with("settings: LINKS "), "{message}");
        }
    }

    #[test]
    fn linea_inps_may_be_absent_and_is_read_where_it_is_not() {
        assert!(Settings::parse(good()).unwrap().linea_inps.is_none());
        assert!(linea_inps("").unwrap().is_none());

        let all = linea_inps(&good_linea_inps().to_string()).unwrap().unwrap();
        assert_eq!(all.base, "http://127.0.0.1:9/linea-inps");
        assert_eq!(all.identity.client_id, "info-cig");
        assert_eq!(all.cases.as_deref(), Some("https://inps.example/cases"));
        assert!(all.audit);
        assert!(!format!("{all:?}").contains("PRIVATE"), "a key is in no log");

        let mut least = good_linea_inps();
        for optional in ["cases", "audit", "purpose_id"] {
            least.as_object_mut().unwrap().remove(optional);
        }
        let least = linea_inps(&least.to_string()).unwrap().unwrap();
        assert_eq!((least.cases, least.audit, least.purpose_id), (None, false, None));
    }

    #[test]
    fn an_error_of_linea_inps_is_named_without_the_key() {
        let check = |name: &str, value: Value, expected: &str| {
            let mut raw = good_linea_inps();
            if value.is_null() {
                raw.as_object_mut().unwrap().remove(name);
            } else {
                raw[name] = value;
            }
            let message = ToString::to_string(&linea_inps(&raw.to_string()).unwrap_err());
            assert!(message.starts_with(&format!("settings: LINEA_INPS {expected}")), "{message}");
            assert!(!message.contains("secret"), "{message}");
        };
        for name in ["base", "token_url", "client_id", "kid", "key", "jwks_uri", "issuer"] {
            check(name, Value::Null, &format!("missing field `{name}`"));
        }
        for name in ["base", "token_url", "jwks_uri", "cases"] {
            for bad in
                ["", "inps.example", "https://", "https://a/", "https://a/b?c", "https://a b", "file:///a"]
            {
                check(name, bad.into(), &format!("{name} must be http(s)://host/path"));
            }
        }
        for name in ["client_id", "kid", "issuer", "purpose_id"] {
            check(name, " ".into(), &format!("{name} must not be empty"));
        }
        check("purpose_id", Value::Null, "purpose_id is needed with audit");
        check("key", "secret".into(), "key must be a P-256 private key");
        check("key", serde_json::json!(["secret"]), "has a member of another type");
        check("audit", "secret".into(), "has a member of another type");
        check("else", "secret".into(), "unknown field `else`");
        let message = ToString::to_string(&linea_inps("{").unwrap_err());
        assert!(message.starts_with("settings: LINEA_INPS is not JSON"), "{message}");
    }

    fn linea_inps(text: &str) -> Result<Option<LineaInps>, Fault> {
        Settings::parse(RawSettings { linea_inps: Some(text.into()), ..good() })
            .map(|settings| settings.linea_inps)
    }

    fn good_linea_inps() -> Value {
        serde_json::json!({
            "base": "http://127.0.0.1:9/linea-inps", "token_url": "https://inps.example/token",
            "client_id": "info-cig", "kid": "k1", "key": crate::auth::modi::testing::pem(7),
            "jwks_uri": "https://inps.example/jwks.json", "issuer": "linea-inps",
            "cases": "https://inps.example/cases", "audit": true, "purpose_id": "p-1",
        })
    }

    fn good() -> RawSettings {
        RawSettings {
            public_origin: Some("https://chat.example".into()),
            issuers: Some(
                r#"[{"issuer":"https://portale.example","jwks_uri":"https://portale.example/jwks","roles":["citizen"],
                    "origins":["https://portale.example"]}]"#
                    .into(),
            ),
            ticket_key: Some("0123456789abcdef".repeat(4)),
            policy: None,
            jurisdiction: None,
            linea_inps: None,
            links: None,
        }
    }
}
