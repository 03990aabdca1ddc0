// SPDX-License-Identifier: EUPL-1.2
//! A dialog over everything: the browser keeps the focus in it, and gives it back to where it was.
//!
//! What is offered meanwhile shows in it too: what lies beneath can be neither pressed nor heard.

use leptos::{html, prelude::*};

use super::Intents;
use crate::{
    host::{self, Place},
    speech::Speech,
    state::{DeskState, Dialog, offer::seconds_left},
    text,
};

/// A dialog with a heading, open as long as it is on the page.
#[component]
pub(crate) fn Modal(
    which: Dialog,
    part: &'static str,
    #[prop(into)] heading: String,
    children: Children,
) -> impl IntoView {
    let state = expect_context::<DeskState>();
    let opener = StoredValue::new_local(expect_context::<Place>().focused());
    let shown = StoredValue::new_local(None);
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(move |dialog| {
        host::open_dialog(&dialog);
        shown.set_value(Some(dialog));
    });
    on_cleanup(move || {
        if let Some(dialog) = shown.try_get_value().flatten() {
            dialog.close();
        }
        if let Some(opener) = opener.try_get_value().flatten()
            && opener.is_connected()
        {
            host::focus(&opener);
        }
    });
    let close = move |_| {
        if state.dialog.with_untracked(|dialog| dialog.as_ref() == Some(&which)) {
            state.dialog.set(None);
        }
    };
    view! {
        <dialog class="modal" data-part=part aria-labelledby="modal" node_ref=dialog on:close=close>
            <h2 class="heading" id="modal">{heading}</h2>
            <OfferedMeanwhile/>
            {children()}
        </dialog>
    }
}

#[component]
fn OfferedMeanwhile() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let first = Memo::new(move |_| state.offers.with(|offers| offers.first().cloned()));
    let words = Memo::new(move |_| {
        first.with(|first| first.as_ref().map(|offer| text::offer_meanwhile(&speech.words(), offer)))
    });
    let left = move || {
        let until = first.with(|first| first.as_ref().map(|offer| offer.until));
        until.map(|until| text::time_to_accept(&speech.words(), seconds_left(until, state.now.get())))
    };
    let accept = move |_| {
        if let Some(offer) = first.get_untracked() {
            intents.accept(&offer);
        }
    };
    view! {
        <div class="meanwhile">
            <p class="name" role="status">{move || words.get()}</p>
            <Show when=move || first.with(Option::is_some)>
                <p class="countdown">{left}</p>
                <button type="button" class="button" data-part="accept-meanwhile" on:click=accept>
                    {speech.say("offer.accept")} <kbd aria-hidden="true">"F8"</kbd>
                </button>
            </Show>
        </div>
    }
}
