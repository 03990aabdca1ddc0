// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, come back, write, end; look at their cases while they wait,
//! write to the office when nobody answers, find their conversations again. Over HTTP and the link.

pub(crate) mod link;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use infocig_client::{
    clock,
    driver::random_id,
    http::{self, Failure, TranscriptFormat},
    session::Pending,
    storage,
};
use infocig_protocol::{
    case::Question,
    codec::Object,
    http::ConversationOpened,
    id::{ConversationId, MessageId},
    language::Language,
    problem::Code,
    rating::Rating,
    segnalazione::{PastConversation, WrittenRequest},
    time::Timestamp,
};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::{
    config::{Config, Links},
    drafts::{Carried, Kept, Owner, Request, merged},
    lazy_chunk::LazyChunk,
    recheck,
    settings::Settings,
    state::{
        Asked, Availability, Door, Letter, Older, OwnCases, Pass, Past, Sending, Shared, Stage, Trouble,
        Unwritten,
    },
    view::{conversation::ConversationChunk, deferred::DeferredChunk},
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    /// Asks for a token of whoever is signed in.
    ask: Function,
    state: Shared,
    inside: Inside,
    /// The conversation the page showed before it was loaded anew, until it is found again.
    shown_before: Rc<RefCell<Option<ConversationId>>>,
    /// What is written to the office and is not known to have arrived: as it was sent, or as an earlier life left it.
    request: Rc<RefCell<Option<Request>>>,
    /// Whom the newest token spoke of.
    owner: Rc<RefCell<Option<Owner>>>,
    recheck: Timer,
    /// The part of the module that talks. What is done only inside a conversation is reached through it, and comes with it.
    conversation: LazyChunk<ConversationChunk>,
    /// The part that comes later, and what is done only there.
    deferred: LazyChunk<DeferredChunk>,
}

/// What can be asked of a conversation that is under way. It closes its link when it is dropped.
pub(crate) trait Line {
    /// Say something.
    fn post(&self, id: MessageId, text: String);
    /// Somebody is writing.
    fn typing(&self);
    /// Everything up to an entry has been on screen.
    fn read(&self, up_to: u64);
    /// Bring the entries before those there are.
    fn older(&self);
    /// The person is still here.
    fn stay(&self);
    /// End it, or leave the queue.
    fn close(&self);
    /// Leave the queue, having found the answer.
    fn self_served(&self);
    /// Say what the question is about.
    fn question(&self, question: Question);
    /// Go on with another ticket.
    fn renew(&self, ticket: String);
    /// Write in this tab from here on.
    fn write_here(&self);
    /// What the server has not acknowledged, oldest first.
    fn unsent(&self) -> Vec<Pending>;
}

/// Whether a tab stands in the line of those who would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writes {
    /// It would.
    InTurn,
    /// It only reads.
    Never,
}

/// What there is while somebody is inside.
#[derive(Clone, Default)]
struct Inside(Rc<Conversation>);

#[derive(Default)]
struct Conversation {
    id: RefCell<Option<ConversationId>>,
    line: RefCell<Option<Rc<dyn Line>>>,
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
    pub(crate) fn new(config: Config, ask: Function, state: Shared) -> Self {
        Self {
            config: Rc::new(config),
            ask,
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            request: Rc::default(),
            owner: Rc::default(),
            recheck: Timer::default(),
            conversation: LazyChunk::new(),
            deferred: LazyChunk::new(),
        }
    }

    /// The part of the module that talks.
    pub(crate) const fn conversation(&self) -> LazyChunk<ConversationChunk> {
        self.conversation
    }

    /// The part of the module that comes later.
    pub(crate) const fn deferred(&self) -> LazyChunk<DeferredChunk> {
        self.deferred
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
        storage::local_set(Settings::NAME, &settings.write());
    }

    /// The element has left the page: nothing rings, nothing is heard, and the connection is closed.
    pub(crate) fn end(&self) {
        self.recheck.stop();
        self.inside.stop_timers();
        self.inside.0.line.take();
    }

    /// Puts the panel away. The conversation goes on.
    pub(crate) fn minimise(&self) {
        self.state.change(|s| (s.shown, s.options, s.history) = (false, false, Past::Hidden));
    }

    /// After a page was loaded anew: goes on where the one before left off, if it left anything.
    pub(crate) fn come_back(&self) {
        if kept_request().is_none_or(|request| request.id.is_none()) {
            return self.find_again();
        }
        let (chat, state) = (self.clone(), self.state);
        state.change(|s| (s.shown, s.stage) = (true, Stage::Entering));
        spawn_local(async move {
            match chat.deferred.wait().await {
                Some(chunk) => (chunk.write_again)(&chat),
                None => state.change(|s| s.stage = Stage::Stuck(Trouble::Unreachable)),
            }
        });
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
                    let wait = recheck::wait(&admission, |text| {
                        clock::parse_rfc3339(text).map(Timestamp::as_millis)
                    });
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
        self.conversation.fetch();
        self.state.change(|s| (s.history, s.shown) = (Past::Hidden, true));
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
                // A ticket that ended was had inside.
                if let Some(chunk) = self.conversation.get() {
                    (chunk.renew)(self);
                }
            }
            Some(Pass::Coming) => self.state.change(|s| s.stage = Stage::Entering),
        }
    }

    /// Goes back to the conversation that is shown with another ticket; everything of it stays.
    pub(crate) fn renew(&self) {
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
                    storage::session_remove(KEPT);
                    return chat.inside.leave(state, Trouble::NotAccepted);
                }
                Ok(Some(ticket)) => {
                    let line = chat.inside.line();
                    let line = line.filter(|_| state.change(|s| s.renewed(&conversation, ticket.clone())));
                    if let Some(line) = line {
                        line.renew(ticket);
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
        self.state.change(|s| (s.stage, s.left_over) = (Stage::Entering, s.pending.len()));
        spawn_local(async move {
            let Err(failure) = chat.try_to_enter().await else {
                return;
            };
            let coming_back = chat.shown_before.borrow().is_some();
            let stage = match &failure {
                Failure::Refused(problem) if coming_back && problem.code == Code::NotFound => {
                    storage::session_remove(KEPT);
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
            chat.state.change(|s| {
                s.take_back();
                s.stage = stage;
            });
        });
    }

    /// Says something: now, or as soon as the door is open.
    pub(crate) fn post(&self, text: String) {
        let Ok(id) = MessageId::parse(random_id()) else { return };
        let state = self.state;
        // First: a full outbox gives the text back to the field at once.
        state.change(|s| (s.not_sent, s.draft) = (None, String::new()));
        match self.inside.line().filter(|_| state.peek(|s| !s.is_entering())) {
            Some(line) => line.post(id, text),
            None => state.change(|s| s.pending.push(Pending { id, text })),
        }
        self.inside.show_pending(state);
        self.keep();
    }

    /// What is being written has changed: it is kept, and the advisor may be told.
    pub(crate) fn write(&self, draft: String) {
        let typing = !draft.trim().is_empty();
        self.state.change(|s| s.draft = draft);
        self.keep();
        if let Some(line) = self.inside.line().filter(|_| typing) {
            line.typing();
        }
    }

    /// Everything shown has been on screen, if the page is.
    pub(crate) fn read(&self) {
        let Self { state, .. } = self;
        let looks = self.is_looked_at();
        state.change(|s| s.look(looks));
        if let Some(line) = self.inside.line().filter(|_| looks) {
            line.read(state.peek(|s| s.last_seq()));
        }
    }

    /// Whether the log is on screen.
    fn is_looked_at(&self) -> bool {
        let shown = self.state.peek(|s| s.shown && !s.options && s.history == Past::Hidden);
        shown && !document().hidden()
    }

    /// Asks for the entries before those shown.
    pub(crate) fn look_back(&self) {
        if let Some(line) = self.inside.line() {
            self.state.change(|s| s.older = Older::Coming);
            line.older();
        }
    }

    /// Writes in this tab from here on.
    pub(crate) fn write_here(&self) {
        if let Some(line) = self.inside.line() {
            line.write_here();
        }
    }

    /// Is still here, though there was no answer for a while.
    pub(crate) fn stay(&self) {
        if let Some(line) = self.inside.line() {
            line.stay();
        }
    }

    /// Ends the conversation, or leaves the queue.
    pub(crate) fn close(&self) {
        if let Some(line) = self.inside.line() {
            line.close();
        }
    }

    /// Keeps what a reload must not lose.
    pub(crate) fn keep(&self) {
        self.inside.keep(self.state);
    }

    /// Says what the question is about.
    pub(crate) fn question(&self, question: Question) {
        if let Some(line) = self.inside.line() {
            self.state.change(|s| s.asked = Asked::Answered);
            line.question(question);
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
        if let Some(line) = self.inside.line() {
            line.self_served();
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
            storage::session_remove(REQUEST);
        } else if request.owner.is_some() {
            storage::session_set(REQUEST, &request.write());
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

    /// Shows the person's conversations, once they are found.
    pub(crate) fn look_for_history(&self) {
        self.state.change(|s| (s.shown, s.history) = (true, Past::Coming));
    }

    /// Finds the person's conversations.
    pub(crate) fn find_history(&self) {
        let (chat, state) = (self.clone(), self.state);
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
    pub(crate) fn look_at(&self, chunk: ConversationChunk, past: &PastConversation, state: Shared) -> Self {
        let chat = Self {
            config: Rc::clone(&self.config),
            ask: self.ask.clone(),
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            request: Rc::default(),
            owner: Rc::new(RefCell::clone(&self.owner)),
            recheck: Timer::default(),
            conversation: self.conversation,
            deferred: self.deferred,
        };
        let PastConversation { conversation, ticket, socket, .. } = past.clone();
        chat.talk_with(chunk, ConversationOpened { conversation, ticket, socket }, Vec::new(), Writes::Never);
        chat
    }

    /// What was said in the conversation that is shown, to be taken away.
    pub(crate) async fn transcript(&self, format: TranscriptFormat) -> Result<String, Failure> {
        let Some(Door { conversation, ticket, .. }) = self.state.peek(|s| s.door.clone()) else {
            return Err(Failure::Unreadable);
        };
        http::transcript(&self.config.edge, &ticket, &conversation, format, self.language()).await
    }

    /// Rates the conversation that is shown.
    pub(crate) async fn rate(&self, rating: Rating) -> Result<(), Failure> {
        let Some(Door { conversation, ticket, .. }) = self.state.peek(|s| s.door.clone()) else {
            return Err(Failure::Unreadable);
        };
        http::rate(&self.config.edge, &ticket, &conversation, &rating).await
    }

    async fn token(&self) -> Result<String, Failure> {
        let asked = Object::new().text("entry", self.config.entry.as_str()).done();
        let token = http::token(&self.ask, &asked).await?;
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
            storage::session_remove(KEPT);
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
            storage::session_remove(KEPT);
            state.change(|s| s.draft = String::new());
            self.go_inside(opened);
        }
        Ok(())
    }

    /// What was written to the office before the page was loaded anew, and is not known to have arrived, goes again.
    pub(crate) fn write_again(&self) {
        let (chat, state) = (self.clone(), self.state);
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
        storage::session_remove(REQUEST);
        self.request.take();
    }

    /// What stands in the way when something failed.
    fn trouble(&self, failure: &Failure) -> Trouble {
        match failure {
            Failure::SignedOut => {
                // Whoever signs in next must not find what somebody else wrote.
                self.lay_request_by();
                storage::session_remove(KEPT);
                self.inside.leave(self.state, Trouble::SignedOut);
                Trouble::SignedOut
            }
            Failure::Unreachable => Trouble::Unreachable,
            Failure::Refused(problem) if problem.status == 401 => Trouble::NotAccepted,
            Failure::Refused(_) | Failure::Unreadable => Trouble::Fault,
        }
    }

    /// A conversation is shown as soon as the part that talks is here, and goes on with what was left of it in this tab.
    fn go_inside(&self, opened: ConversationOpened) {
        if let Some(chunk) = self.conversation.get() {
            return (chunk.go_on)(self, chunk, opened);
        }
        let chat = self.clone();
        spawn_local(async move {
            match chat.conversation.wait().await {
                Some(chunk) => (chunk.go_on)(&chat, chunk, opened),
                None => chat.state.change(|s| {
                    s.take_back();
                    s.stage = Stage::Stuck(Trouble::Unreachable);
                }),
            }
        });
    }

    pub(crate) fn go_on_talking(&self, chunk: ConversationChunk, opened: ConversationOpened) {
        let (state, inside) = (self.state, &self.inside.0);
        let kept = kept().map(|kept| kept.carry_into(&opened.conversation));
        let Carried { mut unsent, draft, skipped } = kept.unwrap_or_default();
        // What was written while the door was opening comes after what was written before.
        let (early, typed) = state.peek(|s| {
            let early = if s.is_entering() { s.early() } else { Vec::new() };
            (early, s.draft.clone())
        });
        for one in early {
            if unsent.iter().all(|other| other.id != one.id) {
                unsent.push(one);
            }
        }
        self.inside.stop_timers();
        inside.advisor_there.set(false);
        inside.id.replace(Some(opened.conversation.clone()));
        self.talk_with(chunk, opened, unsent, Writes::InTurn);
        state.change(|s| s.draft = merged(&draft, &typed));
        if skipped {
            state.change(|s| s.asked = Asked::Skipped);
        }
        self.inside.show_pending(state);
        self.keep();
    }

    fn talk_with(
        &self,
        chunk: ConversationChunk,
        opened: ConversationOpened,
        unsent: Vec<Pending>,
        writes: Writes,
    ) {
        let (conversation, ticket) = (opened.conversation.clone(), opened.ticket.clone());
        // The line before ends first: two would hold one lock.
        self.inside.0.line.take();
        self.state.change(|s| {
            s.begin();
            s.door = Some(Door { conversation, ticket, pass: Pass::Valid });
        });
        let line = (chunk.start)(self, opened, unsent, writes);
        self.inside.0.line.replace(Some(line));
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
    fn line(&self) -> Option<Rc<dyn Line>> {
        self.0.line.borrow().clone()
    }

    /// Nobody is inside any more: nothing of it is shown, kept or heard.
    fn leave(&self, state: Shared, trouble: Trouble) {
        self.stop_timers();
        self.0.id.take();
        self.0.line.take();
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

    fn show_pending(&self, state: Shared) {
        let Some(line) = self.line().filter(|_| state.peek(|s| !s.is_entering())) else { return };
        let pending = line.unsent();
        if state.peek(|s| s.pending != pending) {
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
            storage::session_remove(KEPT);
        } else {
            storage::session_set(KEPT, &Kept { conversation, unsent, draft, shown, skipped }.write());
        }
    }
}

fn kept_request() -> Option<Request> {
    storage::session_get(REQUEST).and_then(|text| Request::read(&text))
}

fn kept() -> Option<Kept> {
    storage::session_get(KEPT).and_then(|text| Kept::read(&text))
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
