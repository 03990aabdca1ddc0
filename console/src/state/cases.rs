// SPDX-License-Identifier: EUPL-1.2
//! The person's cases beside a conversation: asked for when the advisor looks, shown to the person when the advisor says so.
//!
//! - What is here stays while it is asked for anew, with the instant it speaks of.
//! - A case is shared under an id that is kept until the log has it: a lost answer and another try show it once.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{
    case::{Case, Cases as Answer},
    entry::{Entry, EntryBody},
    id::{CaseId, MessageId},
    problem::Code,
    time::Timestamp,
};

/// The cases of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// What the registry said; absent until it has.
    pub answer: Option<Answer>,
    /// It is being asked.
    pub coming: bool,
    /// Why it could not be asked the last time.
    pub trouble: Option<Trouble>,
    open: BTreeSet<CaseId>,
    shares: BTreeMap<CaseId, Share>,
}

/// Why something over HTTP did not come to pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing came back, or nothing that can be read.
    Unanswered,
    /// The service says no.
    Refused(Code),
}

/// A case on its way to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Share {
    id: MessageId,
    /// Why it could not be shown; absent while it is on its way, or in the service and not yet in the log.
    trouble: Option<Trouble>,
}

/// How far a case has come on its way to the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// It was not shown.
    No,
    /// It is under way.
    Coming,
    /// It could not be shown.
    Failed(Trouble),
    /// It was shown at that instant, the last time.
    At(Timestamp),
}

impl Cases {
    /// Whether nobody has asked for them.
    pub fn is_unasked(&self) -> bool {
        self.answer.is_none() && !self.coming && self.trouble.is_none()
    }

    /// The advisor asks for them. `false` while they are under way.
    pub fn ask(&mut self) -> bool {
        self.trouble = None;
        !std::mem::replace(&mut self.coming, true)
    }

    /// The answer came, or something else.
    pub fn answered(&mut self, answer: Result<Answer, Trouble>) {
        self.coming = false;
        match answer {
            Ok(answer) => self.answer = Some(answer),
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    /// The cases that are here.
    pub fn listed(&self) -> &[Case] {
        self.answer.as_ref().map_or(&[], |answer| answer.cases.as_slice())
    }

    /// The case of that id.
    pub fn find(&self, id: &CaseId) -> Option<&Case> {
        self.listed().iter().find(|case| case.id == *id)
    }

    /// Whether a case shows its steps.
    pub fn is_open(&self, id: &CaseId) -> bool {
        self.open.contains(id)
    }

    /// The advisor looks at the steps of a case, or has seen them.
    pub fn toggle(&mut self, id: &CaseId) {
        if !self.open.remove(id) {
            self.open.insert(id.clone());
        }
    }

    /// The advisor shows a case to the person: under which id. `None` while it is under way. `fresh` is an id nobody has used.
    pub fn share(&mut self, case: &CaseId, fresh: MessageId) -> Option<MessageId> {
        if let Some(share) = self.shares.get_mut(case) {
            return share.trouble.take().map(|_| share.id.clone());
        }
        self.shares.insert(case.clone(), Share { id: fresh.clone(), trouble: None });
        Some(fresh)
    }

    /// The service has what was shared, and the log is about to show it; or it did not get it.
    pub fn share_answered(&mut self, case: &CaseId, answer: Result<(), Trouble>) {
        if let (Err(trouble), Some(share)) = (answer, self.shares.get_mut(case)) {
            share.trouble = Some(trouble);
        }
    }

    /// What is in the log is not on its way any more.
    pub fn arrived(&mut self, entries: &[Entry]) {
        self.shares.retain(|_, share| {
            let is_here =
                |entry: &Entry| matches!(&entry.body, EntryBody::Case { id, .. } if *id == share.id);
            !entries.iter().any(is_here)
        });
    }

    /// How far a case has come on its way to the person, given the log.
    pub fn shared(&self, case: &CaseId, log: &[Entry]) -> Shared {
        match self.shares.get(case).map(|share| share.trouble) {
            Some(Some(trouble)) => return Shared::Failed(trouble),
            Some(None) => return Shared::Coming,
            None => {}
        }
        let shown =
            |entry: &Entry| matches!(&entry.body, EntryBody::Case { case: shown, .. } if shown.id == *case);
        log.iter().rev().find(|entry| shown(entry)).map_or(Shared::No, |entry| Shared::At(entry.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{at, case, case_id, entry, message};

    #[test]
    fn they_are_asked_for_once_at_a_time_and_stay_while_they_are_asked_for_anew() {
        let mut cases = Cases::default();
        assert!(cases.is_unasked());
        assert!(cases.ask());
        assert!(!cases.ask(), "under way");
        cases.answered(Ok(Answer { as_of: at(1), cases: vec![case("a")] }));
        assert!(cases.ask());
        assert_eq!(cases.listed().len(), 1);

        cases.answered(Err(Trouble::Refused(Code::CasesUnavailable)));
        assert_eq!(cases.listed().len(), 1, "what was known is still shown");
        assert_eq!(cases.trouble, Some(Trouble::Refused(Code::CasesUnavailable)));
        assert!(cases.ask());
        assert_eq!(cases.trouble, None);
    }

    #[test]
    fn another_try_after_a_lost_answer_goes_under_the_same_id() {
        let (mut cases, id) = (Cases::default(), case_id("a"));
        assert_eq!(cases.share(&id, message("one")), Some(message("one")));
        assert_eq!(cases.share(&id, message("two")), None, "under way");
        cases.share_answered(&id, Err(Trouble::Unanswered));
        assert_eq!(cases.shared(&id, &[]), Shared::Failed(Trouble::Unanswered));

        assert_eq!(cases.share(&id, message("three")), Some(message("one")));
        cases.share_answered(&id, Ok(()));
        assert_eq!(cases.shared(&id, &[]), Shared::Coming, "the log is yet to show it");
        assert_eq!(cases.share(&id, message("four")), None);
        cases.arrived(&[shown("one", "a")]);
        assert_eq!(cases.share(&id, message("five")), Some(message("five")), "this is another one");
    }

    #[test]
    fn a_case_is_shared_once_the_log_has_it_whatever_became_of_the_answer() {
        let (mut cases, id) = (Cases::default(), case_id("a"));
        assert_eq!(cases.shared(&id, &[]), Shared::No);
        cases.share(&id, message("one"));
        assert_eq!(cases.shared(&id, &[]), Shared::Coming);
        cases.share_answered(&id, Err(Trouble::Unanswered));

        let log = [Entry { at: at(7), ..shown("one", "a") }];
        cases.arrived(&log);
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
