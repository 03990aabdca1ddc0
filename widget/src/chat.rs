// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, come back, write, end. Over HTTP and the link.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use infocig_client::{
    driver::{self, Driver, random_id},
    http::{self, Failure},
    page,
    session::{Event, Session},
};
use infocig_protocol::{
    entry::{Entry, Party, Phase},
    id::{ConversationId, MessageId},
    limits::TYPING_LASTS_MS,
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use crate::{
    config::Config,
    kept::{Carried, Kept},
    recheck,
    state::{Availability, ChatState, Older, Stage, Trouble},
    writer::Writer,
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    state: ChatState,
    inside: Inside,
    /// The conversation the page showed before it was loaded anew, until it is found again.
    shown_before: Rc<RefCell<Option<ConversationId>>>,
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
    pub(crate) fn new(config: Config, state: ChatState) -> Self {
        Self {
            config: Rc::new(config),
            state,
            inside: Inside::default(),
            shown_before: Rc::default(),
            recheck: Timer::default(),
        }
    }

    /// After a page was loaded anew: goes on where the one before left off, if it left anything.
    pub(crate) fn come_back(&self) {
        if let Some(kept) = kept() {
            self.state.shown.set(kept.shown);
            self.shown_before.replace(Some(kept.conversation));
            self.enter();
        }
    }

    /// Asks whether the service is open, and asks again by itself when the answer ceases to hold.
    pub(crate) fn check_availability(&self) {
        let chat = self.clone();
        spawn_local(async move {
            let answer = http::availability(&chat.config.edge, &chat.config.availability_query()).await;
            if chat.state.availability.is_disposed() {
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
            chat.state.availability.set(availability);
            chat.recheck_in(wait);
        });
    }

    /// The button: enter, or come back to where one was.
    pub(crate) fn launch(&self) {
        self.state.shown.set(true);
        match self.state.stage.get_untracked() {
            Stage::Entering => {}
            Stage::Inside if !self.state.is_closed() => {}
            Stage::Inside | Stage::Idle | Stage::Refused(_) | Stage::Stuck(_) => self.enter(),
        }
    }

    /// Asks to enter: a token from the portal, then the server's word.
    pub(crate) fn enter(&self) {
        let chat = self.clone();
        self.state.stage.set(Stage::Entering);
        spawn_local(async move {
            let Err(failure) = chat.try_to_enter().await else {
                return;
            };
            let coming_back = chat.shown_before.borrow().is_some();
            let stage = match failure {
                Failure::SignedOut => {
                    // Whoever signs in next must not find what somebody else wrote.
                    page::forget(KEPT);
                    chat.shown_before.take();
                    chat.inside.leave(chat.state);
                    Stage::Stuck(Trouble::SignedOut)
                }
                Failure::Refused(problem) if coming_back && problem.code == Code::NotFound => {
                    page::forget(KEPT);
                    chat.shown_before.take();
                    Stage::Idle
                }
                Failure::Unreachable => Stage::Stuck(Trouble::Unreachable),
                Failure::Unreadable => Stage::Stuck(Trouble::Fault),
                Failure::Refused(problem) => match problem.admission {
                    Some(admission) => Stage::Refused(admission),
                    None if problem.status == 401 => Stage::Stuck(Trouble::NotAccepted),
                    None => Stage::Stuck(Trouble::Fault),
                },
            };
            if stage == Stage::Idle {
                let _gone = chat.state.shown.try_set(false);
            }
            let _gone = chat.state.stage.try_set(stage);
        });
    }

    /// Says something. `true` if it was taken over: it is on its way, or will be.
    pub(crate) fn post(&self, text: String) -> bool {
        let (Some(driver), Ok(id)) = (self.inside.driver(), MessageId::parse(random_id())) else {
            return false;
        };
        self.state.not_sent.set(None);
        driver.with(|session| session.post(id, text));
        self.state.draft.set(String::new());
        self.inside.show_pending(self.state);
        self.keep();
        true
    }

    /// What is being written has changed: it is kept, and the advisor may be told.
    pub(crate) fn write(&self, draft: String) {
        let typing = !draft.trim().is_empty();
        self.state.draft.set(draft);
        self.keep();
        if let Some(driver) = self.inside.driver().filter(|_| typing) {
            driver.with(|session| session.typing(driver::now()));
        }
    }

    /// Everything shown has been on screen, if the page is.
    pub(crate) fn read(&self) {
        let visible = self.state.shown.get_untracked() && !document().hidden();
        if let Some(driver) = self.inside.driver().filter(|_| visible) {
            driver.with(|session| session.read(untrack(|| self.state.last_seq())));
        }
    }

    /// Asks for the entries before those shown.
    pub(crate) fn look_back(&self) {
        if let Some(driver) = self.inside.driver() {
            self.state.older.set(Older::Coming);
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

    async fn try_to_enter(&self) -> Result<(), Failure> {
        #[derive(Serialize)]
        struct TokenRequest {
            entry: &'static str,
        }
        let Self { config, state, .. } = self;
        let request = TokenRequest { entry: config.entry.as_str() };
        let token = http::token(&config.token_url, &request).await?;
        let shown_before = self.shown_before.borrow().clone();
        let opened = match &shown_before {
            Some(shown) => http::resume_conversation(&config.edge, &token, shown).await?,
            None => http::open_conversation(&config.edge, &token).await?,
        };
        self.shown_before.take();
        // The element may have left the page while we asked.
        if state.stage.is_disposed() {
            return Ok(());
        }
        state.begin();
        let url = http::Address::of(&config.edge, &opened.socket);
        let kept = kept().map(|kept| kept.carry_into(&opened.conversation));
        let Carried { unsent, draft } = kept.unwrap_or_default();
        state.draft.set(draft);
        let state = *state;
        let inside = &self.inside.0;
        self.inside.stop_timers();
        inside.advisor_there.set(false);
        inside.writer.take();
        inside.writer.replace(Some(Writer::join(
            format!("info-cig {}", opened.conversation),
            move |writes| {
                let _gone = state.writes.try_set(writes);
            },
        )));
        inside.id.replace(Some(opened.conversation));
        let weak = Rc::downgrade(inside);
        let session = Session::new(opened.ticket, unsent);
        let driver = Driver::start(session, url, move |event| hear(state, &weak, event));
        inside.driver.replace(Some(driver));
        self.inside.show_pending(state);
        self.keep();
        Ok(())
    }

    fn recheck_in(&self, wait: Option<i64>) {
        let Some(wait) = wait else { return self.recheck.stop() };
        let chat = self.clone();
        let wait = Duration::from_millis(wait.unsigned_abs() + u64::from(jitter_ms()));
        self.recheck.set(wait, move || {
            if !chat.state.availability.is_disposed() {
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
    fn leave(&self, state: ChatState) {
        self.stop_timers();
        self.0.id.take();
        self.0.writer.take();
        self.0.driver.take();
        if !state.stage.is_disposed() {
            state.begin();
            state.draft.set(String::new());
        }
    }

    fn stop_timers(&self) {
        self.0.away.stop();
        self.0.typing.stop();
    }

    /// An advisor who is not there yet, or for a moment only, is no news.
    fn advisor_is_there(&self, state: ChatState, there: bool) {
        self.0.advisor_there.set(there);
        self.0.away.stop();
        if there {
            state.advisor_away.set(false);
        } else {
            self.0.away.set(AWAY_AFTER, move || {
                let _gone = state.advisor_away.try_set(true);
            });
        }
    }

    fn show_pending(&self, state: ChatState) {
        let Some(driver) = self.driver() else { return };
        let pending: Vec<_> = driver.read(|session| session.outbox().cloned().collect());
        if state.pending.with_untracked(|shown| *shown != pending) {
            state.pending.set(pending);
        }
    }

    /// Keeps what a reload must not lose; after the end, only what was not sent.
    fn keep(&self, state: ChatState) {
        let Some(conversation) = self.0.id.borrow().clone() else { return };
        let unsent = state.pending.get_untracked();
        let (draft, shown) = (state.draft.get_untracked(), state.shown.get_untracked());
        if untrack(|| state.is_closed()) && unsent.is_empty() && draft.is_empty() {
            page::forget(KEPT);
        } else {
            page::keep(KEPT, &Kept { conversation, unsent, draft, shown }.write());
        }
    }
}

fn hear(state: ChatState, inside: &Weak<Conversation>, event: Event) {
    let Some(inside) = inside.upgrade().map(Inside) else { return };
    if state.stage.is_disposed() {
        return;
    }
    match &event {
        Event::Presence { party: Party::Advisor, connected, .. } => {
            inside.advisor_is_there(state, *connected);
        }
        Event::Entries(entries) if entries.iter().any(takes) => {
            state.advisor_away.set(false);
            inside.advisor_is_there(state, inside.0.advisor_there.get());
        }
        Event::Typing(Party::Advisor) => {
            inside.0.typing.set(Duration::from_millis(TYPING_LASTS_MS.unsigned_abs()), move || {
                let _gone = state.advisor_typing.try_set(false);
            });
        }
        Event::Link(_)
        | Event::Welcomed { .. }
        | Event::Began { .. }
        | Event::Entries(_)
        | Event::Older { .. }
        | Event::Presence { .. }
        | Event::Typing(_)
        | Event::Queue(_)
        | Event::Past(_)
        | Event::PastEntries { .. }
        | Event::Stored(_)
        | Event::NotSent { .. }
        | Event::Refused(_) => {}
    }
    let is_log = matches!(event, Event::Entries(_) | Event::Stored(_) | Event::NotSent { .. });
    state.apply(event);
    inside.show_pending(state);
    if is_log {
        inside.keep(state);
    }
}

/// Whether an advisor takes the conversation with it: their console needs a moment to be there.
fn takes(entry: &Entry) -> bool {
    matches!(entry.phase(), Some(Phase::Active { .. }))
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
const AWAY_AFTER: Duration = Duration::from_secs(4);
