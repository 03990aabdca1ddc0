// SPDX-License-Identifier: EUPL-1.2
//! The desk session: a token of the portal, a session of the edge, and the desk's link.

use infocig_client::{
    driver::Driver,
    http::{self, Address, Failure},
    machine::Millis,
};
use infocig_protocol::{codec::Object, http::DeskSessionOpened};
use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Console;
use crate::{
    config::Config,
    desk::Desk,
    dom, drafts,
    intents::{ForwardIntents as _, ReportIntents as _},
    state::{Connection, reports::Page, session::Rights},
};

impl Console {
    /// Asks the portal for a token and the edge for a session, after a pause, until there is one or somebody must sign in.
    pub(super) fn open_session(&self, pause: Millis) {
        if self.opening_session.replace(true) {
            return;
        }
        let me = self.me.clone();
        spawn_local(async move {
            let mut wait = Some(pause);
            while let Some(millis) = wait {
                if millis > 0 {
                    dom::pause(millis).await;
                }
                let needed =
                    me.upgrade().map(|console| (console.config.clone(), console.request_token.clone()));
                let Some((config, request_token)) = needed else { return };
                let opened = request_session(&config, &request_token).await;
                let Some(console) = me.upgrade() else { return };
                wait = console.apply_session(opened);
            }
            if let Some(console) = me.upgrade() {
                console.opening_session.set(false);
                console.synchronise_clock();
            }
        });
    }

    /// Opens the desk's link. Without a session: returns the pause before the next attempt; `None` if somebody must sign in.
    fn apply_session(&self, opened: Result<DeskSessionOpened, Failure>) -> Option<Millis> {
        let opened = match opened {
            Ok(opened) => opened,
            Err(failure) => {
                let why = match failure {
                    Failure::SignedOut => {
                        self.state.signed_out();
                        drafts::forget_all();
                        return None;
                    }
                    Failure::Refused(problem) if problem.status < 500 => Connection::NotAccepted,
                    Failure::Refused(_) | Failure::Unreachable | Failure::Unreadable => {
                        Connection::Unanswered
                    }
                };
                self.state.session_unavailable(why);
                return Some(self.next_pause());
            }
        };
        drafts::bind_to_advisor(&opened.advisor);
        self.alerts.bind_to_advisor(&opened.advisor);
        let rights = Rights::of(&opened);
        if self.state.signed_in(opened.advisor) {
            self.links.borrow_mut().clear();
        }
        self.persist_all();
        self.desk_ticket.replace(Some(opened.ticket.clone()));
        self.supervises.set(opened.supervisor);
        self.state.session.id.set(opened.id.clone());
        self.state.session.rights.set(rights);
        if !rights.answers {
            self.open_without_desk(rights);
            return None;
        }
        self.refresh_supervision();
        let address = Address::of(&self.config.edge, &opened.socket);
        let me = self.me.clone();
        let driver = Driver::start(Desk::new(opened.ticket), address, move |event| {
            if let Some(console) = me.upgrade() {
                console.on_desk_event(event);
            }
        });
        self.desk.replace(Some(driver));
        None
    }

    /// A session of somebody who is at no desk: the pages that are theirs show at once, and no link is opened.
    fn open_without_desk(&self, rights: Rights) {
        self.attempts.set(0);
        self.desk.replace(None);
        self.state.session.connection.set(Connection::Live);
        let pages = [
            (rights.changes_rules, Page::Rules),
            (rights.protects_data, Page::DataProtection),
            (rights.reads_audit, Page::Audit),
        ];
        let first = pages.into_iter().find(|(is_theirs, _)| *is_theirs).map(|(_, page)| page);
        let open = self.state.reports.page.get_untracked();
        self.open_page(open.or(first));
    }

    /// The desk's link ended for good. Opens a new session, unless the service no longer speaks this protocol version.
    pub(super) fn reopen_session(&self) {
        let me = self.me.clone();
        let pause = self.next_pause();
        // The event with the reason follows the one of the link's end: look at it in the next task.
        spawn_local(async move {
            if let Some(console) = me.upgrade()
                && console.state.session.connection.get_untracked() != Connection::Outdated
            {
                console.open_session(pause);
            }
        });
    }

    fn next_pause(&self) -> Millis {
        let attempts = self.attempts.get();
        self.attempts.set(attempts.saturating_add(1));
        backoff(attempts)
    }
}

pub(super) async fn request_session(
    config: &Config,
    request_token: &Function,
) -> Result<DeskSessionOpened, Failure> {
    let token = http::token(request_token, &Object::new().done()).await?;
    http::open_desk_session(&config.edge, &token).await
}

/// A pause that doubles with every attempt, from a second to a minute.
pub(super) fn backoff(attempts: u32) -> Millis {
    (1_000 << attempts.min(6)).min(60_000)
}
