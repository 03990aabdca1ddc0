// SPDX-License-Identifier: EUPL-1.2
//! Suggestions of the automatic assistant to the advisor: the answer to the newest message of the person, to insert into the
//! draft.
//!
//! - The question is stored with the request: an answer to an earlier question is not shown under a later one.
//! - Nothing here is sent: an inserted text is a draft, which the advisor reads, changes and sends.

use infocig_protocol::{
    assistant::Passage,
    entry::{Author, Entry},
    limits::MAX_QUESTION_CHARS,
    problem::Code,
};

use super::cases::RequestError;

/// The suggestions in one conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// Whether their panel is open.
    pub shown: bool,
    question: String,
    progress: Progress,
}

/// The newest request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// None was made.
    #[default]
    Unasked,
    /// The answer is on its way.
    Loading,
    /// At most [`MAX_SHOWN`] passages, best first; empty where the assistant does not know.
    Answered(Vec<Passage>),
    /// The reason why there is no answer.
    Failed(RequestError),
}

impl Suggestions {
    /// The question that was asked; empty before the first.
    pub fn question(&self) -> &str {
        &self.question
    }

    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The passages to choose from.
    pub fn passages(&self) -> &[Passage] {
        match &self.progress {
            Progress::Answered(passages) => passages,
            Progress::Unasked | Progress::Loading | Progress::Failed(_) => &[],
        }
    }

    /// Whether this question was answered. A failed request is none.
    pub fn is_answered(&self, question: &str) -> bool {
        self.question == question && matches!(self.progress, Progress::Answered(_))
    }

    /// Marks a question as asked. `false` while its answer is on its way.
    pub fn request(&mut self, question: &str) -> bool {
        if self.question == question && self.progress == Progress::Loading {
            return false;
        }
        self.question = question.into();
        self.progress = Progress::Loading;
        true
    }

    /// Applies the answer to a question, unless another one was asked since.
    pub fn answered(&mut self, question: &str, answer: Result<Vec<Passage>, RequestError>) {
        if self.question != question {
            return;
        }
        self.progress = match answer {
            Ok(mut passages) => {
                passages.truncate(MAX_SHOWN);
                Progress::Answered(passages)
            }
            Err(error) => Progress::Failed(error),
        };
    }

    /// Whether asking again can help, given the newest question: after a failure, or once the person has written more.
    pub fn can_ask_again(&self, newest: Option<&str>) -> bool {
        match &self.progress {
            Progress::Unasked
            | Progress::Loading
            | Progress::Failed(RequestError::Refused(Code::AssistantOff)) => false,
            Progress::Failed(_) => newest.is_some(),
            Progress::Answered(_) => newest.is_some_and(|newest| newest != self.question),
        }
    }
}

/// The newest message of the person, as a question: no longer than the service takes. `None` if they have not written.
pub fn question_in(entries: &[Entry]) -> Option<String> {
    let by_person = |entry: &Entry| match entry.message() {
        Some((_, Author::Citizen, text)) => Some(text.trim().chars().take(MAX_QUESTION_CHARS).collect()),
        Some((_, Author::Advisor { .. }, _)) | None => None,
    };
    entries.iter().rev().find_map(by_person)
}

/// A draft with a passage at its end, in a paragraph of its own. The sources are the passage's last lines.
pub fn insert(draft: &str, passage: &str) -> String {
    match draft.trim_end() {
        "" => passage.into(),
        draft => format!("{draft}\n\n{passage}"),
    }
}

/// Most passages that are shown: each has a key, and more are not read beside a conversation.
pub const MAX_SHOWN: usize = 3;

#[cfg(test)]
mod tests {
    use infocig_protocol::{entry::EntryBody, language::Language};

    use super::*;
    use crate::state::samples::{answers, entry, message, says};

    #[test]
    fn the_question_is_the_newest_message_of_the_person() {
        let log = [
            said(1, "Buongiorno"),
            said(2, " Quando pagate?\n"),
            answers(3, "a"),
            entry(4, EntryBody::Stayed {}),
        ];
        assert_eq!(question_in(&log).as_deref(), Some("Quando pagate?"));
        assert_eq!(question_in(&log[2..]), None, "only the advisor wrote");
        assert_eq!(question_in(&[]), None);
    }

    #[test]
    fn a_long_message_is_cut_to_a_question_the_service_takes() {
        let asked = question_in(&[said(1, &"è".repeat(MAX_QUESTION_CHARS + 1))]).unwrap();
        assert_eq!(asked.chars().count(), MAX_QUESTION_CHARS);
    }

    #[test]
    fn one_question_is_asked_once_at_a_time_and_a_newer_one_at_once() {
        let mut suggestions = Suggestions::default();
        assert!(suggestions.request("a"));
        assert!(!suggestions.request("a"), "under way");
        assert!(suggestions.request("b"));
        suggestions.answered("a", Ok(vec![passage("a")]));
        assert_eq!(suggestions.progress(), &Progress::Loading, "the answer to an earlier question");
        assert!(!suggestions.is_answered("b"));
        suggestions.answered("b", Ok(vec![passage("b")]));
        assert_eq!((suggestions.question(), suggestions.passages()), ("b", &[passage("b")][..]));
        assert!(suggestions.is_answered("b") && !suggestions.is_answered("a"));
    }

    #[test]
    fn no_more_passages_are_shown_than_have_a_key() {
        let mut suggestions = Suggestions::default();
        suggestions.request("a");
        suggestions.answered("a", Ok(["1", "2", "3", "4"].map(passage).to_vec()));
        assert_eq!(suggestions.passages(), ["1", "2", "3"].map(passage));
    }

    #[test]
    fn asking_again_is_offered_where_it_can_help() {
        let mut suggestions = Suggestions::default();
        assert!(!suggestions.can_ask_again(Some("a")), "the first is asked by opening");
        suggestions.request("a");
        assert!(!suggestions.can_ask_again(Some("b")), "under way");
        suggestions.answered("a", Ok(vec![]));
        assert!(!suggestions.can_ask_again(Some("a")), "the answer would be the same");
        assert!(suggestions.can_ask_again(Some("b")));

        suggestions.request("a");
        suggestions.answered("a", Err(RequestError::Unanswered));
        assert!(suggestions.can_ask_again(Some("a")));
        assert!(!suggestions.is_answered("a"), "opening the panel asks anew");
        suggestions.answered("a", Err(RequestError::Refused(Code::AssistantOff)));
        assert!(!suggestions.can_ask_again(Some("b")));
    }

    #[test]
    fn an_inserted_passage_never_replaces_the_draft() {
        assert_eq!(insert("", "testo\nFonte: a"), "testo\nFonte: a");
        assert_eq!(insert(" \n", "testo"), "testo");
        assert_eq!(insert("Ecco: ", "testo\nFonte: a"), "Ecco:\n\ntesto\nFonte: a");
    }

    fn said(seq: u64, text: &str) -> Entry {
        let body = EntryBody::Message { id: message("m"), author: Author::Citizen, text: text.into() };
        Entry { body, ..says(seq, "m") }
    }

    fn passage(text: &str) -> Passage {
        Passage { entry: None, title: String::new(), text: text.into(), language: Language::It }
    }
}
