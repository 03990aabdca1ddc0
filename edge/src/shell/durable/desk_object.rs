// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of one queue's desk; its name is the queue's. Its calls are listed in [`rpc`](crate::shell::rpc).

use std::sync::Arc;

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::admission::Load;
use infocig_protocol::id::QueueId;

use super::{
    linked_object::{LinkedObject, hand_events_to_object},
    sql::DurableSql,
};
use crate::{
    actors::DeskActor,
    problem::{Error, Fault},
    route::{self, Route},
    shell::{
        clock,
        http::replies,
        process::{self, Awake},
        rpc::{AddLook, AskLoad, Call, Deliver, DeskLoad, ReadAudit, Restart, Wake, answer},
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct DeskObject {
    object: LinkedObject<DeskActor<DurableSql>>,
}

impl DeskObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let request = &mut request;
        match request.path().as_str() {
            Deliver::PATH => self.object.on_notification(request).await,
            AskLoad::PATH => {
                let actor = self.object.actor()?;
                answer(request, |AskLoad {}| {
                    Ok(DeskLoad { full: actor.load(clock::now())? == Load::QueueFull })
                })
                .await
            }
            AddLook::PATH => {
                let actor = self.object.actor()?;
                answer(request, |AddLook { look }| Ok(actor.add_look(&look, clock::now())?)).await
            }
            ReadAudit::PATH => {
                let actor = self.object.actor()?;
                answer(request, |ReadAudit { query }| Ok(actor.audit(&query)?)).await
            }
            Restart::PATH => self.object.restart(),
            Wake::PATH => self.object.wake_now().await,
            path => match route::parse(request.method().as_ref(), path) {
                Ok(Route::DeskSocket(_)) => self.object.accept(None),
                Ok(Route::DeskPoll(_)) => self.object.poll(None, request).await,
                Ok(_) | Err(_) => Ok(replies::empty(404)?),
            },
        }
    }
}

impl DurableObject for DeskObject {
    fn new(state: State, env: Env) -> Self {
        let object = LinkedObject::open(state, env, |state, env| {
            let queue = state.id().name().map(QueueId::parse).transpose();
            let queue = queue.map_err(|error| Fault::Platform(format!("desk: {error}")))?;
            if let Some(queue) = &queue {
                process::woke(Awake::Desk(queue.to_string()));
            }
            let settings = settings(env)?;
            let rules = Arc::new(settings.policy.desk.clone());
            let limits = settings.policy.messages;
            DeskActor::open(DurableSql::of(state), queue, rules, limits, settings.ticket_key.clone())
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    hand_events_to_object!();
}
