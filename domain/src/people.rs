// SPDX-License-Identifier: EUPL-1.2
//! The people of a conversation, as every other module names them: who asks, who answers, who speaks on a link.

use infocig_protocol::{
    entry::{Author, Party},
    id::AdvisorId,
    person::{Category, PersonCard},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// An advisor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Advisor {
    /// The id the administration's sign-in gives them.
    pub id: AdvisorId,
    /// The name other people read.
    pub name: String,
}

/// The role of an advisor at the desk, according to the administration's sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers people.
    #[default]
    Advisor,
    /// Sees the whole desk, and may answer people.
    Supervisor,
}

/// A person who asks to enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// The person, as advisors see them.
    pub card: PersonCard,
    /// The person, as registries know them.
    pub subject: Subject,
    /// Facts that may give them priority.
    #[serde(default)]
    pub facts: PriorityFacts,
}

/// Facts that may give a person priority by the rules of the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorityFacts {
    /// When their last conversation ended, if an advisor answered it or closing time left it without an answer. A person who left
    /// by themselves has no priority when they come again: they would gain a better place by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_here: Option<Timestamp>,
    /// A day like `2026-12-01` until which they must have acted, according to the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<String>,
}

/// The person or the advisor on a link, as proven by a ticket.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The person whose conversation it is.
    Citizen,
    /// An advisor.
    Advisor(Advisor),
}

impl Speaker {
    /// The side of the conversation the speaker is on.
    pub fn party(&self) -> Party {
        match self {
            Self::Citizen => Party::Citizen,
            Self::Advisor(_) => Party::Advisor,
        }
    }

    /// The id of an advisor; `None` for the person.
    pub fn advisor(&self) -> Option<&AdvisorId> {
        match self {
            Self::Citizen => None,
            Self::Advisor(advisor) => Some(&advisor.id),
        }
    }

    pub(crate) fn author(&self) -> Author {
        match self {
            Self::Citizen => Author::Citizen,
            Self::Advisor(advisor) => Author::Advisor { name: advisor.name.clone() },
        }
    }
}

/// A person as registries know them: who signed in, and for whom they act. Ids are those of the portal's tokens, so that no tax
/// number passes through the chat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The issuer of the ids: the token's `iss`.
    pub issuer: String,
    /// The person the cases are of: the token's `sub`.
    pub subject: String,
    /// The person who acts for them: the token's `act.sub`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The capacity in which they act.
    pub category: Category,
    /// The company they act for (*matricola*).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matricola: Option<String>,
}

impl Subject {
    /// A person who acts for themself.
    pub fn themself(issuer: &str, subject: &str, category: Category) -> Self {
        Self { issuer: issuer.into(), subject: subject.into(), actor: None, category, matricola: None }
    }
}
