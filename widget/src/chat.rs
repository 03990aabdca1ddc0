// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, write, end. Over HTTP and the socket.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use infocig_client::{
    driver::{Driver, random_id},
    http::{self, Failure},
    page,
    session::{Event, Session},
};
use infocig_protocol::{id::MessageId, time::Timestamp};
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use crate::{
    config::Config,
    recheck,
    state::{Availability, ChatState, Stage, Trouble},
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    state: ChatState,
    driver: DriverSlot,
    recheck: Rc<Cell<Option<TimeoutHandle>>>,
}

type DriverSlot = Rc<RefCell<Option<Rc<Driver<Session>>>>>;

impl Chat {
    pub(crate) fn new(config: Config, state: ChatState) -> Self {
        Self { config: Rc::new(config), state, driver: Rc::default(), recheck: Rc::default() }
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
            let stage = match failure {
                Failure::SignedOut => Stage::Stuck(Trouble::SignedOut),
                Failure::Unreachable => Stage::Stuck(Trouble::Unreachable),
                Failure::Unreadable => Stage::Stuck(Trouble::Fault),
                Failure::Refused(problem) => match problem.admission {
                    Some(admission) => Stage::Refused(admission),
                    None if problem.status == 401 => Stage::Stuck(Trouble::NotAccepted),
                    None => Stage::Stuck(Trouble::Fault),
                },
            };
            let _gone = chat.state.stage.try_set(stage);
        });
    }

    /// Says something. `true` if it was taken over: it is on its way, or will be.
    pub(crate) fn post(&self, text: String) -> bool {
        let driver = self.driver.borrow().clone();
        let (Some(driver), Ok(id)) = (driver, MessageId::parse(random_id())) else {
            return false;
        };
        self.state.not_sent.set(None);
        driver.with(|session| session.post(id, text));
        self.state.show_pending(&driver);
        true
    }

    /// Ends the conversation, or leaves the queue.
    pub(crate) fn close(&self) {
        if let Some(driver) = self.driver.borrow().as_ref() {
            driver.with(Session::close);
        }
    }

    async fn try_to_enter(&self) -> Result<(), Failure> {
        #[derive(Serialize)]
        struct TokenRequest {
            entry: &'static str,
        }
        let Self { config, state, .. } = self;
        let request = TokenRequest { entry: config.entry.as_str() };
        let token = http::token(&config.token_url, &request).await?;
        let opened = http::open_conversation(&config.edge, &token).await?;
        // The element may have left the page while we asked.
        if state.stage.is_disposed() {
            return Ok(());
        }
        state.begin();
        let url = http::socket_url(&config.edge, &opened.socket);
        let session = Session::new(opened.ticket, Vec::new());
        let (state, slot) = (*state, Rc::downgrade(&self.driver));
        let driver = Driver::start(session, url, move |event| hear(state, &slot, event));
        self.driver.replace(Some(driver));
        Ok(())
    }

    fn recheck_in(&self, wait: Option<i64>) {
        if let Some(earlier) = self.recheck.take() {
            earlier.clear();
        }
        let Some(wait) = wait else { return };
        let chat = self.clone();
        let wait = Duration::from_millis(wait.unsigned_abs() + u64::from(jitter_ms()));
        let timer = set_timeout_with_handle(
            move || {
                if !chat.state.availability.is_disposed() {
                    chat.check_availability();
                }
            },
            wait,
        );
        self.recheck.set(timer.ok());
    }
}

fn hear(state: ChatState, slot: &Weak<RefCell<Option<Rc<Driver<Session>>>>>, event: Event) {
    if state.stage.is_disposed() {
        return;
    }
    state.apply(event);
    if let Some(driver) = slot.upgrade().and_then(|slot| slot.borrow().clone()) {
        state.show_pending(&driver);
    }
}

impl ChatState {
    fn show_pending(&self, driver: &Driver<Session>) {
        let pending: Vec<_> = driver.read(|session| session.outbox().cloned().collect());
        if self.pending.with_untracked(|shown| *shown != pending) {
            self.pending.set(pending);
        }
    }
}

/// So that not every page in Italy asks in the same instant.
fn jitter_ms() -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1200")]
    let jitter = (js_sys::Math::random() * 1200.0) as u16;
    jitter
}
