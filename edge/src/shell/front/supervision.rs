// SPDX-License-Identifier: EUPL-1.2
//! Reports, search, comments and the audit trail, for supervisors. `http::supervision` reads the requests and checks their
//! permissions; `docs/supervision.openapi.yaml` describes them. A look that the audit trail keeps is written there first: one that
//! cannot be written is not answered.

use ::worker::{Env, Headers, Request, Response};
use infocig_domain::{
    audit::{AuditEvent, file},
    staff::Right,
};
use infocig_protocol::{id::ConversationId, problem::Code, report::AuditedKind};
use serde::Serialize;

use super::{audit, staff};
use crate::{
    actors::AuditExport,
    auth::ticket::DeskHolder,
    http::{
        audit_csv, etag, report_csv,
        supervision::{self, AuditForm, ReportForm, SegnalazioneSought},
    },
    log::Trace,
    problem::{Error, Fault, Refusal},
    settings::Settings,
    shell::{
        clock,
        http::{headers::parameter, replies},
        rpc::{
            self, ExportAudit, FindSegnalazioni, HandleComment, ReadAudit, ReadComments, ReadReport,
            SearchConversations,
        },
    },
};

/// `GET /v1/supervision/report`
pub(crate) async fn report(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    let get = parameters(request);
    let per_advisor = settings.policy.desk.figures.per_advisor;
    let (query, form) = supervision::report(&holder, per_advisor, &get)?;
    if let Some(act) = supervision::audited_report(&holder, &query, form) {
        write_down(env, (&holder, trace), act, &get).await?;
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
pub(crate) async fn search(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let (holder, get) = (staff::holder(request, env, settings).await?, parameters(request));
    let per_advisor = settings.policy.desk.figures.per_advisor;
    let supervision::Search { mut query, person_key, segnalazione } =
        supervision::search(&holder, per_advisor, &get)?;
    write_down(env, (&holder, trace), AuditedKind::Searched, &get).await?;
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
pub(crate) async fn comments(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let (holder, get) = (staff::holder(request, env, settings).await?, parameters(request));
    let query = supervision::comments(&holder, &get)?;
    write_down(env, (&holder, trace), AuditedKind::ReadComments, &get).await?;
    let comments = rpc::call(&rpc::register(env)?, &ReadComments { query }).await?;
    tagged(request, written(&comments)?, "application/json")
}

/// `GET /v1/supervision/audit`
pub(crate) async fn audit(
    request: &Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let (holder, get) = (staff::holder(request, env, settings).await?, parameters(request));
    let (query, form) = supervision::audit(&holder, &get)?;
    let act = if form == AuditForm::Page { AuditedKind::ReadAudit } else { AuditedKind::ExportedAudit };
    let asked = supervision::audit_asked(&get);
    let event = AuditEvent { asked, ..audit::by(&holder, trace).did(act, clock::now()) };
    audit::record(env, event).await?;
    let trail = rpc::audit(env)?;
    if form == AuditForm::Page {
        return tagged(
            request,
            written(&rpc::call(&trail, &ReadAudit { query }).await?)?,
            "application/json",
        );
    }
    let is_all = query.is_everything();
    let AuditExport { rows, after, end } = rpc::call(&trail, &ExportAudit { query }).await?;
    supervision::fits_a_file(rows.len())?;
    let (body, content_type, ending) = match form {
        AuditForm::Csv { bom } => (audit_csv::write(&rows, bom)?, CSV, "csv"),
        AuditForm::Page | AuditForm::Json => {
            let file = file::write(&rows, is_all.then_some(&after), &end, clock::now());
            let file = file.map_err(|error| Fault::Corrupt(format!("audit file not written: {error}")))?;
            (file, "application/json", "json")
        }
    };
    let name = format!("attachment; filename=\"info-cig-audit-{}.{ending}\"", end.number);
    Ok(replies::with_header(tagged(request, body, content_type)?, "content-disposition", &name)?)
}

/// `POST /v1/supervision/comments/{id}/handled`
pub(crate) async fn handled(
    request: &Request,
    env: &Env,
    settings: &Settings,
    conversation: ConversationId,
    trace: &Trace,
) -> Result<Response, Error> {
    let holder = staff::holder(request, env, settings).await?;
    supervision::reader(&holder, Right::HandleComments)?;
    let queues = supervision::queues(&holder, &parameters(request))?;
    let handled = HandleComment { queues, conversation, by: audit::by(&holder, trace) };
    if !rpc::call(&rpc::register(env)?, &handled).await? {
        return Err(Refusal::new(Code::NotFound, "no comment on that conversation in these queues").into());
    }
    Ok(replies::empty(204)?)
}

/// Writes a look down, with what was asked for.
async fn write_down(
    env: &Env,
    (holder, trace): (&DeskHolder, &Trace),
    act: AuditedKind,
    get: supervision::Parameters<'_>,
) -> Result<(), Error> {
    let event =
        AuditEvent { asked: supervision::asked(get), ..audit::by(holder, trace).did(act, clock::now()) };
    audit::record(env, event).await
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
