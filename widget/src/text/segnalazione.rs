// SPDX-License-Identifier: EUPL-1.2
//! The state of a segnalazione, in words.

use infocig_client::words::Words;
use infocig_protocol::segnalazione::SegnalazioneState;

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
