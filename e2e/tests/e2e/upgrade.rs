// SPDX-License-Identifier: EUPL-1.2
//! The next version in the place of this one, under load.

use std::time::Duration;

use infocig_e2e::{
    long_form::short_or_long,
    random::Random,
    upgrade::{Upgrade, run},
};

/// Kind: a release that changes what is stored, on a working day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_an_upgrade_every_message_arrives_once_and_the_version_before_refuses_what_it_cannot_read() {
    let upgrade = Upgrade {
        conversations: short_or_long(20, 50),
        each: short_or_long(Duration::from_secs(5), Duration::from_secs(30)),
        seed: Random::seed_of_this_run().unwrap(),
    };

    let report = run(&upgrade).await.unwrap();

    println!("{report}");
    assert!(report.is_clean(), "{report}");
    assert!(report.across > 0 && report.rows > 0 && report.messages > 0, "the test was too kind: {report}");
}
