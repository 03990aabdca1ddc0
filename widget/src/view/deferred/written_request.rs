// SPDX-License-Identifier: EUPL-1.2
//! The form of a written request, when no advisor can answer. Its text stays until the service has confirmed it.

use infocig_protocol::limits::MAX_DESCRIPTION_CHARS;
use leptos::prelude::*;

use crate::{
    actions::Chat,
    once::{once, optional},
    state::{RequestError, RequestProgress},
    text::office as words,
    ui::{Ui, act},
    view::{
        button::Button,
        checked_text::{CheckedText, TextChecks, TextForm},
        listens::{listens, on},
        pieces::{Block, Heading, Paragraph, Submit, flag, truth},
        switch::Switch,
        text_field::writes,
    },
};

/// The request that is being written.
#[derive(Clone, Copy)]
struct Request(Ui);

impl Request {
    fn progress(self) -> RequestProgress {
        self.0.state.read(|s| s.written_request.progress)
    }

    fn failed(self) -> Option<RequestError> {
        match self.progress() {
            RequestProgress::Failed(why) => Some(why),
            RequestProgress::Editing | RequestProgress::Sending => None,
        }
    }

    /// Whether the request was refused because of its text.
    fn is_text_wrong(self) -> bool {
        matches!(self.failed(), Some(RequestError::Empty | RequestError::TooLong))
    }

    fn label(self) -> &'static str {
        match self.progress() {
            RequestProgress::Sending => "written_request.sending",
            RequestProgress::Failed(RequestError::Service(_)) => "panel.retry",
            RequestProgress::Failed(_) | RequestProgress::Editing => "written_request.send",
        }
    }
}

/// The form of a request.
static REQUEST: TextForm = TextForm {
    text: |ui| ui.state.request_text(),
    edit: |ui, text| ui.act(|chat| chat.edit_request(text)),
    send: |ui, text| {
        ui.act(|chat| {
            chat.edit_request(text);
            chat.send_request();
        });
    },
    // Finds the same error again and puts it into the state.
    refuse: |ui, _error| ui.act(Chat::send_request),
    field: "#written-request",
    max_chars: MAX_DESCRIPTION_CHARS,
};

/// The form of a written request.
#[component]
pub(crate) fn WrittenRequestForm() -> impl IntoView {
    let ui = Ui::current();
    let request = Request(ui);
    let text = CheckedText::new(ui, &REQUEST);
    let submit = on("submit", move |event| {
        event.prevent_default();
        text.submit();
    });
    once(view! {
        <form class="aside" data-part="written-request" aria-labelledby="written-request-title" use:listens=submit>
            <Heading id="written-request-title" text=ui.text("written_request.title")/>
            <Paragraph id="written-request-help" text=ui.text("written_request.help")/>
            <label for="written-request">{ui.text("written_request.label")}</label>
            <textarea
                id="written-request"
                data-part="written-request-text"
                rows="5"
                aria-describedby="written-request-help"
                aria-invalid=move || truth(request.is_text_wrong())
                readonly=move || flag(request.progress() == RequestProgress::Sending)
                use:writes=text.written()
            ></textarea>
            <Switch on=move || request.failed() let:why>
                {optional(why.map(|why| view! { <NotSent why/> }))}
            </Switch>
            <TextChecks checked=text/>
            <Block class="actions">
                <Submit class="button primary" part="written-request-send" label=move || ui.text(request.label())/>
            </Block>
        </form>
    })
}

/// Why the request was not sent.
#[component]
fn NotSent(why: RequestError) -> impl IntoView {
    let ui = Ui::current();
    let history =
        optional(matches!(why, RequestError::OthersPending | RequestError::ConversationOpen).then(|| {
            view! {
                <Button
                    class="button"
                    part="written-request-history"
                    label=ui.text("history.title")
                    on_press=|| act(|chat| chat.open_history())
                />
            }
        }));
    once(view! {
        <Block>
            <Paragraph class="error" role="alert" part="written-request-error" text=ui.text(words::request_error(why))/>
            {history}
        </Block>
    })
}
