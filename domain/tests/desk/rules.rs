// SPDX-License-Identifier: EUPL-1.2
//! The desk's rules, one by one: with the shipped policy, where Giulia answers everybody in Italian, Marco looks after Naples
//! and Petra speaks German too.

use std::{collections::BTreeSet, num::NonZeroU16, sync::Arc};

use infocig_domain::{
    admission::Load,
    calendar::ZONE,
    desk::{Desk, DeskTransition, StoredDesk, queue::Ending},
    figures::Record,
    notification::{ConversationCommand, DeskNotification, Notification, Release},
    people::PriorityFacts,
    policy::{Banner, Policy},
};
use infocig_protocol::{
    desk::{AssignmentState, Fit, Match, NoteDraft, Presence, TransferTo},
    entry::{Outcome, Party},
    frame::Estimate,
    id::{AdvisorId, ConversationId, MessageId},
    problem::Code,
    time::Timestamp,
};

use super::world::{advisor, person, profile, queue, role, shipped_policy};

pub(crate) const GIULIA: usize = 0;
pub(crate) const MARCO: usize = 1;
pub(crate) const PETRA: usize = 2;
/// Somebody from Rome who reads Italian.
pub(crate) const ROMAN: usize = 0;
/// Somebody from Salerno, which is in the region of Naples.
const SALERNITAN: usize = 1;
/// Somebody who reads German.
pub(crate) const GERMAN: usize = 2;
/// Somebody who reads Slovene.
const SLOVENE: usize = 3;

#[test]
fn an_offer_that_is_not_accepted_in_time_goes_to_the_next_advisor() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    desk.comes(1, ROMAN);
    assert_eq!(desk.offered_to(1), Some(id_of(GIULIA)));

    desk.at(44);
    assert_eq!(desk.offered_to(1), Some(id_of(GIULIA)));
    desk.at(45);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));

    assert_eq!(refusal(&desk.accept(GIULIA, 1)), Some(Code::NotWaiting));
    assert_eq!(refusal(&desk.accept(PETRA, 1)), None);
}

#[test]
fn a_lone_advisor_who_lets_it_go_by_is_asked_again_after_a_while_and_may_take_it_before() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.comes(1, ROMAN);
    desk.comes(2, ROMAN);
    desk.decline(GIULIA, 1);
    desk.decline(GIULIA, 2);
    assert_eq!((desk.offered_to(1), desk.offered_to(2)), (None, None));

    assert_eq!(refusal(&desk.take(GIULIA, 2)), None);
    desk.at(45);
    assert_eq!(desk.offered_to(1), Some(id_of(GIULIA)));
}

#[test]
fn the_least_loaded_is_asked_first_and_among_equals_the_one_without_work_for_longest() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    for n in 1..=4 {
        desk.comes(n, ROMAN);
        desk.at(i64::from(n));
    }
    let order: Vec<_> = (1..=4).map(|n| desk.offered_to(n).unwrap()).collect();
    assert_eq!(order, [id_of(GIULIA), id_of(PETRA), id_of(GIULIA), id_of(PETRA)]);
}

#[test]
fn the_region_answers_first_and_after_a_while_everybody() {
    let mut desk = Sample::with(&[MARCO]);
    desk.comes(1, SALERNITAN);
    desk.comes(2, ROMAN);
    assert_eq!((desk.offered_to(1), desk.offered_to(2)), (Some(id_of(MARCO)), None));
    assert!(matches!(desk.fit(MARCO, 2), Fit::Nobody {}));

    desk.at(180);
    assert_eq!(desk.offered_to(2), Some(id_of(MARCO)));
    let mine = desk.picture(MARCO).mine;
    let why = &mine.iter().find(|mine| mine.conversation == id(2)).unwrap().why;
    assert_eq!((why.after_minutes, &why.agree[..]), (3, &[Match::Language][..]));
}

#[test]
fn a_conversation_for_nobody_at_the_desk_says_so_and_anybody_may_take_it() {
    let mut desk = Sample::with(&[GIULIA, MARCO]);
    desk.comes(1, SLOVENE);
    assert!(matches!((desk.fit(GIULIA, 1), desk.fit(MARCO, 1)), (Fit::Nobody {}, Fit::Nobody {})));
    assert_eq!(refusal(&desk.take(MARCO, 1)), None);

    desk.comes(2, GERMAN);
    desk.on_connect(PETRA);
    desk.decline(PETRA, 2);
    assert!(matches!((desk.fit(GIULIA, 2), desk.fit(PETRA, 2)), (Fit::Others {}, Fit::Yours(_))));
    assert_eq!(refusal(&desk.take(GIULIA, 2)), Some(Code::NotWaiting));
}

#[test]
fn a_conversation_an_advisor_may_not_take_is_listed_without_the_identity_of_its_person() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.comes(1, GERMAN);
    let shown_to = |desk: &Sample, who| desk.picture(who).waiting.remove(0).person;
    assert_eq!(shown_to(&desk, GIULIA).name, person(GERMAN).name, "anybody may take it");

    desk.on_connect(PETRA);
    desk.decline(PETRA, 1);
    let shown = shown_to(&desk, GIULIA);
    assert_eq!(shown.name, id(1).number());
    assert_eq!((shown.acting_for, shown.question, shown.about), (None, None, None));
    assert_eq!(shown.category, person(GERMAN).category);
    assert_eq!(shown_to(&desk, PETRA).name, person(GERMAN).name, "it is for her");
}

#[test]
fn an_advisor_who_pauses_is_asked_no_more_and_their_offers_go_on() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    desk.comes(1, ROMAN);
    desk.presence(GIULIA, Presence::Paused);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));

    desk.presence(PETRA, Presence::Leaving);
    assert_eq!(desk.offered_to(1), None);
    assert!(matches!(desk.fit(GIULIA, 1), Fit::Yours(_)), "who pauses still sees whom they are for");
    desk.presence(GIULIA, Presence::Leaving);
    assert!(matches!(desk.fit(GIULIA, 1), Fit::Yours(_) | Fit::Nobody {}));
}

#[test]
fn a_lost_advisor_keeps_their_conversations_for_the_grace_and_then_they_go_to_the_front() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.at(5);
    desk.on_last_disconnect(GIULIA);
    desk.comes(2, ROMAN);
    assert_eq!(words(&desk.at(64)), []);

    let told = words(&desk.at(65));
    assert_eq!(told, [(id(1), ConversationCommand::Released { why: Release::Lost })]);
    assert_eq!(desk.order(), [id(1), id(2)]);

    desk.on_connect(PETRA);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));
}

#[test]
fn an_advisor_who_comes_back_within_the_grace_goes_on() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.on_last_disconnect(GIULIA);
    desk.at(59);
    desk.on_connect(GIULIA);

    assert_eq!(words(&desk.at(500)), []);
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { .. })));
}

#[test]
fn a_restart_that_loses_connections_finds_the_absent_advisors() {
    let mut desk = Sample::with(&[GIULIA, PETRA]);
    desk.held(GIULIA, 1);
    desk.desk.reconcile_connections(&BTreeSet::from([id_of(PETRA)]), desk.now);

    let told = words(&desk.at(60));
    assert!(told.contains(&(id(1), ConversationCommand::Released { why: Release::Lost })), "{told:?}");
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));
}

#[test]
fn a_conversation_that_is_over_takes_up_a_place_until_it_is_wrapped_up() {
    let mut desk = Sample::with(&[GIULIA]);
    for n in 1..=3 {
        desk.held(GIULIA, n);
    }
    desk.comes(4, ROMAN);
    desk.ends(1, GIULIA, Party::Citizen);
    assert_eq!(desk.offered_to(4), None);
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::WrapUp { topic_missing: true, .. })));

    let step = desk.close(GIULIA, 1);
    assert_eq!(registered(&step).unwrap().topic, Some(topic()));
    assert_eq!(desk.offered_to(4), Some(id_of(GIULIA)));

    desk.ends(2, GIULIA, Party::Citizen);
    assert_eq!(registered(&desk.at(60)).unwrap().topic, None, "an advisor who says nothing holds nobody up");
}

#[test]
fn ending_needs_a_topic_of_three_levels_that_the_policy_knows() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    let wrong = Ending { topic: ["a", "b", "c"].map(str::to_string), outcome: Outcome::Online };
    let step = desk.desk.close(&id(1), &id_of(GIULIA), wrong, desk.now);
    assert_eq!(refusal(&step), Some(Code::TopicNeeded));

    assert_eq!(
        words(&desk.close(GIULIA, 1)),
        [(id(1), ConversationCommand::Close { outcome: Outcome::Online })]
    );
    assert_eq!(refusal(&desk.transfer(GIULIA, 1, TransferTo::Queue)), Some(Code::ConversationClosed));
}

#[test]
fn a_conversation_handed_to_a_colleague_stays_until_they_accept() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.on_connect(PETRA);
    assert_eq!(words(&desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)))), []);
    assert!(matches!(desk.state(PETRA, 1), Some(AssignmentState::Offered { by: Some(_), .. })));
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { transferring_to: Some(_), .. })));

    desk.at(45);
    assert_eq!(desk.state(PETRA, 1), None);
    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    let told = words(&desk.accept(PETRA, 1));

    assert_eq!(
        told,
        [(id(1), ConversationCommand::Assigned { assignment_epoch: 2, advisor: advisor(PETRA) })]
    );
    assert_eq!((desk.desk.load_of(&id_of(GIULIA)), desk.desk.load_of(&id_of(PETRA))), (0, 1));
}

#[test]
fn a_transfer_that_is_not_accepted_can_be_taken_back() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.on_connect(PETRA);
    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    assert_eq!(refusal(&desk.retract(PETRA, 1)), Some(Code::NotAssigned));

    assert_eq!(refusal(&desk.retract(GIULIA, 1)), None);
    assert_eq!((desk.state(PETRA, 1), desk.desk.load_of(&id_of(PETRA))), (None, 0));
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { transferring_to: None, .. })));
    assert_eq!(refusal(&desk.accept(PETRA, 1)), Some(Code::NotWaiting));
    assert_eq!(refusal(&desk.retract(GIULIA, 1)), None, "once more");

    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    desk.accept(PETRA, 1);
    assert_eq!(refusal(&desk.retract(GIULIA, 1)), Some(Code::NotAssigned), "too late");
}

#[test]
fn a_late_confirmation_of_an_earlier_hand_confirms_nothing() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.on_connect(PETRA);
    desk.transfer(GIULIA, 1, TransferTo::Advisor(id_of(PETRA)));
    desk.accept(PETRA, 1);

    desk.desk.confirm(&id(1), 1, desk.now);
    assert_eq!(desk.state(PETRA, 1), None);
    desk.desk.confirm(&id(1), 2, desk.now);
    assert!(matches!(desk.state(PETRA, 1), Some(AssignmentState::Held { .. })));
}

#[test]
fn nothing_is_assigned_to_an_advisor_who_is_full_or_away() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.on_connect(PETRA);
    desk.presence(PETRA, Presence::Paused);
    let to_petra = || TransferTo::Advisor(id_of(PETRA));
    assert_eq!(refusal(&desk.transfer(GIULIA, 1, to_petra())), Some(Code::AdvisorUnavailable));

    desk.presence(PETRA, Presence::Available);
    for n in 2..=4 {
        desk.comes(n, GERMAN);
    }
    assert_eq!(refusal(&desk.transfer(GIULIA, 1, to_petra())), Some(Code::AtCapacity));
}

#[test]
fn a_conversation_given_back_keeps_its_place_and_goes_to_somebody_else() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.presence(GIULIA, Presence::Busy);
    desk.comes(2, ROMAN);
    desk.presence(GIULIA, Presence::Available);

    let told = words(&desk.transfer(GIULIA, 1, TransferTo::Queue));
    assert_eq!(told[0], (id(1), ConversationCommand::Released { why: Release::Transferred }));
    assert_eq!((desk.order(), desk.offered_to(1)), (vec![id(1), id(2)], None));

    desk.on_connect(PETRA);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));
}

#[test]
fn a_colleague_joins_when_asked_and_takes_up_no_place() {
    let mut desk = Sample::with(&[GIULIA, MARCO]);
    desk.held(GIULIA, 1);
    assert_eq!(refusal(&desk.accept(MARCO, 1)), Some(Code::NotWaiting));
    desk.desk.invite(&id(1), &id_of(GIULIA), &id_of(MARCO), desk.now);
    assert!(matches!(desk.state(MARCO, 1), Some(AssignmentState::Invited { .. })));

    assert_eq!(
        words(&desk.accept(MARCO, 1)),
        [(id(1), ConversationCommand::Joined { advisor: advisor(MARCO) })]
    );
    assert!(matches!(desk.state(MARCO, 1), Some(AssignmentState::Helping { .. })));
    assert_eq!(desk.desk.load_of(&id_of(MARCO)), 0);

    let left = desk.desk.leave(&id(1), &id_of(MARCO), desk.now);
    assert_eq!(words(&left), [(id(1), ConversationCommand::Left { advisor: advisor(MARCO) })]);
}

#[test]
fn a_note_is_told_to_those_in_the_conversation_and_leaves_the_desk_for_nobody() {
    let mut desk = Sample::with(&[GIULIA, MARCO]);
    desk.held(GIULIA, 1);
    let note = NoteDraft { id: MessageId::parse("n1").unwrap(), text: "Ha già scritto ieri".into() };
    let step = desk.desk.note(&id(1), &id_of(GIULIA), note.clone(), desk.now);

    let readers: Vec<&AdvisorId> = step.to_advisors.iter().map(|(advisor, _)| advisor).collect();
    assert_eq!(readers, [&id_of(GIULIA)]);
    assert!(
        step.new_note.is_some() && step.notifications.is_empty() && step.changed_conversations.is_empty()
    );
    assert_eq!(refusal(&desk.desk.note(&id(1), &id_of(MARCO), note, desk.now)), Some(Code::NotAssigned));
}

#[test]
fn a_note_has_a_longest_text() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    let mut noted = |text: String| {
        let note = NoteDraft { id: MessageId::parse("n1").unwrap(), text };
        refusal(&desk.desk.note(&id(1), &id_of(GIULIA), note, desk.now))
    };

    assert_eq!(noted("è".repeat(2_000)), None);
    assert_eq!(noted("x".repeat(2_001)), Some(Code::MessageTooLong));
}

#[test]
fn the_register_says_how_it_went_and_nothing_that_was_said() {
    let mut desk = Sample::with(&[GIULIA]);
    desk.held(GIULIA, 1);
    desk.at(10);
    desk.on_last_disconnect(GIULIA);
    desk.at(70);
    desk.on_connect(PETRA);
    desk.at(80);
    desk.accept(PETRA, 1);
    desk.desk.confirm(&id(1), 2, desk.now);
    desk.at(200);
    desk.close(PETRA, 1);
    desk.ends(1, PETRA, Party::Advisor);
    let row = registered(&desk.at(260)).unwrap();

    assert_eq!((row.answered, row.ended), (Some(at(0)), Some(at(200))));
    assert_eq!((row.waits, row.waited_ms, row.returns, row.transfers, row.offers), (2, 10_000, 1, 0, 2));
    assert_eq!((row.outcome, row.topic.as_ref()), (Some(Outcome::Online), Some(&topic())));
    assert!(!serde_json::to_string(&row).unwrap().contains("Persona"));
}

#[test]
fn a_person_who_leaves_before_an_answer_is_registered_as_gone() {
    let mut desk = Sample::with(&[]);
    desk.comes(1, ROMAN);
    desk.at(30);
    let closed =
        DeskNotification::Closed { conversation: id(1), by: Party::Citizen, outcome: None, held_by: None };
    let row = registered(&desk.desk.apply(closed, desk.now)).unwrap();

    assert_eq!((row.answered, row.waited_ms, row.outcome), (None, 30_000, Some(Outcome::Abandoned)));
}

#[test]
fn a_newcomer_is_told_their_place_at_once_and_that_nobody_can_know_how_long() {
    let mut desk = Sample::with(&[]);
    desk.comes(1, ROMAN);
    let told = words(&desk.comes(2, ROMAN));

    let [(conversation, ConversationCommand::Place(place))] = &told[..] else { panic!("{told:?}") };
    assert_eq!((conversation, place.position, place.estimate), (&id(2), 2, Estimate::Unknown {}));
}

#[test]
fn people_who_wait_are_told_that_nobody_is_there_and_that_somebody_is_again() {
    let mut policy = shipped_policy();
    policy.desk.unstaffed_minutes = NonZeroU16::new(10);
    let mut desk = Sample::of(policy, &[GIULIA]);
    desk.presence(GIULIA, Presence::Paused);
    desk.comes(1, GERMAN);
    desk.at(60);
    desk.presence(GIULIA, Presence::Leaving);
    assert_eq!(notices(&desk.at(659)), [""; 0]);
    assert_eq!(
        notices(&desk.at(669)),
        [
            "Im Moment ist niemand da, der antworten kann. Ihr Platz bleibt erhalten: Sie können warten oder die Warteschlange verlassen und die anderen Wege nutzen."
        ]
    );
    assert_eq!(notices(&desk.at(700)), [""; 0], "it is told once");
    desk.presence(GIULIA, Presence::Paused);
    assert_eq!(notices(&desk.at(720)), [""]);
}

#[test]
fn people_who_wait_are_told_the_banner_until_it_ends() {
    let mut policy = shipped_policy();
    let text =
        serde_json::from_str(r#"{"it":"I pagamenti non si vedono.","de":"Zahlungen sind nicht zu sehen."}"#);
    let until = jiff::Timestamp::from_millisecond(at(600).as_millis()).unwrap();
    policy.desk.banner = Some(Banner { text: text.unwrap(), until: Some(ZONE.to_datetime(until)) });
    let mut desk = Sample::of(policy, &[]);
    assert_eq!(notices(&desk.comes(1, GERMAN)), ["Zahlungen sind nicht zu sehen."]);
    assert_eq!(notices(&desk.comes(2, SLOVENE)), ["I pagamenti non si vedono."]);
    assert_eq!(notices(&desk.at(590)), [""; 0]);
    assert_eq!(notices(&desk.at(600)), ["", ""]);
}

/// What people are told besides their places.
fn notices(step: &DeskTransition) -> Vec<&str> {
    let places = step.notifications.iter().filter_map(|notification| {
        let Notification::Conversation(said) = notification else { return None };
        let ConversationCommand::Place(place) = &said.command else { return None };
        Some(&*place.notice)
    });
    places.collect()
}

#[test]
fn the_entrance_closes_when_the_first_has_waited_too_long() {
    let mut desk = Sample::with(&[]);
    desk.comes(1, ROMAN);
    desk.at(3_600);
    assert_eq!(desk.desk.load(&queue(), desk.now), Load::Bearable);
    desk.at(3_601);
    assert_eq!(desk.desk.load(&queue(), desk.now), Load::QueueFull);
}

#[test]
fn the_desk_says_since_when_nobody_is_there_and_remembers_it() {
    let mut policy = shipped_policy();
    policy.desk.unstaffed_minutes = NonZeroU16::new(10);
    let mut desk = Sample::of(policy, &[]);
    let load = |desk: &Sample| desk.desk.load(&queue(), desk.now);
    assert_eq!(load(&desk), Load::Unstaffed { since: None });

    desk.on_connect(GIULIA);
    assert_eq!(load(&desk), Load::Bearable);
    desk.at(60);
    desk.presence(GIULIA, Presence::Leaving);
    assert_eq!(load(&desk), Load::Unstaffed { since: Some(at(60)) });
    desk.at(120);
    desk.comes(1, ROMAN);
    assert_eq!(load(&desk), Load::Unstaffed { since: Some(at(60)) });
    desk.presence(GIULIA, Presence::Paused);
    assert_eq!(load(&desk), Load::Bearable);
}

#[test]
fn the_entrance_closes_when_the_next_person_would_wait_too_long() {
    let mut desk = Sample::with(&[GIULIA]);
    for n in 1..=9 {
        desk.held(GIULIA, n);
        desk.at(i64::from(n) * 600);
        desk.ends(n, GIULIA, Party::Citizen);
        desk.close(GIULIA, n);
    }
    for n in 10..=12 {
        desk.held(GIULIA, n);
    }
    // Three places of ten minutes each: eighteen people are an hour.
    let full = (13..=60).find(|n| {
        desk.comes(*n, ROMAN);
        desk.desk.load(&queue(), desk.now) == Load::QueueFull
    });
    assert_eq!(full, Some(30));
}

pub(crate) struct Sample {
    pub(crate) desk: Desk,
    pub(crate) now: Timestamp,
}

impl Sample {
    pub(crate) fn with(advisors: &[usize]) -> Self {
        Self::of(shipped_policy(), advisors)
    }

    /// The first desk of a policy.
    pub(crate) fn of(policy: Policy, advisors: &[usize]) -> Self {
        let queues = Arc::new(policy.queues_of(&policy.desks()[0]));
        let desk = Desk::restore(queues, Arc::new(policy.desk), StoredDesk::default());
        let mut sample = Self { desk, now: at(0) };
        for who in advisors {
            sample.on_connect(*who);
        }
        sample
    }

    pub(crate) fn at(&mut self, seconds: i64) -> DeskTransition {
        self.now = at(seconds);
        self.desk.wake(self.now)
    }

    pub(crate) fn on_connect(&mut self, who: usize) {
        self.desk.on_connect(advisor(who), profile(who), role(who), self.now);
    }

    pub(crate) fn on_last_disconnect(&mut self, who: usize) {
        self.desk.on_last_disconnect(&id_of(who), self.now);
    }

    pub(crate) fn presence(&mut self, who: usize, presence: Presence) {
        self.desk.set_presence(&id_of(who), presence, self.now);
    }

    pub(crate) fn comes(&mut self, n: u32, kind: usize) -> DeskTransition {
        let notification = DeskNotification::Waiting {
            conversation: id(n),
            since: self.now,
            person: Box::new(person(kind)),
            closing: None,
            facts: PriorityFacts::default(),
            queue: None,
        };
        self.desk.apply(notification, self.now)
    }

    /// Somebody comes, and this advisor, the only one who can, answers.
    #[track_caller]
    pub(crate) fn held(&mut self, who: usize, n: u32) {
        self.comes(n, ROMAN);
        assert_eq!(self.offered_to(n), Some(id_of(who)));
        self.accept(who, n);
        self.desk.confirm(&id(n), 1, self.now);
    }

    pub(crate) fn ends(&mut self, n: u32, who: usize, by: Party) {
        let held_by = Some(id_of(who));
        self.desk
            .apply(DeskNotification::Closed { conversation: id(n), by, outcome: None, held_by }, self.now);
    }

    pub(crate) fn accept(&mut self, who: usize, n: u32) -> DeskTransition {
        self.desk.accept(&id(n), &id_of(who), self.now)
    }

    pub(crate) fn decline(&mut self, who: usize, n: u32) {
        self.desk.decline(&id(n), &id_of(who), self.now);
    }

    pub(crate) fn take(&mut self, who: usize, n: u32) -> DeskTransition {
        self.desk.take(&id(n), &id_of(who), self.now)
    }

    pub(crate) fn transfer(&mut self, who: usize, n: u32, to: TransferTo) -> DeskTransition {
        self.desk.transfer(&id(n), &id_of(who), to, None, self.now)
    }

    /// An advisor accepts an offer, and hands it to a colleague.
    pub(crate) fn transfer_offer(&mut self, who: usize, n: u32, to: usize) -> DeskTransition {
        self.accept(who, n);
        self.transfer(who, n, TransferTo::Advisor(id_of(to)))
    }

    pub(crate) fn retract(&mut self, who: usize, n: u32) -> DeskTransition {
        self.desk.retract(&id(n), &id_of(who), self.now)
    }

    pub(crate) fn close(&mut self, who: usize, n: u32) -> DeskTransition {
        let ending = Ending { topic: topic(), outcome: Outcome::Online };
        self.desk.close(&id(n), &id_of(who), ending, self.now)
    }

    pub(crate) fn offered_to(&self, n: u32) -> Option<AdvisorId> {
        let conversation = self.desk.conversations().find(|conversation| conversation.id == id(n))?;
        conversation.offer.as_ref().map(|offer| offer.to.id.clone())
    }

    pub(crate) fn order(&self) -> Vec<ConversationId> {
        self.desk.waiting().map(|conversation| conversation.id.clone()).collect()
    }

    pub(crate) fn picture(&self, who: usize) -> infocig_protocol::desk::DeskPicture {
        self.desk.picture(&id_of(who), self.now)
    }

    pub(crate) fn state(&self, who: usize, n: u32) -> Option<AssignmentState> {
        self.picture(who).mine.into_iter().find(|mine| mine.conversation == id(n)).map(|mine| mine.state)
    }

    #[track_caller]
    pub(crate) fn fit(&self, who: usize, n: u32) -> Fit {
        self.picture(who).waiting.into_iter().find(|one| one.conversation == id(n)).unwrap().fit
    }
}

/// What conversations were told, their place aside unless it is all there is.
pub(crate) fn words(step: &DeskTransition) -> Vec<(ConversationId, ConversationCommand)> {
    let said = step.notifications.iter().filter_map(|notification| match notification {
        Notification::Conversation(said) => Some((said.conversation.clone(), said.command.clone())),
        Notification::Register(_) | Notification::AdvisorTime(_) => None,
        Notification::Desk(..) | Notification::LineaInps(_) | Notification::Forgotten(_) => {
            panic!("a desk writes to nobody else")
        }
    });
    let (places, others): (Vec<_>, Vec<_>) =
        said.partition(|(_, word)| matches!(word, ConversationCommand::Place(_)));
    if others.is_empty() && step.changed_conversations.len() == 1 && places.len() == 1 {
        places
    } else {
        others
    }
}

pub(crate) fn registered(step: &DeskTransition) -> Option<Box<Record>> {
    step.notifications.iter().find_map(|notification| match notification {
        Notification::Register(row) => Some(row.clone()),
        Notification::Conversation(_)
        | Notification::AdvisorTime(_)
        | Notification::Desk(..)
        | Notification::Forgotten(_)
        | Notification::LineaInps(_) => None,
    })
}

pub(crate) fn refusal(step: &DeskTransition) -> Option<Code> {
    step.refused.as_ref().map(|refusal| refusal.code)
}

pub(crate) fn topic() -> [String; 3] {
    ["domanda", "stato", "istruttoria"].map(str::to_string)
}

pub(crate) fn id_of(who: usize) -> AdvisorId {
    advisor(who).id
}

pub(crate) fn id(n: u32) -> ConversationId {
    ConversationId::of(&"0e".repeat(32), n).unwrap()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}
