// SPDX-License-Identifier: EUPL-1.2
//! Segnalazioni: the state of one, the form and its errors, and the list for supervisors.

use infocig_client::{format::grouped, words::Words};
use infocig_protocol::{
    desk::{ProvinceName, Topic},
    limits::MAX_DESCRIPTION_CHARS,
    person::PersonCard,
    problem::Code,
    segnalazione::{Delivery, SegnalazioneState, SegnalazioneStatus},
};

use crate::state::{
    cases::RequestError,
    forwarding::{FieldError, ForwardingStage},
    topics::TopicChoice,
};

/// Stands for a missing number.
pub const NO_NUMBER: &str = "–";

/// The event of a segnalazione, without the office's answer.
pub fn segnalazione(words: &Words, number: Option<&str>, state: &SegnalazioneState) -> String {
    let numbered = |with: &str, without: &str| match number {
        Some(number) => words.fill(with, &[("number", number)]),
        None => words.text(without),
    };
    match state {
        SegnalazioneState::Sending {} => words.text("report.sending"),
        SegnalazioneState::Queued {} => words.text("report.queued"),
        SegnalazioneState::Held {} => words.text("report.held"),
        SegnalazioneState::Accepted {} => numbered("report.accepted_number", "report.accepted"),
        SegnalazioneState::InProgress {} => numbered("report.in_progress_number", "report.in_progress"),
        SegnalazioneState::Answered { .. } => numbered("report.answered_number", "report.answered"),
    }
}

/// The state of a segnalazione, in a word or two.
pub const fn segnalazione_state(state: &SegnalazioneState) -> &'static str {
    match state {
        SegnalazioneState::Sending {} => "report.is_sending",
        SegnalazioneState::Queued {} => "report.is_queued",
        SegnalazioneState::Held {} => "report.is_held",
        SegnalazioneState::Accepted {} => "report.is_accepted",
        SegnalazioneState::InProgress {} => "report.is_in_progress",
        SegnalazioneState::Answered { .. } => "report.is_answered",
    }
}

/// The `data-state` of a segnalazione, in every language.
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
pub fn history_segnalazione(words: &Words, status: &SegnalazioneStatus) -> String {
    let state = words.text(segnalazione_state(&status.state));
    match &status.number {
        Some(number) => words.fill("report.past", &[("number", number), ("state", &state)]),
        None => words.fill("report.past_unnumbered", &[("state", &state)]),
    }
}

/// The label of the button that opens the form.
pub const fn forward(stage: ForwardingStage) -> &'static str {
    match stage {
        ForwardingStage::None => "forward.action",
        ForwardingStage::Written => "forward.draft",
        ForwardingStage::Sending => "forward.sending",
        ForwardingStage::Refused => "forward.refused",
    }
}

/// The province of an office: its name, or its code if the name is unknown.
pub fn office(words: &Words, code: &str, provinces: &[ProvinceName]) -> String {
    match provinces.iter().find(|province| province.code == code) {
        Some(province) => province.name.clone(),
        None => words.fill("province.code", &[("code", code)]),
    }
}

/// The hint under the field of the office.
pub fn office_hint(words: &Words, code: &str, person: &PersonCard) -> Option<String> {
    (code == person.province).then(|| words.fill("forward.own_province", &[("name", &person.name)]))
}

/// The characters used of a description.
pub fn description_length(words: &Words, count: usize) -> String {
    let (count, max) = (grouped(words.language(), count), grouped(words.language(), MAX_DESCRIPTION_CHARS));
    words.fill("forward.length", &[("count", &count), ("max", &max)])
}

/// The number of attached messages.
pub fn attached(words: &Words, count: usize) -> String {
    if count == 0 {
        words.text("forward.none_selected")
    } else {
        words.count("forward.selected", count as u64)
    }
}

/// The error of a field, with what to do.
pub fn field_error(words: &Words, wrong: FieldError) -> String {
    match wrong {
        FieldError::Protocol => words.text("forward_error.protocol"),
        FieldError::Ticket => words.text("forward_error.ticket"),
        FieldError::Office => words.text("forward_error.office"),
        FieldError::Topic(level) => words.text(super::missing(level)),
        FieldError::DescriptionMissing => words.text("forward_error.description"),
        FieldError::DescriptionTooLong(over) => {
            words.fill("forward_error.too_long", &[("over", &grouped(words.language(), over))])
        }
        FieldError::TooManyMessages(over) => words.count("forward_error.messages", over as u64),
    }
}

/// The reason why a segnalazione was refused.
pub const fn not_forwarded(code: Code) -> &'static str {
    if matches!(code, Code::SegnalazioneInvalid) {
        "forward_refused.invalid"
    } else if matches!(code, Code::NotAssigned) {
        "forward_refused.not_assigned"
    } else if matches!(code, Code::ConversationClosed) {
        "forward_refused.closed"
    } else if matches!(code, Code::FrameTooLarge) {
        "forward_refused.too_long"
    } else {
        "forward_refused.failed"
    }
}

/// The names of a topic, level by level.
pub fn topic_names(words: &Words, path: &[String; 3], tree: &[Topic]) -> String {
    let choice = TopicChoice::of(path, tree);
    let name = |level: usize| {
        let options = choice.options(tree, level);
        options
            .iter()
            .find(|topic| Some(topic.id.as_str()) == choice.at(level))
            .map(|topic| topic.name.clone())
    };
    let names: Vec<String> = (0..3).filter_map(name).collect();
    if names.is_empty() { words.text("forward.nothing") } else { names.join(" › ") }
}

/// The heads of the columns of the list.
pub const COLUMNS: [&str; 7] = [
    "reports.when",
    "reports.office",
    "reports.number",
    "reports.delivery",
    "reports.attempts",
    "reports.problem",
    "reports.action",
];

/// The number of segnalazioni, and of stopped deliveries.
pub fn segnalazioni_count(words: &Words, all: usize, stopped: usize) -> String {
    let all = words.count("reports.count", all as u64);
    match stopped {
        0 => all,
        stopped => [all, words.count("reports.stopped", stopped as u64)].join(", "),
    }
}

/// The delivery of a segnalazione, in a word.
pub const fn delivery_word(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => "reports.is_waiting",
        Delivery::Stopped => "reports.is_stopped",
        Delivery::Delivered => "reports.is_delivered",
    }
}

/// The `data-delivery` of a segnalazione, in every language.
pub const fn delivery_key(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Waiting => "waiting",
        Delivery::Stopped => "stopped",
        Delivery::Delivered => "delivered",
    }
}

/// The reason why a retry failed.
pub const fn not_resent(trouble: RequestError) -> &'static str {
    match trouble {
        RequestError::Unanswered => "reports.resend_unknown",
        RequestError::Refused(Code::NotSupervisor) => "reports.resend_not_supervisor",
        RequestError::Refused(_) => "reports.resend_failed",
    }
}

/// The reason why the list could not be loaded.
pub const fn segnalazioni_error(trouble: RequestError) -> &'static str {
    match trouble {
        RequestError::Unanswered => "reports.unanswered",
        RequestError::Refused(_) => "reports.unrefreshed",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use infocig_protocol::id::MessageId;

    use super::*;
    use crate::text::tests::italian;

    #[test]
    fn every_state_has_its_number() {
        let words = italian();
        let said = states().map(|state| segnalazione(&words, Some("LI-7"), &state));
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
            segnalazione(&words, None, &SegnalazioneState::Accepted {}),
            "Segnalazione presa in carico da Linea INPS"
        );
        let keys: BTreeSet<&str> = states().iter().map(segnalazione_key).collect();
        assert_eq!(keys.len(), states().len());
    }

    #[test]
    fn an_earlier_segnalazione_has_number_and_state() {
        let words = italian();
        let status = |number: Option<&str>, state| SegnalazioneStatus {
            id: MessageId::parse("s").unwrap(),
            number: number.map(String::from),
            state,
        };
        let said = states().map(|state| history_segnalazione(&words, &status(Some("LI-7"), state)));
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
        let queued = history_segnalazione(&words, &status(None, SegnalazioneState::Queued {}));
        assert_eq!(queued, "Segnalazione senza numero: accodata");
    }

    #[test]
    fn the_button_shows_the_stage() {
        let words = italian();
        let said = [
            ForwardingStage::None,
            ForwardingStage::Written,
            ForwardingStage::Sending,
            ForwardingStage::Refused,
        ];
        let said = said.map(|stage| words.text(forward(stage)));
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
    fn every_field_error_says_how_to_fix_it() {
        let words = italian();
        let said = [
            FieldError::Protocol,
            FieldError::Ticket,
            FieldError::Office,
            FieldError::Topic(0),
            FieldError::DescriptionMissing,
            FieldError::DescriptionTooLong(1_200),
            FieldError::TooManyMessages(1),
            FieldError::TooManyMessages(2),
        ]
        .map(|wrong| field_error(&words, wrong));
        assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len());
        assert_eq!(said[5], "Accorcia il testo: supera di 1.200 il massimo di 4.000 caratteri.");
        assert_eq!(said[7], "Togli 2 messaggi: se ne allegano al massimo 100.");
        assert_eq!(description_length(&words, 12), "12 di 4.000 caratteri");
    }

    #[test]
    fn the_office_is_named_where_its_name_is_known() {
        let provinces = [ProvinceName { code: "063".into(), name: "Napoli".into() }];
        let words = italian();
        assert_eq!(office(&words, "063", &provinces), "Napoli");
        assert_eq!(office(&words, "999", &provinces), "Provincia 999");
    }

    #[test]
    fn deliveries_are_counted_and_named() {
        let words = italian();
        let said = [Delivery::Waiting, Delivery::Stopped, Delivery::Delivered];
        let said = said.map(|delivery| words.text(delivery_word(delivery)));
        assert_eq!(said, ["In attesa", "Ferma", "Consegnata"]);
        assert_eq!(segnalazioni_count(&words, 1, 0), "1 segnalazione");
        assert_eq!(segnalazioni_count(&words, 5, 1), "5 segnalazioni, 1 ferma");
        assert_eq!(segnalazioni_count(&words, 5, 2), "5 segnalazioni, 2 ferme");
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
