// SPDX-License-Identifier: EUPL-1.2
//! Real-time text in the dialogue of a call: the lines of both sides, the one that the advisor is writing, and a field of one's own.
//!
//! Lines are announced once they are ended; the one that is being written is not, because each letter would interrupt. Each line
//! begins with its writer's name, and one's own stand apart (EN 301 549, 6.2.2.1 to 6.2.2.3).

use std::cell::Cell;

use infocig_client::{
    call::{
        text::{MAX_LINE_CHARS, TextScene},
        words as said,
    },
    dom::{Listener, is_composing},
    words::Words,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{Maker, Press, show, write};

pub(super) struct TextPane {
    pub(super) root: HtmlElement,
    pub(super) field: HtmlInputElement,
    entry: HtmlElement,
    note: HtmlElement,
    lines: HtmlElement,
    /// The number of the newest line that is shown.
    shown: Cell<u64>,
    other: HtmlElement,
    other_text: HtmlElement,
    _on_input: Option<Listener>,
    _on_key: Closure<dyn FnMut(KeyboardEvent)>,
}

impl TextPane {
    pub(super) fn new(make: &Maker<'_>, on_press: impl Fn(Press) + Clone + 'static) -> Option<Self> {
        let root = make.part("div", "call-text", "call-text")?;
        root.set_attribute("role", "group").ok()?;
        root.set_attribute("aria-label", &make.words.text("call.text_title")).ok()?;
        let note = make.part("p", "call-note", "call-text-note")?;
        let lines = make.part("div", "call-text-lines", "call-text-lines")?;
        lines.set_attribute("role", "log").ok()?;
        lines.set_attribute("aria-label", &make.words.text("call.text_title")).ok()?;
        let other = make.part("p", "call-text-other", "call-text-other")?;
        let other_text = make.part("span", "", "call-text-written")?;
        let name = make.part("strong", "", "call-text-name")?;
        name.set_text_content(Some(&writer(make.words, false)));
        for part in [&name, &other_text] {
            other.append_child(part).ok()?;
        }
        let entry = make.part("label", "field", "call-text-entry")?;
        let named = make.said("span", "", "call-text-label", "call.text_field")?;
        let field: HtmlInputElement = make.part("input", "", "call-text-field")?.unchecked_into();
        field.set_autocomplete("off");
        field.set_max_length(i32::try_from(MAX_LINE_CHARS).unwrap_or(i32::MAX));
        field.set_attribute("enterkeyhint", "enter").ok()?;
        entry.append_child(&named).ok()?;
        entry.append_child(&field).ok()?;
        for part in [&note, &lines, &other, &entry] {
            root.append_child(part).ok()?;
        }
        let (written, on_write) = (field.clone(), on_press.clone());
        let on_input = Listener::new(field.clone().into(), "input", move || {
            on_write(Press::Write(written.value()));
        });
        let ended = field.clone();
        let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(move |key: KeyboardEvent| {
            if key.key() == "Enter" && !is_composing(&key) {
                key.prevent_default();
                ended.set_value("");
                on_press(Press::EndLine);
            }
        });
        field.set_onkeydown(Some(on_key.as_ref().unchecked_ref()));
        let shown = Cell::new(0);
        Some(Self {
            root,
            field,
            entry,
            note,
            lines,
            shown,
            other,
            other_text,
            _on_input: on_input,
            _on_key: on_key,
        })
    }

    pub(super) fn show(&self, words: &Words, text: &TextScene) {
        show(&self.root, text.is_shown());
        show(&self.entry, text.own);
        if !text.own {
            self.field.set_value("");
        }
        write(&self.note, &words.text(if text.own { "call.text_note" } else { "call.text_read" }));
        show(&self.other, !text.other_writes.is_empty());
        write(&self.other_text, &said::text(words, &text.other_writes));
        self.show_lines(words, text);
    }

    /// Whether an element is of the pane.
    pub(super) fn contains(&self, element: &HtmlElement) -> bool {
        self.root.contains(Some(element))
    }

    fn show_lines(&self, words: &Words, text: &TextScene) {
        if text.lines.is_empty() {
            self.lines.set_text_content(None);
            self.shown.set(0);
        }
        let newer = text.lines.iter().filter(|line| line.number > self.shown.get());
        let Some(document) = self.root.owner_document() else { return };
        for line in newer {
            let (Ok(item), Ok(name)) = (document.create_element("p"), document.create_element("strong"))
            else {
                return;
            };
            item.set_class_name(if line.own { "own" } else { "other" });
            name.set_text_content(Some(&writer(words, line.own)));
            let _appended = item.append_child(&name);
            let _appended = item.append_child(&document.create_text_node(&said::text(words, &line.text)));
            let _appended = self.lines.append_child(&item);
            self.lines.set_scroll_top(self.lines.scroll_height());
        }
        while self.lines.child_element_count() > u32::try_from(text.lines.len()).unwrap_or(u32::MAX) {
            if let Some(oldest) = self.lines.first_element_child() {
                oldest.remove();
            }
        }
        self.shown.set(text.lines.last().map_or(0, |line| line.number));
        // It scrolls by keys too, once there is something in it.
        self.lines.set_tab_index(if text.lines.is_empty() { -1 } else { 0 });
    }
}

/// What stands before a line.
fn writer(words: &Words, own: bool) -> String {
    let name = words.text(if own { "call.text_own" } else { "call.text_other" });
    [&name, ": "].concat()
}
