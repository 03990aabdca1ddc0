// SPDX-License-Identifier: EUPL-1.2
//! Addresses of the plain pages: where everything is, and how a person looks at it.

use infocig_protocol::language::Language;

/// The path of all plain pages.
pub const PATH: &str = "/chat";

/// The options of a page: all the parameters of its address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageOptions {
    /// The language they asked for.
    pub language: Option<Language>,
    /// How often the page loads itself anew, if they asked for it.
    pub refresh: Option<Refresh>,
    /// Show the entries before this one.
    pub before: Option<u64>,
}

/// How often a page loads itself anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Every 20 seconds.
    Often,
    /// Every 60 seconds.
    Seldom,
}

impl Refresh {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Often, Self::Seldom];

    /// How many seconds a page stands.
    pub const fn seconds(self) -> u8 {
        match self {
            Self::Often => 20,
            Self::Seldom => 60,
        }
    }

    /// The one of so many seconds, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|refresh| refresh.seconds().to_string() == text)
    }
}

impl PageOptions {
    /// A path below [`PATH`] with this view in it.
    pub fn address(&self, below: &str) -> String {
        self.address_with(below, None)
    }

    /// The address to which a browser is sent to prove that it keeps cookies, and enters.
    pub fn address_to_enter(&self) -> String {
        self.address_with("", Some(("enter", "1".to_string())))
    }

    pub(super) fn address_with(&self, below: &str, more: Option<(&str, String)>) -> String {
        let parameters = [
            self.language.map(|language| ("lang", language.as_str().to_string())),
            self.refresh.map(|refresh| ("refresh", refresh.seconds().to_string())),
            self.before.map(|before| ("before", before.to_string())),
            more,
        ];
        let parameters: Vec<String> =
            parameters.into_iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if parameters.is_empty() { "" } else { "?" };
        format!("{PATH}{below}{mark}{}", parameters.join("&"))
    }

    pub(super) fn newest(self) -> Self {
        Self { before: None, ..self }
    }

    pub(super) fn still(self) -> Self {
        Self { refresh: None, ..self }
    }
}
