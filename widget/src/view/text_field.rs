// SPDX-License-Identifier: EUPL-1.2
//! A field of several lines, and the count of the characters left.

use std::rc::Rc;

use infocig_client::dom::Listener;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use super::{
    pieces::Block,
    switch::{Read, line},
};
use crate::{
    effects::{follow, keep},
    once::once,
    text,
    ui::Ui,
};

/// The text of a field.
#[derive(Clone)]
pub(crate) struct Written {
    /// The text; followed.
    pub(crate) text: Rc<dyn Fn() -> String>,
    pub(crate) on_write: Rc<dyn Fn(String)>,
}

/// A directive: shows a text in the field, reports what is typed, and adapts the height of the field.
pub(crate) fn writes(field: Element, written: Written) {
    let field: HtmlTextAreaElement = field.unchecked_into();
    let Written { text, on_write } = written;
    let input = field.clone();
    keep(Listener::new(field.clone().into(), "input", move || {
        grow(&input);
        on_write(input.value());
    }));
    follow(move || {
        let text = text();
        // Setting an equal text would move the caret.
        if field.value() != text {
            field.set_value(&text);
            grow(&field);
        }
    });
}

/// Sets the height of the field to that of its text, within the limits of the stylesheet.
fn grow(field: &HtmlTextAreaElement) {
    let style = AsRef::<HtmlElement>::as_ref(field).style();
    let _known = style.set_property("height", "auto");
    let _known = style.set_property("height", &[&*(field.scroll_height() + 4).to_string(), "px"].concat());
}

/// Shows how many characters are left once they are fewer than [`WARN_BELOW`].
#[component]
pub(crate) fn CharactersLeft(
    of: usize,
    /// The text; followed.
    #[prop(into)]
    text: Read<String>,
) -> impl IntoView {
    let (ui, Read(text)) = (Ui::current(), text);
    let left = move || Some(of.saturating_sub(text().chars().count())).filter(|left| *left < WARN_BELOW);
    let left = move || left().map(|left| ui.words(|words| text::characters_left(words, left)));
    once(view! { <Block>{line("hint", "", "left", left.into())}</Block> })
}

/// The count is shown below this number of characters left.
const WARN_BELOW: usize = 200;
