// SPDX-License-Identifier: EUPL-1.2
//! An answer that the advisor proposes for the automatic assistant: made of the newest question of the person and the newest answer
//! to it, without what tells of the person, and read once more by the advisor before it leaves.

use infocig_protocol::{
    blank::is_blank,
    entry::{Author, Entry},
    id::MessageId,
    language::Language,
    policy::ProposedAnswer,
    sensitive,
};

use super::{rules::RulesError, suggestions};

/// A proposal that is being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProposalForm {
    pub question: String,
    pub answer: String,
    pub progress: Progress,
    /// Whether somebody has tried to send it: errors show from then on.
    pub tried: bool,
    /// Its id from the first attempt on, so that a repetition is no other proposal.
    id: Option<MessageId>,
}

/// The state of the newest attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    #[default]
    Writing,
    Sending,
    Sent,
    Failed(RulesError),
}

impl ProposalForm {
    /// The form of a conversation with a person of that name.
    pub fn of(entries: &[Entry], name: &str) -> Self {
        let by_advisor = |entry: &Entry| match entry.message() {
            Some((_, Author::Advisor { .. }, text)) => Some(sensitive::without_person(text.trim(), name)),
            Some((_, Author::Citizen, _)) | None => None,
        };
        let question = suggestions::question_in(entries).unwrap_or_default();
        Self {
            question: sensitive::without_person(&question, name),
            answer: entries.iter().rev().find_map(by_advisor).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Whether the question, the answer is missing.
    pub fn missing(&self) -> (bool, bool) {
        (is_blank(&self.question), is_blank(&self.answer))
    }

    /// The proposal to send, under the id of the first attempt; `None` with an error, or while one is under way.
    pub fn send(&mut self, new_id: MessageId, language: Language) -> Option<ProposedAnswer> {
        self.tried = true;
        if self.missing() != (false, false) || matches!(self.progress, Progress::Sending | Progress::Sent) {
            return None;
        }
        self.progress = Progress::Sending;
        let id = self.id.get_or_insert(new_id).clone();
        let (question, answer) = (self.question.trim().into(), self.answer.trim().into());
        Some(ProposedAnswer { id, question, answer, language })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::samples::{message, says, wrote};

    #[test]
    fn a_proposal_begins_with_the_newest_of_both_without_the_person() {
        let log = [
            wrote(1, "a", Author::Citizen, "Quando pagate la pratica 4900123456?"),
            wrote(2, "b", Author::Advisor { name: "Giulia".into() }, "Lucia, la sede paga entro 15 giorni."),
        ];
        let form = ProposalForm::of(&log, "Lucia Ferretti");
        assert_eq!(form.question, "Quando pagate la pratica …");
        assert_eq!(form.answer, "… la sede paga entro 15 giorni.");
        assert_eq!(ProposalForm::of(&[says(1, "m")], "").answer, "", "nobody has answered");
    }

    #[test]
    fn a_proposal_is_sent_once_and_again_after_a_failure_under_the_same_id() {
        let mut form = ProposalForm { question: "Quando?".into(), ..ProposalForm::default() };
        assert_eq!(form.send(message("p1"), Language::It), None, "there is no answer");
        assert_eq!((form.tried, form.missing()), (true, (false, true)));
        form.answer = " Entro 15 giorni. ".into();
        let sent = form.send(message("p2"), Language::It).unwrap();
        assert_eq!((sent.id.as_str(), &*sent.answer), ("p2", "Entro 15 giorni."));
        assert_eq!(form.send(message("p3"), Language::It), None, "under way");
        form.progress = Progress::Failed(RulesError::Unanswered);
        assert_eq!(form.send(message("p4"), Language::It).map(|sent| sent.id), Some(message("p2")));
    }
}
