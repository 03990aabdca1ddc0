// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the register, one for the service. Desks and conversations notify it; it has no links. Its calls are
//! listed in [`rpc`](crate::shell::rpc).

use std::cell::Cell;

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use infocig_domain::retention::DataClass;
use infocig_protocol::time::Timestamp;

use super::{
    alarm,
    object::{Object, without_links},
    sql::DurableSql,
};
use crate::{
    actors::RegisterActor,
    problem::{Error, Fault},
    readiness::AlarmWatch,
    shell::{
        clock,
        http::replies,
        log,
        rpc::{
            self, Call, CountDue, CountRefused, CutAudit, Deliver, FinishErasure, HandleComment, MayErase,
            Probe, ReadComments, ReadHolds, ReadMetrics, ReadOpenFigures, ReadProofs, ReadRecordsOf,
            ReadReport, ReleaseHold, SearchConversations, SetHold, answer,
        },
        settings,
    },
};

/// See the module.
#[durable_object]
pub struct RegisterObject {
    object: Object<RegisterActor<DurableSql>>,
    alarms: Cell<AlarmWatch>,
    env: Env,
    /// When the audit trail was last asked to cut off what is kept no longer.
    cut: Cell<Option<Timestamp>>,
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

    /// Has the audit trail cut off what is kept no longer, once a day: this alarm is the one that rings each night.
    async fn cut_audit(&self) {
        let now = clock::now();
        if self.cut.get().is_some_and(|cut| now.as_millis() - cut.as_millis() < CUT_EVERY_MS) {
            return;
        }
        let cut = async {
            let retention = &settings(&self.env)?.policy.retention;
            if let Some(before) = retention.due_before(DataClass::Audit, now) {
                rpc::call(&rpc::audit(&self.env)?, &CutAudit { before }).await?;
            }
            Ok::<_, Error>(())
        };
        match cut.await {
            Ok(()) => self.cut.set(Some(now)),
            Err(Error::Fault(fault)) => log::fault(&fault),
            Err(Error::Refused(refusal)) => log::fault(&Fault::Platform(refusal.detail)),
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
            CountDue::PATH => {
                answer(request, |CountDue {}| Ok(self.object.actor()?.due_tonight(clock::now())?)).await
            }
            ReadHolds::PATH => answer(request, |ReadHolds {}| Ok(self.object.actor()?.holds()?)).await,
            SetHold::PATH => {
                answer(request, |SetHold { hold, by }| Ok(self.object.actor()?.hold(&hold, &by)?)).await
            }
            ReleaseHold::PATH => {
                answer(request, |ReleaseHold { id, by, reason }| {
                    self.object.actor()?.release(&id, &by, &reason, clock::now())
                })
                .await
            }
            MayErase::PATH => {
                answer(request, |MayErase { object }| self.object.actor()?.may_erase(&object)).await
            }
            FinishErasure::PATH => {
                answer(request, |FinishErasure { end }| self.object.actor()?.end_erasure(&end, clock::now()))
                    .await
            }
            ReadRecordsOf::PATH => {
                answer(request, |ReadRecordsOf { object }| Ok(self.object.actor()?.records_of(&object)?))
                    .await
            }
            ReadProofs::PATH => answer(request, |ReadProofs {}| Ok(self.object.actor()?.proofs()?)).await,
            #[cfg(feature = "test-clock")]
            rpc::Wake::PATH => {
                self.object.ring(Ok(())).await?;
                Ok(replies::empty(204)?)
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
            rpc::ReadEndings::PATH => self.endings(request).await,
            _ => Ok(replies::empty(404)?),
        }
    }
}

#[cfg(feature = "test-clock")]
impl RegisterObject {
    /// The rows, for tests.
    async fn endings(&self, request: &mut Request) -> Result<Response, Error> {
        use crate::shell::rpc::ReadEndings;

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
        let own = env.clone();
        let object = Object::open(state, env, |state, env| {
            let settings = settings(env)?;
            let actor = RegisterActor::open(DurableSql::of(state), settings.policy.desk.figures.clone())?;
            let actor = actor.with_retention(settings.policy.retention.clone());
            Ok(actor.with_webhooks(settings.webhook_names()))
        });
        Self { object, alarms: Cell::default(), env: own, cut: Cell::default() }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        self.object.answer(async || self.handle(request).await).await
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        let mut alarms = self.alarms.get();
        alarms.rang(clock::wall());
        self.alarms.set(alarms);
        let rung = self.object.ring(Ok(())).await;
        self.cut_audit().await;
        alarm::rung(rung)
    }

    without_links!();
}

/// Less than a day: nights differ by an hour.
const CUT_EVERY_MS: i64 = 20 * 60 * 60_000;
/// An alarm that is set to see whether it rings.
const SOON_MS: i64 = 200;
