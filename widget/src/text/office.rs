// SPDX-License-Identifier: EUPL-1.2
//! The texts of the later answers of an office: segnalazioni, written requests, past conversations, outcomes.

use infocig_client::words::Words;
use infocig_protocol::{
    entry::Outcome,
    segnalazione::{PastConversation, SegnalazioneState},
};

use crate::state::RequestError;

/// The state of a segnalazione, in a sentence. The office's answer is quoted beside it.
pub fn segnalazione(words: &Words, state: &SegnalazioneState, number: Option<&str>) -> String {
    let numbered = |key| match number {
        Some(number) => words.fill("office.number", &[("words", &words.text(key)), ("number", number)]),
        None => words.text(key),
    };
    match (state, number) {
        (SegnalazioneState::Sending {}, _) => words.text("office.sending"),
        (SegnalazioneState::Queued {}, _) => words.text("office.queued"),
        (SegnalazioneState::Held {}, _) => words.text("office.held"),
        (SegnalazioneState::Accepted {}, Some(number)) => {
            words.fill("office.accepted_number", &[("number", number)])
        }
        (SegnalazioneState::Accepted {}, None) => words.text("office.accepted"),
        (SegnalazioneState::InProgress {}, _) => numbered("office.in_progress"),
        (SegnalazioneState::Answered { .. }, _) => numbered("office.answered"),
    }
}

/// The outcome of a conversation that is over. Without an outcome it is only over.
pub const fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Online) => "outcome.online",
        Some(Outcome::LineaInps) => "outcome.linea_inps",
        Some(Outcome::SelfServed) => "outcome.self_served",
        Some(Outcome::Abandoned) => "outcome.abandoned",
        Some(Outcome::Blocked) | None => "outcome.closed",
    }
}

/// The outcome of a past conversation, or that it goes on.
pub const fn past(past: &PastConversation) -> &'static str {
    if past.closed.is_none() { "history.ongoing" } else { outcome(past.outcome) }
}

/// Why a written request has not left, and what to do.
pub const fn request_error(why: RequestError) -> &'static str {
    match why {
        RequestError::Empty => "written_request.empty",
        RequestError::TooLong => "written_request.too_long",
        RequestError::OthersPending => "written_request.pending",
        RequestError::ConversationOpen => "written_request.open",
        RequestError::Service(error) => super::service_error(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn every_state_of_a_segnalazione_has_its_sentence() {
        let words = italian();
        let numbered = |state| segnalazione(&words, &state, Some("LI-7"));
        assert_eq!(numbered(SegnalazioneState::Sending {}), "La segnalazione è in invio a Linea INPS");
        assert_eq!(
            numbered(SegnalazioneState::Queued {}),
            "Linea INPS non risponde: la invieremo noi, non devi riscrivere"
        );
        assert_eq!(
            numbered(SegnalazioneState::Accepted {}),
            "Presa in carico da Linea INPS con il numero LI-7"
        );
        assert_eq!(
            numbered(SegnalazioneState::InProgress {}),
            "Un ufficio INPS ci sta lavorando (numero LI-7)"
        );
        assert_eq!(
            numbered(SegnalazioneState::Answered { text: "Pagata.".into() }),
            "La sede ha risposto (numero LI-7)"
        );
    }

    #[test]
    fn a_segnalazione_without_a_number_does_not_pretend_to_one() {
        let words = italian();
        let states = [
            SegnalazioneState::Accepted {},
            SegnalazioneState::InProgress {},
            SegnalazioneState::Answered { text: String::new() },
        ];
        for state in states {
            let sentence = segnalazione(&words, &state, None);
            assert!(!sentence.contains("numero"), "{sentence}");
        }
    }
}
