// SPDX-License-Identifier: EUPL-1.2
//! The top line: what this is, whose it is, whether it is connected, and how it makes itself heard and is worked by keys.

use leptos::prelude::*;

use crate::{
    state::{Connection, DeskState, Dialog},
    text,
};

/// Title, connection, name.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let live = move || state.connection.get() == Connection::Live;
    view! {
        <header class="header">
            <h1 class="title">{text::TITLE}</h1>
            <p class="connection" class:troubled=move || !live() data-part="connection" role="status">
                {move || text::connection(state.connection.get())}
            </p>
            <p class="advisor" data-part="advisor">{move || state.advisor.get()}</p>
            <div class="header-buttons">
                <button
                    type="button"
                    class="button slim"
                    data-part="alerts-open"
                    aria-haspopup="dialog"
                    on:click=move |_| state.dialog.set(Some(Dialog::Alerts))
                >
                    {text::ALERTS}
                </button>
                <button
                    type="button"
                    class="button slim"
                    data-part="shortcuts-open"
                    aria-haspopup="dialog"
                    on:click=move |_| state.dialog.set(Some(Dialog::Keys))
                >
                    {text::KEYS_SHOW}
                </button>
            </div>
        </header>
    }
}
