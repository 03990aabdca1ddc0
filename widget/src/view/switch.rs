// SPDX-License-Identifier: EUPL-1.2
//! Views that depend on a value. Unlike with Leptos's `Show`, a view is rebuilt at each change of its value and only then, so
//! that it is announced and takes the focus again; and the focus of a removed view is moved, not lost.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use leptos::{
    children::ToChildren,
    prelude::{Mountable, *},
    tachys::renderer::Rndr,
};
use web_sys::{Comment, Element, Node};

use super::pieces::Paragraph;
use crate::{
    focus,
    once::{Made, Once, Piece, nothing, of_piece, once, optional},
};

/// A view that is rebuilt when a value changes.
#[component]
pub(crate) fn Switch<K, V>(
    /// The value; followed.
    on: impl Fn() -> K + 'static,
    /// Builds the view of a value.
    children: impl Fn(K) -> V + 'static,
) -> impl IntoView
where
    K: PartialEq + Clone + 'static,
    V: IntoView + 'static,
{
    let shown = Rc::new(RefCell::new(None));
    let seen = Rc::clone(&shown);
    let has_changed = move || {
        let now = Some(on());
        let has_changed = *seen.borrow() != now;
        seen.replace(now);
        has_changed
    };
    let view = move || {
        let now = shown.borrow().clone();
        now.map_or_else(nothing, |now| once(children(now)))
    };
    switch(Box::new(has_changed), Box::new(view))
}

/// A view that is shown while a condition holds.
#[component]
pub(crate) fn ShowWhen(
    /// The condition; followed.
    #[prop(into)]
    holds: Read<bool>,
    children: Views,
) -> impl IntoView {
    let (Read(holds), Views(view)) = (holds, children);
    let shown = Rc::new(Cell::new(None));
    let seen = Rc::clone(&shown);
    let has_changed = move || {
        let now = Some(holds());
        seen.replace(now) != now
    };
    switch(
        Box::new(has_changed),
        Box::new(move || if shown.get() == Some(true) { view() } else { nothing() }),
    )
}

/// A live region of one line: announced when it is added and when it changes, absent without a text.
#[component]
pub(crate) fn StatusLine(
    class: &'static str,
    part: &'static str,
    /// The text; followed.
    #[prop(into)]
    text: Read<Option<String>>,
) -> impl IntoView {
    line(class, "status", part, text)
}

/// An error: announced at once when it is added and when it changes, absent without a text.
#[component]
pub(crate) fn ErrorLine(
    #[prop(optional)] part: &'static str,
    /// The text; followed.
    #[prop(into)]
    text: Read<Option<String>>,
) -> impl IntoView {
    line("error", "alert", part, text)
}

/// A line that is absent without a text.
pub(crate) fn line(
    class: &'static str,
    role: &'static str,
    part: &'static str,
    Read(text): Read<Option<String>>,
) -> Once {
    once(view! {
        <Switch on=text let:text>
            {optional(text.map(|text| view! { <Paragraph class role part text/> }))}
        </Switch>
    })
}

/// A followed value as a boxed closure, so that a component with such a property is compiled once.
pub(crate) struct Read<T>(pub(crate) Box<dyn Fn() -> T>);

impl<T, F: Fn() -> T + 'static> From<F> for Read<T> {
    fn from(read: F) -> Self {
        Self(Box::new(read))
    }
}

/// Children that are built each time their component shows them.
pub(crate) struct Views(Box<dyn Fn() -> Once>);

impl<F, V> ToChildren<F> for Views
where
    F: Fn() -> V + 'static,
    V: IntoView,
    V::State: 'static,
{
    fn to_children(make: F) -> Self {
        Self(Box::new(move || once(make())))
    }
}

/// A view between its siblings, with the owner of its signals, which is disposed when the view is replaced.
struct Place {
    marker: Comment,
    owner: Option<Owner>,
    shown: Option<(Made, Owner)>,
}

impl Place {
    /// Replaces the view. If the focus was inside it, the panel takes the focus, or the button that opens the panel: a person
    /// who uses the keyboard keeps a position on the page (WCAG 2.4.3).
    fn show(&mut self, view: &dyn Fn() -> Once) {
        let root = focus::root(&self.marker);
        let has_focus = || root.as_ref().is_some_and(|root| root.active_element().is_some());
        let had_focus = has_focus();
        if let Some((mut view, owner)) = self.shown.take() {
            owner.cleanup();
            view.unmount();
        }
        let lost_focus = had_focus && !has_focus();
        let owner = self.owner.as_ref().map_or_else(Owner::new, Owner::child);
        let mut view = owner.with(|| untrack(view)).build();
        if let Some(parent) = self.marker.parent_element() {
            view.mount(&parent, Some(&self.marker));
        }
        self.shown = Some((view, owner));
        if lost_focus {
            focus::keep(&self.marker);
        }
    }
}

/// A place with the effect that watches its value.
struct Watched {
    place: Rc<RefCell<Place>>,
    _watch: RenderEffect<()>,
}

fn switch(has_changed: Box<dyn Fn() -> bool>, view: Box<dyn Fn() -> Once>) -> Once {
    let place = Place { marker: Rndr::create_placeholder(), owner: Owner::current(), shown: None };
    let place = Rc::new(RefCell::new(place));
    let watched = Rc::clone(&place);
    let watch = RenderEffect::new(move |_: Option<()>| {
        if has_changed() {
            watched.borrow_mut().show(&view);
        }
    });
    of_piece(Box::new(Watched { place, _watch: watch }), None)
}

impl Piece for Watched {
    fn put(&mut self, parent: &Element, before: Option<&Node>) {
        let Place { marker, shown, .. } = &mut *self.place.borrow_mut();
        marker.mount(parent, before);
        if let Some((view, _)) = shown {
            view.mount(parent, Some(marker));
        }
    }

    fn remove(&mut self) {
        let Place { marker, shown, .. } = &mut *self.place.borrow_mut();
        marker.unmount();
        if let Some((view, _)) = shown {
            view.unmount();
        }
    }
}
