// SPDX-License-Identifier: EUPL-1.2
//! Finding, pressing and reading the parts of a custom element, and elements of the page around it.

use std::cell::Cell;

use serde_json::Value;
use thirtyfour::{
    By, Key, WebElement,
    error::{WebDriverError, WebDriverErrorInner, WebDriverResult},
};

use super::ShownMessage;
use crate::{
    browser::Browser,
    error::Error,
    webdriver_commands::{all_in_shadow, computed_label, computed_role},
};

/// The parts of one custom element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts<'b> {
    pub(super) browser: &'b Browser,
    pub(super) host: &'static str,
}

impl Parts<'_> {
    pub(super) async fn all(&self, part: &str) -> WebDriverResult<Vec<WebElement>> {
        let host = self.browser.driver().find(By::Css(self.host)).await?;
        all_in_shadow(self.browser.driver(), &host, &format!("[data-part='{part}']")).await
    }

    /// The first displayed element of the part.
    pub(super) async fn shown(&self, part: &str) -> WebDriverResult<Option<WebElement>> {
        for element in self.all(part).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// The same, scrolled to the middle of the window.
    pub(super) async fn reached(&self, part: &str) -> WebDriverResult<Option<WebElement>> {
        let element = self.shown(part).await?;
        if let Some(element) = &element {
            scroll_to(self.browser, element).await?;
        }
        Ok(element)
    }

    /// Presses a button. If the press removes the button before the driver has answered, the driver reports a stale element:
    /// then it was pressed.
    pub(super) async fn press(&self, part: &str) -> Result<(), Error> {
        let went = Cell::new(false);
        self.browser
            .until(format_args!("the button {part}"), async || match self.shown(part).await? {
                Some(button) => {
                    let pressed = press(self.browser, &button).await;
                    let stale = |error: &WebDriverError| {
                        matches!(error.as_inner(), WebDriverErrorInner::StaleElementReference(_))
                    };
                    went.set(pressed.as_ref().is_err_and(stale));
                    pressed
                }
                None => Ok(went.get().then_some(())),
            })
            .await
    }

    /// Presses the first address within a part.
    pub(super) async fn press_address(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("an address in {part}"), async || {
                let Some(inside) = self.shown(part).await? else { return Ok(None) };
                let addresses = inside.find_all(By::Css("a[href]")).await?;
                let Some(address) = addresses.first() else { return Ok(None) };
                click(self.browser, address).await.map(Some)
            })
            .await
    }

    /// Presses the last of all enabled buttons of a part.
    pub(super) async fn press_last(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the last button {part}"), async || match self.all(part).await?.last() {
                Some(button) => press(self.browser, button).await,
                None => Ok(None),
            })
            .await
    }

    /// Presses a button by the key Enter.
    pub(super) async fn press_by_key(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the button {part}"), async || match self.reached(part).await? {
                Some(button) => button.send_keys(Key::Enter).await.map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Chooses the enabled element of the part with this value.
    pub(super) async fn choose(&self, part: &str, value: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{value} to choose in {part}"), async || {
                for choice in self.all(part).await? {
                    if choice.attr("value").await?.as_deref() == Some(value) && choice.is_enabled().await? {
                        return click(self.browser, &choice).await.map(Some);
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Chooses the enabled element of the part with this value by the space bar.
    pub(super) async fn choose_by_key(&self, part: &str, value: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{value} to choose in {part}"), async || {
                for choice in self.all(part).await? {
                    if choice.attr("value").await?.as_deref() == Some(value) && choice.is_enabled().await? {
                        return choice.send_keys(" ").await.map(Some);
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Chooses an option of a list by its value.
    pub(super) async fn choose_option(&self, part: &str, value: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{value} to choose in {part}"), async || {
                let Some(list) = self.reached(part).await? else { return Ok(None) };
                let option = list.find(By::Css(format!("option[value='{value}']"))).await?;
                option.click().await.map(Some)
            })
            .await
    }

    /// Waits until the part is displayed.
    pub(super) async fn is_shown(&self, part: &str) -> Result<(), Error> {
        let look = async || Ok(self.shown(part).await?.map(|_| ()));
        self.browser.until(format_args!("the {part}"), look).await
    }

    /// Waits until a part has this role and this name in the accessibility tree.
    pub(super) async fn is_exposed_as(&self, part: &str, role: &str, name: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the {part} as {role} {name:?}"), async || {
                let Some(element) = self.shown(part).await? else { return Ok(None) };
                let driver = self.browser.driver();
                let exposed =
                    (computed_role(driver, &element).await?, computed_label(driver, &element).await?);
                Ok((exposed.0 == role && exposed.1 == name).then_some(()))
            })
            .await
    }

    /// Waits until there are so many elements of the part.
    pub(super) async fn has_so_many(&self, part: &str, number: usize) -> Result<(), Error> {
        let look = async || Ok((self.all(part).await?.len() == number).then_some(()));
        self.browser.until(format_args!("{number} of {part}"), look).await
    }

    /// Waits until there is no such part.
    pub(super) async fn has_none(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("no {part}"), async || Ok(self.all(part).await?.is_empty().then_some(())))
            .await
    }

    pub(super) async fn says(&self, part: &str, words: &[&str]) -> Result<String, Error> {
        self.browser
            .until(format_args!("{words:?} in {part}"), async || {
                let Some(element) = self.shown(part).await? else {
                    return Ok(None);
                };
                let text = element.text().await?;
                Ok(words.iter().all(|word| text.contains(word)).then_some(text))
            })
            .await
    }

    /// Waits until one of the parts of this name includes these words.
    pub(super) async fn any_says(&self, part: &str, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words:?} in a {part}"), async || {
                for element in self.all(part).await? {
                    if element.text().await?.contains(words) {
                        return Ok(Some(()));
                    }
                }
                Ok(None)
            })
            .await
    }

    pub(super) async fn write(&self, text: &str) -> Result<(), Error> {
        self.browser
            .until("the composer", async || {
                let Some(composer) = self.reached("composer").await? else {
                    return Ok(None);
                };
                composer.clear().await?;
                composer.send_keys(text).await?;
                Ok(Some(()))
            })
            .await?;
        self.press("send").await
    }

    pub(super) async fn begin_to_write(&self, text: &str) -> Result<(), Error> {
        self.begin_to_write_in("composer", text).await
    }

    pub(super) async fn begin_to_write_in(&self, part: &str, text: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the field {part}"), async || match self.reached(part).await? {
                Some(field) => field.send_keys(text).await.map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Chooses the first enabled option, of a list or of radio buttons.
    pub(super) async fn choose_first(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("something to choose in {part}"), async || {
                let mut choice = None;
                for one in self.all(part).await? {
                    if one.is_displayed().await? && one.is_enabled().await? {
                        choice = Some(one);
                        break;
                    }
                }
                let Some(choice) = choice else { return Ok(None) };
                let chosen = self.browser.driver().execute(CHOOSE_FIRST, vec![choice.to_json()?]).await?;
                Ok(chosen.convert::<bool>()?.then_some(()))
            })
            .await
    }

    pub(super) async fn paste(&self, text: &str) -> Result<(), Error> {
        self.browser
            .until("the composer", async || {
                let Some(composer) = self.shown("composer").await? else {
                    return Ok(None);
                };
                let given = vec![composer.to_json()?, Value::from(text)];
                self.browser.driver().execute(PASTE, given).await.map(|_| Some(()))
            })
            .await?;
        self.press("send").await
    }

    pub(super) async fn draft_is(&self, text: &str) -> Result<(), Error> {
        self.field_is("composer", text).await
    }

    pub(super) async fn field_is(&self, part: &str, text: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{text:?} in the field {part}"), async || {
                let Some(field) = self.shown(part).await? else { return Ok(None) };
                Ok((field.prop("value").await?.as_deref() == Some(text)).then_some(()))
            })
            .await
    }

    pub(super) async fn delivery_says(&self, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words:?} about delivery"), async || {
                let last = self.all("delivery").await?.pop();
                let Some(last) = last else { return Ok(None) };
                Ok(last.text().await?.contains(words).then_some(()))
            })
            .await
    }

    pub(super) async fn texts(&self) -> Result<Vec<String>, Error> {
        self.browser
            .until("the texts", async || {
                let given = vec![Value::from(self.host)];
                let told = self.browser.driver().execute(TEXTS, given).await?;
                told.convert::<Vec<String>>().map(Some)
            })
            .await
    }

    pub(super) async fn transcript(&self) -> Result<Vec<ShownMessage>, Error> {
        self.browser.until("the transcript", async || self.lines().await.map(Some)).await
    }

    async fn lines(&self) -> WebDriverResult<Vec<ShownMessage>> {
        let mut lines = Vec::new();
        for message in self.all("message").await? {
            lines.push(ShownMessage {
                author: message.attr("data-author").await?.unwrap_or_default(),
                text: message.text().await?,
            });
        }
        Ok(lines)
    }

    pub(super) async fn reads(&self, author: &str, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words:?} of the {author}"), async || {
                let lines = self.lines().await?;
                let found = lines.iter().any(|line| line.author == author && line.text.contains(words));
                Ok(found.then_some(()))
            })
            .await
    }
}

/// Presses a button unless it is disabled.
pub(super) async fn press(browser: &Browser, button: &WebElement) -> WebDriverResult<Option<()>> {
    let waits = button.attr("aria-disabled").await?.as_deref() == Some("true");
    if waits || !button.is_enabled().await? {
        return Ok(None);
    }
    click(browser, button).await.map(Some)
}

pub(crate) async fn click(browser: &Browser, element: &WebElement) -> WebDriverResult<()> {
    scroll_to(browser, element).await?;
    let place = browser.driver().execute([SCALE, MISSED].concat(), vec![element.to_json()?]).await?;
    match place.convert::<Option<(i64, i64)>>()? {
        Some((x, y)) => browser.driver().action_chain().move_to(x, y).click().perform().await,
        None => element.click().await,
    }
}

/// Scrolls an element to the middle of the window, where no sticky element covers it. Drivers scroll as little as possible,
/// and that of WebKit does not scroll at all.
async fn scroll_to(browser: &Browser, element: &WebElement) -> WebDriverResult<()> {
    let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
    browser.driver().execute(scroll, vec![element.to_json()?]).await?;
    Ok(())
}

/// Waits for the element of a selector and presses it.
pub(super) async fn press_at(browser: &Browser, selector: &str) -> Result<(), Error> {
    browser
        .until(format_args!("something to press at {selector}"), async || {
            browser.driver().find(By::Css(selector)).await?.click().await.map(Some)
        })
        .await
}

/// Signs in with the card of that person or advisor.
pub(super) async fn sign_in_as(browser: &Browser, id: &str) -> Result<(), Error> {
    browser
        .until(format_args!("the card of {id}"), async || {
            let card = By::Css(format!("button[data-person='{id}']"));
            browser.driver().find(card).await?.click().await.map(Some)
        })
        .await
}

/// Inside a zoomed ancestor, engines measure in pixels of the window or in those of the ancestor. A box of 10 px shows which;
/// `scaleOf` is the factor from their measurements to pixels of the window.
pub(crate) const SCALE: &str = "
    const scaleOf = (element) => {
        let zoom = 1;
        for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) zoom *= getComputedStyle(one).zoom;
        if (zoom === 1) return 1;
        const ten = document.createElement('div');
        ten.style.cssText = 'position: fixed; box-sizing: border-box; width: 10px; max-width: none; zoom: 2';
        document.body.append(ten);
        const { width } = ten.getBoundingClientRect();
        ten.remove();
        return width > 15 ? 1 : zoom;
    };
";
/// The middle of a zoomed element, which WebKit's driver would miss because it does not scale the measurements.
const MISSED: &str = "
    const [element] = arguments;
    const scale = scaleOf(element);
    if (scale === 1) return null;
    const { x, y, width, height } = element.getBoundingClientRect();
    return [(x + width / 2) * scale, (y + height / 2) * scale].map(Math.round);
";
const CHOOSE_FIRST: &str = "
    const [choice] = arguments;
    if (choice.type === 'radio') { choice.click(); return true; }
    const option = [...choice.options].find((option) => option.value !== '' && !option.disabled);
    if (!option) return false;
    choice.value = option.value;
    choice.dispatchEvent(new Event('change', { bubbles: true }));
    return true;
";
const PASTE: &str = "
    arguments[0].value = arguments[1];
    arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
";
const TEXTS: &str = "
    const root = document.querySelector(arguments[0]).shadowRoot;
    return [...root.querySelectorAll('[data-part=message] .text')].map((text) => text.textContent);
";
