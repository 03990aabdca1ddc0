// SPDX-License-Identifier: EUPL-1.2
//! `infocig check`: finds what would keep the service from running, before it runs. Each fault is a sentence that says what to
//! write, or what to do; any of them ends the command with 1.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::Args;
use infocig_domain::policy::{CallRules, Policy};
use infocig_edge::auth::jws::read_keys;
use infocig_edge::auth::oidc::provider::{self, Provider};
use infocig_edge::http::bounded_body::MAX_KEY_SET_BYTES;
use infocig_edge::settings::{Issuer, Settings, Staff, Turn};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::Serialize;
use serde_json::{Value, json};
use ureq::Agent;

use crate::environment::Environment;
use crate::folder;
use crate::serve::most_descriptors;
use crate::{Error, answer, now};

/// Find what would keep the service from running
///
/// Checks the settings of the environment and the files they name, the policy, the keys, whether each issuer's key set can be
/// fetched and has a key that can be used, this machine's clock against the issuers', the limit of descriptors, and the folder
/// of data: free space, write permission, lock. With `--url`, also what the service that runs there finds. Ends with 1 if anything is
/// at fault.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The folder of data
    #[arg(long, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// A policy document; left out: `POLICY`, `POLICY_FILE`, or the one shipped
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Fetch no key set
    #[arg(long)]
    offline: bool,
    /// The address of the running service, which is asked what it finds itself (`/readyz`)
    #[arg(long, value_name = "ADDRESS")]
    url: Option<String>,
    /// One object on one line
    #[arg(long)]
    json: bool,
}

/// What was found about one subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    subject: String,
    verdict: Verdict,
    sentence: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Good,
    /// It works, and is not as it should be in production.
    Doubtful,
    /// The service would not run, or would refuse people.
    Fault,
}

impl Check {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let findings = self.findings();
        let faults = findings.iter().filter(|finding| finding.verdict == Verdict::Fault).count();
        if self.json {
            answer(json!({ "faults": faults, "findings": findings }));
        } else {
            for Finding { subject, verdict, sentence } in &findings {
                let mark = match verdict {
                    Verdict::Good => "✓",
                    Verdict::Doubtful => "!",
                    Verdict::Fault => "✗",
                };
                answer(format_args!("{mark} {subject}: {sentence}"));
            }
        }
        match faults {
            0 => Ok(()),
            1 => Err(Error::new("one fault")),
            faults => Err(Error::new(format!("{faults} faults"))),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        match Environment::read(self.policy.as_deref()) {
            Ok(environment) => findings.extend(self.of_settings(&environment)),
            Err(error) => findings.push(fault("settings", error.to_string())),
        }
        findings.push(descriptors());
        findings.extend(self.data.iter().flat_map(|data| of_folder(data)));
        findings.extend(self.url.iter().flat_map(|url| of_running(url)));
        findings
    }

    fn of_settings(&self, environment: &Environment) -> Vec<Finding> {
        let raw = environment.raw();
        let faults = Settings::faults(&raw);
        if !faults.is_empty() {
            return faults.into_iter().map(|sentence| fault("settings", sentence)).collect();
        }
        let settings = match Settings::parse(raw) {
            Ok(settings) => settings,
            Err(error) => return vec![fault("settings", error.to_string())],
        };
        let mut findings = vec![good("settings", "each can be used")];
        findings.push(origin(&settings.origin));
        findings.push(policy(&settings.policy));
        findings.push(ticket_keys(&settings.ticket_key));
        for issuer in &settings.issuers {
            findings.extend(insecure(issuer));
            if !self.offline {
                findings.extend(of_issuer(issuer, now()));
            }
        }
        findings.push(match &settings.linea_inps {
            Some(linea_inps) => good("Linea INPS", format!("segnalazioni go to {}", linea_inps.base)),
            None => {
                doubtful("Linea INPS", "LINEA_INPS is not set: segnalazioni wait, and cases are not shown")
            }
        });
        findings.push(match &settings.staff {
            Some(staff) if self.offline => good("staff", format!("they sign in at {}", staff.issuer)),
            Some(staff) => of_provider(staff),
            None => good("staff", "portals sign their tokens: STAFF is not set"),
        });
        findings.extend(relay(settings.policy.calls, settings.turn.as_ref()));
        findings.push(match &settings.security {
            Some(security) => {
                good("security.txt", format!("weaknesses are reported to {}", security.contact))
            }
            None => {
                doubtful("security.txt", "SECURITY is not set: nobody is named for reports of weaknesses")
            }
        });
        findings
    }
}

/// The relay of calls, where the policy has calls.
fn relay(calls: CallRules, turn: Option<&Turn>) -> Option<Finding> {
    match turn {
        _ if !calls.on => None,
        Some(_) => Some(good("calls", "there is a relay for their media")),
        None if calls.relay_only => Some(fault(
            "calls",
            "the policy wants their media relayed, and TURN is not set: none comes about",
        )),
        None => Some(doubtful("calls", "TURN is not set: networks of companies let no media through")),
    }
}

/// The provider at which the staff sign in.
fn of_provider(staff: &Staff) -> Finding {
    let address = provider::address(&staff.issuer);
    let document = fetch(&address);
    let read = document.and_then(|text| {
        Provider::read(&text, &staff.issuer).map_err(|_| {
            format!("{address} is not the discovery document of {}, to the letter", staff.issuer)
        })
    });
    let keys = read.and_then(|provider| {
        let keys = fetch(&provider.jwks_uri)?;
        read_keys(&keys).map_err(|error| format!("{} is no key set: {error}", provider.jwks_uri))
    });
    match keys {
        Ok(keys) if keys.keys.is_empty() => fault("staff", format!("{} publishes no key", staff.issuer)),
        Ok(_) => good("staff", format!("they sign in at {}", staff.issuer)),
        Err(sentence) => fault("staff", sentence),
    }
}

fn origin(origin: &str) -> Finding {
    if origin.starts_with("https://") {
        good("origin", format!("tokens must name {origin} as their audience"))
    } else {
        let sentence = format!(
            "{origin} is not https://: fine on one machine, and no browser's page over https may use it"
        );
        doubtful("origin", sentence)
    }
}

fn policy(policy: &Policy) -> Finding {
    let queues: Vec<&str> = policy.queues.iter().map(|queue| queue.id.as_str()).collect();
    good("policy", format!("can be used, with the queues {}", queues.join(", ")))
}

fn ticket_keys(keys: &str) -> Finding {
    match keys.lines().count() {
        0 | 1 => good("ticket key", "one key"),
        more => good("ticket key", format!("{more} keys: the first signs, all verify")),
    }
}

/// Pages and keys that travel unprotected.
fn insecure(issuer: &Issuer) -> Option<Finding> {
    let is_plain = |address: &&String| {
        let host = address.strip_prefix("http://");
        host.is_some_and(|host| {
            !["127.0.0.1", "localhost", "[::1]"].iter().any(|local| host.starts_with(local))
        })
    };
    let plain = issuer.origins.iter().chain([&issuer.jwks_uri]).find(is_plain)?;
    let sentence = format!("{plain} is not https://: anybody on the way could change its keys or its pages");
    Some(doubtful(&issuer.issuer, sentence))
}

fn agent() -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(ANSWERS_WITHIN))
        // The service makes its connections itself, without a proxy.
        .proxy(None)
        .http_status_as_error(false)
        .build();
    config.into()
}

/// The checks of a running service, as it answers them.
fn of_running(url: &str) -> Vec<Finding> {
    let address = format!("{}/readyz", url.trim_end_matches('/'));
    let answered = agent().get(&address).call().and_then(|mut response| response.body_mut().read_to_string());
    match answered {
        Ok(document) => of_readiness(&address, &document),
        Err(error) => {
            vec![fault(url, format!("{address} does not answer ({error}): is the service running there?"))]
        }
    }
}

fn of_readiness(address: &str, document: &str) -> Vec<Finding> {
    let document: Value = serde_json::from_str(document).unwrap_or_default();
    let Some(checks) = document["checks"].as_array() else {
        let sentence = "does not answer with its checks: is it the address of INFO CIG?";
        return vec![fault(address, sentence)];
    };
    let finding = |check: &Value| {
        let subject = format!("{address} {}", check["check"].as_str().unwrap_or_default());
        let words = ["found", "do"].into_iter().filter_map(|member| check[member].as_str());
        let sentence = words.collect::<Vec<_>>().join(": ");
        match check["state"].as_str() {
            Some("ok") => good(&subject, sentence),
            Some("degraded" | "waiting") => doubtful(&subject, sentence),
            Some(_) | None => fault(&subject, sentence),
        }
    };
    checks.iter().map(finding).collect()
}

/// Fetches the key set of an issuer, as the service will, and compares the clocks by the header `Date` of the answer.
/// The text at an address, or a sentence that says why there is none.
fn fetch(address: &str) -> Result<String, String> {
    let mut response =
        agent().get(address).call().map_err(|error| format!("{address} cannot be fetched ({error})"))?;
    if response.status() != 200 {
        return Err(format!("{address} answers {}", response.status()));
    }
    let most = u64::try_from(MAX_KEY_SET_BYTES).unwrap_or(u64::MAX);
    let text = response.body_mut().with_config().limit(most).read_to_string();
    text.map_err(|error| format!("{address} has no text of at most {MAX_KEY_SET_BYTES} bytes: {error}"))
}

fn of_issuer(issuer: &Issuer, now: SystemTime) -> Vec<Finding> {
    let (name, uri) = (issuer.issuer.as_str(), &issuer.jwks_uri);
    let mut response = match agent().get(uri).call() {
        Ok(response) => response,
        Err(error) => {
            let sentence = format!(
                "{uri} cannot be fetched ({error}): check jwks_uri, the name server, and what lies between; the service uses \
                 no outbound proxy"
            );
            return vec![fault(name, sentence)];
        }
    };
    if response.status() != 200 {
        let sentence =
            format!("{uri} answers {}: jwks_uri must be the address of its key set", response.status());
        return vec![fault(name, sentence)];
    }
    let mut findings = Vec::new();
    let date = response.headers().get("date").and_then(|date| date.to_str().ok()).map(ToOwned::to_owned);
    let most = u64::try_from(MAX_KEY_SET_BYTES).unwrap_or(u64::MAX);
    findings.push(match response.body_mut().with_config().limit(most).read_to_string() {
        Ok(text) => keys(name, uri, &text),
        Err(error) => {
            fault(name, format!("{uri} is no key set of at most {MAX_KEY_SET_BYTES} bytes: {error}"))
        }
    });
    findings.extend(date.and_then(|date| clock(issuer, &date, now)));
    findings
}

fn keys(name: &str, uri: &str, text: &str) -> Finding {
    let Ok(keys) = read_keys(text) else {
        return fault(
            name,
            format!("{uri} is no key set (RFC 7517): jwks_uri must be the address of its key set"),
        );
    };
    match keys.keys.iter().filter(|key| infocig_edge::auth::jws::can_verify(key)).count() {
        0 => fault(
            name,
            format!("{uri} has no key that can be used: tokens are signed with ES256, by a key on P-256"),
        ),
        some => good(name, format!("{uri} has {some} of {} keys that can be used", keys.keys.len())),
    }
}

fn clock(issuer: &Issuer, date: &str, now: SystemTime) -> Option<Finding> {
    let theirs = DateTimeParser::new().parse_timestamp(date).ok()?;
    let ours = Timestamp::try_from(now).ok()?;
    let apart = theirs.as_second() - ours.as_second();
    let (name, leeway) = (issuer.issuer.as_str(), i64::from(issuer.leeway_s));
    let direction = if apart < 0 { "behind" } else { "ahead of" };
    if apart == 0 {
        return Some(good(name, "its clock is this machine's"));
    }
    let sentence = format!(
        "its clock is {} s {direction} this machine's, and its tokens may be {leeway} s off",
        apart.abs()
    );
    Some(if apart.abs() > leeway {
        fault(
            name,
            format!("{sentence}: set the clocks (chrony, systemd-timesyncd), or write a larger leeway_s"),
        )
    } else if apart.abs() > leeway / 2 {
        doubtful(name, format!("{sentence}: set the clocks before they drift further"))
    } else {
        good(name, sentence)
    })
}

fn descriptors() -> Finding {
    match most_descriptors() {
        Ok(most) => good("descriptors", format!("{most} may be open")),
        Err(error) => fault("descriptors", error.to_string()),
    }
}

fn of_folder(data: &Path) -> Vec<Finding> {
    let name = data.display().to_string();
    if !data.exists() {
        return vec![doubtful(&name, "does not exist yet: `infocig serve` creates it")];
    }
    let mut findings = Vec::new();
    let probe = data.join(format!(".check-{}", std::process::id()));
    findings.push(match File::create_new(&probe) {
        Ok(_) => match fs::remove_file(&probe) {
            Ok(()) => good(&name, "can be written"),
            Err(error) => fault(&name, format!("files can be written and not removed: {error}")),
        },
        Err(error) => fault(&name, format!("cannot be written ({error}): make this user its owner")),
    });
    findings.push(match folder::holder(data) {
        Ok(None) => good(&name, "no process runs on it"),
        Ok(Some(holder)) => {
            doubtful(&name, format!("process {holder} runs on it: stop it before you start another one"))
        }
        Err(error) => fault(&name, error.to_string()),
    });
    findings.push(match rustix::fs::statvfs(data) {
        Ok(space) => free(&name, space.f_bavail.saturating_mul(space.f_frsize)),
        Err(error) => fault(&name, format!("its free space cannot be read: {error}")),
    });
    findings
}

fn free(name: &str, bytes: u64) -> Finding {
    let sentence = format!("{} MB are free", bytes / 1_000_000);
    if bytes < LEAST_FREE {
        fault(
            name,
            format!("{sentence}: an acknowledged message must be stored, so make at least 1,000 MB free"),
        )
    } else {
        good(name, sentence)
    }
}

fn good(subject: &str, sentence: impl Into<String>) -> Finding {
    Finding { subject: subject.into(), verdict: Verdict::Good, sentence: sentence.into() }
}

fn doubtful(subject: &str, sentence: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Doubtful, ..good(subject, sentence) }
}

fn fault(subject: &str, sentence: impl Into<String>) -> Finding {
    Finding { verdict: Verdict::Fault, ..good(subject, sentence) }
}

const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
const LEAST_FREE: u64 = 1_000_000_000;

#[cfg(test)]
mod tests;
