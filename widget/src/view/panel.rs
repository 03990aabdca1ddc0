// SPDX-License-Identifier: EUPL-1.2
//! The panel: a heading, and a body that depends on the stage.

use std::time::Duration;

use infocig_client::dom;
use infocig_protocol::http::Admission;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use super::{
    button::{Button, ToggleButton},
    chunk_place::{FromConversation, FromDeferred, place},
    composer::Composer,
    listens::{listens, on},
    notice::ServiceFailure,
    pieces::{Block, Paragraph},
    surface::Surface,
    switch::{ShowWhen, Switch},
};
use crate::{
    effects::after,
    focus::takes_focus,
    once::{all, once, optional},
    state::{ChatState, HistoryState, ServiceError, Stage},
    ui::{Ui, act},
};

/// The panel. It takes the focus when it opens, and returns it to the page when it closes.
#[component]
pub(crate) fn Panel() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    let (surface, lay) = (Surface::of(ui), Surface::lay);
    let can_skip = move || state.read(|s| Body::of(s) == Body::Conversing && Below::of(s) == Below::Composer);
    once(view! {
        <section
            class="panel"
            data-part="panel"
            aria-labelledby="title"
            popover=surface.popover()
            use:takes_focus
            use:lay=surface
            use:listens=on("keydown", move |event| on_key(ui, event.unchecked_ref()))
        >
            <ShowWhen holds=can_skip>
                <Skip/>
            </ShowWhen>
            <header class="bar">
                <Block>
                    <h2 id="title">{ui.text("panel.title")}</h2>
                    <p>{ui.text("panel.subtitle")}</p>
                </Block>
                <Block class="tools">
                    <ToggleButton
                        class="button quiet"
                        part="options-toggle"
                        label=ui.text("menu.title")
                        expanded=move || state.read(|s| s.options)
                        on_press=move || state.change(|s| s.options = !s.options)
                    />
                    <Button
                        class="button quiet"
                        part="minimise"
                        label=ui.text("panel.minimise")
                        on_press=|| act(|chat| chat.minimise())
                    />
                </Block>
            </header>
            <Switch on=move || state.read(|s| Some(Body::of(s))) let:body>
                {optional(body.map(|body| match body {
                    Body::Options => once(view! { <FromDeferred make=|chunk| (chunk.options)()/> }),
                    Body::History => once(view! { <FromDeferred make=|chunk| (chunk.history)()/> }),
                    Body::Assistant => once(view! { <FromDeferred make=|chunk| (chunk.assistant)()/> }),
                    Body::Entering => once(view! {
                        <Paragraph class="notice" role="status" part="phase" text=ui.text("panel.entering")/>
                    }),
                    Body::Refused(admission) => {
                        place(ui.deferred(), move |chunk| (chunk.refusal)(admission.clone()))
                    }
                    Body::Failed(error) => once(view! { <ServiceFailure error/> }),
                    Body::Writing => once(view! { <FromDeferred make=|chunk| (chunk.written_request)()/> }),
                    Body::Conversing => once(view! { <Conversing/> }),
                }))}
            </Switch>
        </section>
    })
}

/// Escape closes the panel. A letter typed while the panel itself has the focus, as after opening, goes to the message field.
fn on_key(ui: Ui, event: &KeyboardEvent) {
    let pressed = event.key();
    if dom::is_composing(event) {
        // The input method handles the key.
    } else if pressed == "Escape" {
        ui.act(|chat| chat.minimise());
    } else if event.target() == event.current_target()
        && is_letter(&pressed)
        && !(event.ctrl_key() || event.alt_key() || event.meta_key())
    {
        ui.focus("#composer");
    }
}

/// A button that moves the focus to the message field, past everything before it (WCAG 2.4.1). The first tab stop in the panel,
/// visible while it has the focus.
#[component]
fn Skip() -> impl IntoView {
    let ui = Ui::current();
    once(
        view! { <Button class="button skip" part="skip" label=ui.text("panel.skip") on_press=move || ui.focus("#composer")/> },
    )
}

/// Whether a key types a character other than the space, which scrolls.
fn is_letter(key: &str) -> bool {
    let mut signs = key.chars();
    signs.next().is_some_and(|sign| sign != ' ') && signs.next().is_none()
}

/// The body of the panel.
#[derive(Clone, PartialEq)]
enum Body {
    Options,
    History,
    Assistant,
    Entering,
    Refused(Admission),
    Failed(ServiceError),
    Writing,
    /// A conversation, also while it is being opened: if the service was open at the last answer, a person can write already.
    Conversing,
}

impl Body {
    fn of(state: &ChatState) -> Self {
        match &state.stage {
            _ if state.options => Self::Options,
            _ if state.history != HistoryState::Hidden => Self::History,
            _ if state.shows_assistant() => Self::Assistant,
            Stage::Entering if state.is_open() => Self::Conversing,
            Stage::Idle | Stage::Entering => Self::Entering,
            Stage::Refused(admission) => Self::Refused(admission.clone()),
            Stage::Failed(error) => Self::Failed(*error),
            Stage::Writing => Self::Writing,
            Stage::InConversation => Self::Conversing,
        }
    }
}

/// The part of the conversation below the log.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Below {
    #[default]
    Composer,
    Elsewhere,
    Over,
}

impl Below {
    fn of(state: &ChatState) -> Self {
        if state.stage == Stage::Entering {
            Self::Composer
        } else if state.is_closed() {
            Self::Over
        } else if state.is_writer {
            Self::Composer
        } else {
            Self::Elsewhere
        }
    }
}

/// The conversation, and below it the message field or its replacement.
#[component]
fn Conversing() -> impl IntoView {
    let ui = Ui::current();
    let state = ui.state;
    // The message field is usable before this: the deferred chunk is fetched after a pause, so that it does not delay it.
    after(EARLY_AFTER, move || ui.deferred().any().fetch_early());
    once(view! {
        <Block class="inside">
            <Switch on=move || state.read(|s| s.stage == Stage::InConversation) let:inside>
                {if inside {
                    once(view! { <FromConversation make=|chunk| (chunk.conversation)()/> })
                } else {
                    once(view! { <Entering/> })
                }}
            </Switch>
            <Switch on=move || state.read(Below::of) let:below>
                {match below {
                    Below::Over => once(view! { <FromDeferred make=|chunk| (chunk.over)()/> }),
                    Below::Composer => once(view! { <Composer/> }),
                    Below::Elsewhere => once(view! { <FromConversation make=|chunk| (chunk.elsewhere)()/> }),
                }}
            </Switch>
        </Block>
    })
}

/// The placeholder of the log until the conversation is open. Messages written meanwhile are shown as pending.
#[component]
fn Entering() -> impl IntoView {
    let ui = Ui::current();
    once(view! {
        <Block class="conversation">
            <Paragraph class="phase" role="status" part="phase" text=ui.text("panel.entering")/>
            <Block class="log-frame">
                <Block class="log">
                    <Switch on=move || ui.state.read(ChatState::next_pending) let:pending>
                        <Block class="entries">
                            {all(pending.into_iter().map(|one| {
                                view! { <Paragraph class="message mine text" part="pending" text=one.text/> }
                            }))}
                        </Block>
                    </Switch>
                </Block>
            </Block>
        </Block>
    })
}

/// Pause before the deferred chunk is fetched.
const EARLY_AFTER: Duration = Duration::from_secs(1);
