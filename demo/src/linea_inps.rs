// SPDX-License-Identifier: EUPL-1.2
//! Linea INPS, as `docs/linea-inps.openapi.yaml` describes it: it takes segnalazioni, shows them to who plays the office, and
//! tells the edge how each goes on, until the edge has heard.
//!
//! INPS publishes no interface of Linea INPS: the contract is INFO CIG's own.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, FromRequest as _, Path, Request, State,
        rejection::{BytesRejection, FormRejection, JsonRejection},
    },
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use infocig_protocol::case::BenefitKind;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    door::{Door, TokenForm},
    failure::{Fate, Mode, Setting, Switch},
    keys::{KeyPair, Signer},
    modi,
    pages::Page,
    people::PEOPLE,
    problem::problem,
    random,
    register::{self, NotMoved, Register, Taken, Update},
    server::{Portal, Settings, Shared, now_unix_seconds},
};

/// The `iss` of what Linea INPS signs.
pub const ISSUER: &str = "linea-inps";

/// What the edge needs to know to call Linea INPS and the registry at `origin`: its setting `LINEA_INPS`.
pub fn edge_setting(origin: &str, client_id: &str, pair: &KeyPair) -> Value {
    json!({
        "base": format!("{origin}/linea-inps"),
        "token_url": format!("{origin}/linea-inps/token"),
        "client_id": client_id,
        "kid": pair.kid(),
        "key": pair.private_pem(),
        "jwks_uri": format!("{origin}/linea-inps/.well-known/jwks.json"),
        "issuer": ISSUER,
        "cases": format!("{origin}/cases"),
    })
}

/// Linea INPS.
pub(crate) struct LineaInps {
    /// Its own address.
    base: String,
    /// Where the edge hears of updates.
    updates: String,
    origin: String,
    pub(crate) door: Door,
    switch: Switch,
    signer: Signer,
    register: Mutex<Register>,
    http: reqwest::Client,
}

impl LineaInps {
    pub(crate) fn new(settings: &Settings) -> io::Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(UPDATE_WITHIN)
            .build()
            .map_err(io::Error::other)?;
        Ok(Self {
            base: format!("{}/linea-inps", settings.origin),
            updates: format!("{}/v1/linea-inps/updates", settings.edge),
            origin: settings.origin.clone(),
            door: Door::new(settings.client.as_ref(), settings.audit)?,
            switch: Switch::default(),
            signer: Signer::generate().map_err(io::Error::other)?,
            register: Mutex::default(),
            http,
        })
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn problem(&self, status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
        problem(&self.origin, status, code, title, detail)
    }

    /// Takes a segnalazione, or says why not.
    fn take(&self, headers: &HeaderMap, body: &[u8]) -> Response {
        let key = modi::single(headers, IDEMPOTENCY_KEY);
        match self.taken(headers, key, body) {
            Ok((status, number)) => {
                let mut response =
                    (status, Json(json!({ "number": number, "state": "accepted" }))).into_response();
                if let Ok(location) = HeaderValue::from_str(&format!("{}/segnalazioni/{number}", self.base)) {
                    response.headers_mut().insert(header::LOCATION, location);
                }
                response
            }
            Err(response) => {
                self.register().refuse(key.unwrap_or_default());
                *response
            }
        }
    }

    fn taken(
        &self,
        headers: &HeaderMap,
        key: Option<&str>,
        body: &[u8],
    ) -> Result<(StatusCode, String), Box<Response>> {
        let refused = |status, code, title, detail| Err(Box::new(self.problem(status, code, title, detail)));
        if !is_json(headers) {
            return refused(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not-json",
                "Not JSON",
                "A segnalazione is application/json.",
            );
        }
        self.door
            .admit(headers, body, &self.base, now_unix_seconds())
            .map_err(|fault| Box::new(fault.response(&self.origin)))?;
        let Some(key) = key else {
            return refused(
                StatusCode::BAD_REQUEST,
                "idempotency-key-missing",
                "No key",
                "There must be one Idempotency-Key.",
            );
        };
        let Ok(body_value) = serde_json::from_slice::<Value>(body) else {
            return refused(
                StatusCode::BAD_REQUEST,
                "body-invalid",
                "Not JSON",
                "The body is not a JSON text.",
            );
        };
        if body_value["key"].as_str() != Some(key) {
            return refused(
                StatusCode::BAD_REQUEST,
                "idempotency-key-mismatch",
                "Another key",
                "Idempotency-Key is not the key in the body.",
            );
        }
        match self.register().take(body, body_value) {
            Taken::New(number) => Ok((StatusCode::CREATED, number)),
            Taken::Again(number) => Ok((StatusCode::OK, number)),
            Taken::Reused => refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "Key already used",
                "Another segnalazione came with this key.",
            ),
            Taken::Incomplete(member) => refused(
                StatusCode::UNPROCESSABLE_ENTITY,
                "segnalazione-incomplete",
                "Not a segnalazione",
                &format!("The member {member} is missing or empty."),
            ),
            Taken::Full => refused(
                StatusCode::INSUFFICIENT_STORAGE,
                "full",
                "Full",
                "No more segnalazioni are kept until the stand-in starts anew.",
            ),
        }
    }

    /// An update as it is sent: signed for this attempt alone. `None` if it cannot be signed now.
    fn signed(&self, update: &Update, now: i64) -> Option<reqwest::RequestBuilder> {
        let body = serde_json::to_vec(update).ok()?;
        let digest = modi::digest_of(&body);
        let claims = json!({
            "iss": ISSUER,
            "aud": self.updates,
            "iat": now,
            "nbf": now,
            "exp": now + UPDATE_SECONDS,
            "jti": random::uuid_v4().ok()?,
            "signed_headers": [{ "digest": digest }, { "content-type": "application/json" }],
        });
        let signature = self.signer.sign("JWT", &claims).ok()?;
        let request = self.http.post(&self.updates).header(header::CONTENT_TYPE, "application/json");
        Some(request.header("Digest", digest).header("Agid-JWT-Signature", signature).body(body))
    }
}

/// Tells the edge what is new of one segnalazione, in order, each until it is heard or refused for good. It ends with
/// Linea INPS.
async fn tell(linea: Weak<LineaInps>, key: String) {
    let mut pause = FIRST_PAUSE;
    loop {
        let request = {
            let Some(linea) = linea.upgrade() else { return };
            let Some(update) = linea.register().next(&key) else { return };
            linea.signed(&update, now_unix_seconds())
        };
        let status = match request {
            Some(request) => request.send().await.ok().map(|response| response.status()),
            None => None,
        };
        let heard = status.is_some_and(|status| status.is_success());
        let refused = status.is_some_and(|status| {
            status.is_client_error()
                && !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
        });
        if heard || refused {
            let Some(linea) = linea.upgrade() else { return };
            linea.register().settle(&key, heard);
            pause = FIRST_PAUSE;
        } else {
            tokio::time::sleep(pause).await;
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }
}

/// Its addresses.
pub(crate) fn router() -> Router<Arc<Portal>> {
    Router::new()
        .route("/linea-inps", get(page))
        .route("/linea-inps/token", post(token))
        .route("/linea-inps/segnalazioni", get(list).post(take).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)))
        .route("/linea-inps/segnalazioni/{number}", get(one))
        .route(
            "/linea-inps/segnalazioni/{number}/move",
            post(advance).layer(DefaultBodyLimit::max(MAX_BODY_BYTES)),
        )
        .route("/linea-inps/mode", get(mode).put(set_mode).post(choose_mode))
        .route("/linea-inps/.well-known/jwks.json", get(jwks))
}

async fn token(State(portal): Shared, form: Result<Form<TokenForm>, FormRejection>) -> Response {
    let linea = &portal.linea;
    linea.door.token(form, &format!("{}/token", linea.base), now_unix_seconds())
}

async fn take(State(portal): Shared, headers: HeaderMap, body: Result<Bytes, BytesRejection>) -> Response {
    let linea = &portal.linea;
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return unread(&linea.origin, &rejection),
    };
    let fate = linea.switch.next();
    if matches!(fate, Fate::Cut | Fate::Refused(..)) {
        linea.register().refuse(modi::single(&headers, IDEMPOTENCY_KEY).unwrap_or_default());
    }
    fate.answer(&linea.origin, || linea.take(&headers, &body)).await
}

async fn list(State(portal): Shared) -> Response {
    Json(portal.linea.register().list()).into_response()
}

async fn one(State(portal): Shared, Path(number): Path<String>) -> Response {
    let one = portal.linea.register().with_number(&number);
    one.map_or_else(|| unmoved(&portal.linea, NotMoved::Unknown), |one| Json(one).into_response())
}

async fn jwks(State(portal): Shared) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/jwk-set+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, portal.linea.signer.jwks().to_string()).into_response()
}

async fn mode(State(portal): Shared) -> Response {
    Json(portal.linea.switch.setting()).into_response()
}

async fn set_mode(State(portal): Shared, asked: Result<Json<Setting>, JsonRejection>) -> Response {
    set(&portal.linea.switch, &portal.linea.origin, asked)
}

async fn choose_mode(State(portal): Shared, form: Result<Form<ModeForm>, FormRejection>) -> Response {
    chosen(&portal, &portal.linea.switch, form)
}

/// A mode by `PUT`.
pub(crate) fn set(switch: &Switch, origin: &str, asked: Result<Json<Setting>, JsonRejection>) -> Response {
    match asked {
        Ok(Json(setting)) if setting.is_possible() => {
            switch.set(setting);
            Json(setting).into_response()
        }
        Ok(_) | Err(_) => problem(
            origin,
            StatusCode::BAD_REQUEST,
            "mode-invalid",
            "No such mode",
            "mode is one of the modes of the contract, seconds a whole number up to 600.",
        ),
    }
}

/// A mode as the page's form sends it.
#[derive(Deserialize)]
pub(crate) struct ModeForm {
    mode: String,
    seconds: Option<String>,
}

/// A mode by the page's form.
pub(crate) fn chosen(
    portal: &Portal,
    switch: &Switch,
    form: Result<Form<ModeForm>, FormRejection>,
) -> Response {
    let setting = form.ok().and_then(|Form(form)| {
        let seconds = form.seconds.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let seconds = seconds.map(str::parse).transpose().ok()?;
        Some(Setting { mode: Mode::parse(&form.mode)?, seconds }).filter(|setting| setting.is_possible())
    });
    if let Some(setting) = setting {
        switch.set(setting);
        Redirect::to("/linea-inps").into_response()
    } else {
        let trouble = "Scegli uno dei comportamenti e indica da 0 a 600 secondi.";
        show(portal, &HeaderMap::new(), StatusCode::BAD_REQUEST, Some(trouble))
    }
}

#[derive(Deserialize)]
struct Move {
    state: register::State,
    text: Option<String>,
}

async fn advance(State(portal): Shared, Path(number): Path<String>, request: Request) -> Response {
    let headers = request.headers().clone();
    let is_form = media_type(&headers) == "application/x-www-form-urlencoded";
    let asked = if is_form {
        Form::<Move>::from_request(request, &()).await.ok().map(|Form(asked)| asked)
    } else {
        Json::<Move>::from_request(request, &()).await.ok().map(|Json(asked)| asked)
    };
    let linea = &portal.linea;
    let outcome = match asked {
        // Forms send line ends as CR LF.
        Some(asked) => {
            let text = asked.text.map(|text| text.replace("\r\n", "\n"));
            linea.register().advance(&number, asked.state, text.as_deref())
        }
        None => Err(NotMoved::Text),
    };
    match outcome {
        Ok((key, begin)) => {
            if begin {
                tokio::spawn(tell(Arc::downgrade(linea), key));
            }
            if is_form {
                Redirect::to("/linea-inps").into_response()
            } else {
                one(State(portal), Path(number)).await
            }
        }
        Err(wrong) if is_form => {
            let (status, trouble) = match wrong {
                NotMoved::Unknown => (StatusCode::NOT_FOUND, "Questa segnalazione non c'è più."),
                NotMoved::NotForward => {
                    (StatusCode::CONFLICT, "La segnalazione è già a questo punto, o oltre.")
                }
                NotMoved::Text => (StatusCode::BAD_REQUEST, "Scrivi la risposta: da 1 a 16 000 caratteri."),
            };
            show(&portal, &headers, status, Some(trouble))
        }
        Err(wrong) => unmoved(linea, wrong),
    }
}

fn unmoved(linea: &LineaInps, wrong: NotMoved) -> Response {
    match wrong {
        NotMoved::Unknown => linea.problem(
            StatusCode::NOT_FOUND,
            "segnalazione-unknown",
            "Not found",
            "No segnalazione has this number.",
        ),
        NotMoved::NotForward => linea.problem(
            StatusCode::CONFLICT,
            "not-forward",
            "Not forward",
            "A segnalazione only moves on: accepted, in_progress, answered.",
        ),
        NotMoved::Text => linea.problem(
            StatusCode::BAD_REQUEST,
            "move-invalid",
            "Invalid move",
            "state is in_progress, or answered with a text of up to 16000 characters.",
        ),
    }
}

async fn page(State(portal): Shared, headers: HeaderMap) -> Response {
    show(&portal, &headers, StatusCode::OK, None)
}

fn show(portal: &Portal, headers: &HeaderMap, status: StatusCode, trouble: Option<&str>) -> Response {
    let linea = &portal.linea;
    let received: Vec<Value> = linea.register().list().iter().rev().map(row).collect();
    let values = json!({
        "trouble": trouble,
        "audit": linea.door.audits(),
        "switches": [
            switch_values("linea-inps", "Linea INPS", linea.switch.setting()),
            switch_values("cases", "il registro delle pratiche", portal.cases.setting()),
        ],
        "received": received,
        "any": !received.is_empty(),
    });
    match portal.pages.fill_with(Page::LineaInps, &portal.session(headers), values) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => portal.fault(),
    }
}

fn switch_values(system: &str, system_name: &str, setting: Setting) -> Value {
    let modes: Vec<Value> = Mode::ALL
        .into_iter()
        .map(|mode| {
            json!({ "word": mode.as_str(), "mode_label": mode.label(), "chosen": mode == setting.mode })
        })
        .collect();
    json!({
        "system": system,
        "system_name": system_name,
        "modes": modes,
        "seconds": setting.seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
    })
}

/// What the page says of one segnalazione, from what [`Register::list`] says.
fn row(one: &Value) -> Value {
    let body = &one["body"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let office = text(&body["office"]);
    let person = &body["person"];
    let place =
        if person["province"] == body["office"] { text(&person["province_name"]) } else { String::new() };
    let place = if place.is_empty() { province_name(&office).unwrap_or_default().to_owned() } else { place };
    let kind = serde_json::from_value::<BenefitKind>(body["kind"].clone()).map(BenefitKind::name);
    let topic: Vec<&str> = body["topic"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let messages: Vec<Value> = body["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|message| {
            let author = text(&message["author"]);
            json!({
                "said_by": if author == "citizen" { text(&person["name"]) } else { author },
                "said_at": italian(&text(&message["at"])),
                "said": text(&message["text"]),
            })
        })
        .collect();
    let state = text(&one["state"]);
    json!({
        "number": one["number"],
        "at": body["at"],
        "at_words": italian(&text(&body["at"])),
        "office": if place.is_empty() { office } else { format!("{place} ({office})") },
        "person_name": text(&person["name"]),
        "represented": text(&person["acting_for"]["name"]),
        "forwarded_by": text(&body["advisor"]["name"]),
        "topic": topic.join(" › "),
        "kind": kind.unwrap_or_default(),
        "case": text(&body["case"]),
        "protocol": text(&body["protocol"]),
        "case_ticket": text(&body["ticket"]),
        "description": text(&body["description"]),
        "messages": messages,
        "has_messages": !messages.is_empty(),
        "message_count": messages.len(),
        "state_words": match state.as_str() {
            "accepted" => "Presa in carico",
            "in_progress" => "In lavorazione",
            _ => "Risposta data",
        },
        "answer": text(&one["answer"]),
        "can_begin": state == "accepted",
        "can_answer": state != "answered",
        "deliveries": one["deliveries"],
        "refused": one["refused"],
        "updates": one["updates"],
    })
}

/// The provinces the stand-in's people know.
fn province_name(code: &str) -> Option<&'static str> {
    let residences = PEOPLE.iter().map(|person| person.residence);
    let offices = PEOPLE.iter().flat_map(|person| person.companies).map(|company| company.province);
    residences.chain(offices).find(|province| province.code == code).map(|province| province.name)
}

/// `23/11/2026, 14:20 UTC`, or the text as it is where it is no instant in UTC.
fn italian(at: &str) -> String {
    let parts = (at.get(..4), at.get(5..7), at.get(8..10), at.get(11..16));
    match parts {
        (Some(year), Some(month), Some(day), Some(time)) if at.ends_with('Z') => {
            format!("{day}/{month}/{year}, {time} UTC")
        }
        _ => at.to_owned(),
    }
}

/// Why a body could not be read, as a problem.
pub(crate) fn unread(origin: &str, rejection: &BytesRejection) -> Response {
    let (status, code) = if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        (StatusCode::PAYLOAD_TOO_LARGE, "body-too-large")
    } else {
        (StatusCode::BAD_REQUEST, "body-invalid")
    };
    problem(origin, status, code, "Body not read", "The body is too large, or it ended early.")
}

/// Whether the body says it is JSON.
pub(crate) fn is_json(headers: &HeaderMap) -> bool {
    media_type(headers) == "application/json"
}

fn media_type(headers: &HeaderMap) -> String {
    let whole = modi::single(headers, header::CONTENT_TYPE.as_str()).unwrap_or_default();
    whole.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Largest segnalazione.
pub(crate) const MAX_BODY_BYTES: usize = 1024 * 1024;
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const UPDATE_SECONDS: i64 = 30;
const UPDATE_WITHIN: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
