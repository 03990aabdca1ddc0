// SPDX-License-Identifier: EUPL-1.2
//! What a person reads when they cannot enter: why, when, and where else to go.

use infocig_protocol::http::{Admission, Channel};
use leptos::prelude::*;

use super::ChatHandle;
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
        <div class="actions notice">
            {move || opened().then(|| view! {
                <p role="status">{text::NOW_OPEN}</p>
                <button type="button" class="button primary" data-part="retry" on:click=move |_| chat.with_value(|c| c.enter())>
                    {text::LAUNCH}
                </button>
            })}
            <button type="button" class="button quiet" data-part="back" on:click=move |_| on_back()>{text::BACK}</button>
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
                <button type="button" class="button primary" data-part="retry" on:click=move |_| chat.with_value(|c| c.enter())>
                    {text::RETRY}
                </button>
                <button type="button" class="button quiet" data-part="back" on:click=move |_| on_back()>{text::BACK}</button>
            </div>
        </div>
    }
}
