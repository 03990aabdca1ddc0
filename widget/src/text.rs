// SPDX-License-Identifier: EUPL-1.2
//! Every word a person reads, in Italian: "tu", verbs first, no blame.

use infocig_protocol::{
    entry::{EntryBody, Party, Phase},
    problem::Code,
    time::Timestamp,
};

use crate::state::{Delivery, Trouble};

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
        EntryBody::Closed { by: Party::Citizen } => Some(String::from("Hai concluso la conversazione")),
        EntryBody::Closed { by: Party::Advisor } => {
            Some(String::from("Il consulente ha concluso la conversazione"))
        }
        EntryBody::Closed { by: Party::System } => Some(String::from("Il servizio ha chiuso")),
        EntryBody::Message { .. } | EntryBody::Unknown {} => None,
    }
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
