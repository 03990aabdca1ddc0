// SPDX-License-Identifier: EUPL-1.2
//! Documents for the data protection officer: what the rules erase, holds, erasures and their proofs.
//! `docs/data-protection.openapi.yaml` describes the requests.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{person::Category, time::Timestamp};

/// A person in one capacity, and why something is done about them: the body of requests about one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(deny_unknown_fields)]
pub struct AboutPerson {
    /// The portal that named them, as its tokens write it.
    pub issuer: String,
    /// The id that the portal gave them; never a tax number.
    pub person: String,
    /// In which capacity; absent for a worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The id of who acted for them; absent where they did themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// The number of the company they stood for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub represented: Option<String>,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// Why a hold is released: the body of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(deny_unknown_fields)]
pub struct Because {
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// How much the rules would erase tonight, by class, and the periods they go by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct DueTonight {
    /// Conversations.
    pub conversations: u32,
    /// Comments.
    pub comments: u32,
    /// Segnalazioni.
    pub segnalazioni: u32,
    /// Links between records and people.
    pub register_links: u32,
    /// Who decided the periods; absent where nobody has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// The periods, in the order of the policy; classes without one are kept.
    pub kept: Vec<Kept>,
}

/// How long data of a class are kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Kept {
    /// The word of the class in the policy.
    pub class: String,
    /// So many days.
    pub days: u16,
    /// What the period rests on; absent for the service's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// A hold: nothing about its person is erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// How the numbers of the person's conversations begin.
    pub person: String,
    /// Since when.
    pub at: Timestamp,
    /// The id of who set it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The proof that a person was erased. It says nothing about them: its id is drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct ErasureProof {
    /// Its id.
    pub id: String,
    /// When it was done.
    pub at: Timestamp,
    /// How many conversations were erased.
    pub conversations: u32,
    /// How many comments.
    pub comments: u32,
    /// How many segnalazioni.
    pub segnalazioni: u32,
    /// How many records nothing leads to the person from any more.
    pub register_links: u32,
    /// SHA-256 of the hash of the proof before and of this one, in hexadecimal: none can be left out or changed unnoticed.
    pub hash: String,
}
