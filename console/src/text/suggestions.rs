// SPDX-License-Identifier: EUPL-1.2
//! Suggestions of the automatic assistant, and answers that are proposed for it.

use infocig_client::words::Words;
use infocig_protocol::problem::Code;

use crate::state::{
    cases::RequestError,
    proposal::{self, ProposalForm},
    rules::RulesError,
    suggestions::{Progress, Suggestions},
};

/// The label of the button that asks; without a message there is nothing to ask.
pub const fn suggest(has_question: bool) -> &'static str {
    if has_question { "suggestions.action" } else { "suggestions.no_message" }
}

/// The state of the newest request, in a sentence.
pub fn suggestions(words: &Words, suggestions: &Suggestions) -> String {
    match suggestions.progress() {
        Progress::Unasked => String::new(),
        Progress::Loading => words.text("suggestions.coming"),
        Progress::Answered(passages) if passages.is_empty() => words.text("suggestions.unknown"),
        Progress::Answered(passages) => words.count("suggestions.found", passages.len() as u64),
        Progress::Failed(error) => words.text(suggestions_error(*error)),
    }
}

/// The reason why there are no suggestions.
pub const fn suggestions_error(error: RequestError) -> &'static str {
    match error {
        RequestError::Unanswered => "suggestions.unanswered",
        RequestError::Refused(Code::AssistantOff) => "suggestions.off",
        RequestError::Refused(Code::NotAssigned) => "request_error.not_assigned",
        RequestError::Refused(Code::ConversationClosed) => "request_error.conversation_closed",
        RequestError::Refused(_) => "suggestions.failed",
    }
}

/// The label of the button that asks again: after a failure, or for a message that came since.
pub const fn suggest_again(progress: &Progress) -> &'static str {
    if matches!(progress, Progress::Failed(_)) { "action.retry" } else { "suggestions.newer" }
}

/// The state of a proposal, in a sentence.
pub fn proposal(words: &Words, form: &ProposalForm) -> String {
    words.text(match form.progress {
        proposal::Progress::Sending => "proposal.sending",
        proposal::Progress::Sent => "proposal.sent",
        proposal::Progress::Failed(RulesError::Refused(Code::TooFast)) => "proposal.full",
        proposal::Progress::Failed(RulesError::Refused(_)) => "proposal.refused",
        proposal::Progress::Failed(RulesError::Unanswered | RulesError::SignedOut) => "proposal.unanswered",
        proposal::Progress::Writing if form.tried && form.missing() != (false, false) => "proposal.missing",
        proposal::Progress::Writing => return String::new(),
    })
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{assistant::Passage, language::Language};

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn every_state_of_a_request_is_one_sentence() {
        let words = italian();
        let mut asked = Suggestions::default();
        assert_eq!(suggestions(&words, &asked), "");
        asked.request("a");
        assert_eq!(suggestions(&words, &asked), "Cerchiamo una risposta…");
        for (answer, said) in [
            (Ok(vec![]), "L'assistente non sa rispondere a questo messaggio."),
            (Ok(vec![passage()]), "1 risposta trovata"),
            (Ok(vec![passage(), passage()]), "2 risposte trovate"),
            (Err(RequestError::Unanswered), "Il servizio non risponde: nessun suggerimento."),
            (
                Err(RequestError::Refused(Code::AssistantOff)),
                "L'assistente automatico è disattivato in questo servizio.",
            ),
            (Err(RequestError::Refused(Code::NotAssigned)), "La conversazione non è più assegnata a te."),
            (Err(RequestError::Refused(Code::TooFast)), "Non siamo riusciti a cercare una risposta."),
        ] {
            asked.answered("a", answer);
            assert_eq!(suggestions(&words, &asked), said);
        }
    }

    fn passage() -> Passage {
        Passage { entry: None, title: String::new(), text: "testo".into(), language: Language::It }
    }
}
