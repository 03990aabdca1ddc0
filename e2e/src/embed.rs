// SPDX-License-Identifier: EUPL-1.2
//! A page of somebody else's with INFO CIG in it, looked at closely: how the element looks there, several of them, and whether
//! the page is still what it was.

use serde_json::{Value, json};
use thirtyfour::{By, WebElement, error::WebDriverResult};

use crate::{
    browser::Browser,
    error::{Error, While},
    page::{PortalPage, SCALE, click},
    portal::Portal,
    wait::within_patience,
    webdriver_commands::all_in_shadow,
};

/// One of the elements on the page in front, counted from 0.
#[derive(Clone, Copy, Debug)]
pub struct Embedded<'b> {
    browser: &'b Browser,
    nth: usize,
}

/// How a part of the element looks, measured on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Size of its letters, in pixels.
    pub font: f64,
    /// Its width, in pixels.
    pub width: f64,
    /// Its height, in pixels.
    pub height: f64,
    /// Colour of its letters, as browsers write it.
    pub colour: String,
    /// Whether nothing of the page lies over its middle.
    pub is_on_top: bool,
}

/// Signs in as somebody and opens the page `/embed/{name}`.
pub async fn open<'b>(
    browser: &'b Browser,
    portal: &Portal,
    name: &str,
    person: &str,
) -> Result<PortalPage<'b>, Error> {
    PortalPage::sign_in(browser, portal, "/myinps", person).await?;
    open_again(browser, portal, name).await
}

/// Opens the page `/embed/{name}` as whoever is signed in.
pub async fn open_again<'b>(
    browser: &'b Browser,
    portal: &Portal,
    name: &str,
) -> Result<PortalPage<'b>, Error> {
    // What went wrong on the page before is no complaint about this one.
    complaints(browser).await?;
    browser.open(&portal.page(&format!("/embed/{name}"))).await?;
    Ok(PortalPage::in_front(browser))
}

/// What is the page's own: its button, its style sheets, its root. Whatever INFO CIG does, it must stay as it was.
pub async fn own_things(browser: &Browser) -> Result<Value, Error> {
    browser
        .until("the page's own button", async || {
            let things = browser.driver().execute(OWN_THINGS, Vec::new()).await?.json().clone();
            Ok((!things.is_null()).then_some(things))
        })
        .await
}

/// What is the page's own where the script of INFO CIG is not on it. Another page is in front from here on.
pub async fn own_things_alone(browser: &Browser, portal: &Portal, name: &str) -> Result<Value, Error> {
    browser.open(&portal.page(&format!("/embed/{name}?alone"))).await?;
    own_things(browser).await
}

/// The device asks pages to save data, from the next one on. Only Chromium's tools can say so.
pub async fn save_data(browser: &Browser) -> Result<(), Error> {
    browser.tool("Emulation.setDataSaverOverride", json!({ "dataSaverEnabled": true })).await?;
    Ok(())
}

/// What went wrong on the page in front since this was asked last, or since it was opened: errors, what scripts complained
/// about, what its policy blocked; in Chromium also what did not come. The page itself writes it down (`watched.js`), because
/// drivers of other engines tell nothing of it.
pub async fn complaints(browser: &Browser) -> Result<Vec<String>, Error> {
    let told = browser.script("return window.complaints?.splice(0) ?? [];", vec![]).await?;
    let mut complaints: Vec<String> = serde_json::from_value(told).while_doing("reading complaints")?;
    if browser.has_tools() {
        let log = within_patience("the browser's log", browser.driver().get_log("browser")).await?;
        let log = log.while_doing("reading the browser's log")?;
        complaints.extend(log.into_iter().filter(|line| line.level == "SEVERE").map(|line| line.message));
    }
    Ok(complaints)
}

/// Goes into the one frame of the page: what is looked at from here on is in it.
pub async fn enter_frame(browser: &Browser) -> Result<(), Error> {
    browser.until("the frame", async || browser.driver().enter_frame(0).await.map(Some)).await
}

/// Presses something of the page's own.
pub async fn press(browser: &Browser, selector: &str) -> Result<(), Error> {
    browser
        .until(format_args!("something to press at {selector}"), async || {
            click(browser, &browser.driver().find(By::Css(selector)).await?).await.map(Some)
        })
        .await
}

/// Names of the files INFO CIG has fetched since the page was loaded, its loader aside.
pub async fn fetched(browser: &Browser) -> Result<Vec<String>, Error> {
    let names = within_patience("the files", browser.driver().execute(FETCHED, Vec::new())).await?;
    let names = names.while_doing("listing what was fetched")?;
    names.convert().while_doing("listing what was fetched")
}

impl<'b> Embedded<'b> {
    /// The element of that number.
    pub fn nth(browser: &'b Browser, nth: usize) -> Self {
        Self { browser, nth }
    }

    /// How a part looks, once it is shown.
    pub async fn looks(&self, part: &str) -> Result<Looks, Error> {
        self.browser
            .until(format_args!("{part} of element {}", self.nth), async || {
                let Some(shown) = self.shown(part).await? else { return Ok(None) };
                let looks =
                    self.browser.driver().execute([SCALE, LOOKS].concat(), vec![shown.to_json()?]).await?;
                let (font, width, height, colour, is_on_top) = looks.convert()?;
                Ok(Some(Looks { font, width, height, colour, is_on_top }))
            })
            .await
    }

    /// Presses a part.
    pub async fn press(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{part} of element {}", self.nth), async || match self.shown(part).await? {
                Some(shown) => click(self.browser, &shown).await.map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the composer of element {}", self.nth), async || {
                let Some(composer) = self.shown("composer").await? else { return Ok(None) };
                composer.clear().await?;
                composer.send_keys(text).await.map(Some)
            })
            .await?;
        self.press("send").await
    }

    /// Waits until a message with these words is shown.
    pub async fn reads(&self, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words:?} in element {}", self.nth), async || {
                for message in self.all("message").await? {
                    if message.text().await?.contains(words) {
                        return Ok(Some(()));
                    }
                }
                Ok(None)
            })
            .await
    }

    async fn shown(&self, part: &str) -> WebDriverResult<Option<WebElement>> {
        for element in self.all(part).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    async fn all(&self, part: &str) -> WebDriverResult<Vec<WebElement>> {
        let hosts = self.browser.driver().find_all(By::Css("info-cig")).await?;
        let Some(host) = hosts.get(self.nth) else { return Ok(Vec::new()) };
        all_in_shadow(self.browser.driver(), host, &format!("[data-part='{part}']")).await
    }
}

const LOOKS: &str = "
    const [part] = arguments;
    part.scrollIntoView({ block: 'center' });
    const style = getComputedStyle(part);
    const scale = scaleOf(part);
    const { x, y, width, height } = part.getBoundingClientRect();
    const above = part.getRootNode().elementFromPoint((x + width / 2) * scale, (y + height / 2) * scale);
    const is_on_top = part === above || part.contains(above);
    return [parseFloat(style.fontSize), width * scale, height * scale, style.color, is_on_top];
";
const OWN_THINGS: &str = "
    const own = document.getElementById('own');
    if (!own || document.readyState !== 'complete' || document.fonts.status !== 'loaded') return null;
    const styles = (element, names) => Object.fromEntries(names.map((name) => [name, getComputedStyle(element)[name]]));
    const attributes = (element) => element.getAttributeNames().map((name) => `${name}=${element.getAttribute(name)}`);
    const roots = [document.documentElement, document.body];
    return {
        own: styles(own, [...getComputedStyle(own)]),
        roots: roots.map((root) => [attributes(root), styles(root, ['color', 'font', 'background', 'margin', 'overflow'])]),
        sheets: [document.styleSheets.length, document.adoptedStyleSheets.length],
        children: document.body.children.length,
    };
";
const FETCHED: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path.startsWith('/widget/'));
";
