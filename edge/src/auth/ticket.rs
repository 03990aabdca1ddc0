// SPDX-License-Identifier: EUPL-1.2
//! Tickets: they open a socket after admission, so that a hand-off token is used once and lives two minutes.
//!
//! A ticket names one scope (a conversation or a desk) and its holder. It proves identity only; whether an advisor holds a
//! conversation is asked of the conversation each time.

use infocig_domain::{
    desk::fit::Profile,
    people::Speaker,
    policy::Policy,
    staff::{Right, Roles, StaffRole},
};
use infocig_protocol::{
    id::{AdvisorId, ConversationId, DeskId, QueueId},
    problem::Code,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::signed;
use crate::problem::{Fault, Refusal};

/// The one thing a ticket opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketScope {
    /// A conversation.
    Conversation(ConversationId),
    /// A desk.
    Desk(DeskId),
}

/// A ticket's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The conversation or desk it opens.
    pub scope: TicketScope,
    /// Its holder.
    pub speaker: Speaker,
    /// The people an advisor answers and the queues they belong to; for the scope of a desk.
    #[serde(default, skip_serializing_if = "is_anybody")]
    pub profile: Profile,
    /// The roles of its holder; for the scope of a desk.
    #[serde(default, skip_serializing_if = "Roles::is_empty")]
    pub roles: Roles,
    /// The session of the staff that it was given for, and ends with; absent where a portal signed its holder in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether its holder is a supervisor, in tickets of a time before there were roles.
    #[serde(default, skip_serializing)]
    pub supervisor: bool,
    /// First second (since the epoch) at which it no longer opens anything.
    pub exp: i64,
}

impl Ticket {
    /// A ticket that lasts from `now` as long as tickets last.
    pub fn new(scope: TicketScope, speaker: Speaker, now: Timestamp) -> Self {
        let exp = signed::expiry(now, LIFETIME_S);
        let (profile, roles) = (Profile::default(), Roles::default());
        Self { scope, speaker, profile, roles, session: None, supervisor: false, exp }
    }

    /// The same for a session of the staff, which stands for so many seconds more.
    #[must_use]
    pub fn of_session(self, session: String, seconds: i64, now: Timestamp) -> Self {
        let exp = self.exp.min(signed::expiry(now, seconds));
        Self { session: Some(session), exp, ..self }
    }

    /// The text that travels.
    pub fn sign(&self, key: &str) -> Result<String, Fault> {
        signed::sign(TYP, self, key)
    }

    /// When it began: it lasts as long as tickets last.
    pub fn issued(&self) -> Timestamp {
        self.ends().plus_millis(-LIFETIME_S * 1_000)
    }

    /// When it no longer opens anything.
    pub fn ends(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }

    /// Whether a text is a ticket for a scope, perhaps one that has ended: its holder once proved who they are.
    pub fn was_issued(text: &str, key: &str, scope: &TicketScope) -> Result<(), Refusal> {
        Self::verify_for(text, key, |named| named == scope, Timestamp::from_millis(i64::MIN)).map(|_| ())
    }

    /// Verifies a ticket for a scope.
    pub fn verify(text: &str, key: &str, scope: &TicketScope, now: Timestamp) -> Result<Self, Refusal> {
        Self::verify_for(text, key, |named| named == scope, now)
    }

    /// Reads a person's ticket for a conversation of theirs, whichever it is.
    pub fn verify_citizen(text: &str, key: &str, now: Timestamp) -> Result<(Self, ConversationId), Refusal> {
        let ticket = Self::verify_for(text, key, |scope| matches!(scope, TicketScope::Conversation(_)), now)?;
        match (&ticket.scope, &ticket.speaker) {
            (TicketScope::Conversation(id), Speaker::Citizen) => {
                let id = id.clone();
                Ok((ticket, id))
            }
            (TicketScope::Conversation(_) | TicketScope::Desk(_), _) => {
                Err(Refusal::new(Code::TicketInvalid, "the ticket is not a person's"))
            }
        }
    }

    fn verify_for(
        text: &str,
        key: &str,
        opens: impl FnOnce(&TicketScope) -> bool,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let invalid = |detail: &str| Refusal::new(Code::TicketInvalid, detail);
        let mut ticket: Self =
            signed::read(TYP, text, key).ok_or_else(|| invalid("the ticket is not one of this service"))?;
        if ticket.roles.is_empty() && matches!(ticket.scope, TicketScope::Desk(_)) {
            let role = if ticket.supervisor { StaffRole::Supervisor } else { StaffRole::Advisor };
            ticket.roles = role.into();
        }
        if !opens(&ticket.scope) {
            return Err(invalid("the ticket opens another door"));
        }
        signed::check_expiry(ticket.exp, now, "ticket")?;
        Ok(ticket)
    }
}

/// The holder of a ticket for a desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskHolder {
    /// The desk.
    pub desk: DeskId,
    /// Whether their queues are all of the desk's.
    pub of_every_queue: bool,
    /// Their queues at the desk, in the order of the policy: at least one.
    pub queues: Vec<QueueId>,
    /// The advisor; absent where a person holds it, which this service never signs.
    pub advisor: Option<AdvisorId>,
    /// Their name; empty where `advisor` is absent.
    pub name: String,
    /// Their roles.
    pub roles: Roles,
    /// The session of the staff that the ticket ends with.
    pub session: Option<String>,
}

impl DeskHolder {
    /// Verifies a ticket for a desk of the policy. It speaks for its holder's queues alone.
    pub fn verify(text: Option<&str>, key: &str, policy: &Policy, now: Timestamp) -> Result<Self, Refusal> {
        let missing = || Refusal::new(Code::TicketInvalid, "send the desk's ticket as Authorization: Bearer");
        let at_a_desk =
            |scope: &TicketScope| matches!(scope, TicketScope::Desk(desk) if policy.desks().contains(desk));
        let ticket = Ticket::verify_for(text.ok_or_else(missing)?, key, at_a_desk, now)?;
        let TicketScope::Desk(desk) = ticket.scope else {
            return Err(Refusal::new(Code::TicketInvalid, "the ticket is not a desk's"));
        };
        let queues = policy.queues_of(&desk);
        let own = queues.ids().filter(|queue| ticket.profile.serves(queue));
        let (all, queues) = (queues.ids().count(), own.cloned().collect::<Vec<QueueId>>());
        if queues.is_empty() {
            return Err(Refusal::new(Code::TicketInvalid, "its holder belongs to no queue of the desk"));
        }
        let (advisor, name) = match ticket.speaker {
            Speaker::Advisor(advisor) => (Some(advisor.id), advisor.name),
            Speaker::Citizen => (None, String::new()),
        };
        let of_every_queue = queues.len() == all;
        Ok(Self { desk, of_every_queue, queues, advisor, name, roles: ticket.roles, session: ticket.session })
    }

    /// Whether they have a right.
    pub fn may(&self, right: Right) -> bool {
        self.advisor.is_some() && self.roles.may(right)
    }

    /// Refuses a holder who has not a right.
    pub fn require(&self, right: Right) -> Result<(), Refusal> {
        if self.may(right) {
            return Ok(());
        }
        let detail = format!("the roles of this ticket's holder do not let them {}", right.as_str());
        Err(Refusal::new(Code::NotSupervisor, detail))
    }
}

fn is_anybody(profile: &Profile) -> bool {
    *profile == Profile::default()
}

/// How long a ticket lasts, in seconds: through an afternoon of three hours, and over no night.
pub const LIFETIME_S: i64 = 12 * 60 * 60;

const TYP: &str = "infocig-ticket+jwt";

#[cfg(test)]
mod tests {
    use super::*;
    use infocig_domain::people::Advisor;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_persons_ticket_says_which_conversation_it_opens_and_nobody_elses_does() {
        let scope = TicketScope::Conversation(ConversationId::of(&"0f".repeat(32), 1).unwrap());
        let read = |scope, speaker, now| {
            let text = Ticket::new(scope, speaker, at(0)).sign(KEY).unwrap();
            Ticket::verify_citizen(&text, KEY, at(now))
                .map(|(_, id)| id.ordinal())
                .map_err(|refusal| refusal.code)
        };
        let giulia = Advisor { id: AdvisorId::parse("giulia").unwrap(), name: "Giulia".into() };
        let desk = TicketScope::Desk(DeskId::parse("info-cig").unwrap());
        assert_eq!(read(scope.clone(), Speaker::Citizen, 1), Ok(1));
        assert_eq!(read(scope.clone(), Speaker::Citizen, LIFETIME_S * 1_000), Err(Code::TicketExpired));
        assert_eq!(read(scope, Speaker::Advisor(giulia), 1), Err(Code::TicketInvalid));
        assert_eq!(read(desk, Speaker::Citizen, 1), Err(Code::TicketInvalid));
    }

    #[test]
    fn a_ticket_opens_its_door_for_its_holder() {
        let text = Ticket::new(scope(1), Speaker::Citizen, at(0)).sign(KEY).unwrap();
        let read = Ticket::verify(&text, KEY, &scope(1), at(1)).unwrap();
        assert_eq!((read.speaker, read.profile), (Speaker::Citizen, Profile::default()));
    }

    #[test]
    fn a_ticket_opens_no_other_door_and_not_forever() {
        let text = Ticket::new(scope(1), Speaker::Citizen, at(0)).sign(KEY).unwrap();

        assert_eq!(code(Ticket::verify(&text, KEY, &scope(2), at(1))), Some(Code::TicketInvalid));
        assert_eq!(
            code(Ticket::verify(&text, KEY, &scope(1), at(LIFETIME_S * 1000))),
            Some(Code::TicketExpired)
        );
    }

    #[test]
    fn a_ticket_with_a_foreign_signature_opens_nothing() {
        let text = Ticket::new(scope(1), Speaker::Citizen, at(0))
            .sign("another key of thirty-two characters")
            .unwrap();

        for forged in [text.as_str(), "", "a.b.c", "eyJhbGciOiJub25lIn0.e30."] {
            assert_eq!(
                code(Ticket::verify(forged, KEY, &scope(1), at(1))),
                Some(Code::TicketInvalid),
                "{forged}"
            );
        }
    }

    /// Kind: rotation of keys.
    #[test]
    fn a_ticket_of_the_key_before_opens_its_door_until_that_key_is_removed() {
        let (old, new) = (KEY, "fedcba9876543210fedcba9876543210");
        let (first, both) = (Ticket::new(scope(1), Speaker::Citizen, at(0)), format!("{new}\n{old}"));
        let opens = |text: &str, keys: &str| Ticket::verify(text, keys, &scope(1), at(1)).is_ok();

        let before = first.sign(old).unwrap();
        let after = first.sign(&both).unwrap();

        assert!(opens(&before, &both) && opens(&after, &both) && opens(&after, new));
        assert!(!opens(&before, new), "the old key was removed");
        assert!(!opens(&after, old), "the first key signs");
    }

    #[test]
    fn only_a_supervisors_ticket_for_a_desk_of_the_policy_is_a_supervisors() {
        let policy = policy_of_two_desks();
        let advisor = Advisor { id: AdvisorId::parse("adv-1").unwrap(), name: "Giulia".into() };
        let check = |scope: TicketScope, speaker: Speaker, supervisor: bool, millis: i64| {
            let role = if supervisor { StaffRole::Supervisor } else { StaffRole::Advisor };
            let ticket = Ticket { roles: role.into(), ..Ticket::new(scope, speaker, at(0)) };
            let text = ticket.sign(KEY).unwrap();
            let holder = DeskHolder::verify(Some(&text), KEY, &policy, at(millis));
            let verified = holder.and_then(|holder| holder.require(Right::Supervise));
            verified.map_err(|refusal| refusal.code)
        };
        let desk = |desk: &str| TicketScope::Desk(DeskId::parse(desk).unwrap());
        let giulia = || Speaker::Advisor(advisor.clone());

        assert_eq!(check(desk("a"), giulia(), true, 1), Ok(()));
        assert_eq!(check(desk("b"), giulia(), true, 1), Ok(()));
        assert_eq!(check(desk("b"), giulia(), false, 1), Err(Code::NotSupervisor));
        assert_eq!(check(desk("b"), Speaker::Citizen, true, 1), Err(Code::NotSupervisor));
        assert_eq!(check(desk("c"), giulia(), true, 1), Err(Code::TicketInvalid));
        assert_eq!(check(scope(1), giulia(), true, 1), Err(Code::TicketInvalid));
        assert_eq!(check(desk("a"), giulia(), true, LIFETIME_S * 1000), Err(Code::TicketExpired));
        for text in [None, Some("a.b.c")] {
            let verified = DeskHolder::verify(text, KEY, &policy, at(1));
            assert_eq!(verified.map_err(|refusal| refusal.code), Err(Code::TicketInvalid));
        }
    }

    /// Kind: a service that was brought up to date while tickets were out.
    #[test]
    fn a_ticket_of_before_there_were_roles_gives_those_of_its_holder() {
        let policy = policy_of_two_desks();
        let giulia = Advisor { id: AdvisorId::parse("adv-1").unwrap(), name: "Giulia".into() };
        let scope = TicketScope::Desk(DeskId::parse("a").unwrap());
        for (supervisor, expected) in [(true, Ok(())), (false, Err(Code::NotSupervisor))] {
            let ticket = Ticket::new(scope.clone(), Speaker::Advisor(giulia.clone()), at(0));
            let mut claims = serde_json::to_value(ticket).unwrap();
            claims["supervisor"] = supervisor.into();
            let text = signed::sign(TYP, &claims, KEY).unwrap();
            let holder = DeskHolder::verify(Some(&text), KEY, &policy, at(1)).unwrap();
            assert_eq!(holder.require(Right::Answer), Ok(()));
            assert_eq!(holder.require(Right::Supervise).map_err(|refusal| refusal.code), expected);
        }
    }

    #[test]
    fn a_desks_ticket_speaks_for_its_holders_queues_and_for_no_other_of_the_desk() {
        let policy = policy_of_two_desks();
        let advisor = Advisor { id: AdvisorId::parse("adv-1").unwrap(), name: "Giulia".into() };
        let queues_of = |desk: &str, queues: &[&str]| {
            let scope = TicketScope::Desk(DeskId::parse(desk).unwrap());
            let queues = queues.iter().map(|queue| QueueId::parse(*queue).unwrap()).collect();
            let profile = Profile { queues, ..Profile::default() };
            let ticket = Ticket { profile, ..Ticket::new(scope, Speaker::Advisor(advisor.clone()), at(0)) };
            let verified = DeskHolder::verify(Some(&ticket.sign(KEY).unwrap()), KEY, &policy, at(1));
            let names =
                |holder: DeskHolder| holder.queues.iter().map(ToString::to_string).collect::<Vec<_>>();
            verified.map(names).map_err(|refusal| refusal.code)
        };
        assert_eq!(queues_of("a", &[]), Ok(vec!["lavoratori".into(), "aziende".into()]));
        assert_eq!(queues_of("a", &["aziende", "b"]), Ok(vec!["aziende".into()]));
        assert_eq!(queues_of("b", &[]), Ok(vec!["b".into()]));
        assert_eq!(queues_of("b", &["aziende"]), Err(Code::TicketInvalid));
    }

    fn policy_of_two_desks() -> Policy {
        let shipped = include_str!("../../policy.json");
        let one = r#"{ "id": "info-cig", "categories": ["lavoratore", "titolare", "rappresentante-legale", "consulente"] }"#;
        let three = r#"
            { "id": "lavoratori", "desk": "a", "categories": ["lavoratore"] },
            { "id": "aziende", "desk": "a", "categories": ["titolare", "rappresentante-legale"] },
            { "id": "b", "categories": ["consulente"] }"#;
        Policy::parse(&shipped.replace(one, three)).unwrap()
    }

    fn scope(ordinal: u32) -> TicketScope {
        TicketScope::Conversation(ConversationId::of(&"0d".repeat(32), ordinal).unwrap())
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn code(result: Result<Ticket, Refusal>) -> Option<Code> {
        result.err().map(|refusal| refusal.code)
    }
}
