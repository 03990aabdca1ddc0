// SPDX-License-Identifier: EUPL-1.2
//! Host pages with INFO CIG: the look of the element, several elements, and the state of the page around them.

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

/// The look of a part, measured on the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Looks {
    /// Font size, in pixels.
    pub font: f64,
    /// Width, in pixels.
    pub width: f64,
    /// Height, in pixels.
    pub height: f64,
    /// Computed text colour.
    pub colour: String,
    /// Whether no element of the page covers its middle.
    pub is_on_top: bool,
}

/// Signs in as a person and opens the page `/embed/{name}`.
pub async fn open<'b>(
    browser: &'b Browser,
    portal: &Portal,
    name: &str,
    person: &str,
) -> Result<PortalPage<'b>, Error> {
    PortalPage::sign_in(browser, portal, "/myinps", person).await?;
    open_again(browser, portal, name).await
}

/// Opens the page `/embed/{name}` with the signed-in person.
pub async fn open_again<'b>(
    browser: &'b Browser,
    portal: &Portal,
    name: &str,
) -> Result<PortalPage<'b>, Error> {
    // Errors of the page before do not count.
    complaints(browser).await?;
    browser.open(&portal.page(&format!("/embed/{name}"))).await?;
    Ok(PortalPage::in_front(browser))
}

/// The state of the host page, its button, style sheets and root, which INFO CIG must not change.
pub async fn own_things(browser: &Browser) -> Result<Value, Error> {
    browser
        .until("the page's own button", async || {
            let things = browser.driver().execute(OWN_THINGS, Vec::new()).await?.json().clone();
            Ok((!things.is_null()).then_some(things))
        })
        .await
}

/// The state of the host page without INFO CIG. It opens that page.
pub async fn own_things_alone(browser: &Browser, portal: &Portal, name: &str) -> Result<Value, Error> {
    browser.open(&portal.page(&format!("/embed/{name}?alone"))).await?;
    own_things(browser).await
}

/// Emulates the preference to save data, from the next page on. Chromium only.
pub async fn save_data(browser: &Browser) -> Result<(), Error> {
    browser.tool("Emulation.setDataSaverOverride", json!({ "dataSaverEnabled": true })).await?;
    Ok(())
}

/// The errors of the page in front since the last call, or since it was opened: exceptions, console errors, violations of its
/// policy; in Chromium also failed requests. The page records them itself (`watched.js`), because the drivers of other engines
/// do not report them.
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

/// Switches to the frame of the page.
pub async fn enter_frame(browser: &Browser) -> Result<(), Error> {
    browser.until("the frame", async || browser.driver().enter_frame(0).await.map(Some)).await
}

/// Presses an element of the host page.
pub async fn press(browser: &Browser, selector: &str) -> Result<(), Error> {
    browser
        .until(format_args!("something to press at {selector}"), async || {
            click(browser, &browser.driver().find(By::Css(selector)).await?).await.map(Some)
        })
        .await
}

/// The files INFO CIG has fetched since the page was loaded, without its loader.
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

    /// Waits until a part is shown, and returns its look.
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

    /// Waits until a message with this text is shown.
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
