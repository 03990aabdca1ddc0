// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the register, one for the service. Desks and conversations notify it; it has no links. Its calls are
//! listed in [`rpc`](crate::shell::rpc).

use std::cell::Cell;

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    alarm,
    object::{Object, without_links},
    sql::DurableSql,
};
use crate::{
    actors::RegisterActor,
    problem::Error,
    readiness::AlarmWatch,
    shell::{
        clock,
        http::replies,
        log,
        rpc::{
            Call, CountRefused, Deliver, HandleComment, Probe, ReadComments, ReadMetrics, ReadOpenFigures,
            ReadReport, SearchConversations, answer,
        },
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct RegisterObject {
    object: Object<RegisterActor<DurableSql>>,
    alarms: Cell<AlarmWatch>,
}

impl RegisterObject {
    /// Sets an alarm to see whether it rings, unless that is known.
    async fn watch_alarms(&self) {
        let now = clock::wall();
        let mut alarms = self.alarms.get();
        let sets_one = alarms.sets_one(now);
        self.alarms.set(alarms);
        if sets_one {
            let soon = Ok(Some(now.plus_millis(SOON_MS)));
            if let Err(fault) = self.object.arm(soon, now).await {
                log::error("alarm", &format!("alarm not armed: {fault}"));
            }
        }
    }

    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let request = &mut request;
        match request.path().as_str() {
            Deliver::PATH => {
                self.object.on_notification(request).await?;
                Ok(replies::empty(204)?)
            }
            Probe::PATH => {
                self.watch_alarms().await;
                let alarms = self.alarms.get();
                answer(request, |Probe { at }| Ok(self.object.actor()?.probe(at).map(|()| alarms)?)).await
            }
            ReadMetrics::PATH => self.object.metrics(request, RegisterActor::metrics).await,
            CountRefused::PATH => {
                answer(request, |CountRefused { source, number, refused }| {
                    Ok(self.object.actor()?.count_refused(&source, number, &refused, clock::now())?)
                })
                .await
            }
            ReadReport::PATH => {
                answer(request, |ReadReport { query }| Ok(self.object.actor()?.report(&query)?)).await
            }
            ReadOpenFigures::PATH => {
                answer(request, |ReadOpenFigures {}| Ok(self.object.actor()?.publication()?)).await
            }
            SearchConversations::PATH => {
                answer(request, |SearchConversations { query }| Ok(self.object.actor()?.search(&query)?))
                    .await
            }
            ReadComments::PATH => {
                answer(request, |ReadComments { query }| {
                    Ok(self.object.actor()?.comments(&query, clock::now())?)
                })
                .await
            }
            HandleComment::PATH => {
                answer(request, |HandleComment { queues, conversation, by }| {
                    Ok(self.object.actor()?.handle_comment(&queues, &conversation, &by, clock::now())?)
                })
                .await
            }
            #[cfg(feature = "test-clock")]
            crate::shell::rpc::ReadEndings::PATH => self.endings(request).await,
            _ => Ok(replies::empty(404)?),
        }
    }
}

#[cfg(feature = "test-clock")]
impl RegisterObject {
    /// The rows, for tests.
    async fn endings(&self, request: &mut Request) -> Result<Response, Error> {
        use crate::{problem::Fault, shell::rpc::ReadEndings};

        answer(request, |ReadEndings {}| {
            let row = |row| serde_json::to_value(row);
            let rows = self.object.actor()?.endings()?.into_iter().map(row).collect::<Result<_, _>>();
            rows.map_err(|error| Fault::Corrupt(error.to_string()).into())
        })
        .await
    }
}

impl DurableObject for RegisterObject {
    fn new(state: State, env: Env) -> Self {
        let object = Object::open(state, env, |state, env| {
            let settings = settings(env)?;
            let actor = RegisterActor::open(DurableSql::of(state), settings.policy.desk.figures.clone())?;
            Ok(actor.with_webhooks(settings.webhook_names()))
        });
        Self { object, alarms: Cell::default() }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        let mut alarms = self.alarms.get();
        alarms.rang(clock::wall());
        self.alarms.set(alarms);
        alarm::rung(self.object.ring(Ok(())).await)
    }

    without_links!();
}

/// An alarm that is set to see whether it rings.
const SOON_MS: i64 = 200;
