// SPDX-License-Identifier: EUPL-1.2
//! Servers that end with the program that started them, also if it is killed.
//!
//! Between a server and its starter stands a guard: this same program, started as `xtask guard -- PROGRAM WORDS`. It holds
//! one end of a pipe whose other end the starter keeps. When the starter drops it, exits or is killed, the system closes
//! the pipe, and the guard ends the server: SIGTERM, and SIGKILL for processes left three seconds later. The guard and
//! the server have process groups of their own, so a Ctrl-C in the terminal reaches the starter alone.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;

use crate::process::{Failure, OrFail};

/// The argument that turns this program into a guard. It is not in `help`, because people do not use it.
pub(crate) const COMMAND_NAME: &str = "guard";

/// The arguments after it.
#[derive(Debug, Args)]
pub(crate) struct Guard {
    /// A program and its arguments. Paths need not be Unicode
    #[arg(last = true, required = true, num_args = 1..)]
    program: Vec<OsString>,
}

const GRACE: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LAST_LINES: usize = 15;

/// A running server. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    guard: Child,
    log: PathBuf,
}

impl Server {
    /// Starts `program` behind a guard. Its output replaces the contents of `log`.
    pub(crate) fn start(name: &'static str, program: &Command, log: PathBuf) -> Result<Self, Failure> {
        let starting = || format!("starting {name}");
        let out = File::create(&log).or_fail(format_args!("creating {}", log.display()))?;
        let errors = out.try_clone().or_fail(starting())?;
        let mut guard = Command::new(std::env::current_exe().or_fail(starting())?);
        guard.arg(COMMAND_NAME).arg("--").arg(program.get_program()).args(program.get_args());
        guard.envs(program.get_envs().filter_map(|(variable, value)| Some((variable, value?))));
        let guard = guard
            .stdin(Stdio::piped())
            .stdout(out)
            .stderr(errors)
            .process_group(0)
            .spawn()
            .or_fail(starting())?;
        Ok(Self { name, guard, log })
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// Fails, with its last lines, if it has ended by itself.
    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        let Some(status) = self.guard.try_wait().or_fail(format_args!("looking after {}", self.name))? else {
            return Ok(());
        };
        Err(Failure::Step(format!("{} ended by itself ({status})\n{}", self.name, self.last_lines())))
    }

    /// The end of its output.
    pub(crate) fn last_lines(&self) -> String {
        let written = fs::read(&self.log).unwrap_or_default();
        let written = String::from_utf8_lossy(&written);
        let lines: Vec<&str> = written.lines().collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        format!("its last lines in {}:\n  {}", self.log.display(), last.join("\n  "))
    }

    /// Asks it to end, without waiting.
    pub(crate) fn let_go(&mut self) {
        self.guard.stdin.take();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.let_go();
        // A guard that has ended already has stopped the server.
        let _ = self.guard.wait();
    }
}

impl Guard {
    /// Runs the program until it ends or standard input does.
    pub(crate) fn run(&self) -> Result<ExitCode, Failure> {
        let [program, words @ ..] = self.program.as_slice() else {
            return Err(Failure::Usage("`guard` needs a program".to_owned()));
        };
        watch(program, words)
    }
}

fn watch(program: &OsString, words: &[OsString]) -> Result<ExitCode, Failure> {
    let mut server = Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .or_fail(format_args!("starting {}", Path::new(program).display()))?;

    let (let_go, was_let_go) = mpsc::channel();
    thread::spawn(move || {
        // An error has the same meaning as the end of input: the other end is closed.
        let _ = io::stdin().read_to_end(&mut Vec::new());
        let _ = let_go.send(());
    });
    loop {
        if let Some(status) = server.try_wait().or_fail("looking after the server")? {
            return Ok(exit_code(status));
        }
        if was_let_go.recv_timeout(LOOK_EVERY).is_ok() {
            return end(&mut server);
        }
    }
}

fn end(server: &mut Child) -> Result<ExitCode, Failure> {
    let group = server.id();
    signal("TERM", group);
    let deadline = Instant::now() + GRACE;
    while server.try_wait().or_fail("ending the server")?.is_none() && Instant::now() < deadline {
        thread::sleep(LOOK_EVERY);
    }
    // The signal goes to the group, which holds the children of the server too.
    signal("KILL", group);
    Ok(exit_code(server.wait().or_fail("ending the server")?))
}

/// Sends a signal to a process group, by `kill` of a shell: the standard library can only kill one process.
fn signal(name: &str, group: u32) {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", r#"kill -s "$1" -- "-$2""#, "kill", name, &group.to_string()]);
    // The group may be gone already.
    let _ = shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn exit_code(status: ExitStatus) -> ExitCode {
    status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
}
