// SPDX-License-Identifier: EUPL-1.2
//! The words of segnalazioni: where one stands, the form, what is wrong in it, and how all of them fare.

use infocig_protocol::{
    desk::{ProvinceName, Topic},
    limits::MAX_DESCRIPTION_CHARS,
    person::PersonCard,
    problem::Code,
    segnalazione::{Delivery, SegnalazioneStanding, SegnalazioneState},
};

use crate::state::{
    cases::Trouble,
    forwarding::{Stage, Wrong},
    topics::Choice,
};

/// Heading of the answer of an office.
pub const ANSWER: &str = "Risposta della sede";
/// A number there is not.
pub const NO_NUMBER: &str = "–";

/// What happened to a segnalazione. The answer itself is not in it.
pub fn segnalazione(number: Option<&str>, state: &SegnalazioneState) -> String {
    let named = number.map_or_else(String::new, |number| format!(" {number}"));
    match state {
        SegnalazioneState::Sending {} => "Segnalazione in invio a Linea INPS".to_string(),
        SegnalazioneState::Queued {} => {
            "Segnalazione accodata: Linea INPS non risponde, la invia il servizio".to_string()
        }
        SegnalazioneState::Held {} => {
            "Linea INPS non ha accettato la segnalazione: la controlla un supervisore".to_string()
        }
        SegnalazioneState::Accepted {} => match number {
            Some(number) => format!("Segnalazione presa in carico da Linea INPS con il numero {number}"),
            None => "Segnalazione presa in carico da Linea INPS".to_string(),
        },
        SegnalazioneState::InProgress {} => format!("Segnalazione{named} in lavorazione"),
        SegnalazioneState::Answered { .. } => format!("{ANSWER} alla segnalazione{named}"),
    }
}

/// Where a segnalazione stands, in a word or two.
pub const fn segnalazione_state(state: &SegnalazioneState) -> &'static str {
    match state {
        SegnalazioneState::Sending {} => "in invio",
        SegnalazioneState::Queued {} => "accodata",
        SegnalazioneState::Held {} => "ferma",
        SegnalazioneState::Accepted {} => "presa in carico",
        SegnalazioneState::InProgress {} => "in lavorazione",
        SegnalazioneState::Answered { .. } => "risposta ricevuta",
    }
}

/// The name of a state in the page, which no change of words changes.
pub const fn segnalazione_key(state: &SegnalazioneState) -> &'static str {
    match state {
        SegnalazioneState::Sending {} => "sending",
        SegnalazioneState::Queued {} => "queued",
        SegnalazioneState::Held {} => "held",
        SegnalazioneState::Accepted {} => "accepted",
        SegnalazioneState::InProgress {} => "in_progress",
        SegnalazioneState::Answered { .. } => "answered",
    }
}

/// A segnalazione of an earlier conversation.
pub fn past_segnalazione(standing: &SegnalazioneStanding) -> String {
    let state = segnalazione_state(&standing.state);
    match &standing.number {
        Some(number) => format!("Segnalazione {number}: {state}"),
        None => format!("Segnalazione senza numero: {state}"),
    }
}

/// Begins a segnalazione.
pub const FORWARD: &str = "Segnalazione";

/// The button that begins it, with where it is.
pub fn forward(stage: Stage) -> String {
    match stage {
        Stage::None => FORWARD.to_string(),
        Stage::Written => format!("{FORWARD} (bozza)"),
        Stage::Sending => format!("{FORWARD} (in invio…)"),
        Stage::Refused => format!("{FORWARD} (non inviata)"),
    }
}

/// The heading of the form.
pub fn forward_whom(name: &str) -> String {
    format!("Segnalazione a Linea INPS per {name}")
}

/// What it is for.
pub const FORWARD_HINT: &str = "Va alla sede competente. La persona vede il numero e la risposta nella chat.";
/// Heading of what is known of the person.
pub const FORWARD_FOR: &str = "Per chi";
/// Label of the person.
pub const FORWARD_PERSON: &str = "Persona";
/// Label of the case.
pub const FORWARD_CASE: &str = "Pratica";
/// It is about none of them.
pub const FORWARD_NO_CASE: &str = "Nessuna delle pratiche";
/// One that was chosen before the list was there.
pub const FORWARD_UNKNOWN_CASE: &str = "La pratica già scelta";
/// The list does not come.
pub const FORWARD_CASES_TROUBLE: &str = "Le pratiche non si caricano: scrivi tu protocollo e ticket.";
/// What choosing a case does.
pub const FORWARD_CASE_HINT: &str = "Compila prestazione, protocollo e ticket.";
/// Label of the office.
pub const OFFICE: &str = "Sede competente";
/// Label of the description.
pub const DESCRIPTION: &str = "Che cosa deve fare la sede";
/// Heading of the topic.
pub const FORWARD_TOPIC: &str = "Di che cosa si tratta";
/// Heading of the messages.
pub const FORWARD_MESSAGES: &str = "Messaggi da allegare";
/// Heading of those that go along.
pub const FORWARD_ATTACHED: &str = "Messaggi allegati";
/// There is none.
pub const FORWARD_NO_MESSAGES: &str = "Nessun messaggio da allegare.";
/// Chooses all of them.
pub const SELECT_ALL: &str = "Seleziona tutti";
/// Chooses none.
pub const SELECT_NONE: &str = "Nessuno";
/// Begins anew.
pub const FORWARD_DISCARD: &str = "Svuota";
/// Goes to the preview.
pub const PREVIEW: &str = "Anteprima";
/// Heading of the preview.
pub const PREVIEW_HEADING: &str = "Così la legge la sede";
/// Goes back to the form.
pub const FORWARD_EDIT: &str = "Modifica";
/// Sends it.
pub const FORWARD_SEND: &str = "Invia a Linea INPS";
/// Label of who writes it.
pub const FORWARD_ADVISOR: &str = "Inviata da";
/// What is not chosen or not written.
pub const NOTHING: &str = "Non indicato";
/// What stands before the way back into the form.
pub const FORWARD_FIX: &str = "Manca qualcosa: correggi i campi segnati.";
/// It cannot be sent any more.
pub const FORWARD_TOO_LATE: &str = "La conversazione non si può più scrivere: copia il testo, se ti serve.";

/// The province of an office, as far as its name is known.
pub fn office(code: &str, provinces: &[ProvinceName]) -> String {
    match provinces.iter().find(|province| province.code == code) {
        Some(province) => province.name.clone(),
        None => format!("Provincia {code}"),
    }
}

/// What is said under the field of the office.
pub fn office_hint(code: &str, person: &PersonCard) -> Option<String> {
    (code == person.province).then(|| format!("È la provincia di {}.", person.name))
}

/// How much of the description is used.
pub fn description_length(count: usize) -> String {
    format!("{} di {} caratteri", thousands(count), thousands(MAX_DESCRIPTION_CHARS))
}

/// How many messages go along.
pub fn attached(count: usize) -> String {
    match count {
        0 => "Nessuno selezionato".to_string(),
        1 => "1 selezionato".to_string(),
        many => format!("{many} selezionati"),
    }
}

/// A message whose text is not here.
pub fn attached_unseen(seq: u64) -> String {
    format!("Messaggio n. {seq}, non caricato qui")
}

/// What is wrong with a field, and what to do.
pub fn forward_wrong(wrong: Wrong) -> String {
    match wrong {
        Wrong::Protocol => reference("Il protocollo"),
        Wrong::Ticket => reference("Il ticket"),
        Wrong::Office => "Scrivi il codice ISTAT della provincia: tre cifre.".to_string(),
        Wrong::Topic(level) => super::missing(level).to_string(),
        Wrong::DescriptionMissing => "Scrivi che cosa deve fare la sede.".to_string(),
        Wrong::DescriptionTooLong(over) => {
            format!("Accorcia il testo: supera di {} il massimo di 4.000 caratteri.", thousands(over))
        }
        Wrong::TooManyMessages(1) => "Togli 1 messaggio: se ne allegano al massimo 100.".to_string(),
        Wrong::TooManyMessages(over) => {
            format!("Togli {over} messaggi: se ne allegano al massimo 100.")
        }
    }
}

fn reference(what: &str) -> String {
    format!("{what} ha fino a 64 lettere, cifre, punti, barre, trattini o spazi: controlla e correggi.")
}

/// Why a segnalazione was not accepted.
pub const fn not_forwarded(code: Code) -> &'static str {
    if matches!(code, Code::SegnalazioneInvalid) {
        "Non inviata: il servizio non la accetta così. Controlla sede, protocollo, ticket e messaggi."
    } else if matches!(code, Code::NotAssigned) {
        "Non inviata: la conversazione non è più assegnata a te."
    } else if matches!(code, Code::ConversationClosed) {
        "Non inviata: la conversazione si è conclusa prima. Copia il testo, se ti serve."
    } else if matches!(code, Code::FrameTooLarge) {
        "Non inviata: è troppo lunga. Accorcia il testo."
    } else {
        "Non inviata. È rimasta com'era: riprova."
    }
}

/// The names of a topic, level by level.
pub fn topic_names(path: &[String; 3], tree: &[Topic]) -> String {
    let choice = Choice::of(path, tree);
    let name = |level: usize| {
        let options = choice.options(tree, level);
        options
            .iter()
            .find(|topic| Some(topic.id.as_str()) == choice.at(level))
            .map(|topic| topic.name.clone())
    };
    let names: Vec<String> = (0..3).filter_map(name).collect();
    if names.is_empty() { NOTHING.to_string() } else { names.join(" › ") }
}

/// Heading of all of them.
pub const SEGNALAZIONI: &str = "Segnalazioni a Linea INPS";
/// There is none.
pub const NO_SEGNALAZIONI: &str = "Nessuna segnalazione";
/// What that means.
pub const NO_SEGNALAZIONI_HINT: &str = "Quelle che inviano gli advisor compaiono qui da sole.";
/// Heads of the columns.
pub const COLUMNS: [&str; 7] = ["Quando", "Sede", "Numero", "Consegna", "Tentativi", "Problema", "Azione"];
/// Sends one again.
pub const RESEND: &str = "Invia di nuovo";
/// That is under way.
pub const RESENDING: &str = "In invio…";

/// How many there are and how many were given up.
pub fn segnalazioni_count(all: usize, stopped: usize) -> String {
    let all = if all == 1 { "1 segnalazione".to_string() } else { format!("{all} segnalazioni") };
    match stopped {
        0 => all,
        1 => format!("{all}, 1 ferma"),
        many => format!("{all}, {many} ferme"),
    }
}

/// Whether one goes on by itself.
pub const fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => "In attesa",
        Delivery::Stopped => "Ferma",
        Delivery::Delivered => "Consegnata",
    }
}

/// The name of that in the page, which no change of words changes.
pub const fn delivery_key(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => "waiting",
        Delivery::Stopped => "stopped",
        Delivery::Delivered => "delivered",
    }
}

/// The name of the button that sends one again, for who cannot see which row it is in.
pub fn resend_which(when: &str, office: &str) -> String {
    format!("{RESEND}: segnalazione del {when}, sede {office}")
}

/// Why one could not be sent again.
pub const fn not_resent(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unanswered => "Non sappiamo se è ripartita: aggiorna l'elenco.",
        Trouble::Refused(Code::NotSupervisor) => "Solo chi coordina può inviarla di nuovo.",
        Trouble::Refused(_) => "Non è ripartita. Riprova.",
    }
}

/// Why the list could not be had.
pub const fn segnalazioni_trouble(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unanswered => {
            "Il servizio non risponde: l'elenco può non essere aggiornato. Riproviamo da soli."
        }
        Trouble::Refused(_) => "L'elenco non si aggiorna adesso. Riproviamo da soli.",
    }
}

/// `4000` as `4.000`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push('.');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use infocig_protocol::id::MessageId;

    use super::*;

    #[test]
    fn every_state_is_said_with_its_number() {
        let said = states().map(|state| segnalazione(Some("LI-7"), &state));
        assert_eq!(
            said,
            [
                "Segnalazione in invio a Linea INPS",
                "Segnalazione accodata: Linea INPS non risponde, la invia il servizio",
                "Segnalazione presa in carico da Linea INPS con il numero LI-7",
                "Segnalazione LI-7 in lavorazione",
                "Risposta della sede alla segnalazione LI-7",
            ]
        );
        assert_eq!(
            segnalazione(None, &SegnalazioneState::Accepted {}),
            "Segnalazione presa in carico da Linea INPS"
        );
        let keys: BTreeSet<&str> = states().iter().map(segnalazione_key).collect();
        assert_eq!(keys.len(), states().len());
    }

    #[test]
    fn an_earlier_one_is_said_by_number_and_state() {
        let standing = |number: Option<&str>, state| SegnalazioneStanding {
            id: MessageId::parse("s").unwrap(),
            number: number.map(String::from),
            state,
        };
        let said = states().map(|state| past_segnalazione(&standing(Some("LI-7"), state)));
        assert_eq!(
            said,
            [
                "Segnalazione LI-7: in invio",
                "Segnalazione LI-7: accodata",
                "Segnalazione LI-7: presa in carico",
                "Segnalazione LI-7: in lavorazione",
                "Segnalazione LI-7: risposta ricevuta",
            ]
        );
        let queued = past_segnalazione(&standing(None, SegnalazioneState::Queued {}));
        assert_eq!(queued, "Segnalazione senza numero: accodata");
    }

    #[test]
    fn the_tool_says_where_it_is() {
        let said = [Stage::None, Stage::Written, Stage::Sending, Stage::Refused].map(forward);
        assert_eq!(
            said,
            [
                "Segnalazione",
                "Segnalazione (bozza)",
                "Segnalazione (in invio…)",
                "Segnalazione (non inviata)",
            ]
        );
    }

    #[test]
    fn whatever_is_wrong_says_what_to_do() {
        let said = [
            Wrong::Protocol,
            Wrong::Ticket,
            Wrong::Office,
            Wrong::Topic(0),
            Wrong::DescriptionMissing,
            Wrong::DescriptionTooLong(1_200),
            Wrong::TooManyMessages(1),
            Wrong::TooManyMessages(2),
        ]
        .map(forward_wrong);
        assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len());
        assert_eq!(said[5], "Accorcia il testo: supera di 1.200 il massimo di 4.000 caratteri.");
        assert_eq!(said[7], "Togli 2 messaggi: se ne allegano al massimo 100.");
        assert_eq!(description_length(12), "12 di 4.000 caratteri");
    }

    #[test]
    fn the_office_is_named_where_its_name_is_known() {
        let provinces = [ProvinceName { code: "063".into(), name: "Napoli".into() }];
        assert_eq!(office("063", &provinces), "Napoli");
        assert_eq!(office("999", &provinces), "Provincia 999");
    }

    #[test]
    fn deliveries_are_counted_and_said() {
        let words = [Delivery::Waiting, Delivery::Stopped, Delivery::Delivered].map(delivery_word);
        assert_eq!(words, ["In attesa", "Ferma", "Consegnata"]);
        assert_eq!(segnalazioni_count(1, 0), "1 segnalazione");
        assert_eq!(segnalazioni_count(5, 1), "5 segnalazioni, 1 ferma");
        assert_eq!(segnalazioni_count(5, 2), "5 segnalazioni, 2 ferme");
    }

    fn states() -> [SegnalazioneState; 5] {
        [
            SegnalazioneState::Sending {},
            SegnalazioneState::Queued {},
            SegnalazioneState::Accepted {},
            SegnalazioneState::InProgress {},
            SegnalazioneState::Answered { text: "Pagato.".into() },
        ]
    }
}
