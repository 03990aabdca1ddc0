// SPDX-License-Identifier: EUPL-1.2
//! Every word a person reads, in Italian: "tu", verbs first, no blame.

pub mod case;
pub mod office;

use infocig_protocol::{
    entry::{EntryBody, Outcome, Party, Phase},
    frame::{Estimate, QueuePlace},
    problem::Code,
    time::Timestamp,
};

use crate::{
    sensitive::Kind,
    state::{Delivery, Trouble},
};

pub const LAUNCH: &str = "Parla con un operatore";
pub const RETURN: &str = "Torna alla conversazione";
pub const TITLE: &str = "INFO CIG";
pub const SUBTITLE: &str = "Chatta con un consulente INPS";
pub const MINIMISE: &str = "Riduci";
pub const LOG: &str = "Messaggi";
pub const WRITE: &str = "Scrivi un messaggio";
pub const WRITE_HINT: &str = "Invio per inviare, Maiusc+Invio per andare a capo";
pub const SEND: &str = "Invia";
pub const YOU: &str = "Tu";
pub const SENDING: &str = "In invio…";
pub const NOT_SENT: &str = "Non inviato: la conversazione è conclusa";
pub const SENT_LATER: &str = "Connessione persa: il messaggio partirà da solo";
pub const OLDER: &str = "Mostra i messaggi precedenti";
pub const OLDER_COMING: &str = "Un momento…";
pub const WRITING_ELSEWHERE: &str =
    "Stai scrivendo in un'altra scheda. Qui leggi i messaggi man mano che arrivano.";
pub const WRITE_HERE: &str = "Scrivi qui";
pub const LEFT_OVER: &str = "Questo non è partito. Se inizi una nuova conversazione, lo trovi già scritto:";
pub const ENTERING: &str = "Un momento: ti stiamo mettendo in contatto…";
pub const CHECKING: &str = "Verifichiamo se il servizio è aperto…";
pub const UNCHECKED: &str = "Non riusciamo a verificare se il servizio è aperto.";
pub const RETRY: &str = "Riprova";
pub const BACK: &str = "Torna alla pagina";
pub const ELSEWHERE: &str = "Nel frattempo puoi usare un altro canale:";
pub const NOW_OPEN: &str = "Il servizio ha aperto.";
pub const LINK_LOST: &str = "Connessione persa: ci ricolleghiamo da soli.";
pub const LINK_CONNECTING: &str = "Ci stiamo collegando…";
pub const LEAVE_QUEUE: &str = "Esci dalla coda";
pub const CONCLUDE: &str = "Concludi";
pub const CONCLUDE_QUESTION: &str = "Vuoi concludere la conversazione?";
pub const LEAVE_QUESTION: &str = "Vuoi uscire dalla coda?";
pub const CANCEL: &str = "Annulla";
pub const BEGIN_AGAIN: &str = "Inizia una nuova conversazione";

/// How far a message has come.
pub fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Delivered => "Consegnato",
        Delivery::Read => "Letto",
    }
}

/// The advisor is writing.
pub fn typing(advisor: &str) -> String {
    format!("{advisor} sta scrivendo…")
}

/// The advisor is not connected.
pub fn away(advisor: &str) -> String {
    format!("Ora {advisor} non è in chat: leggerà i tuoi messaggi al ritorno.")
}

/// How many more characters fit into a message.
pub fn characters_left(left: usize) -> String {
    match left {
        0 => String::from("Hai raggiunto il limite di 4.000 caratteri"),
        1 => String::from("Ti resta 1 carattere"),
        left => format!("Ti restano {left} caratteri"),
    }
}

/// Where the conversation stands, in a sentence.
pub fn phase(phase: &Phase) -> String {
    match phase {
        Phase::Waiting { .. } => String::from(
            "Sei in coda: un consulente ti risponderà qui. Intanto puoi già scrivere la tua domanda.",
        ),
        Phase::Active { advisor, .. } => format!("Ti risponde {advisor}, consulente INPS."),
        Phase::Closed { by: Party::System, .. } => {
            String::from("Il servizio ha chiuso. Quello che hai scritto resta qui sopra.")
        }
        Phase::Closed { .. } => String::from("La conversazione è conclusa."),
    }
}

/// Where the person stands in the queue, in a sentence.
pub fn place(place: QueuePlace) -> String {
    let QueuePlace { position, estimate } = place;
    let before = match position {
        0 | 1 => String::from("La prossima conversazione è la tua"),
        2 => String::from("Prima di te c'è una persona"),
        11.. => format!("Prima di te ci sono circa {} persone", position - 1),
        position => format!("Prima di te ci sono {} persone", position - 1),
    };
    let wait = match estimate {
        Estimate::Unknown {} => String::from("Per ora non possiamo dirti quanto manca."),
        Estimate::Minutes { from: 0, to: 0 | 1 } => String::from("Manca meno di un minuto."),
        Estimate::Minutes { from: 0, to } => format!("Ti rispondiamo di solito entro {to} minuti."),
        Estimate::Minutes { from, to } => format!("Ti rispondiamo di solito fra {from} e {to} minuti."),
    };
    format!("{before}. {wait}")
}

/// The conversation ends for want of an answer, unless somebody says something.
pub fn ends_unanswered(closes: &str) -> String {
    format!(
        "Ci sei ancora? Se non rispondi, alle {closes} la conversazione si chiude. Quello che stai scrivendo resta."
    )
}

pub const STAY: &str = "Sono ancora qui";

/// An entry nobody wrote, in a sentence; `None` for those that are not shown. `clock` says an instant as a time of day.
pub fn system_entry(body: &EntryBody, clock: impl Fn(Timestamp) -> String) -> Option<String> {
    match body {
        EntryBody::Opened {} => Some(String::from("Conversazione iniziata")),
        EntryBody::Assigned { advisor } => Some(format!("Da ora ti risponde {advisor}")),
        EntryBody::ClosingSoon { closes } => Some(format!(
            "Il servizio chiude alle {}. Chi sta già parlando con un consulente può continuare; \
             se sei ancora in coda, a quell'ora ti indicheremo gli altri canali",
            clock(*closes)
        )),
        EntryBody::Returned {} => Some(String::from(
            "Il consulente ha perso la connessione. Sei di nuovo in coda, prima di tutti: chi ti risponderà legge già quello che avete scritto",
        )),
        EntryBody::Transferred { advisor: Some(advisor) } => {
            Some(format!("Da ora ti risponde {advisor}, che legge già quello che hai scritto"))
        }
        EntryBody::Transferred { advisor: None } => Some(String::from(
            "Cerchiamo il consulente più adatto: non serve ripetere quello che hai scritto",
        )),
        EntryBody::Joined { advisor } => {
            Some(format!("Nella conversazione entra anche {advisor}, consulente INPS"))
        }
        EntryBody::Left { advisor } => Some(format!("{advisor} lascia la conversazione")),
        EntryBody::Stayed {} => Some(String::from("Hai chiesto altro tempo")),
        EntryBody::Question(question) => Some(case::question(question)),
        EntryBody::Case { advisor, .. } => Some(case::shown(advisor)),
        EntryBody::Segnalazione { number, state, .. } => Some(office::segnalazione(state, number.as_deref())),
        EntryBody::Closed { by: Party::Citizen, outcome: Some(Outcome::LineaInps) } => {
            Some(String::from("Hai scritto alla sede competente, tramite Linea INPS"))
        }
        EntryBody::Closed { outcome: Some(Outcome::SelfServed), .. } => {
            Some(String::from("Hai lasciato la coda: la risposta era nella tua pratica"))
        }
        EntryBody::Closed { outcome: Some(Outcome::LineaInps), .. } => Some(String::from(
            "Il consulente ha concluso la conversazione e ha inoltrato la tua richiesta alla sede competente, tramite Linea INPS",
        )),
        EntryBody::Closed { by: Party::System, outcome: Some(Outcome::Abandoned) } => {
            Some(String::from("La conversazione si è chiusa perché non c'era più nessuno"))
        }
        EntryBody::Closed { by: Party::Citizen, .. } => Some(String::from("Hai concluso la conversazione")),
        EntryBody::Closed { by: Party::Advisor, .. } => {
            Some(String::from("Il consulente ha concluso la conversazione"))
        }
        EntryBody::Closed { by: Party::System, .. } => Some(String::from("Il servizio ha chiuso")),
        EntryBody::Message { .. } | EntryBody::Inactive { .. } | EntryBody::Unknown {} => None,
    }
}

/// An instant, of its day and its time of day.
pub fn moment(day: &str, clock: &str) -> String {
    format!("{day}, ore {clock}")
}

/// Covers what was found, and sends.
pub const MASK: &str = "Nascondi e invia";
/// Sends all the same.
pub const SEND_AS_IS: &str = "Invia così";
/// Goes back to the text.
pub const EDIT: &str = "Modifica";

/// What was found in a text before it leaves, and that it is not needed.
pub fn caution(kinds: &[Kind]) -> String {
    let names: Vec<&str> = kinds
        .iter()
        .map(|kind| match kind {
            Kind::TaxNumber => "un codice fiscale",
            Kind::Iban => "un IBAN",
            Kind::Card => "il numero di una carta",
            Kind::Health => "una parola sulla salute",
        })
        .collect();
    let needed = if names.len() > 1 { "non servono" } else { "non serve" };
    format!("Nel messaggio c'è {}: per risponderti {needed}. Decidi tu se inviarlo.", names.join(" e "))
}

/// What stands in the way, and what to do.
pub fn trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::SignedOut => "La tua sessione è scaduta: accedi di nuovo e torna qui.",
        Trouble::Unreachable => "Non riusciamo a collegarci. Controlla la connessione e riprova.",
        Trouble::NotAccepted => {
            "Non riusciamo a riconoscere il tuo accesso. Ricarica la pagina e riprova; se succede ancora, chiama l'803 164."
        }
        Trouble::Fault => "Qualcosa non ha funzionato da parte nostra. Riprova tra qualche minuto.",
    }
}

/// Why a message was not accepted, and what to do.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes are never about a message")]
pub fn not_sent(code: Code) -> &'static str {
    match code {
        Code::MessageTooLong => "Il messaggio è troppo lungo: dividilo in due (al massimo 4.000 caratteri).",
        Code::MessageEmpty => "Il messaggio è vuoto: scrivi qualcosa e invia.",
        Code::ConversationFull => {
            "Questa conversazione è molto lunga e non accetta altri messaggi. Concludila e iniziane una nuova."
        }
        Code::ConversationClosed => "La conversazione è conclusa: il messaggio non è partito.",
        _ => "Il messaggio non è partito. Riprova.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_better_not_written_is_named() {
        assert_eq!(
            caution(&[Kind::TaxNumber]),
            "Nel messaggio c'è un codice fiscale: per risponderti non serve. Decidi tu se inviarlo."
        );
        assert_eq!(
            caution(&[Kind::Iban, Kind::Health]),
            "Nel messaggio c'è un IBAN e una parola sulla salute: per risponderti non servono. Decidi tu se inviarlo."
        );
    }

    #[test]
    fn an_end_says_who_did_what() {
        let end = |by, outcome| system_entry(&EntryBody::Closed { by, outcome }, |_| String::new()).unwrap();
        assert_eq!(
            end(Party::Citizen, Some(Outcome::LineaInps)),
            "Hai scritto alla sede competente, tramite Linea INPS"
        );
        assert_eq!(
            end(Party::Citizen, Some(Outcome::SelfServed)),
            "Hai lasciato la coda: la risposta era nella tua pratica"
        );
        assert!(end(Party::Advisor, Some(Outcome::LineaInps)).starts_with("Il consulente ha concluso"));
    }
}
