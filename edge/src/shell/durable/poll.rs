// SPDX-License-Identifier: EUPL-1.2
//! Polls: the frames of a link that has no socket, by requests.

use std::time::Duration;

use ::worker::{Delay, Request, Response};
use infocig_protocol::{
    close,
    http::{Poll, Polled},
    id::ConversationId,
    limits::{MAX_POLL_BYTES, PING, POLL_WAITS_MS, PONG},
    problem::Code,
};

use super::{linked_object::LinkedObject, mailbox::Found};
use crate::{
    actors::{LinkState, LinkedActor},
    metrics::declared,
    problem::{Error, Refusal},
    shell::{
        clock, counters,
        http::{body, replies},
        process,
    },
};

impl<A: LinkedActor> LinkedObject<A> {
    /// Applies the frames a poll brings, and then, if it waits, answers with the frames that are sent on its link.
    ///
    /// It waits by looking again and again, so that no request wakes another one's promise.
    pub(super) async fn poll(
        &self,
        conversation: Option<ConversationId>,
        request: &mut Request,
    ) -> Result<Response, Error> {
        self.actor()?;
        counters::count(&declared::POLLS, &[A::CLASS]);
        let body = body::read(request, MAX_POLL_BYTES).await?;
        let Ok(Poll { link: id, number, frames, wait, leaving }) = serde_json::from_slice(&body) else {
            return Err(Refusal::new(Code::RequestInvalid, "not a poll").into());
        };
        let state = LinkState::new(clock::wall(), conversation);
        let link = self.links.polled(&self.object.state, &id, (!frames.is_empty()).then_some(state));
        let Some(link) = link else { return closed(close::ABNORMAL) };
        // Only requests that bring frames are in one order among themselves; waiting ones travel beside them.
        let is_new = !frames.is_empty() && link.brings_news(number);
        let mut alive = false;
        for frame in frames.into_iter().filter(|_| is_new) {
            if frame == PING {
                alive = true;
            } else if let Some(effects) = self.receive(&link, &frame) {
                self.settle(&link, effects).await;
            }
        }
        if alive && link.look_at(|state| !state.close_sent) {
            link.send(PONG);
        }
        self.arm_or_log().await;
        if link.look_at(|state| state.speaker.is_none()) {
            // Forget the link: its first request was no accepted `hello`, and the refusal is all there is to send.
            self.links.forget(&link);
            link.wait(number);
            let Found::Something(polled) = link.look(number) else { return closed(close::REFUSED) };
            return Ok(replies::json(200, &polled)?);
        }
        self.links.store(&link)?;
        if leaving {
            self.on_disconnect(&link)?;
            return closed(close::NORMAL);
        }
        if !wait {
            return Ok(replies::json(200, &Polled::default())?);
        }
        link.wait(number);
        let until = clock::wall().plus_millis(POLL_WAITS_MS);
        let polled = loop {
            match link.look(number) {
                Found::Something(polled) => break polled,
                Found::Nothing if clock::wall() < until && !process::is_ending() => {
                    Delay::from(LOOK_EVERY).await;
                }
                Found::Nothing => {
                    link.answered_with_nothing(number);
                    break Polled::default();
                }
                Found::Replaced => break Polled::default(),
            }
        };
        Ok(replies::json(200, &polled)?)
    }
}

fn closed(code: u16) -> Result<Response, Error> {
    Ok(replies::json(200, &Polled { frames: Vec::new(), closed: Some(code) })?)
}

/// How often a waiting poll looks whether there is something to send.
const LOOK_EVERY: Duration = Duration::from_millis(100);
