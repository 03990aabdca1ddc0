// SPDX-License-Identifier: EUPL-1.2
//! Intents about reports, comments, the search and the audit trail. They are requested over HTTP with the ticket of the desk.

use infocig_client::{
    dates::{Day, Moment},
    http::{self, Failure},
};
use infocig_protocol::{figures::Dimension, id::ConversationId, report::AuditTrail};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{Console, request_error};
use crate::{
    dom,
    intents::{DataProtectionIntents, ReportIntents},
    state::{
        cases::RequestError,
        reports::{
            AuditFile, CommentFilter, Days, Filters, Loading, Page, RATED_DAYS, ReportPair, ReportQuery,
            Saving,
        },
    },
};

impl ReportIntents for Console {
    fn open_page(&self, page: Option<Page>) {
        let reports = self.state.reports;
        reports.page.set(page);
        match page {
            Some(Page::Report) if reports.report.with_untracked(is_unasked) => self.request_report(),
            Some(Page::Comments) => {
                if reports.ratings.with_untracked(is_unasked) {
                    self.request_ratings();
                }
                let comments = reports.comments;
                if comments.with_untracked(|comments| is_unasked(&comments.pages)) {
                    self.filter_comments(comments.with_untracked(|comments| comments.filter));
                }
            }
            Some(Page::Audit) if reports.audit.with_untracked(|audit| is_unasked(&audit.pages)) => {
                self.read_audit();
            }
            Some(Page::Rules) => self.begin_rules(),
            Some(Page::DataProtection) => self.refresh_protection(),
            Some(Page::Report | Page::Search | Page::Audit) | None => {}
        }
    }

    fn request_report(&self) {
        let reports = self.state.reports;
        let Some(query) = self.chosen_report() else { return };
        reports.csv.set(Saving::No);
        let Some(number) = reports.report.try_update(Loading::begin) else { return };
        self.fetch(number, query, move |number, answer| reports.report_answered(number, answer));
    }

    fn save_report(&self) {
        let saving = self.state.reports.csv;
        let Some(query) = self.chosen_report() else { return };
        if saving.get_untracked() == Saving::Loading {
            return;
        }
        saving.set(Saving::Loading);
        let (ticket, edge) = (self.desk_ticket(), self.config.edge.clone());
        spawn_local(async move {
            let csv = match ticket {
                Some(ticket) => http::report_csv(&edge, &ticket, &query.parameters()).await,
                None => Err(Failure::Unreachable),
            };
            let saved =
                csv.and_then(|csv| dom::save_csv(&csv, &query.file_name()).ok_or(Failure::Unreadable));
            let _gone = saving.try_set(match saved {
                Ok(()) => Saving::Saved,
                Err(failure) => Saving::Failed(request_error(failure)),
            });
        });
    }

    fn filter_comments(&self, filter: CommentFilter) {
        let begun = self.state.reports.comments.try_update(|comments| comments.begin(filter));
        self.request_comments(begun);
    }

    fn next_comment(&self) {
        let begun = self.state.reports.comments.try_update(|comments| {
            let is_due = comments.advance();
            is_due.then(|| comments.begin_next()).flatten()
        });
        self.request_comments(begun.flatten());
    }

    fn handle_comment(&self) {
        let comments = self.state.reports.comments;
        let Some(id) = comments.try_update(|comments| comments.mark()).flatten() else { return };
        let (ticket, edge, clock) = (self.desk_ticket(), self.config.edge.clone(), self.state.clock.now);
        spawn_local(async move {
            let answer = handle(&edge, ticket, &id).await;
            let now = clock.try_get_untracked().unwrap_or_else(dom::device_time);
            let _gone = comments.try_update(|comments| comments.marked(&id, answer, now));
        });
    }

    fn search(&self) {
        let begun = self.state.reports.search.try_update(|search| search.begin());
        self.request_conversations(begun.flatten());
    }

    fn search_more(&self) {
        let begun = self.state.reports.search.try_update(|search| search.begin_next());
        self.request_conversations(begun.flatten());
    }

    fn read_audit(&self) {
        let begun = self.state.reports.audit.try_update(|audit| audit.begin());
        self.request_audit(begun.flatten());
    }

    fn read_more_audit(&self) {
        let begun = self.state.reports.audit.try_update(|audit| audit.begin_next());
        self.request_audit(begun.flatten());
    }

    fn save_audit(&self, form: AuditFile) {
        let (saving, audit) = (self.state.reports.audit_file, self.state.reports.audit);
        if saving.get_untracked() == Saving::Loading || audit.with_untracked(|audit| audit.form.is_wrong()) {
            return;
        }
        saving.set(Saving::Loading);
        let (ticket, edge) = (self.desk_ticket(), self.config.edge.clone());
        let query = audit.with_untracked(|audit| audit.form.parameters());
        let name = format!("info-cig-audit-{}.{}", self.today().iso(), form.as_str());
        spawn_local(async move {
            let file = match ticket {
                Some(ticket) => http::audit_file(&edge, &ticket, &query, form.as_str()).await,
                None => Err(Failure::Unreachable),
            };
            let save = match form {
                AuditFile::Csv => dom::save_csv,
                AuditFile::Json => dom::save_json,
            };
            let saved = file.and_then(|file| save(&file, &name).ok_or(Failure::Unreadable));
            let _gone = saving.try_set(match saved {
                Ok(()) => Saving::Saved,
                Err(failure) => Saving::Failed(request_error(failure)),
            });
        });
    }
}

impl Console {
    /// The chosen report; `None` while its days are no range. An advisor has their own figures alone.
    fn chosen_report(&self) -> Option<ReportQuery> {
        let choice = self.state.reports.choice.get_untracked();
        let by = if self.supervises.get() { choice.by } else { Dimension::Advisor };
        let days = choice.period.days(self.today()).ok()?;
        Some(ReportQuery { days, by, queue: choice.queue })
    }

    pub(super) fn today(&self) -> Day {
        Moment::in_italy(self.state.clock.now.get_untracked()).day
    }

    fn desk_ticket(&self) -> Option<String> {
        self.desk_ticket.borrow().clone()
    }

    fn request_ratings(&self) {
        let ratings = self.state.reports.ratings;
        let today = self.today();
        let days = Days { from: today.plus_days(1 - RATED_DAYS), to: today };
        let Some(number) = ratings.try_update(Loading::begin) else { return };
        let query = ReportQuery { days, by: Dimension::All, queue: String::new() };
        self.fetch(number, query, move |number, answer| {
            let _gone = ratings.try_update(|ratings| ratings.answered(number, answer));
        });
    }

    /// Requests a report and that of the days before, and passes both on.
    fn fetch(
        &self,
        number: u32,
        query: ReportQuery,
        answered: impl FnOnce(u32, Result<ReportPair, RequestError>) + 'static,
    ) {
        let (ticket, edge, me) = (self.desk_ticket(), self.config.edge.clone(), self.me.clone());
        spawn_local(async move {
            let pair = report_pair(&edge, ticket, query).await.map_err(request_error);
            if me.upgrade().is_some() {
                answered(number, pair);
            }
        });
    }

    fn request_comments(&self, begun: Option<u32>) {
        let Some(number) = begun else { return };
        let comments = self.state.reports.comments;
        let (ticket, edge) = (self.desk_ticket(), self.config.edge.clone());
        let query = comments.with_untracked(|comments| comments.parameters());
        spawn_local(async move {
            let answer = match ticket {
                Some(ticket) => http::comments(&edge, &ticket, &query).await,
                None => Err(Failure::Unreachable),
            };
            let answer = answer.map_err(request_error);
            let _gone = comments.try_update(|comments| comments.answered(number, answer));
        });
    }

    fn request_conversations(&self, begun: Option<u32>) {
        let Some(number) = begun else { return };
        let search = self.state.reports.search;
        let (ticket, edge) = (self.desk_ticket(), self.config.edge.clone());
        let query = search.with_untracked(|search| search.parameters());
        spawn_local(async move {
            let answer = match ticket {
                Some(ticket) => http::conversations(&edge, &ticket, &query).await,
                None => Err(Failure::Unreachable),
            };
            let answer = answer.map(|page| (page.conversations, page.next)).map_err(request_error);
            let _gone = search.try_update(|search| search.answered(number, answer));
        });
    }

    fn request_audit(&self, begun: Option<u32>) {
        let Some(number) = begun else { return };
        let (audit, chain) = (self.state.reports.audit, self.state.reports.audit_chain);
        let (ticket, edge) = (self.desk_ticket(), self.config.edge.clone());
        let query = audit.with_untracked(|audit| audit.parameters());
        spawn_local(async move {
            let answer = match ticket {
                Some(ticket) => http::audit_trail(&edge, &ticket, &query).await,
                None => Err(Failure::Unreachable),
            };
            if let Ok(AuditTrail { chain: Some(newest), .. }) = &answer {
                let _gone = chain.try_set(Some(newest.clone()));
            }
            let answer = answer.map(|page| (page.acts, page.next)).map_err(request_error);
            let _gone = audit.try_update(|audit| audit.answered(number, answer));
        });
    }
}

/// Whether nothing was requested, or the last request failed.
fn is_unasked<T>(pages: &Loading<T>) -> bool {
    !pages.loading && pages.answer.is_none()
}

async fn report_pair(edge: &str, ticket: Option<String>, query: ReportQuery) -> Result<ReportPair, Failure> {
    let ticket = ticket.ok_or(Failure::Unreachable)?;
    let now = http::report(edge, &ticket, &query.parameters()).await?;
    let before = http::report(edge, &ticket, &query.before().parameters()).await?;
    Ok(ReportPair { now, before })
}

async fn handle(edge: &str, ticket: Option<String>, id: &ConversationId) -> Result<(), RequestError> {
    let ticket = ticket.ok_or(RequestError::Unanswered)?;
    http::handle_comment(edge, &ticket, id).await.map_err(request_error)
}
