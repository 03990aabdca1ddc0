// SPDX-License-Identifier: EUPL-1.2
//! Where a person writes. The text stays until it has been taken over: through a reload, and when the panel is put away.

use std::rc::Rc;

use infocig_client::dom;
use infocig_protocol::{blank::is_blank, limits::MAX_MESSAGE_CHARS, problem::Code, sensitive};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    chunk_place::FromConversation,
    listens::{listens, on},
    once::{once, optional},
    pieces::{Block, Paragraph, Submit},
    sensitive_data_prompt::SensitiveDataPrompt,
    switch::{ShowWhen, Switch},
    text_field::{CharactersLeft, Written, writes},
};
use crate::{state::Stage, text, ui::Ui};

/// A message that is being written.
#[derive(Clone, Copy)]
struct Message {
    ui: Ui,
    /// Whether it is asked if sensitive data in the text may leave.
    asking: RwSignal<bool>,
}

impl Message {
    fn text(self) -> String {
        self.ui.state.read(|s| s.draft.clone())
    }

    fn focus(self) {
        self.ui.focus("#composer");
    }

    fn write(self, text: String) {
        self.asking.set(false);
        self.ui.act(|chat| chat.edit_draft(text));
    }

    /// Posts a text, whatever is in it.
    fn post(self, text: String) {
        self.asking.set(false);
        self.ui.act(|chat| chat.post_message(text));
        self.focus();
    }

    /// Posts the text, unless it cannot be posted or contains something to be asked about first.
    fn send(self) {
        let text = untrack(|| self.text());
        let refused = if is_blank(&text) {
            Some(Code::MessageEmpty)
        } else if text.chars().count() > MAX_MESSAGE_CHARS {
            Some(Code::MessageTooLong)
        } else {
            None
        };
        let kinds = sensitive::kinds(&text);
        if refused.is_some() {
            self.ui.state.change(|s| s.not_sent = refused);
            self.focus();
        } else if kinds.is_empty() {
            self.post(text);
        } else {
            self.asking.set(true);
        }
    }
}

/// The field and the buttons. Enter sends and Shift+Enter begins a new line, except where there is no Shift: on a keyboard on the
/// screen Enter begins a new line.
#[component]
pub(crate) fn Composer() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let message = Message { ui, asking: RwSignal::new(false) };
    let touched = dom::has_coarse_pointer();
    let by_key = on("keydown", move |event| {
        let event: &KeyboardEvent = event.unchecked_ref();
        let sends = if touched { event.ctrl_key() || event.meta_key() } else { !event.shift_key() };
        if event.key() == "Enter" && sends && !dom::is_composing(event) {
            event.prevent_default();
            message.send();
        }
    });
    let submit = on("submit", move |event| {
        event.prevent_default();
        message.send();
    });
    let written =
        Written { text: Rc::new(move || message.text()), on_write: Rc::new(move |text| message.write(text)) };
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
                use:writes=written
                use:listens=by_key
            ></textarea>
            <Switch on=move || state.read(|s| s.not_sent) let:code>
                {optional(code.map(|code| {
                    view! { <Paragraph class="error" role="alert" text=ui.text(text::not_sent(code))/> }
                }))}
            </Switch>
            <ShowWhen holds=move || message.asking.get()>
                <Ask message/>
            </ShowWhen>
            <CharactersLeft of=MAX_MESSAGE_CHARS text=move || message.text()/>
            <Block class="actions">
                <ShowWhen holds=move || state.read(|s| s.stage == Stage::InConversation)>
                    <FromConversation make=|chunk| (chunk.ending)()/>
                </ShowWhen>
                <Submit class="button primary" part="send" label=move || ui.text("composer.send")/>
            </Block>
        </form>
    })
}

/// Asks whether sensitive data may leave.
#[component]
fn Ask(message: Message) -> impl IntoView {
    let kinds = sensitive::kinds(&untrack(|| message.text()));
    let text = move || untrack(|| message.text());
    once(view! {
        <SensitiveDataPrompt
            kinds
            on_mask=move || message.post(sensitive::mask(&text()))
            on_send=move || message.post(text())
            on_edit=move || {
                message.asking.set(false);
                message.focus();
            }
        />
    })
}

/// What becomes of what is written, before the first message.
#[component]
fn PrivacyNotice() -> impl IntoView {
    let ui = Ui::current();
    let url = ui.chat().and_then(|chat| chat.links().privacy);
    let page = optional(url.map(|url| {
        view! { {" "} <a href=url target="_blank" rel="noopener">{ui.text("menu.privacy")}</a> }
    }));
    once(view! {
        <p class="hint" id="privacy" data-part="privacy">{ui.text("privacy.notice")} {page}</p>
    })
}
