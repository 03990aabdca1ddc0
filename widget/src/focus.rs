// SPDX-License-Identifier: EUPL-1.2
//! The focus within the shadow root: where it goes, and that it is never lost.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, ShadowRoot};

use crate::effects::{after_layout, before_paint};

/// Gives an element the focus.
pub(crate) fn give(element: &HtmlElement) {
    let _focused = element.focus();
}

/// The shadow root an element lies in.
pub(crate) fn root(element: &Node) -> Option<ShadowRoot> {
    element.get_root_node().dyn_into().ok()
}

/// A directive: the element takes the focus once it is on the page.
pub(crate) fn takes_focus(element: Element) {
    let _name_is_one = element.set_attribute("tabindex", "-1");
    before_paint(move || give(element.unchecked_ref()));
}

/// Gives the focus of something that was taken off the page to the panel, or to the button that opens it.
pub(crate) fn keep(place: &Node) {
    let panel = place.parent_element().and_then(|parent| parent.closest("[data-part=panel]").ok().flatten());
    if let Some(panel) = panel {
        return give(panel.unchecked_ref());
    }
    let root = root(place);
    after_layout(move || {
        let launcher = root.and_then(|root| root.query_selector("[data-part=launcher]").ok().flatten());
        if let Some(launcher) = launcher {
            give(launcher.unchecked_ref());
        }
    });
}
