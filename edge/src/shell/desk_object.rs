// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one queue's desk; its name is the queue's.
//!
//! Its requests: `POST /notice` from conversations, and the upgrade of the desk's socket or the polls in its stead.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_protocol::id::QueueId;

use super::{
    durable_sql::DurableSql,
    object::{Object, hand_events_to_object},
    replies, settings,
};
use crate::{
    problem::Fault,
    room::DeskRoom,
    route::{self, Route},
};

/// See the module.
#[durable_object]
pub struct DeskObject {
    object: Object<DeskRoom<DurableSql>>,
}

impl DurableObject for DeskObject {
    fn new(state: State, env: Env) -> Self {
        let object = Object::wake(state, env, |state, env| {
            let name = state.id().name().ok_or_else(|| Fault::Platform("a desk without a name".into()))?;
            let queue = QueueId::parse(name).map_err(|error| Fault::Platform(format!("desk: {error}")))?;
            DeskRoom::open(DurableSql::of(state), queue, settings(env)?.ticket_key.clone())
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        let path = request.path();
        let work = async || match path.as_str() {
            "/notice" => self.object.hear(request).await,
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
