// SPDX-License-Identifier: EUPL-1.2
//! Supervisors at the desk: their panel, their acts, and the record of them.

use infocig_domain::staff::StaffRole;
use infocig_protocol::{
    report::{Asked, AuditedKind},
    supervision::{Panel, SupervisorAct},
};

use super::*;

#[test]
fn a_supervisor_who_comes_supervises_and_is_sent_the_panel_after_the_welcome() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let welcomed = supervisor(&actor, "ada", 1);

    assert!(welcomed.replies[0].contains(r#""supervisor":true"#), "{:?}", welcomed.replies);
    assert!(welcomed.publish);
    let [(to, panel)] = panels(&welcomed).try_into().unwrap();
    assert_eq!((to.as_str(), panel.advisors[0].presence), ("ada", Presence::Supervising));
    assert_eq!(panel.waiting.number, 0);
    assert_eq!(picture(&actor, "ada").presence, Presence::Supervising);
    assert_eq!(panels(&say_hello(&actor, "giulia", 500)), [], "not an advisor's, and not within a second");
}

#[test]
fn the_panel_is_sent_at_most_once_a_second_and_at_least_every_five() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    supervisor(&actor, "ada", 0);
    assert_eq!(actor.next_wake().unwrap(), Some(at(5_000)));
    assert_eq!(panels(&actor.on_notification("a", 1, &waiting(1), at(400)).unwrap()), []);
    assert_eq!(panels(&actor.on_notification("a", 2, &waiting(2), at(500)).unwrap()), []);
    assert_eq!(actor.next_wake().unwrap(), Some(at(1_000)));
    let woken = actor.wake(at(1_000)).unwrap().unwrap();
    assert_eq!(panels(&woken)[0].1.waiting.number, 2);

    let mut sent = vec![1_000];
    for now in 1_001..=11_000 {
        let effects = actor.wake(at(now)).unwrap().unwrap_or_default();
        sent.extend(panels(&effects).iter().map(|_| now));
    }
    let gaps = sent.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.clone().all(|gap| (1_000..=5_000).contains(&gap)) && gaps.count() == 2, "{sent:?}");

    // Without supervisors there is nothing to wake for.
    actor.on_last_disconnect(&link("ada"), at(11_001)).unwrap();
    assert!(actor.next_wake().unwrap() > Some(at(16_001)));
}

#[test]
fn a_panel_is_sent_again_after_memory_was_lost() {
    let sql = MemorySql::new();
    supervisor(&actor(&sql), "ada", 0);
    let fresh = actor(&sql);
    let effects = fresh.reconcile_connections(&[link("ada")], at(100)).unwrap();
    assert_eq!(panels(&effects).len(), 1);
    assert_eq!(fresh.next_wake().unwrap(), Some(at(5_100)));
}

#[test]
fn supervisors_routes_are_refused_to_advisors_and_a_supervisor_of_another_queue_stays_outside() {
    let sql = MemorySql::new();
    let actor = under_way(&sql);
    for frame in acts() {
        let refused = send(&actor, "marco", &frame, 20);
        assert!(refused.replies[0].contains("not-supervisor"), "{frame:?} {:?}", refused.replies);
    }
    let supervising = DeskClientFrame::Presence { presence: Presence::Supervising };
    assert!(send(&actor, "marco", &supervising, 20).replies[0].contains("not-supervisor"));
    assert_eq!(audit(&actor), [""; 0]);

    let other = TicketScope::Desk(DeskId::parse("another").unwrap());
    let ticket = Ticket::new(other, Speaker::Advisor(advisor("ada")), at(0));
    let ticket = Ticket { roles: StaffRole::Supervisor.into(), ..ticket }.sign(KEY).unwrap();
    let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
    let text = serde_json::to_string(&hello).unwrap();
    assert!(actor.receive(&LinkState::new(at(0), None), &text, at(1)).is_err());
}

#[test]
fn acts_of_a_supervisor_are_in_the_audit_trail_and_reported_to_the_advisor() {
    let sql = MemorySql::new();
    let actor = under_way(&sql);
    supervisor(&actor, "ada", 10);
    let observe = DeskClientFrame::Observe { conversation: conversation(1) };

    let observed = send(&actor, "ada", &observe, 11);
    assert_eq!(supervised(&observed), ["giulia observes"]);
    deliver(&actor);
    assert_eq!(assignments(&actor, "ada"), ["observing"]);
    assert!(picture(&actor, "ada").mine[0].ticket.is_some());
    assert!(format!("{:?}", picture(&actor, "giulia").mine).contains(r#"observers: ["Ada"]"#));
    assert_eq!(supervised(&send(&actor, "ada", &observe, 12)), [""; 0], "again");

    let whisper = |name: &str| DeskClientFrame::Whisper {
        conversation: conversation(1),
        note: NoteDraft { id: MessageId::parse(name).unwrap(), text: "Chiedi il protocollo".into() },
    };
    let whispered = send(&actor, "ada", &whisper("w1"), 13);
    let to: Vec<_> = whispered.direct.iter().map(|(to, _)| to.clone()).collect();
    assert_eq!(to, ["ada", "giulia"].map(|name| Recipient::Advisor(advisor(name).id)));
    assert!(whispered.direct[1].1.contains(r#""whisper":true"#));
    assert!(send(&actor, "ada", &whisper("w1"), 14).direct.is_empty());
    let leaving = actor.outbox().due(at(20)).unwrap();
    assert!(
        leaving.iter().all(|message| message.destination == Destination::Audit),
        "no whisper leaves the desk"
    );
    assert!(leaving.iter().all(|message| !message.notification.contains("Chiedi")), "nor its words");

    assert_eq!(supervised(&send(&actor, "ada", &take_over(), 15)), ["giulia took_over"]);
    deliver(&actor);
    assert_eq!((assignments(&actor, "ada"), assignments(&actor, "giulia")), (vec!["held"], vec![]));
    assert_eq!(audit(&actor), ["11 ada observes", "13 ada whispered", "15 ada took_over"]);
}

#[test]
fn a_store_that_fails_at_any_statement_acts_wholly_or_not_at_all() {
    for statements in 0..12 {
        let sql = MemorySql::new();
        let actor = under_way(&sql);
        supervisor(&actor, "ada", 10);
        sql.fail_after.set(statements);
        let text = serde_json::to_string(&take_over()).unwrap();
        let failed = actor.receive(&link("ada"), &text, at(12)).is_err();
        sql.fail_after.set(-1);
        let kept = audit(&actor).len();
        deliver(&actor);
        let held = assignments(&actor, "ada").len();
        assert_eq!((held, kept), if failed { (0, 0) } else { (1, 1) }, "after {statements}");
    }
}

/// Giulia holds the first conversation, and Marco is there.
fn under_way(sql: &MemorySql) -> DeskActor<&MemorySql> {
    let actor = actor(sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(2)).unwrap();
    accept(&actor, "giulia", 1);
    say_hello(&actor, "marco", 5);
    deliver(&actor);
    actor
}

fn take_over() -> DeskClientFrame {
    DeskClientFrame::TakeOver { conversation: conversation(1) }
}

fn acts() -> [DeskClientFrame; 6] {
    let conversation = || conversation(1);
    let topic = ["pagamento", "diretto", "data"].map(String::from);
    let note = NoteDraft { id: MessageId::parse("w1").unwrap(), text: "ciao".into() };
    [
        DeskClientFrame::Reassign { conversation: conversation(), to: TransferTo::Queue },
        DeskClientFrame::End { conversation: conversation(), topic, outcome: Ended::Online },
        take_over(),
        DeskClientFrame::Join { conversation: conversation() },
        DeskClientFrame::Observe { conversation: conversation() },
        DeskClientFrame::Whisper { conversation: conversation(), note },
    ]
}

fn supervisor(actor: &DeskActor<&MemorySql>, name: &str, now: i64) -> Effects {
    let advisor = Advisor { name: "Ada".into(), ..advisor(name) };
    let ticket = Ticket::new(TicketScope::Desk(queue().into()), Speaker::Advisor(advisor), at(now));
    let ticket = Ticket { roles: StaffRole::Supervisor.into(), ..ticket }.sign(KEY).unwrap();
    let hello = DeskClientFrame::Hello { version: version::CURRENT, ticket };
    receive(actor, &LinkState::new(at(0), None), &serde_json::to_string(&hello).unwrap(), at(now))
}

fn panels(effects: &Effects) -> Vec<(String, Panel)> {
    let panel = |(to, text): &(Recipient, String)| {
        let (Recipient::Advisor(to), DeskServerFrame::Panel(panel)) = (to, frame(text)) else {
            panic!("{text}")
        };
        (to.to_string(), *panel)
    };
    effects.last.iter().map(panel).collect()
}

/// The advisors who learn of an act, each with it.
fn supervised(effects: &Effects) -> Vec<String> {
    let learns = |(to, text): &(Recipient, String)| match (to, frame(text)) {
        (Recipient::Advisor(to), DeskServerFrame::Supervised { act, by, .. }) => {
            assert_eq!(by, "Ada");
            Some(format!("{to} {}", act.as_str()))
        }
        _ => None,
    };
    effects.direct.iter().filter_map(learns).collect()
}

/// What the audit trail is told, but of the conversation that Giulia accepted.
fn audit(actor: &DeskActor<&MemorySql>) -> Vec<String> {
    let row = |row: &AuditEvent| {
        assert_eq!((&row.conversation, &row.queue), (&Some(conversation(1)), &Some(queue())));
        assert_eq!(row.desk, Some(queue().into()));
        let by = row.actor.as_ref().unwrap();
        (by.as_str() != "giulia").then(|| format!("{} {by} {}", row.at.as_millis(), row.act.as_str()))
    };
    audited(actor.store.sql()).iter().filter_map(row).collect()
}

#[test]
fn whoever_a_conversation_comes_to_is_told_to_the_audit_trail() {
    let sql = MemorySql::new();
    under_way(&sql);
    let [accepted] = audited(&sql).try_into().unwrap();
    let (by, roles): (_, Vec<_>) = (accepted.actor.unwrap(), accepted.roles.words().collect());
    assert_eq!((by.as_str(), roles, accepted.act), ("giulia", vec!["advisor"], AuditedKind::Accepted));
}

/// Kind: a desk that kept its own trail before there was one for the installation.
#[test]
fn the_rows_of_a_desks_own_trail_are_told_once_and_in_order() {
    let sql = MemorySql::new();
    drop(actor(&sql));
    for row in 1..=250 {
        let old = concat!(
            "INS",
            "ERT IN",
            "TO audit (id, at, supervisor, act, conversation, asked, queue) ",
            "VALUES (?1, ?1, 'ada', 'searched', NULL, '[{\"name\":\"person\"}]', NULL)"
        );
        (&sql).run(old, &[i64::from(row).into()]).unwrap();
    }
    for statements in [0, 1, 2, 3, 4, 5] {
        let actor = actor(&sql);
        assert_eq!(actor.next_wake().unwrap(), Some(at(0)));
        sql.fail_after.set(statements);
        let _failed_or_not = actor.wake(at(300));
        sql.fail_after.set(-1);
    }
    let actor = actor(&sql);
    while actor.wake(at(300)).unwrap().is_some() {}
    let told = audited(&sql);
    let instants: Vec<_> = told.iter().map(|event| event.at.as_millis()).collect();
    assert_eq!(instants, (1..=250).collect::<Vec<_>>());
    assert!(told.iter().all(|event| event.before_chain && event.desk == Some(queue().into())));
    assert_eq!(told[0].asked, [Asked { name: "person".into(), value: None }]);
    assert_ne!(actor.next_wake().unwrap(), Some(at(0)));
}

#[test]
fn every_act_has_a_word_in_the_audit_trail() {
    for act in SupervisorAct::ALL {
        assert!(AuditedKind::parse(act.as_str()).is_some(), "{act:?}");
    }
}

#[test]
fn a_message_that_was_given_up_is_kept_no_longer_than_conversations_are() {
    let sql = MemorySql::new();
    let day = 24 * 60 * 60_000;
    let policy = |retention: &str| {
        let mut policy = Policy::parse(include_str!("../../../../policy.json")).unwrap();
        policy.retention = serde_json::from_str(retention).unwrap();
        DeskActor::open(&sql, Some(queue().into()), &policy, KEY.into()).unwrap()
    };
    let forgetful = r#"{"decided_by":"X","conversations":{"days":30,"basis":"Y"}}"#;
    let actor = policy(forgetful);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(3)).unwrap();
    accept(&actor, "giulia", 1);
    let letter = actor.outbox().due(at(600)).unwrap().remove(0);
    actor.outbox().give_up(&letter, "refused", at(4)).unwrap();
    let night = |actor: &DeskActor<&MemorySql>, days: i64| {
        while actor.wake(at(days * day)).unwrap().is_some() {}
        actor.outbox().dead_letter_count().unwrap()
    };

    assert_eq!(night(&policy(r#"{"decided_by":"X"}"#), 400), 1, "conversations are kept");
    assert_eq!(night(&actor, 30), 1, "not a month yet");
    assert!(actor.next_wake().unwrap().is_some_and(|night| night <= at(32 * day)), "it is woken for it");
    assert_eq!(night(&actor, 32), 0);
}

#[test]
fn an_erased_person_leaves_no_message_that_was_given_up_and_no_other_one_goes() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    say_hello(&actor, "giulia", 1);
    actor.on_notification("a", 1, &waiting(1), at(3)).unwrap();
    accept(&actor, "giulia", 1);
    let letter = actor.outbox().due(at(600)).unwrap().remove(0);
    actor.outbox().give_up(&letter, "refused", at(4)).unwrap();

    actor.forget_person(&"ab".repeat(32), at(5)).unwrap();
    assert_eq!(actor.outbox().dead_letter_count().unwrap(), 1, "it is about somebody else");
    actor.forget_person(conversation(1).object(), at(6)).unwrap();

    assert_eq!(actor.outbox().dead_letter_count().unwrap(), 0);
    assert!(actor.next_wake().unwrap().is_some(), "its bytes are erased in the night");
}
