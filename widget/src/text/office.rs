// SPDX-License-Identifier: EUPL-1.2
//! Words about what an office answers later: segnalazioni, written requests, past conversations, the receipt.

use infocig_protocol::{
    entry::Outcome,
    segnalazione::{PastConversation, SegnalazioneState},
};

use crate::state::Unwritten;

pub const WRITE_TO_OFFICE: &str = "Scrivi alla sede";
pub const WRITE_HELP: &str =
    "La tua richiesta arriva alla sede INPS competente tramite Linea INPS. La risposta la trovi qui.";
pub const WRITE_TEXT: &str = "La tua richiesta";
pub const WRITE_SEND: &str = "Invia la richiesta";
pub const WRITE_SENDING: &str = "Invio della richiesta…";
pub const AWAITING: &str =
    "La sede non ha ancora risposto: la risposta arriva qui e in Le tue conversazioni.";

pub const HISTORY: &str = "Le tue conversazioni";
pub const HISTORY_LOADING: &str = "Cerchiamo le tue conversazioni…";
pub const HISTORY_NONE: &str = "Non hai ancora conversazioni. Quando ne inizi una, la ritrovi qui.";
pub const HISTORY_BACK: &str = "Torna alle tue conversazioni";
pub const OPEN: &str = "Apri";
pub const GO_ON: &str = "Continua";

pub const RECEIPT: &str = "Riepilogo";
pub const RECEIPT_NUMBER: &str = "Conversazione numero";
pub const RECEIPT_BEGAN: &str = "Inizio";
pub const RECEIPT_ENDED: &str = "Fine";
pub const RECEIPT_OUTCOME: &str = "Esito";
pub const RECEIPT_OFFICE: &str = "Segnalazione";
pub const PRINT: &str = "Stampa";
pub const SAVE: &str = "Salva come testo";
pub const PREPARING: &str = "Un momento…";
pub const UNANSWERED: &str = "Terminata senza risposta";
pub const RECEIPT_FAILED: &str = "Non siamo riusciti a preparare il documento.";

/// Where a segnalazione stands, in a sentence. The office's answer is quoted beside it.
pub fn segnalazione(state: &SegnalazioneState, number: Option<&str>) -> String {
    let numbered = |words: &str| match number {
        Some(number) => format!("{words} (numero {number})"),
        None => words.into(),
    };
    match (state, number) {
        (SegnalazioneState::Sending {}, _) => "La segnalazione è in invio a Linea INPS".into(),
        (SegnalazioneState::Queued {}, _) => {
            "Linea INPS non risponde: la invieremo noi, non devi riscrivere".into()
        }
        (SegnalazioneState::Held {}, _) => {
            "Linea INPS non l'ha ancora accettata: la stiamo controllando, non devi riscrivere".into()
        }
        (SegnalazioneState::Accepted {}, Some(number)) => {
            format!("Presa in carico da Linea INPS con il numero {number}")
        }
        (SegnalazioneState::Accepted {}, None) => "Presa in carico da Linea INPS".into(),
        (SegnalazioneState::InProgress {}, _) => numbered("Un ufficio INPS ci sta lavorando"),
        (SegnalazioneState::Answered { .. }, _) => numbered("La sede ha risposto"),
    }
}

/// What came of a conversation that is over. Without an outcome nobody said more than that it is.
pub const fn outcome(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        Some(Outcome::Online) => "Risposta in chat",
        Some(Outcome::LineaInps) => "Inviata a Linea INPS",
        Some(Outcome::SelfServed) => "Hai trovato la risposta nella tua pratica",
        Some(Outcome::Abandoned) => "Terminata perché non sono arrivati altri messaggi",
        None => "Conclusa",
    }
}

/// What came of a past conversation, or that it goes on.
pub const fn past(past: &PastConversation) -> &'static str {
    if past.closed.is_none() { "In corso" } else { outcome(past.outcome) }
}

/// Why a written request has not left, and what to do.
pub fn unwritten(why: Unwritten) -> &'static str {
    match why {
        Unwritten::Empty => "La richiesta è vuota: scrivi che cosa ti serve e invia.",
        Unwritten::TooLong => "La richiesta è troppo lunga: riducila a 4.000 caratteri.",
        Unwritten::Pending => "Hai già richieste in attesa di risposta: le trovi in Le tue conversazioni.",
        Unwritten::Open => "Hai una conversazione aperta: scrivi lì.",
        Unwritten::Stuck(trouble) => super::trouble(trouble),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_a_segnalazione_has_its_sentence() {
        let numbered = |state| segnalazione(&state, Some("LI-7"));
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
        let states = [
            SegnalazioneState::Accepted {},
            SegnalazioneState::InProgress {},
            SegnalazioneState::Answered { text: String::new() },
        ];
        for state in states {
            let sentence = segnalazione(&state, None);
            assert!(!sentence.contains("numero"), "{sentence}");
        }
    }

    #[test]
    fn every_outcome_has_its_words() {
        let outcomes = [Outcome::Online, Outcome::LineaInps, Outcome::SelfServed, Outcome::Abandoned];
        assert_eq!(
            outcomes.map(|one| outcome(Some(one))),
            [
                "Risposta in chat",
                "Inviata a Linea INPS",
                "Hai trovato la risposta nella tua pratica",
                "Terminata perché non sono arrivati altri messaggi",
            ]
        );
        assert_eq!(outcome(None), "Conclusa");
    }
}
