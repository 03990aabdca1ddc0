// SPDX-License-Identifier: EUPL-1.2
//! `cargo xtask bench WHAT`: figures to watch. Never a test: machines differ and are noisy.

use crate::args::{Command, Flag};
use crate::build::{self, Edge};
use crate::process::{Failure, building, cargo, run};
use crate::setup;

/// The command line of this module.
pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "Measure, for figures to watch",
    about: "Measures one thing on this machine, with everything built for speed. WHAT is one of:\n  \
            admission   verdicts in a second, by the bare rule and by the whole door in workerd\n  \
            relay       messages in a second from one side to the other, against a bare Durable Object\n  \
            widget      what INFO CIG costs a portal's page, and how long a person waits for it, in Chromium",
    operand: Some(WHAT),
    flags: &[Flag { name: "--json", value: None, about: "The last line is one JSON object" }],
    run: |workspace, given| {
        let known = MEASUREMENTS.join(", ");
        let what = given
            .value(WHAT)
            .ok_or_else(|| Failure::Usage(format!("`bench` needs what to measure: {known}")))?;
        if !MEASUREMENTS.contains(&what) {
            return Err(Failure::Usage(format!("`{what}` cannot be measured; what can: {known}")));
        }
        setup::run_all(workspace)?;
        build::edge(workspace, Edge::Demo)?;
        if what == "widget" {
            build::site(workspace)?;
        }
        let mut measure = building("sh", workspace.root());
        measure.args(["-c", AS_MANY_FILES_AS_ALLOWED, "sh"]).arg(cargo(workspace.root()).get_program());
        measure.args(["run", "--quiet", "--release", "-p", "infocig-e2e", "--bin", "bench", "--", what]);
        if given.has("--json") {
            measure.arg("--json");
        }
        run(&format!("measuring {what}"), &mut measure)
    },
};

/// Thousands of sockets need more than systems give by default.
const AS_MANY_FILES_AS_ALLOWED: &str = r#"ulimit -n "$(ulimit -H -n)" 2>/dev/null; exec "$@""#;
const WHAT: &str = "WHAT";
const MEASUREMENTS: [&str; 3] = ["admission", "relay", "widget"];
