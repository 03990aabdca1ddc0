// SPDX-License-Identifier: EUPL-1.2
//! The rules in the console, as administrators see them; and the console of an auditor, who is at no desk either.

use thirtyfour::By;

use super::parts::{Parts, press, sign_in_as};
use crate::{accessible, browser::Browser, error::Error, portal::Portal};

/// The console of an administrator, with the rules on screen.
#[derive(Clone, Copy, Debug)]
pub struct RulesPage<'b> {
    browser: &'b Browser,
    console: Parts<'b>,
}

impl<'b> RulesPage<'b> {
    /// Opens the console, signs in as an administrator, and returns once the version in force is shown.
    pub async fn sign_in(browser: &'b Browser, portal: &Portal, administrator: &str) -> Result<Self, Error> {
        browser.open(&portal.page("/console")).await?;
        sign_in_as(browser, administrator).await?;
        Self::shown(browser).await
    }

    /// The same for an auditor, whose console is the audit trail alone.
    pub async fn sign_in_to_audit(
        browser: &'b Browser,
        portal: &Portal,
        auditor: &str,
    ) -> Result<Self, Error> {
        browser.open(&portal.page("/console")).await?;
        sign_in_as(browser, auditor).await?;
        let page = Self { browser, console: Parts { browser, host: "info-cig-console" } };
        page.says("audit-chain", "Righe: ").await?;
        Ok(page)
    }

    /// The same for a data protection officer, whose console opens with their page.
    pub async fn sign_in_to_protection(
        browser: &'b Browser,
        portal: &Portal,
        officer: &str,
    ) -> Result<Self, Error> {
        browser.open(&portal.page("/console")).await?;
        sign_in_as(browser, officer).await?;
        let page = Self { browser, console: Parts { browser, host: "info-cig-console" } };
        page.says("protection-due", "").await?;
        Ok(page)
    }

    /// Chooses an option of a list by its value.
    pub async fn choose(&self, list: &str, value: &str) -> Result<(), Error> {
        self.console.choose_option(list, value).await
    }

    /// The rules on the page that is shown.
    pub async fn shown(browser: &'b Browser) -> Result<Self, Error> {
        let page = Self { browser, console: Parts { browser, host: "info-cig-console" } };
        page.says("rules-current", "In vigore la versione").await?;
        Ok(page)
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Result<(), Error> {
        self.browser
            .until("the page again", async || self.browser.driver().refresh().await.map(Some))
            .await?;
        self.says("rules-current", "In vigore la versione").await
    }

    /// Waits until a part includes these words.
    pub async fn says(&self, part: &str, words: &str) -> Result<(), Error> {
        self.console.any_says(part, words).await
    }

    /// Waits until there is no such part.
    pub async fn has_none(&self, part: &str) -> Result<(), Error> {
        self.console.has_none(part).await
    }

    /// Presses a button.
    pub async fn press(&self, part: &str) -> Result<(), Error> {
        self.console.press(part).await
    }

    /// Presses the last button of a part: that of the newest row of a list.
    pub async fn press_last(&self, part: &str) -> Result<(), Error> {
        self.console.press_last(part).await
    }

    /// Presses a button by the key Enter.
    pub async fn press_by_key(&self, part: &str) -> Result<(), Error> {
        self.console.press_by_key(part).await
    }

    /// Fills in a field, as typing or a press on its calendar would.
    pub async fn fill(&self, field: &str, value: &str) -> Result<(), Error> {
        self.console.is_shown(field).await?;
        self.browser.script(FILL, vec![field.into(), value.into()]).await.map(drop)
    }

    /// Waits until a field has this text.
    pub async fn field_is(&self, field: &str, text: &str) -> Result<(), Error> {
        self.console.field_is(field, text).await
    }

    /// The text of a field.
    pub async fn field(&self, field: &str) -> Result<String, Error> {
        self.console.is_shown(field).await?;
        let value = self.browser.script(READ, vec![field.into()]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until a part has the focus.
    pub async fn has_focus(&self, part: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the focus on {part}"), async || {
                let focused = self.browser.driver().execute(FOCUSED, Vec::new()).await?;
                Ok((focused.convert::<String>()? == part).then_some(()))
            })
            .await
    }

    /// The line of the text of the rules that the caret is in.
    pub async fn line_of_the_caret(&self) -> Result<u64, Error> {
        let line = self.browser.script(LINE, Vec::new()).await?;
        line.as_u64().ok_or_else(|| Error::new(format!("no caret: {line}")))
    }

    /// Closes at once until a time of today, in two presses; the sentence of the first one includes these words.
    pub async fn close_now(&self, until: &str, sentence: &str) -> Result<(), Error> {
        self.fill("rules-until", until).await?;
        self.press("rules-close").await?;
        self.says("rules-close-sentence", sentence).await?;
        self.has_focus("rules-close-question").await?;
        self.press("rules-close-confirm").await
    }

    /// Opens a form that is folded.
    pub async fn unfold(&self, form: &str) -> Result<(), Error> {
        // Forms are there once the draft has been read.
        self.says(form, "").await?;
        let summary = format!("[data-part='{form}'] > summary");
        self.browser.script(UNFOLD, vec![summary.into()]).await.map(drop)
    }

    /// Adds a closure of one day to the draft.
    pub async fn add_closure(&self, day: &str, reason: &str, source: &str) -> Result<(), Error> {
        self.unfold("closures").await?;
        self.fill("closure-from", day).await?;
        self.fill("closure-it", reason).await?;
        self.fill("closure-source", source).await?;
        self.press("closure-add").await
    }

    /// Checks the draft, and waits for the answer.
    pub async fn check(&self, answer: &str) -> Result<(), Error> {
        self.press("rules-check").await?;
        self.says("rules-checked", answer).await
    }

    /// Publishes or proposes the draft that was checked, at once.
    pub async fn publish(&self, reason: &str) -> Result<(), Error> {
        self.fill("rules-why", reason).await?;
        self.press("rules-publish").await
    }

    /// The same from an instant on.
    pub async fn publish_from(&self, reason: &str, from: &str) -> Result<(), Error> {
        self.press("rules-later").await?;
        self.fill("rules-from", from).await?;
        self.publish(reason).await
    }

    /// Presses a button in the row of a version.
    pub async fn press_of(&self, row: &str, version: u32, button: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{button} of version {version}"), async || {
                for row in self.console.all(row).await? {
                    if row.attr("data-version").await?.as_deref() == Some(&version.to_string()) {
                        let found = row.find(By::Css(format!("[data-part={button}]"))).await?;
                        return press(self.browser, &found).await;
                    }
                }
                Ok(None)
            })
            .await
    }

    /// Chooses a language, and waits until the console is in it.
    pub async fn choose_language(&self, language: &str) -> Result<(), Error> {
        self.console.choose_option("language", language).await?;
        self.browser
            .until(format_args!("the console in {language}"), async || {
                let spoken = self.browser.driver().execute(SPOKEN, Vec::new()).await?;
                Ok((spoken.convert::<String>()? == language).then_some(()))
            })
            .await
    }

    /// Checks the console, as shown now, against WCAG 2.2 AA.
    pub async fn is_accessible(&self) -> Result<(), Error> {
        accessible::check(self.browser, self.console.host).await
    }

    /// Whether the page is no wider than its window.
    pub async fn fits_its_window(&self) -> Result<bool, Error> {
        let fits = "return document.documentElement.scrollWidth <= innerWidth";
        Ok(self.browser.script(fits, Vec::new()).await? == true)
    }
}

const FILL: &str = "
    const root = document.querySelector('info-cig-console').shadowRoot;
    const field = root.querySelector(`[data-part='${arguments[0]}']`);
    field.value = arguments[1];
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
";
const READ: &str = "
    const root = document.querySelector('info-cig-console').shadowRoot;
    return root.querySelector(`[data-part='${arguments[0]}']`).value;
";
const UNFOLD: &str = "
    const root = document.querySelector('info-cig-console').shadowRoot;
    const summary = root.querySelector(arguments[0]);
    if (!summary.parentElement.open) summary.click();
";
const FOCUSED: &str = "
    return document.querySelector('info-cig-console')?.shadowRoot?.activeElement?.dataset.part ?? '';
";
const SPOKEN: &str = "
    return document.querySelector('info-cig-console')?.shadowRoot?.querySelector('.console')?.lang ?? '';
";
const LINE: &str = "
    const root = document.querySelector('info-cig-console').shadowRoot;
    const field = root.querySelector('[data-part=rules-document]');
    return root.activeElement === field ? field.value.slice(0, field.selectionStart).split('\\n').length : null;
";
