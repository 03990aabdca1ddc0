// SPDX-License-Identifier: EUPL-1.2
//! Whether the service can do its work, check by check: the document of `GET /readyz`, and the rules behind it.
//!
//! - *settings*, *process*: they can be used; it is not about to end.
//! - *storage*: the register stores a row and reads it again.
//! - *alarms*: the register's alarm rang within [`RANG_WITHIN_MS`]. Where that is not known, one is set for a moment later, and
//!   seen to ring. Without alarms no message between objects leaves and no closing time comes.
//! - *keys*: for each role some issuer's key set is known or can be fetched. One of several that cannot be had is *degraded*:
//!   its people are refused, and taking the service away would refuse the others too.
//! - *provider*: where the staff sign in with OpenID Connect, their provider answers. Without it nobody of them signs in anew, and
//!   those who have go on: it is *degraded*.

use infocig_protocol::{problem::Code, time::Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    problem::Fault,
    settings::{Issuer, Role},
};

/// The document of `GET /readyz`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// `ready`, or `not-ready` where a check has failed or waits.
    pub status: &'static str,
    /// The checks, in the order in which they are made.
    pub checks: Vec<Check>,
}

/// A check and its result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its name.
    pub check: Subject,
    /// Its result.
    pub state: State,
    /// The code of the problem behind it (`GET /problems/{code}`), where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Code>,
    /// What was found.
    pub found: String,
    /// What an operator does about it; absent where there is nothing to do.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

/// The subject of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// The settings can be used.
    Settings,
    /// The process is not about to end.
    Process,
    /// A row is stored and read again.
    Storage,
    /// Alarms ring.
    Alarms,
    /// Issuers' keys are known or can be fetched.
    Keys,
    /// The provider of the staff's sign-in answers.
    Provider,
}

impl Subject {
    /// The subject of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "settings" => Self::Settings,
            "process" => Self::Process,
            "storage" => Self::Storage,
            "alarms" => Self::Alarms,
            "keys" => Self::Keys,
            "provider" => Self::Provider,
            _ => return None,
        })
    }
}

/// The result of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should be.
    Ok,
    /// Some people are refused, others are not.
    Degraded,
    /// Not known yet.
    Waiting,
    /// The service cannot do its work.
    Failed,
}

impl Readiness {
    /// The document of these checks.
    pub fn of(checks: Vec<Check>) -> Self {
        let hinders = |check: &Check| matches!(check.state, State::Failed | State::Waiting);
        let status = if checks.iter().any(hinders) { "not-ready" } else { "ready" };
        Self { status, checks }
    }

    /// The status it is answered with.
    pub fn http_status(&self) -> u16 {
        if self.status == "ready" { 200 } else { 503 }
    }
}

impl Check {
    fn ok(check: Subject, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, code: None, found: found.into(), advice: None }
    }

    fn other(
        check: Subject,
        state: State,
        code: Option<Code>,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { check, state, code, found: found.into(), advice: Some(advice.into()) }
    }

    /// The settings: the fault says which and what to write.
    pub fn of_settings(fault: Option<&Fault>) -> Self {
        let check = Subject::Settings;
        match fault {
            None => Self::ok(check, "each can be used"),
            Some(fault) => {
                let advice =
                    "write it as the sentence says, and start again: `infocig check` says all of them";
                let sentence = match fault {
                    Fault::Settings(sentence) => sentence.clone(),
                    Fault::Store(_) | Fault::Corrupt(_) | Fault::Newer(_) | Fault::Platform(_) => {
                        fault.to_string()
                    }
                };
                Self::other(check, State::Failed, Some(Code::Misconfigured), sentence, advice)
            }
        }
    }

    /// The process.
    pub fn of_process(is_ending: bool) -> Self {
        let check = Subject::Process;
        if !is_ending {
            return Self::ok(check, "runs");
        }
        let advice = "nothing: another one begins where a supervisor restarts it";
        Self::other(check, State::Failed, Some(Code::Restarting), "is about to end", advice)
    }

    /// The storage. A fault of the store itself is in the log.
    pub fn of_storage(stored: &Result<(), Fault>) -> Self {
        let check = Subject::Storage;
        match stored {
            Ok(()) => Self::ok(check, "a row was stored and read again"),
            Err(Fault::Newer(sentence)) => {
                let advice = "start the version that ran last, which finds everything; the way back to this one is the backup made \
                     before the upgrade";
                Self::other(check, State::Failed, Some(Code::Misconfigured), sentence, advice)
            }
            Err(Fault::Store(_) | Fault::Corrupt(_) | Fault::Settings(_) | Fault::Platform(_)) => {
                let advice = "see whether the disk is full and the folder of data can be written; nothing acknowledged is lost";
                Self::other(check, State::Failed, Some(Code::NotStoring), "the store took no row", advice)
            }
        }
    }

    /// The alarms.
    pub fn of_alarms(alarms: AlarmWatch, now: Timestamp) -> Self {
        let check = Subject::Alarms;
        let seconds = |since: Timestamp| (now.as_millis() - since.as_millis()).max(0) / 1_000;
        match alarms.state(now) {
            State::Ok | State::Degraded => {
                Self::ok(check, format!("one rang {} s ago", alarms.rang.map_or(0, seconds)))
            }
            State::Waiting => {
                let advice = "ask again in a second";
                Self::other(check, State::Waiting, None, "one was set and has not rung yet", advice)
            }
            State::Failed => {
                let found = format!("the one set {} s ago did not ring", alarms.set.map_or(0, seconds));
                let advice = "restart the process: until then no message between objects leaves and no closing time comes; \
                     report it if it comes again";
                Self::other(check, State::Failed, None, found, advice)
            }
        }
    }

    /// The keys, by whether each issuer's are known or could be fetched.
    pub fn of_keys<'i>(issuers: impl Iterator<Item = (&'i Issuer, bool)>) -> Self {
        let check = Subject::Keys;
        let all: Vec<(&Issuer, bool)> = issuers.collect();
        let missing: Vec<&str> =
            all.iter().filter(|(_, has_keys)| !has_keys).map(|(issuer, _)| issuer.issuer.as_str()).collect();
        if missing.is_empty() {
            return Self::ok(check, "every issuer's are known");
        }
        let gives = |issuer: &Issuer, role: Role| issuer.roles.contains(&role);
        let is_lost = |role: Role| {
            let mut of_role = all.iter().filter(|(issuer, _)| gives(issuer, role)).peekable();
            of_role.peek().is_some() && of_role.all(|(_, has_keys)| !has_keys)
        };
        let state =
            if is_lost(Role::Citizen) || is_lost(Role::Advisor) { State::Failed } else { State::Degraded };
        let found = format!("those of {} are not known and cannot be fetched", missing.join(", "));
        let advice = "fetch their jwks_uri on this machine: name server, firewall, certificate; `infocig check` does it";
        Self::other(check, state, Some(Code::IssuerUnreachable), found, advice)
    }

    /// The provider of the staff's sign-in, by whether its discovery document is known or could be fetched.
    pub fn of_provider(issuer: &str, answers: bool) -> Self {
        let check = Subject::Provider;
        if answers {
            return Self::ok(check, "its discovery document is known");
        }
        let found = format!("{issuer} does not answer: nobody of the staff can sign in anew");
        let advice =
            "fetch its /.well-known/openid-configuration on this machine: name server, firewall, certificate";
        Self::other(check, State::Degraded, Some(Code::IssuerUnreachable), found, advice)
    }
}

/// What is known of the alarms of an object, by the wall clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmWatch {
    /// When one last rang.
    pub rang: Option<Timestamp>,
    /// Since when one is awaited that was set to see whether it rings.
    pub set: Option<Timestamp>,
}

impl AlarmWatch {
    /// One has rung.
    pub fn rang(&mut self, now: Timestamp) {
        *self = Self { rang: Some(now), set: None };
    }

    /// Whether alarms ring.
    pub fn state(&self, now: Timestamp) -> State {
        let age = |since: Timestamp| now.as_millis() - since.as_millis();
        if self.set.is_some_and(|set| age(set) >= RINGS_WITHIN_MS) {
            State::Failed
        } else if self.rang.is_some_and(|rang| (0..RANG_WITHIN_MS).contains(&age(rang))) {
            State::Ok
        } else {
            State::Waiting
        }
    }

    /// Whether to set one now: nothing new is known, and none is awaited that may yet ring. One that did not ring is set again, and
    /// goes on counting from the first.
    pub fn sets_one(&mut self, now: Timestamp) -> bool {
        let age = |since: Timestamp| now.as_millis() - since.as_millis();
        let is_new = |rang: Timestamp| (0..RENEWED_AFTER_MS).contains(&age(rang));
        match (self.state(now), self.set) {
            (State::Failed, _) => true,
            (State::Ok | State::Waiting | State::Degraded, None) if !self.rang.is_some_and(is_new) => {
                self.set = Some(now);
                true
            }
            (State::Ok | State::Waiting | State::Degraded, _) => false,
        }
    }
}

/// An alarm that rang so lately says that alarms ring.
pub const RANG_WITHIN_MS: i64 = 60_000;
/// From then on another one is set, so that whoever asks every half minute or more often never waits for it.
const RENEWED_AFTER_MS: i64 = 30_000;
/// An alarm that did not ring by then counts as lost.
const RINGS_WITHIN_MS: i64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alarm_that_is_not_known_to_ring_is_set_once_and_awaited_for_ten_seconds() {
        let mut alarms = AlarmWatch::default();
        assert!(alarms.sets_one(at(0)) && !alarms.sets_one(at(1)), "one is enough");
        assert_eq!(alarms.state(at(9_999)), State::Waiting);
        assert_eq!(alarms.state(at(10_000)), State::Failed);
        assert!(alarms.sets_one(at(10_000)), "it is tried again");
        assert_eq!(alarms.state(at(10_001)), State::Failed, "and is no news until it rings");

        alarms.rang(at(10_500));
        assert_eq!(alarms.state(at(10_500 + RANG_WITHIN_MS - 1)), State::Ok);
        assert_eq!(alarms.state(at(10_500 + RANG_WITHIN_MS)), State::Waiting);
        assert!(!alarms.sets_one(at(10_500 + RENEWED_AFTER_MS - 1)));
        assert!(alarms.sets_one(at(10_500 + RENEWED_AFTER_MS)), "before the last one is too long ago");
        assert_eq!(alarms.state(at(10_500 + RENEWED_AFTER_MS + 1)), State::Ok);
        assert_eq!(alarms.state(at(10_500 + RENEWED_AFTER_MS + RINGS_WITHIN_MS)), State::Failed);
        assert_eq!(
            AlarmWatch { rang: Some(at(5_000)), set: None }.state(at(0)),
            State::Waiting,
            "a clock set back"
        );
    }

    #[test]
    fn keys_that_are_missing_hinder_where_nobody_else_gives_the_role() {
        let (portal, other, staff) =
            (issuer(&[Role::Citizen]), issuer(&[Role::Citizen]), issuer(&[Role::Advisor]));
        let state = |portal_has, other_has, staff_has| {
            Check::of_keys([(&portal, portal_has), (&other, other_has), (&staff, staff_has)].into_iter())
                .state
        };
        assert_eq!(state(true, true, true), State::Ok);
        assert_eq!(state(false, true, true), State::Degraded);
        assert_eq!(state(false, false, true), State::Failed);
        assert_eq!(state(true, true, false), State::Failed);
    }

    #[test]
    fn a_provider_that_does_not_answer_takes_the_service_from_nobody() {
        let known = Check::of_provider("https://idp.example", true);
        let unknown = Check::of_provider("https://idp.example", false);
        assert_eq!((known.state, unknown.state), (State::Ok, State::Degraded));
        assert!(unknown.found.contains("https://idp.example"), "{}", unknown.found);
        assert_eq!(Readiness::of(vec![unknown]).http_status(), 200);
    }

    #[test]
    fn one_check_that_fails_or_waits_makes_it_not_ready_and_says_what_to_do() {
        let full = Fault::Store("disk I/O error".into());
        let good = Check::of_process(false);
        let degraded = Check { state: State::Degraded, ..good.clone() };
        assert_eq!(Readiness::of(vec![good.clone(), degraded]).http_status(), 200);
        for check in [
            Check::of_settings(Some(&full)),
            Check::of_process(true),
            Check::of_storage(&Err(full.clone())),
            Check::of_alarms(AlarmWatch::default(), at(0)),
            Check::of_alarms(AlarmWatch { rang: None, set: Some(at(0)) }, at(20_000)),
        ] {
            assert!(check.advice.is_some(), "{check:?}");
            let readiness = Readiness::of(vec![good.clone(), check]);
            assert_eq!((readiness.status, readiness.http_status()), ("not-ready", 503), "{readiness:?}");
        }
        let newer = Check::of_storage(&Err(Fault::Newer("of a newer version".into())));
        assert_eq!((newer.code, newer.found.as_str()), (Some(Code::Misconfigured), "of a newer version"));
        let written = serde_json::to_value(Check::of_storage(&Err(full))).unwrap();
        assert_eq!((&written["check"], &written["state"]), (&"storage".into(), &"failed".into()));
        assert_eq!((&written["code"], written["do"].is_string()), (&"not-storing".into(), true));
        assert!(!written.to_string().contains("disk I/O error"), "anybody may ask");
    }

    fn issuer(roles: &[Role]) -> Issuer {
        Issuer {
            issuer: "https://portale.example".into(),
            jwks_uri: "https://portale.example/jwks".into(),
            roles: roles.to_vec(),
            origins: Vec::new(),
            leeway_s: 60,
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }
}
