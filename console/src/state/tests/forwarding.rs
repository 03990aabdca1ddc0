// SPDX-License-Identifier: EUPL-1.2
//! A segnalazione in the life of its conversation.

use super::*;

#[test]
fn a_segnalazione_proposes_its_outcome_unless_another_was_chosen() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        let outcome = |n| conversation(state, n).choice.get().outcome;
        receive(state, 1, vec![forwarded("s")]);
        assert_eq!(outcome(1), Some(Outcome::LineaInps));

        conversation(state, 2).choice.update(|choice| choice.outcome = Some(Outcome::Online));
        receive(state, 2, vec![forwarded("s")]);
        assert_eq!(outcome(2), Some(Outcome::Online));
    });
}

#[test]
fn a_segnalazione_is_in_flight_until_the_log_has_it() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        let sent = state.forward(&conversation).unwrap();
        assert_eq!(sent.id, message("s"));
        assert_eq!(state.forward(&conversation), None, "it is on its way");
        assert_eq!(conversation.choice.get().at(0), Some("servizio"), "said once");
        assert_eq!(conversation.choice.get().outcome, None, "nobody has it yet");

        receive(state, 1, vec![forwarded("s")]);
        assert_eq!(conversation.forwarding.get().stage(), ForwardingStage::None);
    });
}

#[test]
fn an_unsent_segnalazione_is_open_again_unchanged() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.select(&id(1));
        let sent = state.forward(&conversation).unwrap();
        not_forwarded(state);

        assert_eq!(state.screen.dialog.get(), Some(Dialog::Forward(id(1))));
        let forwarding = conversation.forwarding.get();
        assert_eq!(forwarding.draft.as_ref(), Some(&sent));
        assert_eq!(forwarding.refused, Some(Code::SegnalazioneInvalid));
        assert_eq!(state.forward(&conversation), Some(sent), "under the same id");
    });
}

#[test]
fn an_unsent_segnalazione_does_not_interrupt_the_advisor() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.forward(&conversation);
        not_forwarded(state);
        assert_eq!(state.screen.dialog.get(), None, "another conversation is on screen");
        let name = "Persona 1".into();
        assert_eq!(state.screen.announcement.get(), Some(Announcement::ForwardingRefused { name }));
        state.select(&id(1));
        assert_eq!(state.screen.dialog.get(), Some(Dialog::Forward(id(1))));

        state.screen.dialog.set(Some(Dialog::Closing(id(1))));
        state.forward(&conversation);
        not_forwarded(state);
        assert_eq!(state.screen.dialog.get(), Some(Dialog::Closing(id(1))));
    });
}

#[test]
fn a_segnalazione_in_flight_at_the_end_of_a_conversation_is_unsent() {
    desk(|state| {
        let conversation = writing_to_an_office(state);
        state.forward(&conversation);
        receive(state, 1, vec![entry(1, EntryBody::Closed { by: Party::Citizen, outcome: None })]);
        assert_eq!(
            conversation.forwarding.get().stage(),
            ForwardingStage::Sending,
            "the log is not whole yet"
        );
        apply(state, 1, Event::Link(LinkState::Over));
        assert_eq!(conversation.forwarding.get().refused, Some(Code::ConversationClosed));
        assert_eq!(state.forward(&conversation), None, "there is nobody to send it");
    });
}

#[test]
fn after_a_reload_a_sent_segnalazione_is_sent_again_and_a_draft_is_not() {
    desk(|state| {
        picture(state, &[], &[1, 2]);
        let draft = prefilled(message("s"), &person(1), None, &TopicChoice::default());
        assert_eq!(state.restore_forwarding(&id(1), true, draft.clone()), Some(draft.clone()));
        assert_eq!(conversation(state, 1).forwarding.get().stage(), ForwardingStage::Sending);
        assert_eq!(state.restore_forwarding(&id(2), false, draft.clone()), None);
        assert_eq!(conversation(state, 2).forwarding.get().draft, Some(draft));
    });
}

fn writing_to_an_office(state: &DeskState) -> Conversation {
    welcome(state);
    picture(state, &[], &[1]);
    let conversation = conversation(state, 1);
    conversation.forwarding.update(|forwarding| {
        forwarding.begin(|| {
            let mut draft = prefilled(message("s"), &person(1), None, &TopicChoice::default());
            draft.topic = ["servizio", "accesso", "assistenza"].map(String::from);
            draft.description = "Serve il flusso del mese.".into();
            Some(draft)
        });
    });
    conversation
}

fn not_forwarded(state: &DeskState) {
    let code = Code::SegnalazioneInvalid;
    apply(state, 1, Event::NotForwarded { id: message("s"), code });
}

fn forwarded(name: &str) -> Entry {
    let state = SegnalazioneState::Sending {};
    entry(1, EntryBody::Segnalazione { id: message(name), number: None, state })
}
