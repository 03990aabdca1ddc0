// SPDX-License-Identifier: EUPL-1.2
//! Views that are made once. Signals change the texts and attributes inside them; where something else is to be shown, the
//! whole view is replaced ([`Switch`](crate::view::switch::Switch)).
//!
//! Leptos compares a view with the one before it and changes what differs. Nothing here needs that: the code that compares
//! would be a third of every view's, and what is compared in place would neither take the focus nor be announced again. So a
//! component hands out its view already made, and without its type.

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

/// A view that was made, and is put on the page as it is.
pub(crate) struct Once(SendWrapper<Made>);

/// The elements of a view, with what keeps their signals and listeners alive.
pub(crate) struct Made {
    view: Box<dyn Piece>,
    /// The element it consists of, where that is asked for.
    element: Option<Element>,
    attributes: Vec<Box<dyn Any>>,
}

/// What is done with a view that was made: Leptos's `Mountable` without the half that is used to compare views.
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

/// Makes a view.
pub(crate) fn once<V: Render>(view: V) -> Once
where
    V::State: 'static,
{
    of_piece(Box::new(view.build()), None)
}

/// Makes a view that there may be, or may not.
pub(crate) fn optional<V: Render>(view: Option<V>) -> Once
where
    V::State: 'static,
{
    view.map_or_else(nothing, once)
}

/// Makes a view that consists of one element, which can be asked for and given further attributes.
pub(crate) fn element<V, A, C>(view: V) -> Once
where
    V: Render<State = ElementState<A, C>>,
    ElementState<A, C>: Mountable + 'static,
{
    let state = view.build();
    let element = (*state).clone();
    of_piece(Box::new(state), Some(element))
}

/// A view of something that was made otherwise.
#[inline(never)]
pub(crate) fn of_piece(view: Box<dyn Piece>, element: Option<Element>) -> Once {
    Once(SendWrapper::new(Made { view, element, attributes: Vec::new() }))
}

/// Makes a view of several, which stay as they are: none of them is found again by a key, and none has a marker behind it.
pub(crate) fn all<V: Render>(views: impl IntoIterator<Item = V>) -> Once
where
    V::State: 'static,
{
    list(views.into_iter().map(|view| once(view).build()).collect())
}

/// A view of nothing.
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
    /// The element it consists of.
    pub(crate) fn element(&self) -> Option<Element> {
        self.0.element.clone()
    }
}

impl Made {
    /// The element it consists of.
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

    /// Views are replaced by [`Switch`](crate::view::switch::Switch), which has a marker of its own.
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

/// An attribute on a component goes to the element the component consists of.
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

/// What a server would make of it: nothing, for the widget is made in browsers only.
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
