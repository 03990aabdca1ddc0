// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of a desk; its name is the desk's. Its calls are listed in [`rpc`](crate::shell::rpc).

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};
use infocig_domain::admission::Load;
use infocig_protocol::id::DeskId;

use super::{
    linked_object::{LinkedObject, hand_events_to_object, receive_at_once},
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
        rpc::{AskLoad, Call, Deliver, DeskLoad, ForgetPerson, ReadMetrics, Restart, Wake, answer},
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct DeskObject {
    object: LinkedObject<DeskActor<DurableSql>>,
}

receive_at_once!(DeskObject);

impl DeskObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let request = &mut request;
        match request.path().as_str() {
            Deliver::PATH => self.object.on_notification(request).await,
            AskLoad::PATH => {
                answer(request, |AskLoad { queue }| {
                    let load = self.object.actor()?.load(&queue, clock::now())?;
                    let (unstaffed, since) = match load {
                        Load::Unstaffed { since } => (true, since),
                        Load::Bearable | Load::QueueFull => (false, None),
                    };
                    Ok(DeskLoad { full: load == Load::QueueFull, unstaffed, since })
                })
                .await
            }
            ReadMetrics::PATH => {
                self.object.object.metrics(request, |actor| actor.metrics(clock::now())).await
            }
            ForgetPerson::PATH => {
                answer(request, |ForgetPerson { object }| {
                    let effects = self.object.actor()?.forget_person(&object, clock::now())?;
                    Ok(self.object.send(effects)?)
                })
                .await
            }
            Restart::PATH => Ok(self.object.restart()?),
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
            let id = state.id().name().map(DeskId::parse).transpose();
            let id = id.map_err(|error| Fault::Platform(format!("desk: {error}")))?;
            if let Some(id) = &id {
                process::woke(Awake::Desk(id.to_string()));
            }
            let settings = settings(env)?;
            let key = settings.ticket_key.clone();
            let actor = DeskActor::open(DurableSql::of(state), id, &settings.policy, key)?;
            let actor = actor.with_webhooks(settings.webhook_names());
            actor.recover(clock::now())?;
            Ok(actor)
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    hand_events_to_object!();
}
