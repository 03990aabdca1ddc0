// SPDX-License-Identifier: EUPL-1.2
//! A backup under load, a power cut, and its restoration.

use std::time::Duration;

use infocig_e2e::{
    drill::{Drill, run},
    long_form::short_or_long,
    random::Random,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restoration_everything_stored_before_the_backup_is_there_and_both_sides_know_what_is_not() {
    let drill = Drill {
        conversations: short_or_long(20, 100),
        before: short_or_long(Duration::from_secs(6), Duration::from_secs(40)),
        after: short_or_long(Duration::from_secs(2), Duration::from_secs(10)),
        seed: Random::seed_of_this_run().unwrap(),
    };

    let report = run(&drill).await.unwrap();

    println!("{report}");
    assert!(report.is_clean(), "{report}");
    assert!(report.entries > 0 && report.after_the_backup > 0, "the test was too kind: {report}");
}
