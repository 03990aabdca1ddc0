// SPDX-License-Identifier: EUPL-1.2
//! A polled link: requests that carry frames, and one that waits for some.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::clause::{Played, Verdict, broken};
use super::link::PATIENCE;
use super::net::Answer;
use super::stage::{Opened, Stage, new_id};

/// A polled link.
pub(super) struct Polls<'s> {
    stage: &'s Stage,
    path: String,
    link: String,
    number: u64,
}

/// An answer to a poll.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Polled {
    /// The frames, as JSON where they are.
    pub(super) frames: Vec<Value>,
    /// The close code, where the link has ended.
    pub(super) closed: Option<u64>,
    /// How long the answer took.
    pub(super) took: Duration,
}

impl<'s> Polls<'s> {
    /// A new link of a conversation.
    pub(super) fn new(stage: &'s Stage, opened: &Opened) -> Result<Self, Verdict> {
        Self::at(stage, opened.poll())
    }

    /// A new link at the path of polls.
    pub(super) fn at(stage: &'s Stage, path: String) -> Result<Self, Verdict> {
        Ok(Self { stage, path, link: new_id()?, number: 0 })
    }

    /// The name of the link.
    pub(super) fn id(&self) -> String {
        self.link.clone()
    }

    /// The next request, with frames that are not waited for.
    pub(super) fn send(&mut self, frames: &[Value]) -> Result<Polled, Verdict> {
        self.number += 1;
        self.ask_as(self.number, &texts(frames), false)
    }

    /// The next request, which waits.
    pub(super) fn exchange(&mut self, frames: &[Value]) -> Result<Polled, Verdict> {
        self.number += 1;
        self.ask_as(self.number, &texts(frames), true)
    }

    /// Waits until an answer brings something.
    pub(super) fn wait_for<T>(
        &mut self,
        expected: &str,
        look: impl Fn(&Polled) -> Option<T>,
    ) -> Result<T, Verdict> {
        let end = Instant::now() + PATIENCE;
        loop {
            let polled = self.exchange(&[])?;
            if let Some(found) = look(&polled) {
                return Ok(found);
            }
            if Instant::now() > end || polled.closed.is_some() {
                return Err(broken(expected, polled.said()));
            }
        }
    }

    /// Reads everything that has come: until an answer is empty.
    pub(super) fn drain(&mut self) -> Played {
        self.wait_for("an empty answer", |polled| polled.frames.is_empty().then_some(()))
    }

    /// A request with a number of one's own, and texts as frames.
    pub(super) fn ask_as(&self, number: u64, frames: &[String], wait: bool) -> Result<Polled, Verdict> {
        self.poll(&json!({ "link": self.link, "number": number, "frames": frames, "wait": wait }))
    }

    /// The page was left.
    pub(super) fn leave(&mut self) -> Result<Polled, Verdict> {
        self.number += 1;
        let link = &self.link;
        self.poll(
            &json!({ "link": link, "number": self.number, "frames": [], "wait": false, "leaving": true }),
        )
    }

    fn poll(&self, body: &Value) -> Result<Polled, Verdict> {
        let began = Instant::now();
        let document = self.present(&body.to_string())?.document("a poll", &[200])?;
        let frames = document["frames"].as_array().cloned().unwrap_or_default();
        let text = |frame: Value| {
            let text = frame.as_str().unwrap_or_default().to_owned();
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        };
        let closed = document["closed"].as_u64();
        Ok(Polled { frames: frames.into_iter().map(text).collect(), closed, took: began.elapsed() })
    }

    /// Any body.
    pub(super) fn present(&self, body: &str) -> Result<Answer, Verdict> {
        let headers = [("origin", self.stage.origin.as_str()), ("content-type", "application/json")];
        self.stage.service.ask("POST", &self.path, &headers, Some(body))
    }
}

impl Polled {
    /// The content of the first frame of that name.
    pub(super) fn frame(&self, name: &str) -> Option<Value> {
        self.frames.iter().find_map(|frame| frame.get(name)).cloned()
    }

    /// All entries.
    pub(super) fn entries(&self) -> Vec<Value> {
        let entries = self.frames.iter().filter_map(|frame| frame["entries"]["entries"].as_array());
        entries.flatten().cloned().collect()
    }

    /// Whether it says the same as another one.
    pub(super) fn says_as(&self, other: &Self) -> bool {
        (&self.frames, self.closed) == (&other.frames, other.closed)
    }

    /// The answer, for a verdict.
    pub(super) fn said(&self) -> String {
        json!({ "frames": self.frames, "closed": self.closed }).to_string()
    }
}

fn texts(frames: &[Value]) -> Vec<String> {
    frames.iter().map(Value::to_string).collect()
}
