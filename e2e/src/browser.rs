// SPDX-License-Identifier: EUPL-1.2
//! A Chromium of one's own, driven over `WebDriver`, that leaves nothing behind.
//!
//! Its device is set to a time zone far from Italy: hours of a service in Italy must not depend on who looks.

use std::{fmt::Display, fs, path::Path};

use tempfile::TempDir;
use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver, error::WebDriverResult};

use crate::{
    program::Program,
    trouble::{Trouble, While},
    wait::{self, within_patience},
};

/// A running browser. Dropping it kills it and deletes its profile.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    // Before its files, because fields are dropped in order.
    _server: Program,
    _folder: TempDir,
}

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// As in every browser.
    Run,
    /// The person, or their administration, has blocked them.
    Blocked,
}

impl Browser {
    /// Starts a browser with a fresh profile.
    pub async fn start(scripts: Scripts) -> Result<Self, Trouble> {
        let folder = tempfile::Builder::new()
            .prefix("info-cig-browser-")
            .tempdir()
            .while_doing("making a folder for the browser")?;
        let (server, port) = driver(&folder.path().join("chromedriver.log")).await?;
        let client = reqwest::Client::builder().no_proxy().build().while_doing("making an HTTP client")?;
        let capabilities =
            capabilities(&folder.path().join("profile"), scripts).while_doing("describing the browser")?;
        let connecting =
            WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities).client(client).connect();
        let driver = within_patience("the browser", connecting).await?.while_doing("starting the browser")?;
        Ok(Self { driver, _server: server, _folder: folder })
    }

    /// The session, for what this crate has no words for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens an address.
    pub async fn open(&self, url: &str) -> Result<(), Trouble> {
        within_patience(url, self.driver.goto(url)).await?.while_doing(format_args!("opening {url}"))
    }

    /// Another tab, which from here on is the one in front. Its name leads back with [`tab`](Self::tab).
    pub async fn new_tab(&self) -> Result<(), Trouble> {
        let tab = within_patience("a new tab", self.driver.new_tab()).await?.while_doing("opening a tab")?;
        let switching = self.driver.switch_to_window(tab);
        within_patience("a new tab", switching).await?.while_doing("going to a tab")
    }

    /// Goes to the tab that was opened as number `place`, from 0.
    pub async fn tab(&self, place: usize) -> Result<(), Trouble> {
        let tabs = within_patience("the tabs", self.driver.windows()).await?.while_doing("counting tabs")?;
        let tab = tabs.get(place).ok_or_else(|| Trouble::new(format!("there is no tab {place}")))?;
        let switching = self.driver.switch_to_window(tab.clone());
        within_patience("a tab", switching).await?.while_doing("going to a tab")
    }

    /// The device sleeps: the page in front stands still, its timers too.
    pub async fn sleeps(&self) -> Result<(), Trouble> {
        self.lifecycle("frozen").await
    }

    /// The device is awake again.
    pub async fn wakes(&self) -> Result<(), Trouble> {
        self.lifecycle("active").await
    }

    async fn lifecycle(&self, state: &str) -> Result<(), Trouble> {
        let tools = self.driver.cdp();
        let told = tools.send_raw("Page.setWebLifecycleState", serde_json::json!({ "state": state }));
        within_patience("the device", told).await?.while_doing("putting the device to sleep or waking it")?;
        Ok(())
    }

    /// Looks until there is something to see. An element that is not there yet, or was just replaced, is looked for again.
    pub async fn until<T>(
        &self,
        what: impl Display,
        mut look: impl AsyncFnMut() -> WebDriverResult<Option<T>>,
    ) -> Result<T, Trouble> {
        let mut last = None;
        let seen = wait::until(&what, async || match look().await {
            Ok(seen) => seen,
            Err(error) => {
                last = Some(error.to_string());
                None
            }
        })
        .await;
        match seen {
            Ok(seen) => Ok(seen),
            Err(trouble) => Err(Trouble::new(format!(
                "{trouble}; {}; the page says:\n{}",
                last.unwrap_or_default(),
                self.everything_written().await
            ))),
        }
    }

    /// What the page shows, shadow roots included, and what its scripts complained about.
    async fn everything_written(&self) -> String {
        let shown = self.driver.execute(EVERYTHING_WRITTEN, Vec::new()).await;
        let shown = shown.ok().and_then(|shown| shown.convert::<String>().ok());
        let complaints = self.driver.get_log("browser").await.unwrap_or_default();
        let complaints: Vec<_> = complaints.into_iter().map(|line| line.message).collect();
        format!("{}\nits console:\n  {}", shown.unwrap_or_default(), complaints.join("\n  "))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The browser dies with its driver. Left to itself, the session would ask for its own end over a connection that
        // this thread would have to serve, and wait for it here.
        let _ = self.driver.clone().leak();
    }
}

/// Starts the browser's driver on a free port. It looks for one that is free in IPv4 and takes the same one in IPv6, where
/// somebody else may have it: then it ends at once and is started again.
async fn driver(log: &Path) -> Result<(Program, u16), Trouble> {
    let mut tries_left = 5;
    loop {
        let before = fs::read(log).map_or(0, |written| written.len());
        let mut command = Program::guarded("chromedriver");
        command.arg("--port=0").env("TZ", FAR_AWAY);
        let mut server = Program::start(command, log)?;
        let started = wait::until("the browser's driver", async || {
            let written = server.written();
            let written = written.get(before..).unwrap_or_default();
            if let Some(port) = port_in(written) {
                return Some(Ok(port));
            }
            let status = server.ended()?;
            Some(Err((written.contains("on port 0"), status, written.to_owned())))
        })
        .await?;
        match started {
            Ok(port) => return Ok((server, port)),
            Err((true, _, _)) if tries_left > 0 => tries_left -= 1,
            Err((_, status, written)) => {
                return Err(Trouble::new(format!(
                    "chromedriver ended ({status}); it comes with the packages chromium and chromium-driver:\n{written}"
                )));
            }
        }
    }
}

fn capabilities(profile: &Path, scripts: Scripts) -> WebDriverResult<thirtyfour::Capabilities> {
    let mut chrome = DesiredCapabilities::chrome();
    for flag in FLAGS {
        chrome.add_arg(flag)?;
    }
    chrome.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    if scripts == Scripts::Blocked {
        let blocked = serde_json::json!({ "profile.managed_default_content_settings.javascript": 2 });
        chrome.add_experimental_option("prefs", blocked)?;
    }
    Ok(chrome.into())
}

/// The port in `ChromeDriver was started successfully on port 40123.`
fn port_in(written: &str) -> Option<u16> {
    let (_, rest) = written.split_once("successfully on port ")?;
    let (port, _) = rest.split_once('.')?;
    port.parse().ok()
}

const FLAGS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--accept-lang=it",
    "--window-size=1280,1024",
];

const FAR_AWAY: &str = "Pacific/Auckland";

const EVERYTHING_WRITTEN: &str = "
    const hosts = [...document.querySelectorAll('*')].filter((element) => element.shadowRoot);
    const inside = hosts.map((host) => `<${host.localName}> ${host.shadowRoot.textContent}`);
    return [location.href, document.body.innerText, ...inside].join('\\n');
";
