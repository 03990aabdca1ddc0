// SPDX-License-Identifier: EUPL-1.2
//! Sentences of the console, made of texts and values.
//!
//! The texts lie in `texts/`, one file for each language; those that the widget shares in `client/texts/`. A text without values
//! is returned as its key. Keys are written here and in the views; `xtask/tests/texts.rs` finds keys without a text and texts
//! without a key. Texts: verbs first, no blame, always a way on.

mod assignment;
mod cases;
mod closing;
mod desk;
mod hold;
mod offer;
mod panels;
mod person;
mod preferences;
pub mod protection;
pub mod reports;
pub mod rules;
mod segnalazioni;
mod suggestions;
mod supervision;

use infocig_client::{
    call::words as call,
    dates::{self, Moment},
    format::grouped,
    sensitive_data,
    words::Words,
};
use infocig_protocol::{
    entry::{Author, Entry, EntryBody, Party, Phase},
    limits::MAX_MESSAGE_CHARS,
    problem::Code,
    sensitive::Kind,
};

pub use self::{
    assignment::*, cases::*, closing::*, desk::*, hold::*, offer::*, panels::*, person::*, preferences::*,
    segnalazioni::*, suggestions::*, supervision::*,
};
use crate::state::{Announcement, Connection, Delivery, FailedClaim, SignInState};

/// A label and its value on one line.
pub fn labelled(words: &Words, label: &str, of: &str) -> String {
    words.fill("label.of", &[("label", label), ("of", of)])
}

/// An enumeration, with "and" before the last.
fn listed(words: &Words, things: &[String]) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => words.fill("list.and", &[("first", &most.join(", ")), ("last", last)]),
    }
}

/// The reason why a sign-in is needed, if it is.
pub const fn sign_in_needed(sign_in: SignInState) -> Option<&'static str> {
    match sign_in {
        SignInState::Unknown | SignInState::SignedIn => None,
        SignInState::SignedOut => Some("sign_in.needed"),
        SignInState::Expired => Some("sign_in.expired"),
    }
}

/// The state of the connection.
pub const fn connection(connection: Connection) -> &'static str {
    match connection {
        Connection::Connecting => "connection.connecting",
        Connection::Live => "connection.live",
        Connection::Lost => "connection.lost",
        Connection::Unanswered => "connection.unanswered",
        Connection::NotAccepted => "connection.not_accepted",
        Connection::Outdated => "connection.outdated",
        Connection::SignInNeeded => "connection.sign_in",
    }
}

/// The effect of a lost connection on a conversation.
pub const fn conversation_link(connection: Connection) -> Option<&'static str> {
    match connection {
        Connection::Live => None,
        Connection::Connecting => Some("connection.connecting"),
        Connection::Lost
        | Connection::Unanswered
        | Connection::NotAccepted
        | Connection::Outdated
        | Connection::SignInNeeded => Some("conversation.link_lost"),
    }
}

/// The delivery of one of the advisor's messages.
pub const fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Sending => "delivery.sending",
        Delivery::Held => "delivery.held",
        Delivery::NeedsReload => "delivery.needs_reload",
        Delivery::Delivered => "delivery.delivered",
        Delivery::Read => "delivery.read",
    }
}

/// The presence of the other side.
pub const fn presence(connected: bool) -> &'static str {
    if connected { "person.here" } else { "person.away" }
}

/// The phase of a conversation, in a word.
pub fn phase(phase: Option<&Phase>, held: bool) -> &'static str {
    match phase {
        Some(Phase::Closed { .. }) => "phase.closed",
        Some(Phase::Waiting { .. } | Phase::Active { .. }) | None if !held => "phase.transferred",
        Some(Phase::Waiting { .. }) => "phase.waiting",
        Some(Phase::Active { .. }) => "phase.active",
        None => "phase.opening",
    }
}

fn how_long(words: &Words, minutes: i64) -> String {
    let minutes = u64::try_from(minutes).unwrap_or_default();
    let hours = || words.count("time.hours", minutes / 60);
    let rest = || words.count("time.minutes", minutes % 60);
    match (minutes / 60, minutes % 60) {
        (0, _) => rest(),
        (_, 0) => hours(),
        (_, _) => words.fill("time.and", &[("hours", &hours()), ("minutes", &rest())]),
    }
}

/// The kinds of sensitive data in a text that is about to be sent, as a question.
pub fn sensitive_data_found(words: &Words, kinds: &[Kind]) -> String {
    let key = if kinds.len() > 1 { "sensitive_data.many" } else { "sensitive_data.alone" };
    words.fill(key, &[("what", &sensitive_data::names(words, kinds))])
}

/// The length of a block: whole days from two on, else hours.
pub fn block_length(words: &Words, hours: u64) -> String {
    match (hours / 24, hours % 24) {
        (days @ 2.., 0) => words.count("time.days", days),
        (_, _) => words.count("time.hours", hours),
    }
}

/// The characters left in a message, or over its limit.
pub fn room_left(words: &Words, characters: usize) -> String {
    match MAX_MESSAGE_CHARS.checked_sub(characters) {
        Some(0) => words.text("composer.full"),
        Some(left) => words.count("composer.left", left as u64),
        None => words
            .fill("composer.over", &[("over", &grouped(words.language(), characters - MAX_MESSAGE_CHARS))]),
    }
}

/// An event of the log as a sentence. `None` for messages and for entries of a newer protocol.
pub fn event(words: &Words, body: &EntryBody, person: &str, advisor: Option<&str>) -> Option<String> {
    let by = |key, advisor: &str| words.fill(key, &[("advisor", advisor)]);
    Some(match body {
        EntryBody::Opened {} => words.text("event.opened"),
        EntryBody::Assigned { advisor } => by("event.assigned", advisor),
        EntryBody::ClosingSoon { .. } => words.text("event.closing_soon"),
        EntryBody::Returned { restored_to: Some(taken) } => {
            words.fill("event.restored", &[("clock", &dates::clock(*taken))])
        }
        EntryBody::Returned { restored_to: None } => match advisor {
            Some(advisor) => by("event.returned_by", advisor),
            None => words.text("event.returned"),
        },
        EntryBody::Transferred { advisor: Some(to) } => by("event.transferred", to),
        EntryBody::Transferred { advisor: None } => words.text("event.put_back"),
        EntryBody::Joined { advisor } => by("event.joined", advisor),
        EntryBody::Left { advisor } => by("event.left", advisor),
        EntryBody::Observed { advisor } => by("event.observed", advisor),
        EntryBody::OnHold { minutes } => words.count("event.on_hold", (*minutes).into()),
        EntryBody::Resumed {} => words.text("event.resumed"),
        EntryBody::Warned {} => words.text("event.warned"),
        EntryBody::Blocked { until } => {
            words.fill("event.blocked", &[("until", &Moment::in_italy(*until).text(words))])
        }
        EntryBody::Inactive { .. } => words.fill("event.inactive", &[("person", person)]),
        EntryBody::Stayed {} => words.fill("event.stayed", &[("person", person)]),
        EntryBody::Call { step, .. } => call::step(words, step, person),
        EntryBody::Closed { by, outcome } => {
            let closed = closed_by(words, *by, person, advisor);
            match outcome {
                Some(outcome) => format!("{closed} · {}", words.text(self::outcome(*outcome))),
                None => closed,
            }
        }
        EntryBody::Question(question) => self::question(words, question),
        EntryBody::Case { advisor, case, .. } => case_shown(words, advisor, case),
        EntryBody::Assistant { question, .. } => {
            words.fill("event.assistant", &[("person", person), ("question", question)])
        }
        EntryBody::Segnalazione { number, state, .. } => segnalazione(words, number.as_deref(), state),
        EntryBody::Message { .. } | EntryBody::Unknown {} => return None,
    })
}

fn closed_by(words: &Words, by: Party, person: &str, advisor: Option<&str>) -> String {
    let named = |name| words.fill("event.closed_by", &[("name", name)]);
    match (by, advisor) {
        (Party::Citizen, _) => named(person),
        (Party::Advisor, Some(advisor)) => named(advisor),
        (Party::Advisor, None) => words.text("event.closed_by_advisor"),
        (Party::System, _) => words.text("event.closed_by_service"),
    }
}

/// The newest message of a log, for the list; while there is none, the newest event. Messages tell conversations apart, events
/// do not.
pub fn last_line(words: &Words, entries: &[Entry], person: &str) -> String {
    let message = |entry: &Entry| {
        let EntryBody::Message { author, text, .. } = &entry.body else { return None };
        Some(match author {
            Author::Citizen => text.clone(),
            Author::Advisor { name } => labelled(words, name, text),
        })
    };
    let advisor = advisor(entries);
    let happened = |entry: &Entry| event(words, &entry.body, person, advisor);
    let newest = || entries.iter().rev();
    newest().find_map(message).or_else(|| newest().find_map(happened)).unwrap_or_default()
}

/// The advisor who held the conversation last.
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

/// The reason of a failed claim.
pub fn failed_claim(words: &Words, failed_claim: &FailedClaim) -> String {
    let FailedClaim { name, code } = failed_claim;
    let key = if matches!(code, Code::NotWaiting | Code::NotAssigned) {
        "take_error.already_assigned"
    } else if matches!(code, Code::AtCapacity) {
        "queue.full"
    } else if matches!(code, Code::ConversationClosed) {
        "take_error.person_left"
    } else {
        "take_error.failed"
    };
    words.fill(key, &[("name", name)])
}

/// The reason why a message was refused.
pub const fn not_sent(code: Code) -> &'static str {
    if matches!(code, Code::ConversationClosed) {
        "unsent.closed"
    } else if matches!(code, Code::NotAssigned) {
        "unsent.not_assigned"
    } else if matches!(code, Code::MessageTooLong | Code::FrameTooLarge) {
        "unsent.too_long"
    } else {
        "unsent.failed"
    }
}

/// An event outside the conversation on screen, for screen readers.
pub fn announcement(words: &Words, announcement: &Announcement) -> String {
    let about = |key, name: &str| words.fill(key, &[("name", name)]);
    match announcement {
        Announcement::PersonWaiting { name } => about("announcement.person_waiting", name),
        Announcement::MessageReceived { name } => about("announcement.message_received", name),
        Announcement::Offered(offer) => {
            let seconds = offer.until.as_millis() - offer.since.as_millis();
            offer_announced(words, offer, seconds / 1_000)
        }
        Announcement::OfferExpired { name } => about("announcement.offer_expired", name),
        Announcement::NoteReceived { name } => about("announcement.note_received", name),
        Announcement::HoldDue { name } => about("announcement.hold_due", name),
        Announcement::ForwardingRefused { name } => about("announcement.forwarding_refused", name),
        Announcement::Assigned { name } => about("announcement.assigned", name),
        Announcement::Alerts(alerts) => {
            let said = alerts.iter().map(|(name, alert)| alert_means(words, alert, name.as_deref()));
            said.collect::<Vec<_>>().join(" ")
        }
        Announcement::Supervised { act, by, name } => labelled(words, name, &supervised(words, *act, by)),
        Announcement::NoCaseRegistry => words.text("cases.not_here"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use infocig_protocol::{
        entry::Outcome,
        id::MessageId,
        language::Language,
        person::{Category, Credential},
        time::Timestamp,
    };

    use super::*;

    /// The Italian texts of the console and those it shares with the widget, in one file as the build makes it.
    pub(crate) fn italian() -> Words {
        let files = [
            include_str!("../../client/texts/it.json"),
            include_str!("../../client/texts/cases/it.json"),
            include_str!("../texts/it.json"),
        ];
        let mut all = serde_json::Map::new();
        for file in files {
            all.extend(serde_json::from_str::<serde_json::Map<_, _>>(file).unwrap());
        }
        Words::read(Language::It, &serde_json::to_string(&all).unwrap()).unwrap()
    }

    #[test]
    fn a_wait_is_in_minutes_and_hours() {
        let words = italian();
        let said = [0, 1, 12, 60, 61, 125].map(|minutes| waiting(&words, minutes));
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
    fn an_advisor_is_asked_what_the_person_needs_of_it() {
        let words = italian();
        assert_eq!(
            sensitive_data_found(&words, &[Kind::Iban]),
            "Nel messaggio c'è un IBAN. Serve davvero alla persona?"
        );
        assert_eq!(
            sensitive_data_found(&words, &[Kind::TaxNumber, Kind::Iban]),
            "Nel messaggio ci sono un codice fiscale e un IBAN. Servono davvero alla persona?"
        );
    }

    #[test]
    fn a_block_lasts_hours_or_whole_days() {
        let words = italian();
        assert_eq!(
            [24, 36, 48, 168].map(|hours| block_length(&words, hours)),
            ["24 ore", "36 ore", "2 giorni", "7 giorni"]
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
    fn the_remaining_characters_show_near_and_above_the_limit() {
        let words = italian();
        assert_eq!(room_left(&words, 3_999), "Puoi scrivere ancora 1 carattere.");
        assert_eq!(
            room_left(&words, 5_200),
            "Accorcia il messaggio: supera di 1.200 il massimo di 4.000 caratteri."
        );
    }

    #[test]
    fn the_list_shows_the_newest_message_before_any_event() {
        let log = [
            entry(1, EntryBody::Opened {}),
            entry(2, EntryBody::Assigned { advisor: "Giulia".into() }),
            entry(3, EntryBody::Unknown {}),
        ];
        assert_eq!(last_line(&italian(), &log, "Ada"), "Giulia ha preso in carico");

        let message = EntryBody::Message {
            id: MessageId::parse("m").unwrap(),
            author: Author::Citizen,
            text: "Buongiorno".into(),
        };
        let [opened, taken, unknown] = log;
        let log = [opened, entry(2, message), taken, unknown];
        assert_eq!(last_line(&italian(), &log, "Ada"), "Buongiorno");
    }

    #[test]
    fn the_party_that_ended_it_is_named() {
        let words = italian();
        let closed =
            |by| event(&words, &EntryBody::Closed { by, outcome: None }, "Ada", Some("Giulia")).unwrap();
        assert_eq!(closed(Party::Citizen), "Conclusa da Ada");
        assert_eq!(closed(Party::Advisor), "Conclusa da Giulia");
        assert_eq!(closed(Party::System), "Conclusa dal servizio");
    }

    #[test]
    fn the_end_is_shown_with_its_outcome() {
        let closed = EntryBody::Closed { by: Party::Advisor, outcome: Some(Outcome::LineaInps) };
        let said = event(&italian(), &closed, "Ada", Some("Giulia"));
        assert_eq!(said.as_deref(), Some("Conclusa da Giulia · Inviata a Linea INPS"));
    }

    #[test]
    fn the_last_advisor_is_the_one_it_was_transferred_to() {
        let log = [
            entry(1, EntryBody::Assigned { advisor: "Giulia".into() }),
            entry(2, EntryBody::Transferred { advisor: Some("Marco".into()) }),
        ];
        assert_eq!(advisor(&log), Some("Marco"));
        assert_eq!(last_line(&italian(), &log, "Ada"), "Passata a Marco");
    }

    fn entry(seq: u64, body: EntryBody) -> Entry {
        Entry { seq, at: Timestamp::from_millis(0), body }
    }
}
