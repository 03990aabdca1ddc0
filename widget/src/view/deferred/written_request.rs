// SPDX-License-Identifier: EUPL-1.2
//! The form of a written request, when no advisor can answer. Its text stays until the service has confirmed it.

use infocig_protocol::limits::MAX_DESCRIPTION_CHARS;
use leptos::prelude::*;

use crate::{
    actions::Chat,
    once::{nothing, once},
    state::{RequestError, RequestProgress},
    text::deferred::office as words,
    ui::{Ui, act},
    view::{
        button::Button,
        checked_form::{CheckedForm, FormLook, Text},
        checked_text::TextForm,
        chunk_place::FromConversation,
        pieces::{Block, Heading},
        switch::ShowWhen,
    },
};

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

static LOOK: FormLook = FormLook {
    part: "written-request",
    heading: "written-request-title",
    help: Text { id: "written-request-help", key: "written_request.help" },
    label: "written_request.label",
    field: "written-request",
    field_part: "written-request-text",
    rows: "5",
    is_wrong: |ui| matches!(failed(ui), Some(RequestError::Empty | RequestError::TooLong)),
    is_sending: |ui| progress(ui) == RequestProgress::Sending,
    error_part: "written-request-error",
    error: |ui| failed(ui).map(words::request_error),
    submit_class: "button primary",
    submit_part: "written-request-send",
    submit: |ui| match progress(ui) {
        RequestProgress::Sending => "written_request.sending",
        RequestProgress::Failed(RequestError::Service(_)) => "panel.retry",
        RequestProgress::Failed(_) | RequestProgress::Editing => "written_request.send",
    },
};

fn progress(ui: Ui) -> RequestProgress {
    ui.state.read(|s| s.written_request.progress)
}

fn failed(ui: Ui) -> Option<RequestError> {
    match progress(ui) {
        RequestProgress::Failed(why) => Some(why),
        RequestProgress::Editing | RequestProgress::Sending => None,
    }
}

/// The form of a written request.
#[component]
pub(crate) fn WrittenRequestForm() -> impl IntoView {
    let ui = Ui::current();
    let before = once(view! {
        <Heading id="written-request-title" text=ui.text("written_request.title")/>
        <FromConversation make=|chunk| (chunk.data_notice)()/>
    });
    let is_in_history =
        move || matches!(failed(ui), Some(RequestError::OthersPending | RequestError::ConversationOpen));
    let beside_error = once(view! {
        <Block>
            <ShowWhen holds=is_in_history>
                <Button
                    class="button"
                    part="written-request-history"
                    label=ui.text("history.title")
                    on_press=|| act(|chat| chat.open_history())
                />
            </ShowWhen>
        </Block>
    });
    once(view! { <CheckedForm look=&LOOK form=&REQUEST before beside_error beside_submit=nothing()/> })
}
