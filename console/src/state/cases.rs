// SPDX-License-Identifier: EUPL-1.2
//! The person's cases beside a conversation: loaded when the advisor opens them, shared with the person on request.
//!
//! - The cases that are here stay while they are refreshed, with the instant of the registry's answer.
//! - A case is shared under an id that is kept until the log has it: a retry after a lost answer shows it once.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    case::{Case, Cases as Answer},
    entry::{Entry, EntryBody},
    id::{CaseId, MessageId},
    problem::Code,
    time::Timestamp,
};
use leptos::prelude::*;

use super::{Announcement, Conversation, DeskState};

/// The cases of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// The registry's newest answer.
    pub answer: Option<Answer>,
    pub loading: bool,
    /// The reason why the newest request failed.
    pub error: Option<RequestError>,
    open: BTreeSet<CaseId>,
    shares: BTreeMap<CaseId, Share>,
}

/// The reason why a request over HTTP failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// No answer came, or none that can be read.
    Unanswered,
    /// The service refused it.
    Refused(Code),
}

/// A case on its way to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Share {
    id: MessageId,
    /// The reason why it could not be shared; absent while the request or the log's entry is on its way.
    error: Option<RequestError>,
}

/// Whether a case has been shared with the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    No,
    Loading,
    Failed(RequestError),
    /// The instant of the newest entry that shows it.
    At(Timestamp),
}

impl Cases {
    /// Whether they were never requested.
    pub fn is_unrequested(&self) -> bool {
        self.answer.is_none() && !self.loading && self.error.is_none()
    }

    /// Marks them as requested. `false` while they are loading.
    pub fn request(&mut self) -> bool {
        self.error = None;
        !std::mem::replace(&mut self.loading, true)
    }

    /// Applies the registry's answer, or the failure of the request.
    pub fn answered(&mut self, answer: Result<Answer, RequestError>) {
        self.loading = false;
        match answer {
            Ok(answer) => self.answer = Some(answer),
            Err(error) => self.error = Some(error),
        }
    }

    /// The cases of the newest answer.
    pub fn listed(&self) -> &[Case] {
        self.answer.as_ref().map_or(&[], |answer| answer.cases.as_slice())
    }

    pub fn find(&self, id: &CaseId) -> Option<&Case> {
        self.listed().iter().find(|case| case.id == *id)
    }

    /// Whether the steps of a case are shown.
    pub fn is_open(&self, id: &CaseId) -> bool {
        self.open.contains(id)
    }

    /// Shows the steps of a case, or hides them.
    pub fn toggle(&mut self, id: &CaseId) {
        if !self.open.remove(id) {
            self.open.insert(id.clone());
        }
    }

    /// The id under which to share a case; `fresh` unless an attempt failed before. `None` while one is on its way.
    pub fn share(&mut self, case: &CaseId, fresh: MessageId) -> Option<MessageId> {
        if let Some(share) = self.shares.get_mut(case) {
            return share.error.take().map(|_| share.id.clone());
        }
        self.shares.insert(case.clone(), Share { id: fresh.clone(), error: None });
        Some(fresh)
    }

    /// Applies the answer to a shared case. On success it stays on its way until the log shows it.
    pub fn share_answered(&mut self, case: &CaseId, answer: Result<(), RequestError>) {
        if let (Err(error), Some(share)) = (answer, self.shares.get_mut(case)) {
            share.error = Some(error);
        }
    }

    /// Shared cases that are in the log are not on their way any more.
    pub fn remove_arrived(&mut self, entries: &[Entry]) {
        self.shares.retain(|_, share| {
            let is_here =
                |entry: &Entry| matches!(&entry.body, EntryBody::Case { id, .. } if *id == share.id);
            !entries.iter().any(is_here)
        });
    }

    /// Whether a case has been shared, given the log.
    pub fn shared(&self, case: &CaseId, log: &[Entry]) -> Shared {
        match self.shares.get(case).map(|share| share.error) {
            Some(Some(error)) => return Shared::Failed(error),
            Some(None) => return Shared::Loading,
            None => {}
        }
        let shown =
            |entry: &Entry| matches!(&entry.body, EntryBody::Case { case: shown, .. } if shown.id == *case);
        log.iter().rev().find(|entry| shown(entry)).map_or(Shared::No, |entry| Shared::At(entry.at))
    }
}

impl DeskState {
    /// Applies the registry's answer in a conversation. A service without a registry closes the cases everywhere.
    pub fn cases_answered(&self, conversation: &Conversation, answer: Result<Answer, RequestError>) {
        if answer == Err(RequestError::Refused(Code::CasesNotConfigured)) {
            self.has_cases.set(false);
            if conversation.cases_open.get_untracked() {
                conversation.cases_open.set(false);
                self.screen.announcement.set(Some(Announcement::NoCaseRegistry));
            }
        }
        conversation.cases.update(|cases| cases.answered(answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{at, case, case_id, entry, message};

    #[test]
    fn they_are_asked_for_once_at_a_time_and_stay_while_they_are_asked_for_anew() {
        let mut cases = Cases::default();
        assert!(cases.is_unrequested());
        assert!(cases.request());
        assert!(!cases.request(), "under way");
        cases.answered(Ok(Answer { as_of: at(1), cases: vec![case("a")] }));
        assert!(cases.request());
        assert_eq!(cases.listed().len(), 1);

        cases.answered(Err(RequestError::Refused(Code::CasesUnavailable)));
        assert_eq!(cases.listed().len(), 1, "what was known is still shown");
        assert_eq!(cases.error, Some(RequestError::Refused(Code::CasesUnavailable)));
        assert!(cases.request());
        assert_eq!(cases.error, None);
    }

    #[test]
    fn another_try_after_a_lost_answer_goes_under_the_same_id() {
        let (mut cases, id) = (Cases::default(), case_id("a"));
        assert_eq!(cases.share(&id, message("one")), Some(message("one")));
        assert_eq!(cases.share(&id, message("two")), None, "under way");
        cases.share_answered(&id, Err(RequestError::Unanswered));
        assert_eq!(cases.shared(&id, &[]), Shared::Failed(RequestError::Unanswered));

        assert_eq!(cases.share(&id, message("three")), Some(message("one")));
        cases.share_answered(&id, Ok(()));
        assert_eq!(cases.shared(&id, &[]), Shared::Loading, "the log is yet to show it");
        assert_eq!(cases.share(&id, message("four")), None);
        cases.remove_arrived(&[shown("one", "a")]);
        assert_eq!(cases.share(&id, message("five")), Some(message("five")), "this is another one");
    }

    #[test]
    fn a_case_is_shared_once_the_log_has_it_even_if_the_request_failed() {
        let (mut cases, id) = (Cases::default(), case_id("a"));
        assert_eq!(cases.shared(&id, &[]), Shared::No);
        cases.share(&id, message("one"));
        assert_eq!(cases.shared(&id, &[]), Shared::Loading);
        cases.share_answered(&id, Err(RequestError::Unanswered));

        let log = [Entry { at: at(7), ..shown("one", "a") }];
        cases.remove_arrived(&log);
        assert_eq!(cases.shared(&id, &log), Shared::At(at(7)));
        assert_eq!(cases.shared(&case_id("b"), &log), Shared::No, "another case");
        assert_eq!(cases.share(&id, message("two")), Some(message("two")));
    }

    #[test]
    fn the_steps_of_several_show_side_by_side() {
        let mut cases = Cases::default();
        cases.toggle(&case_id("a"));
        cases.toggle(&case_id("b"));
        cases.toggle(&case_id("a"));
        assert_eq!([cases.is_open(&case_id("a")), cases.is_open(&case_id("b"))], [false, true]);
    }

    fn shown(id: &str, which: &str) -> Entry {
        let body = EntryBody::Case {
            id: message(id),
            advisor: "Giulia".into(),
            case: Box::new(case(which)),
            as_of: at(0),
        };
        entry(1, body)
    }
}
