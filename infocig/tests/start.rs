// SPDX-License-Identifier: EUPL-1.2
//! A failing start prints the reason and advice. (Tests with a runtime are in `e2e`, module `field::runtime::operator_program`.)

use std::io;
use std::path::Path;
use std::process::{Command, Output};

#[test]
fn too_few_descriptors_are_too_few_and_the_sentence_says_what_to_raise() {
    let folder = tempfile::tempdir().unwrap();

    let output = serve(folder.path(), "ulimit -n 200; ").unwrap();

    assert_eq!(outcome(&output), (false, true), "{output:?}");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("may open 200 descriptors") && error.contains("LimitNOFILE="), "{error}");
}

#[test]
fn a_runtime_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();

    let output = serve(folder.path(), "").unwrap();

    assert_eq!(outcome(&output), (false, true), "{output:?}");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("/nowhere/workerd"), "{error}");
}

/// Whether it succeeded, and whether its output begins as an error.
fn outcome(output: &Output) -> (bool, bool) {
    (output.status.success(), output.stderr.starts_with(b"error: "))
}

/// Runs the service in a shell, after `before`.
fn serve(data: &Path, before: &str) -> io::Result<Output> {
    let program = env!("CARGO_BIN_EXE_infocig");
    let words =
        "serve --workerd /nowhere/workerd --edge /nowhere --site /nowhere --listen 127.0.0.1:0 --data \"$1\"";
    let script = format!("{before}exec \"$0\" {words}");
    Command::new("/bin/sh").args(["-c", &script, program]).arg(data).output()
}
