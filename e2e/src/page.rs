// SPDX-License-Identifier: EUPL-1.2
//! Pages as people use them: what they read, what they press, what they write.
//!
//! INFO CIG lives in shadow roots; its parts are found by `data-part`, a name that survives every change of words and looks.

mod everybody;

use std::cell::Cell;

use serde_json::Value;
use thirtyfour::{
    By, Key, WebElement,
    error::{WebDriverError, WebDriverErrorInner, WebDriverResult},
};

use crate::{
    accessible,
    browser::Browser,
    portal::Portal,
    standard::{all_in_shadow, computed_label, computed_role},
    trouble::Trouble,
};

/// A portal page with INFO CIG in it.
#[derive(Clone, Copy, Debug)]
pub struct PortalPage<'b> {
    browser: &'b Browser,
    chat: Parts<'b>,
}

/// The advisors' page.
#[derive(Clone, Copy, Debug)]
pub struct ConsolePage<'b> {
    browser: &'b Browser,
    desk: Parts<'b>,
}

/// The conversation as a page without scripts.
#[derive(Clone, Copy, Debug)]
pub struct PlainPage<'b> {
    browser: &'b Browser,
}

/// A line of a transcript: `citizen` or `advisor`, and what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub author: String,
    /// Its words, with whatever the interface shows beside them.
    pub text: String,
}

impl<'b> PlainPage<'b> {
    /// Presses the one button of the portal's page before it.
    pub async fn enter(browser: &'b Browser) -> Result<Self, Trouble> {
        press_at(browser, "form[action$='/chat'] button").await?;
        let page = Self { browser };
        page.says(&["INFO CIG"]).await?;
        Ok(page)
    }

    /// Waits until the page says all of this.
    pub async fn says(&self, words: &[&str]) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("a plain page that says {words:?}"), async || {
                let said = self.browser.driver().find(By::Css("main")).await?.text().await?;
                Ok(words.iter().all(|word| said.contains(word)).then_some(()))
            })
            .await
    }

    /// Writes in the field and presses the button below it.
    pub async fn write(&self, text: &str) -> Result<(), Trouble> {
        self.browser
            .until("the field of the plain page", async || {
                let field = self.browser.driver().find(By::Css("#text")).await?;
                field.clear().await?;
                // WebKit's driver refuses to type nothing.
                if text.is_empty() { Ok(Some(())) } else { field.send_keys(text).await.map(Some) }
            })
            .await?;
        press_at(self.browser, "#write button").await
    }

    /// Presses one of the buttons below a text that is asked about: `mask`, `send` or `edit`.
    pub async fn decide(&self, way: &str) -> Result<(), Trouble> {
        press_at(self.browser, &format!("#write button[value='{way}']")).await
    }

    /// Follows the link to this place below the plain pages' own.
    pub async fn follow(&self, below: &str) -> Result<(), Trouble> {
        press_at(self.browser, &format!("main a[href^='/chat{below}']")).await
    }

    /// How many scripts are on the page.
    pub async fn scripts(&self) -> Result<u64, Trouble> {
        let scripts = self.browser.script("return document.scripts.length;", Vec::new()).await?;
        scripts
            .as_u64()
            .ok_or_else(|| Trouble::new(format!("expected a number of scripts, and {scripts} came")))
    }

    /// Checks what WCAG 2.2 AA asks of the page as it is at this moment.
    pub async fn is_accessible(&self) -> Result<(), Trouble> {
        accessible::check(self.browser, "html").await
    }

    /// Follows the link that loads the page anew.
    pub async fn press_update(&self) -> Result<(), Trouble> {
        press_at(self.browser, ".updates .button").await
    }

    /// Wants to end the conversation, and is asked once more.
    pub async fn press_end(&self) -> Result<(), Trouble> {
        press_at(self.browser, "a[href^='/chat/end']").await
    }

    /// Waits until it is asked once more whether the conversation is to end.
    pub async fn asks_whether_to_end(&self) -> Result<(), Trouble> {
        let asked = By::Css("form[action^='/chat/end'] button");
        let look = async || self.browser.driver().find(asked.clone()).await.map(|_| Some(()));
        self.browser.until("the question before the end", look).await
    }

    /// Ends the conversation, and says so when asked.
    pub async fn end(&self) -> Result<(), Trouble> {
        self.press_end().await?;
        self.confirm_end().await
    }

    /// Says that it is to end.
    pub async fn confirm_end(&self) -> Result<(), Trouble> {
        press_at(self.browser, "form[action^='/chat/end'] button").await
    }
}

/// Presses what a selector finds, once it is there.
async fn press_at(browser: &Browser, selector: &str) -> Result<(), Trouble> {
    browser
        .until(format_args!("something to press at {selector}"), async || {
            browser.driver().find(By::Css(selector)).await?.click().await.map(Some)
        })
        .await
}

impl<'b> PortalPage<'b> {
    /// Opens a page of the portal and signs in as somebody with one click.
    pub async fn sign_in(
        browser: &'b Browser,
        portal: &Portal,
        path: &str,
        person: &str,
    ) -> Result<Self, Trouble> {
        browser.open(&portal.page(path)).await?;
        choose(browser, person).await?;
        let page = Self { browser, chat: Parts { browser, host: "info-cig" } };
        browser
            .until("INFO CIG on the page", async || {
                browser.driver().find(By::Css("info-cig")).await.map(Some)
            })
            .await?;
        Ok(page)
    }

    /// Opens the page's address anew.
    pub async fn reload(&self) -> Result<(), Trouble> {
        let reloading = async || self.browser.driver().refresh().await.map(Some);
        self.browser.until("the page again", reloading).await
    }

    /// Waits until the plain link inside the element is shown, and says where on the portal it leads.
    pub async fn plain_link(&self) -> Result<String, Trouble> {
        self.browser
            .until("the plain link", async || {
                let link = self.browser.driver().find(By::Css("info-cig a")).await?;
                if !link.is_displayed().await? {
                    return Ok(None);
                }
                let page = self.browser.driver().current_url().await?;
                let portal = page.origin().ascii_serialization();
                // WebKit's driver says the whole address.
                Ok(link.attr("href").await?.map(|leads| leads.trim_start_matches(&portal).to_owned()))
            })
            .await
    }

    /// Waits until the loader has run: the element is one, and what it shows is still the page's.
    pub async fn knows_its_element(&self) -> Result<(), Trouble> {
        self.browser
            .until("the loader", async || {
                let known =
                    self.browser.driver().execute("return !!customElements.get('info-cig')", vec![]).await?;
                Ok(known.convert::<bool>()?.then_some(()))
            })
            .await
    }

    /// Waits until the browser shows the portal's page before the plain ones.
    pub async fn is_on_the_plain_page(&self) -> Result<(), Trouble> {
        self.browser
            .until("the portal's plain page", async || {
                self.browser.driver().find(By::Css("form[action$='/chat']")).await.map(|_| Some(()))
            })
            .await
    }

    /// Follows the plain link.
    pub async fn follow_plain_link(&self) -> Result<(), Trouble> {
        press_at(self.browser, "info-cig a").await
    }

    /// Presses the plain link and goes on: drivers would wait for the page that it may lead to.
    pub async fn begin_to_follow_plain_link(&self) -> Result<(), Trouble> {
        self.script("document.querySelector('info-cig a').click();").await?;
        Ok(())
    }

    /// Presses "Parla con un operatore".
    pub async fn press_launcher(&self) -> Result<(), Trouble> {
        self.chat.press("launcher").await
    }

    /// Waits until the words beside the button include these.
    pub async fn status_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("status", words).await
    }

    /// Waits until the panel includes these words.
    pub async fn panel_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("panel", words).await
    }

    /// Waits until the phase includes these words.
    pub async fn phase_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("phase", words).await
    }

    /// Waits until the place in the queue is said with these words.
    pub async fn place_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("place", words).await
    }

    /// Waits until the refusal includes these words.
    pub async fn refusal_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("refusal", words).await
    }

    /// Waits until what stands in the way is said with these words.
    pub async fn trouble_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("trouble", words).await
    }

    /// Waits until what there is instead of a new conversation includes these words.
    pub async fn elsewhere_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("elsewhere", words).await
    }

    /// Waits until a line of the log that nobody wrote includes these words.
    pub async fn log_tells(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("system", words).await
    }

    /// Goes back from the panel to the page.
    pub async fn press_back(&self) -> Result<(), Trouble> {
        self.chat.press("back").await
    }

    /// Tries again to enter.
    pub async fn press_retry(&self) -> Result<(), Trouble> {
        self.chat.press("retry").await
    }

    /// Asks again whether the service is open.
    pub async fn press_check(&self) -> Result<(), Trouble> {
        self.chat.press("check").await
    }

    /// Begins anew after the end.
    pub async fn press_begin_again(&self) -> Result<(), Trouble> {
        self.chat.press("begin-again").await
    }

    /// The device comes back from sleep: its timers have stood still, and the page is told that it is shown again.
    pub async fn wakes_up(&self) -> Result<(), Trouble> {
        self.script("window.dispatchEvent(new Event('pageshow'));").await?;
        Ok(())
    }

    /// How often the page has asked whether the service is open since it was loaded.
    pub async fn questions(&self) -> Result<u64, Trouble> {
        let asked = self.script(QUESTIONS).await?;
        asked
            .as_u64()
            .ok_or_else(|| Trouble::new(format!("expected a number of questions, and {asked} came")))
    }

    /// Lets the service's clock run at one of the speeds that the page's time machine offers.
    pub async fn choose_speed(&self, speed: u32) -> Result<(), Trouble> {
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

    /// Waits until the time machine shows these words.
    pub async fn time_machine_says(&self, words: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{words:?} in the time machine"), async || {
                let summary = self.browser.driver().find(By::Css(".time-machine summary")).await?;
                Ok(summary.text().await?.contains(words).then_some(()))
            })
            .await
    }

    /// Reads the log from its beginning.
    pub async fn reads_from_the_top(&self) -> Result<(), Trouble> {
        self.chat.is_shown("log").await?;
        self.script("document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTo({ top: 0, behavior: 'instant' })")
            .await
            .map(drop)
    }

    /// How far from the top of the log one is, in whole pixels.
    pub async fn scrolled(&self) -> Result<u64, Trouble> {
        let far = self
            .script("return Math.round(document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTop)")
            .await?;
        far.as_u64().ok_or_else(|| Trouble::new(format!("expected a number of pixels, and {far} came")))
    }

    /// Waits until the log offers to go to what is new.
    pub async fn is_offered_the_end(&self) -> Result<(), Trouble> {
        self.chat.is_shown("to-end").await
    }

    /// Goes to what is new; nothing is offered there.
    pub async fn goes_to_the_end(&self) -> Result<(), Trouble> {
        self.chat.press("to-end").await?;
        self.chat.has_none("to-end").await
    }

    /// Waits until a part of the chat is said not to have come.
    pub async fn misses_a_part(&self) -> Result<(), Trouble> {
        self.chat.is_shown("part-failed").await
    }

    /// Asks again for a part that did not come.
    pub async fn press_part_retry(&self) -> Result<(), Trouble> {
        self.chat.press("part-retry").await
    }

    async fn script(&self, script: &str) -> Result<Value, Trouble> {
        self.browser.script(script, Vec::new()).await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Trouble> {
        self.chat.write(text).await
    }

    /// What was said so far.
    pub async fn transcript(&self) -> Result<Vec<Line>, Trouble> {
        self.chat.transcript().await
    }

    /// Waits until somebody's line with these words is shown.
    pub async fn reads(&self, author: &str, words: &str) -> Result<(), Trouble> {
        self.chat.reads(author, words).await
    }

    /// Writes and does not send.
    pub async fn begin_to_write(&self, text: &str) -> Result<(), Trouble> {
        self.chat.begin_to_write(text).await
    }

    /// Sends what was written.
    pub async fn send(&self) -> Result<(), Trouble> {
        self.chat.press("send").await
    }

    /// Sends any text, also one that no keyboard could type.
    pub async fn paste(&self, text: &str) -> Result<(), Trouble> {
        self.chat.paste(text).await
    }

    /// Waits until what is in the field is this.
    pub async fn draft_is(&self, text: &str) -> Result<(), Trouble> {
        self.chat.draft_is(text).await
    }

    /// Waits until the newest words about delivery are these.
    pub async fn delivery_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.delivery_says(words).await
    }

    /// Waits until it is said that the other side writes.
    pub async fn typing_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("typing", words).await
    }

    /// Waits until it is said how the other side stands.
    pub async fn presence_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("presence", words).await
    }

    /// What was said so far, exactly.
    pub async fn texts(&self) -> Result<Vec<String>, Trouble> {
        self.chat.texts().await
    }

    /// Waits until another tab is said to be the one that writes.
    pub async fn writes_elsewhere(&self) -> Result<(), Trouble> {
        self.chat.tells("elsewhere-tab", "altra scheda").await
    }

    /// Writes here from now on, and not in the other tab.
    pub async fn press_write_here(&self) -> Result<(), Trouble> {
        self.chat.press("write-here").await
    }

    /// Opens the page in a tab where somebody is signed in already.
    pub async fn in_new_tab(browser: &'b Browser, portal: &Portal, path: &str) -> Result<Self, Trouble> {
        browser.new_tab().await?;
        browser.open(&portal.page(path)).await?;
        Ok(Self { browser, chat: Parts { browser, host: "info-cig" } })
    }

    /// Signs out, and in as somebody else, in the same tab.
    pub async fn change_places(&self, person: &str) -> Result<(), Trouble> {
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
        choose(self.browser, person).await
    }

    /// How many polls the page has sent since it was loaded.
    pub async fn polls(&self) -> Result<u64, Trouble> {
        let asked = self.script(POLLS).await?;
        asked.as_u64().ok_or_else(|| Trouble::new(format!("expected a number of polls, and {asked} came")))
    }

    /// What the tab keeps for INFO CIG; empty where it keeps nothing.
    pub async fn keeps(&self) -> Result<String, Trouble> {
        let kept = self.script("return sessionStorage.getItem('info-cig') ?? '';").await?;
        Ok(kept.as_str().unwrap_or_default().to_owned())
    }

    /// The page's title.
    pub async fn title(&self) -> Result<String, Trouble> {
        let title = self.script("return document.title;").await?;
        Ok(title.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until it is asked whether a text may leave, with these words.
    pub async fn caution_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("caution", words).await
    }

    /// Has what was found covered, and sends.
    pub async fn press_mask(&self) -> Result<(), Trouble> {
        self.chat.press("caution-mask").await
    }

    /// Sends the text as it is.
    pub async fn press_send_as_is(&self) -> Result<(), Trouble> {
        self.chat.press("caution-send").await
    }

    /// Goes back to the text.
    pub async fn press_edit(&self) -> Result<(), Trouble> {
        self.chat.press("caution-edit").await
    }

    /// Opens the form that asks what the question is about, while waiting.
    pub async fn open_question(&self) -> Result<(), Trouble> {
        self.chat.press("question-toggle").await?;
        self.chat.is_shown("question-kind").await
    }

    /// Says what the question is about, while waiting: the kind, and nothing else.
    pub async fn ask_about(&self, kind: &str) -> Result<(), Trouble> {
        self.open_question().await?;
        self.chat.choose_option("question-kind", kind).await?;
        self.chat.press("question-send").await?;
        self.chat.has_none("question").await
    }

    /// Looks at one's own cases, while waiting.
    pub async fn look_at_cases(&self) -> Result<(), Trouble> {
        self.chat.press("cases-toggle").await
    }

    /// Waits until a case is shown with these words.
    pub async fn case_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("case", words).await
    }

    /// Leaves the queue, having found the answer, and confirms it.
    pub async fn has_found_the_answer(&self) -> Result<(), Trouble> {
        self.chat.press("self-served").await?;
        self.chat.press("self-served-confirm").await
    }

    /// Waits until the log says how a segnalazione stands.
    pub async fn segnalazione_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("segnalazione", words).await
    }

    /// Waits until an office's answer is shown.
    pub async fn answer_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("answer", words).await
    }

    /// Writes to the office, because nobody can answer.
    pub async fn write_to_the_office(&self, text: &str) -> Result<(), Trouble> {
        self.chat.begin_to_write_in("write-text", text).await?;
        self.chat.press("write-send").await
    }

    /// Writes to the office and does not send.
    pub async fn begin_to_write_to_the_office(&self, text: &str) -> Result<(), Trouble> {
        self.chat.begin_to_write_in("write-text", text).await
    }

    /// Waits until what is in the field of the letter to the office is this.
    pub async fn letter_is(&self, text: &str) -> Result<(), Trouble> {
        self.chat.field_is("write-text", text).await
    }

    /// Looks back at one's conversations.
    pub async fn look_back(&self) -> Result<(), Trouble> {
        self.chat.press("history").await
    }

    /// Waits until one of one's conversations is listed with these words.
    pub async fn history_says(&self, words: &str) -> Result<(), Trouble> {
        self.chat.tells("history-item", words).await
    }

    /// Opens the newest of one's conversations.
    pub async fn open_past(&self) -> Result<(), Trouble> {
        self.chat.press("history-open").await
    }

    /// Waits until the receipt includes these words.
    pub async fn receipt_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.chat.says("receipt", words).await
    }

    /// Opens what was said as a page to print, in another tab.
    pub async fn print_receipt(&self) -> Result<(), Trouble> {
        self.chat.press("receipt-print").await
    }

    /// Waits until one is asked whether one had the answer one came for.
    pub async fn rating_is_asked(&self) -> Result<(), Trouble> {
        self.chat.is_shown("rating-send").await
    }

    /// Waits until an earlier conversation is read, and its log is shown.
    pub async fn past_is_read(&self) -> Result<(), Trouble> {
        self.chat.is_shown("log").await
    }

    /// Waits until it is said that the link is lost.
    pub async fn link_is_lost(&self) -> Result<(), Trouble> {
        self.chat.is_shown("link").await
    }

    /// Wants to end the conversation, and is asked once more.
    pub async fn press_end(&self) -> Result<(), Trouble> {
        self.chat.press("close").await?;
        self.chat.is_shown("close-confirm").await
    }

    /// Ends the conversation and confirms it.
    pub async fn close(&self) -> Result<(), Trouble> {
        self.chat.press("close").await?;
        self.confirm_end().await
    }

    /// Says that it is to end.
    pub async fn confirm_end(&self) -> Result<(), Trouble> {
        self.chat.press("close-confirm").await
    }

    /// Checks what WCAG 2.2 AA asks of INFO CIG as it is at this moment.
    pub async fn is_accessible(&self) -> Result<(), Trouble> {
        accessible::check(self.browser, self.chat.host).await
    }

    /// Waits until assistive technology meets the log in this role and under this name.
    pub async fn log_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Trouble> {
        self.chat.is_exposed_as("log", role, name).await
    }

    /// Waits until assistive technology meets the field for messages in this role and under this name.
    pub async fn composer_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Trouble> {
        self.chat.is_exposed_as("composer", role, name).await
    }
}

impl<'b> ConsolePage<'b> {
    /// Opens the console and signs in as an advisor with one click.
    ///
    /// It comes back once the desk counts the advisor as present: whoever arrives from then on may be offered to them.
    pub async fn sign_in(browser: &'b Browser, portal: &Portal, advisor: &str) -> Result<Self, Trouble> {
        browser.open(&portal.page("/console")).await?;
        choose(browser, advisor).await?;
        browser
            .until("the console on the page", async || {
                browser.driver().find(By::Css("info-cig-console")).await.map(Some)
            })
            .await?;
        Self::at_the_desk(browser).await
    }

    /// The console in a tab of a browser whose advisor is signed in.
    pub async fn again(browser: &'b Browser, portal: &Portal) -> Result<Self, Trouble> {
        browser.open(&portal.page("/console")).await?;
        Self::at_the_desk(browser).await
    }

    async fn at_the_desk(browser: &'b Browser) -> Result<Self, Trouble> {
        let console = Self { browser, desk: Parts { browser, host: "info-cig-console" } };
        console.desk.says("connection", &["attiva"]).await?;
        Ok(console)
    }

    /// Waits until it is said that the browser keeps sounds silent.
    pub async fn says_that_sounds_are_silent(&self) -> Result<(), Trouble> {
        self.desk.is_shown("silent").await
    }

    /// Waits until it no longer is.
    pub async fn says_nothing_of_sounds(&self) -> Result<(), Trouble> {
        self.desk.has_none("silent").await
    }

    /// Opens what can be chosen about sounds and notifications.
    pub async fn open_alerts(&self) -> Result<(), Trouble> {
        self.desk.press("alerts-open").await
    }

    /// Waits until it is said with these words where the conversation on screen stands.
    pub async fn phase_says(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("phase", words).await
    }

    /// Waits until no conversation is the advisor's own, going on or to be finished.
    pub async fn has_nothing_in_hand(&self) -> Result<(), Trouble> {
        self.desk.has_none("conversation-item").await
    }

    /// Accepts the conversation of somebody who waits, when the desk offers it, and opens it.
    pub async fn take(&self, name: &str) -> Result<(), Trouble> {
        self.press_in("offer", name, "[data-part=accept]").await?;
        self.open(name).await
    }

    /// Opens a conversation of one's own.
    pub async fn open(&self, name: &str) -> Result<(), Trouble> {
        self.press_in("conversation-item", name, "button").await?;
        self.desk.says("person", &[name]).await?;
        Ok(())
    }

    /// Waits until the log includes these words, whoever wrote them.
    pub async fn log_tells(&self, words: &str) -> Result<String, Trouble> {
        self.desk.says("log", &[words]).await
    }

    /// Waits until the card of the person includes these words.
    pub async fn person_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.desk.says("person", words).await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Trouble> {
        self.desk.write(text).await
    }

    /// What was said so far.
    pub async fn transcript(&self) -> Result<Vec<Line>, Trouble> {
        self.desk.transcript().await
    }

    /// Waits until somebody's line with these words is shown.
    pub async fn reads(&self, author: &str, words: &str) -> Result<(), Trouble> {
        self.desk.reads(author, words).await
    }

    /// Writes and does not send.
    pub async fn begin_to_write(&self, text: &str) -> Result<(), Trouble> {
        self.desk.begin_to_write(text).await
    }

    /// Sends what was written.
    pub async fn send(&self) -> Result<(), Trouble> {
        self.desk.press("send").await
    }

    /// Waits until what is in the field is this.
    pub async fn draft_is(&self, text: &str) -> Result<(), Trouble> {
        self.desk.draft_is(text).await
    }

    /// Waits until the newest words about delivery are these.
    pub async fn delivery_says(&self, words: &str) -> Result<(), Trouble> {
        self.desk.delivery_says(words).await
    }

    /// What is in the field for messages.
    pub async fn draft(&self) -> Result<String, Trouble> {
        let script =
            "return document.querySelector('info-cig-console').shadowRoot.querySelector('#draft').value";
        let value = self.desk.browser.script(script, Vec::new()).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Chooses the first of the quick replies.
    pub async fn insert_first_reply(&self) -> Result<(), Trouble> {
        self.desk.press("replies-open").await?;
        self.desk.press("reply").await
    }

    /// Waits until it is said that files cannot be sent.
    pub async fn files_are_refused(&self) -> Result<(), Trouble> {
        self.desk.says("no-files", &["i file non si possono inviare"]).await.map(|_| ())
    }

    /// Waits until it is said that the other side writes.
    pub async fn typing_says(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("typing", words).await
    }

    /// Waits until it is said how the other side stands.
    pub async fn presence_says(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("presence", words).await
    }

    /// What was said so far, exactly.
    pub async fn texts(&self) -> Result<Vec<String>, Trouble> {
        self.desk.texts().await
    }

    /// Opens the page's address anew, and the conversation with somebody in it.
    pub async fn reload(&self, name: &str) -> Result<(), Trouble> {
        let reloading = async || self.browser.driver().refresh().await.map(Some);
        self.browser.until("the page again", reloading).await?;
        self.press_in("conversation-item", name, "button").await
    }

    /// Shows the person the case whose employer has yet to send data.
    pub async fn share_waiting_case(&self) -> Result<(), Trouble> {
        self.desk.press("cases-open").await?;
        self.press_in("case", "In attesa dei dati", "[data-part=case-share]").await
    }

    /// Opens the dialog that hands something to the office.
    pub async fn open_forward(&self) -> Result<(), Trouble> {
        self.desk.press("forward").await?;
        self.desk.is_shown("forward-description").await
    }

    /// Hands something to the office with all messages of the log, having read it over.
    pub async fn forward(&self, description: &str) -> Result<(), Trouble> {
        self.open_forward().await?;
        for level in ["forward-topic-1", "forward-topic-2", "forward-topic-3"] {
            self.desk.choose_first(level).await?;
        }
        self.desk.begin_to_write_in("forward-description", description).await?;
        self.desk.press("forward-all").await?;
        self.desk.press("forward-preview-open").await?;
        self.desk.says("forward-preview", &[description]).await?;
        self.desk.press("forward-send").await
    }

    /// Waits until a segnalazione is listed for supervisors with these words.
    pub async fn segnalazioni_say(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("segnalazione-row", words).await
    }

    /// Has the first one that was given up sent again.
    pub async fn retry_segnalazione(&self) -> Result<(), Trouble> {
        self.desk.press("segnalazione-retry").await
    }

    /// Ends the conversation: what it was about, what came of it, and confirmed.
    pub async fn close(&self) -> Result<(), Trouble> {
        self.desk.press("close").await?;
        self.say_what_it_was().await
    }

    /// Ends the conversation as the dialog already says.
    pub async fn close_as_it_says(&self) -> Result<(), Trouble> {
        self.desk.press("close").await?;
        self.desk.press("close-confirm").await
    }

    /// Says of a conversation that the person ended what it was about and what came of it, and frees its place.
    pub async fn classify(&self) -> Result<(), Trouble> {
        self.finish().await?;
        self.say_what_it_was().await
    }

    async fn say_what_it_was(&self) -> Result<(), Trouble> {
        for part in ["topic-1", "topic-2", "topic-3", "outcome"] {
            self.desk.choose_first(part).await?;
        }
        self.desk.press("close-confirm").await
    }

    /// Begins to hand the conversation on screen to a colleague, by id, with a note.
    pub async fn transfer(&self, to: &str, note: &str) -> Result<(), Trouble> {
        self.desk.press("transfer").await?;
        self.desk.choose("transfer-to", to).await?;
        self.desk.begin_to_write_in("transfer-note", note).await?;
        self.desk.press("transfer-confirm").await
    }

    /// Takes back what is being handed on.
    pub async fn take_back(&self) -> Result<(), Trouble> {
        self.desk.press("retract").await
    }

    /// Waits until one of the offers includes these words.
    pub async fn offer_says(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("offer", words).await
    }

    /// Waits until nothing is offered.
    pub async fn is_offered_nothing(&self) -> Result<(), Trouble> {
        self.desk.has_none("offer").await
    }

    /// Waits until the internal notes include these words.
    pub async fn notes_say(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("note", words).await
    }

    /// Shows the internal notes, or hides them.
    pub async fn press_notes_button(&self) -> Result<(), Trouble> {
        self.desk.press("notes-open").await
    }

    /// Writes a note that is not kept yet.
    pub async fn begin_note(&self, text: &str) -> Result<(), Trouble> {
        self.desk.begin_to_write_in("note-text", text).await
    }

    /// Waits until this stands in the field for notes.
    pub async fn note_is(&self, text: &str) -> Result<(), Trouble> {
        self.desk.field_is("note-text", text).await
    }

    /// Chooses a language, and waits until it is spoken.
    pub async fn choose_language(&self, language: &str) -> Result<(), Trouble> {
        self.desk.choose_option("language", language).await?;
        self.speaks(language).await
    }

    /// Waits until the console says that it is in this language.
    pub async fn speaks(&self, language: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("the console in {language}"), async || {
                let spoken = self.browser.driver().execute(SPOKEN, Vec::new()).await?;
                Ok((spoken.convert::<String>()? == language).then_some(()))
            })
            .await
    }

    /// Waits until what the person came with before is said with these words.
    pub async fn past_says(&self, words: &[&str]) -> Result<String, Trouble> {
        self.desk.says("past", words).await
    }

    /// Shows what the person came with before, or hides it.
    pub async fn press_past_button(&self) -> Result<(), Trouble> {
        self.desk.press("past-open").await
    }

    /// Frees the place of a conversation that is over.
    pub async fn finish(&self) -> Result<(), Trouble> {
        self.desk.press("finish").await
    }

    /// Opens the newest earlier conversation, or closes it, with a key.
    pub async fn press_past_by_key(&self) -> Result<(), Trouble> {
        self.desk.press_by_key("past-toggle").await
    }

    /// Waits until a line of the earlier conversation that is open includes these words.
    pub async fn past_reads(&self, words: &str) -> Result<(), Trouble> {
        self.desk.tells("past-message", words).await
    }

    /// Waits until no earlier conversation is open.
    pub async fn past_is_closed(&self) -> Result<(), Trouble> {
        self.desk.has_none("past-log").await
    }

    /// Checks what WCAG 2.2 AA asks of INFO CIG as it is at this moment.
    pub async fn is_accessible(&self) -> Result<(), Trouble> {
        accessible::check(self.browser, self.desk.host).await
    }

    /// Waits until assistive technology meets the log in this role and under this name.
    pub async fn log_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Trouble> {
        self.desk.is_exposed_as("log", role, name).await
    }

    /// Waits until assistive technology meets the field for messages in this role and under this name.
    pub async fn composer_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Trouble> {
        self.desk.is_exposed_as("composer", role, name).await
    }

    /// Presses the button in the row that names somebody.
    async fn press_in(&self, row: &str, name: &str, button: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{button} in the {row} of {name}"), async || {
                for row in self.desk.all(row).await? {
                    if row.text().await?.contains(name) {
                        return press(self.browser, &row.find(By::Css(button)).await?).await;
                    }
                }
                Ok(None)
            })
            .await
    }
}

/// Signs in with the card of that person or advisor.
async fn choose(browser: &Browser, id: &str) -> Result<(), Trouble> {
    browser
        .until(format_args!("the card of {id}"), async || {
            let card = By::Css(format!("button[data-person='{id}']"));
            browser.driver().find(card).await?.click().await.map(Some)
        })
        .await
}

/// The parts of one custom element.
#[derive(Clone, Copy, Debug)]
struct Parts<'b> {
    browser: &'b Browser,
    host: &'static str,
}

impl Parts<'_> {
    async fn all(&self, part: &str) -> WebDriverResult<Vec<WebElement>> {
        let host = self.browser.driver().find(By::Css(self.host)).await?;
        all_in_shadow(self.browser.driver(), &host, &format!("[data-part='{part}']")).await
    }

    /// The first one that people can see.
    async fn shown(&self, part: &str) -> WebDriverResult<Option<WebElement>> {
        for element in self.all(part).await? {
            if element.is_displayed().await? {
                return Ok(Some(element));
            }
        }
        Ok(None)
    }

    /// The same in the middle of the window.
    async fn reached(&self, part: &str) -> WebDriverResult<Option<WebElement>> {
        let element = self.shown(part).await?;
        if let Some(element) = &element {
            scroll_to(self.browser, element).await?;
        }
        Ok(element)
    }

    /// Presses a button. One that goes away by what it does may be gone before the driver has said so: then it was pressed.
    async fn press(&self, part: &str) -> Result<(), Trouble> {
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

    /// Presses a button as people without a mouse do.
    async fn press_by_key(&self, part: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("the button {part}"), async || match self.reached(part).await? {
                Some(button) => button.send_keys(Key::Enter).await.map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Chooses the one of several that has this value and can be chosen.
    async fn choose(&self, part: &str, value: &str) -> Result<(), Trouble> {
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

    /// Chooses an option of a list by its value.
    async fn choose_option(&self, part: &str, value: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{value} to choose in {part}"), async || {
                let Some(list) = self.reached(part).await? else { return Ok(None) };
                let option = list.find(By::Css(format!("option[value='{value}']"))).await?;
                option.click().await.map(Some)
            })
            .await
    }

    /// Waits until people can see the part.
    async fn is_shown(&self, part: &str) -> Result<(), Trouble> {
        let look = async || Ok(self.shown(part).await?.map(|_| ()));
        self.browser.until(format_args!("the {part}"), look).await
    }

    /// Waits until a part has this role and this name in the accessibility tree.
    async fn is_exposed_as(&self, part: &str, role: &str, name: &str) -> Result<(), Trouble> {
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

    /// Waits until there is no such part.
    async fn has_none(&self, part: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("no {part}"), async || Ok(self.all(part).await?.is_empty().then_some(())))
            .await
    }

    async fn says(&self, part: &str, words: &[&str]) -> Result<String, Trouble> {
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
    async fn tells(&self, part: &str, words: &str) -> Result<(), Trouble> {
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

    async fn write(&self, text: &str) -> Result<(), Trouble> {
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

    async fn begin_to_write(&self, text: &str) -> Result<(), Trouble> {
        self.begin_to_write_in("composer", text).await
    }

    async fn begin_to_write_in(&self, part: &str, text: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("the field {part}"), async || match self.reached(part).await? {
                Some(field) => field.send_keys(text).await.map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Chooses the first there is to choose, in a list or among buttons.
    async fn choose_first(&self, part: &str) -> Result<(), Trouble> {
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

    async fn paste(&self, text: &str) -> Result<(), Trouble> {
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

    async fn draft_is(&self, text: &str) -> Result<(), Trouble> {
        self.field_is("composer", text).await
    }

    async fn field_is(&self, part: &str, text: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{text:?} in the field {part}"), async || {
                let Some(field) = self.shown(part).await? else { return Ok(None) };
                Ok((field.prop("value").await?.as_deref() == Some(text)).then_some(()))
            })
            .await
    }

    async fn delivery_says(&self, words: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{words:?} about delivery"), async || {
                let last = self.all("delivery").await?.pop();
                let Some(last) = last else { return Ok(None) };
                Ok(last.text().await?.contains(words).then_some(()))
            })
            .await
    }

    async fn texts(&self) -> Result<Vec<String>, Trouble> {
        self.browser
            .until("the texts", async || {
                let given = vec![Value::from(self.host)];
                let told = self.browser.driver().execute(TEXTS, given).await?;
                told.convert::<Vec<String>>().map(Some)
            })
            .await
    }

    async fn transcript(&self) -> Result<Vec<Line>, Trouble> {
        self.browser.until("the transcript", async || self.lines().await.map(Some)).await
    }

    async fn lines(&self) -> WebDriverResult<Vec<Line>> {
        let mut lines = Vec::new();
        for message in self.all("message").await? {
            lines.push(Line {
                author: message.attr("data-author").await?.unwrap_or_default(),
                text: message.text().await?,
            });
        }
        Ok(lines)
    }

    async fn reads(&self, author: &str, words: &str) -> Result<(), Trouble> {
        self.browser
            .until(format_args!("{words:?} of the {author}"), async || {
                let lines = self.lines().await?;
                let found = lines.iter().any(|line| line.author == author && line.text.contains(words));
                Ok(found.then_some(()))
            })
            .await
    }
}

/// Presses a button that is ready to be pressed.
async fn press(browser: &Browser, button: &WebElement) -> WebDriverResult<Option<()>> {
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

/// Brings an element to the middle of the window, where nothing that stays on top covers it. People scroll there first;
/// drivers only as far as they must, and WebKit's leaves what is below the window where it is.
async fn scroll_to(browser: &Browser, element: &WebElement) -> WebDriverResult<()> {
    let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
    browser.driver().execute(scroll, vec![element.to_json()?]).await?;
    Ok(())
}

/// In a zoomed ancestor, engines measure in pixels of the window or in those of the ancestor, which a box of 10 px tells; by how
/// much what they say of an element is to be multiplied.
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
/// Where an element is that WebKit's driver would miss: it looks for it at what the engine says.
const MISSED: &str = "
    const [element] = arguments;
    const scale = scaleOf(element);
    if (scale === 1) return null;
    const { x, y, width, height } = element.getBoundingClientRect();
    return [(x + width / 2) * scale, (y + height / 2) * scale].map(Math.round);
";
const SPOKEN: &str = "
    return document.querySelector('info-cig-console')?.shadowRoot?.querySelector('.console')?.lang ?? '';
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
const POLLS: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path.endsWith('/poll')).length;
";
const PASTE: &str = "
    arguments[0].value = arguments[1];
    arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
";
const TEXTS: &str = "
    const root = document.querySelector(arguments[0]).shadowRoot;
    return [...root.querySelectorAll('[data-part=message] :is(.text, .said)')].map((text) => text.textContent);
";
const QUESTIONS: &str = "
    const addresses = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
    return addresses.filter((path) => path === '/v1/availability').length;
";
