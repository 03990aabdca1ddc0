// SPDX-License-Identifier: EUPL-1.2
//! The entry of the Worker: one HTTP request in, one answer out. It dispatches by route; the endpoints are in `front`.

use std::rc::Rc;

use ::worker::{Context, Env, Headers, Request, Response, event};
use infocig_protocol::problem::Code;

use super::{
    clock, counters,
    front::{
        assistant, availability, calls, cases, conversations, data_protection, desk_sessions, health,
        history, metrics, open_figures, own_data, plain_pages, policy, ratings, readiness, requests,
        security_txt, segnalazioni, site, staff, supervision, test_endpoints, transcripts,
    },
    http::{
        cors::{Page, shared},
        replies,
    },
    log, process, random, refusals, rules, settings,
};
use crate::{
    log::{Answered, Trace},
    metrics::declared,
    problem::{Error, Refusal},
    route::{self, Route},
    settings::Settings,
};

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> ::worker::Result<Response> {
    clock::start(&env);
    counters::began();
    if process::is_its_runner(&env) {
        return match (&*request.inner().method(), &*request.path()) {
            ("POST", "/end") => {
                process::end(&env).await;
                replies::empty(204).or_else(|fault| replies::fault(&fault, ""))
            }
            _ => Response::error("not found", 404),
        };
    }
    let began = clock::wall();
    let traceparent = request.headers().get("traceparent").ok().flatten();
    let trace = Trace::new(random::name().unwrap_or_default(), traceparent.as_deref());
    let path = request.path();
    // As it came: the crate takes methods it does not know for GET.
    let method = request.inner().method();
    let route = route::parse(&method, &path);
    let name = route.as_ref().map_or(route::UNKNOWN, Route::template);
    let may_wait = route.as_ref().is_ok_and(Route::may_wait);
    let is_probe = route.as_ref().is_ok_and(Route::is_probe);
    let route =
        route.map_err(|code| Refusal::new(code, format!("{} {}", printable(&method), printable(&path))));

    let (response, code) = respond(request, route, &env, &trace).await?;
    refusals::tell_register(&env, &context);

    let status = response.status_code();
    let millis = clock::wall().as_millis() - began.as_millis();
    counters::count(&declared::REQUESTS, &[name, route::status_word(status)]);
    if !may_wait {
        counters::observe(&declared::REQUEST_SECONDS, &[], millis);
    }
    // A probe that finds all well would be the only thing to read in the log of a quiet hour.
    if !is_probe || status != 200 {
        let method = route::method_word(&method);
        log::request(&Answered { trace: &trace, method, route: name, status, code, millis });
    }
    Ok(traced(response, &trace))
}

/// The answer to a request, and the code of the problem where it is one.
async fn respond(
    request: Request,
    route: Result<Route<'_>, Refusal>,
    env: &Env,
    trace: &Trace,
) -> ::worker::Result<(Response, Option<&'static str>)> {
    let goes_by_rules = route.as_ref().is_ok_and(Route::goes_by_rules);
    let rules = if goes_by_rules { rules::refresh(env).await } else { Ok(()) };
    let settings = match settings(env) {
        Ok(settings) => settings,
        Err(fault) => {
            log::fault_in(trace, &fault);
            let response = match route {
                Ok(Route::Ready) => readiness::without_settings(&fault).map_err(|_| fault),
                Ok(_) | Err(_) => Err(fault),
            };
            // Without settings no origin is known to be allowed; the answer says nothing but that.
            let response = response.or_else(|fault| replies::fault(&fault, ""))?;
            let response = replies::with_header(response, "access-control-allow-origin", "*")
                .unwrap_or_else(|_| empty());
            return Ok((response, Some(Code::Misconfigured.as_str())));
        }
    };
    let page = Page::of(&request);
    let answered = match rules {
        Ok(()) => answer(request, route, env, &settings, &page, trace).await,
        Err(fault) => Err(fault.into()),
    };
    match answered {
        Ok(response) => Ok((response, None)),
        Err(Error::Refused(refusal)) => {
            let code = refusal.code.as_str();
            counters::count(&declared::PROBLEMS, &[code]);
            let response = replies::problem(&refusal, &settings.origin)
                .and_then(|response| shared(response, &settings, &page))
                .or_else(|fault| replies::fault(&fault, &settings.origin))?;
            Ok((response, Some(code)))
        }
        Err(Error::Fault(fault)) => {
            log::fault_in(trace, &fault);
            counters::count(&declared::PROBLEMS, &[Code::Fault.as_str()]);
            let response = replies::fault(&fault, &settings.origin)?;
            let response = shared(response, &settings, &page).unwrap_or_else(|_| empty());
            Ok((response, Some(Code::Fault.as_str())))
        }
    }
}

/// The answer with the id of its request, by which it is found in the log, and with the trace of a caller who has one. An
/// upgrade goes out as it is: no page can read its headers.
fn traced(response: Response, trace: &Trace) -> Response {
    if response.status_code() == 101 {
        return response;
    }
    let headers = Headers::new();
    let copied = || -> ::worker::Result<()> {
        // Headers of fetched answers are immutable: copy, then set.
        for (name, value) in response.headers() {
            headers.append(&name, &value)?;
        }
        headers.set("x-request-id", &trace.request_id)?;
        trace.traceparent().map_or(Ok(()), |traceparent| headers.set("traceparent", &traceparent))
    };
    if copied().is_ok() { response.with_headers(headers) } else { response }
}

async fn answer(
    mut request: Request,
    route: Result<Route<'_>, Refusal>,
    env: &Env,
    settings: &Rc<Settings>,
    page: &Page,
    trace: &Trace,
) -> Result<Response, Error> {
    let route = route?;
    if let Route::Plain(plain) = route {
        return Ok(plain_pages::answer(plain, request, env, settings, trace).await?);
    }
    if let Route::OpenFigures(which) = route {
        return open_figures::read(which, &request, env, settings).await;
    }
    if let Route::Staff(which) = route {
        return staff::answer(which, request, env, settings, trace).await;
    }
    if let Route::Site(path) = route {
        return site::file(&request, env, path).await;
    }
    let is_for_everybody =
        matches!(route, Route::Health | Route::Ready | Route::Problem(_) | Route::SecurityTxt);
    if page.is_foreign(settings) && !is_for_everybody {
        let refusal = Refusal::new(Code::OriginNotAllowed, "pages of that origin may not use this service");
        return Err(refusal.into());
    }
    let response = match route {
        Route::Health => health::read()?,
        Route::Ready => readiness::read(&request, env, settings).await?,
        Route::Metrics => metrics::read(&request, env, settings).await?,
        Route::ConversationSocket(_)
        | Route::ConversationPoll(_)
        | Route::DeskSocket(_)
        | Route::DeskPoll(_)
        | Route::OpenConversation
        | Route::OpenDeskSession
            if process::is_ending() =>
        {
            return Err(process::ending().into());
        }
        Route::Availability => availability::read(&request, env, settings).await?,
        Route::OpenConversation => conversations::open(&request, env, settings).await?,
        Route::ConversationSocket(id) => return conversations::socket(request, env, settings, &id).await,
        Route::ConversationPoll(id) => conversations::poll(request, env, &id).await?,
        Route::Cases(id) => cases::list(&request, env, settings, &id, trace).await?,
        Route::Relay(id, call) => calls::relay(&request, env, settings, &id, call).await?,
        Route::ShareCase(id) => cases::share(&mut request, env, settings, &id, trace).await?,
        Route::Transcript(id) => transcripts::read(&request, env, settings, &id, trace).await?,
        Route::Rate(id) => ratings::write(&mut request, env, &id).await?,
        Route::Consult(id) => assistant::consult(&mut request, env, settings, &id, trace).await?,
        Route::AskAssistant => assistant::ask(&mut request, env, settings, trace).await?,
        Route::WriteRequest => requests::write(&mut request, env, settings).await?,
        Route::History => history::read(&request, env, settings).await?,
        Route::OwnData => own_data::read(&request, env, settings).await?,
        Route::OpenDeskSession => desk_sessions::open(&request, env, settings, trace).await?,
        Route::DeskSocket(desk) => return desk_sessions::socket(request, env, settings, &desk).await,
        Route::DeskPoll(desk) => desk_sessions::poll(request, env, settings, &desk).await?,
        Route::Segnalazioni => segnalazioni::supervise(&request, env, settings, trace).await?,
        Route::RetrySegnalazione => segnalazioni::retry(&mut request, env, settings, trace).await?,
        Route::Report => supervision::report(&request, env, settings, trace).await?,
        Route::SearchConversations => supervision::search(&request, env, settings, trace).await?,
        Route::Comments => supervision::comments(&request, env, settings, trace).await?,
        Route::AuditTrail => supervision::audit(&request, env, settings, trace).await?,
        Route::HandleComment(id) => supervision::handled(&request, env, settings, id, trace).await?,
        Route::DataProtection(which) => {
            data_protection::answer(which, &mut request, env, settings, trace).await?
        }
        Route::Policy(policy) => policy::answer(policy, &mut request, env, settings, trace).await?,
        Route::UpdateSegnalazione => segnalazioni::update(&mut request, env, settings).await?,
        Route::Problem(code) => health::problem(code)?,
        Route::SecurityTxt => security_txt::read(settings)?,
        Route::ReadTestClock => test_endpoints::clock(&mut request, env, false).await?,
        Route::SetTestClock => test_endpoints::clock(&mut request, env, true).await?,
        Route::ReadRegister => test_endpoints::register(env).await?,
        Route::ReadSegnalazioni => test_endpoints::segnalazioni(env).await?,
        Route::FailOnPurpose(id) => test_endpoints::fail(&mut request, env, &id).await?,
        Route::Preflight => replies::empty(204)?,
        Route::Site(_) | Route::Plain(_) | Route::OpenFigures(_) | Route::Staff(_) => {
            return Err(Refusal::new(Code::NotFound, "not a route of the service").into());
        }
    };
    Ok(shared(response, settings, page)?)
}

/// The last resort, when not even a fault can be written.
fn empty() -> Response {
    Response::builder().with_status(500).empty()
}

/// A path as it may be repeated to its caller.
fn printable(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(80).collect()
}
