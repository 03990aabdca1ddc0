// SPDX-License-Identifier: EUPL-1.2
//! The versions of the policy, for administrators, and the answers that advisors propose. `docs/policy.openapi.yaml` describes the requests.

use ::worker::{Env, Request, Response};
use infocig_domain::{audit::ActedBy, staff::Right};
use infocig_protocol::{
    id::MessageId,
    policy::{CloseNow, NewBanner, NewPolicy, PolicyAuthor, PolicyDraft, ProposedAnswer},
    problem::Code,
    time::Timestamp,
};
use serde::de::DeserializeOwned;

use super::{audit, staff};
use crate::{
    actors::PolicyAct,
    log::Trace,
    problem::{Error, Refusal},
    route::PolicyRoute,
    settings::Settings,
    shell::{
        http::{body, headers::parameter, replies},
        rpc::{
            self, ActOnPolicy, PreviewPolicy, ProposeAnswer, ReadPolicyHistory, ReadPolicyVersion,
            SettleAnswer,
        },
    },
};

/// Answers a request about the rules.
pub(crate) async fn answer(
    route: PolicyRoute<'_>,
    request: &mut Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let right = match route {
        PolicyRoute::Approve(_) => Right::ApproveRules,
        PolicyRoute::ProposeAnswer => Right::ProposeAnswers,
        PolicyRoute::History
        | PolicyRoute::Preview
        | PolicyRoute::Propose
        | PolicyRoute::Version(_)
        | PolicyRoute::Withdraw(_)
        | PolicyRoute::Close
        | PolicyRoute::Reopen
        | PolicyRoute::Announce
        | PolicyRoute::SettleAnswer(_) => Right::ChangeRules,
    };
    let (by, acted) = holder(request, env, settings, right, trace).await?;
    let act = match route {
        PolicyRoute::History => return history(request, env).await,
        PolicyRoute::Version(number) => {
            let version = rpc::call(&rpc::policy(env)?, &ReadPolicyVersion { number }).await?;
            return Ok(replies::json(200, &version)?);
        }
        PolicyRoute::Preview => {
            let PolicyDraft { document } = large(request).await?;
            let preview = rpc::call(&rpc::policy(env)?, &PreviewPolicy { document }).await?;
            return Ok(replies::json(200, &preview)?);
        }
        PolicyRoute::Propose => PolicyAct::Propose(large::<NewPolicy>(request).await?),
        PolicyRoute::Approve(number) => PolicyAct::Approve(number),
        PolicyRoute::Withdraw(number) => PolicyAct::Withdraw(number),
        PolicyRoute::Close => {
            let CloseNow { until, reason } = body::json(request).await?;
            PolicyAct::Close { until: instant(&until)?, reason }
        }
        PolicyRoute::Reopen => PolicyAct::Reopen,
        PolicyRoute::Announce => {
            let NewBanner { text, until } = body::json(request).await?;
            let until = until.as_deref().map(instant).transpose()?;
            PolicyAct::Announce(text.map(|text| (text, until)))
        }
        PolicyRoute::ProposeAnswer => {
            let proposed: ProposedAnswer = body::json(request).await?;
            rpc::call(&rpc::policy(env)?, &ProposeAnswer { by, proposed }).await?;
            return Ok(replies::empty(204)?);
        }
        PolicyRoute::SettleAnswer(id) => {
            let id = MessageId::parse(id).map_err(|_| Refusal::new(Code::NotFound, "not an id"))?;
            rpc::call(&rpc::policy(env)?, &SettleAnswer { id }).await?;
            return Ok(replies::empty(204)?);
        }
    };
    let is_new = !matches!(act, PolicyAct::Approve(_) | PolicyAct::Withdraw(_));
    let version = rpc::call(&rpc::policy(env)?, &ActOnPolicy { by, acted, act }).await?;
    Ok(replies::json(if is_new { 201 } else { 200 }, &version)?)
}

async fn history(request: &Request, env: &Env) -> Result<Response, Error> {
    let before = parameter(request, "before")?;
    let number = |text: String| {
        text.parse().map_err(|_| Refusal::new(Code::RequestInvalid, "before must be the number of a version"))
    };
    let before = before.map(number).transpose()?;
    Ok(replies::json(200, &rpc::call(&rpc::policy(env)?, &ReadPolicyHistory { before }).await?)?)
}

/// The holder of the ticket, if they have a right.
async fn holder(
    request: &Request,
    env: &Env,
    settings: &Settings,
    right: Right,
    trace: &Trace,
) -> Result<(PolicyAuthor, ActedBy), Error> {
    let holder = staff::holder(request, env, settings).await?;
    holder.require(right)?;
    let acted = audit::by(&holder, trace);
    let id = holder.advisor.ok_or_else(|| Refusal::new(Code::NotSupervisor, "not a ticket of the staff"))?;
    Ok((PolicyAuthor { id, name: holder.name }, acted))
}

/// A body that holds a document of the policy.
async fn large<T: DeserializeOwned>(request: &mut Request) -> Result<T, Error> {
    let body = body::read(request, MAX_BODY_BYTES).await?;
    Ok(body::document(&body)?)
}

fn instant(text: &str) -> Result<Timestamp, Refusal> {
    let instant: Result<jiff::Timestamp, _> = text.parse();
    let instant = instant.map_err(|_| Refusal::new(Code::RequestInvalid, "until must be RFC 3339"))?;
    Ok(Timestamp::from_millis(instant.as_millisecond()))
}

/// A document of 256 kB, written as a JSON text with its line ends and quotes escaped.
const MAX_BODY_BYTES: usize = 512 * 1024;
