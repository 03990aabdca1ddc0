// SPDX-License-Identifier: EUPL-1.2
//! What the chat looks like. Views read the state and call what a person can do; they decide nothing.

mod composer;
pub(crate) mod later;
mod launcher;
pub(crate) mod notice;
mod panel;
mod surface;
pub(crate) mod talk;

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
        .with(launcher::launcher(ui))
        .when(move || ui.state.read(|s| s.shown), move || panel::panel(ui))
        .switch(move || ui.talk.is_there(), move |_| ui.talk.get().map(|talk| (talk.announcer)(ui)))
}
