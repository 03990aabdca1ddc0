// SPDX-License-Identifier: EUPL-1.2
//! A stand-in for a language model at an address that speaks as `OpenAI`'s does. What it answers is set between questions; what it
//! was asked is kept.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::StatusCode, routing::post};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::error::{Error, While};

/// What the stand-in does.
#[derive(Clone, Debug)]
pub enum Behaviour {
    /// It writes this answer, as from the first entry it was given.
    Says(&'static str),
    /// It writes this content as it is.
    Writes(&'static str),
    /// It answers with this status and body.
    Answers(u16, String),
    /// It does not answer for ten seconds.
    Stalls,
}

/// A running stand-in. Dropping it ends it.
#[derive(Debug)]
pub struct LanguageModel {
    address: String,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    behaviour: Behaviour,
    asked: Vec<(Option<String>, Value)>,
}

impl LanguageModel {
    /// Starts one.
    pub async fn start(behaviour: Behaviour) -> Result<Self, Error> {
        let doing = "starting a language model";
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing(doing)?;
        let address = format!("http://{}/v1", listener.local_addr().while_doing(doing)?);
        let state = Arc::new(Mutex::new(State { behaviour, asked: Vec::new() }));
        let shared = state.clone();
        let handle = async move |headers: axum::http::HeaderMap, body: String| {
            let asked: Value = serde_json::from_str(&body).unwrap_or_default();
            let key = headers.get("authorization").and_then(|key| key.to_str().ok()).map(String::from);
            let behaviour = {
                let mut state = shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                state.asked.push((key, asked.clone()));
                state.behaviour.clone()
            };
            answer(behaviour, &asked).await
        };
        let router = Router::new().route("/v1/chat/completions", post(handle));
        let serving = tokio::spawn(async move {
            // The server runs until the test drops it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, state, serving })
    }

    /// The setting `LANGUAGE_MODEL` that leads to it.
    pub fn setting(&self) -> String {
        json!({ "address": self.address, "model": "stand-in", "key": "k3y" }).to_string()
    }

    /// It behaves like this from now on.
    pub fn behaves(&self, behaviour: Behaviour) {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).behaviour = behaviour;
    }

    /// Everything it was asked, with the `Authorization` that came with it.
    pub fn asked(&self) -> Vec<(Option<String>, Value)> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner).asked.clone()
    }
}

impl Drop for LanguageModel {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(behaviour: Behaviour, asked: &Value) -> (StatusCode, String) {
    let content = match behaviour {
        Behaviour::Says(answer) => {
            let data = asked["messages"][1]["content"].as_str().unwrap_or_default();
            let data: Value = serde_json::from_str(data).unwrap_or_default();
            json!({ "answer": answer, "entries": [data["texts"][0]["id"]] }).to_string()
        }
        Behaviour::Writes(content) => content.into(),
        Behaviour::Answers(status, body) => {
            return (StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), body);
        }
        Behaviour::Stalls => {
            tokio::time::sleep(Duration::from_secs(10)).await;
            String::new()
        }
    };
    let choice = json!({ "message": { "role": "assistant", "content": content }, "finish_reason": "stop" });
    (StatusCode::OK, json!({ "choices": [choice] }).to_string())
}
