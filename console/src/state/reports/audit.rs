// SPDX-License-Identifier: EUPL-1.2
//! The audit trail: who did or looked at what.

use infocig_client::query::Query;
use infocig_protocol::report::{AuditedAct, AuditedKind};

use super::listing::{Filters, Listing, filled, is_backwards};

/// The filters of the audit trail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditForm {
    pub from: String,
    pub to: String,
    /// Somebody's id.
    pub actor: String,
    pub act: Option<AuditedKind>,
    /// The number of a conversation.
    pub number: String,
}

impl Filters for AuditForm {
    fn parameters(&self) -> Query {
        filled([
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("actor", self.actor.trim().into()),
            ("act", self.act.map_or_else(String::new, |act| act.as_str().into())),
            ("number", self.number.trim().into()),
        ])
    }

    fn is_wrong(&self) -> bool {
        is_backwards(&self.from, &self.to)
    }
}

/// The form, and the acts.
pub type AuditView = Listing<AuditForm, AuditedAct>;

/// The form of a file of the audit trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFile {
    /// For people.
    Csv,
    /// To be verified: each row as it is stored.
    Json,
}

impl AuditFile {
    /// Its word in requests, and the ending of its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
        }
    }
}
