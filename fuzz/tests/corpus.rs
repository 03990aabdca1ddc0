// SPDX-License-Identifier: EUPL-1.2
//! Runs the corpus with every earlier finding, and a short time of edits.

use std::time::Duration;

use infocig_fuzz::{corpus, run, targets::ALL};

#[test]
fn no_reader_fails_at_what_is_known_nor_at_what_lies_next_to_it() {
    for target in ALL {
        assert!(!corpus::of(target.name).is_empty(), "{} has no corpus", target.name);
        let report = run(target, Duration::from_millis(300), 1);
        assert!(report.finding.is_none(), "{:?}", report.finding);
        assert!(report.inputs > 100, "{}: {} inputs", target.name, report.inputs);
    }
}
