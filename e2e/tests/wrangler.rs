// SPDX-License-Identifier: EUPL-1.2
//! The same Worker under `wrangler dev`, with the configuration that deploys it: a person enters, writes, and is stored.
//!
//! A release has no clock to set, so this one runs with a policy that is always open.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use infocig_demo::{HANDOFF_TYPE, Person};
use infocig_e2e::{
    answer::Answer,
    artefacts::{self, Variant},
    chat::Chat,
    issuer::Issuer,
    program::Program,
    socket::Socket,
    tokens::Claims,
    trouble::{Trouble, While},
    wait,
};
use infocig_protocol::http::ConversationOpened;
use reqwest::Client;
use serde_json::{Value, json};

#[tokio::test]
async fn wrangler_serves_the_deployed_configuration() -> Result<(), Trouble> {
    artefacts::worker(Variant::Release)?;
    artefacts::site()?;
    let issuer = Issuer::start().await?;
    let folder = tempfile::tempdir().while_doing("making a folder")?;
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .while_doing("finding a free port")?
        .port();
    let origin = format!("http://127.0.0.1:{port}");
    let configuration = folder.path().join("wrangler.toml");
    fs::write(&configuration, configured(&origin, &issuer.setting())?)
        .while_doing("writing the configuration")?;

    let mut command = Program::guarded(root().join("node_modules/.bin/wrangler"));
    command
        .arg("dev")
        .arg("--config")
        .arg(&configuration)
        .arg("--persist-to")
        .arg(folder.path().join("data"));
    command.args(["--ip", "127.0.0.1", "--port", &port.to_string(), "--show-interactive-dev-session=false"]);
    command.env("WRANGLER_SEND_METRICS", "false").env("CI", "true").current_dir(folder.path());
    let wrangler = Program::start(command, &folder.path().join("log"))?;
    let http = Client::new();
    let healthy = wait::until("wrangler dev", async || {
        let answer = Answer::to(http.get(format!("{origin}/healthz"))).await.ok()?;
        (answer.status == 200).then_some(())
    });
    healthy.await.map_err(|late| Trouble::new(format!("{late}\n{}", wrangler.written())))?;

    let worker = Person::by_id("worker-roma").ok_or_else(|| Trouble::new("nobody is called worker-roma"))?;
    let token = issuer.sign(HANDOFF_TYPE, &Claims::of_person(worker, issuer.origin(), &origin)?)?;
    let request = http.post(format!("{origin}/v1/conversations")).header("origin", issuer.origin());
    let opened: ConversationOpened = Answer::to(request.bearer_auth(token)).await?.document(201)?;
    let url = format!("ws://127.0.0.1:{port}{}", opened.socket);
    let mut chat = Chat::join(Socket::open(&url, issuer.origin()).await?, &opened.ticket, 0).await?;
    let entry = chat.say("Quando sarò pagato?").await?;

    assert_eq!(entry.seq, 2);
    let loader = Answer::to(http.get(format!("{origin}/info-cig.js"))).await?;
    assert_eq!((loader.status, loader.header("content-type")), (200, "text/javascript; charset=utf-8"));
    Ok(())
}

/// `edge/wrangler.toml` with this machine's paths and this test's settings.
fn configured(origin: &str, issuer: &Value) -> Result<String, Trouble> {
    let shipped =
        fs::read_to_string(root().join("edge/wrangler.toml")).while_doing("reading wrangler.toml")?;
    let policy = fs::read_to_string(root().join("edge/policy.json")).while_doing("reading the policy")?;
    let mut policy: Value = serde_json::from_str(&policy).while_doing("reading the policy")?;
    policy["holidays"] = json!([]);
    for hours in policy["hours"].as_array_mut().into_iter().flatten() {
        hours["weekdays"] =
            json!(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]);
        hours["from"] = json!("00:00");
        hours["to"] = json!("24:00");
    }
    let text = |value: &str| json!(value).to_string();
    let settings = [
        ("PUBLIC_ORIGIN = \"https://chat.example\"", format!("PUBLIC_ORIGIN = {}", text(origin))),
        ("ISSUERS = \"[]\"", format!("ISSUERS = {}", text(&json!([issuer]).to_string()))),
        // The local runtime has no jurisdictions.
        (
            "JURISDICTION = \"eu\"",
            format!(
                "TICKET_KEY = \"{}\"\nPOLICY = {}",
                "0123456789abcdef".repeat(4),
                text(&policy.to_string())
            ),
        ),
        ("\"../target", format!("\"{}/target", root().display())),
    ];
    settings.into_iter().try_fold(shipped, |configuration, (shipped, here)| {
        if configuration.contains(shipped) {
            Ok(configuration.replace(shipped, &here))
        } else {
            Err(Trouble::new(format!("wrangler.toml no longer says {shipped}")))
        }
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
