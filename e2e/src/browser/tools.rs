// SPDX-License-Identifier: EUPL-1.2
//! Commands of the developer tools for the whole of Chromium, browser contexts and tabs: its driver forwards only those for
//! single pages.

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use thirtyfour::WebDriver;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async, tungstenite::Message};

use crate::{
    error::{Error, While},
    wait::within_patience,
};

/// A connection to the developer tools of a browser.
pub(super) struct Tools {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    number: u64,
}

impl Tools {
    /// Connects to the browser of a session.
    pub(super) async fn of(driver: &WebDriver) -> Result<Self, Error> {
        let doing = "reaching the browser's tools";
        let about: Value = serde_json::to_value(driver.handle().capabilities()).while_doing(doing)?;
        let address = about["goog:chromeOptions"]["debuggerAddress"].as_str().unwrap_or_default();
        let client = reqwest::Client::builder().no_proxy().build().while_doing(doing)?;
        let answer = client.get(format!("http://{address}/json/version")).send().await.while_doing(doing)?;
        let version: Value = answer.json().await.while_doing(doing)?;
        let url = version["webSocketDebuggerUrl"].as_str().unwrap_or_default();
        let (socket, _) = within_patience(doing, connect_async(url)).await?.while_doing(doing)?;
        Ok(Self { socket, number: 0 })
    }

    /// Creates a context, which shares no cookies, storage, caches or permissions with others.
    pub(super) async fn new_context(&mut self) -> Result<String, Error> {
        let made = self.call("Target.createBrowserContext", json!({})).await?;
        text(&made, "browserContextId")
    }

    /// Opens an empty tab in a context; the first one has a window of its own.
    pub(super) async fn new_tab(&mut self, context: &str) -> Result<String, Error> {
        let about = json!({ "url": "about:blank", "browserContextId": context });
        let made = self.call("Target.createTarget", about).await?;
        text(&made, "targetId")
    }

    /// Disposes of a context with its tabs and data.
    pub(super) async fn end_context(&mut self, context: &str) -> Result<(), Error> {
        self.call("Target.disposeBrowserContext", json!({ "browserContextId": context })).await?;
        Ok(())
    }

    async fn call(&mut self, method: &str, params: Value) -> Result<Value, Error> {
        self.number += 1;
        let command = json!({ "id": self.number, "method": method, "params": params });
        let answered = async {
            self.socket.send(Message::text(command.to_string())).await.while_doing(method)?;
            while let Some(message) = self.socket.next().await {
                let message = message.while_doing(method)?;
                let told: Value =
                    serde_json::from_str(message.to_text().while_doing(method)?).unwrap_or_default();
                if told["id"] == self.number {
                    return match told.get("result") {
                        Some(result) => Ok(result.clone()),
                        None => Err(Error::new(format!("{method} was answered with {told}"))),
                    };
                }
            }
            Err(Error::new(format!("the browser ended instead of answering {method}")))
        };
        within_patience(method, answered).await?
    }
}

fn text(told: &Value, name: &str) -> Result<String, Error> {
    let text = told[name].as_str().map(str::to_owned);
    text.ok_or_else(|| Error::new(format!("expected {name}, received {told}")))
}
