// SPDX-License-Identifier: EUPL-1.2
//! The search for conversations. Nobody is found by a name, a tax number or a word they wrote.

use infocig_client::query::Query;
use infocig_protocol::{entry::Outcome, report::FoundConversation};

use super::listing::{Filters, Listing, filled, is_backwards};

/// The kinds of numbers by which a conversation is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NumberOf {
    #[default]
    Conversation,
    Segnalazione,
    Protocol,
}

impl NumberOf {
    pub const ALL: [Self; 3] = [Self::Conversation, Self::Segnalazione, Self::Protocol];

    /// The parameter of the request.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Conversation => "number",
            Self::Segnalazione => "segnalazione",
            Self::Protocol => "protocol",
        }
    }

    /// Reads the name of the parameter.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// The form of a search. An empty field is no filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchForm {
    pub number_of: NumberOf,
    pub number: String,
    pub from: String,
    pub to: String,
    /// The ids of the three levels with `/` between them.
    pub topic: String,
    pub outcome: Option<Outcome>,
    /// The id of an advisor.
    pub advisor: String,
    /// The id of a queue.
    pub queue: String,
}

impl Filters for SearchForm {
    fn parameters(&self) -> Query {
        let outcome = self.outcome.map_or_else(String::new, |outcome| outcome.as_str().into());
        filled([
            (self.number_of.as_str(), self.number.trim().into()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("topic", self.topic.clone()),
            ("outcome", outcome),
            ("advisor", self.advisor.trim().into()),
            ("queue", self.queue.clone()),
        ])
    }

    fn is_wrong(&self) -> bool {
        is_backwards(&self.from, &self.to)
    }
}

/// The form, and the conversations found.
pub type SearchView = Listing<SearchForm, FoundConversation>;
