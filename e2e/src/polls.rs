// SPDX-License-Identifier: EUPL-1.2
//! A polled link as its client sees it: requests that bring frames, and one that waits for some.

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
    tokens::new_id,
    trouble::{Trouble, While},
};

/// A polled link of a conversation.
#[derive(Clone, Debug)]
pub struct Polls {
    http: Client,
    url: String,
    origin: String,
    /// Its name; anything that is an identifier will do.
    pub link: LinkId,
    number: Arc<AtomicU64>,
}

impl Polls {
    /// A link that has yet to say hello. `url` is that of the polls.
    pub fn new(http: Client, url: String, origin: &str) -> Result<Self, Trouble> {
        let link = LinkId::parse(new_id()?).map_err(|error| Trouble::new(error.to_string()))?;
        Ok(Self { http, url, origin: origin.into(), link, number: Arc::new(AtomicU64::new(1)) })
    }

    /// Brings frames and does not wait.
    pub async fn send(&self, frame: &ClientFrame) -> Result<(), Trouble> {
        self.bring(vec![written(frame)?]).await
    }

    /// Brings texts and does not wait.
    pub async fn bring(&self, frames: Vec<String>) -> Result<(), Trouble> {
        self.ask(frames, false).await.map(|_| ())
    }

    /// Brings frames, and waits for what the server has to say.
    pub async fn exchange(&self, frames: &[ClientFrame]) -> Result<Polled, Trouble> {
        let frames = frames.iter().map(written).collect::<Result<_, _>>()?;
        self.ask(frames, true).await
    }

    /// Waits for what the server has to say.
    pub async fn wait(&self) -> Result<Polled, Trouble> {
        self.ask(Vec::new(), true).await
    }

    /// The page was left: nobody waits any more.
    pub async fn leave(&self) -> Result<Polled, Trouble> {
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

    async fn ask(&self, frames: Vec<String>, wait: bool) -> Result<Polled, Trouble> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        self.ask_as(number, frames, wait).await
    }

    /// Sends a request under a number of the caller's choice.
    pub async fn ask_as(&self, number: u64, frames: Vec<String>, wait: bool) -> Result<Polled, Trouble> {
        self.present_poll(Poll { link: self.link.clone(), number, frames, wait, leaving: false }).await
    }

    async fn present_poll(&self, poll: Poll) -> Result<Polled, Trouble> {
        self.present(&serde_json::to_string(&poll).while_doing("writing a poll")?).await?.document(200)
    }

    /// Presents any text as a poll.
    pub async fn present(&self, body: &str) -> Result<Answer, Trouble> {
        let request = self.http.post(&self.url).header("origin", &self.origin);
        Answer::to(request.header("content-type", "application/json").body(body.to_owned())).await
    }
}

/// The frames of an answer.
pub fn frames(polled: &Polled) -> Vec<ServerFrame> {
    polled.frames.iter().filter_map(|text| ServerFrame::read(text)).collect()
}

fn written(frame: &ClientFrame) -> Result<String, Trouble> {
    serde_json::to_string(frame).while_doing("writing a frame")
}
