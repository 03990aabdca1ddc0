// SPDX-License-Identifier: EUPL-1.2
//! Sample values for tests, with invented people and companies. Behind the feature `fixtures`, for dev-dependencies alone.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "the values are constant and well-formed"
)]

use crate::{
    case::{BenefitKind, Case, CasePhase, CaseStatus, CaseStep, Payment, Question},
    desk::Presence,
    entry::{Author, Entry, EntryBody, Party},
    figures::{Figures, Percentiles, Share},
    http::{Admission, Channel, Verdict},
    id::{AdvisorId, CaseId, ConversationId, MessageId, QueueId},
    language::Language,
    person::{ActingFor, Category, Credential, PersonCard},
    problem::Code,
    segnalazione::{SegnalazioneStanding, SegnalazioneState},
    supervision::{
        AlertThresholds, Observation, OfficeQueue, Panel, PanelAdvisor, PanelConversation, PanelOffer,
        PanelQueue, PanelWaiting, Spoke, ToldWait,
    },
    time::Timestamp,
};

/// The card of a consultant who acts for a company.
pub fn person() -> PersonCard {
    PersonCard {
        name: "Persona Di Prova".into(),
        category: Category::Consulente,
        province: "063".into(),
        province_name: "Napoli".into(),
        credential: Credential::SpidL2,
        acting_for: Some(ActingFor { name: "Azienda Di Prova".into(), matricola: Some("1234567890".into()) }),
        language: Language::It,
        entry_point: None,
        about: None,
        question: None,
    }
}

/// A question with every member.
pub fn question() -> Question {
    Question {
        about: Some(BenefitKind::Cigo),
        from: Some("2026-09".into()),
        to: Some("2026-10".into()),
        payment: Some(Payment::Direct),
        protocol: Some("INPS.5100.02/10/2026.0123456".into()),
    }
}

/// A case with every member, waiting for the employer.
pub fn case() -> Case {
    let step = |phase, on: Option<&str>| CaseStep { phase, on: on.map(String::from) };
    Case {
        id: CaseId::parse("cigo-1").unwrap(),
        kind: BenefitKind::Cigo,
        company: "Officine Fantasia S.r.l.".into(),
        matricola: Some("9900000015".into()),
        from: "2026-09-01".into(),
        to: "2026-09-30".into(),
        payment: Payment::Direct,
        protocol: Some("INPS.5100.02/10/2026.0123456".into()),
        ticket: Some("1234567890123456".into()),
        status: CaseStatus::WaitingForEmployer,
        steps: vec![
            step(CasePhase::Loaded, Some("2026-10-02")),
            step(CasePhase::Authorised, Some("2026-11-04")),
            step(CasePhase::PaymentDataReceived, None),
        ],
    }
}

/// A refusal or admission with one channel and no time of opening.
pub fn admission(verdict: Verdict, code: Code) -> Admission {
    Admission {
        at: "2026-11-27T18:00:00+01:00".into(),
        verdict,
        code,
        source: "Messaggio INPS 4497/2022".into(),
        opens: None,
        closes: Some("2026-11-27T18:00:00+01:00".into()),
        changes: Some("2026-11-30T15:00:00+01:00".into()),
        message: "Il servizio adesso è chiuso.".into(),
        channels: vec![Channel {
            name: "Contact Center Multicanale".into(),
            how: "Chiama l'803 164 da telefono fisso (gratuito).".into(),
            href: Some("tel:803164".into()),
        }],
    }
}

/// A segnalazione that Linea INPS has accepted.
pub fn segnalazione() -> SegnalazioneStanding {
    SegnalazioneStanding {
        id: message_id(),
        number: Some("LI-2026-000001".into()),
        state: SegnalazioneState::Accepted {},
    }
}

/// A panel with every member, and one of each kind in its lists.
pub fn panel() -> Panel {
    let advisor = |id: &str| AdvisorId::parse(id).unwrap();
    Panel {
        at: at(),
        queue: QueueId::parse("info-cig").unwrap(),
        waiting: PanelQueue {
            number: 1,
            oldest: Some(at()),
            conversations: vec![PanelWaiting {
                conversation: conversation(),
                since: at(),
                category: Category::Lavoratore,
                province: "063".into(),
                language: Language::It,
                told: Some(ToldWait { from: 5, to: 10 }),
                returned: true,
                fits_nobody: true,
                missed: 2,
            }],
        },
        offers: vec![PanelOffer {
            conversation: conversation(),
            to: advisor("adv-2c9e"),
            since: at(),
            until: at(),
            by: Some(advisor("adv-7f3a")),
        }],
        advisors: vec![PanelAdvisor {
            advisor: advisor("adv-7f3a"),
            name: "Giulia".into(),
            presence: Presence::Available,
            supervisor: true,
            lost: Some(at()),
            load: 2,
            capacity: 3,
            wrapping_up: 1,
            held: vec![conversation()],
            since: at(),
        }],
        conversations: vec![PanelConversation {
            conversation: conversation(),
            advisor: advisor("adv-7f3a"),
            since: at(),
            spoke: Some(Spoke { by: Party::Citizen, at: at() }),
            helpers: vec![advisor("adv-2c9e")],
            observers: vec![advisor("adv-51aa")],
            ending: true,
            closes: Some(at()),
        }],
        today: figures(),
        office: OfficeQueue { waiting: 3, given_up: 1, dead_letters: 1 },
        thresholds: AlertThresholds {
            waiting: 10,
            longest_wait_minutes: 15,
            silent_minutes: 5,
            missed_offers: 2,
            given_up: 1,
        },
        observation: Observation::Notice,
    }
}

/// Figures with every member.
pub fn figures() -> Figures {
    let length = Some(Percentiles { n: 40, p50_s: 95, p90_s: 240, longest_s: 600 });
    Figures {
        entered: 50,
        answered: 40,
        service_level: Share { part: 36, of: 45 },
        wait: length,
        abandoned_after: length,
        first_word: length,
        handle: length,
        wrap_up: length,
        on_hold: length,
        office: length,
        ..Figures::default()
    }
}

/// An entry stored at [`at`].
pub fn entry(seq: u64, body: EntryBody) -> Entry {
    Entry { seq, at: at(), body }
}

/// The body of a message.
pub fn message(author: Author) -> EntryBody {
    EntryBody::Message { id: message_id(), author, text: "Quando sarò pagato?".into() }
}

/// The id of the first conversation of an object.
pub fn conversation() -> ConversationId {
    ConversationId::of(&"00112233445566778899aabbccddeeff".repeat(2), 1).unwrap()
}

/// An id of a message.
pub fn message_id() -> MessageId {
    MessageId::parse("3f6c0d2e9b7a41d8a5e4c1b2d3e4f5a6").unwrap()
}

/// An instant.
pub fn at() -> Timestamp {
    Timestamp::from_millis(1_795_444_800_123)
}
