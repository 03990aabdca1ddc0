// SPDX-License-Identifier: EUPL-1.2
//! Concurrent conversations of the state machines of the client: every message arrives once, in order, on both sides.
use std::{sync::Arc, time::Duration};

use infocig_e2e::{
    edge::{Edge, EdgeOptions, policy_without_limits},
    issuer::Issuer,
    load::{Load, LoadReport, Pace, Target, play},
    long_form::short_or_long,
    proxy::{Faults, Proxy},
    random::Random,
};

#[tokio::test]
async fn at_full_speed_between_several_advisors_nothing_is_lost() {
    let outcome = played(Faults::default(), Load { messages: 20..21, ..load(Pace::Full) }).await;

    assert!(outcome.is_clean(), "{}", outcome.summary());
    let all = conversations();
    assert_eq!((outcome.conversations, outcome.flaws.messages, outcome.flaws.refused), (all, 40 * all, 0));
}

#[tokio::test]
async fn at_the_pace_of_people_who_hang_up_nothing_is_lost() {
    let outcome = played(Faults::default(), Load { hang_ups: true, ..load(Pace::Human) }).await;

    assert!(outcome.is_clean(), "{}", outcome.summary());
    assert!(outcome.flaws.messages > 2 * conversations(), "{}", outcome.summary());
}

#[tokio::test]
async fn over_a_slow_network_that_repeats_requests_nothing_is_lost() {
    let faults = Faults { twice: true, ..Faults::delay(Duration::from_millis(30)) };

    let outcome = played(faults, load(Pace::Full)).await;

    assert!(outcome.is_clean(), "{}", outcome.summary());
    assert!(outcome.flaws.messages > 2 * conversations(), "{}", outcome.summary());
}

/// With this number, and at least two messages of each side, every advisor has several conversations at once.
fn conversations() -> u64 {
    short_or_long(12, 30)
}

fn load(pace: Pace) -> Load {
    Load {
        conversations: conversations(),
        at_once: 30,
        advisors: 3,
        messages: 2..5,
        pace,
        hang_ups: false,
        seed: Random::seed_of_this_run().unwrap(),
    }
}

async fn played(faults: Faults, load: Load) -> LoadReport {
    let issuer = Arc::new(Issuer::start().await.unwrap());
    // The load writes faster than the limits for people.
    let options = EdgeOptions::trusting(issuer.setting()).with_policy(policy_without_limits().unwrap());
    let edge = Edge::start(options).await.unwrap();
    let proxy = Proxy::start(edge.port()).await.unwrap();
    proxy.set(faults);
    let target = Target { base: proxy.url(), edge: edge.url(), issuer };
    play(target, load).await.unwrap()
}
