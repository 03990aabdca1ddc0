// SPDX-License-Identifier: EUPL-1.2
//! A guarded server ends with its starter, however that ended, and with it all processes it started.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail like tests do")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

#[test]
fn a_server_ends_when_its_starter_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    let mut starter = starter();
    let mut guard = guarded(r#"echo $$ > "$0"; exec sleep 600"#, &pid_file, &mut starter);
    let server = pid(&pid_file);
    assert!(is_running(server));

    starter.kill().unwrap();
    starter.wait().unwrap();
    guard.wait().unwrap();

    assert!(!is_running(server));
}

#[test]
fn a_server_that_will_not_end_is_killed_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let pid_file = folder.path().join("pid");
    let mut starter = starter();
    let script = r#"trap '' TERM; sleep 600 & echo $! > "$0"; while true; do wait; done"#;
    let mut guard = guarded(script, &pid_file, &mut starter);
    let grandchild = pid(&pid_file);
    let asked = Instant::now();

    starter.kill().unwrap();
    starter.wait().unwrap();
    guard.wait().unwrap();

    assert!(asked.elapsed() >= Duration::from_secs(3), "it was not given the time to end by itself");
    eventually("the grandchild ends", || !is_running(grandchild));
}

#[test]
fn the_guard_ends_as_its_server_did() {
    let mut starter = starter();
    let mut guard = guarded("exit 7", Path::new("unused"), &mut starter);

    let status = guard.wait().unwrap();

    starter.kill().unwrap();
    starter.wait().unwrap();
    assert_eq!(status.code(), Some(7));
}

/// A program that holds one end of a pipe until it is killed.
fn starter() -> Child {
    Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn().unwrap()
}

fn guarded(script: &str, pid_file: &Path, starter: &mut Child) -> Child {
    let mut guard = Command::new(env!("CARGO_BIN_EXE_xtask"));
    guard.args(["guard", "--", "/bin/sh", "-c", script]).arg(pid_file);
    guard.stdin(starter.stdout.take().unwrap()).spawn().unwrap()
}

#[track_caller]
fn pid(file: &Path) -> u32 {
    let mut found = None;
    eventually("the server says its number", || {
        found = fs::read_to_string(file).ok().and_then(|text| text.trim().parse().ok());
        found.is_some()
    });
    found.unwrap()
}

fn is_running(pid: u32) -> bool {
    let alive = ["-o", "stat=", "-p", &pid.to_string()];
    let listed = Command::new("ps").args(alive).output().unwrap();
    let state = String::from_utf8(listed.stdout).unwrap();
    !state.trim().is_empty() && !state.starts_with('Z')
}

#[track_caller]
fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(Instant::now() < deadline, "not after ten seconds: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
