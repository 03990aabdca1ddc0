// SPDX-License-Identifier: EUPL-1.2
//! Where a person writes. The text stays until it has been taken over: through a reload, and when the panel is put away.

use std::rc::Rc;

use infocig_client::dom;
use infocig_protocol::{
    blank::is_blank,
    limits::MAX_MESSAGE_CHARS,
    problem::Code,
    sensitive::{self, Kind},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent, Node};

use crate::{
    dom::{El, button, el, focus, follow, line, root},
    state::Stage,
    text,
    ui::Ui,
};

/// Below so many characters left, they are counted.
const WARN_BELOW: usize = 200;

/// Says how many characters are left of so many, once that is worth knowing.
pub(crate) fn left(ui: Ui, of: usize, text: impl Fn() -> String + 'static) -> El {
    let left = move || Some(of.saturating_sub(text().chars().count())).filter(|left| *left < WARN_BELOW);
    el("div").switch(left, move |left| {
        left.map(|left| line("p", "hint", &ui.words(|words| text::characters_left(words, left))).part("left"))
    })
}

/// A field that follows a text and tells what is written in it, and grows with it.
pub(crate) fn field(text: impl Fn() -> String + 'static, write: impl Fn(String) + 'static) -> El {
    let el = el("textarea");
    let field: HtmlTextAreaElement = el.node().clone().unchecked_into();
    let followed = field.clone();
    follow(move || {
        let text = text();
        // Writing the same again would move the caret.
        if followed.value() != text {
            followed.set_value(&text);
            grow(&followed);
        }
    });
    el.on("input", move |_| {
        grow(&field);
        write(field.value());
    })
}

/// As high as its text, within what the stylesheet allows.
fn grow(field: &HtmlTextAreaElement) {
    let style = AsRef::<HtmlElement>::as_ref(field).style();
    let _known = style.set_property("height", "auto");
    let _known = style.set_property("height", &[&*(field.scroll_height() + 4).to_string(), "px"].concat());
}

/// Leads to the field from wherever in the widget.
pub(crate) fn to_composer(from: &Node) {
    let field = root(from).and_then(|root| root.query_selector("#composer").ok().flatten());
    if let Some(field) = field {
        focus(field.unchecked_ref());
    }
}

/// The field and the buttons. Enter sends and Shift+Enter begins a new line, except where there is no Shift: on a keyboard on the
/// screen Enter begins a new line.
pub(crate) fn composer(ui: Ui) -> El {
    let state = ui.state;
    // What was found in the text, while it is asked whether it may leave.
    let found = RwSignal::new(Vec::<Kind>::new());
    let written = field(
        move || state.read(|s| s.draft.clone()),
        move |text| {
            found.set(Vec::new());
            ui.act(|chat| chat.write(text));
        },
    );
    let node = written.node().clone();
    let to_field: Rc<dyn Fn()> = Rc::new(move || focus(&node));
    let post = {
        let to_field = Rc::clone(&to_field);
        move |text: String| {
            found.set(Vec::new());
            ui.act(|chat| chat.post(text));
            to_field();
        }
    };
    let send: Rc<dyn Fn(Event)> = {
        let (to_field, post) = (Rc::clone(&to_field), post.clone());
        Rc::new(move |event: Event| {
            event.prevent_default();
            let written = state.peek(|s| s.draft.clone());
            let refused = if is_blank(&written) {
                Some(Code::MessageEmpty)
            } else if written.chars().count() > MAX_MESSAGE_CHARS {
                Some(Code::MessageTooLong)
            } else {
                None
            };
            let kinds = sensitive::kinds(&written);
            if refused.is_some() {
                state.change(|s| s.not_sent = refused);
                to_field();
            } else if kinds.is_empty() {
                post(written);
            } else {
                found.set(kinds);
            }
        })
    };
    let touched = dom::has_coarse_pointer();
    let by_key = {
        let send = Rc::clone(&send);
        move |event: Event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            let sends = if touched { key.ctrl_key() || key.meta_key() } else { !key.shift_key() };
            if key.key() == "Enter" && sends && !dom::is_composing(key) {
                send(event);
            }
        }
    };
    let mut label =
        el("div").class("actions").with(line("label", "", &ui.say("composer.label")).attr("for", "composer"));
    if !touched {
        label = label.with(line("p", "hint", &ui.say("composer.hint")).attr("id", "hint"));
    }
    let written = written
        .attr("id", "composer")
        .part("composer")
        .attr("rows", "2")
        .attr("dir", "auto")
        .attr("aria-describedby", if touched { "privacy" } else { "hint privacy" })
        .attr("enterkeyhint", if touched { "enter" } else { "send" })
        .on("keydown", by_key);
    let submit =
        line("button", "button primary", &ui.say("composer.send")).attr("type", "submit").part("send");
    el("form")
        .class("composer")
        .on("submit", move |event| send(event))
        .when(move || !state.read(|s| s.has_written()), move || privacy(ui))
        .with(label)
        .with(written)
        .switch(
            move || state.read(|s| s.not_sent),
            move |code| {
                code.map(|code| line("p", "error", &ui.say(text::not_sent(code))).attr("role", "alert"))
            },
        )
        .switch(
            move || found.get(),
            move |kinds| {
                if kinds.is_empty() {
                    return None;
                }
                let (mask, send, edit) = (post.clone(), post.clone(), Rc::clone(&to_field));
                Some(caution(
                    ui,
                    &kinds,
                    move || mask(sensitive::mask(&state.peek(|s| s.draft.clone()))),
                    move || send(state.peek(|s| s.draft.clone())),
                    move || {
                        found.set(Vec::new());
                        edit();
                    },
                ))
            },
        )
        .with(left(ui, MAX_MESSAGE_CHARS, move || state.read(|s| s.draft.clone())))
        .with(
            el("div")
                .class("actions")
                .when(
                    move || state.read(|s| s.stage == Stage::Inside),
                    move || ui.talk.place(ui, move |talk| (talk.ending)(ui)),
                )
                .with(submit),
        )
}

/// What becomes of what is written, before the first message.
fn privacy(ui: Ui) -> El {
    let notice = line("p", "hint", &ui.say("privacy.notice")).attr("id", "privacy").part("privacy");
    let url = ui.chat().and_then(|chat| chat.links().privacy);
    match url {
        Some(url) => notice.with(line("span", "", " ")).with(
            line("a", "", &ui.say("menu.privacy"))
                .attr("href", &url)
                .attr("target", "_blank")
                .attr("rel", "noopener"),
        ),
        None => notice,
    }
}

/// Something in the text is better not written: whoever wrote it decides. Nothing has left.
pub(crate) fn caution(
    ui: Ui,
    kinds: &[Kind],
    on_mask: impl Fn() + 'static,
    on_send: impl Fn() + 'static,
    on_edit: impl Fn() + 'static,
) -> El {
    el("div")
        .class("ask")
        .attr("role", "alertdialog")
        .attr("aria-labelledby", "caution")
        .part("caution")
        .takes_focus()
        .with(line("p", "", &ui.words(|words| text::caution(words, kinds))).attr("id", "caution"))
        .with(
            el("div")
                .class("actions")
                .with(button("button primary", "caution-mask", &ui.say("caution.mask"), on_mask))
                .with(button("button", "caution-send", &ui.say("caution.send"), on_send))
                .with(button("button quiet", "caution-edit", &ui.say("caution.edit"), on_edit)),
        )
}
