// SPDX-License-Identifier: EUPL-1.2
//! The placement of the panel: in the page, over it, or on the whole screen of a phone above its keyboard.
//!
//! Over the page it is a popover in the browser's top layer, where no ancestor's `transform`, `overflow` or `z-index` applies.
//! Popovers, close watchers and the visual viewport are used only where the browser has them.

use infocig_client::dom::Listener;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, EventTarget, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::{
    effects::{after_layout, before_paint, keep},
    focus,
    ui::Ui,
};

/// A placement of the panel.
#[derive(Clone, Copy)]
pub(crate) struct Surface {
    over_the_page: bool,
}

impl Surface {
    pub(crate) fn of(ui: Ui) -> Self {
        let narrow = window().match_media(NARROW).ok().flatten().is_some_and(|query| query.matches());
        if narrow {
            close_by_back(ui);
        }
        Self { over_the_page: narrow || ui.page().is_some_and(|page| page.floats) }
    }

    /// The value of the attribute `popover`.
    pub(crate) fn popover(self) -> Option<&'static str> {
        self.over_the_page.then_some("manual")
    }

    /// A directive: places the panel.
    pub(crate) fn lay(panel: Element, surface: Self) {
        let panel: HtmlElement = panel.unchecked_into();
        follow_the_keyboard(&panel);
        if !surface.over_the_page {
            return before_paint(move || into_sight(&panel));
        }
        after_layout(move || {
            if let Some(show) = method(&panel, "showPopover") {
                let _shown = show.call0(&panel);
                // A closed popover cannot take the focus.
                focus::give(&panel);
            }
        });
    }
}

/// Media query for the whole-screen panel, as in the stylesheet.
const NARROW: &str = "(max-width: 40rem)";

/// Fits the panel into the part of the screen that a phone's keyboard leaves free (`visualViewport`).
fn follow_the_keyboard(panel: &HtmlElement) {
    let Ok(viewport) = Reflect::get(&window(), &"visualViewport".into()) else { return };
    let Ok(target) = viewport.dyn_into::<EventTarget>() else { return };
    let (panel, viewport) = (panel.clone(), target.clone());
    let fit = move || {
        for (property, measure) in [("--height", "height"), ("--top", "offsetTop")] {
            let pixels = Reflect::get(&viewport, &measure.into()).ok().and_then(|value| value.as_f64());
            #[expect(clippy::cast_possible_truncation, reason = "a screen has fewer pixels than that")]
            if let Some(pixels) = pixels {
                let value = [&*(pixels as i32).to_string(), "px"].concat();
                let _known = panel.style().set_property(property, &value);
            }
        }
        // The resized panel may have moved the focused field out of sight.
        let field = focus::root(&panel).and_then(|root| root.active_element());
        if let Some(field) = field.filter(|field| field.has_attribute("rows")) {
            into_sight(&field);
        }
    };
    fit();
    let events = ["resize", "scroll"].map(|event| Listener::new(target.clone(), event, fit.clone()));
    keep(events);
}

/// Scrolls only if the element is out of sight, and no farther than needed.
pub(crate) fn into_sight(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The back gesture closes the panel instead of leaving the page, if the browser has close watchers.
fn close_by_back(ui: Ui) {
    let Ok(watcher) = Reflect::get(&window(), &"CloseWatcher".into()) else { return };
    let Some(watcher) = watcher.dyn_ref::<Function>() else { return };
    let Ok(watcher) = Reflect::construct(watcher, &Array::new()) else { return };
    let close = Closure::<dyn FnMut()>::new(move || ui.act(|chat| chat.minimise())).into_js_value();
    let _assigned = Reflect::set(&watcher, &"onclose".into(), &close);
    keep(Watcher(watcher));
}

/// A close watcher that is destroyed when it is dropped.
struct Watcher(JsValue);

impl Drop for Watcher {
    fn drop(&mut self) {
        if let Some(destroy) = method(&self.0, "destroy") {
            let _destroyed = destroy.call0(&self.0);
        }
    }
}

fn method(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
