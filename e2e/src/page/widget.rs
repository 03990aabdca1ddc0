// SPDX-License-Identifier: EUPL-1.2
//! INFO CIG on a page of the portal: launcher, queue, conversation, history, and the end.

use super::{PortalPage, ShownMessage};
use crate::{accessible, error::Error};

impl PortalPage<'_> {
    /// Presses "Parla con un operatore".
    pub async fn press_launcher(&self) -> Result<(), Error> {
        self.chat.press("launcher").await
    }

    /// Waits until the words beside the button include these.
    pub async fn status_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("status", words).await
    }

    /// Waits until the panel includes these words.
    pub async fn panel_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("panel", words).await
    }

    /// Waits until the phase includes these words.
    pub async fn phase_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("phase", words).await
    }

    /// Waits until the place in the queue is said with these words.
    pub async fn place_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("place", words).await
    }

    /// Waits until the refusal includes these words.
    pub async fn refusal_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("refusal", words).await
    }

    /// Waits until what stands in the way is said with these words.
    pub async fn trouble_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("trouble", words).await
    }

    /// Waits until what there is instead of a new conversation includes these words.
    pub async fn elsewhere_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("elsewhere", words).await
    }

    /// Waits until a line of the log that nobody wrote includes these words.
    pub async fn log_tells(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("system", words).await
    }

    /// Goes back from the panel to the page.
    pub async fn press_back(&self) -> Result<(), Error> {
        self.chat.press("back").await
    }

    /// Tries again to enter.
    pub async fn press_retry(&self) -> Result<(), Error> {
        self.chat.press("retry").await
    }

    /// Asks again whether the service is open.
    pub async fn press_check(&self) -> Result<(), Error> {
        self.chat.press("check").await
    }

    /// Begins anew after the end.
    pub async fn press_begin_again(&self) -> Result<(), Error> {
        self.chat.press("begin-again").await
    }

    /// Reads the log from its beginning.
    pub async fn reads_from_the_top(&self) -> Result<(), Error> {
        self.chat.is_shown("log").await?;
        self.script("document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTo({ top: 0, behavior: 'instant' })")
            .await
            .map(drop)
    }

    /// How far from the top of the log one is, in whole pixels.
    pub async fn scrolled(&self) -> Result<u64, Error> {
        let far = self
            .script("return Math.round(document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTop)")
            .await?;
        far.as_u64().ok_or_else(|| Error::new(format!("expected a number of pixels, and {far} came")))
    }

    /// Waits until the log offers to go to what is new.
    pub async fn is_offered_the_end(&self) -> Result<(), Error> {
        self.chat.is_shown("to-end").await
    }

    /// Goes to what is new; nothing is offered there.
    pub async fn goes_to_the_end(&self) -> Result<(), Error> {
        self.chat.press("to-end").await?;
        self.chat.has_none("to-end").await
    }

    /// Waits until a part of the chat is said not to have come.
    pub async fn misses_a_part(&self) -> Result<(), Error> {
        self.chat.is_shown("part-failed").await
    }

    /// Asks again for a part that did not come.
    pub async fn press_part_retry(&self) -> Result<(), Error> {
        self.chat.press("part-retry").await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Error> {
        self.chat.write(text).await
    }

    /// What was said so far.
    pub async fn transcript(&self) -> Result<Vec<ShownMessage>, Error> {
        self.chat.transcript().await
    }

    /// Waits until somebody's line with these words is shown.
    pub async fn reads(&self, author: &str, words: &str) -> Result<(), Error> {
        self.chat.reads(author, words).await
    }

    /// Writes and does not send.
    pub async fn begin_to_write(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write(text).await
    }

    /// Sends what was written.
    pub async fn send(&self) -> Result<(), Error> {
        self.chat.press("send").await
    }

    /// Sends any text, also one that no keyboard could type.
    pub async fn paste(&self, text: &str) -> Result<(), Error> {
        self.chat.paste(text).await
    }

    /// Waits until what is in the field is this.
    pub async fn draft_is(&self, text: &str) -> Result<(), Error> {
        self.chat.draft_is(text).await
    }

    /// Waits until the newest words about delivery are these.
    pub async fn delivery_says(&self, words: &str) -> Result<(), Error> {
        self.chat.delivery_says(words).await
    }

    /// Waits until it is said that the other side writes.
    pub async fn typing_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("typing", words).await
    }

    /// Waits until it is said how the other side stands.
    pub async fn presence_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("presence", words).await
    }

    /// What was said so far, exactly.
    pub async fn texts(&self) -> Result<Vec<String>, Error> {
        self.chat.texts().await
    }

    /// Waits until another tab is said to be the one that writes.
    pub async fn writes_elsewhere(&self) -> Result<(), Error> {
        self.chat.tells("elsewhere-tab", "altra scheda").await
    }

    /// Writes here from now on, and not in the other tab.
    pub async fn press_write_here(&self) -> Result<(), Error> {
        self.chat.press("write-here").await
    }

    /// Waits until it is asked whether a text may leave, with these words.
    pub async fn caution_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("caution", words).await
    }

    /// Has what was found covered, and sends.
    pub async fn press_mask(&self) -> Result<(), Error> {
        self.chat.press("caution-mask").await
    }

    /// Sends the text as it is.
    pub async fn press_send_as_is(&self) -> Result<(), Error> {
        self.chat.press("caution-send").await
    }

    /// Goes back to the text.
    pub async fn press_edit(&self) -> Result<(), Error> {
        self.chat.press("caution-edit").await
    }

    /// Opens the form that asks what the question is about, while waiting.
    pub async fn open_question(&self) -> Result<(), Error> {
        self.chat.press("question-toggle").await?;
        self.chat.is_shown("question-kind").await
    }

    /// Says what the question is about, while waiting: the kind, and nothing else.
    pub async fn ask_about(&self, kind: &str) -> Result<(), Error> {
        self.open_question().await?;
        self.chat.choose_option("question-kind", kind).await?;
        self.chat.press("question-send").await?;
        self.chat.has_none("question").await
    }

    /// Looks at one's own cases, while waiting.
    pub async fn look_at_cases(&self) -> Result<(), Error> {
        self.chat.press("cases-toggle").await
    }

    /// Waits until a case is shown with these words.
    pub async fn case_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("case", words).await
    }

    /// Leaves the queue, having found the answer, and confirms it.
    pub async fn has_found_the_answer(&self) -> Result<(), Error> {
        self.chat.press("self-served").await?;
        self.chat.press("self-served-confirm").await
    }

    /// Waits until the log says how a segnalazione stands.
    pub async fn segnalazione_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("segnalazione", words).await
    }

    /// Waits until an office's answer is shown.
    pub async fn answer_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("answer", words).await
    }

    /// Writes to the office, because nobody can answer.
    pub async fn write_to_the_office(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write_in("write-text", text).await?;
        self.chat.press("write-send").await
    }

    /// Writes to the office and does not send.
    pub async fn begin_to_write_to_the_office(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write_in("write-text", text).await
    }

    /// Waits until what is in the field of the letter to the office is this.
    pub async fn letter_is(&self, text: &str) -> Result<(), Error> {
        self.chat.field_is("write-text", text).await
    }

    /// Looks back at one's conversations.
    pub async fn look_back(&self) -> Result<(), Error> {
        self.chat.press("history").await
    }

    /// Waits until one of one's conversations is listed with these words.
    pub async fn history_says(&self, words: &str) -> Result<(), Error> {
        self.chat.tells("history-item", words).await
    }

    /// Opens the newest of one's conversations.
    pub async fn open_past(&self) -> Result<(), Error> {
        self.chat.press("history-open").await
    }

    /// Waits until the receipt includes these words.
    pub async fn receipt_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("receipt", words).await
    }

    /// Opens what was said as a page to print, in another tab.
    pub async fn print_receipt(&self) -> Result<(), Error> {
        self.chat.press("receipt-print").await
    }

    /// Waits until one is asked whether one had the answer one came for.
    pub async fn rating_is_asked(&self) -> Result<(), Error> {
        self.chat.is_shown("rating-send").await
    }

    /// Waits until an earlier conversation is read, and its log is shown.
    pub async fn past_is_read(&self) -> Result<(), Error> {
        self.chat.is_shown("log").await
    }

    /// Waits until it is said that the link is lost.
    pub async fn link_is_lost(&self) -> Result<(), Error> {
        self.chat.is_shown("link").await
    }

    /// Wants to end the conversation, and is asked once more.
    pub async fn press_end(&self) -> Result<(), Error> {
        self.chat.press("close").await?;
        self.chat.is_shown("close-confirm").await
    }

    /// Ends the conversation and confirms it.
    pub async fn close(&self) -> Result<(), Error> {
        self.chat.press("close").await?;
        self.confirm_end().await
    }

    /// Says that it is to end.
    pub async fn confirm_end(&self) -> Result<(), Error> {
        self.chat.press("close-confirm").await
    }

    /// Checks what WCAG 2.2 AA asks of INFO CIG as it is at this moment.
    pub async fn is_accessible(&self) -> Result<(), Error> {
        accessible::check(self.browser, self.chat.host).await
    }

    /// Waits until assistive technology meets the log in this role and under this name.
    pub async fn log_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.chat.is_exposed_as("log", role, name).await
    }

    /// Waits until assistive technology meets the field for messages in this role and under this name.
    pub async fn composer_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.chat.is_exposed_as("composer", role, name).await
    }
}
