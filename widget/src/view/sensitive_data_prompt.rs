// SPDX-License-Identifier: EUPL-1.2
//! The prompt before a text with sensitive data is sent: a tax number, the number of a card.

use infocig_protocol::sensitive::Kind;
use leptos::prelude::*;

use super::{
    button::{Button, Press},
    pieces::Question,
};
use crate::{once::once, text, ui::Ui};

/// Names the kinds of sensitive data in the text and lets its author mask them, send them or edit the text. Nothing has been
/// sent.
#[component]
pub(crate) fn SensitiveDataPrompt(
    kinds: Vec<Kind>,
    #[prop(into)] on_mask: Press,
    #[prop(into)] on_send: Press,
    #[prop(into)] on_edit: Press,
) -> impl IntoView {
    let ui = Ui::current();
    let text = ui.words(|words| text::sensitive_data_found(words, &kinds));
    once(view! {
        <Question part="sensitive-data" id="sensitive-data" text>
            <Button
                class="button primary"
                part="sensitive-data-mask"
                label=ui.text("sensitive_data.mask")
                on_press=on_mask
            />
            <Button class="button" part="sensitive-data-send" label=ui.text("sensitive_data.send") on_press=on_send/>
            <Button class="button quiet" part="sensitive-data-edit" label=ui.text("sensitive_data.edit") on_press=on_edit/>
        </Question>
    })
}
