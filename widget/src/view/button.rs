// SPDX-License-Identifier: EUPL-1.2
//! The buttons of the widget, built by one function.

use std::rc::Rc;

use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{
    listens::{listens, on},
    live_text::{live, live_text},
    pieces::{given, truth},
    switch::Read,
};
use crate::once::{element, once};

/// A button with a constant label.
#[component]
pub(crate) fn Button(
    class: &'static str,
    /// Its `data-part`, for stylesheets and tests.
    #[prop(into)]
    part: String,
    #[prop(into)] label: String,
    #[prop(into)] on_press: Press,
) -> impl IntoView {
    let Press(press) = on_press;
    let click = on("click", move |_| press());
    element(view! {
        <button class=class type="button" data-part=part use:listens=click>{label}</button>
    })
}

/// A button whose label follows signals.
#[component]
pub(crate) fn LiveButton(
    class: &'static str,
    part: &'static str,
    /// Followed.
    #[prop(into)]
    label: Read<String>,
    #[prop(into)] on_press: Press,
) -> impl IntoView {
    let (Press(press), Read(label)) = (on_press, label);
    let click = on("click", move |_| press());
    once(view! {
        <button
            class=class
            type="button"
            data-part=part
            use:listens=click
            use:live_text=live(label)
        ></button>
    })
}

/// A button that expands and collapses a section.
#[component]
pub(crate) fn ToggleButton(
    class: &'static str,
    part: &'static str,
    #[prop(optional)] id: &'static str,
    label: String,
    /// Whether the section is expanded; followed.
    #[prop(into)]
    expanded: Read<bool>,
    #[prop(into)] on_press: Press,
) -> impl IntoView {
    let (Press(press), Read(expanded)) = (on_press, expanded);
    let (click, expanded) = (on("click", move |_| press()), SendWrapper::new(expanded));
    once(view! {
        <button
            class=class
            type="button"
            data-part=part
            id=given(id)
            aria-expanded=move || truth(expanded())
            use:listens=click
        >
            {label}
        </button>
    })
}

/// The handler of a button.
#[derive(Clone)]
pub(crate) struct Press(Rc<dyn Fn()>);

impl<F: Fn() + 'static> From<F> for Press {
    fn from(press: F) -> Self {
        Self(Rc::new(press))
    }
}
