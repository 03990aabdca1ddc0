// SPDX-License-Identifier: EUPL-1.2
//! A browser driven over `WebDriver`.
//!
//! The variable [`INFOCIG_ENGINE`](crate::engine::VARIABLE) chooses the [engine](Engine) of a whole run of the tests. Tests
//! [lease](Browser::lease) browsers from a pool: a process may have served another test before, and is reset in between
//! (`tests/e2e/engines/isolation.rs`).

mod pool;
mod process;
mod tools;
mod wire;

use std::{fmt, time::Duration};

use serde_json::{Value, json};
use thirtyfour::{Key, TypingData, WebDriver, WindowHandle, error::WebDriverResult};

pub use crate::engine::Scripts;

use self::process::Process;
use crate::{
    accessible,
    engine::Engine,
    error::{Error, While},
    wait::{self, within_patience},
};

/// A browser leased by one test. Dropping it closes its pages at once, and returns the process unless the test has failed.
#[derive(Debug)]
pub struct Browser {
    process: Option<Process>,
    driver: WebDriver,
    engine: Engine,
    is_leased: bool,
    /// Length of the output of the driver at the start of the lease.
    written_before: usize,
}

/// A direction of the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FocusDirection {
    /// To the next element.
    Forward,
    /// To the previous element.
    Backward,
}

impl Browser {
    /// A headless browser without cookies or storage, from the pool.
    pub async fn lease() -> Result<Self, Error> {
        pool::lease().await.map(|process| Self::of(process, true))
    }

    /// Two browsers that share nothing.
    pub async fn two() -> Result<(Self, Self), Error> {
        tokio::try_join!(Self::lease(), Self::lease())
    }

    /// Starts a browser with a fresh profile, which ends when it is dropped.
    pub async fn start(scripts: Scripts) -> Result<Self, Error> {
        Process::start(scripts).await.map(|process| Self::of(process, false))
    }

    fn of(process: Process, is_leased: bool) -> Self {
        let written_before = process.server.written().len();
        let (driver, engine) = (process.driver.clone(), process.engine);
        Self { process: Some(process), driver, engine, is_leased, written_before }
    }

    /// The same process, reset as for the next test.
    pub async fn lease_again(mut self) -> Result<Self, Error> {
        let process = self.process.take();
        let mut process = process.ok_or_else(|| Error::new("the browser has ended"))?;
        process.reset().await?;
        Ok(Self::of(process, self.is_leased))
    }

    /// The number of its process in this run.
    pub fn number(&self) -> Option<u64> {
        self.process.as_ref().map(|process| process.number)
    }

    /// Kills the browser, as a crash does: its pages send no event.
    pub fn crash(mut self) {
        drop(self.process.take());
    }

    /// The session, for commands this crate has no function for.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens a URL.
    pub async fn open(&self, url: &str) -> Result<(), Error> {
        within_patience(url, self.driver.goto(url)).await?.while_doing(format_args!("opening {url}"))
    }

    /// Checks the page that is open, whatever it is. See [`accessible`](crate::accessible).
    pub async fn page_is_accessible(&self) -> Result<(), Error> {
        accessible::check(self, "html").await
    }

    /// Goes back in the history; the browser may restore the page from its back/forward cache.
    pub async fn goes_back(&self) -> Result<(), Error> {
        within_patience("the page before", self.driver.back()).await?.while_doing("going back")
    }

    /// Opens another tab and switches to it.
    pub async fn new_tab(&self) -> Result<(), Error> {
        let process = self.process.as_ref().ok_or_else(|| Error::new("the browser has ended"))?;
        self.go_to(process.new_tab().await?).await
    }

    /// The tab in front.
    pub async fn tab(&self) -> Result<WindowHandle, Error> {
        within_patience("the tab", self.driver.window()).await?.while_doing("asking for the tab")
    }

    /// Waits until there is a second tab.
    pub async fn tab_beside(&self, tab: &WindowHandle) -> Result<WindowHandle, Error> {
        let another = async || Ok(self.driver.windows().await?.into_iter().find(|other| other != tab));
        self.until("another tab", another).await
    }

    /// Waits until the page in front includes this text.
    pub async fn page_says(&self, words: &str) -> Result<(), Error> {
        let said = async || {
            let text = self.driver.execute("return document.body.innerText", Vec::new()).await?;
            Ok(text.json().as_str().is_some_and(|text| text.contains(words)).then_some(()))
        };
        self.until(format_args!("{words:?} on the page"), said).await
    }

    /// Switches to a tab.
    pub async fn go_to(&self, tab: WindowHandle) -> Result<(), Error> {
        let switching = self.driver.switch_to_window(tab);
        within_patience("a tab", switching).await?.while_doing("going to a tab")
    }

    /// Freezes the page in front with its timers, as when the device sleeps.
    pub async fn sleeps(&self) -> Result<(), Error> {
        self.lifecycle("frozen").await
    }

    /// Resumes the page in front.
    pub async fn wakes(&self) -> Result<(), Error> {
        self.lifecycle("active").await
    }

    async fn lifecycle(&self, state: &str) -> Result<(), Error> {
        self.tool("Page.setWebLifecycleState", json!({ "state": state })).await?;
        Ok(())
    }

    /// Whether the engine has the developer tools of Chromium.
    pub fn has_tools(&self) -> bool {
        self.engine == Engine::Chromium
    }

    /// Sends a command of Chromium's developer tools for the tab in front.
    pub async fn tool(&self, command: &str, about: Value) -> Result<Value, Error> {
        if !self.has_tools() {
            return Err(Error::new(format!("only Chromium does {command}, and this is {:?}", self.engine)));
        }
        let tools = self.driver.cdp();
        within_patience(command, tools.send_raw(command, about)).await?.while_doing(command)
    }

    /// Runs a script in the page in front and returns its result.
    pub async fn script(&self, script: &str, about: Vec<Value>) -> Result<Value, Error> {
        let running = self.driver.execute(script, about);
        let done = within_patience("a script", running).await?;
        Ok(done.while_doing("running a script in the page")?.json().clone())
    }

    /// Runs an asynchronous script in the page in front and returns the value it passes to its last argument.
    pub async fn script_async(&self, script: &str) -> Result<Value, Error> {
        let running = self.driver.execute_async(script, Vec::new());
        let done = within_patience("a script", running).await?;
        Ok(done.while_doing("running a script in the page")?.json().clone())
    }

    /// Presses keys, one after the other, on the focused element.
    pub async fn type_keys(&self, keys: impl Into<TypingData>) -> Result<(), Error> {
        let typing = self.driver.action_chain_with_delay(AT_ONCE, AT_ONCE).send_keys(keys);
        within_patience("the keyboard", typing.perform()).await?.while_doing("pressing keys")
    }

    /// Presses Tab, or Shift and Tab.
    pub async fn move_focus(&self, way: FocusDirection) -> Result<(), Error> {
        let keys = self.driver.action_chain_with_delay(AT_ONCE, AT_ONCE);
        let keys = match way {
            FocusDirection::Forward => keys.send_keys(Key::Tab),
            FocusDirection::Backward => keys.key_down(Key::Shift).send_keys(Key::Tab).key_up(Key::Shift),
        };
        within_patience("the keyboard", keys.perform()).await?.while_doing("moving the focus")
    }

    /// Emulates the preference for a colour scheme: `light` or `dark`. Chromium only.
    pub async fn prefers(&self, scheme: &str) -> Result<(), Error> {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.tool("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Emulates forced colours, or ends that. Chromium only.
    pub async fn forces_colours(&self, forces: bool) -> Result<(), Error> {
        let value = if forces { "active" } else { "none" };
        let features = json!([{ "name": "forced-colors", "value": value }]);
        self.tool("Emulation.setEmulatedMedia", json!({ "features": features })).await?;
        Ok(())
    }

    /// Sets the size of the page in front, in CSS pixels, and returns the size it has: windows have a least size, except where
    /// the engine can emulate a smaller one.
    pub async fn is_seen_at(&self, width: u32, height: u32) -> Result<(u64, u64), Error> {
        if self.has_tools() {
            let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.tool("Emulation.setDeviceMetricsOverride", screen).await?;
        } else {
            let sizing = self.driver.set_window_rect(0, 0, width, height);
            within_patience("the window", sizing).await?.while_doing("sizing the window")?;
            let size =
                self.script("return [outerWidth - innerWidth, outerHeight - innerHeight];", vec![]).await?;
            let frame =
                |which: usize| size[which].as_u64().and_then(|frame| u32::try_from(frame).ok()).unwrap_or(0);
            let sizing = self.driver.set_window_rect(0, 0, width + frame(0), height + frame(1));
            within_patience("the window", sizing).await?.while_doing("sizing the window")?;
        }
        let size = self.script("return [innerWidth, innerHeight];", vec![]).await?;
        Ok((size[0].as_u64().unwrap_or_default(), size[1].as_u64().unwrap_or_default()))
    }

    /// Calls `look` until it returns a value. A missing or stale element is looked for again.
    pub async fn until<T>(
        &self,
        what: impl fmt::Display,
        mut look: impl AsyncFnMut() -> WebDriverResult<Option<T>>,
    ) -> Result<T, Error> {
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
            Err(error) => Err(Error::new(format!(
                "{error}; {}; the page says:\n{}",
                last.unwrap_or_default(),
                self.everything_written().await
            ))),
        }
    }

    /// The text of the page, shadow roots included, and the errors of its scripts.
    async fn everything_written(&self) -> String {
        let showing = within_patience("a script", self.driver.execute(EVERYTHING_WRITTEN, Vec::new())).await;
        let shown = match showing {
            Ok(shown) => shown.and_then(|shown| shown.convert::<String>()).unwrap_or_default(),
            Err(error) => error.to_string(),
        };
        let complaints = match self.engine {
            Engine::Chromium => {
                let log = self.driver.get_log("browser").await.unwrap_or_default();
                log.into_iter().map(|line| line.message).collect::<Vec<_>>().join("\n  ")
            }
            Engine::Firefox | Engine::WebKit => {
                let written = self.process.as_ref().map(|process| process.server.written());
                let written = written.unwrap_or_default();
                written.get(self.written_before..).unwrap_or_default().to_owned()
            }
        };
        format!("{shown}\nits console:\n  {complaints}")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let Some(process) = self.process.take() else { return };
        // A failed test leaves its browser in an unknown state.
        if self.is_leased && !std::thread::panicking() {
            pool::give_back(process);
        }
    }
}

/// No pause between keys: pages must not depend on one.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

const EVERYTHING_WRITTEN: &str = "
    const hosts = [...document.querySelectorAll('*')].filter((element) => element.shadowRoot);
    const inside = hosts.map((host) => `<${host.localName}> ${host.shadowRoot.textContent}`);
    return [location.href, document.body.innerText, ...inside].join('\\n');
";
