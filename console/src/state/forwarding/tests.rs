// SPDX-License-Identifier: EUPL-1.2
//! A draft from the first prefilled field until the log shows it.

use infocig_protocol::segnalazione::SegnalazioneState;

use super::*;
use crate::state::samples::{answers, case, entry, message, person, says, topics};

#[test]
fn known_fields_are_filled_in() {
    let mut choice = TopicChoice::default();
    choice.choose(&topics(), 0, "servizio");
    let question =
        Question { about: Some(BenefitKind::Cisoa), protocol: Some("INPS/1".into()), ..Question::default() };
    let draft = prefilled(message("s"), &person(1), Some(&question), &choice);
    assert_eq!((draft.office.as_str(), draft.kind), ("058", Some(BenefitKind::Cisoa)));
    assert_eq!(draft.protocol.as_deref(), Some("INPS/1"));
    assert_eq!(draft.topic, ["servizio", "accesso", "assistenza"].map(String::from));
    assert_eq!((draft.attached.len(), draft.case), (0, None), "nobody has chosen any");

    let knows = PersonCard { about: Some(Skill::AisFis), ..person(1) };
    let draft = prefilled(message("s"), &knows, None, &TopicChoice::default());
    assert_eq!(draft.kind, Some(BenefitKind::AisFis), "the portal knew");
}

#[test]
fn a_case_brings_its_numbers_and_leaves_them() {
    let mut draft = whole();
    choose_case(&mut draft, Some(&case("a")));
    assert_eq!(draft.kind, Some(BenefitKind::Cigo));
    assert_eq!((draft.protocol.as_deref(), draft.ticket.as_deref()), (Some("PROVA/a"), Some("T-a")));
    choose_case(&mut draft, None);
    assert_eq!((draft.case, draft.protocol.as_deref()), (None, Some("PROVA/a")));
}

#[test]
fn errors_are_listed_by_field_in_the_order_of_the_form() {
    let empty = SegnalazioneDraft {
        office: "Roma".into(),
        topic: Default::default(),
        description: " \n".into(),
        protocol: Some("<b>".into()),
        ticket: Some("è".into()),
        attached: (0..102).collect(),
        ..whole()
    };
    assert_eq!(
        field_errors(&empty, &topics()),
        [
            FieldError::Protocol,
            FieldError::Ticket,
            FieldError::Office,
            FieldError::Topic(0),
            FieldError::DescriptionMissing,
            FieldError::TooManyMessages(2),
        ]
    );
    let long = SegnalazioneDraft { description: "è".repeat(MAX_DESCRIPTION_CHARS + 3), ..whole() };
    assert_eq!(field_errors(&long, &topics()), [FieldError::DescriptionTooLong(3)]);
    assert_eq!(field_errors(&whole(), &topics()[..1]), [FieldError::Topic(0)], "the policy lost the topic");
}

#[test]
fn a_valid_draft_is_valid_for_the_protocol_and_trimmed() {
    let draft = SegnalazioneDraft {
        office: " 058 ".into(),
        description: "\nServe l'SR41. ".into(),
        protocol: Some(" INPS/1 ".into()),
        ticket: Some("  ".into()),
        ..whole()
    };
    let sent = ready(&draft, &topics()).unwrap();
    assert_eq!(sent.wrong(), None);
    assert_eq!((sent.office.as_str(), sent.description.as_str()), ("058", "Serve l'SR41."));
    assert_eq!((sent.protocol.as_deref(), sent.ticket), (Some("INPS/1"), None));
}

#[test]
fn one_is_written_at_a_time_and_goes_under_one_id_until_the_log_has_it() {
    let mut forwarding = Forwarding::default();
    assert!(forwarding.begin(|| Some(SegnalazioneDraft { description: String::new(), ..whole() })));
    forwarding.write(whole());
    assert!(forwarding.begin(|| Some(SegnalazioneDraft { id: message("other"), ..whole() })));
    assert_eq!(forwarding.send(&topics()).unwrap().id, message("s"));
    assert_eq!((forwarding.stage(), forwarding.send(&topics())), (ForwardingStage::Sending, None));
    assert!(!forwarding.begin(|| Some(whole())), "on its way");
    forwarding.write(SegnalazioneDraft { description: "altro".into(), ..whole() });
    assert_eq!(forwarding.draft, Some(whole()), "what goes is what is kept");

    forwarding.remove_arrived(&[stands("another")]);
    assert_eq!(forwarding.stage(), ForwardingStage::Sending);
    forwarding.remove_arrived(&[stands("s")]);
    assert_eq!(forwarding, Forwarding::default());
}

#[test]
fn a_refused_segnalazione_is_unchanged_and_resent_under_its_id() {
    let mut forwarding = Forwarding { draft: Some(whole()), ..Forwarding::default() };
    let sent = forwarding.send(&topics()).unwrap();
    assert!(!forwarding.refuse(&message("another"), Code::Fault));
    assert!(forwarding.refuse(&sent.id, Code::SegnalazioneInvalid));
    assert_eq!(forwarding.stage(), ForwardingStage::Refused);
    assert_eq!(forwarding.draft, Some(sent.clone()));
    assert!(!forwarding.refuse(&sent.id, Code::Fault), "said twice");

    assert!(forwarding.begin(|| None));
    assert_eq!(forwarding.send(&topics()), Some(sent));
    assert_eq!(forwarding.refused, None);
}

#[test]
fn an_invalid_draft_is_not_sent() {
    let draft = SegnalazioneDraft { description: String::new(), ..whole() };
    let mut forwarding = Forwarding { draft: Some(draft.clone()), ..Forwarding::default() };
    assert_eq!(forwarding.send(&topics()), None);
    assert_eq!((forwarding.draft, forwarding.sent), (Some(draft), false));
}

#[test]
fn a_form_without_own_input_is_no_draft_and_is_filled_in_again() {
    let filled = |question: Option<&Question>| {
        Some(prefilled(message("s"), &person(1), question, &TopicChoice::default()))
    };
    let mut forwarding = Forwarding::default();
    forwarding.begin(|| filled(None));
    assert_eq!(forwarding.stage(), ForwardingStage::None);
    let question = Question { about: Some(BenefitKind::Cigs), ..Question::default() };
    forwarding.begin(|| filled(Some(&question)));
    assert_eq!(forwarding.draft.as_ref().unwrap().kind, Some(BenefitKind::Cigs));

    forwarding.write(whole());
    assert_eq!(forwarding.stage(), ForwardingStage::Written);
    forwarding.begin(|| filled(None));
    assert_eq!(forwarding.draft, Some(whole()));
}

#[test]
fn messages_alone_can_go_along_the_newest_hundred_and_in_order() {
    let mut log = vec![entry(1, EntryBody::Opened {})];
    log.extend((2..=120).map(|seq| if seq % 2 == 0 { says(seq, "a") } else { answers(seq, "b") }));
    let can = attachable(&log);
    assert_eq!((can.len(), can[0].seq, can[99].seq), (MAX_ATTACHED, 21, 120));

    let mut draft = whole();
    for (seq, goes) in [(9, true), (3, true), (9, true), (4, true), (4, false)] {
        attach(&mut draft, seq, goes);
    }
    assert_eq!(draft.attached, [3, 9]);
}

fn whole() -> SegnalazioneDraft {
    SegnalazioneDraft {
        id: message("s"),
        office: "058".into(),
        topic: ["servizio", "accesso", "assistenza"].map(String::from),
        description: "Serve il flusso del mese.".into(),
        kind: None,
        case: None,
        protocol: None,
        ticket: None,
        attached: vec![],
    }
}

fn stands(id: &str) -> Entry {
    let state = SegnalazioneState::Sending {};
    entry(1, EntryBody::Segnalazione { id: message(id), number: None, state })
}
