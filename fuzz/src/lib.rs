// SPDX-License-Identifier: EUPL-1.2
//! Fuzzing of every reader of untrusted input.
//!
//! - [`targets`]: the readers, each a function of bytes that must not panic or take much memory, and whose invariants must hold
//!   for every accepted input.
//! - [`edits`]: random edits of valid texts.
//! - [`corpus`]: the valid texts: pinned frames and documents of the repository, the default policy, and `corpus/`, to which
//!   every finding is added.
//!
//! `cargo xtask fuzz --minutes N` runs it for as long; `cargo xtask test` goes through the corpus and a little further.

pub mod corpus;
pub mod edits;
pub mod targets;

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::time::{Duration, Instant};

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use self::targets::Target;

/// A failing input, shrunk.
#[derive(Debug)]
pub struct Finding {
    /// The target.
    pub target: &'static str,
    /// The input.
    pub input: Vec<u8>,
    /// The message of the panic.
    pub reason: String,
}

/// The result of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Number of inputs.
    pub inputs: u64,
    /// The failing input, if there is one.
    pub finding: Option<Finding>,
}

/// Runs a target on its corpus, then on edits of it for a while. The same seed gives the same inputs.
pub fn run(target: &Target, lasts: Duration, seed: u64) -> Report {
    let corpus = corpus::of(target.name);
    let mut report = Report::default();
    for input in &corpus {
        report.inputs += 1;
        if let Err(reason) = read(target, input) {
            report.finding = Some(Finding { target: target.name, input: input.clone(), reason });
            return report;
        }
    }
    let (strategy, read_inputs) = (edits::strategy(corpus), Cell::new(0));
    let begun = Instant::now();
    // A runner stops after its number of cases.
    for batch in 0_u64.. {
        if begun.elapsed() >= lasts {
            break;
        }
        let done = runner(seed, batch).run(&strategy, |input| {
            read_inputs.set(read_inputs.get() + 1);
            read(target, &input).map_err(TestCaseError::fail)
        });
        if let Err(TestError::Fail(reason, input)) = done {
            report.finding =
                Some(Finding { target: target.name, input, reason: reason.message().to_owned() });
            break;
        }
    }
    report.inputs += read_inputs.get();
    report
}

fn runner(seed: u64, batch: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&batch.to_le_bytes());
    let config = Config { cases: CASES_AT_A_TIME, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// The error is the message of the panic.
fn read(target: &Target, input: &[u8]) -> Result<(), String> {
    let read = panic::catch_unwind(AssertUnwindSafe(|| (target.read)(input)));
    read.map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap_or_default()
    })
}

const CASES_AT_A_TIME: u32 = 256;
