// SPDX-License-Identifier: EUPL-1.2
//! The actor of the staff's sessions, one for the service. It has no links: where a session ends, every desk is told so by the
//! outbox, in the transaction of the end, and closes the links of that session.
//!
//! The provider is asked about a session by one request at a time: a refresh token that changes with each use, presented twice,
//! would make the provider end the session.

use infocig_domain::{
    audit::AuditEvent,
    notification::{DeskNotification, Notification},
};
use infocig_protocol::{id::DeskId, problem::Code, report::AuditedKind, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::Actor;
use crate::{
    auth::oidc::{logout_token::Ended, session::StaffSession},
    metrics::ObjectMetrics,
    problem::{Error, Fault, Refusal},
    sql::Sql,
    store::{Outbox, OutboxMessage, StaffStore},
};

/// The staff's sessions.
pub struct StaffActor<S> {
    store: StaffStore<S>,
    /// The desks that are told of ends.
    desks: Vec<DeskId>,
}

/// A session, as it is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// There is none, or it has ended.
    Over,
    /// It stands.
    Stands(Box<StaffSession>),
    /// The provider is to be asked about it, by whoever receives this.
    Ask(Box<StaffSession>),
    /// Somebody else asks the provider just now: look again.
    Asked,
}

impl<S: Sql> StaffActor<S> {
    /// The sessions over their object's store; `desks` are told of ends.
    pub fn open(sql: S, desks: Vec<DeskId>) -> Result<Self, Fault> {
        Ok(Self { store: StaffStore::open(sql)?, desks })
    }

    /// Numbers for whoever operates the service.
    pub fn metrics(&self) -> Result<ObjectMetrics, Fault> {
        Ok(ObjectMetrics { outbox: self.outbox().metrics()?, ..ObjectMetrics::default() })
    }

    /// Notes that the answer to a sign-in is used; `false` if it was before.
    pub fn use_sign_in(&self, id: &str, until: Timestamp, now: Timestamp) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            self.store.delete_old(now)?;
            self.store.mark_used(&format!("sign-in:{id}"), until)
        })
    }

    /// A session begins.
    pub fn begin(&self, key: &str, session: &StaffSession) -> Result<(), Fault> {
        self.store.sql().transaction(|| self.store.put(key, session))
    }

    /// Looks at a session. With `minutes`, a session that is due is asked about; without, it stands as long as it does.
    pub fn look(&self, key: &str, minutes: Option<u16>, now: Timestamp) -> Result<Looked, Fault> {
        let Some(stored) = self.store.find(key)? else { return Ok(Looked::Over) };
        let session = Box::new(stored.session);
        if session.ends <= now {
            return Ok(Looked::Over);
        }
        let Some(minutes) = minutes.filter(|minutes| session.is_due(*minutes, now)) else {
            return Ok(Looked::Stands(session));
        };
        if session.refresh_token.is_none() {
            // Nothing to ask with: it stands for its time, once.
            let stands = now < session.stands_until(minutes);
            return Ok(if stands { Looked::Stands(session) } else { Looked::Over });
        }
        if now < stored.asks_until {
            return Ok(Looked::Asked);
        }
        self.store.ask_until(key, now.plus_millis(ASKS_FOR_MS))?;
        Ok(Looked::Ask(session))
    }

    /// The provider said that a session stands. `false` if it has ended meanwhile.
    pub fn renew(&self, key: &str, session: &StaffSession) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            if self.store.find(key)?.is_none() {
                return Ok(false);
            }
            self.store.put(key, session)?;
            Ok(true)
        })
    }

    /// The provider did not answer: the next may ask again.
    pub fn not_answered(&self, key: &str) -> Result<(), Fault> {
        self.store.ask_until(key, Timestamp::from_millis(0))
    }

    /// A session ends, for a reason where it was not its holder's wish. `false` if there is none.
    pub fn end(&self, key: &str, why: Option<&str>, request: &str, now: Timestamp) -> Result<bool, Fault> {
        self.store.sql().transaction(|| {
            let Some(stored) = self.store.find(key)? else { return Ok(false) };
            self.end_each(&[(key.to_owned(), stored.session)], why, request, now)?;
            Ok(true)
        })
    }

    /// The provider says that sessions have ended. `None` if it has said so before, with the same token.
    pub fn end_all_of(&self, ended: &Ended, request: &str, now: Timestamp) -> Result<Option<usize>, Fault> {
        self.store.sql().transaction(|| {
            let until = Timestamp::from_millis(ended.until_s.saturating_mul(1_000));
            if !self.store.mark_used(&format!("logout:{}", ended.jti), until)? {
                return Ok(None);
            }
            let sessions = self.store.all_of(ended.subject.as_ref(), ended.sid.as_deref())?;
            self.end_each(&sessions, Some(BY_THE_PROVIDER), request, now)?;
            Ok(Some(sessions.len()))
        })
    }

    fn end_each(
        &self,
        sessions: &[(String, StaffSession)],
        why: Option<&str>,
        request: &str,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let signed_out = |(_, session): &(String, StaffSession)| {
            let told = AuditEvent {
                actor: Some(session.advisor.id.clone()),
                roles: session.roles.clone(),
                request: Some(request.to_owned()),
                ..AuditEvent::new(AuditedKind::SignedOut, now)
            };
            match why {
                Some(why) => told.because(why),
                None => told,
            }
        };
        self.outbox().audit(sessions.iter().map(signed_out).collect(), now)?;
        for (key, session) in sessions {
            self.store.delete(key)?;
            let told = |desk: &DeskId| {
                let (advisor, until) = (session.advisor.id.clone(), session.ends);
                let signed_off = DeskNotification::SignedOff { advisor, session: key.clone(), until };
                Notification::Desk(desk.clone(), signed_off)
            };
            let notifications: Vec<Notification> = self.desks.iter().map(told).collect();
            self.outbox().send(&notifications, now)?;
        }
        Ok(())
    }
}

impl<S: Sql> Actor for StaffActor<S> {
    type Sql = S;
    type Effects = ();

    const CLASS: &'static str = "staff";

    fn outbox(&self) -> Outbox<'_, S> {
        Outbox::new(self.store.sql())
    }

    fn on_notification(&self, _source: &str, _id: i64, _text: &str, _now: Timestamp) -> Result<(), Error> {
        Err(Refusal::new(Code::NotFound, "nothing is sent to the sessions of the staff").into())
    }

    fn wake(&self, _now: Timestamp) -> Result<Option<()>, Fault> {
        Ok(None)
    }

    fn next_wake(&self) -> Result<Option<Timestamp>, Fault> {
        Ok(None)
    }

    fn delivered(&self, message: &OutboxMessage, _now: Timestamp) -> Result<(), Fault> {
        self.outbox().delete(message)
    }
}

/// Why a session ended that nobody of ours ended.
const BY_THE_PROVIDER: &str = "provider-logout";
/// Longer than the provider is waited for.
const ASKS_FOR_MS: i64 = 15_000;

#[cfg(test)]
mod tests;
