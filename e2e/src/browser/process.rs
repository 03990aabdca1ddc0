// SPDX-License-Identifier: EUPL-1.2
//! One browser process with its driver, and its reset between two tests.
//!
//! A reset costs a fraction of a start and removes all state of a test: Chromium gets a new browser context, WebKit a new
//! session, which is private, and Firefox clears everything its dialog "Clear recent history" clears, and more.

use std::{
    fs,
    net::Ipv4Addr,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
};

use reqwest::Client;
use serde_json::Value;
use tempfile::TempDir;
use thirtyfour::{Capabilities, WebDriver, WindowHandle, error::WebDriverResult};
use tokio::{sync::Semaphore, time::timeout};

use super::{
    Scripts,
    tools::Tools,
    wire::{self, Wire},
};
use crate::{
    display::{Display, WINDOW},
    edge::free_port,
    engine::Engine,
    error::{Error, While},
    program::Program,
    wait::{self, PATIENCE, START, within_patience},
    webdriver_commands,
};

/// A running browser with one session.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) engine: Engine,
    pub(super) driver: WebDriver,
    /// Its number in this run.
    pub(super) number: u64,
    /// The browser context of the story it is leased for; Chromium's.
    context: Option<String>,
    capabilities: Capabilities,
    wire: Wire,
    port: u16,
    // Fields are dropped in order: the browser before its screen, both before their files.
    pub(super) server: Program,
    _display: Option<Display>,
    _folder: TempDir,
}

impl Process {
    /// Starts a browser with a fresh profile.
    pub(super) async fn start(scripts: Scripts) -> Result<Self, Error> {
        let engine = Engine::of_this_run()?;
        let folder = tempfile::Builder::new()
            .prefix("info-cig-browser-")
            .tempdir()
            .while_doing("making a folder for the browser")?;
        let capabilities = engine.capabilities(scripts)?;
        // More starts at a time would only slow each other.
        let _turn = STARTS.acquire().await.while_doing("waiting for a turn to start")?;
        let display = engine.display(folder.path()).await?;
        let client = Client::builder().no_proxy().build().while_doing("making an HTTP client")?;
        let (server, port) = start_driver(engine, folder.path(), display.as_ref(), &client).await?;
        let wire = Wire::new(client)?;
        let driver = connect(port, &capabilities, &wire).await?;
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let process = Self {
            engine,
            driver,
            number,
            context: None,
            capabilities,
            wire,
            port,
            server,
            _display: display,
            _folder: folder,
        };
        process.size_window().await?;
        Ok(process)
    }

    /// Resets the browser. After an error it cannot be used again.
    pub(super) async fn reset(&mut self) -> Result<(), Error> {
        let resetting = async {
            match self.engine {
                Engine::Chromium => self.change_context().await?,
                Engine::Firefox => self.forget().await?,
                Engine::WebKit => self.change_session().await?,
            }
            self.size_window().await
        };
        timeout(PATIENCE, resetting).await.while_doing("resetting the browser")?
    }

    /// Opens another tab of the same profile.
    pub(super) async fn new_tab(&self) -> Result<WindowHandle, Error> {
        match &self.context {
            // The driver would open it in the initial context of the browser.
            Some(context) => Ok(Tools::of(&self.driver).await?.new_tab(context).await?.into()),
            None => within_patience("a new tab", self.driver.new_tab()).await?.while_doing("opening a tab"),
        }
    }

    /// A new context for each test: tabs, cookies, storage, caches, permissions and emulation end with the old one.
    async fn change_context(&mut self) -> Result<(), Error> {
        let mut tools = Tools::of(&self.driver).await?;
        let context = tools.new_context().await?;
        let tab = tools.new_tab(&context).await?;
        if let Some(last) = self.context.replace(context) {
            tools.end_context(&last).await?;
        }
        self.keep_only(tab.into()).await?;
        // Errors of earlier pages do not belong to the next test.
        self.driver.get_log("browser").await.while_doing("emptying the browser's log")?;
        Ok(())
    }

    /// A new tab, because session storage ends with the old one, then everything "Clear recent history" clears, and more.
    async fn forget(&mut self) -> Result<(), Error> {
        let doing = "forgetting everything";
        let tab = self.driver.new_tab().await.while_doing(doing)?;
        self.keep_only(tab).await?;
        webdriver_commands::firefox_context(&self.driver, "chrome").await.while_doing(doing)?;
        let left = self.driver.execute_async(FORGET, Vec::new()).await;
        webdriver_commands::firefox_context(&self.driver, "content").await.while_doing(doing)?;
        let left = left.while_doing(doing)?.json().clone();
        if left == 0 {
            Ok(())
        } else {
            Err(Error::new(format!("the browser could not clear everything: {left}")))
        }
    }

    /// A new session: those of WebKit's driver are private and store nothing on disk.
    async fn change_session(&mut self) -> Result<(), Error> {
        self.driver.clone().quit().await.while_doing("ending the session")?;
        self.driver = connect(self.port, &self.capabilities, &self.wire).await?;
        Ok(())
    }

    /// Closes every other tab and switches to this one.
    async fn keep_only(&self, tab: WindowHandle) -> Result<(), Error> {
        let closing = async {
            for other in self.driver.windows().await? {
                if other != tab {
                    self.driver.switch_to_window(other).await?;
                    self.driver.close_window().await?;
                }
            }
            self.driver.switch_to_window(tab).await
        };
        let closed: WebDriverResult<()> = closing.await;
        closed.while_doing("closing tabs")
    }

    async fn size_window(&self) -> Result<(), Error> {
        let (width, height) = WINDOW;
        let sizing = self.driver.set_window_rect(0, 0, width, height);
        within_patience("the window", sizing).await?.while_doing("sizing the window")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The browser ends with its driver. Dropping the session would send a request for its end and block this thread,
        // which has to serve the connection.
        let _ = self.driver.clone().leak();
    }
}

async fn connect(port: u16, capabilities: &Capabilities, wire: &Wire) -> Result<WebDriver, Error> {
    let connecting = WebDriver::builder(address(port), capabilities.clone()).client(wire.clone()).connect();
    timeout(START, connecting)
        .await
        .while_doing("waiting for the browser")?
        .while_doing("starting the browser")
}

/// Runs a future on the runtime of the process, which outlives the test.
pub(super) fn aside(work: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    wire::runtime()?.spawn(work);
    Ok(())
}

/// Starts the driver of an engine on a free port, and on another one if that was taken in the meantime.
async fn start_driver(
    engine: Engine,
    folder: &Path,
    display: Option<&Display>,
    client: &Client,
) -> Result<(Program, u16), Error> {
    let log = folder.join("driver.log");
    let mut tries_left = 5;
    loop {
        let before = fs::read(&log).map_or(0, |written| written.len());
        let port = match engine {
            Engine::Chromium | Engine::Firefox => 0,
            Engine::WebKit => free_port()?,
        };
        let mut server = Program::start(engine.command(port, folder, display)?, &log)?;
        let started = wait::until_started("the browser's driver", async || {
            let written = server.written();
            let written = written.get(before..).unwrap_or_default();
            if let Some(status) = server.ended() {
                return Some(Err((status, written.to_owned())));
            }
            if port > 0 {
                is_ready(client, port).await.then_some(Ok(port))
            } else {
                engine.port_in(written).map(Ok)
            }
        })
        .await;
        let started = match started {
            Ok(started) => started,
            // The driver may hang before its first line.
            Err(_) if tries_left > 0 => {
                tries_left = 0;
                continue;
            }
            Err(late) => return Err(Error::new(format!("{late}\nits log:\n{}", server.written()))),
        };
        match started {
            Ok(port) => return Ok((server, port)),
            Err((_, written)) if engine.lost_its_port(&written) && tries_left > 0 => tries_left -= 1,
            Err((status, written)) => {
                return Err(Error::new(format!(
                    "the driver of {engine:?} ended ({status}); it comes with the packages {}:\n{written}",
                    engine.packages()
                )));
            }
        }
    }
}

/// Whether a driver accepts sessions.
async fn is_ready(client: &Client, port: u16) -> bool {
    let Ok(answer) = client.get(format!("{}/status", address(port))).send().await else { return false };
    answer.json::<Value>().await.is_ok_and(|status| status["value"]["ready"] == true)
}

fn address(port: u16) -> String {
    format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
}

/// Two, for the two cores of a small machine.
static STARTS: Semaphore = Semaphore::const_new(2);

/// Number of browsers started.
static STARTED: AtomicU64 = AtomicU64::new(0);

/// Returns the number of items that could not be cleared.
const FORGET: &str = "
    const [done] = arguments;
    Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_ALL, { onDataDeleted: done });
";
