// SPDX-License-Identifier: EUPL-1.2
//! `infocig policy`: the versions of the policy of a running service, for scripts (`docs/policy.openapi.yaml`).
//!
//! Results are the documents of the service, as JSON on standard output.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use infocig_edge::http::origin;
use infocig_protocol::http::{DeskSessionOpened, Problem};
use infocig_protocol::policy::{ClosingReason, PolicyHistory, PolicyPreview};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use crate::{Error, While, answer, log};

/// Publish rules on a running service, and see which are in force
///
/// Signs in with a token of somebody whose role is administrator (`docs/integrators.md`, or that of a session of the staff) and
/// prints what the service answers, as JSON. Ends with 0 when it is done, with 1 when the service refused it, or with 2 when an
/// argument cannot be used.
#[derive(Debug, Args)]
pub(crate) struct Published {
    /// The origin of the service, such as `https://chat.example`
    #[arg(long, value_name = "URL", global = true, default_value = "http://127.0.0.1:8787")]
    edge: String,
    /// A file with an administrator's token
    #[arg(long, value_name = "FILE", global = true)]
    token_file: Option<PathBuf>,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// The newest versions, and which is in force
    History,
    /// A version's document, as it was written; left out: the one in force
    Show { number: Option<u32> },
    /// What a document would change; ends with 1 if it is no policy
    Check { file: PathBuf },
    /// Make a version of a document: published, or proposed where a second person must approve it
    Publish {
        file: PathBuf,
        /// Why, in the history
        #[arg(long)]
        reason: String,
        /// From when it is in force, RFC 3339; left out: at once
        #[arg(long, value_name = "INSTANT")]
        from: Option<String>,
        /// The version it was made from; left out: the newest that is published
        #[arg(long, value_name = "NUMBER")]
        base: Option<u32>,
    },
    /// Approve the version of somebody else
    Approve { number: u32 },
    /// Take a version back before it is in force
    Withdraw { number: u32 },
    /// Close the service at once
    Close {
        /// Until when, RFC 3339
        #[arg(long, value_name = "INSTANT")]
        until: String,
        /// The text that people read
        #[arg(long, value_enum)]
        reason: Reason,
    },
    /// Open it again
    Open,
    /// Put the service banner up; without a text, take it down
    Banner {
        /// The text in Italian
        text: Option<String>,
        /// Until when, RFC 3339; left out: until it is taken down
        #[arg(long, value_name = "INSTANT", requires = "text")]
        until: Option<String>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Reason {
    Maintenance,
    Fault,
    Strike,
    Assembly,
}

impl From<Reason> for ClosingReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Maintenance => Self::Maintenance,
            Reason::Fault => Self::Fault,
            Reason::Strike => Self::Strike,
            Reason::Assembly => Self::Assembly,
        }
    }
}

impl Published {
    pub(crate) fn run(self) -> Result<(), Error> {
        let Self { edge, token_file, act } = self;
        let service = Service::sign_in(&edge, token_file.as_deref())?;
        let answered: Value = match act {
            Act::History => service.get("/v1/policy")?,
            Act::Show { number } => {
                let number = number.map_or_else(|| service.history().map(|history| history.in_force), Ok)?;
                let version: Value = service.get(&format!("/v1/policy/versions/{number}"))?;
                answer(version["document"].as_str().unwrap_or_default().trim_end());
                return Ok(());
            }
            Act::Check { file } => {
                let preview: Value =
                    service.post("/v1/policy/preview", &json!({ "document": read(&file)? }))?;
                let PolicyPreview { fault, .. } =
                    serde_json::from_value(preview.clone()).while_doing("reading the preview")?;
                if let Some(fault) = fault {
                    let place = format!("line {}, column {}", fault.line, fault.column);
                    return Err(Error::new(format!("{}: {place}: {}", file.display(), fault.reason)));
                }
                preview
            }
            Act::Publish { file, reason, from, base } => {
                let base = base.map_or_else(|| service.history().map(|history| newest(&history)), Ok)?;
                let draft = json!({ "document": read(&file)?, "base": base, "reason": reason, "from": from });
                service.post("/v1/policy/versions", &draft)?
            }
            Act::Approve { number } => {
                service.post(&format!("/v1/policy/versions/{number}/approve"), &json!({}))?
            }
            Act::Withdraw { number } => {
                service.post(&format!("/v1/policy/versions/{number}/withdraw"), &json!({}))?
            }
            Act::Close { until, reason } => {
                let reason = ClosingReason::from(reason).as_str();
                service.post("/v1/policy/closing", &json!({ "until": until, "reason": reason }))?
            }
            Act::Open => service.post("/v1/policy/opening", &json!({}))?,
            Act::Banner { text, until } => {
                let text = text.map(|text| json!({ "it": text }));
                service.post("/v1/policy/banner", &json!({ "text": text, "until": until }))?
            }
        };
        answer(answered);
        Ok(())
    }
}

/// The newest version that is published. Fifty versions that are proposed or withdrawn have not hidden it: then the one in force.
fn newest(history: &PolicyHistory) -> u32 {
    use infocig_protocol::policy::PolicyState;

    let published = history.versions.iter().filter(|version| version.state == PolicyState::Published);
    published.map(|version| version.number).max().unwrap_or(history.in_force)
}

fn read(file: &Path) -> Result<String, Error> {
    fs::read_to_string(file)
        .map_err(|error| Error::Usage(format!("{} cannot be read: {error}", file.display())))
}

/// A running service, with the ticket of who signed in.
struct Service {
    origin: String,
    ticket: String,
    http: Agent,
}

impl Service {
    fn sign_in(edge: &str, token_file: Option<&Path>) -> Result<Self, Error> {
        let usage = |reason: String| Error::Usage(format!("--edge {edge} {reason}"));
        let origin = origin::normal(edge).map_err(usage)?;
        let file = token_file.ok_or_else(|| Error::Usage("--token-file names no file".into()))?;
        let http = Agent::config_builder()
            .timeout_global(Some(ANSWERS_WITHIN))
            .http_status_as_error(false)
            .max_redirects(0)
            .build();
        let mut service = Self { origin, ticket: read(file)?.trim().to_string(), http: http.into() };
        let session: DeskSessionOpened = service.post("/v1/desk/sessions", &json!({}))?;
        log(format_args!("signed in as {}", session.advisor));
        service.ticket = session.ticket;
        Ok(service)
    }

    fn history(&self) -> Result<PolicyHistory, Error> {
        self.get("/v1/policy")
    }

    fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.ask("GET", path, String::new())
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Error> {
        self.ask("POST", path, body.to_string())
    }

    fn ask<T: DeserializeOwned>(&self, method: &str, path: &str, body: String) -> Result<T, Error> {
        let doing = format!("{method} {path}");
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.origin))
            .header("authorization", format!("Bearer {}", self.ticket))
            .header("content-type", "application/json")
            .body(body)
            .while_doing(&doing)?;
        let mut response = self.http.run(request).while_doing(&doing)?;
        let status = response.status().as_u16();
        let text = response.body_mut().read_to_string().while_doing(&doing)?;
        if (200..300).contains(&status) {
            return serde_json::from_str(&text).while_doing(&doing);
        }
        Err(match serde_json::from_str::<Problem>(&text) {
            Ok(problem) => Error::new(format!("{doing}: {} ({})", problem.detail, problem.code.as_str())),
            Err(_) => Error::new(format!("{doing}: answered {status}")),
        })
    }
}

/// A preview of a large document takes a second.
const ANSWERS_WITHIN: Duration = Duration::from_secs(30);
