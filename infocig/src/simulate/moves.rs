// SPDX-License-Identifier: EUPL-1.2
//! What people and advisors of a simulated afternoon did, for a program that plays it against a running service.

use std::collections::{BTreeMap, BTreeSet};

use infocig_protocol::{id::AdvisorId, language::Language, time::Timestamp};
use serde::Serialize;

/// One act, and the desk after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Move {
    /// When, in milliseconds since the epoch.
    pub(crate) at: Timestamp,
    /// The act.
    pub(crate) act: Act,
    /// The desk once everybody knows of it.
    pub(crate) desk: DeskState,
}

/// An act. People are numbered in the order in which they arrive, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    /// An advisor signs in, who answers in these languages; an empty list is Italian.
    SignsIn { advisor: AdvisorId, languages: Vec<Language> },
    /// A person asks to enter. One who is not on the desk afterwards was refused.
    Arrives { person: u32, language: Language },
    /// A person stops waiting.
    GivesUp { person: u32 },
    /// An advisor accepts the offer they have.
    Accepts { person: u32, advisor: AdvisorId },
    /// An advisor ends a conversation, with its topic and outcome.
    Ends { person: u32, advisor: AdvisorId },
    /// Nobody does anything, and the desk does: an offer or a wait is over, or the service closes. People who are
    /// told their place, and nothing else, are left out.
    TimePasses {},
}

/// The conversations on the desk, by the number of their person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DeskState {
    /// Offered to nobody.
    pub(crate) waiting: BTreeSet<u32>,
    /// Offered to an advisor.
    pub(crate) offered: BTreeMap<u32, AdvisorId>,
    /// Held by an advisor.
    pub(crate) held: BTreeMap<u32, AdvisorId>,
}
