// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one queue's desk; its name is the queue's.
//!
//! Its requests: `POST /notification` from conversations, `POST /load` and `/part` from the front, the upgrade of the desk's socket or the polls
//! in its stead, and in tests `POST /wake` when a clock jumps.

use std::sync::Arc;

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::admission::Load;
use infocig_protocol::id::QueueId;
use serde::{Deserialize, Serialize};

use super::{
    clock,
    durable_sql::DurableSql,
    object::{Object, hand_events_to_object},
    process::{self, Awake},
    replies, settings,
};
use crate::{
    problem::Fault,
    room::DeskRoom,
    route::{self, Route},
};

/// The answer to `POST /load`.
#[derive(Serialize, Deserialize)]
pub(super) struct LoadAnswer {
    /// Whether so many wait that nobody may enter.
    pub(super) full: bool,
}

/// See the module.
#[durable_object]
pub struct DeskObject {
    object: Object<DeskRoom<DurableSql>>,
}

impl DurableObject for DeskObject {
    fn new(state: State, env: Env) -> Self {
        let object = Object::wake(state, env, |state, env| {
            let queue = state.id().name().map(QueueId::parse).transpose();
            let queue = queue.map_err(|error| Fault::Platform(format!("desk: {error}")))?;
            if let Some(queue) = &queue {
                process::wakes(Awake::Desk(queue.to_string()));
            }
            let settings = settings(env)?;
            let rules = Arc::new(settings.policy.desk.clone());
            let limits = settings.policy.messages;
            DeskRoom::open(DurableSql::of(state), queue, rules, limits, settings.ticket_key.clone())
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        let path = request.path();
        let work = async || match path.as_str() {
            "/notification" => self.object.hear(request).await,
            "/load" => {
                let full = self.object.room()?.load(clock::now())? == Load::QueueFull;
                replies::json(200, &LoadAnswer { full })
            }
            "/part" => self.object.part(),
            "/wake" => self.object.wake_now().await,
            path => match route::parse(request.method().as_ref(), path) {
                Ok(Route::DeskSocket(_)) => self.object.accept(None),
                Ok(Route::DeskPoll(_)) => self.object.poll(None, request).await,
                Ok(_) | Err(_) => replies::empty(404),
            },
        };
        self.object.answer(work).await
    }

    hand_events_to_object!();
}
