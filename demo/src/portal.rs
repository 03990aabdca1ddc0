// SPDX-License-Identifier: EUPL-1.2
//! The state that all addresses of the stand-in share, and the answers several of them give.

use std::{
    io,
    sync::{Arc, atomic::AtomicU64},
};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
};
use infocig_protocol::person::EntryPoint;
use minijinja::Value;

use crate::{
    clock::now_unix_seconds,
    failure::FailureSwitch,
    keys::Signer,
    linea_inps::LineaInps,
    pages::{Page, Pages},
    policy, problem, random,
    refusal::Refusal,
    session::{self, Citizen, Session, Sessions},
    settings::Settings,
    token,
};

/// The portal as handlers take it.
pub(crate) type Shared = State<Arc<Portal>>;

/// The portals, Linea INPS and the registry: one server.
pub(crate) struct Portal {
    pub(crate) settings: Settings,
    pub(crate) signer: Signer,
    pub(crate) sessions: Sessions,
    pub(crate) pages: Pages,
    pub(crate) linea: Arc<LineaInps>,
    /// The failure mode of the registry.
    pub(crate) cases: FailureSwitch,
    /// How many violations of their policy pages have reported since the portal was started.
    pub(crate) policy_reports: AtomicU64,
    pub(crate) usual_policy: HeaderValue,
    pub(crate) policy_with_forms_to_the_edge: HeaderValue,
}

impl Portal {
    pub(crate) fn new(settings: Settings) -> io::Result<Self> {
        settings.check()?;
        let header = |policy: String| HeaderValue::from_str(&policy).map_err(io::Error::other);
        Ok(Self {
            signer: Signer::generate().map_err(io::Error::other)?,
            sessions: Sessions::default(),
            pages: Pages::read(&settings.portal_dir, &settings.edge)?,
            linea: Arc::new(LineaInps::new(&settings)?),
            cases: FailureSwitch::default(),
            policy_reports: AtomicU64::default(),
            usual_policy: header(policy::usual(&settings.edge))?,
            policy_with_forms_to_the_edge: header(policy::with_forms_to_the_edge(&settings.edge))?,
            settings,
        })
    }

    /// Whether browsers reach the portal over HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.settings.origin.starts_with("https:")
    }

    /// The session of a request.
    pub(crate) fn session(&self, headers: &HeaderMap) -> Session {
        self.sessions.find(session::id_of(headers))
    }

    /// A page as the session of the request sees it.
    pub(crate) fn page(&self, page: Page, headers: &HeaderMap) -> Response {
        self.page_with(page, headers, Value::UNDEFINED)
    }

    /// The same with the members of `more`.
    pub(crate) fn page_with(&self, page: Page, headers: &HeaderMap, more: Value) -> Response {
        match self.pages.render(page, &self.session(headers), more) {
            Ok(html) => Html(html).into_response(),
            Err(_) => self.problem(Refusal::Fault),
        }
    }

    /// A hand-off token for `citizen`, coming from `entry` or from their own portal.
    pub(crate) fn handoff_token(
        &self,
        citizen: &Citizen,
        entry: Option<EntryPoint>,
    ) -> Result<String, Refusal> {
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

    /// A refusal as a problem document.
    pub(crate) fn problem(&self, refusal: Refusal) -> Response {
        let (code, status, title, detail) = refusal.describe();
        problem::problem(&self.settings.origin, status, code, title, detail)
    }

    /// A refusal as a page where the request accepts HTML, as a problem document otherwise.
    pub(crate) fn refuse(&self, refusal: Refusal, headers: &HeaderMap) -> Response {
        let (_, status, ..) = refusal.describe();
        let accepts_html = headers
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
        if accepts_html {
            (status, self.page(Page::NotFound, headers)).into_response()
        } else {
            self.problem(refusal)
        }
    }
}
