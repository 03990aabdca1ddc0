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
    content_coding::{decoded, is_a},
    error::{Error, While},
    issuer::Issuer,
    program::Program,
    socket::Socket,
    tokens::Claims,
    wait,
};
use infocig_protocol::http::ConversationOpened;
use reqwest::Client;
use serde_json::{Value, json};

#[tokio::test]
async fn wrangler_serves_the_deployed_configuration() -> Result<(), Error> {
    let worker = artefacts::worker(Variant::Release)?.with_file_name("index.js");
    let site = artefacts::release_site()?;
    let issuer = Issuer::start().await?;
    let folder = tempfile::tempdir().while_doing("making a folder")?;
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .while_doing("finding a free port")?
        .port();
    let origin = format!("http://127.0.0.1:{port}");
    let configuration = folder.path().join("wrangler.toml");
    fs::write(&configuration, configured(&worker, &origin, &issuer.setting())?)
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
    healthy.await.map_err(|late| Error::new(format!("{late}\n{}", wrangler.written())))?;

    let worker = Person::by_id("worker-roma").ok_or_else(|| Error::new("nobody is called worker-roma"))?;
    let token = issuer.sign(HANDOFF_TYPE, &Claims::of_person(worker, issuer.origin(), &origin)?)?;
    let request = http.post(format!("{origin}/v1/conversations")).header("origin", issuer.origin());
    let opened: ConversationOpened = Answer::to(request.bearer_auth(token)).await?.document(201)?;
    let url = format!("ws://127.0.0.1:{port}{}", opened.socket);
    let socket = Socket::open(&url, issuer.origin(), &opened.ticket).await?;
    let mut chat = Chat::join(socket, &opened.ticket, 0).await?;
    let entry = chat.post_message("Quando sarò pagato?").await?;

    assert_eq!(entry.seq, 2);
    let loader = Answer::to(http.get(format!("{origin}/info-cig.js"))).await?;
    assert_eq!((loader.status, loader.header("content-type")), (200, "text/javascript; charset=utf-8"));
    files_travel_compressed(&http, &origin, &site).await
}

/// The deployment's assets in the place of a folder: the same forms, and the same bytes behind them.
async fn files_travel_compressed(http: &Client, origin: &str, site: &Path) -> Result<(), Error> {
    let module = fs::read_dir(site.join("widget")).while_doing("reading the site")?;
    let module = module.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let module = module.into_iter().find(|name| name.starts_with("info-cig-") && is_a("wasm", name));
    let module = format!("widget/{}", module.unwrap_or_default());
    for path in ["info-cig.js", "fonts/titillium-web-latin-400.woff2", &module] {
        let file = fs::read(site.join(path)).while_doing(format_args!("reading {path}"))?;
        for (accepted, coding) in [("br, gzip", "br"), ("gzip", "gzip"), ("identity", "")] {
            let request = http.get(format!("{origin}/{path}")).header("accept-encoding", accepted);
            let answer = request.send().await.while_doing(format_args!("asking for {path}"))?;
            let named = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
            let (status, sent_as) =
                (answer.status(), named("content-encoding").unwrap_or_default().to_owned());
            let coding = if is_a("woff2", path) { "" } else { coding };
            assert_eq!((status.as_u16(), &*sent_as), (200, coding), "{path} for {accepted}");
            assert_eq!(named("vary").map(str::to_lowercase).as_deref(), Some("accept-encoding"), "{path}");
            let bytes = answer.bytes().await.while_doing(format_args!("reading {path}"))?;
            assert_eq!(decoded(coding, &bytes)?, file, "{path} for {accepted}");
        }
    }
    for path in ["info-cig.js.br", "info-cig.js.gz"] {
        assert_eq!(Answer::to(http.get(format!("{origin}/{path}"))).await?.status, 404, "{path}");
    }
    let loader = Answer::to(http.get(format!("{origin}/info-cig.js"))).await?;
    let request = http.get(format!("{origin}/info-cig.js")).header("if-none-match", loader.header("etag"));
    assert_eq!(Answer::to(request).await?.status, 304, "{:?}", loader.headers);
    Ok(())
}

/// `edge/wrangler.toml` with this machine's paths and this test's settings.
fn configured(worker: &Path, origin: &str, issuer: &Value) -> Result<String, Error> {
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
        ("../target/edge/release/index.js", worker.display().to_string()),
        ("\"../target", format!("\"{}/target", root().display())),
    ];
    settings.into_iter().try_fold(shipped, |configuration, (shipped, here)| {
        if configuration.contains(shipped) {
            Ok(configuration.replace(shipped, &here))
        } else {
            Err(Error::new(format!("wrangler.toml no longer says {shipped}")))
        }
    })
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
