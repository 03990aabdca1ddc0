// SPDX-License-Identifier: EUPL-1.2
//! Ending the conversation, or leaving the queue: asked once more, in the page.

use leptos::{html, prelude::*};

use super::{ChatHandle, button, focus_panel};
use crate::{state::ChatState, text};

/// Ending, whatever that is now.
#[component]
pub(crate) fn Ending(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let waiting = move || state.is_waiting();
    let label = Signal::derive(move || if waiting() { text::LEAVE_QUEUE } else { text::CONCLUDE });
    let question =
        Signal::derive(move || if waiting() { text::LEAVE_QUESTION } else { text::CONCLUDE_QUESTION });
    let on_confirm = UnsyncCallback::new(move |()| chat.with_value(|c| c.close()));
    view! {
        <div class="foot"><Confirm part="close" label question on_confirm /></div>
    }
}

/// A button, and the question it asks before it does anything. Its parts are named after `part`.
#[component]
pub(crate) fn Confirm(
    part: &'static str,
    label: Signal<&'static str>,
    question: Signal<&'static str>,
    on_confirm: UnsyncCallback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    let ask = NodeRef::<html::Div>::new();
    ask.on_load(|ask| {
        let _focused = ask.focus();
    });
    let id = format!("{part}-question");
    move || {
        if asking.get() {
            view! {
                <div class="ask" role="alertdialog" aria-labelledby=id.clone() tabindex="-1" node_ref=ask>
                    <p id=id.clone()>{question}</p>
                    <div class="actions">
                        {button("button danger", format!("{part}-confirm"), label, move |event| {
                            focus_panel(event);
                            asking.set(false);
                            on_confirm.run(());
                        })}
                        {button("button quiet", format!("{part}-cancel"), text::CANCEL, move |event| {
                            focus_panel(event);
                            asking.set(false);
                        })}
                    </div>
                </div>
            }
            .into_any()
        } else {
            button("button quiet", part, label, move |_| asking.set(true))
        }
    }
}
