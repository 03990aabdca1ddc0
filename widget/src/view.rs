// SPDX-License-Identifier: EUPL-1.2
//! What the chat looks like. Views read the state and call what a person can do; they decide nothing.

mod composer;
pub(crate) mod later;
mod launcher;
pub(crate) mod notice;
mod panel;
mod surface;
pub(crate) mod talk;

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent};

use crate::{
    dom::{El, el},
    ui::Ui,
};

/// The whole widget: the button, the panel when it is on screen, and what screen readers are told.
pub(crate) fn widget(ui: Ui) -> El {
    let language = ui.state.peek(|s| s.language);
    el("div")
        .class("widget")
        .attr("lang", language.as_str())
        .on("keydown", keep_typing)
        .on("keypress", keep_typing)
        .on("keyup", keep_typing)
        // A page that keeps the focus in a dialog of its own would take it back.
        .on("focusin", |event| event.stop_propagation())
        .on("focusout", |event| event.stop_propagation())
        .with(launcher::launcher(ui))
        .when(move || ui.state.read(|s| s.shown), move || panel::panel(ui))
        .switch(move || ui.talk.is_there(), move |_| ui.talk.get().map(|talk| (talk.announcer)(ui)))
}

/// Keeps from the page what is typed in a field: seen from outside, the field is an element whose letters look like the page's
/// shortcuts. What is pressed with Ctrl, Alt or Meta may well be meant for the page; letters typed with `AltGr` are not.
fn keep_typing(event: Event) {
    let key: &KeyboardEvent = event.unchecked_ref();
    let combined = key.ctrl_key() || key.alt_key() || key.meta_key();
    let field = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let field = field.is_some_and(|field| matches!(&*field.tag_name(), "TEXTAREA" | "INPUT" | "SELECT"));
    if field && (!combined || key.get_modifier_state("AltGraph")) {
        event.stop_propagation();
    }
}
