// SPDX-License-Identifier: EUPL-1.2
//! The top line: what this is, whose it is, whether it is connected, which language it speaks, and how it makes itself heard and
//! is worked by keys.

use leptos::prelude::*;

use super::language::Languages;
use crate::{
    speech::Speech,
    state::{Connection, DeskState, Dialog},
    text,
};

/// Title, connection, name, language.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let live = move || state.connection.get() == Connection::Live;
    view! {
        <header class="header">
            <h1 class="title">{speech.say("app.title")}</h1>
            <p class="connection" class:troubled=move || !live() data-part="connection" role="status">
                {move || speech.say(text::connection(state.connection.get()))}
            </p>
            <p class="advisor" data-part="advisor">{move || state.advisor.get()}</p>
            <div role="status">
                {move || {
                    state.sound_waits.get().then(|| {
                        view! { <p class="silent" data-part="silent">{speech.say("alerts.silent")}</p> }
                    })
                }}
            </div>
            <div class="header-buttons">
                <Languages/>
                <button
                    type="button"
                    class="button slim"
                    data-part="alerts-open"
                    aria-haspopup="dialog"
                    on:click=move |_| state.dialog.set(Some(Dialog::Alerts))
                >
                    {speech.say("alerts.title")}
                </button>
                <button
                    type="button"
                    class="button slim"
                    data-part="shortcuts-open"
                    aria-haspopup="dialog"
                    on:click=move |_| state.dialog.set(Some(Dialog::Keys))
                >
                    {speech.say("keys.show")}
                </button>
            </div>
        </header>
    }
}
