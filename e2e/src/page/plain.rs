// SPDX-License-Identifier: EUPL-1.2
//! The conversation as plain pages, in a real browser.

use thirtyfour::By;

use super::parts::press_at;
use crate::{accessible, browser::Browser, error::Error};

/// The conversation as a page without scripts.
#[derive(Clone, Copy, Debug)]
pub struct PlainPage<'b> {
    browser: &'b Browser,
}

impl<'b> PlainPage<'b> {
    /// Enters by the button of the portal's page before it.
    pub async fn enter(browser: &'b Browser) -> Result<Self, Error> {
        let page = Self::ask_to_enter(browser).await?;
        page.says(&["INFO CIG"]).await?;
        Ok(page)
    }

    /// The same, whether or not the person is let in.
    pub async fn ask_to_enter(browser: &'b Browser) -> Result<Self, Error> {
        press_at(browser, "form[action$='/chat'] button").await?;
        Ok(Self { browser })
    }

    /// Opens a page of the service by its address.
    pub async fn open(browser: &'b Browser, url: &str) -> Result<Self, Error> {
        browser.open(url).await?;
        Ok(Self { browser })
    }

    /// Waits until the page includes these texts.
    pub async fn says(&self, words: &[&str]) -> Result<(), Error> {
        self.browser
            .until(format_args!("a plain page that says {words:?}"), async || {
                let said = self.browser.driver().find(By::Css("main")).await?.text().await?;
                Ok(words.iter().all(|word| said.contains(word)).then_some(()))
            })
            .await
    }

    /// Types into the field and presses the button below it.
    pub async fn write(&self, text: &str) -> Result<(), Error> {
        self.send("#text", text, "#write button").await
    }

    /// Asks the automatic assistant.
    pub async fn ask_the_assistant(&self, text: &str) -> Result<(), Error> {
        self.send("#question", text, "#assistant button").await
    }

    async fn send(&self, field: &str, text: &str, button: &str) -> Result<(), Error> {
        self.browser
            .until("the field of the plain page", async || {
                let field = self.browser.driver().find(By::Css(field)).await?;
                field.clear().await?;
                // WebKit's driver refuses an empty text.
                if text.is_empty() { Ok(Some(())) } else { field.send_keys(text).await.map(Some) }
            })
            .await?;
        press_at(self.browser, button).await
    }

    /// Presses a button of the prompt about sensitive data: `mask`, `send` or `edit`.
    pub async fn decide(&self, way: &str) -> Result<(), Error> {
        press_at(self.browser, &format!("#write button[value='{way}']")).await
    }

    /// Follows the link to `/chat` followed by `below`.
    pub async fn follow(&self, below: &str) -> Result<(), Error> {
        press_at(self.browser, &format!("main a[href^='/chat{below}']")).await
    }

    /// The number of scripts on the page.
    pub async fn scripts(&self) -> Result<u64, Error> {
        let scripts = self.browser.script("return document.scripts.length;", Vec::new()).await?;
        scripts
            .as_u64()
            .ok_or_else(|| Error::new(format!("expected a number of scripts, received {scripts}")))
    }

    /// Checks the page, as shown now, against WCAG 2.2 AA.
    pub async fn is_accessible(&self) -> Result<(), Error> {
        accessible::check(self.browser, "html").await
    }

    /// Follows the link that reloads the page.
    pub async fn press_update(&self) -> Result<(), Error> {
        press_at(self.browser, ".updates .button").await
    }

    /// Follows the link to the end of the conversation.
    pub async fn press_end(&self) -> Result<(), Error> {
        press_at(self.browser, "a[href^='/chat/end']").await
    }

    /// Waits until the page asks for confirmation of the end.
    pub async fn asks_whether_to_end(&self) -> Result<(), Error> {
        let asked = By::Css("form[action^='/chat/end'] button");
        let look = async || self.browser.driver().find(asked.clone()).await.map(|_| Some(()));
        self.browser.until("the question before the end", look).await
    }

    /// Ends the conversation and confirms it.
    pub async fn end(&self) -> Result<(), Error> {
        self.press_end().await?;
        self.confirm_end().await
    }

    /// Confirms the end.
    pub async fn confirm_end(&self) -> Result<(), Error> {
        press_at(self.browser, "form[action^='/chat/end'] button").await
    }
}
