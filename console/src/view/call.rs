// SPDX-License-Identifier: EUPL-1.2
//! The call with the person: the tool that offers it, and the bar that shows it beside the chat.
//!
//! The bar is a region of its own, with a line that is announced when it changes; the clock and the levels are not announced. The
//! levels are bars for the eye and words for everybody else.

mod text;

use infocig_client::call::{
    CallView,
    scene::{CallScene, Levels, clock},
    words,
};
use leptos::prelude::*;

use self::text::{TextButton, TextPane};
use crate::{
    dom::{self, Parts},
    i18n::I18n,
    intents::Intents,
    state::{Connection, Conversation, DeskState, assignment::Assignment},
};

/// The bar of the call. It is there while the advisor holds the conversation, so that its line is announced from the first word.
#[component]
pub(crate) fn CallBar(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let Conversation { assignment, call, levels, .. } = conversation.clone();
    let name = StoredValue::new(conversation.person.name.clone());
    let holds =
        Memo::new(move |_| assignment.with(|assignment| assignment.as_ref().is_some_and(Assignment::holds)));
    let scene = Memo::new(move |_| if holds.get() { call.get() } else { CallScene::default() });
    let view = Memo::new(move |_| scene.with(|scene| scene.view.clone()));
    let levels = Memo::new(move |_| levels.get());
    let quality = move || scene.with(|scene| scene.quality.map(|quality| i18n.text(words::quality(quality))));
    let is_shown = Memo::new(move |_| scene.with(|scene| *scene != CallScene::default()));
    let says = move |key: &'static str| i18n.fill(key, &[("person", &name.get_value())]);
    let line = Memo::new(move |_| scene.with(|scene| words::line(scene).map(says)));
    let error = move || {
        scene.with(|scene| scene.obstacle).map(|obstacle| {
            view! { <p class="notice" role="alert" data-part="call-obstacle">{i18n.text(words::obstacle(obstacle))}</p> }
        })
    };
    let for_since = StoredValue::new(conversation);
    let sound = Memo::new(move |_| scene.with(CallScene::has_sound));
    let parts = expect_context::<Parts>();
    Effect::new(move |before: Option<bool>| {
        let shown = is_shown.get();
        if before == Some(true) && !shown {
            // The focused button was removed.
            request_animation_frame(move || parts.adopt("on-screen"));
        }
        shown
    });
    view! {
        <div
            class="call-bar"
            class:shown=is_shown
            role="group"
            aria-label=i18n.text("call.title")
            data-part="call"
        >
            {error}
            <p class="call-line" role="status" data-part="call-line">{move || line.get()}</p>
            <Show when=move || sound.get()>
                <CallClock conversation=for_since.get_value()/>
            </Show>
            <Show when=move || sound.get()>
                <div class="call-levels">
                    <Level part="call-own" name=i18n.text("call.level_own") level=Signal::derive(move || levels.get().own)/>
                    <Level part="call-other" name=says("call.level_other") level=Signal::derive(move || levels.get().other)/>
                    <p class="call-quality" data-part="call-quality">{quality}</p>
                </div>
            </Show>
            <Show when=move || view.get() != CallView::None>
                <CallButtons conversation=for_since.get_value() scene/>
                <Show when=move || sound.get()>
                    <TextPane conversation=for_since.get_value()/>
                </Show>
                <p class="quiet" data-part="call-unrecorded">{i18n.text("call.not_recorded")}</p>
            </Show>
        </div>
    }
}

/// How long the two have talked.
#[component]
fn CallClock(conversation: Conversation) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let state = expect_context::<DeskState>();
    let words = move || {
        let now = state.clock.now.get();
        conversation.talking_since().map(|since| {
            let seconds = u64::try_from((now.as_millis() - since.as_millis()) / 1_000).unwrap_or_default();
            i18n.fill("call.time", &[("time", &clock(seconds))])
        })
    };
    view! { <p class="call-clock" role="timer" aria-live="off" data-part="call-clock">{words}</p> }
}

/// How loud a side is: bars, and whether it is heard.
#[component]
fn Level(part: &'static str, #[prop(into)] name: String, #[prop(into)] level: Signal<u8>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let heard = Memo::new(move |_| level.get() > 0);
    let bars = (1..=Levels::LOUDEST)
        .map(|step| {
            let is_on = move || level.get() >= step;
            view! { <span class:on=is_on></span> }
        })
        .collect_view();
    view! {
        <p class="call-level" data-part=part>
            <span class="bars" aria-hidden="true">{bars}</span>
            {name}
            ": "
            <span data-part="call-heard">{move || i18n.text(if heard.get() { "call.heard" } else { "call.silent" })}</span>
        </p>
    }
}

#[component]
fn CallButtons(conversation: Conversation, scene: Memo<CallScene>) -> impl IntoView {
    let i18n = expect_context::<I18n>();
    let intents = expect_context::<Intents>();
    let id = StoredValue::new(conversation.id.clone());
    let conversation = StoredValue::new(conversation);
    let muted = Memo::new(move |_| scene.with(|scene| scene.muted));
    let view = Memo::new(move |_| scene.with(|scene| scene.view.clone()));
    let button = move |part: &'static str, look: &'static str, key: &'static str, press: Callback<()>| {
        view! {
            <button type="button" class=format!("button slim {look}") data-part=part on:click=move |_| press.run(())>
                {i18n.text(key)}
            </button>
        }
    };
    let leave = Callback::new(move |()| intents.leave_call(&id.get_value()));
    let buttons = move || match view.get() {
        CallView::None => ().into_any(),
        CallView::Asking => button("call-withdraw", "", "call.withdraw", leave).into_any(),
        CallView::Asked => {
            let accept = Callback::new(move |()| intents.accept_call(&id.get_value()));
            let decline = Callback::new(move |()| intents.decline_call(&id.get_value()));
            view! {
                {button("call-accept", "primary", "call.accept", accept)}
                {button("call-decline", "", "call.decline", decline)}
            }
            .into_any()
        }
        CallView::Elsewhere => {
            let take = Callback::new(move |()| intents.take_call(&id.get_value()));
            view! {
                {button("call-take", "primary", "call.take", take)}
                {button("call-leave", "end", "call.leave", leave)}
            }
            .into_any()
        }
        CallView::Connecting | CallView::Talking | CallView::Reconnecting => {
            let mute = move |_| intents.mute_call(&id.get_value(), !muted.get_untracked());
            view! {
                <button
                    type="button"
                    class="button slim"
                    data-part="call-mute"
                    on:click=mute
                >
                    {move || i18n.text(if muted.get() { "call.unmute" } else { "call.mute" })}
                </button>
                <TextButton conversation=conversation.get_value()/>
                {button("call-leave", "end", "call.leave", leave)}
            }
            .into_any()
        }
    };
    let row = NodeRef::<leptos::html::Div>::new();
    row.on_load(|row| dom::adopt_focus(&row));
    view! { <div class="call-buttons" tabindex="-1" node_ref=row>{buttons}</div> }
}

/// What the tool needs: whether a call can be offered now, and what stands in the way.
#[derive(Clone, Copy)]
pub(super) struct CallTool {
    /// Whether the rules have calls.
    pub(super) offered: Memo<bool>,
    /// Whether a press does nothing now.
    pub(super) disabled: Memo<bool>,
    pub(super) press: Callback<()>,
}

impl CallTool {
    pub(super) fn of(conversation: &Conversation) -> Self {
        let state = expect_context::<DeskState>();
        let intents = expect_context::<Intents>();
        let Conversation { call, connection, .. } = conversation.clone();
        let id = StoredValue::new(conversation.id.clone());
        let offered = Memo::new(move |_| {
            state.session.welcome.with(|welcome| welcome.as_ref().is_some_and(|welcome| welcome.calls))
        });
        let disabled = Memo::new(move |_| {
            connection.get() != Connection::Live
                || call.with(|scene| scene.view != CallView::None || scene.asks_permission)
        });
        let press = Callback::new(move |()| {
            if disabled.get_untracked() {
                return;
            }
            // An engine without calls, or a page that forbids them, says so on the press: a button that is not there says nothing.
            intents.offer_call(&id.get_value());
        });
        Self { offered, disabled, press }
    }
}
