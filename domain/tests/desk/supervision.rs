// SPDX-License-Identifier: EUPL-1.2
//! Supervisors at the desk, rule by rule. Ada is one.

use infocig_domain::{
    audit::AuditEvent,
    desk::{DeskTransition, queue::Ending},
    figures::{AdvisorTime, Tally},
    notification::{ConversationCommand, DeskNotification, Notification, Release},
    staff::StaffRole,
};
use infocig_protocol::{
    desk::{AssignmentState, DeskServerFrame, Fit, NoteDraft, Presence, TransferTo},
    entry::{Outcome, Party},
    id::{AdvisorId, MessageId},
    problem::Code,
    supervision::{AlertKind, OfficeQueue, Spoke, SupervisorAct},
};

use super::rules::{GERMAN, GIULIA, PETRA, ROMAN, Sample, at, id, id_of, refusal, registered, topic, words};
use super::world::{advisor, queue};

const ADA: usize = 4;

#[test]
fn a_supervisor_who_comes_supervises_is_offered_nothing_and_is_nobodys_fit() {
    let mut desk = Sample::with(&[ADA]);
    desk.comes(1, ROMAN);

    assert_eq!((desk.picture(ADA).presence, desk.offered_to(1)), (Presence::Supervising, None));
    assert_eq!(desk.fit(ADA, 1), Fit::Nobody {});
    assert_eq!(desk.picture(ADA).waiting[0].person.name, id(1).number(), "no name of a person who waits");
    assert!(desk.desk.panel(&id_of(ADA), desk.now).waiting.conversations[0].fits_nobody);
    assert_eq!(refusal(&desk.take(ADA, 1)), Some(Code::AdvisorUnavailable));

    desk.on_connect(GIULIA);
    assert_eq!(desk.offered_to(1), Some(id_of(GIULIA)));
    assert_eq!(refusal(&desk.transfer_offer(GIULIA, 1, ADA)), Some(Code::AdvisorUnavailable));
}

#[test]
fn a_supervisor_who_chooses_to_answer_answers_like_anybody_and_may_supervise_again() {
    let mut desk = Sample::with(&[ADA]);
    desk.comes(1, ROMAN);
    desk.presence(ADA, Presence::Available);
    assert_eq!(desk.offered_to(1), Some(id_of(ADA)));
    // A second device, or a connection that comes back, changes nothing.
    desk.on_connect(ADA);
    assert_eq!(desk.picture(ADA).presence, Presence::Available);

    desk.presence(ADA, Presence::Supervising);
    assert_eq!(desk.offered_to(1), None);
}

#[test]
fn an_advisor_cannot_supervise() {
    let mut desk = Sample::with(&[GIULIA]);
    let refused = desk.desk.set_presence(&id_of(GIULIA), Presence::Supervising, desk.now);
    assert_eq!(refusal(&refused), Some(Code::NotSupervisor));
    assert_eq!(desk.picture(GIULIA).presence, Presence::Available);
}

#[test]
fn a_conversation_taken_over_is_the_supervisors_at_once_and_its_advisor_is_out_of_it() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);

    let taken = desk.desk.take_over(&id(1), &id_of(ADA), desk.now);

    let assigned = ConversationCommand::Assigned { assignment_epoch: 2, advisor: advisor(ADA) };
    assert_eq!(words(&taken), [(id(1), assigned)]);
    assert_eq!(learns(&taken), [(id_of(GIULIA), SupervisorAct::TookOver)]);
    assert_eq!(taken.audit, [row(&desk, SupervisorAct::TookOver)]);
    desk.desk.confirm(&id(1), 2, desk.now);
    assert!(matches!(desk.state(ADA, 1), Some(AssignmentState::Held { .. })));
    assert_eq!(desk.state(GIULIA, 1), None);
    let again = desk.desk.take_over(&id(1), &id_of(ADA), desk.now);
    assert!(again.audit.is_empty() && refusal(&again).is_none());
}

#[test]
fn waiting_and_offered_conversations_are_taken_over_too_up_to_the_supervisors_places() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    for n in 1..=4 {
        desk.comes(n, ROMAN);
    }
    for n in [1, 4, 2] {
        assert_eq!(refusal(&desk.desk.take_over(&id(n), &id_of(ADA), desk.now)), None, "{n}");
    }
    assert_eq!(refusal(&desk.desk.take_over(&id(3), &id_of(ADA), desk.now)), Some(Code::AtCapacity));
    assert_eq!(desk.offered_to(3), Some(id_of(GIULIA)));
    let nobodys = desk.desk.take_over(&id(9), &id_of(ADA), desk.now);
    assert_eq!(refusal(&nobodys), Some(Code::NotWaiting));
}

#[test]
fn a_reassigned_conversation_is_offered_to_the_colleague_from_the_queue_and_from_its_advisor() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);
    desk.comes(2, ROMAN);
    desk.on_connect(PETRA);
    let to_petra = || TransferTo::Advisor(id_of(PETRA));

    for n in [1, 2] {
        let asked = desk.desk.reassign(&id(n), &id_of(ADA), to_petra(), desk.now);
        assert_eq!((refusal(&asked), desk.offered_to(n)), (None, Some(id_of(PETRA))), "{n}");
        assert_eq!(
            asked.audit,
            [row(&desk, SupervisorAct::Reassigned)]
                .map(|row| AuditEvent { conversation: Some(id(n)), ..row })
        );
    }
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { transferring_to: Some(_), .. })));
    let to_holder = desk.desk.reassign(&id(1), &id_of(ADA), TransferTo::Advisor(id_of(GIULIA)), desk.now);
    assert_eq!(refusal(&to_holder), Some(Code::AdvisorUnavailable));
    assert!(to_holder.audit.is_empty() && learns(&to_holder).is_empty());

    let back = desk.desk.reassign(&id(1), &id_of(ADA), TransferTo::Queue, desk.now);
    assert!(words(&back).contains(&(id(1), ConversationCommand::Released { why: Release::Transferred })));
    assert_eq!(learns(&back), [GIULIA, PETRA].map(|who| (id_of(who), SupervisorAct::Reassigned)));
}

#[test]
fn a_supervisor_ends_it_for_its_advisor_with_topic_and_outcome() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);
    let end = |desk: &mut Sample, n, topic| {
        let ending = Ending { topic, outcome: Outcome::LineaInps };
        desk.desk.end(&id(n), &id_of(ADA), ending, desk.now)
    };
    let unknown = end(&mut desk, 1, ["a", "b", "c"].map(str::to_string));
    assert_eq!((refusal(&unknown), unknown.audit.len()), (Some(Code::TopicNeeded), 0));

    let ended = end(&mut desk, 1, topic());
    assert_eq!(words(&ended), [(id(1), ConversationCommand::Close { outcome: Outcome::LineaInps })]);
    assert_eq!(learns(&ended), [(id_of(GIULIA), SupervisorAct::Ended)]);
    desk.ends(1, GIULIA, Party::Advisor);
    let wrapped_up = desk.at(60);
    assert_eq!(registered(&wrapped_up).unwrap().topic, Some(topic()));

    desk.comes(2, GERMAN);
    assert_eq!(refusal(&end(&mut desk, 2, topic())), Some(Code::NotWaiting), "nobody holds it");
}

#[test]
fn a_supervisor_joins_without_an_invitation() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);
    desk.desk.observe(&id(1), &id_of(ADA), desk.now);

    let joined = desk.desk.join(&id(1), &id_of(ADA), desk.now);

    assert_eq!(words(&joined), [(id(1), ConversationCommand::Joined { advisor: advisor(ADA) })]);
    assert!(matches!(desk.state(ADA, 1), Some(AssignmentState::Helping { .. })));
    assert_eq!(desk.desk.load_of(&id_of(ADA)), 0);
    let left = desk.desk.leave(&id(1), &id_of(ADA), desk.now);
    assert_eq!(words(&left), [(id(1), ConversationCommand::Left { advisor: advisor(ADA) })]);
}

#[test]
fn a_supervisor_who_reads_is_seen_by_the_advisor_and_follows_the_conversation_until_they_leave_off() {
    let mut desk = Sample::with(&[GIULIA, PETRA, ADA]);
    desk.held(GIULIA, 1);

    let begun = desk.desk.observe(&id(1), &id_of(ADA), desk.now);

    assert_eq!(words(&begun), [(id(1), ConversationCommand::Observed { advisor: advisor(ADA), told: true })]);
    assert_eq!(learns(&begun), [(id_of(GIULIA), SupervisorAct::Observes)]);
    let seen = |desk: &Sample, who| match desk.state(who, 1) {
        Some(AssignmentState::Held { observers, .. }) => observers,
        other => panic!("{other:?}"),
    };
    assert_eq!(seen(&desk, GIULIA), ["Ada"]);
    assert_eq!(desk.state(ADA, 1), None, "not before the conversation lets her in");
    desk.desk.confirm_observer(&id(1), &id_of(ADA), desk.now);
    assert!(matches!(desk.state(ADA, 1), Some(AssignmentState::Observing { .. })));
    assert!(desk.desk.may_read_notes(&id(1), &id_of(ADA)));
    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    desk.accept(PETRA, 1);
    desk.desk.confirm(&id(1), 2, desk.now);
    assert_eq!(seen(&desk, PETRA), ["Ada"]);

    let over = desk.desk.leave(&id(1), &id_of(ADA), desk.now);
    assert_eq!(words(&over), [(id(1), ConversationCommand::Unobserved { advisor: advisor(ADA) })]);
    assert_eq!(over.audit, [row(&desk, SupervisorAct::LeftOff)]);
    assert_eq!(desk.state(ADA, 1), None);
}

#[test]
fn a_whisper_is_for_the_advisors_of_the_conversation_and_for_no_notification() {
    let mut desk = Sample::with(&[GIULIA, PETRA, ADA]);
    desk.held(GIULIA, 1);
    let note = |text: &str| NoteDraft { id: MessageId::parse("w1").unwrap(), text: text.into() };

    let said = desk.desk.whisper(&id(1), &id_of(ADA), note("Chiedi il protocollo"), desk.now);

    let to: Vec<AdvisorId> = said.to_advisors.iter().map(|(to, _)| to.clone()).collect();
    assert_eq!(to, [id_of(GIULIA), id_of(ADA)]);
    assert!(said.new_note.is_some_and(|(_, note)| note.whisper && note.advisor == "Ada"));
    assert_eq!(said.notifications, []);
    let empty = desk.desk.whisper(&id(1), &id_of(ADA), note(" "), desk.now);
    assert_eq!((refusal(&empty), empty.audit.len()), (Some(Code::MessageEmpty), 0));
    let advisors = desk.desk.whisper(&id(1), &id_of(GIULIA), note("ciao"), desk.now);
    assert_eq!(refusal(&advisors), Some(Code::NotSupervisor));
}

#[test]
fn the_first_word_is_that_of_the_advisor_it_was_last_assigned_to() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    desk.held(GIULIA, 1);
    let spoke = |desk: &mut Sample, by, who: Option<usize>, seconds| {
        let (conversation, advisor) = (id(1), who.map(id_of));
        let notification = DeskNotification::Spoke { conversation, by, advisor, at: at(seconds) };
        desk.now = at(seconds + 1);
        desk.desk.apply(notification, desk.now)
    };
    let first_words = |desk: &Sample| desk.desk.conversations().next().unwrap().record.first_words_ms.clone();

    let turn = spoke(&mut desk, Party::Citizen, None, 5);
    assert!(turn.panel_changed && !turn.pictures_changed, "no picture is computed for a turn");
    assert_eq!(first_words(&desk), [0; 0]);
    assert!(
        !desk.desk.panel(&id_of(GIULIA), desk.now).conversations[0].answered,
        "the person alone has written"
    );
    spoke(&mut desk, Party::Advisor, Some(GIULIA), 8);
    spoke(&mut desk, Party::Advisor, Some(GIULIA), 9);
    assert_eq!(first_words(&desk), [8_000]);
    assert!(desk.desk.panel(&id_of(GIULIA), desk.now).conversations[0].answered);

    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    desk.accept(PETRA, 1);
    // Giulia's words crossed the assignment on their way.
    spoke(&mut desk, Party::Advisor, Some(GIULIA), 9);
    assert_eq!(first_words(&desk), [8_000]);
    spoke(&mut desk, Party::Advisor, Some(PETRA), 14);
    assert_eq!(first_words(&desk), [8_000, 4_000]);
    let panel = desk.desk.panel(&id_of(GIULIA), desk.now);
    assert_eq!(panel.conversations[0].spoke, Some(Spoke { by: Party::Advisor, at: at(14) }));
    assert_eq!(panel.today.first_word.map(|length| length.n), Some(2));
}

#[test]
fn the_panel_has_what_waits_is_offered_and_is_held_and_its_alerts_follow() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.held(GIULIA, 1);
    desk.comes(2, GERMAN);
    desk.comes(3, ROMAN);
    desk.desk.apply(
        DeskNotification::Connector(OfficeQueue { waiting: 1, given_up: 2, dead_letters: 0 }),
        desk.now,
    );

    let panel = desk.desk.panel(&id_of(ADA), desk.now);

    assert_eq!((panel.waiting.number, panel.waiting.oldest), (2, Some(at(0))));
    let waiting = panel.waiting.conversations.iter().map(|one| (one.conversation.clone(), one.fits_nobody));
    assert_eq!(waiting.collect::<Vec<_>>(), [(id(2), true), (id(3), false)]);
    assert_eq!(
        (panel.offers.len(), &panel.offers[0].conversation, &panel.offers[0].to),
        (1, &id(3), &id_of(GIULIA))
    );
    let [ada, giulia] = &panel.advisors[..] else { panic!("{:?}", panel.advisors) };
    assert_eq!((ada.presence, ada.supervisor, ada.load), (Presence::Supervising, true, 0));
    assert_eq!((giulia.load, giulia.capacity, &giulia.held[..]), (2, 3, &[id(1)][..]));
    assert_eq!(panel.conversations.iter().map(|one| &one.conversation).collect::<Vec<_>>(), [&id(1)]);
    assert_eq!(panel.today, desk.desk.today(&queue(), desk.now).figures());
    let kinds = |seconds| panel.alerts(at(seconds)).into_iter().map(|alert| alert.kind).collect::<Vec<_>>();
    assert_eq!(kinds(0), [AlertKind::GivenUp]);
    assert_eq!(kinds(900), [AlertKind::LongestWait, AlertKind::Silent, AlertKind::GivenUp]);
    let text = serde_json::to_string(&panel).unwrap();
    assert!(!text.contains("Persona"), "no name of a person");
}

#[test]
fn occupancy_counts_an_advisor_with_three_conversations_once_and_the_pause_not_at_all() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.at(10);
    desk.comes(1, ROMAN);
    desk.at(15);
    desk.accept(GIULIA, 1);
    desk.comes(2, ROMAN);
    desk.accept(GIULIA, 2);
    desk.at(40);
    let running = desk.desk.today(&queue(), desk.now);
    assert_eq!((running.on_contact_ms, running.idle_ms), (25_000, 15_000), "the offer is idle time");

    desk.ends(1, GIULIA, Party::Citizen);
    desk.ends(2, GIULIA, Party::Citizen);
    let free = desk.at(100);
    assert_eq!(spent(&free), (85_000, 0), "wrapping up is contact");
    desk.at(110);
    desk.presence(GIULIA, Presence::Paused);
    desk.at(500);
    let today = desk.desk.today(&queue(), desk.now);
    assert_eq!((today.on_contact_ms, today.idle_ms), (85_000, 25_000));
    assert_eq!(today.figures().occupancy.part, 85);
}

fn spent(step: &DeskTransition) -> (i64, i64) {
    let times = step.notifications.iter().filter_map(|notification| match notification {
        Notification::AdvisorTime(time) => Some(time),
        Notification::Conversation(_)
        | Notification::Register(_)
        | Notification::Desk(..)
        | Notification::LineaInps(_) => None,
    });
    let mut sum = Tally::default();
    times.for_each(|time: &AdvisorTime| sum.add(&Tally::of_time(time)));
    (sum.on_contact_ms, sum.idle_ms)
}

/// Who learns of an act, and of which.
fn learns(step: &DeskTransition) -> Vec<(AdvisorId, SupervisorAct)> {
    let learns = |(to, frame): &(AdvisorId, DeskServerFrame)| {
        if let DeskServerFrame::Supervised { act, .. } = frame { Some((to.clone(), *act)) } else { None }
    };
    step.to_advisors.iter().filter_map(learns).collect()
}

fn row(desk: &Sample, act: SupervisorAct) -> AuditEvent {
    AuditEvent {
        actor: Some(id_of(ADA)),
        roles: StaffRole::Supervisor.into(),
        conversation: Some(id(1)),
        queue: Some(queue()),
        ..AuditEvent::new(act.into(), desk.now)
    }
}
