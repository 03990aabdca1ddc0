// SPDX-License-Identifier: EUPL-1.2
//! The advisors' console: offers, the conversation on screen, notes, segnalazioni, and the end.

use thirtyfour::{By, Key};

use super::{
    ShownMessage,
    parts::{Parts, press, sign_in_as},
};
use crate::{accessible, browser::Browser, error::Error, portal::Portal};

/// The advisors' page.
#[derive(Clone, Copy, Debug)]
pub struct ConsolePage<'b> {
    browser: &'b Browser,
    desk: Parts<'b>,
}

impl<'b> ConsolePage<'b> {
    /// Opens the console and signs in as an advisor with one click.
    ///
    /// Returns once the desk counts the advisor as present, so that people who enter later may be offered to them.
    pub async fn sign_in(browser: &'b Browser, portal: &Portal, advisor: &str) -> Result<Self, Error> {
        browser.open(&portal.page("/console")).await?;
        sign_in_as(browser, advisor).await?;
        browser
            .until("the console on the page", async || {
                browser.driver().find(By::Css("info-cig-console")).await.map(Some)
            })
            .await?;
        Self::at_the_desk(browser).await
    }

    /// The console in a tab of a browser whose advisor is signed in.
    pub async fn again(browser: &'b Browser, portal: &Portal) -> Result<Self, Error> {
        browser.open(&portal.page("/console")).await?;
        Self::at_the_desk(browser).await
    }

    /// The console on the page that is shown, once the desk counts its advisor as present.
    pub(super) async fn at_the_desk(browser: &'b Browser) -> Result<Self, Error> {
        let console = Self { browser, desk: Parts { browser, host: "info-cig-console" } };
        console.desk.says("connection", &["attiva"]).await?;
        Ok(console)
    }

    /// Takes a break, so that nobody new is offered, and waits until the desk has heard it.
    pub async fn pause(&self) -> Result<(), Error> {
        // Beside an open conversation the hint is for screen readers alone.
        let paused = "const root = document.querySelector('info-cig-console').shadowRoot;
            const button = root.querySelector('[data-presence=paused]');
            if (button?.getAttribute('aria-pressed') !== 'true') button?.click();
            return root.querySelector('[data-part=presence-hint]')?.textContent.includes('Non ti arriva altro') ?? false;";
        self.browser
            .until("the break", async || {
                let paused = self.browser.driver().execute(paused, Vec::new()).await?;
                Ok(paused.convert::<bool>()?.then_some(()))
            })
            .await
    }

    /// Waits until the console reports that the browser blocks sounds.
    pub async fn says_that_sounds_are_blocked(&self) -> Result<(), Error> {
        self.desk.is_shown("sounds-blocked").await
    }

    /// Waits until it no longer reports that.
    pub async fn says_nothing_of_sounds(&self) -> Result<(), Error> {
        self.desk.has_none("sounds-blocked").await
    }

    /// Opens the options for sounds and notifications.
    pub async fn open_alerts(&self) -> Result<(), Error> {
        self.desk.press("alerts-open").await
    }

    /// Waits until the phase of the open conversation includes this text.
    pub async fn phase_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("phase", words).await
    }

    /// Waits until the advisor holds no conversation, active or to be wrapped up.
    pub async fn holds_no_conversation(&self) -> Result<(), Error> {
        self.desk.has_none("conversation-item").await
    }

    /// Waits for the offer of a person, accepts it and opens the conversation.
    pub async fn take(&self, name: &str) -> Result<(), Error> {
        self.press_in("offer", name, "[data-part=accept]").await?;
        self.open(name).await
    }

    /// Opens a conversation that the advisor holds.
    pub async fn open(&self, name: &str) -> Result<(), Error> {
        self.press_in("conversation-item", name, "button").await?;
        self.desk.says("person", &[name]).await?;
        Ok(())
    }

    /// Waits until the log includes this text.
    pub async fn log_says(&self, words: &str) -> Result<String, Error> {
        self.desk.says("log", &[words]).await
    }

    /// Waits until the card of the person includes these words.
    pub async fn person_says(&self, words: &[&str]) -> Result<String, Error> {
        self.desk.says("person", words).await
    }

    /// Writes a message and sends it.
    pub async fn write(&self, text: &str) -> Result<(), Error> {
        self.desk.write(text).await
    }

    /// The messages of the log, as shown.
    pub async fn transcript(&self) -> Result<Vec<ShownMessage>, Error> {
        self.desk.transcript().await
    }

    /// Waits until a message of this author with this text is shown.
    pub async fn reads(&self, author: &str, words: &str) -> Result<(), Error> {
        self.desk.reads(author, words).await
    }

    /// Types into the field for messages.
    pub async fn begin_to_write(&self, text: &str) -> Result<(), Error> {
        self.desk.begin_to_write(text).await
    }

    /// Presses the button to send.
    pub async fn send(&self) -> Result<(), Error> {
        self.desk.press("send").await
    }

    /// Waits until the field for messages has this text.
    pub async fn draft_is(&self, text: &str) -> Result<(), Error> {
        self.desk.draft_is(text).await
    }

    /// Waits until the newest state of delivery includes this text.
    pub async fn delivery_says(&self, words: &str) -> Result<(), Error> {
        self.desk.delivery_says(words).await
    }

    /// The text of the field for messages.
    pub async fn draft(&self) -> Result<String, Error> {
        let script =
            "return document.querySelector('info-cig-console').shadowRoot.querySelector('#draft').value";
        let value = self.desk.browser.script(script, Vec::new()).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Keeps a quick reply of one's own; the panel stays open.
    pub async fn keep_reply(&self, name: &str, text: &str) -> Result<(), Error> {
        self.desk.press("replies-open").await?;
        self.desk.press("own-replies-open").await?;
        self.desk.press("own-reply-keep").await?;
        self.desk.any_says("own-reply-form", "Compila: Nome.").await?;
        self.fill_in("own-reply-name", name).await?;
        self.fill_in("own-reply-text-it", text).await?;
        self.desk.press("own-reply-keep").await?;
        self.desk.any_says("own-replies-status", "Salvata").await
    }

    /// Chooses the first of the quick replies.
    pub async fn insert_first_reply(&self) -> Result<(), Error> {
        self.desk.press("replies-open").await?;
        self.desk.press("reply").await
    }

    /// Asks the assistant for an answer to the newest message of the person.
    pub async fn suggest(&self) -> Result<(), Error> {
        self.desk.press("suggest").await
    }

    /// Waits until the suggestions include these words.
    pub async fn suggestions_say(&self, words: &[&str]) -> Result<String, Error> {
        self.desk.says("suggestions", words).await
    }

    /// Waits until the button of the suggestions includes these words.
    pub async fn suggest_button_says(&self, words: &str) -> Result<(), Error> {
        self.desk.says("suggest", &[words]).await.map(|_| ())
    }

    /// Waits until the suggestions are closed.
    pub async fn suggests_nothing(&self) -> Result<(), Error> {
        self.desk.has_none("suggestions").await
    }

    /// Inserts the first suggestion by its key, wherever the focus is.
    pub async fn insert_first_suggestion_by_key(&self) -> Result<(), Error> {
        self.desk.browser.type_keys("1").await
    }

    /// Asks the assistant by the shortcut, wherever the focus is.
    pub async fn suggest_by_key(&self) -> Result<(), Error> {
        self.desk.browser.type_keys(Key::Escape + "u").await
    }

    /// Waits until the console reports that files cannot be sent.
    pub async fn files_are_refused(&self) -> Result<(), Error> {
        self.desk.says("no-files", &["i file non si possono inviare"]).await.map(|_| ())
    }

    /// Waits until the typing indicator includes this text.
    pub async fn typing_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("typing", words).await
    }

    /// Waits until the presence of the other side includes this text.
    pub async fn presence_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("presence", words).await
    }

    /// The exact texts of the messages of the log.
    pub async fn texts(&self) -> Result<Vec<String>, Error> {
        self.desk.texts().await
    }

    /// Reloads the page and opens a conversation.
    pub async fn reload(&self, name: &str) -> Result<(), Error> {
        let reloading = async || self.browser.driver().refresh().await.map(Some);
        self.browser.until("the page again", reloading).await?;
        self.press_in("conversation-item", name, "button").await
    }

    /// Shares with the person the case that waits for data of the employer.
    pub async fn share_waiting_case(&self) -> Result<(), Error> {
        self.desk.press("cases-open").await?;
        self.press_in("case", "In attesa dei dati", "[data-part=case-share]").await
    }

    /// Opens the dialog that forwards a request to the office.
    pub async fn open_forward(&self) -> Result<(), Error> {
        self.desk.press("forward").await?;
        self.desk.is_shown("forward-description").await
    }

    /// Forwards a request to the office with all messages of the log, after its preview.
    pub async fn forward(&self, description: &str) -> Result<(), Error> {
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

    /// Waits until one row of the supervisors' list of segnalazioni includes this text.
    pub async fn segnalazioni_say(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("segnalazione-row", words).await
    }

    /// Resends the first segnalazione that was given up.
    pub async fn retry_segnalazione(&self) -> Result<(), Error> {
        self.desk.press("segnalazione-retry").await
    }

    /// Opens one of the pages beside the desk by the part of its button.
    pub async fn open_page(&self, button: &str) -> Result<(), Error> {
        self.desk.press(button).await
    }

    /// Waits until a part of the open page includes these words.
    pub async fn page_says(&self, part: &str, words: &str) -> Result<(), Error> {
        self.desk.any_says(part, words).await
    }

    /// Presses a button of the open page.
    pub async fn press_on_page(&self, button: &str) -> Result<(), Error> {
        self.desk.press(button).await
    }

    /// Chooses an option of a list of the open page by its value.
    pub async fn choose_on_page(&self, list: &str, value: &str) -> Result<(), Error> {
        self.desk.choose_option(list, value).await
    }

    /// Writes into a text field, named by its part.
    pub async fn fill_in(&self, part: &str, text: &str) -> Result<(), Error> {
        self.desk.begin_to_write_in(part, text).await
    }

    /// Waits until a field of the open page has this text.
    pub async fn field_on_page_is(&self, field: &str, text: &str) -> Result<(), Error> {
        self.desk.field_is(field, text).await
    }

    /// Fills in a field of the open page, as typing or a press on its calendar would.
    pub async fn fill_on_page(&self, field: &str, value: &str) -> Result<(), Error> {
        let script = "const field = document.querySelector('info-cig-console').shadowRoot.getElementById(arguments[0]); \
                      field.value = arguments[1]; \
                      for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }))";
        self.desk.is_shown(field).await?;
        self.browser.script(script, vec![field.into(), value.into()]).await.map(drop)
    }

    /// The rows of the report that is shown: their value, and each figure's name with its numbers as they are for machines.
    pub async fn report_rows(&self) -> Result<serde_json::Value, Error> {
        let script = "const rows = {}; \
            for (const row of document.querySelector('info-cig-console').shadowRoot.querySelectorAll('tr[data-value]')) { \
                const figures = rows[row.dataset.value] ??= {}; \
                for (const cell of row.querySelectorAll('[data-figure]')) \
                    figures[cell.dataset.figure] = cell.querySelector('data')?.value ?? ''; \
            } return rows";
        self.browser.script(script, Vec::new()).await
    }

    /// Downloads the report that is shown, and returns the text of the file.
    pub async fn download_report(&self) -> Result<String, Error> {
        let watch = "const create = URL.createObjectURL; \
            URL.createObjectURL = (blob) => { blob.text().then((text) => window.savedText = text); return create(blob) }";
        self.browser.script(watch, Vec::new()).await?;
        self.desk.press("report-download").await?;
        self.desk.says("report-saving", &["CSV"]).await?;
        let saved = self.browser.script_async("arguments[0](window.savedText)").await?;
        Ok(saved.as_str().unwrap_or_default().to_owned())
    }

    /// Ends the conversation with topic and outcome, and confirms it.
    pub async fn close(&self) -> Result<(), Error> {
        self.desk.press("close").await?;
        self.choose_topic_and_outcome().await
    }

    /// Chooses topic and outcome in the dialog that ends the conversation, and leaves it without ending.
    pub async fn choose_topic_and_cancel(&self) -> Result<(), Error> {
        self.desk.press("close").await?;
        for part in CLOSING_CHOICES {
            self.desk.choose_first(part).await?;
        }
        self.desk.press("cancel").await
    }

    /// Ends the conversation with the topic and outcome that the dialog proposes.
    pub async fn close_as_proposed(&self) -> Result<(), Error> {
        self.desk.press("close").await?;
        self.desk.press("close-confirm").await
    }

    /// Wraps up a conversation that the person ended, with topic and outcome.
    pub async fn classify(&self) -> Result<(), Error> {
        self.finish().await?;
        self.choose_topic_and_outcome().await
    }

    async fn choose_topic_and_outcome(&self) -> Result<(), Error> {
        for part in CLOSING_CHOICES {
            self.desk.choose_first(part).await?;
        }
        self.desk.press("close-confirm").await
    }

    /// Offers the open conversation to a colleague, by id, with a note.
    pub async fn transfer(&self, to: &str, note: &str) -> Result<(), Error> {
        self.desk.press("transfer").await?;
        self.desk.choose("transfer-to", to).await?;
        self.desk.begin_to_write_in("transfer-note", note).await?;
        self.desk.press("transfer-confirm").await
    }

    /// Transfers the open conversation to another queue, by id, with the keyboard alone; `in_between` sees the dialog.
    pub async fn transfer_to_queue_by_key(
        &self,
        queue: &str,
        in_between: impl AsyncFnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.desk.press_by_key("transfer").await?;
        self.desk.choose_by_key("transfer-to", &format!("queue:{queue}")).await?;
        in_between().await?;
        self.desk.press_by_key("transfer-confirm").await
    }

    /// Waits until the queue of a conversation is named so.
    pub async fn queue_name_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("queue-name", words).await
    }

    /// Waits until no queue is named.
    pub async fn names_no_queue(&self) -> Result<(), Error> {
        self.desk.has_none("queue-name").await
    }

    /// Shows one queue alone, by id.
    pub async fn show_only(&self, queue: &str) -> Result<(), Error> {
        self.desk.choose_option("queue-only", queue).await
    }

    /// Waits until so many people are shown as waiting.
    pub async fn shows_waiting(&self, number: usize) -> Result<(), Error> {
        self.desk.has_so_many("queue-item", number).await
    }

    /// Waits until the row of a queue on the panel includes these words.
    pub async fn queue_row_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("queue-row", words).await
    }

    /// Retracts the transfer.
    pub async fn retract_transfer(&self) -> Result<(), Error> {
        self.desk.press("retract").await
    }

    /// Waits until one of the offers includes these words.
    pub async fn offer_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("offer", words).await
    }

    /// Waits until there is no offer.
    pub async fn is_offered_nothing(&self) -> Result<(), Error> {
        self.desk.has_none("offer").await
    }

    /// Waits until the internal notes include these words.
    pub async fn notes_say(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("note", words).await
    }

    /// Shows the internal notes, or hides them.
    pub async fn press_notes_button(&self) -> Result<(), Error> {
        self.desk.press("notes-open").await
    }

    /// Types into the field for notes.
    pub async fn begin_note(&self, text: &str) -> Result<(), Error> {
        self.desk.begin_to_write_in("note-text", text).await
    }

    /// Waits until the field for notes has this text.
    pub async fn note_is(&self, text: &str) -> Result<(), Error> {
        self.desk.field_is("note-text", text).await
    }

    /// Chooses a language, and waits until the console is in it.
    pub async fn choose_language(&self, language: &str) -> Result<(), Error> {
        self.desk.choose_option("language", language).await?;
        self.speaks(language).await
    }

    /// Waits until the console is in this language.
    pub async fn speaks(&self, language: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("the console in {language}"), async || {
                let spoken = self.browser.driver().execute(SPOKEN, Vec::new()).await?;
                Ok((spoken.convert::<String>()? == language).then_some(()))
            })
            .await
    }

    /// Waits until the earlier conversations of the person include these texts.
    pub async fn history_says(&self, words: &[&str]) -> Result<String, Error> {
        self.desk.says("history", words).await
    }

    /// Shows or hides the earlier conversations of the person.
    pub async fn press_history_button(&self) -> Result<(), Error> {
        self.desk.press("history-open").await
    }

    /// Ends the wrap-up of a conversation.
    pub async fn finish(&self) -> Result<(), Error> {
        self.desk.press("finish").await
    }

    /// Opens the newest earlier conversation, or closes it, with a key.
    pub async fn press_history_item_by_key(&self) -> Result<(), Error> {
        self.desk.press_by_key("history-toggle").await
    }

    /// Waits until a message of the open earlier conversation includes this text.
    pub async fn history_message_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("history-message", words).await
    }

    /// Waits until no earlier conversation is open.
    pub async fn history_log_is_closed(&self) -> Result<(), Error> {
        self.desk.has_none("history-log").await
    }

    /// Goes to the supervisor's area.
    pub async fn go_to_supervision(&self) -> Result<(), Error> {
        self.desk.press("area-supervision").await
    }

    /// Waits until a number of the supervisor's panel, or of the wallboard, includes this text.
    pub async fn tile_says(&self, tile: &str, words: &str) -> Result<(), Error> {
        self.desk.says(&format!("tile-{tile}"), &[words]).await.map(|_| ())
    }

    /// Waits until an alert of the supervisor's panel includes this text.
    pub async fn alert_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("alert", words).await
    }

    /// Waits until the title of the page includes this text.
    pub async fn title_says(&self, words: &str) -> Result<(), Error> {
        self.browser
            .until(format_args!("{words} in the title"), async || {
                Ok(self.browser.driver().title().await?.contains(words).then_some(()))
            })
            .await
    }

    /// Presses the button of a supervisor's act on the conversation that an advisor has under way, by the advisor's name.
    pub async fn press_act(&self, advisor: &str, act: &str) -> Result<(), Error> {
        self.press_in("under-way-row", advisor, &format!("[data-part={act}]")).await
    }

    /// Waits until the console is one that reads, and writes to the advisor alone.
    pub async fn observes(&self) -> Result<(), Error> {
        self.desk.is_shown("observed").await
    }

    /// Whispers to the advisor of the conversation that is read.
    pub async fn whisper(&self, text: &str) -> Result<(), Error> {
        self.desk.begin_to_write_in("whisper-text", text).await?;
        self.desk.press("whisper-send").await
    }

    /// Takes over the conversation that is read, and confirms it.
    pub async fn take_over(&self) -> Result<(), Error> {
        self.desk.press("take-over").await?;
        self.desk.press("take-over-confirm").await
    }

    /// Waits until the advisor reads what a supervisor does in the open conversation.
    pub async fn supervised_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("supervised", words).await
    }

    /// Waits until the advisor reads who else is in the open conversation.
    pub async fn taking_part_says(&self, words: &str) -> Result<(), Error> {
        self.desk.any_says("taking-part", words).await
    }

    /// Waits until a note is marked as a whisper of a supervisor.
    pub async fn has_a_whisper(&self) -> Result<(), Error> {
        self.desk.is_shown("whisper-mark").await
    }

    /// The wallboard, in a browser whose supervisor is signed in.
    pub async fn wallboard(browser: &'b Browser, portal: &Portal) -> Result<Self, Error> {
        browser.open(&portal.page("/console?view=wallboard")).await?;
        let console = Self { browser, desk: Parts { browser, host: "info-cig-console" } };
        console.desk.says("wallboard-status", &["Aggiornato alle"]).await?;
        Ok(console)
    }

    /// The text of the whole wallboard.
    pub async fn wallboard_text(&self) -> Result<String, Error> {
        self.desk.says("wallboard", &[]).await
    }

    /// Checks the console, as shown now, against WCAG 2.2 AA.
    pub async fn is_accessible(&self) -> Result<(), Error> {
        accessible::check(self.browser, self.desk.host).await
    }

    /// Waits until the log has this role and name in the accessibility tree.
    pub async fn log_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.desk.is_exposed_as("log", role, name).await
    }

    /// Waits until the field for messages has this role and name in the accessibility tree.
    pub async fn composer_is_exposed_as(&self, role: &str, name: &str) -> Result<(), Error> {
        self.desk.is_exposed_as("composer", role, name).await
    }

    /// Presses a button in the row with this name.
    async fn press_in(&self, row: &str, name: &str, button: &str) -> Result<(), Error> {
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

/// The fields of the dialog that ends a conversation, in their order.
const CLOSING_CHOICES: [&str; 4] = ["topic-1", "topic-2", "topic-3", "outcome"];
const SPOKEN: &str = "
    return document.querySelector('info-cig-console')?.shadowRoot?.querySelector('.console')?.lang ?? '';
";
