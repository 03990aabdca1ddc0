// SPDX-License-Identifier: EUPL-1.2
//! What the chat looks like. Views read the state and call what a person can do; they decide nothing.

#![expect(unreachable_pub, reason = "the component macro makes what it writes public")]

mod case;
mod composer;
mod ending;
mod history;
mod launcher;
mod notice;
mod panel;
mod question;
mod receipt;
mod transcript;
mod write;

use infocig_client::page;
use infocig_protocol::time::Timestamp;
use js_sys::{Date, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement};

use self::{launcher::Launcher, panel::Panel};
use crate::{chat::Chat, state::ChatState, text};

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

/// A day and a time of day in Italy, `22 novembre 2026, ore 15:42`.
fn moment(at: Timestamp) -> String {
    let options = Object::new();
    for (name, value) in
        [("day", "numeric"), ("month", "long"), ("year", "numeric"), ("timeZone", "Europe/Rome")]
    {
        let _fresh_object = Reflect::set(&options, &JsValue::from_str(name), &JsValue::from_str(value));
    }
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch fit in 53 bits")]
    let date = Date::new(&JsValue::from_f64(at.as_millis() as f64));
    let day: String = date.to_locale_date_string("it-IT", &options).into();
    text::moment(&day, &page::clock(at))
}

/// A button. All of them are made here: what each had of its own would be downloaded by everybody.
fn button(
    look: &'static str,
    part: impl Into<String>,
    label: impl Into<Signal<&'static str>>,
    press: impl Fn(&Event) + 'static,
) -> AnyView {
    fn made(
        look: &'static str,
        part: String,
        label: Signal<&'static str>,
        press: Box<dyn Fn(&Event)>,
    ) -> AnyView {
        view! { <button type="button" class=look data-part=part on:click=move |event| press(&event)>{label}</button> }
            .into_any()
    }
    made(look, part.into(), label.into(), Box::new(press))
}

/// A line that is announced when it comes.
fn status(look: &'static str, part: &'static str, words: impl Into<String>) -> AnyView {
    fn made(look: &'static str, part: &'static str, words: String) -> AnyView {
        view! { <p class=look role="status" data-part=part>{words}</p> }.into_any()
    }
    made(look, part, words.into())
}

/// What was pressed goes away: the focus stays in the panel.
fn focus_panel(event: &Event) {
    let panel = event_target::<Element>(event).closest("[data-part=panel]");
    if let Ok(Some(panel)) = panel {
        let _focused = panel.unchecked_into::<HtmlElement>().focus();
    }
}
