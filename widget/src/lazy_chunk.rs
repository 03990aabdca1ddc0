// SPDX-License-Identifier: EUPL-1.2
//! A chunk of the module that is fetched when it is wanted, or when nothing else is to do, and can be asked for again when it
//! did not come.

use std::{any::Any, marker::PhantomData, pin::Pin};

use infocig_client::dom::saves_data;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use wasm_bindgen_futures::spawn_local;

/// A chunk on its way: its functions, once they are here.
pub(crate) type Loading<V> = Pin<Box<dyn Future<Output = Result<V, SplitLoaderError>>>>;

/// The functions of a chunk.
pub(crate) trait Chunk: Copy + Send + Sync + 'static {
    /// Fetches them.
    fn load() -> Loading<Self>;
}

/// How far a chunk has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Unasked,
    Coming,
    There,
    Failed,
}

/// A chunk, fetched or not. One for all chats of a widget.
#[derive(Debug)]
pub(crate) struct LazyChunk<V: 'static> {
    /// Without the type of the functions: signals of one type are compiled once.
    arrived: RwSignal<(Progress, Option<Functions>)>,
    functions: PhantomData<fn() -> V>,
}

type Functions = &'static (dyn Any + Send + Sync);

impl<V> Clone for LazyChunk<V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for LazyChunk<V> {}

impl<V: Chunk> LazyChunk<V> {
    /// A chunk nobody has asked for.
    pub(crate) fn new() -> Self {
        Self { arrived: RwSignal::new((Progress::Unasked, None)), functions: PhantomData }
    }

    /// Its functions, if they are here.
    pub(crate) fn get(self) -> Option<V> {
        let (_, functions) = self.arrived.try_get_untracked()?;
        functions?.downcast_ref().copied()
    }

    /// How far it has come; followed.
    pub(crate) fn progress(self) -> Progress {
        self.arrived.try_get().map_or(Progress::Unasked, |(progress, _)| progress)
    }

    /// Fetches it, if it is not on its way.
    pub(crate) fn fetch(self) {
        if let Some((Progress::Unasked | Progress::Failed, _)) = self.arrived.try_get_untracked() {
            spawn_local(async move {
                self.wait().await;
            });
        }
    }

    /// Fetches it before it is wanted, unless the person saves data. A chunk that failed is left alone: its button to ask
    /// again must not go away under the pointer.
    pub(crate) fn fetch_early(self) {
        if let Some((Progress::Unasked, _)) = self.arrived.try_get_untracked()
            && !saves_data()
        {
            self.fetch();
        }
    }

    /// Waits until it is here. `None` if it did not come, or the element has left the page.
    pub(crate) async fn wait(self) -> Option<V> {
        if self.get().is_none() {
            let _gone = self.arrived.try_set((Progress::Coming, None));
            // They stay for as long as the module does.
            let functions = V::load().await.ok().map(|functions| Box::leak(Box::new(functions)) as Functions);
            let progress = if functions.is_some() { Progress::There } else { Progress::Failed };
            let _gone = self.arrived.try_set((progress, functions));
        }
        self.get()
    }
}
