// SPDX-License-Identifier: EUPL-1.2
//! Running other programs: with their output in sight, or captured in a log whose end is shown when they fail.

use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// A failed command.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments were wrong.
    Usage(String),
    /// A step failed.
    Step(String),
}

/// Turns any error into a failed step, with the action that failed.
pub(crate) trait OrFail<T> {
    /// `doing` reads after "while": "copying the fonts".
    fn or_fail(self, doing: impl Display) -> Result<T, Failure>;
}

impl<T, E: Display> OrFail<T> for Result<T, E> {
    fn or_fail(self, doing: impl Display) -> Result<T, Failure> {
        // The alternate form of an error of `anyhow` or `eyre` is its whole chain of causes.
        self.map_err(|error| Failure::Step(format!("while {doing}: {error:#}")))
    }
}

/// Prints one line of progress on standard error.
pub(crate) fn print_line(line: impl Display) {
    // A closed standard error has no reader.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Prints the result on standard output.
pub(crate) fn answer(text: impl Display) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Runs a program to its end with its output in sight.
pub(crate) fn run(what: &str, command: &mut Command) -> Result<(), Failure> {
    print_line(format_args!("→ {what}"));
    let started = Instant::now();
    let status = command.status().or_fail(format_args!("starting `{}`", shown(command)))?;
    if !status.success() {
        return Err(Failure::Step(format!("{what}: `{}` ended with {status}", shown(command))));
    }
    print_line(format_args!("  {what}: {}", spent(started.elapsed())));
    Ok(())
}

/// Runs a program to its end and returns what it wrote, trimmed; `None` when it is missing or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A cargo command that compiles by the lock file. Compiler flags from the environment are removed: they would end up in the
/// artefacts, or force everything to be compiled again.
pub(crate) fn cargo(root: &Path, verb: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args([verb, "--locked"]);
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(name);
    }
    command.env_remove("CARGO_BUILD_TARGET_DIR").env("CARGO_TARGET_DIR", root.join("target"));
    command
}

/// A duration as text, such as `1 min 5 s`.
pub(crate) fn spent(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = duration.as_secs();
    format!("{} min {:02} s", whole / 60, whole % 60)
}

/// The command line, for messages.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let words: Vec<_> = std::iter::once(name).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_with_its_arguments() {
        let failed = run("nothing at all", Command::new("/bin/sh").args(["-c", "exit 3"]));

        let Err(Failure::Step(message)) = failed else { panic!("not a failed step: {failed:?}") };
        assert_eq!(message, "nothing at all: `sh -c exit 3` ended with exit status: 3");
    }

    #[test]
    fn a_missing_program_answers_nothing() {
        assert_eq!(ask(&mut Command::new("a-program-nobody-has")), None);
    }

    #[test]
    fn cargo_compiles_by_the_lock_file() {
        let command = cargo(Path::new("."), "build");

        assert_eq!(command.get_args().collect::<Vec<_>>(), ["build", "--locked"]);
    }

    #[test]
    fn durations_are_seconds_and_then_minutes() {
        assert_eq!(spent(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(spent(Duration::from_secs(185)), "3 min 05 s");
    }
}
