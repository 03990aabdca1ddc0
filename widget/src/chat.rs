// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, come back, write, end; look at their cases while they wait,
//! write to the office when nobody answers, find their conversations again. Over HTTP and the link.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use infocig_client::{
    driver::{self, Driver, random_id},
    http::{self, Failure, TranscriptFormat},
    json::Object,
    page,
    session::{Event, Pending, Session},
};
use infocig_protocol::{
    case::Question,
    entry::{Entry, Party, Phase},
    http::ConversationOpened,
    id::{ConversationId, MessageId},
    language::Language,
    limits::TYPING_LASTS_MS,
    problem::Code,
    segnalazione::{PastConversation, WrittenRequest},
    time::Timestamp,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    config::{Config, Links},
    kept::{Carried, Kept, Owner, Request},
    recheck,
    settings::Settings,
    state::{
        Asked, Availability, Door, Letter, Older, OwnCases, Pass, Past, Sending, Shared, Stage, Trouble,
        Unwritten,
    },
    writer::Writer,
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    state: Shared,
    inside: Inside,
    /// The conversation the page showed before it was loaded anew, until it is found again.
    shown_before: Rc<RefCell<Option<ConversationId>>>,
    /// What is written to the office and is not known to have arrived: as it was sent, or as an earlier life left it.
    request: Rc<RefCell<Option<Request>>>,
    /// Whom the newest token spoke of.
    owner: Rc<RefCell<Option<Owner>>>,
    recheck: Timer,
}

/// What there is while somebody is inside.
#[derive(Clone, Default)]
struct Inside(Rc<Conversation>);

#[derive(Default)]
struct Conversation {
    id: RefCell<Option<ConversationId>>,
    driver: RefCell<Option<Rc<Driver<Session>>>>,
    writer: RefCell<Option<Writer>>,
    away: Timer,
    advisor_there: Cell<bool>,
    typing: Timer,
}

/// One time-out: setting it again replaces it.
#[derive(Clone, Default)]
struct Timer(Rc<Cell<Option<TimeoutHandle>>>);

impl Timer {
    fn set(&self, wait: Duration, ring: impl Fn() + 'static) {
        self.stop();
        self.0.set(set_timeout_with_handle(ring, wait).ok());
    }

    fn stop(&self) {
        if let Some(earlier) = self.0.take() {
            earlier.clear();
        }
    }
}

impl Chat {
    pub(crate) fn new(config: Config, state: Shared) -> Self {
        Self {
            config: Rc::new(config),
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            request: Rc::default(),
            owner: Rc::default(),
            recheck: Timer::default(),
        }
    }

    /// What it knows.
    pub(crate) const fn state(&self) -> Shared {
        self.state
    }

    fn language(&self) -> Language {
        self.state.peek(|s| s.language)
    }

    /// Where else the page leads.
    pub(crate) fn links(&self) -> Links {
        self.config.links.clone()
    }

    /// The person chooses something for themself: it is remembered on the device.
    pub(crate) fn choose(&self, change: impl FnOnce(&mut Settings)) {
        let settings = self.state.change(|s| {
            change(&mut s.settings);
            s.settings
        });
        page::remember(Settings::NAME, &settings.write());
    }

    /// Puts the panel away. The conversation goes on.
    pub(crate) fn minimise(&self) {
        self.state.change(|s| (s.shown, s.options, s.history) = (false, false, Past::Hidden));
    }

    /// After a page was loaded anew: goes on where the one before left off, if it left anything.
    pub(crate) fn come_back(&self) {
        if kept_request().is_some_and(|request| request.id.is_some()) {
            self.write_again();
        } else {
            self.find_again();
        }
    }

    fn find_again(&self) {
        if let Some(kept) = kept() {
            self.state.change(|s| s.shown = kept.shown);
            self.shown_before.replace(Some(kept.conversation));
            self.enter();
        }
    }

    /// Asks whether the service is open, and asks again by itself when the answer ceases to hold.
    pub(crate) fn check_availability(&self) {
        let chat = self.clone();
        spawn_local(async move {
            let answer =
                http::availability(&chat.config.edge, &chat.config.availability_query(chat.language())).await;
            if chat.state.is_gone() {
                return;
            }
            let (availability, wait) = match answer {
                Ok(admission) => {
                    let wait =
                        recheck::wait(&admission, |text| page::instant(text).map(Timestamp::as_millis));
                    (Availability::Known(admission), wait)
                }
                Err(_) => (Availability::Unknown, Some(recheck::AFTER_FAILURE_MS)),
            };
            chat.state.change(|s| s.availability = availability);
            chat.recheck_in(wait);
        });
    }

    /// The button: enter, or come back to where one was.
    pub(crate) fn launch(&self) {
        self.state.change(|s| s.history = Past::Hidden);
        self.state.change(|s| s.shown = true);
        match self.state.peek(|s| s.stage.clone()) {
            // Beginning again has a button of its own.
            Stage::Entering | Stage::Inside => {}
            Stage::Writing
                if self.state.peek(|s| {
                    let letter = &s.request;
                    letter.sending == Sending::UnderWay
                }) => {}
            Stage::Writing | Stage::Idle | Stage::Refused(_) => self.enter(),
            Stage::Stuck(_) => self.retry(),
        }
    }

    /// Tries again what something stood in the way of: to go back to the conversation whose ticket has ended, or to enter.
    pub(crate) fn retry(&self) {
        match self.state.peek(|s| s.pass()) {
            None | Some(Pass::Valid | Pass::Fresh) => self.enter(),
            Some(Pass::Spent) => {
                self.state.change(|s| s.stage = Stage::Entering);
                self.renew();
            }
            Some(Pass::Coming) => self.state.change(|s| s.stage = Stage::Entering),
        }
    }

    /// Goes back to the conversation that is shown with another ticket; everything of it stays.
    fn renew(&self) {
        let (chat, state) = (self.clone(), self.state);
        let Some(Door { conversation, .. }) = state.peek(|s| s.door.clone()) else { return };
        state.change(|s| s.set_pass(Pass::Coming));
        spawn_local(async move {
            let found = chat.another_ticket(&conversation).await;
            // Another one may be shown by now, or the element have left the page.
            if state.is_gone() || !state.peek(|s| s.is_renewing(&conversation)) {
                return;
            }
            let failure = match found {
                Ok(None) => {
                    page::forget(KEPT);
                    return chat.inside.leave(state, Trouble::NotAccepted);
                }
                Ok(Some(ticket)) => {
                    let driver = chat
                        .inside
                        .driver()
                        .filter(|_| state.change(|s| s.renewed(&conversation, ticket.clone())));
                    if let Some(driver) = driver {
                        driver.with(|session| session.renew(ticket, driver::now()));
                    }
                    return;
                }
                Err(failure) => failure,
            };
            state.change(|s| s.set_pass(Pass::Spent));
            let trouble = chat.trouble(&failure);
            state.change(|s| s.stage = Stage::Stuck(trouble));
            if failure == Failure::SignedOut {
                // Whoever signs in again finds it, if it is theirs.
                chat.shown_before.replace(Some(conversation));
            }
        });
    }

    /// Another ticket of a conversation; `None` if it is not of whoever is signed in now.
    async fn another_ticket(&self, shown: &ConversationId) -> Result<Option<String>, Failure> {
        let Config { edge, .. } = &*self.config;
        let token = self.token().await?;
        let opened = match http::resume_conversation(edge, &token, shown).await {
            Err(Failure::Refused(problem)) if problem.code == Code::NotFound => return Ok(None),
            opened => opened?,
        };
        if opened.conversation == *shown {
            return Ok(Some(opened.ticket));
        }
        if opened.conversation.object() != shown.object() {
            return Ok(None);
        }
        // The person has another one open: this one is in the past.
        let past = http::history(edge, &token).await?.conversations;
        let past = past.into_iter().find(|past| past.conversation == *shown);
        past.map(|past| Some(past.ticket)).ok_or(Failure::Unreadable)
    }

    /// Asks to enter: a token from the portal, then the server's word.
    pub(crate) fn enter(&self) {
        let chat = self.clone();
        self.state.change(|s| s.set_pass(Pass::Valid));
        self.state.change(|s| s.stage = Stage::Entering);
        spawn_local(async move {
            let Err(failure) = chat.try_to_enter().await else {
                return;
            };
            let coming_back = chat.shown_before.borrow().is_some();
            let stage = match &failure {
                Failure::Refused(problem) if coming_back && problem.code == Code::NotFound => {
                    page::forget(KEPT);
                    chat.shown_before.take();
                    Stage::Idle
                }
                Failure::Refused(problem) if problem.admission.is_some() => {
                    problem.admission.clone().map_or(Stage::Idle, Stage::Refused)
                }
                Failure::Unreachable | Failure::SignedOut | Failure::Refused(_) | Failure::Unreadable => {
                    Stage::Stuck(chat.trouble(&failure))
                }
            };
            if stage == Stage::Idle {
                chat.state.change(|s| s.shown = false);
            }
            chat.state.change(|s| s.stage = stage);
        });
    }

    /// Says something. `true` if it was taken over: it is on its way, or will be.
    pub(crate) fn post(&self, text: String) -> bool {
        let (Some(driver), Ok(id)) = (self.inside.driver(), MessageId::parse(random_id())) else {
            return false;
        };
        self.state.change(|s| s.not_sent = None);
        driver.with(|session| session.post(id, text));
        self.state.change(|s| s.draft = String::new());
        self.inside.show_pending(self.state);
        self.keep();
        true
    }

    /// What is being written has changed: it is kept, and the advisor may be told.
    pub(crate) fn write(&self, draft: String) {
        let typing = !draft.trim().is_empty();
        self.state.change(|s| s.draft = draft);
        self.keep();
        if let Some(driver) = self.inside.driver().filter(|_| typing) {
            driver.with(|session| session.typing(driver::now()));
        }
    }

    /// Everything shown has been on screen, if the page is.
    pub(crate) fn read(&self) {
        let Self { state, .. } = self;
        let looks = self.is_looked_at();
        state.change(|s| s.look(looks));
        if let Some(driver) = self.inside.driver().filter(|_| self.is_looked_at()) {
            driver.with(|session| session.read(state.peek(|s| s.last_seq())));
        }
    }

    /// Whether the log is on screen.
    fn is_looked_at(&self) -> bool {
        let Self { state, .. } = self;
        let shown = state.peek(|s| s.shown)
            && state.peek(|s| {
                let past = &s.history;
                *past == Past::Hidden
            });
        shown && !document().hidden()
    }

    /// Asks for the entries before those shown.
    pub(crate) fn look_back(&self) {
        if let Some(driver) = self.inside.driver() {
            self.state.change(|s| s.older = Older::Coming);
            driver.with(Session::older);
        }
    }

    /// Writes in this tab from here on.
    pub(crate) fn write_here(&self) {
        if let Some(writer) = self.inside.0.writer.borrow().as_ref() {
            writer.take_over();
        }
    }

    /// Is still here, though there was no answer for a while.
    pub(crate) fn stay(&self) {
        if let Some(driver) = self.inside.driver() {
            driver.with(Session::stay);
        }
    }

    /// Ends the conversation, or leaves the queue.
    pub(crate) fn close(&self) {
        if let Some(driver) = self.inside.driver() {
            driver.with(Session::close);
        }
    }

    /// Keeps what a reload must not lose.
    pub(crate) fn keep(&self) {
        self.inside.keep(self.state);
    }

    /// Says what the question is about.
    pub(crate) fn question(&self, question: Question) {
        if let Some(driver) = self.inside.driver() {
            self.state.change(|s| s.asked = Asked::Answered);
            driver.with(|session| session.question(question));
        }
    }

    /// Would rather not say what the question is about.
    pub(crate) fn skip_question(&self) {
        self.state.change(|s| s.asked = Asked::Skipped);
        self.keep();
    }

    /// Looks at the person's own cases.
    pub(crate) fn look_at_cases(&self) {
        let (chat, state) = (self.clone(), self.state);
        let Some(Door { conversation, ticket, .. }) = state.peek(|s| s.door.clone()) else { return };
        state.change(|s| s.cases = OwnCases::Coming);
        spawn_local(async move {
            let cases = match http::cases(&chat.config.edge, &ticket, &conversation).await {
                Ok(cases) => OwnCases::Known(cases),
                Err(Failure::Refused(problem)) if problem.code == Code::CasesNotConfigured => {
                    OwnCases::Absent
                }
                Err(_) => OwnCases::Failed,
            };
            // They may have been folded, or the element have left the page, while we asked.
            if state.peek(|s| s.cases == OwnCases::Coming) {
                state.change(|s| s.cases = cases);
            }
        });
    }

    /// Leaves the queue, having found the answer.
    pub(crate) fn self_served(&self) {
        if let Some(driver) = self.inside.driver() {
            driver.with(Session::self_served);
        }
    }

    /// What is written to the office has changed: it is kept, where it is known whose it is.
    pub(crate) fn write_request(&self, text: String) {
        self.state.change(|s| {
            let letter = &mut s.request;
            letter.text = Some(text);
        });
        self.keep_request();
    }

    fn keep_request(&self) {
        let request = self.request_with(None);
        if request.text.is_empty() {
            page::forget(REQUEST);
        } else if request.owner.is_some() {
            page::keep(REQUEST, &request.write());
        }
    }

    /// What is written to the office, as it stands in the field.
    fn request_with(&self, fresh: Option<MessageId>) -> Request {
        let (text, question) = self.state.peek(|s| (s.request_text(), s.request_question()));
        Request::after(self.request.borrow().clone(), self.owner.borrow().clone(), text, question, fresh)
    }

    /// Writes to the office.
    pub(crate) fn send_request(&self) {
        let (chat, state) = (self.clone(), self.state);
        let text = state.peek(|s| s.request_text());
        let sending = match (state.peek(|s| s.request.clone()).sending, Unwritten::of(&text)) {
            (Sending::UnderWay, _) => return,
            (_, Some(why)) => Sending::Failed(why),
            (_, None) => Sending::UnderWay,
        };
        state.change(|s| s.request = Letter { text: Some(text), sending });
        if sending != Sending::UnderWay {
            return;
        }
        spawn_local(async move {
            let why = match chat.try_to_write().await {
                Ok(()) => return,
                Err(Failure::Refused(problem)) if problem.code == Code::ConversationOpen => Unwritten::Open,
                Err(Failure::Refused(problem)) if problem.code == Code::RequestsPending => Unwritten::Pending,
                Err(failure) => Unwritten::Stuck(chat.trouble(&failure)),
            };
            if state.is_gone() {
                return;
            }
            // Nobody may be signed in any more: it was laid by.
            if state.peek(|s| {
                let letter = &s.request;
                letter.text.is_none()
            }) {
                return;
            }
            if matches!(why, Unwritten::Pending | Unwritten::Open) {
                // It is known not to have arrived: it does not go again by itself.
                chat.request.borrow_mut().iter_mut().for_each(|request| request.id = None);
                chat.keep_request();
            }
            state.change(|s| {
                let letter = &mut s.request;
                letter.sending = Sending::Failed(why);
            });
        });
    }

    /// Finds the person's conversations.
    pub(crate) fn look_for_history(&self) {
        let (chat, state) = (self.clone(), self.state);
        state.change(|s| s.shown = true);
        state.change(|s| s.history = Past::Coming);
        spawn_local(async move {
            let found = async { http::history(&chat.config.edge, &chat.token().await?).await }.await;
            if !state.peek(|s| s.history == Past::Coming) {
                return;
            }
            match found {
                Ok(history) => state.change(|s| s.history = Past::Known(history.conversations)),
                Err(failure) => {
                    let trouble = chat.trouble(&failure);
                    state.change(|s| s.history = Past::Failed(trouble));
                }
            }
        });
    }

    /// Goes on with a conversation that is still open.
    pub(crate) fn go_on(&self, past: PastConversation) {
        let state = self.state;
        let PastConversation { conversation, ticket, socket, .. } = past;
        state.change(|s| s.history = Past::Hidden);
        let shown = state.peek(|s| {
            let door = &s.door;
            door.as_ref().is_some_and(|door| door.conversation == conversation)
        });
        if !shown || state.peek(|s| s.stage.clone()) != Stage::Inside {
            self.go_inside(ConversationOpened { conversation, ticket, socket });
        }
    }

    /// Reads a past conversation beside whatever else goes on; what is shown of it is in `state`.
    pub(crate) fn look_at(&self, past: &PastConversation, state: Shared) -> Self {
        let chat = Self {
            config: Rc::clone(&self.config),
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            request: Rc::default(),
            owner: Rc::new(RefCell::clone(&self.owner)),
            recheck: Timer::default(),
        };
        let PastConversation { conversation, ticket, socket, .. } = past.clone();
        chat.start(ConversationOpened { conversation, ticket, socket }, Vec::new());
        chat
    }

    /// What was said in the conversation that is shown, to be taken away.
    pub(crate) async fn transcript(self, format: TranscriptFormat) -> Result<String, Failure> {
        let Some(Door { conversation, ticket, .. }) = self.state.peek(|s| s.door.clone()) else {
            return Err(Failure::Unreadable);
        };
        http::transcript(&self.config.edge, &ticket, &conversation, format, self.language()).await
    }

    /// Says how the conversation that is shown was. `rating` is what travels.
    pub(crate) async fn rate(self, rating: String) -> Result<(), Failure> {
        let Some(Door { conversation, ticket, .. }) = self.state.peek(|s| s.door.clone()) else {
            return Err(Failure::Unreadable);
        };
        http::rate(&self.config.edge, &ticket, &conversation, rating).await
    }

    async fn token(&self) -> Result<String, Failure> {
        let asked = Object::new().text("entry", self.config.entry.as_str()).done();
        let token = http::token(&self.config.token_url, asked).await?;
        if !self.state.is_gone() {
            self.meet(Owner::of(&token));
        }
        Ok(token)
    }

    /// Somebody is signed in: what they wrote to the office is in its field again, what anybody else did is forgotten.
    fn meet(&self, owner: Option<Owner>) {
        let Self { state, inside, .. } = self;
        let before = self.owner.replace(owner.clone());
        if before != owner {
            state.change(|s| s.request = Letter::default());
            let stage = state.peek(|s| s.stage.clone());
            if before.is_some() && stage != Stage::Inside {
                // So is what they left of a conversation.
                let enters = stage == Stage::Entering && state.peek(|s| s.pass()) != Some(Pass::Coming);
                self.shown_before.take();
                inside.leave(*state, Trouble::NotAccepted);
                if enters {
                    state.change(|s| s.stage = stage);
                }
            }
        }
        let kept = self.request.borrow().clone().or_else(kept_request);
        match kept {
            Some(kept) if kept.owner == owner => {
                if state.peek(|s| s.request.text.is_none()) {
                    state.change(|s| {
                        s.request = Letter { text: Some(kept.text.clone()), ..Letter::default() }
                    });
                }
                self.request.replace(Some(kept));
            }
            Some(_) => self.forget_request(),
            None => {}
        }
    }

    async fn try_to_enter(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.token().await?;
        let shown_before = self.shown_before.borrow().clone();
        let opened = match &shown_before {
            Some(shown) => http::resume_conversation(&config.edge, &token, shown).await,
            None => http::open_conversation(&config.edge, &token, self.language()).await,
        };
        // The element may have left the page while we asked.
        if state.is_gone() {
            return Ok(());
        }
        let opened = opened?;
        self.shown_before.take();
        self.go_inside(opened);
        Ok(())
    }

    async fn try_to_write(&self) -> Result<(), Failure> {
        let Self { config, state, .. } = self;
        let token = self.token().await?;
        if state.is_gone() {
            return Ok(());
        }
        if state.peek(|s| {
            let letter = &s.request;
            letter.sending != Sending::UnderWay
        }) {
            // It was somebody else's.
            page::forget(KEPT);
            self.inside.leave(*state, Trouble::NotAccepted);
            return Ok(());
        }
        let id = MessageId::parse(random_id()).map_err(|_| Failure::Unreadable)?;
        let request = self.request_with(Some(id.clone()));
        let Request { id: sent, text, question, .. } = request.clone();
        self.request.replace(Some(request));
        self.keep_request();
        let written = WrittenRequest { id: sent.unwrap_or(id), text, question };
        let opened = http::write_request(&config.edge, &token, &written, self.language()).await?;
        self.forget_request();
        if !state.is_gone() {
            state.change(|s| s.request = Letter::default());
            // What was not sent was in the field the request was written in.
            page::forget(KEPT);
            state.change(|s| s.draft = String::new());
            self.go_inside(opened);
        }
        Ok(())
    }

    /// What was written to the office before the page was loaded anew, and is not known to have arrived, goes again.
    fn write_again(&self) {
        let (chat, state) = (self.clone(), self.state);
        state.change(|s| s.shown = true);
        state.change(|s| s.stage = Stage::Entering);
        spawn_local(async move {
            let token = chat.token().await;
            if state.is_gone() {
                return;
            }
            match token {
                // It was theirs.
                Ok(_) if chat.request.borrow().is_some() => {
                    state.change(|s| s.stage = Stage::Writing);
                    chat.send_request();
                }
                Ok(_) => {
                    state.change(|s| s.shown = false);
                    state.change(|s| s.stage = Stage::Idle);
                    chat.find_again();
                }
                Err(failure) => {
                    let trouble = chat.trouble(&failure);
                    state.change(|s| s.stage = Stage::Stuck(trouble));
                }
            }
        });
    }

    /// Nobody is signed in: what was written to the office is kept for whoever wrote it, where it is known who did.
    fn lay_request_by(&self) {
        let state = self.state;
        if state.is_gone() {
            return;
        }
        let written = state.peek(|s| {
            let letter = &s.request;
            letter.text.is_some()
        });
        if self.owner.borrow().is_none() {
            self.request.take();
        } else if written || state.peek(|s| s.may_write()) {
            self.keep_request();
            let request = self.request_with(None);
            self.request.replace((!request.text.is_empty()).then_some(request));
        }
    }

    fn forget_request(&self) {
        page::forget(REQUEST);
        self.request.take();
    }

    /// What stands in the way when something failed.
    fn trouble(&self, failure: &Failure) -> Trouble {
        match failure {
            Failure::SignedOut => {
                // Whoever signs in next must not find what somebody else wrote.
                self.lay_request_by();
                page::forget(KEPT);
                self.inside.leave(self.state, Trouble::SignedOut);
                Trouble::SignedOut
            }
            Failure::Unreachable => Trouble::Unreachable,
            Failure::Refused(problem) if problem.status == 401 => Trouble::NotAccepted,
            Failure::Refused(_) | Failure::Unreadable => Trouble::Fault,
        }
    }

    /// A conversation is shown, and goes on with what was left of it in this tab.
    fn go_inside(&self, opened: ConversationOpened) {
        let (state, inside) = (self.state, &self.inside.0);
        let kept = kept().map(|kept| kept.carry_into(&opened.conversation));
        let Carried { unsent, draft, skipped } = kept.unwrap_or_default();
        self.inside.stop_timers();
        inside.advisor_there.set(false);
        inside.writer.take();
        inside.id.replace(Some(opened.conversation.clone()));
        let lock = format!("info-cig {}", opened.conversation);
        self.start(opened, unsent);
        inside.writer.replace(Some(Writer::join(lock, move |writes| {
            state.change(|s| s.writes = writes);
        })));
        state.change(|s| s.draft = draft);
        if skipped {
            state.change(|s| s.asked = Asked::Skipped);
        }
        self.inside.show_pending(state);
        self.keep();
    }

    fn start(&self, opened: ConversationOpened, unsent: Vec<Pending>) {
        let (state, weak) = (self.state, Rc::downgrade(&self.inside.0));
        // The driver is inside: it must not hold what holds it.
        let outside = Self { inside: Inside::default(), ..self.clone() };
        let ConversationOpened { conversation, ticket, socket } = opened;
        state.change(|s| s.begin());
        state.change(|s| s.door = Some(Door { conversation, ticket: ticket.clone(), pass: Pass::Valid }));
        let address = http::Address::of(&self.config.edge, &socket);
        let session = Session::new(ticket, unsent);
        let driver = Driver::start(session, address, move |event| {
            if let Some(inside) = weak.upgrade().map(Inside) {
                Self { inside, ..outside.clone() }.hear(event);
            }
        });
        self.inside.0.driver.replace(Some(driver));
    }

    fn hear(&self, event: Event) {
        let Self { state, inside, .. } = self;
        let state = *state;
        if state.is_gone() {
            return;
        }
        match &event {
            Event::Presence { party: Party::Advisor, connected, .. } => {
                inside.advisor_is_there(state, *connected);
            }
            Event::Entries(entries) => {
                if entries.iter().any(takes) {
                    state.change(|s| s.advisor_away = false);
                    inside.advisor_is_there(state, inside.0.advisor_there.get());
                }
                if !self.is_looked_at() {
                    state.change(|s| s.count_unread(entries));
                }
            }
            Event::Typing(Party::Advisor) => {
                inside.0.typing.set(Duration::from_millis(TYPING_LASTS_MS.unsigned_abs()), move || {
                    state.change(|s| s.advisor_typing = false);
                });
            }
            Event::Link(_)
            | Event::Welcomed { .. }
            | Event::Began { .. }
            | Event::Older { .. }
            | Event::Presence { .. }
            | Event::Typing(_)
            | Event::Queue(_)
            | Event::Past(_)
            | Event::PastEntries { .. }
            | Event::Stored(_)
            | Event::NotSent { .. }
            | Event::NotForwarded { .. }
            | Event::Refused(_) => {}
        }
        let is_log = matches!(event, Event::Entries(_) | Event::Stored(_) | Event::NotSent { .. });
        let written = || {
            state.peek(|s| {
                let letter = &s.request;
                letter.text.is_some()
            })
        };
        let was_written = written();
        state.change(|s| s.apply(event));
        inside.show_pending(state);
        // What was written to the office is in the field of the conversation now.
        let moved = was_written && !written();
        if is_log || moved {
            inside.keep(state);
        }
        if moved {
            self.forget_request();
        }
        if state.peek(|s| s.pass()) == Some(Pass::Spent) && state.peek(|s| s.stage.clone()) == Stage::Inside {
            self.renew();
        }
    }

    fn recheck_in(&self, wait: Option<i64>) {
        let Some(wait) = wait else { return self.recheck.stop() };
        let chat = self.clone();
        let wait = Duration::from_millis(wait.unsigned_abs() + u64::from(jitter_ms()));
        self.recheck.set(wait, move || {
            if !chat.state.is_gone() {
                chat.check_availability();
            }
        });
    }
}

impl Inside {
    fn driver(&self) -> Option<Rc<Driver<Session>>> {
        self.0.driver.borrow().clone()
    }

    /// Nobody is inside any more: nothing of it is shown, kept or heard.
    fn leave(&self, state: Shared, trouble: Trouble) {
        self.stop_timers();
        self.0.id.take();
        self.0.writer.take();
        self.0.driver.take();
        if !state.is_gone() {
            state.change(|s| s.begin());
            state.change(|s| s.draft = String::new());
            state.change(|s| s.request = Letter::default());
            state.change(|s| s.stage = Stage::Stuck(trouble));
        }
    }

    fn stop_timers(&self) {
        self.0.away.stop();
        self.0.typing.stop();
    }

    /// An advisor who is not there yet, or for a moment only, is no news.
    fn advisor_is_there(&self, state: Shared, there: bool) {
        self.0.advisor_there.set(there);
        self.0.away.stop();
        if there {
            state.change(|s| s.advisor_away = false);
        } else {
            self.0.away.set(AWAY_AFTER, move || {
                state.change(|s| s.advisor_away = true);
            });
        }
    }

    fn show_pending(&self, state: Shared) {
        let Some(driver) = self.driver() else { return };
        let pending: Vec<_> = driver.read(|session| session.outbox().cloned().collect());
        if state.peek(|s| {
            let shown = &s.pending;
            *shown != pending
        }) {
            state.change(|s| s.pending = pending);
        }
    }

    /// Keeps what a reload must not lose; after the end, only what was not sent.
    fn keep(&self, state: Shared) {
        let Some(conversation) = self.0.id.borrow().clone() else { return };
        let unsent = state.peek(|s| s.pending.clone());
        let (draft, shown) = (state.peek(|s| s.draft.clone()), state.peek(|s| s.shown));
        let skipped = state.peek(|s| s.asked.clone()) == Asked::Skipped;
        if state.peek(|s| s.is_closed()) && unsent.is_empty() && draft.is_empty() {
            page::forget(KEPT);
        } else {
            page::keep(KEPT, &Kept { conversation, unsent, draft, shown, skipped }.write());
        }
    }
}

/// Whether an advisor takes the conversation with it: their console needs a moment to be there.
fn takes(entry: &Entry) -> bool {
    matches!(entry.phase(), Some(Phase::Active { .. }))
}

fn kept_request() -> Option<Request> {
    page::kept(REQUEST).and_then(|text| Request::read(&text))
}

fn kept() -> Option<Kept> {
    page::kept(KEPT).and_then(|text| Kept::read(&text))
}

/// So that not every page in Italy asks in the same instant.
fn jitter_ms() -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1200")]
    let jitter = (js_sys::Math::random() * 1200.0) as u16;
    jitter
}

/// The name of the record in the tab's session storage.
const KEPT: &str = "info-cig";
/// The name of the record of a written request.
const REQUEST: &str = "info-cig-request";
const AWAY_AFTER: Duration = Duration::from_secs(4);
