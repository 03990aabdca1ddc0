// SPDX-License-Identifier: EUPL-1.2
//! What a person can do: ask whether the service is open, enter, write, end. Over HTTP and the socket.

use std::cell::RefCell;
use std::rc::Rc;

use infocig_client::{
    driver::{Driver, random_id},
    http::{self, Failure},
    session::{Event, Session},
};
use infocig_protocol::id::MessageId;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use crate::{
    config::Config,
    state::{Availability, ChatState, Stage, Trouble},
};

/// The chat of one element. Cloning it gives another handle on the same chat.
#[derive(Clone)]
pub(crate) struct Chat {
    config: Rc<Config>,
    state: ChatState,
    driver: Rc<RefCell<Option<Rc<Driver<Session>>>>>,
}

impl Chat {
    pub(crate) fn new(config: Config, state: ChatState) -> Self {
        Self {
            config: Rc::new(config),
            state,
            driver: Rc::default(),
        }
    }

    /// Asks whether the service is open.
    pub(crate) fn check_availability(&self) {
        let Self { config, state, .. } = self.clone();
        state.availability.set(Availability::Checking);
        spawn_local(async move {
            let answer = http::availability(&config.edge, &config.availability_query()).await;
            let answer = answer.map_or(Availability::Unknown, Availability::Known);
            let _gone = state.availability.try_set(answer);
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
            if let Stage::Refused(admission) = &stage {
                let _gone = chat
                    .state
                    .availability
                    .try_set(Availability::Known(admission.clone()));
            }
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
        self.show_pending();
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
        let Self {
            config,
            state,
            driver,
        } = self;
        let request = TokenRequest {
            entry: config.entry.as_str(),
        };
        let token = http::token(&config.token_url, &request).await?;
        let opened = http::open_conversation(&config.edge, &token).await?;
        // The element may have left the page while we asked.
        if state.stage.is_disposed() {
            return Ok(());
        }
        state.begin();
        let url = http::socket_url(&config.edge, &opened.socket);
        let hear = self.clone();
        let session = Session::new(opened.ticket, Vec::new());
        driver.replace(Some(Driver::start(session, url, move |event| hear.hear(event))));
        Ok(())
    }

    fn hear(&self, event: Event) {
        if self.state.stage.is_disposed() {
            return;
        }
        self.state.apply(event);
        self.show_pending();
    }

    fn show_pending(&self) {
        if let Some(driver) = self.driver.borrow().as_ref() {
            let pending = driver.read(|session| session.outbox().cloned().collect::<Vec<_>>());
            if self.state.pending.with_untracked(|shown| *shown != pending) {
                self.state.pending.set(pending);
            }
        }
    }
}
