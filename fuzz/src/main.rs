// SPDX-License-Identifier: EUPL-1.2
//! `infocig-fuzz --seconds N`: each target in turn, until the time is over or something fails.

use std::alloc::System;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cap::Cap;
use clap::Parser;
use infocig_fuzz::{Finding, run, targets::ALL};

/// The limit of memory: a reader that takes more aborts the process. Inputs have at most 128 kB.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, 512 * 1024 * 1024);

#[derive(Debug, Parser)]
struct Cli {
    /// How long, all targets together
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// The seed of the inputs
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this target
    #[arg(long)]
    target: Option<String>,
}

fn main() -> ExitCode {
    let Cli { seconds, seed, target } = Cli::parse();
    let wanted: Vec<_> =
        ALL.iter().filter(|known| target.as_ref().is_none_or(|wanted| wanted == known.name)).collect();
    let each = Duration::from_secs(seconds) / u32::try_from(wanted.len().max(1)).unwrap_or(1);
    let before = std::panic::take_hook();
    // The message of the panic is in the report; it is not printed for every step of shrinking.
    std::panic::set_hook(Box::new(|_| ()));
    let mut failed = false;
    for target in wanted {
        let report = run(target, each, seed);
        print(&format!("{}: {} inputs", target.name, report.inputs));
        if let Some(finding) = report.finding {
            failed = true;
            print(&report_of(&finding));
        }
    }
    std::panic::set_hook(before);
    print(&format!("most memory at a time: {} kB", MEMORY.max_allocated() / 1024));
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Writes a finding to the corpus, and prints advice.
fn report_of(Finding { target, input, reason }: &Finding) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let file = folder.join(format!("finding-{:016x}", hash(input)));
    let kept = fs::create_dir_all(&folder).and_then(|()| fs::write(&file, input));
    let place = kept.map_or_else(|error| error.to_string(), |()| file.display().to_string());
    format!(
        "FAILED {target}: {reason}\n  input: {:?}\n  kept in {place}: mend the reader, give the file a name, write a test",
        String::from_utf8_lossy(input)
    )
}

fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

fn print(line: &str) {
    #[expect(clippy::print_stdout, reason = "the output of the program")]
    {
        println!("{line}");
    }
}
