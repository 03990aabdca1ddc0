// SPDX-License-Identifier: EUPL-1.2
//! A text that follows signals: a directive. Leptos would change the text node it made; a browser that translates the page puts
//! elements of its own in the place of text nodes, and the change would be seen by nobody. So the text of the element is set.

use std::rc::Rc;

use web_sys::Element;

use crate::effects::follow;

/// A text that is followed.
#[derive(Clone)]
pub(crate) struct LiveText(Rc<dyn Fn() -> String>);

/// Follows a text.
pub(crate) fn live(text: impl Fn() -> String + 'static) -> LiveText {
    LiveText(Rc::new(text))
}

/// The element has the text, for as long as the current owner lives. The same text is not set again: it would be announced
/// again.
pub(crate) fn live_text(element: Element, text: LiveText) {
    let mut shown = None;
    follow(move || {
        let text = (text.0)();
        if shown.as_ref() != Some(&text) {
            element.set_text_content(Some(&text));
            shown = Some(text);
        }
    });
}
