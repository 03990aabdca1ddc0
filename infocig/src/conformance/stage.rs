// SPDX-License-Identifier: EUPL-1.2
//! The stage of a play: the service, the key its tokens are signed with, invented people and advisors, and every conversation
//! that was opened, so that each is ended.
//!
//! Every clause has people and advisors of its own: limits and locks of one do not reach another.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use super::clause::{Played, Verdict, broken, expect, untried};
use super::console::Console;
use super::link::{Link, hello};
use super::net::{Answer, Service};
use crate::signing::SigningPair;
use crate::{now, random};

/// The stage.
pub(super) struct Stage {
    pub(super) service: Service,
    pub(super) pair: SigningPair,
    pub(super) kid: String,
    pub(super) issuer: String,
    /// The origin of the issuer's pages.
    pub(super) origin: String,
    pub(super) audience: String,
    pub(super) desk_audience: String,
    /// Segnalazioni are forwarded too.
    pub(super) forward: bool,
    /// A ticket of an earlier run.
    pub(super) kept: Option<Opened>,
    pub(super) opened: Mutex<Vec<Opened>>,
}

/// A conversation a person entered.
#[derive(Clone, Debug)]
pub(super) struct Opened {
    /// The person: `sub` of their tokens.
    pub(super) person: String,
    pub(super) conversation: String,
    pub(super) ticket: String,
    /// The path of its socket.
    pub(super) socket: String,
}

/// A conversation with its person, and the advisor who holds it.
pub(super) struct Answered {
    pub(super) opened: Opened,
    pub(super) person: Link,
    pub(super) console: Console,
    /// The advisor's link.
    pub(super) advisor: Link,
    /// The advisor's ticket of the conversation.
    pub(super) ticket: String,
}

impl Stage {
    /// The claims of a person, now.
    pub(super) fn claims(&self, person: &str) -> Result<Value, Verdict> {
        let mut claims = self.registered(person, &self.audience)?;
        let own = json!({
            "acr": "https://www.spid.gov.it/SpidL2", "amr": ["spid"], "client_id": "myinps", "infocig_role": "lavoratore",
            "given_name": "Prova", "family_name": "Conformità", "infocig_province": "058", "locale": "it",
        });
        add(&mut claims, own);
        Ok(claims)
    }

    /// The claims of an advisor, now.
    pub(super) fn advisor_claims(&self, advisor: &str, role: &str) -> Result<Value, Verdict> {
        let mut claims = self.registered(advisor, &self.desk_audience)?;
        add(
            &mut claims,
            json!({ "name": format!("Prova {}", advisor.get(12..16).unwrap_or_default()), "infocig_role": role }),
        );
        Ok(claims)
    }

    fn registered(&self, subject: &str, audience: &str) -> Result<Value, Verdict> {
        let at = now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        Ok(json!({
            "iss": self.issuer, "aud": audience, "sub": subject, "jti": new_id()?, "iat": at, "nbf": at, "exp": at + 60,
        }))
    }

    /// A hand-off token with these claims.
    pub(super) fn handoff(&self, claims: &Value) -> String {
        self.pair.sign("infocig-handoff+jwt", &self.kid, claims)
    }

    /// A new advisor's token.
    pub(super) fn advisor_token(&self, role: &str) -> Result<(String, String), Verdict> {
        let advisor = format!("{ADVISOR}{}", new_id()?.get(..8).unwrap_or_default());
        let claims = self.advisor_claims(&advisor, role)?;
        Ok((self.pair.sign("infocig-advisor+jwt", &self.kid, &claims), advisor))
    }

    /// `POST` with a bearer, as a page of the issuer.
    pub(super) fn post(&self, path: &str, bearer: &str, body: Option<&Value>) -> Result<Answer, Verdict> {
        self.ask("POST", path, bearer, body)
    }

    /// `GET` with a bearer, as a page of the issuer.
    pub(super) fn get(&self, path: &str, bearer: &str) -> Result<Answer, Verdict> {
        self.ask("GET", path, bearer, None)
    }

    fn ask(&self, method: &str, path: &str, bearer: &str, body: Option<&Value>) -> Result<Answer, Verdict> {
        let bearer = format!("Bearer {bearer}");
        let mut headers = vec![("origin", self.origin.as_str())];
        if bearer.len() > "Bearer ".len() {
            headers.push(("authorization", &bearer));
        }
        let body = body.map(Value::to_string);
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.service.ask(method, path, &headers, body.as_deref())
    }

    /// A new person enters. Not tried when the service lets nobody in now.
    pub(super) fn enter(&self) -> Result<Opened, Verdict> {
        let person = format!("conformance-{}", new_id()?);
        self.enter_as(&person)
    }

    /// A person enters, perhaps again.
    pub(super) fn enter_as(&self, person: &str) -> Result<Opened, Verdict> {
        let answer = self.post("/v1/conversations", &self.handoff(&self.claims(person)?), None)?;
        self.entered(person, &answer)
    }

    /// The conversation of an answer, which is ended later.
    pub(super) fn entered(&self, person: &str, answer: &Answer) -> Result<Opened, Verdict> {
        let document = answer.json();
        if let Some(message) = document["admission"]["message"].as_str() {
            return Err(untried(format_args!(
                "the service lets nobody in now ({}): {message}",
                document["code"]
            )));
        }
        let member = |name: &str| document[name].as_str().map(ToOwned::to_owned);
        let opened = (|| {
            let (conversation, ticket) = (member("conversation")?, member("ticket")?);
            Some(Opened { person: person.to_owned(), conversation, ticket, socket: member("socket")? })
        })();
        let opened = opened
            .filter(|_| [200, 201].contains(&answer.status))
            .ok_or_else(|| broken("200 or 201 with `conversation`, `ticket`, `socket`", answer.said()))?;
        self.register().push(opened.clone());
        Ok(opened)
    }

    fn register(&self) -> MutexGuard<'_, Vec<Opened>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The conversations that were opened and not ended.
    pub(super) fn take_opened(&self) -> Vec<Opened> {
        std::mem::take(&mut *self.register())
    }

    /// Ends conversations as their persons.
    pub(super) fn end(&self, conversations: &[Opened]) {
        for opened in conversations {
            // What cannot be ended now ends by itself, by the limits of the service.
            let _ended = self.poll_once(opened, &[hello(&opened.ticket, 0), json!({ "close": {} })]);
        }
    }

    fn poll_once(&self, opened: &Opened, frames: &[Value]) -> Result<Answer, Verdict> {
        let frames: Vec<String> = frames.iter().map(Value::to_string).collect();
        let poll = json!({ "link": new_id()?, "number": 1, "frames": frames, "wait": false });
        self.post(&opened.poll(), "", Some(&poll))
    }

    /// A socket of a conversation before `hello`.
    pub(super) fn socket(&self, opened: &Opened) -> Result<Link, Verdict> {
        Link::open(&self.service, &self.origin, &opened.socket, &opened.ticket)
    }

    /// The person's link, welcomed.
    pub(super) fn link(&self, opened: &Opened) -> Result<Link, Verdict> {
        self.link_after(opened, 0)
    }

    /// The same from an entry on.
    pub(super) fn link_after(&self, opened: &Opened, resume_after: u64) -> Result<Link, Verdict> {
        let mut link = self.socket(opened)?;
        link.hello(&opened.ticket, resume_after)?;
        Ok(link)
    }

    /// A new person and their link.
    pub(super) fn person(&self) -> Result<(Opened, Link), Verdict> {
        let opened = self.enter()?;
        let link = self.link(&opened)?;
        Ok((opened, link))
    }

    /// The link of somebody else with a ticket for the conversation.
    pub(super) fn link_of(&self, opened: &Opened, ticket: &str) -> Result<Link, Verdict> {
        let mut link = Link::open(&self.service, &self.origin, &opened.socket, ticket)?;
        link.hello(ticket, 0)?;
        Ok(link)
    }

    /// A new advisor at the desk.
    pub(super) fn console(&self) -> Result<Console, Verdict> {
        Console::join(self, "advisor")
    }

    /// A new supervisor at the desk.
    pub(super) fn supervisor(&self) -> Result<Console, Verdict> {
        Console::join(self, "supervisor")
    }

    /// A new person whom a new advisor answers.
    pub(super) fn answered(&self) -> Result<Answered, Verdict> {
        self.answered_as(&format!("conformance-{}", new_id()?))
    }

    /// The same for a person who was there before.
    pub(super) fn answered_as(&self, person: &str) -> Result<Answered, Verdict> {
        let opened = self.enter_as(person)?;
        let mut person = self.link(&opened)?;
        let mut console = self.console()?;
        let ticket = console.answer(&opened.conversation)?;
        person.entry_of("assigned")?;
        let advisor = self.link_of(&opened, &ticket)?;
        Ok(Answered { opened, person, console, advisor, ticket })
    }

    /// Makes sure that there is a service, and that nobody waits or works at its desk.
    pub(super) fn inspect(&self) -> Result<(), String> {
        let reached = self.service.ask("GET", "/v1/availability?category=lavoratore", &[], None);
        if let Err(Verdict::Broken { observed, .. } | Verdict::Untried(observed)) = reached {
            return Err(format!("{} cannot be reached: {observed}", self.service.origin));
        }
        // A service that lets no supervisor in is found out by the clauses.
        let Ok(console) = self.supervisor() else { return Ok(()) };
        let picture = &console.picture;
        let colleagues =
            picture.colleagues.iter().filter(|other| !other.advisor.as_str().starts_with(ADVISOR));
        let (people, colleagues) = (picture.waiting.len(), colleagues.count());
        if people + colleagues == 0 {
            return Ok(());
        }
        Err(format!(
            "{people} people wait at this desk and {colleagues} advisors are there: this is no test installation, somebody else \
             tests it, or a run before this one was broken off, whose people leave the queue after some minutes"
        ))
    }
}

impl Opened {
    /// The path of its polls.
    pub(super) fn poll(&self) -> String {
        match self.socket.strip_suffix("/socket") {
            Some(before) => format!("{before}/poll"),
            None => self.socket.clone(),
        }
    }

    /// A path below it.
    pub(super) fn path(&self, part: &str) -> String {
        format!("/v1/conversations/{}/{part}", self.conversation)
    }
}

impl Answered {
    /// Both sides have read the same log, without gaps.
    pub(super) fn same_log(&mut self, stage: &Stage) -> Played {
        let logs = [stage.link(&self.opened)?, stage.link_of(&self.opened, &self.ticket)?]
            .map(|link| link.log.clone());
        let [of_person, of_advisor] = &logs;
        expect(of_person == of_advisor, "one log for both sides", format_args!("{logs:?}"))
    }
}

/// A random id.
pub(super) fn new_id() -> Result<String, Verdict> {
    random::hex::<16>().map_err(untried)
}

fn add(claims: &mut Value, more: Value) {
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
}

/// The beginning of the id of every invented advisor.
const ADVISOR: &str = "conformance-";
