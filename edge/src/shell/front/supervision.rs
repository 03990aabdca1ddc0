// SPDX-License-Identifier: EUPL-1.2
//! Reports, search, comments and the audit trail, for supervisors. `http::supervision` reads the requests and checks their
//! permissions; `docs/supervision.openapi.yaml` describes them. A look that the audit trail keeps is written there first: one that
//! cannot be written is not answered.

use ::worker::{Env, Headers, Request, Response};
use infocig_domain::staff::Right;
use infocig_protocol::{id::ConversationId, problem::Code, report::AuditedKind};
use serde::Serialize;

use super::staff;
use crate::{
    auth::ticket::DeskHolder,
    http::{
        etag, report_csv,
        supervision::{self, ReportForm, SegnalazioneSought},
    },
    problem::{Error, Fault, Refusal},
    settings::Settings,
    shell::{
        http::{headers::parameter, replies},
        rpc::{
            self, AddLook, FindSegnalazioni, HandleComment, ReadAudit, ReadComments, ReadReport,
            SearchConversations,
        },
    },
    store::Look,
};

/// `GET /v1/supervision/report`
pub(crate) async fn report(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    let get = parameters(request);
    let per_advisor = settings.policy.desk.figures.per_advisor;
    let (query, form) = supervision::report(&holder, per_advisor, &get)?;
    if let Some(act) = supervision::audited_report(&holder, &query, form) {
        write_down(env, &holder, act, None, &get).await?;
    }
    let report = rpc::call(&rpc::register(env)?, &ReadReport { query }).await?;
    let (body, content_type) = match form {
        ReportForm::Json => (written(&report)?, "application/json"),
        ReportForm::Csv { bom } => (report_csv::rows(&report, bom), CSV),
        ReportForm::SeriesCsv { bom } => (report_csv::series(&report, bom), CSV),
    };
    tagged(request, body, content_type)
}

/// `GET /v1/supervision/conversations`
pub(crate) async fn search(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let (holder, get) = (staff::holder(request, env, settings).await?, parameters(request));
    let per_advisor = settings.policy.desk.figures.per_advisor;
    let supervision::Search { mut query, person_key, segnalazione } =
        supervision::search(&holder, per_advisor, &get)?;
    write_down(env, &holder, AuditedKind::Searched, None, &get).await?;
    if let Some(key) = person_key {
        query.begins = Some(rpc::id_of_person(env, &key)?);
    }
    if let Some(sought) = segnalazione {
        let (number, protocol) = match sought {
            SegnalazioneSought::Number(number) => (Some(number), None),
            SegnalazioneSought::Protocol(protocol) => (None, Some(protocol)),
        };
        let sought = FindSegnalazioni { number, protocol };
        query.among = Some(rpc::call(&rpc::connector(env)?, &sought).await?);
    }
    let found = rpc::call(&rpc::register(env)?, &SearchConversations { query }).await?;
    tagged(request, written(&found)?, "application/json")
}

/// `GET /v1/supervision/comments`
pub(crate) async fn comments(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let (holder, get) = (staff::holder(request, env, settings).await?, parameters(request));
    let query = supervision::comments(&holder, &get)?;
    write_down(env, &holder, AuditedKind::ReadComments, None, &get).await?;
    let comments = rpc::call(&rpc::register(env)?, &ReadComments { query }).await?;
    tagged(request, written(&comments)?, "application/json")
}

/// `GET /v1/supervision/audit`
pub(crate) async fn audit(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    let query = supervision::audit(&holder, &parameters(request))?;
    let trail = rpc::call(&rpc::desk(env, &holder.desk)?, &ReadAudit { query }).await?;
    tagged(request, written(&trail)?, "application/json")
}

/// `POST /v1/supervision/comments/{id}/handled`
pub(crate) async fn handled(
    request: &Request,
    env: &Env,
    settings: &Settings,
    conversation: ConversationId,
) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    let supervisor = supervision::reader(&holder, Right::HandleComments)?.clone();
    let get = parameters(request);
    let queues = supervision::queues(&holder, &get)?;
    write_down(env, &holder, AuditedKind::HandledComment, Some(conversation.clone()), &get).await?;
    let handled = HandleComment { queues, conversation, supervisor };
    if !rpc::call(&rpc::register(env)?, &handled).await? {
        return Err(Refusal::new(Code::NotFound, "no comment on that conversation in these queues").into());
    }
    Ok(replies::empty(204)?)
}

/// Adds a look to the audit trail of the holder's desk.
async fn write_down(
    env: &Env,
    holder: &DeskHolder,
    act: AuditedKind,
    conversation: Option<ConversationId>,
    get: supervision::Parameters<'_>,
) -> Result<(), Error> {
    let missing = || Refusal::new(Code::NotSupervisor, "not a ticket of the staff");
    let supervisor = holder.advisor.clone().ok_or_else(missing)?;
    let look = Look { supervisor, act, conversation, asked: supervision::asked(get) };
    rpc::call(&rpc::desk(env, &holder.desk)?, &AddLook { look }).await
}

fn parameters(request: &Request) -> impl Fn(&str) -> Option<String> {
    |name| parameter(request, name).ok().flatten()
}

fn written(document: &impl Serialize) -> Result<String, Fault> {
    serde_json::to_string(document).map_err(|error| Fault::Corrupt(format!("answer not written: {error}")))
}

/// The answer with its tag, or without its body to a client that has it already. A browser keeps none of it.
fn tagged(request: &Request, body: String, content_type: &str) -> Result<Response, Error> {
    let tag = etag::of(body.as_bytes());
    let known = request.headers().get("if-none-match")?;
    let headers = Headers::new();
    headers.set("etag", &tag)?;
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("x-content-type-options", "nosniff")?;
    if etag::is_known(known.as_deref(), &tag) {
        return Ok(Response::empty()?.with_status(304).with_headers(headers));
    }
    headers.set("content-type", content_type)?;
    Ok(Response::ok(body)?.with_headers(headers))
}

const CSV: &str = "text/csv; charset=utf-8; header=present";
