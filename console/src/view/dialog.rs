// SPDX-License-Identifier: EUPL-1.2
//! A modal dialog: the browser keeps the focus in it, and gives it back to the element that opened it.
//!
//! The first open offer shows in the dialog too: the page beneath is inert, for the pointer and for screen readers.

use leptos::{html, prelude::*};

use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
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
    let opener = StoredValue::new_local(expect_context::<Parts>().focused());
    let shown = StoredValue::new_local(None);
    let dialog = NodeRef::<html::Dialog>::new();
    dialog.on_load(move |dialog| {
        dom::open_dialog(&dialog);
        shown.set_value(Some(dialog));
    });
    on_cleanup(move || {
        if let Some(dialog) = shown.try_get_value().flatten() {
            dialog.close();
        }
        if let Some(opener) = opener.try_get_value().flatten()
            && opener.is_connected()
        {
            dom::focus(&opener);
        }
    });
    let close = move |_| {
        if state.screen.dialog.with_untracked(|dialog| dialog.as_ref() == Some(&which)) {
            state.screen.dialog.set(None);
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
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let intents = expect_context::<Intents>();
    let first = Memo::new(move |_| state.queue.offers.with(|offers| offers.first().cloned()));
    let words = Memo::new(move |_| {
        first.with(|first| first.as_ref().map(|offer| text::offer_meanwhile(&i18n.words(), offer)))
    });
    let left = move || {
        let until = first.with(|first| first.as_ref().map(|offer| offer.until));
        until.map(|until| text::time_to_accept(&i18n.words(), seconds_left(until, state.clock.now.get())))
    };
    let accept = move |_| {
        if let Some(offer) = first.get_untracked() {
            intents.accept(&offer);
        }
    };
    view! {
        <div class="dialog-offer">
            <p class="name" role="status">{move || words.get()}</p>
            <Show when=move || first.with(Option::is_some)>
                <p class="countdown">{left}</p>
                <button type="button" class="button" data-part="accept-in-dialog" on:click=accept>
                    {i18n.text("offer.accept")} <kbd aria-hidden="true">{"F8"}</kbd>
                </button>
            </Show>
        </div>
    }
}

/// Closes the dialog without doing anything.
#[component]
pub(crate) fn Cancel(
    /// The key of its text.
    #[prop(default = "action.cancel")]
    label: &'static str,
) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    view! {
        <button type="button" class="button" data-part="cancel" on:click=move |_| state.screen.dialog.set(None)>
            {i18n.text(label)}
        </button>
    }
}
