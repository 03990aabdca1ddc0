// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the staff's sessions, one for the service. It has no links. Its calls are listed in
//! [`rpc`](crate::shell::rpc). Sessions go by the service's clock, as tickets do.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    alarm,
    object::{Object, without_links},
    sql::DurableSql,
};
use crate::{
    actors::StaffActor,
    problem::Error,
    shell::{
        clock,
        http::replies,
        rpc::{
            BeginSession, Call, EndSession, EndSessions, LookAtSession, NotAnswered, ReadMetrics,
            RenewSession, UseSignIn, answer,
        },
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct StaffObject {
    object: Object<StaffActor<DurableSql>>,
}

impl StaffObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let (actor, request) = (|| self.object.actor(), &mut request);
        match request.path().as_str() {
            UseSignIn::PATH => {
                answer(request, |UseSignIn { id, until }| {
                    Ok(actor()?.use_sign_in(&id, until, clock::now())?)
                })
                .await
            }
            BeginSession::PATH => {
                answer(request, |BeginSession { key, session }| Ok(actor()?.begin(&key, &session)?)).await
            }
            LookAtSession::PATH => {
                answer(request, |LookAtSession { key, minutes }| {
                    Ok(actor()?.look(&key, minutes, clock::now())?)
                })
                .await
            }
            RenewSession::PATH => {
                answer(request, |RenewSession { key, session }| Ok(actor()?.renew(&key, &session)?)).await
            }
            NotAnswered::PATH => {
                answer(request, |NotAnswered { key }| Ok(actor()?.not_answered(&key)?)).await
            }
            ReadMetrics::PATH => self.object.metrics(request, StaffActor::metrics).await,
            EndSession::PATH => {
                answer(request, |EndSession { key, why, request }| {
                    Ok(actor()?.end(&key, why.as_deref(), &request, clock::now())?)
                })
                .await
            }
            EndSessions::PATH => {
                answer(request, |EndSessions { ended, request }| {
                    Ok(actor()?.end_all_of(&ended, &request, clock::now())?)
                })
                .await
            }
            _ => Ok(replies::empty(404)?),
        }
    }
}

impl DurableObject for StaffObject {
    fn new(state: State, env: Env) -> Self {
        let object = Object::open(state, env, |state, env| {
            StaffActor::open(DurableSql::of(state), settings(env)?.policy.desks())
        });
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        alarm::rung(self.object.ring(Ok(())).await)
    }

    without_links!();
}
