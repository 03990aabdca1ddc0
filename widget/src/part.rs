// SPDX-License-Identifier: EUPL-1.2
//! A part of the module that is fetched when it is wanted, or when nothing else is to do, and can be asked for again when it
//! did not come.

use std::pin::Pin;

use infocig_client::dom::saves_data;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use wasm_bindgen_futures::spawn_local;

use crate::{
    dom::{El, button, el, line},
    ui::Ui,
};

/// What brings a part: its functions, once they are here.
pub(crate) type Bringing<V> = Pin<Box<dyn Future<Output = Result<V, SplitLoaderError>>>>;

/// How far a part has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unasked,
    Coming,
    There,
    Failed,
}

/// A part and what it holds. One for all chats of a widget.
#[derive(Debug)]
pub(crate) struct Part<V: 'static> {
    state: RwSignal<State>,
    value: StoredValue<Option<V>>,
    bring: fn() -> Bringing<V>,
}

impl<V> Clone for Part<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Part<V> {}

impl<V: Copy + Send + Sync> Part<V> {
    /// A part nobody has asked for.
    pub(crate) fn new(bring: fn() -> Bringing<V>) -> Self {
        Self { state: RwSignal::new(State::Unasked), value: StoredValue::new(None), bring }
    }

    /// What it holds, if it is here.
    pub(crate) fn get(self) -> Option<V> {
        self.value.try_get_value().flatten()
    }

    /// Whether it is here; followed.
    pub(crate) fn is_there(self) -> bool {
        self.state.try_get() == Some(State::There)
    }

    /// Brings it, if it is not on its way.
    pub(crate) fn bring(self) {
        if matches!(self.state.try_get_untracked(), Some(State::Unasked | State::Failed)) {
            spawn_local(async move {
                self.wait().await;
            });
        }
    }

    /// Brings it before it is wanted, unless the person saves data. A part that failed is left alone: its button to ask
    /// again must not go away under the pointer.
    pub(crate) fn bring_early(self) {
        if self.state.try_get_untracked() == Some(State::Unasked) && !saves_data() {
            self.bring();
        }
    }

    /// Waits until it is here. `None` if it did not come, or the element has left the page.
    pub(crate) async fn wait(self) -> Option<V> {
        if self.get().is_none() {
            let _gone = self.state.try_set(State::Coming);
            let value = (self.bring)().await.ok();
            let state = if value.is_some() { State::There } else { State::Failed };
            let _gone = self.value.try_set_value(value);
            let _gone = self.state.try_set(state);
        }
        self.get()
    }

    /// What it makes, in its place as soon as it is here.
    pub(crate) fn place(self, ui: Ui, make: impl Fn(V) -> El + 'static) -> El {
        self.bring();
        el("div").class("part").switch(
            move || self.state.get(),
            move |state| match state {
                State::There => self.get().map(&make),
                State::Unasked | State::Coming => Some(coming(ui)),
                State::Failed => Some(failed(ui, move || self.bring())),
            },
        )
    }
}

fn coming(ui: Ui) -> El {
    line("p", "presence", &ui.say("panel.coming")).attr("role", "status").part("part-coming")
}

fn failed(ui: Ui, retry: impl Fn() + 'static) -> El {
    el("div")
        .class("notice")
        .attr("role", "alert")
        .part("part-failed")
        .with(line("p", "", &ui.say("panel.missing")))
        .with(button("button", "part-retry", &ui.say("panel.retry"), retry))
}
