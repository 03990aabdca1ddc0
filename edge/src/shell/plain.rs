// SPDX-License-Identifier: EUPL-1.2
//! The conversation as pages without scripts: forms in, pages or the way to one out (Post/Redirect/Get).
//!
//! The portal's form enters as a request of the widget does, by the same token and the same rules. From then on the cookie's
//! ticket says whose conversation it is, and the object does what a frame would do. Whatever goes wrong is a page too, in the
//! person's language, with what they wrote in it.

use ::worker::{Env, Headers, Request, Response};
use infocig_domain::{
    admission,
    plain_page::{
        self, ConversationView, Draft, ErrorPage, FormError, PageOptions, RatingDraft, RatingError,
        RequestDraft, history,
    },
    transcript::Format,
};
use infocig_protocol::{
    blank::is_blank,
    case::Question,
    http::Verdict,
    id::{ConversationId, MessageId},
    language::Language,
    problem::Code,
    rating::{self, Rating},
    segnalazione::WrittenRequest,
};

use super::{
    afterwards::{self, Answer},
    calls, clock,
    conversation_object::{LookBackQuestion, VisitAnswer, VisitQuestion},
    objects, random, replies,
    worker::{self, Entrance, Failure},
};
use crate::{
    language,
    permit::{Permit, Purpose},
    plain::{self, Cookie, Fields, Undecided, Visit},
    problem::{Fault, Refusal},
    room::{Act, HistoryQuery, LookedBack},
    route::Plain,
    settings::Settings,
    ticket::Ticket,
    token::Person,
};

/// Answers a request for a page, or from one.
pub(super) async fn answer(
    plain: Plain,
    mut request: Request,
    env: &Env,
    settings: &Settings,
) -> Result<Response, Fault> {
    let header = |name: &str| request.headers().get(name);
    let purposes = [header("sec-purpose")?, header("purpose")?, header("x-moz")?];
    match plain::visit(&request.inner().method(), &purposes) {
        Visit::Own => {}
        Visit::Headers => return replies::page(200, Language::default(), String::new()),
        Visit::Ahead => return replies::page(503, Language::default(), String::new()),
    }
    let visitor = Visitor::of(&request, env, settings)?;
    let writes = matches!(
        plain,
        Plain::Write | Plain::Stay | Plain::End | Plain::Rate | Plain::Leave | Plain::Request
    );
    if writes && !plain::is_own(visitor.origin.as_deref(), visitor.fetch_site.as_deref(), &settings.origin) {
        return visitor.stop(ErrorPage::Foreign, 403, None);
    }
    let form = match plain {
        Plain::Enter
        | Plain::Write
        | Plain::Stay
        | Plain::End
        | Plain::Rate
        | Plain::Leave
        | Plain::Request => calls::read_request(&mut request, plain::MAX_FORM_BYTES).await,
        Plain::Show
        | Plain::AskToEnd
        | Plain::Transcript
        | Plain::Past
        | Plain::Earlier(_)
        | Plain::EarlierTranscript(_)
        | Plain::Back => Ok(Vec::new()),
    };
    let form = form.map(|bytes| Fields::parse(&bytes));
    let answered = match (form, plain) {
        (Err(failure), _) => Err(failure),
        (Ok(form), Plain::Enter) => visitor.enter(&form).await,
        (Ok(_), Plain::Show) => visitor.show().await,
        (Ok(form), Plain::Write) => visitor.write(&form).await,
        (Ok(form), Plain::Stay) => visitor.act(&form, Act::Stay).await,
        (Ok(_), Plain::AskToEnd) => visitor.ask_to_end(),
        (Ok(form), Plain::End) => visitor.act(&form, Act::Close).await,
        (Ok(form), Plain::Rate) => visitor.rate(&form).await,
        (Ok(form), Plain::Leave) => visitor.leave(&form),
        (Ok(form), Plain::Request) => visitor.request(&form).await,
        (Ok(_), Plain::Transcript) => visitor.transcript().await,
        (Ok(_), Plain::Past) => visitor.past().await,
        (Ok(_), Plain::Earlier(number)) => visitor.earlier(number).await,
        (Ok(_), Plain::EarlierTranscript(number)) => visitor.earlier_transcript(number).await,
        (Ok(_), Plain::Back) => visitor.back_to("", None).map_err(Failure::Fault),
    };
    match answered {
        Ok(response) => Ok(response),
        Err(Failure::Refused(refusal)) => visitor.refused(&refusal, None),
        Err(Failure::Fault(fault)) => {
            ::worker::console_error!("fault: {fault}");
            visitor.stop(ErrorPage::Failed, 500, None)
        }
    }
}

/// Whoever asks for a page, as far as their browser says.
#[derive(Clone)]
struct Visitor<'v> {
    env: &'v Env,
    settings: &'v Settings,
    cookie: Cookie,
    /// What the cookie holds.
    ticket: Option<String>,
    query: Fields,
    view: PageOptions,
    accepted: Option<String>,
    origin: Option<String>,
    fetch_site: Option<String>,
}

/// A person's ticket that is good, and what it opens.
struct Pass<'p> {
    conversation: ConversationId,
    ticket: &'p str,
    form: String,
}

impl<'v> Visitor<'v> {
    fn of(request: &Request, env: &'v Env, settings: &'v Settings) -> Result<Self, Fault> {
        let header = |name: &str| request.headers().get(name);
        let cookie = Cookie::of(&settings.origin);
        let ticket = header("cookie")?.and_then(|cookies| cookie.ticket_in(&cookies).map(String::from));
        let url = request.url()?;
        let query = Fields::parse(url.query().unwrap_or_default().as_bytes());
        Ok(Self {
            env,
            settings,
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

    /// What the cookie's ticket opens.
    fn pass(&self) -> Result<Pass<'_>, Refusal> {
        let missing = || Refusal::new(Code::TokenMissing, "no ticket came with the request");
        let ticket = self.ticket.as_deref().ok_or_else(missing)?;
        let (_, conversation) = Ticket::verify_citizen(ticket, &self.settings.ticket_key, clock::now())?;
        Ok(Pass { conversation, ticket, form: plain::form_token(ticket) })
    }

    /// `POST /chat`
    async fn enter(&self, form: &Fields) -> Result<Response, Failure> {
        let view =
            PageOptions { language: form.view().language.or(self.view.language), ..PageOptions::default() };
        // The portal's page must say that it is the portal's: a token somebody else was given opens somebody else's
        // conversation, in which a person could be made to write.
        if self.origin.as_deref().is_some_and(|origin| !self.settings.allows_origin(origin)) {
            return Ok(self.stop(ErrorPage::Foreign, 403, None)?);
        }
        let token = Some(form.get("token")).filter(|token| !token.is_empty());
        let visitor = Visitor { view, ..self.clone() };
        let person = match worker::person_of_token(token, self.settings).await {
            Ok(person) => person,
            Err(Failure::Refused(refusal)) if refusal.code.status() == 401 => {
                return Ok(visitor.stop(ErrorPage::NotBelieved, 403, None)?);
            }
            Err(failure) => return Err(failure),
        };
        let visitor =
            Visitor { view: PageOptions { language: view.language.or(person.locale), ..view }, ..visitor };
        let now = clock::now();
        if worker::decide(self.env, self.settings, &person, now).await.is_open() {
            // A conversation may begin, but not before the browser has shown that it keeps a cookie.
            let permit =
                Permit::new(Purpose::Enter, person, now).sign(Purpose::Enter, &self.settings.ticket_key)?;
            let cookie = self.cookie.keep_for(&permit, Purpose::Enter.lifetime_s());
            return Ok(way_to(&visitor.view.address_to_enter(), Some(&cookie))?);
        }
        visitor.let_in(person).await
    }

    /// Lets a person into their conversation or a new one, or says why not.
    async fn let_in(&self, person: Person) -> Result<Response, Failure> {
        let (visitor, now) = (self, clock::now());
        match worker::enter(self.env, self.settings, &person, None, visitor.language(), now).await? {
            Entrance::Open { conversation, .. } => {
                let opened = afterwards::opened(conversation, self.settings, now)?;
                Ok(visitor.back_to("#last", Some(&opened.ticket))?)
            }
            Entrance::Closed(document) => {
                let may_write = self.settings.linea_inps.is_some()
                    && matches!(document.verdict, Verdict::Open | Verdict::OnlyOngoing | Verdict::Closed);
                let permit = if may_write {
                    let permit = Permit::new(Purpose::Write, person, now);
                    Some(permit.sign(Purpose::Write, &self.settings.ticket_key)?)
                } else {
                    None
                };
                let (language, status) = (visitor.language(), document.code.status());
                let id = new_id()?;
                let draft =
                    permit.as_deref().map(|permit| RequestDraft { permit, id: &id, text: "", error: None });
                let links = &visitor.settings.links;
                let page = plain_page::refusal_page(&document, language, draft.as_ref(), links);
                Ok(replies::page(status, language, page)?)
            }
            Entrance::Unknown => Err(Fault::Platform("nothing was to be resumed".into()).into()),
        }
    }

    /// `GET /chat`
    async fn show(&self) -> Result<Response, Failure> {
        let (key, now) = (&self.settings.ticket_key, clock::now());
        let permit = self.ticket.as_deref().map(|kept| Permit::verify(kept, Purpose::Enter, key, now));
        match permit {
            Some(Ok(Permit { person, .. })) => return self.let_in(person).await,
            None if self.query.get("enter") == "1" => {
                return Ok(self.stop(ErrorPage::NoCookies, 403, None)?);
            }
            Some(Err(_)) | None => {}
        }
        let pass = self.pass()?;
        let VisitAnswer { shown, .. } = self.visit(&pass, None).await?;
        let draft = Draft { form: &pass.form, id: &new_id()?, text: "", error: None };
        Ok(self.conversation(200, &shown, &draft, None)?)
    }

    /// `POST /chat/messages`
    async fn write(&self, form: &Fields) -> Result<Response, Failure> {
        let text = form.text("text");
        let pass = match self.pass() {
            Ok(pass) => pass,
            Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
        };
        let named = MessageId::parse(form.get("id")).ok();
        let (Some(id), true) = (named, form.get("form") == pass.form) else {
            let VisitAnswer { shown, .. } = self.visit(&pass, None).await?;
            let trouble = Some(FormError::Another);
            let draft = Draft { form: &pass.form, id: &new_id()?, text: &text, error: trouble };
            return Ok(self.conversation(409, &shown, &draft, None)?);
        };
        let text = match plain::decided(text, form.get("way")) {
            Ok(text) => text,
            Err((text, undecided)) => return self.ask(&pass, &id, &text, undecided).await,
        };
        let say = Act::Say { id: id.clone(), text: text.clone() };
        let VisitAnswer { shown, refused } = match self.visit(&pass, Some(say)).await {
            Ok(answer) => answer,
            Err(Failure::Refused(refusal)) => return Ok(self.refused(&refusal, Some(&text))?),
            Err(Failure::Fault(fault)) => {
                ::worker::console_error!("fault: {fault}");
                let draft = Draft { form: &pass.form, id: &id, text: &text, error: Some(FormError::Unsure) };
                let language = self.language();
                let page = plain_page::unsure_page(language, self.view, &draft, &self.settings.links);
                return Ok(replies::page(500, language, page)?);
            }
        };
        let Some(refused) = refused else { return Ok(self.back_to("#last", None)?) };
        let trouble = plain::trouble(refused.code, refused.retry_after_ms).unwrap_or(FormError::Unsure);
        let draft = Draft { form: &pass.form, id: &new_id()?, text: &text, error: Some(trouble) };
        Ok(self.conversation(refused.code.status(), &shown, &draft, None)?)
    }

    /// The page with a text that is not sent yet. It keeps its id: whatever is decided, and however often, becomes one message.
    async fn ask(
        &self,
        pass: &Pass<'_>,
        id: &MessageId,
        text: &str,
        undecided: Undecided,
    ) -> Result<Response, Failure> {
        let VisitAnswer { shown, .. } = match self.visit(pass, None).await {
            Ok(answer) => answer,
            Err(Failure::Refused(refusal)) => return Ok(self.refused(&refusal, Some(text))?),
            Err(Failure::Fault(fault)) => {
                ::worker::console_error!("fault: {fault}");
                return Ok(self.stop(ErrorPage::Failed, 500, Some(text))?);
            }
        };
        let (trouble, status) = asked(undecided);
        let draft = Draft { form: &pass.form, id, text, error: trouble };
        Ok(self.conversation(status, &shown, &draft, None)?)
    }

    /// `POST /chat/rating`
    async fn rate(&self, form: &Fields) -> Result<Response, Failure> {
        let comment = form.text("comment");
        let pass = match self.pass() {
            Ok(pass) if form.get("form") == pass.form => pass,
            // Another conversation has taken the place of the one that was rated.
            Ok(_) => return Ok(self.stop(ErrorPage::Expired, 409, Some(&comment))?),
            Err(refusal) => return Ok(self.refused(&refusal, Some(&comment))?),
        };
        let answer = rating::Answer::parse(form.get("answer"));
        let trouble = match answer {
            None => RatingError::NoAnswer,
            Some(answer) => {
                let said = Some(comment.clone()).filter(|comment| !is_blank(comment));
                let rating = Rating { answer, comment: said };
                let rated =
                    afterwards::rate_as(self.env, &pass.conversation, pass.ticket.to_string(), rating);
                match rated.await {
                    Ok(()) => return Ok(self.back_to("#rating", None)?),
                    Err(Failure::Refused(refusal)) if refusal.code == Code::MessageTooLong => {
                        RatingError::TooLong
                    }
                    Err(Failure::Refused(refusal)) => return Ok(self.refused(&refusal, Some(&comment))?),
                    Err(Failure::Fault(fault)) => {
                        ::worker::console_error!("fault: {fault}");
                        return Ok(self.stop(ErrorPage::Failed, 500, Some(&comment))?);
                    }
                }
            }
        };
        let VisitAnswer { shown, .. } = self.visit(&pass, None).await?;
        let draft = Draft { form: &pass.form, id: &new_id()?, text: "", error: None };
        let rating = RatingDraft { answer, comment: &comment, error: Some(trouble) };
        Ok(self.conversation(422, &shown, &draft, Some(rating))?)
    }

    /// `POST /chat/stay`, `POST /chat/end`: what cannot be refused, only come too late.
    async fn act(&self, form: &Fields, act: Act) -> Result<Response, Failure> {
        let pass = self.pass()?;
        // Another conversation's form does nothing to this one.
        if form.get("form") == pass.form {
            self.visit(&pass, Some(act)).await?;
        }
        Ok(self.back_to("#last", None)?)
    }

    /// `GET /chat/end`
    fn ask_to_end(&self) -> Result<Response, Failure> {
        let pass = self.pass()?;
        let language = self.language();
        let page = plain_page::end_page(language, self.view, &pass.form, &self.settings.links);
        Ok(replies::page(200, language, page)?)
    }

    /// `POST /chat/leave`
    fn leave(&self, form: &Fields) -> Result<Response, Failure> {
        let is_its_own =
            self.ticket.as_deref().is_some_and(|ticket| form.get("form") == plain::form_token(ticket));
        let response = self.back_to("", None)?;
        if !is_its_own {
            return Ok(response);
        }
        Ok(replies::with_header(response, "set-cookie", &self.cookie.forget())?)
    }

    /// `POST /chat/requests`
    async fn request(&self, form: &Fields) -> Result<Response, Failure> {
        let (text, now) = (form.text("text"), clock::now());
        let Permit { person, .. } =
            match Permit::verify(form.get("permit"), Purpose::Write, &self.settings.ticket_key, now) {
                Ok(permit) => permit,
                Err(refusal) => return Ok(self.refused(&refusal, Some(&text))?),
            };
        let id = match MessageId::parse(form.get("id")) {
            Ok(id) => id,
            Err(_) => new_id()?,
        };
        let text = match plain::decided(text, form.get("way")) {
            Ok(text) => text,
            Err((text, undecided)) => {
                let draft = (form.get("permit"), &id, &*text);
                return self.write_again(&person, draft, asked(undecided)).await;
            }
        };
        let language = self.language();
        let written = afterwards::write_as(
            self.env,
            self.settings,
            person.clone(),
            WrittenRequest { id: id.clone(), text: text.clone(), question: Question::default() },
            language,
        );
        let refusal = match written.await {
            Ok(opened) => return Ok(self.back_to("#last", Some(&opened.ticket))?),
            Err(Failure::Refused(refusal)) => refusal,
            Err(Failure::Fault(fault)) => {
                ::worker::console_error!("fault: {fault}");
                return Ok(self.stop(ErrorPage::Failed, 500, Some(&text))?);
            }
        };
        match plain::trouble(refusal.code, None) {
            Some(trouble) => {
                self.write_again(&person, (form.get("permit"), &id, &text), (Some(trouble), 422)).await
            }
            None => Ok(self.refused(&refusal, Some(&text))?),
        }
    }

    /// The door again, with the request that was not taken as it was.
    async fn write_again(
        &self,
        person: &Person,
        (permit, id, text): (&str, &MessageId, &str),
        (trouble, status): (Option<FormError>, u16),
    ) -> Result<Response, Failure> {
        let language = self.language();
        let decision = worker::decide(self.env, self.settings, person, clock::now()).await;
        let document = decision.to_document(&self.settings.policy, language);
        let draft = RequestDraft { permit, id, text, error: trouble };
        let page = plain_page::refusal_page(&document, language, Some(&draft), &self.settings.links);
        Ok(replies::page(status, language, page)?)
    }

    /// `GET /chat/transcript`
    async fn transcript(&self) -> Result<Response, Failure> {
        let pass = self.pass()?;
        self.transcript_of(&pass.conversation, pass.ticket.to_string()).await
    }

    /// `GET /chat/history`
    async fn past(&self) -> Result<Response, Failure> {
        let before = self.view.before.map(|before| u32::try_from(before).unwrap_or(u32::MAX));
        self.look_back(&self.pass()?, HistoryQuery::List { before }).await
    }

    /// `GET /chat/history/{number}`
    async fn earlier(&self, number: u32) -> Result<Response, Failure> {
        self.look_back(&self.pass()?, HistoryQuery::Read { number, before: self.view.before }).await
    }

    /// A page of what the person came with before.
    async fn look_back(&self, pass: &Pass<'_>, what: HistoryQuery) -> Result<Response, Failure> {
        let Pass { conversation, ticket, .. } = pass;
        let question =
            LookBackQuestion { conversation: conversation.clone(), ticket: (*ticket).into(), what };
        let object = worker::conversation_object(self.env, conversation)?;
        let answer: Answer<LookedBack> = objects::ask(&object, "/look-back", &question).await?;
        let (view, links) = (self.view, &self.settings.links);
        let language = |own: Language| view.language.unwrap_or(own);
        let (language, page) = match answer.map_err(Refusal::from) {
            Ok(LookedBack::List { conversations, language: own }) => {
                (language(own), history::list_page(&conversations, language(own), view, links))
            }
            Ok(LookedBack::Read(shown)) => {
                (language(shown.language), history::conversation_page(&shown, view, links))
            }
            Err(refusal) if refusal.code == Code::NotFound => return Ok(self.list()?),
            Err(refusal) => return Err(refusal.into()),
        };
        Ok(replies::page(200, language, page)?)
    }

    /// To the list of what the person came with before, for who asks for something that is not on it.
    fn list(&self) -> Result<Response, Fault> {
        let view = PageOptions { before: None, ..self.view };
        way_to(&view.address(history::LIST), None)
    }

    /// `GET /chat/history/{number}/transcript`
    async fn earlier_transcript(&self, number: u32) -> Result<Response, Failure> {
        let pass = self.pass()?;
        let earlier = ConversationId::of(pass.conversation.object(), number).ok();
        let Some(earlier) = earlier.filter(|_| number < pass.conversation.ordinal()) else {
            return Ok(self.list()?);
        };
        // An object holds one person's conversations: who holds a ticket of one is given their own of another.
        let ticket = afterwards::opened(earlier.clone(), self.settings, clock::now())?.ticket;
        match self.transcript_of(&earlier, ticket).await {
            // The ticket is good: what is not there is the conversation.
            Err(Failure::Refused(_)) => Ok(self.list()?),
            answered => answered,
        }
    }

    async fn transcript_of(&self, id: &ConversationId, ticket: String) -> Result<Response, Failure> {
        let format = if self.query.get("format") == "text" { Format::Text } else { Format::Html };
        afterwards::transcript_as(self.env, self.settings, id, ticket, format, self.view.language).await
    }

    /// Asks the conversation's object.
    async fn visit(&self, pass: &Pass<'_>, act: Option<Act>) -> Result<VisitAnswer, Failure> {
        let Pass { conversation, ticket, .. } = pass;
        let question = VisitQuestion {
            conversation: conversation.clone(),
            ticket: (*ticket).to_string(),
            act,
            before: self.view.before,
        };
        let object = worker::conversation_object(self.env, conversation)?;
        let answer: Answer<VisitAnswer> = objects::ask(&object, "/visit", &question).await?;
        Ok(answer.map_err(Refusal::from)?)
    }

    fn conversation(
        &self,
        status: u16,
        shown: &ConversationView,
        draft: &Draft<'_>,
        rating: Option<RatingDraft<'_>>,
    ) -> Result<Response, Fault> {
        let language = self.view.language.unwrap_or(shown.language);
        let page = plain_page::conversation_page(shown, self.view, draft, rating, &self.settings.links);
        replies::page(status, language, page)
    }

    /// The page for a refusal: nothing can be done here, and what was written can be copied from it.
    fn refused(&self, refusal: &Refusal, unsent: Option<&str>) -> Result<Response, Fault> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is refused is nobody's mistake")]
        let (why, status) = match refusal.code {
            Code::TokenMissing => (ErrorPage::NoConversation, 403),
            Code::TicketInvalid | Code::TicketExpired | Code::NotFound => (ErrorPage::Expired, 403),
            Code::RequestsPending => (ErrorPage::Pending, refusal.code.status()),
            Code::ConversationOpen => (ErrorPage::OpenAlready, refusal.code.status()),
            code => (ErrorPage::Failed, code.status()),
        };
        let response = self.stop(why, status, unsent)?;
        // What opens nothing is not kept.
        if self.ticket.is_some() && matches!(refusal.code, Code::TicketInvalid | Code::TicketExpired) {
            return replies::with_header(response, "set-cookie", &self.cookie.forget());
        }
        Ok(response)
    }

    fn stop(&self, why: ErrorPage, status: u16, unsent: Option<&str>) -> Result<Response, Fault> {
        let language = self.language();
        let channels = admission::channels(&self.settings.policy, language);
        let unsent = unsent.filter(|text| !is_blank(text));
        let page = plain_page::error_page(why, language, &channels, unsent, &self.settings.links);
        replies::page(status, language, page)
    }

    /// To the page of the conversation, with a ticket for it where there is a new one.
    fn back_to(&self, anchor: &str, ticket: Option<&str>) -> Result<Response, Fault> {
        let view = PageOptions { before: None, ..self.view };
        let cookie = ticket.map(|ticket| self.kept(ticket)).transpose()?;
        way_to(&format!("{}{anchor}", view.address("")), cookie.as_deref())
    }

    /// The cookie that keeps a ticket for as long as it is good.
    fn kept(&self, ticket: &str) -> Result<String, Fault> {
        let now = clock::now();
        let (read, _) = Ticket::verify_citizen(ticket, &self.settings.ticket_key, now)
            .map_err(|refusal| Fault::Platform(refusal.detail))?;
        Ok(self.cookie.keep(ticket, read.exp, now))
    }
}

/// The way to an address, with a cookie where there is a new one.
fn way_to(address: &str, cookie: Option<&str>) -> Result<Response, Fault> {
    let headers = Headers::new();
    headers.set("location", address)?;
    headers.set("cache-control", "no-store, no-transform")?;
    headers.set("referrer-policy", "no-referrer")?;
    if let Some(cookie) = cookie {
        headers.set("set-cookie", cookie)?;
    }
    Ok(Response::empty()?.with_status(303).with_headers(headers))
}

/// How a text comes back to whoever has yet to decide about it, or goes on writing it.
const fn asked(undecided: Undecided) -> (Option<FormError>, u16) {
    match undecided {
        Undecided::Asked => (Some(FormError::Sensitive), 422),
        Undecided::Edited => (None, 200),
    }
}

/// An id for a form that is made now.
fn new_id() -> Result<MessageId, Fault> {
    MessageId::parse(random::name()?).map_err(|error| Fault::Platform(error.to_string()))
}
