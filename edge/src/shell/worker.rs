// SPDX-License-Identifier: EUPL-1.2
//! The front: one HTTP request in, one answer out. What it asks of the rules it asks anew each time.

use std::rc::Rc;

use ::worker::{Context, Env, Headers, Request, Response, Stub, event};
use infocig_domain::{
    admission::{self, Applicant, Assessment, admit},
    conversation::ClosingTime,
    people::Speaker,
};
use infocig_protocol::{
    http::{Admission, DeskSessionOpened, Verdict},
    id::{ConversationId, QueueId},
    language::Language,
    person::{Category, Credential, EntryPoint},
    problem::Code,
    subprotocol,
    time::Timestamp,
};

use super::{
    afterwards, clock, conversation_object::AdmitQuestion, keys, linea_inps, load, objects, plain, process,
    replies, settings, site,
};
use crate::{
    language::Wishes,
    origin::allowed_headers,
    problem::{Fault, Refusal},
    room::Admitted,
    route::{self, Route},
    settings::{Role, Settings},
    ticket::{Door, Ticket},
    token::{self, Person, SignedInAdvisor},
};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> ::worker::Result<Response> {
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
            // Without settings nobody knows whose page asks; the answer says nothing but that.
            let response = replies::fault(&fault, "")?;
            return Ok(replies::with_header(response, "access-control-allow-origin", "*")
                .unwrap_or_else(|_| empty()));
        }
    };
    let page = Page::of(&request);
    match answer(request, &env, &settings, &page).await {
        Ok(response) => Ok(response),
        Err(Failure::Refused(refusal)) => replies::problem(&refusal, &settings.origin)
            .and_then(|response| shared(response, &settings, &page))
            .or_else(|fault| replies::fault(&fault, &settings.origin)),
        Err(Failure::Fault(fault)) => {
            let response = replies::fault(&fault, &settings.origin)?;
            Ok(shared(response, &settings, &page).unwrap_or_else(|_| empty()))
        }
    }
}

/// What ends a request early.
pub(super) enum Failure {
    Refused(Refusal),
    Fault(Fault),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<Fault>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

async fn answer(
    mut request: Request,
    env: &Env,
    settings: &Rc<Settings>,
    page: &Page,
) -> Result<Response, Failure> {
    let path = request.path();
    // As it came: the crate takes methods it does not know for GET.
    let method = request.inner().method();
    let route = route::parse(&method, &path)
        .map_err(|code| Refusal::new(code, format!("{} {}", printable(&method), printable(&path))))?;
    if let Route::Plain(asked) = route {
        return Ok(plain::answer(asked, request, env, settings).await?);
    }
    if let Route::Site(path) = route {
        return Ok(site::file(&request, env, path).await??);
    }
    let foreign = page.origin.as_deref().filter(|origin| !settings.allows_origin(origin));
    if foreign.is_some() && !matches!(route, Route::Health | Route::Problem(_)) {
        return Err(
            Refusal::new(Code::OriginNotAllowed, "pages of that origin may not use this service").into()
        );
    }
    let response = match route {
        Route::Health => health(env).await?,
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
        Route::Availability => availability(&request, env, settings).await?,
        Route::OpenConversation => open_conversation(&request, env, settings).await?,
        Route::ConversationSocket(id) => return conversation_socket(request, env, settings, &id).await,
        Route::ConversationPoll(id) => conversation_object(env, &id)?.fetch_with_request(request).await?,
        Route::Cases(id) => afterwards::cases(&request, env, settings, &id).await?,
        Route::ShareCase(id) => afterwards::share(request, env, settings, &id).await?,
        Route::Transcript(id) => afterwards::transcript(&request, env, settings, &id).await?,
        Route::Rate(id) => afterwards::rate(request, env, &id).await?,
        Route::WriteRequest => afterwards::write(request, env, settings).await?,
        Route::History => afterwards::history(&request, env, settings).await?,
        Route::OpenDeskSession => open_desk_session(&request, settings).await?,
        Route::DeskSocket(queue) => return desk_socket(request, env, settings, &queue).await,
        Route::DeskPoll(queue) => desk_object(env, settings, &queue)?.fetch_with_request(request).await?,
        Route::Segnalazioni => linea_inps::supervise(&request, env, settings).await?,
        Route::RetrySegnalazione => linea_inps::retry(&mut request, env, settings).await?,
        Route::UpdateSegnalazione => linea_inps::update(&mut request, env, settings).await?,
        Route::Problem(code) => problem_page(code)?,
        Route::ReadTestClock | Route::SetTestClock => {
            test_clock(request, env, route == Route::SetTestClock).await?
        }
        Route::ReadRegister => register(env).await?,
        Route::ReadSegnalazioni => linea_inps::list_for_tests(env).await?,
        Route::FailOnPurpose(id) => fail_on_purpose(request, env, &id).await?,
        Route::Preflight => replies::empty(204)?,
        Route::Site(_) | Route::Plain(_) => {
            return Err(Refusal::new(Code::NotFound, "not a route of the service").into());
        }
    };
    Ok(shared(response, settings, page)?)
}

/// Whether the service can do its work: it is not about to end, and what is said can be stored. Of settings that cannot be used
/// every answer speaks, this one too.
async fn health(env: &Env) -> Result<Response, Failure> {
    if process::is_ending() {
        return Err(process::ending().into());
    }
    if let Err(fault) = process::stores(env).await {
        ::worker::console_error!("fault: {fault}");
        let detail =
            "the store took no row: see whether the disk is full and the folder of data can be written";
        return Err(Refusal::new(Code::NotStoring, detail).into());
    }
    Ok(replies::json(200, &serde_json::json!({ "status": "ok" }))?)
}

async fn availability(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Failure> {
    let url = request.url()?;
    let parameter =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let language = wishes(request)?.language(None);
    let category = parameter("category");
    let province = parameter("province");
    let applicant = Applicant {
        category: known("category", category.as_deref(), Category::parse)?
            .ok_or_else(|| Refusal::new(Code::RequestInvalid, "the parameter category is required"))?,
        province: province.as_deref(),
        credential: known("credential", parameter("credential").as_deref(), Credential::parse)?,
        entry: known("entry", parameter("entry").as_deref(), EntryPoint::parse)?,
    };
    let load = load::of_desk(env, settings, applicant.category).await;
    let decision = admit(&settings.policy, &applicant, load, instant(clock::now()));
    let response = replies::json(200, &decision.to_document(&settings.policy, language))?;
    Ok(replies::in_language(response, language)?)
}

async fn open_conversation(request: &Request, env: &Env, settings: &Settings) -> Result<Response, Failure> {
    let url = request.url()?;
    let resume = url.query_pairs().find(|(key, _)| key == "resume");
    let resume = resume.map(|(_, id)| ConversationId::parse(id)).transpose();
    let resume = resume.map_err(|error| Refusal::new(Code::RequestInvalid, format!("resume: {error}")))?;
    let person = person_of(request, settings).await?;
    let (now, language) = (clock::now(), wishes(request)?.language(person.locale));
    match enter(env, settings, &person, resume, language, now).await? {
        Entrance::Open { conversation, begun } => {
            let opened = afterwards::opened(conversation, settings, now)?;
            Ok(replies::json(if begun { 201 } else { 200 }, &opened)?)
        }
        Entrance::Closed(document) => Err(Refusal::of_admission(document, language).into()),
        Entrance::Unknown => Err(Refusal::new(Code::NotFound, "no such conversation of this person").into()),
    }
}

/// Where somebody who wants to enter comes to stand.
pub(super) enum Entrance {
    /// In their conversation.
    Open {
        /// Which.
        conversation: ConversationId,
        /// Whether it is new.
        begun: bool,
    },
    /// Before the door: why, in their language.
    Closed(Admission),
    /// There is nothing to be found again.
    Unknown,
}

/// Lets a person into their open conversation, into one they name, or into a new one, if the rules let them begin one now.
pub(super) async fn enter(
    env: &Env,
    settings: &Settings,
    person: &Person,
    resume: Option<ConversationId>,
    language: Language,
    now: Timestamp,
) -> Result<Entrance, Failure> {
    let decision = decide(env, settings, person, now).await;
    let document = decision.to_document(&settings.policy, language);
    let may_resume = matches!(decision.verdict(), Verdict::Closed | Verdict::OnlyOngoing);
    if !decision.is_open() && !may_resume {
        return Ok(Entrance::Closed(document));
    }
    let closes = decision.closes.filter(|_| decision.is_open());
    let closing = closes
        .map(|closes| ClosingTime::at(Timestamp::from_millis(closes.as_millisecond()), &settings.policy));
    let queue = queue_of(settings, person)?;
    let resuming = resume.is_some();
    let question = AdmitQuestion { asker: person.asker.clone(), queue, closing, resume };
    let object = objects::by_name(env, objects::CONVERSATION, &person.key)?;
    Ok(match objects::ask(&object, "/admit", &question).await? {
        Admitted::Open(conversation) => Entrance::Open { conversation, begun: false },
        Admitted::Begun(conversation) => Entrance::Open { conversation, begun: true },
        Admitted::TooOften { again } => {
            let decision =
                admission::too_often(&settings.policy, &applicant(person), instant(again), instant(now));
            Entrance::Closed(decision.to_document(&settings.policy, language))
        }
        Admitted::Nowhere if resuming => Entrance::Unknown,
        Admitted::Nowhere => Entrance::Closed(document),
    })
}

/// Whom the token of a request speaks of.
pub(super) async fn person_of(request: &Request, settings: &Settings) -> Result<Person, Failure> {
    person_of_token(bearer(request)?.as_deref(), settings).await
}

/// Whom a token speaks of.
pub(super) async fn person_of_token(token: Option<&str>, settings: &Settings) -> Result<Person, Failure> {
    let token = token::inspect(token, Role::Citizen, &settings.issuers)?;
    Ok(keys::verified(&token, |keys| token.person(keys, &settings.origin, clock::wall())).await?)
}

/// What a request says of the language its sender reads.
pub(super) fn wishes(request: &Request) -> Result<Wishes, Failure> {
    let url = request.url()?;
    let asked = url.query_pairs().find(|(key, _)| key == "lang").map(|(_, tag)| tag.into_owned());
    Ok(Wishes { asked, accepted: request.headers().get("accept-language")? })
}

/// Whether a person may enter, by the rules and by how busy their desk is.
pub(super) async fn decide<'s>(
    env: &Env,
    settings: &'s Settings,
    person: &'s Person,
    now: Timestamp,
) -> Assessment<'s> {
    let load = load::of_desk(env, settings, person.asker.card.category).await;
    admit(&settings.policy, &applicant(person), load, instant(now))
}

/// A person as the rules ask for them.
pub(super) fn applicant(person: &Person) -> Applicant<'_> {
    let card = &person.asker.card;
    Applicant {
        category: card.category,
        province: Some(&card.province),
        credential: Some(card.credential),
        entry: Some(person.entry),
    }
}

/// The queue that serves a person.
pub(super) fn queue_of(settings: &Settings, person: &Person) -> Result<QueueId, Fault> {
    let queue = settings.policy.queue_for(person.asker.card.category).cloned();
    queue.ok_or_else(|| Fault::Settings("a category without a queue".into()))
}

async fn conversation_socket(
    request: Request,
    env: &Env,
    settings: &Settings,
    id: &ConversationId,
) -> Result<Response, Failure> {
    require_upgrade(&request, settings, &Door::Conversation(id.clone()))?;
    Ok(conversation_object(env, id)?.fetch_with_request(request).await?)
}

pub(super) fn conversation_object(env: &Env, id: &ConversationId) -> Result<Stub, Refusal> {
    objects::by_id(env, objects::CONVERSATION, id.object())
        .map_err(|_| Refusal::new(Code::NotFound, "no conversation has that id"))
}

async fn open_desk_session(request: &Request, settings: &Settings) -> Result<Response, Failure> {
    let bearer = bearer(request)?;
    let token = token::inspect(bearer.as_deref(), Role::Advisor, &settings.issuers)?;
    let token = keys::verified(&token, |keys| token.advisor(keys, &settings.origin, clock::wall())).await?;
    let SignedInAdvisor { advisor, profile, supervisor } = token;

    let url = request.url()?;
    let wanted = url.query_pairs().find(|(key, _)| key == "queue").map(|(_, value)| value.into_owned());
    let queue = settings.policy.queues.iter().map(|queue| &queue.id);
    let queue = match &wanted {
        None => queue.clone().next(),
        Some(wanted) => queue.clone().find(|id| id.as_str() == wanted),
    };
    let queue = queue.cloned().ok_or_else(|| Refusal::new(Code::RequestInvalid, "no queue has that id"))?;
    let name = advisor.name.clone();
    let ticket = Ticket::new(Door::Desk(queue.clone()), Speaker::Advisor(advisor), clock::now());
    let ticket = Ticket { profile, supervisor, ..ticket };
    let opened = DeskSessionOpened {
        ticket: ticket.sign(&settings.ticket_key)?,
        socket: format!("/v1/desk/{queue}/socket"),
        queue,
        advisor: name,
        supervisor,
    };
    Ok(replies::json(201, &opened)?)
}

async fn desk_socket(
    request: Request,
    env: &Env,
    settings: &Settings,
    queue: &QueueId,
) -> Result<Response, Failure> {
    let desk = desk_object(env, settings, queue)?;
    require_upgrade(&request, settings, &Door::Desk(queue.clone()))?;
    Ok(desk.fetch_with_request(request).await?)
}

fn desk_object(env: &Env, settings: &Settings, queue: &QueueId) -> Result<Stub, Failure> {
    if !settings.policy.queues.iter().any(|known| known.id == *queue) {
        return Err(Refusal::new(Code::NotFound, "no queue has that id").into());
    }
    Ok(objects::by_name(env, objects::DESK, queue.as_str())?)
}

/// What is left to say when not even a fault can be written.
fn empty() -> Response {
    Response::builder().with_status(500).empty()
}

/// What a problem's `type` leads to when somebody opens it.
fn problem_page(code: Code) -> Result<Response, Fault> {
    replies::json(200, &serde_json::json!({ "code": code, "title": code.title(), "status": code.status() }))
}

#[cfg(feature = "test-clock")]
async fn test_clock(mut request: Request, env: &Env, set: bool) -> Result<Response, Failure> {
    if set {
        let text = request.text().await?;
        let setting = serde_json::from_str(&text).ok();
        setting.as_ref().and_then(clock::set).ok_or_else(|| {
            Refusal::new(Code::RequestInvalid, "send {\"now\": RFC 3339 instant, \"speed\": 1 to 3600}")
        })?;
        for object in process::awake() {
            objects::tell(env, &object, "/wake").await?;
        }
    }
    Ok(replies::json(200, &clock::read())?)
}

#[cfg(not(feature = "test-clock"))]
#[expect(clippy::unused_async, reason = "the same signature as in a build with the test clock")]
async fn test_clock(_request: Request, _env: &Env, _set: bool) -> Result<Response, Failure> {
    Err(Refusal::new(Code::NotFound, "this build has no test clock").into())
}

#[cfg(feature = "test-clock")]
async fn register(env: &Env) -> Result<Response, Failure> {
    Ok(objects::endings(env).await?)
}

#[cfg(not(feature = "test-clock"))]
#[expect(clippy::unused_async, reason = "the same signature as in a build with the test clock")]
async fn register(_env: &Env) -> Result<Response, Failure> {
    Err(Refusal::new(Code::NotFound, "this build does not show the register").into())
}

#[cfg(feature = "test-clock")]
async fn fail_on_purpose(mut request: Request, env: &Env, id: &ConversationId) -> Result<Response, Failure> {
    let how = request.text().await?;
    Ok(objects::fail(env, id.object(), &how).await?)
}

#[cfg(not(feature = "test-clock"))]
#[expect(clippy::unused_async, reason = "the same signature as in a build with the test clock")]
async fn fail_on_purpose(_request: Request, _env: &Env, _id: &ConversationId) -> Result<Response, Failure> {
    Err(Refusal::new(Code::NotFound, "this build does not fail on purpose").into())
}

/// What browsers are told of pages that may use the service.
struct Page {
    /// Where the page is.
    origin: Option<String>,
    /// The headers it wants to send, as its browser asks before it sends them.
    headers: Option<String>,
}

impl Page {
    fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).ok().flatten();
        Self { origin: header("origin"), headers: header("access-control-request-headers") }
    }
}

/// Says to browsers that a page of an allowed origin may read the answer.
fn shared(response: Response, settings: &Settings, page: &Page) -> Result<Response, Fault> {
    let origin = page.origin.as_deref().filter(|origin| settings.allows_origin(origin));
    let Some(origin) = origin else {
        return Ok(response);
    };
    let headers = Headers::new();
    for (name, value) in response.headers() {
        headers.append(&name, &value)?;
    }
    headers.set("access-control-allow-origin", origin)?;
    headers.set("access-control-allow-methods", "GET, POST, PUT")?;
    headers.set("access-control-allow-headers", &allowed_headers(page.headers.as_deref()))?;
    headers.set("access-control-max-age", "600")?;
    headers.append("vary", "origin, access-control-request-headers")?;
    Ok(response.with_headers(headers))
}

/// What comes as `Authorization: Bearer`.
pub(super) fn bearer(request: &Request) -> Result<Option<String>, Fault> {
    let header = request.headers().get("authorization")?;
    Ok(header.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_string())
    }))
}

/// Makes sure that a socket is asked for, by somebody who was given a ticket for its door: a stranger takes nobody's place and
/// wakes no object. Whether the ticket has ended is said on the socket, where the client can read it.
fn require_upgrade(request: &Request, settings: &Settings, door: &Door) -> Result<(), Failure> {
    let upgrade = request.headers().get("upgrade")?;
    if !upgrade.is_some_and(|value| value.eq_ignore_ascii_case("websocket")) {
        return Err(Refusal::new(Code::UpgradeRequired, "open this address as a WebSocket").into());
    }
    let offered = request.headers().get("sec-websocket-protocol")?;
    let ticket = offered.as_deref().and_then(subprotocol::ticket).ok_or_else(|| {
        Refusal::new(Code::TicketInvalid, "offer the subprotocols infocig and infocig.ticket.{ticket}")
    })?;
    Ok(Ticket::was_issued(ticket, &settings.ticket_key, door)?)
}

/// A parameter's value, if it has one of the known words.
fn known<T>(name: &str, value: Option<&str>, parse: fn(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
    value
        .filter(|text| !text.is_empty())
        .map(|text| {
            parse(text)
                .ok_or_else(|| Refusal::new(Code::RequestInvalid, format!("{name} has an unknown value")))
        })
        .transpose()
}

fn instant(now: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

/// A path as it may be repeated to its caller.
fn printable(path: &str) -> String {
    path.chars().filter(|c| !c.is_control()).take(80).collect()
}
