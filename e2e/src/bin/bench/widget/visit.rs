// SPDX-License-Identifier: EUPL-1.2
//! One person's visit to a page of the portal, measured by the page and by Chromium's developer tools.

use std::time::Duration;

use infocig_e2e::{
    browser::Browser,
    error::{Error, While},
    page::PortalPage,
    portal::Portal,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

/// A signed-in person on MyINPS.
pub(super) struct Visit<'b> {
    browser: &'b Browser,
    address: String,
    /// A page of the same portal without INFO CIG.
    elsewhere: String,
}

/// The emulated device.
#[derive(Clone, Copy)]
pub(super) enum Device {
    /// This machine and its network.
    AsItIs,
    /// A quarter of the processor's speed, 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back.
    Slow,
}

/// The load of a page, in milliseconds since the navigation.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Load {
    /// When the launcher was shown; `None` without INFO CIG.
    pub(super) button: Option<f64>,
    /// The longest task; 0 if none took 50.
    pub(super) longest_task: f64,
    /// Largest Contentful Paint.
    pub(super) largest_paint: f64,
    /// Cumulative Layout Shift, as a plain sum, because there is no input meanwhile.
    pub(super) shift: f64,
}

/// A press on the launcher, in milliseconds since.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Press {
    /// When the panel was laid out.
    pub(super) panel: f64,
    /// When the field was laid out and usable.
    pub(super) typing: f64,
    /// The paths of INFO CIG's files that had arrived by then.
    pub(super) fetched: Vec<String>,
}

/// The memory of a page, in bytes, after garbage collection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Memory {
    /// Objects of its scripts.
    pub(super) heap: u64,
    /// The memory of INFO CIG's module.
    pub(super) module: u64,
}

/// The accumulated work of the page, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// Scripts, including the module.
    pub(super) scripts: f64,
    /// Style and layout.
    pub(super) layout: f64,
}

/// The durations of consecutive frames, in milliseconds.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Frames {
    /// The longest.
    pub(super) longest: f64,
    /// The median.
    pub(super) median: f64,
}

impl<'b> Visit<'b> {
    /// Signs a person in, with a cache without INFO CIG.
    pub(super) async fn begin(browser: &'b Browser, portal: &Portal, person: &str) -> Result<Self, Error> {
        let (address, elsewhere) = (portal.page("/myinps"), portal.page("/favicon.svg"));
        browser.open(&elsewhere).await?;
        let visit = Self { browser, address, elsewhere };
        let signed_in = visit.later(SIGN_IN, vec![json!(person)]).await?;
        if signed_in != true {
            return Err(Error::new(format!("{person} could not sign in")));
        }
        browser.tool("Network.enable", json!({})).await?;
        browser.tool("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
        Ok(visit)
    }

    /// Switches to another device.
    pub(super) async fn device(&self, device: Device) -> Result<(), Error> {
        let (rate, latency, down, up) = match device {
            Device::AsItIs => (1, 0, -1.0, -1.0),
            Device::Slow => (4, 150, 1_600_000.0 / 8.0, 750_000.0 / 8.0),
        };
        self.browser.tool("Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await?;
        let network = json!({
            "offline": false, "latency": latency, "downloadThroughput": down, "uploadThroughput": up,
        });
        self.browser.tool("Network.emulateNetworkConditions", network).await?;
        Ok(())
    }

    /// Loads the page until the launcher shows the availability and the page is idle.
    pub(super) async fn load(&self) -> Result<Load, Error> {
        self.keep_out(&[]).await?;
        self.loaded(READY).await
    }

    /// The same page with the files of INFO CIG blocked.
    pub(super) async fn load_without(&self) -> Result<Load, Error> {
        self.keep_out(&["*/info-cig.js", "*/widget/*"]).await?;
        self.loaded("return document.readyState === 'complete';").await
    }

    async fn keep_out(&self, addresses: &[&str]) -> Result<(), Error> {
        self.browser.tool("Network.setBlockedURLs", json!({ "urls": addresses })).await?;
        Ok(())
    }

    async fn loaded(&self, ready: &str) -> Result<Load, Error> {
        self.browser.open(&self.address).await?;
        self.until("the page", ready).await?;
        let load = self.later(LOADED, vec![]).await?;
        serde_json::from_value(load).while_doing("reading how the page was loaded")
    }

    /// Presses the launcher, and waits until the field is usable.
    pub(super) async fn press(&self) -> Result<Press, Error> {
        self.page().press_launcher().await?;
        self.until("a field to write in", "return 'typing' in window.infoCigSeen;").await?;
        let press = self.browser.script(PRESSED, vec![]).await?;
        serde_json::from_value(press).while_doing("reading what became of a press")
    }

    /// Leaves the page and clears the session storage.
    pub(super) async fn leave(&self) -> Result<(), Error> {
        self.browser.open(&self.elsewhere).await?;
        self.browser.script("sessionStorage.clear(); localStorage.clear();", vec![]).await?;
        Ok(())
    }

    /// The page as people use it.
    pub(super) fn page(&self) -> PortalPage<'b> {
        PortalPage::in_front(self.browser)
    }

    /// Waits until this number of messages is on the page.
    pub(super) async fn shows(&self, messages: usize) -> Result<(), Error> {
        self.until("all messages", &format!("return {MESSAGES} >= {messages};")).await
    }

    /// Presses the launcher, and returns after how long the newest message was on the page, and in sight.
    pub(super) async fn press_to_the_end(&self) -> Result<f64, Error> {
        self.page().press_launcher().await?;
        let millis = self.later(&[LOG, AT_END].concat(), vec![]).await?;
        millis.as_f64().ok_or_else(|| Error::new(format!("the newest message is not in sight: {millis}")))
    }

    /// The number of messages on the page.
    pub(super) async fn messages(&self) -> Result<u64, Error> {
        let there = self.browser.script(&format!("return {MESSAGES};"), vec![]).await?;
        there.as_u64().ok_or_else(|| Error::new(format!("expected a number of messages, received {there}")))
    }

    /// Waits until the log ends with this entry. The check takes constant time.
    pub(super) async fn ends_with(&self, seq: u64) -> Result<(), Error> {
        let script = format!("{LOG} return last(log)?.dataset.seq === '{seq}';");
        self.until("the newest message", &script).await
    }

    /// Presses the button for earlier messages at most this often. Returns how long each page took until it was laid out, in
    /// milliseconds; fewer if the beginning of the log is reached.
    pub(super) async fn look_back(&self, pages: usize) -> Result<Vec<f64>, Error> {
        let times = self.later(&[LOG, LOOK_BACK].concat(), vec![json!(pages)]).await?;
        serde_json::from_value(times).while_doing("reading how long pages took")
    }

    /// Scrolls down from the beginning of the log for this number of frames, by more than the visible height at each.
    pub(super) async fn scroll(&self, frames: usize) -> Result<Frames, Error> {
        let frames = self.later(&[LOG, SCROLL].concat(), vec![json!(frames)]).await?;
        serde_json::from_value(frames).while_doing("reading how long frames took")
    }

    /// The accumulated work of the page.
    pub(super) async fn work(&self) -> Result<Work, Error> {
        self.browser.tool("Performance.enable", json!({})).await?;
        let told = self.browser.tool("Performance.getMetrics", json!({})).await?;
        let metrics = told["metrics"].as_array().map_or(&[][..], Vec::as_slice);
        let seconds = |name: &str| {
            let metric = metrics.iter().find(|metric| metric["name"] == name);
            let seconds = metric.and_then(|metric| metric["value"].as_f64());
            seconds.ok_or_else(|| Error::new(format!("no {name} in {told}")))
        };
        let layout = seconds("LayoutDuration")? + seconds("RecalcStyleDuration")?;
        Ok(Work { scripts: seconds("ScriptDuration")? * 1_000.0, layout: layout * 1_000.0 })
    }

    /// The memory of the page.
    pub(super) async fn memory(&self) -> Result<Memory, Error> {
        self.browser.tool("HeapProfiler.collectGarbage", json!({})).await?;
        self.browser.tool("Performance.enable", json!({})).await?;
        let told = self.browser.tool("Performance.getMetrics", json!({})).await?;
        let metrics = told["metrics"].as_array().into_iter().flatten();
        let heap = metrics
            .filter(|metric| metric["name"] == "JSHeapUsedSize")
            .find_map(|metric| bytes(&metric["value"]));
        let heap = heap.ok_or_else(|| Error::new(format!("no size of the heap in {told}")))?;
        let module = self.later(MODULE, vec![]).await?;
        let module = bytes(&module).ok_or_else(|| Error::new(format!("no size of the module: {module}")))?;
        Ok(Memory { heap, module })
    }

    async fn until(&self, what: &str, script: &str) -> Result<(), Error> {
        let look = async || {
            let seen = self.browser.driver().execute(script, vec![]).await?;
            Ok((*seen.json() == true).then_some(()))
        };
        self.browser.until(what, look).await
    }

    /// The result of an asynchronous script.
    async fn later(&self, script: &str, about: Vec<Value>) -> Result<Value, Error> {
        let running = timeout(A_SLOW_DEVICE_NEEDS, self.browser.driver().execute_async(script, about)).await;
        let done = running.while_doing("waiting for a script")?;
        Ok(done.while_doing("running a script in the page")?.json().clone())
    }
}

/// A number of bytes; the developer tools return all numbers with fractions.
fn bytes(number: &Value) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no page holds 2^53 bytes, or fewer than none"
    )]
    number.as_f64().map(|number| number as u64)
}

const A_SLOW_DEVICE_NEEDS: Duration = Duration::from_secs(30);

const SIGN_IN: &str = "
    const [person, done] = arguments;
    const sent = fetch('/sign-in', { method: 'POST', body: new URLSearchParams({ person }), redirect: 'manual' });
    sent.then(() => done(true), () => done(false));
";
/// Checks at every frame: the browser paints that content next.
const WATCH: &str = "
    (() => {
        const seen = (window.infoCigSeen = {});
        addEventListener('mousedown', ({ timeStamp }) => { seen.pressed ??= timeStamp; }, true);
        const look = () => {
            const root = document.querySelector('info-cig')?.shadowRoot;
            const there = (part) => root?.querySelector(`[data-part=${part}]`)?.getClientRects().length > 0;
            const note = (name, part) => { if (!(name in seen) && there(part)) seen[name] = performance.now(); };
            note('button', 'launcher');
            if ('pressed' in seen) note('panel', 'panel');
            if ('pressed' in seen) note('typing', 'composer');
            if (!('typing' in seen)) requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
    })();
";
const READY: &str = "
    const status = document.querySelector('info-cig')?.shadowRoot?.querySelector('[data-part=status]');
    return document.readyState === 'complete' && 'button' in window.infoCigSeen && status?.dataset.verdict === 'open';
";
/// Buffered entries reach observers in a separate task; two idle callbacks come after it.
const LOADED: &str = "
    const [done] = arguments;
    const load = { button: window.infoCigSeen.button ?? null, longestTask: 0, largestPaint: 0, shift: 0 };
    const kinds = {
        longtask: ({ duration }) => { load.longestTask = Math.max(load.longestTask, duration); },
        'largest-contentful-paint': ({ startTime }) => { load.largestPaint = startTime; },
        'layout-shift': ({ value }) => { load.shift += value; },
    };
    for (const [type, note] of Object.entries(kinds)) {
        new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    }
    const idle = () => new Promise((resolve) => requestIdleCallback(resolve));
    idle().then(idle).then(() => done(load));
";
const PRESSED: &str = "
    const { pressed, panel, typing } = window.infoCigSeen;
    const arrived = performance.getEntriesByType('resource').filter(({ responseEnd }) => responseEnd <= typing);
    const paths = arrived.map(({ name }) => new URL(name).pathname);
    const fetched = paths.filter((path) => path === '/info-cig.js' || path.startsWith('/widget/'));
    return { panel: panel - pressed, typing: typing - pressed, fetched };
";
const MESSAGES: &str =
    "document.querySelector('info-cig').shadowRoot.querySelectorAll('[data-part=message]').length";
/// The log, and a lookup of its last entry in constant time.
const LOG: &str = "
    const log = document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]');
    const last = (log) => {
        let last = log?.querySelector('.entries').lastElementChild;
        while (last && !last.dataset.part) last = last.lastElementChild;
        return last;
    };
";
/// When the last message is within the visible part of the log, checked at every frame.
const AT_END: &str = "
    const [done] = arguments;
    const { pressed } = window.infoCigSeen;
    const look = () => {
        const log = document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]');
        const newest = last(log);
        const isThere = newest?.dataset.part === 'message';
        if (isThere && newest.getBoundingClientRect().bottom <= log.getBoundingClientRect().bottom + 1) {
            done(performance.now() - pressed);
        } else {
            requestAnimationFrame(look);
        }
    };
    look();
";
/// A mutation observer detects new messages; reading their height forces their layout.
const LOOK_BACK: &str = "
    const [pages, done] = arguments;
    const entries = log.querySelector('.entries');
    const times = [];
    const again = () => {
        const older = log.querySelector('[data-part=older-entries]');
        if (times.length === pages || !older) return done(times);
        if (older.disabled) return setTimeout(again);
        const begun = performance.now();
        const came = new MutationObserver(() => {
            came.disconnect();
            log.scrollHeight;
            times.push(performance.now() - begun);
            setTimeout(again, 20);
        });
        came.observe(entries, { childList: true });
        older.click();
    };
    again();
";
/// A frame is measured from the one before it, so that the first has no duration.
const SCROLL: &str = "
    const [frames, done] = arguments;
    log.style.scrollBehavior = 'auto';
    log.scrollTop = 0;
    const times = [];
    let before;
    const step = (now) => {
        if (before !== undefined) times.push(now - before);
        before = now;
        if (times.length === frames) {
            log.style.scrollBehavior = '';
            times.sort((one, other) => one - other);
            return done({ longest: times.at(-1), median: times[times.length >> 1] });
        }
        log.scrollTop += 1_000;
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
";
/// The glue of the module returns the existing instance when it is initialised again.
const MODULE: &str = r"
    const [done] = arguments;
    const names = performance.getEntriesByType('resource').map(({ name }) => name);
    import(names.find((name) => /\/widget\/info-cig-[^/]*\.js$/.test(name)))
        .then((script) => script.default())
        .then((module) => done(module.memory.buffer.byteLength))
        .catch((error) => done(String(error)));
";
