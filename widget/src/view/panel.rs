// SPDX-License-Identifier: EUPL-1.2
//! The panel: a heading, and what belongs to how far the person has come.

use infocig_client::{link::LinkState, page};
use infocig_protocol::{entry::Phase, http::Verdict};
use leptos::{html, prelude::*};

use super::{
    ChatHandle,
    composer::{Composer, Elsewhere},
    ending::Ending,
    notice::{Channels, Refusal, Stuck},
    transcript::Transcript,
};
use crate::{
    state::{Availability, ChatState, Stage},
    text,
};

/// The panel. Focus goes to it when it opens, and back to the page when it closes.
#[component]
pub(crate) fn Panel(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let section = NodeRef::<html::Section>::new();
    section.on_load(|section| {
        let _focused = section.focus();
    });
    let minimise = move || state.shown.set(false);
    let body = move || match state.stage.get() {
        Stage::Idle | Stage::Entering => {
            view! { <p class="notice" role="status" data-part="phase">{text::ENTERING}</p> }.into_any()
        }
        Stage::Refused(admission) => view! { <Refusal admission state chat on_back=minimise /> }.into_any(),
        Stage::Stuck(trouble) => view! { <Stuck trouble chat on_back=minimise /> }.into_any(),
        Stage::Inside => view! { <Inside state chat /> }.into_any(),
    };
    view! {
        <section
            class="panel"
            data-part="panel"
            aria-labelledby="title"
            tabindex="-1"
            node_ref=section
            on:keydown=move |event| if event.key() == "Escape" { minimise() }
        >
            <header class="bar">
                <div>
                    <h2 id="title">{text::TITLE}</h2>
                    <p>{text::SUBTITLE}</p>
                </div>
                <button type="button" class="button quiet" data-part="minimise" on:click=move |_| minimise()>
                    {text::MINIMISE}
                </button>
            </header>
            {body}
        </section>
    }
}

/// The conversation itself.
#[component]
fn Inside(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let phase = move || {
        state.phase.with(|phase| phase.as_ref().map_or_else(|| text::LINK_CONNECTING.into(), text::phase))
    };
    let away = move || match state.phase.get() {
        Some(Phase::Active { advisor, .. })
            if state.advisor_away.get() && state.link.get() == LinkState::Live =>
        {
            Some(text::away(&advisor))
        }
        _ => None,
    };
    let place = move || match state.phase.get() {
        Some(Phase::Waiting { .. }) => state.place.get().map(text::place),
        _ => None,
    };
    let unanswered = move || {
        let closes = state.ends_unanswered.get().filter(|_| !state.is_closed());
        closes.map(|closes| text::ends_unanswered(&page::clock(closes)))
    };
    let link_lost = move || state.link.get() == LinkState::Lost && !state.is_closed();
    view! {
        <p class="phase" role="status" data-part="phase">{phase}</p>
        {move || place().map(|place| view! { <p class="presence" role="status" data-part="place">{place}</p> })}
        {move || unanswered().map(|warning| view! {
            <div class="notice warning" role="alert" data-part="unanswered">
                <p>{warning}</p>
                <button type="button" class="button" data-part="stay" on:click=move |_| chat.with_value(|c| c.stay())>
                    {text::STAY}
                </button>
            </div>
        })}
        {move || away().map(|away| view! { <p class="presence" role="status" data-part="presence">{away}</p> })}
        {move || link_lost().then(|| view! { <p class="notice" role="status" data-part="link">{text::LINK_LOST}</p> })}
        <Transcript state chat />
        {move || if state.is_closed() {
            view! { <Over state chat /> }.into_any()
        } else if state.writes.get() {
            view! { <Composer state chat /> <Ending state chat /> }.into_any()
        } else {
            view! { <Elsewhere chat /> }.into_any()
        }}
    }
}

/// After the end: begin again if the service is open, else when it opens and where else to go.
#[component]
fn Over(state: ChatState, chat: ChatHandle) -> impl IntoView {
    let left = move || {
        state.draft.with(|draft| {
            (!draft.is_empty()).then(|| {
                view! {
                    <div class="notice" data-part="left-over">
                        <p>{text::LEFT_OVER}</p>
                        <blockquote>{draft.clone()}</blockquote>
                    </div>
                }
            })
        })
    };
    let next = move || {
        match state.availability.get() {
        Availability::Known(admission) if admission.verdict != Verdict::Open => view! {
            <div class="notice" data-part="elsewhere">
                <p class="reason">{admission.message}</p>
                <p>{text::ELSEWHERE}</p>
                <Channels channels=admission.channels />
            </div>
        }
        .into_any(),
        // The service ended it: that it is open is an old answer, and the new one is on its way.
        Availability::Known(admission) if state.was_closed_after(page::instant(&admission.at)) => {
            view! { <p class="notice" role="status">{text::CHECKING}</p> }.into_any()
        }
        Availability::Checking | Availability::Known(_) | Availability::Unknown => view! {
            <div class="foot">
                <button type="button" class="button primary" data-part="begin-again" on:click=move |_| chat.with_value(|c| c.enter())>
                    {text::BEGIN_AGAIN}
                </button>
            </div>
        }
        .into_any(),
    }
    };
    view! { {left} {next} }
}
