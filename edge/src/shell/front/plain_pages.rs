// SPDX-License-Identifier: EUPL-1.2
//! The conversation as pages without scripts: forms in, pages or redirects out (Post/Redirect/Get).
//!
//! The portal's form enters as a request of the widget does, by the same token and the same rules. From then on the cookie's
//! ticket says whose conversation it is, and the object acts as on a frame. A refusal or a fault is a page too, in the
//! person's language, with the text they wrote in it.

mod assistant;
mod conversation;
mod door;
mod entry;
mod history;
mod written_requests;

use ::worker::{Env, Headers, Request, Response};
use infocig_domain::{
    admission, data_notice,
    plain_page::{
        self, ConversationView, Draft, ErrorPage, FormError, PageOptions, QuestionDraft, QuestionToken,
        RatingDraft,
    },
};
use infocig_protocol::{
    blank::is_blank,
    id::{ConversationId, MessageId},
    language::Language,
    problem::Code,
};

use super::tickets::SignedTicket;
use crate::{
    actors::PlainPageAction,
    auth::ticket::Ticket,
    http::{
        language,
        plain_pages::{self, Cookie, Fields, PageRequest, Undecided},
    },
    log::Trace,
    problem::{Error, Fault, Refusal},
    route::Plain,
    settings::Settings,
    shell::{
        clock,
        http::{body, replies},
        log, random,
        rpc::{self, AskPlainPage, PlainPageAnswer},
    },
};

/// Answers a request for a page, or from one.
pub(crate) async fn answer(
    plain: Plain,
    mut request: Request,
    env: &Env,
    settings: &Settings,
    trace: &Trace,
) -> Result<Response, Fault> {
    let header = |name: &str| request.headers().get(name);
    let purposes = [header("sec-purpose")?, header("purpose")?, header("x-moz")?];
    match plain_pages::page_request(&request.inner().method(), &purposes) {
        PageRequest::Visit => {}
        PageRequest::HeadersOnly => return replies::page(200, Language::default(), String::new()),
        PageRequest::Prefetch => return replies::page(503, Language::default(), String::new()),
    }
    let visitor = Visitor::of(&request, env, settings, trace)?;
    let writes = matches!(
        plain,
        Plain::Write
            | Plain::Stay
            | Plain::End
            | Plain::Rate
            | Plain::Leave
            | Plain::Request
            | Plain::Assistant
    );
    if writes
        && !plain_pages::is_own(visitor.origin.as_deref(), visitor.fetch_site.as_deref(), &settings.origin)
    {
        return visitor.error_page(ErrorPage::Foreign, 403, None);
    }
    let form = match plain {
        Plain::Enter
        | Plain::Write
        | Plain::Stay
        | Plain::End
        | Plain::Rate
        | Plain::Leave
        | Plain::Request
        | Plain::Assistant => body::read(&mut request, plain_pages::MAX_FORM_BYTES).await,
        Plain::Show
        | Plain::AskToEnd
        | Plain::Transcript
        | Plain::Data
        | Plain::History
        | Plain::HistoryConversation(_)
        | Plain::HistoryTranscript(_)
        | Plain::Back => Ok(Vec::new()),
    };
    let form = form.map(|bytes| Fields::parse(&bytes));
    let answered = match (form, plain) {
        (Err(error), _) => Err(error),
        (Ok(form), Plain::Enter) => visitor.enter(&form).await,
        (Ok(_), Plain::Show) => visitor.show().await,
        (Ok(form), Plain::Write) => visitor.write(&form).await,
        (Ok(form), Plain::Stay) => visitor.act(&form, PlainPageAction::Stay).await,
        (Ok(_), Plain::AskToEnd) => visitor.ask_to_end(),
        (Ok(form), Plain::End) => visitor.act(&form, PlainPageAction::Close).await,
        (Ok(form), Plain::Rate) => visitor.rate(&form).await,
        (Ok(form), Plain::Leave) => visitor.leave(&form),
        (Ok(form), Plain::Request) => visitor.request(&form).await,
        (Ok(form), Plain::Assistant) => visitor.ask_assistant(&form).await,
        (Ok(_), Plain::Transcript) => visitor.transcript().await,
        (Ok(_), Plain::Data) => visitor.own_data().await,
        (Ok(_), Plain::History) => visitor.history().await,
        (Ok(_), Plain::HistoryConversation(number)) => visitor.history_conversation(number).await,
        (Ok(_), Plain::HistoryTranscript(number)) => visitor.history_transcript(number).await,
        (Ok(_), Plain::Back) => visitor.back_to("", None).map_err(Error::Fault),
    };
    match answered {
        Ok(response) => Ok(response),
        Err(Error::Refused(refusal)) => visitor.refused(&refusal, None),
        Err(Error::Fault(fault)) => {
            log::fault_in(trace, &fault);
            visitor.error_page(ErrorPage::Failed, 500, None)
        }
    }
}

/// The sender of a request, as far as their browser says.
#[derive(Clone)]
struct Visitor<'v> {
    env: &'v Env,
    settings: &'v Settings,
    trace: &'v Trace,
    cookie: Cookie,
    /// The value of the cookie: a ticket, or the entry token.
    ticket: Option<String>,
    query: Fields,
    view: PageOptions,
    accepted: Option<String>,
    origin: Option<String>,
    fetch_site: Option<String>,
}

/// A person whose ticket is valid, and the conversation it opens.
struct AuthenticatedVisitor<'p> {
    conversation: ConversationId,
    ticket: &'p str,
    form: String,
}

impl<'v> Visitor<'v> {
    fn of(request: &Request, env: &'v Env, settings: &'v Settings, trace: &'v Trace) -> Result<Self, Fault> {
        let header = |name: &str| request.headers().get(name);
        let cookie = Cookie::of(&settings.origin);
        let ticket = header("cookie")?.and_then(|cookies| cookie.ticket_in(&cookies).map(String::from));
        let url = request.url()?;
        let query = Fields::parse(url.query().unwrap_or_default().as_bytes());
        Ok(Self {
            env,
            settings,
            trace,
            cookie,
            ticket,
            view: query.view(),
            query,
            accepted: header("accept-language")?,
            origin: header("origin")?,
            fetch_site: header("sec-fetch-site")?,
        })
    }

    /// The language of a page without a conversation.
    fn language(&self) -> Language {
        let accepted = || self.accepted.as_deref().and_then(language::preferred);
        self.view.language.or_else(accepted).unwrap_or_default()
    }

    /// The person of the cookie's ticket.
    fn authenticated(&self) -> Result<AuthenticatedVisitor<'_>, Refusal> {
        let missing = || Refusal::new(Code::TokenMissing, "no ticket came with the request");
        let ticket = self.ticket.as_deref().ok_or_else(missing)?;
        let (_, conversation) = Ticket::verify_citizen(ticket, &self.settings.ticket_key, clock::now())?;
        Ok(AuthenticatedVisitor { conversation, ticket, form: plain_pages::form_token(ticket) })
    }

    /// Asks the conversation's object.
    async fn plain_page(
        &self,
        visitor: &AuthenticatedVisitor<'_>,
        action: Option<PlainPageAction>,
    ) -> Result<PlainPageAnswer, Error> {
        let AuthenticatedVisitor { conversation, ticket, .. } = visitor;
        let question = AskPlainPage {
            conversation: conversation.clone(),
            ticket: (*ticket).to_string(),
            action,
            before: self.view.before,
        };
        rpc::call(&rpc::of_conversation(self.env, conversation)?, &question).await
    }

    fn conversation(
        &self,
        status: u16,
        shown: &ConversationView,
        draft: &Draft<'_>,
        rating: Option<RatingDraft<'_>>,
    ) -> Result<Response, Fault> {
        let token = QuestionToken::Conversation(draft.form);
        let question = QuestionDraft { token, id: &new_id()?, text: "", error: None };
        self.conversation_with(status, shown, draft, rating, &question)
    }

    /// The same with a question that was not answered.
    fn conversation_with(
        &self,
        status: u16,
        shown: &ConversationView,
        draft: &Draft<'_>,
        rating: Option<RatingDraft<'_>>,
        question: &QuestionDraft<'_>,
    ) -> Result<Response, Fault> {
        let language = self.view.language.unwrap_or(shown.language);
        let question = Some(question).filter(|_| self.settings.policy.assistant.on);
        let Settings { links, policy, .. } = self.settings;
        let notice = data_notice::of(policy, language);
        let page = plain_page::conversation_page(shown, self.view, draft, rating, question, &notice, links);
        replies::page(status, language, page)
    }

    /// The page for a refusal: the person can do nothing here, and can copy their text from it.
    fn refused(&self, refusal: &Refusal, unsent: Option<&str>) -> Result<Response, Fault> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is refused is nobody's mistake")]
        let (why, status) = match refusal.code {
            Code::TokenMissing => (ErrorPage::NoConversation, 403),
            Code::TicketInvalid | Code::TicketExpired | Code::NotFound => (ErrorPage::Expired, 403),
            Code::RequestsPending => (ErrorPage::Pending, refusal.code.status()),
            Code::ConversationOpen => (ErrorPage::OpenAlready, refusal.code.status()),
            code => (ErrorPage::Failed, code.status()),
        };
        let response = self.error_page(why, status, unsent)?;
        // Delete the cookie of an invalid or expired ticket.
        if self.ticket.is_some() && matches!(refusal.code, Code::TicketInvalid | Code::TicketExpired) {
            return replies::with_header(response, "set-cookie", &self.cookie.forget());
        }
        Ok(response)
    }

    fn error_page(&self, why: ErrorPage, status: u16, unsent: Option<&str>) -> Result<Response, Fault> {
        let language = self.language();
        let channels = admission::channels(&self.settings.policy, language);
        let unsent = unsent.filter(|text| !is_blank(text));
        let page = plain_page::error_page(why, language, &channels, unsent, &self.settings.links);
        replies::page(status, language, page)
    }

    /// To the page of the conversation, with a ticket for it where there is a new one.
    fn back_to(&self, anchor: &str, ticket: Option<&SignedTicket>) -> Result<Response, Fault> {
        let view = PageOptions { before: None, ..self.view };
        let keep = |ticket: &SignedTicket| self.cookie.keep(&ticket.text, ticket.exp, clock::now());
        let cookie = ticket.map(keep);
        redirect(&format!("{}{anchor}", view.address("")), cookie.as_deref())
    }
}

/// A redirect to an address, with a cookie where there is a new one.
fn redirect(address: &str, cookie: Option<&str>) -> Result<Response, Fault> {
    let headers = Headers::new();
    headers.set("location", address)?;
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("referrer-policy", "no-referrer")?;
    if let Some(cookie) = cookie {
        headers.set("set-cookie", cookie)?;
    }
    Ok(Response::empty()?.with_status(303).with_headers(headers))
}

/// The form error and status with which an undecided text comes back to its author.
const fn undecided(reason: Undecided) -> (Option<FormError>, u16) {
    match reason {
        Undecided::Asked => (Some(FormError::Sensitive), 422),
        Undecided::Edited => (None, 200),
    }
}

/// An id for a form that is made now.
fn new_id() -> Result<MessageId, Fault> {
    MessageId::parse(random::name()?).map_err(|error| Fault::Platform(error.to_string()))
}
