// SPDX-License-Identifier: EUPL-1.2
//! What a person says of a conversation that is over: one question with three answers, and a comment if they like.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/conversations/{id}/rating`. Saying it again replaces what was said before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Rating {
    /// Whether they had the answer they were looking for.
    pub answer: Answer,
    /// Anything else they want to say: 1 to [`MAX_COMMENT_CHARS`](crate::limits::MAX_COMMENT_CHARS) characters, at least one
    /// of them not a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Whether a person had the answer they were looking for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// They had.
    Yes,
    /// A part of it.
    Partly,
    /// They had not.
    No,
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
