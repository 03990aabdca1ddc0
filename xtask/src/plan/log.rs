// SPDX-License-Identifier: EUPL-1.2
//! The log file of one step, with the output of its programs, and stopping them when another step fails.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::process::{Failure, OrFail, shown};
use crate::workspace::Workspace;

const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Whether the plan has failed, shared by all its steps.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<Mutex<bool>>);

impl Stop {
    /// Ends every program that runs for the plan.
    pub(super) fn stop(&self) {
        *self.flag() = true;
    }

    fn is_stopped(&self) -> bool {
        *self.flag()
    }

    fn flag(&self) -> MutexGuard<'_, bool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The log of one step.
#[derive(Debug)]
pub(crate) struct Log {
    root: PathBuf,
    path: PathBuf,
    stop: Stop,
}

impl Log {
    /// An empty log at `target/xtask/logs/NAME.log`.
    pub(super) fn new(workspace: &Workspace, step: &str, stop: &Stop) -> Result<Self, Failure> {
        let name: String = step.chars().map(|sign| if sign.is_alphanumeric() { sign } else { '-' }).collect();
        let path = workspace.target("xtask/logs").join(format!("{name}.log"));
        fs::create_dir_all(workspace.target("xtask/logs")).or_fail("creating the folder of logs")?;
        File::create(&path).or_fail(format_args!("creating {}", path.display()))?;
        Ok(Self { root: workspace.root().to_owned(), path, stop: stop.clone() })
    }

    /// Runs a program to its end; its output is appended to the log.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), Failure> {
        let line = shown(command);
        let out = self.append(&format!("$ {line}\n"))?;
        let errors = out.try_clone().or_fail("writing a log")?;
        command.stdin(Stdio::null()).stdout(out).stderr(errors);
        let mut child = command.spawn().or_fail(format_args!("starting `{line}`"))?;
        loop {
            if let Some(status) = child.try_wait().or_fail(format_args!("waiting for `{line}`"))? {
                return if status.success() {
                    Ok(())
                } else {
                    Err(Failure::Step(format!("`{line}` ended with {status}")))
                };
            }
            if self.stop.is_stopped() {
                return end(&mut child, &line);
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    /// The text of the log so far.
    pub(crate) fn written(&self) -> String {
        fs::read(&self.path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Appends a line of our own.
    pub(crate) fn note(&self, text: &str) -> Result<(), Failure> {
        self.append(&format!("{text}\n")).map(drop)
    }

    /// A failure with the end of this log and advice.
    pub(super) fn explain(&self, failure: Failure, lines: usize, hint: &str) -> Failure {
        let Failure::Step(message) = failure else { return failure };
        let written = self.written();
        let all: Vec<&str> = written.lines().collect();
        let last = &all[all.len().saturating_sub(lines)..];
        let mut parts = vec![message];
        if !last.is_empty() {
            let path = self.path.strip_prefix(&self.root).unwrap_or(&self.path);
            parts.push(format!("The end of {}:\n  {}", path.display(), last.join("\n  ")));
        }
        parts.push(format!("What to do: {hint}."));
        Failure::Step(parts.join("\n"))
    }

    fn append(&self, text: &str) -> Result<File, Failure> {
        let mut file = File::options().append(true).open(&self.path).or_fail("opening a log")?;
        file.write_all(text.as_bytes()).or_fail("writing a log")?;
        Ok(file)
    }
}

/// Kills a program, not its children: compilers end by themselves and leave no incomplete files.
fn end(child: &mut Child, line: &str) -> Result<(), Failure> {
    // The program may have ended in the meantime.
    let _ = child.kill();
    child.wait().or_fail(format_args!("waiting for `{line}`"))?;
    Err(Failure::Step(format!("`{line}` was stopped")))
}
