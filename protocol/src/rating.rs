// SPDX-License-Identifier: EUPL-1.2
//! What a person says of a conversation that is over: one question with three answers, and a comment if they like.

use serde::{Deserialize, Serialize};

/// The body of `POST /v1/conversations/{id}/rating`. Saying it again replaces what was said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Whether they had the answer they were looking for.
    pub answer: Answer,
    /// Anything else they want to say: 1 to [`MAX_COMMENT_CHARS`](crate::limits::MAX_COMMENT_CHARS) characters, at least one
    /// of them not a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Whether a person had the answer they were looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// They had.
    Yes,
    /// A part of it.
    Partly,
    /// They had not.
    No,
}

impl Answer {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// The word that travels and is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }

    /// The answer with that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_what_travels() {
        for answer in Answer::ALL {
            assert_eq!(serde_json::to_value(answer).unwrap(), answer.as_str());
            assert_eq!(Answer::parse(answer.as_str()), Some(answer));
        }
        assert_eq!(Answer::parse("maybe"), None);
    }
}
