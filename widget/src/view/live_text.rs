// SPDX-License-Identifier: EUPL-1.2
//! A directive for texts that follow signals. It sets the text of the element, where Leptos would change the text node it
//! built: a browser that translates the page replaces text nodes by elements, and the change of a detached node would not be
//! shown.

use std::rc::Rc;

use web_sys::Element;

use crate::effects::follow;

/// The text of an element; followed.
#[derive(Clone)]
pub(crate) struct LiveText(Rc<dyn Fn() -> String>);

/// The argument of the directive.
pub(crate) fn live(text: impl Fn() -> String + 'static) -> LiveText {
    LiveText(Rc::new(text))
}

/// Sets the text of the element whenever it changes, until the current owner is disposed. An equal text is not set again,
/// because a live region would announce it twice.
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
