// SPDX-License-Identifier: EUPL-1.2
//! Sessions: the people signed in, by the random id in their cookie.
//!
//! One browser can hold a person with a question *and* an advisor at the same time, as two portals of one
//! administration would: the demonstration is a chat between two tabs.

use std::{
    collections::{HashMap, VecDeque},
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, header};

use crate::{
    people::{Advisor, Company, Person},
    random,
};

/// The cookie's name.
pub(crate) const COOKIE: &str = "infocig_demo_session";
/// How many sessions are kept; the oldest goes first.
const CAPACITY: usize = 10_000;

/// The session of one browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) citizen: Option<Citizen>,
    pub(crate) advisor: Option<&'static Advisor>,
}

/// A signed-in person, and the company they act for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Citizen {
    pub(crate) person: &'static Person,
    chosen: Option<&'static Company>,
}

impl Citizen {
    /// A person who just signed in. With a single company they act for it; with several they must choose.
    pub(crate) const fn new(person: &'static Person) -> Self {
        let chosen = match person.companies {
            [only] => Some(only),
            [] | [_, _, ..] => None,
        };
        Self { person, chosen }
    }

    /// Acting for the company with that number, or nothing if it is not one of theirs.
    pub(crate) fn acting_for(self, matricola: &str) -> Option<Self> {
        let company = self.person.company(matricola)?;
        Some(Self { chosen: Some(company), ..self })
    }

    /// The company they act for.
    pub(crate) const fn company(&self) -> Option<&'static Company> {
        self.chosen
    }

    /// Whether a company must be chosen first.
    pub(crate) const fn must_choose(&self) -> bool {
        !self.person.companies.is_empty() && self.chosen.is_none()
    }
}

/// Every session of this process.
#[derive(Default)]
pub(crate) struct Sessions {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    by_id: HashMap<String, Session>,
    oldest_first: VecDeque<String>,
}

impl Sessions {
    /// Stores `session` under a new id and removes the id `former`, so that an id known before the sign-in is worthless.
    /// Returns the new id.
    pub(crate) fn renew(&self, former: Option<&str>, session: Session) -> io::Result<String> {
        let id = random::hex_128()?;
        let mut kept = self.kept();
        kept.remove(former);
        if kept.by_id.len() >= CAPACITY
            && let Some(oldest) = kept.oldest_first.pop_front()
        {
            kept.by_id.remove(&oldest);
        }
        kept.by_id.insert(id.clone(), session);
        kept.oldest_first.push_back(id.clone());
        Ok(id)
    }

    /// Replaces the session of that id, if there is one.
    pub(crate) fn replace(&self, id: &str, session: Session) {
        if let Some(place) = self.kept().by_id.get_mut(id) {
            *place = session;
        }
    }

    /// Removes the session of that id.
    pub(crate) fn forget(&self, id: Option<&str>) {
        self.kept().remove(id);
    }

    /// The session of that id; an empty one if there is none.
    pub(crate) fn find(&self, id: Option<&str>) -> Session {
        id.and_then(|id| self.kept().by_id.get(id).copied()).unwrap_or_default()
    }

    /// A poisoned lock is used as it is: a panic can at most leave an id without a session, which is an empty session.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remove(&mut self, id: Option<&str>) {
        let Some(id) = id else { return };
        if self.by_id.remove(id).is_some() {
            self.oldest_first.retain(|kept| kept != id);
        }
    }
}

/// The session id in the cookies of a request.
pub(crate) fn id_of(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok()).find_map(id_in)
}

/// The session id in one `Cookie` header, if it has one.
fn id_in(cookies: &str) -> Option<&str> {
    cookies.split(';').find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// The `Set-Cookie` value for `id`. With `secure`, browsers send it over HTTPS only.
pub(crate) fn cookie(id: &str, secure: bool) -> String {
    format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{}", if secure { "; Secure" } else { "" })
}

/// The `Set-Cookie` value that deletes the cookie.
pub(crate) fn expired_cookie(secure: bool) -> String {
    format!("{}; Max-Age=0", cookie("", secure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_gets_a_new_id_at_every_sign_in_and_the_old_one_is_worth_nothing() {
        let sessions = Sessions::default();
        let first = sessions.renew(None, signed_in("worker-roma")).unwrap();

        let second = sessions.renew(Some(&first), signed_in("worker-napoli")).unwrap();

        assert_eq!(sessions.find(Some(&first)), Session::default());
        assert_eq!(sessions.find(Some(&second)), signed_in("worker-napoli"));
    }

    #[test]
    fn a_forgotten_session_is_nobody() {
        let sessions = Sessions::default();
        let id = sessions.renew(None, signed_in("worker-roma")).unwrap();

        sessions.forget(Some(&id));

        assert_eq!(sessions.find(Some(&id)), Session::default());
    }

    #[test]
    fn the_oldest_session_makes_room() {
        let sessions = Sessions::default();
        let first = sessions.renew(None, signed_in("worker-roma")).unwrap();
        for _ in 0..CAPACITY {
            sessions.renew(None, signed_in("worker-napoli")).unwrap();
        }

        assert_eq!(sessions.find(Some(&first)), Session::default());
        assert_eq!(sessions.kept().by_id.len(), CAPACITY);
    }

    #[test]
    fn a_person_with_one_company_acts_for_it_and_one_with_two_chooses() {
        let citizen = |id| Citizen::new(Person::by_id(id).unwrap());

        assert!(citizen("titolare-milano").company().is_some());
        assert!(citizen("consulente-napoli").must_choose());
        assert!(!citizen("worker-roma").must_choose());
        assert!(citizen("consulente-napoli").acting_for("9900000263").is_some_and(|c| !c.must_choose()));
        assert!(citizen("consulente-napoli").acting_for("9900000015").is_none(), "somebody else's company");
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(id_in("a=b; infocig_demo_session=abc; c=d"), Some("abc"));
        assert_eq!(id_in("xinfocig_demo_session=abc"), None);
        assert_eq!(id_in("infocig_demo_sessions=abc"), None);
    }

    fn signed_in(id: &str) -> Session {
        Session { citizen: Person::by_id(id).map(Citizen::new), advisor: None }
    }
}
