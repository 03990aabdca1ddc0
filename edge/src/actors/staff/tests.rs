// SPDX-License-Identifier: EUPL-1.2
//! Sessions that begin, are asked about, and end.

use infocig_domain::{desk::fit::Profile, people::Advisor, staff::StaffRole};
use infocig_protocol::id::AdvisorId;

use super::*;
use crate::{
    sql::testing::MemorySql,
    store::{Destination, testing::audited},
};

#[test]
fn a_session_stands_until_it_is_due_and_one_request_at_a_time_asks_about_it() {
    let (sql, at) = (MemorySql::new(), minutes);
    let actor = actor(&sql);
    actor.begin("k", &session("giulia", Some("s1"), Some("refresh"))).unwrap();

    assert_eq!(actor.look("other", Some(15), at(1)).unwrap(), Looked::Over);
    assert!(matches!(actor.look("k", Some(15), at(7)).unwrap(), Looked::Stands(_)));
    assert!(matches!(actor.look("k", Some(15), at(8)).unwrap(), Looked::Ask(_)));
    assert_eq!(actor.look("k", Some(15), at(8)).unwrap(), Looked::Asked);
    assert!(matches!(actor.look("k", None, at(8)).unwrap(), Looked::Stands(_)), "a look that asks nothing");

    actor.not_answered("k").unwrap();
    let Looked::Ask(known) = actor.look("k", Some(15), at(8)).unwrap() else { panic!("not asked again") };
    assert!(actor.renew("k", &StaffSession { confirmed: at(8), ..*known }).unwrap());
    assert!(matches!(actor.look("k", Some(15), at(15)).unwrap(), Looked::Stands(_)));
    assert_eq!(actor.look("k", Some(15), at(12 * 60)).unwrap(), Looked::Over, "nobody stays for ever");
}

#[test]
fn a_session_without_a_refresh_token_stands_for_its_time_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    actor.begin("k", &session("giulia", None, None)).unwrap();

    assert!(matches!(actor.look("k", Some(15), minutes(14)).unwrap(), Looked::Stands(_)));
    assert_eq!(actor.look("k", Some(15), minutes(15)).unwrap(), Looked::Over);
}

#[test]
fn an_end_tells_every_desk_in_the_transaction_of_the_end() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    actor.begin("k", &session("giulia", None, None)).unwrap();

    assert!(actor.end("k", None, "r", minutes(1)).unwrap());
    assert!(!actor.end("k", None, "r", minutes(1)).unwrap());
    assert_eq!(told(&actor), [("a", "giulia", "k"), ("b", "giulia", "k")].map(owned));
    let [out] = audited(&sql).try_into().unwrap();
    assert_eq!(
        (out.actor.unwrap().as_str(), out.act, out.request),
        ("giulia", AuditedKind::SignedOut, Some("r".into()))
    );
    assert_eq!(actor.look("k", None, minutes(1)).unwrap(), Looked::Over);
    assert!(!actor.renew("k", &session("giulia", None, None)).unwrap(), "nothing brings it back");
}

#[test]
fn whatever_fails_while_a_session_ends_leaves_it_whole_or_ended_with_every_desk_told() {
    for statements in 0..20 {
        let sql = MemorySql::new();
        let actor = actor(&sql);
        actor.begin("k", &session("giulia", None, None)).unwrap();
        sql.fail_after.set(statements);
        let ended = actor.end("k", None, "r", minutes(1));
        sql.fail_after.set(-1);

        let is_over = actor.look("k", None, minutes(1)).unwrap() == Looked::Over;
        assert_eq!((is_over, told(&actor).len()), if ended.is_ok() { (true, 2) } else { (false, 0) });
        assert_eq!(audited(&sql).len(), usize::from(ended.is_ok()));
    }
}

#[test]
fn the_provider_ends_a_session_or_all_of_a_person_and_no_token_counts_twice() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    for (key, advisor, sid) in
        [("g1", "giulia", "s1"), ("g2", "giulia", "s2"), ("m1", "marco", "s3"), ("m2", "marco", "s1")]
    {
        actor.begin(key, &session(advisor, Some(sid), None)).unwrap();
    }
    let ended = |subject: Option<&str>, sid: Option<&str>, jti: &str| Ended {
        subject: subject.map(|id| AdvisorId::parse(id).unwrap()),
        sid: sid.map(Into::into),
        jti: jti.into(),
        until_s: 600,
    };
    let end = |which: &Ended| actor.end_all_of(which, "r", minutes(1)).unwrap();
    let stand =
        || ["g1", "g2", "m1", "m2"].map(|key| actor.look(key, None, minutes(1)).unwrap() != Looked::Over);

    assert_eq!(end(&ended(Some("giulia"), Some("s1"), "j1")), Some(1), "of that person, not of another");
    assert_eq!(stand(), [false, true, true, true]);
    assert_eq!(end(&ended(Some("giulia"), None, "j1")), None, "replayed");
    assert_eq!(stand(), [false, true, true, true]);
    assert_eq!(end(&ended(None, Some("s3"), "j2")), Some(1));
    assert_eq!(end(&ended(Some("nobody"), None, "j3")), Some(0));
    assert_eq!(end(&ended(Some("giulia"), None, "j4")), Some(1));
    assert_eq!(stand(), [false, false, false, true]);
}

#[test]
fn the_answer_to_a_sign_in_is_used_once() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    assert!(actor.use_sign_in("f1", minutes(10), minutes(1)).unwrap());
    assert!(!actor.use_sign_in("f1", minutes(10), minutes(1)).unwrap());
    assert!(actor.use_sign_in("f2", minutes(10), minutes(1)).unwrap());
}

fn actor(sql: &MemorySql) -> StaffActor<&MemorySql> {
    StaffActor::open(sql, vec![DeskId::parse("a").unwrap(), DeskId::parse("b").unwrap()]).unwrap()
}

fn session(advisor: &str, sid: Option<&str>, refresh_token: Option<&str>) -> StaffSession {
    StaffSession {
        advisor: Advisor { id: AdvisorId::parse(advisor).unwrap(), name: "Giulia".into() },
        roles: StaffRole::Advisor.into(),
        profile: Profile::default(),
        sid: sid.map(Into::into),
        confirmed: minutes(0),
        ends: minutes(12 * 60),
        refresh_token: refresh_token.map(Into::into),
        id_token: None,
    }
}

/// The desk, the advisor and the session of every notification that is under way; the first of each destination.
fn told(actor: &StaffActor<&MemorySql>) -> Vec<(String, String, String)> {
    let of_desks = |message: &OutboxMessage| message.destination != Destination::Audit;
    let read = |message: OutboxMessage| {
        let Destination::Desk(desk) = &message.destination else { panic!("{message:?}") };
        let DeskNotification::SignedOff { advisor, session, .. } =
            OutboxMessage::stored(&message.notification).unwrap()
        else {
            panic!("{message:?}")
        };
        (desk.to_string(), advisor.to_string(), session)
    };
    actor.outbox().due(minutes(60)).unwrap().into_iter().filter(of_desks).map(read).collect()
}

fn owned((desk, advisor, session): (&str, &str, &str)) -> (String, String, String) {
    (desk.into(), advisor.into(), session.into())
}

fn minutes(minutes: i64) -> Timestamp {
    Timestamp::from_millis(minutes * 60_000)
}
