// SPDX-License-Identifier: EUPL-1.2
//! The sign-in of the staff: the page of the console, the way to the provider and back, the token for the console, and the ends of
//! a session. Each refusal is a page and a line of the log, with the same word, that name nobody.

use std::{cell::RefCell, time::Duration};

use ::worker::{Delay, Env, Headers, Request, Response};
use infocig_domain::{
    audit::ActedBy,
    people::Advisor,
    staff::{
        Right,
        pages::{self, SignedIn},
    },
};
use infocig_protocol::{language::Language, problem::Code, report::AuditedKind};
use serde_json::json;

use super::audit;
use crate::{
    actors::Looked,
    auth::{
        advisor::SignedInAdvisor,
        oidc::{
            SignInRefusal,
            client::{self, Grant},
            flow::{Answer, Flow, LIFETIME_S, redirect_uri},
            id_token::{self, Expected},
            logout_token, mapping,
            session::{Cookie, Secret, StaffSession, StaffToken},
        },
        same_token,
        ticket::DeskHolder,
    },
    http::{
        language,
        plain_pages::{Fields, is_own},
    },
    log::Trace,
    problem::{Error, Fault, Refusal},
    route,
    settings::{Settings, Staff},
    shell::{
        clock,
        http::{
            body,
            headers::{bearer, language_preferences, parameter},
            replies,
        },
        log,
        outbound::oidc::{self, Failure},
        random,
        rpc::{
            self, BeginSession, EndSession, EndSessions, LookAtSession, NotAnswered, RenewSession, UseSignIn,
        },
    },
};

/// Answers a request.
pub(crate) async fn answer(
    which: route::Staff,
    mut request: Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Error> {
    let staff = settings.staff.as_ref();
    let staff = staff.ok_or_else(|| Refusal::new(Code::NotFound, "the staff do not sign in here"))?;
    let visitor = Visitor::of(&request, env, settings, staff, trace)?;
    match which {
        route::Staff::Console => visitor.console().await,
        route::Staff::SignIn => visitor.page(visitor.sign_in().await).await,
        route::Staff::Callback => visitor.page(visitor.callback(&request).await).await,
        route::Staff::Token => visitor.token().await,
        route::Staff::SignOut => {
            let form = body::read(&mut request, MAX_FORM_BYTES).await?;
            visitor.sign_out(&Fields::parse(&form)).await
        }
        route::Staff::Logout => {
            let form = body::read(&mut request, MAX_FORM_BYTES).await?;
            visitor.logout(&Fields::parse(&form)).await
        }
    }
}

/// The sender of a request.
struct Visitor<'v> {
    env: &'v Env,
    settings: &'v Settings,
    staff: &'v Staff,
    trace: &'v Trace,
    /// Who they are, once the provider has said so.
    known: RefCell<ActedBy>,
    language: Language,
    /// The address says that they were signed in until now.
    has_ended: bool,
    origin: Option<String>,
    fetch_site: Option<String>,
    flow: Option<String>,
    session: Option<Secret>,
}

impl<'v> Visitor<'v> {
    fn of(
        request: &Request,
        env: &'v Env,
        settings: &'v Settings,
        staff: &'v Staff,
        trace: &'v Trace,
    ) -> Result<Self, Error> {
        let header = |name: &str| request.headers().get(name);
        let (cookies, own) = (header("cookie")?, &settings.origin);
        let flow = Cookie::Flow.find(cookies.as_deref(), own).map(String::from);
        let session = Cookie::Session.find(cookies.as_deref(), own).map(|text| Secret::new(text.into()));
        let preferences = language_preferences(request)?;
        let chosen = language::requested(preferences.requested.as_deref());
        let accepted = || preferences.accepted.as_deref().and_then(language::preferred);
        Ok(Self {
            env,
            settings,
            staff,
            trace,
            known: RefCell::new(ActedBy { request: Some(trace.request_id.clone()), ..ActedBy::default() }),
            language: chosen.or_else(accepted).unwrap_or_default(),
            has_ended: parameter(request, pages::ENDED)?.is_some(),
            origin: header("origin")?,
            fetch_site: header("sec-fetch-site")?,
            flow,
            session,
        })
    }

    /// `GET /console`
    async fn console(&self) -> Result<Response, Error> {
        let session = match &self.session {
            Some(secret) => self.look(secret, None).await?.map(|session| (session, secret.form_token())),
            None => None,
        };
        let visitor = match &session {
            Some((session, form)) => {
                let answers = session.roles.may(Right::Answer);
                pages::Visitor::SignedIn(SignedIn { name: &session.advisor.name, form, answers })
            }
            None if self.has_ended => pages::Visitor::Ended,
            None => pages::Visitor::Nobody,
        };
        let page = pages::console_page(visitor, &self.settings.origin, self.language, &self.settings.links);
        let response = replies::page(200, self.language, page)?;
        // The console's element brings its module, its styles and its socket from this origin alone.
        let socket = self.settings.origin.replacen("http", "ws", 1);
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self' {socket}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        let response = replies::with_header(response, "content-security-policy", &policy)?;
        // So that its requests say their origin.
        Ok(replies::with_header(response, "referrer-policy", "same-origin")?)
    }

    /// `GET /v1/staff/sign-in`
    async fn sign_in(&self) -> Result<Response, Failure> {
        let provider = oidc::provider(self.staff).await?;
        let flow = Flow::begin(random::name()?, self.staff, Some(self.language), clock::wall());
        let keys = &self.settings.ticket_key;
        let cookie = Cookie::Flow.keep(&flow.sign(keys)?, LIFETIME_S, &self.settings.origin);
        let address = flow.address(&provider, self.staff, &self.settings.origin, keys);
        Ok(redirect(&address, &[cookie])?)
    }

    /// `GET /v1/staff/callback`
    async fn callback(&self, request: &Request) -> Result<Response, Failure> {
        let keys = &self.settings.ticket_key;
        let flow = Flow::read(self.flow.as_deref(), keys).ok_or(SignInRefusal::NoFlow)?;
        let provider = oidc::provider(self.staff).await?;
        let get = |name: &str| parameter(request, name);
        let (state, iss, code, error) = (get("state")?, get("iss")?, get("code")?, get("error")?);
        let answer = Answer {
            state: state.as_deref(),
            iss: iss.as_deref(),
            code: code.as_deref(),
            error: error.as_deref(),
        };
        let (code, secrets) = flow.accept(answer, &provider, keys, clock::wall())?;
        let until = clock::now().plus_millis((LIFETIME_S + 60) * 1_000);
        let sessions = rpc::staff(self.env)?;
        if !rpc::call(&sessions, &UseSignIn { id: flow.id.clone(), until }).await? {
            return Err(SignInRefusal::Replayed.into());
        }
        let redirect_uri = redirect_uri(&self.settings.origin);
        let grant = Grant::Code { code, verifier: &secrets.verifier, redirect_uri: &redirect_uri };
        let tokens = oidc::tokens(self.staff, &provider, grant).await?;
        let id_token = tokens.id_token.as_deref().ok_or(SignInRefusal::Malformed)?;
        let expected = Expected {
            nonce: Some(&secrets.nonce),
            subject: None,
            access_token: tokens.access_token.as_deref(),
        };
        let now = clock::wall();
        let verify = |keys: &_| id_token::verify(id_token, self.staff, keys, expected, now);
        let identity = oidc::verified(id_token, &provider, verify).await?;
        self.known.borrow_mut().id = Some(identity.subject.clone());
        let (roles, profile) = mapping::roles(&identity.claims, self.staff)?;
        self.known.borrow_mut().roles = roles.clone();
        let name = identity.name.ok_or(SignInRefusal::Name)?;
        let advisor = Advisor { id: identity.subject, name };
        let signed_in = SignedInAdvisor { advisor, profile, roles };
        signed_in.queues(&self.settings.policy).map_err(|_| SignInRefusal::UnknownQueue)?;

        let event = self.known.borrow().did(AuditedKind::SignedIn, clock::now());
        audit::record(self.env, event).await?;
        // A session of before is not taken over: whoever could have planted its cookie knows its secret.
        self.end_session(Some("another-sign-in")).await?;
        let secret = Secret::new([random::name()?, random::name()?].concat());
        let seal = |token: &str| secret.seal(token, random::nonce()?);
        let SignedInAdvisor { advisor, profile, roles } = signed_in;
        let began = clock::now();
        let session = StaffSession {
            advisor,
            roles,
            profile,
            sid: identity.sid,
            confirmed: began,
            ends: began.plus_millis(i64::from(self.staff.session_hours) * 3_600_000),
            refresh_token: tokens.refresh_token.as_deref().map(seal).transpose()?,
            id_token: Some(seal(id_token)?),
        };
        let key = secret.key();
        rpc::call(&sessions, &BeginSession { key, session }).await?;
        let origin = &self.settings.origin;
        let seconds = i64::from(self.staff.session_hours) * 3_600;
        let language = flow.language().unwrap_or(self.language);
        let address = format!("{}?lang={}", pages::PATH, language.as_str());
        let cookies = [Cookie::Session.keep(secret.as_str(), seconds, origin), Cookie::Flow.forget(origin)];
        Ok(redirect(&address, &cookies)?)
    }

    /// `POST /v1/staff/token`
    async fn token(&self) -> Result<Response, Error> {
        if self.origin.as_deref() != Some(&self.settings.origin) {
            let detail = "the token is for pages of the service itself";
            return Err(Refusal::new(Code::OriginNotAllowed, detail).into());
        }
        let session = match &self.session {
            Some(secret) => self.look(secret, Some(self.staff.session_minutes)).await?.map(|_| secret),
            None => None,
        };
        let Some(secret) = session else {
            let refusal = Refusal::new(Code::TokenMissing, "nobody is signed in: begin at /v1/staff/sign-in");
            let response = replies::problem(&refusal, &self.settings.origin)?;
            let forget = Cookie::Session.forget(&self.settings.origin);
            return Ok(replies::with_header(response, "set-cookie", &forget)?);
        };
        let token = StaffToken::new(secret.key(), clock::wall()).sign(&self.settings.ticket_key)?;
        Ok(replies::json(200, &json!({ "token": token }))?)
    }

    /// `POST /v1/staff/sign-out`
    async fn sign_out(&self, form: &Fields) -> Result<Response, Error> {
        let own = is_own(self.origin.as_deref(), self.fetch_site.as_deref(), &self.settings.origin);
        let is_theirs =
            self.session.as_ref().is_none_or(|secret| same_token(form.get("form"), &secret.form_token()));
        if !own || !is_theirs {
            return Err(Refusal::new(Code::OriginNotAllowed, "that form is none of the console's").into());
        }
        let session = match &self.session {
            Some(secret) => self.look(secret, None).await?.map(|session| (session, secret)),
            None => None,
        };
        self.end_session(None).await?;
        let hint = session.and_then(|(session, secret)| secret.open(&session.id_token?));
        let back = format!("{}{}", self.settings.origin, pages::PATH);
        let provider = oidc::provider(self.staff).await.ok();
        let endpoint = provider.as_ref().and_then(|provider| provider.end_session_endpoint.as_deref());
        let address =
            endpoint.map(|endpoint| client::end_session(endpoint, self.staff, hint.as_deref(), &back));
        let page = pages::signed_out_page(address.as_deref(), self.language, &self.settings.links);
        let response = replies::page(200, self.language, page)?;
        let forget = Cookie::Session.forget(&self.settings.origin);
        Ok(replies::with_header(response, "set-cookie", &forget)?)
    }

    /// `POST /v1/staff/backchannel-logout`
    async fn logout(&self, form: &Fields) -> Result<Response, Error> {
        let ended = async {
            let provider = oidc::provider(self.staff).await?;
            let (token, now) = (form.get("logout_token"), clock::wall());
            let verify = |keys: &_| logout_token::verify(token, self.staff, keys, now);
            let ended = oidc::verified(token, &provider, verify).await?;
            let number = rpc::call(
                &rpc::staff(self.env)?,
                &EndSessions { ended, request: self.trace.request_id.clone() },
            )
            .await?;
            number.map(|_| ()).ok_or(Failure::Refused(SignInRefusal::Replayed))
        };
        match ended.await {
            Ok(()) => Ok(replies::with_header(replies::empty(200)?, "cache-control", "no-store")?),
            Err(Failure::Refused(refusal)) => {
                log::warn("staff", &format!("a logout token is refused: {}", refusal.as_str()));
                let status = if refusal == SignInRefusal::Unreachable { 503 } else { 400 };
                // As section 2.8 asks.
                let answer = json!({ "error": "invalid_request", "error_description": refusal.as_str() });
                Ok(replies::json(status, &answer)?)
            }
            Err(Failure::Failed(fault)) => Err(fault.into()),
        }
    }

    /// The session of a secret, if it stands. With `minutes`, one that is due is asked about first; where the provider does not
    /// answer, it stands for the rest of its time.
    async fn look(&self, secret: &Secret, minutes: Option<u16>) -> Result<Option<StaffSession>, Error> {
        let (key, sessions) = (secret.key(), rpc::staff(self.env)?);
        for _ in 0..LOOKS {
            match rpc::call(&rpc::staff(self.env)?, &LookAtSession { key: key.clone(), minutes }).await? {
                Looked::Over => return Ok(None),
                Looked::Stands(session) => return Ok(Some(*session)),
                Looked::Asked => Delay::from(LOOK_AGAIN).await,
                Looked::Ask(session) => {
                    let stands = clock::now() < session.stands_until(self.staff.session_minutes);
                    return match self.renewed(secret, &session).await {
                        Ok(session) => {
                            let call = RenewSession { key, session: session.clone() };
                            Ok(rpc::call(&sessions, &call).await?.then_some(session))
                        }
                        Err(Failure::Refused(SignInRefusal::Unreachable | SignInRefusal::Discovery)) => {
                            log::warn("staff", "a session is not renewed: provider-unreachable");
                            rpc::call(&sessions, &NotAnswered { key }).await?;
                            let refused =
                                Refusal::new(Code::IssuerUnreachable, "the provider does not answer");
                            if stands { Ok(Some(*session)) } else { Err(refused.into()) }
                        }
                        Err(Failure::Refused(refusal)) => {
                            log::warn("staff", &format!("a session is not renewed: {}", refusal.as_str()));
                            let (why, request) =
                                (Some(refusal.as_str().into()), self.trace.request_id.clone());
                            rpc::call(&sessions, &EndSession { key, why, request }).await?;
                            Ok(None)
                        }
                        Err(Failure::Failed(fault)) => Err(fault.into()),
                    };
                }
            }
        }
        Err(Refusal::new(Code::IssuerUnreachable, "the provider does not answer").into())
    }

    /// The session as the provider says it stands now.
    async fn renewed(&self, secret: &Secret, session: &StaffSession) -> Result<StaffSession, Failure> {
        let provider = oidc::provider(self.staff).await?;
        let sealed = session.refresh_token.as_deref().ok_or(SignInRefusal::RenewalRefused)?;
        let refresh = secret.open(sealed).ok_or(SignInRefusal::RenewalRefused)?;
        let tokens = oidc::tokens(self.staff, &provider, Grant::Refresh(&refresh)).await?;
        let now = clock::wall();
        let mut renewed = StaffSession { confirmed: clock::now(), ..session.clone() };
        if let Some(newer) = &tokens.refresh_token {
            renewed.refresh_token = Some(secret.seal(newer, random::nonce()?)?);
        }
        if let Some(id_token) = &tokens.id_token {
            let expected = Expected {
                nonce: None,
                subject: Some(&session.advisor.id),
                access_token: tokens.access_token.as_deref(),
            };
            let verify = |keys: &_| id_token::verify(id_token, self.staff, keys, expected, now);
            let identity = oidc::verified(id_token, &provider, verify).await?;
            (renewed.roles, renewed.profile) = mapping::roles(&identity.claims, self.staff)?;
            renewed.advisor.name = identity.name.unwrap_or(renewed.advisor.name);
            renewed.id_token = Some(secret.seal(id_token, random::nonce()?)?);
        }
        Ok(renewed)
    }

    /// Ends the session of the request, if there is one.
    async fn end_session(&self, why: Option<&str>) -> Result<(), Error> {
        if let Some(secret) = &self.session {
            let (key, why, request) = (secret.key(), why.map(Into::into), self.trace.request_id.clone());
            rpc::call(&rpc::staff(self.env)?, &EndSession { key, why, request }).await?;
        }
        Ok(())
    }

    /// The answer, or the page that says why there is none. A refusal is written down first.
    async fn page(&self, answered: Result<Response, Failure>) -> Result<Response, Error> {
        let (refusal, word, status) = match answered {
            Ok(response) => return Ok(response),
            Err(Failure::Refused(refusal)) => {
                log::warn("staff", &format!("a sign-in is refused: {}", refusal.as_str()));
                let is_down = matches!(refusal, SignInRefusal::Unreachable | SignInRefusal::Discovery);
                // An answer without its sign-in is anybody's request.
                if !is_down && !matches!(refusal, SignInRefusal::State | SignInRefusal::NoFlow) {
                    let event = self.known.borrow().did(AuditedKind::SignInRefused, clock::now());
                    audit::record(self.env, event.because(refusal.as_str())).await?;
                }
                (refusal, refusal.as_str(), if is_down { 503 } else { 403 })
            }
            Err(Failure::Failed(fault)) => {
                log::fault_in(self.trace, &fault);
                (SignInRefusal::Unreachable, Code::Fault.as_str(), 500)
            }
        };
        let page = pages::refused_page(refusal.why(), word, self.language, &self.settings.links);
        let response = replies::page(status, self.language, page)?;
        // The sign-in under way is left where only its state is wrong: that answer was somebody else's.
        if matches!(refusal, SignInRefusal::State | SignInRefusal::NoFlow) {
            return Ok(response);
        }
        let forget = Cookie::Flow.forget(&self.settings.origin);
        Ok(replies::with_header(response, "set-cookie", &forget)?)
    }
}

/// The session that a ticket is of, and how many seconds the ticket may last.
pub(crate) struct TicketOf {
    pub(crate) session: String,
    pub(crate) seconds: i64,
}

/// Who presents the token of a session; `None` for any other token.
pub(crate) async fn signed_in(
    token: Option<&str>,
    env: &Env,
    settings: &Settings,
) -> Result<Option<(SignedInAdvisor, TicketOf)>, Error> {
    let Some(staff) = settings.staff.as_ref() else { return Ok(None) };
    let Some(token) = StaffToken::read(token, &settings.ticket_key, clock::wall()) else { return Ok(None) };
    let key = token?.session;
    let session = standing(env, &key).await?;
    let left = session.stands_until(staff.session_minutes).plus_millis(SLACK_MS).min(session.ends);
    let seconds = (left.as_millis() - clock::now().as_millis()).max(0) / 1_000;
    let StaffSession { advisor, roles, profile, .. } = session;
    Ok(Some((SignedInAdvisor { advisor, profile, roles }, TicketOf { session: key, seconds })))
}

/// The holder of the desk's ticket that a request comes with. The session that it was given for still stands.
pub(crate) async fn holder(request: &Request, env: &Env, settings: &Settings) -> Result<DeskHolder, Error> {
    let ticket = bearer(request)?;
    let holder = DeskHolder::verify(ticket.as_deref(), &settings.ticket_key, &settings.policy, clock::now())?;
    if let Some(key) = &holder.session {
        standing(env, key).await?;
    }
    Ok(holder)
}

/// The session of a key, which must stand.
async fn standing(env: &Env, key: &str) -> Result<StaffSession, Error> {
    let look = LookAtSession { key: key.to_owned(), minutes: None };
    match rpc::call(&rpc::staff(env)?, &look).await? {
        Looked::Stands(session) => Ok(*session),
        Looked::Over | Looked::Ask(_) | Looked::Asked => {
            Err(Refusal::new(Code::TicketExpired, "the session has ended: sign in again").into())
        }
    }
}

/// A redirect that nothing keeps.
fn redirect(address: &str, cookies: &[String]) -> Result<Response, Fault> {
    let headers = Headers::new();
    headers.set("location", address)?;
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("referrer-policy", "no-referrer")?;
    for cookie in cookies {
        headers.append("set-cookie", cookie)?;
    }
    Ok(Response::empty()?.with_status(303).with_headers(headers))
}

const MAX_FORM_BYTES: usize = 64 * 1024;
/// A renewal takes less than a second; the request that waits for another's gives up after ten.
const LOOKS: u32 = 40;
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// The console's link ends with its ticket, and has a minute for the next one.
const SLACK_MS: i64 = 60_000;
