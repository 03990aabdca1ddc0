// SPDX-License-Identifier: EUPL-1.2
//! The search for conversations. Nobody is found by a name, a tax number or a word they wrote.

use infocig_client::query::Query;
use infocig_protocol::{
    entry::Outcome,
    report::{FoundConversation, FoundConversations},
};

use super::Loading;
use crate::state::cases::RequestError;

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

impl SearchForm {
    fn parameters(&self) -> Query {
        let outcome = self.outcome.map_or_else(String::new, |outcome| outcome.as_str().into());
        let fields = [
            (self.number_of.as_str(), self.number.trim().into()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("topic", self.topic.clone()),
            ("outcome", outcome),
            ("advisor", self.advisor.trim().into()),
            ("queue", self.queue.clone()),
        ];
        fields.into_iter().filter(|(_, value): &(_, String)| !value.is_empty()).collect()
    }

    /// Whether both days are there and in the wrong order.
    pub fn is_backwards(&self) -> bool {
        !self.from.is_empty() && !self.to.is_empty() && self.from > self.to
    }
}

/// The form, and the conversations found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchView {
    pub form: SearchForm,
    /// The form of the listed conversations.
    sought: SearchForm,
    pub pages: Loading<()>,
    pub found: Vec<FoundConversation>,
    next: Option<String>,
}

impl SearchView {
    /// Begins a search. Returns the number of the request for the first page; `None` for a form that has an error.
    pub fn begin(&mut self) -> Option<u32> {
        if self.form.is_backwards() {
            return None;
        }
        self.sought = self.form.clone();
        self.found.clear();
        self.next = None;
        self.pages.answer = None;
        Some(self.pages.begin())
    }

    /// The number of the request for the next page; `None` if there is none, or it is loading.
    pub fn begin_next(&mut self) -> Option<u32> {
        (self.next.is_some() && !self.pages.loading).then(|| self.pages.begin())
    }

    /// The parameters of the request for the next page.
    pub fn parameters(&self) -> Query {
        let mut query = self.sought.parameters();
        query.extend(self.next.clone().map(|next| ("cursor", next)));
        query
    }

    /// Applies a page.
    pub fn answered(&mut self, number: u32, answer: Result<FoundConversations, RequestError>) {
        let newest = self.pages.is_newest(number);
        let page = answer.map(|FoundConversations { conversations, next }| {
            if newest {
                self.found.extend(conversations);
                self.next = next;
            }
        });
        self.pages.answered(number, page);
    }

    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }
}
