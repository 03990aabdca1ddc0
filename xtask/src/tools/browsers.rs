// SPDX-License-Identifier: EUPL-1.2
//! Chromium, Firefox and WebKitGTK with their drivers, what runs the signers of `docs/signers`, nginx, and the relay of calls, from
//! the packages of Debian.

use std::process::Command;

use super::BROWSERS;
use crate::plan::{Log, Step};
use crate::process::{Failure, ask};

/// Programs the end-to-end tests need, by any of their names, and the Debian package each comes with.
const PROGRAMS: [(&[&str], &str); 11] = [
    (&["chromium"], "chromium"),
    (&["chromium-headless-shell"], "chromium-headless-shell"),
    (&["chromedriver"], "chromium-driver"),
    (&["firefox-esr", "firefox"], "firefox-esr"),
    (&["WebKitWebDriver"], "webkit2gtk-driver"),
    (&["Xvfb"], "xvfb"),
    (&["php"], "php-cli"),
    (&["mcs"], "mono-mcs"),
    (&["nginx", "/usr/sbin/nginx"], "nginx-light"),
    (&["openssl"], "openssl"),
    (&["turnserver"], "coturn"),
];

/// The browsers, their drivers, PHP and a compiler of C# on the `PATH`, and a Python with its library. As root on Debian they are installed.
pub(crate) fn browsers() -> Step<'static> {
    Step::new(BROWSERS, 60, install).hint(
        "install them by hand, on Debian `sudo apt-get update && sudo apt-get install -y --no-install-recommends \
         chromium chromium-headless-shell chromium-driver firefox-esr webkit2gtk-driver xvfb php-cli mono-mcs nginx-light openssl coturn python3-cryptography`, and repeat the command",
    )
}

fn install(log: &Log) -> Result<(), Failure> {
    let missing = missing_packages();
    if missing.is_empty() {
        return Ok(());
    }
    let is_root = ask(Command::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !is_root || which::which("apt-get").is_err() {
        return Err(Failure::Step(format!(
            "the end-to-end tests need browsers and interpreters, and these packages are not there: {}",
            missing.join(", ")
        )));
    }
    log.run(Command::new("apt-get").arg("update"))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "--no-install-recommends"]).args(&missing);
    log.run(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    match missing_packages().as_slice() {
        [] => Ok(()),
        missing => Err(Failure::Step(format!(
            "the packages are installed, and yet programs of {} are not on the PATH",
            missing.join(" and ")
        ))),
    }
}

/// The packages of which a program is missing.
fn missing_packages() -> Vec<&'static str> {
    let missing = PROGRAMS.iter().filter(|(names, _)| names.iter().all(|name| which::which(name).is_err()));
    let python = (!has_cryptography()).then_some("python3-cryptography");
    missing.map(|(_, package)| *package).chain(python).collect()
}

/// Whether a Python has the library that `docs/signers/sign.py` signs with.
fn has_cryptography() -> bool {
    ["python3", "/usr/bin/python3"]
        .iter()
        .any(|python| ask(Command::new(python).args(["-c", "import cryptography"])).is_some())
}
