// SPDX-License-Identifier: EUPL-1.2
//! Writing to the office when nobody can answer. The text stays until it is known to have arrived.

use std::rc::Rc;

use infocig_protocol::{
    limits::MAX_DESCRIPTION_CHARS,
    sensitive::{self, Kind},
};
use leptos::prelude::*;

use crate::{
    dom::{El, button, el, focus, line},
    state::{Sending, Unwritten},
    text::office as words,
    ui::Ui,
    view::composer::{caution, field, left},
};

/// The form.
pub(crate) fn write(ui: Ui) -> El {
    let state = ui.state;
    let sending = move || {
        state.read(|s| {
            let letter = &s.request;
            letter.sending
        })
    };
    let failed = move || match sending() {
        Sending::Failed(why) => Some(why),
        Sending::No | Sending::UnderWay => None,
    };
    let label = move || {
        ui.say(match sending() {
            Sending::UnderWay => "write.sending",
            Sending::Failed(Unwritten::Stuck(_)) => "panel.retry",
            Sending::Failed(_) | Sending::No => "write.send",
        })
    };
    let of_text = move || matches!(failed(), Some(Unwritten::Empty | Unwritten::TooLong));
    // What was found in the text, while it is asked whether it may leave.
    let found = RwSignal::new(Vec::<Kind>::new());
    let send = move || {
        found.set(Vec::new());
        ui.act(|chat| chat.send_request());
    };
    let written = field(
        move || state.read(|s| s.request_text()),
        move |text| {
            found.set(Vec::new());
            ui.act(|chat| chat.write_request(text));
        },
    );
    let node = written.node().clone();
    let to_field: Rc<dyn Fn()> = Rc::new(move || focus(&node));
    let on_submit = {
        let to_field = Rc::clone(&to_field);
        move |event: web_sys::Event| {
            event.prevent_default();
            let kinds = sensitive::kinds(&state.peek(|s| s.request_text()));
            if !kinds.is_empty() {
                found.set(kinds);
                return;
            }
            send();
            if untrack(of_text) {
                to_field();
            }
        }
    };
    let written = written
        .attr("id", "write")
        .part("write-text")
        .attr("rows", "5")
        .attr("aria-describedby", "write-help")
        .shows("aria-invalid", move || Some(if of_text() { "true" } else { "false" }))
        .shows("readonly", move || (sending() == Sending::UnderWay).then_some(""));
    let submit = line("button", "button primary", "").attr("type", "submit").part("write-send").reads(label);
    el("form")
        .class("aside")
        .part("write")
        .attr("aria-labelledby", "write-title")
        .on("submit", on_submit)
        .with(line("h3", "", &ui.say("write.title")).attr("id", "write-title"))
        .with(line("p", "", &ui.say("write.help")).attr("id", "write-help"))
        .with(line("label", "", &ui.say("write.label")).attr("for", "write"))
        .with(written)
        .switch(failed, move |why| why.map(|why| unwritten(ui, why)))
        .switch(
            move || found.get(),
            move |kinds| {
                if kinds.is_empty() {
                    return None;
                }
                let edit = Rc::clone(&to_field);
                let mask = move || {
                    let masked = sensitive::mask(&state.peek(|s| s.request_text()));
                    ui.act(|chat| chat.write_request(masked));
                    send();
                };
                Some(caution(ui, &kinds, mask, send, move || {
                    found.set(Vec::new());
                    edit();
                }))
            },
        )
        .with(left(ui, MAX_DESCRIPTION_CHARS, move || state.read(|s| s.request_text())))
        .with(el("div").class("actions").with(submit))
}

/// Why it has not left.
fn unwritten(ui: Ui, why: Unwritten) -> El {
    let said = line("p", "error", &ui.say(words::unwritten(why))).attr("role", "alert").part("write-error");
    let said = el("div").with(said);
    if matches!(why, Unwritten::Pending | Unwritten::Open) {
        let look = move || ui.act(|chat| chat.look_for_history());
        return said.with(button("button", "write-history", &ui.say("history.title"), look));
    }
    said
}
