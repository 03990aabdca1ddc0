// SPDX-License-Identifier: EUPL-1.2
//! A page of the portal: signing in, the plain link, the time machine, and the storage and requests of the page.

use serde_json::Value;
use thirtyfour::By;

use super::parts::{Parts, press_at, sign_in_as};
use crate::{browser::Browser, error::Error, portal::Portal};

/// A portal page with INFO CIG in it.
#[derive(Clone, Copy, Debug)]
pub struct PortalPage<'b> {
    pub(super) browser: &'b Browser,
    pub(super) chat: Parts<'b>,
}

impl<'b> PortalPage<'b> {
    /// Opens a page of the portal and signs in as a person with one click.
    pub async fn sign_in(
        browser: &'b Browser,
        portal: &Portal,
        path: &str,
        person: &str,
    ) -> Result<Self, Error> {
        browser.open(&portal.page(path)).await?;
        sign_in_as(browser, person).await?;
        let page = Self { browser, chat: Parts { browser, host: "info-cig" } };
        browser
            .until("INFO CIG on the page", async || {
                browser.driver().find(By::Css("info-cig")).await.map(Some)
            })
            .await?;
        Ok(page)
    }

    /// Reloads the page.
    pub async fn reload(&self) -> Result<(), Error> {
        let reloading = async || self.browser.driver().refresh().await.map(Some);
        self.browser.until("the page again", reloading).await
    }

    /// Replaces the text of the field for messages and reloads the page in the same task, before any timer can run.
    pub async fn type_and_reload(&self, text: &str) -> Result<(), Error> {
        let typed = self.browser.script(TYPE_AND_RELOAD, vec![Value::from(text)]).await;
        // The page may be gone before the driver has its answer.
        drop(typed);
        self.browser
            .until("the page again", async || {
                let is_new = self.browser.driver().execute(IS_NEW, Vec::new()).await?;
                Ok((is_new.json().as_bool() == Some(true)).then_some(()))
            })
            .await
    }

    /// Waits until the plain link inside the element is shown. Returns its path on the portal.
    pub async fn plain_link(&self) -> Result<String, Error> {
        self.browser
            .until("the plain link", async || {
                let link = self.browser.driver().find(By::Css("info-cig a")).await?;
                if !link.is_displayed().await? {
                    return Ok(None);
                }
                let page = self.browser.driver().current_url().await?;
                let portal = page.origin().ascii_serialization();
                // WebKit's driver returns the whole URL.
                Ok(link.attr("href").await?.map(|leads| leads.trim_start_matches(&portal).to_owned()))
            })
            .await
    }

    /// Waits until the loader has defined the custom element.
    pub async fn knows_its_element(&self) -> Result<(), Error> {
        self.browser
            .until("the loader", async || {
                let known =
                    self.browser.driver().execute("return !!customElements.get('info-cig')", vec![]).await?;
                Ok(known.convert::<bool>()?.then_some(()))
            })
            .await
    }

    /// Waits until the portal's page before the plain pages is shown.
    pub async fn is_on_the_plain_page(&self) -> Result<(), Error> {
        self.browser
            .until("the portal's plain page", async || {
                self.browser.driver().find(By::Css("form[action$='/chat']")).await.map(|_| Some(()))
            })
            .await
    }

    /// Follows the plain link.
    pub async fn follow_plain_link(&self) -> Result<(), Error> {
        press_at(self.browser, "info-cig a").await
    }

    /// Presses the plain link by script, because drivers would wait for the page it may lead to.
    pub async fn begin_to_follow_plain_link(&self) -> Result<(), Error> {
        self.script("document.querySelector('info-cig a').click();").await?;
        Ok(())
    }

    /// Sends the page the event `pageshow`, as after a sleep of the device.
    pub async fn resumes_from_sleep(&self) -> Result<(), Error> {
        self.script("window.dispatchEvent(new Event('pageshow'));").await?;
        Ok(())
    }

    /// The number of requests for the availability since the page was loaded.
    pub async fn availability_requests(&self) -> Result<u64, Error> {
        let asked = self.script(QUESTIONS).await?;
        asked.as_u64().ok_or_else(|| Error::new(format!("expected a number of questions, received {asked}")))
    }

    /// Chooses one of the speeds of the service's clock in the time machine.
    pub async fn choose_speed(&self, speed: u32) -> Result<(), Error> {
        self.browser
            .until(format_args!("the speed {speed}"), async || {
                let driver = self.browser.driver();
                let open = driver.find(By::Css(".time-machine[open]")).await.is_ok();
                if !open {
                    driver.find(By::Css(".time-machine summary")).await?.click().await?;
                }
                let option = format!(".time-machine option[value='{speed}']");
                driver.find(By::Css(option)).await?.click().await.map(Some)
            })
            .await
    }

    /// Waits until the time machine includes this text.
    pub async fn time_machine_says(&self, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words:?} in the time machine"), async || {
                let summary = self.browser.driver().find(By::Css(".time-machine summary")).await?;
                Ok(summary.text().await?.contains(words).then_some(()))
            })
            .await
    }

    pub(super) async fn script(&self, script: &str) -> Result<Value, Error> {
        self.browser.script(script, Vec::new()).await
    }

    /// Opens the page in a new tab of a browser with a signed-in person.
    pub async fn in_new_tab(browser: &'b Browser, portal: &Portal, path: &str) -> Result<Self, Error> {
        browser.new_tab().await?;
        browser.open(&portal.page(path)).await?;
        Ok(Self { browser, chat: Parts { browser, host: "info-cig" } })
    }

    /// Signs out, and in as another person, in the same tab.
    pub async fn sign_in_instead(&self, person: &str) -> Result<(), Error> {
        self.browser
            .until("the button to sign out", async || {
                self.browser
                    .driver()
                    .find(By::Css("form[action='/sign-out'] button"))
                    .await?
                    .click()
                    .await
                    .map(Some)
            })
            .await?;
        sign_in_as(self.browser, person).await
    }

    /// The number of polls since the page was loaded.
    pub async fn polls(&self) -> Result<u64, Error> {
        let asked = self.script(POLLS).await?;
        asked.as_u64().ok_or_else(|| Error::new(format!("expected a number of polls, received {asked}")))
    }

    /// The session storage of INFO CIG in this tab; empty if there is none.
    pub async fn session_storage(&self) -> Result<String, Error> {
        let kept = self.script(STORED).await?;
        Ok(kept.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the session storage of INFO CIG in this tab includes a text: a draft is stored after a delay.
    pub async fn has_stored(&self, text: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{text:?} in the session storage"), async || {
                let stored = self.browser.driver().execute(STORED, Vec::new()).await?;
                Ok(stored.json().as_str().is_some_and(|stored| stored.contains(text)).then_some(()))
            })
            .await
    }

    /// The page's title.
    pub async fn title(&self) -> Result<String, Error> {
        let title = self.script("return document.title;").await?;
        Ok(title.as_str().unwrap_or_default().to_owned())
    }
}

const STORED: &str = "return sessionStorage.getItem('info-cig') ?? '';";

const POLLS: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path.endsWith('/poll')).length;
";
const QUESTIONS: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path === '/v1/availability').length;
";

/// Marks the page, types like a person and reloads.
const TYPE_AND_RELOAD: &str = "
const field = document.querySelector('info-cig').shadowRoot.querySelector('#composer');
window.isLeft = true;
field.value = arguments[0];
field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
location.reload();";

/// Whether the page is not the marked one.
const IS_NEW: &str = "return window.isLeft !== true;";
