// SPDX-License-Identifier: EUPL-1.2
//! Before a desk session is open: the page's own content, which holds the sign-in.

use leptos::prelude::*;

use crate::{
    i18n::I18n,
    state::{DeskState, SignInState},
    text,
};

/// The page's content in a slot, with the reason why it shows. It keeps the page's own style.
#[component]
pub(crate) fn SignIn(lang: &'static str) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let signed_out =
        move || matches!(state.session.sign_in.get(), SignInState::SignedOut | SignInState::Expired);
    let starting = move || state.session.sign_in.get() == SignInState::Unknown;
    let again = move || state.session.sign_in.get() == SignInState::Expired;
    view! {
        <Show when=move || state.session.sign_in.get() != SignInState::SignedIn>
            <div class="sign-in" lang=lang class:expired=again data-part=move || signed_out().then_some("sign-in-needed")>
                <Show when=signed_out>
                    <p role="alert">
                        {move || text::sign_in_needed(state.session.sign_in.get()).map(|key| i18n.text(key))}
                        <Show when=again>
                            " "
                            <a href="" target="_blank">{i18n.text("sign_in.elsewhere")}</a>
                        </Show>
                    </p>
                </Show>
                <Show when=starting>
                    <p role="status" data-part="connection">{move || i18n.text(text::connection(state.session.connection.get()))}</p>
                </Show>
                <slot></slot>
            </div>
        </Show>
    }
}
