// SPDX-License-Identifier: EUPL-1.2
//! Two nodes on one bucket: one hands over under load, one is killed under load, and the bucket is away for a while.

use std::time::Duration;

use infocig_e2e::{
    cluster::{Cluster, run, take_the_bucket_away},
    long_form::short_or_long,
    random::Random,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_ends_hands_over_and_one_that_is_killed_is_replaced_without_a_loss() {
    let cluster = Cluster {
        conversations: short_or_long(10, 20),
        lasts: short_or_long(Duration::from_secs(4), Duration::from_secs(12)),
        writes: short_or_long(100, 400),
        rounds: short_or_long(1, 2),
        seed: Random::seed_of_this_run().unwrap(),
    };

    let report = run(&cluster).await.unwrap();

    println!("{report}");
    assert!(report.is_clean(), "{report}");
    assert!(report.load.flaws.messages > 0 && report.desk_moved, "the test was too kind: {report}");
    // A hand-over does not wait for the lease of 20 seconds. A takeover does, else the node that was killed owned nothing.
    assert!(report.hand_overs.iter().all(|seconds| *seconds < 12.0), "{report}");
    assert!(report.takeovers.iter().all(|seconds| (12.0..45.0).contains(seconds)), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_link_over_another_node_still_writes_and_without_its_bucket_nothing_is_acknowledged() {
    let lasts = short_or_long(Duration::from_secs(6), Duration::from_secs(40));

    let outage = take_the_bucket_away(lasts).await.unwrap();

    println!("{outage}");
    assert_eq!(outage.writer_lost, 0, "{outage}");
    assert!(outage.answered_after >= lasts.as_secs_f64(), "{outage}");
}
