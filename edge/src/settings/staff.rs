// SPDX-License-Identifier: EUPL-1.2
//! `STAFF`: the provider at which the staff sign in, and the roles that it gives.

use std::collections::BTreeMap;

use infocig_domain::{desk::fit::Profile, staff::StaffRole};
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::error::Category;

use super::{MAX_SKEW_S, SKEW_S, is_web_address, wrong};
use crate::{
    auth::{advisor::ProfileWords, modi::Identity, oidc::client::ClientProof},
    problem::Fault,
};

/// The provider of the staff's sign-in (OpenID Connect), and what it is asked for.
#[derive(Clone, Debug)]
pub struct Staff {
    /// Its `iss`, below which its discovery document is.
    pub issuer: String,
    /// This service, as it knows it.
    pub client_id: String,
    /// How this service proves that.
    pub proof: ClientProof,
    /// The scopes that are asked for, with blanks between.
    pub scope: String,
    /// The values of [`acr_claim`](Self::acr_claim) that are accepted.
    pub acr: Vec<String>,
    /// The claim that says how somebody proved who they are.
    pub acr_claim: String,
    /// The algorithms of its signatures.
    pub algorithms: Vec<Algorithm>,
    /// The claim that gives roles.
    pub roles_claim: String,
    /// Its values that give one.
    pub roles: Vec<RoleRule>,
    /// The claim with the name people read.
    pub name_claim: String,
    /// Claims that must have a value.
    pub required: BTreeMap<String, String>,
    /// How long a session stands without asking the provider again.
    pub session_minutes: u16,
    /// After how long it ends in any case.
    pub session_hours: u16,
    /// How long ago they may have proved who they are, where that matters.
    pub max_age_minutes: Option<u32>,
    /// By how many seconds its clock may differ from the service's.
    pub leeway_s: u16,
}

/// A value of the claim of roles, and what it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleRule {
    /// The value, whole.
    pub value: String,
    /// The role.
    pub role: StaffRole,
    /// The people to answer.
    pub profile: Profile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStaff {
    issuer: String,
    client_id: String,
    client_secret: Option<String>,
    client_key: Option<RawKey>,
    acr: Vec<String>,
    #[serde(default = "acr")]
    acr_claim: String,
    #[serde(default = "algorithms")]
    algorithms: Vec<String>,
    #[serde(default = "scope")]
    scope: String,
    #[serde(default = "groups")]
    roles_claim: String,
    roles: Vec<RawRole>,
    #[serde(default = "name")]
    name_claim: String,
    #[serde(default)]
    required: BTreeMap<String, String>,
    #[serde(default = "session_minutes")]
    session_minutes: u16,
    #[serde(default = "session_hours")]
    session_hours: u16,
    max_age_minutes: Option<u32>,
    #[serde(default = "leeway_s")]
    leeway_s: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawKey {
    kid: String,
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    value: String,
    role: String,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    languages: Vec<String>,
    #[serde(default)]
    regions: Vec<String>,
    #[serde(default)]
    provinces: Vec<String>,
    #[serde(default)]
    skills: Vec<String>,
    #[serde(default)]
    queues: Vec<String>,
}

fn acr() -> String {
    "acr".into()
}

fn algorithms() -> Vec<String> {
    ["ES256", "PS256", "RS256"].map(String::from).into()
}

fn scope() -> String {
    "openid profile".into()
}

fn groups() -> String {
    "groups".into()
}

fn name() -> String {
    "name".into()
}

const fn session_minutes() -> u16 {
    15
}

const fn session_hours() -> u16 {
    12
}

const fn leeway_s() -> u16 {
    SKEW_S
}

impl Staff {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |reason: &str| wrong("STAFF", reason);
        // An error of serde about a member of the wrong type repeats its value, and members are secret.
        let raw: RawStaff = serde_json::from_str(text).map_err(|error| match error.classify() {
            Category::Data if !error.to_string().starts_with("invalid") => wrong(&error.to_string()),
            Category::Data => {
                let place = format!("line {}, column {}", error.line(), error.column());
                wrong(&format!("has a member of another type than it must have, before {place}"))
            }
            Category::Io | Category::Syntax | Category::Eof => wrong(&format!("is not JSON: {error}")),
        })?;
        if !is_web_address(&raw.issuer) || raw.issuer.contains('?') {
            return Err(wrong("issuer must be the http(s):// address of the provider, to the letter"));
        }
        if raw.issuer.starts_with("http:") && !is_this_machine(&raw.issuer) {
            return Err(wrong("issuer must be an https: address: codes and tokens travel to it"));
        }
        let texts = [
            ("client_id", &raw.client_id),
            ("acr_claim", &raw.acr_claim),
            ("roles_claim", &raw.roles_claim),
            ("name_claim", &raw.name_claim),
        ];
        if let Some((name, _)) = texts.into_iter().find(|(_, text)| text.trim().is_empty()) {
            return Err(wrong(&format!("{name} must not be empty")));
        }
        if raw.acr.is_empty() || raw.acr.iter().any(|acr| acr.is_empty() || acr.contains(' ')) {
            return Err(wrong("acr must list the values that are accepted, each without blanks"));
        }
        if !raw.scope.split(' ').any(|scope| scope == "openid") {
            return Err(wrong("scope must have openid among its words"));
        }
        let algorithms = raw.algorithms.iter().map(|word| {
            let known = crate::auth::oidc::algorithm(word);
            known.ok_or_else(|| wrong("algorithms must be some of ES256, PS256, RS256"))
        });
        let algorithms: Vec<Algorithm> = algorithms.collect::<Result<_, _>>()?;
        if algorithms.is_empty() {
            return Err(wrong("algorithms must be some of ES256, PS256, RS256"));
        }
        if !(2..=60).contains(&raw.session_minutes) {
            return Err(wrong("session_minutes must be 2 to 60"));
        }
        if !(1..=24).contains(&raw.session_hours) {
            return Err(wrong("session_hours must be 1 to 24"));
        }
        if raw.leeway_s > MAX_SKEW_S {
            return Err(wrong(&format!("leeway_s must be at most {MAX_SKEW_S}")));
        }
        if raw.roles.is_empty() {
            return Err(wrong("roles must name at least one value that gives a role"));
        }
        let roles = raw.roles.into_iter().map(RoleRule::parse).collect::<Result<_, _>>()?;
        let proof = match (raw.client_secret, raw.client_key) {
            (None, None) => ClientProof::Public,
            (Some(secret), None) if !secret.is_empty() => ClientProof::Secret(secret),
            (None, Some(RawKey { kid, key })) => {
                let identity = Identity::new(raw.client_id.clone(), kid, &key);
                let identity = identity
                    .ok_or_else(|| wrong("client_key.key must be a P-256 private key in PKCS#8, PEM"))?;
                ClientProof::Key(Box::new(identity))
            }
            (Some(_), _) => return Err(wrong("client_secret and client_key: one of them, not empty")),
        };
        Ok(Self {
            issuer: raw.issuer,
            client_id: raw.client_id,
            proof,
            scope: raw.scope,
            acr: raw.acr,
            acr_claim: raw.acr_claim,
            algorithms,
            roles_claim: raw.roles_claim,
            roles,
            name_claim: raw.name_claim,
            required: raw.required,
            session_minutes: raw.session_minutes,
            session_hours: raw.session_hours,
            max_age_minutes: raw.max_age_minutes,
            leeway_s: raw.leeway_s,
        })
    }
}

impl RoleRule {
    fn parse(raw: RawRole) -> Result<Self, Fault> {
        let wrong = |reason: &str| wrong("STAFF", &format!("roles: \"{}\": {reason}", raw.value));
        if raw.value.is_empty() {
            return Err(wrong("value must not be empty"));
        }
        let role = StaffRole::parse(&raw.role);
        let role = role.ok_or_else(|| {
            let words = StaffRole::ALL.map(StaffRole::as_str).join(", ");
            wrong(&format!("role must be one of {words}"))
        })?;
        let words = ProfileWords {
            categories: &raw.categories,
            languages: &raw.languages,
            regions: &raw.regions,
            provinces: &raw.provinces,
            skills: &raw.skills,
            queues: &raw.queues,
        };
        let profile =
            words.profile().map_err(|(name, word)| wrong(&format!("{name} has an unknown word: {word}")))?;
        Ok(Self { value: raw.value, role, profile })
    }
}

/// Whether an address is one of this machine, where nothing travels.
fn is_this_machine(address: &str) -> bool {
    let host = address.trim_start_matches("http://");
    ["127.0.0.1", "localhost", "[::1]"]
        .into_iter()
        .any(|own| host.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/'])))
}
