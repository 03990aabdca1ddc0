// SPDX-License-Identifier: EUPL-1.2
//! The rating of a closed conversation: one question with three answers, and an optional comment.

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

/// The body of `POST /v1/conversations/{id}/rating`. A later rating replaces the earlier one.
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
    /// Yes.
    Yes,
    /// A part of it.
    Partly,
    /// No.
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
