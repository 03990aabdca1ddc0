// SPDX-License-Identifier: EUPL-1.2
//! Fetch: a portal's token, the edge's documents, polls. Every failure is one an interface has words for, and an answer that
//! does not come in time is one of them.

use gloo_net::http::{Request, RequestBuilder, Response};
use infocig_protocol::{
    assistant::{AssistantAnswer, AssistantQuestion},
    call::Relay,
    case::{Cases, ShareCase},
    codec,
    http::Problem,
    http::{Admission, ConversationOpened, DeskSessionOpened, Poll, Polled},
    id::{ConversationId, MessageId},
    language::Language,
    policy::{PolicyDocument, PolicyDraft, PolicyHistory, PolicyPreview, PolicyVersion, ProposedAnswer},
    rating::Rating,
    report::{AuditTrail, Comments, FoundConversations, Report},
    segnalazione::{History, RetrySegnalazione, SegnalazioneOverview, WrittenRequest},
};
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::{json, query::Query};

/// The reason why a request failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing came back: no network, or the service is not there.
    Unreachable,
    /// The portal says that nobody is signed in.
    SignedOut,
    /// The service says no, and why.
    Refused(Box<Problem>),
    /// Something came back that is not an answer.
    Unreadable,
}

/// Whether the service is open to a category, now. `query` is what the page knows, URL-encoded.
pub async fn availability(edge: &str, query: &str) -> Result<Admission, Failure> {
    let request = patient(Request::get(&format!("{edge}/v1/availability?{query}")))
        .build()
        .map_err(|_| Failure::Unreachable)?;
    answer(request.send().await.map_err(|_| Failure::Unreachable)?, json::read).await
}

/// Asks for a token of the person who is signed in, with a body in JSON. `ask` is the loader's `tokens`, which knows the page's
/// way.
pub async fn token(ask: &Function, body: &str) -> Result<String, Failure> {
    let asked = ask.call1(&JsValue::NULL, &JsValue::from_str(body)).map_err(|_| Failure::Unreachable)?;
    let token = JsFuture::from(Promise::from(asked)).await.map_err(|_| Failure::Unreachable)?;
    if token.is_null() {
        return Err(Failure::SignedOut);
    }
    token.as_string().ok_or(Failure::Unreadable)
}

/// Enters: a new conversation, or the one already open.
pub async fn open_conversation(
    edge: &str,
    token: &str,
    language: Language,
) -> Result<ConversationOpened, Failure> {
    post(&format!("{edge}/v1/conversations?lang={}", language.as_str()), token, None, json::read).await
}

/// Comes back to the conversation that was on screen before the page was loaded anew; begins none.
pub async fn resume_conversation(
    edge: &str,
    token: &str,
    shown: &ConversationId,
) -> Result<ConversationOpened, Failure> {
    post(&format!("{edge}/v1/conversations?resume={shown}"), token, None, json::read).await
}

/// The conversations of the person of the token. The request begins nothing and is answered at any hour.
pub async fn history(edge: &str, token: &str) -> Result<History, Failure> {
    post(&format!("{edge}/v1/history"), token, None, json::read).await
}

/// Writes to an office, where nobody can answer now.
pub async fn write_request(
    edge: &str,
    token: &str,
    request: &WrittenRequest,
    language: Language,
) -> Result<ConversationOpened, Failure> {
    let url = format!("{edge}/v1/requests?lang={}", language.as_str());
    post(&url, token, Some(codec::write(request)), json::read).await
}

/// Asks the automatic assistant, outside any conversation.
pub async fn ask_assistant(
    edge: &str,
    token: &str,
    question: &AssistantQuestion,
    language: Language,
) -> Result<AssistantAnswer, Failure> {
    let url = format!("{edge}/v1/assistant?lang={}", language.as_str());
    post(&url, token, Some(codec::write(question)), json::read).await
}

/// Asks the automatic assistant in a conversation. `ticket` is the conversation's.
pub async fn consult(
    edge: &str,
    ticket: &str,
    conversation: &ConversationId,
    question: &AssistantQuestion,
    language: Language,
) -> Result<AssistantAnswer, Failure> {
    let url = format!("{edge}/v1/conversations/{conversation}/assistant?lang={}", language.as_str());
    post(&url, ticket, Some(codec::write(question)), json::read).await
}

/// The cases of the person of a conversation. `ticket` is the conversation's.
pub async fn cases(edge: &str, ticket: &str, conversation: &ConversationId) -> Result<Cases, Failure> {
    get(&format!("{edge}/v1/conversations/{conversation}/cases"), ticket, json::read).await
}

/// The relay of a call, for one of its parties. `ticket` is the conversation's.
pub async fn relay(
    edge: &str,
    ticket: &str,
    conversation: &ConversationId,
    call: u64,
) -> Result<Relay, Failure> {
    get(&format!("{edge}/v1/conversations/{conversation}/calls/{call}/relay"), ticket, json::read).await
}

/// Shows the person of a conversation one of their cases.
pub async fn share_case(
    edge: &str,
    ticket: &str,
    conversation: &ConversationId,
    share: &ShareCase,
) -> Result<(), Failure> {
    let url = format!("{edge}/v1/conversations/{conversation}/cards");
    post(&url, ticket, Some(codec::write(share)), done).await
}

/// Rates a conversation, once it is over.
pub async fn rate(
    edge: &str,
    ticket: &str,
    conversation: &ConversationId,
    rating: &Rating,
) -> Result<(), Failure> {
    let url = format!("{edge}/v1/conversations/{conversation}/rating");
    post(&url, ticket, Some(codec::write(rating)), done).await
}

/// A conversation's transcript, as a page to print or a text to keep, in the language of the person.
pub async fn transcript(
    edge: &str,
    ticket: &str,
    conversation: &ConversationId,
    format: TranscriptFormat,
    language: Language,
) -> Result<String, Failure> {
    let format = match format {
        TranscriptFormat::Html => "html",
        TranscriptFormat::Text => "text",
    };
    let url = format!(
        "{edge}/v1/conversations/{conversation}/transcript?format={format}&lang={}",
        language.as_str()
    );
    let request = patient(Request::get(&url)).header("authorization", &format!("Bearer {ticket}"));
    let response = request.build().map_err(|_| Failure::Unreachable)?.send().await;
    let response = response.map_err(|_| Failure::Unreachable)?;
    if response.ok() {
        return response.text().await.map_err(|_| Failure::Unreachable);
    }
    answer(response, |_| None).await
}

/// The format of a transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TranscriptFormat {
    /// A page of its own.
    Html,
    /// Plain text.
    Text,
}

/// The delivery states of all segnalazioni, for supervisors. `ticket` is the desk's.
pub async fn segnalazioni(edge: &str, ticket: &str) -> Result<Vec<SegnalazioneOverview>, Failure> {
    get(&format!("{edge}/v1/desk/segnalazioni"), ticket, json::read).await
}

/// Has a segnalazione that was given up sent again.
pub async fn retry_segnalazione(edge: &str, ticket: &str, key: &str) -> Result<(), Failure> {
    let url = format!("{edge}/v1/desk/segnalazioni/retry");
    let retry = RetrySegnalazione { key: key.into() };
    post(&url, ticket, Some(codec::write(&retry)), done).await
}

/// The figures of a range of days. `query` are the parameters by name; `ticket` is the desk's.
pub async fn report(edge: &str, ticket: &str, query: &Query) -> Result<Report, Failure> {
    find(&format!("{edge}/v1/supervision/report"), ticket, query, json::read).await
}

/// The rows of a report as CSV, without a byte order mark: reading a body as text takes it off.
pub async fn report_csv(edge: &str, ticket: &str, query: &Query) -> Result<String, Failure> {
    let mut query = query.clone();
    query.push(("format", "csv".into()));
    find(&format!("{edge}/v1/supervision/report"), ticket, &query, |text| Some(text.into())).await
}

/// A page of the conversations that fit a search.
pub async fn conversations(edge: &str, ticket: &str, query: &Query) -> Result<FoundConversations, Failure> {
    find(&format!("{edge}/v1/supervision/conversations"), ticket, query, json::read).await
}

/// A page of what people wrote beside their ratings.
pub async fn comments(edge: &str, ticket: &str, query: &Query) -> Result<Comments, Failure> {
    find(&format!("{edge}/v1/supervision/comments"), ticket, query, json::read).await
}

/// The rows of the audit trail as a file, `json` or `csv`.
pub async fn audit_file(
    edge: &str,
    ticket: &str,
    query: &Query,
    format: &'static str,
) -> Result<String, Failure> {
    let mut query = query.clone();
    query.push(("format", format.into()));
    find(&format!("{edge}/v1/supervision/audit"), ticket, &query, |text| Some(text.into())).await
}

/// A page of the audit trail.
pub async fn audit_trail(edge: &str, ticket: &str, query: &Query) -> Result<AuditTrail, Failure> {
    find(&format!("{edge}/v1/supervision/audit"), ticket, query, json::read).await
}

/// A supervisor has read the comment on a conversation.
pub async fn handle_comment(edge: &str, ticket: &str, conversation: &ConversationId) -> Result<(), Failure> {
    post(&format!("{edge}/v1/supervision/comments/{conversation}/handled"), ticket, None, done).await
}

/// A page of the versions of the rules, newest first. `ticket` is that of an administrator.
pub async fn policy_history(edge: &str, ticket: &str, before: Option<u32>) -> Result<PolicyHistory, Failure> {
    let query = before.map(|before| ("before", before.to_string())).into_iter().collect();
    find(&format!("{edge}/v1/policy"), ticket, &query, json::read).await
}

/// One version of the rules with its document.
pub async fn policy_version(edge: &str, ticket: &str, number: u32) -> Result<PolicyDocument, Failure> {
    get(&format!("{edge}/v1/policy/versions/{number}"), ticket, json::read).await
}

/// What a draft of the rules would change. Nothing is stored.
pub async fn preview_policy(edge: &str, ticket: &str, document: &str) -> Result<PolicyPreview, Failure> {
    let draft = codec::write(&PolicyDraft { document: document.into() });
    post(&format!("{edge}/v1/policy/preview"), ticket, Some(draft), json::read).await
}

/// Acts on the rules at a path below `/v1/policy`. The answer is the version that was made or decided.
pub async fn act_on_policy(
    edge: &str,
    ticket: &str,
    path: &str,
    body: Option<String>,
) -> Result<PolicyVersion, Failure> {
    post(&format!("{edge}/v1/policy/{path}"), ticket, body, json::read).await
}

/// Proposes an answer for the automatic assistant. `ticket` is that of an advisor.
pub async fn propose_answer(edge: &str, ticket: &str, proposed: &ProposedAnswer) -> Result<(), Failure> {
    post(&format!("{edge}/v1/policy/answers"), ticket, Some(codec::write(proposed)), done).await
}

/// Marks a proposed answer as dealt with. `ticket` is that of an administrator.
pub async fn settle_answer(edge: &str, ticket: &str, id: &MessageId) -> Result<(), Failure> {
    post(&format!("{edge}/v1/policy/answers/{id}/settled"), ticket, None, done).await
}

/// Reads a list or a number of the data protection officer at a path below `/v1/data-protection`.
pub async fn data_protection<T: codec::Read>(edge: &str, ticket: &str, path: &str) -> Result<T, Failure> {
    find(&format!("{edge}/v1/data-protection/{path}"), ticket, &Query::new(), json::read).await
}

/// Acts on a person or a hold at a path below `/v1/data-protection`.
pub async fn act_on_person<T: codec::Read>(
    edge: &str,
    ticket: &str,
    path: &str,
    body: String,
) -> Result<T, Failure> {
    post(&format!("{edge}/v1/data-protection/{path}"), ticket, Some(body), json::read).await
}

/// Releases a hold.
pub async fn release_hold(edge: &str, ticket: &str, id: &str, body: String) -> Result<(), Failure> {
    post(&format!("{edge}/v1/data-protection/holds/{id}/release"), ticket, Some(body), done).await
}

/// Everything about a person as a file. `query` says the form, the language of a page, and where the file before ended.
pub async fn export_person(edge: &str, ticket: &str, query: &str, body: String) -> Result<String, Failure> {
    let path = format!("exports?{query}");
    let whole = |text: &str| Some(text.to_owned());
    post(&format!("{edge}/v1/data-protection/{path}"), ticket, Some(body), whole).await
}

/// Sits down at a desk.
pub async fn open_desk_session(edge: &str, token: &str) -> Result<DeskSessionOpened, Failure> {
    post(&format!("{edge}/v1/desk/sessions"), token, None, json::read).await
}

/// The address of a conversation or a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// By WebSocket.
    pub socket: String,
    /// By requests, where a WebSocket cannot be opened.
    pub poll: String,
}

impl Address {
    /// The addresses that belong to the path of a socket on an edge.
    pub fn of(edge: &str, path: &str) -> Self {
        let origin = edge.strip_prefix("http").map_or_else(|| edge.to_string(), |rest| format!("ws{rest}"));
        let poll = path.strip_suffix("socket").unwrap_or(path);
        Self { socket: format!("{origin}{path}"), poll: format!("{edge}{poll}poll") }
    }
}

/// Brings frames to the server and back. `None` if that failed, for whatever reason.
pub async fn poll(url: &str, request_body: &Poll) -> Option<Polled> {
    let request = patient(Request::post(url)).header("content-type", "application/json");
    let request = request.body(codec::write(request_body)).ok()?;
    answer(request.send().await.ok()?, json::read).await.ok()
}

/// A [`poll`] whose answer nobody waits for: it is sent even while the page goes away. A beacon would do, but for pages whose
/// policy is to tell nobody where they are: its origin would then be `null`.
pub fn poll_and_go(url: &str, request_body: &Poll) {
    let (Some(window), Ok(headers)) = (web_sys::window(), web_sys::Headers::new()) else { return };
    let init = web_sys::RequestInit::new();
    init.set_method("POST");
    init.set_body(&codec::write(request_body).into());
    let _known = headers.set("content-type", "application/json");
    init.set_headers(&headers);
    let _known = js_sys::Reflect::set(&init, &"keepalive".into(), &true.into());
    let unwanted = window.fetch_with_str_and_init(url, &init);
    // A promise that nobody listens to would be reported as an error of the page.
    wasm_bindgen_futures::spawn_local(async move {
        let _unwanted = JsFuture::from(unwanted).await;
    });
}

async fn post<T>(url: &str, token: &str, body: Option<String>, read: Reader<T>) -> Result<T, Failure> {
    answer(posted(url, token, body).await?, read).await
}

async fn posted(url: &str, token: &str, body: Option<String>) -> Result<Response, Failure> {
    let request = patient(Request::post(url)).header("authorization", &format!("Bearer {token}"));
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    request.map_err(|_| Failure::Unreachable)?.send().await.map_err(|_| Failure::Unreachable)
}

async fn get<T>(url: &str, token: &str, read: Reader<T>) -> Result<T, Failure> {
    let request = patient(Request::get(url)).header("authorization", &format!("Bearer {token}"));
    let request = request.build().map_err(|_| Failure::Unreachable)?;
    answer(request.send().await.map_err(|_| Failure::Unreachable)?, read).await
}

async fn find<T>(url: &str, token: &str, query: &Query, read: Reader<T>) -> Result<T, Failure> {
    let parameters = query.iter().map(|(name, value)| (*name, value.as_str()));
    let request =
        patient(Request::get(url).query(parameters)).header("authorization", &format!("Bearer {token}"));
    let request = request.build().map_err(|_| Failure::Unreachable)?;
    answer(request.send().await.map_err(|_| Failure::Unreachable)?, read).await
}

/// The reader of an answer.
type Reader<T> = fn(&str) -> Option<T>;

async fn answer<T>(response: Response, read: Reader<T>) -> Result<T, Failure> {
    let text = said(response).await?;
    read(&text).ok_or(Failure::Unreadable)
}

/// The body of the answer, or the reason why there is none.
async fn said(response: Response) -> Result<String, Failure> {
    let ok = response.ok();
    let text = response.text().await.map_err(|_| Failure::Unreachable)?;
    if ok {
        return Ok(text);
    }
    Err(json::read::<Problem>(&text)
        .map_or(Failure::Unreadable, |problem| Failure::Refused(Box::new(problem))))
}

/// An answer that only says that it was done.
#[expect(clippy::unnecessary_wraps, reason = "the form of a reader")]
fn done(_: &str) -> Option<()> {
    Some(())
}

/// A request that is given up when its answer takes too long.
fn patient(request: RequestBuilder) -> RequestBuilder {
    request.abort_signal(Some(&AbortSignal::timeout_with_u32(ANSWER_WITHIN_MS)))
}

/// Longer than a poll may wait.
const ANSWER_WITHIN_MS: u32 = 30_000;
