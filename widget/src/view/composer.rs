// SPDX-License-Identifier: EUPL-1.2
//! The message field with its buttons. Its text is the draft, which survives a reload and the closing of the panel.

use infocig_client::dom;
use infocig_protocol::{limits::MAX_MESSAGE_CHARS, problem::Code};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    checked_text::{CheckedText, TextChecks, TextForm},
    chunk_place::FromConversation,
    listens::{listens, on},
    pieces::{Block, Paragraph, Submit},
    switch::{ErrorLine, ShowWhen},
    text_field::writes,
};
use crate::{
    lazy_chunk::Progress,
    once::{nothing, once, optional},
    state::Stage,
    text,
    text_check::TextError,
    ui::Ui,
};

/// The form of a message.
static MESSAGE: TextForm = TextForm {
    text: |ui| ui.state.draft(),
    edit: |ui, text| ui.act(|chat| chat.edit_draft(text)),
    send: |ui, text| {
        ui.act(|chat| chat.post_message(text));
        ui.focus(FIELD);
    },
    refuse: |ui, error| {
        let code = match error {
            TextError::Empty => Code::MessageEmpty,
            TextError::TooLong => Code::MessageTooLong,
        };
        ui.state.change(|s| s.not_sent = Some(code));
    },
    field: FIELD,
    max_chars: MAX_MESSAGE_CHARS,
};

const FIELD: &str = "#composer";

/// The field and the buttons. Enter sends and Shift+Enter begins a new line. On touch screens Enter begins a new line, because
/// their keyboards have no Shift+Enter.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let message = CheckedText::new(ui, &MESSAGE);
    let touched = dom::has_coarse_pointer();
    let by_key = on("keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let sends = if touched { event.ctrl_key() || event.meta_key() } else { !event.shift_key() };
        if event.key() == "Enter" && sends && !dom::is_composing(event) {
            event.prevent_default();
            message.submit();
        }
    });
    let submit = on("submit", move |event| {
        event.prevent_default();
        message.submit();
    });
    let hint = || view! { <Paragraph class="hint" id="hint" text=ui.text("composer.hint")/> };
    let hint = optional((!touched).then(hint));
    once(view! {
        <form class="composer" use:listens=submit>
            <ShowWhen holds=move || !state.read(|s| s.has_written())>
                <PrivacyNotice/>
            </ShowWhen>
            <Block class="actions">
                <label for="composer">{ui.text("composer.label")}</label>
                {hint}
            </Block>
            <textarea
                id="composer"
                data-part="composer"
                rows="2"
                dir="auto"
                aria-describedby=if touched { "privacy" } else { "hint privacy" }
                enterkeyhint=if touched { "enter" } else { "send" }
                use:writes=message.written()
                use:listens=by_key
            ></textarea>
            <ErrorLine text=move || state.read(|s| s.not_sent).map(|code| ui.text(text::not_sent(code)))/>
            <TextChecks checked=message/>
            <Block class="actions">
                <ShowWhen holds=move || state.read(|s| s.stage == Stage::InConversation)>
                    <FromConversation make=|chunk| (chunk.ending)()/>
                </ShowWhen>
                <Submit class="button primary" part="send" label=move || ui.text("composer.send")/>
            </Block>
        </form>
    })
}

/// The notice about the storage of messages, shown before the first one.
#[component]
fn PrivacyNotice() -> impl IntoView {
    let ui = Ui::current();
    let url = ui.chat().and_then(|chat| chat.links().privacy);
    let page = optional(url.map(|url| {
        view! { {" "} <a href=url target="_blank" rel="noopener">{ui.text("menu.privacy")}</a> }
    }));
    once(view! {
        <p class="hint" id="privacy" data-part="privacy">{ui.text("privacy.notice")} {page}</p>
        <ShowWhen holds=move || ui.conversation().any().progress() == Progress::There>
            {ui.conversation().get().map_or_else(nothing, |chunk| (chunk.data_notice)())}
        </ShowWhen>
    })
}
