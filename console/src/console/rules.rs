// SPDX-License-Identifier: EUPL-1.2
//! Intents about the rules. They are requested over HTTP with the ticket of the desk; a ticket that has expired is replaced once,
//! by a new token of the portal, and the request goes again.

use std::rc::Weak;

use infocig_client::{
    dates::Moment,
    http::{self, Failure},
};
use infocig_protocol::{
    codec::{self, Object},
    http::DeskSessionOpened,
    id::MessageId,
    policy::{CloseNow, NewBanner, NewPolicy, PolicyState, PolicyVersion},
    problem::Code,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, session::request_session};
use crate::{
    drafts,
    intents::RulesIntents,
    state::{
        Connection,
        cases::RequestError,
        reports::{Loading, Page},
        rules::{ActState, BannerForm, ClosingForm, RulesAct, RulesError},
    },
};

impl RulesIntents for Console {
    fn refresh_rules(&self) {
        self.request_versions(None);
    }

    fn more_versions(&self) {
        let before = self.state.rules.overview.with_untracked(|overview| overview.next);
        if before.is_some() {
            self.request_versions(before);
        }
    }

    fn close_now(&self) {
        let form = self.state.rules.closing.get_untracked();
        let Some(until) = form.until(self.state.clock.now.get_untracked()) else { return };
        let body = codec::write(&CloseNow { until, reason: form.reason });
        self.act(RulesAct::Close, "closing".into(), Some(body));
    }

    fn reopen(&self) {
        self.act(RulesAct::Reopen, "opening".into(), Some(Object::new().done()));
    }

    fn announce(&self) {
        self.state.rules.banner.update(|banner| banner.tried = true);
        if let Some(banner) = self.state.rules.banner.with_untracked(|form| form.banner()) {
            self.act(RulesAct::Announce, "banner".into(), Some(codec::write(&banner)));
        }
    }

    fn take_down(&self) {
        let none = NewBanner { text: None, until: None };
        self.act(RulesAct::TakeDown, "banner".into(), Some(codec::write(&none)));
    }

    fn approve(&self, number: u32) {
        let body = Some(Object::new().done());
        self.act(RulesAct::Approve(number), format!("versions/{number}/approve"), body);
    }

    fn withdraw(&self, number: u32) {
        let body = Some(Object::new().done());
        self.act(RulesAct::Withdraw(number), format!("versions/{number}/withdraw"), body);
    }

    fn check_rules(&self) {
        let rules = self.state.rules;
        let document = rules.document.get_untracked();
        let Some(number) = rules.preview.try_update(Loading::begin) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let asked = document.clone();
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::preview_policy(&edge, &ticket, &asked).await
            });
            let answer = answer.await;
            if let Some(console) = me.upgrade() {
                console.told_of(answer.as_ref().err());
                let answer = answer.map_err(request_error);
                let is_there = answer.is_ok() && rules.preview.with_untracked(|one| one.is_newest(number));
                rules.preview.update(|preview| preview.answered(number, answer));
                if is_there {
                    rules.checked.set(Some(document));
                }
            }
        });
    }

    fn publish_rules(&self) {
        let rules = self.state.rules;
        let Some(base) = rules.base.get_untracked().filter(|_| untrack(|| rules.is_checked())) else {
            return;
        };
        let from = match rules.from.get_untracked().as_str() {
            "" => None,
            from => match Moment::parse(from).and_then(|moment| moment.rfc3339()) {
                Some(from) => Some(from),
                None => return,
            },
        };
        let reason = rules.reason.with_untracked(|reason| reason.trim().to_string());
        if reason.is_empty() {
            return;
        }
        let policy = NewPolicy { document: rules.document.get_untracked(), base, reason, from };
        self.act(RulesAct::Publish, "versions".into(), Some(codec::write(&policy)));
    }

    fn compare_with_newest(&self) {
        let rules = self.state.rules;
        let Some(newest) = untrack(|| rules.is_behind()) else { return };
        self.read_version(newest, move |console, document| {
            rules.base.set(Some(newest));
            rules.original.set(document);
            console.check_rules();
        });
    }

    fn discard_rules(&self) {
        let rules = self.state.rules;
        let Some(newest) = rules.overview.with_untracked(|overview| overview.newest()) else { return };
        self.read_version(newest, move |_, document| rules.open(document.clone(), document, newest));
    }

    fn resume_version(&self, number: u32) {
        let rules = self.state.rules;
        let newest = rules.overview.with_untracked(|overview| overview.newest());
        let Some(newest) = newest.filter(|_| rules.begin(RulesAct::Resume(number))) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let read = with_ticket(&me, async move |edge, ticket| {
                let resumed = http::policy_version(&edge, &ticket, number).await?;
                let newest = http::policy_version(&edge, &ticket, newest).await?;
                Ok((resumed.document, newest.document))
            });
            let read = read.await;
            let Some(console) = me.upgrade() else { return };
            console.told_of(read.as_ref().err());
            let done = match read {
                Ok((document, original)) => {
                    rules.open(document, original, newest);
                    ActState::Done { waits: false }
                }
                Err(error) => ActState::Failed(error),
            };
            rules.act.set(Some((RulesAct::Resume(number), done)));
        });
    }

    fn settle_answer(&self, id: &MessageId) {
        let (me, id) = (self.me.clone(), id.clone());
        spawn_local(async move {
            let settled =
                with_ticket(&me, async move |edge, ticket| http::settle_answer(&edge, &ticket, &id).await);
            let settled = settled.await;
            if let Some(console) = me.upgrade() {
                console.told_of(settled.as_ref().err());
                // What is listed is what the service says.
                console.request_versions(None);
            }
        });
    }

    fn show_differences(&self, number: Option<u32>) {
        let rules = self.state.rules;
        rules.shown.set(number);
        let Some(version) = number else { return };
        rules.differences.update(|differences| differences.answer = None);
        let Some(number) = rules.differences.try_update(Loading::begin) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::policy_version(&edge, &ticket, version).await
            });
            let answer = answer.await;
            if let Some(console) = me.upgrade() {
                console.told_of(answer.as_ref().err());
                let answer = answer.map_err(request_error);
                rules.differences.update(|differences| differences.answered(number, answer));
            }
        });
    }
}

impl Console {
    /// Opens the rules: reads what was typed before, and what is in force.
    pub(super) fn begin_rules(&self) {
        if !self.state.rules.restored.get_untracked() {
            self.state.rules.restore(&drafts::rules());
        }
        self.request_versions(None);
    }

    /// Asks for the rules again, where they are on screen: somebody else may have published.
    pub(super) fn refresh_open_rules(&self) {
        let is_open = self.state.reports.page.get_untracked() == Some(Page::Rules);
        let signed_in = self.state.session.connection.get_untracked() != Connection::SignInNeeded;
        let loading = self.state.rules.overview.with_untracked(|overview| overview.pages.loading);
        if is_open && signed_in && !loading {
            self.request_versions(None);
        }
    }

    /// Stores what is typed, as it is typed.
    pub(super) fn watch_rules(&self) {
        let rules = self.state.rules;
        Effect::new(move |_| {
            if rules.restored.get() {
                drafts::persist_rules(&rules.draft());
            }
        });
    }

    fn request_versions(&self, before: Option<u32>) {
        let overview = self.state.rules.overview;
        let Some(number) = overview.try_update(|overview| overview.pages.begin()) else { return };
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::policy_history(&edge, &ticket, before).await
            });
            let answer = answer.await;
            if let Some(console) = me.upgrade() {
                console.told_of(answer.as_ref().err());
                overview.update(|overview| overview.answered(number, before, answer));
                console.follow_newest();
            }
        });
    }

    /// A draft that nobody has changed is that of the newest version. A changed one needs the document it was made from.
    fn follow_newest(&self) {
        let rules = self.state.rules;
        let Some(newest) = rules.overview.with_untracked(|overview| overview.newest()) else { return };
        let base = rules.base.get_untracked();
        let has_original = !rules.original.with_untracked(String::is_empty);
        let is_pristine = base.is_none() || (has_original && !untrack(|| rules.is_changed()));
        if is_pristine && base != Some(newest) {
            self.read_version(newest, move |_, document| {
                // Somebody may have begun to type meanwhile.
                if rules.base.get_untracked().is_none() || !untrack(|| rules.is_changed()) {
                    rules.open(document.clone(), document, newest);
                }
            });
        } else if let Some(base) = base.filter(|_| !has_original) {
            self.read_version(base, move |_, document| rules.original.set(document));
        }
    }

    fn read_version(&self, number: u32, then: impl FnOnce(&Self, String) + 'static) {
        let (me, overview) = (self.me.clone(), self.state.rules.overview);
        spawn_local(async move {
            let read = with_ticket(&me, async move |edge, ticket| {
                http::policy_version(&edge, &ticket, number).await
            });
            let read = read.await;
            let Some(console) = me.upgrade() else { return };
            console.told_of(read.as_ref().err());
            match read {
                Ok(read) => then(&console, read.document),
                Err(error) => overview.update(|overview| overview.failed = Some(error)),
            }
        });
    }

    fn act(&self, act: RulesAct, path: String, body: Option<String>) {
        let rules = self.state.rules;
        if !rules.begin(act) {
            return;
        }
        let me = self.me.clone();
        spawn_local(async move {
            let answer = with_ticket(&me, async move |edge, ticket| {
                http::act_on_policy(&edge, &ticket, &path, body.clone()).await
            });
            let answer = answer.await;
            let Some(console) = me.upgrade() else { return };
            console.told_of(answer.as_ref().err());
            match answer {
                Ok(version) => console.acted(act, &version),
                Err(error) => rules.act.set(Some((act, ActState::Failed(error)))),
            }
            // Whoever was second sees what the first one did.
            console.request_versions(None);
        });
    }

    fn acted(&self, act: RulesAct, version: &PolicyVersion) {
        let rules = self.state.rules;
        match act {
            RulesAct::Close => rules.closing.set(ClosingForm::default()),
            RulesAct::Announce => rules.banner.set(BannerForm::default()),
            RulesAct::Publish => {
                rules.published();
                if version.state == PolicyState::Published {
                    let document = rules.document.get_untracked();
                    rules.open(document.clone(), document, version.number);
                } else {
                    // The proposal has the text now: the draft is that of the newest version again.
                    rules.document.set(rules.original.get_untracked());
                }
            }
            RulesAct::Reopen
            | RulesAct::TakeDown
            | RulesAct::Approve(_)
            | RulesAct::Withdraw(_)
            | RulesAct::Resume(_) => {}
        }
        let waits = version.state == PolicyState::Proposed;
        rules.act.set(Some((act, ActState::Done { waits })));
    }

    /// The connection as a request about the rules found it, where no link of a desk says so.
    pub(super) fn told_of(&self, error: Option<&RulesError>) {
        if self.state.session.rights.with_untracked(|rights| rights.answers) {
            return;
        }
        let connection = match error {
            None | Some(RulesError::Refused(_)) => Connection::Live,
            Some(RulesError::Unanswered) => Connection::Lost,
            Some(RulesError::SignedOut) => return,
        };
        if self.state.session.connection.get_untracked() != connection {
            self.state.session.connection.set(connection);
        }
    }

    /// A new ticket for requests; the desk's link, where there is one, keeps its own.
    fn renewed(&self, opened: Result<DeskSessionOpened, Failure>) -> Result<String, RulesError> {
        match opened {
            Ok(opened) if opened.advisor == self.state.session.advisor.get_untracked() => {
                self.desk_ticket.replace(Some(opened.ticket.clone()));
                Ok(opened.ticket)
            }
            // Somebody else has signed in: the console becomes theirs.
            Ok(_) => {
                self.open_session(0);
                Err(RulesError::SignedOut)
            }
            Err(Failure::SignedOut) => {
                self.state.signed_out();
                drafts::forget_all();
                Err(RulesError::SignedOut)
            }
            Err(failure) => Err(rules_error(failure)),
        }
    }
}

/// Asks with the ticket of the session, and once more with a new one where it has expired.
pub(super) async fn with_ticket<T>(
    me: &Weak<Console>,
    ask: impl AsyncFn(String, String) -> Result<T, Failure>,
) -> Result<T, RulesError> {
    let known = |console: &Console| (console.config.clone(), console.request_token.clone());
    let Some((ticket, (config, request_token))) =
        me.upgrade().map(|console| (console.desk_ticket.borrow().clone(), known(&console)))
    else {
        return Err(RulesError::Unanswered);
    };
    let ticket = ticket.ok_or(RulesError::Unanswered)?;
    let answer = ask(config.edge.clone(), ticket).await;
    let expired = matches!(&answer, Err(Failure::Refused(problem)) if problem.status == 401);
    if !expired {
        return answer.map_err(rules_error);
    }
    let opened = request_session(&config, &request_token).await;
    let ticket = me.upgrade().ok_or(RulesError::Unanswered)?.renewed(opened)?;
    ask(config.edge.clone(), ticket).await.map_err(rules_error)
}

fn rules_error(failure: Failure) -> RulesError {
    match failure {
        Failure::Refused(problem) => RulesError::Refused(problem.code),
        Failure::SignedOut => RulesError::SignedOut,
        Failure::Unreachable | Failure::Unreadable => RulesError::Unanswered,
    }
}

pub(super) fn request_error(error: RulesError) -> RequestError {
    match error {
        RulesError::Refused(code) => RequestError::Refused(code),
        RulesError::SignedOut => RequestError::Refused(Code::TicketExpired),
        RulesError::Unanswered => RequestError::Unanswered,
    }
}
