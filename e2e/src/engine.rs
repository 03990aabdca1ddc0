// SPDX-License-Identifier: EUPL-1.2
//! Browser engines: how each is started, with the same language and time zone.
//!
//! The language is Italian, the time zone far from Italy, because opening hours in Italy must not depend on that of the device.
//!
//! A run of the tests drives one engine: `INFOCIG_ENGINE=firefox cargo test -p infocig-e2e --test e2e -- engines::`. Tests that
//! need features of some engines are in their own modules (`chromium`, `scripts_blocked`), which fail elsewhere with the reason.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use crate::{
    artefacts,
    display::Display,
    error::{Error, While},
    program::Program,
};

/// An engine with its driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, by chromedriver.
    Chromium,
    /// Firefox, by geckodriver.
    Firefox,
    /// WebKitGTK in its `MiniBrowser`, by `WebKitWebDriver`.
    WebKit,
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// The default of every browser.
    Run,
    /// Blocked by a setting of the browser.
    Blocked,
}

/// The variable that chooses the engine of a run.
pub const VARIABLE: &str = "INFOCIG_ENGINE";

impl Engine {
    /// The engine of this run; Chromium by default.
    pub fn of_this_run() -> Result<Self, Error> {
        match std::env::var(VARIABLE).as_deref() {
            Err(_) | Ok("chromium") => Ok(Self::Chromium),
            Ok("firefox") => Ok(Self::Firefox),
            Ok("webkit") => Ok(Self::WebKit),
            Ok(other) => Err(Error::new(format!("{VARIABLE} is {other:?}, not chromium, firefox or webkit"))),
        }
    }

    /// Whether a test can block the scripts of its pages.
    pub fn can_block_scripts(self) -> bool {
        self != Self::WebKit
    }

    /// The driver program.
    pub(crate) fn driver(self) -> Result<PathBuf, Error> {
        match self {
            Self::Chromium => Ok("chromedriver".into()),
            Self::Firefox => artefacts::geckodriver(),
            Self::WebKit => Ok("WebKitWebDriver".into()),
        }
    }

    /// The Debian packages it comes with.
    pub(crate) fn packages(self) -> &'static str {
        match self {
            Self::Chromium => "chromium, chromium-headless-shell and chromium-driver",
            Self::Firefox => "firefox-esr",
            Self::WebKit => "webkit2gtk-driver and xvfb",
        }
    }

    /// A virtual display, for engines that do not start without one.
    pub(crate) async fn display(self, folder: &Path) -> Result<Option<Display>, Error> {
        if self == Self::WebKit { Display::start(folder).await.map(Some) } else { Ok(None) }
    }

    /// The command that starts the driver on `port`; 0 lets the driver choose. The files of its browsers are in `folder`.
    pub(crate) fn command(
        self,
        port: u16,
        folder: &Path,
        display: Option<&Display>,
    ) -> Result<Command, Error> {
        let mut command = Program::guarded_in(folder, self.driver()?);
        command.arg(format!("--port={port}")).env("TZ", FAR_AWAY);
        match self {
            Self::Chromium => {
                // The folder of its profiles.
                command.env("TMPDIR", folder);
            }
            Self::Firefox => {
                // The reset between tests runs scripts in the browser itself.
                command.arg("--allow-system-access").arg("--profile-root").arg(folder);
            }
            Self::WebKit => {
                let locales = folder.join("locales");
                fs::create_dir_all(&locales).while_doing("making a folder for the browser")?;
                // The language is read from the name of the locale, which therefore need not be installed.
                let italian = locales.join("it_IT.UTF-8");
                if !italian.exists() {
                    symlink("/usr/lib/locale/C.utf8", &italian).while_doing("naming an Italian locale")?;
                }
                command.env("LOCPATH", locales).env("LC_ALL", "it_IT.UTF-8");
                for home in ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"] {
                    command.env(home, folder);
                }
                // The optimising compiler and a compositor without a graphics card took half of the time.
                command.env("JSC_useOMGJIT", "false").env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
                // Otherwise it starts a bus that outlives it.
                command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
                command.env("GDK_BACKEND", "x11");
                if let Some(display) = display {
                    command.env("DISPLAY", display.name());
                }
            }
        }
        Ok(command)
    }

    /// The port in the output of a driver that listens: `successfully on port 40123.` of Chromium's, `Listening on
    /// 127.0.0.1:40123` of Firefox's. WebKit's prints nothing.
    pub(crate) fn port_in(self, written: &str) -> Option<u16> {
        let before = match self {
            Self::Chromium => "successfully on port ",
            Self::Firefox => "Listening on 127.0.0.1:",
            Self::WebKit => return None,
        };
        let (_, rest) = written.split_once(before)?;
        let (port, _) = rest.split_once(|next: char| !next.is_ascii_digit())?;
        port.parse().ok()
    }

    /// Whether a driver ended because its port was taken.
    pub(crate) fn lost_its_port(self, written: &str) -> bool {
        match self {
            // It chooses a port that is free in IPv4 and then needs the same one in IPv6.
            Self::Chromium => written.contains("on port 0"),
            Self::Firefox => false,
            Self::WebKit => written.contains("Unable to listen"),
        }
    }

    /// The capabilities of a session.
    pub(crate) fn capabilities(self, scripts: Scripts) -> Result<Capabilities, Error> {
        let asked = match self {
            Self::Chromium => {
                let options = match scripts {
                    // The headless shell starts in a third of the time. It accepts no preferences, and its driver never
                    // returns if the folder of the profile is set.
                    Scripts::Run => json!({ "args": FLAGS, "binary": artefacts::headless_shell()? }),
                    Scripts::Blocked => {
                        let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
                        json!({ "args": FLAGS, "prefs": blocked })
                    }
                };
                // A test behind TLS signs its certificate itself.
                json!({ "browserName": "chrome", "acceptInsecureCerts": true, "goog:chromeOptions": options })
            }
            Self::Firefox => {
                let preferences = json!({
                    "intl.accept_languages": "it",
                    "javascript.enabled": scripts == Scripts::Run,
                    // Console errors of pages go to the log of the driver.
                    "devtools.console.stdout.content": true,
                    // Saves the process that every browser starts in advance.
                    "dom.ipc.processPrelaunch.enabled": false,
                    // Calls between two pages of this machine, with a microphone that is a tone.
                    "media.peerconnection.ice.loopback": true,
                    "media.navigator.streams.fake": true,
                    "media.navigator.permission.disabled": true,
                });
                let options = json!({
                    "binary": artefacts::firefox()?, "args": ["-headless"], "prefs": preferences,
                });
                json!({ "browserName": "firefox", "moz:firefoxOptions": options })
            }
            Self::WebKit if scripts == Scripts::Blocked => {
                return Err(Error::new("WebKit's driver has no way to block scripts"));
            }
            // The driver starts its own browser.
            Self::WebKit => json!({ "browserName": "MiniBrowser" }),
        };
        let asked: serde_json::Map<String, Value> =
            serde_json::from_value(asked).while_doing("describing the browser")?;
        Ok(asked.into())
    }
}

/// The disabled features are pages that Chromium loads beside each tab, for suggestions below the address bar; with extensions
/// and sound they took a third of the time.
const FLAGS: [&str; 13] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--mute-audio",
    "--disable-sync",
    "--no-first-run",
    "--accept-lang=it",
    // A microphone that beeps, and whose use is allowed.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
];

const FAR_AWAY: &str = "Pacific/Auckland";
