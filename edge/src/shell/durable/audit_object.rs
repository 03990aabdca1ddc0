// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the audit trail, one for the installation. It has no links. Its calls are listed in
//! [`rpc`](crate::shell::rpc).

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    alarm,
    object::{Object, respond, without_links},
    sql::DurableSql,
};
use crate::{
    actors::AuditActor,
    problem::Error,
    shell::{
        clock,
        http::replies,
        rpc::{Append, Call, CutAudit, Deliver, ExportAudit, ReadAudit, ReadLooks, ReadMetrics, answer},
    },
};

/// See the module.
#[durable_object]
pub struct AuditObject {
    object: Object<AuditActor<DurableSql>>,
}

impl AuditObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let (actor, request) = (|| self.object.actor(), &mut request);
        match request.path().as_str() {
            Deliver::PATH => {
                self.object.on_notification(request).await?;
                Ok(replies::empty(204)?)
            }
            Append::PATH => {
                answer(request, |Append { event }| Ok(actor()?.append(event, clock::now())?)).await
            }
            ReadAudit::PATH => answer(request, |ReadAudit { query }| Ok(actor()?.page(&query)?)).await,
            ExportAudit::PATH => answer(request, |ExportAudit { query }| Ok(actor()?.export(&query)?)).await,
            ReadLooks::PATH => answer(request, |ReadLooks { object }| Ok(actor()?.looks(&object)?)).await,
            CutAudit::PATH => {
                answer(request, |CutAudit { before }| Ok(actor()?.cut_before(before, clock::now())?)).await
            }
            ReadMetrics::PATH => self.object.metrics(request, AuditActor::metrics).await,
            _ => Ok(replies::empty(404)?),
        }
    }
}

impl DurableObject for AuditObject {
    fn new(state: State, env: Env) -> Self {
        let object = Object::open(state, env, |state, _| AuditActor::open(DurableSql::of(state)));
        Self { object }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        // Whether something is written down does not depend on the rules: they are not asked for.
        let answered = self.handle(request).await;
        let armed = self.object.arm(self.object.next_wake(), clock::wall()).await;
        respond(answered, armed)
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        self.object.rang();
        let nothing = |()| Ok(());
        let steps = [self.object.wake(&nothing), self.object.deliver_outbox(&nothing).await];
        alarm::rung(self.object.arm_after(steps, self.object.next_wake()).await)
    }

    without_links!();
}
