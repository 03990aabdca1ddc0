// SPDX-License-Identifier: EUPL-1.2
//! What a transcript says about what happened, in Italian.

use infocig_protocol::{
    case::{Case, CasePhase, Payment, Standing},
    entry::{EntryBody, Outcome, Party},
    segnalazione::SegnalazioneState,
    time::Timestamp,
};
use jiff::Zoned;

use crate::{calendar::ZONE, sentence::month};

pub(super) const HOW_TO_VERIFY: &str = "Il codice qui sotto riassume tutta la conversazione: se anche una sola lettera cambia, \
     il codice non corrisponde più.";

/// `24 novembre 2026`
pub(super) fn date(at: Timestamp) -> String {
    let at = zoned(at);
    format!("{} {} {}", at.day(), month(at.month()), at.year())
}

/// `15:42`
pub(super) fn clock(at: Timestamp) -> String {
    let at = zoned(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `24 novembre 2026, ore 15:42`
pub(super) fn moment(at: Timestamp) -> String {
    format!("{}, ore {}", date(at), clock(at))
}

/// The instant for machines.
pub(super) fn rfc3339(at: Timestamp) -> String {
    zoned(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn zoned(at: Timestamp) -> Zoned {
    jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default().to_zoned(ZONE)
}

/// Who an advisor is for the person.
pub(super) fn advisor(name: &str) -> String {
    format!("{name}, consulente INPS")
}

/// How a conversation ended.
pub(super) const fn outcome(by: Party, outcome: Option<Outcome>) -> &'static str {
    match (outcome, by) {
        (Some(Outcome::Online), _) => "chiusa online",
        (Some(Outcome::LineaInps), _) => "inviata a Linea INPS",
        (Some(Outcome::SelfServed), _) => "risposta trovata nella pratica",
        (Some(Outcome::Abandoned), _) => "abbandonata",
        (None, Party::Citizen) => "terminata da chi ha scritto",
        (None, Party::Advisor | Party::System) => "terminata alla chiusura del servizio",
    }
}

/// Where a segnalazione stands, for the top of the page.
pub(super) fn standing_of(number: Option<&str>, state: &SegnalazioneState) -> String {
    let state = match state {
        SegnalazioneState::Sending {} => "in invio",
        SegnalazioneState::Queued {} => "in coda per l'invio",
        SegnalazioneState::Accepted {} => "presa in carico",
        SegnalazioneState::InProgress {} => "in lavorazione",
        SegnalazioneState::Answered { .. } => "risposta ricevuta",
    };
    number.map_or_else(|| state.to_string(), |number| format!("numero {number}, {state}"))
}

/// What happened to a segnalazione.
pub(super) fn segnalazione(number: Option<&str>, state: &SegnalazioneState) -> Vec<String> {
    let number = number.unwrap_or_default();
    match state {
        SegnalazioneState::Sending {} => vec!["Segnalazione in invio a Linea INPS.".into()],
        SegnalazioneState::Queued {} => {
            vec!["Linea INPS non risponde: la segnalazione è accodata e la invieremo noi.".into()]
        }
        SegnalazioneState::Accepted {} => {
            vec![format!("Segnalazione presa in carico da Linea INPS con il numero {number}.")]
        }
        SegnalazioneState::InProgress {} => vec![format!("Segnalazione {number} in lavorazione.")],
        SegnalazioneState::Answered { text } => {
            vec![format!("Risposta alla segnalazione {number}:"), text.clone()]
        }
    }
}

/// What the service itself wrote in the log.
pub(super) fn event(body: &EntryBody) -> String {
    match body {
        EntryBody::Opened {} => "Conversazione iniziata, in attesa di un operatore.".into(),
        EntryBody::Assigned { advisor } => format!("Risponde {}.", self::advisor(advisor)),
        EntryBody::ClosingSoon { closes } => format!("Il servizio chiude alle {}.", clock(*closes)),
        EntryBody::Returned {} => {
            "La connessione dell'operatore si è interrotta: di nuovo in attesa, prima degli altri.".into()
        }
        EntryBody::Transferred { advisor: Some(advisor) } => {
            format!("La conversazione passa a {}.", self::advisor(advisor))
        }
        EntryBody::Transferred { advisor: None } => "La conversazione torna in attesa, al suo posto.".into(),
        EntryBody::Joined { advisor } => format!("Partecipa anche {}.", self::advisor(advisor)),
        EntryBody::Left { advisor } => format!("{} non partecipa più.", self::advisor(advisor)),
        EntryBody::Inactive { closes } => {
            format!("In attesa di una risposta: la conversazione termina alle {}.", clock(*closes))
        }
        EntryBody::Stayed {} => "Chiesto altro tempo.".into(),
        EntryBody::Question(question) => {
            let period = match (&question.from, &question.to) {
                (Some(from), Some(to)) => Some(format!("da {from} a {to}")),
                (Some(from), None) => Some(format!("da {from}")),
                (None, Some(to)) => Some(format!("fino a {to}")),
                (None, None) => None,
            };
            let parts = [
                question.about.map(|kind| kind.name().to_string()),
                period,
                question.payment.map(|payment| self::payment(payment).to_string()),
                question.protocol.as_ref().map(|protocol| format!("protocollo {protocol}")),
            ];
            format!("Argomento indicato: {}.", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
        }
        EntryBody::Closed { by, outcome } => {
            format!("Conversazione terminata: {}.", self::outcome(*by, *outcome))
        }
        EntryBody::Message { .. }
        | EntryBody::Case { .. }
        | EntryBody::Segnalazione { .. }
        | EntryBody::Unknown {} => "Evento registrato.".into(),
    }
}

/// A case as it was shown.
pub(super) fn case(case: &Case, as_of: Timestamp) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Pratica {}: {}, periodo {} – {}.",
            case.kind.name(),
            case.company,
            day(&case.from),
            day(&case.to)
        ),
        format!("{}; {}. Dati al {}.", standing(case.standing), payment(case.payment), moment(as_of)),
    ];
    let reference =
        |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}: {value}."));
    lines.extend(reference("Matricola", &case.matricola));
    lines.extend(reference("Protocollo", &case.protocol));
    lines.extend(reference("Ticket", &case.ticket));
    for step in &case.steps {
        let when = step.on.as_deref().map_or_else(|| "da completare".into(), day);
        lines.push(format!("{}: {when}", phase(step.phase)));
    }
    lines
}

/// `2026-10-02` as `02/10/2026`.
fn day(text: &str) -> String {
    let mut parts = text.split('-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => text.to_string(),
    }
}

const fn payment(payment: Payment) -> &'static str {
    match payment {
        Payment::Direct => "pagamento diretto dell'INPS",
        Payment::Employer => "pagamento anticipato dall'azienda",
    }
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::OnTrack => "In lavorazione",
        Standing::Late => "In ritardo",
        Standing::WaitingForEmployer => "In attesa dei dati dell'azienda",
        Standing::Refused => "Respinta",
        Standing::Credited => "Pagata",
    }
}

const fn phase(phase: CasePhase) -> &'static str {
    match phase {
        CasePhase::Loaded => "Caricamento domande telematiche su Sistema Unico",
        CasePhase::Imported => {
            "Caricamento domande da Sistema Unico nella procedura \"Nuova Istruttoria CIGO\""
        }
        CasePhase::PreChecked => "Esecuzione controlli di preistruttoria",
        CasePhase::Checked => "Esecuzione controlli di istruttoria",
        CasePhase::Decided => "Definizione delle domande validate",
        CasePhase::Authorised => "Autorizzazione",
        CasePhase::PaymentDataReceived => "Dati per il pagamento ricevuti",
        CasePhase::PaymentOrdered => "Pagamento disposto",
        CasePhase::Credited => "Accredito",
    }
}
