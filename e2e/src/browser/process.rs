// SPDX-License-Identifier: EUPL-1.2
//! One browser process with what drives it, and how it is made as good as new.
//!
//! A reset costs a fraction of a start, and leaves nothing of what a story did: Chromium gets another browser context,
//! WebKit another session, which is private by itself, and Firefox forgets everything that a person could have it forget.

use std::{
    fs,
    net::Ipv4Addr,
    path::Path,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
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
    wait::{self, within_patience},
    webdriver_commands,
};

/// A running browser with one session.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) engine: Engine,
    pub(super) driver: WebDriver,
    /// A number of its own among those of this run.
    pub(super) number: u64,
    /// The browser context of the story it is leased for; Chromium's.
    context: Option<String>,
    capabilities: Capabilities,
    wire: Wire,
    port: u16,
    // The browser before its screen, both before their files, because fields are dropped in order.
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
        // More at a time would only use up each other's time to start.
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

    /// Makes it as good as new, or fails: then it is of no more use.
    pub(super) async fn reset(&mut self) -> Result<(), Error> {
        let resetting = async {
            match self.engine {
                Engine::Chromium => self.change_context().await?,
                Engine::Firefox => self.forget().await?,
                Engine::WebKit => self.change_session().await?,
            }
            self.size_window().await
        };
        timeout(RESET, resetting).await.while_doing("resetting the browser")?
    }

    /// Opens another tab beside those there are, sharing what they keep.
    pub(super) async fn new_tab(&self) -> Result<WindowHandle, Error> {
        match &self.context {
            // The driver would open it in the context that the browser started with.
            Some(context) => Ok(Tools::of(&self.driver).await?.new_tab(context).await?.into()),
            None => within_patience("a new tab", self.driver.new_tab()).await?.while_doing("opening a tab"),
        }
    }

    /// A context of its own for each story: its tabs, cookies, storage, caches, permissions and what its pages emulate go with
    /// it.
    async fn change_context(&mut self) -> Result<(), Error> {
        let mut tools = Tools::of(&self.driver).await?;
        let context = tools.new_context().await?;
        let tab = tools.new_tab(&context).await?;
        if let Some(last) = self.context.replace(context) {
            tools.end_context(&last).await?;
        }
        self.keep_only(tab.into()).await?;
        // What the pages before complained about is no complaint about the next.
        self.driver.get_log("browser").await.while_doing("emptying the browser's log")?;
        Ok(())
    }

    /// Another tab, because what a tab keeps goes with it, and then everything that "Clear recent history" clears and more.
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
            Err(Error::new(format!("the browser could not forget everything: {left}")))
        }
    }

    /// Sessions of WebKit's driver are private: each has a new browser that keeps nothing on disk.
    async fn change_session(&mut self) -> Result<(), Error> {
        self.driver.clone().quit().await.while_doing("ending the session")?;
        self.driver = connect(self.port, &self.capabilities, &self.wire).await?;
        Ok(())
    }

    /// Closes every tab but this one, and goes to it.
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
        // The browser dies with its driver. Left to itself, the session would ask for its own end over a connection that
        // this thread would have to serve, and wait for it here.
        let _ = self.driver.clone().leak();
    }
}

async fn connect(port: u16, capabilities: &Capabilities, wire: &Wire) -> Result<WebDriver, Error> {
    let connecting = WebDriver::builder(address(port), capabilities.clone()).client(wire.clone()).connect();
    within_patience("the browser", connecting).await?.while_doing("starting the browser")
}

/// Has something done where it goes on after the test that asked for it.
pub(super) fn aside(work: impl Future<Output = ()> + Send + 'static) -> Result<(), Error> {
    wire::runtime()?.spawn(work);
    Ok(())
}

/// Starts the driver of an engine on a free port, and again on another one if somebody else was quicker.
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
        let started = wait::until("the browser's driver", async || {
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
        .await
        .map_err(|late| Error::new(format!("{late}\nits log:\n{}", server.written())))?;
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

/// Whether a driver takes sessions.
async fn is_ready(client: &Client, port: u16) -> bool {
    let Ok(answer) = client.get(format!("{}/status", address(port))).send().await else { return false };
    answer.json::<Value>().await.is_ok_and(|status| status["value"]["ready"] == true)
}

fn address(port: u16) -> String {
    format!("http://{}:{port}", Ipv4Addr::LOCALHOST)
}

/// Two, because the cores of a small machine are two.
static STARTS: Semaphore = Semaphore::const_new(2);

/// How many were started.
static STARTED: AtomicU64 = AtomicU64::new(0);

/// A browser that takes longer than this is started anew.
const RESET: Duration = Duration::from_secs(20);

/// Answers with the number of things that could not be cleared.
const FORGET: &str = "
    const [done] = arguments;
    Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_ALL, { onDataDeleted: done });
";
