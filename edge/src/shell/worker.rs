// SPDX-License-Identifier: EUPL-1.2
//! The entry of the Worker: one HTTP request in, one answer out. It dispatches by route; the endpoints are in `front`.

use std::rc::Rc;

use ::worker::{Context, Env, Request, Response, event};
use infocig_protocol::problem::Code;

use super::{
    clock,
    front::{
        availability, cases, conversations, desk_sessions, health, history, open_figures, plain_pages,
        ratings, requests, security_txt, segnalazioni, site, supervision, test_endpoints, transcripts,
    },
    http::{
        cors::{Page, shared},
        replies,
    },
    process, refusals, settings,
};
use crate::{
    problem::{Error, Refusal},
    route::{self, Route},
    settings::Settings,
};

#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> ::worker::Result<Response> {
    clock::start(&env);
    if process::is_its_runner(&env) {
        return match (&*request.inner().method(), &*request.path()) {
            ("POST", "/end") => {
                process::end(&env).await;
                replies::empty(204).or_else(|fault| replies::fault(&fault, ""))
            }
            _ => Response::error("not found", 404),
        };
    }
    let settings = match settings(&env) {
        Ok(settings) => settings,
        Err(fault) => {
            // Without settings no origin is known to be allowed; the answer says nothing but that.
            let response = replies::fault(&fault, "")?;
            return Ok(replies::with_header(response, "access-control-allow-origin", "*")
                .unwrap_or_else(|_| empty()));
        }
    };
    let page = Page::of(&request);
    let answered = answer(request, &env, &settings, &page).await;
    refusals::tell_register(&env, &context);
    match answered {
        Ok(response) => Ok(response),
        Err(Error::Refused(refusal)) => replies::problem(&refusal, &settings.origin)
            .and_then(|response| shared(response, &settings, &page))
            .or_else(|fault| replies::fault(&fault, &settings.origin)),
        Err(Error::Fault(fault)) => {
            let response = replies::fault(&fault, &settings.origin)?;
            Ok(shared(response, &settings, &page).unwrap_or_else(|_| empty()))
        }
    }
}

async fn answer(
    mut request: Request,
    env: &Env,
    settings: &Rc<Settings>,
    page: &Page,
) -> Result<Response, Error> {
    let path = request.path();
    // As it came: the crate takes methods it does not know for GET.
    let method = request.inner().method();
    let route = route::parse(&method, &path)
        .map_err(|code| Refusal::new(code, format!("{} {}", printable(&method), printable(&path))))?;
    if let Route::Plain(plain) = route {
        return Ok(plain_pages::answer(plain, request, env, settings).await?);
    }
    if let Route::OpenFigures(which) = route {
        return open_figures::read(which, &request, env, settings).await;
    }
    if let Route::Site(path) = route {
        return site::file(&request, env, path).await;
    }
    if page.is_foreign(settings) && !matches!(route, Route::Health | Route::Problem(_) | Route::SecurityTxt) {
        let refusal = Refusal::new(Code::OriginNotAllowed, "pages of that origin may not use this service");
        return Err(refusal.into());
    }
    let response = match route {
        Route::Health => health::read(env).await?,
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
        Route::Cases(id) => cases::list(&request, env, settings, &id).await?,
        Route::ShareCase(id) => cases::share(&mut request, env, settings, &id).await?,
        Route::Transcript(id) => transcripts::read(&request, env, settings, &id).await?,
        Route::Rate(id) => ratings::write(&mut request, env, &id).await?,
        Route::WriteRequest => requests::write(&mut request, env, settings).await?,
        Route::History => history::read(&request, env, settings).await?,
        Route::OpenDeskSession => desk_sessions::open(&request, settings).await?,
        Route::DeskSocket(desk) => return desk_sessions::socket(request, env, settings, &desk).await,
        Route::DeskPoll(desk) => desk_sessions::poll(request, env, settings, &desk).await?,
        Route::Segnalazioni => segnalazioni::supervise(&request, env, settings).await?,
        Route::RetrySegnalazione => segnalazioni::retry(&mut request, env, settings).await?,
        Route::Report => supervision::report(&request, env, settings).await?,
        Route::SearchConversations => supervision::search(&request, env, settings).await?,
        Route::Comments => supervision::comments(&request, env, settings).await?,
        Route::AuditTrail => supervision::audit(&request, env, settings).await?,
        Route::HandleComment(id) => supervision::handled(&request, env, settings, id).await?,
        Route::UpdateSegnalazione => segnalazioni::update(&mut request, env, settings).await?,
        Route::Problem(code) => health::problem(code)?,
        Route::SecurityTxt => security_txt::read(settings)?,
        Route::ReadTestClock => test_endpoints::clock(&mut request, env, false).await?,
        Route::SetTestClock => test_endpoints::clock(&mut request, env, true).await?,
        Route::ReadRegister => test_endpoints::register(env).await?,
        Route::ReadSegnalazioni => test_endpoints::segnalazioni(env).await?,
        Route::FailOnPurpose(id) => test_endpoints::fail(&mut request, env, &id).await?,
        Route::Preflight => replies::empty(204)?,
        Route::Site(_) | Route::Plain(_) | Route::OpenFigures(_) => {
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
