// SPDX-License-Identifier: EUPL-1.2
//! Both real ends of the link under virtual time: two client sessions, a lossy network, the rules of a conversation.
//!
//! Generated schedules write messages and break things: connections are cut with frames in flight, go silent in one
//! direction, deliver frames twice or out of order, are slow; sockets are refused, so that polls must do; pages are reloaded
//! and keep only what was unsent; the server restarts between storing and telling, and takes only so many messages at once.
//! Afterwards the network heals, and what must hold holds: every message is in the log once, both ends saw exactly the log,
//! and nothing was ever acknowledged that was not stored.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod network;
mod server;
mod world;

use infocig_client::machine::Transport;
use proptest::prelude::*;

use self::world::{Action, End, World};

/// How many are generated: `INFOCIG_LONG=1` asks for the long form (`cargo xtask soak`).
fn cases() -> u32 {
    if std::env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { 10_000 } else { 2_000 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn on_an_unreliable_link_every_message_arrives_once_and_in_order(
        schedule in prop::collection::vec(action(), 1..24),
        seed in any::<u64>(),
    ) {
        let mut world = World::new(seed);
        for action in schedule {
            world.act(action);
            world.acknowledged_implies_stored();
        }
        world.heal();
        world.agrees();
    }
}

#[test]
fn a_quiet_link_delivers_without_a_single_reconnection() {
    let mut world = World::new(1);
    for n in 0..50 {
        let end = if n % 3 == 0 { End::Advisor } else { End::Citizen };
        world.act(Action::Write(end));
        world.act(Action::Wait(40));
    }
    assert_eq!(world.connections(), 2);
    world.heal();
    world.agrees();
}

#[test]
fn a_link_that_went_silent_is_found_out_within_twenty_seconds() {
    for silence in [Action::SilenceUp(End::Citizen), Action::SilenceDown(End::Citizen)] {
        let mut world = World::new(2);
        world.act(Action::Wait(2_000));
        let before = world.connections();
        world.act(silence);
        world.act(Action::Write(End::Advisor));
        world.act(Action::Write(End::Citizen));
        world.act(Action::Wait(20_000));
        assert!(world.connections() > before, "{silence:?}");
        world.heal();
        world.agrees();
    }
}

#[test]
fn an_end_that_can_open_no_socket_goes_by_polls_and_back_when_it_can() {
    let mut world = World::new(3);
    world.act(Action::RefuseSockets(End::Citizen));
    world.act(Action::Cut(End::Citizen));
    world.act(Action::Write(End::Citizen));
    world.act(Action::Wait(30_000));
    assert_eq!(world.transport(End::Citizen), Some(Transport::Poll));
    assert_eq!(world.unsent(End::Citizen), 0);

    world.act(Action::AllowSockets(End::Citizen));
    world.act(Action::Wait(700_000));
    assert_eq!(world.transport(End::Citizen), Some(Transport::Socket));
    world.heal();
    world.agrees();
}

fn action() -> impl Strategy<Value = Action> {
    let end = || prop_oneof![Just(End::Citizen), Just(End::Advisor)];
    prop_oneof![
        6 => end().prop_map(Action::Write),
        4 => (1_i64..3_000).prop_map(Action::Wait),
        1 => (15_000_i64..60_000).prop_map(Action::Wait),
        2 => end().prop_map(Action::Cut),
        1 => end().prop_map(Action::SilenceUp),
        1 => end().prop_map(Action::SilenceDown),
        1 => end().prop_map(Action::Duplicate),
        1 => end().prop_map(Action::Reorder),
        1 => (end(), 100_i64..9_000).prop_map(|(end, by)| Action::Slow(end, by)),
        1 => Just(Action::Restart),
        1 => Just(Action::RestartBeforeTelling),
        1 => end().prop_map(Action::Nudge),
        1 => end().prop_map(Action::Reload),
        1 => end().prop_map(Action::RefuseSockets),
        1 => end().prop_map(Action::AllowSockets),
        1 => end().prop_map(Action::HistoryQuery),
    ]
}
