// SPDX-License-Identifier: EUPL-1.2
//! Views that are built once. Signals change texts and attributes inside them; another view replaces the whole one
//! ([`Switch`](crate::view::switch::Switch)).
//!
//! Leptos rebuilds a view by comparing it with the one before. The widget does not use that: the code that compares would be a
//! third of each view, and an element that is updated in place neither takes the focus nor is announced again. Therefore a
//! component returns its view built and type-erased.

use std::any::Any;

use leptos::{
    prelude::{AddAnyAttr, Mountable, Render, RenderHtml},
    tachys::{
        html::{
            attribute::{Attribute, any_attribute::AnyAttribute},
            element::ElementState,
        },
        hydration::Cursor,
        view::{Position, PositionState},
    },
};
use send_wrapper::SendWrapper;
use web_sys::{Element, Node};

/// A built view, which is mounted as it is.
pub(crate) struct Once(SendWrapper<Made>);

/// The elements of a view, with the values that keep their signals and listeners alive.
pub(crate) struct Made {
    view: Box<dyn Piece>,
    /// The only element of the view, if it was built by [`element`].
    element: Option<Element>,
    attributes: Vec<Box<dyn Any>>,
}

/// Mounting of a built view: Leptos's `Mountable` without the methods that compare views.
pub(crate) trait Piece {
    fn put(&mut self, parent: &Element, before: Option<&Node>);
    fn remove(&mut self);
}

impl<M: Mountable> Piece for M {
    fn put(&mut self, parent: &Element, before: Option<&Node>) {
        self.mount(parent, before);
    }

    fn remove(&mut self) {
        self.unmount();
    }
}

/// Builds a view.
pub(crate) fn once<V: Render>(view: V) -> Once
where
    V::State: 'static,
{
    of_piece(Box::new(view.build()), None)
}

/// Builds a view, or an empty one.
pub(crate) fn optional<V: Render>(view: Option<V>) -> Once
where
    V::State: 'static,
{
    view.map_or_else(nothing, once)
}

/// Builds a view of one element, which can be read and can take further attributes.
pub(crate) fn element<V, A, C>(view: V) -> Once
where
    V: Render<State = ElementState<A, C>>,
    ElementState<A, C>: Mountable + 'static,
{
    let state = view.build();
    let element = (*state).clone();
    of_piece(Box::new(state), Some(element))
}

/// A view of elements that were built by other means.
#[inline(never)]
pub(crate) fn of_piece(view: Box<dyn Piece>, element: Option<Element>) -> Once {
    Once(SendWrapper::new(Made { view, element, attributes: Vec::new() }))
}

/// Builds a list that does not change: its views have neither keys nor marker nodes.
pub(crate) fn all<V: Render>(views: impl IntoIterator<Item = V>) -> Once
where
    V::State: 'static,
{
    list(views.into_iter().map(|view| once(view).build()).collect())
}

/// An empty view.
pub(crate) fn nothing() -> Once {
    list(Vec::new())
}

fn list(made: Vec<Made>) -> Once {
    of_piece(Box::new(List(made)), None)
}

struct List(Vec<Made>);

impl Piece for List {
    fn put(&mut self, parent: &Element, before: Option<&Node>) {
        for view in &mut self.0 {
            view.mount(parent, before);
        }
    }

    fn remove(&mut self) {
        for view in &mut self.0 {
            view.unmount();
        }
    }
}

impl Once {
    /// The only element of the view.
    pub(crate) fn element(&self) -> Option<Element> {
        self.0.element.clone()
    }
}

impl Made {
    /// The only element of the view.
    pub(crate) fn element(&self) -> Option<Element> {
        self.element.clone()
    }
}

impl Mountable for Made {
    fn unmount(&mut self) {
        self.view.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        self.view.put(parent, marker);
    }

    /// Always false: [`Switch`](crate::view::switch::Switch) replaces views, by a marker of its own.
    fn insert_before_this(&self, _: &mut dyn Mountable) -> bool {
        false
    }

    fn elements(&self) -> Vec<Element> {
        Vec::new()
    }
}

impl Render for Once {
    type State = Made;

    fn build(self) -> Made {
        self.0.take()
    }

    fn rebuild(self, _: &mut Made) {}
}

/// Adds an attribute of a component to its only element.
impl AddAnyAttr for Once {
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(mut self, attribute: A) -> Self {
        if let Some(element) = &self.0.element {
            let attribute = attribute.into_cloneable_owned().build(element);
            self.0.attributes.push(Box::new(attribute));
        }
        self
    }
}

/// Rendering on a server, which is never called: the widget runs in browsers only.
impl RenderHtml for Once {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Made {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
