// SPDX-License-Identifier: EUPL-1.2
//! The header: title, connection, the advisor's name, language, and the dialogs of alerts and shortcuts.

use leptos::prelude::*;

use super::language::Languages;
use crate::{
    i18n::I18n,
    state::{Connection, DeskState, Dialog},
    text,
};

#[component]
pub(crate) fn Header() -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let answers = Memo::new(move |_| state.session.rights.with(|rights| rights.answers));
    let live = move || state.session.connection.get() == Connection::Live;
    view! {
        <header class="header">
            <h1 class="title">{i18n.text("app.title")}</h1>
            <p class="connection" class:error=move || !live() data-part="connection" role="status">
                {move || i18n.text(text::connection(state.session.connection.get()))}
            </p>
            <p class="advisor" data-part="advisor">{move || state.session.advisor.get()}</p>
            <div role="status">
                {move || {
                    // Nothing sounds for somebody who is at no desk.
                    (answers.get() && state.preferences.sound_blocked.get()).then(|| {
                        view! { <p class="sounds-blocked" data-part="sounds-blocked">{i18n.text("alerts.silent")}</p> }
                    })
                }}
            </div>
            <div class="header-buttons">
                <Languages/>
                // Nothing arrives for somebody who is at no desk, and the keys are those of conversations.
                <Show when=move || answers.get()>
                    <button
                        type="button"
                        class="button slim"
                        data-part="alerts-open"
                        aria-haspopup="dialog"
                        on:click=move |_| state.screen.dialog.set(Some(Dialog::Alerts))
                    >
                        {i18n.text("alerts.title")}
                    </button>
                    <button
                        type="button"
                        class="button slim"
                        data-part="shortcuts-open"
                        aria-haspopup="dialog"
                        on:click=move |_| state.screen.dialog.set(Some(Dialog::Shortcuts))
                    >
                        {i18n.text("keys.show")}
                    </button>
                </Show>
            </div>
        </header>
    }
}
