// SPDX-License-Identifier: EUPL-1.2
//! Webhooks: a receiver that fails, comes back, checks the signature, and reads no word of anybody.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use infocig_e2e::{
    error::{Error, While},
    scene::Scene,
    wait,
};
use infocig_protocol::entry::Outcome;
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{net::TcpListener, task::JoinHandle};

const SECRET: &str = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn a_receiver_is_told_of_a_conversation_in_order_signed_at_least_once_and_without_a_word() {
    let receiver = Receiver::start(vec![503, 204, 500]).await.unwrap();
    let scene = receiver.scene().await;
    let opened = scene.enter("worker-roma").await.unwrap();
    let mut citizen = scene.chat(&opened).await.unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let own = giulia.answer(&opened.conversation).await.unwrap();
    scene.advise(&own).await.unwrap().post_message("Il pagamento è disposto.").await.unwrap();
    citizen.post("prima", "Quando sarò pagato?").await.unwrap();
    giulia.close(&opened.conversation, Outcome::Online).await.unwrap();

    let kinds = wait::until("the events", async || {
        let kinds = receiver.kinds();
        (kinds.last().map(String::as_str) == Some("infocig.conversation.ended")).then_some(kinds)
    })
    .await
    .unwrap();
    let [opened_, answered, ended] =
        ["opened", "answered", "ended"].map(|name| format!("infocig.conversation.{name}"));
    // The first attempt failed, the second was taken, the third failed.
    assert_eq!(kinds, [opened_.clone(), opened_, answered.clone(), answered, ended]);
    let received = receiver.received();
    assert_eq!(received[0].id, received[1].id, "a repetition has the id of the first attempt");
    let key = STANDARD.decode(SECRET).unwrap();
    for one in &received {
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.{}", one.id, one.at, one.body).as_bytes());
        assert_eq!(one.signature, format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
        let event: Value = serde_json::from_str(&one.body).unwrap();
        assert_eq!((&event["specversion"], &event["source"]), (&json!("1.0"), &json!(scene.edge.url())));
        assert_eq!((&event["id"], &event["subject"]), (&json!(one.id), &json!(opened.conversation)));
        for word in ["Lucia", "Giulia", "pagat", "pagamento"] {
            assert!(!one.body.contains(word), "{}", one.body);
        }
    }
    let last: Value = serde_json::from_str(&received[4].body).unwrap();
    assert_eq!(last["data"]["outcome"], "online");
}

#[tokio::test]
async fn a_receiver_that_is_gone_leaves_a_dead_letter_and_holds_nothing_up() {
    let receiver = Receiver::start(vec![410; 9]).await.unwrap();
    let scene = receiver.scene().await;
    scene.enter("worker-roma").await.unwrap();

    wait::until("the dead letter", async || {
        let health: Value = scene.edge.get("/healthz").await.ok()?.document(200).ok()?;
        (health["dead_letters"].as_u64() == Some(1)).then_some(())
    })
    .await
    .unwrap();
    let mut giulia = scene.desk("advisor-giulia").await.unwrap();
    let next = scene.enter("worker-napoli").await.unwrap();
    giulia.answer(&next.conversation).await.unwrap();
}

/// A request that was received.
#[derive(Clone, Debug)]
struct Received {
    id: String,
    at: i64,
    signature: String,
    body: String,
}

/// A system that is told. It answers with these statuses in order, then with 204.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
    serving: JoinHandle<()>,
}

impl Receiver {
    async fn start(answers: Vec<u16>) -> Result<Self, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.while_doing("starting a receiver")?;
        let url = format!("http://{}/events", listener.local_addr().while_doing("starting a receiver")?);
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        let receive = async move |headers: HeaderMap, body: Bytes| {
            let mut log: std::sync::MutexGuard<'_, Vec<Received>> = log.lock().unwrap();
            let header = |name: &str| headers[name].to_str().unwrap().to_owned();
            assert!(header("content-type").starts_with("application/cloudevents+json"));
            log.push(Received {
                id: header("webhook-id"),
                at: header("webhook-timestamp").parse().unwrap(),
                signature: header("webhook-signature"),
                body: String::from_utf8(body.to_vec()).unwrap(),
            });
            let answer = answers.get(log.len() - 1).copied().unwrap_or(204);
            StatusCode::from_u16(answer).unwrap()
        };
        let router = Router::new().route("/events", post(receive));
        let serving = tokio::spawn(async move {
            // It serves until the test drops it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, received, serving })
    }

    /// An edge that tells it.
    async fn scene(&self) -> Scene {
        let setting = json!([{ "name": "archivio", "url": self.url, "secret": SECRET }]).to_string();
        let tells = |mut options: infocig_e2e::edge::EdgeOptions| {
            options.bindings.push(("WEBHOOKS", Some(setting)));
            options
        };
        Scene::with(tells).await.unwrap()
    }

    fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    fn kinds(&self) -> Vec<String> {
        let kind = |one: Received| {
            let event: Value = serde_json::from_str(&one.body).unwrap();
            event["type"].as_str().unwrap_or_default().to_owned()
        };
        self.received().into_iter().map(kind).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
