// SPDX-License-Identifier: EUPL-1.2
//! Calls under virtual time: four devices with the client's own machine, two of each side, links that break, browsers that take
//! their time, and the rules of a conversation.
//!
//! Generated schedules offer, accept, take over and hang up at once on all devices, and break things: links are cut with frames
//! in flight, signals come twice and late, pages are reloaded or closed, networks change, descriptions fail, the conversation
//! is handed on or ends. Afterwards everything heals, and what must hold holds: both ends agree with the server on the call and
//! its state, the two devices whose seats it names hear each other, and no other device has media.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by panicking")]

mod browser;
mod world;

use infocig_client::call::CallView;
use proptest::prelude::*;

use self::world::{ADVISOR, Action, CITIZEN, OTHER_ADVISOR, OTHER_CITIZEN, World};

/// How many are generated: `INFOCIG_LONG=1` asks for the long form (`cargo xtask soak`).
fn cases() -> u32 {
    if std::env::var_os("INFOCIG_LONG").is_some_and(|value| value == "1") { 10_000 } else { 2_000 }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_both_ends_agree_on_the_call_and_no_media_are_left_behind(
        schedule in prop::collection::vec(action(), 1..28),
        seed in any::<u64>(),
    ) {
        let mut world = World::new(seed);
        for action in schedule {
            world.act(action);
        }
        world.heal();
        world.agrees();
    }

    #[test]
    fn two_who_talk_go_on_over_cut_links_changed_networks_and_reloaded_pages(
        schedule in prop::collection::vec((disturbance(), 0_i64..1_500), 1..10),
        seed in any::<u64>(),
    ) {
        let mut world = World::new(seed);
        world.act(Action::Offer(ADVISOR));
        world.act(Action::Wait(1_000));
        world.act(Action::Accept(CITIZEN));
        world.act(Action::Wait(5_000));
        prop_assert_eq!(world.view(CITIZEN), &CallView::Talking);
        for (action, millis) in schedule {
            world.act(action);
            world.act(Action::Wait(millis));
        }
        world.heal();
        world.agrees();
        prop_assert!(world.talks(), "{}", world.describe());
    }
}

#[test]
fn a_call_on_a_quiet_network_costs_one_offer_and_one_answer() {
    let mut world = World::new(1);
    world.act(Action::Offer(ADVISOR));
    world.act(Action::Wait(500));
    assert_eq!((world.view(ADVISOR), world.view(CITIZEN)), (&CallView::Asking, &CallView::Asked));
    assert_eq!(world.view(OTHER_ADVISOR), &CallView::Elsewhere);
    world.act(Action::Accept(CITIZEN));
    world.act(Action::Wait(2_000));
    assert_eq!((world.view(ADVISOR), world.view(CITIZEN)), (&CallView::Talking, &CallView::Talking));
    assert_eq!(world.view(OTHER_CITIZEN), &CallView::Elsewhere);
    assert_eq!(world.descriptions(), 2);
    world.heal();
    world.agrees();
    assert_eq!(world.descriptions(), 2, "nothing is repeated that has arrived");
}

#[test]
fn two_who_ask_each_other_at_once_talk() {
    let mut world = World::new(2);
    world.act(Action::Offer(ADVISOR));
    world.act(Action::Offer(CITIZEN));
    world.act(Action::Wait(5_000));
    assert!(world.talks(), "{}", world.describe());
}

#[test]
fn of_two_offers_that_cross_the_advisors_holds_and_the_persons_is_made_again() {
    let mut world = talking(3);
    let before = world.descriptions();
    world.act(Action::AddPicture(ADVISOR));
    world.act(Action::AddPicture(CITIZEN));
    world.act(Action::Wait(5_000));
    assert!(world.talks(), "{}", world.describe());
    assert!(world.descriptions() >= before + 4, "two offers were answered");
    world.agrees();
}

#[test]
fn who_hangs_up_has_no_media_from_that_moment_even_without_a_link() {
    let mut world = talking(4);
    world.act(Action::Cut(CITIZEN));
    world.act(Action::Leave(CITIZEN));
    assert!(!world.has_media(CITIZEN) && world.view(CITIZEN) == &CallView::None);
    world.heal();
    world.agrees();
    assert!(!world.has_media(ADVISOR));
}

#[test]
fn a_page_that_is_closed_ends_the_call_for_the_other_side() {
    let mut world = talking(5);
    world.act(Action::CloseTab(CITIZEN));
    world.act(Action::Wait(20_000));
    assert_eq!(world.view(ADVISOR), &CallView::Reconnecting);
    world.act(Action::Wait(60_000));
    assert_eq!((world.view(ADVISOR), world.has_media(ADVISOR)), (&CallView::None, false));
}

fn talking(seed: u64) -> World {
    let mut world = World::new(seed);
    world.act(Action::Offer(ADVISOR));
    world.act(Action::Wait(500));
    world.act(Action::Accept(CITIZEN));
    world.act(Action::Wait(3_000));
    assert!(world.talks(), "{}", world.describe());
    world
}

fn device() -> impl Strategy<Value = usize> {
    prop::sample::select(vec![CITIZEN, ADVISOR, OTHER_CITIZEN, OTHER_ADVISOR])
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        4 => device().prop_map(Action::Offer),
        6 => device().prop_map(Action::Accept),
        1 => device().prop_map(Action::Decline),
        3 => device().prop_map(Action::Take),
        1 => device().prop_map(Action::Leave),
        1 => device().prop_map(Action::LacksMicrophone),
        1 => device().prop_map(Action::CloseTab),
        6 => breaks(),
        1 => Just(Action::HandOn),
        1 => Just(Action::EndConversation),
        8 => (1_i64..12_000).prop_map(Action::Wait),
        2 => (12_000_i64..70_000).prop_map(Action::Wait),
    ]
}

fn breaks() -> impl Strategy<Value = Action> {
    prop_oneof![
        device().prop_map(Action::Cut),
        device().prop_map(Action::Reload),
        device().prop_map(Action::Repeat),
        device().prop_map(Action::ChangeNetwork),
        device().prop_map(Action::AddPicture),
        device().prop_map(Action::FailNext),
    ]
}

fn disturbance() -> impl Strategy<Value = Action> {
    prop_oneof![4 => breaks(), 1 => device().prop_map(Action::Take)]
}
