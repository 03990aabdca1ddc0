// SPDX-License-Identifier: EUPL-1.2
//! The invented people of the scenarios, and the rules they live by.

use std::num::{NonZeroU16, NonZeroU32};

use infocig_domain::{
    people::{Advisor, Asker, PriorityFacts, Speaker, Subject},
    policy::{CallRules, DeskRules, Inactivity, Messages, Policy, RoutingRule},
};
use infocig_protocol::{
    case::{BenefitKind, Payment, Question},
    desk::{AssignmentMode, Match},
    id::{AdvisorId, ConversationId, MessageId, QueueId},
    language::Language,
    person::{ActingFor, Category, Credential, PersonCard},
    skill::Skill,
    time::Timestamp,
    topic::TopicPath,
};

pub(super) const KEY: &str = "0123456789abcdef0123456789abcdef";

/// An instant, in seconds after the scenario began.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_795_442_400_000 + seconds * 1_000)
}

/// The id of the conversation object.
pub(super) fn object() -> String {
    "0f".repeat(32)
}

pub(super) fn conversation(ordinal: u32) -> ConversationId {
    ConversationId::of(&object(), ordinal).unwrap()
}

pub(super) fn queue() -> QueueId {
    QueueId::parse("info-cig").unwrap()
}

pub(super) fn message(id: &str) -> MessageId {
    MessageId::parse(id).unwrap()
}

pub(super) fn topic() -> TopicPath {
    ["pagamento", "diretto", "data"].map(String::from)
}

/// The policy, with numbers of its own where they change stored values.
pub(super) fn policy() -> Policy {
    let mut policy = Policy::parse(include_str!("../../../policy.json")).unwrap();
    let number = |number| NonZeroU32::new(number).unwrap();
    let minutes = |minutes| NonZeroU16::new(minutes).unwrap();
    policy.messages =
        Messages { burst: number(100), per_minute: number(6_000), per_conversation: number(5_000) };
    policy.calls = CallRules { on: true, citizen_may_ask: true, relay_only: true, places: number(2) };
    policy.desk = DeskRules {
        assignment: AssignmentMode::Automatic,
        capacity: number(3),
        accept_within_seconds: number(45),
        lost_grace_seconds: 60,
        wrap_up_seconds: 60,
        absent_minutes: minutes(10),
        longest_wait_minutes: minutes(60),
        update_seconds: number(10),
        inactivity: Inactivity { warn_minutes: minutes(8), close_minutes: minutes(4) },
        routing: vec![RoutingRule { after_minutes: 0, agree: Match::ALL.to_vec() }],
        ..policy.desk
    };
    policy
}

/// People who differ in every word that describes a person.
pub(super) fn person(number: usize) -> PersonCard {
    let nth = |of: usize| number % of;
    PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::ALL[nth(Category::ALL.len())],
        province: "058".into(),
        province_name: "Roma".into(),
        credential: Credential::ALL[nth(Credential::ALL.len())],
        acting_for: (number % 2 == 1).then(|| ActingFor {
            name: "Officine Fantasia S.r.l.".into(),
            matricola: Some("9900000015".into()),
        }),
        language: Language::ALL[nth(Language::ALL.len())],
        entry_point: None,
        about: Skill::ALL.get(nth(Skill::ALL.len() + 1)).copied(),
        question: None,
    }
}

pub(super) fn asker(number: usize) -> Asker {
    let card = person(number);
    let subject = Subject {
        actor: Some("p-2".into()),
        matricola: Some("9900000015".into()),
        ..Subject::themself("https://portale.example", "p-1", card.category)
    };
    let facts = PriorityFacts { last_here: None, deadline: Some("2026-12-01".into()) };
    Asker { card, subject, facts }
}

pub(super) fn question() -> Question {
    Question {
        about: Some(BenefitKind::Cigo),
        from: Some("2026-09".into()),
        to: Some("2026-10".into()),
        payment: Some(Payment::Direct),
        protocol: Some("INPS.5100.02/10/2026.0123456".into()),
    }
}

pub(super) fn advisor(id: &str) -> Advisor {
    Advisor { id: AdvisorId::parse(id).unwrap(), name: format!("Nome di {id}") }
}

pub(super) fn speaker(id: &str) -> Speaker {
    Speaker::Advisor(advisor(id))
}
