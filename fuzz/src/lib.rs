// SPDX-License-Identifier: EUPL-1.2
//! Everything that reads what a stranger wrote, with what no stranger would think of.
//!
//! - [`targets`]: what reads, each a function of bytes that must neither panic nor take much memory, and must keep what it
//!   promises of what it accepts.
//! - [`edits`]: texts that were good, torn, doubled, spliced and sprinkled with signs that mean something.
//! - [`corpus`]: the good texts: frames and documents that the repository pins, the shipped policy, and `corpus/`, to which every
//!   finding is added.
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

/// What made a target fail: the smallest of its kind that was found.
#[derive(Debug)]
pub struct Finding {
    /// Of which target.
    pub target: &'static str,
    /// What it read.
    pub input: Vec<u8>,
    /// What it said.
    pub reason: String,
}

/// How far a run came.
#[derive(Debug, Default)]
pub struct Report {
    /// How many inputs were read.
    pub inputs: u64,
    /// What failed.
    pub finding: Option<Finding>,
}

/// Lets a target read its corpus, and then edited forms of it for a while. The same seed makes the same inputs.
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
    // A runner is spent when it has made its cases.
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

/// The error is what a panic said.
fn read(target: &Target, input: &[u8]) -> Result<(), String> {
    let read = panic::catch_unwind(AssertUnwindSafe(|| (target.read)(input)));
    read.map_err(|panic| {
        let said = panic.downcast_ref::<String>().cloned();
        said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned())).unwrap_or_default()
    })
}

const CASES_AT_A_TIME: u32 = 256;
