// SPDX-License-Identifier: EUPL-1.2
//! The conversation on screen: who asks, what was said, what to answer, how to end.

use leptos::prelude::*;

use super::{Intents, closing::Closing, composer::Composer, log::Log, person::Person};
use crate::{
    host,
    state::{Conversation, DeskState, Ending},
    text,
};

/// The selected conversation, or how to begin.
#[component]
pub(crate) fn OnScreen() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let on_screen = Memo::new(move |_| state.on_screen());
    view! {
        <section class="panel on-screen" aria-labelledby="on-screen">
            {move || match on_screen.get() {
                Some(conversation) => view! { <Shown conversation/> }.into_any(),
                None => view! { <Nothing/> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let state = expect_context::<DeskState>();
    let heading = NodeRef::<leptos::html::H2>::new();
    heading.on_load(move |heading| {
        if state.moved.get_untracked() {
            host::focus(&heading);
        }
    });
    view! {
        <div class="nothing">
            <h2 class="heading" id="on-screen" tabindex="-1" node_ref=heading>{text::NONE_SELECTED}</h2>
            <p class="quiet">{text::NONE_SELECTED_HINT}</p>
        </div>
    }
}

#[component]
fn Shown(conversation: Conversation) -> impl IntoView {
    let Conversation { phase, held, connection, .. } = conversation.clone();
    let writable = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.is_writable())
    };
    let link = move || {
        let said = text::conversation_link(connection.get());
        (writable.get() && !said.is_empty()).then_some(said)
    };
    let name = conversation.person.name.clone();
    let person = conversation.person.clone();
    let presence = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.citizen_connected())
    };
    let writes = {
        let conversation = conversation.clone();
        Memo::new(move |_| conversation.citizen_writes())
    };
    let typing = StoredValue::new(text::typing(&name));
    let for_foot = conversation.clone();
    let foot = move || {
        let conversation = for_foot.clone();
        if writable.get() {
            view! {
                <Composer conversation=conversation.clone()/>
                <Closing conversation/>
            }
            .into_any()
        } else {
            view! { <Over conversation/> }.into_any()
        }
    };
    view! {
        <div class="on-screen-head">
            <h2 class="heading" id="on-screen">{name}</h2>
            <p class="tag" data-part="phase">
                {move || phase.with(|phase| text::phase(phase.as_ref(), held.get()))}
            </p>
            <p class="presence">
                {move || {
                    presence
                        .get()
                        .map(|connected| {
                            view! {
                                <span class:away=!connected data-part="presence">{text::presence(connected)}</span>
                            }
                        })
                }}
            </p>
        </div>
        <Person person/>
        <Log conversation/>
        <div class="beneath">
            <p class="link" role="status">{link}</p>
            <Show when=move || writes.get()>
                <p class="quiet" data-part="typing">{typing.get_value()}</p>
            </Show>
        </div>
        {foot}
    }
}

/// What is left to do with a conversation that cannot be written in.
#[component]
fn Over(conversation: Conversation) -> impl IntoView {
    let intents = expect_context::<Intents>();
    let id = conversation.id.clone();
    let button = NodeRef::<leptos::html::Button>::new();
    let ended_here = conversation.ending.get_untracked() == Ending::Said;
    button.on_load(move |button| {
        if ended_here {
            host::focus(&button);
        }
    });
    let why = move || {
        if conversation.is_closed() { text::READ_ONLY } else { text::NOT_MINE }
    };
    view! {
        <div class="over">
            <p>{why}</p>
            <button
                type="button"
                class="button"
                data-part="dismiss"
                node_ref=button
                on:click=move |_| intents.dismiss(&id)
            >
                {text::DISMISS}
            </button>
        </div>
    }
}
