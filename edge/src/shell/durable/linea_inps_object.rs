// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the connector to Linea INPS, one for the service. Its calls are listed in
//! [`rpc`](crate::shell::rpc).
//!
//! Only the alarm sends, one segnalazione each time it goes off: the runtime runs it once at a time, so nothing is sent twice at
//! once, and a system that fails is met by one probe.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    alarm,
    object::{Object, without_links},
    sql::DurableSql,
};
use crate::{
    actors::{Due, LineaInpsActor},
    outbound::delivery::{Answer, user_of},
    problem::{Error, Fault},
    settings::LineaInps,
    shell::{
        clock,
        http::replies,
        outbound::signed_calls::{self, SignedCall},
        process::{self, Awake},
        rpc::{
            Call, CountDueSegnalazioni, Deliver, EraseObject, FindSegnalazioni, HoldObject, ListSegnalazioni,
            ReadMetrics, ReadSegnalazioniOf, Retry, RetryAnswer, UpdateAnswer, UpdateSegnalazione, Wake,
            answer,
        },
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct LineaInpsObject {
    object: Object<LineaInpsActor<DurableSql>>,
    env: Env,
}

impl LineaInpsObject {
    /// Sends the segnalazione that is due first.
    async fn send(&self) -> Result<(), Fault> {
        let Some(due) = self.object.actor()?.due(clock::now())? else { return Ok(()) };
        let settings = settings(&self.env)?;
        let mut renewed = false;
        loop {
            let answer = match &settings.linea_inps {
                Some(service) => hand_over(service, &due).await,
                None => Answer::NotConfigured,
            };
            if !self.object.actor()?.answered(&due.key, &answer, renewed, clock::now())? {
                return Ok(());
            }
            signed_calls::forget_voucher();
            renewed = true;
        }
    }

    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let (actor, request) = (|| self.object.actor(), &mut request);
        match request.path().as_str() {
            Deliver::PATH => {
                self.object.on_notification(request).await?;
                Ok(replies::empty(204)?)
            }
            Wake::PATH => {
                actor()?.clock_moved(clock::now())?;
                self.object.ring(Ok(())).await?;
                Ok(replies::empty(204)?)
            }
            UpdateSegnalazione::PATH => {
                answer(request, |UpdateSegnalazione { update, seen }| {
                    let updated = actor()?.update(&update, &seen, clock::wall(), clock::now())?;
                    Ok(UpdateAnswer { updated })
                })
                .await
            }
            EraseObject::PATH => {
                answer(request, |EraseObject { object, check }| {
                    if check {
                        actor()?.may_erase(&object)
                    } else {
                        actor()?.erase_object(&object, clock::now())
                    }
                })
                .await
            }
            HoldObject::PATH => {
                answer(request, |HoldObject { object, held }| Ok(actor()?.hold_object(&object, held)?)).await
            }
            ReadSegnalazioniOf::PATH => {
                answer(request, |ReadSegnalazioniOf { object }| Ok(actor()?.of_object(&object)?)).await
            }
            CountDueSegnalazioni::PATH => {
                answer(request, |CountDueSegnalazioni {}| Ok(actor()?.due_tonight(clock::now())?)).await
            }
            ReadMetrics::PATH => self.object.metrics(request, LineaInpsActor::metrics).await,
            ListSegnalazioni::PATH => {
                answer(request, |ListSegnalazioni { categories }| Ok(actor()?.overview(&categories)?)).await
            }
            FindSegnalazioni::PATH => {
                answer(request, |FindSegnalazioni { number, protocol }| {
                    Ok(actor()?.conversations_of(number.as_deref(), protocol.as_deref())?)
                })
                .await
            }
            Retry::PATH => {
                answer(request, |Retry { by, key, categories }| {
                    Ok(RetryAnswer { found: actor()?.retry(&by, &key, &categories, clock::now())? })
                })
                .await
            }
            _ => Ok(replies::empty(404)?),
        }
    }
}

async fn hand_over(service: &LineaInps, due: &Due) -> Answer {
    let address = format!("{}/segnalazioni", service.base);
    let call = SignedCall {
        address: &address,
        audience: &service.base,
        body: &due.body,
        idempotency_key: Some(&due.key),
        user: user_of(&due.body),
        // Nobody's request: the alarm sends it.
        traceparent: None,
        most: MAX_ANSWER_BYTES,
    };
    signed_calls::post(service, &call).await
}

impl DurableObject for LineaInpsObject {
    fn new(state: State, env: Env) -> Self {
        process::woke(Awake::LineaInps);
        let own = env.clone();
        let object = Object::open(state, env, |state, env| {
            let policy = &settings(env)?.policy;
            let actor = LineaInpsActor::open(DurableSql::of(state), policy.desks(), clock::now())?;
            Ok(actor.with_retention(policy.retention.clone()))
        });
        Self { object, env: own }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        let sent = self.send().await;
        alarm::rung(self.object.ring(sent).await)
    }

    without_links!();
}

/// Most that is read of an answer of Linea INPS.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
