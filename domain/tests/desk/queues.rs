// SPDX-License-Identifier: EUPL-1.2
//! A desk of three queues, rule by rule. Giulia belongs to those of workers and companies, Marco to all, Petra to the one of
//! consultants; of the supervisors, Ada to workers and companies, Elsa to consultants.

use std::sync::Arc;

use infocig_domain::{
    admission::Load,
    desk::{Desk, DeskTransition, fit::Profile, queue::Ending},
    figures::{Record, Tally},
    notification::{ConversationCommand, DeskNotification, Notification, Release},
    people::{PriorityFacts, Role},
};
use infocig_protocol::{
    desk::{AssignmentState, BlockDraft, Fit, Presence, PriorityRule, TransferTo},
    entry::{Outcome, Party},
    frame::Estimate,
    id::{DeskId, QueueId},
    language::Language,
    person::{Category, PersonCard},
    problem::Code,
};

use super::rules::{ROMAN, Sample, at, id, id_of, refusal, topic, words};
use super::world::{advisor, person, policy_of_three_queues, shipped_policy, three_queues};

const GIULIA: usize = 0;
const MARCO: usize = 1;
const PETRA: usize = 2;
const ADA: usize = 4;
const ELSA: usize = 9;

#[test]
fn each_conversation_waits_in_the_queue_of_its_category_and_is_offered_to_its_advisors_alone() {
    let mut desk = desk(&[GIULIA, PETRA]);
    comes(&mut desk, 1, Category::Lavoratore);
    comes(&mut desk, 2, Category::RappresentanteLegale);
    comes(&mut desk, 3, Category::Consulente);

    assert_eq!([1, 2, 3].map(|n| queue_of(&desk, n)), three_queues());
    assert_eq!([1, 2].map(|n| desk.offered_to(n)), [Some(id_of(GIULIA)), Some(id_of(GIULIA))]);
    assert_eq!(desk.offered_to(3), Some(id_of(PETRA)));
}

#[test]
fn an_advisor_of_several_queues_answers_whoever_has_waited_longest_in_any_of_them() {
    let mut desk = desk(&[]);
    let [workers, companies, _] = three_queues();
    for (second, n, category) in
        [(0, 1, Category::Titolare), (1, 2, Category::Lavoratore), (2, 3, Category::Titolare)]
    {
        desk.at(second);
        comes(&mut desk, n, category);
    }
    desk.at(10);
    on_connect(&mut desk, GIULIA, vec![companies, workers]);

    assert_eq!(desk.order(), [id(1), id(2), id(3)]);
    assert!([1, 2, 3].iter().all(|n| desk.offered_to(*n) == Some(id_of(GIULIA))));
}

/// Of nobody who waits, not even where no advisor of their queue is at the desk.
#[test]
fn an_advisor_neither_sees_nor_takes_nor_is_given_a_conversation_of_another_queue() {
    let mut desk = desk(&[GIULIA]);
    comes(&mut desk, 1, Category::Consulente);

    assert!(desk.picture(GIULIA).waiting.is_empty());
    assert_eq!(refusal(&desk.take(GIULIA, 1)), Some(Code::NotWaiting));
    assert_eq!(refusal(&desk.accept(GIULIA, 1)), Some(Code::NotWaiting));

    on_connect(&mut desk, PETRA, vec![three_queues()[2].clone()]);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));
    desk.accept(PETRA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    let to_giulia = desk.transfer(PETRA, 1, TransferTo::Advisor(id_of(GIULIA)));
    assert_eq!(refusal(&to_giulia), Some(Code::AdvisorUnavailable));
    let invited = desk.desk.invite(&id(1), &id_of(PETRA), &id_of(GIULIA), desk.now);
    assert_eq!(refusal(&invited), Some(Code::AdvisorUnavailable));
    assert_eq!(desk.picture(GIULIA).mine, []);
    assert!(!desk.desk.may_read_notes(&id(1), &id_of(GIULIA)));
}

#[test]
fn a_conversation_that_fits_nobody_of_its_queue_is_shown_to_its_queue() {
    let mut desk = desk(&[GIULIA, PETRA]);
    let slovene = PersonCard { language: Language::Sl, ..card(Category::Lavoratore) };
    waits(&mut desk, 1, slovene);

    assert_eq!(desk.fit(GIULIA, 1), Fit::Nobody {});
    assert!(desk.picture(PETRA).waiting.is_empty());
    assert_eq!(refusal(&desk.take(PETRA, 1)), Some(Code::NotWaiting));
    assert_eq!(refusal(&desk.take(GIULIA, 1)), None);
}

#[test]
fn a_transfer_to_another_queue_waits_there_in_the_place_of_its_instant_of_entry() {
    let mut desk = desk(&[GIULIA]);
    let [workers, _, consultants] = three_queues();
    comes(&mut desk, 1, Category::Lavoratore);
    desk.accept(GIULIA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    desk.at(60);
    comes(&mut desk, 2, Category::Consulente);
    desk.at(120);
    let handed = desk.transfer(GIULIA, 1, TransferTo::OtherQueue(consultants.clone()));

    assert_eq!(refusal(&handed), None);
    let [(_, released), (_, ConversationCommand::Place(place))] = &all_words(&handed)[..] else {
        panic!("{handed:?}")
    };
    assert_eq!(*released, ConversationCommand::Released { why: Release::Transferred });
    assert_eq!(place.position, 1, "before the person who came a minute later");
    assert_eq!((queue_of(&desk, 1), desk.order()), (consultants.clone(), vec![id(1), id(2)]));
    assert!(desk.picture(GIULIA).mine.is_empty() && desk.picture(GIULIA).waiting.is_empty());

    on_connect(&mut desk, PETRA, vec![consultants]);
    assert_eq!(desk.offered_to(1), Some(id_of(PETRA)));
    let record = record_of(&desk, 1);
    assert_eq!((record.entered, record.transfers, record.left), (at(0), 1, vec![workers]));
}

#[test]
fn a_transfer_to_another_queue_counts_some_minutes_more() {
    let mut desk = desk(&[GIULIA]);
    comes(&mut desk, 1, Category::Lavoratore);
    desk.accept(GIULIA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    desk.transfer(GIULIA, 1, TransferTo::OtherQueue(three_queues()[2].clone()));

    let priority = desk.desk.waiting().next().unwrap().priority.unwrap();
    assert_eq!((priority.rule, priority.worth_minutes), (PriorityRule::Transferred, 5));
}

#[test]
fn a_transfer_to_a_queue_that_the_desk_has_not_is_refused_and_changes_nothing() {
    let mut desk = desk(&[GIULIA]);
    comes(&mut desk, 1, Category::Lavoratore);
    desk.accept(GIULIA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    let elsewhere = TransferTo::OtherQueue(QueueId::parse("altrove").unwrap());

    assert_eq!(refusal(&desk.transfer(GIULIA, 1, elsewhere)), Some(Code::RequestInvalid));
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { .. })));
}

#[test]
fn a_position_counts_the_own_queue_and_a_wait_counts_everybody_who_takes_up_its_advisors() {
    let mut desk = desk(&[MARCO]);
    let now = desk.now;
    // Marco's three places, each ten minutes, five times over: the service times of companies are known.
    for n in 1..=9 {
        comes(&mut desk, n, Category::Titolare);
        desk.accept(MARCO, n);
        desk.desk.confirm(&id(n), 1, now);
        desk.at(i64::from(n) * 600);
        ends(&mut desk, n, MARCO);
    }
    for n in 10..=12 {
        comes(&mut desk, n, Category::Titolare);
        desk.accept(MARCO, n);
    }
    let first = place(&comes(&mut desk, 13, Category::Titolare));
    let other = place(&comes(&mut desk, 14, Category::Lavoratore));
    let second = place(&comes(&mut desk, 15, Category::Titolare));
    assert_eq!((first.0, other.0, second.0), (1, 1, 2));
    assert_eq!(other.1, Estimate::Unknown {}, "no conversation of workers has ended");
    let (Estimate::Minutes { to: soon, .. }, Estimate::Minutes { to: late, .. }) = (first.1, second.1) else {
        panic!("{first:?} {second:?}")
    };
    assert!(late > soon, "the worker is before the second company");

    // Petra takes up no place of companies: two people of hers ahead make nobody else wait.
    let before = desk.desk.load(&three_queues()[1], desk.now);
    on_connect(&mut desk, PETRA, vec![three_queues()[2].clone()]);
    desk.presence(PETRA, Presence::Paused);
    assert_eq!(desk.desk.load(&three_queues()[1], desk.now), before);
}

#[test]
fn the_entrance_of_one_queue_closes_while_the_others_stay_open() {
    let mut desk = desk(&[]);
    let [workers, companies, _] = three_queues();
    comes(&mut desk, 1, Category::Lavoratore);
    desk.at(3_601);

    assert_eq!(desk.desk.load(&workers, desk.now), Load::QueueFull);
    assert_eq!(desk.desk.load(&companies, desk.now), Load::Bearable);
}

/// The block outlives the conversation on the desk, and so does its queue.
#[test]
fn a_supervisor_warns_blocks_and_lifts_in_their_own_queues_alone() {
    let mut desk = desk(&[PETRA, ADA]);
    let elsas = Profile { queues: vec![three_queues()[2].clone()], ..Profile::default() };
    desk.desk.on_connect(advisor(ELSA), elsas, Role::Supervisor, desk.now);
    comes(&mut desk, 1, Category::Consulente);
    desk.accept(PETRA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    let draft = || BlockDraft { hours: 24, reason: "Insulti".into(), unwarned: None };

    assert_eq!(refusal(&desk.desk.warn(&id(1), &id_of(ADA), desk.now)), Some(Code::NotAssigned));
    assert_eq!(refusal(&desk.desk.warn(&id(1), &id_of(ELSA), desk.now)), None);
    let by_ada = desk.desk.block(&id(1), &id_of(ADA), draft(), desk.now);
    assert_eq!(refusal(&by_ada), Some(Code::NotWaiting));
    let by_elsa = desk.desk.block(&id(1), &id_of(ELSA), draft(), desk.now);
    assert_eq!(refusal(&by_elsa), None);
    ends(&mut desk, 1, PETRA);
    assert!(desk.desk.conversations().next().is_none());

    let blocks = |desk: &Sample, who| desk.desk.panel(&id_of(who), desk.now).blocks.len();
    assert_eq!((blocks(&desk, ADA), blocks(&desk, ELSA)), (0, 1));
    let lifted = desk.desk.lift(&id(1), &id_of(ADA), "Equivoco".into(), desk.now);
    assert_eq!(refusal(&lifted), Some(Code::NotFound));
    let lifted = desk.desk.lift(&id(1), &id_of(ELSA), "Equivoco".into(), desk.now);
    let consultants = Some(three_queues()[2].clone());
    assert_eq!((refusal(&lifted), lifted.audit[0].queue.clone()), (None, consultants.clone()));
    assert_eq!(by_elsa.audit[0].queue, consultants);
}

#[test]
fn a_supervisor_sees_and_acts_on_their_own_queues_alone() {
    let mut desk = desk(&[GIULIA, PETRA, ADA]);
    let elsas = Profile { queues: vec![three_queues()[2].clone()], ..Profile::default() };
    desk.desk.on_connect(advisor(ELSA), elsas, Role::Supervisor, desk.now);
    comes(&mut desk, 1, Category::Consulente);
    desk.accept(PETRA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    comes(&mut desk, 2, Category::Lavoratore);

    let (adas, elsas) = (desk.desk.panel(&id_of(ADA), desk.now), desk.desk.panel(&id_of(ELSA), desk.now));
    let waiting = |panel: &infocig_protocol::supervision::Panel| panel.waiting.number;
    assert_eq!((waiting(&adas), adas.conversations.len(), adas.today.entered), (1, 0, 1));
    assert_eq!((waiting(&elsas), elsas.conversations.len(), elsas.today.entered), (0, 1, 1));
    let names = |panel: &infocig_protocol::supervision::Panel| {
        panel.advisors.iter().map(|one| one.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&adas), ["Ada", "Giulia"]);
    assert_eq!(
        adas.queues.iter().map(|queue| (&*queue.name, queue.waiting)).collect::<Vec<_>>(),
        [("Lavoratori", 1), ("Aziende", 0)]
    );
    assert!(elsas.queues.is_empty() && elsas.conversations[0].queue.is_none(), "one queue is not named");

    let now = desk.now;
    let (ada, one) = (id_of(ADA), id(1));
    let ending = || Ending { topic: topic(), outcome: Outcome::Online };
    for refused in [
        desk.desk.observe(&one, &ada, now),
        desk.desk.join(&one, &ada, now),
        desk.desk.take_over(&one, &ada, now),
        desk.desk.end(&one, &ada, ending(), now),
        desk.desk.reassign(&one, &ada, TransferTo::Queue, now),
    ] {
        assert_eq!((refusal(&refused), refused.audit), (Some(Code::NotWaiting), vec![]));
    }
    let observed = desk.desk.observe(&one, &id_of(ELSA), now);
    assert_eq!((refusal(&observed), observed.audit.len()), (None, 1));
}

#[test]
fn a_supervisor_moves_a_conversation_between_queues_of_theirs_and_to_no_other() {
    let mut desk = desk(&[ADA]);
    let [workers, companies, consultants] = three_queues();
    comes(&mut desk, 1, Category::Lavoratore);
    let now = desk.now;
    let mut move_to =
        |queue: &QueueId| desk.desk.reassign(&id(1), &id_of(ADA), TransferTo::OtherQueue(queue.clone()), now);
    assert_eq!(refusal(&move_to(&consultants)), Some(Code::NotSupervisor));
    let moved = move_to(&companies);
    assert_eq!((refusal(&moved), moved.audit.len()), (None, 1));
    assert_eq!(all_words(&moved).len(), 1, "the person is told their place in the other queue");

    let record = record_of(&desk, 1);
    assert_eq!((record.queue.clone(), record.left.clone()), (companies.clone(), vec![workers.clone()]));
    assert_eq!((record.waits, record.transfers), (1, 0), "nobody had it in hand");
    let rules = policy_of_three_queues().desk.figures;
    let tallies = Tally::by_queue(&record, &rules);
    assert_eq!((tallies[&companies].entered, tallies[&companies].passed_in), (1, 1));
    assert_eq!((tallies[&workers].entered, tallies[&workers].passed_out), (0, 1));
}

#[test]
fn an_advisor_who_signs_in_as_one_of_other_queues_keeps_what_they_hold_and_nothing_else() {
    let mut desk = desk(&[GIULIA]);
    let consultants = three_queues()[2].clone();
    comes(&mut desk, 1, Category::Lavoratore);
    desk.accept(GIULIA, 1);
    desk.desk.confirm(&id(1), 1, desk.now);
    comes(&mut desk, 2, Category::Titolare);
    assert_eq!(desk.offered_to(2), Some(id_of(GIULIA)));

    on_connect(&mut desk, GIULIA, vec![consultants]);

    assert_eq!(desk.offered_to(2), None);
    assert!(matches!(desk.state(GIULIA, 1), Some(AssignmentState::Held { .. })));
    let back = desk.transfer(GIULIA, 1, TransferTo::Queue);
    assert_eq!(words(&back)[0].1, ConversationCommand::Released { why: Release::Transferred });
    assert!(desk.picture(GIULIA).waiting.is_empty(), "it waits in a queue that is not theirs any more");
}

#[test]
fn a_quick_reply_of_a_queue_is_for_its_advisors_and_one_of_none_for_all() {
    let mut policy = policy_of_three_queues();
    let [workers, _, consultants] = three_queues();
    let mut of_consultants = policy.desk.replies[0].clone();
    of_consultants.queues = vec![consultants.clone()];
    policy.desk.replies = vec![policy.desk.replies[1].clone(), of_consultants];
    let mut desk = Sample::of(policy, &[]);
    on_connect(&mut desk, GIULIA, vec![workers]);
    on_connect(&mut desk, MARCO, vec![consultants]);

    let replies = |who| desk.desk.welcome(&advisor(who), 1).replies.len();
    assert_eq!((replies(GIULIA), replies(MARCO)), (1, 2));
}

#[test]
fn a_desk_that_gets_other_queues_keeps_everybody_who_waits() {
    let mut before = Sample::of(shipped_policy(), &[]);
    comes(&mut before, 1, Category::Lavoratore);
    comes(&mut before, 2, Category::Titolare);

    let policy = policy_of_three_queues();
    let queues = Arc::new(policy.queues_of(&DeskId::parse("info-cig").unwrap()));
    let desk = Desk::restore(queues, Arc::new(policy.desk), before.desk.stored());
    let queues: Vec<QueueId> = desk.waiting().map(|one| one.queue().clone()).collect();
    let [workers, companies, _] = three_queues();
    assert_eq!(queues, [workers, companies]);
}

#[test]
fn with_one_queue_nothing_names_it() {
    let mut desk = Sample::with(&[GIULIA, ADA]);
    desk.comes(1, ROMAN);
    desk.desk.set_presence(&id_of(GIULIA), Presence::Paused, desk.now);

    let welcome = desk.desk.welcome(&advisor(GIULIA), 1);
    assert_eq!((welcome.queue.as_str(), welcome.queues.len()), ("info-cig", 0));
    let picture = desk.picture(GIULIA);
    assert_eq!(picture.waiting[0].queue, None);
    assert!(picture.colleagues.iter().all(|colleague| colleague.queues.is_empty()));
    let panel = desk.desk.panel(&id_of(ADA), desk.now);
    assert!(panel.queues.is_empty() && panel.waiting.conversations[0].queue.is_none());
    assert!(panel.advisors.iter().all(|one| one.queues.is_empty()));
}

/// A desk of three queues with some of them.
fn desk(who: &[usize]) -> Sample {
    let mut desk = Sample::of(policy_of_three_queues(), &[]);
    let [workers, companies, consultants] = three_queues();
    for who in who {
        let queues = match *who {
            GIULIA | ADA => vec![workers.clone(), companies.clone()],
            PETRA => vec![consultants.clone()],
            _ => Vec::new(),
        };
        on_connect(&mut desk, *who, queues);
    }
    desk
}

fn on_connect(desk: &mut Sample, who: usize, queues: Vec<QueueId>) {
    let role = if who == ADA { Role::Supervisor } else { Role::Advisor };
    desk.desk.on_connect(advisor(who), Profile { queues, ..Profile::default() }, role, desk.now);
}

fn comes(desk: &mut Sample, n: u32, category: Category) -> DeskTransition {
    waits(desk, n, card(category))
}

fn waits(desk: &mut Sample, n: u32, person: PersonCard) -> DeskTransition {
    let (since, queue) = (desk.now, desk.desk.queues().queue_for(person.category).clone());
    let (conversation, person) = (id(n), Box::new(person));
    let (facts, queue) = (PriorityFacts::default(), Some(queue));
    let waiting = DeskNotification::Waiting { conversation, since, person, closing: None, facts, queue };
    desk.desk.apply(waiting, desk.now)
}

fn ends(desk: &mut Sample, n: u32, who: usize) {
    desk.ends(n, who, Party::Citizen);
    desk.close(who, n);
}

fn card(category: Category) -> PersonCard {
    PersonCard { category, ..person(ROMAN) }
}

fn queue_of(desk: &Sample, n: u32) -> QueueId {
    record_of(desk, n).queue
}

#[track_caller]
fn record_of(desk: &Sample, n: u32) -> Record {
    desk.desk.conversations().find(|one| one.id == id(n)).unwrap().record.clone()
}

/// What conversations were told, their places too.
fn all_words(step: &DeskTransition) -> Vec<(u32, ConversationCommand)> {
    let said = step.notifications.iter().filter_map(|notification| {
        let Notification::Conversation(said) = notification else { return None };
        Some((said.conversation.ordinal(), said.command.clone()))
    });
    said.collect()
}

#[track_caller]
fn place(step: &DeskTransition) -> (u32, Estimate) {
    let told = all_words(step).into_iter().find_map(|(_, command)| {
        let ConversationCommand::Place(place) = command else { return None };
        Some((place.position, place.estimate))
    });
    told.unwrap()
}
