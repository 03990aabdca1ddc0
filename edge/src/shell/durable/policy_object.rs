// SPDX-License-Identifier: EUPL-1.2
//! The Durable Object of the policy, one for the service. Its calls are listed in [`rpc`](crate::shell::rpc).
//!
//! It does not ask which rules are in force: it knows them, and tells its own isolate at once.

use ::worker::{DurableObject, Env, Request, Response, State, durable_object};

use super::{
    alarm,
    object::{Object, respond, without_links},
    sql::DurableSql,
};
use crate::{
    actors::PolicyActor,
    problem::{Error, Fault},
    shell::{
        clock,
        http::replies,
        installed_policy, log,
        process::{self, Awake},
        rpc::{
            ActOnPolicy, Call, PreviewPolicy, ProposeAnswer, ReadMetrics, ReadPolicyHistory,
            ReadPolicyVersion, ReadRules, SettleAnswer, Wake, answer,
        },
        rules,
    },
};

/// See the module.
#[durable_object]
pub struct PolicyObject {
    object: Object<PolicyActor<DurableSql>>,
    env: Env,
}

impl PolicyObject {
    async fn handle(&self, mut request: Request) -> Result<Response, Error> {
        let (actor, request) = (|| self.object.actor(), &mut request);
        match request.path().as_str() {
            ReadRules::PATH => {
                answer(request, |ReadRules { known }| Ok(actor()?.rules(known, clock::now())?)).await
            }
            ReadPolicyHistory::PATH => {
                answer(request, |ReadPolicyHistory { before }| Ok(actor()?.history(before, clock::now())?))
                    .await
            }
            ReadPolicyVersion::PATH => {
                answer(request, |ReadPolicyVersion { number }| actor()?.read(number)).await
            }
            PreviewPolicy::PATH => {
                answer(request, |PreviewPolicy { document }| actor()?.preview(&document, clock::now())).await
            }
            ActOnPolicy::PATH => {
                answer(request, |ActOnPolicy { by, acted, act }| {
                    let version = actor()?.act(by, &acted, act, clock::now())?;
                    self.apply();
                    Ok(version)
                })
                .await
            }
            ProposeAnswer::PATH => {
                answer(request, |ProposeAnswer { by, proposed }| {
                    actor()?.propose_answer(by, proposed, clock::now())
                })
                .await
            }
            SettleAnswer::PATH => {
                answer(request, |SettleAnswer { id }| Ok(actor()?.settle_answer(&id)?)).await
            }
            ReadMetrics::PATH => self.object.metrics(request, PolicyActor::metrics).await,
            Wake::PATH => {
                self.ring().await?;
                Ok(replies::empty(204)?)
            }
            _ => Ok(replies::empty(404)?),
        }
    }

    /// Tells this isolate which rules are in force. Another one asks.
    fn apply(&self) {
        let rules = self.object.actor().and_then(|actor| actor.rules(None, clock::now()));
        if let Err(fault) = rules.and_then(|rules| rules::hold(&self.env, rules)) {
            log::fault(&fault);
        }
    }

    /// Notifies desks of a version that has come into force.
    async fn ring(&self) -> Result<(), Fault> {
        self.object.rang();
        self.apply();
        let nothing = |()| Ok(());
        let steps = [self.object.wake(&nothing), self.object.deliver_outbox(&nothing).await];
        self.object.arm_after(steps, self.object.next_wake()).await
    }
}

impl DurableObject for PolicyObject {
    fn new(state: State, env: Env) -> Self {
        process::woke(Awake::Policy);
        let own = env.clone();
        let object = Object::open(state, env, |state, env| {
            PolicyActor::open(DurableSql::of(state), &installed_policy(env), clock::now())
        });
        Self { object, env: own }
    }

    async fn fetch(&self, request: Request) -> ::worker::Result<Response> {
        let answered = self.handle(request).await;
        let armed = self.object.arm(self.object.next_wake(), clock::wall()).await;
        respond(answered, armed)
    }

    async fn alarm(&self) -> ::worker::Result<Response> {
        alarm::rung(self.ring().await)
    }

    without_links!();
}
