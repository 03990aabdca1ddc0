// SPDX-License-Identifier: EUPL-1.2
//! Elements that follow signals, made without a type of their own for each: what Leptos's own views would have every visitor
//! download is more than the rest of the widget. Signals, effects and owners are Leptos's.
//!
//! - An element is made once; what changes in it follows what it reads ([`El::reads`], [`El::shows`], [`El::switch`]).
//! - What is taken off the page takes its effects with it. If it had the focus, the panel gets it: whoever works by keyboard
//!   is never left nowhere (WCAG 2.4.3).
//! - No text is ever read as markup: Trusted Types have nothing to object to.

use std::time::Duration;

use leptos::prelude::{Owner, RenderEffect, StoredValue, set_timeout, untrack};
use wasm_bindgen::{JsCast, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlElement, Node, ShadowRoot};

#[wasm_bindgen]
extern "C" {
    // Only a name that is none fails, and names are written in this crate.
    #[wasm_bindgen(js_namespace = document, js_name = createElement)]
    fn create_element(tag: &str) -> HtmlElement;

    #[wasm_bindgen(js_namespace = document, js_name = createComment)]
    fn create_comment(text: &str) -> Element;
}

/// An element of the page.
#[derive(Clone)]
pub(crate) struct El(HtmlElement);

/// A new element.
pub(crate) fn el(tag: &str) -> El {
    El(create_element(tag))
}

/// A new element of a class, with a text.
pub(crate) fn line(tag: &str, class: &str, text: &str) -> El {
    el(tag).class(class).says(text)
}

/// Runs something now, and again whenever a signal it read has changed, for as long as the current owner lives.
pub(crate) fn follow(run: impl FnMut() + 'static) {
    fn follow(mut run: Box<dyn FnMut()>) {
        StoredValue::new_local(RenderEffect::new(move |_: Option<()>| run()));
    }
    follow(Box::new(run));
}

/// Runs something now, and again whenever a key has changed. What it reads besides is not followed.
pub(crate) fn whenever<K: PartialEq + 'static>(key: impl Fn() -> K + 'static, run: impl Fn() + 'static) {
    let mut before = None;
    follow(move || {
        let now = Some(key());
        if before != now {
            before = now;
            untrack(&run);
        }
    });
}

/// Does something once the page has been laid out.
pub(crate) fn soon(run: impl FnOnce() + 'static) {
    fn soon(run: Box<dyn FnOnce()>) {
        set_timeout(run, Duration::ZERO);
    }
    soon(Box::new(run));
}

/// Does something once what runs now has put everything in its place, and before it is painted.
pub(crate) fn at_once(run: impl FnOnce() + 'static) {
    fn at_once(run: Box<dyn FnOnce()>) {
        spawn_local(async move { run() });
    }
    at_once(Box::new(run));
}

impl El {
    /// An element there is.
    pub(crate) fn of(element: HtmlElement) -> Self {
        Self(element)
    }

    /// The element itself.
    pub(crate) fn node(&self) -> &HtmlElement {
        &self.0
    }

    /// Sets an attribute.
    pub(crate) fn attr(self, name: &str, value: &str) -> Self {
        let _name_is_one = self.0.set_attribute(name, value);
        self
    }

    /// Sets its classes; none for nothing.
    pub(crate) fn class(self, class: &str) -> Self {
        if class.is_empty() { self } else { self.attr("class", class) }
    }

    /// Names it, for tests and for whoever writes styles.
    pub(crate) fn part(self, part: &str) -> Self {
        self.attr("data-part", part)
    }

    /// Sets its text.
    pub(crate) fn says(self, text: &str) -> Self {
        self.0.set_text_content(Some(text));
        self
    }

    /// Puts an element at its end.
    pub(crate) fn with(self, child: El) -> Self {
        let _fresh = self.0.append_child(&child.0);
        self
    }

    /// Puts elements at its end.
    pub(crate) fn with_all(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::with)
    }

    /// Its text follows what is read.
    pub(crate) fn reads(self, text: impl Fn() -> String + 'static) -> Self {
        fn reads(element: HtmlElement, text: Box<dyn Fn() -> String>) {
            let mut shown = None;
            follow(move || {
                let now = text();
                // The same text again would be announced again.
                if shown.as_ref() != Some(&now) {
                    element.set_text_content(Some(&now));
                    shown = Some(now);
                }
            });
        }
        reads(self.0.clone(), Box::new(text));
        self
    }

    /// An attribute follows what is read; without a value it is absent.
    pub(crate) fn shows(
        self,
        name: &'static str,
        value: impl Fn() -> Option<&'static str> + 'static,
    ) -> Self {
        fn shows(element: HtmlElement, name: &'static str, value: Box<dyn Fn() -> Option<&'static str>>) {
            follow(move || {
                let _name_is_one = match value() {
                    Some(value) => element.set_attribute(name, value),
                    None => element.remove_attribute(name),
                };
            });
        }
        shows(self.0.clone(), name, Box::new(value));
        self
    }

    /// At its end there is what belongs to a key; it is made anew when the key changes, and only then.
    pub(crate) fn switch<K: PartialEq + Clone + 'static>(
        self,
        key: impl Fn() -> K + 'static,
        view: impl Fn(K) -> Option<El> + 'static,
    ) -> Self {
        let mark = create_comment("");
        let _fresh = self.0.append_child(&mark);
        let place = Place { mark, owner: Owner::current(), shown: None };
        let (mut place, mut shown) = (place, None);
        follow(move || {
            let now = key();
            if shown.as_ref() != Some(&now) {
                shown = Some(now.clone());
                place.show(&mut || view(now.clone()));
            }
        });
        self
    }

    /// At its end there is something as long as a condition holds.
    pub(crate) fn when(self, holds: impl Fn() -> bool + 'static, view: impl Fn() -> El + 'static) -> Self {
        fn when(parent: El, holds: Box<dyn Fn() -> bool>, view: Box<dyn Fn() -> El>) -> El {
            parent.switch(holds, move |holds| holds.then(&view))
        }
        when(self, Box::new(holds), Box::new(view))
    }

    /// At its end there is a line that is announced when it comes and when it changes, as long as there is something to say.
    pub(crate) fn tells(
        self,
        class: &'static str,
        part: &'static str,
        text: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        fn tells(
            parent: El,
            class: &'static str,
            part: &'static str,
            text: Box<dyn Fn() -> Option<String>>,
        ) -> El {
            parent.switch(text, move |text| {
                text.map(|text| line("p", class, &text).attr("role", "status").part(part))
            })
        }
        tells(self, class, part, Box::new(text))
    }

    /// Hears an event, for as long as the current owner lives: what is heard often holds the element itself, and neither
    /// would ever be freed.
    pub(crate) fn on(self, event: &'static str, hear: impl FnMut(Event) + 'static) -> Self {
        fn on(element: HtmlElement, event: &'static str, hear: Box<dyn FnMut(Event)>) {
            let hear = Closure::wrap(hear);
            let _name_is_one = element.add_event_listener_with_callback(event, hear.as_ref().unchecked_ref());
            StoredValue::new_local(Hearing { element, event, hear });
        }
        on(self.0.clone(), event, Box::new(hear));
        self
    }

    /// Takes the focus once it is on the page.
    pub(crate) fn takes_focus(self) -> Self {
        let element = self.0.clone();
        at_once(move || focus(&element));
        self.attr("tabindex", "-1")
    }

    /// Puts it where there is nothing yet.
    pub(crate) fn mount(&self, place: &Node) {
        let _fresh = place.append_child(&self.0);
    }
}

/// Something that is heard until it is dropped.
struct Hearing {
    element: HtmlElement,
    event: &'static str,
    hear: Closure<dyn FnMut(Event)>,
}

impl Drop for Hearing {
    fn drop(&mut self) {
        let hear = self.hear.as_ref().unchecked_ref();
        let _gone = self.element.remove_event_listener_with_callback(self.event, hear);
    }
}

/// A button. All of them are made here.
pub(crate) fn button(class: &str, part: &str, label: &str, press: impl FnMut() + 'static) -> El {
    fn button(class: &str, part: &str, label: &str, mut press: Box<dyn FnMut()>) -> El {
        line("button", class, label).attr("type", "button").part(part).on("click", move |_| press())
    }
    button(class, part, label, Box::new(press))
}

/// Gives something the focus.
pub(crate) fn focus(element: &HtmlElement) {
    let _focused = element.focus();
}

/// The shadow root an element lies in.
pub(crate) fn root(element: &Node) -> Option<ShadowRoot> {
    element.get_root_node().dyn_into().ok()
}

/// What is shown in one place, and who owns what it follows.
struct Place {
    mark: Element,
    owner: Option<Owner>,
    shown: Option<(El, Owner)>,
}

impl Place {
    fn show(&mut self, view: &mut dyn FnMut() -> Option<El>) {
        let active = root(&self.mark).and_then(|root| root.active_element());
        let before = self.shown.take();
        let had_focus =
            before.as_ref().is_some_and(|(el, _)| el.0.contains(active.as_ref().map(AsRef::as_ref)));
        if let Some((el, owner)) = before {
            owner.cleanup();
            el.0.remove();
        }
        let owner = self.owner.as_ref().map_or_else(Owner::new, Owner::child);
        if let Some(el) = owner.with(|| untrack(view)) {
            let _has_a_parent = self.mark.before_with_node_1(&el.0);
            self.shown = Some((el, owner));
        }
        if had_focus {
            self.keep_focus();
        }
    }

    /// What had the focus is gone: the panel has it now, or the button that opens it.
    fn keep_focus(&self) {
        if let Ok(Some(panel)) = self.mark_parent().closest("[data-part=panel]") {
            return focus(panel.unchecked_ref());
        }
        let root = root(&self.mark);
        soon(move || {
            let launcher = root.and_then(|root| root.query_selector("[data-part=launcher]").ok().flatten());
            if let Some(launcher) = launcher {
                focus(launcher.unchecked_ref());
            }
        });
    }

    fn mark_parent(&self) -> Element {
        self.mark.parent_element().unwrap_or_else(|| self.mark.clone())
    }
}
