// SPDX-License-Identifier: EUPL-1.2
//! A chunk of the module: fetched when it is needed or while the page is idle, and again after a failure.

use std::{any::Any, marker::PhantomData, pin::Pin};

use infocig_client::dom::saves_data;
use leptos::{prelude::*, wasm_split::SplitLoaderError};
use wasm_bindgen_futures::spawn_local;

/// A chunk that is being loaded. Resolves to its functions.
pub(crate) type Loading<V> = Pin<Box<dyn Future<Output = Result<V, SplitLoaderError>>>>;

/// The table of the functions of a chunk.
pub(crate) trait Chunk: Copy + Send + Sync + 'static {
    /// Loads the chunk.
    fn load() -> Loading<Self>;
}

/// The progress of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Unasked,
    Coming,
    There,
    Failed,
}

/// A handle on a chunk, loaded or not. All chats of a widget share it.
#[derive(Debug)]
pub(crate) struct LazyChunk<V: 'static> {
    /// The functions are type-erased, because a signal is compiled once for each type.
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
    /// A chunk that is not loaded.
    pub(crate) fn new() -> Self {
        Self { arrived: RwSignal::new((Progress::Unasked, None)), functions: PhantomData }
    }

    /// Its functions, if it is loaded.
    pub(crate) fn get(self) -> Option<V> {
        let (_, functions) = self.arrived.try_get_untracked()?;
        functions?.downcast_ref().copied()
    }

    /// Its progress; followed.
    pub(crate) fn progress(self) -> Progress {
        self.arrived.try_get().map_or(Progress::Unasked, |(progress, _)| progress)
    }

    /// Loads it, unless it is loaded or being loaded.
    pub(crate) fn fetch(self) {
        if let Some((Progress::Unasked | Progress::Failed, _)) = self.arrived.try_get_untracked() {
            spawn_local(async move {
                self.wait().await;
            });
        }
    }

    /// Loads it before it is needed, unless the person saves data. After a failure only the button retries: it must not
    /// disappear under the pointer.
    pub(crate) fn fetch_early(self) {
        if let Some((Progress::Unasked, _)) = self.arrived.try_get_untracked()
            && !saves_data()
        {
            self.fetch();
        }
    }

    /// Loads it and waits. `None` if it could not be loaded, or the element has left the page.
    pub(crate) async fn wait(self) -> Option<V> {
        if self.get().is_none() {
            let _gone = self.arrived.try_set((Progress::Coming, None));
            // Leaked on purpose: the functions live as long as the module.
            let functions = V::load().await.ok().map(|functions| Box::leak(Box::new(functions)) as Functions);
            let progress = if functions.is_some() { Progress::There } else { Progress::Failed };
            let _gone = self.arrived.try_set((progress, functions));
        }
        self.get()
    }
}
