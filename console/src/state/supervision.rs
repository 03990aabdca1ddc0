// SPDX-License-Identifier: EUPL-1.2
//! The segnalazioni of the service and their delivery, for supervisors. The service decides whether the advisor is one.

pub mod panel;

use std::collections::BTreeMap;

use infocig_protocol::{
    problem::Code,
    segnalazione::{Delivery, SegnalazioneOverview},
};

use super::cases::RequestError;

/// The list of segnalazioni, and the retries of the advisor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supervision {
    /// In display order; absent until the first answer.
    pub listed: Option<Vec<SegnalazioneOverview>>,
    pub loading: bool,
    /// The reason why the newest request failed.
    pub error: Option<RequestError>,
    /// The service answered that the advisor is no supervisor.
    not_allowed: bool,
    retries: BTreeMap<String, Option<RequestError>>,
}

/// The state of a request to send one again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    No,
    /// It was requested, and no list has shown its effect yet.
    Loading,
    Failed(RequestError),
}

impl Supervision {
    /// Whether the list is shown: the service has answered once.
    pub fn is_shown(&self) -> bool {
        self.listed.is_some() && !self.not_allowed
    }

    /// Marks them as requested. `false` while they are loading, or if the advisor is no supervisor.
    pub fn request(&mut self) -> bool {
        !self.not_allowed && !std::mem::replace(&mut self.loading, true)
    }

    /// Applies the answer, or the failure of the request.
    pub fn answered(&mut self, answer: Result<Vec<SegnalazioneOverview>, RequestError>) {
        self.loading = false;
        match answer {
            Ok(listed) => {
                self.error = None;
                // A failed retry stays listed with its reason until its segnalazione has moved on.
                let keeps = |key: &String| listed.iter().any(|one| one.key == *key && is_stopped(one));
                self.retries.retain(|key, error| error.is_some() && keeps(key));
                self.listed = Some(in_order(listed));
            }
            Err(RequestError::Refused(Code::NotSupervisor | Code::NotFound)) => {
                *self = Self { not_allowed: true, ..Self::default() };
            }
            Err(error) => self.error = Some(error),
        }
    }

    /// Marks a stopped one as requested again. `false` while that is on its way, or if its delivery has not stopped.
    pub fn retry(&mut self, key: &str) -> bool {
        let stopped = |one: &SegnalazioneOverview| one.key == key && is_stopped(one);
        let may = self.listed.iter().flatten().any(stopped) && self.retries.get(key) != Some(&None);
        if may {
            self.retries.insert(key.into(), None);
        }
        may
    }

    /// Applies the answer to a retry.
    pub fn retry_answered(&mut self, key: &str, answer: Result<(), RequestError>) {
        if let (Err(error), Some(retry)) = (answer, self.retries.get_mut(key)) {
            *retry = Some(error);
        }
    }

    /// The state of the retry of one.
    pub fn retried(&self, key: &str) -> Retry {
        match self.retries.get(key) {
            None => Retry::No,
            Some(None) => Retry::Loading,
            Some(Some(error)) => Retry::Failed(*error),
        }
    }

    /// The number of stopped deliveries.
    pub fn stopped(&self) -> usize {
        self.listed.iter().flatten().filter(|one| is_stopped(one)).count()
    }
}

fn is_stopped(one: &SegnalazioneOverview) -> bool {
    one.delivery == Delivery::Stopped
}

/// Stopped deliveries first, then waiting ones, each with the oldest first; then delivered ones, the newest first.
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
    fn given_up_segnalazioni_come_first_oldest_before_newest() {
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
    fn an_advisor_without_the_role_sees_nothing_and_polls_no_more() {
        let mut supervision = Supervision::default();
        assert!(supervision.request());
        assert!(!supervision.request(), "under way");
        supervision.answered(Err(RequestError::Refused(Code::NotSupervisor)));
        assert!(!supervision.is_shown());
        assert!(!supervision.request());
    }

    #[test]
    fn an_answer_that_did_not_come_is_asked_for_again_and_hides_nothing() {
        let mut supervision = Supervision::default();
        supervision.request();
        supervision.answered(Err(RequestError::Unanswered));
        assert!(!supervision.is_shown(), "nobody knows yet");
        assert!(supervision.request());
        supervision.answered(Ok(vec![]));
        assert!(supervision.is_shown());

        supervision.request();
        supervision.answered(Err(RequestError::Unanswered));
        assert!(supervision.is_shown());
        assert_eq!(supervision.error, Some(RequestError::Unanswered));
    }

    #[test]
    fn a_given_up_segnalazione_is_resent_once_until_the_list_changes() {
        let mut supervision = Supervision::default();
        let list = || Ok(vec![one("s", 1, Delivery::Stopped), one("w", 1, Delivery::Waiting)]);
        supervision.answered(list());
        assert!(!supervision.retry("w"), "it goes on by itself");
        assert!(supervision.retry("s"));
        assert!(!supervision.retry("s"), "under way");

        supervision.retry_answered("s", Err(RequestError::Unanswered));
        assert_eq!(supervision.retried("s"), Retry::Failed(RequestError::Unanswered));
        supervision.answered(list());
        assert_eq!(supervision.retried("s"), Retry::Failed(RequestError::Unanswered), "still to be read");
        assert!(supervision.retry("s"));
        supervision.retry_answered("s", Ok(()));
        assert_eq!(supervision.retried("s"), Retry::Loading);

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
