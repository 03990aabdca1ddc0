// SPDX-License-Identifier: EUPL-1.2
//! A real provider of OpenID Connect: the certified `oidc-provider` of npm, in `e2e/oidc/provider.js`, on another site than the
//! edge.

use reqwest::Client;
use serde_json::json;
use tempfile::TempDir;

use crate::{
    artefacts, edge,
    error::{Error, While},
    program::Program,
    staff::ACR,
    wait,
};

/// A running provider. Dropping it ends it.
pub struct OidcProvider {
    program: Program,
    port: u16,
    http: Client,
    // Last, because fields are dropped in order and the program writes here.
    _folder: TempDir,
}

impl OidcProvider {
    /// A port that is free now, on which it will be: the edge is told where before the provider is told of the edge.
    pub fn pick() -> Result<u16, Error> {
        edge::free_port()
    }

    /// The `iss` of a provider on a port.
    pub fn issuer_at(port: u16) -> String {
        format!("http://{HOST}:{port}")
    }

    /// Starts a provider for an edge of that origin, which signs by an algorithm.
    pub async fn start(edge: &str, port: u16, algorithm: &str) -> Result<Self, Error> {
        let folder = tempfile::tempdir().while_doing("making a folder for the provider")?;
        let account = |name: &str, groups: &[&str]| json!({ "name": name, "groups": groups });
        let configuration = json!({
            "packages": artefacts::oidc()?,
            "host": HOST,
            "port": port,
            "acr": ACR,
            "algorithm": algorithm,
            "client": {
                "client_id": "infocig",
                "redirect_uris": [format!("{edge}/v1/staff/callback")],
                "post_logout_redirect_uris": [format!("{edge}/console")],
                "backchannel_logout_uri": format!("{edge}/v1/staff/backchannel-logout"),
                "backchannel_logout_session_required": true,
            },
            "accounts": {
                "giulia": account("Giulia Ferri", &["cig-operatori"]),
                "ada": account("Ada Conti", &["cig-responsabili"]),
                "piero": account("Piero Nessuno", &["altro"]),
            },
        });
        let mut command = Program::guarded("node");
        command.arg(artefacts::oidc_program()?).arg(configuration.to_string());
        let log = folder.path().join("provider.log");
        let mut program = Program::start(command, &log)?;
        wait::until_started("the provider listens", async || {
            if program.written().contains("listening") {
                return Some(Ok(()));
            }
            let status = program.ended()?;
            Some(Err(Error::new(format!("the provider ended ({status}): {}", program.written()))))
        })
        .await??;
        let http = Client::builder().no_proxy().build().while_doing("making an HTTP client")?;
        Ok(Self { program, port, http, _folder: folder })
    }

    /// Its `iss`.
    pub fn issuer(&self) -> String {
        Self::issuer_at(self.port)
    }

    /// An administrator ends every session of a person.
    pub async fn leave(&self, account: &str) -> Result<(), Error> {
        self.tell(&format!("leave/{account}")).await
    }

    /// The provider loses the sessions of a person, and tells nobody.
    pub async fn forget(&self, account: &str) -> Result<(), Error> {
        self.tell(&format!("forget/{account}")).await
    }

    /// A person belongs to other groups from now on.
    pub async fn regroup(&self, account: &str, groups: &str) -> Result<(), Error> {
        self.tell(&format!("groups/{account}/{groups}")).await
    }

    async fn tell(&self, path: &str) -> Result<(), Error> {
        let url = format!("{}/test/{path}", self.issuer());
        let answer = self.http.post(url).send().await.while_doing("telling the provider")?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let text = answer.text().await.unwrap_or_default();
        Err(Error::new(format!("the provider answered {status} {text}: {}", self.program.written())))
    }
}

/// Another site than the edge's, which is 127.0.0.1: cookies cross it as they would in the world.
const HOST: &str = "localhost";
