// SPDX-License-Identifier: EUPL-1.2
//! Calls on the actor: steps are stored, signals are passed on to one party and never stored.

use infocig_protocol::{
    call::{CallAct, CallEnd, CallNews, CallStep, Says, Seats, Signal},
    id::SeatId,
    limits::{MAX_SIGNAL_CHARS, SIGNALS_AT_ONCE, SIGNALS_PER_MINUTE},
};

use super::*;

#[test]
fn a_step_of_a_call_is_stored_and_both_parties_are_told_whose_devices_are_in() {
    let sql = MemorySql::new();
    let actor = with_calls(&sql);
    let id = in_hands(&actor);

    let offered = acts(&actor, &advisor(&id), CallAct::Offer { seat: seat("g1") }, 2);
    assert!(offered.broadcast.is_some());
    let seats = Seats { call: 3, citizen: None, advisor: Some(seat("g1")) };
    let frame = ServerFrame::Call(CallNews::Seats(seats));
    let told: Vec<_> = offered.direct.iter().map(|(to, text)| (to.clone(), self::frame(text))).collect();
    let holder = Recipient::Holder(id.clone(), giulia().id);
    assert_eq!(told, [(Recipient::Citizen(id.clone()), frame.clone()), (holder, frame.clone())]);

    // What was stored is read again after the memory is lost.
    let actor = with_calls(&sql);
    let welcomed = hello(&actor, &id, 3);
    assert!(welcomed.replies.iter().any(|reply| self::frame(reply) == frame), "{:?}", welcomed.replies);
    let accepted = acts(&actor, &citizen(&id), CallAct::Accept { call: 3, seat: seat("c1") }, 3);
    assert!(accepted.broadcast.is_some());
    assert_eq!(resumed(&actor, &id, 0), [1, 2, 3, 4]);

    let closed = send(&actor, &id, &ClientFrame::Close {}, 4);
    let frames = closed.broadcast.unwrap().frames;
    let ServerFrame::Entries { entries } = self::frame(&frames[0]) else { panic!("{frames:?}") };
    let why = CallEnd::ConversationEnded;
    let ended = CallStep::Ended { by: Party::System, why, seconds: 0 };
    assert_eq!(entries[0].body, EntryBody::Call { call: 3, step: ended }, "both are told before the end");
}

#[test]
fn a_signal_is_passed_on_to_the_other_party_and_never_stored() {
    let sql = MemorySql::new();
    let actor = with_calls(&sql);
    let id = in_hands(&actor);
    talk(&actor, &id);
    let before = resumed(&actor, &id, 0);

    let passed = acts(&actor, &advisor(&id), signal("g1", "c1", "v=0"), 5);
    assert_eq!((passed.broadcast, passed.alarm), (None, AlarmUpdate::Keep));
    let [(Recipient::Citizen(_), text)] = passed.direct.as_slice() else { panic!("{:?}", passed.direct) };
    assert!(matches!(frame(text), ServerFrame::Call(CallNews::Signal(_))));
    let passed = acts(&actor, &citizen(&id), signal("c1", "g1", "v=0"), 5);
    assert!(
        matches!(passed.direct.as_slice(), [(Recipient::Holder(_, holder), _)] if *holder == giulia().id)
    );

    for (link, act) in [
        (citizen(&id), signal("c0", "g1", "v=0")),
        (citizen(&id), signal("c1", "g0", "v=0")),
        (citizen(&id), signal("g1", "c1", "v=0")),
    ] {
        let dropped = acts(&actor, &link, act, 5);
        assert_eq!((dropped.direct, dropped.replies), (Vec::new(), Vec::new()));
    }
    acts(&actor, &citizen(&id), CallAct::End { call: 3, why: CallEnd::HungUp }, 6);
    assert_eq!(acts(&actor, &citizen(&id), signal("c1", "g1", "v=0"), 7).direct, [], "it is over");
    assert_eq!(resumed(&actor, &id, 0).len(), before.len() + 1);
}

#[test]
fn a_signal_has_a_size_and_comes_at_a_rate() {
    let sql = MemorySql::new();
    let actor = with_calls(&sql);
    let id = in_hands(&actor);
    talk(&actor, &id);
    let code = |effects: &Effects| {
        let reply = frame(effects.replies.first()?);
        let ServerFrame::Refused { code, .. } = reply else { panic!("{reply:?}") };
        Some(code)
    };
    let sends = |text: &str, now| code(&acts(&actor, &citizen(&id), signal("c1", "g1", text), now));

    assert_eq!(sends(&"è".repeat(MAX_SIGNAL_CHARS), 10), None);
    assert_eq!(sends(&"è".repeat(MAX_SIGNAL_CHARS + 1), 10), Some(Code::FrameMalformed));
    assert_eq!(sends("", 10), Some(Code::FrameMalformed));
    for _ in 1..SIGNALS_AT_ONCE {
        assert_eq!(sends("v=0", 10), None);
    }
    assert_eq!(sends("v=0", 10), Some(Code::TooFast));
    let apart = 60_000 / i64::from(SIGNALS_PER_MINUTE);
    assert_eq!(sends("v=0", 10 + apart), None);
    assert_eq!(sends("v=0", 10 + apart), Some(Code::TooFast));
    let other = code(&acts(&actor, &advisor(&id), signal("g1", "c1", "v=0"), 10));
    assert_eq!(other, None, "each side has its own");
}

#[test]
fn the_shipped_policy_has_no_calls() {
    let sql = MemorySql::new();
    let actor = actor(&sql);
    let id = in_hands(&actor);
    let refused = acts(&actor, &advisor(&id), CallAct::Offer { seat: seat("g1") }, 2);
    assert!(matches!(frame(&refused.replies[0]), ServerFrame::Refused { code: Code::CallsOff, .. }));
    assert_eq!((refused.close_sender, resumed(&actor, &id, 0)), (None, vec![1, 2]));
}

fn with_calls(sql: &MemorySql) -> ConversationActor<&MemorySql> {
    let mut policy = Policy::parse(include_str!("../../../../policy.json")).unwrap();
    policy.calls.on = true;
    ConversationActor::open(sql, "0f".repeat(32), KEY.into(), &policy).unwrap()
}

fn in_hands(actor: &ConversationActor<&MemorySql>) -> ConversationId {
    let id = admit(actor, 0);
    assign(actor, 1, &id, 1);
    id
}

fn talk(actor: &ConversationActor<&MemorySql>, id: &ConversationId) {
    acts(actor, &advisor(id), CallAct::Offer { seat: seat("g1") }, 2);
    acts(actor, &citizen(id), CallAct::Accept { call: 3, seat: seat("c1") }, 3);
}

fn acts(actor: &ConversationActor<&MemorySql>, link: &LinkState, act: CallAct, now: i64) -> Effects {
    send_on(actor, link, &ClientFrame::Call(act), now)
}

fn signal(from: &str, to: &str, sdp: &str) -> CallAct {
    let says = Says::Offer { round: 1, sdp: sdp.into() };
    CallAct::Signal(Signal { call: 3, from: seat(from), to: seat(to), says })
}

fn seat(name: &str) -> SeatId {
    SeatId::parse(name).unwrap()
}
