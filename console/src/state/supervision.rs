// SPDX-License-Identifier: EUPL-1.2
//! How the segnalazioni of the service fare, for supervisors. Whether the advisor is one is the service's answer.

use std::collections::BTreeMap;

use infocig_protocol::{
    problem::Code,
    segnalazione::{Delivery, SegnalazioneOverview},
};

use super::cases::Trouble;

/// Every segnalazione, as far as it is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supervision {
    /// In the order in which they are looked at; absent until the service has told.
    pub listed: Option<Vec<SegnalazioneOverview>>,
    /// They are being asked for.
    pub coming: bool,
    /// Why they could not be had the last time.
    pub trouble: Option<Trouble>,
    /// Nothing here is for this advisor.
    not_theirs: bool,
    retries: BTreeMap<String, Option<Trouble>>,
}

/// How far the wish to send one again has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Nobody wishes it.
    No,
    /// It was said, and the list is yet to show what came of it.
    Coming,
    /// It could not be said.
    Failed(Trouble),
}

impl Supervision {
    /// Whether there is something to show: the service has told once.
    pub fn is_shown(&self) -> bool {
        self.listed.is_some() && !self.not_theirs
    }

    /// They are asked for. `false` while they are under way, or are not for this advisor.
    pub fn ask(&mut self) -> bool {
        !self.not_theirs && !std::mem::replace(&mut self.coming, true)
    }

    /// The answer came, or something else.
    pub fn answered(&mut self, answer: Result<Vec<SegnalazioneOverview>, Trouble>) {
        self.coming = false;
        match answer {
            Ok(listed) => {
                self.trouble = None;
                // What could not be said is still to be read.
                let keeps = |key: &String| listed.iter().any(|one| one.key == *key && is_stopped(one));
                self.retries.retain(|key, trouble| trouble.is_some() && keeps(key));
                self.listed = Some(in_order(listed));
            }
            Err(Trouble::Refused(Code::NotSupervisor | Code::NotFound)) => {
                *self = Self { not_theirs: true, ..Self::default() };
            }
            Err(trouble) => self.trouble = Some(trouble),
        }
    }

    /// One that was given up is to be sent again. `false` while that is under way, or if it was not given up.
    pub fn retry(&mut self, key: &str) -> bool {
        let stopped = |one: &SegnalazioneOverview| one.key == key && is_stopped(one);
        let may = self.listed.iter().flatten().any(stopped) && self.retries.get(key) != Some(&None);
        if may {
            self.retries.insert(key.into(), None);
        }
        may
    }

    /// It was said, or could not be.
    pub fn retry_answered(&mut self, key: &str, answer: Result<(), Trouble>) {
        if let (Err(trouble), Some(retry)) = (answer, self.retries.get_mut(key)) {
            *retry = Some(trouble);
        }
    }

    /// How far the wish to send one again has come.
    pub fn retried(&self, key: &str) -> Retry {
        match self.retries.get(key) {
            None => Retry::No,
            Some(None) => Retry::Coming,
            Some(Some(trouble)) => Retry::Failed(*trouble),
        }
    }

    /// How many were given up.
    pub fn stopped(&self) -> usize {
        self.listed.iter().flatten().filter(|one| is_stopped(one)).count()
    }
}

fn is_stopped(one: &SegnalazioneOverview) -> bool {
    one.delivery == Delivery::Stopped
}

/// What was given up first, then what waits, each with the oldest first; then what is done, the newest first.
fn in_order(mut listed: Vec<SegnalazioneOverview>) -> Vec<SegnalazioneOverview> {
    listed.sort_by(|a, b| {
        let rank = |one: &SegnalazioneOverview| match one.delivery {
            Delivery::Stopped => 0,
            Delivery::Waiting => 1,
            Delivery::Delivered => 2,
        };
        let by_age = if a.delivery == Delivery::Delivered { b.at.cmp(&a.at) } else { a.at.cmp(&b.at) };
        rank(a).cmp(&rank(b)).then(by_age).then_with(|| a.key.cmp(&b.key))
    });
    listed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::at;

    #[test]
    fn what_was_given_up_comes_first_and_the_oldest_of_it() {
        let mut supervision = Supervision::default();
        supervision.answered(Ok(vec![
            one("d1", 1, Delivery::Delivered),
            one("w2", 5, Delivery::Waiting),
            one("s2", 9, Delivery::Stopped),
            one("d2", 8, Delivery::Delivered),
            one("s1", 3, Delivery::Stopped),
            one("w1", 2, Delivery::Waiting),
        ]));
        assert_eq!(keys(&supervision), ["s1", "s2", "w1", "w2", "d2", "d1"]);
        assert_eq!(supervision.stopped(), 2);
    }

    #[test]
    fn whoever_is_no_supervisor_is_shown_nothing_and_asks_no_more() {
        let mut supervision = Supervision::default();
        assert!(supervision.ask());
        assert!(!supervision.ask(), "under way");
        supervision.answered(Err(Trouble::Refused(Code::NotSupervisor)));
        assert!(!supervision.is_shown());
        assert!(!supervision.ask());
    }

    #[test]
    fn an_answer_that_did_not_come_is_asked_for_again_and_hides_nothing() {
        let mut supervision = Supervision::default();
        supervision.ask();
        supervision.answered(Err(Trouble::Unanswered));
        assert!(!supervision.is_shown(), "nobody knows yet");
        assert!(supervision.ask());
        supervision.answered(Ok(vec![]));
        assert!(supervision.is_shown());

        supervision.ask();
        supervision.answered(Err(Trouble::Unanswered));
        assert!(supervision.is_shown());
        assert_eq!(supervision.trouble, Some(Trouble::Unanswered));
    }

    #[test]
    fn one_that_was_given_up_is_sent_again_once_until_the_list_says_more() {
        let mut supervision = Supervision::default();
        let list = || Ok(vec![one("s", 1, Delivery::Stopped), one("w", 1, Delivery::Waiting)]);
        supervision.answered(list());
        assert!(!supervision.retry("w"), "it goes on by itself");
        assert!(supervision.retry("s"));
        assert!(!supervision.retry("s"), "under way");

        supervision.retry_answered("s", Err(Trouble::Unanswered));
        assert_eq!(supervision.retried("s"), Retry::Failed(Trouble::Unanswered));
        supervision.answered(list());
        assert_eq!(supervision.retried("s"), Retry::Failed(Trouble::Unanswered), "still to be read");
        assert!(supervision.retry("s"));
        supervision.retry_answered("s", Ok(()));
        assert_eq!(supervision.retried("s"), Retry::Coming);

        supervision.answered(Ok(vec![one("s", 1, Delivery::Waiting)]));
        assert_eq!(supervision.retried("s"), Retry::No);
    }

    fn one(key: &str, millis: i64, delivery: Delivery) -> SegnalazioneOverview {
        SegnalazioneOverview {
            key: key.into(),
            at: at(millis),
            office: "058".into(),
            number: None,
            delivery,
            attempts: 1,
            last_error: None,
        }
    }

    fn keys(supervision: &Supervision) -> Vec<&str> {
        supervision.listed.iter().flatten().map(|one| one.key.as_str()).collect()
    }
}
