// SPDX-License-Identifier: EUPL-1.2
//! The stand-in's addresses: pages for people, forms to sign in and out, and the places where tokens are signed; with
//! them, under prefixes of their own, Linea INPS and the registry of cases.
//!
//! Tokens are handed out to the portal's own pages only, and every answer carries strict headers.

use std::{io, path::PathBuf, sync::Arc};

use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Query, Request, State, rejection::FormRejection},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use infocig_protocol::person::EntryPoint;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    door::Client,
    embed::{self, Reports},
    failure::Switch,
    keys::Signer,
    linea_inps::{self, LineaInps},
    pages::{Page, Pages},
    people::{Advisor, Person},
    problem, random, registry,
    session::{self, Citizen, Session, Sessions},
    token,
};

/// What a stand-in needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Origin of the edge, without a final slash: the audience of tokens and the only other origin pages may use.
    pub edge: String,
    /// Origin of the stand-in itself: the issuer of tokens.
    pub origin: String,
    /// The folder with the pages.
    pub portal_dir: PathBuf,
    /// Who may call Linea INPS and the registry. Without it they answer 401 to everything.
    pub client: Option<Client>,
    /// Whether every call to them must say who is behind it (`AUDIT_REST_02`).
    pub audit: bool,
}

impl Settings {
    /// A portal whose Linea INPS knows no client.
    pub fn new(edge: impl Into<String>, origin: impl Into<String>, portal_dir: impl Into<PathBuf>) -> Self {
        Self {
            edge: edge.into(),
            origin: origin.into(),
            portal_dir: portal_dir.into(),
            client: None,
            audit: false,
        }
    }

    /// The same with a client that may call Linea INPS and the registry.
    #[must_use]
    pub fn with_client(self, client: Client) -> Self {
        Self { client: Some(client), ..self }
    }
}

/// Serves the portal until the process ends.
pub async fn serve(listener: TcpListener, settings: Settings) -> io::Result<()> {
    serve_until(listener, settings, std::future::pending()).await
}

/// Serves the portal until `stop` resolves, then finishes what it has begun.
pub async fn serve_until(
    listener: TcpListener,
    settings: Settings,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let portal = Arc::new(Portal::new(settings)?);
    axum::serve(listener, router(portal)).with_graceful_shutdown(stop).await
}

/// The portals, Linea INPS and the registry: one server.
pub(crate) struct Portal {
    pub(crate) settings: Settings,
    signer: Signer,
    sessions: Sessions,
    pub(crate) pages: Pages,
    pub(crate) linea: Arc<LineaInps>,
    /// How the registry behaves.
    pub(crate) cases: Switch,
    /// How often the strictest pages were made to break their policy.
    pub(crate) reports: Reports,
    content_security_policy: HeaderValue,
    policy_with_forms_to_the_edge: HeaderValue,
}

impl Portal {
    fn new(settings: Settings) -> io::Result<Self> {
        for origin in [&settings.edge, &settings.origin] {
            if !is_origin(origin) {
                let message =
                    format!("`{origin}` is not an origin; expected something like https://chat.example:8787");
                return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
            }
        }
        let policy = content_security_policy(&settings.edge);
        let with_forms =
            policy.replace("form-action 'self'", &format!("form-action 'self' {}", settings.edge));
        let content_security_policy = HeaderValue::from_str(&policy).map_err(io::Error::other)?;
        let policy_with_forms_to_the_edge = HeaderValue::from_str(&with_forms).map_err(io::Error::other)?;
        Ok(Self {
            signer: Signer::generate().map_err(io::Error::other)?,
            sessions: Sessions::default(),
            pages: Pages::read(&settings.portal_dir, &settings.edge)?,
            linea: Arc::new(LineaInps::new(&settings)?),
            cases: Switch::default(),
            reports: Reports::default(),
            content_security_policy,
            policy_with_forms_to_the_edge,
            settings,
        })
    }

    fn is_secure(&self) -> bool {
        self.settings.origin.starts_with("https:")
    }

    pub(crate) fn session(&self, headers: &HeaderMap) -> Session {
        self.sessions.find(session_id(headers))
    }

    pub(crate) fn page(&self, page: Page, headers: &HeaderMap) -> Response {
        self.page_with(page, headers, Value::Null)
    }

    /// The same with the members of `more`.
    pub(crate) fn page_with(&self, page: Page, headers: &HeaderMap, more: Value) -> Response {
        match self.pages.fill_with(page, &self.session(headers), more) {
            Ok(html) => Html(html).into_response(),
            Err(_) => self.problem(Refusal::Fault),
        }
    }

    /// What pages allow that are shown in a frame of the portal.
    pub(crate) fn policy_in_a_frame(&self) -> String {
        content_security_policy(&self.settings.edge)
            .replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    }

    /// A hand-off token for somebody, coming from `entry` or from their own portal.
    fn handoff(&self, citizen: &Citizen, entry: Option<EntryPoint>) -> Result<String, Refusal> {
        let claims = token::handoff_claims(
            citizen.person,
            citizen.company(),
            entry.unwrap_or(token::default_entry(citizen.person)),
            &self.settings.origin,
            &self.settings.edge,
            now_unix_seconds(),
            &random::uuid_v4().map_err(|_| Refusal::Fault)?,
        );
        self.signer.sign(token::HANDOFF_TYPE, &claims).map_err(|_| Refusal::Fault)
    }

    fn problem(&self, refusal: Refusal) -> Response {
        let (code, status, title, detail) = refusal.words();
        problem::problem(&self.settings.origin, status, code, title, detail)
    }

    /// The answer when the portal itself is wrong.
    pub(crate) fn fault(&self) -> Response {
        self.problem(Refusal::Fault)
    }

    /// A page for people, a problem document for programs.
    fn refuse(&self, refusal: Refusal, headers: &HeaderMap) -> Response {
        let (_, status, ..) = refusal.words();
        let for_people = headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        if for_people {
            (status, self.page(Page::NotFound, headers)).into_response()
        } else {
            self.problem(refusal)
        }
    }
}

/// Why a request is not answered as it hoped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    SignInRequired,
    CompanyRequired,
    CrossSite,
    RequestInvalid,
    NotFound,
    MethodNotAllowed,
    Fault,
}

impl Refusal {
    const fn words(self) -> (&'static str, StatusCode, &'static str, &'static str) {
        match self {
            Self::SignInRequired => (
                "sign-in-required",
                StatusCode::UNAUTHORIZED,
                "Nobody is signed in",
                "Sign in as somebody this token is for.",
            ),
            Self::CompanyRequired => (
                "company-required",
                StatusCode::CONFLICT,
                "No company chosen",
                "Choose for which company you act, then ask again.",
            ),
            Self::CrossSite => (
                "cross-site",
                StatusCode::FORBIDDEN,
                "Request from another site",
                "Only pages of this portal may send this request.",
            ),
            Self::RequestInvalid => (
                "request-invalid",
                StatusCode::BAD_REQUEST,
                "Invalid request",
                "A member of the body is missing or has a value the portal does not know.",
            ),
            Self::NotFound => {
                ("not-found", StatusCode::NOT_FOUND, "Not found", "Nothing is at this address.")
            }
            Self::MethodNotAllowed => (
                "method-not-allowed",
                StatusCode::METHOD_NOT_ALLOWED,
                "Method not allowed",
                "The address exists, not with this method.",
            ),
            Self::Fault => ("fault", StatusCode::INTERNAL_SERVER_ERROR, "Portal fault", "The portal failed."),
        }
    }
}

fn router(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/myinps", get(myinps))
        .route("/cassetto", get(cassetto))
        .route("/standalone", get(standalone))
        .route("/console", get(console))
        .route("/informative", get(notices))
        .route("/sign-in", post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/company", post(choose_company))
        .route("/infocig/plain", get(plain))
        .route("/infocig/token", post(handoff_token))
        .route("/infocig/advisor-token", post(advisor_token))
        .route("/.well-known/jwks.json", get(jwks))
        .route("/healthz", get(healthz))
        .merge(embed::router())
        .merge(linea_inps::router())
        .merge(registry::router())
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(static_file)
        .layer(DefaultBodyLimit::max(MAX_TOKEN_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&portal), guard))
        .with_state(portal)
}

pub(crate) type Shared = State<Arc<Portal>>;

async fn index(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Index, &headers)
}

async fn myinps(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Myinps, &headers)
}

async fn cassetto(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Cassetto, &headers)
}

/// What the element's links lead to.
async fn notices(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Notices, &headers)
}

async fn console(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.page(Page::Console, &headers)
}

/// `?entry=omnia-is` shows what happens to somebody who comes from that portal.
#[derive(Deserialize)]
struct EntryQuery {
    entry: Option<String>,
}

async fn standalone(State(portal): Shared, Query(query): Query<EntryQuery>, headers: HeaderMap) -> Response {
    let entry = query.entry.as_deref().and_then(EntryPoint::parse);
    portal.page(Page::Standalone { entry }, &headers)
}

/// The way to INFO CIG for who has no scripts: a form with a token, for the edge. The edge believes it because the browser
/// says which portal sent it, so that this page, unlike all others, sends its origin.
async fn plain(State(portal): Shared, Query(query): Query<EntryQuery>, headers: HeaderMap) -> Response {
    let entry = query.entry.as_deref().and_then(EntryPoint::parse);
    let session = portal.session(&headers);
    let ready = session.citizen.filter(|citizen| !citizen.must_choose());
    let token = match ready.map(|citizen| portal.handoff(&citizen, entry)).transpose() {
        Ok(token) => token,
        Err(refusal) => return portal.problem(refusal),
    };
    let Ok(html) = portal.pages.fill_with(Page::Plain { entry }, &session, json!({ "token": token })) else {
        return portal.problem(Refusal::Fault);
    };
    let headers = [
        (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin")),
        (header::CONTENT_SECURITY_POLICY, portal.policy_with_forms_to_the_edge.clone()),
    ];
    (headers, Html(html)).into_response()
}

#[derive(Deserialize)]
struct SignInForm {
    person: String,
    next: Option<String>,
}

async fn sign_in(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<SignInForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let mut session = portal.session(&headers);
    if let Some(person) = Person::by_id(&form.person) {
        session.citizen = Some(Citizen::new(person));
    } else if let Some(advisor) = Advisor::by_id(&form.person) {
        session.advisor = Some(advisor);
    } else {
        return portal.problem(Refusal::RequestInvalid);
    }
    match portal.sessions.renew(session_id(&headers), session) {
        Ok(id) => next.see_other(Some(session::cookie(&id, portal.is_secure()))),
        Err(_) => portal.problem(Refusal::Fault),
    }
}

/// Without `who`, everybody in this browser signs out.
#[derive(Deserialize)]
struct SignOutForm {
    next: Option<String>,
    who: Option<Side>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    Citizen,
    Advisor,
}

async fn sign_out(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<SignOutForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let session = portal.session(&headers);
    let remaining = match form.who {
        Some(Side::Citizen) => Session { citizen: None, ..session },
        Some(Side::Advisor) => Session { advisor: None, ..session },
        None => Session::default(),
    };
    let id = session_id(&headers);
    if remaining == Session::default() {
        portal.sessions.forget(id);
        return next.see_other(Some(session::expired_cookie(portal.is_secure())));
    }
    if let Some(id) = id {
        portal.sessions.replace(id, remaining);
    }
    next.see_other(None)
}

#[derive(Deserialize)]
struct CompanyForm {
    matricola: String,
    next: Option<String>,
}

async fn choose_company(
    State(portal): Shared,
    headers: HeaderMap,
    form: Result<Form<CompanyForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let Some(next) = LocalPath::parse(form.next.as_deref()) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    let session = portal.session(&headers);
    let (Some(id), Some(citizen)) = (session_id(&headers), session.citizen) else {
        return portal.problem(Refusal::SignInRequired);
    };
    let Some(citizen) = citizen.acting_for(&form.matricola) else {
        return portal.problem(Refusal::RequestInvalid);
    };
    portal.sessions.replace(id, Session { citizen: Some(citizen), ..session });
    next.see_other(None)
}

/// The optional body of a token request.
#[derive(Deserialize)]
struct TokenRequest {
    entry: Option<EntryPoint>,
}

pub(crate) async fn handoff_token(State(portal): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let Some(citizen) = portal.session(&headers).citizen else {
        return portal.problem(Refusal::SignInRequired);
    };
    if citizen.must_choose() {
        return portal.problem(Refusal::CompanyRequired);
    }
    let asked = if body.trim_ascii().is_empty() { Some(None) } else { entry_in(&body) };
    let Some(entry) = asked else {
        return portal.problem(Refusal::RequestInvalid);
    };
    match portal.handoff(&citizen, entry) {
        Ok(token) => Json(json!({ "token": token })).into_response(),
        Err(refusal) => portal.problem(refusal),
    }
}

/// `Some(None)` where the body is fine and names no portal.
#[expect(clippy::option_option, reason = "a body without an entry and a wrong body are different answers")]
fn entry_in(body: &[u8]) -> Option<Option<EntryPoint>> {
    serde_json::from_slice::<TokenRequest>(body).ok().map(|request| request.entry)
}

async fn advisor_token(State(portal): Shared, headers: HeaderMap) -> Response {
    let Some(advisor) = portal.session(&headers).advisor else {
        return portal.problem(Refusal::SignInRequired);
    };
    let Ok(jti) = random::uuid_v4() else {
        return portal.problem(Refusal::Fault);
    };

    let settings = &portal.settings;
    let audience = token::desk_audience(&settings.edge);
    let claims = token::advisor_claims(advisor, &settings.origin, &audience, now_unix_seconds(), &jti);
    signed(&portal, token::ADVISOR_TYPE, &claims)
}

fn signed(portal: &Portal, typ: &str, claims: &Value) -> Response {
    match portal.signer.sign(typ, claims) {
        Ok(token) => Json(json!({ "token": token })).into_response(),
        Err(_) => portal.problem(Refusal::Fault),
    }
}

async fn jwks(State(portal): Shared) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, portal.signer.jwks().to_string()).into_response()
}

async fn healthz() -> &'static str {
    "ok\n"
}

async fn static_file(State(portal): Shared, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let Some(file) = portal.pages.file(uri.path()) else {
        return portal.refuse(Refusal::NotFound, &headers);
    };
    if !matches!(method, Method::GET | Method::HEAD) {
        return portal.refuse(Refusal::MethodNotAllowed, &headers);
    }
    let headers = [(header::CONTENT_TYPE, file.content_type), (header::CACHE_CONTROL, "no-cache")];
    (headers, file.content.clone()).into_response()
}

async fn method_not_allowed(State(portal): Shared, headers: HeaderMap) -> Response {
    portal.refuse(Refusal::MethodNotAllowed, &headers)
}

/// Refuses what another site sends in a visitor's name, and puts the same headers on every answer that has none of its own.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`; `Origin` would not do, because pages that send no
/// referrer post their forms with `Origin: null`.
async fn guard(State(portal): Shared, request: Request, next: Next) -> Response {
    let from_elsewhere =
        request.headers().get(&SEC_FETCH_SITE).is_some_and(|site| site.as_bytes() != b"same-origin");
    let only_reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if from_elsewhere && !only_reads {
        portal.problem(Refusal::CrossSite)
    } else {
        next.run(request).await
    };

    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| portal.content_security_policy.clone());
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A path on this origin, and only on this origin.
struct LocalPath(HeaderValue);

impl LocalPath {
    /// The start page where nothing is asked for; nothing where what is asked for could lead elsewhere.
    ///
    /// Browsers read `//host` and `/\host` as another host, and drop tabs and line ends before they look.
    fn parse(path: Option<&str>) -> Option<Self> {
        let path = path.unwrap_or("/");
        let is_local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let is_printable = path.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_local || !is_printable {
            return None;
        }
        HeaderValue::from_str(path).ok().map(Self)
    }

    fn see_other(self, cookie: Option<String>) -> Response {
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, self.0)]).into_response();
        if let Some(cookie) = cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

fn session_id(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .find_map(session::id_in)
}

fn content_security_policy(edge: &str) -> String {
    // `is_origin` let only http: and https: through, and both begin with what WebSockets replace.
    let socket = edge.replacen("http", "ws", 1);
    format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {edge}; connect-src 'self' {edge} {socket}; \
         style-src 'self' {edge}; font-src 'self' {edge}; img-src 'self' data:; frame-ancestors 'none'; \
         base-uri 'none'; form-action 'self'"
    )
}

fn is_origin(text: &str) -> bool {
    let Some(authority) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    !authority.is_empty()
        && authority.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte))
}

/// Tokens live by the real clock, whatever instant the service is set to.
pub(crate) fn now_unix_seconds() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the one place where the stand-in looks at the clock")]
    let now = std::time::SystemTime::now();
    let since_epoch = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const MAX_TOKEN_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_on_this_origin() {
        for path in ["/", "/myinps", "/standalone?entry=omnia-is", "/cassetto#info-cig"] {
            assert!(LocalPath::parse(Some(path)).is_some(), "{path}");
        }
        assert!(LocalPath::parse(None).is_some());
    }

    #[test]
    fn a_next_page_cannot_leave_this_origin() {
        for path in [
            "",
            "myinps",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/x\r\nSet-Cookie: a=b",
            "javascript:alert(1)",
            "/è",
        ] {
            assert!(LocalPath::parse(Some(path)).is_none(), "{path}");
        }
    }

    #[test]
    fn an_origin_has_a_scheme_and_a_host_and_nothing_else() {
        for origin in ["http://127.0.0.1:8787", "https://chat.example", "http://[::1]:8787"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in
            ["", "chat.example", "https://", "https://chat.example/", "https://a b", "https://a;script-src *"]
        {
            assert!(!is_origin(other), "{other}");
        }
    }

    #[test]
    fn sockets_are_allowed_to_the_edge_only() {
        let policy = content_security_policy("https://chat.example");

        assert!(policy.contains("connect-src 'self' https://chat.example wss://chat.example;"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{policy}");
    }
}
