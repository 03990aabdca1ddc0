// SPDX-License-Identifier: EUPL-1.2
//! The relay of calls for the demo: coturn, where it is installed. Without it there are no calls, and the demo says how to have them.
//!
//! It serves this machine alone, without TLS, and relays between two pages on it; `docs/calls.md` has the configuration of a real one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Program;

use serde_json::{Value, json};

use crate::guard::Server;
use crate::process::{Failure, OrFail};

/// The sentence where coturn is missing.
pub(super) const HOW_TO_INSTALL: &str =
    "There are no calls by voice, because coturn is not installed (`sudo apt install coturn`).";

/// coturn, found on this machine.
#[derive(Debug)]
pub(super) struct Relay {
    program: PathBuf,
    port: u16,
    secret: String,
}

impl Relay {
    /// The relay on a port; `None` where coturn is not installed.
    pub(super) fn found(port: u16, secret: &str) -> Option<Self> {
        let folders = env::var_os("PATH")?;
        let program =
            env::split_paths(&folders).map(|folder| folder.join("turnserver")).find(|file| file.is_file())?;
        Some(Self { program, port, secret: secret.to_owned() })
    }

    /// Starts it, with its files in a folder.
    pub(super) fn start(&self, data: &Path) -> Result<Server, Failure> {
        let file = data.join("turnserver.conf");
        fs::write(&file, self.configuration(data)).or_fail(format_args!("writing {}", file.display()))?;
        let mut program = Program::new(&self.program);
        program.arg("-c").arg(&file).args(["--log-file", "stdout", "--simple-log"]);
        Server::start("coturn", &program, data.join("coturn.log"))
    }

    fn configuration(&self, data: &Path) -> String {
        let files = [("pidfile", "coturn.pid"), ("userdb", "coturn.db")];
        let files = files.map(|(name, file)| format!("{name}={}\n", data.join(file).display())).concat();
        format!(
            "listening-ip=127.0.0.1\nlistening-port={}\nrelay-ip=127.0.0.1\nallow-loopback-peers\nno-tls\nno-dtls\nno-cli\n\
             use-auth-secret\nstatic-auth-secret={}\nrealm=demo.invalid\n{files}",
            self.port, self.secret
        )
    }

    /// The edge's setting `TURN`.
    pub(super) fn setting(&self) -> String {
        let url = format!("turn:127.0.0.1:{}?transport=udp", self.port);
        json!({ "urls": [url], "secrets": [self.secret] }).to_string()
    }

    /// The shipped policy with calls switched on.
    pub(super) fn policy(shipped: &Path) -> Result<String, Failure> {
        let reading = || format!("reading {}", shipped.display());
        let text = fs::read_to_string(shipped).or_fail(reading())?;
        let mut policy: Value = serde_json::from_str(&text).or_fail(reading())?;
        policy["calls"] = json!({ "on": true, "places": 2 });
        Ok(policy.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::workspace::Workspace;

    #[test]
    fn the_relay_listens_and_relays_on_this_machine_alone() {
        let relay = Relay { program: PathBuf::from("turnserver"), port: 3479, secret: "s3cret".to_owned() };
        let written = relay.configuration(Path::new("/data"));
        for line in [
            "listening-ip=127.0.0.1",
            "relay-ip=127.0.0.1",
            "static-auth-secret=s3cret",
            "userdb=/data/coturn.db",
        ] {
            assert!(written.lines().any(|one| one == line), "{line} in {written}");
        }
        let setting: Value = serde_json::from_str(&relay.setting()).unwrap();
        assert_eq!(setting["urls"][0], "turn:127.0.0.1:3479?transport=udp");
    }

    #[test]
    fn the_policy_of_the_demo_is_the_shipped_one_with_calls() {
        let shipped = Workspace::of_this_program().unwrap().path("edge/policy.json");
        let policy: Value = serde_json::from_str(&Relay::policy(&shipped).unwrap()).unwrap();
        assert_eq!((&policy["calls"]["on"], &policy["version"]), (&json!(true), &json!(1)));
    }
}
