// SPDX-License-Identifier: EUPL-1.2
//! Fifty conversations at a time through a network that fails in every way, while the runtime is killed again and again.

use std::time::Duration;

use infocig_e2e::{
    chaos::{Chaos, reign},
    random::Random,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_fails_every_message_arrives_once_and_in_order_and_nobody_is_left_behind() {
    let lasts = Duration::from_mins(1);
    let chaos = Chaos { conversations: 50, lasts, kills: 20, seed: Random::seed() };

    let report = reign(&chaos).await.unwrap_or_else(|trouble| panic!("seed {}: {trouble}", chaos.seed));

    println!("{report}");
    assert!(report.outcome.is_clean(), "{report}");
    assert!(report.kills >= 20 && report.aimed > 0 && report.outcome.flaws.messages > 0, "{report}");
}
