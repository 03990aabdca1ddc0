// SPDX-License-Identifier: EUPL-1.2
//! Concurrent conversations under network faults and power cuts.

use std::time::Duration;

use infocig_e2e::{
    chaos::{Chaos, inject_faults},
    long_form::short_or_long,
    random::Random,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_every_fault_each_message_arrives_once_in_order_and_nobody_is_left_behind() {
    let chaos = Chaos {
        in_order: false,
        conversations: short_or_long(20, 50),
        lasts: short_or_long(Duration::from_secs(12), Duration::from_mins(1)),
        kills: short_or_long(5, 20),
        seed: Random::seed_of_this_run().unwrap(),
    };

    let report = inject_faults(&chaos).await.unwrap();

    println!("{report}");
    assert!(report.load.is_clean(), "{report}");
    assert!(
        report.kills >= chaos.kills && report.aimed > 0 && report.load.flaws.messages > 0,
        "the test was too kind: {report}"
    );
}

/// Kind: deployments during conversations.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_restarts_in_order_every_message_arrives_once_and_nobody_is_left_behind() {
    let chaos = Chaos {
        conversations: short_or_long(20, 50),
        lasts: short_or_long(Duration::from_secs(8), Duration::from_mins(1)),
        kills: short_or_long(4, 20),
        in_order: true,
        seed: Random::seed_of_this_run().unwrap(),
    };

    let report = inject_faults(&chaos).await.unwrap();

    println!("{report}");
    assert!(report.load.is_clean() && report.load.flaws.messages > 0, "{report}");
}
