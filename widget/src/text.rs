// SPDX-License-Identifier: EUPL-1.2
//! The texts of values: a phase, a place in the queue, an entry, a case, in the words of a language.
//!
//! The texts themselves lie in `texts/`, one file for each language, those of the deferred chunk in `texts/deferred/`, and those
//! of both interfaces in `client/texts/`. Keys are written here and in the views as they stand there; a test finds every key that is missing or serves nobody.

pub mod deferred;
pub mod question;
pub mod segnalazione;

use infocig_client::{dates::Moment, sensitive_data, words::Words};
use infocig_protocol::{
    entry::{EntryBody, Outcome, Party, Phase},
    frame::{Estimate, QueuePlace},
    problem::Code,
    sensitive::Kind,
    time::Timestamp,
};

use crate::state::{Delivery, ServiceError};

/// How far a message has come.
pub const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Delivered => "log.delivered",
        Delivery::Read => "log.read",
    }
}

/// How many more characters fit.
pub fn characters_left(words: &Words, left: usize) -> String {
    match left {
        0 => words.text("composer.full"),
        left => words.count("composer.left", left as u64),
    }
}

/// The phase of the conversation, in a sentence.
pub fn phase(words: &Words, phase: Option<&Phase>) -> String {
    match phase {
        None => words.text("phase.connecting"),
        Some(Phase::Waiting { .. }) => words.text("phase.waiting"),
        Some(Phase::Active { advisor, .. }) => words.fill("phase.active", &[("advisor", advisor)]),
        Some(Phase::Closed { by: Party::System, .. }) => words.text("phase.closed_by_service"),
        Some(Phase::Closed { .. }) => words.text("phase.closed"),
    }
}

/// The place of the person in the queue, in two sentences, and what they must know besides.
pub fn place(words: &Words, place: &QueuePlace) -> String {
    let QueuePlace { position, estimate, notice } = place;
    let before = match *position {
        0 | 1 => words.text("place.next"),
        2..=10 => words.count("place.before", u64::from(position - 1)),
        11.. => words.count("place.about", u64::from(position - 1)),
    };
    let wait = match *estimate {
        Estimate::Unknown {} => words.text("wait.unknown"),
        Estimate::Minutes { from: 0, to: 0 | 1 } => words.text("wait.moment"),
        Estimate::Minutes { from: 0, to } => words.fill("wait.within", &[("to", &to.to_string())]),
        Estimate::Minutes { from, to } => {
            words.fill("wait.between", &[("from", &from.to_string()), ("to", &to.to_string())])
        }
    };
    // Where there is no notice a space is at the end, which nobody sees: to take it away costs a tenth of a kilobyte.
    [&before, &wait, notice].map(String::as_str).join(" ")
}

/// An entry nobody wrote, in a sentence; `None` for those that are not shown. `clock` says an instant as a time of day.
pub fn system_entry(words: &Words, body: &EntryBody, clock: impl Fn(Timestamp) -> String) -> Option<String> {
    let by = |key, advisor: &str| words.fill(key, &[("advisor", advisor)]);
    Some(match body {
        EntryBody::Opened {} => words.text("entry.opened"),
        EntryBody::Assigned { advisor } => by("entry.assigned", advisor),
        EntryBody::ClosingSoon { closes } => words.fill("entry.closing_soon", &[("clock", &clock(*closes))]),
        EntryBody::Returned { restored_to: None } => words.text("entry.returned"),
        EntryBody::Returned { restored_to: Some(taken) } => {
            words.fill("entry.restored", &[("clock", &clock(*taken))])
        }
        EntryBody::Transferred { advisor: Some(advisor) } => by("entry.transferred", advisor),
        EntryBody::Transferred { advisor: None } => words.text("entry.transferred_to_queue"),
        EntryBody::Joined { advisor } => by("entry.joined", advisor),
        EntryBody::Left { advisor } => by("entry.left", advisor),
        EntryBody::Observed { advisor } => by("entry.observed", advisor),
        EntryBody::OnHold { minutes } => words.count("entry.on_hold", (*minutes).into()),
        EntryBody::Resumed {} => words.text("entry.resumed"),
        EntryBody::Warned {} => words.text("entry.warned"),
        EntryBody::Blocked { until } => {
            words.fill("entry.blocked", &[("until", &Moment::in_italy(*until).text(words))])
        }
        EntryBody::Stayed {} => words.text("entry.stayed"),
        EntryBody::Question(question) => {
            words.fill("entry.question", &[("what", &question::question(words, question))])
        }
        EntryBody::Case { advisor, .. } => by("entry.case", advisor),
        EntryBody::Segnalazione { number, state, .. } => {
            segnalazione::segnalazione(words, state, number.as_deref())
        }
        EntryBody::Closed { by, outcome } => words.text(closed(*by, *outcome)),
        EntryBody::Message { .. }
        | EntryBody::Assistant { .. }
        | EntryBody::Inactive { .. }
        | EntryBody::Call { .. }
        | EntryBody::Unknown {} => return None,
    })
}

const fn closed(by: Party, outcome: Option<Outcome>) -> &'static str {
    match (by, outcome) {
        (Party::Citizen, Some(Outcome::LineaInps)) => "entry.wrote_to_office",
        (_, Some(Outcome::SelfServed)) => "entry.self_served",
        (_, Some(Outcome::LineaInps)) => "entry.forwarded",
        (Party::System, Some(Outcome::Abandoned)) => "entry.abandoned",
        (Party::Citizen, _) => "entry.closed_by_you",
        (Party::Advisor, _) => "entry.closed_by_advisor",
        (Party::System, _) => "entry.closed_by_service",
    }
}

/// The kinds of sensitive data in a text, and that the service does not need them.
pub fn sensitive_data_found(words: &Words, kinds: &[Kind]) -> String {
    let key = if kinds.len() > 1 { "sensitive_data.many" } else { "sensitive_data.alone" };
    words.fill(key, &[("what", &sensitive_data::names(words, kinds))])
}

/// The error, and advice.
pub const fn service_error(error: ServiceError) -> &'static str {
    match error {
        ServiceError::SignedOut => "service_error.signed_out",
        ServiceError::Unreachable => "service_error.unreachable",
        ServiceError::NotAccepted => "service_error.not_accepted",
        ServiceError::Fault => "service_error.fault",
    }
}

/// Why a message was not accepted, and what to do.
#[expect(clippy::wildcard_enum_match_arm, reason = "most codes are never about a message")]
pub const fn not_sent(code: Code) -> &'static str {
    match code {
        Code::MessageTooLong => "composer.too_long",
        Code::MessageEmpty => "composer.empty",
        Code::ConversationFull => "composer.conversation_full",
        Code::ConversationClosed => "composer.closed",
        Code::FrameBinary => "composer.no_files",
        _ => "composer.refused",
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use infocig_protocol::language::Language;

    use super::*;

    /// All texts of the widget.
    pub(crate) fn italian() -> Words {
        let files = [
            include_str!("../../client/texts/it.json"),
            include_str!("../../client/texts/cases/it.json"),
            include_str!("../texts/it.json"),
            include_str!("../texts/deferred/it.json"),
        ];
        let mut all = serde_json::Map::new();
        for file in files {
            all.extend(serde_json::from_str::<serde_json::Map<_, _>>(file).unwrap());
        }
        Words::read(Language::It, &serde_json::to_string(&all).unwrap()).unwrap()
    }

    #[test]
    fn sensitive_data_is_named() {
        let words = italian();
        assert_eq!(
            sensitive_data_found(&words, &[Kind::TaxNumber]),
            "Nel messaggio c'è un codice fiscale: per risponderti non serve. Decidi tu se inviarlo."
        );
        assert_eq!(
            sensitive_data_found(&words, &[Kind::Iban, Kind::Health]),
            "Nel messaggio ci sono un IBAN e una parola sulla salute: per risponderti non servono. Decidi tu se inviarlo."
        );
    }

    #[test]
    fn an_end_names_its_author() {
        let words = italian();
        let end = |by, outcome| {
            system_entry(&words, &EntryBody::Closed { by, outcome }, |_| String::new()).unwrap()
        };
        assert_eq!(
            end(Party::Citizen, Some(Outcome::LineaInps)),
            "Hai scritto alla sede competente, tramite Linea INPS"
        );
        assert_eq!(
            end(Party::Citizen, Some(Outcome::SelfServed)),
            "Hai lasciato la coda: la risposta era nella tua pratica"
        );
        assert!(end(Party::Advisor, Some(Outcome::LineaInps)).starts_with("L'operatore ha concluso"));
    }

    #[test]
    fn a_place_is_as_precise_as_is_true() {
        let words = italian();
        let said =
            |position, estimate| place(&words, &QueuePlace { position, estimate, notice: String::new() });
        assert_eq!(
            said(1, Estimate::Minutes { from: 0, to: 1 }),
            "La prossima conversazione è la tua. Manca meno di un minuto. "
        );
        assert_eq!(
            said(2, Estimate::Unknown {}),
            "Prima di te c'è una persona. Per ora non possiamo dirti quanto manca. "
        );
        assert_eq!(
            said(21, Estimate::Minutes { from: 5, to: 10 }),
            "Prima di te ci sono circa 20 persone. Ti rispondiamo di solito fra 5 e 10 minuti. "
        );
        let notice = "Gli operatori non vedono i pagamenti.".into();
        assert_eq!(
            place(&words, &QueuePlace { position: 2, estimate: Estimate::Unknown {}, notice }),
            "Prima di te c'è una persona. Per ora non possiamo dirti quanto manca. Gli operatori non vedono i pagamenti."
        );
    }
}
