// SPDX-License-Identifier: EUPL-1.2
//! A polled connection on the side of the client: requests that send frames, and one that waits for some.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use infocig_protocol::{
    frame::{ClientFrame, ServerFrame},
    http::{Poll, Polled},
    id::LinkId,
};
use reqwest::Client;

use crate::{
    answer::Answer,
    error::{Error, While},
    tokens::new_id,
};

/// A polled connection of a conversation.
#[derive(Clone, Debug)]
pub struct Polls {
    http: Client,
    url: String,
    origin: String,
    /// The id of the connection, any identifier.
    pub link: LinkId,
    number: Arc<AtomicU64>,
}

impl Polls {
    /// A connection before hello. `url` is that of the polls.
    pub fn new(http: Client, url: String, origin: &str) -> Result<Self, Error> {
        let link = LinkId::parse(new_id()?).map_err(|error| Error::new(error.to_string()))?;
        Ok(Self { http, url, origin: origin.into(), link, number: Arc::new(AtomicU64::new(1)) })
    }

    /// Sends frames without waiting.
    pub async fn send(&self, frame: &ClientFrame) -> Result<(), Error> {
        self.bring(vec![written(frame)?]).await
    }

    /// Sends texts without waiting.
    pub async fn bring(&self, frames: Vec<String>) -> Result<(), Error> {
        self.ask(frames, false).await.map(|_| ())
    }

    /// Sends frames and waits for those of the server.
    pub async fn exchange(&self, frames: &[ClientFrame]) -> Result<Polled, Error> {
        let frames = frames.iter().map(written).collect::<Result<_, _>>()?;
        self.ask(frames, true).await
    }

    /// Waits for frames of the server.
    pub async fn wait(&self) -> Result<Polled, Error> {
        self.ask(Vec::new(), true).await
    }

    /// Reports that the page was left.
    pub async fn leave(&self) -> Result<Polled, Error> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.present_poll(Poll {
            link: self.link.clone(),
            number,
            frames: Vec::new(),
            wait: false,
            leaving: true,
        })
        .await
    }

    async fn ask(&self, frames: Vec<String>, wait: bool) -> Result<Polled, Error> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.ask_as(number, frames, wait).await
    }

    /// Sends a request with a number of the caller's choice.
    pub async fn ask_as(&self, number: u64, frames: Vec<String>, wait: bool) -> Result<Polled, Error> {
        self.present_poll(Poll { link: self.link.clone(), number, frames, wait, leaving: false }).await
    }

    async fn present_poll(&self, poll: Poll) -> Result<Polled, Error> {
        self.present(&serde_json::to_string(&poll).while_doing("writing a poll")?).await?.document(200)
    }

    /// Sends any text as a poll.
    pub async fn present(&self, body: &str) -> Result<Answer, Error> {
        let request = self.http.post(&self.url).header("origin", &self.origin);
        Answer::to(request.header("content-type", "application/json").body(body.to_owned())).await
    }
}

/// The frames of an answer.
pub fn frames(polled: &Polled) -> Vec<ServerFrame> {
    polled.frames.iter().filter_map(|text| ServerFrame::read(text)).collect()
}

fn written(frame: &ClientFrame) -> Result<String, Error> {
    serde_json::to_string(frame).while_doing("writing a frame")
}
