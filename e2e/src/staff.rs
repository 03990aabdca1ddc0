// SPDX-License-Identifier: EUPL-1.2
//! The staff's sign-in: an edge with a provider that lies as a test tells it, and a visitor of the edge who is no browser.

use std::{
    net::Ipv4Addr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use infocig_demo::Signer;
use infocig_protocol::http::DeskSessionOpened;
use reqwest::{Client, RequestBuilder, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    answer::Answer,
    edge::{Edge, EdgeOptions},
    error::{Error, While},
    issuer::Issuer,
    tokens::{new_id, now},
};

/// The proof of identity that the edge of these tests accepts.
pub const ACR: &str = "spid:2";

/// What the provider says next.
#[derive(Clone, Debug)]
pub struct Says {
    /// Claims of the ID token that differ from the right ones; `null` removes one.
    pub claims: Value,
    /// The `typ` of its header.
    pub typ: &'static str,
    /// Whether a key signs it that the key set does not have.
    pub forged: bool,
    /// The whole ID token, instead of one that is signed; an empty one is left out.
    pub id_token: Option<String>,
    /// Members of the discovery document that differ.
    pub discovery: Value,
    /// The status of the token endpoint, where it refuses.
    pub refuses: Option<u16>,
    /// Whether it gives refresh tokens.
    pub refreshes: bool,
}

impl Default for Says {
    fn default() -> Self {
        Self {
            claims: json!({}),
            typ: "JWT",
            forged: false,
            id_token: None,
            discovery: json!({}),
            refuses: None,
            refreshes: true,
        }
    }
}

struct Shared {
    origin: String,
    signer: Signer,
    other: Signer,
    says: Says,
    nonce: String,
    /// The form that the token endpoint received last, and how many it received.
    form: Vec<(String, String)>,
    asked: usize,
}

/// A provider that says what a test wants. Dropping it ends it.
pub struct LyingProvider {
    shared: Arc<Mutex<Shared>>,
    origin: String,
    serving: JoinHandle<()>,
}

impl LyingProvider {
    /// Starts a provider that tells the truth until it is told to lie.
    pub async fn start() -> Result<Self, Error> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.while_doing("starting a provider")?;
        let address = listener.local_addr().while_doing("starting a provider")?;
        // Another site than the edge's, which is 127.0.0.1.
        let origin = format!("http://localhost:{}", address.port());
        let signer = || Signer::generate().while_doing("making a key");
        let shared = Shared {
            origin: origin.clone(),
            signer: signer()?,
            other: signer()?,
            says: Says::default(),
            nonce: String::new(),
            form: Vec::new(),
            asked: 0,
        };
        let shared = Arc::new(Mutex::new(shared));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(shared.clone());
        let serving = tokio::spawn(async move {
            // The server runs until the test drops it.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { shared, origin, serving })
    }

    /// Its `iss`.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Says this from now on.
    pub fn say(&self, says: Says) {
        self.with(|shared| shared.says = says);
    }

    /// Says the truth but for these claims.
    pub fn claim(&self, claims: Value) {
        self.say(Says { claims, ..Says::default() });
    }

    /// How often its token endpoint was asked.
    pub fn asked(&self) -> usize {
        self.with(|shared| shared.asked)
    }

    /// A field of the form its token endpoint received last.
    pub fn received(&self, name: &str) -> Option<String> {
        self.with(|shared| {
            shared.form.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        })
    }

    /// Signs claims with its key, as a token of that `typ`.
    pub fn sign(&self, typ: &str, claims: &Value) -> Result<String, Error> {
        self.with(|shared| shared.signer.sign(typ, claims)).while_doing("signing a token")
    }

    /// The public half of its key, as PEM.
    pub fn public_key(&self) -> String {
        self.with(|shared| shared.signer.public_key_pem().to_owned())
    }

    /// The claims of an ID token for the sign-in under way.
    pub fn claims(&self) -> Value {
        self.with(|shared| shared.claims())
    }

    /// A logout token that ends all sessions of a person, with changes.
    pub fn logout_token(&self, sub: &str, changes: &Value) -> Result<String, Error> {
        let claims = json!({
            "iss": self.origin, "aud": "infocig", "sub": sub, "iat": now(), "exp": now() + 120, "jti": new_id()?,
            "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        });
        self.sign("logout+jwt", &changed(claims, changes))
    }

    fn with<T>(&self, look: impl FnOnce(&mut Shared) -> T) -> T {
        look(&mut self.shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for LyingProvider {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn claims(&self) -> Value {
        let claims = json!({
            "iss": self.origin, "aud": "infocig", "sub": "giulia", "name": "Giulia Ferri", "nonce": self.nonce,
            "iat": now(), "exp": now() + 300, "acr": ACR, "sid": "sid-giulia", "groups": ["cig-operatori"],
        });
        changed(claims, &self.says.claims)
    }
}

/// The claims with changes; `null` removes one.
fn changed(mut claims: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        match claims.as_object_mut() {
            Some(claims) if value.is_null() => drop(claims.remove(name)),
            Some(_) | None => claims[name] = value.clone(),
        }
    }
    claims
}

type Lies = State<Arc<Mutex<Shared>>>;

async fn discovery(State(shared): Lies) -> Json<Value> {
    let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    let origin = &shared.origin;
    let document = json!({
        "issuer": origin,
        "authorization_endpoint": format!("{origin}/authorize"),
        "token_endpoint": format!("{origin}/token"),
        "jwks_uri": format!("{origin}/keys"),
        "end_session_endpoint": format!("{origin}/out"),
        "authorization_response_iss_parameter_supported": true,
    });
    Json(changed(document, &shared.says.discovery))
}

async fn keys(State(shared): Lies) -> Json<Value> {
    Json(shared.lock().unwrap_or_else(PoisonError::into_inner).signer.jwks())
}

async fn token(State(shared): Lies, Form(form): Form<Vec<(String, String)>>) -> Response {
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    shared.form = form;
    shared.asked += 1;
    if let Some(status) = shared.says.refuses {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        return (status, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    let signer = if shared.says.forged { &shared.other } else { &shared.signer };
    let signed = || signer.sign(shared.says.typ, &shared.claims()).ok();
    let id_token = shared.says.id_token.clone().or_else(signed).filter(|token| !token.is_empty());
    let refresh = shared.says.refreshes.then(|| format!("refresh-{}", shared.asked));
    let answer = json!({
        "access_token": "access", "token_type": "Bearer", "id_token": id_token, "refresh_token": refresh,
    });
    Json(answer).into_response()
}

/// An edge at which the staff sign in, and their provider.
pub struct StaffScene {
    /// The edge.
    pub edge: Edge,
    /// The provider.
    pub provider: LyingProvider,
    /// A portal, for people.
    pub issuer: Issuer,
    http: Client,
}

/// A sign-in under way, as a browser holds it.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The cookie.
    pub cookie: String,
    /// The parameters that it leads to the provider with.
    pub asked: Vec<(String, String)>,
}

impl SignIn {
    /// A parameter.
    pub fn get(&self, name: &str) -> &str {
        self.asked.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// The binding `STAFF` for a provider.
pub fn setting(issuer: &str) -> Value {
    json!({
        "issuer": issuer, "client_id": "infocig", "acr": [ACR], "session_minutes": 15,
        "roles": [
            { "value": "cig-operatori", "role": "advisor" },
            { "value": "cig-responsabili", "role": "supervisor" },
            { "value": "cig-revisori", "role": "auditor" },
            { "value": "cig-regole", "role": "administrator" },
            { "value": "cig-altrove", "role": "advisor", "queues": ["no-such-queue"] },
        ],
    })
}

impl StaffScene {
    /// A working afternoon.
    pub async fn open() -> Result<Self, Error> {
        Self::with(|_| ()).await
    }

    /// The same with changes of the binding `STAFF`.
    pub async fn with(change: impl FnOnce(&mut Value)) -> Result<Self, Error> {
        let (provider, issuer) = (LyingProvider::start().await?, Issuer::start().await?);
        let mut staff = setting(provider.origin());
        change(&mut staff);
        let mut options = EdgeOptions::trusting(issuer.setting());
        options.bindings.push(("STAFF", Some(staff.to_string())));
        let edge = Edge::start(options).await?;
        let http = Client::builder().no_proxy().redirect(Policy::none()).build();
        Ok(Self { edge, provider, issuer, http: http.while_doing("making an HTTP client")? })
    }

    /// Sends a `GET` with cookies.
    pub async fn get(&self, path: &str, cookies: &str) -> Result<Answer, Error> {
        let request = self.http.get(format!("{}{path}", self.edge.url())).header("cookie", cookies);
        Answer::to(request).await
    }

    /// Posts a form with cookies, from a page of an origin.
    pub async fn post(
        &self,
        path: &str,
        cookies: &str,
        origin: &str,
        form: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        let request = self.http.post(format!("{}{path}", self.edge.url())).header("cookie", cookies);
        Answer::to(posting(request.header("origin", origin), form)).await
    }

    /// Begins to sign in. The provider answers this sign-in next.
    pub async fn begin(&self) -> Result<SignIn, Error> {
        let answer = self.get("/v1/staff/sign-in", "").await?;
        let (address, query) = answer.header("location").split_once('?').unwrap_or_default();
        if answer.status != 303 || address != format!("{}/authorize", self.provider.origin()) {
            return Err(Error::new(format!("not led to the provider: {answer:?}")));
        }
        let asked = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let sign_in = SignIn { cookie: cookie_of(&answer, "infocig-sign-in")?, asked };
        let nonce = sign_in.get("nonce").to_owned();
        self.provider.with(|shared| shared.nonce = nonce);
        Ok(sign_in)
    }

    /// The provider's answer to a sign-in, with changes of its parameters; an empty one is left out.
    pub async fn answer(&self, sign_in: &SignIn, changes: &[(&str, &str)]) -> Result<Answer, Error> {
        let (state, iss) = (sign_in.get("state").to_owned(), self.provider.origin().to_owned());
        let mut parameters =
            vec![("state", state), ("iss", iss), ("code", "a-code".to_owned()), ("error", String::new())];
        for (name, value) in changes {
            match parameters.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => (*value).clone_into(known),
                None => parameters.push((name, (*value).to_owned())),
            }
        }
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        self.get(&format!("/v1/staff/callback?{}", query.finish()), &sign_in.cookie).await
    }

    /// Signs in, and returns the cookie of the session.
    pub async fn sign_in(&self) -> Result<String, Error> {
        let sign_in = self.begin().await?;
        let answer = self.answer(&sign_in, &[]).await?;
        let verifier = self.provider.received("code_verifier").unwrap_or_default();
        if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != sign_in.get("code_challenge") {
            return Err(Error::new("the verifier is not that of the challenge"));
        }
        cookie_of(&answer, "infocig-staff")
    }

    /// Asks for the token of the console.
    pub async fn token(&self, cookie: &str) -> Result<Answer, Error> {
        self.post("/v1/staff/token", cookie, &self.edge.url(), &[]).await
    }

    /// Opens the desk by a session.
    pub async fn desk_session(&self, cookie: &str) -> Result<Answer, Error> {
        let token: Value = self.token(cookie).await?.document(200)?;
        let url = format!("{}/v1/desk/sessions", self.edge.url());
        let bearer = token["token"].as_str().unwrap_or_default();
        Answer::to(self.http.post(url).header("origin", self.edge.url()).bearer_auth(bearer)).await
    }

    /// The same, where it must succeed.
    pub async fn opened(&self, cookie: &str) -> Result<DeskSessionOpened, Error> {
        self.desk_session(cookie).await?.document(201)
    }

    /// Sends a logout token.
    pub async fn log_out(&self, token: &str) -> Result<Answer, Error> {
        let request = self.http.post(format!("{}/v1/staff/backchannel-logout", self.edge.url()));
        Answer::to(posting(request, &[("logout_token", token)])).await
    }

    /// Whether the log has a line of a refusal for that reason.
    pub fn log_says(&self, words: &str) -> bool {
        let written = self.edge.program().written();
        written.lines().any(|line| line.contains(r#""event":"staff""#) && line.contains(words))
    }
}

fn posting(request: RequestBuilder, form: &[(&str, &str)]) -> RequestBuilder {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    request.header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// A cookie that an answer sets, as a browser sends it back.
pub fn cookie_of(answer: &Answer, name: &str) -> Result<String, Error> {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = all.filter_map(|value| value.split(';').next());
    let mut own = pairs.filter(|pair| pair.starts_with(&format!("{name}=")) && !pair.ends_with('='));
    own.next_back().map(str::to_owned).ok_or_else(|| Error::new(format!("no cookie {name}: {answer:?}")))
}
