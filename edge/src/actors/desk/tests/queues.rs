// SPDX-License-Identifier: EUPL-1.2
//! A desk of two queues: what its links are sent, and what it refuses.

use infocig_domain::{policy::Queue, staff::StaffRole};
use infocig_protocol::supervision::Panel;

use super::*;

#[test]
fn links_are_sent_what_is_of_their_holders_queues_and_nothing_else() {
    let sql = MemorySql::new();
    let actor = of_two_queues(&sql);
    say_hello_of(&actor, "giulia", &["lavoratori"], false, 1);
    let both = say_hello_of(&actor, "marco", &[], false, 2);
    let DeskServerFrame::Welcome(welcome) = frame(&both.replies[0]) else { panic!("{both:?}") };
    let own: Vec<_> = welcome.queues.iter().map(|queue| (queue.name.as_str(), queue.own)).collect();
    assert_eq!(own, [("Lavoratori", true), ("aziende", true)]);
    for name in ["giulia", "marco"] {
        send(&actor, name, &DeskClientFrame::Presence { presence: Presence::Busy }, 3);
    }
    enters(&actor, 1, Category::Lavoratore);
    enters(&actor, 2, Category::Titolare);

    let waiting = |name| picture(&actor, name).waiting.into_iter().map(|one| (one.conversation, one.queue));
    assert_eq!(waiting("giulia").collect::<Vec<_>>(), [(conversation(1), None)]);
    let all = [(conversation(1), Some(named("lavoratori"))), (conversation(2), Some(named("aziende")))];
    assert_eq!(waiting("marco").collect::<Vec<_>>(), all);
    let taken = send(&actor, "giulia", &DeskClientFrame::Take { conversation: conversation(2) }, 9);
    assert!(taken.replies[0].contains("not-waiting"), "{:?}", taken.replies);
}

#[test]
fn the_metrics_of_a_desk_are_numbers_of_its_queues_and_of_presences() {
    let sql = MemorySql::new();
    let actor = of_two_queues(&sql);
    say_hello_of(&actor, "giulia", &["lavoratori"], false, 1);
    say_hello_of(&actor, "marco", &["aziende"], false, 2);
    send(&actor, "marco", &DeskClientFrame::Presence { presence: Presence::Busy }, 3);
    enters(&actor, 1, Category::Lavoratore);
    accept(&actor, "giulia", 1);
    send(&actor, "giulia", &DeskClientFrame::Presence { presence: Presence::Busy }, 5);
    enters(&actor, 2, Category::Titolare);
    enters(&actor, 3, Category::Titolare);

    let metrics = actor.metrics(at(20_000)).unwrap();

    let queues: Vec<_> =
        metrics.queues.iter().map(|one| (one.queue.as_str(), one.waiting, one.held)).collect();
    assert_eq!(queues, [("lavoratori", 0, 1), ("aziende", 2, 0)]);
    let waits: Vec<_> = metrics.queues.iter().map(|one| one.oldest.is_some()).collect();
    assert_eq!(waits, [false, true]);
    let waits: Vec<u64> = metrics.queues.iter().map(|one| one.waits.iter().sum()).collect();
    assert_eq!(waits, [1, 0], "the first answer ends a wait");
    let there: Vec<_> = metrics.advisors.iter().filter(|(_, number)| *number > 0).collect();
    assert_eq!(there, [&("busy".to_string(), 2)]);
    assert_eq!(metrics.advisors.len(), 6, "presences of nobody are there too");
    assert!(metrics.outbox.messages > 0 && metrics.outbox.oldest.is_some());
}

#[test]
fn each_supervisor_is_sent_the_panel_of_their_queues() {
    let sql = MemorySql::new();
    let actor = of_two_queues(&sql);
    say_hello_of(&actor, "ada", &["lavoratori"], true, 1);
    say_hello_of(&actor, "elsa", &["aziende"], true, 1);
    say_hello_of(&actor, "olga", &[], true, 1);
    enters(&actor, 2, Category::Titolare);
    let sent = actor.wake(at(20_000)).unwrap().unwrap().last;

    let waiting = |name: &str| {
        let panel = |(to, text): &(Recipient, String)| match (to, frame(text)) {
            (Recipient::Advisor(to), DeskServerFrame::Panel(panel)) if to.as_str() == name => Some(*panel),
            _ => None,
        };
        let panel: Panel = sent.iter().find_map(panel).unwrap();
        (panel.waiting.number, panel.queues.len())
    };
    assert_eq!([waiting("ada"), waiting("elsa"), waiting("olga")], [(0, 0), (1, 0), (1, 2)]);
}

#[test]
fn a_ticket_of_an_advisor_of_other_queues_opens_no_link() {
    let sql = MemorySql::new();
    let actor = of_two_queues(&sql);
    let refused = say_hello_of(&actor, "giulia", &["altrove"], false, 1);
    assert!(refused.replies[0].contains("ticket-invalid") && refused.accepted.is_none(), "{refused:?}");
}

#[test]
fn a_conversation_that_passed_to_another_queue_is_there_after_memory_was_wiped() {
    let sql = MemorySql::new();
    say_hello_of(&of_two_queues(&sql), "giulia", &["lavoratori"], false, 1);
    enters(&of_two_queues(&sql), 1, Category::Lavoratore);
    accept(&of_two_queues(&sql), "giulia", 1);
    deliver(&of_two_queues(&sql));
    let to = TransferTo::OtherQueue(named("aziende"));
    let frame = DeskClientFrame::Transfer { conversation: conversation(1), to, note: None };
    send(&of_two_queues(&sql), "giulia", &frame, 10);

    let actor = of_two_queues(&sql);
    let queue = actor.look_at(|desk| desk.waiting().next().unwrap().queue().clone()).unwrap();
    assert_eq!(queue, named("aziende"));
    assert_eq!(picture(&actor, "giulia").waiting, []);
    say_hello_of(&actor, "marco", &["aziende"], false, 11);
    assert_eq!(assignments(&actor, "marco"), ["offered"]);
}

#[test]
fn an_act_is_in_the_audit_trail_of_its_queue() {
    let sql = MemorySql::new();
    let actor = of_two_queues(&sql);
    say_hello_of(&actor, "ada", &[], true, 1);
    enters(&actor, 2, Category::Titolare);
    send(&actor, "ada", &DeskClientFrame::TakeOver { conversation: conversation(2) }, 9);

    let acts = |queue: &str| audited(&sql).iter().filter(|act| act.queue == Some(named(queue))).count();
    assert_eq!((acts("lavoratori"), acts("aziende")), (0, 1));
}

fn of_two_queues(sql: &MemorySql) -> DeskActor<&MemorySql> {
    let (workers, others) = Category::ALL.into_iter().partition(|one| *one == Category::Lavoratore);
    let desk = Some(queue().into());
    let queues = vec![
        Queue {
            id: named("lavoratori"),
            name: Some("Lavoratori".into()),
            desk: desk.clone(),
            categories: workers,
        },
        Queue { id: named("aziende"), name: None, desk, categories: others },
    ];
    let policy = Policy { queues, ..policy() };
    DeskActor::open(sql, Some(queue().into()), &policy, KEY.into()).unwrap()
}

fn say_hello_of(
    actor: &DeskActor<&MemorySql>,
    name: &str,
    queues: &[&str],
    supervisor: bool,
    now: i64,
) -> Effects {
    let profile = Profile { queues: queues.iter().map(|queue| named(queue)).collect(), ..Profile::default() };
    let ticket = Ticket::new(TicketScope::Desk(queue().into()), Speaker::Advisor(advisor(name)), at(now));
    let role = if supervisor { StaffRole::Supervisor } else { StaffRole::Advisor };
    let ticket = Ticket { profile, roles: role.into(), ..ticket }.sign(KEY).unwrap();
    let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
    receive(actor, &LinkState::new(at(0), None), &serde_json::to_string(&hello).unwrap(), at(now))
}

/// A person enters the queue of their category.
fn enters(actor: &DeskActor<&MemorySql>, ordinal: u32, category: Category) {
    let mut notification: DeskNotification = serde_json::from_str(&waiting(ordinal)).unwrap();
    if let DeskNotification::Waiting { person, queue, .. } = &mut notification {
        person.category = category;
        *queue = Some(named(if category == Category::Lavoratore { "lavoratori" } else { "aziende" }));
    }
    let text = serde_json::to_string(&notification).unwrap();
    actor.on_notification(&format!("p{ordinal}"), 1, &text, at(4)).unwrap();
}

fn named(queue: &str) -> QueueId {
    QueueId::parse(queue).unwrap()
}
