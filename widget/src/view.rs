// SPDX-License-Identifier: EUPL-1.2
//! What the chat looks like. Views read the state and call what a person can do; they decide nothing.

#![expect(unreachable_pub, reason = "the component macro makes what it writes public")]

mod composer;
mod ending;
mod launcher;
mod notice;
mod panel;
mod transcript;

use leptos::prelude::*;

use self::{launcher::Launcher, panel::Panel};
use crate::{chat::Chat, state::ChatState};

/// A handle on the chat that event handlers can copy.
pub(crate) type ChatHandle = StoredValue<Chat, LocalStorage>;

/// The whole widget: the button, and the panel when it is on screen.
#[component]
pub(crate) fn Widget(state: ChatState, chat: ChatHandle) -> impl IntoView {
    view! {
        <Launcher state chat />
        {move || state.shown.get().then(|| view! { <Panel state chat /> }.into_any())}
    }
}
