// SPDX-License-Identifier: EUPL-1.2
//! Ending the conversation, or leaving the queue: asked once more, in the page.

use infocig_protocol::entry::Phase;
use leptos::prelude::*;

use super::ChatHandle;
use crate::{state::ChatState, text};

/// The button, and the question it asks.
#[component]
pub(crate) fn Ending(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let asking = RwSignal::new(false);
    let waiting = move || state.phase.with(|phase| matches!(phase, Some(Phase::Waiting { .. })));
    let label = move || {
        if waiting() { text::LEAVE_QUEUE } else { text::CONCLUDE }
    };
    let question = move || {
        if waiting() { text::LEAVE_QUESTION } else { text::CONCLUDE_QUESTION }
    };
    view! {
        <div class="foot">
            {move || if asking.get() {
                view! {
                    <div class="ask" role="alertdialog" aria-labelledby="question">
                        <p id="question">{question}</p>
                        <div class="actions">
                            <button type="button" class="button danger" data-part="close-confirm" on:click=move |_| {
                                asking.set(false);
                                chat.with_value(|c| c.close());
                            }>{label}</button>
                            <button type="button" class="button quiet" data-part="close-cancel" on:click=move |_| asking.set(false)>
                                {text::CANCEL}
                            </button>
                        </div>
                    </div>
                }.into_any()
            } else {
                view! {
                    <button type="button" class="button quiet" data-part="close" on:click=move |_| asking.set(true)>{label}</button>
                }.into_any()
            }}
        </div>
    }
}
