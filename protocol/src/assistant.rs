// SPDX-License-Identifier: EUPL-1.2
//! Questions to the automatic assistant (*Assistente automatico*) and its answers. It is a program, and everything it shows says so
//! (Regulation (EU) 2024/1689, art. 50(1)).

use infocig_protocol_derive::Wire;
use serde::{Deserialize, Serialize};

use crate::{id::MessageId, language::Language};

/// The body of `POST /v1/assistant` and of `POST /v1/conversations/{id}/assistant`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AssistantQuestion {
    /// Made by the client. In a conversation, asking again under one id adds nothing to the log.
    pub id: MessageId,
    /// The question: 1 to [`MAX_QUESTION_CHARS`](crate::limits::MAX_QUESTION_CHARS) characters.
    pub text: String,
}

/// The answer of `POST /v1/assistant` and of `POST /v1/conversations/{id}/assistant`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct AssistantAnswer {
    /// The answer, best passage first. Empty where the assistant does not know.
    #[serde(default)]
    pub passages: Vec<Passage>,
}

/// A passage of an answer: sentences about the person, or an approved text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Wire)]
pub struct Passage {
    /// The id of the approved text, stable; absent for sentences about the person, which are made of facts, and for those that a
    /// language model wrote from the texts that follow, which begin by saying so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// The question that the text answers; empty for sentences about the person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The words, in blocks with an empty line between them: paragraphs, numbered steps, and at the end the sources with their
    /// dates and addresses.
    pub text: String,
    /// The language of the words: Italian where nobody has translated the text.
    pub language: Language,
}
