// SPDX-License-Identifier: EUPL-1.2
//! What a person reads when they cannot enter: why, when, and where else to go.

use infocig_protocol::http::{Admission, Channel};
use leptos::prelude::*;

use super::{ChatHandle, button, write::Write};
use crate::{
    state::{ChatState, Trouble},
    text,
};

/// The server said no. If it opens while this is on screen, the way in is here too.
#[component]
pub(crate) fn Refusal(
    admission: Admission,
    state: ChatState,
    chat: ChatHandle,
    on_back: impl Fn() + 'static,
) -> impl IntoView {
    let opened = move || state.opened_since_refusal();
    view! {
        <div class="notice" role="alert" data-part="refusal">
            <p class="reason">{admission.message}</p>
            <p>{text::ELSEWHERE}</p>
            <Channels channels=admission.channels />
            <p class="source">"Fonte: "{admission.source}</p>
        </div>
        <Write state chat />
        <div class="actions notice">
            {move || opened().then(|| view! {
                <p role="status">{text::NOW_OPEN}</p>
                {button("button primary", "retry", text::LAUNCH, move |_| chat.with_value(|c| c.enter()))}
            })}
            {button("button quiet", "back", text::BACK, move |_| on_back())}
        </div>
    }
}

/// Where else to go.
#[component]
pub(crate) fn Channels(channels: Vec<Channel>) -> impl IntoView {
    let rows = channels.into_iter().map(|channel| {
        let name = match channel.href {
            Some(href) => view! { <a href=href>{channel.name}</a> }.into_any(),
            None => view! { <strong>{channel.name}</strong> }.into_any(),
        };
        view! { <li>{name}<span>{channel.how}</span></li> }
    });
    view! { <ul>{rows.collect_view()}</ul> }
}

/// Something stands in the way.
#[component]
pub(crate) fn Stuck(trouble: Trouble, chat: ChatHandle, on_back: impl Fn() + 'static) -> impl IntoView {
    view! {
        <div class="notice" role="alert" data-part="trouble">
            <p class="reason">{text::trouble(trouble)}</p>
            <div class="actions">
                {button("button primary", "retry", text::RETRY, move |_| chat.with_value(|c| c.retry()))}
                {button("button quiet", "back", text::BACK, move |_| on_back())}
            </div>
        </div>
    }
}
