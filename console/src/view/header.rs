// SPDX-License-Identifier: EUPL-1.2
//! The top line: what this is, whose it is, and whether it is connected.

use leptos::prelude::*;

use crate::{
    state::{Connection, DeskState},
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
        </header>
    }
}
