// SPDX-License-Identifier: EUPL-1.2
//! Every word an advisor reads, in Italian. Verbs first, no blame, always a way on.

mod cases;
mod day;
mod office;

use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party, Phase},
    limits::MAX_MESSAGE_CHARS,
    person::{ActingFor, Category, Credential, PersonCard},
    problem::Code,
};

pub use self::{cases::*, day::*, office::*};
use crate::state::{Announcement, Connection, Delivery, NotTaken, Standing};

/// The name of the application.
pub const TITLE: &str = "INFO CIG · Console advisor";

/// Heading of the queue.
pub const QUEUE: &str = "In coda";
/// The queue is empty.
pub const NOBODY_WAITS: &str = "Nessuno in coda";
/// What the empty queue does.
pub const NOBODY_WAITS_HINT: &str = "Chi entra compare qui da solo.";
/// Takes a conversation.
pub const TAKE: &str = "Prendi in carico";
/// Taking is under way.
pub const TAKING: &str = "Un momento…";

/// Heading of the advisor's conversations.
pub const MINE: &str = "Le mie conversazioni";
/// The advisor has none.
pub const NONE_MINE: &str = "Nessuna conversazione";

/// Heading when no conversation is selected.
pub const NONE_SELECTED: &str = "Scegli una conversazione";
/// How to begin.
pub const NONE_SELECTED_HINT: &str =
    "Prendi in carico chi è in coda, oppure apri una delle tue conversazioni.";

/// Label of the log.
pub const LOG: &str = "Messaggi della conversazione";
/// Nothing in the log yet.
pub const LOADING: &str = "Carichiamo i messaggi…";
/// Brings what came before.
pub const EARLIER: &str = "Mostra i messaggi precedenti";
/// What came before is under way.
pub const EARLIER_COMING: &str = "Carichiamo i messaggi precedenti…";
/// Goes to the newest message.
pub const TO_THE_END: &str = "Vai all'ultimo messaggio";
/// Label of the card.
pub const PERSON: &str = "Chi scrive";
/// Label of the capacity.
pub const CATEGORY: &str = "Scrive come";
/// Label of the province.
pub const PROVINCE: &str = "Provincia";
/// Label of the credential.
pub const CREDENTIAL: &str = "Accesso";
/// Label of the company or person represented.
pub const ACTING_FOR: &str = "Per conto di";

/// How the composer is used.
pub const COMPOSER_HINT: &str = "Invio spedisce, Maiusc+Invio va a capo, / apre le risposte pronte.";
/// Sends the message.
pub const SEND: &str = "Invia";

/// Begins to end a conversation.
pub const CLOSE: &str = "Concludi";
/// What ending means.
pub const CLOSE_HINT: &str = "Dopo non si può più scrivere. I messaggi restano leggibili.";
/// Ends it.
pub const CLOSE_CONFIRM: &str = "Concludi";
/// Ending needs a connection.
pub const CLOSE_NEEDS_LINK: &str = "Puoi concludere appena torna la connessione.";
/// Takes an ended conversation off the list.
pub const DISMISS: &str = "Togli dall'elenco";
/// Shown instead of the composer.
pub const READ_ONLY: &str = "La conversazione è conclusa: si può solo leggere.";
/// Shown instead of the composer when somebody else holds the conversation.
pub const NOT_MINE: &str = "La conversazione non è più assegnata a te.";

/// Opens the page again, where the sign-in is.
pub const SIGN_IN_ELSEWHERE: &str = "Accedi in un'altra scheda";
/// After a fault of the interface itself.
pub const STOPPED: &str =
    "La console si è fermata. Ricarica la pagina: nessun messaggio inviato è andato perso.";

/// Why the sign-in is needed.
pub const fn sign_in_needed(standing: Standing) -> &'static str {
    match standing {
        Standing::Starting | Standing::Seated => "",
        Standing::SignedOut => "Accedi per usare la console.",
        Standing::SignedOutAgain => {
            "L'accesso è scaduto. Accedi di nuovo in un'altra scheda e torna qui: riprendiamo da dove eri."
        }
    }
}

/// The state of the connection.
pub const fn connection(connection: Connection) -> &'static str {
    match connection {
        Connection::Connecting => "In connessione…",
        Connection::Live => "Connessione attiva",
        Connection::Lost => "Connessione persa: riproviamo da soli",
        Connection::Unanswered => "Il servizio non risponde: riproviamo da soli",
        Connection::NotAccepted => "Il servizio non accetta questo accesso: riproviamo da soli",
        Connection::Outdated => "Questa console non è aggiornata: ricarica la pagina",
        Connection::SignInNeeded => "Accesso necessario",
    }
}

/// What a conversation without a connection means for who writes.
pub const fn conversation_link(connection: Connection) -> &'static str {
    match connection {
        Connection::Live => "",
        Connection::Connecting => "In connessione…",
        Connection::Lost
        | Connection::Unanswered
        | Connection::NotAccepted
        | Connection::Outdated
        | Connection::SignInNeeded => {
            "Connessione persa: riproviamo da soli. Puoi scrivere: inviamo appena torna."
        }
    }
}

/// How far a message of the advisor's has come.
pub const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sending => "In invio…",
        Delivery::Held => "Connessione persa: il messaggio partirà da solo",
        Delivery::NeedsReload => "Ricarica la pagina: il messaggio partirà da solo",
        Delivery::Delivered => "Consegnato",
        Delivery::Read => "Letto",
    }
}

/// Whether the other side is connected.
pub const fn presence(connected: bool) -> &'static str {
    if connected { "È in chat" } else { "Non è in chat: leggerà al ritorno" }
}

/// The other side is writing.
pub fn typing(name: &str) -> String {
    format!("{name} sta scrivendo…")
}

/// Where a conversation stands, in a word.
pub fn phase(phase: Option<&Phase>, held: bool) -> &'static str {
    match phase {
        Some(Phase::Closed { .. }) => "Conclusa",
        Some(Phase::Waiting { .. } | Phase::Active { .. }) | None if !held => "Passata ad altri",
        Some(Phase::Waiting { .. }) => "In attesa",
        Some(Phase::Active { .. }) => "In corso",
        None => "In apertura",
    }
}

/// A capacity.
pub const fn category(category: Category) -> &'static str {
    match category {
        Category::Lavoratore => "Lavoratore",
        Category::Titolare => "Titolare d'azienda",
        Category::RappresentanteLegale => "Rappresentante legale",
        Category::Consulente => "Consulente aziendale",
    }
}

/// A credential.
pub const fn credential(credential: Credential) -> &'static str {
    match credential {
        Credential::SpidL1 => "SPID, livello 1",
        Credential::SpidL2 => "SPID, livello 2",
        Credential::SpidL3 => "SPID, livello 3",
        Credential::Cie => "Carta d'identità elettronica (CIE)",
        Credential::Cns => "Carta nazionale dei servizi (CNS)",
        Credential::Pin => "PIN INPS",
    }
}

/// The company or person represented.
pub fn acting_for(acting_for: &ActingFor) -> String {
    match &acting_for.matricola {
        Some(matricola) => format!("{}, matricola {matricola}", acting_for.name),
        None => acting_for.name.clone(),
    }
}

/// The province that counts for a person: its name, or its ISTAT code where the name is not known.
pub fn province(person: &PersonCard) -> String {
    if person.province_name.is_empty() {
        format!("provincia {}", person.province)
    } else {
        person.province_name.clone()
    }
}

/// Who somebody is, on one line.
pub fn capacity(person: &PersonCard) -> String {
    format!("{} · {}", category(person.category), province(person))
}

/// How long somebody has been waiting.
pub fn waiting(minutes: i64) -> String {
    if minutes == 0 {
        "In attesa da meno di un minuto".to_string()
    } else {
        format!("In attesa da {}", how_long(minutes))
    }
}

fn how_long(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => minutes_in_words(minutes),
        (hours, 0) => hours_in_words(hours),
        (hours, minutes) => format!("{} e {}", hours_in_words(hours), minutes_in_words(minutes)),
    }
}

fn minutes_in_words(minutes: i64) -> String {
    if minutes == 1 { "1 minuto".to_string() } else { format!("{minutes} minuti") }
}

fn hours_in_words(hours: i64) -> String {
    if hours == 1 { "1 ora".to_string() } else { format!("{hours} ore") }
}

/// How many wait.
pub fn queue_length(waiting: usize) -> String {
    match waiting {
        0 => String::new(),
        1 => "1 persona".to_string(),
        many => format!("{many} persone"),
    }
}

/// How many messages have not been read.
pub fn unread(messages: usize) -> String {
    if messages == 1 { "1 da leggere".to_string() } else { format!("{messages} da leggere") }
}

/// The name of the button that takes a conversation, for who cannot see which row it is in.
pub fn take_whom(name: &str) -> String {
    format!("{TAKE}: {name}")
}

/// Label of the composer.
pub fn composer(name: &str) -> String {
    format!("Scrivi a {name}")
}

/// How much room is left in a message, once it matters.
pub fn room_left(characters: usize) -> String {
    let count = |n: usize| {
        if n == 1 { "1 carattere".to_string() } else { format!("{n} caratteri") }
    };
    match MAX_MESSAGE_CHARS.checked_sub(characters) {
        Some(0) => "Hai raggiunto il massimo di 4.000 caratteri.".to_string(),
        Some(left) => format!("Puoi scrivere ancora {}.", count(left)),
        None => format!(
            "Accorcia il messaggio: supera di {} il massimo di 4.000.",
            count(characters - MAX_MESSAGE_CHARS)
        ),
    }
}

/// The question before a conversation ends.
pub fn close_question(name: &str) -> String {
    format!("Concludi la conversazione con {name}?")
}

/// What happened, for an entry that nobody wrote. `None` for messages and for entries of a newer version.
pub fn event(body: &EntryBody, person: &str, advisor: Option<&str>) -> Option<String> {
    Some(match body {
        EntryBody::Opened {} => "Conversazione aperta".to_string(),
        EntryBody::Assigned { advisor } => format!("{advisor} ha preso in carico"),
        EntryBody::ClosingSoon { .. } => "Il servizio sta per chiudere".to_string(),
        EntryBody::Returned {} => match advisor {
            Some(advisor) => format!("Connessione di {advisor} persa: di nuovo in coda, prima degli altri"),
            None => "Connessione persa: di nuovo in coda, prima degli altri".to_string(),
        },
        EntryBody::Transferred { advisor: Some(to) } => format!("Passata a {to}"),
        EntryBody::Transferred { advisor: None } => "Rimessa in coda".to_string(),
        EntryBody::Joined { advisor } => format!("{advisor} ora legge e scrive qui"),
        EntryBody::Left { advisor } => format!("{advisor} non è più qui"),
        EntryBody::Inactive { .. } => format!("{person} non risponde: la conversazione si chiude da sola"),
        EntryBody::Stayed {} => format!("{person} ha chiesto più tempo"),
        EntryBody::Closed { by, outcome } => match outcome {
            Some(outcome) => format!("{} · {}", closed_by(*by, person, advisor), self::outcome(*outcome)),
            None => closed_by(*by, person, advisor),
        },
        EntryBody::Question(question) => self::question(question),
        EntryBody::Case { advisor, case, .. } => case_shown(advisor, case),
        EntryBody::Segnalazione { number, state, .. } => segnalazione(number.as_deref(), state),
        EntryBody::Message { .. } | EntryBody::Unknown {} => return None,
    })
}

/// When a conversation nobody answers in ends by itself.
pub fn closes_at(clock: &str) -> String {
    format!("alle {clock}")
}

fn closed_by(by: Party, person: &str, advisor: Option<&str>) -> String {
    match (by, advisor) {
        (Party::Citizen, _) => format!("Conclusa da {person}"),
        (Party::Advisor, Some(advisor)) => format!("Conclusa da {advisor}"),
        (Party::Advisor, None) => "Conclusa da chi rispondeva".to_string(),
        (Party::System, _) => "Conclusa dal servizio".to_string(),
    }
}

/// The newest line of a log, for the list.
pub fn last_line(entries: &[Entry], person: &str) -> String {
    let advisor = advisor(entries);
    let line = |entry: &Entry| {
        let EntryBody::Message { author, text, .. } = &entry.body else {
            return event(&entry.body, person, advisor);
        };
        Some(match author {
            Author::Citizen => text.clone(),
            Author::Advisor { name } => format!("{name}: {text}"),
        })
    };
    entries.iter().rev().find_map(line).unwrap_or_default()
}

/// The name of the advisor who had the conversation last.
pub fn advisor(entries: &[Entry]) -> Option<&str> {
    entries.iter().rev().find_map(|entry| {
        if let EntryBody::Assigned { advisor } | EntryBody::Transferred { advisor: Some(advisor) } =
            &entry.body
        {
            Some(advisor.as_str())
        } else {
            None
        }
    })
}

/// Why a conversation could not be taken.
pub fn not_taken(not_taken: &NotTaken) -> String {
    let NotTaken { name, code } = not_taken;
    if matches!(code, Code::NotWaiting | Code::NotAssigned) {
        format!("La conversazione con {name} è già di un'altra persona.")
    } else if matches!(code, Code::AtCapacity) {
        FULL.to_string()
    } else if matches!(code, Code::ConversationClosed) {
        format!("{name} ha già lasciato la chat.")
    } else {
        format!("Non siamo riusciti ad assegnarti {name}. Riprova.")
    }
}

/// Why a message was not accepted.
pub const fn not_sent(code: Code) -> &'static str {
    if matches!(code, Code::ConversationClosed) {
        "Non inviato: la conversazione era già conclusa."
    } else if matches!(code, Code::NotAssigned) {
        "Non inviato: la conversazione non è più assegnata a te."
    } else if matches!(code, Code::MessageTooLong | Code::FrameTooLarge) {
        "Non inviato: è troppo lungo. Dividilo in più messaggi."
    } else {
        "Non inviato. Copia il testo e riprova."
    }
}

/// What happened outside the conversation on screen, for screen readers.
pub fn announcement(announcement: &Announcement) -> String {
    match announcement {
        Announcement::Waits { name } => format!("{name} è in coda"),
        Announcement::Wrote { name } => format!("Nuovo messaggio da {name}"),
        Announcement::Offered(offer) => {
            let seconds = offer.until.as_millis() - offer.since.as_millis();
            offer_announced(offer, seconds / 1_000)
        }
        Announcement::WentOn { name } => format!("La proposta di {name} è passata ad altri"),
        Announcement::Noted { name } => format!("C'è una nota interna su {name}"),
        Announcement::NotForwarded { name } => format!("La segnalazione per {name} non è stata inviata"),
        Announcement::NoCases => CASES_NOT_HERE.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use infocig_protocol::{entry::Outcome, id::MessageId, time::Timestamp};

    use super::*;

    #[test]
    fn waiting_is_said_in_minutes_and_hours() {
        let said: Vec<String> = [0, 1, 12, 60, 61, 125].into_iter().map(waiting).collect();
        assert_eq!(
            said,
            [
                "In attesa da meno di un minuto",
                "In attesa da 1 minuto",
                "In attesa da 12 minuti",
                "In attesa da 1 ora",
                "In attesa da 1 ora e 1 minuto",
                "In attesa da 2 ore e 5 minuti",
            ]
        );
    }

    #[test]
    fn every_category_and_every_credential_has_words_of_its_own() {
        let mut categories = Category::ALL.map(category);
        categories.sort_unstable();
        assert!(categories.windows(2).all(|pair| pair[0] != pair[1]));
        let mut credentials = Credential::ALL.map(credential);
        credentials.sort_unstable();
        assert!(credentials.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn room_is_said_before_and_after_the_limit() {
        assert_eq!(room_left(3_999), "Puoi scrivere ancora 1 carattere.");
        assert_eq!(room_left(4_002), "Accorcia il messaggio: supera di 2 caratteri il massimo di 4.000.");
    }

    #[test]
    fn the_list_shows_the_newest_line_that_can_be_shown() {
        let log = [
            entry(1, EntryBody::Opened {}),
            entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
            entry(3, EntryBody::Unknown {}),
        ];
        assert_eq!(last_line(&log, "Ada"), "Giulia ha preso in carico");

        let message = EntryBody::Message {
            id: MessageId::parse("m").unwrap(),
            author: Author::Citizen,
            text: "Buongiorno".into(),
        };
        assert_eq!(last_line(&[entry(1, message)], "Ada"), "Buongiorno");
    }

    #[test]
    fn who_ended_it_is_named() {
        let closed = |by| event(&EntryBody::Closed { by, outcome: None }, "Ada", Some("Giulia")).unwrap();
        assert_eq!(closed(Party::Citizen), "Conclusa da Ada");
        assert_eq!(closed(Party::Advisor), "Conclusa da Giulia");
        assert_eq!(closed(Party::System), "Conclusa dal servizio");
    }

    #[test]
    fn what_came_of_it_is_said_with_its_end() {
        let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) };
        let said = event(&closed, "Ada", Some("Giulia"));
        assert_eq!(said.as_deref(), Some("Conclusa da Giulia · Inviata a Linea INPS"));
    }

    #[test]
    fn who_had_it_last_is_who_it_was_handed_to() {
        let log = [
            entry(1, EntryBody::Assigned { advisor: "Giulia".into() }),
            entry(2, EntryBody::Transferred { advisor: Some("Marco".into()) }),
        ];
        assert_eq!(advisor(&log), Some("Marco"));
        assert_eq!(last_line(&log, "Ada"), "Passata a Marco");
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
