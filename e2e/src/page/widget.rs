// SPDX-License-Identifier: EUPL-1.2
//! INFO CIG on a page of the portal: launcher, queue, conversation, history, and the end.

use super::{PortalPage, ShownMessage};
use crate::{accessible, error::Error};

impl PortalPage<'_> {
    /// Presses "Parla con un operatore".
    pub async fn press_launcher(&self) -> Result<(), Error> {
        self.chat.press("launcher").await
    }

    /// Waits until the status beside the button includes these texts.
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

    /// Waits until the place in the queue includes these texts.
    pub async fn place_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("place", words).await
    }

    /// Waits until the refusal includes these words.
    pub async fn refusal_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("refusal", words).await
    }

    /// Waits until the error of the panel includes these texts.
    pub async fn error_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("error", words).await
    }

    /// Waits until the alternatives to a new conversation include these texts.
    pub async fn elsewhere_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("elsewhere", words).await
    }

    /// Waits until a system entry of the log includes this text.
    pub async fn log_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("system", words).await
    }

    /// Waits until a part of the call includes these words.
    pub async fn call_says(&self, part: &str, words: &str) -> Result<(), Error> {
        self.chat.any_says(part, words).await
    }

    /// Presses a button of the call.
    pub async fn press_in_call(&self, button: &str) -> Result<(), Error> {
        self.chat.press(button).await
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

    /// Begins a new conversation after the end.
    pub async fn press_begin_again(&self) -> Result<(), Error> {
        self.chat.press("begin-again").await
    }

    /// Scrolls to the top of the log.
    pub async fn reads_from_the_top(&self) -> Result<(), Error> {
        self.chat.is_shown("log").await?;
        self.script("document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTo({ top: 0, behavior: 'instant' })")
            .await
            .map(drop)
    }

    /// The scroll position of the log, in whole pixels.
    pub async fn scrolled(&self) -> Result<u64, Error> {
        let far = self
            .script("return Math.round(document.querySelector('info-cig').shadowRoot.querySelector('[data-part=log]').scrollTop)")
            .await?;
        far.as_u64().ok_or_else(|| Error::new(format!("expected a number of pixels, received {far}")))
    }

    /// Waits until the button to the newest messages is shown.
    pub async fn is_offered_the_end(&self) -> Result<(), Error> {
        self.chat.is_shown("to-end").await
    }

    /// Presses the button to the newest messages, and waits until it is gone.
    pub async fn goes_to_the_end(&self) -> Result<(), Error> {
        self.chat.press("to-end").await?;
        self.chat.has_none("to-end").await
    }

    /// Waits until the panel reports that a chunk could not be loaded.
    pub async fn reports_a_missing_chunk(&self) -> Result<(), Error> {
        self.chat.is_shown("part-failed").await
    }

    /// Retries to load a chunk.
    pub async fn press_chunk_retry(&self) -> Result<(), Error> {
        self.chat.press("part-retry").await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Error> {
        self.chat.write(text).await
    }

    /// The messages of the log, as shown.
    pub async fn transcript(&self) -> Result<Vec<ShownMessage>, Error> {
        self.chat.transcript().await
    }

    /// Waits until a message of this author with this text is shown.
    pub async fn reads(&self, author: &str, words: &str) -> Result<(), Error> {
        self.chat.reads(author, words).await
    }

    /// Types into the field for messages.
    pub async fn begin_to_write(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write(text).await
    }

    /// Presses the button to send.
    pub async fn send(&self) -> Result<(), Error> {
        self.chat.press("send").await
    }

    /// Sets the text of the field for messages and sends it: some texts cannot be typed by a driver.
    pub async fn paste(&self, text: &str) -> Result<(), Error> {
        self.chat.paste(text).await
    }

    /// Waits until the field for messages has this text.
    pub async fn draft_is(&self, text: &str) -> Result<(), Error> {
        self.chat.draft_is(text).await
    }

    /// Waits until the newest state of delivery includes this text.
    pub async fn delivery_says(&self, words: &str) -> Result<(), Error> {
        self.chat.delivery_says(words).await
    }

    /// Waits until the typing indicator includes this text.
    pub async fn typing_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("typing", words).await
    }

    /// Waits until the presence of the other side includes this text.
    pub async fn presence_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("presence", words).await
    }

    /// The exact texts of the messages of the log.
    pub async fn texts(&self) -> Result<Vec<String>, Error> {
        self.chat.texts().await
    }

    /// Waits until the panel reports that another tab is the active one.
    pub async fn writes_elsewhere(&self) -> Result<(), Error> {
        self.chat.any_says("elsewhere-tab", "altra scheda").await
    }

    /// Makes this tab the active one.
    pub async fn press_write_here(&self) -> Result<(), Error> {
        self.chat.press("write-here").await
    }

    /// Waits until the prompt about sensitive data includes these texts.
    pub async fn sensitive_data_prompt_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("sensitive-data", words).await
    }

    /// Masks the sensitive data and sends.
    pub async fn press_mask(&self) -> Result<(), Error> {
        self.chat.press("sensitive-data-mask").await
    }

    /// Sends the text unchanged.
    pub async fn press_send_as_is(&self) -> Result<(), Error> {
        self.chat.press("sensitive-data-send").await
    }

    /// Returns to the text.
    pub async fn press_edit(&self) -> Result<(), Error> {
        self.chat.press("sensitive-data-edit").await
    }

    /// Opens the form for the subject of the question, in the queue.
    pub async fn open_question(&self) -> Result<(), Error> {
        self.chat.press("question-toggle").await?;
        self.chat.is_shown("question-kind").await
    }

    /// Sends the form for the subject of the question, with a kind only.
    pub async fn ask_about(&self, kind: &str) -> Result<(), Error> {
        self.open_question().await?;
        self.chat.choose_option("question-kind", kind).await?;
        self.chat.press("question-send").await?;
        self.chat.has_none("question").await
    }

    /// Opens the assistant with the button beside the launcher.
    pub async fn open_assistant(&self) -> Result<(), Error> {
        self.chat.press("assistant-open").await
    }

    /// Opens the assistant with the button of the refusal.
    pub async fn open_assistant_from_the_refusal(&self) -> Result<(), Error> {
        self.chat.is_shown("refusal").await?;
        self.chat.press("assistant-open").await
    }

    /// Opens the assistant while the person waits.
    pub async fn open_assistant_in_the_queue(&self) -> Result<(), Error> {
        self.chat.press("assistant-toggle").await
    }

    /// Asks the assistant.
    pub async fn ask_the_assistant(&self, question: &str) -> Result<(), Error> {
        self.chat.begin_to_write_in("assistant-question", question).await?;
        self.chat.press("assistant-ask").await
    }

    /// Waits until an answer of the assistant includes this text.
    pub async fn assistant_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("assistant-answer", words).await
    }

    /// Waits until no answer of the assistant is shown.
    pub async fn shows_no_answer_of_the_assistant(&self) -> Result<(), Error> {
        self.chat.has_none("assistant-answer").await
    }

    /// Enters from the assistant, because it did not help.
    pub async fn go_on_to_a_person(&self) -> Result<(), Error> {
        self.chat.press("assistant-no").await
    }

    /// Opens the person's own cases, in the queue.
    pub async fn look_at_cases(&self) -> Result<(), Error> {
        self.chat.press("cases-toggle").await
    }

    /// Waits until one of the cases includes this text.
    pub async fn case_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("case", words).await
    }

    /// Leaves the queue by the button for people who found the answer, and confirms it.
    pub async fn leave_with_the_answer(&self) -> Result<(), Error> {
        self.chat.press("self-served").await?;
        self.chat.press("self-served-confirm").await
    }

    /// Presses the first address in an answer of the assistant.
    pub async fn press_source_of_the_assistant(&self) -> Result<(), Error> {
        self.chat.press_address("assistant-answer").await
    }

    /// Says that the assistant's answer was the one, and confirms it.
    pub async fn is_helped_by_the_assistant(&self) -> Result<(), Error> {
        self.chat.press("assistant-served").await?;
        self.chat.press("assistant-served-confirm").await
    }

    /// Waits until a segnalazione of the log includes this text.
    pub async fn segnalazione_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("segnalazione", words).await
    }

    /// Waits until an answer of an office includes this text.
    pub async fn answer_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("answer", words).await
    }

    /// Writes a request to the office and sends it.
    pub async fn write_to_the_office(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write_in("written-request-text", text).await?;
        self.chat.press("written-request-send").await
    }

    /// Types into the field of the written request.
    pub async fn begin_to_write_to_the_office(&self, text: &str) -> Result<(), Error> {
        self.chat.begin_to_write_in("written-request-text", text).await
    }

    /// Waits until the field of the written request has this text.
    pub async fn written_request_is(&self, text: &str) -> Result<(), Error> {
        self.chat.field_is("written-request-text", text).await
    }

    /// Opens the history of the person's conversations.
    pub async fn open_history(&self) -> Result<(), Error> {
        self.chat.press("history").await
    }

    /// Waits until one conversation of the history includes this text.
    pub async fn history_says(&self, words: &str) -> Result<(), Error> {
        self.chat.any_says("history-item", words).await
    }

    /// Opens the newest conversation of the history.
    pub async fn open_newest_of_history(&self) -> Result<(), Error> {
        self.chat.press("history-open").await
    }

    /// Waits until the receipt includes these words.
    pub async fn receipt_says(&self, words: &[&str]) -> Result<String, Error> {
        self.chat.says("receipt", words).await
    }

    /// Opens the transcript as a page to print, in another tab.
    pub async fn print_receipt(&self) -> Result<(), Error> {
        self.chat.press("receipt-print").await
    }

    /// Waits until the form for the rating is shown.
    pub async fn rating_is_asked(&self) -> Result<(), Error> {
        self.chat.is_shown("rating-send").await
    }

    /// Waits until the log of an earlier conversation is shown.
    pub async fn history_log_is_shown(&self) -> Result<(), Error> {
        self.chat.is_shown("log").await
    }

    /// Waits until the panel reports that the connection is lost.
    pub async fn link_is_lost(&self) -> Result<(), Error> {
        self.chat.is_shown("link").await
    }

    /// Presses the button to end, and waits for the confirmation.
    pub async fn press_end(&self) -> Result<(), Error> {
        self.chat.press("close").await?;
        self.chat.is_shown("close-confirm").await
    }

    /// Ends the conversation and confirms it.
    pub async fn close(&self) -> Result<(), Error> {
        self.chat.press("close").await?;
        self.confirm_end().await
    }

    /// Confirms the end.
    pub async fn confirm_end(&self) -> Result<(), Error> {
        self.chat.press("close-confirm").await
    }

    /// Unfolds how long what is kept, which includes these words.
    pub async fn reads_how_long(&self, words: &[&str]) -> Result<(), Error> {
        self.chat.press("kept").await?;
        self.chat.says("kept", words).await.map(drop)
    }

    /// Waits until nothing says how long what is kept.
    pub async fn says_no_more_how_long(&self) -> Result<(), Error> {
        self.chat.has_none("kept").await
    }

    /// Checks INFO CIG, as shown now, against WCAG 2.2 AA.
    pub async fn is_accessible(&self) -> Result<(), Error> {
        accessible::check(self.browser, self.chat.host).await
    }

    /// Waits until the log has this role and name in the accessibility tree.
    pub async fn log_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.chat.is_exposed_as("log", role, name).await
    }

    /// Waits until the field for messages has this role and name in the accessibility tree.
    pub async fn composer_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.chat.is_exposed_as("composer", role, name).await
    }
}
