// SPDX-License-Identifier: EUPL-1.2
//! Writing to the office when nobody can answer. The text stays until it is known to have arrived.

use std::rc::Rc;

use infocig_protocol::{limits::MAX_DESCRIPTION_CHARS, sensitive};
use leptos::prelude::*;

use crate::{
    state::{RequestError, RequestProgress},
    text::office as words,
    ui::{Ui, act},
    view::{
        button::Button,
        listens::{listens, on},
        once::{once, optional},
        pieces::{Block, Heading, Paragraph, Submit, flag, truth},
        sensitive_data_prompt::SensitiveDataPrompt,
        switch::{ShowWhen, Switch},
        text_field::{CharactersLeft, Written, writes},
    },
};

/// A request that is being written.
#[derive(Clone, Copy)]
struct Request {
    ui: Ui,
    /// Whether it is asked if sensitive data in the text may leave.
    asking: RwSignal<bool>,
}

impl Request {
    fn text(self) -> String {
        self.ui.state.read(|s| s.request_text())
    }

    fn progress(self) -> RequestProgress {
        self.ui.state.read(|s| s.written_request.progress)
    }

    fn failed(self) -> Option<RequestError> {
        match self.progress() {
            RequestProgress::Failed(why) => Some(why),
            RequestProgress::Editing | RequestProgress::Sending => None,
        }
    }

    /// Whether the text is why it has not left.
    fn is_text_wrong(self) -> bool {
        matches!(self.failed(), Some(RequestError::Empty | RequestError::TooLong))
    }

    fn focus(self) {
        self.ui.focus("#write");
    }

    fn write(self, text: String) {
        self.asking.set(false);
        self.ui.act(|chat| chat.edit_request(text));
    }

    /// Sends the text, whatever is in it.
    fn send(self) {
        self.asking.set(false);
        self.ui.act(|chat| chat.send_request());
    }

    /// Sends the text, unless it contains something to be asked about first.
    fn submit(self) {
        let kinds = sensitive::kinds(&untrack(|| self.text()));
        if !kinds.is_empty() {
            self.asking.set(true);
            return;
        }
        self.send();
        if untrack(|| self.is_text_wrong()) {
            self.focus();
        }
    }

    fn label(self) -> &'static str {
        match self.progress() {
            RequestProgress::Sending => "written_request.sending",
            RequestProgress::Failed(RequestError::Service(_)) => "panel.retry",
            RequestProgress::Failed(_) | RequestProgress::Editing => "written_request.send",
        }
    }
}

/// The form.
#[component]
pub(crate) fn Write() -> impl IntoView {
    let ui = Ui::current();
    let request = Request { ui, asking: RwSignal::new(false) };
    let submit = on("submit", move |event| {
        event.prevent_default();
        request.submit();
    });
    let written =
        Written { text: Rc::new(move || request.text()), on_write: Rc::new(move |text| request.write(text)) };
    once(view! {
        <form class="aside" data-part="write" aria-labelledby="write-title" use:listens=submit>
            <Heading id="write-title" text=ui.text("written_request.title")/>
            <Paragraph id="write-help" text=ui.text("written_request.help")/>
            <label for="write">{ui.text("written_request.label")}</label>
            <textarea
                id="write"
                data-part="write-text"
                rows="5"
                aria-describedby="write-help"
                aria-invalid=move || truth(request.is_text_wrong())
                readonly=move || flag(request.progress() == RequestProgress::Sending)
                use:writes=written
            ></textarea>
            <Switch on=move || request.failed() let:why>
                {optional(why.map(|why| view! { <NotSent why/> }))}
            </Switch>
            <ShowWhen holds=move || request.asking.get()>
                <Ask request/>
            </ShowWhen>
            <CharactersLeft of=MAX_DESCRIPTION_CHARS text=move || request.text()/>
            <Block class="actions">
                <Submit class="button primary" part="write-send" label=move || ui.text(request.label())/>
            </Block>
        </form>
    })
}

/// Asks whether sensitive data may leave.
#[component]
fn Ask(request: Request) -> impl IntoView {
    let kinds = sensitive::kinds(&untrack(|| request.text()));
    let mask = move || {
        let masked = sensitive::mask(&untrack(|| request.text()));
        request.ui.act(|chat| chat.edit_request(masked));
        request.send();
    };
    let edit = move || {
        request.asking.set(false);
        request.focus();
    };
    once(view! { <SensitiveDataPrompt kinds on_mask=mask on_send=move || request.send() on_edit=edit/> })
}

/// Why it has not left.
#[component]
fn NotSent(why: RequestError) -> impl IntoView {
    let ui = Ui::current();
    let history =
        optional(matches!(why, RequestError::OthersPending | RequestError::ConversationOpen).then(|| {
            view! {
                <Button
                    class="button"
                    part="write-history"
                    label=ui.text("history.title")
                    on_press=|| act(|chat| chat.open_history())
                />
            }
        }));
    once(view! {
        <Block>
            <Paragraph class="error" role="alert" part="write-error" text=ui.text(words::request_error(why))/>
            {history}
        </Block>
    })
}
