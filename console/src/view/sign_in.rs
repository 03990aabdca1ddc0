// SPDX-License-Identifier: EUPL-1.2
//! Before there is a seat: the page's own content, which holds the sign-in.

use leptos::prelude::*;

use crate::{
    speech::Speech,
    state::{DeskState, Standing},
    text,
};

/// The page's content inside the element, and why it shows. It keeps the page's own style.
#[component]
pub(crate) fn SignIn(lang: &'static str) -> impl IntoView {
    let speech = expect_context::<Speech>();
    let state = expect_context::<DeskState>();
    let signed_out = move || matches!(state.standing.get(), Standing::SignedOut | Standing::SignedOutAgain);
    let starting = move || state.standing.get() == Standing::Starting;
    let again = move || state.standing.get() == Standing::SignedOutAgain;
    view! {
        <Show when=move || state.standing.get() != Standing::Seated>
            <div class="door" lang=lang class:again=again data-part=move || signed_out().then_some("sign-in-needed")>
                <Show when=signed_out>
                    <p role="alert">
                        {move || text::sign_in_needed(state.standing.get()).map(|key| speech.say(key))}
                        <Show when=again>
                            " "
                            <a href="" target="_blank">{speech.say("sign_in.elsewhere")}</a>
                        </Show>
                    </p>
                </Show>
                <Show when=starting>
                    <p role="status" data-part="connection">{move || speech.say(text::connection(state.connection.get()))}</p>
                </Show>
                <slot></slot>
            </div>
        </Show>
    }
}
