// SPDX-License-Identifier: EUPL-1.2
//! Settings: the values with which an administration starts the service.
//!
//! [`SETTINGS`] declares them; `docs/configuration.md` is made of that declaration.
//!
//! Settings that cannot be used are kept as a fault and answered as such: nothing panics, `/healthz` names the reason.

mod documentation;
mod language_model;
mod staff;
mod turn;

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use infocig_domain::{plain_page::Links, policy::Policy};
use serde::Deserialize;
use serde_json::error::Category;

pub use self::{
    documentation::{SETTINGS, Setting, document},
    language_model::LanguageModel,
    staff::{RoleRule, Staff},
    turn::Turn,
};
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
    /// The keys of tickets, one a line: the first signs, all verify.
    pub ticket_key: String,
    /// The rules in force; as the settings are read, those that the installation came with.
    pub policy: Policy,
    /// The jurisdiction of Durable Objects.
    pub jurisdiction: Option<String>,
    /// Linea INPS and the registry of cases, where there is one.
    pub linea_inps: Option<LineaInps>,
    /// Addresses of the administration's pages about the service.
    pub links: Links,
    /// Where weaknesses of this installation are reported, where the administration says it.
    pub security: Option<SecurityContact>,
    /// The systems that are told of conversations.
    pub webhooks: Vec<Webhook>,
    /// The token that opens `GET /metrics`; without one nothing does.
    pub metrics_token: Option<String>,
    /// The provider at which the staff sign in, where there is one.
    pub staff: Option<Staff>,
    /// The relay of calls, where there is one.
    pub turn: Option<Turn>,
    /// The language model beside the assistant, where there is one.
    pub language_model: Option<LanguageModel>,
}

/// A system of the administration that is told of conversations: ids, codes and instants.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Its name, by which waiting events know it: it stays when the address changes.
    pub name: String,
    /// The address events are posted to.
    pub url: String,
    /// The key that signs them: base64 of 24 to 64 bytes, `whsec_` before it or not.
    pub secret: String,
}

impl Webhook {
    /// The bytes of the key.
    pub fn key(&self) -> Option<Vec<u8>> {
        let secret = self.secret.strip_prefix("whsec_").unwrap_or(&self.secret);
        STANDARD.decode(secret).ok().filter(|key| (24..=64).contains(&key.len()))
    }
}

/// Where weaknesses of this installation are reported (RFC 9116).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityContact {
    /// An `https:`, `mailto:` or `tel:` address.
    pub contact: String,
    /// An `https:` address: how reports are dealt with.
    pub policy: Option<String>,
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

/// The settings as they come, each a text or absent. An empty text is as good as none.
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
    /// `SECURITY`
    pub security: Option<String>,
    /// `WEBHOOKS`
    pub webhooks: Option<String>,
    /// `METRICS_TOKEN`
    pub metrics_token: Option<String>,
    /// `STAFF`
    pub staff: Option<String>,
    /// `TURN`
    pub turn: Option<String>,
    /// `LANGUAGE_MODEL`
    pub language_model: Option<String>,
}

impl RawSettings {
    /// The settings as a platform gives them, by name.
    pub fn read(binding: impl Fn(&str) -> Option<String>) -> Self {
        let binding = |name| binding(name).filter(|text| !text.is_empty());
        Self {
            public_origin: binding("PUBLIC_ORIGIN"),
            issuers: binding("ISSUERS"),
            ticket_key: binding("TICKET_KEY"),
            policy: binding("POLICY"),
            jurisdiction: binding("JURISDICTION"),
            linea_inps: binding("LINEA_INPS"),
            links: binding("LINKS"),
            security: binding("SECURITY"),
            webhooks: binding("WEBHOOKS"),
            metrics_token: binding("METRICS_TOKEN"),
            staff: binding("STAFF"),
            turn: binding("TURN"),
            language_model: binding("LANGUAGE_MODEL"),
        }
    }
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
        Ok(Self {
            origin: read_origin(raw.public_origin.as_deref())?,
            issuers: read_issuers(raw.issuers.as_deref())?,
            ticket_key: read_ticket_keys(raw.ticket_key.as_deref())?,
            policy: read_policy(raw.policy.as_deref())?,
            jurisdiction: raw.jurisdiction.filter(|j| !j.is_empty()),
            linea_inps: read_optional(raw.linea_inps.as_deref(), LineaInps::parse)?,
            links: read_optional(raw.links.as_deref(), read_links)?.unwrap_or_default(),
            security: read_optional(raw.security.as_deref(), read_security)?,
            webhooks: read_optional(raw.webhooks.as_deref(), read_webhooks)?.unwrap_or_default(),
            metrics_token: read_optional(raw.metrics_token.as_deref(), read_metrics_token)?,
            staff: read_optional(raw.staff.as_deref(), Staff::parse)?,
            turn: read_optional(raw.turn.as_deref(), Turn::parse)?,
            language_model: read_optional(raw.language_model.as_deref(), LanguageModel::parse)?,
        })
    }

    /// Every fault of the settings, where [`parse`](Self::parse) has the first one.
    pub fn faults(raw: &RawSettings) -> Vec<String> {
        let checked = [
            read_origin(raw.public_origin.as_deref()).err(),
            read_issuers(raw.issuers.as_deref()).err(),
            read_ticket_keys(raw.ticket_key.as_deref()).err(),
            read_policy(raw.policy.as_deref()).err(),
            read_optional(raw.linea_inps.as_deref(), LineaInps::parse).err(),
            read_optional(raw.links.as_deref(), read_links).err(),
            read_optional(raw.security.as_deref(), read_security).err(),
            read_optional(raw.webhooks.as_deref(), read_webhooks).err(),
            read_optional(raw.metrics_token.as_deref(), read_metrics_token).err(),
            read_optional(raw.staff.as_deref(), Staff::parse).err(),
            read_optional(raw.turn.as_deref(), Turn::parse).err(),
            read_optional(raw.language_model.as_deref(), LanguageModel::parse).err(),
        ];
        let sentence = |fault| match fault {
            Fault::Settings(sentence) => sentence,
            Fault::Store(_) | Fault::Corrupt(_) | Fault::Newer(_) | Fault::Platform(_) => fault.to_string(),
        };
        checked.into_iter().flatten().map(sentence).collect()
    }

    /// The names of the webhooks.
    pub fn webhook_names(&self) -> Vec<String> {
        self.webhooks.iter().map(|webhook| webhook.name.clone()).collect()
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

fn read_origin(text: Option<&str>) -> Result<String, Fault> {
    let advice = "write the address people reach the service at, such as https://chat.example";
    let text = required("PUBLIC_ORIGIN", text, advice)?;
    origin::normal(text).map_err(|reason| wrong("PUBLIC_ORIGIN", &reason))
}

/// The keys of tickets without the blanks around them, one a line; the fault says what to write.
pub fn read_ticket_keys(text: Option<&str>) -> Result<String, Fault> {
    let text =
        required("TICKET_KEY", text, "write the 64 hexadecimal digits that `openssl rand -hex 32` prints")?;
    let keys: Vec<&str> = text.lines().map(str::trim).filter(|key| !key.is_empty()).collect();
    if keys.is_empty() || keys.iter().any(|key| key.len() < least_chars(key)) {
        let reason =
            "must have at least 32 characters: 64 if all are hexadecimal digits, 43 if all are of base64url";
        return Err(wrong("TICKET_KEY", reason));
    }
    if keys.len() > MOST_TICKET_KEYS {
        let reason = format!("has {} keys: remove those that signed no ticket for 12 hours", keys.len());
        return Err(wrong("TICKET_KEY", &reason));
    }
    Ok(keys.join("\n"))
}

fn read_policy(text: Option<&str>) -> Result<Policy, Fault> {
    let text = text.filter(|text| !text.is_empty()).unwrap_or(SHIPPED_POLICY);
    Policy::parse(text).map_err(|error| Fault::Settings(error.to_string()))
}

fn read_optional<T>(
    text: Option<&str>,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Result<Option<T>, Fault> {
    text.filter(|text| !text.is_empty()).map(read).transpose()
}

fn read_issuers(text: Option<&str>) -> Result<Vec<Issuer>, Fault> {
    let text = required("ISSUERS", text, "write a JSON list with one member for each portal and sign-in")?;
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

fn read_security(text: &str) -> Result<SecurityContact, Fault> {
    let wrong = |reason: &str| wrong("SECURITY", reason);
    let security: SecurityContact = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    if !is_contact(&security.contact) {
        return Err(wrong("contact must be an https:, mailto: or tel: address"));
    }
    if security.policy.as_deref().is_some_and(|address| !is_web_page(address)) {
        return Err(wrong("policy must be an https: address"));
    }
    Ok(security)
}

fn read_webhooks(text: &str) -> Result<Vec<Webhook>, Fault> {
    let wrong = |reason: &str| wrong("WEBHOOKS", reason);
    let webhooks: Vec<Webhook> = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    if webhooks.len() > MOST_WEBHOOKS {
        return Err(wrong(&format!("at most {MOST_WEBHOOKS}, because each event is stored once for each")));
    }
    let mut names = BTreeSet::new();
    for webhook in &webhooks {
        let Webhook { name, url, .. } = webhook;
        let wrong = |reason: &str| wrong(&format!("\"{name}\": {reason}"));
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if name.is_empty() || name.len() > 32 || !name.chars().all(is_word) {
            return Err(wrong("name must be 1 to 32 letters, digits or hyphens"));
        }
        if !names.insert(name) {
            return Err(wrong("is there twice"));
        }
        if !is_web_address(url) {
            return Err(wrong("url must be an http(s):// address"));
        }
        if webhook.key().is_none() {
            return Err(wrong(
                "secret must be the base64 of 24 to 64 random bytes (openssl rand -base64 32)",
            ));
        }
    }
    Ok(webhooks)
}

/// Each event is a row of the outbox for each webhook.
const MOST_WEBHOOKS: usize = 5;

/// The token without the blanks around it, in the characters that a header can carry.
fn read_metrics_token(text: &str) -> Result<String, Fault> {
    let token = text.trim();
    if token.len() < least_chars(token) || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let reason = "must be one word of 32 ASCII characters or more: 64 if all are hexadecimal digits (`openssl rand -hex 32`), 43 if all are of base64url";
        return Err(wrong("METRICS_TOKEN", reason));
    }
    Ok(token.to_string())
}

fn required<'t>(name: &str, value: Option<&'t str>, advice: &str) -> Result<&'t str, Fault> {
    let value = value.filter(|text| !text.is_empty());
    value.ok_or_else(|| wrong(name, &format!("is not set: {advice}")))
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

/// An address a report can be sent to (RFC 9116, 2.5.3). It becomes one line of a file.
fn is_contact(text: &str) -> bool {
    let is_mail = |address: &str| {
        address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
            && address.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>".contains(&b))
    };
    let is_number = |number: &str| {
        number.strip_prefix('+').is_some_and(|digits| {
            digits.starts_with(|first: char| first.is_ascii_digit())
                && digits.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        })
    };
    is_web_page(text)
        || text.strip_prefix("mailto:").is_some_and(is_mail)
        || text.strip_prefix("tel:").is_some_and(is_number)
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

/// A rotation needs two; each further one is a signature that every forged ticket makes the service check.
const MOST_TICKET_KEYS: usize = 4;

/// The policy of a service whose installation says none.
pub const SHIPPED_POLICY: &str = include_str!("../policy.json");

#[cfg(test)]
mod tests;
